// RUN: %parts && %t/program | FileCheck %t/main.cpp
// Products of a block format and bf16, partial sums added up by the packer, and
// what the packer makes of each output format.
//--- main.cpp
#include "harness.hpp"

using namespace harness;

namespace {

// What the packer leaves of 16 values in a block format: rounded to 6 bits of
// mantissa first unless it is to be precise, cut off to bf16 if it is, then
// rounded at the largest exponent, then cut off to the bits there are.
double in_block(const Values &x, std::size_t i, int bits, bool precise) {
  auto early = [&](double v) {
    if (v == 0)
      return 0.0;
    int e = 0;
    const double m = std::frexp(std::fabs(v), &e);
    const double kept =
        precise ? std::floor(m * 256) / 256 : std::floor(m * 128 + 0.5) / 128;
    return std::copysign(std::ldexp(kept, e), v);
  };
  double most = 0;
  for (std::size_t k = i / 16 * 16; k < i / 16 * 16 + 16; ++k)
    most = std::fmax(most, std::fabs(early(x[k])));
  int e = 0;
  std::frexp(most, &e);
  const double unit = std::ldexp(1, e - 7);
  const double magnitude =
      std::fmin(std::floor(std::fabs(early(x[i])) / unit + 0.5), 127);
  const double step = std::ldexp(1, 7 - bits);
  // No magnitude has no sign.
  return std::copysign(std::floor(magnitude / step) * step * unit, x[i]) + 0.0;
}

double half(double x, bool is_cut) {
  int e = 0;
  const double m = std::frexp(std::fabs(x), &e);
  return std::copysign(
      std::ldexp(std::floor(m * 2048 + (is_cut ? 0 : 0.5)) / 2048, e), x);
}

} // namespace

int main() {
  bool pass = true;
  const Values x = noise(2, 4), y = noise(2, 5);

  // x [32,64] times y [64,32]: one tile in two steps, of which the packer adds
  // up the results in L1.
  for (const tt::DataFormat format :
       {tt::DataFormat::Bfp8_b, tt::DataFormat::Bfp4_b}) {
    const int bits = format == tt::DataFormat::Bfp8_b ? 7 : 3;
    Values got = run({.compute = KERNEL_DIR "/product.cpp",
                      .inputs = {x, y},
                      .formats = {tt::DataFormat::Float16_b, format},
                      .out_format = tt::DataFormat::Float32,
                      .fp32_acc = true});
    double worst = 0;
    for (std::size_t i = 0; i < 1024; ++i) {
      double sum = 0;
      for (std::size_t k = 0; k < 64; ++k)
        sum += static_cast<double>(
                   to_bf16(x[k / 32 * 1024 + i / 32 * 32 + k % 32])) *
               in_block(y, k * 32 + i % 32, bits, true);
      worst = std::fmax(worst, std::fabs(got[i] - sum));
    }
    // 64 roundings of sums below 64.
    pass &= worst < 64 * 64 * 6e-8;
    std::printf("%s: %s\n", tsr_sim_format_name(static_cast<uint32_t>(format)),
                worst < 64 * 64 * 6e-8 ? "close" : "far");
  }
  // CHECK: Bfp8_b: close
  // CHECK: Bfp4_b: close

  auto packed = [&](const char *name, tt::DataFormat format, bool wide,
                    bool precise, auto expect) {
    Values got = run({.compute = KERNEL_DIR "/copy.cpp",
                      .inputs = {Values(x.begin(), x.begin() + 1024)},
                      .formats = {tt::DataFormat::Float32},
                      .out_format = format,
                      .fp32_acc = wide,
                      .exact = wide,
                      .precise = precise});
    pass &= same_bits(name, got, [&](std::size_t i) {
      return static_cast<float>(expect(i));
    });
  };
  packed("bfp8", tt::DataFormat::Bfp8_b, true, false,
         [&](std::size_t i) { return in_block(x, i, 7, false); });
  packed("bfp8 precise", tt::DataFormat::Bfp8_b, true, true,
         [&](std::size_t i) { return in_block(x, i, 7, true); });
  packed("bfp4", tt::DataFormat::Bfp4_b, true, false,
         [&](std::size_t i) { return in_block(x, i, 3, false); });
  packed("bfp2", tt::DataFormat::Bfp2_b, true, false,
         [&](std::size_t i) { return in_block(x, i, 1, false); });
  // 16-bit DST holds fp16 when a buffer does; 32-bit DST comes by way of bf16.
  packed("fp16", tt::DataFormat::Float16, false, false,
         [&](std::size_t i) { return half(x[i], true); });
  packed("fp16 from fp32", tt::DataFormat::Float16, true, false,
         [&](std::size_t i) { return tsr_sim_round_bf16(x[i]); });
  // CHECK: bfp8: all 1024 elements as expected
  // CHECK: bfp8 precise: all 1024 elements as expected
  // CHECK: bfp4: all 1024 elements as expected
  // CHECK: bfp2: all 1024 elements as expected
  // CHECK: fp16: all 1024 elements as expected
  // CHECK: fp16 from fp32: all 1024 elements as expected

  // Integers pass as they are, in the width of DST that holds them.
  Values counts(1024);
  for (std::size_t i = 0; i < 1024; ++i)
    counts[i] = static_cast<float>(i % 256);
  for (const tt::DataFormat format :
       {tt::DataFormat::Int32, tt::DataFormat::UInt32, tt::DataFormat::UInt16,
        tt::DataFormat::UInt8, tt::DataFormat::Int8}) {
    const bool wide =
        format == tt::DataFormat::Int32 || format == tt::DataFormat::UInt32;
    pass &= same_bits(tsr_sim_format_name(static_cast<uint32_t>(format)),
                      run({.compute = KERNEL_DIR "/copy.cpp",
                           .inputs = {counts},
                           .formats = {format},
                           .out_format = format,
                           .fp32_acc = wide}),
                      [&](std::size_t i) {
                        return format == tt::DataFormat::Int8
                                   ? std::fmin(counts[i], 127.0f)
                                   : counts[i];
                      });
  }
  // CHECK-COUNT-5: all 1024 elements as expected

  auto refuse = [&](const char *name, tt::DataFormat in, tt::DataFormat out,
                    const char *kernel) {
    try {
      run({.compute = std::string(KERNEL_DIR) + kernel,
           .inputs = {x, y},
           .formats = {in, in},
           .out_format = out});
      std::printf("%s: nothing wrong\n", name);
    } catch (const std::exception &error) {
      std::printf("%s: %s\n", name, error.what());
    }
  };
  const tt::DataFormat bf16 = tt::DataFormat::Float16_b;
  refuse("narrow", tt::DataFormat::Int32, tt::DataFormat::Int32, "/copy.cpp");
  refuse("no cast", tt::DataFormat::UInt16, bf16, "/copy.cpp");
  refuse("no cast back", bf16, tt::DataFormat::UInt16, "/copy.cpp");
  refuse("integer product", tt::DataFormat::UInt16, bf16, "/product.cpp");
  refuse("widths", tt::DataFormat::Float16, bf16, "/copy.cpp");
  // CHECK: narrow: {{.*}}copy_tile: circular buffer 0 is Int32, which needs 32-bit DST: fp32_dest_acc_en is missing
  // CHECK: no cast: {{.*}}pack_tile: DST tile 0 holds integers but circular buffer 16 is Float16_b: typecast_tile is missing
  // CHECK: no cast back: {{.*}}pack_tile: DST tile 0 holds floating point but circular buffer 16 is UInt16: typecast_tile is missing
  // CHECK: integer product: {{.*}}: circular buffer 1 is UInt16, which the FPU does not compute with
  // CHECK: widths: kernel 'copy': circular buffer 0 is Float16 and circular buffer 16 is Float16_b: exponents of 8 bits and of 5 bits do not go together in one compute kernel
  return pass ? 0 : 1;
}
//--- copy.cpp
#include <cstdint>

#include "api/compute/eltwise_unary/eltwise_unary.h"
#include "api/compute/tile_move_copy.h"

void kernel_main() {
  init_sfpu(0, 16);
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
//--- product.cpp
#include <cstdint>

#include "api/compute/matmul.h"

void kernel_main() {
  mm_block_init(0, 1, 16, 0, 1, 1, 2);
  cb_wait_front(0, 2);
  cb_wait_front(1, 2);
  cb_reserve_back(16, 1);
  for (uint32_t k = 0; k < 2; ++k) {
    tile_regs_acquire();
    matmul_block(0, 1, k, k, 0, 0, 1, 1, 2);
    tile_regs_commit();
    tile_regs_wait();
    pack_reconfig_l1_acc(k);
    pack_tile<true>(0, 16, 0);
    tile_regs_release();
  }
  pack_reconfig_l1_acc(0);
  cb_push_back(16, 1);
  cb_pop_front(0, 2);
  cb_pop_front(1, 2);
}
