// Takes tile after tile and keeps what is positive.

#include <cstdint>

#include "api/compute/common.h"
#include "api/compute/eltwise_unary/eltwise_unary.h"
#include "api/compute/eltwise_unary/relu.h"
#include "api/compute/tile_move_copy.h"

void kernel_main() {
  constexpr uint32_t in = 0, out = 16;
  const uint32_t tiles = get_arg_val<uint32_t>(0);
  init_sfpu(in, out);
  relu_tile_init();
  for (uint32_t i = 0; i < tiles; ++i) {
    cb_wait_front(in, 1);
    cb_reserve_back(out, 1);
    tile_regs_acquire();
    copy_tile(in, 0, 0);
    relu_tile(0);
    tile_regs_commit();
    tile_regs_wait();
    pack_tile(0, out);
    tile_regs_release();
    cb_pop_front(in, 1);
    cb_push_back(out, 1);
  }
}
