// RUN: %parts && %t/program | FileCheck %t/main.cpp
// RUN: env TESSERA_TARGET=p150 TESSERA_METALIUM=2026-09 %t/program | FileCheck %t/main.cpp
// The object form of the NoC API: pages, banks, cores and circular buffers.
//--- main.cpp
#include "harness.hpp"

using namespace harness;

int main() {
  auto device = distributed::MeshDevice::create_unit_mesh(0);
  auto &queue = device->mesh_command_queue();
  const CoreRange cores({0, 0}, {1, 0});
  auto make = [&](uint32_t pages) {
    return distributed::MeshBuffer::create(
        distributed::ReplicatedBufferConfig{.size = pages * 256},
        {.page_size = 256}, device.get());
  };
  auto in = make(4), out = make(4);
  std::vector<uint32_t> values(256);
  for (uint32_t i = 0; i < values.size(); ++i)
    values[i] = i * 2654435761u;
  distributed::EnqueueWriteMeshBuffer(queue, in, values);
  Program program = CreateProgram();
  CreateCircularBuffer(
      program, cores,
      CircularBufferConfig(1024, {{0, tt::DataFormat::Float32}})
          .set_page_size(0, 256));
  std::vector<uint32_t> args;
  TensorAccessorArgs(in).append_to(args);
  TensorAccessorArgs(out).append_to(args);
  auto kernel = CreateKernel(program, KERNEL_DIR "/move.cpp", CoreCoord(0, 0),
                             ReaderDataMovementConfig(args));
  const CoreCoord peer = device->worker_core_from_logical_core({1, 0});
  SetRuntimeArgs(program, kernel, CoreCoord(0, 0),
                 {static_cast<uint32_t>(in->address()),
                  static_cast<uint32_t>(out->address()),
                  static_cast<uint32_t>(peer.x),
                  static_cast<uint32_t>(peer.y)});
  launch(*device, std::move(program));
  std::vector<uint32_t> got;
  distributed::EnqueueReadMeshBuffer(queue, got, out);
  int wrong = 0;
  for (uint32_t i = 0; i < values.size(); ++i)
    wrong += got[i] != (i == 0 ? 77 : values[i]);
  std::printf("%d wrong\n", wrong);
  return wrong != 0;
}
// CHECK: 0 wrong
//--- move.cpp
#include <cstdint>

#include "api/core_local_mem.h"
#include "api/dataflow/circular_buffer.h"
#include "api/dataflow/endpoints.h"
#include "api/dataflow/noc.h"
#include "api/tensor/noc_traits.h"

void kernel_main() {
  constexpr auto in_args = TensorAccessorArgs<0>();
  constexpr auto out_args =
      TensorAccessorArgs<in_args.next_compile_time_args_offset()>();
  const auto in = TensorAccessor(in_args, get_arg_val<uint32_t>(0), 256);
  const auto out = TensorAccessor(out_args, get_arg_val<uint32_t>(1), 256);
  const uint32_t x = get_arg_val<uint32_t>(2), y = get_arg_val<uint32_t>(3);
  Noc noc;
  CircularBuffer cb(0);
  cb.reserve_back(4);
  const uint32_t l1 = cb.get_write_ptr();
  // From pages, a bank and with state.
  noc.async_read(in, CoreLocalMem<uint32_t>(l1), 256, {.page_id = 0}, {});
  noc.async_read<NocOptions::TXN_ID>(in, cb, 256, {.page_id = 1},
                                     {.offset_bytes = 256}, {.trid = 3});
  noc.async_read_barrier<NocOptions::TXN_ID>({.trid = 3});
  noc.async_read(AllocatorBank<AllocatorBankType::DRAM>(), cb, 256,
                 {.bank_id = 2, .addr = get_arg_val<uint32_t>(0)},
                 {.offset_bytes = 512});
  noc.set_async_read_state<NocOptions::DEFAULT, 256>(in, 128, {.page_id = 3});
  noc.async_read_with_state<NocOptions::DEFAULT, 256>(
      in, cb, 128, {.page_id = 3}, {.offset_bytes = 768});
  noc.async_read_with_state<NocOptions::DEFAULT, 256>(
      in, cb, 128, {.page_id = 3, .offset_bytes = 128}, {.offset_bytes = 896});
  noc.async_read_barrier();
  cb.push_back(4);
  // To the other core and back.
  cb.wait_front(4);
  UnicastEndpoint peer;
  noc.async_write(cb, peer, 512, {}, {.noc_x = x, .noc_y = y, .addr = l1});
  noc.async_write_multicast(cb, MulticastEndpoint(), 512, 1,
                            {.offset_bytes = 512},
                            {.noc_x_start = x,
                             .noc_y_start = y,
                             .noc_x_end = x,
                             .noc_y_end = y,
                             .addr = l1 + 512});
  noc.inline_dw_write(peer, 77, {.noc_x = x, .noc_y = y, .addr = l1});
  noc.async_write_barrier();
  cb.pop_front(4);
  cb.reserve_back(4);
  noc.async_read(peer, cb, 1024, {.noc_x = x, .noc_y = y, .addr = l1}, {});
  noc.async_read_barrier();
  cb.push_back(4);
  cb.wait_front(4);
  for (uint32_t page = 0; page < 4; ++page) {
    noc.async_write(cb, out, 256, {.offset_bytes = page * 256},
                    {.page_id = page});
  }
  noc.async_writes_flushed();
  cb.pop_front(4);
  noc.async_write_barrier();
}
