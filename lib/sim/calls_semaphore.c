// Semaphores: words in L1 that threads wait for.

#include "recording.h"

uint32_t tsr_sim_semaphore(uint32_t id, tsr_sim_where where) {
  thread *self = ask("get_semaphore", where);
  const tsr_target *target = &self->home->sim->target;
  if (id >= target->semaphore_count)
    fail_call(self, "semaphore %u, but a core has %u", id,
              target->semaphore_count);
  return (uint32_t)(uintptr_t)(self->home->l1 + target->kernel_config_base +
                               id * SEMAPHORE_STRIDE);
}

// The word in this core's L1: its pointer, or its address as the host knows it.
static volatile uint32_t *own_word(thread *self,
                                   const volatile uint32_t *word) {
  uintptr_t at = (uintptr_t)word, base = (uintptr_t)self->home->l1;
  uintptr_t bytes = self->home->sim->target.l1_bytes;
  if (at < bytes)
    at += base;
  if (at < base || at - base > bytes - sizeof *word)
    fail_call(self, "address 0x%llx is not in this core's L1",
              (unsigned long long)at);
  return (volatile uint32_t *)at;
}

static void set_word(thread *self, volatile uint32_t *own, uint32_t value) {
  check_given(self, (uint32_t)((uintptr_t)own & L1_MASK));
  record_word(self, TSR_CLOCK_SEMAPHORE_SET, own, value);
  *own = value;
  begun_at now = begin_here(self);
  note_change(self->home, (uint32_t)((uintptr_t)own & L1_MASK), self, &now);
  note_hint(self);
}

void tsr_sim_semaphore_set(volatile uint32_t *word, uint32_t value,
                           tsr_sim_where where) {
  thread *self = enter("noc_semaphore_set", where);
  set_word(self, own_word(self, word), value);
}

void tsr_sim_semaphore_add(volatile uint32_t *word, uint32_t amount,
                           tsr_sim_where where) {
  thread *self = enter("noc_semaphore_set", where);
  volatile uint32_t *own = own_word(self, word);
  shift_words(self->home, (uint32_t)((uintptr_t)own & L1_MASK), amount);
  set_word(self, own, *own + amount);
}

static void wait_for(thread *self, wait_kind kind,
                     const volatile uint32_t *word, uint32_t value) {
  volatile uint32_t *own = own_word(self, word);
  check_waited(self, (uint32_t)((uintptr_t)own & L1_MASK));
  record_word(self,
              kind == WAIT_SEMAPHORE_MIN ? TSR_CLOCK_SEMAPHORE_WAIT_MIN
                                         : TSR_CLOCK_SEMAPHORE_WAIT,
              own, value);
  wait_state wait = {.kind = kind, .amount = value, .word = own};
  block(self, wait);
  hear_awaited(self->home, &wait);
}

void tsr_sim_semaphore_wait(volatile uint32_t *word, uint32_t value,
                            tsr_sim_where where) {
  wait_for(enter("noc_semaphore_wait", where), WAIT_SEMAPHORE_EQUAL, word,
           value);
}

void tsr_sim_semaphore_wait_min(volatile uint32_t *word, uint32_t value,
                                tsr_sim_where where) {
  wait_for(enter("noc_semaphore_wait_min", where), WAIT_SEMAPHORE_MIN, word,
           value);
}

static tsr_clock_noc_event describe_increment(uint64_t target, uint32_t amount,
                                              bool is_posted) {
  return (tsr_clock_noc_event){.bytes = sizeof amount,
                               .posted = is_posted,
                               .address = (uint32_t)(target & L1_MASK),
                               .has_value = true,
                               .value = amount};
}

static void count_increment(thread *self, bool is_posted) {
  if (is_posted)
    return; // nothing ever waits for it
  current_port(self)->atomics++;
  current_port(self)->last_atomic = begin_here(self);
}

void tsr_sim_semaphore_inc(uint64_t target, uint32_t amount, bool is_posted,
                           tsr_sim_where where) {
  thread *self = enter("noc_semaphore_inc", where);
  bool is_dram = false;
  char *at = noc_place(self, target, sizeof amount, &is_dram);
  if (is_dram)
    fail_call(self, "a semaphore lies in L1, not in DRAM");
  check_not_linked(self);
  check_word_alignment(self, target, "a semaphore increment");
  record_transfer(self, TSR_CLOCK_INCREMENT, endpoint_of(self, target),
                  describe_increment(target, amount, is_posted));
  current_port(self)->word_state.is_lost = true;
  current_port(self)->word_state.lost = begin_here(self);
  posted signal = {
      .kind = POST_INCREMENT, .word = amount, .to = at, .bytes = sizeof amount};
  check_acknowledged(self, &signal);
  post(self, signal);
  count_increment(self, is_posted);
}

void tsr_sim_semaphore_inc_multicast(uint64_t target, uint32_t amount,
                                     uint32_t core_count, bool is_posted,
                                     tsr_sim_where where) {
  thread *self = enter("noc_semaphore_inc_multicast", where);
  posted write = {
      .kind = POST_MULTICAST_INCREMENT, .word = amount, .bytes = sizeof amount};
  check_word_alignment(self, target, "a semaphore increment");
  aim_multicast(self, target, core_count, &write);
  check_acknowledged(self, &write);
  tsr_clock_noc_event what = describe_increment(target, amount, is_posted);
  what.is_increment = true;
  record_multicast(self, &write.rectangle, what);
  post(self, write);
  count_increment(self, is_posted);
  current_port(self)->is_linked = false;
}
