// What a processor asks of the NoC: commands, cut into packets, and barriers.

#include "internal.h"

static uint64_t issue_ticks(const noc_costs *costs,
                            const tsr_clock_event *event) {
  const tsr_clock_noc_event *what = &event->noc;
  uint64_t stateful = what->stateful ? costs->stateful[event->kind] : 0;
  return stateful ? stateful : costs->issue[event->kind][what->memory];
}

static uint32_t packet_bytes(const tsr_clock *clock, uint32_t left) {
  uint32_t burst = clock->target.noc_burst_bytes;
  return left < burst ? left : burst;
}

static void begin_pending(clock_thread *self, const tsr_clock_noc_event *what,
                          pending_kind kind) {
  if (what->posted)
    return;
  self->pending[kind][what->transaction]++;
  self->pending_total[kind]++;
}

// -- Reads --------------------------------------------------------------------

// The request of one packet goes out.
static void request(tsr_clock *clock, clock_thread *self,
                    const tsr_clock_event *event, uint32_t bytes, uint64_t at) {
  const tsr_clock_noc_event *what = &event->noc;
  packet *on = clock_create_packet(clock, self, event, bytes);
  on->at = clock_router_of(clock, what->memory, what->endpoint);
  on->to = clock->cores[self->core].at;
  uint64_t overhead = clock->costs.overhead[TSR_CLOCK_READ][what->memory];
  uint64_t hops = clock_hops(clock, what->noc, on->to, on->at);
  on->back = overhead - overhead / 2;
  begin_pending(self, what, PENDING_READS);
  clock_schedule_packet(clock, on, STAGE_REQUEST,
                        at + overhead / 2 + hops * clock->costs.hop);
}

int64_t clock_do_read(tsr_clock *clock, clock_thread *self,
                      const tsr_clock_event *event) {
  uint64_t issue = issue_ticks(&clock->costs, event), at = self->now;
  uint32_t left = event->noc.bytes;
  do {
    uint32_t bytes = packet_bytes(clock, left);
    request(clock, self, event, bytes, at);
    left -= bytes;
    at += issue;
  } while (left > 0);
  self->result.read_bytes += event->noc.bytes;
  return (int64_t)(at - self->now);
}

// -- Writes -------------------------------------------------------------------

static uint64_t inject_ticks(const tsr_clock *clock,
                             const tsr_clock_noc_event *what, uint32_t bytes) {
  const tsr_target *target = &clock->target;
  return clock_transfer_ticks(bytes, what->memory == TSR_CLOCK_DRAM
                                         ? target->noc_dram_inject_rate
                                         : target->noc_inject_rate);
}

static void note_sent(clock_thread *self, const tsr_clock_noc_event *what,
                      uint64_t at) {
  uint64_t *sent = &self->sent[what->transaction];
  *sent = at > *sent ? at : *sent;
}

// One packet that was issued at `at` goes out; returns when it does.
static uint64_t inject(tsr_clock *clock, clock_thread *self,
                       const tsr_clock_event *event, uint32_t bytes,
                       uint64_t at) {
  const tsr_clock_noc_event *what = &event->noc;
  clock_core *home = &clock->cores[self->core];
  uint64_t overhead = clock->costs.overhead[event->kind][what->memory];
  uint64_t ticks = inject_ticks(clock, what, bytes);
  uint64_t begin =
      clock_serve(&home->egress[what->noc], at + overhead / 2, ticks, bytes);
  packet *on = clock_create_packet(clock, self, event, bytes);
  on->at = home->at;
  on->to = clock_router_of(clock, what->memory, what->endpoint);
  on->start = begin;
  on->tail = begin + ticks;
  uint64_t hops = clock_hops(clock, what->noc, on->to, on->at);
  on->back = overhead - overhead / 2 + hops * clock->costs.hop;
  if (what->memory == TSR_CLOCK_DRAM)
    on->back += clock->costs.dram_access[TSR_CLOCK_WRITE];
  note_sent(self, what, on->tail);
  begin_pending(self, what,
                event->kind == TSR_CLOCK_INCREMENT ? PENDING_ATOMICS
                                                   : PENDING_WRITES);
  clock_schedule_packet(clock, on, STAGE_LINK, begin);
  return begin - overhead / 2;
}

// The interface holds one command that waits to go out.
static bool command_is_free(tsr_clock *clock, clock_thread *self) {
  if (self->command_free <= self->now)
    return true;
  clock_stall_until(clock, self, TSR_CLOCK_NOC_ISSUE, self->command_free);
  return false;
}

int64_t clock_do_write(tsr_clock *clock, clock_thread *self,
                       const tsr_clock_event *event) {
  if (!command_is_free(clock, self))
    return STALLED;
  uint64_t issue = issue_ticks(&clock->costs, event), at = self->now;
  uint32_t left = event->noc.bytes;
  do {
    uint32_t bytes = packet_bytes(clock, left);
    self->command_free = inject(clock, self, event, bytes, at);
    left -= bytes;
    at += issue;
    if (left > 0 && at < self->command_free)
      at = self->command_free;
  } while (left > 0);
  self->result.written_bytes += event->noc.bytes;
  return (int64_t)(at - self->now);
}

static uint64_t spread(tsr_clock *clock, clock_thread *self,
                       const tsr_clock_event *event, uint32_t bytes,
                       uint64_t at) {
  multicast_times times = clock_multicast(clock, self, &event->noc, bytes, at);
  packet *on = clock_create_packet(clock, self, event, bytes);
  on->start = times.leaves;
  on->tail = times.arrives;
  on->back = times.done - times.arrives;
  note_sent(self, &event->noc, times.leaves);
  begin_pending(self, &event->noc,
                event->noc.is_increment ? PENDING_ATOMICS : PENDING_WRITES);
  clock_schedule_packet(clock, on, STAGE_ARRIVED, times.arrives);
  return times.command_free;
}

int64_t clock_do_multicast(tsr_clock *clock, clock_thread *self,
                           const tsr_clock_event *event) {
  if (!command_is_free(clock, self))
    return STALLED;
  uint64_t issue = issue_ticks(&clock->costs, event), at = self->now;
  uint32_t left = event->noc.bytes;
  do {
    uint32_t bytes = packet_bytes(clock, left);
    self->command_free = spread(clock, self, event, bytes, at);
    left -= bytes;
    at += issue;
    if (left > 0 && at < self->command_free)
      at = self->command_free;
  } while (left > 0);
  self->result.written_bytes += event->noc.bytes;
  return (int64_t)(at - self->now);
}

// -- Barriers -----------------------------------------------------------------

static int64_t await_pending(tsr_clock *clock, clock_thread *self,
                             const tsr_clock_event *event, pending_kind kind,
                             tsr_clock_cause cause) {
  uint32_t transaction = event->noc.transaction;
  uint32_t left = transaction == TSR_CLOCK_ALL_TRANSACTIONS
                      ? self->pending_total[kind]
                      : self->pending[kind][transaction];
  if (left == 0)
    return 0;
  self->wait = WAITS_FOR_TRANSFERS;
  self->wait_pending = kind;
  self->wait_transaction = transaction;
  clock_stall(clock, self, cause);
  return STALLED;
}

int64_t clock_do_read_barrier(tsr_clock *clock, clock_thread *self,
                              const tsr_clock_event *event) {
  return await_pending(clock, self, event, PENDING_READS, TSR_CLOCK_NOC_READ);
}

int64_t clock_do_write_barrier(tsr_clock *clock, clock_thread *self,
                               const tsr_clock_event *event) {
  return await_pending(clock, self, event, PENDING_WRITES, TSR_CLOCK_NOC_WRITE);
}

int64_t clock_do_atomic_barrier(tsr_clock *clock, clock_thread *self,
                                const tsr_clock_event *event) {
  return await_pending(clock, self, event, PENDING_ATOMICS,
                       TSR_CLOCK_NOC_ATOMIC);
}

int64_t clock_do_flush(tsr_clock *clock, clock_thread *self,
                       const tsr_clock_event *event) {
  uint32_t transaction = event->noc.transaction;
  uint64_t sent = 0;
  for (uint32_t i = 0; i < TRANSACTION_COUNT; i++)
    if ((transaction == TSR_CLOCK_ALL_TRANSACTIONS || transaction == i) &&
        self->sent[i] > sent)
      sent = self->sent[i];
  if (sent <= self->now)
    return 0;
  clock_stall_until(clock, self, TSR_CLOCK_NOC_WRITE, sent);
  return STALLED;
}
