// cJSON for a library: its functions give NULL when memory runs out, and these
// end as all else does that asks for memory.
#ifndef TESSERA_LIB_JSON_H
#define TESSERA_LIB_JSON_H

#include <cjson/cJSON.h>
#include <stdbool.h>

// Parses `bytes` of text; `*out_end` is where it stopped.
//
// fails  NULL, where the text is no JSON
// owns   the caller, who ends with cJSON_Delete
cJSON *tsr_json_parse(const char *text, size_t bytes, const char **out_end);
cJSON *tsr_json_object(void);
cJSON *tsr_json_array(void);
cJSON *tsr_json_null(void);
cJSON *tsr_json_number(double number);
cJSON *tsr_json_text(const char *text);
cJSON *tsr_json_ints(const int *numbers, int count);
void tsr_json_add(cJSON *object, const char *key, cJSON *item);
void tsr_json_add_number(cJSON *object, const char *key, double number);
void tsr_json_add_text(cJSON *object, const char *key, const char *text);
void tsr_json_add_bool(cJSON *object, const char *key, bool is_true);
void tsr_json_add_null(cJSON *object, const char *key);
cJSON *tsr_json_add_array(cJSON *object, const char *key);
cJSON *tsr_json_add_object(cJSON *object, const char *key);

// The text of `item`; freed with cJSON_free.
char *tsr_json_print(const cJSON *item);
char *tsr_json_print_line(const cJSON *item);

#endif
