// A's blocks, each from the core of the row that has it to all of the row.

#include <cstdint>

#include "api/dataflow/dataflow_api.h"

constexpr uint32_t tiles = get_compile_time_arg_val(0);
constexpr uint32_t bytes = get_compile_time_arg_val(1);
constexpr uint32_t blocks = get_compile_time_arg_val(2);
constexpr uint32_t blocks_each = get_compile_time_arg_val(3);
constexpr uint32_t cols = get_compile_time_arg_val(4);
constexpr uint32_t ready_id = get_compile_time_arg_val(5);
constexpr uint32_t flag_id = get_compile_time_arg_val(6);
constexpr uint32_t cb = 0;

using word = volatile tt_l1_ptr uint32_t;

uint32_t x_of(uint32_t peer) { return get_arg_val<uint32_t>(2 + 2 * peer); }
uint32_t y_of(uint32_t peer) { return get_arg_val<uint32_t>(3 + 2 * peer); }

// On NoC 1 a rectangle begins at its last corner.
uint64_t row_address(uint32_t l1) {
  return get_noc_multicast_addr(x_of(cols - 1), y_of(cols - 1), x_of(0),
                                y_of(0), l1);
}

void send(uint32_t from, uint32_t to) {
  const uint32_t flag = get_semaphore(flag_id);
  word *ready = reinterpret_cast<word *>(get_semaphore(ready_id));
  noc_semaphore_wait(ready, cols - 1);
  noc_semaphore_set(ready, 0);
  noc_async_write_multicast_loopback_src(from, row_address(to), bytes, cols,
                                         true);
  noc_semaphore_set(reinterpret_cast<word *>(flag), VALID);
  noc_semaphore_set_multicast_loopback_src(flag, row_address(flag), cols);
  noc_async_write_barrier();
  noc_semaphore_set(reinterpret_cast<word *>(flag), INVALID);
}

void receive(uint32_t sender) {
  word *flag = reinterpret_cast<word *>(get_semaphore(flag_id));
  noc_semaphore_inc(
      get_noc_addr(x_of(sender), y_of(sender), get_semaphore(ready_id)), 1);
  noc_semaphore_wait(flag, VALID);
  noc_semaphore_set(flag, INVALID);
}

void kernel_main() {
  const uint32_t mine = get_arg_val<uint32_t>(0);
  const uint32_t x = get_arg_val<uint32_t>(1);
  for (uint32_t block = 0; block < blocks; ++block) {
    const uint32_t sender = block / blocks_each;
    cb_reserve_back(cb, tiles);
    if (sender == x)
      send(mine + block % blocks_each * bytes, get_write_ptr(cb));
    else
      receive(sender);
    cb_push_back(cb, tiles);
  }
  noc_async_atomic_barrier();
}
