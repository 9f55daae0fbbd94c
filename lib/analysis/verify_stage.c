// What each stage of the IR promises.

#include "tessera/analysis.h"

tsr_result tsr_module_verify_stage(const tsr_module *module,
                                   const tsr_target *target, tsr_diag *diag) {
  const tsr_attr *grid = tsr_op_get_attr(tsr_module_op(module), "grid");
  if (!grid)
    return TSR_OK;
  const tsr_core_range *ranges = tsr_attr_core_ranges(grid);
  for (size_t i = 0; i < tsr_attr_count(grid); i++)
    if (ranges[i].x1 >= target->grid_cols || ranges[i].y1 >= target->grid_rows)
      return tsr_diag_error(diag, tsr_module_op(module),
                            "the grid reaches column %u and row %u, but %s has "
                            "%u columns and %u rows",
                            ranges[i].x1, ranges[i].y1, target->name,
                            target->grid_cols, target->grid_rows);
  return TSR_OK;
}
