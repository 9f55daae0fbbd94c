// Ops whose text is more than a row of ops.def can say: what holds functions
// and kernels, and control flow.

#include "parser.h"

#include <string.h>

static void set_attr(tsr_parser *p, const char *name, const tsr_attr *attr) {
  p->head.attrs[tsr_syntax_find_attr(p->head.kind, name, strlen(name))] = attr;
}

static tsr_result parse_attr_into(tsr_parser *p, const char *name,
                                  tsr_attr_kind kind) {
  const tsr_attr *attr = tsr_parser_attr(p, kind);
  set_attr(p, name, attr);
  return attr ? TSR_OK : TSR_FAILED;
}

static tsr_result parse_on_cores(tsr_parser *p) {
  if (tsr_parser_expect_word(p, "on") != TSR_OK)
    return TSR_FAILED;
  return parse_attr_into(p, "cores", TSR_ATTR_CORES);
}

static tsr_result parse_optional_dict(tsr_parser *p) {
  return tsr_parser_at_dict(p) ? tsr_parser_dict(p) : TSR_OK;
}

// Makes the op and parses its block, which has the pending names from `first`
// on as arguments. `isolated` blocks see no names from outside.
static tsr_result parse_body(tsr_parser *p, tsr_block *into, size_t first,
                             tsr_op **out) {
  tsr_scopes *scopes = &p->scopes;
  const tsr_block *around = p->function;
  bool isolated =
      (tsr_op_kind_get_info(p->head.kind)->traits & TSR_TRAIT_ISOLATED) != 0;
  *out = tsr_parser_make(p, into, 1);
  if (!*out)
    return TSR_FAILED;
  uint32_t function = scopes->function, names = scopes->mark;
  if (isolated) {
    scopes->needs_names =
        scopes->needs_names || into != tsr_module_block(p->module);
    scopes->function = ++scopes->function_count;
    scopes->mark = ++p->context->last_mark;
    p->function = tsr_op_block(*out, 0);
  }
  size_t mark = scopes->count;
  tsr_parser_define_args(p, tsr_op_block(*out, 0), first);
  tsr_result result = tsr_parser_block(p, tsr_op_block(*out, 0), mark);
  scopes->function = function;
  scopes->mark = names;
  p->function = around;
  return result;
}

static tsr_pending *last_pending(tsr_parser *p) {
  return &p->pending[p->pending_count - 1];
}

// %name: type
static tsr_result parse_typed_name(tsr_parser *p) {
  if (tsr_parser_pend(p, "the name of an argument") != TSR_OK ||
      tsr_parser_expect(p, ':') != TSR_OK)
    return TSR_FAILED;
  const tsr_type *type = tsr_parser_type(p);
  last_pending(p)->type = type;
  return type ? TSR_OK : TSR_FAILED;
}

// Parenthesised items, comma separated, at least none.
typedef tsr_result item_fn(tsr_parser *p, void *state);

static tsr_result parse_list(tsr_parser *p, item_fn *item, void *state) {
  if (tsr_parser_expect(p, '(') != TSR_OK)
    return TSR_FAILED;
  if (tsr_parser_take(p, ')'))
    return TSR_OK;
  do {
    if (item(p, state) != TSR_OK)
      return TSR_FAILED;
  } while (tsr_parser_take(p, ','));
  return tsr_parser_expect(p, ')');
}

// -- Functions ----------------------------------------------------------------

static tsr_result parse_function_arg(tsr_parser *p, void *state) {
  (void)state;
  if (parse_typed_name(p) != TSR_OK)
    return TSR_FAILED;
  if (tsr_parser_take_word(p, "out"))
    last_pending(p)->modifier = "out";
  else if (tsr_parser_take_word(p, "inout"))
    last_pending(p)->modifier = "inout";
  return TSR_OK;
}

static tsr_result parse_type_item(tsr_parser *p, void *state) {
  const tsr_type *type = tsr_parser_type(p);
  if (!type)
    return TSR_FAILED;
  const tsr_attr *attr = tsr_attr_type(p->context, type);
  tsr_vec_append(state, (void *)(uintptr_t)attr);
  return TSR_OK;
}

// -> type, or -> (type, type)
static tsr_result parse_results(tsr_parser *p) {
  if (p->token.kind != TSR_TOKEN_ARROW)
    return TSR_OK;
  tsr_parser_advance(p);
  tsr_vec types;
  tsr_vec_init(&types, &p->arena);
  tsr_result result = tsr_parser_at(p, '(')
                          ? parse_list(p, parse_type_item, &types)
                          : parse_type_item(p, &types);
  set_attr(p, "results",
           tsr_attr_array(p->context, (const tsr_attr *const *)types.data,
                          types.size));
  return result;
}

// func private @name(%a: type, %b: type out) -> (type, type) {
static tsr_result parse_function(tsr_parser *p, tsr_block *into, tsr_op **out) {
  size_t first = p->pending_count;
  if (p->head.kind == TSR_OP_func && tsr_parser_take_word(p, "private"))
    set_attr(p, "visibility", tsr_attr_keyword(p->context, "private"));
  if (parse_attr_into(p, "name", TSR_ATTR_SYMBOL) != TSR_OK ||
      parse_list(p, parse_function_arg, NULL) != TSR_OK)
    return TSR_FAILED;
  bool has_results =
      p->head.kind == TSR_OP_func || p->head.kind == TSR_OP_reference;
  if (has_results && parse_results(p) != TSR_OK)
    return TSR_FAILED;
  return parse_body(p, into, first, out);
}

// program @name(%a: type) {order = row} on 8x8 {
static tsr_result parse_program(tsr_parser *p, tsr_block *into, tsr_op **out) {
  size_t first = p->pending_count;
  if (parse_attr_into(p, "name", TSR_ATTR_SYMBOL) != TSR_OK ||
      parse_list(p, parse_function_arg, NULL) != TSR_OK ||
      parse_optional_dict(p) != TSR_OK || parse_on_cores(p) != TSR_OK)
    return TSR_FAILED;
  return parse_body(p, into, first, out);
}

// -- Kernels ------------------------------------------------------------------

static tsr_result parse_word(tsr_parser *p, const char *what, tsr_vec *items) {
  if (p->token.kind != TSR_TOKEN_WORD)
    return tsr_parser_expected(p, what);
  const char *text = tsr_parser_intern(p, &p->token);
  tsr_vec_append(items, (void *)(uintptr_t)tsr_attr_keyword(p->context, text));
  tsr_parser_advance(p);
  return TSR_OK;
}

// What an argument stands for: a value of the program, or a symbol.
static tsr_result parse_source(tsr_parser *p, const tsr_attr **out_symbol) {
  *out_symbol = NULL;
  if (tsr_parser_expect(p, '(') != TSR_OK)
    return TSR_FAILED;
  tsr_value *value;
  if (p->token.kind == TSR_TOKEN_SYMBOL) {
    *out_symbol = tsr_parser_attr(p, TSR_ATTR_SYMBOL);
  } else {
    if (tsr_parser_operand(p, &value) != TSR_OK)
      return TSR_FAILED;
    tsr_parser_push(p, 0, value);
  }
  return tsr_parser_expect(p, ')');
}

// %name: type = kind(source) place
static tsr_result parse_kernel_arg(tsr_parser *p, void *state) {
  tsr_vec items;
  const tsr_attr *symbol;
  tsr_vec_init(&items, &p->arena);
  if (parse_typed_name(p) != TSR_OK || tsr_parser_expect(p, '=') != TSR_OK ||
      parse_word(p, "the kind of the argument, such as const or address",
                 &items) != TSR_OK ||
      parse_source(p, &symbol) != TSR_OK ||
      parse_word(p, "its place: runtime, common or compile_time", &items) !=
          TSR_OK)
    return TSR_FAILED;
  if (symbol)
    tsr_vec_append(&items, (void *)(uintptr_t)symbol);
  const tsr_attr *entry = tsr_attr_array(
      p->context, (const tsr_attr *const *)items.data, items.size);
  tsr_vec_append(state, (void *)(uintptr_t)entry);
  return TSR_OK;
}

static tsr_result parse_kernel_args(tsr_parser *p) {
  tsr_vec entries;
  tsr_vec_init(&entries, &p->arena);
  if (!tsr_parser_take_word(p, "args"))
    return TSR_OK;
  if (parse_list(p, parse_kernel_arg, &entries) != TSR_OK)
    return TSR_FAILED;
  set_attr(p, "args",
           tsr_attr_array(p->context, (const tsr_attr *const *)entries.data,
                          entries.size));
  return TSR_OK;
}

// kernel @name {processor = dm1} on 8x8 args(...) {
static tsr_result parse_kernel(tsr_parser *p, tsr_block *into, tsr_op **out) {
  size_t first = p->pending_count;
  if (parse_attr_into(p, "name", TSR_ATTR_SYMBOL) != TSR_OK ||
      parse_optional_dict(p) != TSR_OK || parse_on_cores(p) != TSR_OK ||
      parse_kernel_args(p) != TSR_OK)
    return TSR_FAILED;
  return parse_body(p, into, first, out);
}

// -- Loops --------------------------------------------------------------------

// Operand groups of `for`.
enum { FOR_FROM, FOR_TO, FOR_STEP, FOR_CARRY };

static tsr_result parse_index_name(tsr_parser *p, void *state) {
  (void)state;
  if (tsr_parser_pend(p, "the name of an index") != TSR_OK)
    return TSR_FAILED;
  last_pending(p)->type = tsr_type_index(p->context);
  return TSR_OK;
}

// %acc = %start
static tsr_result parse_carry(tsr_parser *p, void *state) {
  (void)state;
  if (tsr_parser_pend(p, "the name of a carried value") != TSR_OK ||
      tsr_parser_expect(p, '=') != TSR_OK)
    return TSR_FAILED;
  return tsr_parser_add_operand(p, FOR_CARRY);
}

// Carried values have the types of the results.
static tsr_result parse_carry_types(tsr_parser *p, size_t first) {
  size_t count = p->pending_count - first;
  if (tsr_parser_types(p) != TSR_OK)
    return TSR_FAILED;
  if (p->head.types.size != count)
    return tsr_parser_error(p, p->head.loc, TSR_DIAG(carry_type_count), count,
                            p->head.types.size);
  for (size_t i = 0; i < count; i++)
    p->pending[first + i].type = p->head.types.data[i];
  return TSR_OK;
}

static tsr_result parse_step(tsr_parser *p) {
  if (tsr_parser_take_word(p, "step"))
    return tsr_parser_add_operand(p, FOR_STEP);
  tsr_parser_push(p, FOR_STEP, tsr_module_index(p->module, 1));
  return TSR_OK;
}

static tsr_result parse_bound(tsr_parser *p, const char *word, size_t group) {
  if (tsr_parser_expect_word(p, word) != TSR_OK)
    return TSR_FAILED;
  return tsr_parser_add_operand(p, group);
}

// for %k in 0 to %kt step 2 carry(%acc = %zero) : tile<f32> {
static tsr_result parse_for(tsr_parser *p, tsr_block *into, tsr_op **out) {
  size_t first = p->pending_count;
  if (parse_index_name(p, NULL) != TSR_OK ||
      parse_bound(p, "in", FOR_FROM) != TSR_OK ||
      parse_bound(p, "to", FOR_TO) != TSR_OK || parse_step(p) != TSR_OK)
    return TSR_FAILED;
  if (tsr_parser_take_word(p, "carry") &&
      (parse_list(p, parse_carry, NULL) != TSR_OK ||
       parse_carry_types(p, first + 1) != TSR_OK))
    return TSR_FAILED;
  return parse_body(p, into, first, out);
}

// tile.parallel (%m, %n) in (%mt, %nt) {approx = true} {
static tsr_result parse_size(tsr_parser *p, void *state) {
  (void)state;
  return tsr_parser_add_operand(p, 0);
}

static tsr_result parse_parallel(tsr_parser *p, tsr_block *into, tsr_op **out) {
  size_t first = p->pending_count;
  if (parse_list(p, parse_index_name, NULL) != TSR_OK ||
      tsr_parser_expect_word(p, "in") != TSR_OK ||
      parse_list(p, parse_size, NULL) != TSR_OK ||
      parse_optional_dict(p) != TSR_OK)
    return TSR_FAILED;
  size_t names = p->pending_count - first;
  size_t sizes = p->head.operands.size;
  if (names != sizes)
    return tsr_parser_error(p, p->head.loc, TSR_DIAG(parallel_size_count),
                            names, sizes);
  return parse_body(p, into, first, out);
}

// %first: index = [0 +2 x16]
static tsr_result parse_param(tsr_parser *p, void *state) {
  if (parse_typed_name(p) != TSR_OK || tsr_parser_expect(p, '=') != TSR_OK)
    return TSR_FAILED;
  const tsr_attr *runs = tsr_parser_attr(p, TSR_ATTR_RUNS);
  tsr_vec_append(state, (void *)(uintptr_t)runs);
  return runs ? TSR_OK : TSR_FAILED;
}

static tsr_result parse_params(tsr_parser *p) {
  tsr_vec runs;
  tsr_vec_init(&runs, &p->arena);
  if (!tsr_parser_take_word(p, "params"))
    return TSR_OK;
  if (parse_list(p, parse_param, &runs) != TSR_OK)
    return TSR_FAILED;
  set_attr(p, "params",
           tsr_attr_array(p->context, (const tsr_attr *const *)runs.data,
                          runs.size));
  return TSR_OK;
}

// core.launch (%x, %y) {order = column} on 8x8 params(...) {
static tsr_result parse_core_launch(tsr_parser *p, tsr_block *into,
                                    tsr_op **out) {
  size_t first = p->pending_count;
  if (parse_list(p, parse_index_name, NULL) != TSR_OK)
    return TSR_FAILED;
  if (p->pending_count - first != 2)
    return tsr_parser_error(p, p->head.loc, TSR_DIAG(launch_names));
  if (parse_optional_dict(p) != TSR_OK || parse_on_cores(p) != TSR_OK ||
      parse_params(p) != TSR_OK)
    return TSR_FAILED;
  return parse_body(p, into, first, out);
}

// -- if -----------------------------------------------------------------------

// An op like `op` with room for a second block, in its place.
static tsr_op *add_else_block(tsr_parser *p, tsr_op *op) {
  tsr_value *condition = tsr_op_operand(op, 0);
  tsr_op_desc desc = {.kind = TSR_OP_if_,
                      .loc = tsr_op_get_loc(op),
                      .operands = &condition,
                      .operand_count = 1,
                      .block_count = 2};
  size_t result_count = tsr_op_result_count(op);
  const tsr_type **types =
      TSR_NEW_ARRAY(&p->arena, const tsr_type *, result_count + 1);
  for (size_t i = 0; i < result_count; i++)
    types[i] = tsr_value_get_type(tsr_op_result(op, i));
  desc.result_types = types;
  desc.result_count = result_count;
  tsr_op *both = tsr_op_create(p->module, &desc);
  tsr_op_insert_before(both, op);
  for (tsr_op *inner = tsr_block_first(tsr_op_block(op, 0)), *next; inner;
       inner = next) {
    next = tsr_op_next(inner);
    tsr_op_remove(inner);
    tsr_block_append(tsr_op_block(both, 0), inner);
  }
  tsr_op_erase(op);
  return both;
}

// if %condition : tile<f32> { ... } else { ... }
static tsr_result parse_if(tsr_parser *p, tsr_block *into, tsr_op **out) {
  if (tsr_parser_add_operand(p, 0) != TSR_OK)
    return TSR_FAILED;
  if (tsr_parser_at(p, ':') && tsr_parser_types(p) != TSR_OK)
    return TSR_FAILED;
  if (parse_body(p, into, p->pending_count, out) != TSR_OK)
    return TSR_FAILED;
  if (!tsr_parser_take_word(p, "else"))
    return TSR_OK;
  *out = add_else_block(p, *out);
  return tsr_parser_block(p, tsr_op_block(*out, 1), p->scopes.count);
}

tsr_result tsr_parser_custom(tsr_parser *p, tsr_block *into, tsr_op **out) {
  tsr_op_kind kind = p->head.kind;
  if (kind == TSR_OP_program)
    return parse_program(p, into, out);
  if (kind == TSR_OP_kernel)
    return parse_kernel(p, into, out);
  if (kind == TSR_OP_for_)
    return parse_for(p, into, out);
  if (kind == TSR_OP_if_)
    return parse_if(p, into, out);
  if (kind == TSR_OP_tile_parallel)
    return parse_parallel(p, into, out);
  if (kind == TSR_OP_core_launch)
    return parse_core_launch(p, into, out);
  return parse_function(p, into, out);
}

// -- The module ---------------------------------------------------------------

static tsr_result parse_version(tsr_parser *p, tsr_op *op) {
  (void)op; // there is one version so far
  tsr_loc loc = tsr_parser_loc(p);
  int64_t version;
  if (tsr_parser_expect(p, '(') != TSR_OK ||
      tsr_parser_int(p, &version) != TSR_OK)
    return TSR_FAILED;
  if (version < 1 || version > TSR_IR_VERSION)
    return tsr_parser_error(p, loc, TSR_DIAG(parse_version), (long long)version,
                            TSR_IR_VERSION);
  return tsr_parser_expect(p, ')');
}

static tsr_result parse_target(tsr_parser *p, tsr_op *op) {
  if (tsr_parser_expect(p, '(') != TSR_OK)
    return TSR_FAILED;
  const tsr_attr *target = tsr_parser_string(p);
  if (!target)
    return TSR_FAILED;
  tsr_op_set_attr(op, "target", target);
  return tsr_parser_expect(p, ')');
}

static tsr_result parse_grid(tsr_parser *p, tsr_op *op) {
  uint32_t rows, cols;
  if (tsr_parser_expect(p, '(') != TSR_OK ||
      tsr_parser_pair(p, TSR_MAX_CORE_SIDE, "rows x columns of the grid", &rows,
                      &cols) != TSR_OK)
    return TSR_FAILED;
  tsr_core_range range = {0, 0, cols - 1, rows - 1};
  tsr_op_set_attr(op, "grid", tsr_attr_cores(p->context, &range, 1));
  return tsr_parser_expect(p, ')');
}

static tsr_result parse_passes(tsr_parser *p, tsr_op *op) {
  if (tsr_parser_expect(p, '=') != TSR_OK)
    return TSR_FAILED;
  tsr_loc loc = tsr_parser_loc(p);
  const tsr_attr *passes = tsr_parser_attr(p, TSR_ATTR_ARRAY);
  if (!passes)
    return TSR_FAILED;
  for (size_t i = 0; i < tsr_attr_count(passes); i++)
    if (tsr_attr_get_kind(tsr_attr_item(passes, i)) != TSR_ATTR_STRING)
      return tsr_parser_error(p, loc, TSR_DIAG(passes_not_strings));
  if (tsr_attr_count(passes) > 0)
    tsr_op_set_attr(op, "passes", passes);
  return TSR_OK;
}

typedef struct module_part {
  const char *name;
  tsr_result (*parse)(tsr_parser *p, tsr_op *op);
} module_part;

static const module_part module_parts[] = {{"version", parse_version},
                                           {"target", parse_target},
                                           {"grid", parse_grid},
                                           {"passes", parse_passes}};

static tsr_result parse_module_part(tsr_parser *p, tsr_op *op,
                                    uint32_t *io_seen) {
  tsr_loc loc = tsr_parser_loc(p);
  for (size_t i = 0; i < sizeof module_parts / sizeof module_parts[0]; i++) {
    if (!tsr_parser_take_word(p, module_parts[i].name))
      continue;
    if (*io_seen & 1u << i)
      return tsr_parser_error(p, loc, TSR_DIAG(module_part_twice),
                              module_parts[i].name);
    *io_seen |= 1u << i;
    return module_parts[i].parse(p, op);
  }
  return tsr_parser_expected(
      p, "version(...), target(...), grid(...), passes = [...] or '{'");
}

tsr_result tsr_parser_module_head(tsr_parser *p) {
  tsr_op *op = tsr_module_op(p->module);
  uint32_t seen = 0;
  tsr_parser_advance(p);
  if (p->token.kind == TSR_TOKEN_SYMBOL) {
    tsr_op_set_symbol(op, "name", tsr_parser_intern(p, &p->token));
    tsr_parser_advance(p);
  }
  while (!tsr_parser_at(p, '{'))
    if (parse_module_part(p, op, &seen) != TSR_OK)
      return TSR_FAILED;
  return TSR_OK;
}
