// Ops as their rows in ops.def describe them, blocks, and going on after an
// error.

#include "parser.h"

#include <string.h>

enum { PASSED_BYTES = 1 << 20 };

// -- Heads --------------------------------------------------------------------

void tsr_parser_begin(tsr_parser *p, tsr_op_kind kind) {
  tsr_head *head = &p->head;
  head->kind = kind;
  head->loc = tsr_parser_loc(p);
  head->syntax = tsr_syntax_get(&p->syntax, kind);
  head->operands.size = 0;
  memset(head->group_sizes, 0, sizeof(head->group_sizes));
  memset(head->attrs, 0, head->syntax->attr_count * sizeof(head->attrs[0]));
  head->types.size = 0;
  tsr_parser_advance(p);
}

void tsr_parser_push(tsr_parser *p, size_t group, tsr_value *value) {
  tsr_vec_append(&p->head.operands, value);
  p->head.group_sizes[group]++;
}

tsr_result tsr_parser_pend(tsr_parser *p, const char *what) {
  if (p->token.kind != TSR_TOKEN_VALUE)
    return tsr_parser_expected(p, what);
  p->pending = tsr_array_grow(&p->arena, p->pending, &p->pending_capacity,
                              p->pending_count + 1, sizeof(*p->pending));
  p->pending[p->pending_count++] =
      (tsr_pending){.name = tsr_parser_intern(p, &p->token),
                    .line = p->token.line,
                    .column = p->token.column};
  tsr_parser_advance(p);
  return TSR_OK;
}

tsr_result tsr_parser_types(tsr_parser *p) {
  if (tsr_parser_expect(p, ':') != TSR_OK)
    return TSR_FAILED;
  do {
    const tsr_type *type = tsr_parser_type(p);
    if (!type)
      return TSR_FAILED;
    tsr_vec_append(&p->head.types, (void *)(uintptr_t)type);
  } while (tsr_parser_take(p, ','));
  return TSR_OK;
}

static tsr_result check_attrs(tsr_parser *p) {
  const tsr_head *head = &p->head;
  const ir_row *row = &tsr_op_rows[head->kind];
  for (size_t i = 0; row->needs_attrs && i < row->attr_count; i++)
    if (!head->attrs[i] && !row->is_optional[i])
      return tsr_parser_error(p, head->loc, TSR_DIAG(parse_attribute_missing),
                              tsr_op_infos[head->kind].mnemonic, row->attrs[i],
                              tsr_attr_kind_name(row->attr_kinds[i]));
  return TSR_OK;
}

// One symbol has one definition in a block; a reference stands beside the
// function it describes, under its name.
static tsr_result define_symbol(tsr_parser *p, const tsr_block *into) {
  const tsr_head *head = &p->head;
  const void *key[3] = {into, NULL, NULL};
  size_t name = tsr_syntax_find_attr(head->kind, "name", 4);
  key[1] = tsr_attr_get_text(head->attrs[name]);
  if (head->kind == TSR_OP_reference)
    key[2] = p;
  void **slot = tsr_bytes_map_get(&p->symbols, key, sizeof(key), NULL);
  if (*slot) {
    tsr_parser_error(p, head->loc, TSR_DIAG(parse_symbol_twice),
                     (const char *)key[1]);
    tsr_diag_note_at(p->diag, *(const tsr_loc *)*slot,
                     TSR_DIAG(note_defined_before));
    return TSR_FAILED;
  }
  tsr_loc *loc = TSR_NEW(&p->arena, tsr_loc);
  *loc = head->loc;
  *slot = loc;
  return TSR_OK;
}

tsr_op *tsr_parser_make(tsr_parser *p, tsr_block *into, size_t block_count) {
  tsr_head *head = &p->head;
  uint32_t traits = tsr_op_infos[head->kind].traits;
  if (check_attrs(p) != TSR_OK ||
      ((traits & TSR_TRAIT_SYMBOL) && define_symbol(p, into) != TSR_OK))
    return NULL;
  size_t attr_count = head->syntax->attr_count;
  uint8_t given = 0;
  for (size_t i = 0; i < attr_count; i++)
    given = (uint8_t)(given + (head->attrs[i] != NULL));
  tsr_op_desc desc = {
      .kind = head->kind,
      .loc = head->loc,
      .operands = (tsr_value *const *)head->operands.data,
      .operand_count = head->operands.size,
      .groups = head->group_sizes,
      .result_types = (const tsr_type *const *)head->types.data,
      .result_count = head->types.size,
      .block_count = block_count,
  };
  tsr_op *op = tsr_op_create_with(p->module, &desc, given);
  for (size_t i = 0; given && i < attr_count; i++)
    if (head->attrs[i])
      tsr_op_set_attr(op, tsr_op_rows[head->kind].attrs[i], head->attrs[i]);
  tsr_block_append(into, op);
  return op;
}

// -- Ops by their row ---------------------------------------------------------

static tsr_result parse_group(tsr_parser *p, size_t group) {
  switch (tsr_op_rows[p->head.kind].arities[group]) {
  case TSR_GROUP_OPTIONAL:
    if (!tsr_parser_at_operand(p))
      return TSR_OK;
    break;
  case TSR_GROUP_VARIADIC:
    return tsr_parser_add_operands(p, group);
  case TSR_GROUP_ONE:
    break;
  }
  return tsr_parser_add_operand(p, group);
}

static bool at_text(const tsr_parser *p, const tsr_part *part) {
  return (p->token.kind == TSR_TOKEN_WORD ||
          p->token.kind == TSR_TOKEN_PUNCT) &&
         p->token.size == part->size &&
         memcmp(p->token.text, part->text, part->size) == 0;
}

static tsr_result parse_part_text(tsr_parser *p, const tsr_part *part) {
  if (!at_text(p, part))
    return tsr_parser_expected(
        p, tsr_arena_printf(&p->arena, "'%.*s'", (int)part->size, part->text));
  tsr_parser_advance(p);
  return TSR_OK;
}

static tsr_result parse_part_attr(tsr_parser *p, size_t attr) {
  tsr_attr_kind kind = tsr_op_kind_attr_kind(p->head.kind, attr);
  p->head.attrs[attr] = tsr_parser_attr(p, kind);
  return p->head.attrs[attr] ? TSR_OK : TSR_FAILED;
}

// Whether what an option starts with stands here.
static bool at_option(const tsr_parser *p, const tsr_part *parts, size_t i) {
  while (parts[i].kind == TSR_PART_SPACE)
    i++;
  if (parts[i].kind == TSR_PART_TEXT)
    return at_text(p, &parts[i]);
  if (parts[i].kind == TSR_PART_ATTR)
    return tsr_parser_at_attr(
        p, tsr_op_kind_attr_kind(p->head.kind, parts[i].index));
  return tsr_parser_at_operand(p);
}

static tsr_result parse_part(tsr_parser *p, const tsr_part *part) {
  switch (part->kind) {
  case TSR_PART_TEXT:
    return parse_part_text(p, part);
  case TSR_PART_GROUP:
    return parse_group(p, part->index);
  case TSR_PART_ATTR:
    return parse_part_attr(p, part->index);
  case TSR_PART_DICT:
    return tsr_parser_at(p, '{') ? tsr_parser_dict(p) : TSR_OK;
  case TSR_PART_SPACE:
  case TSR_PART_OPTION:
  case TSR_PART_OPTION_END:
    break;
  }
  return TSR_OK;
}

static tsr_result parse_parts(tsr_parser *p) {
  const tsr_syntax *syntax = p->head.syntax;
  for (size_t i = 0; i < syntax->part_count; i++) {
    const tsr_part *part = &syntax->parts[i];
    if (part->kind == TSR_PART_OPTION && !at_option(p, syntax->parts, i + 1))
      i = part->end;
    else if (parse_part(p, part) != TSR_OK)
      return TSR_FAILED;
  }
  return TSR_OK;
}

static tsr_result parse_result_types(tsr_parser *p, const tsr_op_info *info) {
  if (info->results == 0 ||
      (info->results == TSR_RESULTS_ANY && !tsr_parser_at(p, ':')))
    return TSR_OK;
  if (tsr_parser_types(p) != TSR_OK)
    return TSR_FAILED;
  if (info->results != TSR_RESULTS_ANY && p->head.types.size != info->results)
    return tsr_parser_error(p, p->head.loc, TSR_DIAG(result_type_count),
                            info->mnemonic, info->results, p->head.types.size);
  return TSR_OK;
}

static tsr_result parse_declared(tsr_parser *p, tsr_block *into, tsr_op **out) {
  const tsr_op_info *info = &tsr_op_infos[p->head.kind];
  if (parse_parts(p) != TSR_OK)
    return TSR_FAILED;
  bool dict = info->has_block ? tsr_parser_at_dict(p) : tsr_parser_at(p, '{');
  if (dict && tsr_parser_dict(p) != TSR_OK)
    return TSR_FAILED;
  if (parse_result_types(p, info) != TSR_OK)
    return TSR_FAILED;
  size_t mark = p->scopes.count;
  *out = tsr_parser_make(p, into, info->has_block ? 1 : 0);
  if (!*out)
    return TSR_FAILED;
  return info->has_block ? tsr_parser_block(p, tsr_op_block(*out, 0), mark)
                         : TSR_OK;
}

// -- Results and locations ----------------------------------------------------

// `%a, %b =` in front of an op.
static tsr_result parse_result_names(tsr_parser *p) {
  if (p->token.kind != TSR_TOKEN_VALUE)
    return TSR_OK;
  do {
    if (tsr_parser_pend(p, "the name of a result") != TSR_OK)
      return TSR_FAILED;
  } while (tsr_parser_take(p, ','));
  return tsr_parser_expect(p, '=');
}

static tsr_loc pending_loc(const tsr_parser *p, const tsr_pending *name) {
  return (tsr_loc){p->file, name->line, name->column};
}

static tsr_result define_results(tsr_parser *p, const tsr_op *op,
                                 size_t first) {
  size_t given = p->pending_count - first;
  size_t made = op->result_count;
  if (given != 0 && given != made)
    return tsr_parser_error(
        p, pending_loc(p, &p->pending[first]), TSR_DIAG(result_name_count),
        given, given == 1 ? " is" : "s are", tsr_op_get_mnemonic(op), made,
        made == 1 ? "" : "s");
  for (size_t i = 0; i < given; i++)
    if (tsr_parser_define(p, &p->pending[first + i], ir_result(op, i)) !=
        TSR_OK)
      return TSR_FAILED;
  if (given != made)
    p->scopes.needs_names = true;
  return TSR_OK;
}

tsr_result tsr_parser_loc_of(tsr_parser *p, tsr_op *op) {
  tsr_loc loc = {NULL, 0, 0};
  if (!tsr_parser_take_word(p, "loc"))
    return TSR_OK;
  if (tsr_parser_expect(p, '(') != TSR_OK)
    return TSR_FAILED;
  if (!tsr_parser_take_word(p, "unknown")) {
    tsr_loc at = tsr_parser_loc(p);
    const tsr_attr *file = tsr_parser_string(p);
    int64_t line, column;
    if (!file || tsr_parser_expect(p, ':') != TSR_OK ||
        tsr_parser_int(p, &line) != TSR_OK ||
        tsr_parser_expect(p, ':') != TSR_OK ||
        tsr_parser_int(p, &column) != TSR_OK)
      return TSR_FAILED;
    if (line < 1 || column < 1 || line > UINT32_MAX || column > UINT32_MAX)
      return tsr_parser_error(p, at, TSR_DIAG(location_zero));
    loc = (tsr_loc){tsr_attr_get_text(file), (uint32_t)line, (uint32_t)column};
  }
  tsr_op_set_loc(op, loc);
  return tsr_parser_expect(p, ')');
}

// -- Ops ----------------------------------------------------------------------

static tsr_result unknown_op(tsr_parser *p) {
  if (p->token.kind != TSR_TOKEN_WORD)
    return tsr_parser_expected(p, "an op");
  const char *names[TSR_OP_COUNT];
  for (size_t i = 1; i < TSR_OP_COUNT; i++)
    names[i - 1] = tsr_op_kind_get_info((tsr_op_kind)i)->mnemonic;
  const char *word = tsr_parser_excerpt(p, &p->token);
  return tsr_parser_error(p, tsr_parser_loc(p), TSR_DIAG(op_unknown), word,
                          tsr_parser_hint(p, word, names, TSR_OP_COUNT - 1));
}

static tsr_result parse_kind(tsr_parser *p, tsr_op_kind *out) {
  *out = TSR_OP_none;
  if (p->token.kind == TSR_TOKEN_WORD)
    *out = tsr_op_kind_find(p->token.text, p->token.size);
  if (*out == TSR_OP_none)
    return unknown_op(p);
  if (*out == TSR_OP_module)
    return tsr_parser_error(p, tsr_parser_loc(p), TSR_DIAG(module_nested));
  return TSR_OK;
}

static tsr_result parse_op(tsr_parser *p, tsr_block *into, size_t first) {
  tsr_op_kind kind;
  tsr_op *op = NULL;
  if (parse_result_names(p) != TSR_OK || parse_kind(p, &kind) != TSR_OK)
    return TSR_FAILED;
  tsr_parser_begin(p, kind);
  tsr_result result = p->head.syntax->custom ? tsr_parser_custom(p, into, &op)
                                             : parse_declared(p, into, &op);
  if (result != TSR_OK || tsr_parser_loc_of(p, op) != TSR_OK)
    return TSR_FAILED;
  return define_results(p, op, first);
}

// Braces that were opened since the start of an op. Attributes are told from
// blocks because an unclosed string takes their `}` with it.
typedef struct braces {
  uint32_t blocks, dicts;
} braces;

// Whether the current token is a `}` that none of `open` answers to.
static bool closes_outside(const tsr_parser *p, const braces *open) {
  return tsr_parser_at(p, '}') && open->blocks == 0 && open->dicts == 0;
}

static void count_braces(const tsr_parser *p, braces *open) {
  bool bad_string = p->token.kind == TSR_TOKEN_BAD &&
                    (p->token.text[0] == '"' || p->token.text[0] == '\'');
  if (bad_string)
    open->dicts = 0;
  else if (tsr_parser_at_dict(p))
    open->dicts++;
  else if (tsr_parser_at(p, '{'))
    open->blocks++;
  else if (tsr_parser_at(p, '}') && open->dicts > 0)
    open->dicts--;
  else if (tsr_parser_at(p, '}'))
    open->blocks--;
}

// Leaves the op that begins at `start` and is wrong at the current token: goes
// to the next line outside of its braces, or to the `}` of the block around.
static void skip_op(tsr_parser *p, const tsr_token *start) {
  size_t wrong_at = p->token.offset;
  braces open = {0, 0};
  tsr_lexer_seek(&p->lexer, start, start->offset);
  tsr_parser_advance(p);
  while (p->token.kind != TSR_TOKEN_END && !closes_outside(p, &open)) {
    bool beyond =
        p->token.offset >= wrong_at && p->token.offset > start->offset;
    if (beyond && p->token.first_on_line && open.blocks + open.dicts == 0)
      return;
    count_braces(p, &open);
    tsr_parser_advance(p);
  }
}

// The text may be a file that need not stay in memory.
static void tell_passed(tsr_parser *p) {
  p->passed = p->op_start;
  if (p->defaults && p->defaults->passed)
    p->defaults->passed(p->defaults->user, p->passed);
}

void tsr_parser_ops(tsr_parser *p, tsr_block *block) {
  while (!p->stopped && p->token.kind != TSR_TOKEN_END &&
         !tsr_parser_at(p, '}')) {
    tsr_token start = p->token;
    size_t first = p->pending_count;
    p->op_start = start.offset;
    if (p->defaults && p->defaults->at)
      *p->defaults->at = start.offset;
    if (p->op_start - p->passed >= PASSED_BYTES)
      tell_passed(p);
    if (parse_op(p, block, first) != TSR_OK && !p->stopped) {
      for (size_t i = first; i < p->pending_count; i++)
        tsr_parser_define_unknown(p, &p->pending[i]);
      skip_op(p, &start);
    }
    p->pending_count = first;
    // More than this is not shown, so it is not looked for.
    if (tsr_diag_is_full(p->diag))
      p->stopped = true;
  }
}

// -- Blocks -------------------------------------------------------------------

void tsr_parser_define_args(tsr_parser *p, tsr_block *block, size_t first) {
  for (size_t i = first; i < p->pending_count; i++) {
    const tsr_pending *arg = &p->pending[i];
    tsr_value *value =
        tsr_block_add_arg(block, arg->type, pending_loc(p, arg), NULL);
    if (arg->modifier)
      tsr_value_set_modifier(value, arg->modifier);
    // A name that is taken was reported; the body is still worth reading.
    (void)tsr_parser_define(p, arg, value);
  }
  p->pending_count = first;
}

tsr_result tsr_parser_block(tsr_parser *p, tsr_block *block, size_t mark) {
  tsr_loc open = tsr_parser_loc(p);
  if (tsr_parser_expect(p, '{') != TSR_OK)
    return TSR_FAILED;
  if (tsr_parser_enter(p, &p->block_depth, "blocks") != TSR_OK) {
    p->stopped = true; // what follows could only be misread
    return TSR_FAILED;
  }
  tsr_parser_ops(p, block);
  p->block_depth--;
  tsr_parser_forget(p, mark);
  if (p->stopped)
    return TSR_FAILED;
  if (tsr_parser_take(p, '}'))
    return TSR_OK;
  tsr_parser_expected(p, "'}'");
  tsr_diag_note_at(p->diag, open, TSR_DIAG(note_block_begins));
  return TSR_FAILED;
}
