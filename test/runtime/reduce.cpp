// RUN: %parts && %t/program | FileCheck %t/main.cpp
// Reductions of two tiles against double precision, in both widths of DST, and
// that a reduction leaves nothing beside its result.
//--- main.cpp
#include "harness.hpp"

using namespace harness;

namespace {

// The scaler: row 0 of each face.
Values scaler(float value) {
  Values tile(1024, 0.0f);
  for (std::size_t i = 0; i < 1024; ++i)
    if (i / 32 % 16 == 0)
      tile[i] = value;
  return tile;
}

// What is left at (row, col) of the result of two tiles.
double expected(const Values &x, uint32_t dim, bool is_max, double scale,
                std::size_t row, std::size_t col) {
  const bool keeps = (dim == 0 && col == 0) || (dim == 1 && row == 0) ||
                     (dim == 2 && row == 0 && col == 0);
  if (!keeps)
    return 0;
  double sum = 0, most = -1e30;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if ((dim == 0 && i / 32 % 32 != row) || (dim == 1 && i % 32 != col))
      continue;
    const double value = to_bf16(x[i]);
    sum += value * scale;
    most = value > most ? value : most;
  }
  return is_max ? most : sum;
}

// Largest error, as a share of `bound`.
double worst(const Values &got, const Values &x, uint32_t dim, bool is_max,
             double scale, double bound) {
  double most = 0;
  for (std::size_t i = 0; i < got.size(); ++i) {
    const double want = expected(x, dim, is_max, scale, i / 32, i % 32);
    const double error = std::fabs(got[i] - want) / (is_max ? 1 : bound);
    most = is_max && error > 0 ? 1e30 : std::fmax(most, error);
  }
  return most;
}

} // namespace

int main() {
  const Values x = noise(2, 9);
  bool pass = true;
  for (const bool is_wide : {false, true})
    for (uint32_t op = 0; op < 3; ++op)
      for (uint32_t dim = 0; dim < 3; ++dim) {
        // An average takes 1/N; of both dimensions its root, twice.
        const float value = op != 1 ? 1.0f : dim == 2 ? 0.03125f : 1.0f / 32;
        const double scale = dim == 2 ? value * value : value;
        Values two = scaler(value);
        Values got = run({.compute = KERNEL_DIR "/reduce.cpp",
                          .inputs = {x, two},
                          .out_format = is_wide ? tt::DataFormat::Float32
                                                : tt::DataFormat::Float16_b,
                          .fp32_acc = is_wide,
                          .compile_args = {op, dim}});
        // Sums of up to 2048 values below 1, rounded every 16 of them: half a
        // unit of bf16 at the largest partial sum each time. With 32-bit DST
        // what passes a source register is cut to tf32.
        const double steps = dim == 2 ? 10 : 6;
        const double unit = is_wide ? 1.0 / 1024 : 1.0 / 256;
        const double bound = steps * 16 * scale * unit;
        const double share = worst(got, x, dim, op == 2, scale, bound);
        if (share > 1) {
          std::printf("op %u dim %u wide %d: %g of the bound\n", op, dim,
                      is_wide, share);
          pass = false;
        }
      }
  std::printf("%s\n", pass ? "all within the bound" : "beyond");
  // CHECK: all within the bound

  // A power of two is all that a maximum takes of its scaler, twice here.
  Values half = run({.compute = KERNEL_DIR "/reduce.cpp",
                     .inputs = {x, scaler(0.75f)},
                     .out_format = tt::DataFormat::Float32,
                     .fp32_acc = true,
                     .compile_args = {2, 2}});
  std::printf("%s\n", half[0] * 4 == expected(x, 2, true, 1, 0, 0) ? "a quarter"
                                                                   : "not");
  // CHECK: a quarter

  // With no value in a face's row 0 there is nothing to multiply by.
  for (const auto &[name, bad] :
       {std::pair<const char *, Values>{"zeros", Values(1024, 0.0f)},
        {"one face", [] {
           Values tile = scaler(1.0f);
           for (std::size_t i = 16 * 32; i < 16 * 32 + 16; ++i)
             tile[i] = 0;
           return tile;
         }()}}) {
    try {
      run({.compute = KERNEL_DIR "/reduce.cpp",
           .inputs = {x, bad},
           .compile_args = {0, 0}});
    } catch (const std::exception &error) {
      std::printf("%s: %s\n", name, error.what());
    }
  }
  // CHECK: zeros: program {{[0-9]+}}, core (0,0), kernel 'reduce' (unpack): {{.*}}reduce.cpp:[[#]]: reduce_tile: tile 0 of circular buffer 1 is no scaler tile: row 0 of its face 0 must hold what the values are multiplied by
  // CHECK: one face: {{.*}}row 0 of its face 2 must hold

  // Where less than a tile is reduced, the value is in front of zeros; a tile
  // of data has others.
  Values narrow = scaler(1.0f), flat = scaler(1.0f);
  for (std::size_t col = 10; col < 32; ++col)
    narrow[col] = narrow[16 * 32 + col] = 0;
  for (std::size_t row = 4; row < 16; ++row) // of the lower faces
    flat[16 * 32 + row] = flat[16 * 32 + 16 + row] = 0;
  const Values ones(2048, 1.0f);
  const Values wide = run({.compute = KERNEL_DIR "/reduce.cpp",
                           .inputs = {ones, narrow},
                           .compile_args = {0, 0}});
  const Values high = run({.compute = KERNEL_DIR "/reduce.cpp",
                           .inputs = {ones, flat},
                           .compile_args = {0, 1}});
  std::printf("%g of 10 columns, %g of 20 rows\n", wide[0], high[0]);
  // CHECK: 20 of 10 columns, 40 of 20 rows
  Values late = scaler(1.0f), second = scaler(1.0f), gap = scaler(1.0f);
  // For a matmul, and for one column.
  Values column(1024, 0.0f), narrowest(1024, 0.0f);
  for (std::size_t row = 0; row < 32; ++row)
    column[row * 32] = 1;
  narrowest[0] = narrowest[16 * 32] = 1;
  const Values thin = run({.compute = KERNEL_DIR "/reduce.cpp",
                           .inputs = {ones, narrowest},
                           .compile_args = {0, 0}});
  std::printf("%g of 1 column\n", thin[0]);
  // CHECK: 2 of 1 column
  late[0] = 0;
  second[16 * 32 + 16] = 2;
  gap[5] = 0;
  for (const auto &[name, bad] :
       {std::pair<const char *, Values>{"data", noise(1, 5)},
        {"late", late},
        {"second", second},
        {"column", column},
        {"gap", gap}}) {
    try {
      run({.compute = KERNEL_DIR "/reduce.cpp",
           .inputs = {x, bad},
           .compile_args = {0, 0}});
    } catch (const std::exception &error) {
      std::printf("%s: %s\n", name, error.what());
    }
  }
  // CHECK: data: {{.*}}reduce_tile: tile 0 of circular buffer 1 is no scaler tile: row 0 of its faces must hold one value, or that and zeros behind it, but column 1 of face 0 has another
  // CHECK: late: {{.*}}row 0 of its face 0 must hold what the values are multiplied by
  // CHECK: second: {{.*}}but column 0 of face 3 has another
  // CHECK: column: {{.*}}reduce_tile: tile 0 of circular buffer 1 is no scaler tile: row 0 of its faces must hold the value, which goes down column 0 as for a matmul
  // CHECK: gap: {{.*}}but column 6 of face 0 has another

  // The packer goes on masking, and the init is of another reduction.
  for (uint32_t kind = 0; kind < 2; ++kind) {
    try {
      run({.compute = KERNEL_DIR "/wrong.cpp",
           .inputs = {x, scaler(1.0f)},
           .compile_args = {kind}});
    } catch (const std::exception &error) {
      std::printf("%s\n", error.what());
    }
  }
  // CHECK: (pack): wrong.cpp:[[#]]: pack_tile: the packer keeps only what a reduction leaves, and DST tile 0 is none: reduce_uninit is missing
  // CHECK: (unpack): wrong.cpp:[[#]]: reduce_tile: the init was for another reduction than the op
  return pass ? 0 : 1;
}
//--- wrong.cpp
#include <cstdint>

#define REDUCE_OP  PoolType::SUM
#define REDUCE_DIM ReduceDim::REDUCE_ROW
#include "api/compute/reduce.h"
#include "api/compute/tile_move_copy.h"

void kernel_main() {
  compute_kernel_hw_startup(0, 1, 16);
  reduce_init<PoolType::SUM, ReduceDim::REDUCE_COL>(0, 1, 16);
  cb_wait_front(0, 1);
  cb_wait_front(1, 1);
  tile_regs_acquire();
  if (get_compile_time_arg_val(0) == 0) {
    copy_tile_init(0);
    copy_tile(0, 0, 0);
  } else {
    reduce_tile(0, 1, 0, 0, 0);
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
//--- reduce.cpp
#include <cstdint>

#define REDUCE_OP  PoolType::SUM
#define REDUCE_DIM ReduceDim::REDUCE_ROW
#include "api/compute/reduce.h"

template <PoolType op, ReduceDim dim> void reduce_both() {
  compute_kernel_hw_startup(0, 1, 16);
  reduce_init<op, dim>(0, 1, 16);
  cb_wait_front(0, 2);
  cb_wait_front(1, 1);
  tile_regs_acquire();
  for (uint32_t t = 0; t < 2; ++t) {
    reduce_tile<op, dim>(0, 1, t, 0, 0);
  }
  tile_regs_commit();
  cb_reserve_back(16, 1);
  tile_regs_wait();
  pack_tile(0, 16);
  tile_regs_release();
  reduce_uninit();
  cb_push_back(16, 1);
  cb_pop_front(0, 2);
  cb_pop_front(1, 1);
}

template <PoolType op> void reduce_one(uint32_t dim) {
  if (dim == 0) {
    reduce_both<op, ReduceDim::REDUCE_ROW>();
  } else if (dim == 1) {
    reduce_both<op, ReduceDim::REDUCE_COL>();
  } else {
    reduce_both<op, ReduceDim::REDUCE_SCALAR>();
  }
}

void kernel_main() {
  constexpr uint32_t op = get_compile_time_arg_val(0);
  constexpr uint32_t dim = get_compile_time_arg_val(1);
  if (op == 0) {
    reduce_one<PoolType::SUM>(dim);
  } else if (op == 1) {
    reduce_one<PoolType::AVG>(dim);
  } else {
    reduce_one<PoolType::MAX>(dim);
  }
}
