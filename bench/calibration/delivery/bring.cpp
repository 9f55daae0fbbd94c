// Brings a core's rows of A and columns of B to its L1: from DRAM, or from the
// first core of its row or column.

#include <cstdint>

#include "api/dataflow/dataflow_api.h"

constexpr uint32_t rows = get_compile_time_arg_val(0);
constexpr uint32_t cols = get_compile_time_arg_val(1);
constexpr uint32_t depth = get_compile_time_arg_val(2);
constexpr uint32_t all_cols = get_compile_time_arg_val(3);
constexpr bool by_multicast = get_compile_time_arg_val(4);
constexpr uint32_t side = get_compile_time_arg_val(5);
constexpr uint32_t tile_bytes = 2048;
constexpr auto a_args = TensorAccessorArgs<10>();
constexpr auto b_args =
    TensorAccessorArgs<a_args.next_compile_time_args_offset()>();

using word = volatile tt_l1_ptr uint32_t;

void read_a(uint32_t to) {
  const auto a = TensorAccessor(a_args, get_arg_val<uint32_t>(0), tile_bytes);
  const uint32_t first = get_arg_val<uint32_t>(2) * depth;
  for (uint32_t i = 0; i < rows * depth; ++i)
    noc_async_read_page(first + i, a, to + i * tile_bytes);
}

void read_b(uint32_t to) {
  const auto b = TensorAccessor(b_args, get_arg_val<uint32_t>(1), tile_bytes);
  const uint32_t first = get_arg_val<uint32_t>(3);
  for (uint32_t k = 0; k < depth; ++k)
    for (uint32_t i = 0; i < cols; ++i)
      noc_async_read_page(k * all_cols + first + i, b,
                          to + (k * cols + i) * tile_bytes);
}

// `line`: the argument from which on the line's cores come: sender, first and
// last receiver. Semaphores: receivers are ready; the data are there.
void send(uint32_t at, uint32_t bytes, uint32_t line, uint32_t ready_id,
          uint32_t flag_id) {
  const uint32_t x0 = get_arg_val<uint32_t>(line + 2);
  const uint32_t y0 = get_arg_val<uint32_t>(line + 3);
  const uint32_t x1 = get_arg_val<uint32_t>(line + 4);
  const uint32_t y1 = get_arg_val<uint32_t>(line + 5);
  const uint32_t flag = get_semaphore(flag_id);
  word *ready = reinterpret_cast<word *>(get_semaphore(ready_id));
  noc_semaphore_wait(ready, side - 1);
  noc_semaphore_set(ready, 0);
  noc_async_write_multicast(at, get_noc_multicast_addr(x0, y0, x1, y1, at),
                            bytes, side - 1, true);
  noc_semaphore_set(reinterpret_cast<word *>(flag), VALID);
  noc_semaphore_set_multicast(
      flag, get_noc_multicast_addr(x0, y0, x1, y1, flag), side - 1);
  noc_async_writes_flushed();
}

void receive(uint32_t line, uint32_t ready_id, uint32_t flag_id) {
  const uint32_t x = get_arg_val<uint32_t>(line);
  const uint32_t y = get_arg_val<uint32_t>(line + 1);
  noc_semaphore_inc(get_noc_addr(x, y, get_semaphore(ready_id)), 1);
  noc_semaphore_wait(reinterpret_cast<word *>(get_semaphore(flag_id)), VALID);
}

template <typename Read>
void bring(uint32_t cb, uint32_t tiles, Read read, bool sends, uint32_t line,
           uint32_t ready_id, uint32_t flag_id) {
  cb_reserve_back(cb, tiles);
  const uint32_t to = get_write_ptr(cb);
  if (sends) {
    read(to);
    noc_async_read_barrier();
    send(to, tiles * tile_bytes, line, ready_id, flag_id);
  } else {
    receive(line, ready_id, flag_id);
  }
  cb_push_back(cb, tiles);
}

void kernel_main() {
  constexpr uint32_t a_tiles = rows * depth, b_tiles = depth * cols;
  if constexpr (by_multicast) {
    const uint32_t x = get_arg_val<uint32_t>(4);
    const uint32_t y = get_arg_val<uint32_t>(5);
    bring(0, a_tiles, read_a, x == 0, 6, get_compile_time_arg_val(6),
          get_compile_time_arg_val(7));
    bring(1, b_tiles, read_b, y == 0, 12, get_compile_time_arg_val(8),
          get_compile_time_arg_val(9));
    noc_async_write_barrier();
    noc_async_atomic_barrier();
  } else {
    cb_reserve_back(0, a_tiles);
    read_a(get_write_ptr(0));
    cb_reserve_back(1, b_tiles);
    read_b(get_write_ptr(1));
    noc_async_read_barrier();
    cb_push_back(0, a_tiles);
    cb_push_back(1, b_tiles);
  }
}
