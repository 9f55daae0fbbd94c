// RUN: %parts && %t/program | FileCheck %t/main.cpp
// Vector-unit operations one after the other in DST, each with its own init.
//--- main.cpp
#include "harness.hpp"

using namespace harness;

int main() {
  const tt::DataFormat f32 = tt::DataFormat::Float32;
  const Values a = noise(3, 1), b = noise(3, 2);
  Values got = run({.compute = KERNEL_DIR "/chain.cpp",
                    .inputs = {a, b},
                    .formats = {f32, f32},
                    .out_format = f32,
                    .out_tiles = 3,
                    .fp32_acc = true,
                    .exact = true,
                    .args = {3}});
  double worst = 0;
  for (std::size_t i = 0; i < got.size(); ++i) {
    const double x = a[i], y = b[i];
    // where(max(x,y) > 0, -sqrt(exp(x)), 0.5), times min(x,y)
    const double chosen = std::fmax(x, y) > 0 ? -std::sqrt(std::exp(x)) : 0.5;
    const double want = chosen * std::fmin(x, y);
    worst = std::fmax(worst, std::fabs(got[i] - want) / std::fabs(want));
  }
  std::printf("%s\n", worst < 4e-7 ? "close" : "far");
  // CHECK: close
  return 0;
}
//--- chain.cpp
#include <cstdint>

#include "api/compute/binary_max_min.h"
#include "api/compute/copy_dest_values.h"
#include "api/compute/eltwise_binary_sfpu.h"
#include "api/compute/eltwise_unary/eltwise_unary.h"
#include "api/compute/eltwise_unary/exp.h"
#include "api/compute/eltwise_unary/fill.h"
#include "api/compute/eltwise_unary/negative.h"
#include "api/compute/eltwise_unary/relu.h"
#include "api/compute/eltwise_unary/sqrt.h"
#include "api/compute/eltwise_unary/where.h"
#include "api/compute/tile_move_copy.h"

void kernel_main() {
  const uint32_t tiles = get_arg_val<uint32_t>(0);
  init_sfpu(0, 16);
  for (uint32_t t = 0; t < tiles; ++t) {
    cb_wait_front(0, 1);
    cb_wait_front(1, 1);
    tile_regs_acquire();
    copy_tile_init(0);
    copy_tile(0, 0, 0);
    copy_tile(1, 0, 1);
    copy_dest_values_init();
    copy_dest_values<DataFormat::Float32>(0, 2);
    binary_max_tile_init();
    binary_max_tile(2, 1, 2); // 2: max
    binary_min_tile_init();
    binary_min_tile(0, 1, 1); // 1: min
    relu_tile_init();
    relu_tile(2); // 2: not 0 where max > 0
    exp_tile_init();
    exp_tile(0);
    sqrt_tile_init();
    sqrt_tile(0);
    negative_tile_init();
    negative_tile(0); // 0: -sqrt(exp(x))
    fill_tile_init();
    fill_tile(3, 0.5f);
    where_tile_init();
    where_tile<DataFormat::Float32>(2, 0, 3, 0);
    mul_binary_tile_init();
    mul_binary_tile(0, 1, 0);
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
