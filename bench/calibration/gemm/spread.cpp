// Blocks that the first of some cores reads from DRAM and sends to the others:
// B's to a column of the grid, or A's to all of it and B's to one core.

#include <cstdint>

#include "api/dataflow/dataflow_api.h"

constexpr uint32_t depth = get_compile_time_arg_val(0);
constexpr uint32_t cols = get_compile_time_arg_val(1);
constexpr uint32_t all_cols = get_compile_time_arg_val(2);
constexpr uint32_t blocks = get_compile_time_arg_val(3);
constexpr uint32_t tile_bytes = get_compile_time_arg_val(4);
constexpr uint32_t cores = get_compile_time_arg_val(5);
constexpr uint32_t ready_id = get_compile_time_arg_val(6);
constexpr uint32_t flag_id = get_compile_time_arg_val(7);
constexpr uint32_t cb = get_compile_time_arg_val(8);
constexpr auto args = TensorAccessorArgs<9>();

using word = volatile tt_l1_ptr uint32_t;

uint64_t others_address(uint32_t l1) {
  return get_noc_multicast_addr(
      get_arg_val<uint32_t>(5), get_arg_val<uint32_t>(6),
      get_arg_val<uint32_t>(7), get_arg_val<uint32_t>(8), l1);
}

void read(uint32_t block, uint32_t to) {
  const auto pages = TensorAccessor(args, get_arg_val<uint32_t>(0), tile_bytes);
  const uint32_t first = get_arg_val<uint32_t>(2);
  for (uint32_t k = 0; k < depth; ++k)
    for (uint32_t i = 0; i < cols; ++i)
      noc_async_read_page((block * depth + k) * all_cols + first + i, pages,
                          to + (k * cols + i) * tile_bytes);
  noc_async_read_barrier();
}

void send(uint32_t at) {
  const uint32_t flag = get_semaphore(flag_id);
  word *ready = reinterpret_cast<word *>(get_semaphore(ready_id));
  noc_semaphore_wait(ready, cores - 1);
  noc_semaphore_set(ready, 0);
  noc_async_write_multicast(at, others_address(at), depth * cols * tile_bytes,
                            cores - 1, true);
  noc_semaphore_set(reinterpret_cast<word *>(flag), VALID);
  noc_semaphore_set_multicast(flag, others_address(flag), cores - 1);
  noc_async_writes_flushed();
}

void receive() {
  word *flag = reinterpret_cast<word *>(get_semaphore(flag_id));
  noc_semaphore_set(flag, INVALID);
  noc_semaphore_inc(get_noc_addr(get_arg_val<uint32_t>(3),
                                 get_arg_val<uint32_t>(4),
                                 get_semaphore(ready_id)),
                    1);
  noc_semaphore_wait(flag, VALID);
}

void kernel_main() {
  const bool sends = get_arg_val<uint32_t>(1) != 0;
  for (uint32_t block = 0; block < blocks; ++block) {
    cb_reserve_back(cb, depth * cols);
    if (sends) {
      const uint32_t at = get_write_ptr(cb);
      read(block, at);
      if (cores > 1)
        send(at);
    } else {
      receive();
    }
    cb_push_back(cb, depth * cols);
  }
  noc_async_write_barrier();
  noc_async_atomic_barrier();
}
