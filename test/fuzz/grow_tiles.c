// Buffers, stores, blocks and nests.

#include "grow_tiles.h"

#include <string.h>

// -- buffers ------------------------------------------------------------------

// `tiles`: extents, the last two in tiles.
static uint32_t tile_extent(const tsr_value *of, uint32_t axis) {
  return (uint32_t)tsr_type_tile_extent(tsr_value_get_type(of), axis);
}

static const tsr_type *buffer_type(tile_grower *g, tsr_element element,
                                   uint32_t rank, const uint32_t *tiles,
                                   bool is_input) {
  tsr_type_desc desc = {.kind = TSR_TYPE_BUFFER,
                        .element = element,
                        .rank = rank,
                        .pad = {.is_known = is_input}};
  for (uint32_t i = 0; i < rank; i++)
    desc.extents[i] = i + 2 < rank ? tiles[i] : tiles[i] * TSR_TILE_SIDE;
  return tsr_type_get(g->context, &desc);
}

static tsr_element choose_element(tile_grower *g) {
  if (g->math == TSR_ELEMENT_F32 && (g->is_plain || chance(g->c, 35)))
    return TSR_ELEMENT_F32;
  return TSR_ELEMENT_BF16;
}

static tsr_value *add_argument(tile_grower *g, const tsr_type *type,
                               const char *modifier) {
  tsr_loc nowhere = {NULL, 0, 0};
  tsr_value *made = tsr_block_add_arg(g->func, type, nowhere, "a");
  if (modifier)
    tsr_value_set_modifier(made, modifier);
  return made;
}

static void add_buffer(tile_grower *g, tsr_value *value, bool is_written) {
  g->buffers[g->buffer_count++] =
      (grown_buffer){.value = value, .is_written = is_written};
}

static void add_inputs(tile_grower *g) {
  for (uint32_t left = 1 + choose(g->c, 3); left; left--) {
    uint32_t tiles[] = {1 + choose(g->c, 2), 1 + choose(g->c, MAX_SIDE),
                        1 + choose(g->c, MAX_SIDE)};
    uint32_t rank = chance(g->c, 15) ? 3 : 2;
    add_buffer(g,
               add_argument(g,
                            buffer_type(g, choose_element(g), rank,
                                        tiles + 3 - rank, true),
                            NULL),
               false);
  }
  g->input_count = g->buffer_count;
}

// The extents of the buffers as values, for loops and indices to use.
static void add_extents(tile_grower *g) {
  for (size_t i = 0; i < g->buffer_count; i++) {
    tsr_value *buffer = g->buffers[i].value;
    const tsr_type *type = tsr_value_get_type(buffer);
    uint32_t axis = choose(g->c, tsr_type_get_desc(type)->rank);
    tsr_op *op = tsr_build_op(&g->b, TSR_OP_buffer_dim,
                              tsr_type_index(g->context), 1, &buffer);
    tsr_op_set_int(op, "axis", axis);
    uint32_t extent = tile_extent(buffer, axis);
    index_scope_add(&g->indices, tsr_op_result(op, 0), extent, extent);
  }
}

// -- stores -------------------------------------------------------------------

// An output with one axis for each loop around, or an intermediate buffer.
static tsr_value *make_output(tile_grower *g, uint32_t rank,
                              const uint32_t *tiles) {
  const tsr_type *type = buffer_type(g, choose_element(g), rank, tiles, false);
  tsr_value *made;
  if (g->has_output && chance(g->c, 30)) {
    tsr_builder before = tsr_builder_before(g->nest);
    tsr_op *op = tsr_build_op(&before, TSR_OP_buffer_alloc, type, 0, NULL);
    if (chance(g->c, 30))
      tsr_op_set_attr(op, "source", tsr_attr_string(g->context, "t"));
    made = tsr_op_result(op, 0);
  } else {
    made = add_argument(g, type, "out");
    g->has_output = true;
  }
  add_buffer(g, made, true);
  return made;
}

// What of a block is stored: its first rows and columns of tiles.
typedef struct stored {
  grown_tile block;
  uint32_t sides[2];
  bool is_part;
} stored;

static stored choose_stored(tile_grower *g) {
  stored made = {.sides = {1, 1}};
  bool is_block = chance(g->c, 25);
  uint32_t rows = is_block ? 1 + choose(g->c, 2) : 1;
  uint32_t cols = is_block ? 1 + choose(g->c, 2) : 1;
  made.block = chance(g->c, 80) ? grow_pick_math(g, rows, cols)
                                : grow_pick(g, rows, cols);
  made.is_part = is_block && chance(g->c, 40);
  made.sides[0] = made.is_part ? 1 + choose(g->c, rows) : rows;
  made.sides[1] = made.is_part ? 1 + choose(g->c, cols) : cols;
  return made;
}

static grown_tile load_back(tile_grower *g, tsr_value *const *place,
                            uint32_t rank) {
  uint32_t groups[] = {1, rank, 0};
  const tsr_type *type = grown_tile_type(g, grown_element(place[0]), 1, 1);
  tsr_op_desc desc = {.kind = TSR_OP_tile_load,
                      .operands = place,
                      .operand_count = 1 + rank,
                      .groups = groups,
                      .result_types = &type,
                      .result_count = 1};
  return (grown_tile){tsr_op_result(tsr_build(&g->b, &desc), 0), 1, 1, true};
}

// What is stored is added to what was there.
static tsr_value *update(tile_grower *g, tsr_value *const *place, uint32_t rank,
                         tsr_value *value) {
  tsr_value_set_modifier(place[0], "inout");
  return tsr_build_binary(&g->b, TSR_OP_tile_add,
                          grown_tile_type(g, g->math, 1, 1),
                          load_back(g, place, rank).value, value);
}

static uint32_t get_store_rank(const tile_grower *g) {
  return g->loop_count < 2 ? 2 : (uint32_t)g->loop_count;
}

static bool can_store(const tile_grower *g) {
  return g->may_store && get_store_rank(g) <= TSR_MAX_RANK &&
         g->buffer_count < MAX_BUFFERS;
}

// Where a store goes: a buffer of its own, with an axis for each loop around.
typedef struct place {
  tsr_value *operands[1 + TSR_MAX_RANK]; // buffer, indices
  uint32_t rank;
} place;

static place make_place(tile_grower *g, const uint32_t sides[2]) {
  place made = {.rank = get_store_rank(g)};
  uint32_t tiles[TSR_MAX_RANK];
  for (uint32_t i = 0; i < made.rank; i++) {
    bool is_loop = i < g->loop_count;
    uint32_t side = i + 2 < made.rank ? 1 : sides[i + 2 - made.rank];
    tiles[i] = (is_loop ? g->loops[i].count : 1) * side;
    made.operands[1 + i] =
        is_loop ? tsr_build_index(&g->b, TSR_OP_mul, g->loops[i].index,
                                  grow_number(g, side))
                : grow_number(g, 0);
  }
  made.operands[0] = make_output(g, made.rank, tiles);
  return made;
}

// For later nests to read where it was stored.
static void hand_over(tile_grower *g, const stored *what) {
  grown_buffer *b = &g->buffers[g->buffer_count - 1];
  if (!g->is_parallel || what->is_part || g->loop_count != g->axes)
    return;
  b->axes = g->axes;
  for (uint32_t i = 0; i < 2; i++) {
    b->axis_counts[i] = g->axis_counts[i];
    b->sides[i] = what->sides[i];
  }
}

static void store_at(tile_grower *g, stored what, const place *at) {
  tsr_value *operands[4 + TSR_MAX_RANK];
  operands[0] = grow_cast_to(g, what.block, grown_element(at->operands[0]));
  memcpy(operands + 1, at->operands, (1 + at->rank) * sizeof *operands);
  for (uint32_t i = 0; i < 2; i++)
    operands[2 + at->rank + i] = grow_number(g, what.sides[i]);
  uint32_t groups[] = {1, 1, at->rank, what.is_part ? 2 : 0};
  tsr_op_desc desc = {.kind = TSR_OP_tile_store,
                      .operands = operands,
                      .operand_count = 2 + at->rank + groups[3],
                      .groups = groups};
  tsr_build(&g->b, &desc);
}

static void store(tile_grower *g, stored what) {
  place at = make_place(g, what.sides);
  bool is_one = what.block.rows * what.block.cols == 1;
  bool is_argument = tsr_value_get_block(at.operands[0]) != NULL;
  hand_over(g, &what);
  if (is_one && is_argument && chance(g->c, 15))
    what.block.value = update(g, at.operands, at.rank, what.block.value);
  store_at(g, what, &at);
}

// Something is done to what other nests stored.
static void grow_chain(tile_grower *g) {
  grown_tile a, b;
  if (!can_store(g) || !grow_handed(g, &a))
    return;
  const tsr_type *type = grown_tile_type(g, g->math, a.rows, a.cols);
  bool has_two = chance(g->c, 60);
  if (has_two && (chance(g->c, 40) || !grow_handed(g, &b)))
    b = grow_late(g);
  has_two = has_two && b.rows == a.rows && b.cols == a.cols;
  tsr_value *made =
      has_two ? tsr_build_binary(&g->b, TSR_OP_tile_sub, type, a.value, b.value)
              : tsr_build_unary(&g->b, TSR_OP_tile_neg, type, a.value);
  store(g, (stored){.block = grow_add_tile(g, made, a.rows, a.cols, false),
                    .sides = {a.rows, a.cols}});
}

static void grow_store(tile_grower *g) {
  if (can_store(g))
    store(g, choose_stored(g));
}

void grow_store_tile(tile_grower *g, tsr_value *tile) {
  if (can_store(g))
    store(g, (stored){.block = {tile, 1, 1, false}, .sides = {1, 1}});
}

// What index arithmetic comes to, for all to see.
static void store_indices(tile_grower *g) {
  if (can_store(g))
    store(g, (stored){.block = grow_shown_indices(g), .sides = {1, 1}});
}

// -- blocks -------------------------------------------------------------------

static void grow_block(tile_grower *g, uint32_t depth);

tile_scope grow_enter(const tile_grower *g) {
  return (tile_scope){g->b,     g->loop_count, g->tile_count, g->indices.count,
                      g->given, g->may_store};
}

void grow_leave(tile_grower *g, const tile_scope *s) {
  g->b = s->b;
  g->loop_count = s->loop_count;
  g->tile_count = s->tile_count;
  g->indices.count = s->index_count;
  g->given = s->given;
  g->may_store = s->may_store;
}

// What an index next to the tiles of a loop or branch is below; 0: there is
// none.
static uint32_t choose_limit(tile_grower *g) {
  return chance(g->c, 30) ? 1 + choose(g->c, MAX_GIVEN) : 0;
}

static void add_given(tile_grower *g, tsr_value *index, uint32_t limit) {
  index_scope_add(&g->indices, index, 0, limit - 1);
  g->given = (grown_index){index, 0, limit - 1};
}

// `carried`: what a loop hands from round to round, or NULL; `limit`: as
// choose_limit.
static void add_yield(tile_grower *g, uint32_t count, tsr_value *carried,
                      uint32_t limit) {
  tsr_value *values[MAX_CARRY + 1];
  for (uint32_t i = 0; i < count; i++)
    values[i] = carried && i == 0 && chance(g->c, 50)
                    ? grow_sum(g, carried)
                    : grow_pick_math(g, 1, 1).value;
  if (limit)
    values[count++] = grow_index_below(&g->indices, limit);
  tsr_op_desc desc = {.kind = TSR_OP_yield,
                      .operands = values,
                      .operand_count = count,
                      .groups = &count};
  if (count)
    tsr_build(&g->b, &desc);
}

static void add_results(tile_grower *g, tsr_op *op, uint32_t tiles,
                        uint32_t limit) {
  for (uint32_t i = 0; i < tiles; i++)
    grow_add_tile(g, tsr_op_result(op, i), 1, 1, false);
  if (limit)
    add_given(g, tsr_op_result(op, tiles), limit);
}

void grow_add_loop(tile_grower *g, tsr_value *index, uint32_t count) {
  g->loops[g->loop_count++] = (grown_loop){index, count};
  index_scope_add(&g->indices, index, 0, count ? count - 1 : 0);
}

// Bounds and step that a run or a number of the function decides. Returns the
// end, which in a round is larger than the start.
static grown_index bend_bounds(tile_grower *g, tsr_op *loop) {
  uint32_t from = choose(g->c, 2);
  tsr_builder at = g->b;
  g->b = tsr_builder_before(loop);
  tsr_value *to = chance(g->c, 40)
                      ? grow_number(g, choose(g->c, MAX_ROUNDS + 1))
                      : grow_index_below(&g->indices, MAX_SIDE + 1);
  tsr_op_set_operand(loop, 0, grow_number(g, from));
  tsr_op_set_operand(loop, 1, to);
  tsr_op_set_operand(loop, 2, grow_number(g, 1 + choose(g->c, 2)));
  g->b = at;
  return (grown_index){to, from + 1, MAX_ROUNDS};
}

static void grow_loop(tile_grower *g, uint32_t depth) {
  if (g->loop_count == MAX_LOOPS)
    return;
  uint32_t carried = choose(g->c, MAX_CARRY + 1);
  uint32_t count = (1 + choose(g->c, MAX_SIDE + 1)) % (MAX_SIDE + 1);
  uint32_t limit = choose_limit(g);
  tsr_value *carry[MAX_CARRY + 1];
  for (uint32_t i = 0; i < carried; i++)
    carry[i] = grow_pick_math(g, 1, 1).value;
  if (limit)
    carry[carried] = grow_index_below(&g->indices, limit);
  tile_scope s = grow_enter(g);
  tsr_builder body;
  tsr_op *op = tsr_build_for(&g->b, grow_number(g, 0), grow_number(g, count),
                             carry, carried + (limit > 0), "i", &body);
  bool is_bent = chance(g->c, 25);
  grown_index end = {0};
  if (is_bent) {
    end = bend_bounds(g, op);
    count = MAX_ROUNDS;
  }
  g->indices.count = s.index_count;
  g->b = body;
  // No number: how much it is at least shows in a loop without rounds only.
  if (is_bent && !tsr_value_is_constant(end.value))
    grow_below_end(&g->indices, end);
  tsr_block *block = tsr_op_block(op, 0);
  grow_add_loop(g, tsr_block_arg(block, 0), count);
  for (uint32_t i = 0; i < carried; i++)
    grow_add_tile(g, tsr_block_arg(block, 1 + i), 1, 1, false);
  if (limit)
    add_given(g, tsr_block_arg(block, 1 + carried), limit);
  g->may_store = g->may_store && count > 0 && !is_bent;
  grow_block(g, depth + 1);
  add_yield(g, carried, carried ? tsr_block_arg(block, 1) : NULL, limit);
  grow_leave(g, &s);
  add_results(g, op, carried, limit);
  if (carried && chance(g->c, 50))
    grow_store_tile(g, tsr_op_result(op, 0));
}

static void grow_branch(tile_grower *g, uint32_t depth) {
  uint32_t tiles = choose(g->c, 3), limit = choose_limit(g);
  uint32_t results = tiles + (limit > 0);
  tsr_value *condition = grow_condition(&g->indices);
  const tsr_type *types[3];
  for (uint32_t i = 0; i < results; i++)
    types[i] = i < tiles ? grown_tile_type(g, g->math, 1, 1)
                         : tsr_type_index(g->context);
  tsr_op_desc desc = {.kind = TSR_OP_if_,
                      .operands = &condition,
                      .operand_count = 1,
                      .result_types = types,
                      .result_count = results,
                      .block_count = results ? 2 : 1 + choose(g->c, 2)};
  // Both sides write the same tile, or none does.
  const uint32_t one[] = {1, 1};
  bool has_store = desc.block_count == 2 && can_store(g) && chance(g->c, 60);
  place at = {0};
  if (has_store) {
    at = make_place(g, one);
    hand_over(g, &(stored){.sides = {1, 1}});
  }
  tsr_op *op = tsr_build(&g->b, &desc);
  tile_scope s = grow_enter(g);
  for (size_t i = 0; i < desc.block_count; i++) {
    g->b = tsr_builder_at_end(g->module, tsr_op_block(op, i), (tsr_loc){0});
    g->may_store = false;
    grow_block(g, depth + 1);
    if (has_store)
      store_at(g, (stored){.block = grow_pick_math(g, 1, 1), .sides = {1, 1}},
               &at);
    add_yield(g, tiles, NULL, limit);
    grow_leave(g, &s);
  }
  add_results(g, op, tiles, limit);
}

static void grow_block(tile_grower *g, uint32_t depth) {
  for (uint32_t left = 1 + choose(g->c, 6); left; left--) {
    uint32_t kind = choose(g->c, 22);
    if (kind >= 20)
      grow_choice(g);
    else if (kind >= 18)
      grow_recurrence(g);
    else if (kind >= 16)
      store_indices(g);
    else if (kind < 4)
      grow_load(g, 1 + chance(g->c, 10), 1 + chance(g->c, 10));
    else if (kind < 10 || depth == MAX_DEPTH)
      grow_tile_math(g);
    else if (kind < 12)
      grow_store(g);
    else if (kind < 14)
      grow_loop(g, depth);
    else
      grow_branch(g, depth);
  }
}

// -- nests --------------------------------------------------------------------

// How the compute kernel of the nest is to work, said in part.
static void set_units(tile_grower *g, tsr_op *op) {
  static const char *const fidelities[] = {"hifi4", "hifi3", "hifi2", "lofi"};
  if (g->is_bare)
    return;
  // Narrow ops in a wide DST round what it holds.
  if (g->math == TSR_ELEMENT_BF16 && chance(g->c, 65))
    tsr_op_set_bool(op, "fp32_acc", false);
  else if (chance(g->c, 20))
    tsr_op_set_bool(op, "fp32_acc", true);
  if (chance(g->c, 15))
    tsr_op_set_keyword(op, "fidelity", fidelities[choose(g->c, 4)]);
  if (chance(g->c, 15))
    tsr_op_set_bool(op, "full_sync", chance(g->c, 50));
  if (chance(g->c, 15))
    tsr_op_set_bool(op, "approx", chance(g->c, 50));
}

static void begin_parallel(tile_grower *g) {
  // Nests of one size are those that can be joined.
  if (!g->axes || chance(g->c, 25)) {
    g->axes = 1 + choose(g->c, 2);
    for (uint32_t i = 0; i < g->axes; i++)
      g->axis_counts[i] = 1 + choose(g->c, MAX_SIDE);
  }
  uint32_t axes = g->axes;
  tsr_value *sizes[2];
  for (uint32_t i = 0; i < axes; i++)
    sizes[i] = grow_number(g, g->axis_counts[i]);
  tsr_op_desc desc = {.kind = TSR_OP_tile_parallel,
                      .operands = sizes,
                      .operand_count = axes,
                      .groups = &axes,
                      .block_count = 1};
  g->nest = tsr_build(&g->b, &desc);
  set_units(g, g->nest);
  tsr_block *body = tsr_op_block(g->nest, 0);
  for (uint32_t i = 0; i < axes; i++)
    grow_add_loop(
        g,
        tsr_block_add_arg(body, tsr_type_index(g->context), (tsr_loc){0}, "m"),
        g->axis_counts[i]);
  g->b = tsr_builder_at_end(g->module, body, (tsr_loc){0});
}

// Runs of a launch parameter: numbers of each core in turn.
static const tsr_attr *make_runs(tile_grower *g, const int64_t *numbers,
                                 uint32_t count) {
  tsr_run runs[16];
  for (uint32_t i = 0; i < count; i++)
    runs[i] = (tsr_run){.first = numbers[i], .count = 1};
  return tsr_attr_runs(g->context, runs, count);
}

// Tiles of a plane in order, some for each core.
static void begin_launch(tile_grower *g) {
  uint32_t rows = 1 + choose(g->c, MAX_SIDE), cols = 1 + choose(g->c, MAX_SIDE);
  const tsr_attr *grid = tsr_op_get_attr(tsr_module_op(g->module), "grid");
  const tsr_core_range *range = tsr_attr_core_ranges(grid);
  tsr_core_range cores = {0, 0, choose(g->c, range->x1 + 1),
                          choose(g->c, range->y1 + 1)};
  uint32_t count = (cores.x1 + 1) * (cores.y1 + 1), total = rows * cols;
  int64_t first[16], mine[16];
  for (uint32_t i = 0, at = 0; i < count; i++) {
    mine[i] = total / count + (i < total % count);
    first[i] = at;
    at += (uint32_t)mine[i];
  }
  tsr_op_desc desc = {.kind = TSR_OP_core_launch, .block_count = 1};
  g->nest = tsr_build(&g->b, &desc);
  set_units(g, g->nest);
  tsr_op_set_attr(g->nest, "cores", tsr_attr_cores(g->context, &cores, 1));
  bool is_by_row = chance(g->c, 30);
  if (is_by_row || chance(g->c, 30))
    tsr_op_set_keyword(g->nest, "order", is_by_row ? "row" : "column");
  const tsr_attr *params[] = {make_runs(g, first, count),
                              make_runs(g, mine, count)};
  tsr_op_set_attr(g->nest, "params", tsr_attr_array(g->context, params, 2));
  static const char *const names[] = {"x", "y", "first", "count"};
  tsr_block *body = tsr_op_block(g->nest, 0);
  tsr_value *args[4];
  for (size_t i = 0; i < 4; i++)
    args[i] = tsr_block_add_arg(body, tsr_type_index(g->context), (tsr_loc){0},
                                names[i]);
  g->b = tsr_builder_at_end(g->module, body, (tsr_loc){0});
  tsr_builder inside;
  tsr_op *each =
      tsr_build_for(&g->b, grow_number(g, 0), args[3], NULL, 0, "i", &inside);
  g->b = inside;
  tsr_value *at = tsr_build_index(&g->b, TSR_OP_add, args[2],
                                  tsr_block_arg(tsr_op_block(each, 0), 0));
  const uint32_t mosts[] = {cores.x1, cores.y1, total, total};
  for (size_t i = 0; i < 4; i++)
    index_scope_add(&g->indices, args[i], 0, mosts[i]);
  grow_add_loop(g, tsr_build_index(&g->b, TSR_OP_div, at, grow_number(g, cols)),
                rows);
  grow_add_loop(g, tsr_build_index(&g->b, TSR_OP_rem, at, grow_number(g, cols)),
                cols);
}

static void grow_nest(tile_grower *g) {
  tile_scope s = grow_enter(g);
  g->is_parallel = !chance(g->c, 25);
  if (g->is_parallel)
    begin_parallel(g);
  else
    begin_launch(g);
  g->may_store = true;
  for (uint32_t left = choose(g->c, 3); left; left--)
    grow_chain(g);
  grow_block(g, 1);
  grow_store(g);
  for (uint32_t left = choose(g->c, 3); left; left--)
    store_indices(g);
  grow_leave(g, &s);
  for (size_t i = 0; i < g->buffer_count; i++)
    g->buffers[i].is_written = false;
}

tsr_module *grow_tiles(choices *c, tsr_context *context) {
  tsr_module *module = grow_module(context, 1 + choose(c, 3), 1 + choose(c, 3));
  tsr_builder top =
      tsr_builder_at_end(module, tsr_module_block(module), (tsr_loc){0});
  tsr_op_desc desc = {.kind = TSR_OP_func, .block_count = 1};
  tsr_op *func = tsr_build(&top, &desc);
  tsr_op_set_symbol(func, "name", "f");
  tile_grower g = {.c = c,
                   .context = context,
                   .module = module,
                   .func = tsr_op_block(func, 0),
                   .math = chance(c, 25) ? TSR_ELEMENT_BF16 : TSR_ELEMENT_F32,
                   .is_plain = chance(c, 40)};
  g.is_bare = g.math == TSR_ELEMENT_F32 && chance(c, 60);
  g.is_plain = g.is_plain || (g.is_bare && chance(c, 75));
  g.b = tsr_builder_at_end(module, g.func, (tsr_loc){0});
  g.indices = (index_scope){
      .c = c, .module = module, .at = &g.b, .has_flow = chance(c, 30)};
  add_inputs(&g);
  if (chance(c, 50))
    add_extents(&g);
  uint32_t least = g.is_bare ? 2 : 1;
  for (uint32_t left = least + choose(c, 4 - least); left; left--)
    if (g.buffer_count < MAX_BUFFERS)
      grow_nest(&g);
  return module;
}
