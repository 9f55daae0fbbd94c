// RUN: %parts && not %t/program 2>&1 | FileCheck %t/main.cpp
// A program that cannot go on ends with who waits for what.
//--- main.cpp
#include "harness.hpp"

using namespace harness;

// The reader brings 3 tiles, compute wants 4: the writer never gets one.
int main() {
  run({.compute = KERNEL_DIR "/compute.cpp", .inputs = {noise(3, 1)}});
  return 0;
}
// CHECK: error: deadlock in program 1: every thread that is left waits
// CHECK-NEXT:   core (0,0): kernel 'string_kernel_1' (brisc): string_kernel_1:11: cb_wait_front: circular buffer 16: wants 1 page, 0 there (of 2 it holds; 0 pushed so far)
// CHECK-NEXT:   core (0,0): kernel 'compute' (unpack): compute.cpp:13: cb_wait_front: circular buffer 0: wants 1 page, 0 there (of 2 it holds; 3 pushed so far)
// CHECK-NEXT:   core (0,0): kernel 'compute' (math): compute.cpp:14: copy_tile: waits for unpack to bring operands
// CHECK-NEXT:   core (0,0): kernel 'compute' (pack): compute.cpp:19: tile_regs_wait: waits for math to commit a DST section
// CHECK-NEXT:   chain on core (0,0): kernel 'string_kernel_1' (brisc) waits for pages of circular buffer 16 from kernel 'compute' (pack), which waits for math from kernel 'compute' (math), which waits for operands from kernel 'compute' (unpack), which waits for pages of circular buffer 0 from kernel 'string_kernel_0' (ncrisc), which has ended
//--- compute.cpp
#include <cstdint>

#include "api/compute/eltwise_unary/eltwise_unary.h"
#include "api/compute/tile_move_copy.h"

void kernel_main() {
  constexpr uint32_t wanted = 4;
  init_sfpu(0, 16);
  copy_tile_init(0);
  tile_regs_acquire();
  // One tile more than there will ever be.
  for (uint32_t t = 0; t < wanted; ++t) {
    cb_wait_front(0, 1);
    copy_tile(0, 0, 0);
    cb_pop_front(0, 1);
  }
  tile_regs_commit();
  cb_reserve_back(16, 1);
  tile_regs_wait();
  pack_tile(0, 16);
  tile_regs_release();
  cb_push_back(16, 1);
}
