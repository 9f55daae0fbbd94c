// What of a module runs, at which stage it is, and what it shall compute.

#include "tessera/analysis.h"

#include <string.h>

bool tsr_is_runnable(const tsr_op *op) {
  return tsr_op_is(op, TSR_OP_host) ||
         (tsr_op_is(op, TSR_OP_func) && !tsr_op_is_private(op));
}

uint32_t tsr_function_stage(const tsr_op *function) {
  if (tsr_op_is(function, TSR_OP_host))
    return 4;
  if (tsr_is_over_tensors(function))
    return 1;
  return tsr_op_contains_kind(function, TSR_OP_core_launch) ? 3 : 2;
}

const tsr_op *tsr_function_reference(const tsr_op *function) {
  if (tsr_function_stage(function) == 1)
    return function;
  const char *name = tsr_op_get_text(function, "name");
  const tsr_block *block = tsr_module_block(tsr_op_get_module(function));
  for (const tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op))
    if (tsr_op_is(op, TSR_OP_reference) &&
        strcmp(tsr_op_get_text(op, "name"), name) == 0)
      return op;
  return NULL;
}
