// The parts of tt-reduce.
//
// A reduction holds the smallest interesting module so far. An edit kind finds
// spots in a module, which are numbers and so mean the same in a copy of it,
// and applies some of them to a copy. What the verifiers accept and the
// interest test still finds interesting becomes the smallest so far.
#ifndef TESSERA_TOOLS_TT_REDUCE_H
#define TESSERA_TOOLS_TT_REDUCE_H

#include "common/cli.h"

#include "tessera/buffer.h"
#include "tessera/hash.h"
#include "tessera/ir.h"
#include "tessera/target.h"

// -- Interest (interest.c) ----------------------------------------------------

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
  run_end end;     // of the last run
  int status;      // of it, as waitpid gives it
  bool is_stopped; // by the user; nothing is interesting any more
  int exit_code;   // nor when there can be no run, which was said on stderr
  tsr_undo undo;   // of the folder
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
bool interest_holds(interest *in, const tsr_buffer *text);
// Nothing is interesting any more.
bool interest_is_over(const interest *in);
// Says on stderr why interest_holds was false of the input; returns an exit
// code.
int interest_explain(interest *in);

// -- Edits (edit_ops.c, edit_values.c, edit_sizes.c) --------------------------

// A module whose ops are numbered from the outside in, in the order of the
// text.
typedef struct scene {
  tsr_module *module;
  tsr_arena arena;
  tsr_op **ops; // NULL: erased by an edit
  size_t count;
} scene;

void scene_init(scene *s, tsr_module *module);
void scene_deinit(scene *s);
// Erases an op and what it holds; its results must have no uses.
void scene_erase(scene *s, tsr_op *op);
// Puts something of the same type in the place of all uses of `value`.
//
// fails  false: nothing of that type is at hand
bool scene_replace_uses(scene *s, tsr_value *value);

typedef struct spot {
  size_t op, part;
  int64_t from, to;
} spot;

typedef struct spots {
  spot *items;
  size_t count, capacity;
} spots;

void spots_add(spots *all, spot one);

typedef struct edit_kind {
  const char *name;
  void (*find)(const scene *s, spots *out);
  // Targets of one edit are applied from the last to the first. False: this one
  // was left as it is.
  bool (*apply)(scene *s, const spot *at);
} edit_kind;

// Coarse kinds first.
extern const edit_kind edit_functions, edit_ops, edit_regions, edit_operands,
    edit_results, edit_arguments, edit_kernel_arguments, edit_work,
    edit_extents, edit_cores, edit_attributes, edit_numbers;

// -- Reduction (reduction.c) --------------------------------------------------

typedef struct reduction {
  interest interest;
  const tsr_target *target;
  tsr_module *best;
  tsr_buffer text;     // of `best`
  tsr_bytes_map tried; // texts that were not interesting
} reduction;

// Reduces `r->best` until no edit of any kind is interesting, or the user stops
// it. `r->text` is its text.
void reduce(reduction *r);

#endif
