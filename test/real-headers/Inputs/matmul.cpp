// One output tile after another: sums over k in DST, then adds a tile of R and
// applies relu there. Start and re-init are spelled as the profile has them.
#include <cstdint>

#include "api/compute/common.h"
#include "api/compute/compute_kernel_hw_startup.h"
#include "api/compute/eltwise_binary_sfpu.h"
#include "api/compute/eltwise_unary/relu.h"
#include "api/compute/matmul.h"
#include "api/compute/tile_move_copy.h"

constexpr uint32_t cb_a = tt::CBIndex::c_0;
constexpr uint32_t cb_b = tt::CBIndex::c_1;
constexpr uint32_t cb_r = tt::CBIndex::c_2;
constexpr uint32_t cb_out = tt::CBIndex::c_16;

#if !__has_include("api/dataflow/noc.h")
#define START()        mm_init(cb_a, cb_b, cb_out)
#define MATMUL_AGAIN() mm_init_short(cb_a, cb_b)
#define COPY_INIT(cb)  copy_tile_to_dst_init_short(cb)
#else
#define START()                                                                \
  compute_kernel_hw_startup<SrcOrder::Reverse>(cb_a, cb_b, cb_out);            \
  matmul_init(cb_a, cb_b)
#define MATMUL_AGAIN() matmul_init(cb_a, cb_b)
#if !__has_include("api/compute/transpose.h")
#define COPY_INIT(cb) copy_tile_to_dst_init_short(cb)
#else
#define COPY_INIT(cb) copy_init(cb)
#endif
#endif

void kernel_main() {
  const uint32_t count = get_arg_val<uint32_t>(0);
  const uint32_t k_tiles = get_arg_val<uint32_t>(1);

  START();
  for (uint32_t i = 0; i < count; ++i) {
    tile_regs_acquire();
    for (uint32_t k = 0; k < k_tiles; ++k) {
      cb_wait_front(cb_a, 1);
      cb_wait_front(cb_b, 1);
      matmul_tiles(cb_a, cb_b, 0, 0, 0);
      cb_pop_front(cb_a, 1);
      cb_pop_front(cb_b, 1);
    }
    cb_wait_front(cb_r, 1);
    reconfig_data_format_srca(cb_b, cb_r);
    COPY_INIT(cb_r);
    copy_tile(cb_r, 0, 1);
    cb_pop_front(cb_r, 1);
    add_binary_tile_init();
    add_binary_tile(0, 1, 0);
    relu_tile_init();
    relu_tile(0);
    tile_regs_commit();
    cb_reserve_back(cb_out, 1);
    tile_regs_wait();
    pack_tile(0, cb_out);
    tile_regs_release();
    cb_push_back(cb_out, 1);
    reconfig_data_format(cb_b, cb_a);
    MATMUL_AGAIN();
  }
}
