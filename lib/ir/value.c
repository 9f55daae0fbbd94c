// Values, constants, use lists.

#include "impl.h"

#include <assert.h>

static tsr_value *get_constant(tsr_module *module, value_kind kind,
                               int64_t number, const tsr_type *type) {
  int64_t key[2] = {kind, number};
  void **place = tsr_bytes_map_get(&module->constants, key, sizeof key, NULL);
  if (!*place) {
    tsr_value *value = TSR_NEW(&module->arena, tsr_value);
    value->kind = kind;
    value->type = type;
    value->def.number = number;
    *place = value;
  }
  return *place;
}

tsr_value *tsr_module_index(tsr_module *module, int64_t value) {
  return get_constant(module, VALUE_INDEX, value,
                      tsr_type_index(module->context));
}

tsr_value *tsr_module_bool(tsr_module *module, bool value) {
  return get_constant(module, VALUE_BOOL, value,
                      tsr_type_bool(module->context));
}

tsr_value *tsr_module_all(tsr_module *module) {
  return get_constant(module, VALUE_ALL, 0, tsr_type_index(module->context));
}

bool tsr_value_is_constant(const tsr_value *value) {
  return value->kind == VALUE_INDEX || value->kind == VALUE_BOOL;
}

bool tsr_value_is_all(const tsr_value *value) {
  return value->kind == VALUE_ALL;
}

int64_t tsr_value_get_constant(const tsr_value *value) {
  assert(tsr_value_is_constant(value));
  return value->def.number;
}

bool tsr_value_is_index(const tsr_value *value, int64_t *out_number) {
  if (value->kind != VALUE_INDEX)
    return false;
  *out_number = value->def.number;
  return true;
}

const tsr_type *tsr_value_get_type(const tsr_value *value) {
  return value->type;
}

void tsr_value_set_type(tsr_value *value, const tsr_type *type) {
  value->type = type;
}

const char *tsr_value_get_name(const tsr_value *value) { return value->name; }

static tsr_context *get_context(const tsr_value *value) {
  assert(value->kind == VALUE_RESULT || value->kind == VALUE_ARG);
  const tsr_op *op =
      value->kind == VALUE_RESULT ? value->def.op : value->def.block->parent;
  return op->module->context;
}

void tsr_value_set_name(tsr_value *value, const char *name) {
  value->name = name ? tsr_context_intern(get_context(value), name) : NULL;
}

void tsr_value_set_interned_name(tsr_value *value, const char *name) {
  value->name = name;
}

const char *tsr_value_get_modifier(const tsr_value *value) {
  return value->kind == VALUE_ARG ? ((const block_arg *)value)->modifier : NULL;
}

void tsr_value_set_modifier(tsr_value *value, const char *modifier) {
  assert(value->kind == VALUE_ARG);
  ((block_arg *)value)->modifier =
      modifier ? tsr_context_intern(get_context(value), modifier) : NULL;
}

tsr_loc tsr_value_get_loc(const tsr_value *value) {
  if (value->kind == VALUE_RESULT)
    return value->def.op->loc;
  if (value->kind == VALUE_ARG)
    return ((const block_arg *)value)->loc;
  return (tsr_loc){NULL, 0, 0};
}

tsr_op *tsr_value_get_def(const tsr_value *value) {
  return value->kind == VALUE_RESULT ? value->def.op : NULL;
}

tsr_block *tsr_value_get_block(const tsr_value *value) {
  return value->kind == VALUE_ARG ? value->def.block : NULL;
}

size_t tsr_value_get_number(const tsr_value *value) { return value->position; }

const tsr_use *tsr_value_first_use(const tsr_value *value) {
  return value->uses;
}

const tsr_use *tsr_use_next(const tsr_use *use) { return use->next; }

tsr_op *tsr_use_get_op(const tsr_use *use) { return use->op; }

size_t tsr_use_get_index(const tsr_use *use) {
  return (size_t)(use - use->op->operands);
}

bool tsr_value_has_uses(const tsr_value *value) { return value->uses != NULL; }

void tsr_value_replace_uses(tsr_value *value, tsr_value *with) {
  if (value == with)
    return;
  while (value->uses)
    tsr_op_set_operand(value->uses->op, tsr_use_get_index(value->uses), with);
}
