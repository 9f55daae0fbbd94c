// Names of values: definitions, uses, and which of them are in scope.

#include "parser.h"

#include "tessera/support.h"

#include <string.h>

// Suggestions look at this many of the nearest names.
enum { MAX_CANDIDATES = 1000 };

void tsr_scopes_init(tsr_scopes *scopes, tsr_arena *arena) {
  memset(scopes, 0, sizeof(*scopes));
  tsr_vec_init(&scopes->visible, arena);
  tsr_vec_init(&scopes->noted, NULL);
}

void tsr_scopes_deinit(tsr_scopes *scopes) {
  for (size_t i = 0; i < scopes->noted.size; i++)
    tsr_interned_of(scopes->noted.data[i])->note = NULL;
  tsr_vec_deinit(&scopes->noted);
}

static tsr_name *find_name(const char *text) {
  return tsr_interned_of(text)->note;
}

static tsr_loc name_loc(const tsr_parser *p, const tsr_name *name) {
  return (tsr_loc){p->file, name->line, name->column};
}

static bool is_visible(const tsr_scopes *scopes, const tsr_name *name) {
  return name && name->end_line == 0 && name->function == scopes->function;
}

static void add_name(tsr_parser *p, const tsr_token *token, const char *text,
                     tsr_value *value) {
  tsr_scopes *scopes = &p->scopes;
  tsr_name *before = find_name(text);
  tsr_name *name = TSR_NEW(&p->arena, tsr_name);
  *name = (tsr_name){.text = text,
                     .value = value,
                     .outer = before && before->end_line == 0 ? before : NULL,
                     .line = token->line,
                     .column = token->column,
                     .function = scopes->function};
  if (!before)
    tsr_vec_append(&scopes->noted, (void *)(uintptr_t)text);
  tsr_interned_of(text)->note = name;
  tsr_vec_append(&scopes->visible, name);
  if (value)
    tsr_value_set_interned_name(value, text);
}

tsr_result tsr_parser_define(tsr_parser *p, const tsr_token *token,
                             tsr_value *value) {
  const char *text = tsr_parser_intern(p, token);
  const tsr_name *before = find_name(text);
  if (is_visible(&p->scopes, before)) {
    tsr_parser_error(p, tsr_parser_token_loc(p, token), TSR_DIAG(value_twice),
                     tsr_parser_excerpt(p, token));
    tsr_diag_note_at(p->diag, name_loc(p, before),
                     TSR_DIAG(note_defined_before));
    return TSR_FAILED;
  }
  add_name(p, token, text, value);
  return TSR_OK;
}

void tsr_parser_define_unknown(tsr_parser *p, const tsr_token *token) {
  const char *text = tsr_parser_intern(p, token);
  if (!is_visible(&p->scopes, find_name(text)))
    add_name(p, token, text, NULL);
}

void tsr_parser_forget(tsr_parser *p, size_t mark, uint32_t end_line) {
  tsr_scopes *scopes = &p->scopes;
  while (scopes->visible.size > mark) {
    tsr_name *name = tsr_vec_pop(&scopes->visible);
    name->end_line = end_line;
    if (name->outer)
      tsr_interned_of(name->text)->note = name->outer;
  }
}

static const char *name_hint(tsr_parser *p, const char *word) {
  const tsr_vec *visible = &p->scopes.visible;
  size_t count =
      visible->size < MAX_CANDIDATES ? visible->size : MAX_CANDIDATES;
  const char **names = TSR_NEW_ARRAY(&p->arena, const char *, count + 1);
  size_t used = 0;
  for (size_t i = 0; i < count; i++) {
    const tsr_name *name = visible->data[visible->size - 1 - i];
    if (is_visible(&p->scopes, name))
      names[used++] = name->text;
  }
  const char *close = tsr_closest(word, names, used);
  return close ? tsr_arena_printf(&p->arena, " (did you mean '%%%s'?)", close)
               : "";
}

static tsr_result not_visible(tsr_parser *p, const tsr_name *name) {
  const char *text = tsr_parser_excerpt(p, &p->token);
  tsr_loc loc = tsr_parser_loc(p);
  if (name && name->function == p->scopes.function) {
    tsr_parser_error(p, loc, TSR_DIAG(value_out_of_scope), text);
    tsr_diag_note_at(p->diag, name_loc(p, name), TSR_DIAG(note_block_ends),
                     name->end_line);
    return TSR_FAILED;
  }
  if (name && name->end_line == 0) {
    tsr_parser_error(p, loc, TSR_DIAG(value_of_outer_function), text);
    tsr_diag_note_at(p->diag, name_loc(p, name), TSR_DIAG(note_defined_here));
    return TSR_FAILED;
  }
  return tsr_parser_error(p, loc, TSR_DIAG(value_undefined), text,
                          name_hint(p, text));
}

static tsr_result use_name(tsr_parser *p, tsr_value **out) {
  const tsr_name *name = find_name(tsr_parser_intern(p, &p->token));
  if (!is_visible(&p->scopes, name))
    return not_visible(p, name);
  *out = name->value;
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

tsr_result tsr_parser_operands(tsr_parser *p, tsr_vec *values) {
  if (!tsr_parser_at_operand(p))
    return TSR_OK;
  do {
    tsr_value *value;
    if (tsr_parser_operand(p, &value) != TSR_OK)
      return TSR_FAILED;
    tsr_vec_append(values, value);
  } while (tsr_parser_take(p, ','));
  return TSR_OK;
}
