// Threads: what each event costs, and what it waits for.

#include "internal.h"

// -- Stalls -------------------------------------------------------------------

void clock_stall(tsr_clock *clock, clock_thread *self, tsr_clock_cause cause) {
  (void)clock;
  self->cause = cause;
}

void clock_stall_until(tsr_clock *clock, clock_thread *self,
                       tsr_clock_cause cause, uint64_t until) {
  self->cause = cause;
  clock_wake(clock, self, until);
}

void clock_wake(tsr_clock *clock, clock_thread *self, uint64_t at) {
  self->wait = WAITS_FOR_NOTHING;
  agenda_push(&clock->agenda, at > self->now ? at : self->now, self->index);
}

// -- Every thread -------------------------------------------------------------

static clock_core *core_of(tsr_clock *clock, const clock_thread *self) {
  return &clock->cores[self->core];
}

// A call on a circular buffer, by a processor or a thread of the engine.
static uint64_t cb_call(const tsr_clock *clock, const clock_thread *self) {
  return self->kernel->is_compute ? clock->costs.compute_cb
                                  : clock->costs.cb_call;
}

static clock_queue *cb_of(tsr_clock *clock, const clock_thread *self,
                          const tsr_clock_event *event) {
  return &core_of(clock, self)->cbs[event->cb.cb];
}

static int64_t do_arg(tsr_clock *clock, clock_thread *self,
                      const tsr_clock_event *event) {
  (void)self;
  (void)event;
  return (int64_t)clock->costs.l1_load_interval;
}

static int64_t do_delay(tsr_clock *clock, clock_thread *self,
                        const tsr_clock_event *event) {
  (void)clock;
  (void)self;
  return (int64_t)event->cycles * TSR_CLOCK_TICKS;
}

static int64_t do_cb_reserve(tsr_clock *clock, clock_thread *self,
                             const tsr_clock_event *event) {
  if (!clock_await_emptied(clock, self, cb_of(clock, self, event),
                           event->cb.pages, TSR_CLOCK_CB_SPACE))
    return STALLED;
  return (int64_t)cb_call(clock, self);
}

static int64_t do_cb_push(tsr_clock *clock, clock_thread *self,
                          const tsr_clock_event *event) {
  uint64_t at = self->now + cb_call(clock, self);
  clock_push(clock, cb_of(clock, self, event), event->cb.pages, at);
  clock_report_fill(clock, self->core, event->cb.cb, at);
  return (int64_t)cb_call(clock, self);
}

static int64_t do_cb_wait(tsr_clock *clock, clock_thread *self,
                          const tsr_clock_event *event) {
  if (!clock_await_filled(clock, self, cb_of(clock, self, event),
                          event->cb.pages, TSR_CLOCK_CB_PAGES))
    return STALLED;
  return (int64_t)cb_call(clock, self);
}

static int64_t do_cb_pop(tsr_clock *clock, clock_thread *self,
                         const tsr_clock_event *event) {
  uint64_t at = self->now + cb_call(clock, self);
  clock_pop(clock, cb_of(clock, self, event), event->cb.pages, at);
  clock_report_fill(clock, self->core, event->cb.cb, at);
  return (int64_t)cb_call(clock, self);
}

static int64_t do_address(tsr_clock *clock, clock_thread *self,
                          const tsr_clock_event *event) {
  (void)self;
  (void)event;
  return (int64_t)clock->costs.address;
}

// -- Words --------------------------------------------------------------------

static clock_word *word_of(tsr_clock *clock, const clock_thread *self,
                           const tsr_clock_event *event) {
  return clock_find_word(clock, self->core, event->semaphore.address);
}

static int64_t do_semaphore_set(tsr_clock *clock, clock_thread *self,
                                const tsr_clock_event *event) {
  clock_write_word(clock, word_of(clock, self, event), event->semaphore.value,
                   self->now);
  return (int64_t)clock->costs.l1_store;
}

static int64_t do_semaphore_wait(tsr_clock *clock, clock_thread *self,
                                 const tsr_clock_event *event) {
  wait_kind kind =
      event->kind == TSR_CLOCK_SEMAPHORE_WAIT ? WAITS_FOR_EQUAL : WAITS_FOR_MIN;
  if (!clock_await_word(clock, self, word_of(clock, self, event),
                        event->semaphore.value, kind))
    return STALLED;
  return (int64_t)clock->costs.l1_load;
}

// -- Compute ------------------------------------------------------------------

static int64_t do_compute(tsr_clock *clock, clock_thread *self,
                          const tsr_clock_event *event) {
  return (int64_t)tsr_cost_compute(&clock->target, self->kernel, event);
}

static int64_t do_unpack(tsr_clock *clock, clock_thread *self,
                         const tsr_clock_event *event) {
  clock_queue *sources = &core_of(clock, self)->sources;
  if (!clock_await_emptied(clock, self, sources, 1, TSR_CLOCK_SOURCE_FREE))
    return STALLED;
  int64_t busy = do_compute(clock, self, event);
  clock_push(clock, sources, 1, self->now + (uint64_t)busy);
  return busy;
}

static int64_t do_math(tsr_clock *clock, clock_thread *self,
                       const tsr_clock_event *event) {
  clock_queue *sources = &core_of(clock, self)->sources;
  if (!clock_await_filled(clock, self, sources, 1, TSR_CLOCK_SOURCE_FULL))
    return STALLED;
  int64_t busy = do_compute(clock, self, event);
  clock_pop(clock, sources, 1, self->now + (uint64_t)busy);
  self->result.engine_ticks += (uint64_t)busy;
  if (event->compute.setup == TSR_SIM_SETUP_MATMUL)
    self->result.tile_macs++;
  return busy;
}

static int64_t do_sfpu(tsr_clock *clock, clock_thread *self,
                       const tsr_clock_event *event) {
  int64_t busy = do_compute(clock, self, event);
  self->result.engine_ticks += (uint64_t)busy;
  return busy;
}

static int64_t do_dst_acquire(tsr_clock *clock, clock_thread *self,
                              const tsr_clock_event *event) {
  if (!clock_await_emptied(clock, self, &core_of(clock, self)->dst, 1,
                           TSR_CLOCK_DST_FREE))
    return STALLED;
  return do_compute(clock, self, event);
}

static int64_t do_dst_commit(tsr_clock *clock, clock_thread *self,
                             const tsr_clock_event *event) {
  int64_t busy = do_compute(clock, self, event);
  clock_push(clock, &core_of(clock, self)->dst, 1, self->now + (uint64_t)busy);
  return busy;
}

static int64_t do_dst_wait(tsr_clock *clock, clock_thread *self,
                           const tsr_clock_event *event) {
  if (!clock_await_filled(clock, self, &core_of(clock, self)->dst, 1,
                          TSR_CLOCK_DST_FULL))
    return STALLED;
  return do_compute(clock, self, event);
}

static int64_t do_dst_release(tsr_clock *clock, clock_thread *self,
                              const tsr_clock_event *event) {
  int64_t busy = do_compute(clock, self, event);
  clock_pop(clock, &core_of(clock, self)->dst, 1, self->now + (uint64_t)busy);
  return busy;
}

// -- Zones and the end --------------------------------------------------------

static int64_t do_zone_begin(tsr_clock *clock, clock_thread *self,
                             const tsr_clock_event *event) {
  (void)clock;
  if (self->zone_depth < ZONE_DEPTH_MAX)
    self->zones[self->zone_depth] =
        (open_zone){.name = event->call, .start = self->now};
  self->zone_depth++;
  return 0;
}

static int64_t do_zone_end(tsr_clock *clock, clock_thread *self,
                           const tsr_clock_event *event) {
  (void)event;
  if (self->zone_depth > 0 && --self->zone_depth < ZONE_DEPTH_MAX)
    clock_report_zone(clock, self, &self->zones[self->zone_depth],
                      self->zone_depth, self->now);
  return 0;
}

static int64_t do_end(tsr_clock *clock, clock_thread *self,
                      const tsr_clock_event *event) {
  (void)clock;
  (void)event;
  self->ended = true;
  return 0;
}

// Nothing wakes it.
static int64_t do_stop(tsr_clock *clock, clock_thread *self,
                       const tsr_clock_event *event) {
  clock_stall(clock, self, (tsr_clock_cause)event->cause);
  return STALLED;
}

void clock_stop_thread(tsr_clock *clock, clock_thread *self, uint64_t at) {
  const tsr_clock_event *event = &self->stream.events[self->stream.first];
  uint64_t stalled = at - self->arrived;
  self->result.ticks[self->cause] += stalled;
  clock_report_span(clock, self, event, stalled, at);
  self->now = at;
}

// -- All of them --------------------------------------------------------------

static clock_handler *const handlers[TSR_CLOCK_KIND_COUNT] = {
    [TSR_CLOCK_ARG] = do_arg,
    [TSR_CLOCK_DELAY] = do_delay,
    [TSR_CLOCK_CB_RESERVE] = do_cb_reserve,
    [TSR_CLOCK_CB_PUSH] = do_cb_push,
    [TSR_CLOCK_CB_WAIT] = do_cb_wait,
    [TSR_CLOCK_CB_POP] = do_cb_pop,
    [TSR_CLOCK_ADDRESS] = do_address,
    [TSR_CLOCK_READ_STATE] = do_address,
    [TSR_CLOCK_READ] = clock_do_read,
    [TSR_CLOCK_WRITE] = clock_do_write,
    [TSR_CLOCK_WORD] = clock_do_write,
    [TSR_CLOCK_INCREMENT] = clock_do_write,
    [TSR_CLOCK_MULTICAST] = clock_do_multicast,
    [TSR_CLOCK_READ_BARRIER] = clock_do_read_barrier,
    [TSR_CLOCK_WRITE_BARRIER] = clock_do_write_barrier,
    [TSR_CLOCK_WRITES_FLUSHED] = clock_do_flush,
    [TSR_CLOCK_ATOMIC_BARRIER] = clock_do_atomic_barrier,
    [TSR_CLOCK_SEMAPHORE_SET] = do_semaphore_set,
    [TSR_CLOCK_SEMAPHORE_WAIT] = do_semaphore_wait,
    [TSR_CLOCK_SEMAPHORE_WAIT_MIN] = do_semaphore_wait,
    [TSR_CLOCK_STARTUP] = do_compute,
    [TSR_CLOCK_INIT] = do_compute,
    [TSR_CLOCK_RECONFIG] = do_compute,
    [TSR_CLOCK_UNPACK] = do_unpack,
    [TSR_CLOCK_MATH] = do_math,
    [TSR_CLOCK_SFPU] = do_sfpu,
    [TSR_CLOCK_PACK] = do_compute,
    [TSR_CLOCK_DST_ACQUIRE] = do_dst_acquire,
    [TSR_CLOCK_DST_COMMIT] = do_dst_commit,
    [TSR_CLOCK_DST_WAIT] = do_dst_wait,
    [TSR_CLOCK_DST_RELEASE] = do_dst_release,
    [TSR_CLOCK_ZONE_BEGIN] = do_zone_begin,
    [TSR_CLOCK_ZONE_END] = do_zone_end,
    [TSR_CLOCK_END] = do_end,
    [TSR_CLOCK_STOP] = do_stop,
};

static void drop_first(tsr_clock_stream *stream) {
  stream->first = (stream->first + 1) & (stream->capacity - 1);
  stream->count--;
}

// Does the event a thread is at; false when it stalls.
static bool run_event(tsr_clock *clock, clock_thread *self) {
  const tsr_clock_event *event = &self->stream.events[self->stream.first];
  if (!self->is_stalled) {
    self->arrived = self->now;
    self->cause = TSR_CLOCK_BUSY;
  }
  int64_t busy = handlers[event->kind](clock, self, event);
  self->is_stalled = busy == STALLED;
  if (self->is_stalled)
    return false;
  uint64_t stalled = self->now - self->arrived;
  uint64_t end = self->now + (uint64_t)busy;
  self->result.ticks[self->cause] += stalled;
  self->result.ticks[TSR_CLOCK_BUSY] += (uint64_t)busy;
  clock_report_span(clock, self, event, stalled, end);
  self->now = end;
  drop_first(&self->stream);
  return true;
}

void clock_run_thread(tsr_clock *clock, clock_thread *self) {
  while (self->stream.count > 0) {
    if (!run_event(clock, self) || self->ended)
      return;
    if (!agenda_is_next(&clock->agenda, (agenda_item){self->now, self->index}))
      break;
  }
  agenda_push(&clock->agenda, self->now, self->index);
}
