// tile: the nest of one tensor, over tiles or blocks of tiles of it.

#include "tile.h"

#include <assert.h>
#include <ctype.h>

// The tile op of the same meaning, and whether it maps zeros to zeros exactly.
typedef struct lowering {
  tsr_op_kind kind;
  bool keeps_zeros;
} lowering;

static const lowering elementwise[TSR_OP_COUNT] = {
    [TSR_OP_tensor_add] = {TSR_OP_tile_add, true},
    [TSR_OP_tensor_sub] = {TSR_OP_tile_sub, true},
    [TSR_OP_tensor_mul] = {TSR_OP_tile_mul, true},
    [TSR_OP_tensor_max] = {TSR_OP_tile_max, true},
    [TSR_OP_tensor_relu] = {TSR_OP_tile_relu, true},
    [TSR_OP_tensor_exp] = {TSR_OP_tile_exp, false},
    [TSR_OP_tensor_sqrt] = {TSR_OP_tile_sqrt, true},
    [TSR_OP_tensor_neg] = {TSR_OP_tile_neg, true},
};

// -- names --------------------------------------------------------------------

// Names of the index and the size of an axis.
typedef struct axis_names {
  const char *index, *size;
} axis_names;

static axis_names name_axis(uint32_t rank, uint32_t axis) {
  static const axis_names names[] = {
      {"n", "nt"}, {"m", "mt"}, {"batch", "batches"}, {"outer", "outers"}};
  return names[rank - 1 - axis];
}

const char *tsr_tile_get_label(const tsr_tiler *t, const tsr_tile_tensor *of) {
  const char *name = tsr_value_get_name(of->value);
  if (!isdigit((unsigned char)name[0]))
    return name;
  return tsr_arena_printf(t->env->scratch, "t%s", name);
}

static void name_after(const tsr_tiler *t, tsr_value *value,
                       const tsr_tile_tensor *of, const char *suffix) {
  tsr_value_set_name(value,
                     tsr_arena_printf(t->env->scratch, "%s_%s",
                                      tsr_tile_get_label(t, of), suffix));
}

// -- axes ---------------------------------------------------------------------

static tsr_value *get_size(tsr_tiler *t, const tsr_tile_tensor *of,
                           uint32_t axis) {
  tsr_tile_size *size = tsr_tile_find_size(t, of, axis);
  if (!size->size) {
    tsr_op *dim = tsr_build_op(&t->header, TSR_OP_buffer_dim,
                               tsr_type_index(t->context), 1, &size->buffer);
    tsr_op_set_int(dim, "axis", size->axis);
    size->size = tsr_op_result(dim, 0);
    tsr_value_set_name(size->size, name_axis(of->desc->rank, axis).size);
  }
  return size->size;
}

// One axis of a nest: single tiles, or blocks of them.
typedef struct nest_axis {
  tsr_value *count;    // of blocks
  tsr_value *block;    // counts them
  tsr_value *index;    // of a block's first tile
  tsr_value *valid;    // tiles that a block has; NULL: `length` in each
  uint32_t length;     // tiles of a whole block
  uint32_t last_tiles; // tiles of the last block
} nest_axis;

// The nest being built.
typedef struct nest {
  tsr_builder body;
  const tsr_tile_tensor *result;
  nest_axis axes[TSR_MAX_RANK];
} nest;

// 0 for the axis of rows, 1 for that of columns, -1 for batches.
static int get_side(uint32_t rank, uint32_t axis) {
  return (int)axis + 2 - (int)rank < 0 ? -1 : (int)(axis + 2 - rank);
}

static tsr_value *get_block_count(tsr_tiler *t, const tsr_tile_tensor *of,
                                  uint32_t axis, uint32_t length) {
  tsr_value *tiles = get_size(t, of, axis);
  if (length == 1)
    return tiles;
  int side = get_side(of->desc->rank, axis);
  tsr_value **count = &tsr_tile_find_size(t, of, axis)->blocks[side];
  if (*count)
    return *count;
  if (tsr_type_tile_extent(tsr_value_get_type(of->value), axis) % length)
    tiles = tsr_build_index(&t->header, TSR_OP_add, tiles,
                            tsr_module_index(t->module, length - 1));
  *count = tsr_build_index(&t->header, TSR_OP_div, tiles,
                           tsr_module_index(t->module, length));
  tsr_value_set_name(*count, side == 0 ? "mb" : "nb");
  return *count;
}

static nest_axis measure_axis(tsr_tiler *t, const tsr_tile_tensor *of,
                              uint32_t axis) {
  int side = get_side(of->desc->rank, axis);
  uint64_t tiles = tsr_type_tile_extent(tsr_value_get_type(of->value), axis);
  nest_axis made = {.length = side < 0 ? 1 : t->block_tiles[side]};
  if (made.length > tiles)
    made.length = (uint32_t)tiles;
  made.last_tiles = (uint32_t)((tiles - 1) % made.length) + 1;
  made.count = get_block_count(t, of, axis, made.length);
  return made;
}

// in     `counter`: the loop variable of the axis
static void open_axis(tsr_tiler *t, nest *in, uint32_t axis,
                      tsr_value *counter) {
  uint32_t rank = in->result->desc->rank;
  nest_axis *opened = &in->axes[axis];
  opened->block = opened->index = counter;
  if (opened->length == 1)
    return;
  const char *name = name_axis(rank, axis).index;
  tsr_value *length = tsr_module_index(t->module, opened->length);
  opened->index = tsr_build_index(&in->body, TSR_OP_mul, counter, length);
  tsr_value_set_name(opened->index, name);
  if (opened->last_tiles == opened->length)
    return;
  tsr_value *left = tsr_build_index(
      &in->body, TSR_OP_sub, get_size(t, in->result, axis), opened->index);
  tsr_value_set_name(left, tsr_arena_printf(t->env->scratch, "%s_left", name));
  opened->valid = tsr_build_index(&in->body, TSR_OP_min, left, length);
  tsr_value_set_name(opened->valid,
                     get_side(rank, axis) == 0 ? "rows" : "cols");
}

static const char *name_counter(const tsr_tiler *t, const nest *in,
                                uint32_t axis) {
  const char *name = name_axis(in->result->desc->rank, axis).index;
  return in->axes[axis].length == 1
             ? name
             : tsr_arena_printf(t->env->scratch, "%s_block", name);
}

static nest open_nest(tsr_tiler *t, const tsr_tile_tensor *result,
                      tsr_loc loc) {
  uint32_t rank = result->desc->rank;
  nest opened = {.result = result};
  tsr_value *counts[TSR_MAX_RANK];
  t->header.loc = loc;
  for (uint32_t axis = 0; axis < rank; axis++) {
    opened.axes[axis] = measure_axis(t, result, axis);
    counts[axis] = opened.axes[axis].count;
  }

  tsr_builder end = tsr_builder_at_end(t->module, t->block, loc);
  tsr_op *parallel =
      tsr_build(&end, &(tsr_op_desc){.kind = TSR_OP_tile_parallel,
                                     .operands = counts,
                                     .operand_count = rank,
                                     .groups = &rank,
                                     .block_count = 1});
  if (!t->header.before)
    t->header.before = parallel;
  tsr_block *block = tsr_op_block(parallel, 0);
  opened.body = tsr_builder_at_end(t->module, block, loc);
  tsr_value *counters[TSR_MAX_RANK];
  for (uint32_t axis = 0; axis < rank; axis++)
    counters[axis] = tsr_block_add_arg(block, tsr_type_index(t->context), loc,
                                       name_counter(t, &opened, axis));
  for (uint32_t axis = 0; axis < rank; axis++)
    open_axis(t, &opened, axis, counters[axis]);
  return opened;
}

static const nest_axis *get_rows(const nest *in) {
  static const nest_axis single = {.length = 1, .last_tiles = 1};
  uint32_t rank = in->result->desc->rank;
  return rank < 2 ? &single : &in->axes[rank - 2];
}

static const nest_axis *get_cols(const nest *in) {
  return &in->axes[in->result->desc->rank - 1];
}

// The type of what one iteration holds: a tile or a block of tiles.
static const tsr_type *get_tile_type(const tsr_tiler *t, const nest *in,
                                     tsr_element element) {
  return tsr_type_tile(t->context, element, get_rows(in)->length,
                       get_cols(in)->length);
}

// Which tiles of a block there are, for the last group of operands of a load,
// a store or a contraction.
//
// gives  how many operands that takes: none where all blocks are whole
static uint32_t add_valid(tsr_tiler *t, const nest *in, tsr_value **operands) {
  const nest_axis *axes[] = {get_rows(in), get_cols(in)};
  if (!axes[0]->valid && !axes[1]->valid)
    return 0;
  for (size_t i = 0; i < 2; i++)
    operands[i] = axes[i]->valid ? axes[i]->valid
                                 : tsr_module_index(t->module, axes[i]->length);
  return 2;
}

static void add_indices(const nest *in, tsr_value **operands) {
  for (uint32_t axis = 0; axis < in->result->desc->rank; axis++)
    operands[axis] = in->axes[axis].index;
}

static tsr_value *build_load(tsr_tiler *t, nest *in,
                             const tsr_tile_tensor *of) {
  uint32_t rank = of->desc->rank;
  tsr_value *operands[1 + TSR_MAX_RANK + 2] = {of->buffer};
  add_indices(in, operands + 1);
  uint32_t valid = add_valid(t, in, operands + 1 + rank);
  const tsr_type *type = get_tile_type(t, in, of->desc->element);
  tsr_op *load = tsr_build(
      &in->body, &(tsr_op_desc){.kind = TSR_OP_tile_load,
                                .operands = operands,
                                .operand_count = 1 + rank + valid,
                                .groups = (const uint32_t[]){1, rank, valid},
                                .result_types = &type,
                                .result_count = 1});
  tsr_value *tile = tsr_op_result(load, 0);
  tsr_value_set_name(tile, tsr_arena_printf(t->env->scratch, "%s_tile",
                                            tsr_value_get_name(of->buffer)));
  return tile;
}

static void build_store(tsr_tiler *t, nest *in, tsr_value *tile,
                        tsr_value *buffer) {
  uint32_t rank = in->result->desc->rank;
  tsr_value *operands[2 + TSR_MAX_RANK + 2] = {tile, buffer};
  add_indices(in, operands + 2);
  uint32_t valid = add_valid(t, in, operands + 2 + rank);
  tsr_build(&in->body,
            &(tsr_op_desc){.kind = TSR_OP_tile_store,
                           .operands = operands,
                           .operand_count = 2 + rank + valid,
                           .groups = (const uint32_t[]){1, 1, rank, valid}});
}

static void build_yield(tsr_builder *builder, tsr_value *value) {
  tsr_build(builder, &(tsr_op_desc){.kind = TSR_OP_yield,
                                    .operands = &value,
                                    .operand_count = 1});
}

// The tile with zeros behind the last element of a row or column axis.
static tsr_value *mask_tile(tsr_tiler *t, tsr_builder *at, const nest *in,
                            tsr_value *tile, int side, uint32_t rest) {
  tsr_value *operands[] = {
      tile, tsr_module_index(t->module, side == 0 ? rest : TSR_TILE_SIDE),
      tsr_module_index(t->module, side == 0 ? TSR_TILE_SIDE : rest)};
  tsr_op *mask =
      tsr_build_op(at, TSR_OP_tile_mask, tsr_value_get_type(tile), 3, operands);
  tsr_op_set_attr(mask, "fill", tsr_attr_float(t->context, 0.0));
  name_after(t, tsr_op_result(mask, 0), in->result, "masked");
  return tsr_op_result(mask, 0);
}

// The last block along an axis: its last tiles along that axis are masked one
// by one, whether they are there along the other axis or not.
static tsr_value *mask_block(tsr_tiler *t, tsr_builder *at, const nest *in,
                             tsr_value *block, int side, uint32_t rest) {
  const nest_axis *rows = get_rows(in), *cols = get_cols(in);
  if (rows->length == 1 && cols->length == 1)
    return mask_tile(t, at, in, block, side, rest);
  uint32_t count = side == 0 ? cols->length : rows->length;
  uint32_t last = (side == 0 ? rows : cols)->last_tiles - 1;
  tsr_element element = tsr_type_get_element(tsr_value_get_type(block));
  const tsr_type *single = tsr_type_tile(t->context, element, 1, 1);
  for (uint32_t i = 0; i < count; i++) {
    tsr_value *row = tsr_module_index(t->module, side == 0 ? last : i);
    tsr_value *col = tsr_module_index(t->module, side == 0 ? i : last);
    tsr_op *edge = tsr_build_op(at, TSR_OP_tile_extract, single, 3,
                                (tsr_value *[]){block, row, col});
    name_after(t, tsr_op_result(edge, 0), in->result, "edge");
    tsr_value *masked =
        mask_tile(t, at, in, tsr_op_result(edge, 0), side, rest);
    tsr_op *insert =
        tsr_build_op(at, TSR_OP_tile_insert, tsr_value_get_type(block), 4,
                     (tsr_value *[]){masked, block, row, col});
    block = tsr_op_result(insert, 0);
    name_after(t, block, in->result, "masked");
  }
  return block;
}

// The tile or block with zeros behind the last element of `axis`, where it is
// the last along that axis; others are whole and stay as they are.
static tsr_value *mask_edge(tsr_tiler *t, nest *in, tsr_value *tile,
                            uint32_t axis) {
  const tsr_type_desc *desc = in->result->desc;
  uint32_t rest = (uint32_t)(desc->extents[axis] % TSR_TILE_SIDE);
  int side = get_side(desc->rank, axis);
  if (!rest)
    return tile;

  tsr_builder *body = &in->body;
  tsr_value *last = tsr_build_index(body, TSR_OP_sub, in->axes[axis].count,
                                    tsr_module_index(t->module, 1));
  tsr_value_set_name(last, side == 0 ? "last_m" : "last_n");
  tsr_op *at_edge = tsr_build_op(body, TSR_OP_cmp, tsr_type_bool(t->context), 2,
                                 (tsr_value *[]){in->axes[axis].block, last});
  tsr_op_set_keyword(at_edge, "predicate", "eq");
  tsr_value *condition = tsr_op_result(at_edge, 0);
  tsr_value_set_name(condition, side == 0 ? "at_last_m" : "at_last_n");

  const tsr_type *type = tsr_value_get_type(tile);
  tsr_op *choice = tsr_build(body, &(tsr_op_desc){.kind = TSR_OP_if_,
                                                  .operands = &condition,
                                                  .operand_count = 1,
                                                  .result_types = &type,
                                                  .result_count = 1,
                                                  .block_count = 2});
  tsr_builder then =
      tsr_builder_at_end(t->module, tsr_op_block(choice, 0), body->loc);
  build_yield(&then, mask_block(t, &then, in, tile, side, rest));
  tsr_builder otherwise =
      tsr_builder_at_end(t->module, tsr_op_block(choice, 1), body->loc);
  build_yield(&otherwise, tile);
  name_after(t, tsr_op_result(choice, 0), in->result, "padded");
  return tsr_op_result(choice, 0);
}

// Stores a tile to every buffer its tensor has.
static void finish_nest(tsr_tiler *t, nest *in, tsr_tile_tensor *result,
                        tsr_value *tile) {
  uint32_t rank = result->desc->rank;
  if (result->needs_zeros && !result->has_zeros) {
    tile = mask_edge(t, in, tile, rank - 1);
    tile = mask_edge(t, in, tile, rank - 2);
    result->has_zeros = true;
  }
  const tsr_type *stored = get_tile_type(t, in, result->desc->element);
  if (tsr_value_get_type(tile) != stored) {
    tile = tsr_build_unary(&in->body, TSR_OP_tile_cast, stored, tile);
    name_after(t, tile, result,
               tsr_element_get_info(result->desc->element)->name);
  }
  if (result->first_result == TSR_TILE_NO_RESULT)
    build_store(t, in, tile, result->buffer);
  for (uint32_t i = result->first_result; i != TSR_TILE_NO_RESULT;
       i = t->next_result[i])
    build_store(t, in, tile, t->outs[i]);
}

static tsr_value *build_contract(tsr_tiler *t, nest *in, const tsr_op *op) {
  const tsr_tile_tensor *c = in->result;
  const tsr_tile_tensor *a = tsr_tile_get_tensor(t, tsr_op_operand(op, 0));
  const tsr_tile_tensor *b = tsr_tile_get_tensor(t, tsr_op_operand(op, 1));
  uint32_t a_rank = a->desc->rank, b_rank = b->desc->rank;
  tsr_value *operands[2 + 2 * TSR_MAX_RANK + 2] = {a->buffer};
  tsr_value **a_indices = operands + 1;
  operands[1 + a_rank] = b->buffer;
  tsr_value **b_indices = operands + 2 + a_rank;
  uint32_t rank = c->desc->rank, axis;
  for (uint32_t batch = 0; batch + 2 < rank; batch++) {
    if (tsr_tile_find_batch_axis(a, c, batch, &axis))
      a_indices[axis] = in->axes[batch].index;
    if (tsr_tile_find_batch_axis(b, c, batch, &axis))
      b_indices[axis] = in->axes[batch].index;
  }
  a_indices[a_rank - 2] = get_rows(in)->index;
  a_indices[a_rank - 1] = tsr_module_all(t->module);
  b_indices[b_rank - 2] = tsr_module_all(t->module);
  b_indices[b_rank - 1] = get_cols(in)->index;
  uint32_t valid = add_valid(t, in, operands + 2 + a_rank + b_rank);

  const tsr_type *type = get_tile_type(t, in, TSR_ELEMENT_F32);
  tsr_op *contract = tsr_build(
      &in->body,
      &(tsr_op_desc){.kind = TSR_OP_tile_contract,
                     .operands = operands,
                     .operand_count = 2 + a_rank + b_rank + valid,
                     .groups = (const uint32_t[]){1, a_rank, 1, b_rank, valid},
                     .result_types = &type,
                     .result_count = 1});
  return tsr_op_result(contract, 0);
}

static tsr_value *build_elementwise(tsr_tiler *t, nest *in, const tsr_op *op,
                                    bool *out_has_zeros) {
  tsr_value *operands[2];
  size_t count = tsr_op_operand_count(op);
  assert(count <= 2);
  *out_has_zeros = elementwise[tsr_op_get_kind(op)].keeps_zeros;
  for (size_t i = 0; i < count; i++) {
    const tsr_tile_tensor *operand =
        tsr_tile_get_tensor(t, tsr_op_operand(op, i));
    *out_has_zeros = *out_has_zeros && operand->has_zeros;
    operands[i] = i > 0 && tsr_op_operand(op, 0) == tsr_op_operand(op, i)
                      ? operands[0]
                      : build_load(t, in, operand);
  }
  tsr_op *math =
      tsr_build_op(&in->body, elementwise[tsr_op_get_kind(op)].kind,
                   get_tile_type(t, in, TSR_ELEMENT_F32), count, operands);
  return tsr_op_result(math, 0);
}

// -- nests --------------------------------------------------------------------

// A matmul of operands padded with zeros is padded with zeros: mark_used asks
// that of its operands, so it needs no look here.
void tsr_tile_build_nest(tsr_tiler *t, const tsr_op *op,
                         tsr_tile_tensor *result) {
  nest in = open_nest(t, result, tsr_op_get_loc(op));
  tsr_value *tile;
  if (tsr_op_is(op, TSR_OP_tensor_matmul)) {
    tile = build_contract(t, &in, op);
    result->has_zeros = true;
  } else {
    assert(elementwise[tsr_op_get_kind(op)].kind != TSR_OP_none);
    tile = build_elementwise(t, &in, op, &result->has_zeros);
  }
  name_after(t, tile, result, "tile");
  finish_nest(t, &in, result, tile);
}

void tsr_tile_build_copy(tsr_tiler *t, const tsr_tile_tensor *argument) {
  nest in = open_nest(t, argument, tsr_op_get_loc(t->return_op));
  tsr_value *tile = build_load(t, &in, argument);
  for (uint32_t r = argument->first_result; r != TSR_TILE_NO_RESULT;
       r = t->next_result[r])
    build_store(t, &in, tile, t->outs[r]);
}
