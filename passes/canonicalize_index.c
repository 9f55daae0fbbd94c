// canonicalize: rules for index arithmetic.
//
// Every rule removes an op, replaces it by one that is cheaper, or moves a
// constant to where no rule moves it away; so they come to an end.

#include "canonicalize.h"

#include "tessera/support.h"

#include <string.h>

static tsr_value *index_of(tsr_rewriter *r, int64_t number) {
  return tsr_module_index(r->at.module, number);
}

static tsr_value *bool_of(tsr_rewriter *r, bool flag) {
  return tsr_module_bool(r->at.module, flag);
}

static tsr_value *left(const tsr_op *op) { return tsr_op_operand(op, 0); }

static tsr_value *right(const tsr_op *op) { return tsr_op_operand(op, 1); }

// -- numbers ------------------------------------------------------------------

static bool compute(tsr_op_kind kind, int64_t a, int64_t b, int64_t *out) {
  bool is_known = true;
  if (kind == TSR_OP_add)
    is_known = tsr_add_i64(a, b, out);
  else if (kind == TSR_OP_mul)
    is_known = tsr_mul_i64(a, b, out);
  else if (kind == TSR_OP_sub)
    is_known = tsr_sub_i64(a, b, out);
  else if ((kind == TSR_OP_div || kind == TSR_OP_rem) && b == 0)
    is_known = false;
  else if (kind == TSR_OP_div)
    *out = a / b;
  else if (kind == TSR_OP_rem)
    *out = a % b;
  else if (kind == TSR_OP_min)
    *out = a < b ? a : b;
  else
    *out = a > b ? a : b;
  return is_known && *out >= 0 && *out <= INT32_MAX;
}

static tsr_value *fold_numbers(tsr_rewriter *r, tsr_op *op) {
  int64_t a, b, result;
  if (!tsr_value_is_index(left(op), &a) || !tsr_value_is_index(right(op), &b) ||
      a < 0 || b < 0 || !compute(tsr_op_get_kind(op), a, b, &result))
    return NULL;
  return index_of(r, result);
}

static void set_both(tsr_rewriter *r, tsr_op *op, tsr_value *a, tsr_value *b) {
  tsr_value *operands[] = {a, b};
  tsr_rewriter_set_operands(r, op, operands, 2, NULL);
}

static bool move_constant_last(tsr_rewriter *r, tsr_op *op) {
  tsr_value *a = left(op), *b = right(op);
  if (!tsr_value_is_constant(a) || tsr_value_is_constant(b))
    return false;
  set_both(r, op, b, a);
  return true;
}

// (x op c) op d -> x op (c with d), where `with` says how the constants join.
static bool join_constants(tsr_rewriter *r, tsr_op *op) {
  tsr_op_kind kind = tsr_op_get_kind(op), with = kind;
  if (kind == TSR_OP_sub)
    with = TSR_OP_add;
  if (kind == TSR_OP_div)
    with = TSR_OP_mul;
  tsr_value *x;
  int64_t c, d, joined;
  if (!canon_match_number(left(op), kind, &x, &c) ||
      !tsr_value_is_index(right(op), &d) || d < 0 ||
      !compute(with, c, d, &joined))
    return false;
  set_both(r, op, x, index_of(r, joined));
  return true;
}

// -- sums ---------------------------------------------------------------------

// x / n * n + x % n: the number that was taken apart.
static tsr_value *match_rejoined(tsr_value *high, tsr_value *low) {
  const tsr_op *rem = canon_match(low, TSR_OP_rem);
  if (!rem)
    return NULL;
  tsr_value *n = right(rem);
  const tsr_value *quotient = canon_match_multiple(high, n);
  const tsr_op *div = quotient ? canon_match(quotient, TSR_OP_div) : NULL;
  bool is_rejoined = div && canon_are_same(right(div), n) &&
                     canon_are_same(left(div), left(rem));
  return is_rejoined ? left(rem) : NULL;
}

// x + d where x is y - c, or x - d where x is y + c; a difference that stands
// in the text does not go below zero, so constants may join.
static tsr_value *move_number(tsr_rewriter *r, tsr_op *op, int64_t by,
                              tsr_value *y) {
  if (by == 0)
    return y;
  return tsr_build_binary(&r->at, by > 0 ? TSR_OP_add : TSR_OP_sub,
                          tsr_value_get_type(tsr_op_result(op, 0)), y,
                          index_of(r, by > 0 ? by : -by));
}

static tsr_value *fold_add(tsr_rewriter *r, tsr_op *op) {
  tsr_value *a = left(op), *b = right(op), *y;
  int64_t c, d;
  if (canon_is_number(b, 0))
    return a;
  if (tsr_value_is_index(b, &d) && canon_match_number(a, TSR_OP_sub, &y, &c))
    return move_number(r, op, d - c, y);
  tsr_value *whole = match_rejoined(a, b);
  return whole ? whole : match_rejoined(b, a);
}

static tsr_value *fold_sub(tsr_rewriter *r, tsr_op *op) {
  tsr_value *a = left(op), *b = right(op), *y;
  int64_t c, d;
  if (canon_is_number(b, 0))
    return a;
  if (canon_are_same(a, b))
    return index_of(r, 0);
  if (tsr_value_is_index(b, &d) && canon_match_number(a, TSR_OP_add, &y, &c) &&
      tsr_type_get_kind(tsr_value_get_type(y)) == TSR_TYPE_INDEX)
    return move_number(r, op, c - d, y);
  const tsr_op *sum = canon_match(a, TSR_OP_add);
  for (size_t i = 0; sum && i < 2; i++)
    if (canon_are_same(tsr_op_operand(sum, i), b))
      return tsr_op_operand(sum, 1 - i);
  return NULL;
}

static tsr_value *fold_mul(tsr_rewriter *r, tsr_op *op) {
  (void)r;
  tsr_value *a = left(op), *b = right(op);
  if (canon_is_number(b, 0))
    return b;
  return canon_is_number(b, 1) ? a : NULL;
}

// -- division -----------------------------------------------------------------

// Reads `value` as high * n + low with low < n; false when it is not known to
// be that. `*out_high` or `*out_low` is NULL for zero.
static bool match_digits(tsr_value *value, const tsr_value *n,
                         tsr_value **out_high, tsr_value **out_low) {
  *out_low = NULL;
  *out_high = canon_match_multiple(value, n);
  if (*out_high)
    return true;
  if (canon_is_less(value, n)) {
    *out_low = value;
    return true;
  }
  const tsr_op *sum = canon_match(value, TSR_OP_add);
  for (size_t i = 0; sum && i < 2; i++) {
    *out_high = canon_match_multiple(tsr_op_operand(sum, i), n);
    *out_low = tsr_op_operand(sum, 1 - i);
    if (*out_high && canon_is_less(*out_low, n))
      return true;
  }
  return false;
}

// Reads `value` as x * (k * n), or for n a multiple of c as x * c, n = k * c.
static bool match_scaled(const tsr_value *value, int64_t n, tsr_value **out_x,
                         int64_t *out_k, bool *out_is_multiple) {
  int64_t c;
  if (!canon_match_number(value, TSR_OP_mul, out_x, &c) || c == 0)
    return false;
  *out_is_multiple = c % n == 0;
  *out_k = *out_is_multiple ? c / n : n / c;
  return *out_is_multiple || n % c == 0;
}

static tsr_value *build_by(tsr_rewriter *r, tsr_op_kind kind, tsr_value *x,
                           int64_t number) {
  return tsr_build_index(&r->at, kind, x, index_of(r, number));
}

// By a number: x * c / n, and (x * c + low) / n where n divides c, or where low
// stays below c, and c divides n.
static tsr_value *divide_by_number(tsr_rewriter *r, tsr_value *a, int64_t n) {
  tsr_value *x;
  int64_t k;
  bool is_multiple;
  if (match_scaled(a, n, &x, &k, &is_multiple))
    return build_by(r, is_multiple ? TSR_OP_mul : TSR_OP_div, x, k);
  const tsr_op *sum = canon_match(a, TSR_OP_add);
  for (size_t i = 0; sum && i < 2; i++) {
    const tsr_value *high = tsr_op_operand(sum, i);
    tsr_value *low = tsr_op_operand(sum, 1 - i);
    if (!match_scaled(high, n, &x, &k, &is_multiple))
      continue;
    const tsr_value *limit = index_of(r, is_multiple ? n : n / k);
    if (canon_is_less(low, limit))
      return build_by(r, is_multiple ? TSR_OP_mul : TSR_OP_div, x, k);
  }
  return NULL;
}

static tsr_value *fold_div(tsr_rewriter *r, tsr_op *op) {
  tsr_value *a = left(op), *b = right(op);
  int64_t n;
  if (canon_is_number(b, 0))
    return NULL;
  if (canon_is_number(b, 1) || canon_is_number(a, 0))
    return a;
  if (canon_are_same(a, b)) // a divisor is not 0
    return index_of(r, 1);
  tsr_value *high, *low;
  if (match_digits(a, b, &high, &low))
    return high ? high : index_of(r, 0);
  return tsr_value_is_index(b, &n) && n > 0 ? divide_by_number(r, a, n) : NULL;
}

// By a number: what n divides goes, at any place of a sum or inside of another
// remainder.
static tsr_value *remainder_by_number(tsr_rewriter *r, tsr_value *a,
                                      int64_t n) {
  tsr_value *x;
  int64_t c;
  if (canon_match_number(a, TSR_OP_rem, &x, &c) && c > 0 && c % n == 0)
    return build_by(r, TSR_OP_rem, x, n);
  if (canon_match_number(a, TSR_OP_mul, &x, &c) && c % n == 0)
    return index_of(r, 0);
  const tsr_op *sum = canon_match(a, TSR_OP_add);
  for (size_t i = 0; sum && i < 2; i++)
    if (canon_match_number(tsr_op_operand(sum, i), TSR_OP_mul, &x, &c) &&
        c % n == 0)
      return build_by(r, TSR_OP_rem, tsr_op_operand(sum, 1 - i), n);
  return NULL;
}

static tsr_value *fold_rem(tsr_rewriter *r, tsr_op *op) {
  tsr_value *a = left(op), *b = right(op);
  int64_t n;
  if (canon_is_number(b, 0))
    return NULL;
  if (canon_is_number(a, 0))
    return a;
  if (canon_is_number(b, 1) || canon_are_same(a, b))
    return index_of(r, 0);
  tsr_value *high, *low;
  if (match_digits(a, b, &high, &low))
    return low ? low : index_of(r, 0);
  return tsr_value_is_index(b, &n) && n > 0 ? remainder_by_number(r, a, n)
                                            : NULL;
}

// -- order --------------------------------------------------------------------

static tsr_value *fold_min(tsr_rewriter *r, tsr_op *op) {
  (void)r;
  tsr_value *a = left(op), *b = right(op);
  if (canon_is_number(b, 0) || canon_is_less(b, a) || canon_is_at_most(b, a))
    return b;
  bool is_first =
      canon_are_same(a, b) || canon_is_less(a, b) || canon_is_at_most(a, b);
  return is_first ? a : NULL;
}

static tsr_value *fold_max(tsr_rewriter *r, tsr_op *op) {
  (void)r;
  tsr_value *a = left(op), *b = right(op);
  if (canon_is_number(b, 0) || canon_are_same(a, b) || canon_is_less(b, a) ||
      canon_is_at_most(b, a))
    return a;
  return canon_is_less(a, b) || canon_is_at_most(a, b) ? b : NULL;
}

// What a comparison gives when its left side is less, equal or greater, and
// which comparison says the same with the sides exchanged.
typedef struct predicate {
  const char *name, *mirrored;
  bool if_less, if_equal, if_greater;
} predicate;

static const predicate *get_predicate(const tsr_op *cmp) {
  static const predicate predicates[] = {
      {"eq", "eq", false, true, false}, {"ne", "ne", true, false, true},
      {"lt", "gt", true, false, false}, {"le", "ge", true, true, false},
      {"gt", "lt", false, false, true}, {"ge", "le", false, true, true},
  };
  const char *name = tsr_op_get_text(cmp, "predicate");
  size_t i = 0;
  while (strcmp(predicates[i].name, name) != 0)
    i++;
  return &predicates[i];
}

static bool mirror_cmp(tsr_rewriter *r, tsr_op *op) {
  const char *mirrored = get_predicate(op)->mirrored;
  if (!move_constant_last(r, op))
    return false;
  tsr_op_set_keyword(op, "predicate", mirrored);
  return true;
}

static tsr_value *fold_cmp(tsr_rewriter *r, tsr_op *op) {
  tsr_value *a = left(op), *b = right(op);
  const predicate *p = get_predicate(op);
  if (canon_are_same(a, b))
    return bool_of(r, p->if_equal);
  if (canon_is_less(a, b))
    return bool_of(r, p->if_less);
  if (canon_is_less(b, a))
    return bool_of(r, p->if_greater);
  if (p->if_equal == p->if_greater && canon_is_at_most(b, a))
    return bool_of(r, p->if_equal);
  if (p->if_equal == p->if_less && canon_is_at_most(a, b))
    return bool_of(r, p->if_equal);
  return NULL;
}

// Numbers on both sides meet on the right: x + 2 < 5 is x < 3.
static bool move_cmp_number(tsr_rewriter *r, tsr_op *op) {
  tsr_value *x;
  int64_t c, d;
  if (!tsr_value_is_index(right(op), &d) ||
      !canon_match_number(left(op), TSR_OP_add, &x, &c) || d < c)
    return false;
  set_both(r, op, x, index_of(r, d - c));
  return true;
}

static tsr_value *fold_select(tsr_rewriter *r, tsr_op *op) {
  (void)r;
  const tsr_value *condition = tsr_op_operand(op, 0);
  tsr_value *a = tsr_op_operand(op, 1), *b = tsr_op_operand(op, 2);
  if (canon_are_same(a, b))
    return a;
  if (!tsr_value_is_constant(condition))
    return NULL;
  return tsr_value_get_constant(condition) ? a : b;
}

// a < b ? a : b is the smaller, and so on.
static tsr_value *fold_select_to_order(tsr_rewriter *r, tsr_op *op) {
  const tsr_op *cmp = canon_match(tsr_op_operand(op, 0), TSR_OP_cmp);
  tsr_value *a = tsr_op_operand(op, 1), *b = tsr_op_operand(op, 2);
  const tsr_type *type = tsr_value_get_type(tsr_op_result(op, 0));
  if (!cmp || tsr_type_get_kind(type) != TSR_TYPE_INDEX)
    return NULL;
  const predicate *p = get_predicate(cmp);
  bool is_kept = left(cmp) == a && right(cmp) == b;
  bool is_swapped = left(cmp) == b && right(cmp) == a;
  if (p->if_less == p->if_greater || (!is_kept && !is_swapped))
    return NULL;
  return tsr_build_binary(
      &r->at, p->if_less == is_kept ? TSR_OP_min : TSR_OP_max, type, a, b);
}

// -- the table ----------------------------------------------------------------

// Numbers first, then one form, and what needs to look far last.
enum { AT_ONCE = 3, ONE_FORM = 2, BY_FACTS = 1 };

#define BINARY(kind, fold_by_facts)                                            \
  {TSR_OP_##kind, "fold-numbers", AT_ONCE, .fold = fold_numbers}, {            \
    TSR_OP_##kind, "fold-" #kind, BY_FACTS, .fold = fold_by_facts              \
  }
#define COMMUTATIVE(kind)                                                      \
  {TSR_OP_##kind, "move-constant-last", ONE_FORM, .apply = move_constant_last}
#define JOINING(kind)                                                          \
  {TSR_OP_##kind, "join-constants", ONE_FORM, .apply = join_constants}

static const tsr_pattern rules[] = {
    BINARY(add, fold_add),
    COMMUTATIVE(add),
    JOINING(add),
    BINARY(sub, fold_sub),
    JOINING(sub),
    BINARY(mul, fold_mul),
    COMMUTATIVE(mul),
    JOINING(mul),
    BINARY(div, fold_div),
    JOINING(div),
    BINARY(rem, fold_rem),
    BINARY(min, fold_min),
    COMMUTATIVE(min),
    JOINING(min),
    BINARY(max, fold_max),
    COMMUTATIVE(max),
    JOINING(max),
    {TSR_OP_cmp, "mirror-cmp", ONE_FORM, .apply = mirror_cmp},
    {TSR_OP_cmp, "move-cmp-number", ONE_FORM, .apply = move_cmp_number},
    {TSR_OP_cmp, "fold-cmp", BY_FACTS, .fold = fold_cmp},
    {TSR_OP_select, "fold-select", BY_FACTS, .fold = fold_select},
    {TSR_OP_select, "fold-select-to-order", BY_FACTS,
     .fold = fold_select_to_order},
};

tsr_pattern_set canon_index_rules(void) {
  return (tsr_pattern_set){rules, sizeof rules / sizeof *rules};
}
