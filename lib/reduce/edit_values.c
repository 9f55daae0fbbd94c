// Edits that simplify what ops use, what functions give and what they take.

#include "impl.h"

#include <string.h>

// -- Operands -----------------------------------------------------------------

// The function's argument that could stand for operand `i`, if it is none yet.
static tsr_value *find_simpler(const tsr_op *op, size_t i) {
  tsr_value *value = tsr_op_operand(op, i);
  if (!tsr_value_get_def(value))
    return NULL;
  const tsr_op *function = op;
  while (function && !tsr_op_has_trait(function, TSR_TRAIT_ISOLATED))
    function = tsr_op_get_parent(function);
  const tsr_block *block = function ? tsr_op_block(function, 0) : NULL;
  for (size_t a = 0; block && a < tsr_block_arg_count(block); a++)
    if (tsr_value_get_type(tsr_block_arg(block, a)) ==
        tsr_value_get_type(value))
      return tsr_block_arg(block, a);
  return NULL;
}

static void find_operands(const scene *s, spots *out) {
  for (size_t i = 1; i < s->count; i++)
    for (size_t k = 0; k < tsr_op_operand_count(s->ops[i]); k++)
      if (find_simpler(s->ops[i], k))
        spots_add(out, (spot){.op = i, .part = k});
}

static bool simplify_operand(scene *s, const spot *at) {
  tsr_op *op = s->ops[at->op];
  tsr_value *simpler = find_simpler(op, at->part);
  if (simpler)
    tsr_op_set_operand(op, at->part, simpler);
  return simpler != NULL;
}

const edit_kind edit_operands = {"use arguments", find_operands,
                                 simplify_operand};

// -- Functions and what belongs to them ---------------------------------------

static bool is_same_function(const tsr_op *a, const tsr_op *b) {
  return strcmp(tsr_op_get_text(a, "name"), tsr_op_get_text(b, "name")) == 0;
}

// A function and its reference have one interface.
static tsr_op *next_of_function(const scene *s, const tsr_op *function,
                                tsr_op *before) {
  tsr_op *op = before ? tsr_op_next(before)
                      : tsr_block_first(tsr_module_block(s->module));
  for (; op; op = tsr_op_next(op))
    if (tsr_op_has_trait(op, TSR_TRAIT_FUNCTION) &&
        is_same_function(op, function))
      return op;
  return NULL;
}

// True for a call or a launch of `function`.
static bool is_use_of(const tsr_op *op, const tsr_op *function) {
  const char *name = NULL;
  if (tsr_op_is(op, TSR_OP_launch))
    name = tsr_op_get_text(op, "program");
  else if (tsr_op_is(op, TSR_OP_call))
    name = tsr_op_get_text(op, "callee");
  return name && strcmp(name, tsr_op_get_text(function, "name")) == 0;
}

// -- Results ------------------------------------------------------------------

static void find_results(const scene *s, spots *out) {
  for (size_t i = 1; i < s->count; i++) {
    const tsr_attr *results = tsr_op_get_attr(s->ops[i], "results");
    for (size_t k = 0; results && k < tsr_attr_count(results); k++)
      spots_add(out, (spot){.op = i, .part = k});
  }
}

static const tsr_attr *without(scene *s, const tsr_attr *array, size_t at) {
  size_t count = tsr_attr_count(array), kept = 0;
  const tsr_attr **items = TSR_NEW_ARRAY(&s->arena, const tsr_attr *, count);
  for (size_t i = 0; i < count; i++)
    if (i != at)
      items[kept++] = tsr_attr_item(array, i);
  return tsr_attr_array(tsr_module_get_context(s->module), items, kept);
}

static void drop_operand(scene *s, tsr_op *op, size_t at) {
  size_t count = tsr_op_operand_count(op), kept = 0;
  tsr_value **operands = TSR_NEW_ARRAY(&s->arena, tsr_value *, count);
  for (size_t i = 0; i < count; i++)
    if (i != at)
      operands[kept++] = tsr_op_operand(op, i);
  uint32_t groups[] = {(uint32_t)kept};
  tsr_op_set_operands(op, operands, kept, groups);
}

static void drop_result(scene *s, tsr_op *function, size_t at) {
  const tsr_attr *results = tsr_op_get_attr(function, "results");
  tsr_op *end = tsr_block_terminator(tsr_op_block(function, 0));
  if (!results || !end || at >= tsr_attr_count(results) ||
      at >= tsr_op_operand_count(end))
    return;
  tsr_op_set_attr(function, "results", without(s, results, at));
  drop_operand(s, end, at);
}

static tsr_op *copy_without_result(scene *s, const tsr_op *call, size_t at) {
  size_t count = tsr_op_operand_count(call), kept = 0;
  size_t most = tsr_op_result_count(call);
  tsr_value **operands = TSR_NEW_ARRAY(&s->arena, tsr_value *, count + 1);
  const tsr_type **types = TSR_NEW_ARRAY(&s->arena, const tsr_type *, most);
  for (size_t i = 0; i < count; i++)
    operands[i] = tsr_op_operand(call, i);
  for (size_t i = 0; i < most; i++)
    if (i != at)
      types[kept++] = tsr_value_get_type(tsr_op_result(call, i));
  uint32_t groups[] = {(uint32_t)count};
  tsr_op_desc desc = {.kind = TSR_OP_call,
                      .loc = tsr_op_get_loc(call),
                      .operands = operands,
                      .operand_count = count,
                      .groups = groups,
                      .result_types = types,
                      .result_count = kept};
  tsr_op *copy = tsr_op_create(s->module, &desc);
  tsr_op_set_symbol(copy, "callee", tsr_op_get_text(call, "callee"));
  return copy;
}

// The call without a result that has no uses.
static void drop_called(scene *s, tsr_op *call, size_t at) {
  tsr_op *copy = copy_without_result(s, call, at);
  for (size_t i = 0, k = 0; i < tsr_op_result_count(call); i++) {
    tsr_value *result = tsr_op_result(call, i);
    if (i == at)
      continue;
    tsr_value_set_name(tsr_op_result(copy, k), tsr_value_get_name(result));
    tsr_value_replace_uses(result, tsr_op_result(copy, k++));
  }
  tsr_op_insert_before(copy, call);
  scene_replace(s, call, copy);
}

// Calls that are left without a result have nothing to call for.
static bool drop_called_results(scene *s, const tsr_op *function, size_t at) {
  for (size_t i = 1; i < s->count; i++) {
    tsr_op *call = s->ops[i];
    if (!is_use_of(call, function) || at >= tsr_op_result_count(call))
      continue;
    if (!scene_replace_uses(s, tsr_op_result(call, at)))
      return false;
    if (tsr_op_result_count(call) == 1)
      scene_erase(s, call);
    else
      drop_called(s, call, at);
  }
  return true;
}

static bool apply_result(scene *s, const spot *at) {
  const tsr_op *function = s->ops[at->op];
  if (!drop_called_results(s, function, at->part))
    return false;
  for (tsr_op *op = NULL; (op = next_of_function(s, function, op));)
    drop_result(s, op, at->part);
  return true;
}

const edit_kind edit_results = {"drop results", find_results, apply_result};

// -- Arguments ----------------------------------------------------------------

static void find_arguments(const scene *s, spots *out) {
  for (size_t i = 1; i < s->count; i++)
    for (size_t k = 0; tsr_op_has_trait(s->ops[i], TSR_TRAIT_FUNCTION) &&
                       k < tsr_block_arg_count(tsr_op_block(s->ops[i], 0));
         k++)
      spots_add(out, (spot){.op = i, .part = k});
}

// Calls and launches lose what the function no longer takes.
static void drop_passed(scene *s, const tsr_op *function, size_t at) {
  for (size_t i = 1; i < s->count; i++)
    if (is_use_of(s->ops[i], function) && at < tsr_op_operand_count(s->ops[i]))
      drop_operand(s, s->ops[i], at);
}

static bool drop_argument(scene *s, const spot *at) {
  const tsr_op *function = s->ops[at->op];
  for (tsr_op *op = NULL; (op = next_of_function(s, function, op));) {
    tsr_block *block = tsr_op_block(op, 0);
    if (at->part >= tsr_block_arg_count(block) ||
        !scene_replace_uses(s, tsr_block_arg(block, at->part)))
      return false;
    tsr_block_erase_arg(block, at->part);
  }
  drop_passed(s, function, at->part);
  return true;
}

const edit_kind edit_arguments = {"drop arguments", find_arguments,
                                  drop_argument};

// -- Arguments of kernels -----------------------------------------------------

// A row of the table is [kind, place], and has an operand, or it is [kind,
// place, symbol].
static size_t operand_of_row(const tsr_attr *table, size_t row) {
  size_t at = 0;
  for (size_t i = 0; i < row; i++)
    at += tsr_attr_count(tsr_attr_item(table, i)) == 2;
  return at;
}

static void find_rows(const scene *s, spots *out) {
  for (size_t i = 1; i < s->count; i++) {
    const tsr_attr *table = tsr_op_is(s->ops[i], TSR_OP_kernel)
                                ? tsr_op_get_attr(s->ops[i], "args")
                                : NULL;
    for (size_t k = 0; table && k < tsr_attr_count(table); k++)
      spots_add(out, (spot){.op = i, .part = k});
  }
}

static bool drop_row(scene *s, const spot *at) {
  tsr_op *kernel = s->ops[at->op];
  const tsr_attr *table = tsr_op_get_attr(kernel, "args");
  tsr_block *block = tsr_op_block(kernel, 0);
  if (!scene_replace_uses(s, tsr_block_arg(block, at->part)))
    return false;
  tsr_block_erase_arg(block, at->part);
  if (tsr_attr_count(tsr_attr_item(table, at->part)) == 2)
    drop_operand(s, kernel, operand_of_row(table, at->part));
  tsr_op_set_attr(kernel, "args", without(s, table, at->part));
  return true;
}

const edit_kind edit_kernel_arguments = {"drop arguments of kernels", find_rows,
                                         drop_row};
