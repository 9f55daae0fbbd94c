// Verifiers: tensors, buffers, tiles and machine ops.

#include "impl.h"
#include "verify.h"

#include "tessera/print.h"
#include "tessera/support.h"

#include <string.h>

static const tsr_type_desc *desc_of(const tsr_op *op, size_t operand) {
  return &ir_type(ir_operand(op, operand))->desc;
}

static const tsr_type_desc *result_desc(const tsr_op *op) {
  return &ir_type(ir_result(op, 0))->desc;
}

// -- tensors ------------------------------------------------------------------

static tsr_result check_element(const tsr_op *op, tsr_diag *diag,
                                tsr_element element) {
  const tsr_element_info *info = tsr_element_get_info(element);
  if (info->supported && info->is_float)
    return TSR_OK;
  return tsr_diag_error(diag, op, TSR_DIAG(tensor_element),
                        tsr_op_get_mnemonic(op), info->name);
}

static tsr_result check_tensors(const tsr_op *op, tsr_diag *diag) {
  for (uint32_t i = 0; i < op->operand_count; i++)
    if (tsr_verify_operand_kind(op, diag, i, TSR_TYPE_TENSOR) != TSR_OK ||
        check_element(op, diag, desc_of(op, i)->element) != TSR_OK)
      return TSR_FAILED;
  if (tsr_verify_result_kind(op, diag, 0, TSR_TYPE_TENSOR) != TSR_OK)
    return TSR_FAILED;
  return check_element(op, diag, result_desc(op)->element);
}

static bool same_shape(const tsr_type_desc *a, const tsr_type_desc *b) {
  return a->rank == b->rank &&
         memcmp(a->extents, b->extents, a->rank * sizeof a->extents[0]) == 0;
}

tsr_result tsr_verify_tensor_elementwise(const tsr_op *op, tsr_diag *diag) {
  if (check_tensors(op, diag) != TSR_OK)
    return TSR_FAILED;
  for (uint32_t i = 0; i < op->operand_count; i++) {
    if (same_shape(desc_of(op, i), result_desc(op)))
      continue;
    const tsr_value *operand = ir_operand(op, i);
    tsr_result result =
        tsr_diag_error(diag, op, TSR_DIAG(shapes_differ),
                       ir_value_name(operand) ? ir_value_name(operand) : "?",
                       tsr_type_text(ir_type(operand)),
                       tsr_type_text(ir_type(ir_result(op, 0))));
    if (operand->kind == IR_RESULT)
      tsr_diag_note(diag, ir_value_op(operand), TSR_DIAG(note_operand_here));
    return result;
  }
  return TSR_OK;
}

static tsr_result check_matmul_batch(const tsr_op *op, tsr_diag *diag) {
  const tsr_type_desc *a = desc_of(op, 0), *b = desc_of(op, 1);
  const tsr_type_desc *c = result_desc(op);
  if (b->rank != 2 && b->rank != a->rank)
    return tsr_diag_error(diag, op, TSR_DIAG(matmul_batch_rank), a->rank,
                          b->rank);
  for (uint32_t i = 0; i + 2 < a->rank; i++)
    if (c->extents[i] != a->extents[i] ||
        (b->rank > 2 && b->extents[i] != a->extents[i]))
      return tsr_diag_error(diag, op, TSR_DIAG(matmul_batch_size), i,
                            (unsigned long long)a->extents[i],
                            (unsigned long long)b->extents[i],
                            (unsigned long long)c->extents[i]);
  return TSR_OK;
}

tsr_result tsr_verify_tensor_matmul(const tsr_op *op, tsr_diag *diag) {
  if (check_tensors(op, diag) != TSR_OK)
    return TSR_FAILED;
  const tsr_type_desc *a = desc_of(op, 0), *b = desc_of(op, 1);
  const tsr_type_desc *c = result_desc(op);
  if (a->rank < 2 || b->rank < 2 || c->rank != a->rank)
    return tsr_diag_error(diag, op, TSR_DIAG(matmul_ranks), a->rank, b->rank,
                          c->rank);
  uint64_t a_k = a->extents[a->rank - 1], b_k = b->extents[b->rank - 2];
  if (a_k != b_k)
    return tsr_diag_error(
        diag, op, TSR_DIAG(matmul_k_differs), ir_value_name(ir_operand(op, 0)),
        tsr_type_text(ir_type(ir_operand(op, 0))), (unsigned long long)a_k,
        ir_value_name(ir_operand(op, 1)),
        tsr_type_text(ir_type(ir_operand(op, 1))), (unsigned long long)b_k);
  if (c->extents[c->rank - 2] != a->extents[a->rank - 2] ||
      c->extents[c->rank - 1] != b->extents[b->rank - 1])
    return tsr_diag_error(diag, op, TSR_DIAG(matmul_result_shape),
                          (unsigned long long)a->extents[a->rank - 2],
                          (unsigned long long)b->extents[b->rank - 1],
                          tsr_type_text(ir_type(ir_result(op, 0))));
  return check_matmul_batch(op, diag);
}

// -- buffers ------------------------------------------------------------------

tsr_result tsr_verify_buffer_dim(const tsr_op *op, tsr_diag *diag) {
  if (tsr_verify_operand_kind(op, diag, 0, TSR_TYPE_BUFFER) != TSR_OK ||
      tsr_verify_result_kind(op, diag, 0, TSR_TYPE_INDEX) != TSR_OK)
    return TSR_FAILED;
  return tsr_verify_range(op, diag, "axis", 0, desc_of(op, 0)->rank - 1);
}

tsr_result tsr_verify_buffer_alloc(const tsr_op *op, tsr_diag *diag) {
  return tsr_verify_result_kind(op, diag, 0, TSR_TYPE_BUFFER);
}

// Operand `at` is a buffer, group `group` one index for each of its axes.
static tsr_result check_access(const tsr_op *op, tsr_diag *diag, size_t at,
                               size_t group) {
  if (tsr_verify_operand_kind(op, diag, at, TSR_TYPE_BUFFER) != TSR_OK ||
      tsr_verify_group_kind(op, diag, group, TSR_TYPE_INDEX) != TSR_OK)
    return TSR_FAILED;
  const tsr_type_desc *buffer = desc_of(op, at);
  if (ir_group_size(op, group) != buffer->rank)
    return tsr_diag_error(diag, op, TSR_DIAG(index_count),
                          ir_value_name(ir_operand(op, at)), buffer->rank,
                          ir_group_size(op, group));
  if (buffer->layout != TSR_LAYOUT_TILED)
    return tsr_diag_error(diag, op, TSR_DIAG(buffer_not_tiled),
                          ir_value_name(ir_operand(op, at)));
  return check_element(op, diag, buffer->element);
}

// Edges of a short block: as many rows and columns of tiles as exist.
static tsr_result check_valid(const tsr_op *op, tsr_diag *diag, size_t group) {
  size_t count = ir_group_size(op, group);
  if (count != 0 && count != 2)
    return tsr_diag_error(diag, op, TSR_DIAG(valid_size));
  return tsr_verify_group_kind(op, diag, group, TSR_TYPE_INDEX);
}

static tsr_result check_same_element(const tsr_op *op, tsr_diag *diag,
                                     const tsr_type *tile,
                                     const tsr_type *buffer) {
  if (tile->desc.element == buffer->desc.element)
    return TSR_OK;
  return tsr_diag_error(diag, op, TSR_DIAG(tile_element_differs),
                        tsr_type_text(tile),
                        tsr_element_get_info(buffer->desc.element)->name);
}

tsr_result tsr_verify_tile_load(const tsr_op *op, tsr_diag *diag) {
  if (tsr_verify_result_kind(op, diag, 0, TSR_TYPE_TILE) != TSR_OK ||
      check_access(op, diag, 0, 1) != TSR_OK ||
      check_valid(op, diag, 2) != TSR_OK)
    return TSR_FAILED;
  return check_same_element(op, diag, ir_type(ir_result(op, 0)),
                            ir_type(ir_operand(op, 0)));
}

tsr_result tsr_verify_tile_store(const tsr_op *op, tsr_diag *diag) {
  if (tsr_verify_operand_kind(op, diag, 0, TSR_TYPE_TILE) != TSR_OK ||
      check_access(op, diag, 1, 2) != TSR_OK ||
      check_valid(op, diag, 3) != TSR_OK)
    return TSR_FAILED;
  return check_same_element(op, diag, ir_type(ir_operand(op, 0)),
                            ir_type(ir_operand(op, 1)));
}

// -- tile math ----------------------------------------------------------------

static tsr_result check_tiles(const tsr_op *op, tsr_diag *diag, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (tsr_verify_operand_kind(op, diag, i, TSR_TYPE_TILE) != TSR_OK)
      return TSR_FAILED;
  if (tsr_verify_choice(op, diag, "unit", "fpu|sfpu|unpack|pack") != TSR_OK ||
      tsr_verify_range(op, diag, "dst", 0, 65535) != TSR_OK)
    return TSR_FAILED;
  return tsr_verify_result_kind(op, diag, 0, TSR_TYPE_TILE);
}

static bool same_block(const tsr_type_desc *a, const tsr_type_desc *b) {
  return a->block_rows == b->block_rows && a->block_cols == b->block_cols;
}

static tsr_result check_same_blocks(const tsr_op *op, tsr_diag *diag,
                                    size_t count) {
  for (size_t i = 0; i < count; i++)
    if (!same_block(desc_of(op, i), result_desc(op)))
      return tsr_diag_error(diag, op, TSR_DIAG(blocks_differ), i,
                            tsr_type_text(ir_type(ir_operand(op, i))),
                            tsr_type_text(ir_type(ir_result(op, 0))));
  return TSR_OK;
}

tsr_result tsr_verify_tile_elementwise(const tsr_op *op, tsr_diag *diag) {
  if (check_tiles(op, diag, op->operand_count) != TSR_OK)
    return TSR_FAILED;
  return check_same_blocks(op, diag, op->operand_count);
}

tsr_result tsr_verify_tile_cast(const tsr_op *op, tsr_diag *diag) {
  return tsr_verify_tile_elementwise(op, diag);
}

tsr_result tsr_verify_tile_result(const tsr_op *op, tsr_diag *diag) {
  return check_tiles(op, diag, 0);
}

tsr_result tsr_verify_tile_where(const tsr_op *op, tsr_diag *diag) {
  if (check_tiles(op, diag, 3) != TSR_OK)
    return TSR_FAILED;
  return check_same_blocks(op, diag, 3);
}

tsr_result tsr_verify_tile_mask(const tsr_op *op, tsr_diag *diag) {
  if (check_tiles(op, diag, 1) != TSR_OK ||
      tsr_verify_operand_kind(op, diag, 1, TSR_TYPE_INDEX) != TSR_OK ||
      tsr_verify_operand_kind(op, diag, 2, TSR_TYPE_INDEX) != TSR_OK ||
      check_same_blocks(op, diag, 1) != TSR_OK)
    return TSR_FAILED;
  for (size_t i = 1; i < 3; i++) {
    int64_t number;
    const tsr_type_desc *tile = desc_of(op, 0);
    int64_t side =
        TSR_TILE_SIDE * (int64_t)(i == 1 ? tile->block_rows : tile->block_cols);
    if (tsr_value_is_index(ir_operand(op, i), &number) &&
        (number < 0 || number > side))
      return tsr_diag_error(diag, op, TSR_DIAG(mask_range), (long long)side,
                            i == 1 ? "rows" : "columns", (long long)number);
  }
  return TSR_OK;
}

// Shared by tile.generate and l1.generate.
static tsr_result check_generate(const tsr_op *op, tsr_diag *diag,
                                 size_t sizes_group) {
  if (tsr_verify_choice(op, diag, "kind", "mask|fill|identity") != TSR_OK ||
      tsr_verify_group_kind(op, diag, sizes_group, TSR_TYPE_INDEX) != TSR_OK)
    return TSR_FAILED;
  const char *kind = tsr_op_get_text(op, "kind");
  size_t sizes = strcmp(kind, "mask") == 0 ? 2 : 0;
  if (ir_group_size(op, sizes_group) != sizes)
    return tsr_diag_error(diag, op, TSR_DIAG(generate_size_count), kind, sizes,
                          ir_group_size(op, sizes_group));
  bool wants_value = strcmp(kind, "fill") == 0;
  if (wants_value != (tsr_op_get_attr(op, "value") != NULL))
    return tsr_diag_error(diag, op, TSR_DIAG(generate_value), kind,
                          wants_value ? "an" : "no");
  return TSR_OK;
}

tsr_result tsr_verify_tile_generate(const tsr_op *op, tsr_diag *diag) {
  if (tsr_verify_result_kind(op, diag, 0, TSR_TYPE_TILE) != TSR_OK ||
      check_element(op, diag, result_desc(op)->element) != TSR_OK)
    return TSR_FAILED;
  if (result_desc(op)->block_rows != 1 || result_desc(op)->block_cols != 1)
    return tsr_diag_error(diag, op, TSR_DIAG(generate_single));
  return check_generate(op, diag, 0);
}

tsr_result tsr_verify_l1_generate(const tsr_op *op, tsr_diag *diag) {
  if (tsr_verify_operand_kind(op, diag, 0, TSR_TYPE_ADDR) != TSR_OK)
    return TSR_FAILED;
  const tsr_type *format = tsr_attr_get_type(tsr_op_get_attr(op, "format"));
  if (format->desc.kind != TSR_TYPE_TILE)
    return tsr_diag_error(diag, op, TSR_DIAG(format_not_tile));
  return check_generate(op, diag, 1);
}

tsr_result tsr_verify_tile_mma(const tsr_op *op, tsr_diag *diag) {
  if (check_tiles(op, diag, 3) != TSR_OK)
    return TSR_FAILED;
  const tsr_type_desc *a = desc_of(op, 0), *b = desc_of(op, 1);
  const tsr_type_desc *c = desc_of(op, 2);
  if (ir_type(ir_operand(op, 2)) != ir_type(ir_result(op, 0)))
    return tsr_diag_error(diag, op, TSR_DIAG(accumulator_type),
                          tsr_type_text(ir_type(ir_operand(op, 2))),
                          tsr_type_text(ir_type(ir_result(op, 0))));
  if (a->block_cols != b->block_rows || a->block_rows != c->block_rows ||
      b->block_cols != c->block_cols)
    return tsr_diag_error(diag, op, TSR_DIAG(mma_blocks),
                          tsr_type_text(ir_type(ir_operand(op, 0))),
                          tsr_type_text(ir_type(ir_operand(op, 1))),
                          tsr_type_text(ir_type(ir_result(op, 0))));
  return TSR_OK;
}

// One '*' in the last index of A and in the last but one of B.
static tsr_result check_contracted(const tsr_op *op, tsr_diag *diag,
                                   size_t group, size_t expected) {
  for (size_t i = 0; i < ir_group_size(op, group); i++) {
    bool is_all = tsr_value_is_all(tsr_op_group_operand(op, group, i));
    if (is_all != (i == expected))
      return tsr_diag_error(diag, op, TSR_DIAG(contract_stars));
  }
  return TSR_OK;
}

tsr_result tsr_verify_tile_contract(const tsr_op *op, tsr_diag *diag) {
  size_t b_at = ir_group_start(op, 2);
  if (tsr_verify_result_kind(op, diag, 0, TSR_TYPE_TILE) != TSR_OK ||
      check_access(op, diag, 0, 1) != TSR_OK ||
      check_access(op, diag, b_at, 3) != TSR_OK ||
      check_valid(op, diag, 4) != TSR_OK)
    return TSR_FAILED;
  const tsr_type_desc *a = desc_of(op, 0), *b = desc_of(op, b_at);
  if (a->rank < 2 || b->rank < 2)
    return tsr_diag_error(diag, op, TSR_DIAG(contract_rank));
  if (check_contracted(op, diag, 1, a->rank - 1) != TSR_OK ||
      check_contracted(op, diag, 3, b->rank - 2) != TSR_OK)
    return TSR_FAILED;
  if (a->extents[a->rank - 1] != b->extents[b->rank - 2])
    return tsr_diag_error(diag, op, TSR_DIAG(contract_k_differs),
                          (unsigned long long)a->extents[a->rank - 1],
                          (unsigned long long)b->extents[b->rank - 2]);
  return TSR_OK;
}

// Operand `block` is a block, the two after it a row and a column in it.
static tsr_result check_place(const tsr_op *op, tsr_diag *diag, size_t block) {
  for (size_t i = 1; i <= 2; i++) {
    if (tsr_verify_operand_kind(op, diag, block + i, TSR_TYPE_INDEX) != TSR_OK)
      return TSR_FAILED;
    int64_t number;
    const tsr_type_desc *desc = desc_of(op, block);
    uint32_t limit = i == 1 ? desc->block_rows : desc->block_cols;
    if (tsr_value_is_index(ir_operand(op, block + i), &number) &&
        (number < 0 || number >= (int64_t)limit))
      return tsr_diag_error(diag, op, TSR_DIAG(block_index),
                            i == 1 ? "row" : "column", (long long)number,
                            tsr_type_text(ir_type(ir_operand(op, block))));
  }
  return TSR_OK;
}

static bool is_one_tile_of(const tsr_type_desc *tile,
                           const tsr_type_desc *block) {
  return tile->element == block->element && tile->block_rows == 1 &&
         tile->block_cols == 1;
}

tsr_result tsr_verify_tile_extract(const tsr_op *op, tsr_diag *diag) {
  if (tsr_verify_operand_kind(op, diag, 0, TSR_TYPE_TILE) != TSR_OK ||
      tsr_verify_result_kind(op, diag, 0, TSR_TYPE_TILE) != TSR_OK ||
      check_place(op, diag, 0) != TSR_OK)
    return TSR_FAILED;
  if (!is_one_tile_of(result_desc(op), desc_of(op, 0)))
    return tsr_diag_error(diag, op, TSR_DIAG(extract_type),
                          tsr_type_text(ir_type(ir_operand(op, 0))),
                          tsr_type_text(ir_type(ir_result(op, 0))));
  return TSR_OK;
}

tsr_result tsr_verify_tile_insert(const tsr_op *op, tsr_diag *diag) {
  if (tsr_verify_operand_kind(op, diag, 0, TSR_TYPE_TILE) != TSR_OK ||
      tsr_verify_operand_kind(op, diag, 1, TSR_TYPE_TILE) != TSR_OK ||
      check_place(op, diag, 1) != TSR_OK)
    return TSR_FAILED;
  if (ir_type(ir_operand(op, 1)) != ir_type(ir_result(op, 0)) ||
      !is_one_tile_of(desc_of(op, 0), desc_of(op, 1)))
    return tsr_diag_error(diag, op, TSR_DIAG(insert_type),
                          tsr_type_text(ir_type(ir_operand(op, 0))),
                          tsr_type_text(ir_type(ir_operand(op, 1))));
  return TSR_OK;
}

// -- machine ops --------------------------------------------------------------

static bool is_cb(const tsr_op *op) { return tsr_op_is(op, TSR_OP_cb); }

// Attribute `name`, if the op has it, names a circular buffer it can see.
static tsr_result check_cb(const tsr_op *op, tsr_diag *diag, const char *name) {
  const char *symbol = tsr_op_get_text(op, name);
  if (!symbol)
    return TSR_OK;
  const tsr_op *cb = tsr_op_find_symbol(op, symbol);
  if (tsr_op_is(cb, TSR_OP_cb))
    return TSR_OK;
  tsr_result result = tsr_diag_error(diag, op, TSR_DIAG(cb_unknown), symbol,
                                     tsr_verify_symbol_hint(op, is_cb, symbol));
  if (cb)
    tsr_diag_note(diag, cb, TSR_DIAG(note_symbol_kind), symbol,
                  tsr_op_get_mnemonic(cb));
  return result;
}

static tsr_result check_in_kernel(const tsr_op *op, tsr_diag *diag) {
  if (tsr_op_find_parent(op, TSR_OP_kernel))
    return TSR_OK;
  return tsr_diag_error(diag, op, TSR_DIAG(op_not_in_kernel),
                        tsr_op_get_mnemonic(op));
}

tsr_result tsr_verify_machine_op(const tsr_op *op, tsr_diag *diag) {
  for (uint32_t i = 0; i < op->operand_count; i++)
    if (tsr_verify_operand_kind(op, diag, i, TSR_TYPE_INDEX) != TSR_OK)
      return TSR_FAILED;
  static const char *const cb_names[] = {"a", "b", "out", "cb"};
  for (size_t i = 0; i < sizeof cb_names / sizeof cb_names[0]; i++)
    if (check_cb(op, diag, cb_names[i]) != TSR_OK)
      return TSR_FAILED;
  return check_in_kernel(op, diag);
}

tsr_result tsr_verify_cb_use(const tsr_op *op, tsr_diag *diag) {
  if (tsr_verify_operand_kind(op, diag, 0, TSR_TYPE_INDEX) != TSR_OK ||
      check_cb(op, diag, "cb") != TSR_OK || check_in_kernel(op, diag) != TSR_OK)
    return TSR_FAILED;
  int64_t pages;
  if (!tsr_value_is_index(ir_operand(op, 0), &pages) || pages >= 1)
    return TSR_OK;
  return tsr_diag_error(diag, op, TSR_DIAG(no_pages), tsr_op_get_mnemonic(op));
}

tsr_result tsr_verify_cb_ptr(const tsr_op *op, tsr_diag *diag) {
  if (check_cb(op, diag, "cb") != TSR_OK || check_in_kernel(op, diag) != TSR_OK)
    return TSR_FAILED;
  return tsr_verify_result_kind(op, diag, 0, TSR_TYPE_ADDR);
}

tsr_result tsr_verify_noc_accessor(const tsr_op *op, tsr_diag *diag) {
  if (tsr_verify_operand_kind(op, diag, 0, TSR_TYPE_ACCESSOR) != TSR_OK ||
      tsr_verify_operand_kind(op, diag, 1, TSR_TYPE_ADDR) != TSR_OK ||
      tsr_verify_result_kind(op, diag, 0, TSR_TYPE_BUFFER) != TSR_OK)
    return TSR_FAILED;
  int64_t bytes = tsr_op_get_int(op, "page_bytes", 0);
  int64_t want = tsr_type_page_bytes(ir_type(ir_result(op, 0)));
  if (bytes != want)
    return tsr_diag_error(diag, op, TSR_DIAG(unit_page_bytes), (long long)bytes,
                          tsr_type_text(ir_type(ir_result(op, 0))),
                          (long long)want);
  return check_in_kernel(op, diag);
}

tsr_result tsr_verify_noc_transfer(const tsr_op *op, tsr_diag *diag) {
  if (tsr_verify_operand_kind(op, diag, 0, TSR_TYPE_BUFFER) != TSR_OK ||
      tsr_verify_operand_kind(op, diag, 1, TSR_TYPE_INDEX) != TSR_OK ||
      tsr_verify_operand_kind(op, diag, 2, TSR_TYPE_ADDR) != TSR_OK)
    return TSR_FAILED;
  return check_in_kernel(op, diag);
}
