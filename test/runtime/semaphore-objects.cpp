// RUN: %parts && %t/program | FileCheck %t/main.cpp
// RUN: env TESSERA_TARGET=p150 TESSERA_METALIUM=2026-09 %t/program | FileCheck %t/main.cpp
// RUN: env TESSERA_METALIUM=2026-02 not %t/program 2>&1 | FileCheck %t/main.cpp --check-prefix=OLD
// Semaphores and dataflow buffers as objects: a core sends pages to two others
// when both are ready, and says so by multicast; compute reads the sizes, too.
//--- main.cpp
#include "harness.hpp"

using namespace harness;

int main() {
  auto device = distributed::MeshDevice::create_unit_mesh(0);
  auto &queue = device->mesh_command_queue();
  const CoreRange all({0, 0}, {2, 0}), receivers({1, 0}, {2, 0});
  auto out = distributed::MeshBuffer::create(
      distributed::ReplicatedBufferConfig{.size = 4 * 2048},
      {.page_size = 2048}, device.get());
  Program program = CreateProgram();
  CreateCircularBuffer(
      program, all,
      CircularBufferConfig(3 * 2048, {{3, tt::DataFormat::Float16_b}})
          .set_page_size(3, 2048));
  std::vector<uint32_t> args = {CreateSemaphore(program, all, 0),
                                CreateSemaphore(program, all, 0)};
  TensorAccessorArgs(*out).append_to(args);
  auto at = [&](uint32_t x) {
    const CoreCoord core = device->worker_core_from_logical_core({x, 0});
    return std::vector<uint32_t>{static_cast<uint32_t>(core.x),
                                 static_cast<uint32_t>(core.y)};
  };
  auto sender = CreateKernel(program, KERNEL_DIR "/send.cpp", CoreCoord(0, 0),
                             ReaderDataMovementConfig(args));
  std::vector<uint32_t> corners = at(1);
  corners.insert(corners.end(), {at(2)[0], at(2)[1]});
  SetRuntimeArgs(program, sender, CoreCoord(0, 0), corners);
  auto receiver = CreateKernel(program, KERNEL_DIR "/receive.cpp", receivers,
                               ReaderDataMovementConfig(args));
  for (uint32_t x = 1; x < 3; ++x)
    SetRuntimeArgs(
        program, receiver, CoreCoord(x, 0),
        {at(0)[0], at(0)[1], static_cast<uint32_t>(out->address()), x - 1});
  CreateKernel(program, KERNEL_DIR "/sizes.cpp", receivers, ComputeConfig{});
  launch(*device, std::move(program));
  std::vector<uint32_t> got;
  distributed::EnqueueReadMeshBuffer(queue, got, out);
  int wrong = 0;
  for (uint32_t i = 0; i < got.size(); ++i)
    wrong += got[i] != 1000 + i % 1024;
  std::printf("%d wrong\n", wrong);
  return wrong != 0;
}
// CHECK: 0 wrong
// OLD: {{api/dataflow/dataflow_buffer.h|api/dataflow/noc_semaphore.h}}{{.*(No such file|file not found)}}
//--- send.cpp
#include "api/dataflow/dataflow_buffer.h"
#include "api/dataflow/noc_semaphore.h"

void kernel_main() {
  Noc noc;
  Semaphore ready(get_compile_time_arg_val(0));
  Semaphore flag(get_compile_time_arg_val(1));
  DataflowBuffer pages = uint16_t(3);
  const uint32_t x0 = get_arg_val<uint32_t>(0), y0 = get_arg_val<uint32_t>(1);
  const uint32_t x1 = get_arg_val<uint32_t>(2), y1 = get_arg_val<uint32_t>(3);
  pages.reserve_back(2);
  volatile uint32_t *words =
      reinterpret_cast<volatile uint32_t *>(pages.get_write_ptr());
  for (uint32_t i = 0; i < 2 * pages.get_entry_size() / 4; ++i) {
    words[i] = 1000 + i;
  }
  pages.push_back(2);
  pages.wait_front(2);
  ready.down(2);
  noc.async_write_multicast(pages, pages, 2 * pages.get_entry_size(), 2, {},
                            {.noc_x_start = x0,
                             .noc_y_start = y0,
                             .noc_x_end = x1,
                             .noc_y_end = y1,
                             .offset_bytes = 0 - 2 * pages.get_entry_size()});
  noc.async_writes_flushed();
  flag.set(7);
  flag.set_multicast(noc, x0, y0, x1, y1, 2);
  pages.write_barrier(noc);
  flag.inc_multicast(noc, x0, y0, x1, y1, 3, 2);
  noc.async_atomic_barrier();
  pages.pop_front(2);
  // What is this core's own.
  ready.up(4);
  ready.wait(4);
  ready.down(3);
  ready.wait_min(1);
  ready.wait(1);
  pages.finish();
}
//--- receive.cpp
#include "api/dataflow/dataflow_buffer.h"
#include "api/dataflow/noc_semaphore.h"

void kernel_main() {
  constexpr auto args = TensorAccessorArgs<2>();
  const auto out = TensorAccessor(args, get_arg_val<uint32_t>(2), 2048);
  Noc noc;
  Semaphore<> ready(get_compile_time_arg_val(0)),
      flag(get_compile_time_arg_val(1));
  DataflowBuffer pages(3);
  ASSERT(pages.get_entry_size() == 2048 && pages.get_stride_size() == 2048 &&
         pages.get_total_num_entries() == 3 && pages.get_id() == 3);
  pages.reserve_back(2);
  ready.up(noc, get_arg_val<uint32_t>(0), get_arg_val<uint32_t>(1), 1);
  flag.wait_min(10);
  for (uint32_t i = 0; i < 2; ++i) {
    noc.async_write(CoreLocalMem<uint32_t>(pages.get_write_ptr() + i * 2048),
                    out, 2048, {},
                    {.page_id = 2 * get_arg_val<uint32_t>(3) + i});
  }
  noc.async_write_barrier();
  noc.async_atomic_barrier();
  pages.push_back(2);
}
//--- sizes.cpp
#include "api/compute/common.h"
#include "api/compute/compute_kernel_hw_startup.h"
#include "api/dataflow/dataflow_buffer.h"

void kernel_main() {
  DataflowBuffer pages(3);
  pages.wait_front(2);
  const bool is_right =
      pages.get_entry_size() == 128 && pages.get_total_num_entries() == 3 &&
      pages.read_tile_value(1, 2) == 1514 &&
      pages.get_tile_address(1) == pages.get_tile_address(0) + 2048;
  if (is_right) {
    pages.pop_front(2);
  }
}
