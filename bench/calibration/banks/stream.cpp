// Streams a bank's pages to L1. A block is waited for when those that may be on
// their way at once have been asked for: transaction ids tell them apart.

#include <cstdint>

#include "api/dataflow/dataflow_api.h"
#include "tools/profiler/kernel_profiler.hpp"

constexpr uint32_t pages = get_compile_time_arg_val(0);
constexpr uint32_t bytes = get_compile_time_arg_val(1);
constexpr uint32_t block = get_compile_time_arg_val(2);
constexpr uint32_t ahead = get_compile_time_arg_val(3);

void kernel_main() {
  const uint32_t source = get_arg_val<uint32_t>(0);
  const uint32_t target = get_arg_val<uint32_t>(1);
  const uint32_t bank = get_arg_val<uint32_t>(2);
  DeviceZoneScopedN("measured");
  for (uint32_t done = 0; done < pages; done += block) {
    const uint32_t slot = done / block % ahead;
    if (done >= ahead * block)
      noc_async_read_barrier_with_trid(slot + 1);
    noc_async_read_set_trid(slot + 1);
    for (uint32_t i = 0; i < block; ++i)
      noc_async_read(
          get_noc_addr_from_bank_id<true>(bank, source + (done + i) * bytes),
          target + (slot * block + i) * bytes, bytes);
  }
  noc_async_read_barrier();
  noc_async_read_set_trid(0);
}
