// Reads target descriptions: JSON in which every number stands beside its
// source. The rows of target_fields.def say what a description must hold; one
// loop checks them all, so a new number is a row and its value in each file.

#include "tessera/target.h"

#include "builtin.h"

#include "tessera/buffer.h"
#include "tessera/support.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

typedef enum field_kind { FIELD_U32, FIELD_U64, FIELD_LIST } field_kind;

typedef struct field {
  const char *name;
  field_kind kind;
  size_t offset;
  double low;
  double high;
  size_t count_offset; // FIELD_LIST: the field that says how many
  const char *count_name;
} field;

static const field fields[] = {
#define TSR_TARGET_U32(id, lowest, highest, summary)                           \
  {.name = #id,                                                                \
   .kind = FIELD_U32,                                                          \
   .offset = offsetof(tsr_target, id),                                         \
   .low = (lowest),                                                            \
   .high = (highest)},
#define TSR_TARGET_U64(id, lowest, highest, summary)                           \
  {.name = #id,                                                                \
   .kind = FIELD_U64,                                                          \
   .offset = offsetof(tsr_target, id),                                         \
   .low = (lowest),                                                            \
   .high = (highest)},
#define TSR_TARGET_LIST(id, count, highest, summary)                           \
  {.name = #id,                                                                \
   .kind = FIELD_LIST,                                                         \
   .offset = offsetof(tsr_target, id),                                         \
   .high = (highest),                                                          \
   .count_offset = offsetof(tsr_target, count),                                \
   .count_name = #count},
#include "tessera/target_fields.def"
};

static const size_t field_count = sizeof fields / sizeof *fields;

static const char *const architectures[] = {"wormhole_b0", "blackhole"};

static const size_t architecture_count =
    sizeof architectures / sizeof *architectures;

// Fields that are no numbers.
static const char *const other_fields[] = {"name", "arch", "aliases", "notes"};

static const size_t other_field_count =
    sizeof other_fields / sizeof *other_fields;

// What a reader needs: where errors go and whose they are.
typedef struct reader {
  const char *origin; // path, or name of a built-in target
  char *error;
  size_t error_bytes;
} reader;

static tsr_result fail(const reader *in, const char *format, ...)
    TSR_PRINTF(2, 3);

static tsr_result fail(const reader *in, const char *format, ...) {
  tsr_buffer text;
  tsr_buffer_init(&text);
  tsr_buffer_printf(&text, "target '%s': ", in->origin);
  va_list arguments;
  va_start(arguments, format);
  tsr_buffer_vprintf(&text, format, arguments);
  va_end(arguments);
  if (in->error_bytes)
    snprintf(in->error, in->error_bytes, "%s", tsr_buffer_str(&text));
  tsr_buffer_deinit(&text);
  return TSR_FAILED;
}

static bool is_whole(double value) {
  return value >= 0 && value < 9007199254740992.0 &&
         (double)(uint64_t)value == value;
}

static tsr_result read_number(const reader *in, const char *name,
                              const cJSON *item, double low, double high,
                              uint64_t *out) {
  if (!cJSON_IsNumber(item) || !is_whole(item->valuedouble))
    return fail(in, "field '%s' must be a whole number that is not negative",
                name);
  if (item->valuedouble < low || item->valuedouble > high)
    return fail(in, "field '%s' is %llu but must lie between %llu and %llu",
                name, (unsigned long long)item->valuedouble,
                (unsigned long long)low, (unsigned long long)high);
  *out = (uint64_t)item->valuedouble;
  return TSR_OK;
}

static tsr_result read_list(const reader *in, const field *row,
                            const cJSON *value, char *base) {
  uint32_t want = 0;
  memcpy(&want, base + row->count_offset, sizeof want);
  if (!cJSON_IsArray(value) || (uint32_t)cJSON_GetArraySize(value) != want)
    return fail(in, "field '%s' must be a list of %u numbers, as '%s' says",
                row->name, want, row->count_name);
  uint32_t *out = (uint32_t *)(void *)(base + row->offset);
  const cJSON *item = NULL;
  cJSON_ArrayForEach(item, value) {
    uint64_t number = 0;
    if (read_number(in, row->name, item, row->low, row->high, &number) !=
        TSR_OK)
      return TSR_FAILED;
    *out++ = (uint32_t)number;
  }
  return TSR_OK;
}

static tsr_result read_field(const reader *in, const field *row,
                             const cJSON *root, tsr_target *out) {
  const cJSON *entry = cJSON_GetObjectItemCaseSensitive(root, row->name);
  if (!entry)
    return fail(in, "field '%s' is missing", row->name);
  const cJSON *value = cJSON_GetObjectItemCaseSensitive(entry, "value");
  const cJSON *source = cJSON_GetObjectItemCaseSensitive(entry, "source");
  if (!value || !cJSON_IsString(source))
    return fail(in, "field '%s' must be {\"value\": ..., \"source\": \"...\"}",
                row->name);
  char *base = (char *)out;
  if (row->kind == FIELD_LIST)
    return read_list(in, row, value, base);

  uint64_t number = 0;
  if (read_number(in, row->name, value, row->low, row->high, &number) != TSR_OK)
    return TSR_FAILED;
  if (row->kind == FIELD_U64) {
    memcpy(base + row->offset, &number, sizeof number);
    return TSR_OK;
  }
  uint32_t narrow = (uint32_t)number;
  memcpy(base + row->offset, &narrow, sizeof narrow);
  return TSR_OK;
}

static tsr_result read_string(const reader *in, const char *name,
                              const cJSON *root, char *out) {
  const cJSON *item = cJSON_GetObjectItemCaseSensitive(root, name);
  if (!item)
    return fail(in, "field '%s' is missing", name);
  if (!cJSON_IsString(item) || !*item->valuestring ||
      strlen(item->valuestring) >= TSR_TARGET_NAME_BYTES)
    return fail(in, "field '%s' must be a text of 1 to %d bytes", name,
                TSR_TARGET_NAME_BYTES - 1);
  snprintf(out, TSR_TARGET_NAME_BYTES, "%s", item->valuestring);
  return TSR_OK;
}

static tsr_result check_known_fields(const reader *in, const cJSON *root) {
  const char *known[sizeof fields / sizeof *fields +
                    sizeof other_fields / sizeof *other_fields];
  size_t count = 0;
  for (size_t i = 0; i < field_count; i++)
    known[count++] = fields[i].name;
  for (size_t i = 0; i < other_field_count; i++)
    known[count++] = other_fields[i];
  const cJSON *entry = NULL;
  cJSON_ArrayForEach(entry, root) {
    size_t at = 0;
    while (at < count && strcmp(known[at], entry->string) != 0)
      at++;
    if (at < count)
      continue;
    const char *guess = tsr_closest(entry->string, known, count);
    if (guess)
      return fail(in, "unknown field '%s'; did you mean '%s'?", entry->string,
                  guess);
    return fail(in, "unknown field '%s'", entry->string);
  }
  return TSR_OK;
}

static tsr_result check_architecture(const reader *in, const char *arch) {
  for (size_t i = 0; i < architecture_count; i++)
    if (strcmp(arch, architectures[i]) == 0)
      return TSR_OK;
  return fail(in,
              "field 'arch' is '%s' but must be 'wormhole_b0' or "
              "'blackhole'",
              arch);
}

static bool is_power_of_two(uint32_t value) {
  return value && (value & (value - 1)) == 0;
}

static tsr_result check_routers(const reader *in, const char *name,
                                const uint32_t *places, uint32_t count,
                                uint32_t side) {
  for (uint32_t i = 0; i < count; i++)
    if (places[i] >= side)
      return fail(in, "field '%s' has %u, but the NoC's torus has %u there",
                  name, places[i], side);
  return TSR_OK;
}

// Everything on the NoC sits at one of its routers.
static tsr_result check_places(const reader *in, const tsr_target *target) {
  if (check_routers(in, "worker_physical_x", target->worker_physical_x,
                    target->grid_cols, target->noc_cols) != TSR_OK ||
      check_routers(in, "worker_physical_y", target->worker_physical_y,
                    target->grid_rows, target->noc_rows) != TSR_OK ||
      check_routers(in, "dram_noc_x", target->dram_noc_x, target->dram_banks,
                    target->noc_cols) != TSR_OK)
    return TSR_FAILED;
  return check_routers(in, "dram_noc_y", target->dram_noc_y, target->dram_banks,
                       target->noc_rows);
}

// What no single field can show: the memory map fits, alignments are masks.
static tsr_result check_together(const reader *in, const tsr_target *target) {
  uint64_t ring_end =
      (uint64_t)target->kernel_config_base + target->kernel_config_bytes;
  if (ring_end > target->cb_base)
    return fail(in,
                "the kernel configuration ring ends at byte %llu but "
                "'cb_base' is %u",
                (unsigned long long)ring_end, target->cb_base);
  uint64_t cb_end = (uint64_t)target->cb_base + target->cb_bytes;
  if (cb_end > target->l1_bytes)
    return fail(in, "'cb_base' plus 'cb_bytes' is %llu but 'l1_bytes' is %u",
                (unsigned long long)cb_end, target->l1_bytes);
  if (!is_power_of_two(target->l1_read_align) ||
      !is_power_of_two(target->l1_write_align) ||
      !is_power_of_two(target->dram_read_align) ||
      !is_power_of_two(target->dram_write_align))
    return fail(in, "the alignments must be powers of two");
  return check_places(in, target);
}

static tsr_result read_target(const reader *in, const cJSON *root,
                              tsr_target *out) {
  if (!cJSON_IsObject(root))
    return fail(in, "a target is a JSON object");
  if (check_known_fields(in, root) != TSR_OK ||
      read_string(in, "name", root, out->name) != TSR_OK ||
      read_string(in, "arch", root, out->arch) != TSR_OK ||
      check_architecture(in, out->arch) != TSR_OK)
    return TSR_FAILED;
  for (size_t i = 0; i < field_count; i++)
    if (read_field(in, &fields[i], root, out) != TSR_OK)
      return TSR_FAILED;
  return check_together(in, out);
}

static tsr_result parse_target(const reader *in, const char *text, size_t bytes,
                               tsr_target *out) {
  const char *end = NULL;
  cJSON *root = cJSON_ParseWithLengthOpts(text, bytes, &end, 0);
  if (!root) {
    size_t line = 1;
    for (const char *at = text; end && at < end; at++)
      line += *at == '\n';
    return fail(in, "not valid JSON at line %zu", line);
  }
  tsr_target target;
  memset(&target, 0, sizeof target);
  tsr_result result = read_target(in, root, &target);
  if (result == TSR_OK)
    *out = target;
  cJSON_Delete(root);
  return result;
}

static tsr_result load_file(const reader *in, tsr_target *out) {
  // A module names its target, and a device such as /dev/zero has no end.
  struct stat status;
  if (stat(in->origin, &status) == 0 && !S_ISREG(status.st_mode) &&
      !S_ISFIFO(status.st_mode))
    return fail(in, "is not a file");
  tsr_buffer text, why;
  tsr_buffer_init(&text);
  tsr_buffer_init(&why);
  tsr_result result = tsr_buffer_read_file(&text, in->origin, &why);
  if (result != TSR_OK)
    fail(in, "%s", tsr_buffer_str(&why));
  else
    result = parse_target(in, tsr_buffer_str(&text), text.size, out);
  tsr_buffer_deinit(&why);
  tsr_buffer_deinit(&text);
  return result;
}

// True when the description lists `name` among its aliases.
static bool has_alias(const char *json, const char *name) {
  cJSON *root = cJSON_Parse(json);
  const cJSON *aliases = cJSON_GetObjectItemCaseSensitive(root, "aliases");
  bool found = false;
  const cJSON *alias = NULL;
  cJSON_ArrayForEach(alias, aliases) found =
      found || (cJSON_IsString(alias) && strcmp(alias->valuestring, name) == 0);
  cJSON_Delete(root);
  return found;
}

static const builtin_target *find_builtin(const char *name) {
  for (size_t i = 0; i < builtin_target_count; i++)
    if (strcmp(builtin_targets[i].name, name) == 0)
      return &builtin_targets[i];
  for (size_t i = 0; i < builtin_target_count; i++)
    if (has_alias(builtin_targets[i].json, name))
      return &builtin_targets[i];
  return NULL;
}

static tsr_result fail_unknown(const reader *in) {
  const char *known[TSR_TARGET_LIST_MAX];
  size_t count = 0;
  tsr_buffer names;
  tsr_buffer_init(&names);
  for (size_t i = 0; i < builtin_target_count; i++) {
    known[count++] = builtin_targets[i].name;
    tsr_buffer_printf(&names, "%s%s", i ? ", " : "", builtin_targets[i].name);
  }
  for (size_t i = 0; i < architecture_count; i++) {
    known[count++] = architectures[i];
    tsr_buffer_printf(&names, ", %s", architectures[i]);
  }
  const char *guess = tsr_closest(in->origin, known, count);
  if (guess)
    fail(in, "no such target; did you mean '%s'? known are %s, or a JSON file",
         guess, tsr_buffer_str(&names));
  else
    fail(in, "no such target; known are %s, or a JSON file",
         tsr_buffer_str(&names));
  tsr_buffer_deinit(&names);
  return TSR_FAILED;
}

static bool is_path(const char *text) {
  size_t bytes = strlen(text);
  return strchr(text, '/') ||
         (bytes > 5 && strcmp(text + bytes - 5, ".json") == 0);
}

tsr_result tsr_target_load(const char *name_or_path, tsr_target *out,
                           char *error, size_t error_bytes) {
  reader in = {name_or_path, error, error_bytes};
  if (is_path(name_or_path))
    return load_file(&in, out);
  const builtin_target *found = find_builtin(name_or_path);
  if (!found)
    return fail_unknown(&in);
  return parse_target(&in, found->json, strlen(found->json), out);
}

size_t tsr_target_count(void) { return builtin_target_count; }

const char *tsr_target_name(size_t index) {
  return index < builtin_target_count ? builtin_targets[index].name : NULL;
}

uint32_t tsr_target_dst_tiles(const tsr_target *target, bool is_32bit,
                              bool full_sync) {
  if (is_32bit)
    return full_sync ? target->dst_tiles_32bit_full
                     : target->dst_tiles_32bit_half;
  return full_sync ? target->dst_tiles_16bit_full
                   : target->dst_tiles_16bit_half;
}
