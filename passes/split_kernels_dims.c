// Sizes of a launch's buffers as values of its program.
//
// A size is one value of the program, however many the function has for it, and
// is made where the function has none: page arithmetic takes sizes that the
// body never names.

#include "split_kernels.h"

static void *as_key(uint32_t class) { return (void *)((uintptr_t)class + 1); }

static uint32_t get_axis(const tsr_op *dim) {
  return (uint32_t)tsr_op_get_int(dim, "axis", 0);
}

static void *get_dim_key(split_job *split, const tsr_op *dim) {
  return as_key(
      split_sizes_class(split->sizes, tsr_op_operand(dim, 0), get_axis(dim)));
}

tsr_value *split_find_dim(split_job *split, tsr_value *buffer, uint32_t axis) {
  void *key = as_key(split_sizes_class(split->sizes, buffer, axis));
  tsr_value *own = tsr_map_find(&split->own_dims, key);
  return own ? own : tsr_map_find(&split->outer_dims, key);
}

void split_note_dim(split_job *split, tsr_op *op) {
  void *key = get_dim_key(split, op);
  if (!tsr_map_has(&split->outer_dims, key))
    tsr_map_set(&split->outer_dims, key, tsr_op_result(op, 0));
}

void split_note_own_dims(split_job *split, const tsr_op *op) {
  for (size_t i = 0; i < tsr_op_operand_count(op); i++) {
    tsr_value *value = tsr_op_operand(op, i);
    const tsr_op *def = tsr_value_get_def(value);
    if (!tsr_op_is(def, TSR_OP_buffer_dim))
      continue;
    void *key = get_dim_key(split, def);
    if (!tsr_map_has(&split->own_dims, key))
      tsr_map_set(&split->own_dims, key, value);
  }
  for (size_t b = 0; b < tsr_op_block_count(op); b++)
    for (const tsr_op *inner = tsr_block_first(tsr_op_block(op, b)); inner;
         inner = tsr_op_next(inner))
      split_note_own_dims(split, inner);
}

static tsr_value *build_dim(tsr_builder *at, tsr_value *buffer, uint32_t axis) {
  tsr_context *context = tsr_module_get_context(at->module);
  tsr_op *op =
      tsr_build_op(at, TSR_OP_buffer_dim, tsr_type_index(context), 1, &buffer);
  tsr_op_set_int(op, "axis", axis);
  return tsr_op_result(op, 0);
}

tsr_builder split_program_level(const split_job *split) {
  tsr_block *body = tsr_op_block(split->program, 0);
  tsr_builder at =
      tsr_builder_at_end(split->module, body, tsr_op_get_loc(split->launch));
  for (tsr_op *op = tsr_block_first(body); op && !at.before;
       op = tsr_op_next(op))
    if (tsr_op_is(op, TSR_OP_kernel))
      at.before = op;
  return at;
}

// A name for a size that the function gave none.
static void name_dim(split_job *split, tsr_value *size, const tsr_value *buffer,
                     uint32_t axis) {
  uint32_t rank = tsr_type_get_desc(tsr_value_get_type(buffer))->rank;
  const char *what = axis + 1 == rank ? "cols" : "rows";
  const char *name = tsr_value_get_name(buffer);
  if (axis + 2 < rank)
    what = "batch";
  tsr_value_set_name(size, tsr_arena_printf(split->env->scratch, "%s_%s",
                                            name ? name : "buffer", what));
}

tsr_value *split_get_dim(split_job *split, tsr_value *buffer, uint32_t axis) {
  tsr_value *known = split_find_dim(split, buffer, axis);
  if (known)
    return tsr_map_find(&split->outer, known);
  void *key = as_key(split_sizes_class(split->sizes, buffer, axis));
  tsr_value *size = tsr_map_find(&split->dims, key);
  if (!size) {
    tsr_builder at = split_program_level(split);
    size = build_dim(&at, tsr_map_find(&split->outer, buffer), axis);
    name_dim(split, size, buffer, axis);
    tsr_map_set(&split->dims, key, size);
  }
  return size;
}

void split_find_own_axis(split_job *split, tsr_value **buffer, uint32_t *axis) {
  uint32_t class = split_sizes_class(split->sizes, *buffer, *axis);
  if (tsr_vec_has(&split->buffers, *buffer))
    return;
  for (size_t i = 0; i < split->buffers.size; i++) {
    tsr_value *own = split->buffers.data[i];
    uint32_t rank = tsr_type_get_desc(tsr_value_get_type(own))->rank;
    for (uint32_t a = 0; a < rank; a++)
      if (split_sizes_class(split->sizes, own, a) == class) {
        *buffer = own;
        *axis = a;
        return;
      }
  }
}

void split_copy_dim(split_job *split, tsr_builder *at, tsr_op *dim) {
  tsr_value *buffer = tsr_op_operand(dim, 0);
  uint32_t axis = get_axis(dim);
  void *key = get_dim_key(split, dim);
  tsr_value *size = tsr_map_find(&split->dims, key);
  if (!size) {
    const tsr_value *named = split_find_dim(split, buffer, axis);
    split_find_own_axis(split, &buffer, &axis);
    size = build_dim(at, tsr_map_find(&split->outer, buffer), axis);
    tsr_value_set_name(size, tsr_value_get_name(named));
    tsr_map_set(&split->dims, key, size);
  }
  split_set_outer(split, tsr_op_result(dim, 0), size);
}

void split_set_same_sizes(split_job *split) {
  tsr_context *context = tsr_module_get_context(split->module);
  tsr_vec classes, keys;
  tsr_vec_init(&classes, split->env->scratch);
  tsr_vec_init(&keys, split->env->scratch);
  for (size_t i = 0; i < split->buffers.size; i++) {
    tsr_value *buffer = split->buffers.data[i];
    uint32_t rank = tsr_type_get_desc(tsr_value_get_type(buffer))->rank;
    for (uint32_t axis = 0; axis < rank; axis++) {
      void *key = as_key(split_sizes_class(split->sizes, buffer, axis));
      size_t at = 0;
      while (at < keys.size && keys.data[at] != key)
        at++;
      if (at == keys.size) {
        tsr_vec *list = TSR_NEW(split->env->scratch, tsr_vec);
        tsr_vec_init(list, split->env->scratch);
        tsr_vec_append(&keys, key);
        tsr_vec_append(&classes, list);
      }
      tsr_vec *list = classes.data[at];
      tsr_vec_append(list,
                     (void *)(uintptr_t)tsr_attr_int(context, (int64_t)i));
      tsr_vec_append(list, (void *)(uintptr_t)tsr_attr_int(context, axis));
    }
  }
  tsr_vec items;
  tsr_vec_init(&items, split->env->scratch);
  for (size_t i = 0; i < classes.size; i++) {
    const tsr_vec *list = classes.data[i];
    if (list->size > 2)
      tsr_vec_append(&items, (void *)(uintptr_t)tsr_attr_array(
                                 context, (const tsr_attr *const *)list->data,
                                 list->size));
  }
  if (items.size)
    tsr_op_set_attr(split->program, "same_sizes",
                    tsr_attr_array(context, (const tsr_attr *const *)items.data,
                                   items.size));
}
