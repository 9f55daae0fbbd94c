// --json: all that a run says, as one object on standard output.
//
// Messages are in it as they are reported, so there is no second wording of
// any of them. It is printed at the end, also of a run that failed.

#include "run.h"

#include "common/load.h"

#include <stdio.h>
#include <string.h>

// -- messages -----------------------------------------------------------------

// A message of the tool itself is about no file.
static bool has_file(const tsr_message *message) {
  return message->loc.file &&
         (message->loc.line || strcmp(message->loc.file, "tt-run") != 0);
}

static void add_text(cJSON *object, const char *name, const char *text) {
  if (text)
    cJSON_AddStringToObject(object, name, text);
  else
    cJSON_AddNullToObject(object, name);
}

static void add_place(cJSON *object, const char *name, uint32_t number) {
  if (number)
    cJSON_AddNumberToObject(object, name, number);
  else
    cJSON_AddNullToObject(object, name);
}

static cJSON *make_diagnostic(const tsr_diag *diag,
                              const tsr_message *message) {
  cJSON *made = cJSON_CreateObject();
  tsr_loc loc = has_file(message) ? message->loc : (tsr_loc){NULL, 0, 0};
  cJSON_AddStringToObject(made, "severity",
                          tsr_severity_name(message->severity));
  add_text(made, "id", message->id);
  add_text(made, "file", loc.file);
  add_place(made, "line", loc.line);
  add_place(made, "column", loc.column);
  cJSON_AddStringToObject(made, "message", message->text);
  tsr_buffer text;
  tsr_buffer_init(&text);
  tsr_diag_print_message(diag, message, &text);
  cJSON_AddStringToObject(made, "rendered", tsr_buffer_str(&text));
  tsr_buffer_deinit(&text);
  cJSON *details = message->details ? cJSON_Parse(message->details) : NULL;
  if (details)
    cJSON_AddItemToObject(made, "details", details);
  return made;
}

static void take_messages(void *user, const tsr_diag *diag) {
  run_json *json = user;
  json->errors += tsr_diag_error_count(diag);
  cJSON *notes = NULL; // of the message before
  for (size_t i = 0; i < tsr_diag_count(diag); i++) {
    const tsr_message *message = tsr_diag_get(diag, i);
    cJSON *made = make_diagnostic(diag, message);
    bool is_own = message->severity != TSR_SEVERITY_NOTE || message->details;
    if (!is_own && notes) {
      cJSON_AddItemToArray(notes, made);
      continue;
    }
    cJSON_AddItemToArray(json->diagnostics, made);
    notes = cJSON_AddArrayToObject(made, "notes");
  }
}

// -- the object ---------------------------------------------------------------

// Asked before anything is read, since what is wrong with the command line is
// said in JSON as well.
static bool is_asked_for(int argc, char **argv) {
  for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
    if (strcmp(argv[i], "--json") == 0)
      return true;
  return false;
}

void json_begin(run_json *out, int argc, char **argv) {
  *out = (run_json){.errors = 0};
  if (!is_asked_for(argc, argv))
    return;
  out->root = cJSON_CreateObject();
  out->functions = cJSON_AddArrayToObject(out->root, "functions");
  out->diagnostics = cJSON_AddArrayToObject(out->root, "diagnostics");
  tsr_load_set_sink(take_messages, out);
}

// Names of files and text of a module may be any bytes; JSON is UTF-8.
static void print_object(const cJSON *root) {
  char *printed = cJSON_Print(root);
  tsr_buffer text;
  tsr_buffer_init(&text);
  tsr_diag_print_text(printed, &text);
  printf("%s\n", tsr_buffer_str(&text));
  tsr_buffer_deinit(&text);
  cJSON_free(printed);
}

int json_finish(run_json *json, const tsr_cli *cli, int code, bool prints) {
  if (!json->root)
    return code;
  tsr_load_set_sink(NULL, NULL); // that stdout is full is said there
  cJSON_AddNumberToObject(json->root, "errors", (double)json->errors);
  cJSON_AddBoolToObject(json->root, "passed", code == TSR_EXIT_OK);
  cJSON_AddNumberToObject(json->root, "exit_status", code);
  if (prints)
    print_object(json->root);
  cJSON_Delete(json->root);
  return tsr_cli_flush(cli, code);
}
