// What is said when the tool crashes: in which pass, at which op, or what else
// it was doing, and the stack; and the reproducer is written. The same, but for
// the stack, when a pass or plug-in runs out of memory.
//
// A handler may call little, so all texts are ready before that starts, and
// what is left to do is to write them. It runs on a stack of its own, since the
// usual one may be what ran out. Should the handler crash as well, what it was
// about to say is left out.

#include "crash.h"

#include "cli.h"
#include "crash_stack.h"

#include "tessera/memory.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

enum { CRASH_STACK_BYTES = 64 << 10 };

static const int signals[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL};
enum { SIGNAL_COUNT = sizeof(signals) / sizeof(signals[0]) };

static const crash_context *armed;
static tsr_undo exhausted;
static void (*last_words)(void);
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
    return "SIGABRT, an assertion that does not hold, or another abort()";
  case SIGFPE:
    return "SIGFPE, a division that has no result";
  default:
    return "SIGILL, an instruction that must not be reached";
  }
}

// -- Steps --------------------------------------------------------------------

static void say_pass(void) {
  if (armed->stretch) {
    say("'");
    say(armed->stretch);
    say("' of ");
  }
  say("pass '");
  say(armed->env->run->text);
}

static void say_work(void) {
  const char *doing = armed->progress.step;
  say(doing ? doing : armed->doing);
  say(" '");
  say(armed->file);
}

static void say_subject(const char *what) {
  say(armed->tool);
  say(": error: ");
  if (armed->env)
    say_pass();
  else
    say_work();
  say(what);
}

static void say_crash(void) {
  say_subject("' crashed: ");
  say(signal_name());
  say("\n");
}

static void say_op(void) {
  const tsr_op *op = armed->env ? armed->env->at : NULL;
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

// Of what is being parsed, the line where the op starts.
static void say_line(void) {
  const tsr_load_progress *p = &armed->progress;
  if (!p->text || strcmp(p->step, "parsing") != 0)
    return;
  uint64_t line = p->first_line;
  for (size_t i = 0; i < p->at; i++)
    line += p->text[i] == '\n';
  say(armed->tool);
  say(": note: at the op of ");
  say(p->file);
  say(":");
  say_number(line);
  say("\n");
}

static void say_place(void) {
  if (armed->place)
    armed->place(say);
}

static void write_reproducer(void) {
  if (!armed->path)
    return;
  int file = open(armed->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  bool fine = file >= 0;
  for (size_t i = 0; i < 2; i++)
    fine = fine && write_all(file, armed->saved[i].text, armed->saved[i].bytes);
  if (file >= 0)
    fine = close(file) == 0 && fine;
  say(armed->tool);
  if (!fine)
    say(": error: cannot write '");
  else if (armed->env)
    say(": note: the IR before it and the command are in '");
  else
    say(": note: the input and the command are in '");
  say(armed->path);
  say("'\n");
}

static void say_last_words(void) {
  if (last_words)
    last_words();
}

static void say_stack(void) {
  // A stack that cannot be walked must not hold up the end.
  alarm(5);
  crash_say_stack();
}

static void (*const steps[])(void) = {
    say_crash,        say_op,         say_line, say_place,
    write_reproducer, say_last_words, say_stack};
enum { STEP_COUNT = sizeof(steps) / sizeof(steps[0]) };

// Comes here again when a step crashes, and goes on with the next one.
static void handle(int signal) {
  if (step == 0)
    signal_number = signal;
  while (step < STEP_COUNT)
    steps[step++]();
  _exit(TSR_EXIT_CRASH);
}

// Memory ran out; how much was asked for is said by who ends the program.
static void end_of_memory(void *user) {
  (void)user;
  say_subject("' ran out of memory\n");
  say_op();
  say_line();
  say_place();
  write_reproducer();
}

void crash_set_last_words(void (*words)(void)) { last_words = words; }

void crash_arm(const crash_context *context) {
  armed = context;
  stack_t stack = {.ss_sp = crash_stack, .ss_size = sizeof(crash_stack)};
  sigaltstack(&stack, &previous_stack);
  struct sigaction action = {.sa_handler = handle,
                             .sa_flags = SA_ONSTACK | SA_NODEFER};
  sigemptyset(&action.sa_mask);
  for (int i = 0; i < SIGNAL_COUNT; i++)
    sigaction(signals[i], &action, &previous[i]);
  tsr_undo_begin(&exhausted, end_of_memory, NULL);
}

void crash_disarm(void) {
  tsr_undo_end(&exhausted);
  for (int i = 0; i < SIGNAL_COUNT; i++)
    sigaction(signals[i], &previous[i], NULL);
  sigaltstack(&previous_stack, NULL);
  armed = NULL;
}
