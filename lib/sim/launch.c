// Running a program: threads on cores, and who goes next.
//
// The schedule is fixed: core after core in the order of the grid, and on each
// core its threads in turn until none of them can go on. Staying with a core
// keeps its tiles in the host's cache.

#include "internal.h"

#include "tessera/vector.h"

#include <stdlib.h>
#include <string.h>

// Rounds in which threads only asked without blocking, and nothing moved,
// before the program counts as stuck.
enum { POLL_ROUNDS = 20000 };

static _Thread_local thread *running;

thread *current_thread(void) { return running; }

thread *enter(const char *call, tsr_sim_where where) {
  thread *self = running;
  self->call = call;
  self->where = where;
  return self;
}

static void switch_to_scheduler(thread *self, int final) {
  fiber_switch(self->fiber, &self->home->sim->scheduler, final);
}

void block(thread *self, wait_state wait) {
  self->wait = wait;
  if (wait.kind != WAIT_POLL && can_run(self)) {
    self->wait.kind = WAIT_NOTHING;
    return;
  }
  switch_to_scheduler(self, 0);
  self->wait.kind = WAIT_NOTHING;
}

void leave_thread(thread *self) {
  switch_to_scheduler(self, 1);
  abort(); // nobody switches back to a thread that left
}

bool can_run(const thread *self) {
  const wait_state *wait = &self->wait;
  const compute_engine *engine = self->home->engine;
  const cb_state *cb = &self->home->cbs[wait->cb];
  switch (wait->kind) {
  case WAIT_NOTHING:
  case WAIT_POLL:
    return true;
  case WAIT_CB_SPACE:
    return cb->page_count - (cb->pushed - cb->popped) >= wait->amount;
  case WAIT_CB_PAGES:
    return cb->pushed - cb->popped >= wait->amount;
  case WAIT_SEMAPHORE_EQUAL:
    return *wait->word == wait->amount;
  case WAIT_SEMAPHORE_MIN:
    return *wait->word >= wait->amount;
  case WAIT_SOURCE_FREE:
    return engine->unpacked - engine->consumed < SOURCE_BANKS;
  case WAIT_SOURCE_FULL:
    return engine->unpacked > engine->consumed;
  case WAIT_DST_FREE:
    return engine->committed < engine->section_count;
  case WAIT_DST_FULL:
    return engine->committed > 0;
  }
  return false;
}

// -- Threads ------------------------------------------------------------------

static void check_finished(thread *self) {
  self->call = "kernel_main";
  self->where = (tsr_sim_where){NULL, 0};
  if (self->read_count)
    break_rule(self,
               "ends with %zu reads that no noc_async_read_barrier "
               "waited for",
               self->read_count);
  if (self->writes)
    break_rule(self,
               "ends with %u writes that no noc_async_write_barrier "
               "waited for",
               self->writes);
  if (self->atomics)
    break_rule(self,
               "ends with %u semaphore increments that no "
               "noc_async_atomic_barrier waited for",
               self->atomics);
  if (self->in_section)
    break_rule(self, self->processor == TSR_SIM_MATH
                         ? "ends between tile_regs_acquire and tile_regs_commit"
                         : "ends between tile_regs_wait and tile_regs_release");
  land_reads(self);
  land_writes(self);
}

static void run_kernel(void *argument) {
  thread *self = argument;
  self->entry();
  check_finished(self);
  self->done = true;
  leave_thread(self);
}

static compute_engine *create_engine(const core *on, const kernel *code) {
  const tsr_target *target = &on->sim->target;
  const tsr_sim_kernel_config *config = &code->config;
  size_t capacity = 0;
  compute_engine *made = tsr_array_grow(NULL, NULL, &capacity, 1, sizeof *made);
  made->is_32bit = config->fp32_acc;
  made->section_count = config->full_sync ? 1 : 2;
  made->section_tiles =
      tsr_target_dst_tiles(target, config->fp32_acc, config->full_sync);
  capacity = 0;
  made->dst = tsr_array_grow(NULL, NULL, &capacity,
                             (size_t)made->section_count * made->section_tiles,
                             sizeof *made->dst);
  return made;
}

static void destroy_engine(core *on) {
  if (on->engine)
    free(on->engine->dst);
  free(on->engine);
  on->engine = NULL;
}

static tsr_result start_thread(tsr_sim *sim, core *on, kernel *code,
                               tsr_sim_processor processor) {
  if (!code->entries[processor])
    return fail_host(sim, "kernel '%s' has no code for %s", code->name,
                     processor_name(processor));
  size_t capacity = 0;
  thread *made = tsr_array_grow(NULL, NULL, &capacity, 1, sizeof *made);
  capacity = 0;
  made->fiber = tsr_array_grow(NULL, NULL, &capacity, 1, sizeof *made->fiber);
  made->home = on;
  made->code = code;
  made->processor = processor;
  made->entry = code->entries[processor];
  made->call = "kernel_main";
  made->format_a = made->format_b = made->format_pack = -1;
  fiber_start(&sim->fibers, made->fiber, run_kernel, made);
  on->threads[processor] = made;
  return TSR_OK;
}

static tsr_result start_kernel(tsr_sim *sim, core *on, kernel *code,
                               uint32_t *ring_offset) {
  tsr_sim_processor first = code->config.processor;
  tsr_sim_processor last = first;
  if (code->config.is_compute) {
    first = TSR_SIM_UNPACK;
    last = TSR_SIM_PACK;
    on->engine = create_engine(on, code);
  }
  for (tsr_sim_processor at = first; at <= last; at++)
    if (start_thread(sim, on, code, at) != TSR_OK)
      return TSR_FAILED;
  thread *leader = on->threads[first];
  if (place_args(leader, ring_offset) != TSR_OK)
    return TSR_FAILED;
  for (tsr_sim_processor at = first + 1; at <= last; at++) {
    on->threads[at]->args_l1 = leader->args_l1;
    on->threads[at]->arg_count = leader->arg_count;
    on->threads[at]->common_l1 = leader->common_l1;
    on->threads[at]->common_count = leader->common_count;
  }
  return TSR_OK;
}

static tsr_result start_cores(tsr_sim_program *program) {
  tsr_sim *sim = program->sim;
  for (uint32_t i = 0; i < sim->core_count; i++) {
    core *on = &sim->cores[i];
    uint32_t ring_offset = sim->target.semaphore_count * SEMAPHORE_STRIDE;
    for (size_t k = 0; k < program->kernel_count; k++) {
      kernel *code = program->kernels[k];
      if (cores_have(code->ranges, code->range_count, on->x, on->y) &&
          start_kernel(sim, on, code, &ring_offset) != TSR_OK)
        return TSR_FAILED;
    }
  }
  return TSR_OK;
}

static void stop_cores(tsr_sim *sim) {
  for (uint32_t i = 0; i < sim->core_count; i++) {
    core *on = &sim->cores[i];
    for (int p = 0; p < TSR_SIM_PROCESSOR_COUNT; p++) {
      if (on->threads[p]) {
        forget_transfers(on->threads[p]);
        free(on->threads[p]->fiber);
      }
      free(on->threads[p]);
      on->threads[p] = NULL;
    }
    destroy_engine(on);
  }
}

static size_t count_threads(const tsr_sim_program *program) {
  size_t count = 0;
  for (size_t k = 0; k < program->kernel_count; k++) {
    const kernel *code = program->kernels[k];
    size_t threads = code->config.is_compute ? 3 : 1;
    for (uint32_t i = 0; i < program->sim->core_count; i++)
      if (cores_have(code->ranges, code->range_count, program->sim->cores[i].x,
                     program->sim->cores[i].y))
        count += threads;
  }
  return count;
}

// -- The schedule -------------------------------------------------------------

// Runs `self` until it blocks; true when that was progress.
static bool resume(tsr_sim *sim, thread *self) {
  bool polled = self->wait.kind == WAIT_POLL;
  running = self;
  fiber_switch(&sim->scheduler, self->fiber, 0);
  running = NULL;
  return !polled || self->done || self->wait.kind != WAIT_POLL;
}

// Runs the threads of one core until none can go on.
static bool run_core(tsr_sim *sim, core *on) {
  bool any = false;
  for (bool progress = true; progress && !sim->failed;) {
    progress = false;
    for (int p = 0; p < TSR_SIM_PROCESSOR_COUNT && !sim->failed; p++) {
      thread *self = on->threads[p];
      if (self && !self->done && can_run(self) && resume(sim, self))
        progress = true;
    }
    any = any || progress;
  }
  return any;
}

static bool all_done(const tsr_sim *sim, bool *out_polling) {
  bool done = true;
  *out_polling = false;
  for (uint32_t i = 0; i < sim->core_count; i++)
    for (int p = 0; p < TSR_SIM_PROCESSOR_COUNT; p++) {
      const thread *self = sim->cores[i].threads[p];
      if (!self || self->done)
        continue;
      done = false;
      *out_polling = *out_polling || self->wait.kind == WAIT_POLL;
    }
  return done;
}

static void run_cores(tsr_sim *sim) {
  uint32_t idle_rounds = 0;
  while (!sim->failed) {
    bool progress = false;
    for (uint32_t i = 0; i < sim->core_count && !sim->failed; i++)
      progress = run_core(sim, &sim->cores[i]) || progress;
    if (progress || sim->failed) {
      idle_rounds = 0;
      continue;
    }
    // Time passes: what is on its way arrives.
    if (land_everything(sim)) {
      idle_rounds = 0;
      continue;
    }
    bool polling = false;
    if (all_done(sim, &polling))
      return;
    if (polling && ++idle_rounds < POLL_ROUNDS)
      continue;
    report_deadlock(sim);
    sim->failed = true;
  }
}

tsr_result tsr_sim_run(tsr_sim_program *program) {
  tsr_sim *sim = program->sim;
  sim->failed = false;
  sim->running = program;
  sim->said_count = 0;
  memset(&sim->scheduler, 0, sizeof sim->scheduler);
  tsr_result result = place_program(program);
  if (result == TSR_OK &&
      !fiber_pool_init(&sim->fibers, count_threads(program)))
    result = fail_host(sim, "cannot map stacks for the kernels' threads");
  if (result == TSR_OK)
    result = start_cores(program);
  if (result == TSR_OK) {
    faults_catch(sim);
    run_cores(sim);
    faults_release();
    if (!sim->failed)
      check_exit(sim);
    result = sim->failed ? TSR_FAILED : TSR_OK;
  }
  stop_cores(sim);
  fiber_pool_deinit(&sim->fibers);
  unplace_program(sim);
  sim->running = NULL;
  return result;
}
