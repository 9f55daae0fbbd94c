#include <cstdint>

#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint32_t a_addr = get_arg_val<uint32_t>(0);
  const uint32_t b_addr = get_arg_val<uint32_t>(1);
  const uint32_t Kt = get_arg_val<uint32_t>(2);
  const uint32_t Nt = get_arg_val<uint32_t>(3);
  const uint32_t first = get_arg_val<uint32_t>(4);
  const uint32_t count = get_arg_val<uint32_t>(5);
  constexpr uint32_t cb_a = 0;
  constexpr uint32_t cb_b = 1;
  constexpr auto a_args = TensorAccessorArgs<0>();
  constexpr auto b_args =
      TensorAccessorArgs<a_args.next_compile_time_args_offset()>();
  const uint32_t a_bytes = get_tile_size(cb_a);
  const uint32_t b_bytes = get_tile_size(cb_b);
  const auto a = TensorAccessor(a_args, a_addr, a_bytes);
  const auto b = TensorAccessor(b_args, b_addr, b_bytes);
  for (uint32_t i = first; i < first + count; ++i) {
    for (uint32_t k = 0; k < Kt; ++k) {
      cb_reserve_back(cb_a, 1);
      noc_async_read_page(i / Nt * Kt + k, a, get_write_ptr(cb_a));
      noc_async_read_barrier();
      cb_push_back(cb_a, 1);
      cb_reserve_back(cb_b, 1);
      noc_async_read_page(k * Nt + i % Nt, b, get_write_ptr(cb_b));
      noc_async_read_barrier();
      cb_push_back(cb_b, 1);
    }
  }
}
