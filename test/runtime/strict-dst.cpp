// RUN: %parts
// What DST holds that nobody wrote, and what it adds to.
//--- main.cpp
#include "harness.hpp"

#include <cstdlib>

using namespace harness;

int main(int, char **argv) {
  const auto wrong = static_cast<uint32_t>(std::atoi(argv[1]));
  const Values got = run({.compute = KERNEL_DIR "/compute.cpp",
                          .inputs = {filled(1, 2.0f), filled(1, 3.0f)},
                          .compile_args = {wrong}});
  std::printf("ran: %g\n", got[0]);
  return 0;
}
//--- compute.cpp
#include <cstdint>

#include "api/compute/copy_dest_values.h"
#include "api/compute/eltwise_binary.h"
#include "api/compute/eltwise_binary_sfpu.h"
#include "api/compute/eltwise_unary/exp.h"
#include "api/compute/eltwise_unary/fill.h"
#include "api/compute/eltwise_unary/negative.h"
#include "api/compute/eltwise_unary/typecast.h"
#include "api/compute/eltwise_unary/where.h"
#include "api/compute/mask.h"

constexpr uint32_t wrong = get_compile_time_arg_val(0);

void kernel_main() {
  binary_op_init_common(0, 1, 16);
  mul_tiles_init(0, 1);
  cb_wait_front(0, 1);
  cb_wait_front(1, 1);
  if (wrong == 12) {
    release_dst();
  }
  tile_regs_acquire();
  mul_tiles(0, 1, 0, 0, 0);
  if (wrong == 1) {
    mul_tiles(0, 1, 0, 0, 0);
  }
  if (wrong == 2) {
    negative_tile_init();
    negative_tile(1);
  }
  if (wrong == 3) {
    fill_tile_init();
    fill_tile(1, 1.0f);
    negative_tile_init();
    negative_tile(1);
  }
  if (wrong == 4) {
    add_binary_tile_init();
    add_binary_tile(0, 1, 0);
  }
  if (wrong == 5) {
    copy_dest_values_init();
    copy_dest_values(1, 0);
  }
  if (wrong == 6) {
    where_tile_init();
    where_tile<DataFormat::Float16_b>(0, 0, 1, 0);
  }
  if (wrong == 7) {
    mask_tile_init();
    mask_tile(0, 1);
  }
  if (wrong == 8) {
    typecast_tile_init<(uint32_t)DataFormat::Float32,
                       (uint32_t)DataFormat::Float16_b>();
    typecast_tile<(uint32_t)DataFormat::Float32,
                  (uint32_t)DataFormat::Float16_b>(1);
  }
  if (wrong == 11)
    tile_regs_acquire();
  if (wrong == 9) {
    // The next section starts anew, and so does the one after it, which has the
    // same registers as this one.
    for (uint32_t i = 0; i < 2; ++i) {
      tile_regs_commit();
      tile_regs_wait();
      tile_regs_release();
      tile_regs_acquire();
    }
    negative_tile_init();
    negative_tile(0);
  }
  cb_pop_front(0, 1);
  cb_pop_front(1, 1);
  tile_regs_commit();
  cb_reserve_back(16, 1);
  tile_regs_wait();
  pack_tile(0, 16);
  tile_regs_release();
  cb_push_back(16, 1);
  if (wrong == 10)
    release_dst();
}

// RUN: %t/program 0 2>&1 | FileCheck %t/compute.cpp --check-prefix=D0
// D0: ran: 6
// RUN: %t/program 1 2>&1 | FileCheck %t/compute.cpp --check-prefix=D1
// D1: ran: 12
// RUN: not %t/program 2 2>&1 | FileCheck %t/compute.cpp --check-prefix=D2
// D2: error: program 1, core (0,0), kernel 'compute' (math): compute.cpp:30: negative_tile: DST tile 1 was not written since tile_regs_acquire: the vector unit reads anything there
// RUN: %t/program 3 2>&1 | FileCheck %t/compute.cpp --check-prefix=D3
// D3: ran: 6
// RUN: not %t/program 4 2>&1 | FileCheck %t/compute.cpp --check-prefix=D4
// D4: compute.cpp:40: add_binary_tile: DST tile 1 was not written
// RUN: not %t/program 5 2>&1 | FileCheck %t/compute.cpp --check-prefix=D5
// D5: compute.cpp:44: copy_dest_values: DST tile 1 was not written
// RUN: not %t/program 6 2>&1 | FileCheck %t/compute.cpp --check-prefix=D6
// D6: compute.cpp:48: where_tile: DST tile 1 was not written
// RUN: not %t/program 7 2>&1 | FileCheck %t/compute.cpp --check-prefix=D7
// D7: compute.cpp:52: mask_tile: DST tile 1 was not written
// RUN: not %t/program 8 2>&1 | FileCheck %t/compute.cpp --check-prefix=D8
// D8: compute.cpp:{{57|58}}: typecast_tile: DST tile 1 was not written
// RUN: not %t/program 9 2>&1 | FileCheck %t/compute.cpp --check-prefix=D9
// D9: compute.cpp:72: negative_tile: DST tile 0 was not written
// RUN: %t/program 10 2>&1 | FileCheck %t/compute.cpp --check-prefix=D10
// D10: note: {{.*}}compute.cpp:83: release_dst: the section was committed and is released already: math and pack hand over an empty one, which is right only while pack comes later than math
// D10: ran: 6
// RUN: not %t/program 12 2>&1 | FileCheck %t/compute.cpp --check-prefix=D12
// D12: compute.cpp:21: release_dst: no section is {{acquired: tile_regs_acquire|waited for: tile_regs_wait}} must come first
// RUN: not %t/program 11 2>&1 | FileCheck %t/compute.cpp --check-prefix=D11
// D11: compute.cpp:61: tile_regs_acquire: the section of tile_regs_acquire at compute.cpp:23 was not committed
// RUN: env TESSERA_STRICT=off %t/program 10 2>&1 | FileCheck %t/compute.cpp --check-prefix=OFF
// RUN: env TESSERA_STRICT=off %t/program 11 2>&1 | FileCheck %t/compute.cpp --check-prefix=OFF
// RUN: env TESSERA_STRICT=off %t/program 2 2>&1 | FileCheck %t/compute.cpp --check-prefix=OFF
// OFF: ran: 6
