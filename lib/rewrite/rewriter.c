// The changes to IR that a listener is told of.

#include "tessera/rewrite.h"

#include <assert.h>

// -- where --------------------------------------------------------------------

tsr_rewriter tsr_rewriter_make(tsr_module *module) {
  tsr_loc nowhere = {NULL, 0, 0};
  return (tsr_rewriter){
      .at = tsr_builder_at_end(module, tsr_module_block(module), nowhere)};
}

void tsr_rewriter_set_before(tsr_rewriter *r, tsr_op *op) {
  r->at.block = tsr_op_get_parent_block(op);
  r->at.before = op;
  r->at.loc = tsr_op_get_loc(op);
}

void tsr_rewriter_set_after(tsr_rewriter *r, tsr_op *op) {
  tsr_rewriter_set_before(r, op);
  r->at.before = tsr_op_next(op);
}

void tsr_rewriter_set_start(tsr_rewriter *r, tsr_block *block) {
  r->at.block = block;
  r->at.before = tsr_block_first(block);
}

void tsr_rewriter_set_end(tsr_rewriter *r, tsr_block *block) {
  r->at.block = block;
  r->at.before = NULL;
}

// -- telling ------------------------------------------------------------------

void tsr_rewriter_changed(tsr_rewriter *r, tsr_op *op) {
  if (r->at.listener)
    r->at.listener->changed(r->at.listener, op);
}

static void tell_users(tsr_rewriter *r, const tsr_value *value) {
  if (!r->at.listener)
    return;
  for (const tsr_use *use = tsr_value_first_use(value); use;
       use = tsr_use_next(use))
    r->at.listener->changed(r->at.listener, tsr_use_get_op(use));
}

// One that is used less may have become easier to change.
static void tell_def(tsr_rewriter *r, const tsr_value *value) {
  tsr_op *def = tsr_value_get_def(value);
  if (def)
    tsr_rewriter_changed(r, def);
}

static void tell_defs(tsr_rewriter *r, const tsr_op *op) {
  for (size_t i = 0; i < tsr_op_operand_count(op); i++)
    tell_def(r, tsr_op_operand(op, i));
  for (size_t b = 0; b < tsr_op_block_count(op); b++)
    for (const tsr_op *inner = tsr_block_first(tsr_op_block(op, b)); inner;
         inner = tsr_op_next(inner))
      tell_defs(r, inner);
}

// After tell_defs, which names what goes as well.
static void tell_erased(tsr_rewriter *r, tsr_op *op) {
  r->at.listener->erased(r->at.listener, op);
  for (size_t b = 0; b < tsr_op_block_count(op); b++)
    for (tsr_op *inner = tsr_block_first(tsr_op_block(op, b)); inner;
         inner = tsr_op_next(inner))
      tell_erased(r, inner);
}

// -- values -------------------------------------------------------------------

void tsr_rewriter_set_operand(tsr_rewriter *r, tsr_op *op, size_t i,
                              tsr_value *value) {
  tell_def(r, tsr_op_operand(op, i));
  tsr_op_set_operand(op, i, value);
  tsr_rewriter_changed(r, op);
}

void tsr_rewriter_set_operands(tsr_rewriter *r, tsr_op *op,
                               tsr_value *const *operands, size_t count,
                               const uint32_t *groups) {
  for (size_t i = 0; i < tsr_op_operand_count(op); i++)
    tell_def(r, tsr_op_operand(op, i));
  tsr_op_set_operands(op, operands, count, groups);
  tsr_rewriter_changed(r, op);
}

void tsr_rewriter_replace_uses(tsr_rewriter *r, tsr_value *value,
                               tsr_value *with) {
  tell_users(r, value);
  tsr_value_replace_uses(value, with);
}

// -- ops ----------------------------------------------------------------------

void tsr_rewriter_erase(tsr_rewriter *r, tsr_op *op) {
  if (r->at.before == op)
    r->at.before = tsr_op_next(op);
  if (r->at.listener) {
    tell_defs(r, op);
    tell_erased(r, op);
  }
  tsr_op_erase(op);
}

void tsr_rewriter_replace(tsr_rewriter *r, tsr_op *op,
                          tsr_value *const *values) {
  for (size_t i = 0; i < tsr_op_result_count(op); i++)
    tsr_rewriter_replace_uses(r, tsr_op_result(op, i), values[i]);
  tsr_rewriter_erase(r, op);
}

void tsr_rewriter_move_before(tsr_rewriter *r, tsr_op *op, tsr_op *position) {
  assert(op != position);
  tsr_op_remove(op);
  tsr_op_insert_before(op, position);
  tsr_rewriter_changed(r, op);
}

void tsr_rewriter_move_after(tsr_rewriter *r, tsr_op *op, tsr_op *position) {
  assert(op != position);
  tsr_op_remove(op);
  tsr_op_insert_after(op, position);
  tsr_rewriter_changed(r, op);
}

static void append(tsr_rewriter *r, tsr_op *op) {
  if (r->at.before)
    tsr_op_insert_before(op, r->at.before);
  else
    tsr_block_append(r->at.block, op);
}

static void tell_all(tsr_rewriter *r, tsr_op *op) {
  tsr_rewriter_changed(r, op);
  for (size_t b = 0; b < tsr_op_block_count(op); b++)
    for (tsr_op *inner = tsr_block_first(tsr_op_block(op, b)); inner;
         inner = tsr_op_next(inner))
      tell_all(r, inner);
}

tsr_op *tsr_rewriter_clone(tsr_rewriter *r, const tsr_op *op, tsr_map *map) {
  tsr_op *copy = tsr_op_clone(op, r->at.module, map);
  append(r, copy);
  if (r->at.listener)
    tell_all(r, copy);
  return copy;
}

// -- blocks -------------------------------------------------------------------

void tsr_rewriter_clone_block(tsr_rewriter *r, const tsr_block *block,
                              tsr_map *map) {
  const tsr_op *end = tsr_block_terminator(block);
  for (const tsr_op *op = tsr_block_first(block); op != end;
       op = tsr_op_next(op))
    tsr_rewriter_clone(r, op, map);
}

void tsr_rewriter_inline_block(tsr_rewriter *r, tsr_block *block,
                               tsr_value *const *args, tsr_op *position,
                               tsr_value **out_yielded) {
  for (size_t i = 0; i < tsr_block_arg_count(block); i++)
    tsr_rewriter_replace_uses(r, tsr_block_arg(block, i), args[i]);
  tsr_op *end = tsr_block_terminator(block);
  if (end) {
    for (size_t i = 0; out_yielded && i < tsr_op_operand_count(end); i++)
      out_yielded[i] = tsr_op_operand(end, i);
    tsr_rewriter_erase(r, end);
  }
  for (tsr_op *op; (op = tsr_block_first(block));)
    tsr_rewriter_move_before(r, op, position);
}

void tsr_rewriter_split_block(tsr_rewriter *r, tsr_op *first, tsr_block *into) {
  const tsr_op *end = tsr_block_terminator(tsr_op_get_parent_block(first));
  for (tsr_op *op = first, *next; op && op != end; op = next) {
    next = tsr_op_next(op);
    tsr_op_remove(op);
    tsr_block_append(into, op);
    tsr_rewriter_changed(r, op);
  }
}
