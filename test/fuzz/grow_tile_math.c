// Loads and tile math.

#include "grow_tiles.h"

tsr_value *grow_number(const tile_grower *g, uint32_t value) {
  return tsr_module_index(g->module, value);
}

tsr_element grown_element(const tsr_value *value) {
  return tsr_type_get_element(tsr_value_get_type(value));
}

const tsr_type *grown_tile_type(const tile_grower *g, tsr_element element,
                                uint32_t rows, uint32_t cols) {
  return tsr_type_tile(g->context, element, rows, cols);
}

static uint32_t tile_extent(const tsr_value *of, uint32_t axis) {
  return (uint32_t)tsr_type_tile_extent(tsr_value_get_type(of), axis);
}

tsr_value *grow_tile_index(tile_grower *g, uint32_t limit) {
  if (g->given.value && g->given.most < limit && chance(g->c, 50))
    return g->given.value;
  if (!g->loop_count || chance(g->c, 20))
    return grow_number(g, choose(g->c, limit));
  const grown_loop *l = &g->loops[choose(g->c, (uint32_t)g->loop_count)];
  if (chance(g->c, 30) || l->count > limit)
    return grow_index_below(&g->indices, limit);
  return l->index;
}

// -- loads --------------------------------------------------------------------

grown_tile grow_add_tile(tile_grower *g, tsr_value *value, uint32_t rows,
                         uint32_t cols, bool is_load) {
  grown_tile made = {value, rows, cols, is_load};
  if (g->tile_count < MAX_TILES)
    g->tiles[g->tile_count++] = made;
  return made;
}

// Rather what the nest before has written: such nests may be joined where they
// read no other tile of it.
static tsr_value *find_readable(tile_grower *g) {
  if (g->is_bare && chance(g->c, 90))
    return g->buffers[choose(g->c, (uint32_t)g->input_count)].value;
  uint32_t count = (uint32_t)g->buffer_count;
  uint32_t first = choose(g->c, count);
  if (count > 3 && chance(g->c, 30))
    first = count - 1 - choose(g->c, 3);
  for (uint32_t i = 0;; i++) {
    const grown_buffer *b = &g->buffers[(first + i) % g->buffer_count];
    if (!b->is_written)
      return b->value;
  }
}

static uint32_t smaller(uint32_t a, uint32_t b) { return a < b ? a : b; }

static grown_tile load_from(tile_grower *g, tsr_value *from, uint32_t rows,
                            uint32_t cols) {
  uint32_t rank = tsr_type_get_desc(tsr_value_get_type(from))->rank;
  uint32_t sides[] = {smaller(rows, tile_extent(from, rank - 2)),
                      smaller(cols, tile_extent(from, rank - 1))};
  tsr_value *operands[1 + TSR_MAX_RANK] = {from};
  bool is_plain = chance(g->c, 30); // as stores are
  for (uint32_t i = 0; i < rank; i++) {
    uint32_t side = i + 2 < rank ? 1 : sides[i + 2 - rank];
    uint32_t limit = tile_extent(from, i) - side + 1;
    operands[1 + i] =
        is_plain && i < g->loop_count && g->loops[i].count <= limit
            ? g->loops[i].index
            : grow_tile_index(g, limit);
  }
  uint32_t groups[] = {1, rank, 0};
  const tsr_type *type =
      grown_tile_type(g, grown_element(from), sides[0], sides[1]);
  tsr_op_desc desc = {.kind = TSR_OP_tile_load,
                      .operands = operands,
                      .operand_count = 1 + rank,
                      .groups = groups,
                      .result_types = &type,
                      .result_count = 1};
  return grow_add_tile(g, tsr_op_result(tsr_build(&g->b, &desc), 0), sides[0],
                       sides[1], true);
}

grown_tile grow_load(tile_grower *g, uint32_t rows, uint32_t cols) {
  return load_from(g, find_readable(g), rows, cols);
}

grown_tile grow_late(tile_grower *g) {
  size_t last = g->buffer_count;
  while (g->buffers[last - 1].is_written)
    last--;
  return load_from(g, g->buffers[last - 1].value, 1, 1);
}

static bool is_handed(const tile_grower *g, const grown_buffer *b) {
  bool is_same = !b->is_written && b->axes > 0 && b->axes == g->axes;
  for (uint32_t i = 0; i < g->axes && is_same; i++)
    is_same = b->axis_counts[i] == g->axis_counts[i];
  return is_same;
}

static const grown_buffer *find_handed(tile_grower *g) {
  uint32_t count = (uint32_t)g->buffer_count, first = choose(g->c, count);
  for (uint32_t i = 0; i < count && g->is_parallel; i++) {
    const grown_buffer *b = &g->buffers[(first + i) % count];
    if (is_handed(g, b))
      return b;
  }
  return NULL;
}

// Where along axis `i`: as the store, by the other axis of the loop, or
// anywhere.
static tsr_value *grow_handed_index(tile_grower *g, const grown_buffer *from,
                                    uint32_t i, bool is_elsewhere) {
  if (i >= g->axes)
    return grow_number(g, 0);
  uint32_t axis = is_elsewhere ? g->axes - 1 - i : i, side = from->sides[i];
  bool is_any = is_elsewhere && (g->axes == 1 || chance(g->c, 30));
  if (!is_any && g->axis_counts[axis] == g->axis_counts[i])
    return tsr_build_index(&g->b, TSR_OP_mul, g->loops[axis].index,
                           grow_number(g, side));
  uint32_t limit = tile_extent(from->value, i) - side + 1;
  return chance(g->c, 60) ? grow_number(g, choose(g->c, limit))
                          : grow_index_below(&g->indices, limit);
}

bool grow_handed(tile_grower *g, grown_tile *out) {
  const grown_buffer *from = find_handed(g);
  if (!from)
    return false;
  bool is_elsewhere = chance(g->c, 25);
  tsr_value *operands[3] = {from->value};
  for (uint32_t i = 0; i < 2; i++)
    operands[1 + i] = grow_handed_index(g, from, i, is_elsewhere);
  uint32_t groups[] = {1, 2, 0};
  const tsr_type *type = grown_tile_type(g, grown_element(from->value),
                                         from->sides[0], from->sides[1]);
  tsr_op_desc desc = {.kind = TSR_OP_tile_load,
                      .operands = operands,
                      .operand_count = 3,
                      .groups = groups,
                      .result_types = &type,
                      .result_count = 1};
  *out = grow_add_tile(g, tsr_op_result(tsr_build(&g->b, &desc), 0),
                       from->sides[0], from->sides[1], true);
  return true;
}

static tsr_op *build_generate(tile_grower *g, const char *kind,
                              tsr_element element, uint32_t sizes,
                              tsr_value *const *operands) {
  const tsr_type *type = grown_tile_type(g, element, 1, 1);
  tsr_op_desc desc = {.kind = TSR_OP_tile_generate,
                      .operands = operands,
                      .operand_count = sizes,
                      .groups = &sizes,
                      .result_types = &type,
                      .result_count = 1};
  tsr_op *op = tsr_build(&g->b, &desc);
  tsr_op_set_keyword(op, "kind", kind);
  return op;
}

// A tile that a data-movement core builds.
static grown_tile grow_generate(tile_grower *g) {
  static const char *const kinds[] = {"mask", "fill", "identity"};
  static const double values[] = {0.0, 1.5, -1.0, 0.25};
  uint32_t kind = choose(g->c, 3), sizes = kind == 0 ? 2 : 0;
  tsr_value *operands[2];
  for (uint32_t i = 0; i < sizes; i++)
    operands[i] = grow_tile_index(g, TSR_TILE_SIDE + 1);
  tsr_element element = g->math == TSR_ELEMENT_F32 && chance(g->c, 40)
                            ? TSR_ELEMENT_F32
                            : TSR_ELEMENT_BF16;
  tsr_op *op = build_generate(g, kinds[kind], element, sizes, operands);
  if (kind == 1)
    tsr_op_set_attr(op, "value",
                    tsr_attr_float(g->context, values[choose(g->c, 4)]));
  return grow_add_tile(g, tsr_op_result(op, 0), 1, 1, true);
}

grown_tile grow_shown_indices(tile_grower *g) {
  tsr_value *sides[2];
  grow_shown_numbers(&g->indices, TSR_TILE_SIDE, sides);
  tsr_op *op = build_generate(g, "mask", TSR_ELEMENT_BF16, 2, sides);
  return grow_add_tile(g, tsr_op_result(op, 0), 1, 1, true);
}

// A tile of a block that is there in part, at the edge of its buffer.
static void grow_edge(tile_grower *g) {
  tsr_value *from = find_readable(g);
  uint32_t rank = tsr_type_get_desc(tsr_value_get_type(from))->rank;
  tsr_value *operands[3 + TSR_MAX_RANK] = {from};
  uint32_t sides[2], valid[2];
  for (uint32_t i = 0; i < rank; i++) {
    uint32_t extent = tile_extent(from, i), at = choose(g->c, extent);
    operands[1 + i] = grow_number(g, at);
    if (i + 2 < rank)
      continue;
    uint32_t axis = i + 2 - rank;
    sides[axis] = 1 + choose(g->c, 3);
    valid[axis] = smaller(sides[axis], extent - at);
    operands[1 + rank + axis] = grow_number(g, valid[axis]);
  }
  uint32_t groups[] = {1, rank, 2};
  tsr_element element = grown_element(from);
  const tsr_type *type = grown_tile_type(g, element, sides[0], sides[1]);
  tsr_op_desc desc = {.kind = TSR_OP_tile_load,
                      .operands = operands,
                      .operand_count = 3 + rank,
                      .groups = groups,
                      .result_types = &type,
                      .result_count = 1};
  tsr_value *place[] = {tsr_op_result(tsr_build(&g->b, &desc), 0),
                        grow_number(g, choose(g->c, valid[0])),
                        grow_number(g, choose(g->c, valid[1]))};
  tsr_op *one = tsr_build_op(&g->b, TSR_OP_tile_extract,
                             grown_tile_type(g, element, 1, 1), 3, place);
  grow_add_tile(g, tsr_op_result(one, 0), 1, 1, true);
}

// -- what is there ------------------------------------------------------------

static bool is_wanted(const tile_grower *g, const grown_tile *t, uint32_t rows,
                      uint32_t cols, bool wants_math, bool wants_unused) {
  if (t->rows != rows || t->cols != cols ||
      (wants_unused && tsr_value_has_uses(t->value)))
    return false;
  return !wants_math || (!t->is_load && grown_element(t->value) == g->math);
}

// A value of that size that is there, a late one rather than an early one, or
// one that nothing uses: what is not stored in the end is not seen.
// False: there is none.
static bool find_tile(tile_grower *g, uint32_t rows, uint32_t cols,
                      bool wants_math, grown_tile *out) {
  uint32_t skip = choose(g->c, 4);
  bool wants_unused = chance(g->c, 40);
  bool is_found = false;
  for (size_t i = g->tile_count; i-- > 0 && !(is_found && skip == 0);) {
    const grown_tile *t = &g->tiles[i];
    if (!is_wanted(g, t, rows, cols, wants_math, wants_unused))
      continue;
    skip -= is_found;
    is_found = true;
    *out = *t;
  }
  return is_found;
}

static grown_tile grow_fill(tile_grower *g, uint32_t rows, uint32_t cols,
                            double value) {
  tsr_op *op = tsr_build_op(&g->b, TSR_OP_tile_fill,
                            grown_tile_type(g, g->math, rows, cols), 0, NULL);
  tsr_op_set_attr(op, "value", tsr_attr_float(g->context, value));
  return grow_add_tile(g, tsr_op_result(op, 0), rows, cols, false);
}

// Any value of that size.
grown_tile grow_pick(tile_grower *g, uint32_t rows, uint32_t cols) {
  grown_tile found;
  if (!chance(g->c, 25) && find_tile(g, rows, cols, false, &found))
    return found;
  found = grow_load(g, rows, cols);
  if (found.rows == rows && found.cols == cols)
    return found;
  return grow_fill(g, rows, cols, 0.5);
}

// -- math ---------------------------------------------------------------------

// What elementwise ops round to: mostly what is computed in.
static const tsr_type *choose_type(tile_grower *g, uint32_t rows,
                                   uint32_t cols) {
  tsr_element other =
      g->math == TSR_ELEMENT_F32 ? TSR_ELEMENT_BF16 : TSR_ELEMENT_F32;
  return grown_tile_type(g, chance(g->c, 12) ? other : g->math, rows, cols);
}

static const tsr_op_kind unary[] = {
#define TSR_TILE_UNARY(id, ...) TSR_OP_tile_##id,
#include "tessera/ops.def"
};
static const tsr_op_kind binary[] = {
#define TSR_TILE_BINARY(id, ...) TSR_OP_tile_##id,
#include "tessera/ops.def"
};
enum { UNARY = sizeof unary / sizeof *unary };
enum { BINARY = sizeof binary / sizeof *binary };

static grown_tile grow_unary(tile_grower *g, uint32_t rows, uint32_t cols) {
  grown_tile a = grow_pick(g, rows, cols);
  const tsr_type *type = grown_tile_type(g, g->math, rows, cols);
  return grow_add_tile(
      g, tsr_build_unary(&g->b, unary[choose(g->c, UNARY)], type, a.value),
      rows, cols, false);
}

// A value of that size that was computed.
grown_tile grow_pick_math(tile_grower *g, uint32_t rows, uint32_t cols) {
  grown_tile found;
  if (!chance(g->c, 15) && find_tile(g, rows, cols, true, &found))
    return found;
  if (chance(g->c, 60))
    return grow_unary(g, rows, cols);
  // The last is half-way between two numbers of bf16.
  static const double values[] = {0.0, 1.5, -0.3, -0.0, 0.1, 0x1.01p0};
  return grow_fill(g, rows, cols, values[choose(g->c, 6)]);
}

static void grow_binary(tile_grower *g, uint32_t rows, uint32_t cols) {
  grown_tile a = grow_pick(g, rows, cols), b = grow_pick(g, rows, cols);
  tsr_op_kind kind = binary[choose(g->c, BINARY)];
  // Sometimes the other way round as well.
  for (uint32_t left = 1 + chance(g->c, 20); left; left--) {
    const tsr_type *type = choose_type(g, rows, cols);
    const grown_tile *first = left == 2 ? &b : &a;
    const grown_tile *second = left == 2 ? &a : &b;
    tsr_value *made =
        tsr_build_binary(&g->b, kind, type, first->value, second->value);
    grow_add_tile(g, made, rows, cols, false);
  }
}

static void grow_product(tile_grower *g, uint32_t rows, uint32_t cols) {
  grown_tile a = grow_pick(g, rows, 1), b = grow_pick(g, 1, cols);
  grown_tile acc = chance(g->c, 40) ? grow_fill(g, rows, cols, 0.0)
                                    : grow_pick_math(g, rows, cols);
  tsr_value *operands[] = {a.value, b.value, acc.value};
  tsr_op *op =
      tsr_build_op(&g->b, TSR_OP_tile_mma,
                   grown_tile_type(g, g->math, rows, cols), 3, operands);
  grow_add_tile(g, tsr_op_result(op, 0), rows, cols, false);
}

tsr_value *grow_sum(tile_grower *g, tsr_value *carried) {
  const tsr_type *type = grown_tile_type(g, g->math, 1, 1);
  uint32_t kind = choose(g->c, 3);
  tsr_value *more;
  if (kind == 0) {
    grown_tile a = grow_load(g, 1, 1), b = grow_load(g, 1, 1);
    more = tsr_build_binary(&g->b, TSR_OP_tile_mul, type, a.value, b.value);
  } else if (kind == 1) {
    more =
        tsr_build_unary(&g->b, TSR_OP_tile_neg, type, grow_pick(g, 1, 1).value);
  } else {
    more = grow_shown_indices(g).value;
  }
  return tsr_build_binary(&g->b, TSR_OP_tile_add, type, carried, more);
}

static void grow_where(tile_grower *g) {
  grown_tile when = grow_pick(g, 1, 1), a = grow_pick(g, 1, 1),
             b = grow_pick(g, 1, 1);
  tsr_value *operands[] = {when.value, a.value, b.value};
  tsr_op *op = tsr_build_op(&g->b, TSR_OP_tile_where,
                            grown_tile_type(g, g->math, 1, 1), 3, operands);
  grow_add_tile(g, tsr_op_result(op, 0), 1, 1, false);
}

static void grow_mask(tile_grower *g) {
  grown_tile a = grow_pick_math(g, 1, 1);
  tsr_value *operands[] = {a.value, grow_number(g, choose(g->c, 33)),
                           grow_number(g, choose(g->c, 33))};
  tsr_op *op = tsr_build_op(&g->b, TSR_OP_tile_mask,
                            grown_tile_type(g, g->math, 1, 1), 3, operands);
  tsr_op_set_attr(op, "fill",
                  tsr_attr_float(g->context, chance(g->c, 50) ? 0.5 : 0));
  grow_add_tile(g, tsr_op_result(op, 0), 1, 1, false);
}

tsr_value *grow_cast_to(tile_grower *g, grown_tile a, tsr_element to) {
  if (grown_element(a.value) == to)
    return a.value;
  return tsr_build_unary(&g->b, TSR_OP_tile_cast,
                         grown_tile_type(g, to, a.rows, a.cols), a.value);
}

static void grow_cast(tile_grower *g) {
  grown_tile a = grow_pick_math(g, 1, 1);
  a = grow_add_tile(g, grow_cast_to(g, a, TSR_ELEMENT_BF16), 1, 1, false);
  if (chance(g->c, 50)) // what was lost stays so
    grow_add_tile(g, grow_cast_to(g, a, g->math), 1, 1, false);
}

static void grow_copy(tile_grower *g, uint32_t rows, uint32_t cols) {
  grown_tile a = grow_pick(g, rows, cols);
  const tsr_type *type = tsr_value_get_type(a.value);
  grow_add_tile(g, tsr_build_unary(&g->b, TSR_OP_tile_copy, type, a.value),
                rows, cols, false);
}

// Rows or columns of tiles of a block that has `extent` to choose from.
static uint32_t choose_side(tile_grower *g, uint32_t extent) {
  return chance(g->c, 25) ? 1 + choose(g->c, smaller(extent, 3)) : 1;
}

// A product of rows and columns of two buffers, where there are any that fit.
static void grow_contract(tile_grower *g) {
  const tsr_value *a = find_readable(g), *b = find_readable(g);
  uint32_t a_rank = tsr_type_get_desc(tsr_value_get_type(a))->rank;
  uint32_t b_rank = tsr_type_get_desc(tsr_value_get_type(b))->rank;
  if (tile_extent(a, a_rank - 1) != tile_extent(b, b_rank - 2))
    return;
  uint32_t rows = choose_side(g, tile_extent(a, a_rank - 2));
  uint32_t cols = choose_side(g, tile_extent(b, b_rank - 1));
  tsr_value *operands[2 + 2 * TSR_MAX_RANK];
  uint32_t count = 0;
  operands[count++] = (tsr_value *)a;
  for (uint32_t i = 0; i < a_rank; i++)
    operands[count++] =
        i == a_rank - 1
            ? tsr_module_all(g->module)
            : grow_tile_index(g, tile_extent(a, i) -
                                     (i == a_rank - 2 ? rows - 1 : 0));
  operands[count++] = (tsr_value *)b;
  for (uint32_t i = 0; i < b_rank; i++)
    operands[count++] =
        i == b_rank - 2
            ? tsr_module_all(g->module)
            : grow_tile_index(g, tile_extent(b, i) -
                                     (i == b_rank - 1 ? cols - 1 : 0));
  uint32_t groups[] = {1, a_rank, 1, b_rank, 0};
  const tsr_type *type = chance(g->c, 30)
                             ? choose_type(g, rows, cols)
                             : grown_tile_type(g, g->math, rows, cols);
  tsr_op_desc desc = {.kind = TSR_OP_tile_contract,
                      .operands = operands,
                      .operand_count = count,
                      .groups = groups,
                      .result_types = &type,
                      .result_count = 1};
  grow_add_tile(g, tsr_op_result(tsr_build(&g->b, &desc), 0), rows, cols,
                false);
}

void grow_tile_math(tile_grower *g) {
  bool is_block = chance(g->c, 20);
  uint32_t rows = is_block ? 1 + choose(g->c, 2) : 1;
  uint32_t cols = is_block ? 1 + choose(g->c, 2) : 1;
  switch (choose(g->c, is_block ? 9 : 15)) {
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
    grow_extract(g);
    break;
  case 5:
    grow_copy(g, rows, cols);
    break;
  case 6:
    grow_built_block(g, rows, cols);
    break;
  case 7:
    grow_taken_apart(g);
    break;
  case 8:
    grow_part(g);
    break;
  case 9:
    grow_where(g);
    break;
  case 10:
    grow_mask(g);
    break;
  case 11:
    grow_generate(g);
    break;
  case 12:
    grow_edge(g);
    break;
  case 13:
    grow_contract(g);
    break;
  default:
    grow_cast(g);
    break;
  }
}
