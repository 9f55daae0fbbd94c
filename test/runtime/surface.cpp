// RUN: %parts && %t/program | FileCheck %t/main.cpp
// RUN: not %t/program rotate 2>&1 | FileCheck %t/main.cpp --check-prefix=ROTATE
// RUN: not %t/program welford 2>&1 | FileCheck %t/main.cpp --check-prefix=WELFORD
// RUN: not %t/program bare 2>&1 | FileCheck %t/main.cpp --check-prefix=BARE
// RUN: not %t/program unknown 2>&1 | FileCheck %t/main.cpp --check-prefix=UNKNOWN
// RUN: not %t/program sfpi 2>&1 | FileCheck %t/main.cpp --check-prefix=SFPI
// RUN: not %t/program far 2>&1 | FileCheck %t/main.cpp --check-prefix=FAR
// RUN: not %t/program reduce 2>&1 | FileCheck %t/main.cpp --check-prefix=REDUCE
// RUN: %metalium-2026-02 -DKERNEL_DIR='"%t"' -DOLD %t/main.cpp -o %t/old %lib && %t/old | FileCheck %t/main.cpp --check-prefix=OLD
// Words of tiles on all three threads, less common forms of broadcasts and
// inits, and that a call outside of the surface says so when it is compiled.
//--- main.cpp
#include "harness.hpp"

using namespace harness;

static uint32_t bits_of(float value) {
  return __builtin_bit_cast(uint32_t, to_bf16(value)) >> 16;
}

int main(int count, char **names) {
  const Values x = noise(1, 1), y = noise(1, 2);
  auto at = [](const Values &v, std::size_t i) { return to_bf16(v[i]); };
  const std::string kernel = count > 1 ? names[1] : "words";
  Values got = run({.compute = KERNEL_DIR "/" + kernel + ".cpp",
                    .inputs = {x, y},
                    .out_format = tt::DataFormat::Float32,
                    .fp32_acc = true,
                    .compile_args = {bits_of(x[6]) | bits_of(x[7]) << 16}});
  // Row 5 of y, added; the word that math read decides that it is not row 0.
  bool pass = same_bits("words", got, [&](std::size_t i) {
    return at(x, i) + at(y, 5 * 32 + i % 32);
  });
  // CHECK: words: all 1024 elements as expected
  // OLD: words: all 1024 elements as expected
  return pass ? 0 : 1;
}
// ROTATE: error: kernel 'rotate' ({{.*}}) does not compile:
// ROTATE: alt_complex_rotate90_tile_init is outside of the model's surface: docs/model.md lists what is in it
// WELFORD: error: kernel 'welford' ({{.*}}) does not compile:
// WELFORD: outside of the model's surface: welford.h
// BARE: welford_init is outside of the model's surface: docs/model.md lists what is in it
// UNKNOWN: error: kernel 'unknown' ({{.*}}) does not compile:
// UNKNOWN: matmul_of_my_dreams
// UNKNOWN-NOT: unrecognized command-line option
// UNKNOWN: note: docs/model.md, "Surface", lists what kernels may call; tt-metal's other calls are not part of the model
// SFPI: error: kernel 'sfpi' ({{.*}}) does not compile:
// SFPI: note: SFPI (vFloat, dst_reg), LLK (llk_..., _llk_...) and single instructions (TTI_...) are outside of the model's surface: docs/model.md, "Surface", lists what kernels may call; the calls of api/compute take their place
// SFPI-NOT: note: docs
// FAR: (unpack): far.cpp:[[#]]: read_tile_value: word 512 of a tile of 2048 B
// REDUCE: error: kernel 'reduce' ({{.*}}) does not compile:
// REDUCE: define REDUCE_OP and REDUCE_DIM before this header: tt-metal's needs both
//--- sfpi.cpp
#include "api/compute/common.h"

void kernel_main() {
  tile_regs_acquire();
  MATH((_llk_math_eltwise_unary_sfpu_start_(0)));
  tile_regs_commit();
}
//--- words.cpp
#include <cstdint>

#include "api/compute/bcast.h"
#include "api/compute/eltwise_binary.h"

void kernel_main() {
  static_assert(DST_ACCUM_MODE && !APPROX && DST_SYNC_MODE == SyncHalf &&
                    MATH_FIDELITY == ckernel::MathFidelity::HiFi4,
                "the kernel's configuration");
  binary_op_init_common(0, 1, 16);
  binary_tiles_init<true, EltwiseBinaryType::ELWADD>(0, 1);
#if TESSERA_METALIUM_MONTH < 202608
  binary_tiles_init<true, ELWADD>(0, 1);
#endif
  cb_wait_front(0, 1);
  cb_wait_front(1, 1);
  const uint32_t word = read_tile_value(0, 0, 3);
  const bool is_there = get_tile_address(0, 0) % 16 == 0;
  const uint32_t row = is_there && word == get_compile_time_arg_val(0) ? 5 : 0;
  add_bcast_rows_init_short(0, 1);
  tile_regs_acquire();
  any_tiles_bcast<EltwiseBinaryType::ELWADD, BroadcastType::ROW>(0, 1, 0, 0, 0,
                                                                 row);
  tile_regs_commit();
  cb_reserve_back(16, 1);
  tile_regs_wait();
  pack_tile(0, 16);
  tile_regs_release();
  cb_push_back(16, 1);
  cb_pop_front(0, 1);
  cb_pop_front(1, 1);
}
//--- far.cpp
#include <cstdint>

#include "api/compute/common.h"

void kernel_main() {
  cb_wait_front(0, 1);
  const uint32_t last = read_tile_value(0, 0, 511);
  if (read_tile_value(0, 0, 512) == last) {
    cb_pop_front(0, 1);
  }
}
//--- rotate.cpp
#include "api/compute/compute_kernel_api.h"

void kernel_main() { alt_complex_rotate90_tile_init(); }
//--- welford.cpp
#include "api/compute/welford.h"

void kernel_main() {}
//--- bare.cpp
#include <cstdint>

#include "api/compute/common.h"

void kernel_main() { welford_init<3>(); }
//--- unknown.cpp
#include "api/compute/matmul.h"

void kernel_main() { matmul_of_my_dreams(0, 1); }
//--- reduce.cpp
#include "api/compute/reduce.h"

void kernel_main() {}
