// Queues between two threads of a core.
//
// Who waits is woken by the push or pop that its condition needs, at the time
// that this can be seen: the times of slots say when, so the order in which the
// clock comes to the two sides does not matter.

#include "internal.h"

void clock_queue_init(tsr_clock *clock, clock_queue *queue, uint32_t capacity,
                      uint64_t credit) {
  *queue = (clock_queue){.capacity = capacity, .credit = credit};
  queue->filled = TSR_NEW_ARRAY(&clock->arena, uint64_t, capacity);
  queue->emptied = TSR_NEW_ARRAY(&clock->arena, uint64_t, capacity);
}

// Says whether `amount` slots are filled, and since when.
static bool are_filled(const clock_queue *queue, uint64_t amount,
                       uint64_t *out_since) {
  *out_since = 0;
  if (amount == 0)
    return true;
  uint64_t last = queue->popped + amount - 1;
  if (queue->pushed <= last)
    return false;
  *out_since = queue->filled[last % queue->capacity];
  return true;
}

static bool are_emptied(const clock_queue *queue, uint64_t amount,
                        uint64_t *out_since) {
  *out_since = 0;
  if (queue->pushed + amount <= queue->capacity)
    return true;
  uint64_t last = queue->pushed + amount - queue->capacity - 1;
  if (queue->popped <= last)
    return false;
  *out_since = queue->emptied[last % queue->capacity];
  return true;
}

static bool is_met(const clock_queue *queue, const clock_thread *waiter,
                   uint64_t *out_since) {
  return waiter->wait == WAITS_FOR_FILLED
             ? are_filled(queue, waiter->wait_amount, out_since)
             : are_emptied(queue, waiter->wait_amount, out_since);
}

static bool await(tsr_clock *clock, clock_thread *self, clock_queue *queue,
                  wait_kind kind, uint32_t amount, tsr_clock_cause cause) {
  if (amount > queue->capacity)
    return true; // the run itself says what is wrong with that
  self->wait = kind;
  self->wait_amount = amount;
  uint64_t since = 0;
  bool is_there = is_met(queue, self, &since);
  if (is_there && since <= self->now)
    return true;
  if (is_there) {
    clock_stall_until(clock, self, cause, since);
    return false;
  }
  self->next_waiting = queue->waiting;
  queue->waiting = self;
  clock_stall(clock, self, cause);
  return false;
}

bool clock_await_filled(tsr_clock *clock, clock_thread *self,
                        clock_queue *queue, uint32_t amount,
                        tsr_clock_cause cause) {
  return await(clock, self, queue, WAITS_FOR_FILLED, amount, cause);
}

bool clock_await_emptied(tsr_clock *clock, clock_thread *self,
                         clock_queue *queue, uint32_t amount,
                         tsr_clock_cause cause) {
  return await(clock, self, queue, WAITS_FOR_EMPTIED, amount, cause);
}

static void wake_waiters(tsr_clock *clock, clock_queue *queue) {
  clock_thread **link = &queue->waiting;
  while (*link) {
    clock_thread *waiter = *link;
    uint64_t since = 0;
    if (!is_met(queue, waiter, &since)) {
      link = &waiter->next_waiting;
      continue;
    }
    *link = waiter->next_waiting;
    clock_wake(clock, waiter, since);
  }
}

void clock_push(tsr_clock *clock, clock_queue *queue, uint32_t amount,
                uint64_t at) {
  for (uint32_t i = 0; i < amount; i++)
    queue->filled[(queue->pushed + i) % queue->capacity] = at + queue->credit;
  queue->pushed += amount;
  wake_waiters(clock, queue);
}

void clock_pop(tsr_clock *clock, clock_queue *queue, uint32_t amount,
               uint64_t at) {
  for (uint32_t i = 0; i < amount; i++)
    queue->emptied[(queue->popped + i) % queue->capacity] = at + queue->credit;
  queue->popped += amount;
  wake_waiters(clock, queue);
}
