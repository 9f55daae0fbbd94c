// Making a module as small as it can be while something about it stays so: what
// tt-reduce does.
#ifndef TESSERA_REDUCE_H
#define TESSERA_REDUCE_H

#include "tessera/ir.h"
#include "tessera/target.h"

TSR_BEGIN_DECLS

// How far a reduction is.
typedef struct tsr_reduce_step {
  // "input", what got smaller by now ("drop ops", "shrink shapes"), "done" or
  // "stopped".
  const char *what;
  size_t ops, bytes; // of the smallest module so far, and of its text
  size_t tests;      // modules that were looked at so far, the input too
} tsr_reduce_step;

typedef struct tsr_reduce_options {
  const tsr_target *target; // of the module
  // Whether a module, whose text this is, still has what is looked for. Must
  // say the same each time; is asked once for a text, and first for the input.
  bool (*is_interesting)(void *user, const tsr_module *module, const char *text,
                         size_t bytes);
  void (*report)(void *user, const tsr_reduce_step *step); // may be NULL
  bool (*is_stopped)(void *user); // asked now and then; NULL: never
  void *user;
} tsr_reduce_options;

// Drops functions, ops, regions, results, arguments and attributes, and shrinks
// shapes, grids and numbers, until nothing more can go.
//
// in     `module` is valid, as tsr_module_load and tsr_module_settle leave it;
//        it stays as it is
// out    a module of the same context, which all verifiers accept, as every one
//        is that `is_interesting` gets. The same input gives the same result
// fails  NULL: the module is not interesting to begin with
// owns   the caller destroys the result
TSR_MUST_USE tsr_module *tsr_module_reduce(const tsr_module *module,
                                           const tsr_reduce_options *options);

TSR_END_DECLS

#endif
