// The vector unit alone: a tile goes to DST once, and comes back once.

#include <cstdint>

#include "api/compute/common.h"
#include "api/compute/eltwise_unary/eltwise_unary.h"
#include "api/compute/eltwise_unary/recip.h"
#include "api/compute/eltwise_unary/rsqrt.h"
#include "api/compute/tile_move_copy.h"
#include "tools/profiler/kernel_profiler.hpp"

constexpr bool is_recip = get_compile_time_arg_val(0);
constexpr uint32_t repeat = get_compile_time_arg_val(1);

void run() {
  DeviceZoneScopedN("measured");
  for (uint32_t i = 0; i < repeat; ++i) {
    if constexpr (is_recip)
      recip_tile(0);
    else
      rsqrt_tile(0);
  }
}

void kernel_main() {
  constexpr uint32_t in = 0, out = 16;
  init_sfpu(in, out);
  if constexpr (is_recip)
    recip_tile_init();
  else
    rsqrt_tile_init();
  cb_reserve_back(in, 1);
  cb_push_back(in, 1);
  cb_wait_front(in, 1);
  cb_reserve_back(out, 1);
  tile_regs_acquire();
  copy_tile(in, 0, 0);
  run();
  tile_regs_commit();
  tile_regs_wait();
  pack_tile(0, out);
  tile_regs_release();
  cb_push_back(out, 1);
  cb_pop_front(in, 1);
}
