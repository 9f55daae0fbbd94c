// canonicalize: rules for tiles.
//
// None of them changes a bit: what rounds stays, and so do the ops that have a
// DST slot, since they are places as well as values.

#include "canonicalize.h"

#include <math.h>

// `value` if it may stand for the op's result.
static tsr_value *if_same_type(const tsr_op *op, tsr_value *value) {
  const tsr_type *type = tsr_value_get_type(tsr_op_result(op, 0));
  return tsr_value_get_type(value) == type ? value : NULL;
}

static bool has_place(const tsr_op *op) {
  return tsr_op_get_attr(op, "dst") != NULL;
}

static bool is_widening(const tsr_op *cast) {
  const tsr_type *from = tsr_value_get_type(tsr_op_operand(cast, 0));
  const tsr_type *to = tsr_value_get_type(tsr_op_result(cast, 0));
  return tsr_element_get_info(tsr_type_get_element(from))->mantissa_bits <=
         tsr_element_get_info(tsr_type_get_element(to))->mantissa_bits;
}

static tsr_value *fold_cast(tsr_rewriter *r, tsr_op *op) {
  (void)r;
  tsr_value *a = tsr_op_operand(op, 0);
  if (has_place(op))
    return NULL;
  if (if_same_type(op, a))
    return a;
  const tsr_op *inner = canon_match(a, TSR_OP_tile_cast);
  return inner && is_widening(inner)
             ? if_same_type(op, tsr_op_operand(inner, 0))
             : NULL;
}

// An op that done twice gives back what it was given.
static tsr_value *fold_involution(tsr_rewriter *r, tsr_op *op) {
  (void)r;
  const tsr_op *inner = canon_match(tsr_op_operand(op, 0), tsr_op_get_kind(op));
  if (has_place(op) || !inner || !if_same_type(op, tsr_op_operand(op, 0)))
    return NULL;
  return if_same_type(op, tsr_op_operand(inner, 0));
}

// An op that done twice does no more than done once.
static tsr_value *fold_idempotent(tsr_rewriter *r, tsr_op *op) {
  (void)r;
  tsr_value *a = tsr_op_operand(op, 0);
  return !has_place(op) && canon_match(a, tsr_op_get_kind(op))
             ? if_same_type(op, a)
             : NULL;
}

// An op of which both operands are one value, which it gives.
static tsr_value *fold_equal_operands(tsr_rewriter *r, tsr_op *op) {
  (void)r;
  size_t last = tsr_op_operand_count(op) - 1;
  tsr_value *a = tsr_op_operand(op, last);
  return !has_place(op) && a == tsr_op_operand(op, last - 1)
             ? if_same_type(op, a)
             : NULL;
}

static tsr_value *fold_mask(tsr_rewriter *r, tsr_op *op) {
  (void)r;
  tsr_value *a = tsr_op_operand(op, 0);
  const tsr_type_desc *desc = tsr_type_get_desc(tsr_value_get_type(a));
  bool keeps_all = canon_is_number(tsr_op_operand(op, 1),
                                   (int64_t)desc->block_rows * TSR_TILE_SIDE) &&
                   canon_is_number(tsr_op_operand(op, 2),
                                   (int64_t)desc->block_cols * TSR_TILE_SIDE);
  return keeps_all && !has_place(op) ? if_same_type(op, a) : NULL;
}

// -- fills --------------------------------------------------------------------

// The number that fills `value`, a tile of the type of the op's result.
static bool match_fill(const tsr_op *op, tsr_value *value, double *out) {
  const tsr_op *fill = canon_match(value, TSR_OP_tile_fill);
  if (!fill || has_place(fill) || !if_same_type(op, value))
    return false;
  *out = tsr_attr_get_float(tsr_op_get_attr(fill, "value"));
  return true;
}

// Ops that give a number of their operands, or its negative, round nothing.
static tsr_value *fold_fill(tsr_rewriter *r, tsr_op *op) {
  double a = 0, b = 0;
  if (has_place(op) || tsr_op_get_attr(op, "unit") ||
      !match_fill(op, tsr_op_operand(op, 0), &a) ||
      (tsr_op_operand_count(op) > 1 &&
       !match_fill(op, tsr_op_operand(op, 1), &b)) ||
      isnan(a) || isnan(b))
    return NULL;
  double filled = tsr_op_is(op, TSR_OP_tile_neg) ? -a : a > b ? a : b;
  // Which zero the larger of two zeros is, is the machine's business.
  if (filled == 0 && (a == 0 || b == 0) && (signbit(a) || signbit(b)))
    return NULL;
  const tsr_type *type = tsr_value_get_type(tsr_op_result(op, 0));
  tsr_op *fill = tsr_build_op(&r->at, TSR_OP_tile_fill, type, 0, NULL);
  tsr_op_set_attr(fill, "value",
                  tsr_attr_float(tsr_module_get_context(r->at.module), filled));
  return tsr_op_result(fill, 0);
}

// -- blocks -------------------------------------------------------------------

// Whether two ops name one tile of a block; false in `*out_is_known` when that
// depends on the run.
static bool name_same_tile(const tsr_op *a, const tsr_op *b,
                           bool *out_is_known) {
  bool is_same = true;
  *out_is_known = true;
  for (size_t i = 1; i <= 2; i++) {
    const tsr_value *x = tsr_op_operand(a, tsr_op_operand_count(a) - i);
    const tsr_value *y = tsr_op_operand(b, tsr_op_operand_count(b) - i);
    if (canon_are_same(x, y))
      continue;
    is_same = false;
    if (canon_is_less(x, y) || canon_is_less(y, x)) {
      *out_is_known = true;
      return false;
    }
    *out_is_known = false;
  }
  return is_same;
}

// The tile that was put there, or that of the block before another was put in.
// An empty block has none: an index that says so stands where no run comes.
static tsr_value *fold_extract(tsr_rewriter *r, tsr_op *op) {
  const tsr_op *insert = canon_match(tsr_op_operand(op, 0), TSR_OP_tile_insert);
  bool is_known;
  if (!insert)
    return NULL;
  if (name_same_tile(op, insert, &is_known))
    return if_same_type(op, tsr_op_operand(insert, 0));
  if (!is_known || canon_match(tsr_op_operand(insert, 1), TSR_OP_tile_empty))
    return NULL;
  tsr_value *operands[] = {tsr_op_operand(insert, 1), tsr_op_operand(op, 1),
                           tsr_op_operand(op, 2)};
  const tsr_type *type = tsr_value_get_type(tsr_op_result(op, 0));
  return tsr_op_result(
      tsr_build_op(&r->at, TSR_OP_tile_extract, type, 3, operands), 0);
}

static const tsr_pattern rules[] = {
    {TSR_OP_tile_cast, "fold-cast", 1, .fold = fold_cast},
    {TSR_OP_tile_neg, "fold-neg-neg", 1, .fold = fold_involution},
    {TSR_OP_tile_neg, "fold-fill", 1, .fold = fold_fill},
    {TSR_OP_tile_relu, "fold-relu-relu", 1, .fold = fold_idempotent},
    {TSR_OP_tile_relu, "fold-fill", 1, .fold = fold_fill},
    {TSR_OP_tile_max, "fold-equal", 1, .fold = fold_equal_operands},
    {TSR_OP_tile_max, "fold-fill", 1, .fold = fold_fill},
    {TSR_OP_tile_where, "fold-equal", 1, .fold = fold_equal_operands},
    {TSR_OP_tile_mask, "fold-mask", 1, .fold = fold_mask},
    {TSR_OP_tile_extract, "fold-extract", 1, .fold = fold_extract},
};

tsr_pattern_set canon_tile_rules(void) {
  return (tsr_pattern_set){rules, sizeof rules / sizeof *rules};
}
