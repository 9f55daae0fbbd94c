// What nothing uses, and removing it.
//
// Liveness starts from what can be seen from outside: stores to arguments,
// launches, and every op on circular buffers, the NoC or the engines. From
// there it spreads to operands, to the ops around, and through loops to those
// carried values that matter. A store to an intermediate buffer lives only if
// something reads the buffer, so a buffer that is only written goes with all
// its stores.

#include "tessera/rewrite.h"

#include "tessera/vector.h"

// A store to an intermediate buffer.
typedef struct stored {
  tsr_op *op;
  struct stored *next; // to the same buffer
} stored;

typedef struct liveness {
  tsr_op *root;
  const tsr_dead_options *options;
  tsr_arena *scratch;
  tsr_map values;   // live ones that MARKED_RESULTS does not cover
  tsr_map stores;   // buffer.alloc result to the stores to it
  tsr_vec worklist; // live ops and values whose consequences are open
} liveness;

// The mark of an op says whether it is live, and which of its first results
// are. Sweeping takes the marks away.
enum { LIVE_OP = 1, MARKED_RESULTS = 31 };

static bool is_live_op(const tsr_op *op) {
  return (tsr_op_get_mark(op) & LIVE_OP) != 0;
}

// The bit of a value in the mark of its op, or 0.
static uint32_t get_bit(const tsr_value *value) {
  size_t number = tsr_value_get_number(value);
  return tsr_value_get_def(value) && number < MARKED_RESULTS
             ? (uint32_t)LIVE_OP << (number + 1)
             : 0;
}

static bool is_live_value(const liveness *l, const tsr_value *value) {
  uint32_t bit = get_bit(value);
  if (bit)
    return (tsr_op_get_mark(tsr_value_get_def(value)) & bit) != 0;
  return tsr_map_has(&l->values, value);
}

// -- roots --------------------------------------------------------------------

static bool is_within(const liveness *l, const tsr_op *op) {
  return tsr_op_contains(l->root, op);
}

static bool is_branching(const tsr_op *op) {
  return tsr_op_is(op, TSR_OP_for_) || tsr_op_is(op, TSR_OP_if_);
}

// What is in a slot when its section ends is lost, so in a section that yields
// nothing no slot matters.
static bool has_place(const tsr_op *op) {
  if (tsr_op_get_attr(op, "stream"))
    return true;
  if (!tsr_op_get_attr(op, "dst"))
    return false;
  const tsr_op *section = tsr_op_find_parent(op, TSR_OP_dst_section);
  return !section || tsr_op_result_count(section) > 0;
}

// Removed when nothing uses the results; all other ops stay.
static bool is_removable(const liveness *l, const tsr_op *op) {
  static const bool removable[TSR_OP_COUNT] = {
      [TSR_OP_for_] = true,          [TSR_OP_if_] = true,
      [TSR_OP_tile_parallel] = true, [TSR_OP_core_launch] = true,
      [TSR_OP_buffer_dim] = true,    [TSR_OP_buffer_alloc] = true,
      [TSR_OP_tile_load] = true,     [TSR_OP_tile_contract] = true,
      [TSR_OP_tile_generate] = true, [TSR_OP_tile_extract] = true,
      [TSR_OP_tile_insert] = true,   [TSR_OP_tile_empty] = true,
      [TSR_OP_call] = true,          [TSR_OP_dst_cleared] = true,
      [TSR_OP_dst_section] = true,
  };
  // A section's yield, which packs, keeps the section.
  if (tsr_op_is(op, TSR_OP_yield))
    return is_branching(tsr_op_get_parent(op)) || !tsr_op_operand_count(op);
  if (has_place(op) && !l->options->takes_places)
    return false;
  return removable[tsr_op_get_kind(op)] ||
         tsr_op_has_trait(op, TSR_TRAIT_INDEX_MATH | TSR_TRAIT_TENSOR_MATH |
                                  TSR_TRAIT_TILE_MATH);
}

// The intermediate buffer that a tile.store writes, or NULL. One from outside
// may be read there.
static tsr_value *get_stored_intermediate(const liveness *l, const tsr_op *op) {
  if (!tsr_op_is(op, TSR_OP_tile_store))
    return NULL;
  tsr_value *buffer = tsr_op_group_operand(op, 1, 0);
  const tsr_op *def = tsr_value_get_def(buffer);
  return tsr_op_is(def, TSR_OP_buffer_alloc) && is_within(l, def) ? buffer
                                                                  : NULL;
}

// Ops and values stand at even addresses; the lowest bit tells which it is. The
// list is as deep as values follow from each other, so it is kept small.
enum { IS_VALUE = 1 };

static void push(liveness *l, void *item, bool is_value) {
  uintptr_t tagged = (uintptr_t)item | (is_value ? IS_VALUE : 0);
  tsr_vec_append(&l->worklist, (void *)tagged);
}

static void mark_op(liveness *l, tsr_op *op) {
  if (is_live_op(op) || !is_within(l, op))
    return;
  tsr_op_set_mark(op, tsr_op_get_mark(op) | LIVE_OP);
  push(l, op, false);
}

static void mark_value(liveness *l, tsr_value *value) {
  uint32_t bit = get_bit(value);
  tsr_op *def = tsr_value_get_def(value);
  if (is_live_value(l, value) || (def && !is_within(l, def)))
    return;
  if (bit)
    tsr_op_set_mark(def, tsr_op_get_mark(def) | bit);
  else
    tsr_map_set(&l->values, value, value);
  push(l, value, true);
}

static void add_store(liveness *l, const tsr_value *buffer, tsr_op *store) {
  stored *made = TSR_NEW(l->scratch, stored);
  made->op = store;
  made->next = tsr_map_find(&l->stores, buffer);
  tsr_map_set(&l->stores, buffer, made);
}

static void mark_roots(liveness *l, tsr_block *block) {
  for (tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op)) {
    const tsr_value *buffer = get_stored_intermediate(l, op);
    if (buffer)
      add_store(l, buffer, op);
    else if (!is_removable(l, op))
      mark_op(l, op);
    if (!tsr_op_is(op, TSR_OP_reference))
      for (size_t i = 0; i < tsr_op_block_count(op); i++)
        mark_roots(l, tsr_op_block(op, i));
  }
}

// -- spreading ----------------------------------------------------------------

// Result `i` of a loop or `if`, or value `i` that a loop carries, is live: so
// is what every block hands over for it, and what a loop starts with.
static void mark_handed_over(liveness *l, tsr_op *op, size_t i) {
  for (size_t b = 0; b < tsr_op_block_count(op); b++) {
    tsr_op *yield = tsr_block_terminator(tsr_op_block(op, b));
    mark_op(l, yield);
    mark_value(l, tsr_op_operand(yield, i));
  }
  if (tsr_op_is(op, TSR_OP_for_))
    mark_value(l, tsr_op_group_operand(op, 3, i));
}

static void spread_value(liveness *l, tsr_value *value) {
  tsr_op *def = tsr_value_get_def(value);
  size_t number = tsr_value_get_number(value);
  if (def) {
    mark_op(l, def);
    if (is_branching(def))
      mark_handed_over(l, def, number);
    return;
  }
  const tsr_block *block = tsr_value_get_block(value);
  if (!block)
    return;
  tsr_op *op = tsr_block_get_parent(block);
  mark_op(l, op);
  if (tsr_op_is(op, TSR_OP_for_) && number > 0 && is_within(l, op))
    mark_handed_over(l, op, number - 1);
}

// `op` uses what is in its buffer operands, not only their shapes.
static void mark_contents(liveness *l, const tsr_value *buffer) {
  const stored *stores = tsr_map_find(&l->stores, buffer);
  if (!stores)
    return;
  tsr_map_remove(&l->stores, buffer);
  for (; stores; stores = stores->next)
    mark_op(l, stores->op);
}

static void spread_op(liveness *l, tsr_op *op) {
  tsr_op *parent = tsr_op_get_parent(op);
  if (parent)
    mark_op(l, parent);
  // What a block hands over lives by itself; only returns keep it all.
  if (tsr_op_is(op, TSR_OP_yield) && is_branching(parent))
    return;
  size_t count = tsr_op_operand_count(op);
  if (tsr_op_is(op, TSR_OP_for_))
    count -= tsr_op_group_size(op, 3);
  for (size_t i = 0; i < count; i++) {
    tsr_value *operand = tsr_op_operand(op, i);
    mark_value(l, operand);
    if (!tsr_op_is(op, TSR_OP_buffer_dim) && !get_stored_intermediate(l, op))
      mark_contents(l, operand);
  }
}

static void spread(liveness *l) {
  while (l->worklist.size > 0) {
    uintptr_t item = (uintptr_t)tsr_vec_pop(&l->worklist);
    if (item & IS_VALUE)
      spread_value(l, (tsr_value *)(item - IS_VALUE));
    else
      spread_op(l, (tsr_op *)item);
  }
}

// -- removing -----------------------------------------------------------------

static bool is_live_result(const liveness *l, const tsr_op *op, size_t i) {
  if (is_live_value(l, tsr_op_result(op, i)))
    return true;
  return tsr_op_is(op, TSR_OP_for_) &&
         is_live_value(l, tsr_block_arg(tsr_op_block(op, 0), 1 + i));
}

static size_t count_live_results(const liveness *l, const tsr_op *op) {
  size_t count = 0;
  for (size_t i = 0; i < tsr_op_result_count(op); i++)
    count += is_live_result(l, op, i);
  return count;
}

static void move_body(tsr_block *from, tsr_block *to) {
  while (tsr_block_first(from)) {
    tsr_op *op = tsr_block_first(from);
    tsr_op_remove(op);
    tsr_block_append(to, op);
  }
}

static void copy_argument(const tsr_block *from, size_t i, tsr_block *to) {
  tsr_value *old = tsr_block_arg(from, i);
  tsr_value *copy =
      tsr_block_add_arg(to, tsr_value_get_type(old), tsr_value_get_loc(old),
                        tsr_value_get_name(old));
  tsr_value_replace_uses(old, copy);
}

// Leaves out the operands of a block's yield whose results are dead; the yield
// goes when none is left.
static void trim_yield(const liveness *l, const tsr_op *op, tsr_block *block) {
  tsr_op *yield = tsr_block_terminator(block);
  if (!yield)
    return;
  uint32_t live = 0;
  tsr_value **operands =
      TSR_NEW_ARRAY(l->scratch, tsr_value *, tsr_op_operand_count(yield));
  for (size_t i = 0; i < tsr_op_operand_count(yield); i++)
    if (is_live_result(l, op, i))
      operands[live++] = tsr_op_operand(yield, i);
  if (live == 0)
    tsr_op_erase(yield);
  else
    tsr_op_set_operands(yield, operands, live, &live);
}

// Makes `op`, a loop or `if`, anew with its live results only. Dead ops of its
// body may go on using what is gone; they go next.
static tsr_op *rebuild(const liveness *l, tsr_op *op) {
  bool is_loop = tsr_op_is(op, TSR_OP_for_);
  size_t fixed = is_loop ? 3 : tsr_op_operand_count(op), live = 0;
  size_t count = tsr_op_result_count(op), blocks = tsr_op_block_count(op);
  tsr_value **operands = TSR_NEW_ARRAY(l->scratch, tsr_value *, fixed + count);
  const tsr_type **types = TSR_NEW_ARRAY(l->scratch, const tsr_type *, count);
  for (size_t i = 0; i < fixed; i++)
    operands[i] = tsr_op_operand(op, i);
  for (size_t i = 0; i < count; i++) {
    if (!is_live_result(l, op, i))
      continue;
    types[live] = tsr_value_get_type(tsr_op_result(op, i));
    if (is_loop)
      operands[fixed + live] = tsr_op_operand(op, fixed + i);
    live++;
  }
  uint32_t groups[] = {1, 1, 1, (uint32_t)live};
  tsr_op_desc desc = {.kind = tsr_op_get_kind(op),
                      .loc = tsr_op_get_loc(op),
                      .operands = operands,
                      .operand_count = fixed + (is_loop ? live : 0),
                      .groups = is_loop ? groups : NULL,
                      .result_types = types,
                      .result_count = live,
                      .block_count = blocks};
  tsr_op *made = tsr_op_create(tsr_op_get_module(op), &desc);
  tsr_op_insert_before(made, op);

  for (size_t b = 0; b < blocks; b++) {
    tsr_block *from = tsr_op_block(op, b), *to = tsr_op_block(made, b);
    trim_yield(l, op, from);
    for (size_t i = 0; i < tsr_block_arg_count(from); i++)
      if (i == 0 || is_live_result(l, op, i - 1))
        copy_argument(from, i, to);
    move_body(from, to);
  }
  for (size_t i = 0, j = 0; i < count; i++) {
    if (!is_live_result(l, op, i))
      continue;
    tsr_value *old = tsr_op_result(op, i), *result = tsr_op_result(made, j++);
    tsr_value_set_name(result, tsr_value_get_name(old));
    tsr_value_replace_uses(old, result);
  }
  tsr_op_erase(op);
  return made;
}

static void sweep_block(liveness *l, tsr_block *block);

// Leaves out what is dead of a live op, which may be another then.
static tsr_op *sweep_op(liveness *l, tsr_op *op) {
  if (is_branching(op) && count_live_results(l, op) < tsr_op_result_count(op))
    op = rebuild(l, op);
  tsr_op_set_mark(op, 0);
  for (size_t i = 0; i < tsr_op_block_count(op); i++)
    sweep_block(l, tsr_op_block(op, i));
  return op;
}

// Backwards and from the outside in, so that users go before what they use.
static void sweep_block(liveness *l, tsr_block *block) {
  for (tsr_op *op = tsr_block_last(block), *prev; op; op = prev) {
    prev = tsr_op_prev(op);
    if (tsr_op_is(op, TSR_OP_reference)) {
      tsr_op_set_mark(op, 0);
      continue;
    }
    bool is_dead = !is_live_op(op);
    if (l->options->visiting)
      l->options->visiting(l->options->user, op, is_dead);
    if (is_dead)
      tsr_op_erase(op);
    else
      sweep_op(l, op);
  }
}

// Of what the root gives, what has uses.
static void mark_root(liveness *l) {
  mark_op(l, l->root);
  for (size_t i = 0; i < tsr_op_result_count(l->root); i++)
    if (tsr_value_has_uses(tsr_op_result(l->root, i)))
      mark_value(l, tsr_op_result(l->root, i));
  for (size_t i = 0; i < tsr_op_block_count(l->root); i++)
    mark_roots(l, tsr_op_block(l->root, i));
}

tsr_op *tsr_remove_dead(tsr_op *op, const tsr_dead_options *options,
                        tsr_arena *scratch) {
  liveness l = {.root = op, .options = options, .scratch = scratch};
  tsr_map_init(&l.values);
  tsr_map_init(&l.stores);
  // What an arena leaves behind when a list grows would be as much again.
  tsr_vec_init(&l.worklist, NULL);
  mark_root(&l);
  spread(&l);
  op = sweep_op(&l, op);
  tsr_vec_deinit(&l.worklist);
  tsr_map_deinit(&l.stores);
  tsr_map_deinit(&l.values);
  return op;
}
