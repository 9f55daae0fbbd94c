#include <cstdint>

#include "api/compute/matmul.h"
#if __has_include("api/compute/src_order.h")
#include "api/compute/compute_kernel_hw_startup.h"
#include "api/compute/src_order.h"
#endif

void kernel_main() {
  const uint32_t count = get_arg_val<uint32_t>(0);
  const uint32_t Kt = get_arg_val<uint32_t>(1);
  constexpr uint32_t a = 0;
  constexpr uint32_t b = 1;
  constexpr uint32_t out = 2;
#if __has_include("api/compute/src_order.h")
  compute_kernel_hw_startup<SrcOrder::Reverse>(a, b, out);
  matmul_init(a, b);
#else
  mm_init(a, b, out);
#endif
  for (uint32_t i = 0; i < count; ++i) {
    tile_regs_acquire();
    for (uint32_t k = 0; k < Kt; ++k) {
      cb_wait_front(a, 1);
      cb_wait_front(b, 1);
      matmul_tiles(a, b, 0, 0, 0);
      cb_pop_front(a, 1);
      cb_pop_front(b, 1);
    }
    tile_regs_commit();
    cb_reserve_back(out, 1);
    tile_regs_wait();
    pack_tile(0, out);
    tile_regs_release();
    cb_push_back(out, 1);
  }
}
