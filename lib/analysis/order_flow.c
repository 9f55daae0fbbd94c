// Whether data keeps one op before another, in the round of the loops around
// both.

#include "impl.h"

#include "tessera/hash.h"

const tsr_block *tsr_op_find_common_block(const tsr_op *a, const tsr_op *b) {
  const tsr_block *block = tsr_op_get_parent_block(a);
  while (block && !tsr_block_find_ancestor(block, b))
    block = tsr_op_get_parent_block(tsr_block_get_parent(block));
  return block;
}

static bool has_round(const tsr_op *loop) {
  const tsr_value *from = tsr_op_operand(loop, 0),
                  *to = tsr_op_operand(loop, 1);
  return tsr_value_is_constant(from) && tsr_value_is_constant(to) &&
         tsr_value_get_constant(from) < tsr_value_get_constant(to);
}

bool tsr_op_is_surely_met(const tsr_op *op, const tsr_block *block) {
  for (const tsr_op *at = op; tsr_op_get_parent_block(at) != block;) {
    at = tsr_op_get_parent(at);
    if (!tsr_op_is(at, TSR_OP_dst_section) &&
        !(tsr_op_is(at, TSR_OP_for_) && has_round(at)))
      return false;
  }
  return true;
}

// -- what a value is computed from, whatever the way --------------------------

typedef struct sources {
  tsr_map seen;     // values and ops
  bool is_straight; // no loop and no branch hands them on
} sources;

static void push_values(tsr_vec *stack, const tsr_op *op) {
  for (size_t i = 0; i < tsr_op_operand_count(op); i++)
    tsr_vec_append(stack, tsr_op_operand(op, i));
}

// A block's argument is what the loop takes.
static const tsr_op *get_giver(const tsr_value *value) {
  const tsr_block *block = tsr_value_get_block(value);
  return block ? tsr_block_get_parent(block) : tsr_value_get_def(value);
}

static void trace(sources *s, const tsr_value *value) {
  tsr_vec stack;
  tsr_vec_init(&stack, NULL);
  tsr_vec_append(&stack, (void *)value);
  while (stack.size > 0) {
    const tsr_value *at = tsr_vec_pop(&stack);
    if (tsr_map_has(&s->seen, at) || tsr_value_is_constant(at))
      continue;
    tsr_map_set(&s->seen, at, NULL);
    const tsr_op *op = get_giver(at);
    if (!op || tsr_map_has(&s->seen, op))
      continue;
    tsr_map_set(&s->seen, op, NULL);
    push_values(&stack, op);
    for (size_t i = 0; i < tsr_op_block_count(op); i++) {
      s->is_straight &= tsr_op_is(op, TSR_OP_dst_section);
      const tsr_op *end = tsr_block_terminator(tsr_op_block(op, i));
      if (end)
        push_values(&stack, end);
    }
  }
  tsr_vec_deinit(&stack);
}

// -- what surely depends, block by block --------------------------------------

typedef struct flow {
  const tsr_op *from;
  tsr_map values;  // that surely depend on `from`, if that was met
  tsr_map dropped; // arguments of loops that do in the first round only
} flow;

static bool depends(const flow *f, const tsr_value *value) {
  return tsr_map_find(&f->values, value) != NULL;
}

static void set_depends(flow *f, const tsr_value *value, bool does) {
  tsr_map_set(&f->values, value, does ? f : NULL);
}

static bool contains(const tsr_block *block, const tsr_op *op) {
  return tsr_block_find_ancestor(block, op) != NULL;
}

static void follow_block(flow *f, const tsr_block *block);

static const tsr_value *get_yielded(const tsr_op *op, size_t block, size_t i) {
  return tsr_op_operand(tsr_block_terminator(tsr_op_block(op, block)), i);
}

// What is carried comes from an earlier round: of a load in the loop, that is
// another time.
static void follow_loop_around(flow *f, const tsr_op *loop) {
  const tsr_block *body = tsr_op_block(loop, 0);
  follow_block(f, body);
  bool is_last = tsr_op_is_surely_met(f->from, body);
  for (size_t i = 0; i < tsr_op_result_count(loop); i++)
    set_depends(f, tsr_op_result(loop, i),
                is_last && depends(f, get_yielded(loop, 0, i)));
}

// Leaves out, for good, what is carried but not handed on; true when there is
// any.
static bool drop_carried(flow *f, const tsr_op *loop) {
  bool has_dropped = false;
  for (size_t i = 0; i < tsr_op_result_count(loop); i++) {
    const tsr_value *arg = tsr_block_arg(tsr_op_block(loop, 0), i + 1);
    if (!depends(f, arg) || depends(f, get_yielded(loop, 0, i)))
      continue;
    tsr_map_set(&f->dropped, arg, f);
    set_depends(f, arg, false);
    has_dropped = true;
  }
  return has_dropped;
}

static void follow_loop(flow *f, const tsr_op *loop) {
  for (size_t i = 0; i < tsr_op_result_count(loop); i++) {
    const tsr_value *arg = tsr_block_arg(tsr_op_block(loop, 0), i + 1);
    set_depends(f, arg,
                !tsr_map_has(&f->dropped, arg) &&
                    depends(f, tsr_op_group_operand(loop, 3, i)));
  }
  do {
    follow_block(f, tsr_op_block(loop, 0));
  } while (drop_carried(f, loop));
  for (size_t i = 0; i < tsr_op_result_count(loop); i++)
    set_depends(
        f, tsr_op_result(loop, i),
        depends(f, get_yielded(loop, 0, i)) &&
            (has_round(loop) || depends(f, tsr_op_group_operand(loop, 3, i))));
}

// With `from` in one block, nothing is asked of the other.
static void follow_branch(flow *f, const tsr_op *op) {
  size_t count = tsr_op_block_count(op);
  bool is_asked[2] = {true, true};
  for (size_t b = 0; b < count; b++) {
    follow_block(f, tsr_op_block(op, b));
    if (contains(tsr_op_block(op, b), f->from))
      is_asked[!b] = false;
  }
  for (size_t i = 0; i < tsr_op_result_count(op); i++) {
    bool does = true;
    for (size_t b = 0; b < count; b++)
      does &= !is_asked[b] || depends(f, get_yielded(op, b, i));
    set_depends(f, tsr_op_result(op, i), does);
  }
}

static void follow_op(flow *f, const tsr_op *op) {
  if (tsr_op_is(op, TSR_OP_for_)) {
    if (contains(tsr_op_block(op, 0), f->from))
      follow_loop_around(f, op);
    else
      follow_loop(f, op);
    return;
  }
  if (tsr_op_is(op, TSR_OP_if_)) {
    follow_branch(f, op);
    return;
  }
  bool does = op == f->from;
  for (size_t i = 0; i < tsr_op_operand_count(op); i++)
    does |= depends(f, tsr_op_operand(op, i));
  for (size_t b = 0; b < tsr_op_block_count(op); b++)
    follow_block(f, tsr_op_block(op, b));
  for (size_t i = 0; i < tsr_op_result_count(op); i++)
    set_depends(f, tsr_op_result(op, i),
                tsr_op_is(op, TSR_OP_dst_section)
                    ? depends(f, get_yielded(op, 0, i))
                    : does);
}

static void follow_block(flow *f, const tsr_block *block) {
  for (const tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op))
    follow_op(f, op);
}

static bool surely_depends(const tsr_op *store, const tsr_op *load) {
  const tsr_block *block = tsr_op_find_common_block(load, store);
  const tsr_op *last = tsr_block_find_ancestor(block, store);
  flow f = {.from = load};
  tsr_map_init(&f.values);
  tsr_map_init(&f.dropped);
  for (const tsr_op *op = tsr_block_find_ancestor(block, load); op;
       op = op == last ? NULL : tsr_op_next(op))
    follow_op(&f, op);
  bool does = depends(&f, tsr_op_operand(store, 0));
  tsr_map_deinit(&f.dropped);
  tsr_map_deinit(&f.values);
  return does;
}

bool tsr_op_depends(const tsr_op *store, const tsr_op *load) {
  sources s = {.is_straight = true};
  tsr_map_init(&s.seen);
  trace(&s, tsr_op_operand(store, 0));
  bool may = tsr_map_has(&s.seen, load), is_straight = s.is_straight;
  tsr_map_deinit(&s.seen);
  return may && (is_straight || surely_depends(store, load));
}
