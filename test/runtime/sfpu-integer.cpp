// RUN: %parts && %t/program | FileCheck %t/main.cpp
// Every integer operation of the vector unit, exactly, and conversions between
// all formats that DST holds.
//--- ops.def
// OP(name, init, call, want): x and y are 32-bit integers, u and v the same
// without sign.
OP(relu, relu_tile_init(), relu_tile_int32(0), x < 0 ? 0 : x)
OP(relu_min, relu_min_tile_init(), relu_min_tile_int32(0, 5), x < 5 ? 5 : x)
OP(relu_max, relu_max_tile_init(), relu_max_tile_int32(0, 0x42c80000),
   x < 0     ? 0
   : x > 100 ? 100
             : x)
OP(abs, abs_tile_init(), abs_tile_int32(0), x < 0 ? -u : u)
OP(negative, negative_tile_init(), negative_tile_int32(0), -u)
OP(signbit, signbit_tile_init(), signbit_tile_int32(0), x < 0)
OP(clamp, clamp_tile_init(), clamp_tile_int32(0, -7u, 50),
   x < -7   ? -7
   : x > 50 ? 50
            : x)
OP(unary_max, unary_max_int32_tile_init(), unary_max_int32_tile(0, -3u),
   x > -3 ? x : -3)
OP(unary_min, unary_min_int32_tile_init(), unary_min_int32_tile(0, -3u),
   x < -3 ? x : -3)
OP(unary_umax, unary_max_uint32_tile_init(), unary_max_uint32_tile(0, 99),
   u > 99 ? u : 99)
OP(unary_umin, unary_min_uint32_tile_init(), unary_min_uint32_tile(0, 99),
   u < 99 ? u : 99)
OP(add_unary, binop_with_scalar_tile_init(), add_unary_tile_int32(0, 7), u + 7)
OP(sub_unary, binop_with_scalar_tile_init(), sub_unary_tile_int32(0, 7), u - 7)
OP(rsub_unary, rsub_unary_int32_tile_init(), rsub_unary_int32_tile(0, 7), 7 - u)
OP(gtz, gtz_tile_init(), gtz_tile_int32(0), x > 0)
OP(gez, gez_tile_init(), gez_tile_int32(0), x >= 0)
OP(ltz, ltz_tile_init(), ltz_tile_int32(0), x < 0)
OP(lez, lez_tile_init(), lez_tile_int32(0), x <= 0)
OP(eqz, eqz_tile_init(), eqz_tile_int32(0), x == 0)
OP(nez, nez_tile_init(), nez_tile_int32(0), x != 0)
OP(eqz_u, eqz_tile_init(), eqz_tile_uint32(0), x == 0)
OP(nez_u, nez_tile_init(), nez_tile_uint32(0), x != 0)
OP(unary_gt, unary_gt_tile_init(), unary_gt_tile_int32(0, -3u), x > -3)
OP(unary_ge, unary_ge_tile_init(), unary_ge_tile_int32(0, -3u), x >= -3)
OP(unary_lt, unary_lt_tile_init(), unary_lt_tile_int32(0, -3u), x < -3)
OP(unary_le, unary_le_tile_init(), unary_le_tile_int32(0, -3u), x <= -3)
OP(unary_eq, unary_eq_tile_init(), unary_eq_tile_int32(0, -3u), x == -3)
OP(unary_ne, unary_ne_tile_init(), unary_ne_tile_int32(0, -3u), x != -3)
OP(logical_not, logical_not_tile_init(), logical_not_tile<DataFormat::Int32>(0),
   x == 0)
OP(bitwise_not, bitwise_not_tile_init(), bitwise_not_tile(0), ~u)
OP(bitwise_and, bitwise_and_tile_init(), bitwise_and_tile(0, 0xff0f), u & 0xff0f)
OP(bitwise_or, bitwise_or_tile_init(), bitwise_or_tile(0, 0xff0f), u | 0xff0f)
OP(bitwise_xor, bitwise_xor_tile_init(), bitwise_xor_tile(0, 0xff0f),
   u ^ 0xff0f)
OP(left_shift, left_shift_tile_init(), left_shift_tile(0, 5), u << 5)
OP(left_shift_all, left_shift_tile_init(), left_shift_tile(0, 32), 0)
OP(right_shift, right_shift_tile_init(), right_shift_tile(0, 5), x >> 5)
OP(identity, identity_tile_init(), identity_tile_uint32(0), u)
OP(fill, fill_tile_init(), fill_tile_int<DataFormat::Int32>(0, -5u), -5)
OP(add, add_int_tile_init(), add_int_tile<DataFormat::Int32>(0, 1, 0), u + v)
OP(add16, add_int_tile_init(), add_int_tile<DataFormat::UInt16>(0, 1, 0),
   (u + v) & 0xffff)
OP(sub, sub_int_tile_init(), sub_int_tile<DataFormat::Int32>(0, 1, 0), u - v)
OP(rsub, rsub_int_tile_init(), rsub_int_tile<DataFormat::Int32>(0, 1, 0), v - u)
OP(mul, mul_int_tile_init<DataFormat::Int32>(),
   mul_int_tile<DataFormat::Int32>(0, 1, 0), u *v)
OP(max, binary_max_int32_tile_init(), binary_max_int32_tile(0, 1, 0),
   x > y ? x : y)
OP(min, binary_min_int32_tile_init(), binary_min_int32_tile(0, 1, 0),
   x < y ? x : y)
OP(umax, binary_max_uint32_tile_init(), binary_max_uint32_tile(0, 1, 0),
   u > v ? u : v)
OP(umin, binary_min_uint32_tile_init(), binary_min_uint32_tile(0, 1, 0),
   u < v ? u : v)
OP(lt, lt_int32_tile_init(), lt_int32_tile(0, 1, 0), x < y)
OP(gt, gt_int32_tile_init(), gt_int32_tile(0, 1, 0), x > y)
OP(le, le_int32_tile_init(), le_int32_tile(0, 1, 0), x <= y)
OP(ge, ge_int32_tile_init(), ge_int32_tile(0, 1, 0), x >= y)
OP(gcd, gcd_tile_init(), gcd_tile(0, 1, 0), std::gcd<int64_t>(x, y))
OP(lcm, lcm_tile_init(), lcm_tile(0, 1, 0), std::lcm<int64_t>(x, y))
OP(div_floor, div_int32_floor_tile_init(), div_int32_floor_tile(0, 1, 0),
   x / y - ((x % y != 0 && (x < 0) != (y < 0)) ? 1 : 0))
OP(div, div_int32_tile_init(),
   (div_int32_tile(0, 1, 0), binop_with_scalar_tile_init(),
    mul_unary_tile(0, __builtin_bit_cast(uint32_t, 16.0f)),
    typecast_tile_init<0, 8>(), typecast_tile<0, 8>(0)),
   16 * x / y)
OP(div_trunc, div_int32_trunc_tile_init(), div_int32_trunc_tile(0, 1, 0), x / y)
OP(remainder, remainder_int32_tile_init(), remainder_int32_tile(0, 1, 0),
   (x % y != 0 && (x % y < 0) != (y < 0)) ? x % y + y : x % y)
OP(fmod, fmod_int32_tile_init(), fmod_int32_tile(0, 1, 0), x % y)
OP(and, binary_bitwise_tile_init(),
   bitwise_and_binary_tile<DataFormat::Int32>(0, 1, 0), u &v)
OP(or, binary_bitwise_tile_init(),
   bitwise_or_binary_tile<DataFormat::Int32>(0, 1, 0), u | v)
OP(xor, binary_bitwise_tile_init(),
   bitwise_xor_binary_tile<DataFormat::Int32>(0, 1, 0), u ^ v)
OP(shift_left, binary_shift_tile_init(),
   binary_left_shift_tile<DataFormat::Int32>(0, 1, 0),
   v < 32 ? u << (v & 31) : 0)
OP(shift_down, binary_shift_tile_init(),
   binary_right_shift_tile<DataFormat::Int32>(0, 1, 0),
   v < 32 ? x >> (v & 31) : 0)
OP(shift_right, binary_shift_tile_init(),
   binary_logical_right_shift_tile<DataFormat::UInt32>(0, 1, 0),
   v < 32 ? u >> (v & 31) : 0)
OP(copy, copy_dest_values_init(), copy_dest_values<DataFormat::Int32>(1, 0), y)
OP(where, where_tile_init(), where_tile<DataFormat::Int32>(0, 1, 1, 0), y)
#undef OP
//--- main.cpp
#include "harness.hpp"

#include <numeric>

using namespace harness;

namespace {

struct Op {
  const char *name;
  int64_t (*want)(int32_t x, int32_t y, uint32_t u, uint32_t v);
};

const Op ops[] = {
#define OP(name, init, call, want)                                             \
  {#name,                                                                      \
   []([[maybe_unused]] int32_t x, [[maybe_unused]] int32_t y,                  \
      [[maybe_unused]] uint32_t u, [[maybe_unused]] uint32_t v) {              \
     return static_cast<int64_t>(want);                                        \
   }},
#include "ops.def"
};

const tt::DataFormat formats[] = {
    tt::DataFormat::Float32, tt::DataFormat::Float16_b, tt::DataFormat::Bfp8_b,
    tt::DataFormat::Int32,   tt::DataFormat::UInt32,    tt::DataFormat::UInt16,
    tt::DataFormat::UInt8};

// What a conversion makes of `x`, which its format holds.
double converted(double x, tt::DataFormat from, tt::DataFormat to) {
  const bool was_integer = is_integer(from);
  switch (to) {
  case tt::DataFormat::UInt16:
    return std::fmin(std::fmax(was_integer ? x : std::floor(x + 0.5), 0),
                     65535);
  case tt::DataFormat::UInt8:
    return static_cast<double>(static_cast<int64_t>(x) & 255);
  case tt::DataFormat::Int32:
    return std::trunc(x);
  case tt::DataFormat::UInt32:
    return was_integer ? static_cast<uint32_t>(static_cast<int64_t>(x))
                       : std::fmax(std::trunc(x), 0);
  case tt::DataFormat::Float32:
    return static_cast<float>(x);
  default:
    return tsr_sim_round_bf16(static_cast<float>(x));
  }
}

} // namespace

int main() {
  bool pass = true;
  Values x(1024), y(1024);
  for (int i = 0; i < 1024; ++i) {
    x[i] = static_cast<float>(i * 37 % 1001 - 500);
    y[i] = static_cast<float>(i * 11 % 61 - 30 + (i * 11 % 61 == 30 ? 40 : 0));
  }
  const tt::DataFormat int32 = tt::DataFormat::Int32;
  for (uint32_t i = 0; i < std::size(ops); ++i) {
    Values got = run({.compute = KERNEL_DIR "/ops.cpp",
                      .inputs = {x, y},
                      .formats = {int32, int32},
                      .out_format = int32,
                      .fp32_acc = true,
                      .args = {i}});
    for (std::size_t k = 0; k < 1024; ++k) {
      const auto a = static_cast<int32_t>(x[k]), b = static_cast<int32_t>(y[k]);
      const auto want = static_cast<int32_t>(ops[i].want(
          a, b, static_cast<uint32_t>(a), static_cast<uint32_t>(b)));
      if (got[k] == static_cast<float>(want))
        continue;
      std::printf("%s(%d, %d) is %.0f, expected %d\n", ops[i].name, a, b,
                  got[k], want);
      pass = false;
      break;
    }
  }
  std::printf("%s\n", pass ? "all integers right" : "wrong");
  // CHECK: all integers right

  // Numbers with a half, negative ones and large ones where a format has them.
  uint32_t kind = 0;
  for (const tt::DataFormat from : formats)
    for (const tt::DataFormat to : formats) {
      Values in(1024);
      for (int i = 0; i < 1024; ++i) {
        const bool is_small = from == tt::DataFormat::UInt8;
        double value = is_small ? i % 256 : i * 67 % 70000;
        value = from == tt::DataFormat::UInt16 ? i * 67 % 65536 : value;
        if (!is_integer(from))
          value = from == tt::DataFormat::Float32 ? value / 2 - 1000
                                                  : (i % 128) / 2.0 - 16;
        if (from == int32)
          value -= 20000;
        in[i] = static_cast<float>(value);
      }
      Values got = run({.compute = KERNEL_DIR "/cast.cpp",
                        .inputs = {in},
                        .formats = {from},
                        .out_format = to,
                        .fp32_acc = true,
                        .exact = from == tt::DataFormat::Float32,
                        .compile_args = {static_cast<uint32_t>(from),
                                         static_cast<uint32_t>(to)}});
      ++kind;
      for (std::size_t k = 0; k < 1024; ++k) {
        double want = converted(in[k], from, to);
        want = to == tt::DataFormat::UInt32
                   ? static_cast<float>(
                         static_cast<int32_t>(static_cast<int64_t>(want)))
                   : want;
        // The packer rounds to the block's exponent.
        const double slack = to == tt::DataFormat::Bfp8_b ? 1024 : 0;
        if (std::fabs(got[k] - want) <= slack)
          continue;
        std::printf("%u to %u: %.9g is %.9g, expected %.9g\n",
                    static_cast<unsigned>(from), static_cast<unsigned>(to),
                    in[k], got[k], want);
        pass = false;
        break;
      }
    }
  std::printf("%u conversions: %s\n", kind, pass ? "right" : "wrong");
  // CHECK: 49 conversions: right
  return pass ? 0 : 1;
}
//--- ops.cpp
#include <cstdint>

#include "api/compute/add_int_sfpu.h"
#include "api/compute/binary_bitwise_sfpu.h"
#include "api/compute/binary_comp.h"
#include "api/compute/binary_fmod.h"
#include "api/compute/binary_max_min.h"
#include "api/compute/binary_shift.h"
#include "api/compute/compute_kernel_api.h"
#include "api/compute/copy_dest_values.h"
#include "api/compute/div_int32_floor.h"
#include "api/compute/div_int32_sfpu.h"
#include "api/compute/eltwise_unary/binop_with_scalar.h"
#include "api/compute/eltwise_unary/bitwise_and.h"
#include "api/compute/eltwise_unary/bitwise_not.h"
#include "api/compute/eltwise_unary/bitwise_or.h"
#include "api/compute/eltwise_unary/bitwise_xor.h"
#include "api/compute/eltwise_unary/clamp.h"
#include "api/compute/eltwise_unary/comp.h"
#include "api/compute/eltwise_unary/eltwise_unary.h"
#include "api/compute/eltwise_unary/fill.h"
#include "api/compute/eltwise_unary/identity.h"
#include "api/compute/eltwise_unary/left_shift.h"
#include "api/compute/eltwise_unary/logical_not.h"
#include "api/compute/eltwise_unary/negative.h"
#include "api/compute/eltwise_unary/relu.h"
#include "api/compute/eltwise_unary/right_shift.h"
#include "api/compute/eltwise_unary/typecast.h"
#include "api/compute/eltwise_unary/rsub.h"
#include "api/compute/eltwise_unary/where.h"
#include "api/compute/gcd.h"
#include "api/compute/lcm.h"
#include "api/compute/mul_int_sfpu.h"
#include "api/compute/remainder_int32.h"
#include "api/compute/sub_int_sfpu.h"
#include "api/compute/tile_move_copy.h"

enum {
#define OP(name, ...) op_##name,
#include "ops.def"
};

void kernel_main() {
  const uint32_t op = get_arg_val<uint32_t>(0);
  init_sfpu(0, 16);
  tile_regs_acquire();
  for (uint32_t i = 0; i < 2; ++i) {
    cb_wait_front(i, 1);
    copy_tile(i, 0, i);
    cb_pop_front(i, 1);
  }
  switch (op) {
#define OP(name, init, call, ...)                                              \
  case op_##name:                                                              \
    init;                                                                      \
    call;                                                                      \
    break;
#include "ops.def"
  }
  tile_regs_commit();
  cb_reserve_back(16, 1);
  tile_regs_wait();
  pack_tile(0, 16);
  tile_regs_release();
  cb_push_back(16, 1);
}
//--- cast.cpp
#include <cstdint>

#include "api/compute/eltwise_unary/eltwise_unary.h"
#include "api/compute/eltwise_unary/typecast.h"
#include "api/compute/tile_move_copy.h"

void kernel_main() {
  constexpr uint32_t from = get_compile_time_arg_val(0);
  constexpr uint32_t to = get_compile_time_arg_val(1);
  init_sfpu(0, 16);
  typecast_tile_init<from, to>();
  cb_wait_front(0, 1);
  tile_regs_acquire();
  copy_tile(0, 0, 0);
  typecast_tile<from, to>(0);
  tile_regs_commit();
  cb_reserve_back(16, 1);
  tile_regs_wait();
  pack_tile(0, 16);
  tile_regs_release();
  cb_push_back(16, 1);
  cb_pop_front(0, 1);
}
