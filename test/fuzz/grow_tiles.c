// What keeps a nest valid: every index is within its buffer, every store has a
// buffer of its own with one axis for each loop around it, so that every tile
// is written exactly once, and what is carried is not a load as it is.

#include "grow.h"

#include <string.h>

enum {
  MAX_LOOPS = 8,
  MAX_TILES = 64,
  MAX_BUFFERS = 12,
  MAX_SIDE = 3,
  MAX_CARRY = 3,
  MAX_DEPTH = 3
};

typedef struct loop {
  tsr_value *index;
  uint32_t count;
} loop;

typedef struct tile {
  tsr_value *value;
  uint32_t rows, cols;
  bool is_load;
} tile;

typedef struct buffer {
  tsr_value *value;
  bool is_written; // by the nest that is being grown
} buffer;

typedef struct grower {
  choices *c;
  tsr_context *context;
  tsr_module *module;
  tsr_block *func;
  tsr_op *nest;
  tsr_builder b;    // where ops go now
  tsr_element math; // what tile ops compute in
  loop loops[MAX_LOOPS];
  size_t loop_count;
  tile tiles[MAX_TILES]; // those in scope
  size_t tile_count;
  buffer buffers[MAX_BUFFERS];
  size_t buffer_count;
  bool may_store;  // not in a branch, nor in a loop that may not run
  bool has_output; // an argument that gives something back
} grower;

static tsr_value *number(grower *g, uint32_t value) {
  return tsr_module_index(g->module, value);
}

static tsr_element element_of(const tsr_value *value) {
  return tsr_type_get_element(tsr_value_get_type(value));
}

static const tsr_type *tile_type(grower *g, tsr_element element, uint32_t rows,
                                 uint32_t cols) {
  return tsr_type_tile(g->context, element, rows, cols);
}

// -- buffers ------------------------------------------------------------------

static uint32_t tile_extent(const tsr_value *of, uint32_t axis) {
  return (uint32_t)tsr_type_tile_extent(tsr_value_get_type(of), axis);
}

// `tiles`: extents, the last two in tiles.
static const tsr_type *buffer_type(grower *g, tsr_element element,
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

static tsr_element choose_element(grower *g) {
  if (g->math == TSR_ELEMENT_F32 && chance(g->c, 35))
    return TSR_ELEMENT_F32;
  return TSR_ELEMENT_BF16;
}

static tsr_value *add_argument(grower *g, const tsr_type *type,
                               const char *modifier) {
  tsr_loc nowhere = {NULL, 0, 0};
  tsr_value *made = tsr_block_add_arg(g->func, type, nowhere, "a");
  if (modifier)
    tsr_value_set_modifier(made, modifier);
  return made;
}

static void add_buffer(grower *g, tsr_value *value, bool is_written) {
  g->buffers[g->buffer_count++] = (buffer){value, is_written};
}

static void add_inputs(grower *g) {
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
}

// -- indices ------------------------------------------------------------------

// Arithmetic whose result is below `limit` whatever `index` is.
static tsr_value *bend_index(grower *g, tsr_value *index, uint32_t limit) {
  static const tsr_op_kind kinds[] = {TSR_OP_add, TSR_OP_mul, TSR_OP_div,
                                      TSR_OP_rem};
  tsr_value *moved = index;
  for (uint32_t left = 1 + choose(g->c, 4); left; left--) {
    tsr_op_kind kind = kinds[choose(g->c, 4)];
    bool is_loop = kind == TSR_OP_add && chance(g->c, 40);
    tsr_value *by = is_loop
                        ? g->loops[choose(g->c, (uint32_t)g->loop_count)].index
                        : number(g, 1 + choose(g->c, 4));
    moved = tsr_build_index(&g->b, kind, moved, by);
  }
  if (chance(g->c, 50))
    return tsr_build_index(&g->b, TSR_OP_rem, moved, number(g, limit));
  return tsr_build_index(&g->b, TSR_OP_min, moved, number(g, limit - 1));
}

static tsr_value *grow_index(grower *g, uint32_t limit) {
  if (!g->loop_count || chance(g->c, 20))
    return number(g, choose(g->c, limit));
  const loop *l = &g->loops[choose(g->c, (uint32_t)g->loop_count)];
  if (chance(g->c, 20) || l->count > limit)
    return bend_index(g, l->index, limit);
  return l->index;
}

// -- tiles --------------------------------------------------------------------

static tile add_tile(grower *g, tsr_value *value, uint32_t rows, uint32_t cols,
                     bool is_load) {
  tile made = {value, rows, cols, is_load};
  if (g->tile_count < MAX_TILES)
    g->tiles[g->tile_count++] = made;
  return made;
}

static tsr_value *find_readable(grower *g) {
  uint32_t first = choose(g->c, (uint32_t)g->buffer_count);
  for (uint32_t i = 0;; i++) {
    const buffer *b = &g->buffers[(first + i) % g->buffer_count];
    if (!b->is_written)
      return b->value;
  }
}

static uint32_t smaller(uint32_t a, uint32_t b) { return a < b ? a : b; }

// A load of a block of at most that size; `element` COUNT: any.
static tile grow_load(grower *g, uint32_t rows, uint32_t cols) {
  tsr_value *from = find_readable(g);
  uint32_t rank = tsr_type_get_desc(tsr_value_get_type(from))->rank;
  uint32_t sides[] = {smaller(rows, tile_extent(from, rank - 2)),
                      smaller(cols, tile_extent(from, rank - 1))};
  tsr_value *operands[1 + TSR_MAX_RANK] = {from};
  for (uint32_t i = 0; i < rank; i++) {
    uint32_t side = i + 2 < rank ? 1 : sides[i + 2 - rank];
    operands[1 + i] = grow_index(g, tile_extent(from, i) - side + 1);
  }
  uint32_t groups[] = {1, rank, 0};
  const tsr_type *type = tile_type(g, element_of(from), sides[0], sides[1]);
  tsr_op_desc desc = {.kind = TSR_OP_tile_load,
                      .operands = operands,
                      .operand_count = 1 + rank,
                      .groups = groups,
                      .result_types = &type,
                      .result_count = 1};
  return add_tile(g, tsr_op_result(tsr_build(&g->b, &desc), 0), sides[0],
                  sides[1], true);
}

// A value of that size that is there, a late one rather than an early one.
// False: there is none.
static bool find_tile(grower *g, uint32_t rows, uint32_t cols, bool wants_math,
                      tile *out) {
  uint32_t skip = choose(g->c, 4);
  bool is_found = false;
  for (size_t i = g->tile_count; i-- > 0 && !(is_found && skip == 0);) {
    const tile *t = &g->tiles[i];
    if (t->rows != rows || t->cols != cols ||
        (wants_math && (t->is_load || element_of(t->value) != g->math)))
      continue;
    skip -= is_found;
    is_found = true;
    *out = *t;
  }
  return is_found;
}

static tile grow_fill(grower *g, uint32_t rows, uint32_t cols, double value) {
  tsr_op *op = tsr_build_op(&g->b, TSR_OP_tile_fill,
                            tile_type(g, g->math, rows, cols), 0, NULL);
  tsr_op_set_attr(op, "value", tsr_attr_float(g->context, value));
  return add_tile(g, tsr_op_result(op, 0), rows, cols, false);
}

// Any value of that size.
static tile pick(grower *g, uint32_t rows, uint32_t cols) {
  tile found;
  if (!chance(g->c, 25) && find_tile(g, rows, cols, false, &found))
    return found;
  found = grow_load(g, rows, cols);
  if (found.rows == rows && found.cols == cols)
    return found;
  return grow_fill(g, rows, cols, 0.5);
}

static tile grow_unary(grower *g, uint32_t rows, uint32_t cols) {
  static const tsr_op_kind kinds[] = {TSR_OP_tile_relu, TSR_OP_tile_exp,
                                      TSR_OP_tile_neg, TSR_OP_tile_sqrt};
  tile a = pick(g, rows, cols);
  const tsr_type *type = tile_type(g, g->math, rows, cols);
  return add_tile(g,
                  tsr_build_unary(&g->b, kinds[choose(g->c, 4)], type, a.value),
                  rows, cols, false);
}

// A value of that size that was computed.
static tile pick_math(grower *g, uint32_t rows, uint32_t cols) {
  tile found;
  if (!chance(g->c, 15) && find_tile(g, rows, cols, true, &found))
    return found;
  if (chance(g->c, 60))
    return grow_unary(g, rows, cols);
  return grow_fill(g, rows, cols, chance(g->c, 50) ? 0.0 : 1.5);
}

static void grow_binary(grower *g, uint32_t rows, uint32_t cols) {
  static const tsr_op_kind kinds[] = {TSR_OP_tile_add, TSR_OP_tile_sub,
                                      TSR_OP_tile_mul, TSR_OP_tile_max};
  tile a = pick(g, rows, cols), b = pick(g, rows, cols);
  const tsr_type *type = tile_type(g, g->math, rows, cols);
  add_tile(
      g,
      tsr_build_binary(&g->b, kinds[choose(g->c, 4)], type, a.value, b.value),
      rows, cols, false);
}

static void grow_product(grower *g, uint32_t rows, uint32_t cols) {
  tile a = pick(g, rows, 1), b = pick(g, 1, cols);
  tile acc = pick_math(g, rows, cols);
  tsr_value *operands[] = {a.value, b.value, acc.value};
  tsr_op *op = tsr_build_op(&g->b, TSR_OP_tile_mma,
                            tile_type(g, g->math, rows, cols), 3, operands);
  add_tile(g, tsr_op_result(op, 0), rows, cols, false);
}

static void grow_where(grower *g) {
  tile when = pick(g, 1, 1), a = pick(g, 1, 1), b = pick(g, 1, 1);
  tsr_value *operands[] = {when.value, a.value, b.value};
  tsr_op *op = tsr_build_op(&g->b, TSR_OP_tile_where,
                            tile_type(g, g->math, 1, 1), 3, operands);
  add_tile(g, tsr_op_result(op, 0), 1, 1, false);
}

static void grow_mask(grower *g) {
  tile a = pick_math(g, 1, 1);
  tsr_value *operands[] = {a.value, number(g, choose(g->c, 33)),
                           number(g, choose(g->c, 33))};
  tsr_op *op = tsr_build_op(&g->b, TSR_OP_tile_mask,
                            tile_type(g, g->math, 1, 1), 3, operands);
  tsr_op_set_attr(op, "fill", tsr_attr_float(g->context, 0));
  add_tile(g, tsr_op_result(op, 0), 1, 1, false);
}

static tsr_value *cast(grower *g, tile a, tsr_element to) {
  if (element_of(a.value) == to)
    return a.value;
  return tsr_build_unary(&g->b, TSR_OP_tile_cast,
                         tile_type(g, to, a.rows, a.cols), a.value);
}

static void grow_cast(grower *g) {
  tile a = pick_math(g, 1, 1);
  add_tile(g, cast(g, a, TSR_ELEMENT_BF16), 1, 1, false);
}

static void grow_insert(grower *g, uint32_t rows, uint32_t cols) {
  tile one = pick_math(g, 1, 1), block = pick_math(g, rows, cols);
  tsr_value *operands[] = {one.value, block.value,
                           number(g, choose(g->c, rows)),
                           number(g, choose(g->c, cols))};
  tsr_op *op = tsr_build_op(&g->b, TSR_OP_tile_insert,
                            tsr_value_get_type(block.value), 4, operands);
  add_tile(g, tsr_op_result(op, 0), rows, cols, false);
}

static void grow_extract(grower *g, uint32_t rows, uint32_t cols) {
  tile block = pick(g, rows, cols);
  tsr_value *operands[] = {block.value, number(g, choose(g->c, rows)),
                           number(g, choose(g->c, cols))};
  tsr_op *op =
      tsr_build_op(&g->b, TSR_OP_tile_extract,
                   tile_type(g, element_of(block.value), 1, 1), 3, operands);
  add_tile(g, tsr_op_result(op, 0), 1, 1, block.is_load);
}

static void grow_math(grower *g) {
  bool is_block = chance(g->c, 20);
  uint32_t rows = is_block ? 1 + choose(g->c, 2) : 1;
  uint32_t cols = is_block ? 1 + choose(g->c, 2) : 1;
  switch (choose(g->c, is_block ? 5 : 8)) {
  case 0:
    grow_binary(g, rows, cols);
    break;
  case 1:
    grow_unary(g, rows, cols);
    break;
  case 2:
    grow_product(g, rows, cols);
    break;
  case 3:
    grow_insert(g, rows, cols);
    break;
  case 4:
    grow_extract(g, rows, cols);
    break;
  case 5:
    grow_where(g);
    break;
  case 6:
    grow_mask(g);
    break;
  default:
    grow_cast(g);
    break;
  }
}

// -- stores -------------------------------------------------------------------

// An output with one axis for each loop around, or an intermediate buffer.
static tsr_value *make_output(grower *g, uint32_t rank, const uint32_t *tiles) {
  const tsr_type *type = buffer_type(g, choose_element(g), rank, tiles, false);
  tsr_value *made;
  if (g->has_output && chance(g->c, 30)) {
    tsr_builder before = tsr_builder_before(g->nest);
    made = tsr_op_result(
        tsr_build_op(&before, TSR_OP_buffer_alloc, type, 0, NULL), 0);
  } else {
    made = add_argument(g, type, "out");
    g->has_output = true;
  }
  add_buffer(g, made, true);
  return made;
}

static void grow_store(grower *g) {
  uint32_t rank = g->loop_count < 2 ? 2 : (uint32_t)g->loop_count;
  if (!g->may_store || rank > TSR_MAX_RANK || g->buffer_count == MAX_BUFFERS)
    return;
  tile a = chance(g->c, 80) ? pick_math(g, 1, 1) : pick(g, 1, 1);
  uint32_t tiles[TSR_MAX_RANK];
  tsr_value *operands[2 + TSR_MAX_RANK];
  for (uint32_t i = 0; i < rank; i++) {
    bool is_loop = i < g->loop_count;
    tiles[i] = is_loop ? g->loops[i].count : 1;
    operands[2 + i] = is_loop ? g->loops[i].index : number(g, 0);
  }
  operands[1] = make_output(g, rank, tiles);
  operands[0] = cast(g, a, element_of(operands[1]));
  uint32_t groups[] = {1, 1, rank, 0};
  tsr_op_desc desc = {.kind = TSR_OP_tile_store,
                      .operands = operands,
                      .operand_count = 2 + rank,
                      .groups = groups};
  tsr_build(&g->b, &desc);
}

// -- blocks -------------------------------------------------------------------

static void grow_block(grower *g, uint32_t depth);

// What is in scope around a block, to go back to.
typedef struct scope {
  tsr_builder b;
  size_t loop_count, tile_count;
  bool may_store;
} scope;

static scope enter(const grower *g) {
  return (scope){g->b, g->loop_count, g->tile_count, g->may_store};
}

static void leave(grower *g, const scope *s) {
  g->b = s->b;
  g->loop_count = s->loop_count;
  g->tile_count = s->tile_count;
  g->may_store = s->may_store;
}

static void add_yield(grower *g, uint32_t count) {
  tsr_value *values[MAX_CARRY];
  for (uint32_t i = 0; i < count; i++)
    values[i] = pick_math(g, 1, 1).value;
  tsr_op_desc desc = {.kind = TSR_OP_yield,
                      .operands = values,
                      .operand_count = count,
                      .groups = &count};
  if (count)
    tsr_build(&g->b, &desc);
}

static void add_results(grower *g, tsr_op *op) {
  for (size_t i = 0; i < tsr_op_result_count(op); i++)
    add_tile(g, tsr_op_result(op, i), 1, 1, false);
}

static void grow_loop(grower *g, uint32_t depth) {
  if (g->loop_count == MAX_LOOPS)
    return;
  uint32_t carried = choose(g->c, MAX_CARRY + 1);
  uint32_t count = (1 + choose(g->c, MAX_SIDE + 1)) % (MAX_SIDE + 1);
  tsr_value *carry[MAX_CARRY];
  for (uint32_t i = 0; i < carried; i++)
    carry[i] = pick_math(g, 1, 1).value;
  scope s = enter(g);
  tsr_builder body;
  tsr_op *op = tsr_build_for(&g->b, number(g, 0), number(g, count), carry,
                             carried, "i", &body);
  g->b = body;
  tsr_block *block = tsr_op_block(op, 0);
  g->loops[g->loop_count++] = (loop){tsr_block_arg(block, 0), count};
  for (uint32_t i = 0; i < carried; i++)
    add_tile(g, tsr_block_arg(block, 1 + i), 1, 1, false);
  g->may_store = g->may_store && count > 0;
  grow_block(g, depth + 1);
  add_yield(g, carried);
  leave(g, &s);
  add_results(g, op);
}

static void grow_branch(grower *g, uint32_t depth) {
  uint32_t results = choose(g->c, 3);
  tsr_value *operands[] = {grow_index(g, MAX_SIDE),
                           number(g, choose(g->c, MAX_SIDE))};
  tsr_op *cmp =
      tsr_build_op(&g->b, TSR_OP_cmp, tsr_type_bool(g->context), 2, operands);
  static const char *const predicates[] = {"eq", "ne", "lt", "le", "gt", "ge"};
  tsr_op_set_keyword(cmp, "predicate", predicates[choose(g->c, 6)]);
  tsr_value *condition = tsr_op_result(cmp, 0);
  const tsr_type *types[] = {tile_type(g, g->math, 1, 1),
                             tile_type(g, g->math, 1, 1)};
  tsr_op_desc desc = {.kind = TSR_OP_if_,
                      .operands = &condition,
                      .operand_count = 1,
                      .result_types = types,
                      .result_count = results,
                      .block_count = results ? 2 : 1 + choose(g->c, 2)};
  tsr_op *op = tsr_build(&g->b, &desc);
  scope s = enter(g);
  for (size_t i = 0; i < desc.block_count; i++) {
    g->b = tsr_builder_at_end(g->module, tsr_op_block(op, i), (tsr_loc){0});
    g->may_store = false;
    grow_block(g, depth + 1);
    add_yield(g, results);
    leave(g, &s);
  }
  add_results(g, op);
}

static void grow_block(grower *g, uint32_t depth) {
  for (uint32_t left = 1 + choose(g->c, 6); left; left--) {
    uint32_t kind = choose(g->c, 16);
    if (kind < 4)
      grow_load(g, 1 + chance(g->c, 10), 1 + chance(g->c, 10));
    else if (kind < 10 || depth == MAX_DEPTH)
      grow_math(g);
    else if (kind < 12)
      grow_store(g);
    else if (kind < 14)
      grow_loop(g, depth);
    else
      grow_branch(g, depth);
  }
}

// -- nests --------------------------------------------------------------------

static void set_units(grower *g, tsr_op *op) {
  if (g->math == TSR_ELEMENT_BF16)
    tsr_op_set_bool(op, "fp32_acc", false);
}

static void begin_parallel(grower *g) {
  uint32_t axes = 1 + choose(g->c, 2);
  tsr_value *sizes[2];
  uint32_t counts[2];
  for (uint32_t i = 0; i < axes; i++) {
    counts[i] = 1 + choose(g->c, MAX_SIDE);
    sizes[i] = number(g, counts[i]);
  }
  tsr_op_desc desc = {.kind = TSR_OP_tile_parallel,
                      .operands = sizes,
                      .operand_count = axes,
                      .groups = &axes,
                      .block_count = 1};
  g->nest = tsr_build(&g->b, &desc);
  set_units(g, g->nest);
  tsr_block *body = tsr_op_block(g->nest, 0);
  for (uint32_t i = 0; i < axes; i++)
    g->loops[g->loop_count++] = (loop){
        tsr_block_add_arg(body, tsr_type_index(g->context), (tsr_loc){0}, "m"),
        counts[i]};
  g->b = tsr_builder_at_end(g->module, body, (tsr_loc){0});
}

// Runs of a launch parameter: numbers of each core in turn.
static const tsr_attr *make_runs(grower *g, const int64_t *numbers,
                                 uint32_t count) {
  tsr_run runs[16];
  for (uint32_t i = 0; i < count; i++)
    runs[i] = (tsr_run){.first = numbers[i], .count = 1};
  return tsr_attr_runs(g->context, runs, count);
}

// Tiles of a plane in order, some for each core.
static void begin_launch(grower *g) {
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
      tsr_build_for(&g->b, number(g, 0), args[3], NULL, 0, "i", &inside);
  g->b = inside;
  tsr_value *at = tsr_build_index(&g->b, TSR_OP_add, args[2],
                                  tsr_block_arg(tsr_op_block(each, 0), 0));
  g->loops[g->loop_count++] =
      (loop){tsr_build_index(&g->b, TSR_OP_div, at, number(g, cols)), rows};
  g->loops[g->loop_count++] =
      (loop){tsr_build_index(&g->b, TSR_OP_rem, at, number(g, cols)), cols};
}

static void grow_nest(grower *g) {
  scope s = enter(g);
  if (chance(g->c, 30))
    begin_launch(g);
  else
    begin_parallel(g);
  g->may_store = true;
  grow_block(g, 1);
  grow_store(g);
  leave(g, &s);
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
  grower g = {.c = c,
              .context = context,
              .module = module,
              .func = tsr_op_block(func, 0),
              .math = chance(c, 25) ? TSR_ELEMENT_BF16 : TSR_ELEMENT_F32};
  g.b = tsr_builder_at_end(module, g.func, (tsr_loc){0});
  add_inputs(&g);
  for (uint32_t left = 1 + choose(c, 3); left; left--)
    if (g.buffer_count < MAX_BUFFERS)
      grow_nest(&g);
  return module;
}
