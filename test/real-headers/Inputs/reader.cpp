// Tiles [first, first + count) of one buffer, from DRAM into a circular buffer.
#include <cstdint>

#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint32_t in_addr = get_arg_val<uint32_t>(0);
  const uint32_t first = get_arg_val<uint32_t>(1);
  const uint32_t count = get_arg_val<uint32_t>(2);

  constexpr uint32_t cb_in = get_compile_time_arg_val(0);
  constexpr auto in_args = TensorAccessorArgs<1>();
  const uint32_t page_bytes = get_tile_size(cb_in);
  const auto in = TensorAccessor(in_args, in_addr, page_bytes);

  for (uint32_t i = 0; i < count; ++i) {
    cb_reserve_back(cb_in, 1);
    noc_async_read_page(first + i, in, get_write_ptr(cb_in));
    noc_async_read_barrier();
    cb_push_back(cb_in, 1);
  }
}
