// Tells the listeners.

#include "internal.h"

#include <string.h>

const char *tsr_clock_cause_name(tsr_clock_cause cause) {
  static const char *const names[TSR_CLOCK_CAUSE_COUNT] = {
#define TSR_CLOCK_CAUSE(id, name, summary) [TSR_CLOCK_##id] = name,
#include "tessera/clock_causes.def"
  };
  return names[cause];
}

void clock_report_span(tsr_clock *clock, clock_thread *self,
                       const tsr_clock_event *event, uint64_t stalled,
                       uint64_t end) {
  if (end == self->arrived)
    return;
  tsr_clock_span span = {.core = self->core,
                         .processor = self->processor,
                         .event = event,
                         .start = self->arrived,
                         .stalled = stalled,
                         .cause = self->cause,
                         .end = end};
  for (size_t i = 0; i < clock->listener_count; i++)
    if (clock->listeners[i].span)
      clock->listeners[i].span(clock->listeners[i].context, &span);
}

void clock_report_zone(tsr_clock *clock, const clock_thread *self,
                       const open_zone *zone, uint32_t depth, uint64_t end) {
  tsr_clock_zone told = {.core = self->core,
                         .processor = self->processor,
                         .name = zone->name,
                         .depth = depth,
                         .start = zone->start,
                         .end = end};
  for (size_t i = 0; i < clock->listener_count; i++)
    if (clock->listeners[i].zone)
      clock->listeners[i].zone(clock->listeners[i].context, &told);
}

void clock_report_fill(tsr_clock *clock, uint32_t core, uint32_t cb,
                       uint64_t at) {
  const clock_queue *queue = &clock->cores[core].cbs[cb];
  uint32_t pages = (uint32_t)(queue->pushed - queue->popped);
  for (size_t i = 0; i < clock->listener_count; i++)
    if (clock->listeners[i].fill)
      clock->listeners[i].fill(clock->listeners[i].context, core, cb, pages,
                               at);
}

void clock_report_transfer(tsr_clock *clock, const packet *done) {
  tsr_clock_transfer told = {.core = done->thread->core,
                             .processor = done->thread->processor,
                             .noc = done->what.noc,
                             .kind = (tsr_clock_kind)done->kind,
                             .memory = (tsr_clock_memory)done->what.memory,
                             .endpoint = done->what.endpoint,
                             .bytes = done->what.bytes,
                             .start = done->start,
                             .end = done->tail};
  for (size_t i = 0; i < clock->listener_count; i++)
    if (clock->listeners[i].transfer)
      clock->listeners[i].transfer(clock->listeners[i].context, &told);
}

static tsr_clock_link_result *collect_links(tsr_clock *clock) {
  tsr_clock_link_result *links =
      TSR_NEW_ARRAY(&clock->arena, tsr_clock_link_result, clock->link_count);
  size_t cols = clock->target.noc_cols, rows = clock->target.noc_rows;
  for (size_t i = 0; i < clock->link_count; i++)
    links[i] = (tsr_clock_link_result){.noc = (uint32_t)(i / 2 / cols / rows),
                                       .x = (uint32_t)(i / 2 % cols),
                                       .y = (uint32_t)(i / 2 / cols % rows),
                                       .vertical = i % 2 == 1,
                                       .bytes = clock->links[i].bytes,
                                       .busy = clock->links[i].busy};
  return links;
}

static tsr_clock_bank_result *collect_banks(tsr_clock *clock) {
  size_t count = clock->target.dram_banks;
  tsr_clock_bank_result *banks =
      TSR_NEW_ARRAY(&clock->arena, tsr_clock_bank_result, count);
  for (size_t i = 0; i < count; i++)
    banks[i] =
        (tsr_clock_bank_result){.read_bytes = clock->banks[i].read_bytes,
                                .written_bytes = clock->banks[i].written_bytes,
                                .busy = clock->banks[i].server.busy};
  return banks;
}

static tsr_clock_thread_result *collect_threads(tsr_clock *clock) {
  tsr_clock_thread_result *threads = TSR_NEW_ARRAY(
      &clock->arena, tsr_clock_thread_result, clock->thread_count);
  for (size_t i = 0; i < clock->thread_count; i++) {
    threads[i] = clock->threads[i]->result;
    threads[i].end = clock->threads[i]->now;
  }
  return threads;
}

void clock_report_end(tsr_clock *clock, uint64_t dispatched) {
  tsr_clock_thread_result *threads = collect_threads(clock);
  tsr_clock_result told = {.program = clock->program,
                           .dispatched = dispatched,
                           .started = UINT64_MAX,
                           .finished = dispatched,
                           .threads = threads,
                           .thread_count = clock->thread_count,
                           .links = collect_links(clock),
                           .link_count = clock->link_count,
                           .banks = collect_banks(clock),
                           .bank_count = clock->target.dram_banks};
  for (size_t i = 0; i < clock->thread_count; i++) {
    if (threads[i].start < told.started)
      told.started = threads[i].start;
    if (threads[i].end > told.finished)
      told.finished = threads[i].end;
  }
  if (clock->thread_count == 0)
    told.started = dispatched;
  told.ended = told.finished + clock->launch.tail;
  clock->now = told.ended;
  for (size_t i = 0; i < clock->listener_count; i++)
    if (clock->listeners[i].ended)
      clock->listeners[i].ended(clock->listeners[i].context, &told);
}
