// fuzz: the checks without libFuzzer, from seeds or from files it left behind.
//
//   fuzz [--seed=N] [--count=N]   check inputs N, N + 1, ...
//   fuzz FILE...                  check files
//   fuzz --compile ...            compile kernels as well
//   fuzz --cover ...              say what of the tables no module had
//   fuzz --stop ...               end at the first input that is wrong
//   fuzz --print FILE             the file as a test: a module, and how to run
//   it
//
// Exit code 1: something is wrong, and was printed. Ended by SIGINT or SIGTERM
// it says how far it came, and exits with 128 and the signal. The same seeds
// check the same on every machine.

#include "check.h"

#include "tessera/support.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

// Enough for what generators ask.
enum { DRAWN_BYTES = 4096 };

static const char *find_value(const char *argument, const char *option) {
  size_t bytes = strlen(option);
  return strncmp(argument, option, bytes) == 0 ? argument + bytes : NULL;
}

// What all inputs are checked with, and counted in.
typedef struct session {
  bool compiles, prints_cover, stops;
  fuzz_counts counts;
} session;

// -- Being ended --------------------------------------------------------------

enum { LAST_INPUT_SECONDS = 20 };

static volatile sig_atomic_t ended_by;

// The input that is checked comes to its end first, unless that takes long or
// Ctrl-C comes again. SIGTERM does: timeout sends it to the program and to its
// group.
static void note_end(int signal) {
  ended_by = signal;
  alarm(LAST_INPUT_SECONDS);
}

static void watch_signals(void) {
  struct sigaction action = {.sa_handler = note_end, .sa_flags = SA_RESTART};
  sigemptyset(&action.sa_mask);
  sigaction(SIGTERM, &action, NULL);
  action.sa_flags |= (int)SA_RESETHAND;
  sigaction(SIGINT, &action, NULL);
}

// -- Checking -----------------------------------------------------------------

static bool check_input(const char *name, const uint8_t *data, size_t bytes,
                        session *s) {
  tsr_buffer wrong;
  tsr_buffer_init(&wrong);
  fuzz_check(data, bytes, s->compiles, &s->counts, &wrong);
  bool fine = wrong.size == 0;
  if (!fine)
    printf("%s: %s\n", name, tsr_buffer_str(&wrong));
  tsr_buffer_deinit(&wrong);
  return fine;
}

static void draw(uint64_t seed, uint8_t data[DRAWN_BYTES]) {
  choices_draw(seed, data, DRAWN_BYTES);
  // Seeds never are texts: libFuzzer and test/robust are better at those.
  data[0] = (uint8_t)(seed % 6);
}

static bool check_seeds(uint64_t first, uint64_t count, session *s) {
  static uint8_t data[DRAWN_BYTES];
  bool fine = true;
  for (uint64_t seed = first;
       seed - first < count && (fine || !s->stops) && !ended_by; seed++) {
    char name[32];
    snprintf(name, sizeof name, "seed %llu", (unsigned long long)seed);
    draw(seed, data);
    fine = check_input(name, data, sizeof data, s) && fine;
  }
  return fine;
}

static bool read_file(const char *path, tsr_buffer *out) {
  tsr_buffer message;
  tsr_buffer_init(&message);
  bool fine = tsr_buffer_read_file(out, path, &message) == TSR_OK;
  if (!fine)
    printf("%s\n", tsr_buffer_str(&message));
  tsr_buffer_deinit(&message);
  return fine;
}

static bool check_file(const char *path, session *s) {
  tsr_buffer file;
  tsr_buffer_init(&file);
  bool fine =
      read_file(path, &file) &&
      check_input(path, (const uint8_t *)tsr_buffer_str(&file), file.size, s);
  tsr_buffer_deinit(&file);
  return fine;
}

static void print_case(const uint8_t *data, size_t bytes) {
  fuzz_case made;
  fuzz_case_init(&made);
  fuzz_case_read(&made, data, bytes);
  printf("// RUN: tt-run %%s --check-passes --seed=1 --passes='%s'\n%s",
         tsr_buffer_str(&made.passes), tsr_buffer_str(&made.text));
  fuzz_case_deinit(&made);
}

static bool print_file(const char *path) {
  tsr_buffer file;
  tsr_buffer_init(&file);
  bool fine = read_file(path, &file);
  if (fine)
    print_case((const uint8_t *)tsr_buffer_str(&file), file.size);
  tsr_buffer_deinit(&file);
  return fine;
}

static void print_counts(const fuzz_counts *counts) {
  const struct {
    const char *name;
    uint64_t count;
  } rows[] = {{"inputs", counts->inputs},
              {"grown", counts->grown},
              {"damaged", counts->damaged},
              {"texts", counts->texts},
              {"refused", counts->refused},
              {"runs of passes", counts->passes},
              {"that said why not", counts->stopped},
              {"executions", counts->executions},
              {"compiled", counts->compiled},
              {"prints", counts->prints}};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    printf("%s%s %llu", i ? ", " : "", rows[i].name,
           (unsigned long long)rows[i].count);
  printf("\n");
}

static void print_cover(const fuzz_counts *counts) {
  tsr_buffer out;
  tsr_buffer_init(&out);
  tsr_buffer_append_str(&out, "never grown:");
  fuzz_cover_print_missing(&counts->grown_cover, &out);
  tsr_buffer_append_str(&out, "\nnever there:");
  fuzz_cover_print_missing(&counts->cover, &out);
  printf("%s\n", tsr_buffer_str(&out));
  tsr_buffer_deinit(&out);
}

static int print_usage(FILE *out) {
  fputs("usage: fuzz [--compile] [--cover] [--stop] [--seed=N] [--count=N] | "
        "FILE... | --print FILE or SEED\n",
        out);
  return out == stdout ? 0 : 2;
}

// A file, or a number that is a seed.
static bool print_any(const char *what) {
  static uint8_t data[DRAWN_BYTES];
  uint64_t seed;
  if (!tsr_parse_u64(what, strlen(what), &seed))
    return print_file(what);
  draw(seed, data);
  print_case(data, sizeof data);
  return true;
}

int main(int argc, char **argv) {
  uint64_t seed = 1, count = 100;
  static session s;
  int first_file = argc;
  for (int i = 1; i < argc; i++) {
    const char *text = NULL;
    uint64_t *number = NULL;
    if (strcmp(argv[i], "--help") == 0)
      return print_usage(stdout);
    if (strcmp(argv[i], "--print") == 0)
      return i + 2 != argc            ? print_usage(stderr)
             : print_any(argv[i + 1]) ? 0
                                      : 1;
    if ((text = find_value(argv[i], "--seed=")))
      number = &seed;
    else if ((text = find_value(argv[i], "--count=")))
      number = &count;
    if (number && !tsr_parse_u64(text, strlen(text), number))
      return print_usage(stderr);
    if (strcmp(argv[i], "--compile") == 0)
      s.compiles = true;
    else if (strcmp(argv[i], "--cover") == 0)
      s.prints_cover = true;
    else if (strcmp(argv[i], "--stop") == 0)
      s.stops = true;
    else if (strncmp(argv[i], "--", 2) == 0 && !number)
      return print_usage(stderr);
    else if (!number && first_file == argc)
      first_file = i;
  }
  bool fine = true;
  watch_signals();
  for (int i = first_file; i < argc && !ended_by; i++)
    fine = check_file(argv[i], &s) && fine;
  if (first_file == argc)
    fine = check_seeds(seed, count, &s);
  print_counts(&s.counts);
  if (s.prints_cover)
    print_cover(&s.counts);
  if (ended_by)
    return 128 + ended_by;
  return fine ? 0 : 1;
}
