// The sizes of a program: which are one, and values for those nothing reads.
//
// Page arithmetic often needs no size at all once it is simplified, but the
// table of arguments of a kernel lists the sizes of its buffers all the same.

#include "layout_runtime_args.h"

#include <assert.h>
#include <string.h>

static uint32_t get_rank(const tsr_value *buffer) {
  return tsr_type_get_desc(tsr_value_get_type(buffer))->rank;
}

static uint64_t get_extent(const tsr_value *buffer, uint32_t axis) {
  return tsr_type_tile_extent(tsr_value_get_type(buffer), axis);
}

// Reads one axis of `same_sizes`: its place in `class_of`.
static tsr_result read_axis(tsr_pass_env *env, tsr_op *program,
                            const tsr_attr *list, size_t i, uint32_t *out) {
  const tsr_block *body = tsr_op_block(program, 0);
  const tsr_attr *arg = tsr_attr_item(list, i);
  const tsr_attr *axis = tsr_attr_item(list, i + 1);
  bool is_good = tsr_attr_get_kind(arg) == TSR_ATTR_INT &&
                 tsr_attr_get_kind(axis) == TSR_ATTR_INT &&
                 tsr_attr_get_int(arg) >= 0 && tsr_attr_get_int(axis) >= 0 &&
                 (uint64_t)tsr_attr_get_int(arg) < tsr_block_arg_count(body);
  if (is_good) {
    tsr_value *buffer = tsr_block_arg(body, (size_t)tsr_attr_get_int(arg));
    is_good = tsr_attr_get_int(axis) < (int64_t)get_rank(buffer);
  }
  if (!is_good)
    return tsr_diag_error(env->diag, program, TSR_DIAG(same_sizes_axis));
  *out =
      (uint32_t)(tsr_attr_get_int(arg) * TSR_MAX_RANK + tsr_attr_get_int(axis));
  return TSR_OK;
}

static tsr_value *get_buffer(const layout_sizes *sizes, uint32_t place) {
  return tsr_block_arg(tsr_op_block(sizes->program, 0), place / TSR_MAX_RANK);
}

static tsr_result join_class(layout_sizes *sizes, tsr_pass_env *env,
                             const tsr_attr *list) {
  if (tsr_attr_get_kind(list) != TSR_ATTR_ARRAY || tsr_attr_count(list) % 2)
    return tsr_diag_error(env->diag, sizes->program,
                          TSR_DIAG(same_sizes_shape));
  uint32_t first = 0, place = 0;
  for (size_t i = 0; i < tsr_attr_count(list); i += 2) {
    if (read_axis(env, sizes->program, list, i, &place) != TSR_OK)
      return TSR_FAILED;
    if (i == 0)
      first = place;
    uint64_t want = get_extent(get_buffer(sizes, first), first % TSR_MAX_RANK);
    uint64_t have = get_extent(get_buffer(sizes, place), place % TSR_MAX_RANK);
    if (want != have)
      return tsr_diag_error(env->diag, sizes->program,
                            TSR_DIAG(same_sizes_differ),
                            (unsigned long long)want, (unsigned long long)have);
    sizes->class_of[place] = first;
  }
  return TSR_OK;
}

tsr_result layout_sizes_init(layout_sizes *sizes, tsr_pass_env *env,
                             tsr_op *program) {
  size_t places = tsr_block_arg_count(tsr_op_block(program, 0)) * TSR_MAX_RANK;
  sizes->program = program;
  sizes->class_of = TSR_NEW_ARRAY(env->scratch, uint32_t, places + 1);
  for (size_t i = 0; i < places; i++)
    sizes->class_of[i] = (uint32_t)i;
  const tsr_attr *lists = tsr_op_get_attr(program, "same_sizes");
  for (size_t i = 0; lists && i < tsr_attr_count(lists); i++)
    if (join_class(sizes, env, tsr_attr_item(lists, i)) != TSR_OK)
      return TSR_FAILED;
  return TSR_OK;
}

static uint32_t get_class(const layout_sizes *sizes, const tsr_value *buffer,
                          uint32_t axis) {
  assert(tsr_value_get_block(buffer) == tsr_op_block(sizes->program, 0));
  return sizes->class_of[tsr_value_get_number(buffer) * TSR_MAX_RANK + axis];
}

tsr_op *layout_first_kernel(tsr_op *program) {
  tsr_op *op = tsr_block_first(tsr_op_block(program, 0));
  while (op && !tsr_op_is(op, TSR_OP_kernel))
    op = tsr_op_next(op);
  return op;
}

// What one would call a size: the rows and columns of a result, the axis that
// is summed over otherwise. Only a name.
static const char *get_name(const layout_sizes *sizes, uint32_t class) {
  const tsr_block *body = tsr_op_block(sizes->program, 0);
  for (size_t i = 0; i < tsr_block_arg_count(body); i++) {
    tsr_value *buffer = tsr_block_arg(body, i);
    if (!tsr_value_get_modifier(buffer))
      continue;
    uint32_t rank = get_rank(buffer);
    for (uint32_t axis = 0; axis < rank; axis++) {
      if (get_class(sizes, buffer, axis) != class)
        continue;
      if (axis + 1 == rank)
        return "nt";
      return axis + 2 == rank ? "mt" : "batch";
    }
  }
  return "kt";
}

tsr_value *layout_sizes_get(layout_sizes *sizes, tsr_value *buffer,
                            uint32_t axis) {
  uint32_t class = get_class(sizes, buffer, axis);
  tsr_op *kernel = layout_first_kernel(sizes->program);
  for (tsr_op *op = tsr_block_first(tsr_op_block(sizes->program, 0));
       op != kernel; op = tsr_op_next(op))
    if (tsr_op_is(op, TSR_OP_buffer_dim) &&
        get_class(sizes, tsr_op_operand(op, 0),
                  (uint32_t)tsr_op_get_int(op, "axis", 0)) == class)
      return tsr_op_result(op, 0);
  tsr_builder at = tsr_builder_before(kernel);
  const tsr_type *type = tsr_type_index(tsr_module_get_context(at.module));
  tsr_op *made = tsr_build_op(&at, TSR_OP_buffer_dim, type, 1, &buffer);
  tsr_op_set_int(made, "axis", axis);
  tsr_value_set_name(tsr_op_result(made, 0), get_name(sizes, class));
  return tsr_op_result(made, 0);
}
