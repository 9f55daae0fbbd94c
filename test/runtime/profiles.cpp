// RUN: rm -rf %t && split-file %s %t
// RUN: %metalium -DKERNEL_DIR='"%t"' %t/main.cpp -o %t/program %lib
// RUN: env TESSERA_METALIUM=2026-02 %t/program g1 | FileCheck %t/main.cpp
// RUN: env TESSERA_METALIUM=2026-08 %t/program g1 | FileCheck %t/main.cpp
// RUN: %t/program g2 | FileCheck %t/main.cpp
// RUN: env TESSERA_METALIUM=2026-09 %t/program g2 | FileCheck %t/main.cpp
// RUN: env TESSERA_METALIUM=2026-09 %t/program g3 | FileCheck %t/main.cpp
// RUN: not env TESSERA_METALIUM=2026-02 %t/program g2 2>&1 | FileCheck %t/main.cpp --check-prefix=OLD
// RUN: not %t/program g3 2>&1 | FileCheck %t/main.cpp --check-prefix=NEW
// RUN: not %t/program outside 2>&1 | FileCheck %t/main.cpp --check-prefix=OUTSIDE
// The names of each tt-metal: old ones everywhere, new ones where they exist,
// and nothing else.
//--- main.cpp
#include "harness.hpp"

using namespace harness;

int main(int, char **argv) {
  const Values a = noise(1, 1), b = noise(1, 2);
  Job job = {.compute = std::string(KERNEL_DIR "/") + argv[1] + ".cpp",
             .inputs = {a, b},
             .out_format = tt::DataFormat::Float32,
             .fp32_acc = true};
  const Values got = run(job);
  return same_bits("sum", got,
                   [&](std::size_t i) { return to_bf16(a[i]) + to_bf16(b[i]); })
             ? 0
             : 1;
}
// CHECK: sum: all 1024 elements as expected
// OLD: error: kernel 'g2' {{.*}} does not compile:
// OLD: g2.cpp:4:{{.*}}api/compute/src_order.h
// NEW: error: kernel 'g3' {{.*}} does not compile:
// NEW: g3.cpp:{{.*}}transpose.h
// OUTSIDE: error: kernel 'outside' {{.*}} does not compile:
// OUTSIDE: outside.cpp:5:{{.*}}wormhole_secret
//--- g1.cpp
#include <cstdint>

#include "api/compute/eltwise_binary.h"

void kernel_main() {
  binary_op_init_common(0, 1, 16);
  add_tiles_init(0, 1);
  cb_wait_front(0, 1);
  cb_wait_front(1, 1);
  tile_regs_acquire();
  add_tiles(0, 1, 0, 0, 0);
  tile_regs_commit();
  cb_reserve_back(16, 1);
  tile_regs_wait();
  pack_tile(0, 16);
  tile_regs_release();
  cb_push_back(16, 1);
  cb_pop_front(0, 1);
  cb_pop_front(1, 1);
}
//--- g2.cpp
#include <cstdint>

#include "api/compute/eltwise_binary.h"
#include "api/compute/src_order.h"

void kernel_main() {
  compute_kernel_hw_startup<SrcOrder::Regular>(0, 1, 16);
  add_tiles_init(0, 1);
  cb_wait_front(0, 1);
  cb_wait_front(1, 1);
  tile_regs_acquire();
  add_tiles(0, 1, 0, 0, 0);
  tile_regs_commit();
  cb_reserve_back(16, 1);
  tile_regs_wait();
  pack_tile(0, 16);
  tile_regs_release();
  cb_push_back(16, 1);
  cb_pop_front(0, 1);
  cb_pop_front(1, 1);
}
//--- g3.cpp
#include <cstdint>

#include "api/compute/eltwise_binary.h"
#include "api/compute/tile_move_copy.h"
#include "api/compute/transpose.h"

void kernel_main() {
  compute_kernel_hw_startup(0, 1, 16);
  cb_wait_front(0, 1);
  cb_wait_front(1, 1);
  tile_regs_acquire();
  copy_init(0);
  copy_block(0, 0, 0, 1);
  add_init(0, 1);
  add_tiles(0, 1, 0, 0, 0);
  tile_regs_commit();
  cb_reserve_back(16, 1);
  tile_regs_wait();
  pack_block(0, 16, 1);
  tile_regs_release();
  cb_push_back(16, 1);
  cb_pop_front(0, 1);
  cb_pop_front(1, 1);
}
//--- outside.cpp
#include <cstdint>

#include "api/compute/common.h"

void kernel_main() { wormhole_secret_init(0); }
