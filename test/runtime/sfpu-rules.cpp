// RUN: %parts && %t/program | FileCheck %t/main.cpp
// What the vector unit refuses, and its operations on more than one element.
//--- main.cpp
#include "harness.hpp"

using namespace harness;

int main() {
  const Values x = noise(1, 1), y = noise(1, 2);
  const char *const names[] = {"no init",       "group's init", "other's init",
                               "not written",   "integers",     "floats",
                               "other cast",    "wrong cast",   "narrow cast",
                               "reduce format", "reduce block", "mask"};
  for (uint32_t kind = 0; kind < std::size(names); ++kind) {
    try {
      run({.compute = KERNEL_DIR "/wrong.cpp",
           .inputs = {x, y},
           .args = {kind}});
      std::printf("%s: nothing wrong\n", names[kind]);
    } catch (const std::exception &error) {
      std::printf("%s: %s\n", names[kind], error.what());
    }
  }
  // CHECK: no init: {{.*}}(math): wrong.cpp:[[#]]: log_tile: the vector unit is set up for nothing: log_tile_init is missing
  // CHECK: group's init: {{.*}}floor_tile: the vector unit is set up for sin_tile: rounding_op_tile_init is missing
  // CHECK: other's init: {{.*}}gtz_tile: the vector unit is set up for ltz_tile: gtz_tile_init is missing
  // CHECK: not written: {{.*}}abs_tile: DST tile 1 was not written since tile_regs_acquire: the vector unit reads anything there
  // CHECK: integers: {{.*}}abs_tile: DST tile 0 holds integers, and this works on floating point: typecast_tile is missing
  // CHECK: floats: {{.*}}add_int_tile: DST tile 0 holds floating point, and this works on integers: typecast_tile is missing
  // CHECK: other cast: {{.*}}typecast_tile: an init at wrong.cpp:[[#]] was for another form of typecast_tile: the template arguments of both must agree
  // CHECK: wrong cast: {{.*}}typecast_tile: DST tile 0 holds floating point, not UInt16
  // CHECK: narrow cast: {{.*}}typecast_tile: Int32 needs 32-bit DST: fp32_dest_acc_en is missing
  // CHECK: reduce format: {{.*}}sfpu_reduce: DST tile 0 holds floating point, not Int32
  // CHECK: reduce block: {{.*}}sfpu_reduce: reduces the columns of one tile, not of 2 x 1
  // CHECK: mask: {{.*}}mask_tile: the mask of DST tile 0 must be in DST tile 1, not 2

  bool pass = true;
  const tt::DataFormat f32 = tt::DataFormat::Float32;
  auto whole = [&](uint32_t kind, auto expect) {
    Values got = run({.compute = KERNEL_DIR "/whole.cpp",
                      .inputs = {x, y},
                      .formats = {f32, f32},
                      .out_format = f32,
                      .out_tiles = 2,
                      .fp32_acc = true,
                      .exact = true,
                      .args = {kind}});
    for (std::size_t i = 0; i < got.size(); ++i) {
      const double want = expect(i / 1024, i % 1024 / 32, i % 32, got[i]);
      if (std::fabs(got[i] - want) > 1e-5) {
        std::printf("kind %u: element %zu is %g, expected %g\n", kind, i,
                    got[i], want);
        pass = false;
        return got;
      }
    }
    return got;
  };
  auto at = [&](const Values &v, std::size_t row, std::size_t col) {
    return static_cast<double>(v[row * 32 + col]);
  };
  auto sum_to = [&](const Values &v, std::size_t row, std::size_t col) {
    double sum = 0;
    for (std::size_t r = 0; r <= row; ++r)
      sum += at(v, r, col);
    return sum;
  };
  // Sums go on from one tile to the next.
  whole(0, [&](std::size_t t, std::size_t r, std::size_t c, double) {
    return t == 0 ? sum_to(x, r, c) : sum_to(x, 31, c) + sum_to(y, r, c);
  });
  // Only the first row of a reduction of columns counts.
  whole(1, [&](std::size_t t, std::size_t r, std::size_t c, double got) {
    return r == 0 ? sum_to(t ? y : x, 31, c) : got;
  });
  whole(2, [&](std::size_t t, std::size_t r, std::size_t c, double got) {
    double most = at(t ? y : x, 0, c);
    for (std::size_t i = 0; i < 32; ++i)
      most = std::fmax(most, at(t ? y : x, i, c));
    return r == 0 ? most : got;
  });
  // Rows go on from one tile to the next.
  whole(3, [&](std::size_t t, std::size_t r, std::size_t c, double got) {
    double sum = 0;
    for (std::size_t i = 0; i < 32; ++i)
      sum += at(x, r, i) + at(y, r, i);
    return t == 0 && c == 0 ? sum : got;
  });
  // The upper faces, and the left ones.
  whole(4, [&](std::size_t t, std::size_t r, std::size_t c, double) {
    const bool works = t == 0 ? r < 16 : c < 16;
    return works ? 1 / (1 + std::exp(-at(t ? y : x, r, c)))
                 : at(t ? y : x, r, c);
  });
  std::printf("%s\n", pass ? "whole tiles right" : "wrong");
  // CHECK: whole tiles right

  // Random numbers: in range, spread, the same in every run; as many values
  // drop out as shall, and the others are scaled.
  double mean = 0;
  unsigned dropped = 0;
  bool scaled = true, in_range = true;
  Values first =
      whole(5, [&](std::size_t t, std::size_t r, std::size_t c, double got) {
        if (t == 0) {
          mean += got / 1024;
          in_range &= got >= 2 && got < 5;
        } else {
          dropped += got == 0;
          scaled &= got == 0 || got == 2 * at(y, r, c);
        }
        return got;
      });
  const bool is_same =
      first == whole(5, [](std::size_t, std::size_t, std::size_t, double got) {
        return got;
      });
  std::printf("%s\n", in_range && mean > 3.3 && mean < 3.7 && scaled &&
                              dropped > 200 && dropped < 312 && is_same
                          ? "random enough"
                          : "not random");
  // CHECK: random enough
  return pass ? 0 : 1;
}
//--- wrong.cpp
#include <cstdint>

#include "api/compute/add_int_sfpu.h"
#include "api/compute/compute_kernel_api.h"
#include "api/compute/eltwise_unary/comp.h"
#include "api/compute/eltwise_unary/eltwise_unary.h"
#include "api/compute/eltwise_unary/fill.h"
#include "api/compute/eltwise_unary/rounding.h"
#include "api/compute/eltwise_unary/trigonometry.h"
#include "api/compute/eltwise_unary/typecast.h"
#include "api/compute/mask.h"
#include "api/compute/tile_move_copy.h"

constexpr uint32_t bf16 = static_cast<uint32_t>(DataFormat::Float16_b);
constexpr uint32_t u16 = static_cast<uint32_t>(DataFormat::UInt16);
constexpr uint32_t i32 = static_cast<uint32_t>(DataFormat::Int32);

void kernel_main() {
  const uint32_t kind = get_arg_val<uint32_t>(0);
  init_sfpu(0, 16);
  cb_wait_front(0, 1);
  tile_regs_acquire();
  copy_tile(0, 0, 0);
  switch (kind) {
  case 0:
    log_tile(0);
    break;
  case 1:
    rounding_op_tile_init();
    sin_tile_init();
    floor_tile(0);
    break;
  case 2:
    gtz_tile_init();
    ltz_tile_init();
    gtz_tile(0);
    break;
  case 3:
    abs_tile_init();
    abs_tile(1);
    break;
  case 4:
    fill_tile_init();
    fill_tile_int<DataFormat::UInt16>(0, 3);
    abs_tile_init();
    abs_tile(0);
    break;
  case 5:
    add_int_tile_init();
    add_int_tile<DataFormat::Int32>(0, 0, 0);
    break;
  case 6:
    typecast_tile_init<bf16, i32>();
    typecast_tile<bf16, u16>(0);
    break;
  case 7:
    typecast_tile_init<u16, bf16>();
    typecast_tile<u16, bf16>(0);
    break;
  case 8:
    typecast_tile_init<bf16, i32>();
    typecast_tile<bf16, i32>(0);
    break;
  case 9:
    sfpu_reduce_init<PoolType::SUM, DataFormat::Int32>();
    sfpu_reduce<PoolType::SUM, DataFormat::Int32>(0);
    break;
  case 10:
    sfpu_reduce_init<PoolType::MAX, DataFormat::Float16_b>();
    sfpu_reduce<PoolType::MAX, DataFormat::Float16_b>(0, 1, 2);
    break;
  default:
    mask_tile_init();
    mask_tile(0, 2);
  }
  tile_regs_commit();
}
//--- whole.cpp
#include <cstdint>

#include "api/compute/compute_kernel_api.h"
#include "api/compute/cumsum.h"
#include "api/compute/eltwise_unary/dropout.h"
#include "api/compute/eltwise_unary/eltwise_unary.h"
#include "api/compute/eltwise_unary/rand.h"
#include "api/compute/tile_move_copy.h"

void kernel_main() {
  const uint32_t kind = get_arg_val<uint32_t>(0);
  constexpr DataFormat f32 = DataFormat::Float32;
  init_sfpu(0, 16);
  tile_regs_acquire();
  for (uint32_t i = 0; i < 2; ++i) {
    cb_wait_front(i, 1);
    copy_tile(i, 0, i);
    cb_pop_front(i, 1);
  }
  switch (kind) {
  case 0:
    cumsum_tile_init();
    cumsum_tile(0);
    cumsum_tile(1, false);
    break;
  case 1:
    sfpu_reduce_init<PoolType::SUM, f32>();
    sfpu_reduce<PoolType::SUM, f32>(0);
    sfpu_reduce<PoolType::SUM, f32>(1);
    break;
  case 2:
    sfpu_reduce_init<PoolType::MAX, f32>();
    sfpu_reduce<PoolType::MAX, f32>(0);
    sfpu_reduce<PoolType::MAX, f32>(1);
    break;
  case 3:
    sfpu_reduce_init<PoolType::SUM, f32>();
    sfpu_reduce<PoolType::SUM, f32, ReduceDim::REDUCE_ROW>(0, 2);
    break;
  case 4:
    sigmoid_tile_init();
    sigmoid_tile<VectorMode::R>(0);
    sigmoid_tile<VectorMode::C>(1);
    break;
  default:
    rand_tile_init(7);
    rand_tile(0, 0x40000000, 0x40400000);
    dropout_kernel_init(9);
    dropout_tile(1, 0x20000000, 0x40000000);
  }
  tile_regs_commit();
  cb_reserve_back(16, 2);
  tile_regs_wait();
  pack_tile(0, 16);
  pack_tile(1, 16);
  tile_regs_release();
  cb_push_back(16, 2);
}
