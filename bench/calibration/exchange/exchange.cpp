// Each core of a row sends in its turn and receives in those of the others.
// Receivers tell the sender that they are ready; data and flag follow each
// other on one path.

#include <cstdint>

#include "api/dataflow/dataflow_api.h"
#include "tools/profiler/kernel_profiler.hpp"

constexpr uint32_t cols = get_compile_time_arg_val(0);
constexpr uint32_t bytes = get_compile_time_arg_val(1);
constexpr uint32_t rounds = get_compile_time_arg_val(2);
constexpr uint32_t ready_id = get_compile_time_arg_val(3);
constexpr uint32_t flag_id = get_compile_time_arg_val(4);

using word = volatile tt_l1_ptr uint32_t;

uint32_t x_of(uint32_t peer) { return get_arg_val<uint32_t>(2 + 2 * peer); }
uint32_t y_of(uint32_t peer) { return get_arg_val<uint32_t>(3 + 2 * peer); }

void send(uint32_t payload) {
  const uint32_t flag = get_semaphore(flag_id);
  word *ready_word = reinterpret_cast<word *>(get_semaphore(ready_id));
  word *flag_word = reinterpret_cast<word *>(flag);
  const uint32_t x0 = x_of(0), y0 = y_of(0);
  const uint32_t x1 = x_of(cols - 1), y1 = y_of(cols - 1);
  noc_semaphore_wait(ready_word, cols - 1);
  noc_semaphore_set(ready_word, 0);
  noc_async_write_multicast(payload,
                            get_noc_multicast_addr(x0, y0, x1, y1, payload),
                            bytes, cols - 1, true);
  noc_semaphore_set(flag_word, VALID);
  noc_semaphore_set_multicast(
      flag, get_noc_multicast_addr(x0, y0, x1, y1, flag), cols - 1);
  noc_async_writes_flushed();
  noc_semaphore_set(flag_word, INVALID);
}

void receive(uint32_t sender) {
  word *flag_word = reinterpret_cast<word *>(get_semaphore(flag_id));
  noc_semaphore_inc(
      get_noc_addr(x_of(sender), y_of(sender), get_semaphore(ready_id)), 1);
  noc_semaphore_wait(flag_word, VALID);
  noc_semaphore_set(flag_word, INVALID);
}

void kernel_main() {
  const uint32_t state = get_arg_val<uint32_t>(0);
  const uint32_t mine = get_arg_val<uint32_t>(1);
  for (uint32_t round = 0; round < rounds; ++round)
    for (uint32_t sender = 0; sender < cols; ++sender) {
      if (sender == mine)
        send(state + sender * bytes);
      else
        receive(sender);
    }
  noc_async_write_barrier();
  noc_async_atomic_barrier();
}
