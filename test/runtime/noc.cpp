// RUN: %parts && %t/program | FileCheck %t/main.cpp
// RUN: env TESSERA_TARGET=blackhole %t/program | FileCheck %t/main.cpp
// RUN: %t/program 1 | FileCheck %t/main.cpp
// RUN: env TESSERA_TARGET=blackhole %t/program 1 | FileCheck %t/main.cpp
// RUN: %t/program 2 | FileCheck %t/main.cpp
// RUN: env TESSERA_TARGET=blackhole not %t/program 2 2>&1 | FileCheck %t/main.cpp --check-prefix=LATE
// RUN: env TESSERA_TARGET=blackhole %t/program 3 | FileCheck %t/main.cpp
// One core reads a tile and multicasts it; the receivers say when they are
// ready, wait for a flag, and write what they got.
// The flag may follow the data without a flush (1). The flag's word may change
// before the barrier (2), on Blackhole after a flush only (3).
//--- main.cpp
#include "harness.hpp"

using namespace harness;

int main(int count, char **arguments) {
  const uint32_t mode =
      count > 1 ? static_cast<uint32_t>(arguments[1][0] - '0') : 0;
  auto device = distributed::MeshDevice::create_unit_mesh(0);
  auto &queue = device->mesh_command_queue();
  const tt::DataFormat bf16 = tt::DataFormat::Float16_b;
  const uint32_t receivers = 3;
  const CoreRange all(CoreCoord(0, 1), CoreCoord(receivers, 1));
  const CoreRange others(CoreCoord(1, 1), CoreCoord(receivers, 1));
  Program program = CreateProgram();
  CreateCircularBuffer(
      program, all,
      CircularBufferConfig(2048, {{0, bf16}}).set_page_size(0, 2048));
  const uint32_t ready = CreateSemaphore(program, all, 0);
  const uint32_t sent = CreateSemaphore(program, all, 0);
  auto in = make_buffer(device.get(), bf16, 1);
  auto out = make_buffer(device.get(), bf16, receivers);
  const Values values = noise(1, 5);
  upload(queue, in, bf16, values);

  std::vector<uint32_t> send_args = {ready, sent, receivers, mode};
  TensorAccessorArgs(*in).append_to(send_args);
  std::vector<uint32_t> receive_args = {ready, sent};
  TensorAccessorArgs(*out).append_to(receive_args);
  auto sender = CreateKernel(program, KERNEL_DIR "/send.cpp", CoreCoord(0, 1),
                             ReaderDataMovementConfig(send_args));
  auto receiver = CreateKernel(program, KERNEL_DIR "/receive.cpp", others,
                               WriterDataMovementConfig(receive_args));
  auto noc = [&](uint32_t x) {
    return device->worker_core_from_logical_core(CoreCoord(x, 1));
  };
  SetRuntimeArgs(
      program, sender, CoreCoord(0, 1),
      {static_cast<uint32_t>(in->address()), static_cast<uint32_t>(noc(1).x),
       static_cast<uint32_t>(noc(1).y), static_cast<uint32_t>(noc(receivers).x),
       static_cast<uint32_t>(noc(receivers).y)});
  SetCommonRuntimeArgs(program, receiver,
                       {static_cast<uint32_t>(out->address()),
                        static_cast<uint32_t>(noc(0).x),
                        static_cast<uint32_t>(noc(0).y)});
  distributed::MeshWorkload workload;
  workload.add_program(distributed::MeshCoordinateRange(device->shape()),
                       std::move(program));
  // Twice: semaphores and circular buffers start afresh.
  distributed::EnqueueMeshWorkload(queue, workload, false);
  distributed::EnqueueMeshWorkload(queue, workload, false);
  const Values got = download(queue, out, bf16);
  return same_bits("multicast", got,
                   [&](std::size_t i) { return to_bf16(values[i % 1024]); })
             ? 0
             : 1;
}
// CHECK: multicast: all 3072 elements as expected
// LATE: kernel 'send' (ncrisc): send.cpp:37: noc_async_write_barrier: the source of noc_semaphore_set_multicast at send.cpp:31 was changed before the write had left: noc_async_writes_flushed or noc_async_write_barrier must come first
//--- send.cpp
#include <cstdint>

#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  constexpr uint32_t receivers = get_compile_time_arg_val(2);
  constexpr uint32_t mode = get_compile_time_arg_val(3);
  constexpr auto args = TensorAccessorArgs<4>();
  const auto in = TensorAccessor(args, get_arg_val<uint32_t>(0), 2048);
  const uint32_t x0 = get_arg_val<uint32_t>(1);
  const uint32_t y0 = get_arg_val<uint32_t>(2);
  const uint32_t x1 = get_arg_val<uint32_t>(3);
  const uint32_t y1 = get_arg_val<uint32_t>(4);
  const uint32_t ready = get_semaphore(get_compile_time_arg_val(0));
  const uint32_t sent = get_semaphore(get_compile_time_arg_val(1));
  volatile tt_l1_ptr uint32_t *ready_word =
      reinterpret_cast<volatile tt_l1_ptr uint32_t *>(ready);
  volatile tt_l1_ptr uint32_t *sent_word =
      reinterpret_cast<volatile tt_l1_ptr uint32_t *>(sent);
  cb_reserve_back(0, 1);
  const uint32_t tile = get_write_ptr(0);
  noc_async_read_page(0, in, tile);
  noc_async_read_barrier();
  noc_semaphore_wait(ready_word, receivers);
  noc_semaphore_set(ready_word, 0);
  noc_async_write_multicast(tile, get_noc_multicast_addr(x0, y0, x1, y1, tile),
                            2048, receivers);
  if (mode == 0)
    noc_async_writes_flushed();
  noc_semaphore_set(sent_word, VALID);
  noc_semaphore_set_multicast(
      sent, get_noc_multicast_addr(x0, y0, x1, y1, sent), receivers);
  if (mode == 3)
    noc_async_writes_flushed();
  if (mode >= 2)
    noc_semaphore_set(sent_word, INVALID);
  noc_async_write_barrier();
}
//--- receive.cpp
#include <cstdint>

#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  constexpr auto args = TensorAccessorArgs<2>();
  const auto out = TensorAccessor(args, get_common_arg_val<uint32_t>(0), 2048);
  const uint32_t x = get_common_arg_val<uint32_t>(1);
  const uint32_t y = get_common_arg_val<uint32_t>(2);
  const uint32_t ready = get_semaphore(get_compile_time_arg_val(0));
  const uint32_t sent = get_semaphore(get_compile_time_arg_val(1));
  volatile tt_l1_ptr uint32_t *sent_word =
      reinterpret_cast<volatile tt_l1_ptr uint32_t *>(sent);
  cb_reserve_back(0, 1);
  noc_semaphore_set(sent_word, INVALID);
  noc_semaphore_inc(get_noc_addr(x, y, ready), 1);
  noc_semaphore_wait(sent_word, VALID);
  noc_async_atomic_barrier();
  cb_push_back(0, 1);
  while (!cb_pages_available_at_front(0, 1)) {
  }
  cb_wait_front(0, 1);
  noc_async_write_page(get_relative_logical_x(), out, get_read_ptr(0));
  noc_async_write_barrier();
  cb_pop_front(0, 1);
}
