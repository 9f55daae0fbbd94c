// Kernels dereference pointers into L1 on their own; what the model's checks
// cannot see, the host's memory protection does. The handler turns such a fault
// into an error of the kernel, which then never runs again. A fault that is not
// a kernel's is left to whoever was there before.

#include "internal.h"

#include <signal.h>

enum { HANDLER_STACK_BYTES = 64 * 1024 };

static struct sigaction before_segv, before_bus;
// Of each host thread.
static _Thread_local stack_t before_stack;
static _Thread_local char handler_stack[HANDLER_STACK_BYTES];

static void describe_fault(tsr_buffer *out, thread *self, const void *address) {
  tsr_buffer_clear(out);
  describe_thread(out, self);
  tsr_buffer_append_str(out, ": ");
  if (fiber_pool_is_guard(&self->home->sim->fibers, address)) {
    tsr_buffer_append_str(out, "the kernel's stack is used up");
  } else {
    tsr_buffer_printf(out, "accesses address 0x%llx, which is not in its L1",
                      (unsigned long long)(uintptr_t)address);
  }
  begun_at last = begin_here(self);
  if (self->where.line)
    tsr_buffer_printf(out, "; its last call was %s",
                      describe_earlier(self, &last));
}

// The fault is synchronous and in kernel code, never inside the allocator, so
// formatting text here is safe. The kernel is left for good from here, and so
// is this stack: the signal is let in again as the handler's return would.
static void on_fault(int number, siginfo_t *info, void *context) {
  (void)context;
  thread *self = current_thread();
  if (!self) {
    sigaction(number, number == SIGSEGV ? &before_segv : &before_bus, NULL);
    return; // the access is repeated and meets the old handler
  }
  if (window_open(self->home, info->si_addr))
    return; // and the access is repeated
  describe_fault(&self->home->report.error, self, info->si_addr);
  self->home->report.error_where = self->where;
  self->home->report.failed = true;
  sigset_t again;
  sigemptyset(&again);
  sigaddset(&again, number);
  pthread_sigmask(SIG_UNBLOCK, &again, NULL);
  fiber_forget_frames(handler_stack, sizeof handler_stack);
  leave_thread(self);
}

void faults_begin_thread(void) {
  stack_t stack = {.ss_sp = handler_stack, .ss_size = sizeof handler_stack};
  sigaltstack(&stack, &before_stack);
}

void faults_end_thread(void) { sigaltstack(&before_stack, NULL); }

void faults_catch(void) {
  faults_begin_thread();
  struct sigaction action = {.sa_flags = SA_SIGINFO | SA_ONSTACK};
  action.sa_sigaction = on_fault;
  sigemptyset(&action.sa_mask);
  sigaction(SIGSEGV, &action, &before_segv);
  sigaction(SIGBUS, &action, &before_bus);
}

void faults_release(void) {
  sigaction(SIGSEGV, &before_segv, NULL);
  sigaction(SIGBUS, &before_bus, NULL);
  faults_end_thread();
}
