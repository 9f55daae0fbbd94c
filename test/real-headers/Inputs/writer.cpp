// Tiles [first, first + count) of one buffer, from a circular buffer to DRAM.
#include <cstdint>

#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint32_t out_addr = get_arg_val<uint32_t>(0);
  const uint32_t first = get_arg_val<uint32_t>(1);
  const uint32_t count = get_arg_val<uint32_t>(2);

  constexpr uint32_t cb_out = get_compile_time_arg_val(0);
  constexpr auto out_args = TensorAccessorArgs<1>();
  const uint32_t page_bytes = get_tile_size(cb_out);
  const auto out = TensorAccessor(out_args, out_addr, page_bytes);

  for (uint32_t i = 0; i < count; ++i) {
    cb_wait_front(cb_out, 1);
    noc_async_write_page(first + i, out, get_read_ptr(cb_out));
    noc_async_writes_flushed();
    cb_pop_front(cb_out, 1);
  }
  noc_async_write_barrier();
}
