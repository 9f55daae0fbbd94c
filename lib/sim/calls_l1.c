// What a kernel does to L1 without the NoC: through pointers.
//
// The chip lets it read and write anything. Here an access is held against the
// same rules as a transfer, where whoever compiles the kernel reports it.

#include "internal.h"

enum {
  // Reads of one word in a row, without a call, before others get a turn: the
  // kernel waits for the word.
  READS_PER_TURN = 1000,
  // Reads of any word before the same; the kernel may wait for several words.
  READS_PER_EPOCH = 100000
};

static void check_own_write(thread *self, uint32_t l1, uint32_t bytes) {
  const char *at = self->home->l1 + l1;
  check_write_into(self, l1, bytes);
  check_landed(self, at, bytes);
  check_left(self, self->home->threads[TSR_SIM_BRISC], at, bytes, "overwrites");
  check_left(self, self->home->threads[TSR_SIM_NCRISC], at, bytes,
             "overwrites");
}

void tsr_sim_l1_write(uint32_t l1, uint32_t bytes, tsr_sim_where where) {
  thread *self = enter("a store", where);
  uint32_t at = l1 & L1_MASK;
  if (at < self->home->sim->target.l1_bytes)
    check_own_write(self, at, bytes);
}

// -- Pointers -----------------------------------------------------------------

// Finds where in its core's L1 the running kernel reaches; false: elsewhere.
static bool find_own(const void *at, thread **out_self, uint32_t *out_l1) {
  thread *self = current_thread();
  if (!self)
    return false;
  uintptr_t into = (uintptr_t)at - (uintptr_t)self->home->l1;
  *out_self = self;
  *out_l1 = (uint32_t)into;
  return into < self->home->sim->target.l1_bytes;
}

static bool is_watched(const thread *self) {
  return self->home->sim->strict != TSR_SIM_STRICT_OFF;
}

// A loop that waits for a word in L1 would never let it change.
static void share_turn(thread *self, uint32_t l1) {
  if (++self->reads == READS_PER_EPOCH) {
    self->reads = 0;
    wait_for_epoch(self);
  }
  if (self->polled_l1 != l1) {
    self->polled_l1 = l1;
    self->polls = 0;
  } else if (++self->polls == READS_PER_TURN) {
    self->polls = self->reads = 0;
    block(self, (wait_state){.kind = WAIT_POLL});
  }
}

// Messages have the place of the last call, which is near.
static const char pointer[] = "a pointer used after this call";

void tsr_sim_pointer_read(const void *at, uint32_t bytes) {
  thread *self = NULL;
  uint32_t l1 = 0;
  if (!find_own(at, &self, &l1))
    return;
  const char *last = self->call;
  self->call = pointer;
  if (is_watched(self)) {
    check_read_from(self, l1, bytes);
    check_landed(self, at, bytes);
  }
  share_turn(self, l1);
  self->call = last;
}

void tsr_sim_pointer_write(const void *at, uint32_t bytes) {
  thread *self = NULL;
  uint32_t l1 = 0;
  if (!find_own(at, &self, &l1) || !is_watched(self))
    return;
  const char *last = self->call;
  self->call = pointer;
  check_own_write(self, l1, bytes);
  self->call = last;
}
