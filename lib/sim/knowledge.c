#include "internal.h"

struct knowledge {
  atomic_uint holders;
  uint64_t steps[]; // of each core
};

// -- Held by several ----------------------------------------------------------

static knowledge *hold(knowledge *known) {
  if (known)
    atomic_fetch_add_explicit(&known->holders, 1, memory_order_relaxed);
  return known;
}

static void drop(knowledge *known) {
  if (known &&
      atomic_fetch_sub_explicit(&known->holders, 1, memory_order_acq_rel) == 1)
    tsr_mem_resize(known, 0);
}

// Makes `*io_known` one that nobody else holds.
static knowledge *make_own(knowledge **io_known, uint32_t core_count) {
  knowledge *old = *io_known;
  if (old && atomic_load_explicit(&old->holders, memory_order_acquire) == 1)
    return old;
  size_t bytes = core_count * sizeof old->steps[0];
  knowledge *made = tsr_mem_zeroed(1, sizeof *made + bytes);
  atomic_init(&made->holders, 1);
  if (old)
    memcpy(made->steps, old->steps, bytes);
  drop(old);
  *io_known = made;
  return made;
}

bool knows_step(const knowledge *known, uint32_t of, uint64_t step) {
  return step == 0 || (known && known->steps[of] >= step);
}

static void keep_step(knowledge **io_known, uint32_t core_count, uint32_t of,
                      uint64_t step) {
  if (!knows_step(*io_known, of, step))
    make_own(io_known, core_count)->steps[of] = step;
}

static void join(knowledge **io_known, uint32_t core_count, const stamp *by) {
  for (uint32_t i = 0; by->known && i < core_count; i++)
    keep_step(io_known, core_count, i, by->known->steps[i]);
  keep_step(io_known, core_count, by->core, by->step);
}

// -- Told ---------------------------------------------------------------------

uint64_t current_step(const core *on) { return on->steps_told + 1; }

stamp stamp_write(core *on) {
  on->steps_told++;
  return (stamp){on->index, on->steps_told, hold(on->known)};
}

stamp stamp_copy(const stamp *by) {
  hold(by->known);
  return *by;
}

void stamp_drop(stamp *by) {
  drop(by->known);
  by->known = NULL;
}

void stamp_join(stamp *io_by, const stamp *other, uint32_t core_count) {
  join(&io_by->known, core_count, other);
}

// -- Heard --------------------------------------------------------------------

void learn(core *on, const stamp *by) {
  join(&on->known, on->sim->core_count, by);
}

void learn_by_look(core *on, core *at) {
  stamp seen = stamp_write(at);
  learn(on, &seen);
  stamp_drop(&seen);
}

void forget_knowledge(core *on) {
  drop(on->known);
  on->known = NULL;
  on->steps_told = 0;
}
