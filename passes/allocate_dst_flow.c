// allocate-dst: loops and branches that stay in one section.
//
// A carried value has one slot: what goes in, the block argument, what is
// yielded and the result. The same for each result of a branch. Values that
// end up elsewhere are copied at the end of the block.

#include "allocate_dst.h"

#include <assert.h>
#include <string.h>

// -- moves at the end of a block ----------------------------------------------

// Operand `operand` of the terminator has to be in `target`.
typedef struct move {
  size_t operand;
  tsr_value *value;
  const tsr_dst_value *from; // NULL: a stream's tile, copied last
  uint32_t target, width;
  bool is_done;
} move;

// All moves of one block; they happen at once, so none may spoil the source of
// another.
typedef struct moves {
  tsr_op *before; // the terminator
  move *items;
  size_t count;
  bool occupied[TSR_DST_SLOTS_MAX]; // values that live on
} moves;

static bool overlap(uint32_t a, uint32_t a_width, uint32_t b,
                    uint32_t b_width) {
  return a < b + b_width && b < a + a_width;
}

static bool is_in_place(const move *m) {
  return m->from && m->from->slot == m->target;
}

// Writing the target of `m` spoils what a move has still to read.
static bool is_blocked(const moves *all, const move *m) {
  for (size_t i = 0; i < all->count; i++) {
    const move *other = &all->items[i];
    if (!other->is_done && other->from &&
        overlap(m->target, m->width, other->from->slot, other->width))
      return true;
  }
  return false;
}

static bool is_spare(const tsr_dst_plan *plan, const moves *all, uint32_t slot,
                     uint32_t width) {
  for (uint32_t i = slot; i < slot + width; i++)
    if (i >= plan->capacity || all->occupied[i])
      return false;
  for (size_t i = 0; i < all->count; i++) {
    const move *m = &all->items[i];
    if (overlap(slot, width, m->target, m->width) ||
        (m->from && overlap(slot, width, m->from->slot, m->width)))
      return false;
  }
  return true;
}

static void copy_to(tsr_dst_plan *plan, const moves *all, move *m,
                    uint32_t slot) {
  m->from = tsr_dst_plan_copy(plan, all->before, m->operand, m->from,
                              m->from ? NULL : m->value, slot);
}

// Breaks a circle of moves: one source steps aside.
static bool step_aside(tsr_dst_plan *plan, const moves *all) {
  move *m = all->items;
  while (m->is_done || !m->from)
    m++;
  for (uint32_t slot = 0; slot < plan->capacity; slot++)
    if (is_spare(plan, all, slot, m->width)) {
      copy_to(plan, all, m, slot);
      return true;
    }
  plan->needed = plan->capacity + m->width;
  return false;
}

// The next move from DST that can be made; NULL when the rest is a circle.
static move *find_unblocked(const moves *all) {
  for (size_t i = 0; i < all->count; i++)
    if (!all->items[i].is_done && all->items[i].from &&
        !is_blocked(all, &all->items[i]))
      return &all->items[i];
  return NULL;
}

static bool has_moves_from_dst(const moves *all) {
  for (size_t i = 0; i < all->count; i++)
    if (!all->items[i].is_done && all->items[i].from)
      return true;
  return false;
}

static tsr_dst_fit plan_moves(tsr_dst_plan *plan, moves *all) {
  for (size_t i = 0; i < all->count; i++)
    all->items[i].is_done = is_in_place(&all->items[i]);
  while (has_moves_from_dst(all)) {
    move *m = find_unblocked(all);
    if (m) {
      copy_to(plan, all, m, m->target);
      m->is_done = true;
    } else if (!step_aside(plan, all)) {
      return TSR_DST_FULL;
    }
  }
  for (size_t i = 0; i < all->count; i++)
    if (!all->items[i].is_done)
      copy_to(plan, all, &all->items[i], all->items[i].target);
  return TSR_DST_FITS;
}

// The tiles among the operands of the terminator of `block`; targets follow.
static moves collect_moves(tsr_dst_plan *plan, const tsr_block *block) {
  moves all = {.before = tsr_block_terminator(block)};
  size_t count = all.before ? tsr_op_operand_count(all.before) : 0;
  all.items = TSR_NEW_ARRAY(plan->env->scratch, move, count);
  for (size_t i = 0; i < count; i++) {
    tsr_value *value = tsr_op_operand(all.before, i);
    if (!tsr_dst_is_tile(value))
      continue;
    all.items[all.count++] =
        (move){.operand = i,
               .value = value,
               .from = tsr_dst_find(plan, value),
               .width = tsr_type_block_tiles(tsr_value_get_type(value))};
  }
  return all;
}

static void occupy(moves *all, const tsr_dst_value *value) {
  for (uint32_t i = 0; i < value->width; i++)
    all->occupied[value->slot + i] = true;
}

// -- loops --------------------------------------------------------------------

// Puts the initial value of carry `i` into a slot the loop may write, and takes
// it out of the live values.
static tsr_dst_fit enter_carry(tsr_dst_plan *plan, tsr_op *op, size_t i,
                               uint32_t *out_slot) {
  tsr_value *init = tsr_op_operand(op, 3 + i);
  tsr_dst_value *value = tsr_dst_find(plan, init);
  if (value && tsr_dst_can_take(plan, value, 1)) {
    *out_slot = value->slot;
    return TSR_DST_FITS; // the slot stays taken until all carries are in
  }
  uint32_t width = tsr_type_block_tiles(tsr_value_get_type(init));
  if (!tsr_dst_allocate(plan, width, 0, false, out_slot))
    return TSR_DST_FULL;
  tsr_dst_plan_copy(plan, op, 3 + i, value, value ? NULL : init, *out_slot);
  if (value)
    tsr_dst_consume(plan, value);
  return TSR_DST_FITS;
}

// The initial values give way to the block arguments, in the same slots.
static void bind_arguments(tsr_dst_plan *plan, tsr_op *op,
                           const uint32_t *slots) {
  tsr_block *body = tsr_op_block(op, 0);
  const tsr_op *yield = tsr_block_terminator(body);
  for (size_t i = 0; i < tsr_op_result_count(op); i++) {
    tsr_value *arg = tsr_block_arg(body, i + 1);
    if (!tsr_dst_is_tile(arg))
      continue;
    uint32_t uses = tsr_dst_count_uses(arg);
    if (uses)
      tsr_dst_add_value(plan, arg, tsr_value_get_type(arg), slots[i], uses);
    tsr_map_set(&plan->hints, tsr_op_operand(yield, i),
                (void *)((uintptr_t)slots[i] + 1));
  }
}

// The values that were live before the loop and are not carried, pinned: an
// iteration may not use up what the next one reads.
static size_t pin_outer(tsr_dst_plan *plan, const tsr_op *op,
                        const uint32_t *slots, tsr_dst_value **outer) {
  size_t count = 0;
  for (size_t i = 0; i < plan->live.size; i++) {
    tsr_dst_value *value = plan->live.data[i];
    bool is_carried = false;
    for (size_t k = 0; k < tsr_op_result_count(op); k++)
      is_carried |=
          tsr_dst_is_tile(tsr_op_result(op, k)) && value->slot == slots[k];
    if (is_carried)
      continue;
    value->pins++;
    outer[count++] = value;
  }
  return count;
}

static void leave_loop(tsr_dst_plan *plan, tsr_op *op, const uint32_t *slots,
                       tsr_dst_value **outer, size_t outer_count) {
  tsr_dst_keep_only(plan, outer, outer_count);
  for (size_t i = 0; i < outer_count; i++)
    outer[i]->pins--;
  for (size_t i = 0; i < outer_count; i++)
    if (!outer[i]->uses_left && !outer[i]->pins)
      tsr_dst_release(plan, outer[i]);
  for (size_t i = 0; i < tsr_op_result_count(op); i++) {
    tsr_value *result = tsr_op_result(op, i);
    if (tsr_dst_is_tile(result) && tsr_value_has_uses(result))
      tsr_dst_add_value(plan, result, tsr_value_get_type(result), slots[i],
                        tsr_dst_count_uses(result));
  }
}

static tsr_dst_fit plan_body(tsr_dst_plan *plan, tsr_op *op,
                             const uint32_t *slots, tsr_dst_value **outer,
                             size_t outer_count) {
  tsr_block *body = tsr_op_block(op, 0);
  plan->loops++;
  tsr_dst_fit fit = tsr_dst_plan_block(plan, body);
  plan->loops--;
  if (fit != TSR_DST_FITS)
    return fit;
  moves all = collect_moves(plan, body);
  for (size_t i = 0; i < all.count; i++)
    all.items[i].target = slots[all.items[i].operand];
  for (size_t i = 0; i < outer_count; i++)
    occupy(&all, outer[i]);
  // Yielding a value from outside is a use of it; the others end here anyway.
  for (size_t i = 0; i < all.count; i++) {
    tsr_dst_value *value = tsr_dst_find(plan, all.items[i].value);
    if (value && value->uses_left)
      value->uses_left--;
  }
  return plan_moves(plan, &all);
}

tsr_dst_fit tsr_dst_plan_for(tsr_dst_plan *plan, tsr_op *op) {
  tsr_arena *arena = plan->env->scratch;
  uint32_t *slots = TSR_NEW_ARRAY(arena, uint32_t, tsr_op_result_count(op) + 1);
  for (size_t i = 0; i < tsr_op_result_count(op); i++)
    if (tsr_dst_is_tile(tsr_op_result(op, i)) &&
        enter_carry(plan, op, i, &slots[i]) != TSR_DST_FITS)
      return TSR_DST_FULL;
  tsr_dst_value **outer =
      TSR_NEW_ARRAY(arena, tsr_dst_value *, plan->live.size);
  size_t outer_count = pin_outer(plan, op, slots, outer);
  tsr_dst_keep_only(plan, outer, outer_count);
  bind_arguments(plan, op, slots);
  tsr_dst_fit fit = plan_body(plan, op, slots, outer, outer_count);
  if (fit == TSR_DST_FITS)
    leave_loop(plan, op, slots, outer, outer_count);
  return fit;
}

// -- branches -----------------------------------------------------------------

// Uses of each live value inside one block of the branch.
static uint32_t *count_uses_in(tsr_dst_plan *plan, const tsr_dst_state *before,
                               const tsr_block *block) {
  uint32_t *counts =
      TSR_NEW_ARRAY(plan->env->scratch, uint32_t, before->live_count);
  for (size_t i = 0; i < before->live_count; i++) {
    const tsr_value *value = before->live[i]->value;
    const tsr_use *u = value ? tsr_value_first_use(value) : NULL;
    for (; u; u = tsr_use_next(u))
      counts[i] += tsr_block_find_ancestor(block, tsr_use_get_op(u)) != NULL;
  }
  return counts;
}

// One side of a branch, planned.
typedef struct side {
  uint32_t *uses; // of each value live before the branch
  bool *is_live;  // at the end of the side, the same values
  bool touched[TSR_DST_SLOTS_MAX];
  moves all;
} side;

// Plans one block of the branch from the state before it. Uses on the other
// side do not count here: only one side runs.
static tsr_dst_fit plan_side(tsr_dst_plan *plan, const tsr_dst_state *before,
                             tsr_block *block, const uint32_t *other_uses,
                             side *out) {
  tsr_dst_restore(plan, before);
  for (size_t i = 0; i < before->live_count; i++) {
    tsr_dst_value *value = before->live[i];
    value->uses_left -= other_uses[i];
    if (!value->uses_left && !value->pins)
      tsr_dst_release(plan, value);
  }
  tsr_dst_fit fit = tsr_dst_plan_block(plan, block);
  if (fit != TSR_DST_FITS)
    return fit;
  out->is_live = TSR_NEW_ARRAY(plan->env->scratch, bool, before->live_count);
  for (size_t i = 0; i < before->live_count; i++)
    out->is_live[i] = before->live[i]->is_live;
  memcpy(out->touched, plan->touched, sizeof out->touched);
  out->all = collect_moves(plan, block);
  return TSR_DST_FITS;
}

// Slots that hold something after the branch, results chosen so far included.
typedef struct taken {
  bool slots[TSR_DST_SLOTS_MAX];
} taken;

static bool is_open(const tsr_dst_plan *plan, const taken *t, uint32_t slot,
                    uint32_t width) {
  for (uint32_t i = slot; i < slot + width; i++)
    if (i >= plan->capacity || t->slots[i])
      return false;
  return true;
}

// A slot for result `i`: where one side leaves it, else any that is free.
static bool choose_target(tsr_dst_plan *plan, taken *t, side *sides, size_t i) {
  uint32_t width = sides[0].all.items[i].width, slot = 0;
  bool found = false;
  for (size_t s = 0; s < 2 && !found; s++) {
    const tsr_dst_value *from = sides[s].all.items[i].from;
    found = from && is_open(plan, t, from->slot, width);
    slot = found ? from->slot : 0;
  }
  for (; !found && slot + width <= plan->capacity; slot += !found)
    found = is_open(plan, t, slot, width);
  if (!found) {
    plan->needed = plan->capacity + width;
    return false;
  }
  for (uint32_t k = slot; k < slot + width; k++)
    t->slots[k] = true;
  sides[0].all.items[i].target = sides[1].all.items[i].target = slot;
  return true;
}

// The values of before that live on, with what is left of their uses.
static size_t get_survivors(const tsr_dst_state *before, const side *sides,
                            tsr_dst_value **out) {
  size_t count = 0;
  for (size_t i = 0; i < before->live_count; i++) {
    tsr_dst_value *value = before->live[i];
    *value = before->saved[i];
    uint32_t inside = sides[0].uses[i] + sides[1].uses[i];
    bool is_kept = value->is_cache ? sides[0].is_live[i] && sides[1].is_live[i]
                                   : value->pins || value->uses_left > inside;
    value->uses_left -= inside;
    value->is_live = false;
    if (is_kept)
      out[count++] = value;
  }
  return count;
}

static tsr_dst_fit join_sides(tsr_dst_plan *plan, const tsr_dst_state *before,
                              side *sides, tsr_op *op) {
  tsr_dst_value **survivors =
      TSR_NEW_ARRAY(plan->env->scratch, tsr_dst_value *, before->live_count);
  size_t count = get_survivors(before, sides, survivors);
  taken t = {{false}};
  for (size_t i = 0; i < count; i++)
    for (uint32_t k = 0; k < survivors[i]->width; k++)
      t.slots[survivors[i]->slot + k] = true;
  for (size_t s = 0; s < 2; s++)
    memcpy(sides[s].all.occupied, t.slots, sizeof t.slots);
  for (size_t i = 0; i < sides[0].all.count; i++)
    if (!choose_target(plan, &t, sides, i))
      return TSR_DST_FULL;
  for (size_t s = 0; s < 2; s++)
    if (plan_moves(plan, &sides[s].all) != TSR_DST_FITS)
      return TSR_DST_FULL;
  for (size_t i = 0; i < TSR_DST_SLOTS_MAX; i++)
    plan->touched[i] |= sides[0].touched[i] || sides[1].touched[i];
  tsr_dst_keep_only(plan, survivors, count);
  for (size_t i = 0; i < sides[0].all.count; i++) {
    tsr_value *result = tsr_op_result(op, sides[0].all.items[i].operand);
    if (tsr_value_has_uses(result))
      tsr_dst_add_value(plan, result, tsr_value_get_type(result),
                        sides[0].all.items[i].target,
                        tsr_dst_count_uses(result));
  }
  return TSR_DST_FITS;
}

// Where one side hands on a value from before the branch, the other side's is
// best made in its place.
static void hint_sides(tsr_dst_plan *plan, const tsr_op *op) {
  const tsr_op *yields[2];
  for (size_t s = 0; s < 2; s++)
    yields[s] = tsr_block_terminator(tsr_op_block(op, s));
  for (size_t i = 0; i < tsr_op_result_count(op); i++)
    for (size_t s = 0; s < 2; s++) {
      const tsr_dst_value *kept =
          tsr_dst_find(plan, tsr_op_operand(yields[1 - s], i));
      if (kept && kept->is_live)
        tsr_map_set(&plan->hints, tsr_op_operand(yields[s], i),
                    (void *)((uintptr_t)kept->slot + 1));
    }
}

tsr_dst_fit tsr_dst_plan_if(tsr_dst_plan *plan, tsr_op *op) {
  // Without results a branch in a section does nothing, and is gone by now.
  assert(tsr_op_block_count(op) == 2);
  hint_sides(plan, op);
  tsr_dst_state *before = tsr_dst_save(plan);
  side sides[2] = {0};
  for (size_t s = 0; s < 2; s++)
    sides[s].uses = count_uses_in(plan, before, tsr_op_block(op, s));
  for (size_t s = 0; s < 2; s++) {
    tsr_dst_fit fit = plan_side(plan, before, tsr_op_block(op, s),
                                sides[1 - s].uses, &sides[s]);
    if (fit != TSR_DST_FITS)
      return fit;
  }
  return join_sides(plan, before, sides, op);
}
