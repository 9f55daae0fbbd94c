// Modules: creating, copying, naming values.

#include "impl.h"
#include "tessera/buffer.h"
#include "tessera/vector.h"

#include <assert.h>
#include <string.h>

tsr_module *tsr_module_create(tsr_context *context) {
  tsr_module *module = tsr_mem_resize(NULL, sizeof *module);
  module->context = context;
  tsr_arena_init(&module->arena);
  tsr_bytes_map_init(&module->constants);
  tsr_op_desc desc = {.kind = TSR_OP_module, .block_count = 1};
  module->op = tsr_op_create(module, &desc);
  return module;
}

void tsr_module_destroy(tsr_module *module) {
  if (!module)
    return;
  tsr_bytes_map_deinit(&module->constants);
  tsr_arena_deinit(&module->arena);
  tsr_mem_resize(module, 0);
}

tsr_context *tsr_module_get_context(const tsr_module *module) {
  return module->context;
}

tsr_op *tsr_module_op(const tsr_module *module) { return module->op; }

tsr_block *tsr_module_block(const tsr_module *module) {
  return &module->op->blocks[0];
}

// -- copying ------------------------------------------------------------------

static tsr_value *map_value(tsr_module *into, const tsr_map *map,
                            const tsr_value *value) {
  tsr_value *mapped = tsr_map_find(map, value);
  if (mapped)
    return mapped;
  if (value->kind == VALUE_INDEX)
    return tsr_module_index(into, value->def.number);
  if (value->kind == VALUE_BOOL)
    return tsr_module_bool(into, value->def.number != 0);
  if (value->kind == VALUE_ALL)
    return tsr_module_all(into);
  return (tsr_value *)value; // defined outside of what is copied
}

static void copy_block(const tsr_block *from, tsr_block *to, tsr_module *into,
                       tsr_map *map) {
  for (size_t i = 0; i < from->arg_count; i++) {
    const tsr_value *arg = from->args[i];
    tsr_value *copy =
        tsr_block_add_arg(to, arg->type, tsr_value_get_loc(arg), arg->name);
    tsr_value_set_modifier(copy, tsr_value_get_modifier(arg));
    tsr_map_set(map, arg, copy);
  }
  for (const tsr_op *op = from->first; op; op = op->next)
    tsr_block_append(to, tsr_op_clone(op, into, map));
}

tsr_op *tsr_op_clone(const tsr_op *op, tsr_module *into, tsr_map *map) {
  tsr_vec operands;
  tsr_vec_init(&operands, NULL);
  for (uint32_t i = 0; i < op->operand_count; i++)
    tsr_vec_append(&operands, map_value(into, map, op->operands[i].value));
  tsr_vec types;
  tsr_vec_init(&types, NULL);
  for (uint32_t i = 0; i < op->result_count; i++)
    tsr_vec_append(&types, (void *)op->results[i].type);
  tsr_op_desc desc = {.kind = (tsr_op_kind)op->kind,
                      .loc = op->loc,
                      .operands = (tsr_value *const *)operands.data,
                      .operand_count = op->operand_count,
                      .groups = op->groups,
                      .result_types = (const tsr_type *const *)types.data,
                      .result_count = op->result_count,
                      .block_count = op->block_count};
  tsr_op *copy = tsr_op_create(into, &desc);
  tsr_vec_deinit(&operands);
  tsr_vec_deinit(&types);
  for (uint16_t i = 0; i < op->attr_count; i++)
    tsr_op_set_attr(copy, op->attrs[i].name, op->attrs[i].value);
  for (uint32_t i = 0; i < op->result_count; i++) {
    copy->results[i].name = op->results[i].name;
    tsr_map_set(map, &op->results[i], &copy->results[i]);
  }
  for (uint32_t b = 0; b < op->block_count; b++)
    copy_block(&op->blocks[b], &copy->blocks[b], into, map);
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
static void collect_values(tsr_op *op, tsr_vec *values) {
  for (uint32_t i = 0; i < op->result_count; i++)
    tsr_vec_append(values, &op->results[i]);
  for (uint32_t b = 0; b < op->block_count; b++) {
    tsr_block *block = &op->blocks[b];
    for (size_t i = 0; i < block->arg_count; i++)
      tsr_vec_append(values, block->args[i]);
    for (tsr_op *inner = block->first; inner; inner = inner->next)
      if (inner->kind != TSR_OP_kernel)
        collect_values(inner, values);
  }
}

// Claims `name` for one value of the scope that has this mark; false when it is
// taken.
static bool claim(uint32_t scope, const char *name) {
  tsr_interned *interned = tsr_interned_of(name);
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
    (void)claim(scope, ((const tsr_value *)outer->data[i])->name);
  tsr_vec repeats;
  tsr_vec_init(&repeats, NULL);
  // Names that stand come first, so that no made-up name takes theirs.
  for (size_t i = 0; i < values->size; i++) {
    tsr_value *value = values->data[i];
    if (value->name && !claim(scope, value->name))
      tsr_vec_append(&repeats, value);
  }
  tsr_buffer text;
  tsr_buffer_init(&text);
  for (size_t i = 0; i < repeats.size; i++) {
    tsr_value *value = repeats.data[i];
    const char *base = value->name;
    uintptr_t suffix = (uintptr_t)tsr_map_find(&last_suffix, base);
    do {
      tsr_buffer_clear(&text);
      tsr_buffer_printf(&text, "%s_%zu", base, (size_t)++suffix);
      value->name =
          tsr_context_intern_bytes(module->context, text.data, text.size);
    } while (!claim(scope, value->name));
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
        value->name = name;
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
  tsr_op *op = function->block_count ? function->blocks[0].first : NULL;
  for (; op; op = op->next) {
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
  for (tsr_op *op = tsr_module_block(module)->first; op; op = op->next)
    name_function(module, op);
}
