// Ops that print as a fixed list of Metalium calls.

#include "metalium.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

typedef struct call_row {
  tsr_op_kind op;
  uint32_t profiles;
  const char *header;
  const char *statements;
} call_row;

#define IN(profile) (1u << TSR_METALIUM_##profile)
#define TSR_CALL(id, mask, file, text)                                         \
  {.op = TSR_OP_##id, .profiles = mask, .header = file, .statements = text},
static const call_row call_rows[] = {
#include "calls.def"
};
#undef IN

enum { CALL_ROWS = sizeof call_rows / sizeof call_rows[0] };

static const call_row *find_row(tsr_op_kind kind, tsr_metalium metalium) {
  for (size_t i = 0; i < CALL_ROWS; i++)
    if (call_rows[i].op == kind && (call_rows[i].profiles >> metalium & 1))
      return &call_rows[i];
  return NULL;
}

const char *data_format(const tsr_type *type) {
  static const char *const names[TSR_ELEMENT_COUNT] = {
      [TSR_ELEMENT_BF16] = "DataFormat::Float16_b",
      [TSR_ELEMENT_F32] = "DataFormat::Float32",
      [TSR_ELEMENT_F16] = "DataFormat::Float16",
      [TSR_ELEMENT_BFP8] = "DataFormat::Bfp8_b",
      [TSR_ELEMENT_BFP4] = "DataFormat::Bfp4_b",
      [TSR_ELEMENT_TF32] = "DataFormat::Tf32",
      [TSR_ELEMENT_I32] = "DataFormat::Int32",
      [TSR_ELEMENT_U32] = "DataFormat::UInt32",
      [TSR_ELEMENT_U16] = "DataFormat::UInt16",
      [TSR_ELEMENT_U8] = "DataFormat::UInt8",
  };
  return names[tsr_type_get_element(type)];
}

// -- filling in a row ---------------------------------------------------------

static const char *print_float(kernel_printer *printer, double value) {
  // Built into the compiler: kernels include no header that has them.
  if (isnan(value))
    return "__builtin_nanf(\"\")";
  if (isinf(value))
    return value < 0 ? "-__builtin_inff()" : "__builtin_inff()";
  tsr_buffer text;
  tsr_buffer_init(&text);
  tsr_buffer_append_f32(&text, (float)value);
  const char *literal =
      tsr_arena_printf(&printer->scratch, "%sf", tsr_buffer_str(&text));
  tsr_buffer_deinit(&text);
  return literal;
}

static const char *print_attr(kernel_printer *printer, const tsr_op *op,
                              const tsr_attr *attr) {
  switch (tsr_attr_get_kind(attr)) {
  case TSR_ATTR_SYMBOL:
    return tsr_emit_name(printer->out,
                         tsr_op_find_symbol(op, tsr_attr_get_text(attr)));
  case TSR_ATTR_TYPE:
    return data_format(tsr_attr_get_type(attr));
  case TSR_ATTR_INT:
    return tsr_arena_printf(&printer->scratch, "%lld",
                            (long long)tsr_attr_get_int(attr));
  case TSR_ATTR_FLOAT:
    return print_float(printer, tsr_attr_get_float(attr));
  case TSR_ATTR_BOOL:
  case TSR_ATTR_STRING:
  case TSR_ATTR_KEYWORD:
  case TSR_ATTR_ARRAY:
  case TSR_ATTR_CORES:
  case TSR_ATTR_RUNS:
    break;
  }
  return NULL;
}

// The text for `$name`, or NULL when the op has no such thing.
static const char *print_placeholder(kernel_printer *printer, const tsr_op *op,
                                     const char *name) {
  if (strcmp(name, "result") == 0)
    return tsr_emit_name(printer->out, tsr_op_result(op, 0));
  tsr_op_kind kind = tsr_op_get_kind(op);
  for (size_t g = 0; g < tsr_op_kind_group_count(kind); g++)
    if (strcmp(tsr_op_kind_group_name(kind, g), name) == 0)
      return print_value(printer, tsr_op_group_operand(op, g, 0), BIND_SELECT);
  const tsr_attr *attr = tsr_op_get_attr(op, name);
  return attr ? print_attr(printer, op, attr) : NULL;
}

static bool is_word(char c) { return isalnum((unsigned char)c) || c == '_'; }

static void print_statement(kernel_printer *printer, const tsr_op *op,
                            const char *text, size_t length) {
  tsr_buffer line;
  tsr_buffer_init(&line);
  for (size_t i = 0; i < length;) {
    if (text[i] != '$') {
      tsr_buffer_append_char(&line, text[i++]);
      continue;
    }
    // ${name} where a letter follows, else $name.
    bool has_braces = text[i + 1] == '{';
    size_t start = i + 1 + has_braces, end = start;
    while (end < length && is_word(text[end]))
      end++;
    const char *name =
        tsr_arena_strndup(&printer->scratch, text + start, end - start);
    const char *value = print_placeholder(printer, op, name);
    tsr_buffer_append_str(&line, value ? value : "");
    end += has_braces;
    i = end;
  }
  tsr_emit_stmt(printer->out, "%s", tsr_buffer_str(&line));
  tsr_buffer_deinit(&line);
}

void print_calls(kernel_printer *printer, const tsr_op *op) {
  const call_row *row = find_row(tsr_op_get_kind(op), printer->metalium);
  if (!row) {
    printer->result =
        tsr_diag_error(printer->diag, op, TSR_DIAG(metalium_cannot_print),
                       tsr_op_get_mnemonic(op));
    return;
  }
  if (row->header)
    tsr_emit_include(
        printer->out,
        tsr_arena_printf(&printer->scratch, "api/compute/%s", row->header));
  if (tsr_op_result_count(op)) {
    tsr_value *result = tsr_op_result(op, 0);
    tsr_emit_declare(printer->out, result, tsr_value_get_name(result));
  }
  for (const char *at = row->statements; *at;) {
    const char *end = strstr(at, "; ");
    size_t length = end ? (size_t)(end - at) : strlen(at);
    print_statement(printer, op, at, length);
    at += length + (end ? 2 : 0);
  }
}

// -- names --------------------------------------------------------------------

// Every word of a row that is not a placeholder is a name of the API.
static void reserve_words(tsr_emit *out, const char *text) {
  char name[96];
  while (*text) {
    bool is_placeholder = *text == '$';
    text += is_placeholder;
    size_t length = 0;
    while (is_word(text[length]))
      length++;
    if (length && !is_placeholder && length < sizeof name) {
      memcpy(name, text, length);
      name[length] = '\0';
      tsr_emit_reserve(out, name);
    }
    text += length ? length : !is_placeholder;
  }
}

void reserve_call_names(tsr_emit *out) {
  for (size_t i = 0; i < CALL_ROWS; i++)
    reserve_words(out, call_rows[i].statements);
}
