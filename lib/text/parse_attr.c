// Attribute values, and the braces around them.

#include "parser.h"

#include "tessera/buffer.h"
#include "tessera/support.h"

#include <math.h>
#include <string.h>

// -- Numbers ------------------------------------------------------------------

tsr_result tsr_parser_int(tsr_parser *p, int64_t *out) {
  if (p->token.kind != TSR_TOKEN_INT)
    return tsr_parser_expected(p, "an integer");
  if (!tsr_parse_i64(p->token.text, p->token.size, out))
    return tsr_parser_error(p, tsr_parser_loc(p), TSR_DIAG(integer_too_large));
  tsr_parser_advance(p);
  return TSR_OK;
}

tsr_result tsr_parser_float(tsr_parser *p, double *out) {
  const tsr_token *token = &p->token;
  if (tsr_parser_at_word(p, "inf"))
    *out = INFINITY;
  else if (tsr_parser_at_word(p, "nan"))
    *out = NAN;
  else if (token->kind == TSR_TOKEN_FLOAT &&
           token->text[token->size - 1] == 'f')
    *out = -INFINITY;
  else if (token->kind != TSR_TOKEN_FLOAT && token->kind != TSR_TOKEN_INT)
    return tsr_parser_expected(p, "a number");
  else if (!tsr_parse_f64(token->text, token->size, out))
    return tsr_parser_error(p, tsr_parser_loc(p), TSR_DIAG(float_too_large));
  tsr_parser_advance(p);
  return TSR_OK;
}

// -- Strings ------------------------------------------------------------------

static int hex_digit(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  if (c >= 'A' && c <= 'F')
    return c - 'A' + 10;
  return -1;
}

// The byte of an escape at `text[0]` == '\\', and in `size` what it takes; 0
// when it is none (NUL cannot be written).
static char read_escape(const char *text, size_t left, size_t *size) {
  *size = 2;
  if (left >= 2 && text[1] == 'n')
    return '\n';
  if (left >= 2 && (text[1] == '\\' || text[1] == '"' || text[1] == '\''))
    return text[1];
  *size = 3;
  int high = left >= 3 ? hex_digit(text[1]) : -1;
  int low = left >= 3 ? hex_digit(text[2]) : -1;
  return high < 0 || low < 0 ? '\0' : (char)(high * 16 + low);
}

static tsr_result unescape(tsr_parser *p, tsr_buffer *out) {
  const char *text = p->token.text;
  for (size_t i = 0, size; i < p->token.size; i += size) {
    size = 1;
    char c = text[i] == '\\' ? read_escape(text + i, p->token.size - i, &size)
                             : text[i];
    if (c == '\0') {
      tsr_loc loc = tsr_parser_loc(p);
      loc.column += (uint32_t)i + 1;
      return text[i] == '\0'
                 ? tsr_parser_error(p, loc, TSR_DIAG(string_zero_byte))
                 : tsr_parser_error(p, loc, TSR_DIAG(string_escape));
    }
    tsr_buffer_append_char(out, c);
  }
  return TSR_OK;
}

const tsr_attr *tsr_parser_string(tsr_parser *p) {
  if (p->token.kind != TSR_TOKEN_STRING) {
    tsr_parser_expected(p, "a string");
    return NULL;
  }
  tsr_buffer text;
  tsr_buffer_init(&text);
  const tsr_attr *attr = NULL;
  if (unescape(p, &text) == TSR_OK) {
    attr = tsr_attr_string(p->context, tsr_buffer_str(&text));
    tsr_parser_advance(p);
  }
  tsr_buffer_deinit(&text);
  return attr;
}

// -- Cores --------------------------------------------------------------------

// (x,y)
static tsr_result parse_corner(tsr_parser *p, uint32_t *out_x,
                               uint32_t *out_y) {
  tsr_loc loc = tsr_parser_loc(p);
  int64_t x, y;
  if (tsr_parser_expect(p, '(') != TSR_OK || tsr_parser_int(p, &x) != TSR_OK ||
      tsr_parser_expect(p, ',') != TSR_OK || tsr_parser_int(p, &y) != TSR_OK ||
      tsr_parser_expect(p, ')') != TSR_OK)
    return TSR_FAILED;
  if (x < 0 || y < 0 || x >= TSR_MAX_CORE_SIDE || y >= TSR_MAX_CORE_SIDE)
    return tsr_parser_error(p, loc, TSR_DIAG(core_coordinate),
                            TSR_MAX_CORE_SIDE - 1);
  *out_x = (uint32_t)x;
  *out_y = (uint32_t)y;
  return TSR_OK;
}

// (x0,y0)-(x1,y1), or (x,y) for one core.
static tsr_result parse_range(tsr_parser *p, tsr_core_range *out) {
  tsr_loc loc = tsr_parser_loc(p);
  if (parse_corner(p, &out->x0, &out->y0) != TSR_OK)
    return TSR_FAILED;
  out->x1 = out->x0;
  out->y1 = out->y0;
  if (!tsr_parser_take(p, '-'))
    return TSR_OK;
  if (parse_corner(p, &out->x1, &out->y1) != TSR_OK)
    return TSR_FAILED;
  if (out->x1 < out->x0 || out->y1 < out->y0)
    return tsr_parser_error(p, loc, TSR_DIAG(core_corner_order),
                            out->x0 < out->x1 ? out->x0 : out->x1,
                            out->y0 < out->y1 ? out->y0 : out->y1,
                            out->x0 < out->x1 ? out->x1 : out->x0,
                            out->y0 < out->y1 ? out->y1 : out->y0);
  return TSR_OK;
}

static bool overlap(const tsr_core_range *a, const tsr_core_range *b) {
  return a->x0 <= b->x1 && b->x0 <= a->x1 && a->y0 <= b->y1 && b->y0 <= a->y1;
}

static tsr_result check_overlap(tsr_parser *p, tsr_loc loc,
                                const tsr_core_range *ranges, size_t count) {
  for (size_t i = 0; i + 1 < count; i++)
    if (overlap(&ranges[i], &ranges[count - 1]))
      return tsr_parser_error(p, loc, TSR_DIAG(core_range_overlaps),
                              ranges[i].x0, ranges[i].y0, ranges[i].x1,
                              ranges[i].y1);
  return TSR_OK;
}

static const tsr_attr *parse_range_list(tsr_parser *p) {
  tsr_core_range *ranges = NULL;
  size_t count = 0, capacity = 0;
  tsr_parser_advance(p);
  do {
    tsr_loc loc = tsr_parser_loc(p);
    if (count == TSR_MAX_CORE_RANGES) {
      tsr_parser_error(p, loc, TSR_DIAG(core_ranges_too_many),
                       TSR_MAX_CORE_RANGES);
      return NULL;
    }
    ranges = tsr_array_grow(&p->arena, ranges, &capacity, count + 1,
                            sizeof(*ranges));
    if (parse_range(p, &ranges[count++]) != TSR_OK ||
        check_overlap(p, loc, ranges, count) != TSR_OK)
      return NULL;
  } while (tsr_parser_take(p, ','));
  if (tsr_parser_expect(p, ']') != TSR_OK)
    return NULL;
  return tsr_attr_cores(p->context, ranges, count);
}

static const tsr_attr *parse_cores(tsr_parser *p) {
  if (tsr_parser_at(p, '['))
    return parse_range_list(p);
  uint32_t rows, cols;
  if (tsr_parser_pair(p, TSR_MAX_CORE_SIDE,
                      "rows x columns of cores, or a list of ranges", &rows,
                      &cols) != TSR_OK)
    return NULL;
  tsr_core_range range = {0, 0, cols - 1, rows - 1};
  return tsr_attr_cores(p->context, &range, 1);
}

// -- Runs ---------------------------------------------------------------------

// The "x16" of a run.
static tsr_result parse_count(tsr_parser *p, uint64_t *out) {
  const tsr_token *token = &p->token;
  bool is_count =
      token->kind == TSR_TOKEN_WORD && token->size > 1 && token->text[0] == 'x';
  if (!is_count)
    return TSR_OK;
  if (!tsr_parse_u64(token->text + 1, token->size - 1, out) || *out == 0 ||
      *out > UINT32_MAX)
    return tsr_parser_error(p, tsr_parser_loc(p), TSR_DIAG(run_length),
                            UINT32_MAX);
  tsr_parser_advance(p);
  return TSR_OK;
}

// 0 +2 x16: first, step, count.
static tsr_result parse_run(tsr_parser *p, tsr_run *out) {
  tsr_loc loc = tsr_parser_loc(p);
  *out = (tsr_run){.count = 1};
  if (tsr_parser_int(p, &out->first) != TSR_OK)
    return TSR_FAILED;
  bool negative = p->token.kind == TSR_TOKEN_INT && p->token.text[0] == '-';
  if ((tsr_parser_take(p, '+') || negative) &&
      tsr_parser_int(p, &out->step) != TSR_OK)
    return TSR_FAILED;
  if (parse_count(p, &out->count) != TSR_OK)
    return TSR_FAILED;
  int64_t distance, last;
  if (!tsr_mul_i64(out->step, (int64_t)(out->count - 1), &distance) ||
      !tsr_add_i64(out->first, distance, &last))
    return tsr_parser_error(p, loc, TSR_DIAG(run_too_large));
  return TSR_OK;
}

static const tsr_attr *parse_runs(tsr_parser *p) {
  tsr_run *runs = NULL;
  size_t count = 0, capacity = 0;
  if (tsr_parser_expect(p, '[') != TSR_OK)
    return NULL;
  if (tsr_parser_take(p, ']'))
    return tsr_attr_runs(p->context, NULL, 0);
  do {
    runs = tsr_array_grow(&p->arena, runs, &capacity, count + 1, sizeof(*runs));
    if (parse_run(p, &runs[count++]) != TSR_OK)
      return NULL;
  } while (tsr_parser_take(p, ','));
  if (tsr_parser_expect(p, ']') != TSR_OK)
    return NULL;
  return tsr_attr_runs(p->context, runs, count);
}

// -- Values -------------------------------------------------------------------

static const tsr_attr *parse_any(tsr_parser *p);

static const tsr_attr *parse_items(tsr_parser *p) {
  tsr_vec items;
  tsr_vec_init(&items, &p->arena);
  if (tsr_parser_take(p, ']'))
    return tsr_attr_array(p->context, NULL, 0);
  do {
    const tsr_attr *item = parse_any(p);
    if (!item)
      return NULL;
    tsr_vec_append(&items, (void *)(uintptr_t)item);
  } while (tsr_parser_take(p, ','));
  if (tsr_parser_expect(p, ']') != TSR_OK)
    return NULL;
  return tsr_attr_array(p->context, (const tsr_attr *const *)items.data,
                        items.size);
}

static const tsr_attr *parse_array(tsr_parser *p) {
  if (tsr_parser_expect(p, '[') != TSR_OK ||
      tsr_parser_enter(p, &p->array_depth, "arrays") != TSR_OK)
    return NULL;
  const tsr_attr *array = parse_items(p);
  p->array_depth--;
  return array;
}

static const tsr_attr *parse_int(tsr_parser *p) {
  int64_t value;
  return tsr_parser_int(p, &value) == TSR_OK ? tsr_attr_int(p->context, value)
                                             : NULL;
}

static const tsr_attr *parse_float(tsr_parser *p) {
  double value;
  return tsr_parser_float(p, &value) == TSR_OK
             ? tsr_attr_float(p->context, value)
             : NULL;
}

static const tsr_attr *parse_bool(tsr_parser *p) {
  if (tsr_parser_take_word(p, "true"))
    return tsr_attr_bool(p->context, true);
  if (tsr_parser_take_word(p, "false"))
    return tsr_attr_bool(p->context, false);
  tsr_parser_expected(p, "true or false");
  return NULL;
}

static const tsr_attr *parse_keyword(tsr_parser *p) {
  if (p->token.kind != TSR_TOKEN_WORD) {
    tsr_parser_expected(p, "a word");
    return NULL;
  }
  const char *text = tsr_parser_intern(p, &p->token);
  tsr_parser_advance(p);
  return tsr_attr_keyword(p->context, text);
}

static const tsr_attr *parse_symbol(tsr_parser *p) {
  if (p->token.kind != TSR_TOKEN_SYMBOL) {
    tsr_parser_expected(p, "a symbol such as '@name'");
    return NULL;
  }
  const char *text = tsr_parser_intern(p, &p->token);
  tsr_parser_advance(p);
  return tsr_attr_symbol(p->context, text);
}

// A type; `bf16` is short for tile<bf16>.
static const tsr_attr *parse_type_attr(tsr_parser *p) {
  tsr_element element;
  const tsr_type *type;
  if (p->token.kind == TSR_TOKEN_WORD &&
      tsr_element_find(p->token.text, p->token.size, &element)) {
    type = tsr_type_tile(p->context, element, 1, 1);
    tsr_parser_advance(p);
  } else {
    type = tsr_parser_type(p);
  }
  return type ? tsr_attr_type(p->context, type) : NULL;
}

// An item of an array says by itself what it is.
static const tsr_attr *parse_any(tsr_parser *p) {
  switch (p->token.kind) {
  case TSR_TOKEN_INT:
    return parse_int(p);
  case TSR_TOKEN_FLOAT:
    return parse_float(p);
  case TSR_TOKEN_STRING:
    return tsr_parser_string(p);
  case TSR_TOKEN_SYMBOL:
    return parse_symbol(p);
  case TSR_TOKEN_WORD:
    if (tsr_parser_at_word(p, "true") || tsr_parser_at_word(p, "false"))
      return parse_bool(p);
    return tsr_parser_at_type(p) ? parse_type_attr(p) : parse_keyword(p);
  case TSR_TOKEN_PUNCT:
    if (tsr_parser_at(p, '['))
      return parse_array(p);
    break;
  case TSR_TOKEN_END:
  case TSR_TOKEN_VALUE:
  case TSR_TOKEN_ARROW:
  case TSR_TOKEN_BAD:
    break;
  }
  tsr_parser_expected(p, "an attribute value");
  return NULL;
}

const tsr_attr *tsr_parser_attr(tsr_parser *p, tsr_attr_kind kind) {
  switch (kind) {
  case TSR_ATTR_INT:
    return parse_int(p);
  case TSR_ATTR_FLOAT:
    return parse_float(p);
  case TSR_ATTR_BOOL:
    return parse_bool(p);
  case TSR_ATTR_STRING:
    return tsr_parser_string(p);
  case TSR_ATTR_KEYWORD:
    return parse_keyword(p);
  case TSR_ATTR_SYMBOL:
    return parse_symbol(p);
  case TSR_ATTR_TYPE:
    return parse_type_attr(p);
  case TSR_ATTR_ARRAY:
    return parse_array(p);
  case TSR_ATTR_CORES:
    return parse_cores(p);
  case TSR_ATTR_RUNS:
    return parse_runs(p);
  }
  return NULL;
}

bool tsr_parser_at_attr(const tsr_parser *p, tsr_attr_kind kind) {
  switch (kind) {
  case TSR_ATTR_INT:
    return p->token.kind == TSR_TOKEN_INT;
  case TSR_ATTR_FLOAT:
    return p->token.kind == TSR_TOKEN_INT || p->token.kind == TSR_TOKEN_FLOAT ||
           tsr_parser_at_word(p, "inf") || tsr_parser_at_word(p, "nan");
  case TSR_ATTR_STRING:
    return p->token.kind == TSR_TOKEN_STRING;
  case TSR_ATTR_BOOL:
  case TSR_ATTR_KEYWORD:
  case TSR_ATTR_TYPE:
    return p->token.kind == TSR_TOKEN_WORD;
  case TSR_ATTR_SYMBOL:
    return p->token.kind == TSR_TOKEN_SYMBOL;
  case TSR_ATTR_ARRAY:
  case TSR_ATTR_RUNS:
    return tsr_parser_at(p, '[');
  case TSR_ATTR_CORES:
    return tsr_parser_at(p, '[') || p->token.kind == TSR_TOKEN_INT;
  }
  return false;
}

// -- Braces -------------------------------------------------------------------

bool tsr_parser_at_dict(const tsr_parser *p) {
  if (!tsr_parser_at(p, '{'))
    return false;
  tsr_lexer ahead = p->lexer;
  tsr_token name, equals;
  tsr_lexer_next(&ahead, &name);
  tsr_lexer_next(&ahead, &equals);
  return name.kind == TSR_TOKEN_WORD && equals.kind == TSR_TOKEN_PUNCT &&
         equals.text[0] == '=';
}

static tsr_result unknown_attr(tsr_parser *p, const tsr_token *name) {
  const tsr_head *head = &p->head;
  const char *names[TSR_MAX_ATTRS];
  size_t count = 0;
  for (size_t i = 0; i < head->syntax->attr_count; i++)
    if (!head->syntax->has_place[i])
      names[count++] = tsr_op_kind_attr_name(head->kind, i);
  const char *text = tsr_parser_excerpt(p, name);
  return tsr_parser_error(p, tsr_parser_token_loc(p, name),
                          TSR_DIAG(parse_attribute_unknown),
                          tsr_op_kind_get_info(head->kind)->mnemonic, text,
                          tsr_parser_hint(p, text, names, count));
}

static tsr_result wrong_place(tsr_parser *p, const tsr_token *name) {
  return tsr_parser_error(p, tsr_parser_token_loc(p, name),
                          TSR_DIAG(attribute_has_place),
                          tsr_parser_excerpt(p, name),
                          tsr_op_kind_get_info(p->head.kind)->mnemonic);
}

// name = value
static tsr_result parse_entry(tsr_parser *p) {
  tsr_head *head = &p->head;
  tsr_token name = p->token;
  if (name.kind != TSR_TOKEN_WORD)
    return tsr_parser_expected(p, "the name of an attribute");
  size_t i = tsr_syntax_find_attr(head->kind, name.text, name.size);
  if (i == head->syntax->attr_count)
    return unknown_attr(p, &name);
  if (head->syntax->has_place[i])
    return wrong_place(p, &name);
  if (head->attrs[i])
    return tsr_parser_error(p, tsr_parser_loc(p), TSR_DIAG(attribute_twice),
                            tsr_op_kind_attr_name(head->kind, i));
  tsr_parser_advance(p);
  if (tsr_parser_expect(p, '=') != TSR_OK)
    return TSR_FAILED;
  head->attrs[i] = tsr_parser_attr(p, tsr_op_kind_attr_kind(head->kind, i));
  return head->attrs[i] ? TSR_OK : TSR_FAILED;
}

tsr_result tsr_parser_dict(tsr_parser *p) {
  if (tsr_parser_expect(p, '{') != TSR_OK)
    return TSR_FAILED;
  if (tsr_parser_take(p, '}'))
    return TSR_OK;
  do {
    if (parse_entry(p) != TSR_OK)
      return TSR_FAILED;
  } while (tsr_parser_take(p, ','));
  return tsr_parser_expect(p, '}');
}
