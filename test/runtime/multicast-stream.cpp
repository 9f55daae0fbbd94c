// RUN: %parts && %t/program 2>&1 | FileCheck %t/main.cpp
// RUN: env TESSERA_TARGET=blackhole %t/program 2>&1 | FileCheck %t/main.cpp
// A stream of tiles, multicast through double buffers. The sender never flushes
// within its loop: that every receiver asks for the next tile is proof enough
// that the last one has left, and the model must see it so.
//--- main.cpp
#include "harness.hpp"

using namespace harness;

int main() {
  auto device = distributed::MeshDevice::create_unit_mesh(0);
  auto &queue = device->mesh_command_queue();
  const tt::DataFormat bf16 = tt::DataFormat::Float16_b;
  const uint32_t receivers = 3, tiles = 7;
  const CoreRange all(CoreCoord(0, 1), CoreCoord(receivers, 1));
  const CoreRange others(CoreCoord(1, 1), CoreCoord(receivers, 1));
  Program program = CreateProgram();
  CreateCircularBuffer(
      program, all,
      CircularBufferConfig(2 * 2048, {{0, bf16}}).set_page_size(0, 2048));
  const uint32_t ready = CreateSemaphore(program, all, 0);
  const uint32_t sent = CreateSemaphore(program, all, 0);
  auto in = make_buffer(device.get(), bf16, tiles);
  auto out = make_buffer(device.get(), bf16, (receivers + 1) * tiles);
  const Values values = noise(tiles, 5);
  upload(queue, in, bf16, values);
  std::vector<uint32_t> args = {ready, sent, receivers, tiles};
  TensorAccessorArgs(*in).append_to(args);
  auto sender = CreateKernel(program, KERNEL_DIR "/send.cpp", CoreCoord(0, 1),
                             ReaderDataMovementConfig(args));
  auto receiver = CreateKernel(program, KERNEL_DIR "/receive.cpp", others,
                               ReaderDataMovementConfig(args));
  auto writer = CreateKernel(program, KERNEL_DIR "/write.cpp", all,
                             WriterDataMovementConfig(args));
  auto noc = [&](uint32_t x) {
    return device->worker_core_from_logical_core(CoreCoord(x, 1));
  };
  SetRuntimeArgs(
      program, sender, CoreCoord(0, 1),
      {static_cast<uint32_t>(in->address()), static_cast<uint32_t>(noc(1).x),
       static_cast<uint32_t>(noc(1).y), static_cast<uint32_t>(noc(receivers).x),
       static_cast<uint32_t>(noc(receivers).y)});
  SetCommonRuntimeArgs(
      program, receiver,
      {static_cast<uint32_t>(noc(0).x), static_cast<uint32_t>(noc(0).y)});
  SetCommonRuntimeArgs(program, writer,
                       {static_cast<uint32_t>(out->address())});
  launch(*device, std::move(program));
  const Values got = download(queue, out, bf16);
  return same_bits(
             "stream", got,
             [&](std::size_t i) { return to_bf16(values[i % (tiles * 1024)]); })
             ? 0
             : 1;
}
// CHECK-NOT: note:
// CHECK: stream: all 28672 elements as expected
//--- send.cpp
#include <cstdint>

#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  constexpr uint32_t receivers = get_compile_time_arg_val(2);
  constexpr uint32_t tiles = get_compile_time_arg_val(3);
  constexpr auto args = TensorAccessorArgs<4>();
  const auto in = TensorAccessor(args, get_arg_val<uint32_t>(0), 2048);
  const uint32_t x0 = get_arg_val<uint32_t>(1);
  const uint32_t y0 = get_arg_val<uint32_t>(2);
  const uint32_t x1 = get_arg_val<uint32_t>(3);
  const uint32_t y1 = get_arg_val<uint32_t>(4);
  const uint32_t sent = get_semaphore(get_compile_time_arg_val(1));
  volatile tt_l1_ptr uint32_t *ready_word =
      reinterpret_cast<volatile tt_l1_ptr uint32_t *>(
          get_semaphore(get_compile_time_arg_val(0)));
  volatile tt_l1_ptr uint32_t *sent_word =
      reinterpret_cast<volatile tt_l1_ptr uint32_t *>(sent);
  noc_semaphore_set(sent_word, VALID);
  for (uint32_t t = 0; t < tiles; ++t) {
    cb_reserve_back(0, 1);
    const uint32_t tile = get_write_ptr(0);
    noc_async_read_page(t, in, tile);
    noc_async_read_barrier();
    noc_semaphore_wait(ready_word, receivers);
    noc_semaphore_set(ready_word, 0);
    noc_async_write_multicast(
        tile, get_noc_multicast_addr(x0, y0, x1, y1, tile), 2048, receivers);
    noc_semaphore_set_multicast(
        sent, get_noc_multicast_addr(x0, y0, x1, y1, sent), receivers);
    cb_push_back(0, 1);
  }
  noc_async_write_barrier();
}
//--- receive.cpp
#include <cstdint>

#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  constexpr uint32_t tiles = get_compile_time_arg_val(3);
  const uint32_t x = get_common_arg_val<uint32_t>(0);
  const uint32_t y = get_common_arg_val<uint32_t>(1);
  const uint32_t ready = get_semaphore(get_compile_time_arg_val(0));
  volatile tt_l1_ptr uint32_t *sent_word =
      reinterpret_cast<volatile tt_l1_ptr uint32_t *>(
          get_semaphore(get_compile_time_arg_val(1)));
  for (uint32_t t = 0; t < tiles; ++t) {
    cb_reserve_back(0, 1);
    noc_semaphore_set(sent_word, INVALID);
    noc_semaphore_inc(get_noc_addr(x, y, ready), 1);
    noc_semaphore_wait(sent_word, VALID);
    cb_push_back(0, 1);
  }
  noc_async_atomic_barrier();
}
//--- write.cpp
#include <cstdint>

#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  constexpr uint32_t tiles = get_compile_time_arg_val(3);
  constexpr auto args = TensorAccessorArgs<4>();
  const auto out = TensorAccessor(args, get_common_arg_val<uint32_t>(0), 2048);
  for (uint32_t t = 0; t < tiles; ++t) {
    cb_wait_front(0, 1);
    noc_async_write_page(get_absolute_logical_x() * tiles + t, out,
                         get_read_ptr(0));
    noc_async_write_barrier();
    cb_pop_front(0, 1);
  }
}
