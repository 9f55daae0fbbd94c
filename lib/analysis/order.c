// Races: a buffer may be loaded and stored by one unit only if each tile's load
// surely comes before its store, on the same core.
//
// Loads, math and stores become three kernels that run decoupled, so the order
// of the text does not keep them in order: the data must flow from the load to
// the store.

#include "impl.h"

static const char *unit_text(const tsr_unit *unit) {
  switch ((int)tsr_op_get_kind(unit->op)) {
  case TSR_OP_tile_parallel:
    return "parallel loop";
  case TSR_OP_core_launch:
    return "launch";
  }
  return "program";
}

tsr_result tsr_order_error(const tsr_check *check, const tsr_unit *unit,
                           const tsr_value *buffer, const tsr_op *load,
                           const tsr_op *store, const char *why) {
  tsr_diag_error(check->diag, store, TSR_DIAG(store_load_order),
                 tsr_value_text(check->scratch, buffer), unit_text(unit), why);
  tsr_diag_note(check->diag, load, TSR_DIAG(note_load_here));
  return TSR_FAILED;
}

tsr_result tsr_order_warn(const tsr_check *check, const tsr_usage *usage) {
  tsr_diag_warn(check->diag, usage->store, TSR_DIAG(order_not_proved),
                tsr_value_text(check->scratch, usage->buffer));
  return TSR_OK;
}

static tsr_result check_program(const tsr_check *check, const tsr_unit *unit,
                                const tsr_usage *usage) {
  switch (tsr_unit_find_race(unit, check, usage)) {
  case TSR_RACE_NONE:
    return TSR_OK;
  case TSR_RACE_WRONG:
    return TSR_FAILED;
  case TSR_RACE_FOUND:
    return tsr_order_error(check, unit, usage->buffer, usage->load,
                           usage->store,
                           "but nothing says that the loads of a page are "
                           "over by then: kernels would race");
  case TSR_RACE_UNCLEAR:
    break;
  }
  return tsr_order_warn(check, usage);
}

tsr_result tsr_unit_check_order(tsr_unit *unit, const tsr_check *check) {
  if (!tsr_op_is(unit->op, TSR_OP_program))
    return tsr_unit_check_nest_order(unit, check);
  tsr_result result = TSR_OK;
  for (size_t i = 0; i < unit->usage_count; i++) {
    const tsr_usage *usage = unit->usages[i];
    if (usage->load && usage->store &&
        check_program(check, unit, usage) != TSR_OK)
      result = TSR_FAILED;
  }
  return result;
}
