// Which axes of a function's buffers have one size.
//
// A program should name a size once: Kt, not the columns of A and the rows of
// B. Equal numbers alone prove nothing (a square matrix has two sizes), so the
// evidence is where the sizes come from: the types of the reference, and index
// values that walk two axes at once. Union-find over all axes.

#include "split_kernels.h"

#include <string.h>

void split_sizes_deinit(split_sizes *sizes) { tsr_map_deinit(&sizes->first); }

// The number of axis 0 of `value`; its other axes follow.
static uint32_t number_axes(split_sizes *sizes, tsr_value *value) {
  uintptr_t known = (uintptr_t)tsr_map_find(&sizes->first, value);
  if (known)
    return (uint32_t)(known - 1);
  uint32_t first = (uint32_t)sizes->count;
  sizes->count += TSR_MAX_RANK;
  sizes->parent = tsr_array_grow(sizes->arena, sizes->parent, &sizes->capacity,
                                 sizes->count, sizeof *sizes->parent);
  for (uint32_t i = 0; i < TSR_MAX_RANK; i++)
    sizes->parent[first + i] = first + i;
  tsr_map_set(&sizes->first, value, (void *)((uintptr_t)first + 1));
  return first;
}

static uint32_t find_root(split_sizes *sizes, uint32_t axis) {
  while (sizes->parent[axis] != axis) {
    sizes->parent[axis] = sizes->parent[sizes->parent[axis]];
    axis = sizes->parent[axis];
  }
  return axis;
}

uint32_t split_sizes_class(split_sizes *sizes, tsr_value *buffer,
                           uint32_t axis) {
  return find_root(sizes, number_axes(sizes, buffer) + axis);
}

static const tsr_type_desc *get_desc(const tsr_value *value) {
  return tsr_type_get_desc(tsr_value_get_type(value));
}

// The lower number stays the root: classes do not depend on the order of joins.
static void join(split_sizes *sizes, tsr_value *a, uint32_t a_axis,
                 tsr_value *b, uint32_t b_axis) {
  uint32_t x = split_sizes_class(sizes, a, a_axis);
  uint32_t y = split_sizes_class(sizes, b, b_axis);
  if (x < y)
    sizes->parent[y] = x;
  else
    sizes->parent[x] = y;
}

// Joins all axes of two values of one shape.
static void join_all(split_sizes *sizes, tsr_value *a, tsr_value *b) {
  const tsr_type_desc *x = get_desc(a), *y = get_desc(b);
  if (x->rank != y->rank)
    return;
  for (uint32_t i = 0; i < x->rank; i++)
    if (x->extents[i] == y->extents[i])
      join(sizes, a, i, b, i);
}

// -- what tensor types say ----------------------------------------------------

static void join_matmul(split_sizes *sizes, tsr_op *op) {
  tsr_value *a = tsr_op_operand(op, 0), *b = tsr_op_operand(op, 1);
  tsr_value *c = tsr_op_result(op, 0);
  uint32_t rank = get_desc(c)->rank, b_rank = get_desc(b)->rank;
  if (get_desc(a)->rank != rank || rank < 2 || b_rank < 2)
    return;
  join(sizes, a, rank - 1, b, b_rank - 2);
  join(sizes, c, rank - 1, b, b_rank - 1);
  join(sizes, c, rank - 2, a, rank - 2);
  for (uint32_t i = 0; i + 2 < rank; i++) {
    join(sizes, c, i, a, i);
    if (b_rank == rank)
      join(sizes, c, i, b, i);
  }
}

static void join_tensor_op(split_sizes *sizes, tsr_op *op) {
  if (tsr_op_is(op, TSR_OP_tensor_matmul)) {
    join_matmul(sizes, op);
    return;
  }
  for (size_t i = 0; i < tsr_op_operand_count(op); i++)
    join_all(sizes, tsr_op_operand(op, i), tsr_op_result(op, 0));
}

static tsr_op *find_reference(tsr_op *func) {
  const char *name = tsr_op_get_text(func, "name");
  for (tsr_op *op = tsr_block_first(tsr_op_get_parent_block(func)); op;
       op = tsr_op_next(op))
    if (tsr_op_is(op, TSR_OP_reference) &&
        !strcmp(tsr_op_get_text(op, "name"), name))
      return op;
  return NULL;
}

static tsr_value *find_tensor(tsr_block *reference, const char *name) {
  for (tsr_op *op = tsr_block_first(reference); op; op = tsr_op_next(op)) {
    if (!tsr_op_result_count(op))
      continue;
    const char *text = tsr_value_get_name(tsr_op_result(op, 0));
    if (text && !strcmp(text, name))
      return tsr_op_result(op, 0);
  }
  return NULL;
}

// Ties the buffers of the function to the tensors they hold: arguments, then
// results, then intermediates by the value they say they are.
static void join_buffers(split_sizes *sizes, tsr_block *body,
                         tsr_block *reference) {
  size_t input_count = tsr_block_arg_count(reference);
  const tsr_op *end = tsr_block_terminator(reference);
  for (size_t i = 0; i < tsr_block_arg_count(body); i++) {
    if (i < input_count)
      join_all(sizes, tsr_block_arg(body, i), tsr_block_arg(reference, i));
    else if (end && i - input_count < tsr_op_operand_count(end))
      join_all(sizes, tsr_block_arg(body, i),
               tsr_op_operand(end, i - input_count));
  }
  for (tsr_op *op = tsr_block_first(body); op; op = tsr_op_next(op)) {
    const char *source = tsr_op_is(op, TSR_OP_buffer_alloc)
                             ? tsr_op_get_text(op, "source")
                             : NULL;
    tsr_value *tensor = source ? find_tensor(reference, source) : NULL;
    if (tensor)
      join_all(sizes, tsr_op_result(op, 0), tensor);
  }
}

static void join_by_types(split_sizes *sizes, tsr_op *func) {
  tsr_op *reference = find_reference(func);
  if (!reference)
    return;
  tsr_block *body = tsr_op_block(reference, 0);
  for (tsr_op *op = tsr_block_first(body); op; op = tsr_op_next(op))
    if (tsr_op_has_trait(op, TSR_TRAIT_TENSOR_MATH))
      join_tensor_op(sizes, op);
  join_buffers(sizes, tsr_op_block(func, 0), body);
}

// -- what indices say ---------------------------------------------------------

// An index value, and the axis it was first seen to walk.
typedef struct index_walker {
  tsr_value *buffer;
  uint32_t axis;
} index_walker;

static uint64_t get_extent(const tsr_value *buffer, uint32_t axis) {
  return tsr_type_tile_extent(tsr_value_get_type(buffer), axis);
}

static void join_access(split_sizes *sizes, tsr_map *walkers, tsr_op *op,
                        size_t buffer_group) {
  tsr_value *buffer = tsr_op_group_operand(op, buffer_group, 0);
  for (uint32_t axis = 0; axis < tsr_op_group_size(op, buffer_group + 1);
       axis++) {
    tsr_value *index = tsr_op_group_operand(op, buffer_group + 1, axis);
    if (tsr_value_is_constant(index))
      continue;
    index_walker *seen = tsr_map_find(walkers, index);
    if (!seen) {
      seen = TSR_NEW(sizes->arena, index_walker);
      *seen = (index_walker){.buffer = buffer, .axis = axis};
      tsr_map_set(walkers, index, seen);
    } else if (get_extent(seen->buffer, seen->axis) ==
               get_extent(buffer, axis)) {
      join(sizes, seen->buffer, seen->axis, buffer, axis);
    }
  }
}

static void join_by_indices(split_sizes *sizes, tsr_map *walkers, tsr_op *op) {
  if (tsr_op_is(op, TSR_OP_tile_load))
    join_access(sizes, walkers, op, 0);
  else if (tsr_op_is(op, TSR_OP_tile_store))
    join_access(sizes, walkers, op, 1);
  for (size_t b = 0; b < tsr_op_block_count(op); b++)
    for (tsr_op *inner = tsr_block_first(tsr_op_block(op, b)); inner;
         inner = tsr_op_next(inner))
      join_by_indices(sizes, walkers, inner);
}

void split_sizes_init(split_sizes *out, tsr_arena *arena, tsr_op *func) {
  *out = (split_sizes){.arena = arena};
  tsr_map_init(&out->first);
  // Numbers first, in order: roots are then the same after a round trip.
  tsr_block *body = tsr_op_block(func, 0);
  for (size_t i = 0; i < tsr_block_arg_count(body); i++)
    number_axes(out, tsr_block_arg(body, i));
  join_by_types(out, func);
  tsr_map walkers;
  tsr_map_init(&walkers);
  join_by_indices(out, &walkers, func);
  tsr_map_deinit(&walkers);
}
