// The report as text.

#include "internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

// Rows shown of what may be long; JSON has all.
enum { CALLS_SHOWN = 12, LINKS_SHOWN = 6 };

static uint64_t cycles(uint64_t ticks) {
  return (ticks + TSR_CLOCK_TICKS / 2) / TSR_CLOCK_TICKS;
}

typedef struct printer {
  const tsr_timing *timing;
  tsr_buffer *out;
} printer;

// "12.345", microseconds.
static void print_us(const printer *to, uint64_t ticks) {
  uint64_t per_us = (uint64_t)to->timing->target.clock_mhz * TSR_CLOCK_TICKS;
  uint64_t rest = (ticks % per_us * 1000 + per_us / 2) / per_us;
  uint64_t us = ticks / per_us + rest / 1000;
  tsr_buffer_printf(to->out, "%" PRIu64 ".%03" PRIu64, us, rest % 1000);
}

typedef struct percent_text {
  char text[32];
} percent_text;

// "12.3", per cent of `whole`.
static percent_text percent(uint64_t part, uint64_t whole) {
  uint64_t tenths = whole ? (part * 1000 + whole / 2) / whole : 0;
  percent_text made;
  snprintf(made.text, sizeof made.text, "%" PRIu64 ".%" PRIu64, tenths / 10,
           tenths % 10);
  return made;
}

typedef struct core_text {
  char text[32];
} core_text;

// "(3,0)"
static core_text core(const printer *to, uint32_t index) {
  uint32_t cols = to->timing->target.grid_cols;
  core_text made;
  snprintf(made.text, sizeof made.text, "(%u,%u)", index % cols, index / cols);
  return made;
}

// -- What holds the program back ----------------------------------------------

static void print_holder(const printer *to, const bounds *found) {
  switch (found->largest) {
  case BOUND_COMPUTE:
    tsr_buffer_printf(to->out, ", the engine of core %s",
                      core(to, found->core).text);
    return;
  case BOUND_DRAM:
    tsr_buffer_printf(to->out, ", bank %u", found->bank);
    return;
  case BOUND_NOC:
    if (found->issuer_holds)
      tsr_buffer_printf(to->out, ", commands of core %s %s",
                        core(to, found->issuer->core).text,
                        timing_processor_name(found->issuer->processor));
    else
      tsr_buffer_printf(to->out, ", NoC %u's link %s from router (%u,%u)",
                        found->link->noc,
                        found->link->vertical ? "along y" : "along x",
                        found->link->x, found->link->y);
    return;
  case BOUND_LAUNCH:
  case BOUND_COUNT:
    return;
  }
}

static void print_bound(const printer *to, const tsr_clock_result *result) {
  bounds found = timing_find_bounds(result);
  uint64_t whole = timing_whole_ticks(result);
  tsr_buffer_printf(to->out, "  bound: %s", timing_bound_name(found.largest));
  print_holder(to, &found);
  tsr_buffer_append_str(to->out, ":");
  for (int i = 0; i < BOUND_COUNT; i++)
    tsr_buffer_printf(to->out, "%s %s %s %%", i ? "," : "",
                      timing_bound_name((bound)i),
                      percent(found.ticks[i], whole).text);
  if (found.ticks[found.largest] * 2 < whole)
    tsr_buffer_append_str(to->out,
                          "; nothing is at work half of the time: latency");
  tsr_buffer_append_char(to->out, '\n');
}

static void print_matrix(const printer *to, const tsr_clock_result *result) {
  matrix_use use = timing_find_matrix_use(to->timing, result);
  if (!use.products)
    return;
  uint64_t whole = (result->finished - result->started) * use.cores;
  tsr_buffer_printf(to->out,
                    "  matrix engine: %" PRIu64
                    " tile products, %s %% of what %u core%s can do\n",
                    use.products, percent(use.ideal_ticks, whole).text,
                    use.cores, use.cores == 1 ? "" : "s");
}

// -- Threads ------------------------------------------------------------------

// The threads of a kernel on one processor, over its cores.
typedef struct thread_sum {
  const tsr_clock_kernel *kernel;
  uint32_t processor;
  uint32_t cores;
  uint64_t total;
  uint64_t ticks[TSR_CLOCK_CAUSE_COUNT];
  const tsr_clock_thread_result *longest;
} thread_sum;

static thread_sum sum_threads(const tsr_clock_result *result,
                              const tsr_clock_kernel *kernel,
                              uint32_t processor) {
  thread_sum sum = {.kernel = kernel, .processor = processor};
  for (size_t i = 0; i < result->thread_count; i++) {
    const tsr_clock_thread_result *thread = &result->threads[i];
    if (thread->kernel != kernel || thread->processor != processor)
      continue;
    sum.cores++;
    sum.total += timing_thread_ticks(thread);
    for (int cause = 0; cause < TSR_CLOCK_CAUSE_COUNT; cause++)
      sum.ticks[cause] += thread->ticks[cause];
    if (!sum.longest ||
        timing_thread_ticks(thread) > timing_thread_ticks(sum.longest))
      sum.longest = thread;
  }
  return sum;
}

static void print_sum(const printer *to, const thread_sum *sum) {
  if (!sum->cores)
    return;
  tsr_buffer_printf(to->out, "  %-16s %-7s %5u %12" PRIu64 "  %-8s",
                    sum->kernel->name, timing_processor_name(sum->processor),
                    sum->cores, cycles(timing_thread_ticks(sum->longest)),
                    core(to, sum->longest->core).text);
  for (int cause = 0; cause < TSR_CLOCK_CAUSE_COUNT; cause++)
    if (sum->ticks[cause])
      tsr_buffer_printf(to->out, " %s %s",
                        tsr_clock_cause_name((tsr_clock_cause)cause),
                        percent(sum->ticks[cause], sum->total).text);
  tsr_buffer_append_char(to->out, '\n');
}

static void print_threads(const printer *to, const tsr_clock_result *result) {
  tsr_buffer_printf(to->out, "  %-16s %-7s %5s %12s  %-8s %s\n", "kernel",
                    "thread", "cores", "cycles", "longest",
                    "% of the time over all cores, busy and stalled");
  for (size_t i = 0; i < result->program->kernel_count; i++)
    for (uint32_t p = 0; p < TSR_CLOCK_PROCESSORS; p++) {
      thread_sum sum = sum_threads(result, &result->program->kernels[i], p);
      print_sum(to, &sum);
    }
}

// -- Cores --------------------------------------------------------------------

static void print_core_thread(const printer *to,
                              const tsr_clock_thread_result *thread) {
  uint64_t total = timing_thread_ticks(thread);
  int worst = TSR_CLOCK_BUSY;
  for (int cause = 0; cause < TSR_CLOCK_CAUSE_COUNT; cause++)
    if (cause != TSR_CLOCK_BUSY &&
        (worst == TSR_CLOCK_BUSY ||
         thread->ticks[cause] > thread->ticks[worst]))
      worst = cause;
  tsr_buffer_printf(to->out, "  %s %s %%",
                    timing_processor_name(thread->processor),
                    percent(thread->ticks[TSR_CLOCK_BUSY], total).text);
  if (thread->ticks[worst])
    tsr_buffer_printf(to->out, " (%s)",
                      tsr_clock_cause_name((tsr_clock_cause)worst));
}

// The threads of a core stand together.
static void print_cores(const printer *to, const tsr_clock_result *result) {
  tsr_buffer_printf(to->out, "  %-8s %12s  %s\n", "core", "cycles",
                    "busy, and what each thread stalls for most");
  size_t i = 0;
  while (i < result->thread_count) {
    const tsr_clock_thread_result *first = &result->threads[i];
    uint64_t start = first->start, finish = first->end;
    size_t after = i;
    for (; after < result->thread_count &&
           result->threads[after].core == first->core;
         after++)
      if (result->threads[after].end > finish)
        finish = result->threads[after].end;
    tsr_buffer_printf(to->out, "  %-8s %12" PRIu64, core(to, first->core).text,
                      cycles(finish - start));
    for (; i < after; i++)
      print_core_thread(to, &result->threads[i]);
    tsr_buffer_append_char(to->out, '\n');
  }
}

// -- Places and zones ---------------------------------------------------------

static void print_calls(const printer *to, const program_row *program) {
  const call_row *rows[CALLS_SHOWN];
  size_t count = timing_order_calls(program, rows, CALLS_SHOWN);
  if (!count)
    return;
  tsr_buffer_printf(to->out, "  %-7s %-28s %9s %12s %12s  %s\n", "thread",
                    "call", "times", "busy", "stalled", "cycles, at");
  for (size_t i = 0; i < count; i++) {
    const call_row *row = rows[i];
    tsr_buffer_printf(to->out,
                      "  %-7s %-28s %9" PRIu64 " %12" PRIu64 " %12" PRIu64,
                      timing_processor_name(row->processor), row->name,
                      row->count, cycles(row->busy), cycles(row->stalled));
    if (row->file)
      tsr_buffer_printf(to->out, "  %s:%u", row->file, row->line);
    tsr_buffer_append_char(to->out, '\n');
  }
}

static void print_zones(const printer *to, const program_row *program) {
  for (size_t i = 0; i < program->zone_count; i++) {
    const zone_row *row = program->zones[i];
    tsr_buffer_printf(to->out,
                      "  zone %s: %s, %" PRIu64 " times, %" PRIu64
                      " cycles each, %" PRIu64 " to %" PRIu64 "\n",
                      row->name, timing_processor_name(row->processor),
                      row->count, cycles(row->total / row->count),
                      cycles(row->shortest), cycles(row->longest));
  }
}

// -- Banks and links ----------------------------------------------------------

static void print_banks(const printer *to, const tsr_clock_result *result) {
  uint64_t time = result->finished - result->started;
  for (size_t i = 0; i < result->bank_count; i++) {
    const tsr_clock_bank_result *bank = &result->banks[i];
    if (bank->read_bytes || bank->written_bytes)
      tsr_buffer_printf(to->out,
                        "  bank %zu: %" PRIu64 " B read, %" PRIu64
                        " B written, busy %s %%\n",
                        i, bank->read_bytes, bank->written_bytes,
                        percent(bank->busy, time).text);
  }
}

static void print_links(const printer *to, const tsr_clock_result *result) {
  const tsr_clock_link_result *links[LINKS_SHOWN];
  size_t count = timing_order_links(result, links, LINKS_SHOWN);
  uint64_t time = result->finished - result->started;
  for (size_t i = 0; i < count; i++)
    tsr_buffer_printf(to->out,
                      "  link of NoC %u from router (%u,%u) along %s: %" PRIu64
                      " B, busy %s %%\n",
                      links[i]->noc, links[i]->x, links[i]->y,
                      links[i]->vertical ? "y" : "x", links[i]->bytes,
                      percent(links[i]->busy, time).text);
}

// -- All ----------------------------------------------------------------------

static void print_program(const printer *to, const program_row *program) {
  const tsr_clock_result *result = &program->result;
  uint64_t whole = timing_whole_ticks(result);
  uint64_t kernels = timing_kernel_ticks(to->timing, result);
  tsr_buffer_printf(to->out, "program %s: %" PRIu64 " cycles, ",
                    result->program->name, cycles(whole));
  print_us(to, whole);
  tsr_buffer_printf(to->out, " us; kernels %" PRIu64 " cycles, ",
                    cycles(kernels));
  print_us(to, kernels);
  tsr_buffer_printf(to->out, " us, on %u core%s\n", result->program->core_count,
                    result->program->core_count == 1 ? "" : "s");
  print_bound(to, result);
  print_matrix(to, result);
  print_threads(to, result);
  print_calls(to, program);
  print_zones(to, program);
  print_banks(to, result);
  print_links(to, result);
  print_cores(to, result);
}

void tsr_timing_print(const tsr_timing *timing, tsr_buffer *out) {
  printer to = {timing, out};
  uint64_t total = 0;
  for (size_t i = 0; i < timing->program_count; i++)
    total += timing_whole_ticks(&timing->programs[i]->result);
  tsr_buffer_printf(out, "timing: %s at %u MHz, %" PRIu64 " cycles, ",
                    timing->target.name, timing->target.clock_mhz,
                    cycles(total));
  print_us(&to, total);
  tsr_buffer_printf(out, " us in %zu program%s\n", timing->program_count,
                    timing->program_count == 1 ? "" : "s");
  for (size_t i = 0; i < timing->program_count; i++)
    print_program(&to, timing->programs[i]);
}
