// Multicasts the same data again and again.

#include <cstdint>

#include "api/dataflow/dataflow_api.h"
#include "tools/profiler/kernel_profiler.hpp"

constexpr uint32_t count = get_compile_time_arg_val(0);
constexpr uint32_t bytes = get_compile_time_arg_val(1);
constexpr bool linked = get_compile_time_arg_val(2);
constexpr bool is_inside = get_compile_time_arg_val(3);
constexpr uint32_t targets = get_compile_time_arg_val(4);

void send(uint32_t source, uint64_t target, bool is_linked) {
  if constexpr (is_inside)
    noc_async_write_multicast_loopback_src(source, target, bytes, targets,
                                           is_linked);
  else
    noc_async_write_multicast(source, target, bytes, targets, is_linked);
}

void kernel_main() {
  const uint32_t source = get_arg_val<uint32_t>(0);
  const uint64_t target =
      get_noc_multicast_addr(get_arg_val<uint32_t>(2), get_arg_val<uint32_t>(3),
                             get_arg_val<uint32_t>(4), get_arg_val<uint32_t>(5),
                             get_arg_val<uint32_t>(1));
  DeviceZoneScopedN("measured");
  for (uint32_t i = 0; i + 1 < count; ++i)
    send(source, target, linked);
  send(source, target, false); // lets go of the path
  noc_async_write_barrier();
}
