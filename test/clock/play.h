// Streams of events by hand, and how long the clock says they take.

#ifndef TESSERA_TEST_CLOCK_PLAY_H
#define TESSERA_TEST_CLOCK_PLAY_H

#include "tessera/clock.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_THREADS = 700, MAX_CORES = 256 };

// A program of data movement kernels (kernel 0) and compute kernels (1), whose
// threads start at the same time.
typedef struct play {
  tsr_target target;
  tsr_clock *clock;
  tsr_clock_kernel kernels[2];
  tsr_clock_program program;
  tsr_clock_stream *streams[MAX_THREADS];
  size_t stream_count;
  size_t drain_every; // events; 0: only at the end
  size_t recorded;
  // What came out.
  uint64_t start, end; // ticks: first thread's, last thread's
  double cycles[MAX_THREADS];
  uint64_t stalls[MAX_THREADS][TSR_CLOCK_CAUSE_COUNT];
  uint64_t bank_bytes[64], link_bytes[2], spans;
  uint64_t macs;
} play;

static play *playing; // one at a time

static inline void play_ended(void *context, const tsr_clock_result *result) {
  play *p = context;
  p->start = result->started;
  p->end = result->finished;
  p->macs = 0;
  for (size_t i = 0; i < result->thread_count; i++) {
    const tsr_clock_thread_result *thread = &result->threads[i];
    p->cycles[i] = (double)(thread->end - thread->start) / TSR_CLOCK_TICKS;
    uint64_t sum = 0;
    for (int c = 0; c < TSR_CLOCK_CAUSE_COUNT; c++) {
      p->stalls[i][c] = thread->ticks[c];
      sum += thread->ticks[c];
    }
    if (sum != thread->end - thread->start) {
      printf("the ticks of thread %zu do not add up\n", i);
      exit(1);
    }
    p->macs += thread->tile_macs;
  }
  for (size_t i = 0; i < result->bank_count; i++)
    p->bank_bytes[i] =
        result->banks[i].read_bytes + result->banks[i].written_bytes;
  p->link_bytes[0] = p->link_bytes[1] = 0;
  for (size_t i = 0; i < result->link_count; i++)
    p->link_bytes[result->links[i].noc] += result->links[i].bytes;
}

static inline void play_span(void *context, const tsr_clock_span *span) {
  play *p = context;
  p->spans++;
  if (span->start + span->stalled > span->end) {
    printf("a span ends before it begins\n");
    exit(1);
  }
}

static inline void play_begin(play *p, const char *target) {
  char error[300] = "";
  memset(p, 0, sizeof *p);
  if (tsr_target_load(target, &p->target, error, sizeof error) != TSR_OK) {
    printf("%s\n", error);
    exit(1);
  }
  p->target.start_skew_millicycles = 0;
  p->clock = tsr_clock_create(&p->target);
  tsr_clock_listener listener = {
      .context = p, .ended = play_ended, .span = play_span};
  if (!tsr_clock_add_listener(p->clock, &listener))
    exit(1);
  p->kernels[0] = (tsr_clock_kernel){.name = "mover"};
  p->kernels[1] =
      (tsr_clock_kernel){.name = "compute", .is_compute = true, .fidelity = 4};
  p->program = (tsr_clock_program){
      .name = "1", .kernels = p->kernels, .kernel_count = 2, .core_count = 1};
  tsr_clock_begin(p->clock, &p->program);
  playing = p;
}

static inline uint32_t play_core(const play *p, uint32_t x, uint32_t y) {
  return y * p->target.grid_cols + x;
}

// Returns the number of the thread.
static inline size_t play_thread(uint32_t core, uint32_t processor) {
  play *p = playing;
  p->streams[p->stream_count] =
      tsr_clock_add_thread(p->clock, core, processor, processor >= 2);
  return p->stream_count++;
}

static inline void record(size_t thread, tsr_clock_event event) {
  play *p = playing;
  event.call = "call";
  tsr_clock_record(p->streams[thread], &event);
  if (p->drain_every && ++p->recorded % p->drain_every == 0)
    tsr_clock_drain(p->clock);
}

static inline void call(size_t thread, tsr_clock_kind kind) {
  record(thread, (tsr_clock_event){.kind = (uint8_t)kind});
}

static inline void barrier(size_t thread, tsr_clock_kind kind, uint8_t noc) {
  record(thread,
         (tsr_clock_event){
             .kind = (uint8_t)kind,
             .noc = {.noc = noc, .transaction = TSR_CLOCK_ALL_TRANSACTIONS}});
}

static inline void transfer(size_t thread, tsr_clock_kind kind, uint8_t noc,
                            tsr_clock_memory memory, uint32_t endpoint,
                            uint32_t bytes) {
  record(thread, (tsr_clock_event){.kind = (uint8_t)kind,
                                   .noc = {.noc = noc,
                                           .memory = (uint8_t)memory,
                                           .endpoint = (uint16_t)endpoint,
                                           .bytes = bytes}});
}

static inline void cb(size_t thread, tsr_clock_kind kind, uint32_t id,
                      uint32_t pages) {
  record(thread, (tsr_clock_event){.kind = (uint8_t)kind,
                                   .cb = {.cb = id, .pages = pages}});
}

// Ends the program; returns how many cycles it took from first to last kernel.
static inline double play_end(void) {
  play *p = playing;
  for (size_t i = 0; i < p->stream_count; i++)
    call(i, TSR_CLOCK_END);
  tsr_clock_end(p->clock);
  tsr_clock_destroy(p->clock);
  return (double)(p->end - p->start) / TSR_CLOCK_TICKS;
}

static int failures;

// `got` must lie within `percent` of `want`.
static inline void expect(const char *what, double got, double want,
                          double percent) {
  double off = 100 * (got - want) / want;
  int is_bad = fabs(off) > percent;
  if (is_bad || getenv("PLAY_VERBOSE"))
    printf("%s: %.0f, wanted %.0f +- %.0f %%, is off by %.1f %%\n", what, got,
           want, percent, off);
  failures += is_bad;
}

static inline void check(const char *what, bool is_right) {
  if (!is_right)
    printf("%s: wrong\n", what);
  failures += !is_right;
}

#endif
