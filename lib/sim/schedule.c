// Whose turn it is: epochs.
//
// In an epoch every core runs its own threads, in turn, until none of them can
// go on or each has made its share of calls. Nothing that a core does is seen
// by another before the epoch ends: writes to DRAM and to other cores, and
// increments of their semaphores, arrive between epochs, core after core and
// thread after thread in a fixed order. So the cores of an epoch may run on
// several host threads at once, and a run is the same on any number of them.
// Staying with a core for an epoch keeps its tiles in the host's cache.

#include "internal.h"

#include "tessera/support.h"
#include "tessera/vector.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  // Calls of one thread in an epoch: keeps an epoch finite, and what a core
  // touches in it small.
  CALLS_PER_EPOCH = 1024,
  // An epoch of fewer calls than this is not worth waking another host thread.
  CALLS_TO_SHARE = 256,
  // Epochs without progress before the program counts as stuck: those in which
  // nobody did more than ask and go round in loops. Who brings data here, or
  // changes what nobody notices, may wait for a word or go round for ever, but
  // may also measure how long that takes, or fill memory: such an epoch counts
  // half as much, and little when it was a short one, up to a barrier.
  IDLE_EPOCHS = 20000,
  BUSY_EPOCHS = 2 * IDLE_EPOCHS,
  SHORT_EPOCHS = 100 * IDLE_EPOCHS,
  // What one of each counts.
  IDLE_WEIGHT = SHORT_EPOCHS / IDLE_EPOCHS,
  BUSY_WEIGHT = SHORT_EPOCHS / BUSY_EPOCHS,
  // How much of that passes before what is on its way leaves by itself.
  IDLE_TO_SEND = IDLE_WEIGHT,
  PATIENCE = 10, // in tenths
  MOST_PATIENCE = 999 * PATIENCE,
  // Time of a host's processor for a kernel that counts nothing (watchdog.c).
  SILENT_SECONDS = 20,
  MOST_SILENT_SECONDS = 99999
};

// -- Threads ------------------------------------------------------------------

// Kernels move between host threads, so no function may read this again after
// it let others run.
static _Thread_local thread *running;

thread *current_thread(void) { return running; }

thread *ask(const char *call, tsr_sim_where where) {
  thread *self = running;
  bool is_outermost = self->outer_depth == 0;
  self->call = is_outermost ? call : self->outer_call;
  self->where = is_outermost ? where : self->outer_where;
  self->by_method = !is_outermost && self->outer_is_method;
  if (self->calls_left == 0)
    wait_for_epoch(self);
  self->calls_left--;
  return self;
}

thread *enter(const char *call, tsr_sim_where where) {
  thread *self = ask(call, where);
  note_turn(self, TURN_STIRRED);
  return self;
}

void note_turn(thread *self, turn_kind what) {
  if (self->turn < what)
    self->turn = what;
}

thread *fetch(const char *call, tsr_sim_where where) {
  thread *self = ask(call, where);
  note_turn(self, TURN_FETCHED);
  return self;
}

void tsr_sim_begin_call(const char *name, bool is_method, tsr_sim_where where) {
  thread *self = running;
  if (self->outer_depth++ > 0)
    return;
  self->outer_call = name;
  self->outer_where = where;
  self->outer_is_method = is_method;
}

void tsr_sim_end_call(void) { running->outer_depth--; }

static void switch_to_scheduler(thread *self, int final) {
  fiber_switch(&self->fiber, self->home->scheduler, final);
}

void block(thread *self, wait_state wait) {
  self->wait = wait;
  if (wait.kind != WAIT_POLL && can_run(self)) {
    self->wait.kind = WAIT_NOTHING;
    return;
  }
  switch_to_scheduler(self, 0);
  self->wait.kind = WAIT_NOTHING;
  self->owes_turn = false;
  // What others brought about is progress, too; a turn is none.
  bool is_turn = wait.kind == WAIT_POLL || wait.kind == WAIT_EPOCH;
  self->turn = is_turn ? TURN_IDLE : TURN_ACTED;
}

void wait_for_epoch(thread *self) {
  block(self, (wait_state){.kind = WAIT_EPOCH,
                           .amount = self->home->sim->schedule.epoch});
}

void leave_thread(thread *self) {
  switch_to_scheduler(self, 1);
  abort(); // nobody switches back to a thread that left
}

bool is_awaited(const wait_state *wait, uint32_t value) {
  return wait->kind == WAIT_SEMAPHORE_EQUAL ? value == wait->amount
                                            : value >= wait->amount;
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
  case WAIT_SEMAPHORE_MIN:
    return is_awaited(wait, *wait->word);
  case WAIT_SOURCE_FREE:
    return engine->unpacked - engine->consumed < SOURCE_BANKS;
  case WAIT_SOURCE_FULL:
    return engine->unpacked > engine->consumed;
  case WAIT_DST_FREE:
    return engine->committed < engine->section_count;
  case WAIT_DST_FULL:
    return engine->committed > 0;
  case WAIT_MAIL_FREE:
    return engine->mail[wait->amount].sent - engine->mail[wait->amount].taken <
           MAIL_WORDS;
  case WAIT_MAIL_FULL:
    return engine->mail[wait->amount].sent > engine->mail[wait->amount].taken;
  case WAIT_EPOCH:
    return self->home->sim->schedule.epoch != wait->amount;
  }
  return false;
}

// -- One core -----------------------------------------------------------------

// Runs `self` until it blocks; true when others of its core may go on then.
static bool resume(thread *self) {
  bool polled = self->wait.kind == WAIT_POLL;
  core *on = self->home;
  running = self;
  fiber_switch(on->scheduler, &self->fiber, 0);
  running = NULL;
  turn_kind what = self->done ? TURN_ACTED : self->turn;
  on->turn = on->turn < what ? what : on->turn;
  on->is_busy = on->is_busy || self->calls_left == 0;
  return !polled || self->done || self->wait.kind != WAIT_POLL;
}

// Runs the threads of a core until none can go on in this epoch.
static void run_core(core *on) {
  fiber scheduler = {.stack = NULL};
  if (on->sim->window.shows && on->sim->window.shows != on)
    window_close(on->sim);
  on->scheduler = &scheduler;
  on->turn = TURN_IDLE;
  on->is_busy = false;
  for (bool progress = true; progress && !on->report.failed;) {
    progress = false;
    for (int p = 0; p < TSR_SIM_PROCESSOR_COUNT && !on->report.failed; p++) {
      thread *self = on->threads[p];
      if (self && !self->done && can_run(self) && resume(self))
        progress = true;
    }
  }
}

static void run_ready_core(void *context, size_t i) {
  tsr_sim *sim = context;
  if (i < atomic_load_explicit(&sim->schedule.overdue, memory_order_relaxed))
    run_core(sim->schedule.ready[i]);
}

void give_up_after(core *on) {
  schedule *s = &on->sim->schedule;
  size_t i = 0;
  while (s->ready[i] != on)
    i++;
  size_t first = atomic_load_explicit(&s->overdue, memory_order_relaxed);
  while (i < first && !atomic_compare_exchange_weak_explicit(
                          &s->overdue, &first, i, memory_order_relaxed,
                          memory_order_relaxed)) {
  }
}

// -- An epoch -----------------------------------------------------------------

// Finds the cores that can go on, and gives their threads new calls.
static void find_ready(schedule *s) {
  s->ready_count = 0;
  for (size_t i = 0; i < s->active_count; i++) {
    core *on = s->active[i];
    bool can_go_on = false;
    for (int p = 0; p < TSR_SIM_PROCESSOR_COUNT; p++) {
      thread *self = on->threads[p];
      if (!self || self->done)
        continue;
      self->calls_left = CALLS_PER_EPOCH;
      can_go_on = can_go_on || can_run(self);
    }
    if (can_go_on)
      s->ready[s->ready_count++] = on;
  }
}

// Runs the cores that can go on; returns the most that one of them did.
static turn_kind run_epoch(tsr_sim *sim) {
  schedule *s = &sim->schedule;
  s->epoch++;
  s->is_busy = false;
  find_ready(s);
  if (s->is_shared && s->ready_count > 1 && s->calls >= CALLS_TO_SHARE)
    crew_run(s->crew, run_ready_core, sim, s->ready_count);
  else
    for (size_t i = 0; i < s->ready_count; i++)
      run_ready_core(sim, i);
  turn_kind most = s->has_changed ? TURN_ACTED : TURN_IDLE;
  s->has_changed = false;
  for (size_t i = 0; i < s->ready_count; i++) {
    if (most < s->ready[i]->turn)
      most = s->ready[i]->turn;
    s->is_busy = s->is_busy || s->ready[i]->is_busy;
  }
  return most;
}

// -- Between epochs -----------------------------------------------------------

// Reads first: they see what their source's own core has made of it, and
// nothing that is still on its way.
static void exchange(schedule *s) {
  for (size_t i = 0; i < s->active_count; i++)
    for (int p = 0; p < TSR_SIM_PROCESSOR_COUNT; p++)
      if (s->active[i]->threads[p])
        land_due_reads(s->active[i]->threads[p]);
  for (size_t i = 0; i < s->active_count; i++)
    for (int p = 0; p < TSR_SIM_PROCESSOR_COUNT; p++)
      if (s->active[i]->threads[p])
        arrive(s->active[i]->threads[p]);
}

static void tell_progress(tsr_sim *sim) {
  uint64_t stored = 0;
  for (size_t i = 0; i < sim->schedule.active_count; i++) {
    stored += sim->schedule.active[i]->stored;
    sim->schedule.active[i]->stored = 0;
  }
  if (stored && sim->progress)
    sim->progress(sim->progress_context, stored);
}

static void count_calls(schedule *s) {
  s->calls = 0;
  for (size_t i = 0; i < s->ready_count; i++)
    for (int p = 0; p < TSR_SIM_PROCESSOR_COUNT; p++) {
      const thread *self = s->ready[i]->threads[p];
      if (self)
        s->calls += CALLS_PER_EPOCH - self->calls_left;
    }
}

static void show_ready(const schedule *s) {
  for (size_t i = 0; i < s->ready_count; i++)
    show_cbs(s->ready[i]);
}

static void drop_ended(schedule *s) {
  size_t kept = 0;
  for (size_t i = 0; i < s->active_count; i++)
    if (s->active[i]->live_threads)
      s->active[kept++] = s->active[i];
  s->active_count = kept;
}

static void end_epoch(tsr_sim *sim) {
  schedule *s = &sim->schedule;
  tell_reports(sim);
  if (sim->failed)
    return;
  show_ready(s);
  exchange(s);
  tell_progress(sim);
  if (sim->recording)
    tsr_clock_drain(sim->clock);
  count_calls(s);
  drop_ended(s);
  show_coming(sim);
}

// -- A run --------------------------------------------------------------------

static void call_crew(tsr_sim *sim) {
  schedule *s = &sim->schedule;
  size_t wanted = s->host_threads;
  s->is_shared = wanted > 1 && !window_may_open(sim);
  if (s->crew || !s->is_shared)
    return;
  static const crew_hooks hooks = {faults_begin_thread, faults_end_thread};
  s->crew = crew_create(wanted, hooks);
  s->is_shared = s->crew != NULL;
}

static void find_active(tsr_sim *sim) {
  schedule *s = &sim->schedule;
  s->active_count = 0;
  for (uint32_t i = 0; i < sim->core_count; i++)
    if (sim->cores[i].live_threads) {
      s->active[s->active_count++] = &sim->cores[i];
      show_cbs(&sim->cores[i]);
    }
}

// True when a thread could go on, without an end in sight.
static bool is_turning(const schedule *s) {
  for (size_t i = 0; i < s->active_count; i++)
    for (int p = 0; p < TSR_SIM_PROCESSOR_COUNT; p++) {
      const thread *self = s->active[i]->threads[p];
      if (self && !self->done &&
          (self->wait.kind == WAIT_POLL || self->wait.kind == WAIT_EPOCH))
        return true;
    }
  return false;
}

// What an epoch without progress counts.
static uint64_t weigh(const schedule *s, turn_kind what) {
  if (what == TURN_IDLE)
    return IDLE_WEIGHT;
  return s->is_busy ? BUSY_WEIGHT : 1;
}

static uint64_t most_idle(const schedule *s) {
  return (uint64_t)SHORT_EPOCHS * s->patience / PATIENCE;
}

// True when the program is stuck: for `*idle` by now.
static bool is_stuck(tsr_sim *sim, turn_kind what, uint64_t *idle) {
  schedule *s = &sim->schedule;
  if (what == TURN_IDLE || (what != TURN_ACTED && *idle >= IDLE_TO_SEND))
    what = send_everything(sim) ? TURN_ACTED : what;
  if (what == TURN_ACTED) {
    *idle = 0;
    return false;
  }
  *idle += weigh(s, what);
  // What somebody did may arrive now and wake others.
  return *idle >= most_idle(s) || (what == TURN_IDLE && !is_turning(s));
}

// A loop that would have ended by itself looks like one that never does.
static void say_patience(tsr_sim *sim, turn_kind what) {
  const schedule *s = &sim->schedule;
  if (!is_turning(s))
    return;
  tsr_buffer_printf(
      &sim->error,
      "\n  given up after %llu turns in which %s; a loop that gives up later "
      "needs more patience (TESSERA_PATIENCE=%llu for ten times as much)",
      (unsigned long long)(most_idle(s) / weigh(s, what)),
      what == TURN_STIRRED ? "nobody noticed a change" : "nothing changed",
      10ull * s->patience / PATIENCE);
}

// Epoch after epoch. When no core can go on, time passes: what is on its way
// leaves. When nothing is, the program is stuck.
void run_cores(tsr_sim *sim) {
  schedule *s = &sim->schedule;
  find_active(sim);
  call_crew(sim);
  atomic_init(&s->overdue, SIZE_MAX);
  s->calls = CALLS_TO_SHARE; // not known yet
  uint64_t idle = 0;
  while (s->active_count && !sim->failed) {
    turn_kind what = run_epoch(sim);
    bool stuck = is_stuck(sim, what, &idle);
    end_epoch(sim);
    if (!stuck || sim->failed)
      continue;
    report_deadlock(sim);
    say_patience(sim, what);
    sim->failed = true;
  }
}

void forget_schedule(tsr_sim *sim) {
  schedule *s = &sim->schedule;
  crew_destroy(s->crew);
  s->crew = NULL;
}

void tsr_sim_set_threads(tsr_sim *sim, size_t count) {
  forget_schedule(sim);
  sim->schedule.host_threads = count ? count : crew_processors();
}

// A number from the environment, in steps of 1/`steps`, which is `*out` already
// if it has none. The least is one step.
static tsr_result read_number(const char *name, uint32_t steps, uint32_t most,
                              uint32_t *out, char *error, size_t error_bytes) {
  const char *text = getenv(name);
  if (!text || !*text)
    return TSR_OK;
  double number = 0;
  if (tsr_parse_f64(text, strlen(text), &number) && number * steps >= 1 &&
      number * steps <= most) {
    *out = (uint32_t)(number * steps + 0.5);
    return TSR_OK;
  }
  snprintf(error, error_bytes, "%s: '%s' is no number from %s to %u", name,
           text, steps == PATIENCE ? "0.1" : "1", most / steps);
  return TSR_FAILED;
}

tsr_result schedule_init(schedule *s, char *error, size_t error_bytes) {
  s->patience = PATIENCE;
  s->silent_seconds = SILENT_SECONDS;
  if (read_number("TESSERA_PATIENCE", PATIENCE, MOST_PATIENCE, &s->patience,
                  error, error_bytes) != TSR_OK)
    return TSR_FAILED;
  return read_number("TESSERA_SILENT_SECONDS", 1, MOST_SILENT_SECONDS,
                     &s->silent_seconds, error, error_bytes);
}

void tsr_sim_set_progress(tsr_sim *sim, tsr_sim_progress *progress,
                          void *context) {
  sim->progress = progress;
  sim->progress_context = context;
}
