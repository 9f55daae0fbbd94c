// RUN: %parts && %t/program | FileCheck %t/main.cpp
// Forms of one operation of the vector unit, which template arguments choose:
// the init must be for the form that the call has where it programs something
// for it, and exp has its factor and its range by form. Formats that they name
// must be as wide as DST.
//--- main.cpp
#include "harness.hpp"

using namespace harness;

static const Values data = noise(1, 1);

static void check(const char *name, const char *kernel, uint32_t kind,
                  bool fp32_acc = false,
                  tt::DataFormat out = tt::DataFormat::Float16_b) {
  try {
    run({.compute = std::string(KERNEL_DIR "/") + kernel,
         .inputs = {data},
         .out_format = out,
         .fp32_acc = fp32_acc,
         .args = {kind}});
    std::printf("%s: right\n", name);
  } catch (const std::exception &error) {
    std::printf("%s: %s\n", name, error.what());
  }
}

int main() {
  const char *const wrong[] = {"exp quick after accurate",
                               "exp quick after piecewise",
                               "exp clamped after not",
                               "exp piecewise after quick",
                               "recip after legacy",
                               "rsqrt after legacy",
                               "sigmoid quick",
                               "sigmoid accurate",
                               "tanh quick",
                               "tanh accurate",
                               "mul int",
                               "sfpu reduce pool",
                               "sfpu reduce format"};
  for (uint32_t kind = 0; kind < std::size(wrong); ++kind)
    check(wrong[kind], "wrong.cpp", kind);
  check("expm1 quick", "wrong.cpp", 13, true);
  check("expm1 accurate", "wrong.cpp", 14, true);
  // CHECK: exp quick after accurate: {{.*}}(math): wrong.cpp:[[#]]: exp_tile: an init at wrong.cpp:[[#]] was for another form of exp_tile: the template arguments of both must agree
  // CHECK: exp quick after piecewise: {{.*}}: exp_tile: an init at wrong.cpp:{{.*}} another form of exp_tile
  // CHECK: exp clamped after not: {{.*}} another form of exp_tile
  // CHECK: exp piecewise after quick: {{.*}} another form of exp_tile
  // CHECK: recip after legacy: {{.*}} another form of recip_tile
  // CHECK: rsqrt after legacy: {{.*}} another form of rsqrt_tile
  // CHECK: sigmoid quick: {{.*}} another form of sigmoid_tile
  // CHECK: sigmoid accurate: {{.*}} another form of sigmoid_tile
  // CHECK: tanh quick: {{.*}} another form of tanh_tile
  // CHECK: tanh accurate: {{.*}} another form of tanh_tile
  // CHECK: mul int: {{.*}} another form of mul_int_tile
  // CHECK: sfpu reduce pool: {{.*}} another form of sfpu_reduce
  // CHECK: sfpu reduce format: {{.*}} another form of sfpu_reduce
  // CHECK: expm1 quick: {{.*}} another form of expm1_tile
  // CHECK: expm1 accurate: {{.*}} another form of expm1_tile

  // What needs nothing of what the other form's init leaves out, or programs
  // differently.
  check("any init", "any.cpp", 0);
  // CHECK: any init: right

  // Factors, and what is beyond the range of a form.
  const Values x = {-100, -88.25, -50, -2, 0, 0.5, 1, 30, 60, 88.8125, 90, 200};
  Values in(1024);
  std::copy(x.begin(), x.end(), in.begin());
  const char *const forms[] = {"accurate",       "accurate, factor",
                               "piecewise",      "piecewise, factor",
                               "piecewise open", "clamped",
                               "clamped, init",  "clamped, negative",
                               "unclamped",      "unclamped, init"};
  for (uint32_t kind = 0; kind < std::size(forms); ++kind) {
    const Values got = run({.compute = KERNEL_DIR "/values.cpp",
                            .inputs = {in},
                            .formats = {tt::DataFormat::Float32},
                            .out_format = tt::DataFormat::Float32,
                            .fp32_acc = true,
                            .exact = true,
                            .args = {kind}});
    std::printf("%s:", forms[kind]);
    for (std::size_t i = 0; i < x.size(); ++i)
      std::printf(" %.4g", got[i]);
    std::printf("\n");
  }
  // CHECK: accurate: 3.784e-44 4.715e-39 1.929e-22 0.1353 1 1.649 2.718 1.069e+13 1.142e+26 inf inf inf
  // CHECK: accurate, factor: 1.929e-22 6.867e-20 1.389e-11 0.3679 1 1.284 1.649 3.269e+06 1.069e+13 1.929e+19 3.493e+19 inf
  // CHECK: piecewise: 0 0 0 0.1353 1 1.649 2.718 1.069e+13 4.839e+22 8.435e+28 inf inf
  // CHECK: piecewise, factor: 0 0 1.389e-11 0.3679 1 1.284 1.649 3.269e+06 1.069e+13 1.904e+19 2.694e+19 inf
  // CHECK: piecewise open: 0 0 0 0.1353 1 1.649 2.718 1.069e+13 4.839e+22 8.435e+28 1.522e+29 -1.05e-24
  // CHECK: clamped: 0 0 1.929e-22 0.1353 1 1.649 2.718 1.069e+13 1.142e+26 nan nan nan
  // CHECK: clamped, init: 1.929e-22 6.867e-20 1.389e-11 0.3679 1 1.284 1.649 3.269e+06 1.069e+13 1.929e+19 3.493e+19 nan
  // CHECK: clamped, negative: 0 0 0 0 0 0 0 0 0 0 0 0
  // CHECK: unclamped: -1.011e-33 -4.27e-39 1.929e-22 0.1353 1 1.649 1.996 1.996 1.996 1.996 1.996 1.996
  // CHECK: unclamped, init: 1.929e-22 6.867e-20 1.389e-11 0.3679 1 1.284 1.649 1.996 1.996 1.996 1.996 1.996

  const char *const narrow[] = {"where wide",  "copy wide",    "addcmul wide",
                                "fill wide",   "add wide",     "negate wide",
                                "and wide",    "maximum wide", "not wide",
                                "reduce wide", "typecast wide"};
  for (uint32_t kind = 0; kind < std::size(narrow); ++kind)
    check(narrow[kind], "formats.cpp", kind);
  const char *const wide[] = {"where narrow", "copy integers narrow",
                              "copy narrow", "reduce narrow"};
  for (uint32_t kind = 0; kind < std::size(wide); ++kind)
    check(wide[kind], "formats.cpp", 11 + kind, true);
  check("pack wide", "formats.cpp", 15, false, tt::DataFormat::UInt32);
  check("narrow", "formats.cpp", 16);
  check("wide", "formats.cpp", 16, true);
  // CHECK: where wide: {{.*}}where_tile: Float32 needs 32-bit DST: fp32_dest_acc_en is missing
  // CHECK: copy wide: {{.*}}copy_dest_values: Int32 needs 32-bit DST: fp32_dest_acc_en is missing
  // CHECK: addcmul wide: {{.*}}addcmul_tile: Float32 needs 32-bit DST
  // CHECK: fill wide: {{.*}}fill_tile_int: Int32 needs 32-bit DST
  // CHECK: add wide: {{.*}}add_int_tile: UInt32 needs 32-bit DST
  // CHECK: negate wide: {{.*}}negative_tile_int32: 32-bit integers need 32-bit DST: fp32_dest_acc_en is missing
  // CHECK: and wide: {{.*}}bitwise_and_tile: 32-bit integers need 32-bit DST
  // CHECK: maximum wide: {{.*}}binary_max_uint32_tile: 32-bit integers need 32-bit DST
  // CHECK: not wide: {{.*}}logical_not_tile: Int32 needs 32-bit DST
  // CHECK: reduce wide: {{.*}}sfpu_reduce: Float32 needs 32-bit DST
  // CHECK: typecast wide: {{.*}}typecast_tile: Int32 needs 32-bit DST
  // CHECK: where narrow: {{.*}}where_tile: Float16_b is 16 bits of a value, but DST holds 32 of it: the format must be Float32
  // CHECK: copy integers narrow: {{.*}}copy_dest_values: UInt16 is 16 bits of a value, but DST holds 32 of it: the format must be Float32
  // CHECK: copy narrow: {{.*}}copy_dest_values: Float16_b is 16 bits of a value
  // CHECK: reduce narrow: {{.*}}sfpu_reduce: Float16_b is 16 bits of a value
  // CHECK: pack wide: {{.*}}pack_tile: circular buffer 16 is UInt32, which needs 32-bit DST: fp32_dest_acc_en is missing
  // CHECK: narrow: right
  // CHECK: wide: right
}
//--- wrong.cpp
#include <cstdint>

#include "api/compute/compute_kernel_api.h"
#include "api/compute/eltwise_unary/eltwise_unary.h"
#include "api/compute/eltwise_unary/exp.h"
#include "api/compute/eltwise_unary/fill.h"
#include "api/compute/eltwise_unary/recip.h"
#include "api/compute/eltwise_unary/rsqrt.h"
#include "api/compute/mul_int_sfpu.h"
#include "api/compute/tile_move_copy.h"

constexpr uint32_t one = 0x3f800000;
constexpr DataFormat bf16 = DataFormat::Float16_b;

void kernel_main() {
  const uint32_t kind = get_arg_val<uint32_t>(0);
  init_sfpu(0, 16);
  cb_wait_front(0, 1);
  tile_regs_acquire();
  copy_tile(0, 0, 0);
  switch (kind) {
  case 0:
    // The accurate form.
    exp_tile_init();
    exp_tile<true>(0);
    break;
  case 1:
    exp_tile_init<true, false>();
    exp_tile<true>(0);
    break;
  case 2:
    exp_tile_init<true, true, one, InputClamping::None>();
    exp_tile<true>(0);
    break;
  case 3:
    exp_tile_init<true>();
    exp_tile<true, false>(0);
    break;
  case 4:
    recip_tile_init<true>();
    recip_tile<false>(0);
    break;
  case 5:
    rsqrt_tile_init<true>();
    rsqrt_tile<false>(0);
    break;
  case 6:
    sigmoid_tile_init();
    sigmoid_tile<VectorMode::RC, true>(0);
    break;
  case 7:
    sigmoid_tile_init<true>();
    sigmoid_tile(0);
    break;
  case 8:
    tanh_tile_init();
    tanh_tile<true>(0);
    break;
  case 9:
    tanh_tile_init<true>();
    tanh_tile(0);
    break;
  case 10:
    fill_tile_init();
    fill_tile_int<DataFormat::UInt16>(0, 3);
    mul_int_tile_init<DataFormat::Int32>();
    mul_int_tile<DataFormat::UInt16>(0, 0, 0);
    break;
  case 11:
    sfpu_reduce_init<PoolType::SUM, bf16>();
    sfpu_reduce<PoolType::MAX, bf16>(0);
    break;
  case 12:
    sfpu_reduce_init<PoolType::MAX, DataFormat::Float32>();
    sfpu_reduce<PoolType::MAX, bf16>(0);
    break;
  case 13:
    expm1_tile_init();
    expm1_tile<true>(0);
    break;
  default:
    expm1_tile_init<true>();
    expm1_tile(0);
  }
  tile_regs_commit();
}
//--- any.cpp
#include <cstdint>

#include "api/compute/compute_kernel_api.h"
#include "api/compute/eltwise_unary/eltwise_unary.h"
#include "api/compute/eltwise_unary/erf_erfc.h"
#include "api/compute/eltwise_unary/exp.h"
#include "api/compute/eltwise_unary/gelu.h"
#include "api/compute/eltwise_unary/log1p.h"
#include "api/compute/eltwise_unary/recip.h"
#include "api/compute/eltwise_unary/rsqrt.h"
#include "api/compute/tile_move_copy.h"

void kernel_main() {
  constexpr DataFormat bf16 = DataFormat::Float16_b;
  init_sfpu(0, 16);
  cb_wait_front(0, 1);
  tile_regs_acquire();
  copy_tile(0, 0, 0);
  exp_tile_init<true>();
  exp_tile(0);
  exp_tile_init<true, false>();
  exp_tile(0);
  recip_tile_init<false>();
  recip_tile<true>(0);
  rsqrt_tile_init<false>();
  rsqrt_tile<true>(0);
  gelu_tile_init<true>();
  gelu_tile<false>(0);
  gelu_tile_init<false>();
  gelu_tile<true>(0);
  log_tile_init<true>();
  log_tile(0);
  log1p_tile_init<true>();
  log1p_tile(0);
  erf_tile_init<true>();
  erf_tile<false>(0);
  expm1_tile_init<true>();
  expm1_tile(0);
  sfpu_reduce_init<PoolType::SUM, DataFormat::Float32>();
  sfpu_reduce<PoolType::AVG, bf16>(0);
  tile_regs_commit();
  cb_reserve_back(16, 1);
  tile_regs_wait();
  pack_tile(0, 16);
  tile_regs_release();
  cb_push_back(16, 1);
  cb_pop_front(0, 1);
}
//--- values.cpp
#include <cstdint>

#include "api/compute/eltwise_unary/eltwise_unary.h"
#include "api/compute/eltwise_unary/exp.h"
#include "api/compute/tile_move_copy.h"

constexpr uint32_t one = 0x3f800000, half = 0x3f000000, minus_one = 0xbf800000;
constexpr int all = VectorMode::RC;
constexpr InputClamping open = InputClamping::None;

void kernel_main() {
  const uint32_t kind = get_arg_val<uint32_t>(0);
  init_sfpu(0, 16);
  cb_wait_front(0, 1);
  tile_regs_acquire();
  copy_tile(0, 0, 0);
  // Each has factors that its form does not apply, in the init or the call.
  switch (kind) {
  case 0:
    exp_tile_init<true, true, half>();
    exp_tile(0, all, 0x3f00);
    break;
  case 1:
    exp_tile_init<true, true, minus_one>();
    exp_tile<false, true, true>(0, all, 0x3f00);
    break;
  case 2:
    exp_tile_init<true, false, half>();
    exp_tile<true, false>(0, all, 0x3f00);
    break;
  case 3:
    exp_tile_init<true, false, minus_one>();
    exp_tile<true, false, true>(0, all, 0x3f00);
    break;
  case 4:
    exp_tile_init<true, false>();
    exp_tile<true, false, false, true>(0);
    break;
  case 5:
    exp_tile_init<true>();
    exp_tile<true, true, true>(0, all, 0x3f00);
    break;
  case 6:
    exp_tile_init<true, true, half>();
    exp_tile<true>(0);
    break;
  case 7:
    exp_tile_init<true, true, minus_one>();
    exp_tile<true, true, true>(0);
    break;
  case 8:
    exp_tile_init<true, true, one, open>();
    exp_tile<true, true, true, false, open>(0, all, 0x3f00);
    break;
  default:
    exp_tile_init<true, true, half, open>();
    exp_tile<true, true, false, false, open>(0);
  }
  tile_regs_commit();
  cb_reserve_back(16, 1);
  tile_regs_wait();
  pack_tile(0, 16);
  tile_regs_release();
  cb_push_back(16, 1);
  cb_pop_front(0, 1);
}
//--- formats.cpp
#include <cstdint>

#include "api/compute/add_int_sfpu.h"
#include "api/compute/binary_max_min.h"
#include "api/compute/compute_kernel_api.h"
#include "api/compute/copy_dest_values.h"
#include "api/compute/eltwise_unary/addcdiv.h"
#include "api/compute/eltwise_unary/addcmul.h"
#include "api/compute/eltwise_unary/bitwise_and.h"
#include "api/compute/eltwise_unary/comp.h"
#include "api/compute/eltwise_unary/eltwise_unary.h"
#include "api/compute/eltwise_unary/fill.h"
#include "api/compute/eltwise_unary/lerp.h"
#include "api/compute/eltwise_unary/logical_not.h"
#include "api/compute/eltwise_unary/negative.h"
#include "api/compute/eltwise_unary/typecast.h"
#include "api/compute/eltwise_unary/where.h"
#include "api/compute/tile_move_copy.h"

constexpr DataFormat f32 = DataFormat::Float32, bf16 = DataFormat::Float16_b,
                     i32 = DataFormat::Int32, u32 = DataFormat::UInt32,
                     u16 = DataFormat::UInt16, bfp8 = DataFormat::Bfp8_b;

constexpr uint32_t number(DataFormat format) {
  return static_cast<uint32_t>(format);
}

// What is as wide as DST, or as DST whatever it is called.
void right() {
  constexpr bool is_wide = DST_ACCUM_MODE;
  constexpr uint32_t one = 0x3f800000;
  where_tile_init();
  where_tile<is_wide ? f32 : bf16>(0, 0, 0, 1);
  addcmul_tile_init();
  addcmul_tile<is_wide ? f32 : bfp8>(0, 0, 0, 1, one);
  addcmul_tile<bf16>(0, 0, 0, 1, one);
  addcdiv_tile_init();
  addcdiv_tile<is_wide ? bf16 : f32>(0, 0, 0, 1, one);
  lerp_tile_init();
  lerp_tile<is_wide ? bf16 : f32>(0, 0, 0, 1);
  copy_dest_values_init();
  copy_dest_values(0, 1);
  copy_dest_values<bfp8>(0, 1);
  copy_dest_values<is_wide ? f32 : u16>(0, 1);
  fill_tile_init();
  fill_tile_int<u16>(2, 3);
  copy_dest_values_init();
  copy_dest_values<u16>(2, 3);
  add_int_tile_init();
  add_int_tile<is_wide ? i32 : u16>(2, 3, 2);
  eqz_tile_init();
  eqz_tile_uint16(2);
  nez_tile_init();
  nez_tile_uint16(2);
  logical_not_tile_init();
  logical_not_tile<is_wide ? f32 : bf16>(1);
  logical_not_tile<u16>(2);
  sfpu_reduce_init<PoolType::SUM, u16>();
  sfpu_reduce<PoolType::SUM, u16>(2);
  typecast_tile_init<number(u16), number(bf16)>();
  typecast_tile<number(u16), number(bf16)>(2);
}

void fill() {
  fill_tile_init();
  fill_tile_int<u16>(0, 3);
}

void kernel_main() {
  const uint32_t kind = get_arg_val<uint32_t>(0);
  init_sfpu(0, 16);
  cb_wait_front(0, 1);
  tile_regs_acquire();
  copy_tile(0, 0, 0);
  switch (kind) {
  case 0:
    where_tile_init();
    where_tile<f32>(0, 0, 0, 0);
    break;
  case 1:
    copy_dest_values_init();
    copy_dest_values<i32>(0, 1);
    break;
  case 2:
    addcmul_tile_init();
    addcmul_tile<f32>(0, 0, 0, 0, 0);
    break;
  case 3:
    fill_tile_init();
    fill_tile_int<i32>(0, 70000);
    break;
  case 4:
    fill();
    add_int_tile_init();
    add_int_tile<u32>(0, 0, 0);
    break;
  case 5:
    fill();
    negative_tile_init();
    negative_tile_int32(0);
    break;
  case 6:
    fill();
    bitwise_and_tile_init();
    bitwise_and_tile(0, 1);
    break;
  case 7:
    fill();
    binary_max_uint32_tile_init();
    binary_max_uint32_tile(0, 0, 0);
    break;
  case 8:
    fill();
    logical_not_tile_init();
    logical_not_tile<i32>(0);
    break;
  case 9:
    sfpu_reduce_init<PoolType::SUM, f32>();
    sfpu_reduce<PoolType::SUM, f32>(0);
    break;
  case 10:
    fill();
    typecast_tile_init<number(i32), number(bf16)>();
    typecast_tile<number(i32), number(bf16)>(0);
    break;
  case 11:
    where_tile_init();
    where_tile<bf16>(0, 0, 0, 0);
    break;
  case 12:
    copy_dest_values_init();
    copy_dest_values<u16>(0, 1);
    break;
  case 13:
    copy_dest_values_init();
    copy_dest_values<bf16>(0, 1);
    break;
  case 14:
    sfpu_reduce_init<PoolType::SUM, bf16>();
    sfpu_reduce<PoolType::SUM, bf16>(0);
    break;
  case 15:
    fill();
    break;
  default:
    right();
  }
  tile_regs_commit();
  cb_reserve_back(16, 1);
  tile_regs_wait();
  pack_tile(0, 16);
  tile_regs_release();
  cb_push_back(16, 1);
  cb_pop_front(0, 1);
}
