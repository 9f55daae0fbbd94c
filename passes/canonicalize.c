// canonicalize: fold what is known and give index arithmetic one form.
//
// Passes build indices without looking: an iteration number is taken apart into
// coordinates and put together again as a page number. The rules here undo
// that, so that kernels compute no more than they need.
//
// Indices are at least 0 and, in kernels, 32 bits wide: no rule makes a
// difference go below zero or a number reach 2^31. Sizes of buffers are values,
// not numbers, although the type knows them: a rule may not use what they are
// now, or kernels could not take them at run time.
//
// One sweep visits every op once, definitions before uses, so a second one only
// finds what loops and inlined blocks bring. Every rule removes an op or moves
// a constant to where no rule moves it away, so sweeps come to an end.

#include "tessera/pass.h"
#include "tessera/support.h"

#include <string.h>

typedef struct rewriter {
  tsr_module *module;
  bool changed; // in this sweep
} rewriter;

// What an op's result is worth: another value, or NULL when the op stays (it
// may have got other operands).
typedef tsr_value *rule_fn(rewriter *r, tsr_op *op);

// How far rules look into operands of operands. Kernels nest index arithmetic
// a few levels deep.
enum { MAX_DEPTH = 4 };

// -- looking at values --------------------------------------------------------

static tsr_value *index_of(rewriter *r, int64_t number) {
  return tsr_module_index(r->module, number);
}

static bool is_number(const tsr_value *value, int64_t number) {
  int64_t found;
  return tsr_value_is_index(value, &found) && found == number;
}

// The op of `kind` that defines `value`, or NULL.
static tsr_op *match(const tsr_value *value, tsr_op_kind kind) {
  tsr_op *def = tsr_value_get_def(value);
  return tsr_op_is(def, kind) ? def : NULL;
}

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

// The values are the same number, be it computed twice.
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

static bool are_same(const tsr_value *a, const tsr_value *b) {
  return is_same(a, b, MAX_DEPTH);
}

// The other factor when `value` is a product with `factor`, else NULL.
static tsr_value *match_multiple(const tsr_value *value,
                                 const tsr_value *factor) {
  const tsr_op *mul = match(value, TSR_OP_mul);
  if (!mul)
    return NULL;
  for (size_t i = 0; i < 2; i++)
    if (are_same(tsr_op_operand(mul, i), factor))
      return tsr_op_operand(mul, 1 - i);
  return NULL;
}

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
    return are_same(y, b) || is_less(y, b, depth) || is_less(x, b, depth);
  if (tsr_op_is(op, TSR_OP_min))
    return is_less(x, b, depth) || is_less(y, b, depth);
  if (tsr_op_is(op, TSR_OP_max))
    return is_less(x, b, depth) && is_less(y, b, depth);
  if (tsr_op_is(op, TSR_OP_select))
    return is_less(y, b, depth) && is_less(tsr_op_operand(op, 2), b, depth);
  if (tsr_op_is(op, TSR_OP_sub) && tsr_value_is_index(y, &number) &&
      number > 0 && are_same(x, b))
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
    return are_same(count, b) || is_less(count, b, depth - 1);
  const tsr_op *op = tsr_value_get_def(a);
  return op && tsr_op_has_trait(op, TSR_TRAIT_INDEX_MATH) &&
         !tsr_op_is(op, TSR_OP_cmp) && is_result_less(op, b, depth - 1);
}

// `a` is below `b` in every run.
static bool is_always_less(const tsr_value *a, const tsr_value *b) {
  return is_less(a, b, MAX_DEPTH);
}

// -- index arithmetic ---------------------------------------------------------

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

// Both operands are numbers.
static tsr_value *fold(rewriter *r, const tsr_op *op) {
  int64_t a, b, result;
  if (!tsr_value_is_index(tsr_op_operand(op, 0), &a) ||
      !tsr_value_is_index(tsr_op_operand(op, 1), &b) || a < 0 || b < 0 ||
      !compute(tsr_op_get_kind(op), a, b, &result))
    return NULL;
  return index_of(r, result);
}

static void set_operands(rewriter *r, tsr_op *op, tsr_value *a, tsr_value *b) {
  tsr_op_set_operand(op, 0, a);
  tsr_op_set_operand(op, 1, b);
  r->changed = true;
}

static void move_constant_last(rewriter *r, tsr_op *op) {
  tsr_value *a = tsr_op_operand(op, 0), *b = tsr_op_operand(op, 1);
  if (tsr_value_is_constant(a) && !tsr_value_is_constant(b))
    set_operands(r, op, b, a);
}

// (x op c) op d -> x op (c with d), where `with` says how the constants join.
static void join_constants(rewriter *r, tsr_op *op, tsr_op_kind with) {
  const tsr_op *inner = match(tsr_op_operand(op, 0), tsr_op_get_kind(op));
  int64_t c, d, joined;
  if (inner && tsr_value_is_index(tsr_op_operand(inner, 1), &c) &&
      tsr_value_is_index(tsr_op_operand(op, 1), &d) && c >= 0 && d >= 0 &&
      compute(with, c, d, &joined))
    set_operands(r, op, tsr_op_operand(inner, 0), index_of(r, joined));
}

// x / n * n + x % n: the number that was taken apart.
static tsr_value *match_rejoined(tsr_value *high, tsr_value *low) {
  const tsr_op *rem = match(low, TSR_OP_rem);
  if (!rem)
    return NULL;
  tsr_value *n = tsr_op_operand(rem, 1);
  const tsr_value *quotient = match_multiple(high, n);
  const tsr_op *div = quotient ? match(quotient, TSR_OP_div) : NULL;
  bool is_rejoined = div && are_same(tsr_op_operand(div, 1), n) &&
                     are_same(tsr_op_operand(div, 0), tsr_op_operand(rem, 0));
  return is_rejoined ? tsr_op_operand(rem, 0) : NULL;
}

static tsr_value *simplify_add(rewriter *r, tsr_op *op) {
  move_constant_last(r, op);
  join_constants(r, op, TSR_OP_add);
  tsr_value *a = tsr_op_operand(op, 0), *b = tsr_op_operand(op, 1);
  if (is_number(b, 0))
    return a;
  tsr_value *whole = match_rejoined(a, b);
  return whole ? whole : match_rejoined(b, a);
}

static tsr_value *simplify_sub(rewriter *r, tsr_op *op) {
  tsr_value *a = tsr_op_operand(op, 0), *b = tsr_op_operand(op, 1);
  if (is_number(b, 0))
    return a;
  if (are_same(a, b))
    return index_of(r, 0);
  join_constants(r, op, TSR_OP_add); // (x - c) - d
  const tsr_op *sum = match(a, TSR_OP_add);
  if (!sum)
    return NULL;
  for (size_t i = 0; i < 2; i++)
    if (are_same(tsr_op_operand(sum, i), b))
      return tsr_op_operand(sum, 1 - i);
  return NULL;
}

static tsr_value *simplify_mul(rewriter *r, tsr_op *op) {
  move_constant_last(r, op);
  join_constants(r, op, TSR_OP_mul);
  tsr_value *a = tsr_op_operand(op, 0), *b = tsr_op_operand(op, 1);
  if (is_number(b, 0))
    return b;
  return is_number(b, 1) ? a : NULL;
}

// Reads `value` as high * n + low with low < n; false when it is not known to
// be that. `*out_high` or `*out_low` is NULL for zero.
static bool match_digits(tsr_value *value, const tsr_value *n,
                         tsr_value **out_high, tsr_value **out_low) {
  *out_low = NULL;
  *out_high = match_multiple(value, n);
  if (*out_high)
    return true;
  if (is_always_less(value, n)) {
    *out_low = value;
    return true;
  }
  const tsr_op *sum = match(value, TSR_OP_add);
  for (size_t i = 0; sum && i < 2; i++) {
    *out_high = match_multiple(tsr_op_operand(sum, i), n);
    *out_low = tsr_op_operand(sum, 1 - i);
    if (*out_high && is_always_less(*out_low, n))
      return true;
  }
  return false;
}

static tsr_value *simplify_div(rewriter *r, tsr_op *op) {
  join_constants(r, op, TSR_OP_mul);
  tsr_value *a = tsr_op_operand(op, 0), *b = tsr_op_operand(op, 1);
  if (is_number(b, 0))
    return NULL;
  if (is_number(b, 1) || is_number(a, 0))
    return a;
  if (are_same(a, b)) // a divisor is not 0
    return index_of(r, 1);
  tsr_value *high, *low;
  if (!match_digits(a, b, &high, &low))
    return NULL;
  return high ? high : index_of(r, 0);
}

static tsr_value *simplify_rem(rewriter *r, tsr_op *op) {
  tsr_value *a = tsr_op_operand(op, 0), *b = tsr_op_operand(op, 1);
  if (is_number(b, 0))
    return NULL;
  if (is_number(a, 0))
    return a;
  if (is_number(b, 1) || are_same(a, b))
    return index_of(r, 0);
  tsr_value *high, *low;
  if (!match_digits(a, b, &high, &low))
    return NULL;
  return low ? low : index_of(r, 0);
}

static tsr_value *simplify_min(rewriter *r, tsr_op *op) {
  move_constant_last(r, op);
  join_constants(r, op, TSR_OP_min);
  tsr_value *a = tsr_op_operand(op, 0), *b = tsr_op_operand(op, 1);
  if (is_number(b, 0) || is_always_less(b, a))
    return b;
  return are_same(a, b) || is_always_less(a, b) ? a : NULL;
}

static tsr_value *simplify_max(rewriter *r, tsr_op *op) {
  move_constant_last(r, op);
  join_constants(r, op, TSR_OP_max);
  tsr_value *a = tsr_op_operand(op, 0), *b = tsr_op_operand(op, 1);
  if (is_number(b, 0) || are_same(a, b) || is_always_less(b, a))
    return a;
  return is_always_less(a, b) ? b : NULL;
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

static tsr_value *simplify_cmp(rewriter *r, tsr_op *op) {
  tsr_value *a = tsr_op_operand(op, 0), *b = tsr_op_operand(op, 1);
  if (tsr_value_is_constant(a) && !tsr_value_is_constant(b)) {
    tsr_op_set_keyword(op, "predicate", get_predicate(op)->mirrored);
    move_constant_last(r, op);
    a = tsr_op_operand(op, 0), b = tsr_op_operand(op, 1);
  }
  const predicate *p = get_predicate(op);
  if (are_same(a, b))
    return tsr_module_bool(r->module, p->if_equal);
  if (is_always_less(a, b))
    return tsr_module_bool(r->module, p->if_less);
  if (is_always_less(b, a))
    return tsr_module_bool(r->module, p->if_greater);
  // Nothing is below 0.
  if (is_number(b, 0) && p->if_equal == p->if_greater)
    return tsr_module_bool(r->module, p->if_equal);
  return NULL;
}

static tsr_value *simplify_select(rewriter *r, tsr_op *op) {
  (void)r;
  const tsr_value *condition = tsr_op_operand(op, 0);
  tsr_value *a = tsr_op_operand(op, 1), *b = tsr_op_operand(op, 2);
  if (are_same(a, b))
    return a;
  if (!tsr_value_is_constant(condition))
    return NULL;
  return tsr_value_get_constant(condition) ? a : b;
}

// -- tiles --------------------------------------------------------------------

// `value` if it may stand for the op's result.
static tsr_value *if_same_type(const tsr_op *op, tsr_value *value) {
  const tsr_type *type = tsr_value_get_type(tsr_op_result(op, 0));
  return tsr_value_get_type(value) == type ? value : NULL;
}

static bool is_widening(const tsr_op *cast) {
  const tsr_type *from = tsr_value_get_type(tsr_op_operand(cast, 0));
  const tsr_type *to = tsr_value_get_type(tsr_op_result(cast, 0));
  return tsr_element_get_info(tsr_type_get_element(from))->mantissa_bits <=
         tsr_element_get_info(tsr_type_get_element(to))->mantissa_bits;
}

static tsr_value *simplify_cast(rewriter *r, tsr_op *op) {
  (void)r;
  tsr_value *a = tsr_op_operand(op, 0);
  if (if_same_type(op, a))
    return a;
  const tsr_op *inner = match(a, TSR_OP_tile_cast);
  return inner && is_widening(inner)
             ? if_same_type(op, tsr_op_operand(inner, 0))
             : NULL;
}

// An op that done twice gives back what it was given.
static tsr_value *simplify_involution(rewriter *r, tsr_op *op) {
  (void)r;
  const tsr_op *inner = match(tsr_op_operand(op, 0), tsr_op_get_kind(op));
  if (!inner || !if_same_type(op, tsr_op_operand(op, 0)))
    return NULL;
  return if_same_type(op, tsr_op_operand(inner, 0));
}

// An op that done twice does no more than done once.
static tsr_value *simplify_idempotent(rewriter *r, tsr_op *op) {
  (void)r;
  tsr_value *a = tsr_op_operand(op, 0);
  return match(a, tsr_op_get_kind(op)) ? if_same_type(op, a) : NULL;
}

static tsr_value *simplify_tile_max(rewriter *r, tsr_op *op) {
  (void)r;
  tsr_value *a = tsr_op_operand(op, 0);
  return a == tsr_op_operand(op, 1) ? if_same_type(op, a) : NULL;
}

static tsr_value *simplify_mask(rewriter *r, tsr_op *op) {
  (void)r;
  tsr_value *a = tsr_op_operand(op, 0);
  const tsr_type_desc *desc = tsr_type_get_desc(tsr_value_get_type(a));
  bool keeps_all = is_number(tsr_op_operand(op, 1),
                             (int64_t)desc->block_rows * TSR_TILE_SIDE) &&
                   is_number(tsr_op_operand(op, 2),
                             (int64_t)desc->block_cols * TSR_TILE_SIDE);
  return keeps_all ? if_same_type(op, a) : NULL;
}

static tsr_value *simplify_where(rewriter *r, tsr_op *op) {
  (void)r;
  tsr_value *a = tsr_op_operand(op, 1);
  return a == tsr_op_operand(op, 2) ? if_same_type(op, a) : NULL;
}

// -- control flow -------------------------------------------------------------

// Moves the ops of `block`, which ends in a yield or nothing, in front of the
// op that holds it, and gives that op's results the yielded values.
static void inline_block(tsr_block *block) {
  tsr_op *outer = tsr_block_get_parent(block);
  const tsr_op *yield = tsr_block_terminator(block);
  for (size_t i = 0; i < tsr_op_result_count(outer); i++)
    tsr_value_replace_uses(tsr_op_result(outer, i), tsr_op_operand(yield, i));
  for (tsr_op *op = tsr_block_first(block), *next; op && op != yield;
       op = next) {
    next = tsr_op_next(op);
    tsr_op_remove(op);
    tsr_op_insert_before(op, outer);
  }
}

// Returns true when nothing is left of the op but itself.
static bool simplify_if(tsr_op *op) {
  const tsr_value *condition = tsr_op_operand(op, 0);
  bool has_else = tsr_op_block_count(op) > 1;
  if (tsr_value_is_constant(condition)) {
    if (tsr_value_get_constant(condition))
      inline_block(tsr_op_block(op, 0));
    else if (has_else)
      inline_block(tsr_op_block(op, 1));
    return true;
  }
  if (tsr_op_result_count(op) == 0)
    return false;
  const tsr_op *a = tsr_block_terminator(tsr_op_block(op, 0));
  const tsr_op *b = tsr_block_terminator(tsr_op_block(op, 1));
  for (size_t i = 0; i < tsr_op_result_count(op); i++)
    if (tsr_op_operand(a, i) == tsr_op_operand(b, i))
      tsr_value_replace_uses(tsr_op_result(op, i), tsr_op_operand(a, i));
  return false;
}

// Iterations of a loop whose bounds are numbers; false when they are not.
static bool get_trip_count(const tsr_op *loop, int64_t *out_trips) {
  int64_t from, to, step;
  if (tsr_op_operand(loop, 0) == tsr_op_operand(loop, 1)) {
    *out_trips = 0;
    return true;
  }
  if (!tsr_value_is_index(tsr_op_operand(loop, 0), &from) ||
      !tsr_value_is_index(tsr_op_operand(loop, 1), &to) ||
      !tsr_value_is_index(tsr_op_operand(loop, 2), &step) || from < 0 ||
      step < 1)
    return false;
  *out_trips = from < to ? (to - from - 1) / step + 1 : 0;
  return true;
}

static bool carries_tiles(const tsr_op *loop) {
  for (size_t i = 0; i < tsr_op_result_count(loop); i++)
    if (tsr_type_get_kind(tsr_value_get_type(tsr_op_result(loop, i))) ==
        TSR_TYPE_TILE)
      return true;
  return false;
}

// A value that every iteration hands on unchanged is not carried.
static void replace_unchanged(rewriter *r, const tsr_op *loop) {
  const tsr_block *body = tsr_op_block(loop, 0);
  const tsr_op *yield = tsr_block_terminator(body);
  for (size_t i = 0; i < tsr_op_result_count(loop); i++) {
    tsr_value *initial = tsr_op_group_operand(loop, 3, i);
    tsr_value *carried = tsr_block_arg(body, 1 + i);
    tsr_value *result = tsr_op_result(loop, i);
    const tsr_value *next = tsr_op_operand(yield, i);
    bool is_used = tsr_value_has_uses(carried) || tsr_value_has_uses(result);
    if (!is_used || (next != carried && next != initial))
      continue;
    tsr_value_replace_uses(carried, initial);
    tsr_value_replace_uses(result, initial);
    r->changed = true;
  }
}

// Returns true when nothing is left of the op but itself.
static bool simplify_for(rewriter *r, tsr_op *loop) {
  int64_t trips;
  tsr_block *body = tsr_op_block(loop, 0);
  bool is_known = get_trip_count(loop, &trips);
  if (is_known && trips == 0) {
    for (size_t i = 0; i < tsr_op_result_count(loop); i++)
      tsr_value_replace_uses(tsr_op_result(loop, i),
                             tsr_op_group_operand(loop, 3, i));
    return true;
  }
  // Where an accumulator is carried, allocate-dst wants to see the loop that
  // says so, however short.
  if (is_known && trips == 1 && !carries_tiles(loop)) {
    tsr_value_replace_uses(tsr_block_arg(body, 0), tsr_op_operand(loop, 0));
    for (size_t i = 0; i < tsr_op_result_count(loop); i++)
      tsr_value_replace_uses(tsr_block_arg(body, 1 + i),
                             tsr_op_group_operand(loop, 3, i));
    inline_block(body);
    return true;
  }
  replace_unchanged(r, loop);
  return false;
}

// -- the sweep ----------------------------------------------------------------

static rule_fn *const rules[TSR_OP_COUNT] = {
    [TSR_OP_add] = simplify_add,
    [TSR_OP_sub] = simplify_sub,
    [TSR_OP_mul] = simplify_mul,
    [TSR_OP_div] = simplify_div,
    [TSR_OP_rem] = simplify_rem,
    [TSR_OP_min] = simplify_min,
    [TSR_OP_max] = simplify_max,
    [TSR_OP_cmp] = simplify_cmp,
    [TSR_OP_select] = simplify_select,
    [TSR_OP_tile_cast] = simplify_cast,
    [TSR_OP_tile_neg] = simplify_involution,
    [TSR_OP_tile_relu] = simplify_idempotent,
    [TSR_OP_tile_max] = simplify_tile_max,
    [TSR_OP_tile_mask] = simplify_mask,
    [TSR_OP_tile_where] = simplify_where,
};

static tsr_value *simplify(rewriter *r, tsr_op *op) {
  rule_fn *rule = rules[tsr_op_get_kind(op)];
  // A tile op with a DST slot changes that slot: its place matters.
  if (!rule || tsr_op_get_attr(op, "dst"))
    return NULL;
  bool is_binary_index = tsr_op_has_trait(op, TSR_TRAIT_INDEX_MATH) &&
                         !tsr_op_is(op, TSR_OP_cmp) &&
                         !tsr_op_is(op, TSR_OP_select);
  tsr_value *number = is_binary_index ? fold(r, op) : NULL;
  return number ? number : rule(r, op);
}

// Returns true when the op has been emptied and can go.
static bool simplify_op(rewriter *r, tsr_op *op) {
  if (tsr_op_is(op, TSR_OP_if_))
    return simplify_if(op);
  if (tsr_op_is(op, TSR_OP_for_))
    return simplify_for(r, op);
  tsr_value *value = simplify(r, op);
  if (!value)
    return false;
  tsr_value_replace_uses(tsr_op_result(op, 0), value);
  return true;
}

static void sweep_block(rewriter *r, tsr_block *block) {
  tsr_op *op = tsr_block_first(block);
  while (op) {
    tsr_op *before = tsr_op_prev(op);
    if (simplify_op(r, op)) {
      tsr_op_erase(op);
      r->changed = true;
      // Go on with what was inlined in its place.
      op = before ? tsr_op_next(before) : tsr_block_first(block);
      continue;
    }
    if (!tsr_op_is(op, TSR_OP_reference))
      for (size_t i = 0; i < tsr_op_block_count(op); i++)
        sweep_block(r, tsr_op_block(op, i));
    op = tsr_op_next(op);
  }
}

tsr_result tsr_pass_canonicalize(tsr_pass_env *env, tsr_module *module) {
  (void)env;
  rewriter r = {.module = module, .changed = true};
  while (r.changed) {
    r.changed = false;
    sweep_block(&r, tsr_module_block(module));
  }
  return TSR_OK;
}
