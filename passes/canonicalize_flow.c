// canonicalize: rules for loops and branches.

#include "canonicalize.h"

// -- branches -----------------------------------------------------------------

// Puts the ops of `block` in place of the op that holds it, which has no more
// arguments than `args`.
static void replace_by_block(tsr_rewriter *r, tsr_block *block,
                             tsr_value *const *args) {
  tsr_op *op = tsr_block_get_parent(block);
  size_t count = tsr_op_result_count(op);
  tsr_arena scratch;
  tsr_arena_init(&scratch);
  tsr_value **yielded = TSR_NEW_ARRAY(&scratch, tsr_value *, count + 1);
  tsr_rewriter_inline_block(r, block, args, op, yielded);
  tsr_rewriter_replace(r, op, yielded);
  tsr_arena_deinit(&scratch);
}

static bool decide_if(tsr_rewriter *r, tsr_op *op) {
  const tsr_value *condition = tsr_op_operand(op, 0);
  if (!tsr_value_is_constant(condition))
    return false;
  size_t taken = tsr_value_get_constant(condition) ? 0 : 1;
  if (taken < tsr_op_block_count(op))
    replace_by_block(r, tsr_op_block(op, taken), NULL);
  else
    tsr_rewriter_erase(r, op);
  return true;
}

// A result that both branches agree on.
static bool forward_agreed(tsr_rewriter *r, tsr_op *op) {
  bool has_changed = false;
  for (size_t i = 0; i < tsr_op_result_count(op); i++) {
    const tsr_op *a = tsr_block_terminator(tsr_op_block(op, 0));
    const tsr_op *b = tsr_block_terminator(tsr_op_block(op, 1));
    tsr_value *result = tsr_op_result(op, i);
    if (tsr_op_operand(a, i) != tsr_op_operand(b, i) ||
        !tsr_value_has_uses(result))
      continue;
    tsr_rewriter_replace_uses(r, result, tsr_op_operand(a, i));
    has_changed = true;
  }
  return has_changed;
}

// -- loops --------------------------------------------------------------------

static tsr_value *get_initial(const tsr_op *loop, size_t i) {
  return tsr_op_group_operand(loop, 3, i);
}

static bool drop_idle_loop(tsr_rewriter *r, tsr_op *loop) {
  const tsr_value *from = tsr_op_operand(loop, 0);
  const tsr_value *to = tsr_op_operand(loop, 1);
  if (from != to && !canon_is_less(to, from) && !canon_is_at_most(to, from))
    return false;
  for (size_t i = 0; i < tsr_op_result_count(loop); i++)
    tsr_rewriter_replace_uses(r, tsr_op_result(loop, i), get_initial(loop, i));
  tsr_rewriter_erase(r, loop);
  return true;
}

static bool carries_tiles(const tsr_op *loop) {
  for (size_t i = 0; i < tsr_op_result_count(loop); i++)
    if (tsr_type_get_kind(tsr_value_get_type(tsr_op_result(loop, i))) ==
        TSR_TYPE_TILE)
      return true;
  return false;
}

// Bounds and step are numbers, and there is one iteration.
static bool runs_once(const tsr_op *loop) {
  int64_t from, to, step;
  return tsr_value_is_index(tsr_op_operand(loop, 0), &from) &&
         tsr_value_is_index(tsr_op_operand(loop, 1), &to) &&
         tsr_value_is_index(tsr_op_operand(loop, 2), &step) && from >= 0 &&
         from < to && step >= to - from;
}

// Where an accumulator is carried, allocate-dst wants to see the loop that says
// so, however short.
static bool inline_single_round(tsr_rewriter *r, tsr_op *loop) {
  if (!runs_once(loop) || carries_tiles(loop))
    return false;
  size_t count = tsr_op_result_count(loop);
  tsr_arena scratch;
  tsr_arena_init(&scratch);
  tsr_value **args = TSR_NEW_ARRAY(&scratch, tsr_value *, count + 1);
  args[0] = tsr_op_operand(loop, 0);
  for (size_t i = 0; i < count; i++)
    args[1 + i] = get_initial(loop, i);
  replace_by_block(r, tsr_op_block(loop, 0), args);
  tsr_arena_deinit(&scratch);
  return true;
}

// A value that every iteration hands on unchanged is not carried.
static bool forward_unchanged(tsr_rewriter *r, tsr_op *loop) {
  const tsr_block *body = tsr_op_block(loop, 0);
  const tsr_op *yield = tsr_block_terminator(body);
  bool has_changed = false;
  for (size_t i = 0; i < tsr_op_result_count(loop); i++) {
    tsr_value *initial = get_initial(loop, i);
    tsr_value *carried = tsr_block_arg(body, 1 + i);
    tsr_value *result = tsr_op_result(loop, i);
    const tsr_value *next = tsr_op_operand(yield, i);
    bool is_used = tsr_value_has_uses(carried) || tsr_value_has_uses(result);
    if (!is_used || (next != carried && next != initial))
      continue;
    tsr_rewriter_replace_uses(r, carried, initial);
    tsr_rewriter_replace_uses(r, result, initial);
    has_changed = true;
  }
  return has_changed;
}

static const tsr_pattern rules[] = {
    {TSR_OP_if_, "decide-if", 2, .apply = decide_if},
    {TSR_OP_if_, "forward-agreed", 1, .apply = forward_agreed},
    {TSR_OP_for_, "drop-idle-loop", 3, .apply = drop_idle_loop},
    {TSR_OP_for_, "inline-single-round", 2, .apply = inline_single_round},
    {TSR_OP_for_, "forward-unchanged", 1, .apply = forward_unchanged},
};

tsr_pattern_set canon_flow_rules(void) {
  return (tsr_pattern_set){rules, sizeof rules / sizeof *rules};
}
