// Loop nests: loops, what they are nested in, and how often they run.

#include "cache.h"
#include "tessera/support.h"
#include "tessera/vector.h"

// How deep bounds are looked for in index arithmetic.
enum { DEPTH = 6 };

struct tsr_loops {
  tsr_arena arena;
  tsr_vec loops;
  tsr_map by_op;
};

static const tsr_index_range anything = {0, INT64_MAX};

// Rounds of a loop from `from` to `to`; INT64_MAX: not known.
static int64_t count_rounds(int64_t from, int64_t to, int64_t step) {
  if (to <= from)
    return 0;
  return to == INT64_MAX || step < 1 ? INT64_MAX : (to - from - 1) / step + 1;
}

static tsr_index_range get_for_trips(const tsr_op *loop) {
  tsr_index_range from = tsr_index_get_bounds(tsr_op_operand(loop, 0), DEPTH);
  tsr_index_range to = tsr_index_get_bounds(tsr_op_operand(loop, 1), DEPTH);
  tsr_index_range step = tsr_index_get_bounds(tsr_op_operand(loop, 2), DEPTH);
  if (tsr_op_operand(loop, 0) == tsr_op_operand(loop, 1))
    return (tsr_index_range){0, 0};
  return (tsr_index_range){
      from.max < to.min
          ? (step.max == INT64_MAX ? 1
                                   : count_rounds(from.max, to.min, step.max))
          : 0,
      count_rounds(from.min, to.max, step.min)};
}

static tsr_index_range get_parallel_trips(const tsr_op *nest) {
  tsr_index_range trips = {1, 1};
  for (size_t i = 0; i < tsr_op_operand_count(nest); i++) {
    tsr_index_range size = tsr_index_get_bounds(tsr_op_operand(nest, i), DEPTH);
    if (!tsr_mul_i64(trips.min, size.min, &trips.min))
      trips.min = 1;
    if (trips.max == INT64_MAX || size.max == INT64_MAX ||
        !tsr_mul_i64(trips.max, size.max, &trips.max))
      trips.max = INT64_MAX;
  }
  return trips.min <= trips.max ? trips : anything;
}

static tsr_loop *add_loop(tsr_loops *l, tsr_op *op, tsr_loop *parent) {
  tsr_loop *loop = TSR_NEW(&l->arena, tsr_loop);
  *loop =
      (tsr_loop){.op = op,
                 .parent = parent,
                 .depth = parent ? parent->depth + 1 : 0,
                 .is_innermost = true,
                 .trips = tsr_op_is(op, TSR_OP_for_) ? get_for_trips(op)
                                                     : get_parallel_trips(op)};
  if (parent)
    parent->is_innermost = false;
  tsr_vec_append(&l->loops, loop);
  tsr_map_set(&l->by_op, op, loop);
  return loop;
}

static void visit_block(tsr_loops *l, const tsr_block *block,
                        tsr_loop *parent) {
  for (tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op)) {
    tsr_loop *around = parent;
    if (tsr_op_is(op, TSR_OP_for_) || tsr_op_is(op, TSR_OP_tile_parallel))
      around = add_loop(l, op, parent);
    for (size_t i = 0; i < tsr_op_block_count(op); i++)
      visit_block(l, tsr_op_block(op, i), around);
  }
}

tsr_loops *tsr_loops_create(tsr_module *module) {
  tsr_loops *l = tsr_mem_zeroed(1, sizeof *l);
  tsr_arena_init(&l->arena);
  tsr_vec_init(&l->loops, &l->arena);
  tsr_map_init(&l->by_op);
  visit_block(l, tsr_module_block(module), NULL);
  return l;
}

void tsr_loops_destroy(tsr_loops *l) {
  tsr_map_deinit(&l->by_op);
  tsr_arena_deinit(&l->arena);
  tsr_mem_resize(l, 0);
}

size_t tsr_loops_count(const tsr_loops *l) { return l->loops.size; }

const tsr_loop *tsr_loops_get(const tsr_loops *l, size_t i) {
  return l->loops.data[i];
}

const tsr_loop *tsr_loops_find(const tsr_loops *l, const tsr_op *op) {
  return tsr_map_find(&l->by_op, op);
}

static bool is_same_loop(const tsr_loop *a, const tsr_loop *b) {
  const tsr_op *x = a->parent ? a->parent->op : NULL;
  const tsr_op *y = b->parent ? b->parent->op : NULL;
  return a->op == b->op && x == y && a->is_innermost == b->is_innermost &&
         a->trips.min == b->trips.min && a->trips.max == b->trips.max;
}

const tsr_op *tsr_loops_find_wrong(tsr_loops *l, tsr_module *module) {
  tsr_loops *fresh = tsr_loops_create(module);
  const tsr_op *wrong = NULL;
  for (size_t i = 0; i < fresh->loops.size && !wrong; i++) {
    const tsr_loop *loop = fresh->loops.data[i];
    if (i >= l->loops.size || !is_same_loop(l->loops.data[i], loop))
      wrong = loop->op;
  }
  // A loop is gone.
  if (!wrong && l->loops.size > fresh->loops.size)
    wrong = tsr_module_op(module);
  tsr_loops_destroy(fresh);
  return wrong;
}
