// What each stage of the IR promises: the order of the checks.

#include "impl.h"

static tsr_result check_grid(const tsr_check *check) {
  const tsr_op *op = tsr_module_op(check->module);
  const tsr_target *target = check->target;
  tsr_core_range r = tsr_attr_core_ranges(tsr_op_get_attr(op, "grid"))[0];
  if (r.x1 < target->grid_cols && r.y1 < target->grid_rows)
    return TSR_OK;
  return tsr_diag_error(check->diag, op, TSR_DIAG(grid_exceeds_target),
                        r.y1 + 1, r.x1 + 1, target->name, target->grid_rows,
                        target->grid_cols);
}

// What the kernels of a program do. Pages that are not there belong to no
// order.
static tsr_result check_unit(const tsr_check *check, const tsr_op *op,
                             tsr_unit *unit) {
  if (tsr_unit_init(unit, op, check) != TSR_OK ||
      tsr_unit_check_ranges(unit, check) != TSR_OK)
    return TSR_FAILED;
  if (!unit->has_stray_page && tsr_unit_check_order(unit, check) != TSR_OK)
    return TSR_FAILED;
  return check->leaves_rules ? TSR_OK : tsr_check_protocol(check, unit);
}

// Checks each program by itself and keeps its unit for the hosts that launch
// it; one that does not fit the chip has none.
static tsr_result check_programs(const tsr_check *check, tsr_map *programs) {
  tsr_result result = TSR_OK;
  for (const tsr_op *op = tsr_block_first(tsr_module_block(check->module)); op;
       op = tsr_op_next(op)) {
    if (!tsr_op_is(op, TSR_OP_program))
      continue;
    if (!check->leaves_rules && tsr_check_starts(check, op) != TSR_OK)
      result = TSR_FAILED;
    if (tsr_check_program(check, op) != TSR_OK) {
      result = TSR_FAILED;
      continue;
    }
    tsr_unit *unit = TSR_NEW(check->arena, tsr_unit);
    if (check_unit(check, op, unit) != TSR_OK)
      result = TSR_FAILED;
    else if (!unit->has_stray_page)
      tsr_map_set(programs, tsr_op_get_text(op, "name"), unit);
    tsr_arena_reset(check->scratch);
  }
  return result;
}

static bool works_on_buffers(const tsr_op *function) {
  if (tsr_op_is(function, TSR_OP_host))
    return true;
  if (!tsr_op_is(function, TSR_OP_func))
    return false;
  const tsr_block *block = tsr_op_block(function, 0);
  return tsr_block_arg_count(block) > 0 &&
         tsr_type_get_kind(tsr_value_get_type(tsr_block_arg(block, 0))) ==
             TSR_TYPE_BUFFER;
}

static tsr_result check_functions(const tsr_check *check) {
  tsr_map programs;
  tsr_map_init_in(&programs, check->arena);
  tsr_result result = check_programs(check, &programs);
  tsr_arena of_function;
  tsr_arena_init(&of_function);
  tsr_check inside = *check;
  inside.arena = &of_function;
  for (const tsr_op *op = tsr_block_first(tsr_module_block(check->module)); op;
       op = tsr_op_next(op)) {
    if (!works_on_buffers(op))
      continue;
    if (tsr_check_function(&inside, op, &programs) != TSR_OK)
      result = TSR_FAILED;
    tsr_arena_reset(&of_function);
  }
  tsr_arena_deinit(&of_function);
  return result;
}

tsr_result tsr_module_verify_stage(const tsr_module *module,
                                   const tsr_target *target, bool leaves_rules,
                                   tsr_diag *diag) {
  tsr_arena arena, scratch;
  tsr_arena_init(&arena);
  tsr_arena_init(&scratch);
  tsr_check check = {module, target, diag, &arena, &scratch, leaves_rules};
  // Each step relies on what the one before has checked.
  tsr_result result = check_grid(&check);
  if (result == TSR_OK)
    result = tsr_check_places(&check);
  if (result == TSR_OK)
    result = check_functions(&check);
  tsr_arena_deinit(&scratch);
  tsr_arena_deinit(&arena);
  return result;
}
