// Facts computed from the IR, never changing it: numbers and ranges of index
// values, and what holds of a module at the stage it is in.

#ifndef TESSERA_ANALYSIS_H
#define TESSERA_ANALYSIS_H

#include "tessera/arena.h"
#include "tessera/diag.h"
#include "tessera/hash.h"
#include "tessera/ir.h"
#include "tessera/target.h"

TSR_BEGIN_DECLS

// -- functions ----------------------------------------------------------------

// True for what the outside runs: `host`, and `func` unless it is private.
bool tsr_is_runnable(const tsr_op *op);

// 1 to 4: what the function is made of.
uint32_t tsr_function_stage(const tsr_op *function);

// The `reference` of the function; a function over tensors is its own. NULL:
// there is none.
const tsr_op *tsr_function_reference(const tsr_op *function);

// -- index values -------------------------------------------------------------

// What some values are worth: loop variables, and a core's parameters.
typedef struct tsr_index_env {
  tsr_map numbers; // value to int64_t in `arena`
  tsr_arena *arena;
} tsr_index_env;

// An environment without values; `arena` outlives it.
void tsr_index_env_init(tsr_index_env *env, tsr_arena *arena);
void tsr_index_env_deinit(tsr_index_env *env);
// Says that `value` is `number`, whatever was said before.
void tsr_index_env_bind(tsr_index_env *env, const tsr_value *value,
                        int64_t number);

// Computes an index or bool value (as 0 or 1).
//
// in     `env`: NULL when nothing is bound. Constants, buffer.dim (from the
//        type), index math, and arguments of kernels that stand for such a
//        value need no binding
// fails  false when the value depends on something unbound, on the result of
//        a loop or `if`, or when the arithmetic leaves the numbers an index can
//        have (division by zero, below zero, beyond 63 bits)
TSR_MUST_USE bool tsr_index_evaluate(const tsr_value *value,
                                     const tsr_index_env *env,
                                     int64_t *out_number);

// The numbers a value can have: min <= value <= max. INT64_MAX stands for "no
// bound known".
typedef struct tsr_index_range {
  int64_t min, max;
} tsr_index_range;

// Bounds a value over all cores and all iterations around it.
tsr_index_range tsr_index_get_range(const tsr_value *value);

// Bounds a value whatever sizes buffers have and whatever cores are given to
// do: what may be used where a kernel takes these at run time. Looks at ops up
// to `depth` deep, keeps nothing and asks for no memory.
tsr_index_range tsr_index_get_bounds(const tsr_value *value, uint32_t depth);

// -- stages -------------------------------------------------------------------

// Checks what each stage promises, derived from the IR alone: ops stand where
// their stage allows them, every index is within its buffer, every tile of an
// output is written exactly once, loads and stores of one buffer do not race,
// programs fit the chip, and what is pushed into a circular buffer is popped.
//
// in     a module that tsr_module_verify accepts; `target` is the chip the
//        module names. `leaves_rules`: what kernels do to circular buffers,
//        DST and pages of buffers is left to who runs them, as the model of the
//        chip does with its own checks
// fails  with every violation found, each reported where it is; what could be
//        neither proved nor refuted within the bound on steps is a warning
// cost   linear in the IR, times cores; where a nest is not affine, linear in
//        the tiles of its outputs
tsr_result tsr_module_verify_stage(const tsr_module *module,
                                   const tsr_target *target, bool leaves_rules,
                                   tsr_diag *diag);

TSR_END_DECLS

#endif
