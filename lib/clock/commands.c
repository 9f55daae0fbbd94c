// What a processor asks of the NoC: commands, cut into packets, and barriers.

#include "internal.h"

static uint64_t issue_ticks(const noc_costs *costs,
                            const tsr_clock_event *event) {
  const tsr_clock_noc_event *what = &event->noc;
  uint64_t stateful = what->stateful ? costs->stateful[event->kind] : 0;
  return stateful ? stateful : costs->issue[event->kind][what->memory];
}

uint64_t clock_front(const noc_costs *costs, const tsr_clock_event *event) {
  return issue_ticks(costs, event) + costs->interface;
}

// What is left of a command's latency for its answer's way.
static uint64_t back(const noc_costs *costs, const tsr_clock_event *event) {
  uint64_t overhead = costs->overhead[event->kind][event->noc.memory];
  uint64_t front = clock_front(costs, event);
  return overhead > front ? overhead - front : 0;
}

static uint32_t packet_bytes(const tsr_clock *clock, uint32_t left) {
  uint32_t burst = clock->target.noc_burst_bytes;
  return left < burst ? left : burst;
}

static void begin_pending(clock_thread *self, const tsr_clock_noc_event *what,
                          pending_kind kind) {
  if (what->posted)
    return;
  self->ways[what->noc].pending[kind][what->transaction]++;
  self->ways[what->noc].pending_total[kind]++;
}

// -- Reads --------------------------------------------------------------------

// The request of one packet goes out.
static void request(tsr_clock *clock, clock_thread *self,
                    const tsr_clock_event *event, uint32_t bytes) {
  const tsr_clock_noc_event *what = &event->noc;
  packet *on = clock_create_packet(clock, self, event, bytes);
  on->at = clock_router_of(clock, what->memory, what->endpoint);
  on->to = clock->cores[self->core].at;
  uint64_t hops = clock_hops(clock, what->noc, on->to, on->at);
  on->back = back(&clock->costs, event);
  begin_pending(self, what, PENDING_READS);
  clock_schedule_packet(clock, on, STAGE_REQUEST,
                        self->now + clock_front(&clock->costs, event) +
                            hops * clock->costs.hop);
}

// Issues an event's packets one after the other, each with `send`, which says
// when the next may follow; returns STALLED in between.
static int64_t issue(tsr_clock *clock, clock_thread *self,
                     const tsr_clock_event *event,
                     void (*send)(tsr_clock *, clock_thread *,
                                  const tsr_clock_event *, uint32_t)) {
  uint32_t bytes = packet_bytes(clock, event->noc.bytes - self->issued);
  send(clock, self, event, bytes);
  self->issued += bytes;
  uint64_t ticks = issue_ticks(&clock->costs, event);
  if (self->issued < event->noc.bytes) {
    clock_stall_until(clock, self, TSR_CLOCK_NOC_ISSUE, self->now + ticks);
    return STALLED;
  }
  self->issued = 0;
  return (int64_t)ticks;
}

int64_t clock_do_read(tsr_clock *clock, clock_thread *self,
                      const tsr_clock_event *event) {
  if (self->issued == 0)
    self->result.read_bytes += event->noc.bytes;
  return issue(clock, self, event, request);
}

// -- Writes -------------------------------------------------------------------

// One packet goes out.
static void inject(tsr_clock *clock, clock_thread *self,
                   const tsr_clock_event *event, uint32_t bytes) {
  const tsr_clock_noc_event *what = &event->noc;
  packet *on = clock_create_packet(clock, self, event, bytes);
  on->at = clock->cores[self->core].at;
  on->to = clock_router_of(clock, what->memory, what->endpoint);
  uint64_t hops = clock_hops(clock, what->noc, on->to, on->at);
  on->back = back(&clock->costs, event) + hops * clock->costs.hop;
  if (what->memory == TSR_CLOCK_DRAM)
    on->back += clock->costs.dram_access[TSR_CLOCK_WRITE];
  self->ways[what->noc].unsent++;
  begin_pending(self, what,
                event->kind == TSR_CLOCK_INCREMENT ? PENDING_ATOMICS
                                                   : PENDING_WRITES);
  clock_schedule_packet(clock, on, STAGE_START,
                        self->now + clock_front(&clock->costs, event));
}

// The NoC takes a command when the one before it has begun to leave.
static bool command_is_free(tsr_clock *clock, clock_thread *self,
                            const tsr_clock_event *event) {
  const clock_way *way = &self->ways[event->noc.noc];
  if (way->held_back > 0) {
    self->wait = WAITS_FOR_COMMAND;
    self->wait_noc = event->noc.noc;
    clock_stall(clock, self, TSR_CLOCK_NOC_ISSUE);
    return false;
  }
  if (way->command_free <= self->now)
    return true;
  clock_stall_until(clock, self, TSR_CLOCK_NOC_ISSUE, way->command_free);
  return false;
}

int64_t clock_do_write(tsr_clock *clock, clock_thread *self,
                       const tsr_clock_event *event) {
  if (!command_is_free(clock, self, event))
    return STALLED;
  if (self->issued == 0)
    self->result.written_bytes += event->noc.bytes;
  return issue(clock, self, event, inject);
}

static void spread(tsr_clock *clock, clock_thread *self,
                   const tsr_clock_event *event, uint32_t bytes) {
  multicast_times times = clock_multicast(clock, self, event, bytes, self->now);
  packet *on = clock_create_packet(clock, self, event, bytes);
  on->start = times.leaves;
  on->tail = times.arrives;
  on->back = times.done - times.arrives;
  clock_way *way = &self->ways[event->noc.noc];
  way->command_free = times.command_free;
  way->sent = times.leaves > way->sent ? times.leaves : way->sent;
  begin_pending(self, &event->noc,
                event->noc.is_increment ? PENDING_ATOMICS : PENDING_WRITES);
  clock_schedule_packet(clock, on, STAGE_ARRIVED, times.arrives);
  if (event->noc.has_value)
    clock_multicast_word(clock, self, event, times.arrives);
}

int64_t clock_do_multicast(tsr_clock *clock, clock_thread *self,
                           const tsr_clock_event *event) {
  if (!command_is_free(clock, self, event))
    return STALLED;
  if (self->issued == 0)
    self->result.written_bytes += event->noc.bytes;
  return issue(clock, self, event, spread);
}

// -- Barriers -----------------------------------------------------------------

static int64_t await_pending(tsr_clock *clock, clock_thread *self,
                             const tsr_clock_event *event, pending_kind kind,
                             tsr_clock_cause cause) {
  uint32_t transaction = event->noc.transaction;
  const clock_way *way = &self->ways[event->noc.noc];
  uint32_t left = transaction == TSR_CLOCK_ALL_TRANSACTIONS
                      ? way->pending_total[kind]
                      : way->pending[kind][transaction];
  if (left == 0)
    return 0;
  self->wait = WAITS_FOR_TRANSFERS;
  self->wait_noc = event->noc.noc;
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
  const clock_way *way = &self->ways[event->noc.noc];
  if (way->unsent > 0) {
    self->wait = WAITS_FOR_LEAVING;
    self->wait_noc = event->noc.noc;
    clock_stall(clock, self, TSR_CLOCK_NOC_WRITE);
    return STALLED;
  }
  if (way->sent <= self->now)
    return 0;
  clock_stall_until(clock, self, TSR_CLOCK_NOC_WRITE, way->sent);
  return STALLED;
}
