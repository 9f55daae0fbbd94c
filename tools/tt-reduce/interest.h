// Asking other programs whether a module is interesting.
#ifndef TESSERA_TOOLS_INTEREST_H
#define TESSERA_TOOLS_INTEREST_H

#include "common/cli.h"

#include "tessera/buffer.h"

// What makes a module interesting; exactly one of the first three is set.
typedef struct interest_options {
  const char *test; // a program that gets the file; interesting: it exits 0
  tsr_cli_values test_args;
  tsr_cli_values plugins;    // of the passes
  const char *fails;         // a pipeline that fails or crashes
  const char *differs_after; // a pipeline after which numbers differ
  const char *message;       // --fails: what it says; NULL: see `id`
  double timeout_seconds;    // of one run; then it is not interesting
} interest_options;

// How a run of the test ended.
typedef enum run_end {
  RUN_ENDED,     // by itself
  RUN_TIMED_OUT, // it was ended
  RUN_STOPPED,   // it was ended, for the user
  RUN_FAILED,    // there was none
} run_end;

typedef struct interest {
  const interest_options *options;
  tsr_arena arena;
  const char *folder, *file, *said; // temporary; `said`: output of the last run
  const char *tool;                 // tt-opt or tt-run beside this program
  const char *id;                   // of the first error that the input gives
  size_t runs;
  run_end end;   // of the last run
  int status;    // of it, as waitpid gives it
  int signal;    // by which the user stopped it: nothing is interesting now; 0:
                 // none
  int exit_code; // nor when there can be no run, which was said on stderr
  tsr_undo undo; // of the folder
} interest;

// Makes the temporary folder, and keeps signals for interest_holds to meet.
//
// fails  said on stderr
TSR_MUST_USE tsr_result interest_init(interest *in,
                                      const interest_options *options);
void interest_deinit(interest *in);
// Remembers what the input says, for --fails without --message. Call it once,
// after interest_holds was true of the input.
void interest_learn(interest *in);
bool interest_holds(interest *in, const char *text, size_t bytes);
// Nothing is interesting any more.
bool interest_is_over(const interest *in);
// Says on stderr why interest_holds was false of the input; returns an exit
// code.
int interest_explain(interest *in);

#endif
