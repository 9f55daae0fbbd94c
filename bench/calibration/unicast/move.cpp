// Issues commands, then waits for all of them.

#include <cstdint>

#include "api/dataflow/dataflow_api.h"
#include "tools/profiler/kernel_profiler.hpp"

enum { FROM_L1, FROM_PAGES, FROM_BANK };

constexpr bool is_read = get_compile_time_arg_val(0);
constexpr uint32_t from = get_compile_time_arg_val(1);
constexpr uint32_t count = get_compile_time_arg_val(2);
constexpr uint32_t bytes = get_compile_time_arg_val(3);
constexpr uint32_t places = get_compile_time_arg_val(4);
constexpr uint32_t peers = get_compile_time_arg_val(5);

void move_l1(uint32_t source, uint32_t target) {
  for (uint32_t peer = 0; peer < peers; ++peer) {
    const uint32_t x = get_arg_val<uint32_t>(2 + 2 * peer);
    const uint32_t y = get_arg_val<uint32_t>(3 + 2 * peer);
    for (uint32_t i = 0; i < count; ++i) {
      const uint32_t place = i % places * bytes;
      if constexpr (is_read)
        noc_async_read(get_noc_addr(x, y, source + place),
                       target + peer * places * bytes + place, bytes);
      else
        noc_async_write(source, get_noc_addr(x, y, target), bytes);
    }
  }
}

void read_dram(uint32_t source, uint32_t target) {
  constexpr auto args = TensorAccessorArgs<6>();
  const auto pages = TensorAccessor(args, source, bytes);
  for (uint32_t i = 0; i < count; ++i) {
    const uint32_t to = target + i % places * bytes;
    if constexpr (from == FROM_BANK)
      noc_async_read(get_noc_addr_from_bank_id<true>(0, source + i * bytes), to,
                     bytes);
    else
      noc_async_read_page(i, pages, to);
  }
}

void kernel_main() {
  const uint32_t source = get_arg_val<uint32_t>(0);
  const uint32_t target = get_arg_val<uint32_t>(1);
  DeviceZoneScopedN("measured");
  if constexpr (from == FROM_L1)
    move_l1(source, target);
  else
    read_dram(source, target);
  if constexpr (is_read)
    noc_async_read_barrier();
  else
    noc_async_write_barrier();
}
