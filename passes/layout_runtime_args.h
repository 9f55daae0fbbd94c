// What the files of layout-runtime-args share.
#ifndef TESSERA_PASSES_LAYOUT_RUNTIME_ARGS_H
#define TESSERA_PASSES_LAYOUT_RUNTIME_ARGS_H

#include "tessera/hash.h"
#include "tessera/pass_report.h"
#include "tessera/vector.h"

// -- sizes (layout_runtime_args_sizes.c) --------------------------------------

// Which axes of a program's buffers have one size.
typedef struct layout_sizes {
  tsr_op *program;
  uint32_t *class_of; // argument * TSR_MAX_RANK + axis -> class
} layout_sizes;

// fails  `same_sizes` names what is not there, or sizes that differ
tsr_result layout_sizes_init(layout_sizes *sizes, tsr_pass_env *env,
                             tsr_op *program);
// The size of one axis as a value of the program; made if there is none.
tsr_value *layout_sizes_get(layout_sizes *sizes, tsr_value *buffer,
                            uint32_t axis);

// -- limits (layout_runtime_args_limits.c) ------------------------------------

// Checks what the chip takes: words of runtime arguments per kernel, bytes of
// code per kernel and per program.
//
// fails  over a limit; located, with both numbers
tsr_result layout_check_limits(tsr_pass_env *env, tsr_op *program);

// Where the kernels of a program begin: program-level values go before.
tsr_op *layout_first_kernel(tsr_op *program);

#endif
