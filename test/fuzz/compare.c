// Whether two modules are the same, whatever a printer makes of them.

#include "check.h"

#include "tessera/hash.h"

// Values, and what stands for them in the other module.
typedef tsr_map pairs;

static bool is_same_block(pairs *p, const tsr_block *a, const tsr_block *b);

static bool has_same_attrs(const tsr_op *a, const tsr_op *b) {
  if (tsr_op_attr_count(a) != tsr_op_attr_count(b))
    return false;
  for (size_t i = 0; i < tsr_op_attr_count(a); i++)
    if (tsr_op_get_attr(b, tsr_op_attr_name(a, i)) != tsr_op_attr_value(a, i))
      return false;
  return true;
}

// Constants and `*` are values of a module, not of a block.
static bool is_same_value(const pairs *p, const tsr_value *a,
                          const tsr_value *b) {
  if (!a || !b)
    return a == b;
  if (tsr_value_get_type(a) != tsr_value_get_type(b))
    return false;
  if (tsr_value_is_constant(a))
    return tsr_value_is_constant(b) &&
           tsr_value_get_constant(a) == tsr_value_get_constant(b);
  if (tsr_value_is_all(a))
    return tsr_value_is_all(b);
  return tsr_map_find(p, a) == b;
}

static bool has_same_operands(const pairs *p, const tsr_op *a,
                              const tsr_op *b) {
  if (tsr_op_operand_count(a) != tsr_op_operand_count(b))
    return false;
  for (size_t g = 0; g < tsr_op_kind_group_count(tsr_op_get_kind(a)); g++)
    if (tsr_op_group_size(a, g) != tsr_op_group_size(b, g))
      return false;
  for (size_t i = 0; i < tsr_op_operand_count(a); i++)
    if (!is_same_value(p, tsr_op_operand(a, i), tsr_op_operand(b, i)))
      return false;
  return true;
}

static bool pair(pairs *p, tsr_value *a, tsr_value *b) {
  tsr_map_set(p, a, b);
  return tsr_value_get_type(a) == tsr_value_get_type(b);
}

static bool is_same_op(pairs *p, const tsr_op *a, const tsr_op *b) {
  if (tsr_op_get_kind(a) != tsr_op_get_kind(b) || !has_same_attrs(a, b) ||
      !has_same_operands(p, a, b) ||
      tsr_op_result_count(a) != tsr_op_result_count(b) ||
      tsr_op_block_count(a) != tsr_op_block_count(b))
    return false;
  for (size_t i = 0; i < tsr_op_result_count(a); i++)
    if (!pair(p, tsr_op_result(a, i), tsr_op_result(b, i)))
      return false;
  for (size_t i = 0; i < tsr_op_block_count(a); i++)
    if (!is_same_block(p, tsr_op_block(a, i), tsr_op_block(b, i)))
      return false;
  return true;
}

static bool is_same_block(pairs *p, const tsr_block *a, const tsr_block *b) {
  if (tsr_block_arg_count(a) != tsr_block_arg_count(b))
    return false;
  for (size_t i = 0; i < tsr_block_arg_count(a); i++)
    if (!pair(p, tsr_block_arg(a, i), tsr_block_arg(b, i)))
      return false;
  const tsr_op *x = tsr_block_first(a), *y = tsr_block_first(b);
  while (x && y && is_same_op(p, x, y)) {
    x = tsr_op_next(x);
    y = tsr_op_next(y);
  }
  return !x && !y;
}

bool fuzz_is_same(const tsr_module *a, const tsr_module *b) {
  pairs p;
  tsr_map_init(&p);
  const tsr_block *a_body = tsr_module_block(a), *b_body = tsr_module_block(b);
  bool same = has_same_attrs(tsr_block_get_parent(a_body),
                             tsr_block_get_parent(b_body)) &&
              is_same_block(&p, a_body, b_body);
  tsr_map_deinit(&p);
  return same;
}
