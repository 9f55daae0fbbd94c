// Edits that drop functions, ops and regions.

#include "impl.h"

#include <string.h>

// -- Something of the same type -----------------------------------------------

static bool is_usable(const tsr_value *candidate, const tsr_value *value) {
  return candidate != value && !tsr_value_is_all(candidate) &&
         tsr_value_get_type(candidate) == tsr_value_get_type(value);
}

static tsr_value *find_arg(const tsr_block *block, const tsr_value *value) {
  for (size_t i = 0; i < tsr_block_arg_count(block); i++)
    if (is_usable(tsr_block_arg(block, i), value))
      return tsr_block_arg(block, i);
  return NULL;
}

static tsr_value *find_result(const tsr_op *op, const tsr_value *value) {
  for (size_t i = 0; i < tsr_op_result_count(op); i++)
    if (is_usable(tsr_op_result(op, i), value))
      return tsr_op_result(op, i);
  return NULL;
}

static tsr_value *find_operand(const tsr_op *op, const tsr_value *value) {
  for (size_t i = 0; i < tsr_op_operand_count(op); i++)
    if (is_usable(tsr_op_operand(op, i), value))
      return tsr_op_operand(op, i);
  return NULL;
}

// A value that can be used wherever the results of `op` can: an operand, then
// arguments and ops around it from the inside out.
static tsr_value *find_visible(tsr_op *op, const tsr_value *value) {
  tsr_value *found = find_operand(op, value);
  while (!found && op && tsr_op_get_parent_block(op)) {
    for (tsr_op *at = tsr_op_prev(op); at && !found; at = tsr_op_prev(at))
      found = find_result(at, value);
    if (!found)
      found = find_arg(tsr_op_get_parent_block(op), value);
    if (tsr_op_has_trait(op, TSR_TRAIT_ISOLATED))
      break;
    op = tsr_op_get_parent(op);
  }
  return found;
}

bool scene_replace_uses(scene *s, tsr_value *value) {
  tsr_op *def = tsr_value_get_def(value);
  const tsr_type *type = tsr_value_get_type(value);
  tsr_value *with = NULL;
  if (!tsr_value_has_uses(value))
    return true;
  if (type == tsr_type_index(tsr_module_get_context(s->module)))
    with = tsr_module_index(s->module, 0);
  else if (type == tsr_type_bool(tsr_module_get_context(s->module)))
    with = tsr_module_bool(s->module, true);
  else if (def)
    with = find_visible(def, value);
  else
    with = find_arg(tsr_value_get_block(value), value);
  if (with)
    tsr_value_replace_uses(value, with);
  return with != NULL;
}

static bool replace_results(scene *s, tsr_op *op) {
  for (size_t i = 0; i < tsr_op_result_count(op); i++)
    if (!scene_replace_uses(s, tsr_op_result(op, i)))
      return false;
  return true;
}

static bool is_top_level(const scene *s, const tsr_op *op) {
  return tsr_op_get_parent(op) == tsr_module_op(s->module);
}

// -- Functions and ops --------------------------------------------------------

static void find_functions(const scene *s, spots *out) {
  for (size_t i = 1; i < s->count; i++)
    if (is_top_level(s, s->ops[i]))
      spots_add(out, (spot){.op = i});
}

static void find_ops(const scene *s, spots *out) {
  for (size_t i = 1; i < s->count; i++)
    if (!is_top_level(s, s->ops[i]) &&
        !tsr_op_has_trait(s->ops[i], TSR_TRAIT_TERMINATOR))
      spots_add(out, (spot){.op = i});
}

static bool names(const tsr_op *op, const char *symbol) {
  for (size_t i = 0; i < tsr_op_attr_count(op); i++) {
    const tsr_attr *attr = tsr_op_attr_value(op, i);
    if (tsr_attr_get_kind(attr) == TSR_ATTR_SYMBOL &&
        strcmp(tsr_attr_get_text(attr), symbol) == 0)
      return true;
  }
  return false;
}

static bool erase(scene *s, tsr_op *op) {
  if (!replace_results(s, op))
    return false;
  scene_erase(s, op);
  return true;
}

// What is named goes with all that names it: a circular buffer with the ops on
// it, a program with its launches.
static bool drop_op(scene *s, const spot *at) {
  tsr_op *op = s->ops[at->op], *around = tsr_op_get_parent(op);
  const char *symbol = tsr_op_has_trait(op, TSR_TRAIT_SYMBOL)
                           ? tsr_op_get_text(op, "name")
                           : NULL;
  bool changed = erase(s, op);
  for (size_t i = s->count; changed && symbol && i-- > 1;)
    if (s->ops[i] && tsr_op_contains(around, s->ops[i]) &&
        !tsr_op_has_trait(s->ops[i], TSR_TRAIT_SYMBOL) &&
        names(s->ops[i], symbol))
      changed = erase(s, s->ops[i]);
  return changed;
}

// Where one number does not do for all uses, what it is made of may.
static void find_replaceable(const scene *s, spots *out) {
  for (size_t i = 1; i < s->count; i++)
    for (size_t k = 0; tsr_op_result_count(s->ops[i]) > 0 &&
                       k < tsr_op_operand_count(s->ops[i]);
         k++)
      if (is_usable(tsr_op_operand(s->ops[i], k), tsr_op_result(s->ops[i], 0)))
        spots_add(out, (spot){.op = i, .part = k});
}

static bool use_operand(scene *s, const spot *at) {
  tsr_op *op = s->ops[at->op];
  tsr_value *operand = tsr_op_operand(op, at->part);
  for (size_t i = 0; i < tsr_op_result_count(op); i++)
    if (!is_usable(operand, tsr_op_result(op, i)))
      return false;
  for (size_t i = 0; i < tsr_op_result_count(op); i++)
    tsr_value_replace_uses(tsr_op_result(op, i), operand);
  scene_erase(s, op);
  return true;
}

const edit_kind edit_functions = {"drop functions", find_functions, drop_op};
const edit_kind edit_ops = {"drop ops", find_ops, drop_op};
const edit_kind edit_to_operands = {"use operands", find_replaceable,
                                    use_operand};

// -- Regions ------------------------------------------------------------------

// What the block of `op` stands for: its own arguments, for a loop those of the
// first round.
static tsr_value *find_first(scene *s, const tsr_op *op, size_t arg) {
  if (!tsr_op_is(op, TSR_OP_for_))
    return tsr_module_index(s->module, 0);
  return arg == 0 ? tsr_op_operand(op, 0)
                  : tsr_op_group_operand(op, 3, arg - 1);
}

static bool can_inline(const tsr_op *op) {
  return tsr_op_is(op, TSR_OP_for_) || tsr_op_is(op, TSR_OP_if_) ||
         tsr_op_is(op, TSR_OP_tile_parallel) ||
         tsr_op_is(op, TSR_OP_dst_section) || tsr_op_is(op, TSR_OP_core_launch);
}

static void find_regions(const scene *s, spots *out) {
  for (size_t i = 1; i < s->count; i++)
    for (size_t b = 0;
         can_inline(s->ops[i]) && b < tsr_op_block_count(s->ops[i]); b++)
      spots_add(out, (spot){.op = i, .part = b});
}

// Puts what a block holds in the place of the op that holds it.
static bool inline_region(scene *s, const spot *at) {
  tsr_op *op = s->ops[at->op];
  tsr_block *block = tsr_op_block(op, at->part);
  tsr_op *end = tsr_block_terminator(block);
  if (tsr_op_result_count(op) > (end ? tsr_op_operand_count(end) : 0))
    return false;
  for (size_t i = 0; i < tsr_block_arg_count(block); i++)
    tsr_value_replace_uses(tsr_block_arg(block, i), find_first(s, op, i));
  for (size_t i = 0; i < tsr_op_result_count(op); i++)
    tsr_value_replace_uses(tsr_op_result(op, i), tsr_op_operand(end, i));
  if (end)
    scene_erase(s, end);
  for (tsr_op *inner; (inner = tsr_block_first(block));) {
    tsr_op_remove(inner);
    tsr_op_insert_before(inner, op);
  }
  scene_erase(s, op);
  return true;
}

const edit_kind edit_regions = {"inline regions", find_regions, inline_region};
