// What the report keeps. Private to lib/timing.

#ifndef TESSERA_LIB_TIMING_INTERNAL_H
#define TESSERA_LIB_TIMING_INTERNAL_H

#include "tessera/arena.h"
#include "tessera/hash.h"
#include "tessera/timing.h"
#include "tessera/vector.h"

// All calls of one place of a kernel, by one kind of thread. Where an op of IR
// makes several, they are one row.
typedef struct call_row {
  const char *name; // the op's, else the call's
  const char
      *first;       // the call that is counted: an op makes it whenever it runs
  const char *file; // NULL: not known
  uint32_t line;
  uint32_t processor;
  uint64_t count;
  uint64_t busy;
  uint64_t stalled;
} call_row;

// All stretches of one zone, by one kind of thread.
typedef struct zone_row {
  const char *name;
  uint32_t processor;
  uint64_t count;
  uint64_t total;
  uint64_t shortest;
  uint64_t longest;
} zone_row;

// A program, with all that it points to in the arena.
typedef struct program_row {
  tsr_clock_result result;
  call_row **calls; // in the order they were first made
  size_t call_count, call_capacity;
  zone_row **zones;
  size_t zone_count, zone_capacity;
} program_row;

struct tsr_timing {
  tsr_target target;
  tsr_arena arena;
  program_row **programs;
  size_t program_count, program_capacity;
  // Of the program that runs:
  program_row *open;
  tsr_bytes_map calls;
  tsr_bytes_map zones;
  tsr_interner texts;
};

// -- facts.c: what follows from a result --------------------------------------

// What a program's time could not be less than, each by itself.
typedef enum bound {
  BOUND_COMPUTE,
  BOUND_DRAM,
  BOUND_NOC,
  BOUND_LAUNCH,
  BOUND_COUNT
} bound;

typedef struct bounds {
  uint64_t ticks[BOUND_COUNT];
  uint32_t core;                         // that computes longest
  uint32_t bank;                         // busiest
  const tsr_clock_link_result *link;     // busiest
  const tsr_clock_thread_result *issuer; // longest busy with data movement
  bool issuer_holds;                     // it is busy longer than any link
  bound largest;
} bounds;

bounds timing_find_bounds(const tsr_clock_result *result);
const char *timing_bound_name(bound what);

// From the first core's go signal to the end of the last kernel, as a profiler
// on the chip sees it; and everything.
uint64_t timing_kernel_ticks(const tsr_timing *timing,
                             const tsr_clock_result *result);
uint64_t timing_whole_ticks(const tsr_clock_result *result);

// Ticks the matrix unit would need for the products alone, on one core, and how
// many cores compute.
typedef struct matrix_use {
  uint64_t products;
  uint64_t ideal_ticks; // summed over the cores
  uint32_t cores;
} matrix_use;

matrix_use timing_find_matrix_use(const tsr_timing *timing,
                                  const tsr_clock_result *result);

uint64_t timing_thread_ticks(const tsr_clock_thread_result *thread);
const char *timing_processor_name(uint32_t processor);

// What is shown in text, most important first; returns how many, up to `max`.
size_t timing_order_calls(const program_row *program, const call_row **out,
                          size_t max);
size_t timing_order_links(const tsr_clock_result *result,
                          const tsr_clock_link_result **out, size_t max);

#endif
