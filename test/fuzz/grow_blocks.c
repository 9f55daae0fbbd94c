// Blocks of several tiles: put together, taken apart, filled in part.

#include "grow_tiles.h"

static tsr_value *insert(tile_grower *g, tsr_value *one, tsr_value *block,
                         tsr_value *row, tsr_value *col) {
  tsr_value *operands[] = {one, block, row, col};
  return tsr_op_result(tsr_build_op(&g->b, TSR_OP_tile_insert,
                                    tsr_value_get_type(block), 4, operands),
                       0);
}

static tsr_value *empty(tile_grower *g, uint32_t rows, uint32_t cols) {
  const tsr_type *type = grown_tile_type(g, g->math, rows, cols);
  return tsr_op_result(tsr_build_op(&g->b, TSR_OP_tile_empty, type, 0, NULL),
                       0);
}

grown_tile grow_built_block(tile_grower *g, uint32_t rows, uint32_t cols) {
  tsr_value *block = empty(g, rows, cols);
  for (uint32_t row = 0; row < rows; row++)
    for (uint32_t col = 0; col < cols; col++)
      block = insert(g, grow_pick_math(g, 1, 1).value, block,
                     grow_number(g, row), grow_number(g, col));
  return grow_add_tile(g, block, rows, cols, false);
}

static void take_tile(tile_grower *g, const grown_tile *block) {
  tsr_value *operands[] = {block->value, grow_tile_index(g, block->rows),
                           grow_tile_index(g, block->cols)};
  tsr_op *op = tsr_build_op(
      &g->b, TSR_OP_tile_extract,
      grown_tile_type(g, grown_element(block->value), 1, 1), 3, operands);
  grow_add_tile(g, tsr_op_result(op, 0), 1, 1, block->is_load);
}

void grow_taken_apart(tile_grower *g) {
  uint32_t rows = 1 + choose(g->c, 3),
           cols = rows < 3 ? 1 + choose(g->c, 2) : 1;
  grown_tile block = grow_built_block(g, rows, cols);
  for (uint32_t left = 1 + choose(g->c, 2); left; left--)
    take_tile(g, &block);
}

void grow_insert(tile_grower *g, uint32_t rows, uint32_t cols) {
  grown_tile one = grow_pick_math(g, 1, 1),
             block = grow_pick_math(g, rows, cols);
  tsr_value *made = insert(g, one.value, block.value, grow_tile_index(g, rows),
                           grow_tile_index(g, cols));
  grow_add_tile(g, made, rows, cols, false);
}

void grow_extract(tile_grower *g) {
  bool is_computed = chance(g->c, 40);
  uint32_t rows = is_computed ? 2 : 1 + choose(g->c, 3);
  grown_tile block = grow_load(g, rows, rows == 1 ? 2 : 1 + chance(g->c, 25));
  if (is_computed) {
    const tsr_type *type = grown_tile_type(g, g->math, block.rows, block.cols);
    block.value = tsr_build_unary(&g->b, TSR_OP_tile_neg, type, block.value);
    block.is_load = false;
  }
  for (uint32_t left = 1 + choose(g->c, 2); left; left--)
    take_tile(g, &block);
}

// A tile of a block that lacks the other one. The index may be one that only
// shows to be that tile's.
static void take_only_tile(tile_grower *g, tsr_value *block, uint32_t at) {
  tsr_value *col = grow_number(g, at);
  if (at == 0 && g->loop_count && chance(g->c, 50))
    col = grow_index_below(&g->indices, 1);
  tsr_value *operands[] = {block, grow_number(g, 0), col};
  tsr_op *op = tsr_build_op(&g->b, TSR_OP_tile_extract,
                            grown_tile_type(g, g->math, 1, 1), 3, operands);
  grow_add_tile(g, tsr_op_result(op, 0), 1, 1, false);
}

void grow_part(tile_grower *g) {
  const tsr_type *type = grown_tile_type(g, g->math, 1, 2);
  uint32_t at = choose(g->c, 2);
  tsr_value *block = insert(g, grow_pick_math(g, 1, 1).value, empty(g, 1, 2),
                            grow_number(g, 0), grow_number(g, at));
  for (uint32_t left = choose(g->c, 3); left; left--)
    block = tsr_build_unary(
        &g->b, chance(g->c, 50) ? TSR_OP_tile_exp : TSR_OP_tile_neg, type,
        block);
  if (chance(g->c, 40)) {
    tsr_value *full = insert(g, grow_pick_math(g, 1, 1).value, block,
                             grow_number(g, 0), grow_number(g, 1 - at));
    grow_add_tile(g, full, 1, 2, false);
  }
  take_only_tile(g, block, at);
}
