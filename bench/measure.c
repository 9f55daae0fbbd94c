// Runs commands and prints what they cost.
//
//   measure RUNS -- [@FUNCTION] COMMAND ARG... [-- COMMAND ARG...]...
//
// With @FUNCTION only the time until the command first calls that function of
// its own counts; it is a path then, and its resident set is not measured.
// Prints one line per command: median and least wall time in microseconds,
// largest resident set in KiB, least processor time in microseconds. The
// commands take turns, so that whatever else the machine does meets all of them
// alike. "{}" as the end of an argument becomes the number of the run, for
// outputs that must not be there yet. A C program, because a child's resident
// set starts at its parent's: a Python parent would show 10 MB for an empty
// program.

#include "first_call.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

enum { MAX_COMMANDS = 16, MAX_ARGUMENTS = 64, MAX_BYTES = 4096 };

typedef struct command {
  char **arguments;     // ended by NULL
  const char *function; // NULL: the whole run counts
  double *microseconds;
  long peak_kib;
  double least_processor; // microseconds, of all its threads
} command;

static double now_microseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static double to_microseconds(struct timeval time) {
  return (double)time.tv_sec * 1e6 + (double)time.tv_usec;
}

// Copies the arguments of a run; returns false when there are too many.
static bool number_arguments(char **arguments, size_t run,
                             char *numbered[MAX_ARGUMENTS],
                             char texts[MAX_BYTES]) {
  size_t count = 0, used = 0;
  for (; arguments[count]; count++) {
    size_t length = strlen(arguments[count]);
    bool is_open =
        length >= 2 && strcmp(arguments[count] + length - 2, "{}") == 0;
    numbered[count] = arguments[count];
    if (count + 1 == MAX_ARGUMENTS || used + length + 20 > MAX_BYTES)
      return false;
    if (!is_open)
      continue;
    numbered[count] = texts + used;
    used += 1 + (size_t)sprintf(texts + used, "%.*s%zu", (int)length - 2,
                                arguments[count], run);
  }
  numbered[count] = NULL;
  return true;
}

static void run_once(command *what, size_t run,
                     posix_spawn_file_actions_t *streams) {
  char *arguments[MAX_ARGUMENTS];
  char texts[MAX_BYTES];
  if (!number_arguments(what->arguments, run, arguments, texts)) {
    fprintf(stderr, "error: the command is too long\n");
    exit(2);
  }
  if (what->function) {
    if (!first_call(arguments, what->function, &what->microseconds[run]))
      exit(1);
    return;
  }
  pid_t child;
  double start = now_microseconds();
  int error =
      posix_spawnp(&child, arguments[0], streams, NULL, arguments, environ);
  if (error) {
    fprintf(stderr, "error: cannot run '%s': %s\n", what->arguments[0],
            strerror(error));
    exit(1);
  }
  int status;
  struct rusage usage;
  if (wait4(child, &status, 0, &usage) != child || status != 0) {
    fprintf(stderr, "error: '%s' failed\n", what->arguments[0]);
    exit(1);
  }
  what->microseconds[run] = now_microseconds() - start;
  if (usage.ru_maxrss > what->peak_kib)
    what->peak_kib = usage.ru_maxrss;
  double processor =
      to_microseconds(usage.ru_utime) + to_microseconds(usage.ru_stime);
  if (what->least_processor == 0 || processor < what->least_processor)
    what->least_processor = processor;
}

static int compare_doubles(const void *a, const void *b) {
  double left = *(const double *)a, right = *(const double *)b;
  return (left > right) - (left < right);
}

// Splits the arguments at each "--". Returns how many commands there are.
static size_t split_commands(char **arguments, command *commands) {
  size_t count = 0;
  for (char **at = arguments; *at; at++) {
    if (strcmp(*at, "--") != 0)
      continue;
    *at = NULL;
    if (count == MAX_COMMANDS || !at[1])
      return 0;
    bool has_function = at[1][0] == '@';
    commands[count++] = (command){.arguments = at + 1 + has_function,
                                  .function = has_function ? at[1] + 1 : NULL};
  }
  return count;
}

int main(int argc, char **argv) {
  command commands[MAX_COMMANDS];
  size_t runs = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
  size_t count = runs ? split_commands(argv + 2, commands) : 0;
  if (count == 0) {
    fprintf(stderr, "usage: measure RUNS -- COMMAND ARG... [-- COMMAND...]\n");
    return 2;
  }
  posix_spawn_file_actions_t streams;
  posix_spawn_file_actions_init(&streams);
  posix_spawn_file_actions_addopen(&streams, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&streams, 1, "/dev/null", O_WRONLY, 0);

  for (size_t i = 0; i < count; i++) {
    commands[i].microseconds = calloc(runs, sizeof(double));
    if (!commands[i].microseconds)
      return 1;
  }
  for (size_t run = 0; run < runs; run++)
    for (size_t i = 0; i < count; i++)
      run_once(&commands[i], run, &streams);
  for (size_t i = 0; i < count; i++) {
    double *times = commands[i].microseconds;
    qsort(times, runs, sizeof(*times), compare_doubles);
    printf("%.0f %.0f %ld %.0f\n", times[runs / 2], times[0],
           commands[i].peak_kib, commands[i].least_processor);
    free(times);
  }
  posix_spawn_file_actions_destroy(&streams);
  return 0;
}
