// What a kernel does without the NoC: to L1 through pointers, and between
// calls.
//
// The chip lets it read and write anything. Here an access is held against the
// same rules as a transfer, where whoever compiles the kernel reports it.

#include "internal.h"

#include <stdint.h>

enum {
  // Reads of one word in a row, without a call, before others get a turn: the
  // kernel waits for the word.
  READS_PER_TURN = 1000,
  // Steps before the same; the kernel may wait for several words, or for ever.
  STEPS_PER_TURN = 5000,
  // Frames are larger here than on the chip: registers and pointers have twice
  // as many bytes, and what the model's calls are given is kept on the stack.
  HOST_STACK_FACTOR = 2,
  HOST_STACK_BYTES = 8192
};

static void check_own_write(thread *self, uint32_t l1, uint32_t bytes) {
  const char *at = self->home->l1 + l1;
  check_write_into(self, l1, bytes);
  check_landed(self, at, bytes);
  check_overwritten(self, self->home, at, bytes, "overwrites");
  check_own_arrived(self, at, bytes, "overwrites");
  mark_written(self->home, l1, bytes);
}

uint32_t tsr_sim_zeros(void) {
  const core *on = current_thread()->home;
  return (uint32_t)(uintptr_t)(on->l1 + on->sim->target.zeros_base);
}

void tsr_sim_l1_write(uint32_t l1, uint32_t bytes, tsr_sim_where where) {
  thread *self = enter("a store", where);
  uint32_t at = l1 & L1_MASK;
  if (at < self->home->sim->target.l1_bytes)
    check_own_write(self, at, bytes);
}

// -- Lines --------------------------------------------------------------------

// Names the line at `code`, unless it is of no file of the kernel's, or within
// a function whose name and place are known.
static bool name_line(thread *self, const char *code) {
  const kernel *of = self->code;
  const tsr_sim_image *image = of->images[self->processor];
  if (!of->find_line || !code || self->outer_depth > 0)
    return false;
  if (self->image) // a copy of what was loaded
    code = image->start + (code - self->image);
  if (!of->find_line(of->lines[self->processor], code, &self->where))
    return false;
  self->call = "a loop";
  return true;
}

// The same where it came last.
static bool name_own_loop(thread *self) {
  for (uint32_t i = 1; i <= PASSED; i++)
    if (name_line(self, self->passed[(self->steps_left + i) % PASSED]))
      return true;
  return false;
}

// -- Pointers -----------------------------------------------------------------

// Messages have the place of the last call, which is near, or of the function
// whose pointer it is.
static const char pointer[] = "a pointer used after this call";

static void name_pointer(thread *self) {
  bool is_inner = self->outer_depth > 0;
  self->call = is_inner ? self->outer_call : pointer;
  if (is_inner)
    self->where = self->outer_where;
}

// Other cores run meanwhile: what the kernel would find there differs from run
// to run, so this is an error however strict the model is.
TSR_NORETURN static void fail_elsewhere(thread *self, const void *at) {
  tsr_buffer_clear(&self->earlier);
  describe_elsewhere(&self->earlier, self->home, at);
  self->call = self->where.line ? pointer : "a pointer";
  fail_call(self, "%s", tsr_buffer_str(&self->earlier));
}

// Finds where in its core's L1 the running kernel reaches, also by the address
// that the host has of it; false: variables, the stack, and what the host's
// memory protection sees to.
static bool find_own(const void *at, thread **out_self, uint32_t *out_l1) {
  thread *self = current_thread();
  if (!self)
    return false;
  uintptr_t into = (uintptr_t)at - (uintptr_t)self->home->l1;
  *out_self = self;
  *out_l1 = (uint32_t)into;
  if (into < self->home->sim->target.l1_bytes)
    return true;
  *out_l1 = (uint32_t)(uintptr_t)at;
  if (is_in_window(self->home->sim, at))
    return true;
  if (core_of_pointer(self->home->sim, at))
    fail_elsewhere(self, at);
  return false;
}

static bool is_watched(const thread *self) {
  return self->home->sim->strict != TSR_SIM_STRICT_OFF;
}

static uint32_t word_at(const thread *self, uint32_t l1) {
  uint32_t word = 0;
  memcpy(&word, self->home->l1 + l1 / sizeof word * sizeof word, sizeof word);
  return word;
}

// A loop that waits for a word in L1 would never let it change.
static void rest_in_polls(thread *self) {
  begun_at last = begin_here(self);
  name_own_loop(self);
  block(self, (wait_state){.kind = WAIT_POLL});
  self->call = last.call;
  self->where = last.where;
}

static void share_turn(thread *self, uint32_t l1) {
  if (self->polled_l1 != l1) {
    self->polled_l1 = l1;
    self->polls = 0;
  } else if (++self->polls == READS_PER_TURN) {
    uint32_t before = word_at(self, l1);
    self->polls = 0;
    self->home->is_busy = true;
    rest_in_polls(self);
    if (word_at(self, l1) != before)
      self->turn = TURN_ACTED;
  }
}

// Whoever polls on the same core sees what a store changes.
static void note_store(thread *self, uint32_t l1) {
  if (word_at(self, self->stored_l1) != self->stored_over)
    note_turn(self, TURN_STIRRED);
  self->stored_l1 = l1;
  self->stored_over = word_at(self, l1);
}

// What is aligned on the host is on the chip: a core's L1 starts at a multiple
// of all sizes.
static void check_aligned(thread *self, uint32_t l1, uint32_t align) {
  if (l1 % align != 0)
    break_rule(self,
               "address 0x%x is no multiple of %u: the processors load and "
               "store there byte by byte only",
               l1, align);
}

void tsr_sim_pointer_read(const void *at, uint32_t bytes, uint32_t align) {
  thread *self = NULL;
  uint32_t l1 = 0;
  if (!find_own(at, &self, &l1))
    return;
  const char *last = self->call;
  name_pointer(self);
  if (is_watched(self)) {
    check_aligned(self, l1, align);
    check_read_from(self, l1, bytes);
    check_landed(self, self->home->l1 + l1, bytes);
  }
  share_turn(self, l1);
  hear_bytes(self->home, l1, bytes);
  self->call = last;
}

void tsr_sim_pointer_write(const void *at, uint32_t bytes, uint32_t align) {
  thread *self = NULL;
  uint32_t l1 = 0;
  if (!find_own(at, &self, &l1))
    return;
  note_store(self, l1);
  note_hint(self);
  if (!is_watched(self))
    return;
  const char *last = self->call;
  name_pointer(self);
  check_aligned(self, l1, align);
  check_own_write(self, l1, bytes);
  check_given(self, l1);
  self->call = last;
}

// -- Between calls ------------------------------------------------------------

void start_steps(thread *self, const void *top) {
  uint32_t local_bytes =
      tsr_sim_local_bytes(&self->home->sim->target, self->processor);
  self->steps_left = STEPS_PER_TURN;
  self->stack_top = (uintptr_t)top;
  self->stack_end =
      self->stack_top - HOST_STACK_FACTOR * local_bytes - HOST_STACK_BYTES;
}

static void name_loop_by_call(thread *self) {
  self->call = self->where.line ? "a loop after this call"
                                : "a loop before the kernel's first call";
}

void name_loop(thread *self) {
  if (!name_own_loop(self))
    name_loop_by_call(self);
}

void name_loop_at(thread *self, const char *code) {
  if (!name_line(self, code))
    name_loop_by_call(self);
}

// Others get their turn.
static void rest(thread *self) {
  self->steps_left = STEPS_PER_TURN;
  self->calls_left = 0;
  wait_for_epoch(self);
}

// A loop without a call, or with none that changes anything.
static void rest_in_loop(thread *self) {
  begun_at last = begin_here(self);
  name_loop(self);
  rest(self);
  self->call = last.call;
  self->where = last.where;
}

void tsr_sim_rounds(uint64_t rounds, tsr_sim_where where) {
  thread *self = current_thread();
  if (rounds < self->steps_left) {
    self->steps_left -= (uint32_t)rounds;
    return;
  }
  begun_at last = begin_here(self);
  self->where = where;
  self->rounds = rounds;
  for (; rounds >= self->steps_left; rest(self))
    rounds -= self->steps_left;
  self->steps_left -= (uint32_t)rounds;
  self->rounds = 0;
  self->call = last.call;
  self->where = last.where;
}

TSR_NORETURN static void fail_stack(thread *self, uintptr_t frame) {
  self->call = self->where.line ? "the stack after this call" : "the stack";
  fail_call(self,
            "takes %llu B, but the processor has %u B for variables and "
            "stack: larger data belong in L1",
            (unsigned long long)(self->stack_top - frame),
            tsr_sim_local_bytes(&self->home->sim->target, self->processor));
}

void tsr_sim_step(const void *frame, const void *code) {
  thread *self = current_thread();
  if (!self)
    return;
  self->passed[self->steps_left % PASSED] = code;
  if ((uintptr_t)frame < self->stack_end)
    fail_stack(self, (uintptr_t)frame);
  if (--self->steps_left == 0)
    rest_in_loop(self);
}
