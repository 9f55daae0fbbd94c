// Functions that are called, made of what stands in one.
//
// Whatever a function over tensors has may as well stand in another that it
// calls, so modules without calls become modules that do the same with them.

#include "grow.h"

typedef struct caller {
  choices *c;
  tsr_module *module;
  tsr_op *func;
} caller;

static const tsr_loc nowhere = {NULL, 0, 0};

static void build_return(const caller *f, tsr_op *func,
                         tsr_value *const *values, uint32_t count) {
  tsr_builder end =
      tsr_builder_at_end(f->module, tsr_op_block(func, 0), nowhere);
  tsr_op_desc desc = {.kind = TSR_OP_return_,
                      .operands = values,
                      .operand_count = count,
                      .groups = &count};
  tsr_build(&end, &desc);
}

// A private function without arguments and ops, behind the one at hand.
static tsr_op *add_private(const caller *f) {
  tsr_block *functions = tsr_module_block(f->module);
  tsr_builder top = tsr_builder_at_end(f->module, functions, nowhere);
  const char *name = tsr_block_unique_symbol(functions, "called");
  tsr_op_desc desc = {.kind = TSR_OP_func, .block_count = 1};
  tsr_op *made = tsr_build(&top, &desc);
  tsr_op_set_symbol(made, "name", name);
  tsr_op_set_keyword(made, "visibility", "private");
  return made;
}

static tsr_op *build_call(tsr_builder *at, const tsr_op *callee,
                          tsr_value *const *operands, uint32_t operand_count,
                          const tsr_type *const *types, size_t count) {
  tsr_op_desc desc = {.kind = TSR_OP_call,
                      .operands = operands,
                      .operand_count = operand_count,
                      .groups = &operand_count,
                      .result_types = types,
                      .result_count = count};
  tsr_op *call = tsr_build(at, &desc);
  tsr_op_set_symbol(call, "callee", tsr_op_get_text(callee, "name"));
  return call;
}

enum { MOST_VALUES = 16 };

// Puts a function with nothing but `op` behind a call in its place.
static void outline_op(const caller *f, tsr_op *op) {
  tsr_value *operands[MOST_VALUES], *arguments[MOST_VALUES];
  tsr_value *results[MOST_VALUES];
  const tsr_type *types[MOST_VALUES];
  const tsr_attr *declared[MOST_VALUES];
  uint32_t taken = (uint32_t)tsr_op_operand_count(op);
  uint32_t given = (uint32_t)tsr_op_result_count(op);
  if (taken > MOST_VALUES || given > MOST_VALUES)
    return;
  tsr_op *made = add_private(f);
  tsr_block *body = tsr_op_block(made, 0);
  for (uint32_t i = 0; i < taken; i++) {
    operands[i] = tsr_op_operand(op, i);
    arguments[i] =
        tsr_block_add_arg(body, tsr_value_get_type(operands[i]), nowhere, "x");
  }
  tsr_context *context = tsr_module_get_context(f->module);
  for (uint32_t i = 0; i < given; i++) {
    results[i] = tsr_op_result(op, i);
    types[i] = tsr_value_get_type(results[i]);
    declared[i] = tsr_attr_type(context, types[i]);
  }
  tsr_builder at = tsr_builder_before(op);
  tsr_op *call = build_call(&at, made, operands, taken, types, given);
  for (uint32_t i = 0; i < given; i++)
    tsr_value_replace_uses(results[i], tsr_op_result(call, i));
  tsr_op_remove(op);
  tsr_block_append(body, op);
  for (uint32_t i = 0; i < taken; i++)
    tsr_op_set_operand(op, i, arguments[i]);
  build_return(f, made, results, given);
  tsr_op_set_attr(made, "results", tsr_attr_array(context, declared, given));
}

// Moves all that the function does into one that it calls, perhaps twice.
static void outline_body(const caller *f) {
  tsr_block *from = tsr_op_block(f->func, 0);
  const tsr_attr *declared = tsr_op_get_attr(f->func, "results");
  tsr_value *arguments[MOST_VALUES], *results[MOST_VALUES];
  const tsr_type *types[MOST_VALUES];
  uint32_t taken = (uint32_t)tsr_block_arg_count(from);
  uint32_t given = (uint32_t)tsr_attr_count(declared);
  if (taken > MOST_VALUES || given > MOST_VALUES)
    return;
  tsr_op *made = add_private(f);
  tsr_block *to = tsr_op_block(made, 0);
  for (uint32_t i = 0; i < taken; i++) {
    arguments[i] = tsr_block_arg(from, i);
    tsr_value_replace_uses(
        arguments[i],
        tsr_block_add_arg(to, tsr_value_get_type(arguments[i]), nowhere, "y"));
  }
  for (tsr_op *op; (op = tsr_block_first(from));) {
    tsr_op_remove(op);
    tsr_block_append(to, op);
  }
  tsr_op_set_attr(made, "results", declared);
  for (uint32_t i = 0; i < given; i++)
    types[i] = tsr_attr_get_type(tsr_attr_item(declared, i));
  tsr_builder end = tsr_builder_at_end(f->module, from, nowhere);
  tsr_op *call = NULL;
  for (uint32_t times = chance(f->c, 30) ? 2 : 1; times; times--)
    call = build_call(&end, made, arguments, taken, types, given);
  for (uint32_t i = 0; i < given; i++)
    results[i] = tsr_op_result(call, i);
  build_return(f, f->func, results, given);
}

void grow_calls(choices *c, tsr_module *module, tsr_op *func) {
  caller f = {c, module, func};
  for (uint32_t rounds = choose(c, 3); rounds; rounds--) {
    if (chance(c, 30))
      outline_body(&f);
    tsr_op *op = tsr_block_first(tsr_op_block(func, 0));
    for (tsr_op *next; (next = tsr_op_next(op)); op = next)
      if (chance(c, 40))
        outline_op(&f, op);
  }
}
