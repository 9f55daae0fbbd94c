// Sends back some of the tiles that came: the first of A, and the first and the
// last of B.

#include <cstdint>

#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  constexpr uint32_t a_tiles = get_compile_time_arg_val(0);
  constexpr uint32_t b_tiles = get_compile_time_arg_val(1);
  constexpr auto args = TensorAccessorArgs<2>();
  const uint32_t bytes = get_tile_size(0);
  const auto probes = TensorAccessor(args, get_arg_val<uint32_t>(0), bytes);
  const uint32_t first = get_arg_val<uint32_t>(1);
  cb_wait_front(0, a_tiles);
  cb_wait_front(1, b_tiles);
  noc_async_write_page(first, probes, get_read_ptr(0));
  noc_async_write_page(first + 1, probes, get_read_ptr(1));
  noc_async_write_page(first + 2, probes,
                       get_read_ptr(1) + (b_tiles - 1) * bytes);
  noc_async_write_barrier();
  cb_pop_front(0, a_tiles);
  cb_pop_front(1, b_tiles);
}
