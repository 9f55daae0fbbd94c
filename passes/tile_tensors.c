// tile: the tensors of a function, and which of their axes are one size.

#include "tile.h"

#include <assert.h>

tsr_tile_tensor *tsr_tile_get_tensor(const tsr_tiler *t,
                                     const tsr_value *value) {
  tsr_tile_tensor *found = tsr_map_find(&t->tensors_by_value, value);
  assert(found);
  return found;
}

static void add_tensor(tsr_tiler *t, tsr_value *value, bool is_argument) {
  tsr_tile_tensor *added = &t->tensors[t->tensor_count];
  *added =
      (tsr_tile_tensor){.value = value,
                        .desc = tsr_type_get_desc(tsr_value_get_type(value)),
                        .number = t->tensor_count++,
                        .first_result = TSR_TILE_NO_RESULT,
                        .is_argument = is_argument,
                        .has_zeros = is_argument};
  tsr_map_set(&t->tensors_by_value, value, added);
}

static void collect_tensors(tsr_tiler *t, tsr_block *block) {
  size_t count = tsr_block_arg_count(block);
  for (tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op))
    count += tsr_op_result_count(op);
  t->tensors = TSR_NEW_ARRAY(t->env->scratch, tsr_tile_tensor, count);
  t->sizes =
      TSR_NEW_ARRAY(t->env->scratch, tsr_tile_size, count * TSR_MAX_RANK);
  for (uint32_t i = 0; i < count * TSR_MAX_RANK; i++)
    t->sizes[i].parent = i;

  for (size_t i = 0; i < tsr_block_arg_count(block); i++)
    add_tensor(t, tsr_block_arg(block, i), true);
  for (tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op))
    for (size_t i = 0; i < tsr_op_result_count(op); i++)
      add_tensor(t, tsr_op_result(op, i), false);
  t->return_op = tsr_block_terminator(block);
}

// Links each tensor to the results it is, lowest first.
static void collect_results(tsr_tiler *t) {
  size_t count = tsr_op_operand_count(t->return_op);
  t->outs = TSR_NEW_ARRAY(t->env->scratch, tsr_value *, count);
  t->next_result = TSR_NEW_ARRAY(t->env->scratch, uint32_t, count);
  for (size_t i = count; i-- > 0;) {
    tsr_tile_tensor *result =
        tsr_tile_get_tensor(t, tsr_op_operand(t->return_op, i));
    t->next_result[i] = result->first_result;
    result->first_result = (uint32_t)i;
    result->is_used = true;
  }
}

// Walks the ops backwards, so users come first.
static void mark_used(tsr_tiler *t) {
  for (tsr_op *op = tsr_op_prev(t->return_op); op; op = tsr_op_prev(op)) {
    if (!tsr_tile_get_tensor(t, tsr_op_result(op, 0))->is_used)
      continue;
    for (size_t i = 0; i < tsr_op_operand_count(op); i++) {
      tsr_tile_tensor *operand = tsr_tile_get_tensor(t, tsr_op_operand(op, i));
      operand->is_used = true;
      if (tsr_op_is(op, TSR_OP_tensor_matmul))
        operand->needs_zeros = true;
    }
  }
}

void tsr_tile_collect(tsr_tiler *t, tsr_block *block) {
  collect_tensors(t, block);
  collect_results(t);
  mark_used(t);
}

// -- sizes --------------------------------------------------------------------

tsr_tile_size *tsr_tile_find_size(tsr_tiler *t, const tsr_tile_tensor *of,
                                  uint32_t axis) {
  uint32_t i = (uint32_t)(of->number * TSR_MAX_RANK) + axis;
  while (t->sizes[i].parent != i) {
    t->sizes[i].parent = t->sizes[t->sizes[i].parent].parent;
    i = t->sizes[i].parent;
  }
  return &t->sizes[i];
}

static void join_sizes(tsr_tiler *t, const tsr_tile_tensor *a, uint32_t a_axis,
                       const tsr_tile_tensor *b, uint32_t b_axis) {
  tsr_tile_find_size(t, b, b_axis)->parent =
      (uint32_t)(tsr_tile_find_size(t, a, a_axis) - t->sizes);
}

bool tsr_tile_find_batch_axis(const tsr_tile_tensor *operand,
                              const tsr_tile_tensor *result, uint32_t axis,
                              uint32_t *out_axis) {
  uint32_t missing = result->desc->rank - operand->desc->rank;
  if (axis < missing)
    return false;
  *out_axis = axis - missing;
  return true;
}

static void join_matmul_sizes(tsr_tiler *t, const tsr_op *op,
                              const tsr_tile_tensor *c) {
  const tsr_tile_tensor *a = tsr_tile_get_tensor(t, tsr_op_operand(op, 0));
  const tsr_tile_tensor *b = tsr_tile_get_tensor(t, tsr_op_operand(op, 1));
  uint32_t a_rank = a->desc->rank, b_rank = b->desc->rank;
  uint32_t rank = c->desc->rank, axis;
  for (uint32_t batch = 0; batch + 2 < rank; batch++) {
    if (tsr_tile_find_batch_axis(a, c, batch, &axis))
      join_sizes(t, c, batch, a, axis);
    if (tsr_tile_find_batch_axis(b, c, batch, &axis))
      join_sizes(t, c, batch, b, axis);
  }
  join_sizes(t, c, rank - 2, a, a_rank - 2);
  join_sizes(t, c, rank - 1, b, b_rank - 1);
  join_sizes(t, a, a_rank - 1, b, b_rank - 2);
}

void tsr_tile_join_sizes(tsr_tiler *t) {
  for (size_t i = 0; i < t->tensor_count; i++) {
    const tsr_tile_tensor *result = &t->tensors[i];
    const tsr_op *op = tsr_value_get_def(result->value);
    if (!op || !result->is_used)
      continue;
    if (tsr_op_is(op, TSR_OP_tensor_matmul)) {
      join_matmul_sizes(t, op, result);
      continue;
    }
    for (size_t operand = 0; operand < tsr_op_operand_count(op); operand++)
      for (uint32_t axis = 0; axis < result->desc->rank; axis++)
        join_sizes(t, result, axis,
                   tsr_tile_get_tensor(t, tsr_op_operand(op, operand)), axis);
  }
}
