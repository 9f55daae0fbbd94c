// The numbers of a module before and after each pass: what tt-run
// --check-passes looks at.
//
// All stages run with the same tile math, so a pass must keep every bit. Those
// whose row says changes_rounding may not: after them the reference's bound
// must hold, and their numbers are what the next pass must keep.
#ifndef TESSERA_PASS_CHECK_H
#define TESSERA_PASS_CHECK_H

#include "tessera/interp.h"
#include "tessera/pass.h"

TSR_BEGIN_DECLS

// One function behind one pass, or as it was given.
typedef struct tsr_pass_check_step {
  const tsr_op *function;
  const tsr_pass_run *run; // NULL: before any pass
  const char *numbers;     // "same bits", "other rounding", ...
  bool is_bad;             // they are not what they must be
  double share;            // largest error by its bound; below 0: none known
} tsr_pass_check_step;

typedef struct tsr_pass_check_options {
  const char *func;        // only this function; NULL: all
  tsr_run_request request; // how to run; what to run is filled in
  uint64_t seed;           // of the inputs, and of the rows that are compared
  tsr_run_options passes;
  // Brings in other inputs than those of the seed; may be NULL.
  //
  // fails  it was said why not; nothing is run then
  tsr_result (*bring_in)(void *user, const tsr_op *function,
                         tsr_run_values *inputs);
  // Told before and after a function is run or compared with its reference,
  // and how it compares; each may be NULL.
  void (*enter)(void *user, const tsr_op *function);
  void (*leave)(void *user);
  void (*report)(void *user, const tsr_pass_check_step *step);
  void *user;
} tsr_pass_check_options;

// Runs the module's functions as they are and after each pass of a pipeline.
//
// in     a verified module, which the passes change
// out    `*out_is_bad`: numbers are not what they must be
// fails  they are not, which is an error at the function; something does not
//        run, or a pass fails: reported to `diag`
TSR_MUST_USE tsr_result tsr_pipeline_check(
    const tsr_pipeline *pipeline, tsr_module *module, tsr_diag *diag,
    const tsr_pass_check_options *options, bool *out_is_bad);

TSR_END_DECLS

#endif
