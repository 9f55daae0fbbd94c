#include <cstdint>

#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint32_t addr = get_arg_val<uint32_t>(0);
  const uint32_t first = get_arg_val<uint32_t>(1);
  const uint32_t count = get_arg_val<uint32_t>(2);
  constexpr uint32_t cb = 2;
  constexpr auto args = TensorAccessorArgs<0>();
  const uint32_t bytes = get_tile_size(cb);
  const auto out = TensorAccessor(args, addr, bytes);
  for (uint32_t i = first; i < first + count; ++i) {
    cb_wait_front(cb, 1);
    noc_async_write_page(i, out, get_read_ptr(cb));
    noc_async_writes_flushed();
    cb_pop_front(cb, 1);
  }
  noc_async_write_barrier();
}
