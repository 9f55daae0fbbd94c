// Loops and branches in shapes that programs have.
//
// What passes keep in places rather than in values shows where such a place is
// written while somebody still wants it: values that change places from round
// to round, an index next to them that says where they are stored, sums beside
// values from outside that each round takes, differences of neighbours, and
// branches both sides of which take what is wanted after them as well.

#include "grow_tiles.h"

static tsr_value *build_unary(tile_grower *g, tsr_value *a) {
  static const tsr_op_kind kinds[] = {TSR_OP_tile_neg, TSR_OP_tile_exp,
                                      TSR_OP_tile_relu};
  return tsr_build_unary(&g->b, kinds[choose(g->c, 3)],
                         grown_tile_type(g, g->math, 1, 1), a);
}

static tsr_value *build_binary(tile_grower *g, tsr_op_kind kind, tsr_value *a,
                               tsr_value *b) {
  return tsr_build_binary(&g->b, kind, grown_tile_type(g, g->math, 1, 1), a, b);
}

static tsr_value *build_loaded(tile_grower *g) {
  return grow_load(g, 1, 1).value;
}

// The FPU can take it as it is.
static bool is_narrow(const tsr_value *value) {
  return grown_element(value) == TSR_ELEMENT_BF16;
}

// A product of two loads, sometimes by the unit that somebody wrote there.
static tsr_value *build_product(tile_grower *g) {
  tsr_value *a = build_loaded(g), *b = build_loaded(g);
  tsr_value *made = build_binary(g, TSR_OP_tile_mul, a, b);
  if (is_narrow(a) && is_narrow(b) && chance(g->c, 30))
    tsr_op_set_keyword(tsr_value_get_def(made), "unit", "fpu");
  return made;
}

static tsr_value *build_mma(tile_grower *g, tsr_value *a, tsr_value *b,
                            tsr_value *acc) {
  tsr_value *operands[] = {a, b, acc};
  tsr_op *op = tsr_build_op(&g->b, TSR_OP_tile_mma,
                            grown_tile_type(g, g->math, 1, 1), 3, operands);
  return tsr_op_result(op, 0);
}

static tsr_value *build_zero(tile_grower *g) {
  tsr_op *op = tsr_build_op(&g->b, TSR_OP_tile_fill,
                            grown_tile_type(g, g->math, 1, 1), 0, NULL);
  tsr_op_set_attr(op, "value", tsr_attr_float(g->context, 0.0));
  return tsr_op_result(op, 0);
}

// As it is when it was stored in bf16 and loaded again.
static tsr_value *build_rounded(tile_grower *g, tsr_value *a) {
  grown_tile tile = {a, 1, 1, false};
  tile.value = grow_cast_to(g, tile, TSR_ELEMENT_BF16);
  return grow_cast_to(g, tile, g->math);
}

// -- loops --------------------------------------------------------------------

typedef struct recurrence {
  uint32_t count;
  tsr_value *scale;               // made before the loop, for it alone
  tsr_value *old[MAX_CARRY];      // what this round was handed
  tsr_value *next[MAX_CARRY + 1]; // and what it hands on, an index last
} recurrence;

static tsr_value *choose_next(tile_grower *g, const recurrence *r, uint32_t i) {
  tsr_value *old = r->old[i];
  switch (choose(g->c, 8)) {
  case 0:
    return build_binary(g, TSR_OP_tile_add, old, build_product(g));
  case 1:
    return build_binary(g, TSR_OP_tile_add, old, build_unary(g, r->scale));
  case 2:
    return build_rounded(
        g, build_binary(g, TSR_OP_tile_sub, old, build_loaded(g)));
  case 3:
    return build_mma(g, build_loaded(g), build_loaded(g), old);
  case 4:
    return build_unary(g, build_loaded(g));
  default:
    // What another one was.
    return r->count > 1 ? r->old[(i + 1) % r->count]
                        : build_binary(g, TSR_OP_tile_max, old, r->scale);
  }
}

// What a round stores: something of what it was handed and what it hands on.
static void store_round(tile_grower *g, const recurrence *r) {
  tsr_value *old = r->old[choose(g->c, r->count)], *next = r->next[0];
  grow_store_tile(g, chance(g->c, 50)
                         ? build_binary(g, TSR_OP_tile_sub, next, old)
                         : build_mma(g, next, old, build_zero(g)));
}

// The next number below `count`, and 0 after the last.
static tsr_value *build_turned(tile_grower *g, tsr_value *index,
                               uint32_t count) {
  tsr_value *next =
      tsr_build_index(&g->b, TSR_OP_add, index, grow_number(g, 1));
  return tsr_build_index(&g->b, TSR_OP_rem, next, grow_number(g, count));
}

// `index`: what is handed on as well, up to `limit`, or NULL.
static void grow_round(tile_grower *g, recurrence *r, tsr_value *index,
                       uint32_t limit) {
  bool is_stored = chance(g->c, 35);
  for (uint32_t i = 0; i < r->count; i++)
    r->next[i] = choose_next(g, r, i);
  if (is_stored)
    store_round(g, r);
  uint32_t count = r->count;
  if (index)
    r->next[count++] = build_turned(g, index, limit);
  tsr_op_desc desc = {.kind = TSR_OP_yield,
                      .operands = r->next,
                      .operand_count = count,
                      .groups = &count};
  tsr_build(&g->b, &desc);
}

// Stores at `index` of that loop, which comes to each number once.
static void store_turned(tile_grower *g, tsr_value *tile, grown_loop *loop,
                         tsr_value *index) {
  tsr_value *own = loop->index;
  loop->index = index;
  grow_store_tile(g, tile);
  loop->index = own;
}

// The loop whose index the rounds turn, or NULL.
static grown_loop *choose_turned(tile_grower *g) {
  if (!g->loop_count || !chance(g->c, 40))
    return NULL;
  grown_loop *loop = &g->loops[choose(g->c, (uint32_t)g->loop_count)];
  return loop->count > 0 ? loop : NULL;
}

void grow_recurrence(tile_grower *g) {
  if (g->loop_count == MAX_LOOPS)
    return;
  uint32_t rounds = 2 + choose(g->c, 3);
  recurrence r = {.count = 1 + choose(g->c, MAX_CARRY)};
  r.scale = build_unary(g, build_loaded(g));
  grown_loop *turned = choose_turned(g);
  tsr_value *first[MAX_CARRY + 1];
  if (turned)
    first[r.count] = turned->index;
  for (uint32_t i = 0; i < r.count; i++)
    first[i] =
        chance(g->c, 30) ? build_zero(g) : build_unary(g, build_loaded(g));
  tile_scope s = grow_enter(g);
  tsr_builder body;
  tsr_op *op = tsr_build_for(&g->b, grow_number(g, 0), grow_number(g, rounds),
                             first, r.count + (turned != NULL), "k", &body);
  g->b = body;
  tsr_block *block = tsr_op_block(op, 0);
  grow_add_loop(g, tsr_block_arg(block, 0), rounds);
  for (uint32_t i = 0; i < r.count; i++)
    r.old[i] = tsr_block_arg(block, 1 + i);
  grow_round(g, &r, turned ? tsr_block_arg(block, 1 + r.count) : NULL,
             turned ? turned->count : 0);
  grow_leave(g, &s);
  tsr_value *made = tsr_op_result(op, 0);
  for (uint32_t i = 0; i < r.count; i++) {
    grow_add_tile(g, tsr_op_result(op, i), 1, 1, false);
    if (i)
      made = build_binary(g, TSR_OP_tile_sub, made, tsr_op_result(op, i));
  }
  if (turned)
    store_turned(g, made, turned, tsr_op_result(op, r.count));
  else
    grow_store_tile(g, made);
}

// -- branches -----------------------------------------------------------------

enum { SIDES = 2, CHOSEN = 2 };

static tsr_value *choose_side(tile_grower *g, tsr_value *const *from) {
  tsr_value *a = from[choose(g->c, CHOSEN)], *b = from[choose(g->c, CHOSEN)];
  switch (choose(g->c, 5)) {
  case 0:
    return build_unary(g, a);
  case 1:
    return build_binary(g, TSR_OP_tile_sub, a, b);
  case 2:
    return build_binary(g, TSR_OP_tile_mul, a, build_loaded(g));
  default:
    return a;
  }
}

void grow_choice(tile_grower *g) {
  tsr_value *from[CHOSEN];
  for (size_t i = 0; i < CHOSEN; i++)
    from[i] = build_unary(g, build_loaded(g));
  tsr_value *condition = grow_condition(&g->indices);
  const tsr_type *type = grown_tile_type(g, g->math, 1, 1);
  const tsr_type *types[] = {type, type};
  uint32_t count = 1 + choose(g->c, CHOSEN);
  tsr_op_desc desc = {.kind = TSR_OP_if_,
                      .operands = &condition,
                      .operand_count = 1,
                      .result_types = types,
                      .result_count = count,
                      .block_count = SIDES};
  tsr_op *op = tsr_build(&g->b, &desc);
  tile_scope s = grow_enter(g);
  for (size_t side = 0; side < SIDES; side++) {
    g->b = tsr_builder_at_end(g->module, tsr_op_block(op, side), (tsr_loc){0});
    tsr_value *values[CHOSEN];
    for (uint32_t i = 0; i < count; i++)
      values[i] = choose_side(g, from);
    tsr_op_desc yield = {.kind = TSR_OP_yield,
                         .operands = values,
                         .operand_count = count,
                         .groups = &count};
    tsr_build(&g->b, &yield);
    grow_leave(g, &s);
  }
  // What was there before is wanted behind the branch, too.
  tsr_value *made = tsr_op_result(op, 0);
  if (count > 1)
    made = build_binary(g, TSR_OP_tile_sub, made, tsr_op_result(op, 1));
  for (size_t i = 0; i < CHOSEN; i++)
    if (chance(g->c, 60))
      made = build_binary(g, TSR_OP_tile_add, made, from[i]);
  grow_add_tile(g, made, 1, 1, false);
  grow_store_tile(g, made);
}
