// What the clock is told of a run: programs, and the calls of their threads.

#include "recording.h"

#include "tessera/vector.h"

#include <stdlib.h>

void tsr_sim_set_clock(tsr_sim *sim, tsr_clock *clock) { sim->clock = clock; }

// -- Calls --------------------------------------------------------------------

void record_event(thread *self, tsr_clock_event event) {
  const tsr_sim *sim = self->home->sim;
  event.call = self->call;
  event.op = self->where.op && sim->op_mnemonic
                 ? sim->op_mnemonic(sim->op_name_context, self->where.op)
                 : NULL;
  event.file = self->where.file;
  event.line = self->where.line;
  tsr_clock_record(self->stream, &event);
}

void record_transfer(thread *self, tsr_clock_kind kind, endpoint other,
                     tsr_clock_noc_event what) {
  if (!self->stream)
    return;
  what.noc = (uint8_t)self->noc;
  what.memory = other.kind == AT_DRAM ? TSR_CLOCK_DRAM : TSR_CLOCK_L1;
  what.endpoint = (uint16_t)other.index;
  record_event(self, (tsr_clock_event){.kind = (uint8_t)kind, .noc = what});
}

void record_multicast(thread *self, const rectangle *to,
                      tsr_clock_noc_event what) {
  if (!self->stream)
    return;
  const tsr_sim *sim = self->home->sim;
  what.noc = (uint8_t)self->noc;
  what.x0 = what.y0 = UINT8_MAX;
  for (uint32_t i = 0; i < sim->core_count; i++) {
    const core *at = &sim->cores[i];
    if (!in_rectangle(to, at))
      continue;
    uint8_t x = (uint8_t)at->x, y = (uint8_t)at->y;
    what.x0 = x < what.x0 ? x : what.x0;
    what.y0 = y < what.y0 ? y : what.y0;
    what.x1 = x > what.x1 ? x : what.x1;
    what.y1 = y > what.y1 ? y : what.y1;
  }
  record_event(self,
               (tsr_clock_event){.kind = TSR_CLOCK_MULTICAST, .noc = what});
}

void record_word(thread *self, tsr_clock_kind kind,
                 const volatile uint32_t *word, uint32_t value) {
  if (!self->stream)
    return;
  uint32_t at = (uint32_t)((uintptr_t)word - (uintptr_t)self->home->l1);
  record_event(self,
               (tsr_clock_event){.kind = (uint8_t)kind,
                                 .semaphore = {.address = at, .value = value}});
}

static uint32_t capped(uint32_t value, uint32_t most) {
  return value < most ? value : most;
}

void record_op(thread *self, tsr_clock_kind kind, tsr_sim_config config,
               tsr_clock_compute_event what) {
  if (!self->stream)
    return;
  what.setup = (uint8_t)config.setup;
  what.broadcast = (uint8_t)config.broadcast;
  what.reuse = (uint8_t)config.reuse;
  what.transpose = self->config.transpose;
  what.rows = (uint8_t)capped(config.rows, UINT8_MAX);
  what.cols = (uint8_t)capped(config.cols, UINT8_MAX);
  what.depth = (uint16_t)capped(config.depth, UINT16_MAX);
  if (config.setup == TSR_SIM_SETUP_REDUCE)
    what.param = (uint8_t)config.reduce;
  record_event(self, (tsr_clock_event){.kind = (uint8_t)kind, .compute = what});
}

// -- Zones --------------------------------------------------------------------

void tsr_sim_delay(uint32_t cycles, tsr_sim_where where) {
  thread *self = enter("riscv_wait", where);
  if (self->stream)
    record_event(self,
                 (tsr_clock_event){.kind = TSR_CLOCK_DELAY, .cycles = cycles});
}

void tsr_sim_zone_begin(const char *name, tsr_sim_where where) {
  record_call(enter(name, where), TSR_CLOCK_ZONE_BEGIN);
}

void tsr_sim_zone_end(const char *name, tsr_sim_where where) {
  record_call(enter(name, where), TSR_CLOCK_ZONE_END);
}

// -- Programs -----------------------------------------------------------------

// What the clock knows of a program, as long as it runs.
struct recording {
  tsr_clock_program program;
  tsr_clock_kernel *kernels;
};

static uint32_t most_args(const tsr_sim *sim, const kernel *of) {
  uint32_t most = 0;
  for (uint32_t i = 0; i < sim->core_count; i++)
    most = of->args[i].count > most ? of->args[i].count : most;
  return most;
}

static uint32_t count_cores(const tsr_sim *sim, const kernel *of) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < sim->core_count; i++)
    count += cores_have(of->ranges, of->range_count, sim->cores[i].x,
                        sim->cores[i].y);
  return count;
}

static tsr_clock_kernel describe_kernel(const tsr_sim *sim, const kernel *of) {
  const tsr_sim_kernel_config *config = &of->config;
  return (tsr_clock_kernel){.name = of->name,
                            .is_compute = config->is_compute,
                            .fidelity = config->fidelity,
                            .fp32_acc = config->fp32_acc,
                            .full_sync = config->full_sync,
                            .core_count = count_cores(sim, of),
                            .arg_count = most_args(sim, of),
                            .common_arg_count = of->common.count};
}

static recording *describe_program(const tsr_sim_program *program) {
  const tsr_sim *sim = program->sim;
  size_t capacity = 0;
  recording *made = tsr_array_grow(NULL, NULL, &capacity, 1, sizeof *made);
  capacity = 0;
  made->kernels = tsr_array_grow(NULL, NULL, &capacity, program->kernel_count,
                                 sizeof *made->kernels);
  for (size_t i = 0; i < program->kernel_count; i++)
    made->kernels[i] = describe_kernel(sim, program->kernels[i]);
  made->program = (tsr_clock_program){.name = program->name,
                                      .kernels = made->kernels,
                                      .kernel_count = program->kernel_count,
                                      .semaphore_count =
                                          (uint32_t)program->semaphore_count};
  for (uint32_t i = 0; i < sim->core_count; i++) {
    const core *on = &sim->cores[i];
    made->program.core_count += on->live_threads > 0;
    if (on->live_threads && on->cb_count > made->program.cb_count)
      made->program.cb_count = (uint32_t)on->cb_count;
  }
  return made;
}

static uint32_t kernel_number(const tsr_sim_program *program,
                              const kernel *of) {
  uint32_t number = 0;
  while (program->kernels[number] != of)
    number++;
  return number;
}

// The circular buffers and semaphores of a core, and then its threads.
static void add_core(tsr_sim_program *program, core *on) {
  tsr_sim *sim = program->sim;
  for (size_t i = 0; i < on->cb_count; i++)
    tsr_clock_add_cb(sim->clock, on->index, on->cb_ids[i],
                     on->cbs[on->cb_ids[i]].page_count);
  for (size_t i = 0; i < program->semaphore_count; i++) {
    const program_semaphore *has = &program->semaphores[i];
    if (cores_have(has->ranges, has->range_count, on->x, on->y))
      tsr_clock_set_word(sim->clock, on->index,
                         sim->target.kernel_config_base +
                             has->id * SEMAPHORE_STRIDE,
                         has->initial);
  }
  for (uint32_t p = 0; p < TSR_SIM_PROCESSOR_COUNT; p++) {
    thread *self = on->threads[p];
    if (self)
      self->stream = tsr_clock_add_thread(sim->clock, on->index, p,
                                          kernel_number(program, self->code));
  }
}

void begin_recording(tsr_sim_program *program) {
  tsr_sim *sim = program->sim;
  if (!sim->clock)
    return;
  sim->recording = describe_program(program);
  tsr_clock_begin(sim->clock, &sim->recording->program);
  for (uint32_t i = 0; i < sim->core_count; i++)
    if (sim->cores[i].live_threads)
      add_core(program, &sim->cores[i]);
}

static tsr_clock_cause cause_of(wait_kind kind) {
  switch (kind) {
  case WAIT_CB_SPACE:
    return TSR_CLOCK_CB_SPACE;
  case WAIT_CB_PAGES:
    return TSR_CLOCK_CB_PAGES;
  case WAIT_SEMAPHORE_EQUAL:
  case WAIT_SEMAPHORE_MIN:
    return TSR_CLOCK_SEMAPHORE;
  case WAIT_SOURCE_FREE:
    return TSR_CLOCK_SOURCE_FREE;
  case WAIT_SOURCE_FULL:
    return TSR_CLOCK_SOURCE_FULL;
  case WAIT_DST_FREE:
    return TSR_CLOCK_DST_FREE;
  case WAIT_DST_FULL:
    return TSR_CLOCK_DST_FULL;
  default:
    return TSR_CLOCK_STOPPED;
  }
}

// What threads were at when their program failed.
static void record_stops(const schedule *s) {
  for (size_t i = 0; i < s->active_count; i++)
    for (int p = 0; p < TSR_SIM_PROCESSOR_COUNT; p++) {
      thread *self = s->active[i]->threads[p];
      if (self && !self->done && self->stream)
        record_event(self,
                     (tsr_clock_event){.kind = TSR_CLOCK_STOP,
                                       .cause = cause_of(self->wait.kind)});
    }
}

void end_recording(tsr_sim *sim) {
  if (!sim->recording)
    return;
  if (sim->failed)
    record_stops(&sim->schedule);
  tsr_clock_end(sim->clock);
  tsr_mem_resize(sim->recording->kernels, 0);
  tsr_mem_resize(sim->recording, 0);
  sim->recording = NULL;
}
