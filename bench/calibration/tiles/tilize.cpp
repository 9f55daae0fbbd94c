// Turns lines into a row of tiles.

#include <cstdint>

#include "api/compute/common.h"
#include "api/compute/tilize.h"

void kernel_main() {
  constexpr uint32_t tiles = get_compile_time_arg_val(0);
  constexpr uint32_t in = 0, out = 16;
  compute_kernel_hw_startup(in, out);
  tilize_init(in, tiles, out);
  cb_reserve_back(in, tiles);
  cb_push_back(in, tiles);
  cb_wait_front(in, tiles);
  cb_reserve_back(out, tiles);
  tilize_block(in, tiles, out);
  cb_push_back(out, tiles);
  cb_pop_front(in, tiles);
  tilize_uninit(in, out);
}
