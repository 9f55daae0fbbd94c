// Names of values: definitions, uses, and which of them are in scope.

#include "parser.h"

#include "tessera/support.h"

#include <string.h>

// Suggestions look at this many of the nearest names.
enum { MAX_CANDIDATES = 1000 };

static const tsr_name *find_name(const tsr_parser *p, const char *text) {
  uint32_t note = ir_name_of(text)->note;
  return note ? &p->scopes.visible[note - 1] : NULL;
}

static tsr_loc name_loc(const tsr_parser *p, const tsr_name *name) {
  return (tsr_loc){p->file, name->line, name->column};
}

static bool is_visible(const tsr_scopes *scopes, const tsr_name *name) {
  return name && name->function == scopes->function;
}

static void add_name(tsr_parser *p, const tsr_pending *at, tsr_value *value) {
  tsr_scopes *scopes = &p->scopes;
  ir_name *text = ir_name_of(at->name);
  if (scopes->count == scopes->capacity)
    scopes->visible =
        tsr_array_grow(NULL, scopes->visible, &scopes->capacity,
                       scopes->count + 1, sizeof *scopes->visible);
  scopes->visible[scopes->count++] = (tsr_name){.text = ir_name_ref(at->name),
                                                .value = tsr_ref_to(value),
                                                .outer = text->note,
                                                .function = scopes->function,
                                                .line = at->line,
                                                .column = at->column};
  text->note = (uint32_t)scopes->count;
  scopes->needs_names = scopes->needs_names || text->mark == scopes->mark;
  text->mark = scopes->mark;
  if (value)
    value->name = ir_name_ref(at->name);
}

tsr_result tsr_parser_define(tsr_parser *p, const tsr_pending *name,
                             tsr_value *value) {
  const tsr_name *before = find_name(p, name->name);
  if (is_visible(&p->scopes, before)) {
    tsr_loc loc = {p->file, name->line, name->column};
    tsr_token token = {.text = name->name,
                       .size = ir_name_of(name->name)->length};
    tsr_parser_error(p, loc, TSR_DIAG(value_twice),
                     tsr_parser_excerpt(p, &token));
    tsr_diag_note_at(p->diag, name_loc(p, before),
                     TSR_DIAG(note_defined_before));
    return TSR_FAILED;
  }
  add_name(p, name, value);
  return TSR_OK;
}

void tsr_parser_define_unknown(tsr_parser *p, const tsr_pending *name) {
  if (!is_visible(&p->scopes, find_name(p, name->name)))
    add_name(p, name, NULL);
}

void tsr_parser_forget(tsr_parser *p, size_t mark) {
  tsr_scopes *scopes = &p->scopes;
  while (scopes->count > mark) {
    const tsr_name *name = &scopes->visible[--scopes->count];
    ((ir_name *)tsr_ref_at(p->context, name->text))->note = name->outer;
  }
}

// -- Names that cannot be used ------------------------------------------------

static const char *name_hint(tsr_parser *p, const char *word) {
  const tsr_scopes *scopes = &p->scopes;
  size_t count =
      scopes->count < MAX_CANDIDATES ? scopes->count : MAX_CANDIDATES;
  const char **names = TSR_NEW_ARRAY(&p->arena, const char *, count + 1);
  size_t used = 0;
  for (size_t i = 0; i < count; i++) {
    const tsr_name *name = &scopes->visible[scopes->count - 1 - i];
    if (is_visible(scopes, name))
      names[used++] = ((ir_name *)tsr_ref_at(p->context, name->text))->text;
  }
  const char *close = tsr_closest(word, names, used);
  return close ? tsr_arena_printf(&p->arena, " (did you mean '%%%s'?)", close)
               : "";
}

static const tsr_value *find_in_block(const tsr_block *block, tsr_ref name) {
  for (uint32_t i = 0; i < block->arg_count; i++)
    if (ir_block_arg(block, i)->name == name)
      return ir_block_arg(block, i);
  for (const tsr_op *op = ir_first(block); op; op = ir_next(op)) {
    for (uint32_t i = 0; i < op->result_count; i++)
      if (ir_result(op, i)->name == name)
        return ir_result(op, i);
    for (uint8_t b = 0; b < op->block_count; b++) {
      const tsr_value *found = find_in_block(ir_block(op, b), name);
      if (found)
        return found;
    }
  }
  return NULL;
}

// The line of the `}` that ends the block with line `from` in it.
static uint32_t find_end(const tsr_parser *p, uint32_t from) {
  tsr_lexer lexer;
  tsr_token token;
  tsr_lexer_init(&lexer, p->lexer.text, p->lexer.size);
  lexer.line = p->first_line;
  size_t depth = 1;
  do {
    tsr_lexer_next(&lexer, &token);
    bool is_brace = token.kind == TSR_TOKEN_PUNCT && token.line >= from;
    if (is_brace && token.text[0] == '{')
      depth++;
    else if (is_brace && token.text[0] == '}')
      depth--;
  } while (depth > 0 && token.kind != TSR_TOKEN_END);
  return token.line;
}

// Says where a value is that was defined in a block that has ended. Slow, as an
// error may be: nothing is kept of such names.
static void note_ended(tsr_parser *p, const tsr_value *value) {
  tsr_loc loc = tsr_value_get_loc(value);
  uint32_t inside = loc.line;
  if (value->kind == IR_ARG) { // which stands in front of the block
    const tsr_op *first = ir_first(ir_value_block(value));
    inside = first ? first->loc.line : loc.line + 1;
  }
  tsr_diag_note_at(p->diag, loc, TSR_DIAG(note_block_ends),
                   find_end(p, inside));
}

static tsr_result not_visible(tsr_parser *p, const tsr_name *name,
                              const char *interned) {
  const char *text = tsr_parser_excerpt(p, &p->token);
  tsr_loc loc = tsr_parser_loc(p);
  if (name) {
    tsr_parser_error(p, loc, TSR_DIAG(value_of_outer_function), text);
    tsr_diag_note_at(p->diag, name_loc(p, name), TSR_DIAG(note_defined_here));
    return TSR_FAILED;
  }
  const tsr_value *ended =
      p->function ? find_in_block(p->function, ir_name_ref(interned)) : NULL;
  if (!ended)
    return tsr_parser_error(p, loc, TSR_DIAG(value_undefined), text,
                            name_hint(p, text));
  tsr_parser_error(p, loc, TSR_DIAG(value_out_of_scope), text);
  note_ended(p, ended);
  return TSR_FAILED;
}

// -- Operands -----------------------------------------------------------------

static tsr_result use_name(tsr_parser *p, tsr_value **out) {
  const char *text = tsr_parser_intern(p, &p->token);
  const tsr_name *name = find_name(p, text);
  if (!is_visible(&p->scopes, name))
    return not_visible(p, name, text);
  *out = tsr_ref_get(p->module, name->value);
  tsr_parser_advance(p);
  if (*out)
    return TSR_OK;
  p->failed = true; // its own error was reported
  return TSR_FAILED;
}

static tsr_result use_number(tsr_parser *p, tsr_value **out) {
  tsr_loc loc = tsr_parser_loc(p);
  int64_t number;
  if (tsr_parser_int(p, &number) != TSR_OK)
    return TSR_FAILED;
  if (number < 0)
    return tsr_parser_error(p, loc, TSR_DIAG(index_negative));
  *out = tsr_module_index(p->module, number);
  return TSR_OK;
}

bool tsr_parser_at_operand(const tsr_parser *p) {
  return p->token.kind == TSR_TOKEN_VALUE || p->token.kind == TSR_TOKEN_INT ||
         tsr_parser_at(p, '*') || tsr_parser_at_word(p, "true") ||
         tsr_parser_at_word(p, "false");
}

tsr_result tsr_parser_operand(tsr_parser *p, tsr_value **out) {
  if (p->token.kind == TSR_TOKEN_VALUE)
    return use_name(p, out);
  if (p->token.kind == TSR_TOKEN_INT)
    return use_number(p, out);
  if (tsr_parser_take(p, '*'))
    *out = tsr_module_all(p->module);
  else if (tsr_parser_take_word(p, "true"))
    *out = tsr_module_bool(p->module, true);
  else if (tsr_parser_take_word(p, "false"))
    *out = tsr_module_bool(p->module, false);
  else
    return tsr_parser_expected(p, "a value such as '%x' or a number");
  return TSR_OK;
}

tsr_result tsr_parser_add_operand(tsr_parser *p, size_t group) {
  tsr_value *value;
  if (tsr_parser_operand(p, &value) != TSR_OK)
    return TSR_FAILED;
  tsr_parser_push(p, group, value);
  return TSR_OK;
}

tsr_result tsr_parser_add_operands(tsr_parser *p, size_t group) {
  if (!tsr_parser_at_operand(p))
    return TSR_OK;
  do {
    if (tsr_parser_add_operand(p, group) != TSR_OK)
      return TSR_FAILED;
  } while (tsr_parser_take(p, ','));
  return TSR_OK;
}
