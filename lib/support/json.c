// What cJSON gives is looked at here, so that nobody else has to.

#include "tessera/json.h"

#include "tessera/memory.h"

#include <errno.h>
#include <string.h>

cJSON *tsr_json_parse(const char *text, size_t bytes, const char **out_end) {
  // cJSON does not say why it stopped, but malloc says so.
  errno = 0;
  cJSON *root = cJSON_ParseWithLengthOpts(text, bytes, out_end, 0);
  if (!root && errno == ENOMEM)
    tsr_mem_exhausted(0);
  const char *end = *out_end, *last = text + bytes;
  while (root && end < last && strchr(" \t\r\n", *end) && *end)
    end++;
  if (!root || end == last)
    return root;
  *out_end = end;
  cJSON_Delete(root);
  return NULL;
}

cJSON *tsr_json_object(void) { return tsr_mem_check(cJSON_CreateObject()); }

cJSON *tsr_json_array(void) { return tsr_mem_check(cJSON_CreateArray()); }

cJSON *tsr_json_null(void) { return tsr_mem_check(cJSON_CreateNull()); }

cJSON *tsr_json_number(double number) {
  return tsr_mem_check(cJSON_CreateNumber(number));
}

cJSON *tsr_json_text(const char *text) {
  return tsr_mem_check(cJSON_CreateString(text));
}

cJSON *tsr_json_ints(const int *numbers, int count) {
  return tsr_mem_check(cJSON_CreateIntArray(numbers, count));
}

void tsr_json_add(cJSON *object, const char *key, cJSON *item) {
  if (!cJSON_AddItemToObject(object, key, item))
    tsr_mem_exhausted(0);
}

void tsr_json_add_number(cJSON *object, const char *key, double number) {
  tsr_mem_check(cJSON_AddNumberToObject(object, key, number));
}

void tsr_json_add_text(cJSON *object, const char *key, const char *text) {
  tsr_mem_check(cJSON_AddStringToObject(object, key, text));
}

void tsr_json_add_bool(cJSON *object, const char *key, bool is_true) {
  tsr_mem_check(cJSON_AddBoolToObject(object, key, is_true));
}

void tsr_json_add_null(cJSON *object, const char *key) {
  tsr_mem_check(cJSON_AddNullToObject(object, key));
}

cJSON *tsr_json_add_array(cJSON *object, const char *key) {
  return tsr_mem_check(cJSON_AddArrayToObject(object, key));
}

cJSON *tsr_json_add_object(cJSON *object, const char *key) {
  return tsr_mem_check(cJSON_AddObjectToObject(object, key));
}

char *tsr_json_print(const cJSON *item) {
  return tsr_mem_check(cJSON_Print(item));
}

char *tsr_json_print_line(const cJSON *item) {
  return tsr_mem_check(cJSON_PrintUnformatted(item));
}
