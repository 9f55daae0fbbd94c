// canonicalize: which values are equal, and which is less.

#include "canonicalize.h"

#include "tessera/analysis.h"

// How far rules look into operands of operands. Kernels nest index arithmetic
// a few levels deep.
enum { MAX_DEPTH = 4 };

bool canon_is_number(const tsr_value *value, int64_t number) {
  int64_t found;
  return tsr_value_is_index(value, &found) && found == number;
}

tsr_op *canon_match(const tsr_value *value, tsr_op_kind kind) {
  tsr_op *def = tsr_value_get_def(value);
  return tsr_op_is(def, kind) ? def : NULL;
}

// -- equal --------------------------------------------------------------------

// Same op, attributes and results, whatever the operands.
static bool is_same_math(const tsr_op *a, const tsr_op *b) {
  if (tsr_op_get_kind(a) != tsr_op_get_kind(b) ||
      tsr_op_operand_count(a) != tsr_op_operand_count(b) ||
      tsr_op_attr_count(a) != tsr_op_attr_count(b))
    return false;
  for (size_t i = 0; i < tsr_op_attr_count(a); i++)
    if (tsr_op_get_attr(b, tsr_op_attr_name(a, i)) != tsr_op_attr_value(a, i))
      return false;
  return tsr_op_has_trait(a, TSR_TRAIT_INDEX_MATH) ||
         tsr_op_is(a, TSR_OP_buffer_dim);
}

static bool is_same(const tsr_value *a, const tsr_value *b, int depth) {
  if (a == b)
    return true;
  const tsr_op *x = tsr_value_get_def(a), *y = tsr_value_get_def(b);
  if (depth == 0 || !x || !y || !is_same_math(x, y))
    return false;
  for (size_t i = 0; i < tsr_op_operand_count(x); i++)
    if (!is_same(tsr_op_operand(x, i), tsr_op_operand(y, i), depth - 1))
      return false;
  return true;
}

bool canon_are_same(const tsr_value *a, const tsr_value *b) {
  return is_same(a, b, MAX_DEPTH);
}

tsr_value *canon_match_multiple(const tsr_value *value,
                                const tsr_value *factor) {
  const tsr_op *mul = canon_match(value, TSR_OP_mul);
  if (!mul)
    return NULL;
  for (size_t i = 0; i < 2; i++)
    if (canon_are_same(tsr_op_operand(mul, i), factor))
      return tsr_op_operand(mul, 1 - i);
  return NULL;
}

bool canon_match_number(const tsr_value *value, tsr_op_kind kind,
                        tsr_value **out_x, int64_t *out_c) {
  const tsr_op *op = canon_match(value, kind);
  if (!op || !tsr_value_is_index(tsr_op_operand(op, 1), out_c) || *out_c < 0)
    return false;
  *out_x = tsr_op_operand(op, 0);
  return true;
}

// -- less ---------------------------------------------------------------------

// The value every number of which `value` stays below, for values that count
// something: loop variables and indices of nests; else NULL.
static tsr_value *get_count(const tsr_value *value) {
  const tsr_block *block = tsr_value_get_block(value);
  if (!block)
    return NULL;
  const tsr_op *op = tsr_block_get_parent(block);
  size_t number = tsr_value_get_number(value);
  if (tsr_op_is(op, TSR_OP_for_) && number == 0)
    return tsr_op_group_operand(op, 1, 0);
  if (tsr_op_is(op, TSR_OP_tile_parallel))
    return tsr_op_operand(op, number);
  return NULL;
}

static bool is_less(const tsr_value *a, const tsr_value *b, int depth);

// The op that makes `a` keeps it below `b`.
static bool is_result_less(const tsr_op *op, const tsr_value *b, int depth) {
  const tsr_value *x = tsr_op_operand(op, 0);
  const tsr_value *y =
      tsr_op_operand_count(op) > 1 ? tsr_op_operand(op, 1) : NULL;
  int64_t number;
  if (tsr_op_is(op, TSR_OP_rem))
    return canon_are_same(y, b) || is_less(y, b, depth) || is_less(x, b, depth);
  if (tsr_op_is(op, TSR_OP_min))
    return is_less(x, b, depth) || is_less(y, b, depth);
  if (tsr_op_is(op, TSR_OP_max))
    return is_less(x, b, depth) && is_less(y, b, depth);
  if (tsr_op_is(op, TSR_OP_select))
    return is_less(y, b, depth) && is_less(tsr_op_operand(op, 2), b, depth);
  if (tsr_op_is(op, TSR_OP_sub) && tsr_value_is_index(y, &number) &&
      number > 0 && canon_are_same(x, b))
    return true;
  return (tsr_op_is(op, TSR_OP_sub) || tsr_op_is(op, TSR_OP_div)) &&
         is_less(x, b, depth);
}

static bool is_less(const tsr_value *a, const tsr_value *b, int depth) {
  int64_t x, y;
  if (tsr_value_is_index(a, &x) && tsr_value_is_index(b, &y))
    return x < y;
  if (depth == 0)
    return false;
  const tsr_value *count = get_count(a);
  if (count) // a is at most count - 1
    return canon_are_same(count, b) || is_less(count, b, depth - 1);
  const tsr_op *op = tsr_value_get_def(a);
  return op && tsr_op_has_trait(op, TSR_TRAIT_INDEX_MATH) &&
         !tsr_op_is(op, TSR_OP_cmp) && is_result_less(op, b, depth - 1);
}

// By the most that `a` can be and the least that `b` can.
static bool are_bounds_less(const tsr_value *a, const tsr_value *b,
                            bool or_equal) {
  int64_t least = tsr_index_get_bounds(b, MAX_DEPTH).min;
  if (least == 0 && !or_equal)
    return false; // nothing is below 0, whatever `a` is
  int64_t most = tsr_index_get_bounds(a, MAX_DEPTH).max;
  return most < least || (or_equal && most == least);
}

bool canon_is_less(const tsr_value *a, const tsr_value *b) {
  return is_less(a, b, MAX_DEPTH) || are_bounds_less(a, b, false);
}

bool canon_is_at_most(const tsr_value *a, const tsr_value *b) {
  return are_bounds_less(a, b, true);
}
