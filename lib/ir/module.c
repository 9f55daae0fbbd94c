// Modules: creating, copying, naming values.

#include "impl.h"
#include "tessera/buffer.h"
#include "tessera/vector.h"

#include <assert.h>
#include <string.h>

tsr_module *tsr_module_create(tsr_context *context) {
  tsr_module *module = tsr_space_create(sizeof *module);
  module->context = context;
  tsr_bytes_map_init(&module->constants);
  tsr_op_desc desc = {.kind = TSR_OP_module, .block_count = 1};
  module->op = tsr_op_create(module, &desc);
  return module;
}

void tsr_module_destroy(tsr_module *module) {
  if (!module)
    return;
  tsr_bytes_map_deinit(&module->constants);
  tsr_space_destroy(&module->space);
}

tsr_context *tsr_module_get_context(const tsr_module *module) {
  return module->context;
}

uint64_t tsr_module_get_changes(const tsr_module *module) {
  return module->changes;
}

size_t tsr_module_memory_bytes(const tsr_module *module) {
  return tsr_space_used_bytes(&module->space);
}

tsr_op *tsr_module_op(const tsr_module *module) { return module->op; }

tsr_block *tsr_module_block(const tsr_module *module) {
  return ir_block(module->op, 0);
}

// -- copying ------------------------------------------------------------------

static tsr_value *map_value(tsr_module *into, const tsr_map *map,
                            const tsr_value *value) {
  tsr_value *mapped = tsr_map_find(map, value);
  if (mapped)
    return mapped;
  if (value->kind == IR_INDEX)
    return tsr_module_index(into, ir_value_constant(value));
  if (value->kind == IR_BOOL)
    return tsr_module_bool(into, ir_value_constant(value) != 0);
  if (value->kind == IR_ALL)
    return tsr_module_all(into);
  return (tsr_value *)value; // defined outside of what is copied
}

static void copy_block(const tsr_block *from, tsr_block *to, tsr_module *into,
                       tsr_map *map) {
  for (size_t i = 0; i < from->arg_count; i++) {
    const tsr_value *arg = ir_block_arg(from, i);
    tsr_value *copy = tsr_block_add_arg(
        to, ir_type(arg), tsr_value_get_loc(arg), ir_value_name(arg));
    tsr_value_set_modifier(copy, tsr_value_get_modifier(arg));
    tsr_map_set(map, arg, copy);
  }
  for (const tsr_op *op = ir_first(from); op; op = ir_next(op))
    tsr_block_append(to, tsr_op_clone(op, into, map));
}

tsr_op *tsr_op_clone(const tsr_op *op, tsr_module *into, tsr_map *map) {
  assert(map);
  tsr_vec operands;
  tsr_vec_init(&operands, NULL);
  for (uint32_t i = 0; i < op->operand_count; i++)
    tsr_vec_append(&operands, map_value(into, map, ir_operand(op, i)));
  tsr_vec types;
  tsr_vec_init(&types, NULL);
  for (uint32_t i = 0; i < op->result_count; i++)
    tsr_vec_append(&types, (void *)(uintptr_t)ir_type(ir_result(op, i)));
  tsr_op_desc desc = {.kind = (tsr_op_kind)op->kind,
                      .loc = tsr_op_get_loc(op),
                      .operands = (tsr_value *const *)operands.data,
                      .operand_count = op->operand_count,
                      .groups = op->has_groups ? ir_groups(op) : NULL,
                      .result_types = (const tsr_type *const *)types.data,
                      .result_count = op->result_count,
                      .block_count = op->block_count};
  tsr_op *copy = tsr_op_create_with(into, &desc, op->attr_count);
  into->has_odd_names = into->has_odd_names || ir_module(op)->has_odd_names;
  tsr_vec_deinit(&operands);
  tsr_vec_deinit(&types);
  for (uint16_t i = 0; i < op->attr_count; i++)
    tsr_op_set_attr(copy, ir_attr_name(op, i), ir_attr_value(op, i));
  for (uint32_t i = 0; i < op->result_count; i++) {
    ir_result(copy, i)->name = ir_result(op, i)->name;
    tsr_map_set(map, ir_result(op, i), ir_result(copy, i));
  }
  for (uint32_t b = 0; b < op->block_count; b++)
    copy_block(ir_block(op, b), ir_block(copy, b), into, map);
  return copy;
}

tsr_module *tsr_module_clone(const tsr_module *module) {
  tsr_module *copy = tsr_module_create(module->context);
  tsr_map map;
  tsr_map_init(&map);
  copy->op = tsr_op_clone(module->op, copy, &map);
  tsr_map_deinit(&map);
  return copy;
}

// -- names --------------------------------------------------------------------

// Kernels are scopes of their own: none sees the values of another, and each
// is printed to a file of its own, so their names need not differ.
static void collect_values_of(const tsr_op *op, tsr_vec *values) {
  for (uint32_t i = 0; i < op->result_count; i++)
    tsr_vec_append(values, ir_result(op, i));
  for (uint32_t b = 0; b < op->block_count; b++) {
    const tsr_block *block = ir_block(op, b);
    for (size_t i = 0; i < block->arg_count; i++)
      tsr_vec_append(values, ir_block_arg(block, i));
  }
}

// The first op in the blocks of `op` from number `b` on, or NULL.
static const tsr_op *first_inside(const tsr_op *op, uint32_t b) {
  const tsr_op *first = NULL;
  for (; b < op->block_count && !first; b++)
    first = ir_first(ir_block(op, b));
  return first;
}

// The op in `outer` that comes behind `op` and all it holds, or NULL.
static const tsr_op *next_behind(const tsr_op *outer, const tsr_op *op) {
  const tsr_op *next = NULL;
  while (op != outer && !(next = ir_next(op))) {
    const tsr_block *block = ir_parent_block(op);
    op = ir_block_op(block);
    next = first_inside(op, (uint32_t)(block - ir_block(op, 0)) + 1);
    if (next)
      break;
  }
  return next;
}

// Nothing has verified the module yet, so its depth has no limit: no recursion.
static void collect_values(const tsr_op *outer, tsr_vec *values) {
  for (const tsr_op *op = outer, *next; op; op = next) {
    bool is_other_scope = op != outer && op->kind == TSR_OP_kernel;
    if (!is_other_scope)
      collect_values_of(op, values);
    next = is_other_scope ? NULL : first_inside(op, 0);
    next = next ? next : next_behind(outer, op);
  }
}

// Claims `name` for one value of the scope that has this mark; false when it is
// taken.
static bool claim(uint32_t scope, const char *name) {
  ir_name *interned = ir_name_of(name);
  if (interned->mark == scope)
    return false;
  interned->mark = scope;
  return true;
}

// Makes the names of `values` unique among themselves and those of `outer`
// (NULL: none), which stay.
static void name_scope(tsr_module *module, const tsr_vec *outer,
                       const tsr_vec *values) {
  uint32_t scope = ++module->context->last_mark;
  tsr_map last_suffix;
  tsr_map_init(&last_suffix);
  for (size_t i = 0; outer && i < outer->size; i++)
    (void)claim(scope, ir_value_name(outer->data[i]));
  tsr_vec repeats;
  tsr_vec_init(&repeats, NULL);
  // Names that stand come first, so that no made-up name takes theirs.
  for (size_t i = 0; i < values->size; i++) {
    tsr_value *value = values->data[i];
    if (value->name && !claim(scope, ir_value_name(value)))
      tsr_vec_append(&repeats, value);
  }
  tsr_buffer text;
  tsr_buffer_init(&text);
  for (size_t i = 0; i < repeats.size; i++) {
    tsr_value *value = repeats.data[i];
    const char *base = ir_value_name(value), *name;
    uintptr_t suffix = (uintptr_t)tsr_map_find(&last_suffix, base);
    do {
      tsr_buffer_clear(&text);
      tsr_buffer_printf(&text, "%s_%zu", base, (size_t)++suffix);
      name = tsr_context_intern_bytes(module->context, text.data, text.size);
    } while (!claim(scope, name));
    value->name = ir_name_ref(name);
    tsr_map_set(&last_suffix, base, (void *)suffix);
  }
  size_t number = 0;
  for (size_t i = 0; i < values->size; i++) {
    tsr_value *value = values->data[i];
    while (!value->name) {
      tsr_buffer_clear(&text);
      tsr_buffer_printf(&text, "%zu", number++);
      const char *name =
          tsr_context_intern_bytes(module->context, text.data, text.size);
      if (claim(scope, name))
        value->name = ir_name_ref(name);
    }
  }
  tsr_buffer_deinit(&text);
  tsr_vec_deinit(&repeats);
  tsr_map_deinit(&last_suffix);
}

static void name_function(tsr_module *module, tsr_op *function) {
  tsr_vec values, inner;
  tsr_vec_init(&values, NULL);
  tsr_vec_init(&inner, NULL);
  collect_values(function, &values);
  name_scope(module, NULL, &values);
  tsr_op *op = function->block_count ? ir_first(ir_block(function, 0)) : NULL;
  for (; op; op = ir_next(op)) {
    if (op->kind != TSR_OP_kernel)
      continue;
    inner.size = 0;
    collect_values(op, &inner);
    name_scope(module, &values, &inner);
  }
  tsr_vec_deinit(&values);
  tsr_vec_deinit(&inner);
}

void tsr_module_name_values(tsr_module *module) {
  if (module->is_named)
    return;
  for (tsr_op *op = ir_first(tsr_module_block(module)); op; op = ir_next(op))
    name_function(module, op);
  module->is_named = true;
}
