// RUN: %parts && %t/program | FileCheck %t/main.cpp
// What values become on their way: exact to DST, cut off in the source
// registers, rounded with ties away in the packer and in 16-bit DST.
//--- main.cpp
#include "harness.hpp"

using namespace harness;

static float cut(float value, uint32_t bits) {
  return __builtin_bit_cast(float, __builtin_bit_cast(uint32_t, value) & bits);
}

static float round_away(float value) {
  const uint32_t bits = __builtin_bit_cast(uint32_t, value) + 0x8000u;
  return __builtin_bit_cast(float, bits & 0xffff0000u);
}

int main() {
  const tt::DataFormat f32 = tt::DataFormat::Float32;
  const Values a = noise(1, 7);
  bool pass = true;

  // fp32 straight to DST and back: every bit.
  Job copy = {.compute = KERNEL_DIR "/copy.cpp",
              .inputs = {a},
              .formats = {f32},
              .out_format = f32,
              .fp32_acc = true,
              .exact = true};
  pass &= same_bits("exact", run(copy), [&](std::size_t i) { return a[i]; });
  // CHECK: exact: all 1024 elements as expected

  // Through SrcA it is cut to tf32, and to bf16 for a 16-bit DST.
  copy.exact = false;
  pass &= same_bits("tf32", run(copy),
                    [&](std::size_t i) { return cut(a[i], 0xffffe000u); });
  // CHECK: tf32: all 1024 elements as expected
  copy.fp32_acc = false;
  pass &= same_bits("bf16", run(copy),
                    [&](std::size_t i) { return cut(a[i], 0xffff0000u); });
  // CHECK: bf16: all 1024 elements as expected

  // Asking for exact copies needs a 32-bit DST to have an effect.
  copy.exact = true;
  pass &= same_bits("16-bit DST", run(copy),
                    [&](std::size_t i) { return cut(a[i], 0xffff0000u); });
  // CHECK: 16-bit DST: all 1024 elements as expected

  // The packer rounds to nearest; 1 + 2^-8 lies between two and goes up, where
  // rounding to even would go down.
  Values ties = filled(1, 1.00390625f);
  ties[1] = -1.00390625f;
  Job pack = {.compute = KERNEL_DIR "/copy.cpp",
              .inputs = {ties},
              .formats = {f32},
              .fp32_acc = true,
              .exact = true};
  pass &= same_bits("ties", run(pack), [&](std::size_t i) {
    return i == 1 ? -1.0078125f : 1.0078125f;
  });
  // CHECK: ties: all 1024 elements as expected
  pack.inputs = {a};
  pass &= same_bits("packer", run(pack),
                    [&](std::size_t i) { return round_away(a[i]); });
  // CHECK: packer: all 1024 elements as expected

  // a*a in 16-bit DST is rounded before b is added, in 32-bit DST it is not.
  const Values b = noise(1, 8);
  Job twice = {.compute = KERNEL_DIR "/square_add.cpp",
               .inputs = {a, b},
               .out_format = f32};
  twice.formats = {tt::DataFormat::Float16_b, tt::DataFormat::Float16_b};
  auto narrow = [&](std::size_t i) {
    const float x = to_bf16(a[i]), y = to_bf16(b[i]);
    return round_away(round_away(x * x) + y);
  };
  pass &= same_bits("rounds each op", run(twice), narrow);
  // CHECK: rounds each op: all 1024 elements as expected
  twice.fp32_acc = true;
  auto wide = [&](std::size_t i) {
    const float x = to_bf16(a[i]), y = to_bf16(b[i]);
    return x * x + y;
  };
  pass &= same_bits("keeps fp32", run(twice), wide);
  // CHECK: keeps fp32: all 1024 elements as expected
  return pass ? 0 : 1;
}
//--- copy.cpp
#include <cstdint>

#include "api/compute/eltwise_unary/eltwise_unary.h"
#include "api/compute/tile_move_copy.h"

void kernel_main() {
  init_sfpu(0, 16);
  copy_tile_init(0);
  cb_wait_front(0, 1);
  tile_regs_acquire();
  copy_tile(0, 0, 0);
  tile_regs_commit();
  cb_reserve_back(16, 1);
  tile_regs_wait();
  pack_tile(0, 16);
  tile_regs_release();
  cb_push_back(16, 1);
  cb_pop_front(0, 1);
}
//--- square_add.cpp
#include <cstdint>

#include "api/compute/eltwise_binary_sfpu.h"
#include "api/compute/eltwise_unary/eltwise_unary.h"
#include "api/compute/tile_move_copy.h"

void kernel_main() {
  init_sfpu(0, 16);
  cb_wait_front(0, 1);
  cb_wait_front(1, 1);
  tile_regs_acquire();
  copy_tile_init(0);
  copy_tile(0, 0, 0);
  copy_tile(1, 0, 1);
  mul_binary_tile_init();
  mul_binary_tile(0, 0, 0);
  add_binary_tile_init();
  add_binary_tile(0, 1, 0);
  tile_regs_commit();
  cb_reserve_back(16, 1);
  tile_regs_wait();
  pack_tile(0, 16);
  tile_regs_release();
  cb_push_back(16, 1);
  cb_pop_front(0, 1);
  cb_pop_front(1, 1);
}
