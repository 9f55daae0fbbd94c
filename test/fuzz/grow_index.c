#include "grow_index.h"

enum { MOST_INDEX = 1 << 12, MAX_INDEX_DEPTH = 3 };

static grown_index grow(index_scope *s, uint32_t depth);
static tsr_value *grow_comparison(index_scope *s, uint32_t depth);

void index_scope_add(index_scope *s, tsr_value *value, uint32_t least,
                     uint32_t most) {
  if (s->count < GROWN_INDICES_MAX)
    s->known[s->count++] = (grown_index){value, least, most};
}

static grown_index number(const index_scope *s, uint32_t n) {
  return (grown_index){tsr_module_index(s->module, n), n, n};
}

static uint32_t smaller(uint32_t a, uint32_t b) { return a < b ? a : b; }
static uint32_t larger(uint32_t a, uint32_t b) { return a > b ? a : b; }

// Not folded, unlike tsr_build_index: that is what passes are for.
static grown_index build(index_scope *s, tsr_op_kind kind, grown_index a,
                         grown_index b, uint32_t least, uint32_t most) {
  const tsr_type *type = tsr_type_index(tsr_module_get_context(s->module));
  tsr_value *made = tsr_build_binary(s->at, kind, type, a.value, b.value);
  index_scope_add(s, made, least, most);
  return (grown_index){made, least, most};
}

static grown_index add(index_scope *s, grown_index a, grown_index b) {
  if (a.most + b.most > MOST_INDEX)
    return a;
  return build(s, TSR_OP_add, a, b, a.least + b.least, a.most + b.most);
}

// `b` is known to be at most `a` in every run, whatever the bounds say.
static grown_index subtract(index_scope *s, grown_index a, grown_index b) {
  uint32_t least = a.least > b.most ? a.least - b.most : 0;
  return build(s, TSR_OP_sub, a, b, least,
               a.most > b.least ? a.most - b.least : 0);
}

static grown_index multiply(index_scope *s, grown_index a, grown_index b) {
  if (a.most * b.most > MOST_INDEX)
    return a;
  return build(s, TSR_OP_mul, a, b, a.least * b.least, a.most * b.most);
}

static grown_index divide(index_scope *s, grown_index a, grown_index n) {
  return build(s, TSR_OP_div, a, n, a.least / n.most, a.most / n.least);
}

static grown_index remain(index_scope *s, grown_index a, grown_index n) {
  return build(s, TSR_OP_rem, a, n, 0, smaller(a.most, n.most - 1));
}

static grown_index take_min(index_scope *s, grown_index a, grown_index b) {
  return build(s, TSR_OP_min, a, b, smaller(a.least, b.least),
               smaller(a.most, b.most));
}

static grown_index take_max(index_scope *s, grown_index a, grown_index b) {
  return build(s, TSR_OP_max, a, b, larger(a.least, b.least),
               larger(a.most, b.most));
}

// A value that is never 0: mostly a number.
static grown_index grow_divisor(index_scope *s, uint32_t depth) {
  if (chance(s->c, 70))
    return number(s, 1 + choose(s->c, 8));
  return take_max(s, grow(s, depth), number(s, 1 + choose(s->c, 3)));
}

// -- differences --------------------------------------------------------------

static grown_index grow_difference(index_scope *s, uint32_t depth) {
  grown_index a = grow(s, depth), b = grow(s, depth);
  uint32_t c = choose(s->c, 6);
  switch (choose(s->c, 10)) {
  case 0: // x + y - x
    if (a.most + b.most > MOST_INDEX)
      return a;
    return subtract(s, add(s, a, b), chance(s->c, 50) ? a : b);
  case 1:
    return subtract(s, a, take_min(s, a, b));
  case 2:
    return subtract(s, take_max(s, a, b), chance(s->c, 50) ? a : b);
  case 3: { // x + c - d
    grown_index more = number(s, c + choose(s->c, 3));
    if (a.most + more.most > MOST_INDEX)
      return a;
    return subtract(s, add(s, a, more), number(s, c));
  }
  case 4: // c - x
    return subtract(s, number(s, a.most + c), a);
  case 5:
    return subtract(s, a, remain(s, a, number(s, 1 + c)));
  case 6: { // x - c + d
    grown_index less = subtract(s, a, number(s, smaller(c, a.least)));
    return add(s, less, number(s, choose(s->c, 6)));
  }
  case 7: // x * c - x
    return subtract(s, multiply(s, a, number(s, 1 + c)), a);
  default: { // x - c - d
    uint32_t d = choose(s->c, 4);
    grown_index rest =
        subtract(s, take_max(s, a, number(s, c + d)), number(s, c));
    return subtract(s, rest, number(s, d));
  }
  }
}

// -- digits -------------------------------------------------------------------

// Taking apart by division and putting together again; n and k divide or do
// not divide each other.
static grown_index grow_digits(index_scope *s, uint32_t depth) {
  grown_index a = grow(s, depth), b = grow(s, depth);
  grown_index n = number(s, 1 + choose(s->c, 6));
  grown_index k = number(s, chance(s->c, 50) ? n.most * (1 + choose(s->c, 3))
                                             : 1 + choose(s->c, 12));
  grown_index scaled = multiply(s, a, n);
  switch (choose(s->c, 11)) {
  case 0: { // x / n * n + x % n
    grown_index high = multiply(s, divide(s, a, n), n);
    grown_index low = remain(s, a, chance(s->c, 80) ? n : k);
    return chance(s->c, 50) ? add(s, high, low) : add(s, low, high);
  }
  case 1: // (x * n + y % n) / k
    return divide(s, add(s, scaled, remain(s, b, n)), chance(s->c, 70) ? n : k);
  case 2:
    return remain(s, add(s, remain(s, b, n), scaled), chance(s->c, 70) ? n : k);
  case 3: // x % n % k, where either may divide the other
    return remain(s, remain(s, a, multiply(s, n, k)), chance(s->c, 50) ? n : k);
  case 4:
    return remain(s, remain(s, a, n), multiply(s, n, k));
  case 5:
    return remain(s, add(s, scaled, b), chance(s->c, 70) ? n : k);
  case 6: // x * n % k
    return remain(s, scaled, k);
  case 7:
    return divide(s, scaled, k);
  case 8:
  case 9: { // (x * n + y) / n, and y may be as large as n or larger
    n = number(s, 1 + choose(s->c, smaller(b.most, 8) + 1));
    k = number(s, chance(s->c, 50) ? n.most : 1 + choose(s->c, n.most));
    scaled = multiply(s, a, n);
    grown_index sum = chance(s->c, 50) ? add(s, scaled, b) : add(s, b, scaled);
    return chance(s->c, 75) ? divide(s, sum, k) : remain(s, sum, k);
  }
  default:
    return divide(s, divide(s, a, n), k);
  }
}

// a / b and b / a, or their remainders: operands change places, and all else
// is the same.
static grown_index grow_mirrored(index_scope *s, uint32_t depth) {
  grown_index a = take_max(s, grow(s, depth), number(s, 1));
  grown_index b = take_max(s, grow(s, depth), number(s, 1));
  grown_index (*const op)(index_scope *, grown_index, grown_index) =
      chance(s->c, 50) ? divide : remain;
  grown_index first = op(s, a, b);
  return add(s, first, op(s, b, a));
}

// x op c op d, for numbers.
static grown_index grow_chain(index_scope *s, uint32_t depth) {
  if (chance(s->c, 20))
    return grow_mirrored(s, depth);
  static grown_index (*const ops[])(index_scope *, grown_index, grown_index) = {
      add, multiply, divide, take_min, take_max, remain};
  grown_index a = grow(s, depth);
  uint32_t kind = choose(s->c, 6);
  for (uint32_t left = 2; left; left--)
    a = ops[kind](s, a, number(s, 1 + choose(s->c, 9)));
  return a;
}

// -- comparisons --------------------------------------------------------------

static tsr_value *compare(index_scope *s, grown_index a, grown_index b) {
  static const char *const predicates[] = {"eq", "ne", "lt", "le", "gt", "ge"};
  tsr_value *operands[] = {a.value, b.value};
  const tsr_type *type = tsr_type_bool(tsr_module_get_context(s->module));
  tsr_op *cmp = tsr_build_op(s->at, TSR_OP_cmp, type, 2, operands);
  tsr_op_set_keyword(cmp, "predicate", predicates[choose(s->c, 6)]);
  return tsr_op_result(cmp, 0);
}

// Sums and numbers on either side, close to where the answer changes.
static tsr_value *grow_comparison(index_scope *s, uint32_t depth) {
  grown_index a = grow(s, depth);
  if (chance(s->c, 50))
    a = add(s, a, number(s, 1 + choose(s->c, 4)));
  grown_index b = chance(s->c, 60)
                      ? number(s, a.least + choose(s->c, 2 + a.most - a.least))
                      : grow(s, depth);
  return chance(s->c, 30) ? compare(s, b, a) : compare(s, a, b);
}

// -- choices ------------------------------------------------------------------

static grown_index grow_select(index_scope *s, uint32_t depth) {
  grown_index a = grow(s, depth), b = grow(s, depth);
  bool is_swapped = chance(s->c, 50);
  tsr_value *condition =
      chance(s->c, 50) ? compare(s, is_swapped ? b : a, is_swapped ? a : b)
                       : grow_comparison(s, depth);
  tsr_value *operands[] = {condition, a.value, b.value};
  const tsr_type *type = tsr_type_index(tsr_module_get_context(s->module));
  tsr_op *op = tsr_build_op(s->at, TSR_OP_select, type, 3, operands);
  uint32_t least = smaller(a.least, b.least), most = larger(a.most, b.most);
  index_scope_add(s, tsr_op_result(op, 0), least, most);
  return (grown_index){tsr_op_result(op, 0), least, most};
}

static void yield_one(index_scope *s, tsr_value *value) {
  uint32_t count = 1;
  tsr_op_desc desc = {.kind = TSR_OP_yield,
                      .operands = &value,
                      .operand_count = 1,
                      .groups = &count};
  tsr_build(s->at, &desc);
}

static grown_index grow_in_block(index_scope *s, tsr_block *block,
                                 uint32_t depth) {
  tsr_builder outside = *s->at;
  size_t count = s->count;
  *s->at = tsr_builder_at_end(s->module, block, (tsr_loc){0});
  grown_index made = grow(s, depth);
  yield_one(s, made.value);
  *s->at = outside;
  s->count = count;
  return made;
}

static grown_index grow_branch(index_scope *s, uint32_t depth) {
  tsr_value *condition = grow_comparison(s, depth);
  const tsr_type *type = tsr_type_index(tsr_module_get_context(s->module));
  tsr_op_desc desc = {.kind = TSR_OP_if_,
                      .operands = &condition,
                      .operand_count = 1,
                      .result_types = &type,
                      .result_count = 1,
                      .block_count = 2};
  tsr_op *op = tsr_build(s->at, &desc);
  grown_index a = grow_in_block(s, tsr_op_block(op, 0), depth);
  grown_index b = grow_in_block(s, tsr_op_block(op, 1), depth);
  grown_index made = {tsr_op_result(op, 0), smaller(a.least, b.least),
                      larger(a.most, b.most)};
  index_scope_add(s, made.value, made.least, made.most);
  return made;
}

// What is handed on stays below a number.
static grown_index grow_carried(index_scope *s, uint32_t depth) {
  uint32_t limit = 1 + choose(s->c, 6);
  grown_index first = remain(s, grow(s, depth), number(s, limit));
  uint32_t from = choose(s->c, 2), to = choose(s->c, 5);
  tsr_builder body;
  tsr_op *op = tsr_build_for(s->at, tsr_module_index(s->module, from),
                             tsr_module_index(s->module, to), &first.value, 1,
                             "i", &body);
  tsr_builder outside = *s->at;
  if (chance(s->c, 30))
    tsr_op_set_operand(op, 2, tsr_module_index(s->module, 2));
  size_t count = s->count;
  const tsr_block *block = tsr_op_block(op, 0);
  *s->at = body;
  index_scope_add(s, tsr_block_arg(block, 0), 0, larger(from, to));
  index_scope_add(s, tsr_block_arg(block, 1), 0, limit - 1);
  yield_one(s, remain(s, grow(s, depth), number(s, limit)).value);
  *s->at = outside;
  s->count = count;
  index_scope_add(s, tsr_op_result(op, 0), 0, limit - 1);
  return (grown_index){tsr_op_result(op, 0), 0, limit - 1};
}

// -- all of it ----------------------------------------------------------------

static grown_index grow_leaf(index_scope *s) {
  if (!s->count || chance(s->c, 15))
    return number(s, choose(s->c, 7));
  return s->known[choose(s->c, (uint32_t)s->count)];
}

static grown_index grow(index_scope *s, uint32_t depth) {
  uint32_t kind = choose(s->c, 20);
  if (kind < 4 || depth == 0)
    return grow_leaf(s);
  depth--;
  if (kind < 8)
    return grow_difference(s, depth);
  if (kind < 11)
    return grow_digits(s, depth);
  if (kind < 13)
    return grow_chain(s, depth);
  if (kind == 13)
    return grow_select(s, depth);
  if (kind == 14 && s->has_flow)
    return chance(s->c, 50) ? grow_branch(s, depth) : grow_carried(s, depth);
  grown_index a = grow(s, depth);
  switch (kind) {
  case 15:
    return add(s, a, grow(s, depth));
  case 16:
    return multiply(s, a, grow(s, depth));
  case 17:
    return divide(s, a, grow_divisor(s, depth));
  case 18:
    return remain(s, a, grow_divisor(s, depth));
  case 19:
    return take_max(s, a, grow(s, depth));
  default:
    return take_min(s, a, grow(s, depth));
  }
}

grown_index grow_any_index(index_scope *s) {
  return grow(s, 1 + choose(s->c, MAX_INDEX_DEPTH));
}

tsr_value *grow_index_below(index_scope *s, uint32_t limit) {
  grown_index a = grow_any_index(s);
  if (a.most < limit && chance(s->c, 80))
    return a.value;
  if (chance(s->c, 50))
    return remain(s, a, number(s, limit)).value;
  return take_min(s, a, number(s, limit - 1)).value;
}

void grow_below_end(index_scope *s, grown_index end) {
  index_scope_add(s, end.value, end.least, end.most);
  subtract(s, end, number(s, choose(s->c, end.least + 1)));
}

tsr_value *grow_condition(index_scope *s) { return grow_comparison(s, 1); }

// Mostly one of the shapes that rules look for.
static grown_index grow_shape(index_scope *s) {
  uint32_t kind = choose(s->c, 12), depth = choose(s->c, MAX_INDEX_DEPTH);
  if (kind < 4)
    return grow_difference(s, depth);
  if (kind < 8)
    return grow_digits(s, depth);
  return kind < 10 ? grow_chain(s, depth) : grow_any_index(s);
}

void grow_shown_numbers(index_scope *s, uint32_t limit, tsr_value *out[2]) {
  grown_index a = grow_shape(s), b = grow_shape(s);
  // Nothing of the second is to be seen where the first is 0.
  a = a.most < limit ? a : remain(s, a, number(s, limit));
  out[0] = add(s, a, number(s, 1)).value;
  out[1] = (b.most <= limit ? b : remain(s, b, number(s, limit + 1))).value;
}
