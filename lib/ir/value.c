// Values, constants, use lists.

#include "impl.h"

#include <assert.h>

static tsr_value *get_constant(tsr_module *module, ir_value_kind kind,
                               int64_t number, const tsr_type *type) {
  int64_t key[2] = {kind, number};
  void **place = tsr_bytes_map_get(&module->constants, key, sizeof key, NULL);
  if (!*place) {
    ir_constant *made = tsr_space_alloc(&module->space, sizeof *made);
    *made = (ir_constant){
        .value = {.type = tsr_ref_to(type), .kind = (uint32_t)kind & 7},
        .number = number};
    *place = &made->value;
  }
  return *place;
}

tsr_value *tsr_module_index(tsr_module *module, int64_t value) {
  return get_constant(module, IR_INDEX, value, tsr_type_index(module->context));
}

tsr_value *tsr_module_bool(tsr_module *module, bool value) {
  return get_constant(module, IR_BOOL, value, tsr_type_bool(module->context));
}

tsr_value *tsr_module_all(tsr_module *module) {
  return get_constant(module, IR_ALL, 0, tsr_type_index(module->context));
}

bool tsr_value_is_constant(const tsr_value *value) {
  return value->kind == IR_INDEX || value->kind == IR_BOOL;
}

bool tsr_value_is_all(const tsr_value *value) { return value->kind == IR_ALL; }

int64_t tsr_value_get_constant(const tsr_value *value) {
  assert(tsr_value_is_constant(value));
  return ir_value_constant(value);
}

bool tsr_value_is_index(const tsr_value *value, int64_t *out_number) {
  if (value->kind != IR_INDEX)
    return false;
  *out_number = ir_value_constant(value);
  return true;
}

const tsr_type *tsr_value_get_type(const tsr_value *value) {
  return ir_type(value);
}

void tsr_value_set_type(tsr_value *value, const tsr_type *type) {
  ir_note_change(value);
  value->type = tsr_ref_to(type);
}

const char *tsr_value_get_name(const tsr_value *value) {
  return ir_value_name(value);
}

void tsr_value_set_name(tsr_value *value, const char *name) {
  tsr_value_set_interned_name(
      value, name ? tsr_context_intern(ir_context(value), name) : NULL);
}

void tsr_value_set_interned_name(tsr_value *value, const char *name) {
  assert(value->kind == IR_RESULT || value->kind == IR_ARG);
  value->name = ir_name_ref(name);
  if (name && !ir_is_name(name))
    ir_module(value)->has_odd_names = true;
  ir_module(value)->is_named = false;
}

const char *tsr_value_get_modifier(const tsr_value *value) {
  return value->kind == IR_ARG
             ? ir_text(value, ((const ir_arg *)value)->modifier)
             : NULL;
}

void tsr_value_set_modifier(tsr_value *value, const char *modifier) {
  assert(value->kind == IR_ARG);
  ((ir_arg *)value)->modifier = ir_name_ref(
      modifier ? tsr_context_intern(ir_context(value), modifier) : NULL);
}

tsr_loc tsr_value_get_loc(const tsr_value *value) {
  if (value->kind == IR_RESULT)
    return ir_unpack_loc(value, ir_value_op(value)->loc);
  if (value->kind == IR_ARG)
    return ir_unpack_loc(value, ((const ir_arg *)value)->loc);
  return (tsr_loc){NULL, 0, 0};
}

tsr_op *tsr_value_get_def(const tsr_value *value) {
  return value->kind == IR_RESULT ? ir_value_op(value) : NULL;
}

tsr_block *tsr_value_get_block(const tsr_value *value) {
  return value->kind == IR_ARG ? ir_value_block(value) : NULL;
}

size_t tsr_value_get_number(const tsr_value *value) { return value->number; }

const tsr_use *tsr_value_first_use(const tsr_value *value) {
  return ir_value_uses(value);
}

const tsr_use *tsr_use_next(const tsr_use *use) { return ir_use_next(use); }

tsr_op *tsr_use_get_op(const tsr_use *use) { return ir_use_op(use); }

size_t tsr_use_get_index(const tsr_use *use) {
  return (size_t)(use - ir_operands(ir_use_op(use)));
}

bool tsr_value_has_uses(const tsr_value *value) { return value->uses != 0; }

void tsr_value_replace_uses(tsr_value *value, tsr_value *with) {
  if (value == with)
    return;
  while (value->uses) {
    const tsr_use *use = ir_value_uses(value);
    tsr_op_set_operand(ir_use_op(use), tsr_use_get_index(use), with);
  }
}
