// The clock: what it is made of, and how it goes on.
//
// A discrete-event simulation that is conservative: the agenda's first item is
// taken only if it is a packet's or that of a thread whose next event is known.
// So it stops where a stream runs dry, and what comes out does not depend on
// when that is.

#include "internal.h"

#include <stdlib.h>
#include <string.h>

static void *new_array(size_t count, size_t bytes) {
  size_t capacity = 0;
  return tsr_array_grow(NULL, NULL, &capacity, count ? count : 1, bytes);
}

tsr_clock *tsr_clock_create(const tsr_target *target) {
  tsr_clock *made = new_array(1, sizeof *made);
  made->target = *target;
  made->costs = clock_noc_costs(target);
  made->core_count = target->grid_cols * target->grid_rows;
  made->cores = new_array(made->core_count, sizeof *made->cores);
  made->banks = new_array(target->dram_banks, sizeof *made->banks);
  made->link_count =
      (size_t)NOC_COUNT * target->noc_cols * target->noc_rows * 2;
  made->links = new_array(made->link_count, sizeof *made->links);
  clock_create_lanes(made);
  made->tree.links = new_array(made->link_count, sizeof *made->tree.links);
  made->tree.ways = new_array(made->link_count, sizeof *made->tree.ways);
  made->tree.stamps = new_array(made->link_count, sizeof *made->tree.stamps);
  tsr_arena_init(&made->arena);
  tsr_bytes_map_init(&made->words);
  return made;
}

static void forget_program(tsr_clock *clock) {
  for (size_t i = 0; i < clock->thread_count; i++)
    tsr_mem_resize(clock->threads[i]->stream.events, 0);
  clock->thread_count = 0;
  clock->agenda.count = 0;
  clock->packet_count = 0;
  clock->free_packet = NOTHING;
  clock->program = NULL;
  tsr_bytes_map_deinit(&clock->words);
  tsr_bytes_map_init(&clock->words);
  tsr_arena_reset(&clock->arena);
}

void tsr_clock_destroy(tsr_clock *dead) {
  if (!dead)
    return;
  forget_program(dead);
  tsr_bytes_map_deinit(&dead->words);
  tsr_arena_deinit(&dead->arena);
  tsr_mem_resize(dead->cores, 0);
  tsr_mem_resize(dead->banks, 0);
  tsr_mem_resize(dead->links, 0);
  tsr_mem_resize(dead->interfaces, 0);
  tsr_mem_resize(dead->lanes, 0);
  tsr_mem_resize(dead->tree.links, 0);
  tsr_mem_resize(dead->tree.ways, 0);
  tsr_mem_resize(dead->tree.stamps, 0);
  tsr_mem_resize(dead->threads, 0);
  tsr_mem_resize(dead->agenda.items, 0);
  tsr_mem_resize(dead->packets, 0);
  tsr_mem_resize(dead, 0);
}

bool tsr_clock_add_listener(tsr_clock *clock,
                            const tsr_clock_listener *listener) {
  if (clock->listener_count == LISTENER_MAX)
    return false;
  clock->listeners[clock->listener_count++] = *listener;
  return true;
}

uint64_t tsr_clock_now(const tsr_clock *clock) { return clock->now; }

// -- A program ----------------------------------------------------------------

static void reset_cores(tsr_clock *clock) {
  const tsr_target *target = &clock->target;
  memset(clock->cores, 0, clock->core_count * sizeof *clock->cores);
  memset(clock->banks, 0, target->dram_banks * sizeof *clock->banks);
  memset(clock->links, 0, clock->link_count * sizeof *clock->links);
  clock_reset_lanes(clock);
  for (uint32_t i = 0; i < clock->core_count; i++)
    clock->cores[i].at =
        (router){target->worker_physical_x[i % target->grid_cols],
                 target->worker_physical_y[i / target->grid_cols]};
}

void tsr_clock_begin(tsr_clock *clock, const tsr_clock_program *program) {
  forget_program(clock);
  reset_cores(clock);
  clock->program = program;
  clock->launch = tsr_cost_launch(&clock->target, program);
  clock->dispatched = clock->now;
  clock->started_cores = 0;
  for (size_t i = 0; i < clock->listener_count; i++)
    if (clock->listeners[i].began)
      clock->listeners[i].began(clock->listeners[i].context, program,
                                clock->now);
}

void tsr_clock_add_cb(tsr_clock *clock, uint32_t core, uint32_t cb,
                      uint32_t pages) {
  clock_core *on = &clock->cores[core];
  if (!on->cbs)
    on->cbs = TSR_NEW_ARRAY(&clock->arena, clock_queue, clock->target.cb_count);
  clock_queue_init(clock, &on->cbs[cb], pages, clock->costs.cb_credit);
}

void tsr_clock_set_word(tsr_clock *clock, uint32_t core, uint32_t address,
                        uint32_t value) {
  clock_find_word(clock, core, address)->value = value;
}

// When the kernels of the core that is added now begin: the cores of a program
// begin one after the other.
static uint64_t start_of_core(tsr_clock *clock, uint32_t core) {
  if (clock->started_cores == 0 || core != clock->last_core)
    clock->started_cores++;
  clock->last_core = core;
  uint64_t before = clock->started_cores - 1;
  uint64_t others =
      clock->program->core_count > 1 ? clock->program->core_count - 1 : 1;
  return clock->now + clock->launch.dispatch +
         clock->launch.skew * before / others;
}

static void add_engine(tsr_clock *clock, const clock_thread *self) {
  clock_core *on = &clock->cores[self->core];
  if (!self->kernel->is_compute || on->sources.capacity)
    return;
  clock_queue_init(clock, &on->sources, SOURCE_BANK_COUNT, 0);
  clock_queue_init(clock, &on->dst, self->kernel->full_sync ? 1 : 2, 0);
}

tsr_clock_stream *tsr_clock_add_thread(tsr_clock *clock, uint32_t core,
                                       uint32_t processor, uint32_t kernel) {
  clock_thread *made = TSR_NEW(&clock->arena, clock_thread);
  clock->threads =
      tsr_array_grow(NULL, clock->threads, &clock->thread_capacity,
                     clock->thread_count + 1, sizeof *clock->threads);
  made->index = (uint32_t)clock->thread_count;
  clock->threads[clock->thread_count++] = made;
  made->core = core;
  made->processor = processor;
  made->kernel = &clock->program->kernels[kernel];
  made->now = start_of_core(clock, core);
  made->result = (tsr_clock_thread_result){.core = core,
                                           .processor = processor,
                                           .kernel = made->kernel,
                                           .start = made->now};
  add_engine(clock, made);
  agenda_push(&clock->agenda, made->now, made->index);
  return &made->stream;
}

// -- Events -------------------------------------------------------------------

enum { STREAM_MIN = 64 };

static void grow_stream(tsr_clock_stream *stream) {
  size_t capacity = stream->capacity ? stream->capacity * 2 : STREAM_MIN;
  tsr_clock_event *events =
      tsr_mem_resize(NULL, capacity * sizeof *stream->events);
  for (size_t i = 0; i < stream->count; i++)
    events[i] = stream->events[(stream->first + i) & (stream->capacity - 1)];
  tsr_mem_resize(stream->events, 0);
  stream->events = events;
  stream->capacity = capacity;
  stream->first = 0;
}

void tsr_clock_record(tsr_clock_stream *stream, const tsr_clock_event *event) {
  if (stream->count == stream->capacity)
    grow_stream(stream);
  stream->events[(stream->first + stream->count) & (stream->capacity - 1)] =
      *event;
  stream->count++;
}

// -- Going on -----------------------------------------------------------------

// Does what is first on the agenda; false when that is not known yet.
static bool run_first(tsr_clock *clock) {
  agenda_item first = clock->agenda.items[0];
  bool is_thread = first.order < LANE_ORDER;
  if (is_thread && clock->threads[first.order]->stream.count == 0)
    return false;
  agenda_pop(&clock->agenda);
  clock->now = first.time;
  if (first.order >= PACKET_ORDER) {
    clock_run_packet(clock, first.order - PACKET_ORDER);
  } else if (!is_thread) {
    clock_run_lane(clock, first.order - LANE_ORDER);
  } else {
    clock->threads[first.order]->now = first.time;
    clock_run_thread(clock, clock->threads[first.order]);
  }
  return true;
}

void tsr_clock_drain(tsr_clock *clock) {
  while (clock->agenda.count > 0 || clock_release_waiter(clock))
    if (!run_first(clock))
      return;
}

// A thread that has not ended, because its program failed, will not go on.
static void end_streams(tsr_clock *clock) {
  static const tsr_clock_event last = {.call = "kernel_main",
                                       .kind = TSR_CLOCK_STOP,
                                       .cause = TSR_CLOCK_STOPPED};
  for (size_t i = 0; i < clock->thread_count; i++) {
    tsr_clock_stream *stream = &clock->threads[i]->stream;
    size_t newest =
        (stream->first + stream->count - 1) & (stream->capacity - 1);
    bool has_end =
        clock->threads[i]->ended ||
        (stream->count > 0 && (stream->events[newest].kind == TSR_CLOCK_END ||
                               stream->events[newest].kind == TSR_CLOCK_STOP));
    if (!has_end)
      tsr_clock_record(stream, &last);
  }
}

// Threads that will not go on stay where they are, until the last of them has
// made its call as well.
static void stop_threads(tsr_clock *clock) {
  uint64_t at = 0;
  for (size_t i = 0; i < clock->thread_count; i++)
    if (clock->threads[i]->now > at)
      at = clock->threads[i]->now;
  at += clock->costs.cb_call;
  for (size_t i = 0; i < clock->thread_count; i++)
    if (!clock->threads[i]->ended)
      clock_stop_thread(clock, clock->threads[i], at);
}

void tsr_clock_end(tsr_clock *clock) {
  end_streams(clock);
  tsr_clock_drain(clock);
  stop_threads(clock);
  clock_report_end(clock, clock->dispatched);
  forget_program(clock);
}
