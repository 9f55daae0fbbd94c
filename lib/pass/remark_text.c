// Remarks as YAML, in LLVM's form, which its viewers read, and as JSON.

#include "tessera/pass_report.h"

#include "tessera/buffer.h"
#include "tessera/json.h"

#include <ctype.h>
#include <string.h>

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

static void append_document(tsr_buffer *out, const tsr_remark *remark) {
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

// Names of files may be any bytes; YAML is UTF-8.
void tsr_remark_print_yaml(const tsr_remark *remark, tsr_buffer *out) {
  tsr_buffer document;
  tsr_buffer_init(&document);
  append_document(&document, remark);
  tsr_diag_print_text(tsr_buffer_str(&document), out);
  tsr_buffer_deinit(&document);
}

// -- JSON ---------------------------------------------------------------------

// A cJSON string of UTF-8: control characters stay for cJSON to write as
// escapes, other bytes are shown as messages show them.
static cJSON *make_text(const char *text) {
  tsr_buffer shown, stretch;
  tsr_buffer_init(&shown);
  tsr_buffer_init(&stretch);
  while (*text) {
    size_t bytes = 0;
    while ((unsigned char)text[bytes] >= ' ')
      bytes++;
    tsr_buffer_clear(&stretch);
    tsr_buffer_append(&stretch, text, bytes);
    tsr_diag_print_text(tsr_buffer_str(&stretch), &shown);
    text += bytes;
    if (*text)
      tsr_buffer_append_char(&shown, *text++);
  }
  cJSON *string = tsr_json_text(tsr_buffer_str(&shown));
  tsr_buffer_deinit(&stretch);
  tsr_buffer_deinit(&shown);
  return string;
}

static cJSON *make_arguments(const tsr_remark *remark) {
  cJSON *arguments = tsr_json_object();
  for (size_t i = 0; i < remark->part_count; i++)
    if (remark->parts[i].key)
      tsr_json_add(arguments, remark->parts[i].key,
                   make_text(remark->parts[i].text));
  return arguments;
}

cJSON *tsr_remark_to_json(const tsr_remark *remark) {
  cJSON *object = tsr_json_object();
  tsr_json_add(object, "kind",
               tsr_json_text(tsr_remark_kind_name(remark->kind)));
  tsr_json_add(object, "pass", tsr_json_text(remark->pass->name));
  tsr_json_add(object, "name", make_text(remark->name));
  if (remark->loc.file) {
    tsr_json_add(object, "file", make_text(remark->loc.file));
    tsr_json_add(object, "line", tsr_json_number(remark->loc.line));
    tsr_json_add(object, "column", tsr_json_number(remark->loc.column));
  }
  if (remark->function)
    tsr_json_add(object, "function", make_text(remark->function));
  tsr_json_add(object, "text", make_text(remark->text));
  tsr_json_add(object, "arguments", make_arguments(remark));
  return object;
}
