// RUN: %parts && %t/program | FileCheck %t/main.cpp
// What the packer cuts off, the parts of a transpose, products in fp16, and the
// long forms of format configuration.
//--- main.cpp
#include "harness.hpp"

using namespace harness;

int main() {
  const Values x = noise(1, 1), y = noise(1, 2);
  bool pass = true;
  auto forms = [&](const char *name, uint32_t kind, auto expect) {
    Values got = run({.compute = KERNEL_DIR "/forms.cpp",
                      .inputs = {x, y},
                      .compile_args = {kind}});
    pass &= same_bits(name, got, [&](std::size_t i) {
      return static_cast<float>(expect(i / 32, i % 32));
    });
  };
  auto at = [&](std::size_t row, std::size_t col) {
    return to_bf16(x[row * 32 + col]);
  };
  forms("relu", 0, [&](std::size_t r, std::size_t c) {
    return at(r, c) <= 0 ? 0.0f : at(r, c);
  });
  forms("above a half", 1, [&](std::size_t r, std::size_t c) {
    return at(r, c) <= 0.5f ? 0.0f : at(r, c);
  });
  forms("up to a half", 2, [&](std::size_t r, std::size_t c) {
    return std::fmin(std::fmax(at(r, c), 0.0f), 0.5f);
  });
  forms("no relu again", 3,
        [&](std::size_t r, std::size_t c) { return at(r, c); });
  forms("faces", 4, [&](std::size_t r, std::size_t c) {
    return at(r % 16 + c / 16 * 16, c % 16 + r / 16 * 16);
  });
  forms("within faces", 5, [&](std::size_t r, std::size_t c) {
    return at(c % 16 + r / 16 * 16, r % 16 + c / 16 * 16);
  });
  forms("both", 6, [&](std::size_t r, std::size_t c) { return at(c, r); });
  // CHECK: relu: all 1024 elements as expected
  // CHECK: above a half: all 1024 elements as expected
  // CHECK: up to a half: all 1024 elements as expected
  // CHECK: no relu again: all 1024 elements as expected
  // CHECK: faces: all 1024 elements as expected
  // CHECK: within faces: all 1024 elements as expected
  // CHECK: both: all 1024 elements as expected

  // With 16-bit DST the sum is rounded to fp16 twice: 11 bits of values below
  // 32.
  for (const tt::DataFormat format :
       {tt::DataFormat::Float16, tt::DataFormat::Bfp8}) {
    Values got = run({.compute = KERNEL_DIR "/product.cpp",
                      .inputs = {x, y},
                      .formats = {tt::DataFormat::Float16, format},
                      .out_format = tt::DataFormat::Float16});
    double worst = 0;
    for (std::size_t i = 0; i < 1024; ++i) {
      double sum = 0;
      for (std::size_t k = 0; k < 32; ++k)
        sum += static_cast<double>(x[i / 32 * 32 + k]) * y[k * 32 + i % 32];
      worst = std::fmax(worst, std::fabs(got[i] - sum));
    }
    // Operands cut to 11 bits, or to 7 of the largest of 16.
    const double bound =
        32 * (format == tt::DataFormat::Float16 ? 3.0 / 1024 : 1.0 / 64);
    std::printf("%s\n", worst < bound ? "close" : "far");
    pass &= worst < bound;
  }
  // CHECK: close
  // CHECK: close
  return pass ? 0 : 1;
}
//--- forms.cpp
#include <cstdint>

#include "api/compute/tile_move_copy.h"

void kernel_main() {
  constexpr uint32_t kind = get_compile_time_arg_val(0);
  constexpr uint32_t half = 0x3f00u << 16;
  compute_kernel_hw_startup(0, 16);
  reconfig_data_format<false, true>(0, 1);
  reconfig_data_format<SrcOrder::Reverse>(1, 0);
  reconfig_data_format_srca<false, false>(1, 0);
  pack_reconfig_data_format<true>(16);
  copy_tile_to_dst_init_short(0, kind == 4 || kind == 6,
                              kind == 5 || kind == 6);
  cb_wait_front(0, 1);
  cb_wait_front(1, 1);
  tile_regs_acquire();
  copy_tile(0, 0, 0);
  tile_regs_commit();
  cb_reserve_back(16, 1);
  tile_regs_wait();
  PACK((llk_pack_relu_config(kind == 0   ? ReluType::ZERO_RELU
                             : kind == 1 ? ReluType::MIN_THRESHOLD_RELU | half
                             : kind == 2 ? ReluType::MAX_THRESHOLD_RELU | half
                                         : ReluType::NO_RELU)));
  pack_tile(0, 16);
  tile_regs_release();
  cb_push_back(16, 1);
  cb_pop_front(0, 1);
  cb_pop_front(1, 1);
}
//--- product.cpp
#include <cstdint>

#include "api/compute/matmul.h"

void kernel_main() {
  mm_init(0, 1, 16);
  cb_wait_front(0, 1);
  cb_wait_front(1, 1);
  tile_regs_acquire();
  matmul_tiles(0, 1, 0, 0, 0);
  tile_regs_commit();
  cb_reserve_back(16, 1);
  tile_regs_wait();
  pack_tile(0, 16);
  tile_regs_release();
  cb_push_back(16, 1);
  cb_pop_front(0, 1);
  cb_pop_front(1, 1);
}
