// Remarks of passes: as messages, or in a file of YAML (LLVM's form, which its
// viewers read) or JSON.

#include "watch_impl.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static bool ends_in(const char *text, const char *end) {
  size_t size = strlen(text), end_size = strlen(end);
  return size > end_size && strcmp(text + size - end_size, end) == 0;
}

int remarks_init(remarks *r, const tsr_cli *cli, const watch_options *options) {
  const char *file = options->remarks;
  *r = (remarks){.filter = &options->remarks_filter};
  tsr_buffer_init(&r->yaml);
  if (!file && options->remarks_filter.count > 0)
    return tsr_cli_wrong(cli, TSR_DIAG(cli_remarks_filter));
  if (!file)
    return TSR_EXIT_OK;
  if (strcmp(file, "-") == 0) {
    r->form = REMARKS_MESSAGES;
  } else if (ends_in(file, ".yaml") || ends_in(file, ".yml")) {
    r->form = REMARKS_YAML;
  } else if (ends_in(file, ".json")) {
    r->form = REMARKS_JSON;
    r->json = cJSON_CreateArray();
  } else {
    return tsr_cli_wrong(cli, TSR_DIAG(cli_remarks_file), file);
  }
  return TSR_EXIT_OK;
}

void remarks_deinit(remarks *r) {
  tsr_buffer_deinit(&r->yaml);
  cJSON_Delete(r->json);
}

// -- Choosing -----------------------------------------------------------------

static bool is_kind_name(const char *word, size_t size, tsr_remark_kind *out) {
  for (int k = TSR_REMARK_PASSED; k <= TSR_REMARK_ANALYSIS; k++) {
    const char *name = tsr_remark_kind_name((tsr_remark_kind)k);
    *out = (tsr_remark_kind)k;
    if (strlen(name) == size && strncasecmp(name, word, size) == 0)
      return true;
  }
  return false;
}

// Words of the filter name passes and kinds; where one sort is named at all, a
// remark must be of one that is.
static bool is_wanted(const remarks *r, const tsr_remark *remark) {
  bool names_pass = false, names_kind = false, has_pass = false,
       has_kind = false;
  for (size_t i = 0; i < r->filter->count; i++) {
    const char *at = r->filter->items[i], *word;
    size_t size;
    while (watch_next_word(&at, &word, &size)) {
      tsr_remark_kind kind;
      if (is_kind_name(word, size, &kind)) {
        names_kind = true;
        has_kind |= kind == remark->kind;
        continue;
      }
      names_pass = true;
      has_pass |= strlen(remark->pass->name) == size &&
                  memcmp(remark->pass->name, word, size) == 0;
    }
  }
  return (has_pass || !names_pass) && (has_kind || !names_kind);
}

// -- YAML ---------------------------------------------------------------------

// Quoted where a reader might take it for something else than text.
static void append_yaml(tsr_buffer *out, const char *text) {
  bool is_plain = isalpha((unsigned char)text[0]) && strlen(text) > 5;
  bool is_printable = true;
  for (const char *at = text; *at; at++) {
    is_plain = is_plain && (isalnum((unsigned char)*at) || strchr("_-./", *at));
    is_printable = is_printable && (unsigned char)*at >= ' ' && *at != 0x7f;
  }
  if (is_plain) {
    tsr_buffer_append_str(out, text);
    return;
  }
  tsr_buffer_append_char(out, is_printable ? '\'' : '"');
  for (; *text; text++) {
    if (!is_printable && ((unsigned char)*text < ' ' || *text == 0x7f))
      tsr_buffer_printf(out, "\\x%02x", (unsigned)(unsigned char)*text);
    else if (!is_printable && (*text == '"' || *text == '\\'))
      tsr_buffer_printf(out, "\\%c", *text);
    else if (is_printable && *text == '\'')
      tsr_buffer_append_str(out, "''");
    else
      tsr_buffer_append_char(out, *text);
  }
  tsr_buffer_append_char(out, is_printable ? '\'' : '"');
}

static void append_field(tsr_buffer *out, const char *key, const char *value) {
  enum { COLUMN = 17 };
  size_t size = strlen(key);
  tsr_buffer_printf(out, "%s:", key);
  tsr_buffer_append_repeated(out, ' ',
                             size + 1 < COLUMN ? COLUMN - size - 1 : 1);
  append_yaml(out, value);
  tsr_buffer_append_char(out, '\n');
}

static void append_remark(tsr_buffer *out, const tsr_remark *remark) {
  tsr_buffer_printf(out, "--- !%s\n", tsr_remark_kind_name(remark->kind));
  append_field(out, "Pass", remark->pass->name);
  append_field(out, "Name", remark->name);
  if (remark->loc.file) {
    tsr_buffer_append_str(out, "DebugLoc:        { File: ");
    append_yaml(out, remark->loc.file);
    tsr_buffer_printf(out, ", Line: %u, Column: %u }\n", remark->loc.line,
                      remark->loc.column);
  }
  if (remark->function)
    append_field(out, "Function", remark->function);
  tsr_buffer_append_str(out, "Args:\n");
  for (size_t i = 0; i < remark->part_count; i++) {
    const tsr_remark_part *part = &remark->parts[i];
    tsr_buffer_append_str(out, "  - ");
    append_field(out, part->key ? part->key : "String", part->text);
  }
  tsr_buffer_append_str(out, "...\n");
}

// -- JSON ---------------------------------------------------------------------

static void add_json(cJSON *list, const tsr_remark *remark) {
  cJSON *object = cJSON_CreateObject();
  cJSON_AddItemToArray(list, object);
  cJSON_AddStringToObject(object, "kind", tsr_remark_kind_name(remark->kind));
  cJSON_AddStringToObject(object, "pass", remark->pass->name);
  cJSON_AddStringToObject(object, "name", remark->name);
  if (remark->loc.file) {
    cJSON_AddStringToObject(object, "file", remark->loc.file);
    cJSON_AddNumberToObject(object, "line", remark->loc.line);
    cJSON_AddNumberToObject(object, "column", remark->loc.column);
  }
  if (remark->function)
    cJSON_AddStringToObject(object, "function", remark->function);
  cJSON_AddStringToObject(object, "text", remark->text);
  cJSON *arguments = cJSON_AddObjectToObject(object, "arguments");
  for (size_t i = 0; i < remark->part_count; i++)
    if (remark->parts[i].key)
      cJSON_AddStringToObject(arguments, remark->parts[i].key,
                              remark->parts[i].text);
}

// -- Messages -----------------------------------------------------------------

static void add_message(const tsr_remark *remark, tsr_diag *diag) {
  tsr_buffer id;
  tsr_buffer_init(&id);
  tsr_buffer_printf(&id, "%s:%s", remark->pass->name, remark->name);
  tsr_diag_remark_at(diag, remark->loc, tsr_buffer_str(&id), remark->text);
  tsr_buffer_deinit(&id);
}

// -- Collecting ---------------------------------------------------------------

void remarks_add(remarks *r, const tsr_remark *remark, tsr_diag *diag) {
  if (!is_wanted(r, remark))
    return;
  switch (r->form) {
  case REMARKS_NONE:
    break;
  case REMARKS_MESSAGES:
    add_message(remark, diag);
    break;
  case REMARKS_YAML:
    append_remark(&r->yaml, remark);
    break;
  case REMARKS_JSON:
    add_json(r->json, remark);
    break;
  }
}

void remarks_finish(remarks *r, tsr_buffer *out) {
  tsr_buffer_append(out, tsr_buffer_str(&r->yaml), r->yaml.size);
  if (!r->json)
    return;
  char *text = cJSON_Print(r->json);
  tsr_buffer_append_str(out, text);
  tsr_buffer_append_char(out, '\n');
  cJSON_free(text);
}
