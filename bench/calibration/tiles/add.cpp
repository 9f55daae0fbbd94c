// Adds tile by tile.

#include <cstdint>

#include "api/compute/common.h"
#include "api/compute/eltwise_binary.h"

void kernel_main() {
  constexpr uint32_t tiles = get_compile_time_arg_val(0);
  constexpr uint32_t a = 0, b = 1, out = 16;
  binary_op_init_common(a, b, out);
  add_tiles_init(a, b);
  cb_reserve_back(a, tiles);
  cb_push_back(a, tiles);
  cb_reserve_back(b, tiles);
  cb_push_back(b, tiles);
  for (uint32_t i = 0; i < tiles; ++i) {
    cb_wait_front(a, 1);
    cb_wait_front(b, 1);
    cb_reserve_back(out, 1);
    tile_regs_acquire();
    add_tiles(a, b, 0, 0, 0);
    tile_regs_commit();
    tile_regs_wait();
    pack_tile(0, out);
    tile_regs_release();
    cb_push_back(out, 1);
    cb_pop_front(a, 1);
    cb_pop_front(b, 1);
  }
}
