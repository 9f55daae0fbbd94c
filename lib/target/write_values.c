// Runs while Tessera is built: writes the numbers of the built-in targets as C,
// to standard output. It reads their JSON as the library reads that of users,
// so a description that is wrong ends the build.

#include "builtin.h"
#include "values.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>

static void write_list(const char *field, const uint32_t *numbers,
                       size_t count) {
  printf("    .%s = {", field);
  for (size_t i = 0; i < count; i++)
    printf("%" PRIu32 ",", numbers[i]);
  puts("},");
}

static void write_named(const char *field, const tsr_target_named *names,
                        uint32_t count) {
  printf("    .%s_count = %" PRIu32 ",\n    .%s = {", field, count, field);
  for (uint32_t i = 0; i < count; i++)
    printf("{\"%s\", %" PRIu32 "},\n", names[i].name, names[i].value);
  puts("},");
}

static void write_target(size_t index, const tsr_target *t) {
  printf("static const tsr_target target%zu = {\n"
         "    .name = \"%s\",\n    .arch = \"%s\",\n",
         index, t->name, t->arch);
#define TSR_TARGET_U32(field, low, high, summary)                              \
  printf("    ." #field " = %" PRIu32 ",\n", t->field);
#define TSR_TARGET_U64(field, low, high, summary)                              \
  printf("    ." #field " = %" PRIu64 "u,\n", t->field);
#define TSR_TARGET_LIST(field, count, high, summary)                           \
  write_list(#field, t->field, t->count);
#define TSR_TARGET_ARRAY(field, count, high, summary)                          \
  write_list(#field, t->field, count);
#define TSR_TARGET_NAMED(field, high, summary)                                 \
  write_named(#field, t->field, t->field##_count);
#include "tessera/target_fields.def"
  puts("};\n");
}

static void write_names(size_t index) {
  printf("    {\"%s\", &target%zu},\n", builtin_targets[index].name, index);
  cJSON *root = cJSON_Parse(builtin_targets[index].json);
  const cJSON *alias = NULL;
  cJSON_ArrayForEach(alias, cJSON_GetObjectItemCaseSensitive(root, "aliases")) {
    printf("    {\"%s\", &target%zu},\n", alias->valuestring, index);
  }
  cJSON_Delete(root);
}

int main(void) {
  puts("#include \"values.h\"\n");
  for (size_t i = 0; i < builtin_target_count; i++) {
    static tsr_target target;
    char error[256];
    const char *id;
    if (target_read(builtin_targets[i].name, &target, error, sizeof error,
                    &id) != TSR_OK) {
      fprintf(stderr, "error: %s [%s]\n", error, id);
      return 1;
    }
    write_target(i, &target);
  }
  puts("const target_value target_values[] = {");
  for (size_t i = 0; i < builtin_target_count; i++)
    write_names(i);
  puts("};\n\nconst size_t target_value_count =\n"
       "    sizeof target_values / sizeof *target_values;");
  return 0;
}
