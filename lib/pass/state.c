// What holds of a module, read off its IR.
//
// Never recorded, so a module that was edited by hand is judged by what it is.

#include "tessera/pass.h"

#include <string.h>

static const tsr_state_info states[] = {
#define TSR_STATE(id, text, pass) {text, pass},
#include "tessera/passes.def"
};

const tsr_state_info *tsr_state_get_info(tsr_state state) {
  return &states[state];
}

// The rows of passes.def without what they run, which is not this part's.
static const tsr_pass givers[] = {
#define TSR_PASS(id, text, ...) {.name = text, __VA_ARGS__},
#include "tessera/passes.def"
};

uint32_t tsr_state_get_needs(tsr_state state) {
  size_t i = 0;
  while (strcmp(givers[i].name, states[state].pass_name) != 0)
    i++;
  return givers[i].needs;
}

static bool is_compute(const tsr_op *kernel) {
  const char *processor = tsr_op_get_text(kernel, "processor");
  return processor && strcmp(processor, "compute") == 0;
}

static bool starts_engine(const tsr_op *kernel) {
  for (const tsr_op *op = tsr_block_first(tsr_op_block(kernel, 0)); op;
       op = tsr_op_next(op))
    if (tsr_op_is(op, TSR_OP_start_mma) || tsr_op_is(op, TSR_OP_start_binary) ||
        tsr_op_is(op, TSR_OP_start_copy))
      return true;
  return false;
}

// Whether a tile comes into a section over a stream, or is made in one.
static bool is_unplaced(const tsr_op *op) {
  if (tsr_op_is(op, TSR_OP_tile_load) || tsr_op_is(op, TSR_OP_tile_generate))
    return !tsr_op_get_attr(op, "stream");
  return tsr_op_has_trait(op, TSR_TRAIT_TILE_MATH) &&
         !tsr_op_find_parent(op, TSR_OP_dst_section);
}

// Whether an op of a kernel takes a value of the program past the table of
// arguments.
static bool reaches_out(const tsr_op *op) {
  if (tsr_op_is(tsr_op_get_parent(op), TSR_OP_program))
    return false;
  for (size_t i = 0; i < tsr_op_operand_count(op); i++) {
    const tsr_value *value = tsr_op_operand(op, i);
    const tsr_op *def = tsr_value_get_def(value);
    const tsr_block *home =
        def ? tsr_op_get_parent_block(def) : tsr_value_get_block(value);
    if (home && tsr_op_is(tsr_block_get_parent(home), TSR_OP_program))
      return true;
  }
  return false;
}

// Whether `op` itself stands against `state`.
static bool violates(const tsr_op *op, tsr_state state) {
  switch (state) {
  case TSR_STATE_INLINED:
    return tsr_op_is(op, TSR_OP_call) || tsr_op_is_private(op);
  case TSR_STATE_TILED:
    return tsr_op_has_trait(op, TSR_TRAIT_TENSOR_MATH) ||
           tsr_is_over_tensors(op);
  case TSR_STATE_LOOPED:
    return tsr_op_is(op, TSR_OP_tile_contract);
  case TSR_STATE_UNITS:
    return tsr_op_has_trait(op, TSR_TRAIT_TILE_MATH) &&
           !tsr_op_get_attr(op, "unit");
  case TSR_STATE_DISTRIBUTED:
    return tsr_op_is(op, TSR_OP_tile_parallel);
  case TSR_STATE_SECTIONED:
    return is_unplaced(op);
  case TSR_STATE_CB_ASSIGNED:
    return tsr_op_is(op, TSR_OP_stream);
  case TSR_STATE_SPLIT:
    return tsr_op_is(op, TSR_OP_core_launch) || tsr_op_is(op, TSR_OP_func);
  case TSR_STATE_CONFIGURED:
    return tsr_op_is(op, TSR_OP_kernel) && is_compute(op) && !starts_engine(op);
  case TSR_STATE_ARGUMENTS:
    return (tsr_op_is(op, TSR_OP_kernel) && !tsr_op_get_attr(op, "args")) ||
           reaches_out(op);
  case TSR_STATE_COUNT:
    break;
  }
  return false;
}

static const tsr_op *find_in_block(const tsr_block *block, tsr_state state) {
  for (const tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op)) {
    // The reference stays as it was written.
    if (tsr_op_is(op, TSR_OP_reference))
      continue;
    if (violates(op, state))
      return op;
    for (size_t i = 0; i < tsr_op_block_count(op); i++) {
      const tsr_op *found = find_in_block(tsr_op_block(op, i), state);
      if (found)
        return found;
    }
  }
  return NULL;
}

const tsr_op *tsr_module_find_violation(const tsr_module *module,
                                        tsr_state state) {
  return find_in_block(tsr_module_block(module), state);
}

// The states that some op of `block` stands against.
static uint32_t collect_violated(const tsr_block *block) {
  uint32_t violated = 0;
  for (const tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op)) {
    if (tsr_op_is(op, TSR_OP_reference))
      continue;
    for (tsr_state i = 0; i < TSR_STATE_COUNT; i++)
      if (!(violated & 1u << i) && violates(op, i))
        violated |= 1u << i;
    for (size_t i = 0; i < tsr_op_block_count(op); i++)
      violated |= collect_violated(tsr_op_block(op, i));
  }
  return violated;
}

// States come in the order of passes.def: what a state's pass needs is earlier.
uint32_t tsr_module_derive_state(const tsr_module *module) {
  uint32_t violated = collect_violated(tsr_module_block(module));
  uint32_t state = 0;
  for (tsr_state i = 0; i < TSR_STATE_COUNT; i++)
    if ((tsr_state_get_needs(i) & ~state) == 0 && !(violated & (1u << i)))
      state |= 1u << i;
  return state;
}
