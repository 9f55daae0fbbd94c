// What is said when a pass crashes: which pass, at which op, and the stack; and
// the reproducer is written.
//
// A handler may call little, so all texts are ready before the pass starts, and
// what is left to do is to write them. It runs on a stack of its own, since the
// usual one may be what ran out. Should the handler crash as well, what it was
// about to say is left out.

#include "watch_impl.h"

#include "crash_stack.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

enum { CRASH_STACK_BYTES = 64 << 10 };

static const int signals[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL};
enum { SIGNAL_COUNT = sizeof(signals) / sizeof(signals[0]) };

static const crash_context *armed;
static struct sigaction previous[SIGNAL_COUNT];
static stack_t previous_stack;
static _Alignas(max_align_t) unsigned char crash_stack[CRASH_STACK_BYTES];
static volatile sig_atomic_t signal_number;
static volatile sig_atomic_t step; // how far the handler got

static bool write_all(int file, const char *text, size_t bytes) {
  while (bytes > 0) {
    ssize_t written = write(file, text, bytes);
    if (written <= 0)
      return false;
    text += written;
    bytes -= (size_t)written;
  }
  return true;
}

static void say(const char *text) {
  (void)write_all(STDERR_FILENO, text, strlen(text));
}

static void say_number(uint64_t number) {
  char digits[24];
  char *at = digits + sizeof(digits) - 1;
  *at = '\0';
  do {
    *--at = (char)('0' + number % 10);
    number /= 10;
  } while (number > 0);
  say(at);
}

static const char *signal_name(void) {
  switch (signal_number) {
  case SIGSEGV:
    return "SIGSEGV, wrong use of memory or no stack left";
  case SIGBUS:
    return "SIGBUS, wrong use of memory";
  case SIGABRT:
    return "SIGABRT, an assertion does not hold";
  case SIGFPE:
    return "SIGFPE, a division that has no result";
  default:
    return "SIGILL, an instruction that must not be reached";
  }
}

// -- Steps --------------------------------------------------------------------

static void say_pass(void) {
  say(armed->tool);
  say(": error: ");
  if (armed->stretch) {
    say("'");
    say(armed->stretch);
    say("' of ");
  }
  say("pass '");
  say(armed->env->run->text);
  say("' crashed: ");
  say(signal_name());
  say("\n");
}

static void say_op(void) {
  const tsr_op *op = armed->env->at;
  if (!op)
    return;
  say(armed->tool);
  say(": note: at '");
  say(tsr_op_get_mnemonic(op));
  say("'");
  tsr_loc loc = tsr_op_get_loc(op);
  if (loc.file) {
    say(" of ");
    say(loc.file);
    say(":");
    say_number(loc.line);
    say(":");
    say_number(loc.column);
  }
  say("\n");
}

static void write_reproducer(void) {
  if (!armed->path)
    return;
  int file = open(armed->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  bool fine = file >= 0 &&
              write_all(file, tsr_buffer_str(armed->saved), armed->saved->size);
  if (file >= 0)
    fine = close(file) == 0 && fine;
  say(armed->tool);
  say(fine ? ": note: the IR before it and the command are in '"
           : ": error: cannot write '");
  say(armed->path);
  say("'\n");
}

static void say_stack(void) {
  // A stack that cannot be walked must not hold up the end.
  alarm(5);
  crash_say_stack();
}

static void (*const steps[])(void) = {say_pass, say_op, write_reproducer,
                                      say_stack};
enum { STEP_COUNT = sizeof(steps) / sizeof(steps[0]) };

// Comes here again when a step crashes, and goes on with the next one.
static void handle(int signal) {
  if (step == 0)
    signal_number = signal;
  while (step < STEP_COUNT)
    steps[step++]();
  _exit(TSR_EXIT_CRASH);
}

void crash_arm(const crash_context *context) {
  armed = context;
  stack_t stack = {.ss_sp = crash_stack, .ss_size = sizeof(crash_stack)};
  sigaltstack(&stack, &previous_stack);
  struct sigaction action = {.sa_handler = handle,
                             .sa_flags = SA_ONSTACK | SA_NODEFER};
  sigemptyset(&action.sa_mask);
  for (int i = 0; i < SIGNAL_COUNT; i++)
    sigaction(signals[i], &action, &previous[i]);
}

void crash_disarm(void) {
  for (int i = 0; i < SIGNAL_COUNT; i++)
    sigaction(signals[i], &previous[i], NULL);
  sigaltstack(&previous_stack, NULL);
  armed = NULL;
}
