// RUN: %parts
// What objects do wrong is said of the method that the kernel calls, where it
// calls it, and what should come first is a method as well.
//--- main.cpp
#include "harness.hpp"

#include <cstdlib>

using namespace harness;

int main(int, char **argv) {
  auto device = distributed::MeshDevice::create_unit_mesh(0);
  auto &queue = device->mesh_command_queue();
  const tt::DataFormat bf16 = tt::DataFormat::Float16_b;
  Program program = CreateProgram();
  const CoreCoord core(0, 0);
  auto in = make_buffer(device.get(), bf16, 2);
  upload(queue, in, bf16, filled(2, 1.0f));
  add_cb(program, core, 0, bf16, 2);
  CreateSemaphore(program, CoreRange(core, core), 0);
  std::vector<uint32_t> ct = {static_cast<uint32_t>(std::atoi(argv[1]))};
  TensorAccessorArgs(*in).append_to(ct);
  auto kernel = CreateKernel(program, KERNEL_DIR "/objects.cpp", core,
                             ReaderDataMovementConfig(ct));
  SetRuntimeArgs(program, kernel, core, {static_cast<uint32_t>(in->address())});
  launch(*device, std::move(program));
  std::printf("ran\n");
  return 0;
}
//--- objects.cpp
#include <cstdint>

#include "api/dataflow/dataflow_api.h"
#if TESSERA_METALIUM_MONTH < 202608
#include "experimental/circular_buffer.h"
#include "experimental/core_local_mem.h"
#include "experimental/endpoints.h"
#include "experimental/noc_semaphore.h"
#include "experimental/tensor.h"
using namespace experimental;
#else
#include "api/core_local_mem.h"
#include "api/dataflow/circular_buffer.h"
#include "api/dataflow/endpoints.h"
#include "api/dataflow/noc_semaphore.h"
#include "api/tensor/noc_traits.h"
#endif

constexpr uint32_t wrong = get_compile_time_arg_val(0);

void kernel_main() {
  constexpr auto args = TensorAccessorArgs<1>();
  const auto in = TensorAccessor(args, get_arg_val<uint32_t>(0), 2048);
  Noc noc;
  CircularBuffer cb(0);
  Semaphore<> semaphore(0);
  AllocatorBank<AllocatorBankType::DRAM> bank;
  if (wrong == 1) {
    cb.push_back(1);
  }
  cb.reserve_back(1);
  const CoreLocalMem<volatile uint32_t> l1(cb.get_write_ptr());
  if (wrong == 2) {
    noc.async_read(bank, l1, 32, {.bank_id = 99, .addr = 0}, {});
  }
  if (wrong == 3) {
    noc.async_read(in, l1, 2048, {.page_id = 7}, {});
  }
  noc.async_read(in, cb, 2048, {.page_id = 0}, {.offset_bytes = 0});
  if (wrong == 4) {
    cb.push_back(1);
  }
  noc.async_read_barrier();
  if (wrong == 5) {
    noc.async_write(l1, in, 2048, {}, {.page_id = 1});
  }
  if (wrong == 6) {
    semaphore.down(2);
  }
  if (wrong == 7) {
    cb.wait_front(1);
  }
  if (wrong == 8) {
    noc.async_write(l1, in, 2048, {}, {.page_id = 1});
    semaphore.set(1);
    l1[0] = 1;
  }
}
// RUN: not %t/program 1 2>&1 | FileCheck %t/objects.cpp --check-prefix=O1
// RUN: env TESSERA_METALIUM=2026-02 not %t/program 1 2>&1 | FileCheck %t/objects.cpp --check-prefix=O1
// O1: objects.cpp:29: push_back: pushes 1 pages to circular buffer 0 with 0 reserved: reserve_back must come first
// RUN: not %t/program 2 2>&1 | FileCheck %t/objects.cpp --check-prefix=O2
// RUN: env TESSERA_METALIUM=2026-02 not %t/program 2 2>&1 | FileCheck %t/objects.cpp --check-prefix=O2
// O2: objects.cpp:34: async_read: bank 99, but there are {{[0-9]+}}
// RUN: not %t/program 3 2>&1 | FileCheck %t/objects.cpp --check-prefix=O3
// O3: objects.cpp:37: async_read: page 7 is out of range
// RUN: not %t/program 4 2>&1 | FileCheck %t/objects.cpp --check-prefix=O4
// O4: objects.cpp:41: push_back: uses bytes that async_read at objects.cpp:39 has begun to bring: async_read_barrier must come first
// RUN: not %t/program 5 2>&1 | FileCheck %t/objects.cpp --check-prefix=O5
// O5: objects.cpp:45: async_write: the kernel ends with 1 writes that no async_write_barrier waited for
// RUN: not %t/program 6 2>&1 | FileCheck %t/objects.cpp --check-prefix=O6
// RUN: env TESSERA_METALIUM=2026-02 not %t/program 6 2>&1 | FileCheck %t/objects.cpp --check-prefix=O6
// O6: objects.cpp:48: down: semaphore 0: wants at least 2, is 0
// RUN: not %t/program 7 2>&1 | FileCheck %t/objects.cpp --check-prefix=O7
// O7: objects.cpp:51: wait_front: circular buffer 0: wants 1 page
// RUN: not %t/program 8 2>&1 | FileCheck %t/objects.cpp --check-prefix=O8
// O8: objects.cpp:55: a pointer used after this call: overwrites the source of async_write at objects.cpp:54, which may not have left yet: async_writes_flushed or async_write_barrier must come first
