// Multiplies blocks of tiles, a part of the output in DST at a time. Between
// blocks of the depth, sums wait in L1. Operands lie in L1 already, or come
// block by block.

#include <cstdint>

#include "api/compute/common.h"
#include "api/compute/matmul.h"
#include "api/compute/tile_move_copy.h"

constexpr uint32_t rows = get_compile_time_arg_val(0);
constexpr uint32_t cols = get_compile_time_arg_val(1);
constexpr uint32_t depth = get_compile_time_arg_val(2);
constexpr uint32_t blocks = get_compile_time_arg_val(3);
constexpr uint32_t sub_rows = get_compile_time_arg_val(4);
constexpr uint32_t sub_cols = get_compile_time_arg_val(5);
constexpr bool l1_accumulates = get_compile_time_arg_val(6);
constexpr uint32_t repeat = get_compile_time_arg_val(7);
constexpr bool is_streamed = get_compile_time_arg_val(8);
constexpr uint32_t a = 0, b = 1, out = 16, partials = 24;
constexpr uint32_t outputs = rows * cols, sub_tiles = sub_rows * sub_cols;

// Sums of the blocks before go back to DST.
void reload() {
  copy_tile_to_dst_init_short_with_dt(b, partials);
  cb_wait_front(partials, sub_tiles);
  copy_block_matmul_partials(partials, 0, 0, sub_tiles);
  cb_pop_front(partials, sub_tiles);
  mm_block_init_short_with_dt(a, b, partials, 0, sub_cols, sub_rows, depth);
}

void multiply(uint32_t row, uint32_t col) {
  for (uint32_t k = 0; k < depth; ++k)
    matmul_block(a, b, row * depth + k, k * cols + col, 0, 0, sub_cols,
                 sub_rows, depth);
}

void pack(uint32_t to) {
  cb_reserve_back(to, sub_tiles);
  tile_regs_wait();
  pack_tile_block(0, to, sub_tiles);
  tile_regs_release();
  cb_push_back(to, sub_tiles);
}

void await_operands() {
  cb_wait_front(a, rows * depth);
  cb_wait_front(b, depth * cols);
}

void drop_operands() {
  cb_pop_front(a, rows * depth);
  cb_pop_front(b, depth * cols);
}

void run_block(uint32_t block) {
  const bool is_last = block + 1 == blocks;
  const bool reloads = block > 0 && (!l1_accumulates || is_last);
  if constexpr (blocks > 1) {
    if (is_last) {
      pack_reconfig_data_format(out);
      pack_reconfig_l1_acc(0);
    } else if (block == 0) {
      pack_reconfig_data_format(partials);
    } else if (block == 1 && l1_accumulates) {
      pack_reconfig_l1_acc(1);
    }
  }
  if constexpr (is_streamed)
    await_operands();
  for (uint32_t row = 0; row < rows; row += sub_rows)
    for (uint32_t col = 0; col < cols; col += sub_cols) {
      tile_regs_acquire();
      if (reloads)
        reload();
      multiply(row, col);
      tile_regs_commit();
      pack(is_last ? out : partials);
    }
  if constexpr (is_streamed)
    drop_operands();
  // The packer adds to the same tiles: they are handed round to be reserved.
  if (l1_accumulates && block + 2 < blocks) {
    cb_wait_front(partials, outputs);
    cb_pop_front(partials, outputs);
  }
}

// The whole product, with the output's tiles row by row: space is asked for
// once for each row of parts.
void run_rows() {
  for (uint32_t row = 0; row < rows; row += sub_rows) {
    cb_reserve_back(out, sub_rows * cols);
    for (uint32_t col = 0; col < cols; col += sub_cols) {
      tile_regs_acquire();
      multiply(row, col);
      tile_regs_commit();
      tile_regs_wait();
      for (uint32_t i = 0; i < sub_tiles; ++i)
        pack_tile<true>(i, out, i / sub_cols * cols + col + i % sub_cols);
      tile_regs_release();
    }
    cb_push_back(out, sub_rows * cols);
  }
}

void kernel_main() {
  mm_block_init(a, b, out, 0, sub_cols, sub_rows, depth);
  if constexpr (!is_streamed) {
    cb_reserve_back(a, rows * depth);
    cb_push_back(a, rows * depth);
    cb_reserve_back(b, depth * cols);
    cb_push_back(b, depth * cols);
    await_operands();
  }
  for (uint32_t i = 0; i < repeat; ++i) {
    if constexpr (blocks == 1)
      run_rows();
    for (uint32_t block = 0; blocks > 1 && block < blocks; ++block)
      run_block(block);
    if (i + 1 < repeat) {
      cb_wait_front(out, outputs);
      cb_pop_front(out, outputs);
    }
  }
  if constexpr (!is_streamed)
    drop_operands();
}
