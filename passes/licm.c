// licm: compute before a loop what is the same in each of its rounds.
//
// Page numbers are put together where a page is read, in the innermost loop,
// though most of their parts change with an outer one. Inner loops go first, so
// that what leaves one may leave the one around it as well.
//
// Not every op may run where the text did not say so: a difference must not go
// below zero, nothing is divided by zero, a load is within its buffer. Where a
// loop may have no round at all, these stay, unless ranges say they are right.
// Nests of tile.parallel keep what they hold: what is in front of one is not on
// a core yet.

#include "tessera/analyses.h"
#include "tessera/pass_report.h"
#include "tessera/rewrite.h"

#include <stdio.h>

// How deep ranges are looked for in index arithmetic.
enum { DEPTH = 4 };

typedef struct hoister {
  tsr_pass_env *env;
  tsr_rewriter rewriter;
  bool moves_tiles;
} hoister;

// -- what may move ------------------------------------------------------------

static bool is_inside(const tsr_op *loop, const tsr_value *value) {
  const tsr_op *op = tsr_value_get_def(value);
  const tsr_block *block = tsr_value_get_block(value);
  if (block)
    op = tsr_block_get_parent(block);
  return op && tsr_op_contains(loop, op) && (block || op != loop);
}

static bool is_invariant(const tsr_op *loop, const tsr_op *op) {
  for (size_t i = 0; i < tsr_op_operand_count(op); i++)
    if (is_inside(loop, tsr_op_operand(op, i)))
      return false;
  return true;
}

// Index math that is right also where it would not have run. Kernels count in
// 32 bits.
static bool is_always_right(const tsr_op *op) {
  if (tsr_op_is(op, TSR_OP_add) || tsr_op_is(op, TSR_OP_mul))
    return tsr_index_get_range(tsr_op_result(op, 0)).max <= UINT32_MAX;
  if (tsr_op_is(op, TSR_OP_div) || tsr_op_is(op, TSR_OP_rem))
    return tsr_index_get_bounds(tsr_op_operand(op, 1), DEPTH).min > 0;
  if (tsr_op_is(op, TSR_OP_sub))
    return tsr_index_get_bounds(tsr_op_operand(op, 0), DEPTH).min >=
           tsr_index_get_bounds(tsr_op_operand(op, 1), DEPTH).max;
  return true;
}

static bool may_write(const tsr_op *op, const tsr_value *buffer) {
  const uint32_t writing = TSR_EFFECT_WRITE_BUFFER | TSR_EFFECT_LAUNCH;
  if (tsr_op_get_info(op)->effects & writing)
    for (size_t i = 0; i < tsr_op_operand_count(op); i++)
      if (tsr_op_operand(op, i) == buffer)
        return true;
  for (size_t b = 0; b < tsr_op_block_count(op); b++)
    for (const tsr_op *inner = tsr_block_first(tsr_op_block(op, b)); inner;
         inner = tsr_op_next(inner))
      if (may_write(inner, buffer))
        return true;
  return false;
}

// Where a nest writes what it loads, its loads of a tile keep their order.
static bool is_of_update(const tsr_op *load) {
  const tsr_op *nest = tsr_op_find_parent(load, TSR_OP_tile_parallel);
  if (!nest)
    nest = tsr_op_find_parent(load, TSR_OP_core_launch);
  return nest && may_write(nest, tsr_op_operand(load, 0));
}

// A place as well as a value; or one that starts an accumulator, of which there
// must be as many as accumulators.
static bool is_place(const tsr_op *op) {
  return tsr_op_get_attr(op, "dst") || tsr_op_get_attr(op, "stream") ||
         tsr_op_is(op, TSR_OP_tile_fill) || tsr_op_is(op, TSR_OP_tile_empty);
}

static bool is_tile_value(const tsr_op *op) {
  return tsr_op_has_trait(op, TSR_TRAIT_TILE_MATH) ||
         tsr_op_is(op, TSR_OP_tile_extract) ||
         tsr_op_is(op, TSR_OP_tile_insert) || tsr_op_is(op, TSR_OP_tile_load);
}

static bool is_candidate(const hoister *h, const tsr_op *op) {
  return tsr_op_is(op, TSR_OP_buffer_dim) ||
         tsr_op_has_trait(op, TSR_TRAIT_INDEX_MATH) ||
         (h->moves_tiles && is_tile_value(op) && !is_place(op));
}

// Why an op that does not change must stay all the same; NULL when it may go.
static const char *explain_stay(const tsr_loop *loop, const tsr_op *op) {
  bool runs = loop->trips.min > 0; // for sure
  if (tsr_op_is(op, TSR_OP_tile_load) && is_of_update(op))
    return "the nest writes the buffer";
  if (runs || tsr_op_is(op, TSR_OP_buffer_dim))
    return NULL;
  if (is_tile_value(op))
    return "the loop may have no round, and the tile may not be there then";
  return is_always_right(op) ? NULL
                             : "the loop may have no round, and this may be "
                               "wrong then";
}

// -- moving -------------------------------------------------------------------

// The one op that uses the result, or NULL.
static const tsr_op *get_only_user(const tsr_op *op) {
  const tsr_use *use = tsr_value_first_use(tsr_op_result(op, 0));
  return use && !tsr_use_next(use) ? tsr_use_get_op(use) : NULL;
}

// Values that nobody named are numbered between passes.
static const char *get_given_name(const tsr_op *op) {
  const char *name = tsr_value_get_name(tsr_op_result(op, 0));
  return name && (*name < '0' || *name > '9') ? name : NULL;
}

// A part of a named value gets a name of its own, since it becomes a variable
// in printed code: the base of a page.
static void name_after_user(tsr_op *op) {
  const tsr_op *user = op;
  while (user && tsr_op_has_trait(user, TSR_TRAIT_INDEX_MATH) &&
         !get_given_name(user))
    user = get_only_user(user);
  if (!user || user == op || !tsr_op_has_trait(user, TSR_TRAIT_INDEX_MATH))
    return;
  char name[64];
  int length = snprintf(name, sizeof name, "%s_base", get_given_name(user));
  if (length < (int)sizeof name)
    tsr_value_set_name(tsr_op_result(op, 0), name);
}

static void report(const hoister *h, const tsr_loop *loop, const tsr_op *op,
                   const char *why) {
  uint32_t line = tsr_op_get_loc(loop->op).line;
  const char *name = tsr_op_get_mnemonic(op);
  if (why)
    tsr_pass_env_remark(h->env, TSR_REMARK_MISSED, "NotMoved", op,
                        "'{op:%s}' stays in the loop at line {line:%u}: "
                        "{why:%s}",
                        name, line, why);
  else
    tsr_pass_env_remark(h->env, TSR_REMARK_PASSED, "Moved", op,
                        "'{op:%s}' is the same in all rounds of the loop at "
                        "line {line:%u}",
                        name, line);
}

static void hoist_from(hoister *h, const tsr_loop *loop) {
  tsr_op *next;
  for (tsr_op *op = tsr_block_first(tsr_op_block(loop->op, 0)); op; op = next) {
    next = tsr_op_next(op);
    if (!is_candidate(h, op) || !is_invariant(loop->op, op))
      continue;
    const char *why = explain_stay(loop, op);
    report(h, loop, op, why);
    if (why)
      continue;
    name_after_user(op);
    tsr_rewriter_move_before(&h->rewriter, op, loop->op);
    tsr_pass_env_count(h->env, "moved", 1);
  }
}

tsr_result tsr_pass_licm(tsr_pass_env *env, tsr_module *module) {
  hoister h = {.env = env,
               .rewriter = tsr_rewriter_make(module),
               .moves_tiles = tsr_pass_env_option(env, "tiles")->flag};
  const tsr_loops *loops = tsr_analyses_get_loops(env->analyses);
  for (size_t i = tsr_loops_count(loops); i-- > 0;) {
    const tsr_loop *loop = tsr_loops_get(loops, i);
    tsr_pass_env_at(env, loop->op);
    if (tsr_op_is(loop->op, TSR_OP_for_) &&
        !tsr_op_find_parent(loop->op, TSR_OP_reference))
      hoist_from(&h, loop);
  }
  return TSR_OK;
}
