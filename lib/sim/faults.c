// Kernels dereference pointers into L1 on their own; what the model's checks
// cannot see, the host's memory protection does. The handler turns such a fault
// into a message that names core and kernel. A fault that is not a kernel's is
// left to whoever was there before.

#include "internal.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static tsr_sim *watched;
static struct sigaction before_segv, before_bus;
static stack_t before_stack;
static char handler_stack[64 * 1024];

static void describe_fault(tsr_buffer *out, const thread *self,
                           const void *address) {
  tsr_buffer_append_str(out, "error: ");
  describe_thread(out, self);
  tsr_buffer_append_str(out, ": ");
  if (fiber_pool_is_guard(&watched->fibers, address)) {
    tsr_buffer_append_str(out, "the kernel's stack is used up");
  } else {
    tsr_buffer_printf(out, "accesses address 0x%llx, which is not in its L1",
                      (unsigned long long)(uintptr_t)address);
  }
  if (self->where.line)
    tsr_buffer_printf(out, "; its last call was %s at %s:%u", self->call,
                      self->where.file, self->where.line);
  tsr_buffer_append_char(out, '\n');
}

// The fault is synchronous and in kernel code, never inside the allocator, so
// formatting text here is safe; the process ends in any case.
static void on_fault(int number, siginfo_t *info, void *context) {
  (void)context;
  const thread *self = current_thread();
  if (!self) {
    sigaction(number, number == SIGSEGV ? &before_segv : &before_bus, NULL);
    return; // the access is repeated and meets the old handler
  }
  tsr_buffer text;
  tsr_buffer_init(&text);
  describe_fault(&text, self, info->si_addr);
  fflush(stdout);
  ssize_t written = write(STDERR_FILENO, text.data, text.size);
  (void)written;
  _exit(1);
}

void faults_catch(tsr_sim *sim) {
  watched = sim;
  stack_t stack = {.ss_sp = handler_stack, .ss_size = sizeof handler_stack};
  sigaltstack(&stack, &before_stack);
  struct sigaction action = {.sa_flags = SA_SIGINFO | SA_ONSTACK};
  action.sa_sigaction = on_fault;
  sigemptyset(&action.sa_mask);
  sigaction(SIGSEGV, &action, &before_segv);
  sigaction(SIGBUS, &action, &before_bus);
}

void faults_release(void) {
  sigaction(SIGSEGV, &before_segv, NULL);
  sigaction(SIGBUS, &before_bus, NULL);
  sigaltstack(&before_stack, NULL);
  watched = NULL;
}
