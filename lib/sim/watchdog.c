// The last resort against kernels that never end. Loops that make calls, or
// whose blocks are compiled so that they do, are counted (schedule.c): the same
// on every run. What counts nothing, like a loop without anything in it, is
// seen by the time that it takes of the host's processor: a timer of every host
// thread looks once in a while whether the kernel on it has come any further.
// Time passes for it only while the thread runs, so a machine with much else to
// do is no reason to give up.

#include "internal.h"

#include <pthread.h>
#include <signal.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#ifndef sigev_notify_thread_id // glibc has the field, and not always its name
#define sigev_notify_thread_id _sigev_un._tid
#endif

enum { TICK = SIGVTALRM, TICKS_PER_SECOND = 10 };

// The process has one handler: the first host thread puts it in its place, and
// the last takes it away.
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static size_t watched;
static struct sigaction before;

// How far a kernel has come: no two moments of a run have the same, unless
// nothing was counted between them.
typedef struct mark {
  const thread *self;
  uint32_t epoch, calls_left, steps_left;
} mark;

// Of each host thread.
typedef struct watchdog {
  bool exists;
  timer_t timer;
  sigset_t mask;
  mark last;
  uint64_t ticks; // since it came to `last`
} watchdog;
static _Thread_local watchdog own;

static bool is_same(const mark *a, const mark *b) {
  return a->self == b->self && a->epoch == b->epoch &&
         a->calls_left == b->calls_left && a->steps_left == b->steps_left;
}

// True when `self` has not come further for longer than it may.
static bool is_overdue(thread *self) {
  const schedule *s = &self->home->sim->schedule;
  if (self->code->config.counts_rounds)
    return false;
  mark now = {self, s->epoch, self->calls_left, self->steps_left};
  if (!is_same(&now, &own.last)) {
    own.last = now;
    own.ticks = 0;
    return false;
  }
  return ++own.ticks >= (uint64_t)s->silent_seconds * TICKS_PER_SECOND;
}

// Where the signal found the thread; NULL: not known on this processor.
static const char *interrupted_code(const void *context) {
  const ucontext_t *at = context;
#if defined(__x86_64__)
  uintptr_t code = (uintptr_t)at->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
  uintptr_t code = (uintptr_t)at->uc_mcontext.pc;
#else
  uintptr_t code = 0;
  (void)at;
#endif
  return (const char *)code;
}

static void describe_silence(breach *out, thread *self, const char *code) {
  uint32_t seconds = self->home->sim->schedule.silent_seconds;
  name_loop_at(self, code);
  start_breach(out, self);
  describe_op(&out->op, self);
  tsr_buffer_printf(&out->rule,
                    "%stakes %u s of this machine's processor without a call, "
                    "and without an end; what needs longer gets it by "
                    "TESSERA_SILENT_SECONDS=%llu",
                    self->where.op ? "what comes after this: " : "", seconds,
                    10ull * seconds);
}

// The kernel is in code of its own, and has been for seconds: nothing of the
// model is half done, and it may be left as after a fault.
static void on_tick(int number, siginfo_t *info, void *context) {
  if (info->si_code != SI_TIMER || info->si_value.sival_ptr != &own)
    return;
  thread *self = current_thread();
  if (!self) {
    own.last.self = NULL;
    return;
  }
  if (!is_overdue(self))
    return;
  describe_silence(&self->home->report.error, self, interrupted_code(context));
  give_up_after(self->home);
  leave_handler(self, number);
}

static void install(void) {
  struct sigaction action = {.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART};
  action.sa_sigaction = on_tick;
  sigemptyset(&action.sa_mask);
  sigaction(TICK, &action, &before);
}

static void set_timer(void) {
  struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID,
                           .sigev_signo = TICK,
                           .sigev_value.sival_ptr = &own};
  event.sigev_notify_thread_id = gettid();
  own.exists = timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &own.timer) == 0;
  static const struct timespec tick = {.tv_nsec =
                                           1000000000 / TICKS_PER_SECOND};
  if (own.exists)
    timer_settime(own.timer, 0, &(struct itimerspec){tick, tick}, NULL);
}

void watchdog_begin_thread(void) {
  pthread_mutex_lock(&mutex);
  if (watched++ == 0)
    install();
  pthread_mutex_unlock(&mutex);
  sigset_t tick;
  sigemptyset(&tick);
  sigaddset(&tick, TICK);
  pthread_sigmask(SIG_UNBLOCK, &tick, &own.mask);
  own.last.self = NULL;
  set_timer();
}

void watchdog_end_thread(void) {
  if (own.exists)
    timer_delete(own.timer);
  pthread_sigmask(SIG_SETMASK, &own.mask, NULL);
  pthread_mutex_lock(&mutex);
  if (--watched == 0)
    sigaction(TICK, &before, NULL);
  pthread_mutex_unlock(&mutex);
}
