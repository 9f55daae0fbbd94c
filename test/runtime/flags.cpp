// RUN: %parts && %t/program 2>&1 | FileCheck %t/main.cpp
// Two cores send each other data in turn, each followed by a flag. What they
// increment afterwards is not about the data: the flag was.
//--- main.cpp
#include "harness.hpp"

using namespace harness;

int main() {
  auto device = distributed::MeshDevice::create_unit_mesh(0);
  const CoreRange both(CoreCoord(0, 0), CoreCoord(1, 0));
  Program program = CreateProgram();
  CreateCircularBuffer(
      program, both,
      CircularBufferConfig(2 * 64, {{0, tt::DataFormat::Float16_b}})
          .set_page_size(0, 64));
  const uint32_t ready = CreateSemaphore(program, both, 0);
  const uint32_t flag = CreateSemaphore(program, both, 0);
  auto kernel = CreateKernel(program, KERNEL_DIR "/turns.cpp", both,
                             ReaderDataMovementConfig({ready, flag}));
  for (uint32_t x = 0; x < 2; ++x) {
    const auto other =
        device->worker_core_from_logical_core(CoreCoord(1 - x, 0));
    SetRuntimeArgs(
        program, kernel, CoreCoord(x, 0),
        {x, static_cast<uint32_t>(other.x), static_cast<uint32_t>(other.y)});
  }
  launch(*device, std::move(program));
  std::printf("done\n");
}
// CHECK-NOT: error
// CHECK: done
//--- turns.cpp
#include <cstdint>

#include "api/dataflow/dataflow_api.h"

using word = volatile tt_l1_ptr uint32_t;

void kernel_main() {
  const uint32_t mine = get_arg_val<uint32_t>(0);
  const uint32_t x = get_arg_val<uint32_t>(1), y = get_arg_val<uint32_t>(2);
  const uint32_t at = get_write_ptr(0) + mine * 64;
  const uint32_t flag = get_semaphore(get_compile_time_arg_val(1));
  word *ready_word =
      reinterpret_cast<word *>(get_semaphore(get_compile_time_arg_val(0)));
  word *flag_word = reinterpret_cast<word *>(flag);
  for (uint32_t turn = 0; turn < 4; ++turn) {
    if (turn % 2 != mine) {
      noc_semaphore_inc(
          get_noc_addr(x, y, get_semaphore(get_compile_time_arg_val(0))), 1);
      noc_semaphore_wait(flag_word, VALID);
      noc_semaphore_set(flag_word, INVALID);
      continue;
    }
    noc_semaphore_wait(ready_word, 1);
    noc_semaphore_set(ready_word, 0);
    noc_async_write(at, get_noc_addr(x, y, at), 64);
    noc_semaphore_set(flag_word, VALID);
    noc_semaphore_set_remote(flag, get_noc_addr(x, y, flag));
    noc_async_writes_flushed();
    noc_semaphore_set(flag_word, INVALID);
  }
  noc_async_write_barrier();
  noc_async_atomic_barrier();
}
