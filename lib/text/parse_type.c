// Types, and the numbers joined by 'x' in them.
//
// `250x256xbf16` is read by characters from the start of its first token, since
// where it stands no other token could.

#include "parser.h"

#include "tessera/support.h"

#include <string.h>

// -- Characters ---------------------------------------------------------------

// A place in the line of the current token.
typedef struct scanner {
  const char *text;
  size_t at, size;
} scanner;

static scanner scan_token(const tsr_parser *p) {
  return (scanner){p->lexer.text, p->token.offset, p->lexer.size};
}

static char scan_peek(const scanner *s) {
  return s->at < s->size ? s->text[s->at] : '\0';
}

static tsr_loc scan_loc(const tsr_parser *p, const scanner *s) {
  tsr_loc loc = tsr_parser_loc(p);
  loc.column += (uint32_t)(s->at - p->token.offset);
  return loc;
}

// The word or number at the scanner, as a token of its own.
static tsr_token scan_word(const tsr_parser *p, scanner *s) {
  tsr_token word = {.kind = TSR_TOKEN_WORD,
                    .text = s->text + s->at,
                    .offset = s->at,
                    .line = p->token.line,
                    .column = scan_loc(p, s).column};
  while (tsr_char_is_word(scan_peek(s)))
    s->at++;
  word.size = s->at - word.offset;
  return word;
}

// Digits; false and an error when there are none or too many.
static bool scan_number(tsr_parser *p, scanner *s, const char *what,
                        uint64_t *out) {
  tsr_loc loc = scan_loc(p, s);
  size_t start = s->at;
  if (scan_peek(s) == '-') {
    tsr_parser_error(p, loc, TSR_DIAG(size_zero), what);
    return false;
  }
  while (tsr_char_is_digit(scan_peek(s)))
    s->at++;
  if (s->at == start) {
    tsr_parser_error(p, loc, TSR_DIAG(size_missing), what);
    return false;
  }
  if (tsr_parse_u64(s->text + start, s->at - start, out))
    return true;
  tsr_parser_error(p, loc, TSR_DIAG(size_too_large), what);
  return false;
}

static bool scan_x(tsr_parser *p, scanner *s, const char *what) {
  if (scan_peek(s) == 'x') {
    s->at++;
    return true;
  }
  tsr_parser_error(p, scan_loc(p, s), TSR_DIAG(size_separator), what);
  return false;
}

static bool check_side(tsr_parser *p, uint64_t side, uint32_t limit,
                       const char *what) {
  if (side >= 1 && side <= limit)
    return true;
  tsr_parser_error(p, tsr_parser_loc(p), TSR_DIAG(size_range), what, limit);
  return false;
}

tsr_result tsr_parser_pair(tsr_parser *p, uint32_t limit, const char *what,
                           uint32_t *out_rows, uint32_t *out_cols) {
  if (p->token.kind != TSR_TOKEN_INT)
    return tsr_parser_expected(p, what);
  scanner s = scan_token(p);
  uint64_t rows, cols;
  if (!scan_number(p, &s, what, &rows) || !scan_x(p, &s, what) ||
      !scan_number(p, &s, what, &cols) || !check_side(p, rows, limit, what) ||
      !check_side(p, cols, limit, what))
    return TSR_FAILED;
  *out_rows = (uint32_t)rows;
  *out_cols = (uint32_t)cols;
  tsr_parser_seek(p, s.at);
  return TSR_OK;
}

// -- Shapes -------------------------------------------------------------------

typedef struct shape {
  uint32_t rank;
  uint64_t extents[TSR_MAX_RANK];
  tsr_element element;
} shape;

static tsr_result unknown_element(tsr_parser *p, const tsr_token *word) {
  const char *names[TSR_ELEMENT_COUNT];
  for (size_t i = 0; i < TSR_ELEMENT_COUNT; i++)
    names[i] = tsr_element_get_info((tsr_element)i)->name;
  tsr_loc loc = tsr_parser_token_loc(p, word);
  const char *text = tsr_parser_excerpt(p, word);
  if (word->size == 0)
    return tsr_parser_error(p, loc, TSR_DIAG(type_size_or_element));
  return tsr_parser_error(p, loc, TSR_DIAG(element_unknown), text,
                          tsr_parser_hint(p, text, names, TSR_ELEMENT_COUNT));
}

static bool at_extent(const scanner *s) {
  return tsr_char_is_digit(scan_peek(s)) || scan_peek(s) == '-';
}

// "250x256xbf16"; the current token is its first part.
static tsr_result parse_shape(tsr_parser *p, shape *out) {
  scanner s = scan_token(p);
  memset(out, 0, sizeof(*out));
  while (at_extent(&s)) {
    uint64_t extent;
    if (!scan_number(p, &s, "an extent", &extent) ||
        !scan_x(p, &s, "extents, then the element type"))
      return TSR_FAILED;
    if (out->rank < TSR_MAX_RANK)
      out->extents[out->rank] = extent;
    out->rank++;
  }
  tsr_token word = scan_word(p, &s);
  if (!tsr_element_find(word.text, word.size, &out->element))
    return unknown_element(p, &word);
  if (out->rank > TSR_MAX_RANK)
    return tsr_parser_error(p, tsr_parser_loc(p), TSR_DIAG(rank_too_large),
                            out->rank, TSR_MAX_RANK);
  tsr_parser_seek(p, s.at);
  return TSR_OK;
}

static void take_shape(tsr_type_desc *desc, const shape *from) {
  desc->element = from->element;
  desc->rank = from->rank;
  memcpy(desc->extents, from->extents, sizeof(desc->extents));
}

static tsr_result parse_tensor(tsr_parser *p, tsr_type_desc *desc) {
  shape read;
  if (parse_shape(p, &read) != TSR_OK)
    return TSR_FAILED;
  take_shape(desc, &read);
  return TSR_OK;
}

static tsr_result parse_tile(tsr_parser *p, tsr_type_desc *desc) {
  shape read;
  tsr_loc loc = tsr_parser_loc(p);
  if (parse_shape(p, &read) != TSR_OK)
    return TSR_FAILED;
  if (read.rank != 0 && read.rank != 2)
    return tsr_parser_error(p, loc, TSR_DIAG(tile_shape),
                            tsr_element_get_info(read.element)->name,
                            tsr_element_get_info(read.element)->name);
  uint64_t rows = read.rank ? read.extents[0] : 1;
  uint64_t cols = read.rank ? read.extents[1] : 1;
  if (rows == 0 || cols == 0 || rows > UINT32_MAX || cols > UINT32_MAX)
    return tsr_parser_error(p, loc, TSR_DIAG(block_size), UINT32_MAX);
  desc->element = read.element;
  desc->block_rows = (uint32_t)rows;
  desc->block_cols = (uint32_t)cols;
  return TSR_OK;
}

// -- Buffers ------------------------------------------------------------------

static tsr_result parse_layout(tsr_parser *p, tsr_type_desc *desc) {
  if (tsr_parser_take_word(p, "tiled"))
    desc->layout = TSR_LAYOUT_TILED;
  else if (tsr_parser_take_word(p, "row_major"))
    desc->layout = TSR_LAYOUT_ROW_MAJOR;
  else
    return tsr_parser_expected(p, "a layout: tiled or row_major");
  return TSR_OK;
}

static tsr_result parse_named_pair(tsr_parser *p, const char *name,
                                   const char *what, uint32_t *out_rows,
                                   uint32_t *out_cols) {
  if (tsr_parser_expect_word(p, name) != TSR_OK ||
      tsr_parser_expect(p, '=') != TSR_OK)
    return TSR_FAILED;
  return tsr_parser_pair(p, UINT32_MAX, what, out_rows, out_cols);
}

static tsr_result parse_order(tsr_parser *p, tsr_order *out) {
  if (tsr_parser_expect_word(p, "order") != TSR_OK ||
      tsr_parser_expect(p, '=') != TSR_OK)
    return TSR_FAILED;
  if (tsr_parser_take_word(p, "row"))
    *out = TSR_ORDER_ROW;
  else if (tsr_parser_take_word(p, "column"))
    *out = TSR_ORDER_COLUMN;
  else
    return tsr_parser_expected(p, "an order: row or column");
  return TSR_OK;
}

// {shard = 64x32, grid = 8x8, order = row}
static tsr_result parse_shards(tsr_parser *p, tsr_sharding *out) {
  out->sharded = true;
  if (tsr_parser_expect(p, '{') != TSR_OK ||
      parse_named_pair(p, "shard", "rows x columns of a shard",
                       &out->shard_rows, &out->shard_cols) != TSR_OK ||
      tsr_parser_expect(p, ',') != TSR_OK ||
      parse_named_pair(p, "grid", "rows x columns of cores", &out->grid_rows,
                       &out->grid_cols) != TSR_OK ||
      tsr_parser_expect(p, ',') != TSR_OK ||
      parse_order(p, &out->order) != TSR_OK)
    return TSR_FAILED;
  return tsr_parser_expect(p, '}');
}

static tsr_result parse_memory(tsr_parser *p, tsr_type_desc *desc) {
  if (tsr_parser_take_word(p, "dram"))
    desc->memory = TSR_MEMORY_DRAM;
  else if (tsr_parser_take_word(p, "l1"))
    desc->memory = TSR_MEMORY_L1;
  else
    return tsr_parser_expected(p, "a memory: dram or l1");
  if (tsr_parser_take_word(p, "interleaved"))
    return TSR_OK;
  if (tsr_parser_take_word(p, "sharded"))
    return parse_shards(p, &desc->sharding);
  return tsr_parser_expected(p, "interleaved or sharded{...}");
}

static tsr_result parse_pad(tsr_parser *p, tsr_pad *pad) {
  if (tsr_parser_expect_word(p, "pad") != TSR_OK ||
      tsr_parser_expect(p, '=') != TSR_OK)
    return TSR_FAILED;
  if (tsr_parser_take_word(p, "undef"))
    return TSR_OK;
  tsr_loc loc = tsr_parser_loc(p);
  if (tsr_parser_float(p, &pad->value) != TSR_OK)
    return TSR_FAILED;
  if (pad->value != pad->value)
    return tsr_parser_error(p, loc, TSR_DIAG(padding_nan));
  pad->is_known = true;
  return TSR_OK;
}

// <250x256xbf16, tiled, dram interleaved, pad = 0>: what stands behind the
// elements may be left out from the right.
static tsr_result parse_buffer(tsr_parser *p, tsr_type_desc *desc) {
  if (parse_tensor(p, desc) != TSR_OK)
    return TSR_FAILED;
  if (!tsr_parser_take(p, ','))
    return TSR_OK;
  if (parse_layout(p, desc) != TSR_OK)
    return TSR_FAILED;
  if (!tsr_parser_take(p, ','))
    return TSR_OK;
  if (parse_memory(p, desc) != TSR_OK)
    return TSR_FAILED;
  if (!tsr_parser_take(p, ','))
    return TSR_OK;
  return parse_pad(p, &desc->pad);
}

// -- Types --------------------------------------------------------------------

static const char *const type_names[] = {
#define TSR_TYPE(id, keyword, summary) keyword,
#include "tessera/types.def"
};

static tsr_result parse_parameters(tsr_parser *p, tsr_type_desc *desc) {
  switch (desc->kind) {
  case TSR_TYPE_TENSOR:
    return parse_tensor(p, desc);
  case TSR_TYPE_TILE:
    return parse_tile(p, desc);
  case TSR_TYPE_BUFFER:
    return parse_buffer(p, desc);
  case TSR_TYPE_INDEX:
  case TSR_TYPE_BOOL:
  case TSR_TYPE_ADDR:
  case TSR_TYPE_ACCESSOR:
  case TSR_TYPE_COUNT:
    break;
  }
  return TSR_OK;
}

static bool has_parameters(tsr_type_kind kind) {
  return kind == TSR_TYPE_TENSOR || kind == TSR_TYPE_TILE ||
         kind == TSR_TYPE_BUFFER;
}

static bool find_type(const tsr_parser *p, tsr_type_kind *out) {
  for (size_t i = 0; i < TSR_TYPE_COUNT; i++)
    if (tsr_parser_at_word(p, type_names[i])) {
      *out = (tsr_type_kind)i;
      return true;
    }
  return false;
}

bool tsr_parser_at_type(const tsr_parser *p) {
  tsr_type_kind kind;
  if (!find_type(p, &kind))
    return false;
  tsr_lexer ahead = p->lexer;
  tsr_token next;
  tsr_lexer_next(&ahead, &next);
  return !has_parameters(kind) ||
         (next.kind == TSR_TOKEN_PUNCT && next.text[0] == '<');
}

static const tsr_type *check_type(tsr_parser *p, tsr_loc loc,
                                  const tsr_type_desc *desc) {
  if (tsr_type_check(desc, loc, p->diag) == TSR_OK)
    return tsr_type_get(p->context, desc);
  p->failed = true;
  return NULL;
}

static void report_unknown_type(tsr_parser *p) {
  if (p->token.kind != TSR_TOKEN_WORD) {
    tsr_parser_expected(p, "a type");
    return;
  }
  const char *word = tsr_parser_excerpt(p, &p->token);
  tsr_parser_error(p, tsr_parser_loc(p), TSR_DIAG(type_unknown), word,
                   tsr_parser_hint(p, word, type_names, TSR_TYPE_COUNT));
}

// Whether what was read before stands at `text`, and ends there.
static bool is_known(const tsr_known_type *known, const char *text,
                     size_t left) {
  if (known->size > left || memcmp(known->text, text, known->size) != 0)
    return false;
  bool has_parameters = known->text[known->size - 1] == '>';
  return has_parameters || known->size == left ||
         !(tsr_char_is_word(text[known->size]) || text[known->size] == '.');
}

// Modules write few types, many times each, and often the last one again.
static const tsr_type *find_known(tsr_parser *p) {
  const char *text = p->lexer.text + p->token.offset;
  size_t left = p->lexer.size - p->token.offset;
  for (size_t i = 0; i < TSR_KNOWN_TYPES; i++) {
    size_t at = (p->last_type + i) % TSR_KNOWN_TYPES;
    const tsr_known_type *known = &p->types[at];
    if (!known->size || !is_known(known, text, left))
      continue;
    p->last_type = at;
    tsr_parser_seek(p, p->token.offset + known->size);
    return known->type;
  }
  return NULL;
}

// Notes the type that was read from `start` up to the end of the last token.
static void remember(tsr_parser *p, const tsr_token *start,
                     const tsr_type *type) {
  if (p->end.line != start->line)
    return;
  p->last_type = p->type_count++ % TSR_KNOWN_TYPES;
  p->types[p->last_type] =
      (tsr_known_type){.text = p->lexer.text + start->offset,
                       .size = p->end.column - start->column,
                       .type = type};
}

const tsr_type *tsr_parser_type(tsr_parser *p) {
  const tsr_type *type = find_known(p);
  if (type)
    return type;
  tsr_token start = p->token;
  tsr_type_desc desc;
  memset(&desc, 0, sizeof(desc));
  if (!find_type(p, &desc.kind)) {
    report_unknown_type(p);
    return NULL;
  }
  tsr_parser_advance(p);
  if (has_parameters(desc.kind) && (tsr_parser_expect(p, '<') != TSR_OK ||
                                    parse_parameters(p, &desc) != TSR_OK ||
                                    tsr_parser_expect(p, '>') != TSR_OK))
    return NULL;
  type = check_type(p, tsr_parser_token_loc(p, &start), &desc);
  if (type)
    remember(p, &start, type);
  return type;
}
