// Listens to the clock and keeps what a report needs: per program its results,
// and sums by the place of a call and by the name of a zone.

#include "internal.h"

#include <string.h>

static void *copy(tsr_arena *arena, const void *data, size_t count,
                  size_t bytes) {
  void *made = tsr_arena_alloc_array(arena, count ? count : 1, bytes);
  if (count)
    memcpy(made, data, count * bytes);
  return made;
}

static void begin(void *context, const tsr_clock_program *program,
                  uint64_t dispatched) {
  tsr_timing *timing = context;
  (void)program;
  (void)dispatched;
  timing->open = TSR_NEW(&timing->arena, program_row);
  tsr_bytes_map_deinit(&timing->calls);
  tsr_bytes_map_init(&timing->calls);
  tsr_bytes_map_deinit(&timing->zones);
  tsr_bytes_map_init(&timing->zones);
}

// -- Calls --------------------------------------------------------------------

// A place has one address for each of its texts, in each kernel's object file;
// equal texts are made one when the row is.
typedef struct call_key {
  const char *op; // NULL: the call is not made by one
  const char *call;
  const char *file;
  uint32_t line;
  uint32_t processor;
} call_key;

static const char *keep_text(tsr_timing *timing, const char *text) {
  return text ? tsr_intern(&timing->texts, text) : NULL;
}

static call_row *find_text_row(tsr_timing *timing, const call_key *key) {
  program_row *open = timing->open;
  const char *name = keep_text(timing, key->op ? key->op : key->call);
  const char *file = keep_text(timing, key->file);
  for (size_t i = 0; i < open->call_count; i++) {
    call_row *row = open->calls[i];
    if (row->name == name && row->file == file && row->line == key->line &&
        row->processor == key->processor)
      return row;
  }
  open->calls =
      tsr_array_grow(&timing->arena, open->calls, &open->call_capacity,
                     open->call_count + 1, sizeof *open->calls);
  call_row *made = TSR_NEW(&timing->arena, call_row);
  *made = (call_row){.name = name,
                     .first = keep_text(timing, key->call),
                     .file = file,
                     .line = key->line,
                     .processor = key->processor};
  open->calls[open->call_count++] = made;
  return made;
}

// What the calls of one key add to.
typedef struct call_sum {
  call_row *row;
  bool is_counted;
} call_sum;

static const call_sum *find_sum(tsr_timing *timing, const call_key *key) {
  void **place = tsr_bytes_map_get(&timing->calls, key, sizeof *key, NULL);
  if (!*place) {
    call_sum *made = TSR_NEW(&timing->arena, call_sum);
    made->row = find_text_row(timing, key);
    made->is_counted = made->row->first == keep_text(timing, key->call);
    *place = made;
  }
  return *place;
}

static void add_span(void *context, const tsr_clock_span *span) {
  tsr_timing *timing = context;
  call_key key;
  memset(&key, 0, sizeof key); // padding is part of the key
  key.op = span->event->op;
  key.call = span->event->call;
  key.file = span->event->file;
  key.line = span->event->line;
  key.processor = span->processor;
  const call_sum *sum = find_sum(timing, &key);
  call_row *row = sum->row;
  row->count += sum->is_counted;
  row->stalled += span->stalled;
  row->busy += span->end - span->start - span->stalled;
}

// -- Zones --------------------------------------------------------------------

static zone_row *add_zone_row(tsr_timing *timing, const char *name,
                              uint32_t processor) {
  program_row *open = timing->open;
  open->zones =
      tsr_array_grow(&timing->arena, open->zones, &open->zone_capacity,
                     open->zone_count + 1, sizeof *open->zones);
  zone_row *made = TSR_NEW(&timing->arena, zone_row);
  *made = (zone_row){.name = keep_text(timing, name),
                     .processor = processor,
                     .shortest = UINT64_MAX};
  open->zones[open->zone_count++] = made;
  return made;
}

static void add_zone(void *context, const tsr_clock_zone *zone) {
  tsr_timing *timing = context;
  tsr_buffer key;
  tsr_buffer_init(&key);
  tsr_buffer_printf(&key, "%u %s", zone->processor, zone->name);
  void **place = tsr_bytes_map_get(&timing->zones, key.data, key.size, NULL);
  if (!*place)
    *place = add_zone_row(timing, zone->name, zone->processor);
  tsr_buffer_deinit(&key);
  zone_row *row = *place;
  uint64_t ticks = zone->end - zone->start;
  row->count++;
  row->total += ticks;
  row->shortest = ticks < row->shortest ? ticks : row->shortest;
  row->longest = ticks > row->longest ? ticks : row->longest;
}

// -- Programs -----------------------------------------------------------------

static const tsr_clock_program *copy_program(tsr_timing *timing,
                                             const tsr_clock_program *program) {
  tsr_clock_program *made = copy(&timing->arena, program, 1, sizeof *made);
  tsr_clock_kernel *kernels = copy(&timing->arena, program->kernels,
                                   program->kernel_count, sizeof *kernels);
  made->name = keep_text(timing, program->name);
  for (size_t i = 0; i < program->kernel_count; i++)
    kernels[i].name = keep_text(timing, kernels[i].name);
  made->kernels = kernels;
  return made;
}

static void end(void *context, const tsr_clock_result *result) {
  tsr_timing *timing = context;
  tsr_clock_result *kept = &timing->open->result;
  *kept = *result;
  kept->program = copy_program(timing, result->program);
  tsr_clock_thread_result *threads = copy(
      &timing->arena, result->threads, result->thread_count, sizeof *threads);
  for (size_t i = 0; i < result->thread_count; i++)
    threads[i].kernel =
        kept->program->kernels + (threads[i].kernel - result->program->kernels);
  kept->threads = threads;
  kept->links = copy(&timing->arena, result->links, result->link_count,
                     sizeof *result->links);
  kept->banks = copy(&timing->arena, result->banks, result->bank_count,
                     sizeof *result->banks);
  timing->programs = tsr_array_grow(
      &timing->arena, timing->programs, &timing->program_capacity,
      timing->program_count + 1, sizeof(*timing->programs));
  timing->programs[timing->program_count++] = timing->open;
  timing->open = NULL;
}

tsr_timing *tsr_timing_create(const tsr_target *target, tsr_clock *clock) {
  tsr_timing *made = tsr_mem_resize(NULL, sizeof *made);
  *made = (tsr_timing){.target = *target};
  tsr_arena_init(&made->arena);
  tsr_bytes_map_init(&made->calls);
  tsr_bytes_map_init(&made->zones);
  tsr_interner_init(&made->texts);
  tsr_clock_listener listener = {.context = made,
                                 .began = begin,
                                 .span = add_span,
                                 .zone = add_zone,
                                 .ended = end};
  if (tsr_clock_add_listener(clock, &listener))
    return made;
  tsr_timing_destroy(made);
  return NULL;
}

void tsr_timing_destroy(tsr_timing *dead) {
  if (!dead)
    return;
  tsr_interner_deinit(&dead->texts);
  tsr_bytes_map_deinit(&dead->zones);
  tsr_bytes_map_deinit(&dead->calls);
  tsr_arena_deinit(&dead->arena);
  tsr_mem_resize(dead, 0);
}
