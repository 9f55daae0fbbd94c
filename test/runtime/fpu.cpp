// RUN: %parts && %t/program | FileCheck %t/main.cpp
// Blocked matmul on top of partials in another format, broadcasts, transpose,
// and operands taken from DST.
//--- main.cpp
#include "harness.hpp"

using namespace harness;

int main() {
  bool pass = true;
  const Values a = noise(1, 1), b = noise(1, 2);
  auto at = [](const Values &v, std::size_t r, std::size_t c) {
    return to_bf16(v[r * 32 + c]);
  };
  auto row = [](std::size_t i) { return i / 32; };
  auto col = [](std::size_t i) { return i % 32; };

  // (a + row 0 of b), then minus column 0 of b, times b[0][0], transposed.
  auto bcast = [&](uint32_t kind, const char *name, auto expect) {
    Values got = run({.compute = KERNEL_DIR "/bcast.cpp",
                      .inputs = {a, b},
                      .out_format = tt::DataFormat::Float32,
                      .fp32_acc = true,
                      .compile_args = {kind}});
    pass &= same_bits(name, got, expect);
  };
  bcast(0, "row", [&](std::size_t i) {
    return at(a, row(i), col(i)) + at(b, 0, col(i));
  });
  bcast(1, "column", [&](std::size_t i) {
    return at(a, row(i), col(i)) - at(b, row(i), 0);
  });
  bcast(2, "scalar",
        [&](std::size_t i) { return at(a, row(i), col(i)) * at(b, 0, 0); });
  bcast(3, "transpose", [&](std::size_t i) { return at(a, col(i), row(i)); });
  bcast(4, "unary", [&](std::size_t i) { return at(b, 0, col(i)); });
  // The product goes through a source register again: cut to tf32.
  auto product = [&](std::size_t i) {
    const float x = at(a, row(i), col(i)) * at(b, row(i), col(i));
    return __builtin_bit_cast(float,
                              __builtin_bit_cast(uint32_t, x) & 0xffffe000u);
  };
  bcast(5, "reuse as a",
        [&](std::size_t i) { return product(i) - at(a, row(i), col(i)); });
  bcast(6, "reuse as b",
        [&](std::size_t i) { return at(a, row(i), col(i)) - product(i); });
  // CHECK: row: all 1024 elements as expected
  // CHECK: column: all 1024 elements as expected
  // CHECK: scalar: all 1024 elements as expected
  // CHECK: transpose: all 1024 elements as expected
  // CHECK: unary: all 1024 elements as expected
  // CHECK: reuse as a: all 1024 elements as expected
  // CHECK: reuse as b: all 1024 elements as expected

  // 2x4 tiles times 4x2 tiles in two blocks of K = 2; the tiles arrive in the
  // order that the blocks need. In fp32 the sum is that of ascending k.
  const uint32_t rt = 2, ct = 2, kb = 2, blocks = 2;
  Values in0, in1;
  auto tile = [](const Values &v, std::size_t t) {
    return Values(v.begin() + static_cast<long>(t * 1024),
                  v.begin() + static_cast<long>((t + 1) * 1024));
  };
  const Values x = noise(rt * kb * blocks, 3), y = noise(kb * blocks * ct, 4);
  auto append = [](Values &to, const Values &from) {
    to.insert(to.end(), from.begin(), from.end());
  };
  for (uint32_t block = 0; block < blocks; ++block) {
    for (uint32_t r = 0; r < rt; ++r)
      for (uint32_t k = 0; k < kb; ++k)
        append(in0, tile(x, r * kb * blocks + block * kb + k));
    for (uint32_t k = 0; k < kb; ++k)
      for (uint32_t c = 0; c < ct; ++c)
        append(in1, tile(y, (block * kb + k) * ct + c));
  }
  Values got =
      run({.compute = KERNEL_DIR "/blocked.cpp",
           .inputs = {in0, in1, filled(4, 0)},
           .formats = {tt::DataFormat::Float16_b, tt::DataFormat::Float16_b,
                       tt::DataFormat::Float32},
           .out_format = tt::DataFormat::Float32,
           .out_tiles = rt * ct,
           .fp32_acc = true,
           .exact = true,
           .pages = 4,
           .compile_args = {rt, ct, kb, blocks}});
  pass &= same_bits("blocked matmul", got, [&](std::size_t i) {
    const std::size_t t = i / 1024, r = t / ct, c = t % ct;
    float sum = 0;
    for (std::size_t k = 0; k < kb * blocks * 32; ++k)
      sum += at(tile(x, r * kb * blocks + k / 32), row(i % 1024), k % 32) *
             at(tile(y, k / 32 * ct + c), k % 32, col(i % 1024));
    return sum;
  });
  // CHECK: blocked matmul: all 4096 elements as expected
  return pass ? 0 : 1;
}
//--- bcast.cpp
#include <cstdint>

#include "api/compute/bcast.h"
#include "api/compute/transpose_wh.h"

void kernel_main() {
  constexpr uint32_t kind = get_compile_time_arg_val(0);
  constexpr auto as_a = EltwiseBinaryReuseDestType::DEST_TO_SRCA;
  constexpr auto as_b = EltwiseBinaryReuseDestType::DEST_TO_SRCB;
  if (kind == 0)
    init_bcast<EltwiseBinaryType::ELWADD, BroadcastType::ROW>(0, 1, 16);
  else if (kind == 3)
    transpose_wh_init(0, 16);
  else if (kind == 4)
    unary_bcast_init<BroadcastType::ROW>(1, 16);
  else
    binary_op_init_common(0, 1, 16);
  cb_wait_front(0, 1);
  cb_wait_front(1, 1);
  tile_regs_acquire();
  if (kind == 0) {
    add_tiles_bcast_rows(0, 1, 0, 0, 0);
  } else if (kind == 1) {
    sub_bcast_cols_init_short(0, 1);
    sub_tiles_bcast_cols(0, 1, 0, 0, 0);
  } else if (kind == 2) {
    mul_tiles_bcast_scalar_init_short(0, 1);
    mul_tiles_bcast_scalar(0, 1, 0, 0, 0);
  } else if (kind == 3) {
    transpose_wh_tile(0, 0, 0);
  } else if (kind == 4) {
    unary_bcast<BroadcastType::ROW>(1, 0, 0);
  } else {
    mul_tiles_init(0, 1);
    mul_tiles(0, 1, 0, 0, 0);
    if (kind == 5) {
      binary_dest_reuse_tiles_init<EltwiseBinaryType::ELWSUB, as_a>(0);
      binary_dest_reuse_tiles<EltwiseBinaryType::ELWSUB, as_a>(0, 0, 0);
    } else {
      binary_dest_reuse_tiles_init<EltwiseBinaryType::ELWSUB, as_b>(0);
      binary_dest_reuse_tiles<EltwiseBinaryType::ELWSUB, as_b>(0, 0, 0);
    }
  }
  tile_regs_commit();
  cb_reserve_back(16, 1);
  tile_regs_wait();
  pack_tile(0, 16);
  tile_regs_release();
  cb_push_back(16, 1);
  cb_pop_front(0, 1);
  cb_pop_front(1, 1);
}
//--- blocked.cpp
#include <cstdint>

#include "api/compute/compute_kernel_hw_startup.h"
#include "api/compute/matmul.h"
#include "api/compute/src_order.h"
#include "api/compute/tile_move_copy.h"

// The partials are zeros in fp32 that the reader brings: copying them to DST
// first takes a change of formats there and back, and leaves the sum alone.
void kernel_main() {
  constexpr uint32_t rt = get_compile_time_arg_val(0);
  constexpr uint32_t ct = get_compile_time_arg_val(1);
  constexpr uint32_t kb = get_compile_time_arg_val(2);
  constexpr uint32_t blocks = get_compile_time_arg_val(3);
  constexpr uint32_t partials = 2;
  constexpr uint32_t out = 16;
  compute_kernel_hw_startup<SrcOrder::Reverse>(0, 1, out);
  matmul_block_init(0, 1, 0, ct, rt, kb);
  tile_regs_acquire();
  cb_wait_front(partials, rt * ct);
  reconfig_data_format_srca(1, partials);
  copy_tile_to_dst_init_short(partials);
  copy_block_matmul_partials(partials, 0, 0, rt * ct);
  cb_pop_front(partials, rt * ct);
  reconfig_data_format_srca(partials, 1);
  matmul_block_init(0, 1, 0, ct, rt, kb);
  for (uint32_t block = 0; block < blocks; ++block) {
    cb_wait_front(0, rt * kb);
    cb_wait_front(1, kb * ct);
    for (uint32_t k = 0; k < kb; ++k) {
      matmul_block(0, 1, k, k * ct, 0, 0, ct, rt, kb);
    }
    cb_pop_front(0, rt * kb);
    cb_pop_front(1, kb * ct);
  }
  tile_regs_commit();
  cb_reserve_back(out, rt * ct);
  tile_regs_wait();
  for (uint32_t i = 0; i < rt * ct; ++i) {
    pack_tile<true>(rt * ct - 1 - i, out, rt * ct - 1 - i);
  }
  tile_regs_release();
  cb_push_back(out, rt * ct);
}
