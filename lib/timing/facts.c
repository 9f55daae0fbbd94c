// What follows from the numbers of a program: which resource holds it back, and
// how much of the matrix unit it uses.

#include "internal.h"

#include <stdlib.h>

enum { BRISC, NCRISC, UNPACK, MATH, PACK };

const char *timing_processor_name(uint32_t processor) {
  static const char *const names[TSR_CLOCK_PROCESSORS] = {
      [BRISC] = "brisc", [NCRISC] = "ncrisc", [UNPACK] = "unpack",
      [MATH] = "math",   [PACK] = "pack",
  };
  return names[processor];
}

const char *timing_bound_name(bound what) {
  static const char *const names[BOUND_COUNT] = {[BOUND_COMPUTE] = "compute",
                                                 [BOUND_DRAM] = "DRAM",
                                                 [BOUND_NOC] = "NoC",
                                                 [BOUND_LAUNCH] = "launch"};
  return names[what];
}

uint64_t timing_thread_ticks(const tsr_clock_thread_result *thread) {
  return thread->end - thread->start;
}

uint64_t timing_kernel_ticks(const tsr_timing *timing,
                             const tsr_clock_result *result) {
  uint64_t start =
      (uint64_t)timing->target.start_millicycles * TSR_CLOCK_TICKS / 1000;
  uint64_t before = result->started - result->dispatched;
  return result->finished - result->started + (start < before ? start : before);
}

uint64_t timing_whole_ticks(const tsr_clock_result *result) {
  return result->ended - result->dispatched;
}

static void look_at_thread(bounds *found,
                           const tsr_clock_thread_result *thread) {
  if (thread->engine_ticks > found->ticks[BOUND_COMPUTE]) {
    found->ticks[BOUND_COMPUTE] = thread->engine_ticks;
    found->core = thread->core;
  }
  if (thread->processor > NCRISC)
    return;
  if (!found->issuer ||
      thread->ticks[TSR_CLOCK_BUSY] > found->issuer->ticks[TSR_CLOCK_BUSY])
    found->issuer = thread;
}

// A NoC is no faster than its busiest link, nor than the processor that has
// most commands to give.
static void look_at_noc(bounds *found, const tsr_clock_result *result) {
  for (size_t i = 0; i < result->link_count; i++)
    if (!found->link || result->links[i].busy > found->link->busy)
      found->link = &result->links[i];
  uint64_t link = found->link ? found->link->busy : 0;
  uint64_t issue = found->issuer ? found->issuer->ticks[TSR_CLOCK_BUSY] : 0;
  found->issuer_holds = issue > link;
  found->ticks[BOUND_NOC] = found->issuer_holds ? issue : link;
}

bounds timing_find_bounds(const tsr_clock_result *result) {
  bounds found = {.ticks = {0}};
  for (size_t i = 0; i < result->thread_count; i++)
    look_at_thread(&found, &result->threads[i]);
  for (size_t i = 0; i < result->bank_count; i++)
    if (result->banks[i].busy > found.ticks[BOUND_DRAM]) {
      found.ticks[BOUND_DRAM] = result->banks[i].busy;
      found.bank = (uint32_t)i;
    }
  look_at_noc(&found, result);
  found.ticks[BOUND_LAUNCH] =
      timing_whole_ticks(result) - (result->finished - result->started);
  for (int i = 0; i < BOUND_COUNT; i++)
    if (found.ticks[i] > found.ticks[found.largest])
      found.largest = (bound)i;
  return found;
}

matrix_use timing_find_matrix_use(const tsr_timing *timing,
                                  const tsr_clock_result *result) {
  matrix_use use = {0};
  for (size_t i = 0; i < result->thread_count; i++) {
    const tsr_clock_thread_result *thread = &result->threads[i];
    if (thread->processor != MATH)
      continue;
    use.cores++;
    use.products += thread->tile_macs;
    use.ideal_ticks += thread->tile_macs * thread->kernel->fidelity *
                       timing->target.matmul_phase_millicycles *
                       TSR_CLOCK_TICKS / 1000;
  }
  return use;
}

// -- Orders -------------------------------------------------------------------
// Equal rows stay in the order in which they were found.

static uint64_t call_ticks(const call_row *row) {
  return row->busy + row->stalled;
}

size_t timing_order_calls(const program_row *program, const call_row **out,
                          size_t max) {
  size_t count = 0;
  for (size_t i = 0; i < program->call_count; i++) {
    const call_row *row = program->calls[i];
    size_t at = count;
    while (at > 0 && call_ticks(out[at - 1]) < call_ticks(row))
      at--;
    if (at == max)
      continue;
    if (count < max)
      count++;
    for (size_t j = count - 1; j > at; j--)
      out[j] = out[j - 1];
    out[at] = row;
  }
  return count;
}

size_t timing_order_links(const tsr_clock_result *result,
                          const tsr_clock_link_result **out, size_t max) {
  size_t count = 0;
  for (size_t i = 0; i < result->link_count; i++) {
    const tsr_clock_link_result *link = &result->links[i];
    size_t at = count;
    while (at > 0 && out[at - 1]->busy < link->busy)
      at--;
    if (at == max || link->bytes == 0)
      continue;
    if (count < max)
      count++;
    for (size_t j = count - 1; j > at; j--)
      out[j] = out[j - 1];
    out[at] = link;
  }
  return count;
}
