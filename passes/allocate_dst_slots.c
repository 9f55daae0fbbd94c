// allocate-dst: who holds which slot of DST.

#include "allocate_dst.h"

#include <assert.h>
#include <string.h>

uint32_t tsr_dst_count_uses(const tsr_value *value) {
  uint32_t count = 0;
  for (const tsr_use *u = tsr_value_first_use(value); u; u = tsr_use_next(u))
    count++;
  return count;
}

tsr_dst_value *tsr_dst_find(const tsr_dst_plan *plan, const tsr_value *value) {
  tsr_dst_value *found = tsr_map_find(&plan->values, value);
  return found && found->section == plan->section ? found : NULL;
}

static void hold(tsr_dst_plan *plan, const tsr_dst_value *value) {
  for (uint32_t i = 0; i < value->width; i++)
    plan->refs[value->slot + i]++;
}

static void let_go(tsr_dst_plan *plan, const tsr_dst_value *value) {
  for (uint32_t i = 0; i < value->width; i++)
    plan->refs[value->slot + i]--;
}

void tsr_dst_touch(tsr_dst_plan *plan, uint32_t slot, uint32_t width) {
  for (uint32_t i = 0; i < width; i++)
    plan->touched[slot + i] = true;
}

tsr_dst_value *tsr_dst_add_value(tsr_dst_plan *plan, tsr_value *value,
                                 const tsr_type *type, uint32_t slot,
                                 uint32_t uses) {
  tsr_dst_value *made = TSR_NEW(plan->env->scratch, tsr_dst_value);
  *made = (tsr_dst_value){.value = value,
                          .type = type,
                          .slot = slot,
                          .width = tsr_type_block_tiles(type),
                          .uses_left = uses,
                          .section = plan->section,
                          .is_live = true};
  hold(plan, made);
  tsr_dst_touch(plan, slot, made->width);
  tsr_vec_append(&plan->live, made);
  tsr_vec_append(&plan->created, made);
  if (value)
    tsr_map_set(&plan->values, value, made);
  return made;
}

void tsr_dst_release(tsr_dst_plan *plan, tsr_dst_value *value) {
  assert(value->is_live);
  value->is_live = false;
  let_go(plan, value);
  size_t at = 0;
  while (plan->live.data[at] != value)
    at++;
  tsr_vec_remove(&plan->live, at);
}

void tsr_dst_consume(tsr_dst_plan *plan, tsr_dst_value *value) {
  assert(value->uses_left > 0);
  if (--value->uses_left == 0 && value->pins == 0)
    tsr_dst_release(plan, value);
}

bool tsr_dst_can_take(const tsr_dst_plan *plan, const tsr_dst_value *value,
                      uint32_t uses) {
  for (uint32_t i = 0; i < value->width; i++)
    if (plan->refs[value->slot + i] != 1)
      return false;
  return value->uses_left == uses && value->pins == 0;
}

// -- free slots ---------------------------------------------------------------

bool tsr_dst_is_free(const tsr_dst_plan *plan, uint32_t slot, uint32_t width,
                     bool fresh) {
  if (slot + width > plan->capacity)
    return false;
  for (uint32_t i = slot; i < slot + width; i++)
    if (plan->refs[i] || (fresh && (plan->touched[i] || plan->loops)))
      return false;
  return true;
}

static bool find_free(const tsr_dst_plan *plan, uint32_t width, uint32_t hint,
                      bool fresh, uint32_t *out_slot) {
  if (hint && tsr_dst_is_free(plan, hint - 1, width, fresh)) {
    *out_slot = hint - 1;
    return true;
  }
  for (uint32_t slot = 0; slot + width <= plan->capacity; slot++)
    if (tsr_dst_is_free(plan, slot, width, fresh)) {
      *out_slot = slot;
      return true;
    }
  return false;
}

// Drops the oldest copy of a stream's tile that nothing in the plan relies on;
// who needs it later copies it again.
static bool drop_cache(tsr_dst_plan *plan) {
  for (size_t i = 0; i < plan->live.size; i++) {
    tsr_dst_value *value = plan->live.data[i];
    if (!value->is_cache || value->pins)
      continue;
    tsr_dst_release(plan, value);
    return true;
  }
  return false;
}

static uint32_t count_held(const tsr_dst_plan *plan) {
  uint32_t held = 0;
  for (uint32_t i = 0; i < plan->capacity; i++)
    held += plan->refs[i] != 0;
  return held;
}

bool tsr_dst_allocate(tsr_dst_plan *plan, uint32_t width, uint32_t hint,
                      bool fresh, uint32_t *out_slot) {
  // Dropping caches frees slots, but none that was never written.
  while (!find_free(plan, width, hint, fresh, out_slot))
    if (fresh || !drop_cache(plan)) {
      plan->needed = count_held(plan) + width;
      return false;
    }
  return true;
}

// -- going back ---------------------------------------------------------------

tsr_dst_state *tsr_dst_save(tsr_dst_plan *plan) {
  tsr_arena *arena = plan->env->scratch;
  tsr_dst_state *state = TSR_NEW(arena, tsr_dst_state);
  state->live_count = plan->live.size;
  state->live = TSR_NEW_ARRAY(arena, tsr_dst_value *, plan->live.size);
  state->saved = TSR_NEW_ARRAY(arena, tsr_dst_value, plan->live.size);
  for (size_t i = 0; i < plan->live.size; i++) {
    state->live[i] = plan->live.data[i];
    state->saved[i] = *state->live[i];
  }
  memcpy(state->refs, plan->refs, sizeof plan->refs);
  memcpy(state->touched, plan->touched, sizeof plan->touched);
  state->edit_count = plan->edits.size;
  state->created_count = plan->created.size;
  return state;
}

void tsr_dst_restore(tsr_dst_plan *plan, const tsr_dst_state *state) {
  for (size_t i = 0; i < plan->live.size; i++)
    ((tsr_dst_value *)plan->live.data[i])->is_live = false;
  plan->live.size = 0;
  for (size_t i = 0; i < state->live_count; i++) {
    *state->live[i] = state->saved[i];
    tsr_vec_append(&plan->live, state->live[i]);
  }
  memcpy(plan->refs, state->refs, sizeof plan->refs);
  memcpy(plan->touched, state->touched, sizeof plan->touched);
}

void tsr_dst_roll_back(tsr_dst_plan *plan, const tsr_dst_state *state) {
  tsr_dst_restore(plan, state);
  plan->edits.size = state->edit_count;
  for (size_t i = state->created_count; i < plan->created.size; i++)
    ((tsr_dst_value *)plan->created.data[i])->section = 0;
  plan->created.size = state->created_count;
  plan->attempt++;
}

void tsr_dst_keep_only(tsr_dst_plan *plan, tsr_dst_value *const *keep,
                       size_t count) {
  for (size_t i = 0; i < plan->live.size; i++)
    ((tsr_dst_value *)plan->live.data[i])->is_live = false;
  plan->live.size = 0;
  memset(plan->refs, 0, sizeof plan->refs);
  for (size_t i = 0; i < count; i++) {
    keep[i]->is_live = true;
    hold(plan, keep[i]);
    tsr_vec_append(&plan->live, keep[i]);
  }
}
