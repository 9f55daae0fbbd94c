// Writes a run of tiles, a block of them for each barrier.

#include <cstdint>

#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  constexpr uint32_t block = get_compile_time_arg_val(0);
  constexpr uint32_t cb = get_compile_time_arg_val(1);
  constexpr auto args = TensorAccessorArgs<2>();
  const uint32_t bytes = get_tile_size(cb);
  const auto target = TensorAccessor(args, get_arg_val<uint32_t>(0), bytes);
  const uint32_t first = get_arg_val<uint32_t>(1);
  const uint32_t tiles = get_arg_val<uint32_t>(2);
  for (uint32_t done = 0; done < tiles; done += block) {
    const uint32_t now = tiles - done < block ? tiles - done : block;
    cb_wait_front(cb, now);
    const uint32_t from = get_read_ptr(cb);
    for (uint32_t i = 0; i < now; ++i)
      noc_async_write_page(first + done + i, target, from + i * bytes);
    noc_async_write_barrier();
    cb_pop_front(cb, now);
  }
}
