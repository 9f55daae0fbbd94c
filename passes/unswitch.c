// unswitch: decide in front of a loop what is the same in all of its rounds.
//
// A tile at the edge is masked in every round of a reduction though only the
// place of its result decides whether it is at the edge. The branch moves out,
// with a copy of the loop on either side of it, so that the rounds run straight
// through. Inner loops go first; what decides in the loop around as well moves
// on when that has its turn.

#include "tessera/analyses.h"
#include "tessera/pass_report.h"
#include "tessera/rewrite.h"
#include "tessera/vector.h"

typedef struct unswitcher {
  tsr_pass_env *env;
  tsr_rewriter rewriter;
  tsr_arena *scratch;
  int64_t max_ops;
} unswitcher;

static bool is_inside(const tsr_op *loop, const tsr_value *value) {
  const tsr_op *op = tsr_value_get_def(value);
  const tsr_block *block = tsr_value_get_block(value);
  if (block)
    op = tsr_block_get_parent(block);
  return op && tsr_op_contains(loop, op);
}

// The place, in the body, of the first branch that is decided outside;
// SIZE_MAX: none.
static size_t find_branch(const tsr_op *loop) {
  size_t at = 0;
  for (const tsr_op *op = tsr_block_first(tsr_op_block(loop, 0)); op;
       op = tsr_op_next(op), at++)
    if (tsr_op_is(op, TSR_OP_if_) &&
        !tsr_value_is_constant(tsr_op_operand(op, 0)) &&
        !is_inside(loop, tsr_op_operand(op, 0)))
      return at;
  return SIZE_MAX;
}

static int64_t count_ops(const tsr_op *op) {
  int64_t count = 1;
  for (size_t i = 0; i < tsr_op_block_count(op); i++)
    for (const tsr_op *inner = tsr_block_first(tsr_op_block(op, i)); inner;
         inner = tsr_op_next(inner))
      count += count_ops(inner);
  return count;
}

static tsr_op *get_op_at(const tsr_op *loop, size_t at) {
  tsr_op *op = tsr_block_first(tsr_op_block(loop, 0));
  while (at-- > 0)
    op = tsr_op_next(op);
  return op;
}

// Replaces a branch by one of its blocks.
static void decide(unswitcher *u, tsr_op *branch, size_t taken) {
  size_t count = tsr_op_result_count(branch);
  tsr_value **yielded = TSR_NEW_ARRAY(u->scratch, tsr_value *, count + 1);
  if (taken < tsr_op_block_count(branch))
    tsr_rewriter_inline_block(&u->rewriter, tsr_op_block(branch, taken), NULL,
                              branch, yielded);
  tsr_rewriter_replace(&u->rewriter, branch, yielded);
}

static void yield_results(unswitcher *u, const tsr_op *loop) {
  size_t count = tsr_op_result_count(loop);
  if (count == 0)
    return;
  tsr_value **results = TSR_NEW_ARRAY(u->scratch, tsr_value *, count);
  for (size_t i = 0; i < count; i++)
    results[i] = tsr_op_result(loop, i);
  uint32_t groups[] = {(uint32_t)count};
  tsr_op_desc desc = {.kind = TSR_OP_yield,
                      .operands = results,
                      .operand_count = count,
                      .groups = groups};
  tsr_build(&u->rewriter.at, &desc);
}

static tsr_op *build_branch(unswitcher *u, const tsr_op *loop,
                            tsr_value *condition) {
  size_t count = tsr_op_result_count(loop);
  const tsr_type **types =
      TSR_NEW_ARRAY(u->scratch, const tsr_type *, count + 1);
  for (size_t i = 0; i < count; i++)
    types[i] = tsr_value_get_type(tsr_op_result(loop, i));
  tsr_op_desc desc = {.kind = TSR_OP_if_,
                      .operands = &condition,
                      .operand_count = 1,
                      .result_types = types,
                      .result_count = count,
                      .block_count = 2};
  return tsr_build(&u->rewriter.at, &desc);
}

// The loops that came of it, one in each block.
static void unswitch(unswitcher *u, tsr_op *loop, size_t at, tsr_vec *out) {
  tsr_value *condition = tsr_op_operand(get_op_at(loop, at), 0);
  tsr_rewriter_set_before(&u->rewriter, loop);
  tsr_op *branch = build_branch(u, loop, condition);
  tsr_value **results =
      TSR_NEW_ARRAY(u->scratch, tsr_value *, tsr_op_result_count(loop) + 1);
  for (size_t block = 0; block < 2; block++) {
    tsr_map map;
    tsr_map_init(&map);
    tsr_rewriter_set_end(&u->rewriter, tsr_op_block(branch, block));
    tsr_op *copy = tsr_rewriter_clone(&u->rewriter, loop, &map);
    yield_results(u, copy);
    decide(u, get_op_at(copy, at), block);
    tsr_map_deinit(&map);
    tsr_vec_append(out, copy);
  }
  for (size_t i = 0; i < tsr_op_result_count(loop); i++) {
    results[i] = tsr_op_result(branch, i);
    tsr_value_set_interned_name(results[i],
                                tsr_value_get_name(tsr_op_result(loop, i)));
  }
  tsr_rewriter_replace(&u->rewriter, loop, results);
}

// All branches of one loop; every one doubles the code.
static void unswitch_all(unswitcher *u, tsr_op *loop) {
  tsr_vec loops;
  tsr_vec_init(&loops, u->scratch);
  tsr_vec_append(&loops, loop);
  int64_t ops = count_ops(loop);
  while (loops.size > 0) {
    tsr_op *next = tsr_vec_pop(&loops);
    size_t at = find_branch(next);
    int64_t more = count_ops(next);
    if (at == SIZE_MAX)
      continue;
    bool fits = ops + more <= u->max_ops;
    tsr_pass_env_remark(
        u->env, fits ? TSR_REMARK_PASSED : TSR_REMARK_MISSED,
        fits ? "Unswitched" : "NotUnswitched", get_op_at(next, at),
        "all rounds decide alike, and the loop has {ops:%" PRId64 "} ops",
        more);
    if (!fits)
      continue;
    ops += more;
    tsr_pass_env_count(u->env, "branches", 1);
    unswitch(u, next, at, &loops);
  }
}

// Whether the value, or one that loops and branches hand on as it, comes from a
// section that has packed it.
static bool is_packed(const tsr_value *value) {
  const tsr_op *def = tsr_value_get_def(value);
  if (!def || tsr_op_is(def, TSR_OP_dst_section))
    return def != NULL;
  if (!tsr_op_is(def, TSR_OP_for_) && !tsr_op_is(def, TSR_OP_if_))
    return false;
  for (size_t i = 0; i < tsr_op_result_count(def); i++)
    for (size_t k = 0; k < tsr_op_block_count(def); k++)
      if (tsr_op_result(def, i) == value &&
          is_packed(
              tsr_op_operand(tsr_block_terminator(tsr_op_block(def, k)), i)))
        return true;
  return false;
}

// A tile that a section has packed lies in a circular buffer, and one loop
// takes it up: two that may would both be its consumers.
static bool carries_stream(const tsr_op *loop) {
  for (size_t i = 0; i < tsr_op_result_count(loop); i++)
    if (is_packed(tsr_op_group_operand(loop, 3, i)) ||
        is_packed(tsr_op_result(loop, i)))
      return true;
  return false;
}

tsr_result tsr_pass_unswitch(tsr_pass_env *env, tsr_module *module) {
  unswitcher u = {.env = env,
                  .rewriter = tsr_rewriter_make(module),
                  .scratch = env->scratch,
                  .max_ops = tsr_pass_env_option(env, "max-ops")->number};
  const tsr_loops *loops = tsr_analyses_get_loops(env->analyses);
  // Inner loops come last; those around them are not copied before.
  for (size_t i = tsr_loops_count(loops); i-- > 0;) {
    tsr_op *loop = tsr_loops_get(loops, i)->op;
    tsr_pass_env_at(env, loop);
    if (tsr_op_is(loop, TSR_OP_for_) &&
        !tsr_op_find_parent(loop, TSR_OP_reference) && !carries_stream(loop))
      unswitch_all(&u, loop);
  }
  return TSR_OK;
}
