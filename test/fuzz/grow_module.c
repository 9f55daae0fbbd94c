#include "grow.h"

tsr_module *grow_module(tsr_context *context, uint32_t rows, uint32_t cols) {
  tsr_module *module = tsr_module_create(context);
  tsr_op *op = tsr_module_op(module);
  tsr_core_range grid = {0, 0, cols - 1, rows - 1};
  tsr_op_set_int(op, "version", TSR_IR_VERSION);
  tsr_op_set_attr(op, "target", tsr_attr_string(context, "wormhole_b0"));
  tsr_op_set_attr(op, "grid", tsr_attr_cores(context, &grid, 1));
  return module;
}
