// Sums the rows of tiles that lie side by side.

#include <cstdint>

#define REDUCE_OP  PoolType::SUM
#define REDUCE_DIM ReduceDim::REDUCE_ROW

#include "api/compute/common.h"
#include "api/compute/reduce.h"

void kernel_main() {
  constexpr uint32_t tiles = get_compile_time_arg_val(0);
  constexpr uint32_t in = 0, scaler = 1, out = 16;
  compute_kernel_hw_startup(in, scaler, out);
  reduce_init<REDUCE_OP, REDUCE_DIM>(in, scaler, out);
  cb_reserve_back(in, tiles);
  cb_push_back(in, tiles);
  cb_reserve_back(scaler, 1);
  cb_push_back(scaler, 1);
  cb_wait_front(scaler, 1);
  tile_regs_acquire();
  for (uint32_t i = 0; i < tiles; ++i) {
    cb_wait_front(in, 1);
    reduce_tile<REDUCE_OP, REDUCE_DIM>(in, scaler, 0, 0, 0);
    cb_pop_front(in, 1);
  }
  tile_regs_commit();
  cb_reserve_back(out, 1);
  tile_regs_wait();
  pack_tile(0, out);
  tile_regs_release();
  cb_push_back(out, 1);
  reduce_uninit();
  cb_pop_front(scaler, 1);
}
