// Words of L1 that threads signal each other with, as they change over time.
//
// The clock knows them only from the calls it is told of. A kernel may also
// store to a word by itself, so a thread may wait for a value that the clock
// never sees: when nothing else can happen, a thread that went on in the run
// goes on here.

#include "internal.h"

clock_word *clock_find_word(tsr_clock *clock, uint32_t core, uint32_t address) {
  uint32_t key[2] = {core, address};
  void **place = tsr_bytes_map_get(&clock->words, key, sizeof key, NULL);
  if (!*place)
    *place = TSR_NEW(&clock->arena, clock_word);
  return *place;
}

static bool is_met(const clock_word *word, const clock_thread *waiter) {
  return waiter->wait == WAITS_FOR_EQUAL ? word->value == waiter->wait_amount
                                         : word->value >= waiter->wait_amount;
}

void clock_write_word(tsr_clock *clock, clock_word *word, uint32_t value,
                      uint64_t at) {
  word->value = value;
  clock_thread **link = &word->waiting;
  while (*link) {
    clock_thread *waiter = *link;
    if (!is_met(word, waiter)) {
      link = &waiter->next_waiting;
      continue;
    }
    *link = waiter->next_waiting;
    clock_wake(clock, waiter, at + clock->costs.l1_load);
  }
}

bool clock_await_word(tsr_clock *clock, clock_thread *self, clock_word *word,
                      uint32_t value, wait_kind kind) {
  // Woken: what it saw may have changed since.
  if (self->is_stalled)
    return true;
  self->wait_amount = value;
  self->wait = kind;
  if (is_met(word, self)) {
    self->wait = WAITS_FOR_NOTHING;
    return true;
  }
  self->wait_word = word;
  self->next_waiting = word->waiting;
  word->waiting = self;
  clock_stall(clock, self, TSR_CLOCK_SEMAPHORE);
  return false;
}

static void remove_waiter(clock_word *word, const clock_thread *waiter) {
  clock_thread **link = &word->waiting;
  while (*link != waiter)
    link = &(*link)->next_waiting;
  *link = waiter->next_waiting;
}

bool clock_release_waiter(tsr_clock *clock) {
  clock_thread *longest = NULL;
  uint64_t latest = 0;
  for (size_t i = 0; i < clock->thread_count; i++) {
    clock_thread *self = clock->threads[i];
    latest = self->now > latest ? self->now : latest;
    bool waits = !self->ended &&
                 (self->wait == WAITS_FOR_EQUAL || self->wait == WAITS_FOR_MIN);
    // It went on if anything follows.
    if (waits && self->stream.count > 1 &&
        (!longest || self->arrived < longest->arrived))
      longest = self;
  }
  if (!longest)
    return false;
  remove_waiter(longest->wait_word, longest);
  clock_wake(clock, longest, latest);
  return true;
}
