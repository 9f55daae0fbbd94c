// RUN: %parts && %t/program | FileCheck %t/main.cpp
// Add, sub and mul on the FPU: one rounding each, to bf16 in the packer.
//--- main.cpp
#include "harness.hpp"

using namespace harness;

int main() {
  const uint32_t tiles = 5;
  const Values a = noise(tiles, 1), b = noise(tiles, 2);
  bool pass = true;
  for (uint32_t op = 0; op < 3; ++op) {
    Values got = run({.compute = KERNEL_DIR "/compute.cpp",
                      .inputs = {a, b},
                      .out_tiles = tiles,
                      .fp32_acc = true,
                      .compile_args = {op},
                      .args = {tiles}});
    const char *names[] = {"add", "sub", "mul"};
    pass &= same_bits(names[op], got, [&](std::size_t i) {
      const float x = to_bf16(a[i]), y = to_bf16(b[i]);
      // Ties away from zero, where bfloat16() rounds to even.
      const float exact = op == 0 ? x + y : op == 1 ? x - y : x * y;
      const uint32_t bits = __builtin_bit_cast(uint32_t, exact) + 0x8000u;
      return __builtin_bit_cast(float, bits & 0xffff0000u);
    });
  }
  return pass ? 0 : 1;
}
// CHECK: add: all 5120 elements as expected
// CHECK: sub: all 5120 elements as expected
// CHECK: mul: all 5120 elements as expected
//--- compute.cpp
#include <cstdint>

#include "api/compute/eltwise_binary.h"

void kernel_main() {
  constexpr uint32_t op = get_compile_time_arg_val(0);
  const uint32_t tiles = get_arg_val<uint32_t>(0);
  binary_op_init_common(0, 1, 16);
  if (op == 0) {
    add_tiles_init(0, 1);
  } else if (op == 1) {
    sub_tiles_init(0, 1);
  } else {
    mul_tiles_init(0, 1);
  }
  for (uint32_t t = 0; t < tiles; ++t) {
    cb_wait_front(0, 1);
    cb_wait_front(1, 1);
    tile_regs_acquire();
    if (op == 0) {
      add_tiles(0, 1, 0, 0, 0);
    } else if (op == 1) {
      sub_tiles(0, 1, 0, 0, 0);
    } else {
      mul_tiles(0, 1, 0, 0, 0);
    }
    tile_regs_commit();
    cb_pop_front(0, 1);
    cb_pop_front(1, 1);
    cb_reserve_back(16, 1);
    tile_regs_wait();
    pack_tile(0, 16);
    tile_regs_release();
    cb_push_back(16, 1);
  }
}
