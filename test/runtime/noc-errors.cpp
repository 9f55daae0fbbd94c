// RUN: %parts && %t/program | FileCheck %t/main.cpp
// Rules about state, links, transactions and NoCs, each broken once.
//--- main.cpp
#include "harness.hpp"

#include <stdexcept>

using namespace harness;

namespace {

void run(uint32_t wrong) {
  auto device = distributed::MeshDevice::create_unit_mesh(0);
  Program program = CreateProgram();
  add_cb(program, CoreCoord(0, 0), 0, tt::DataFormat::Float16_b, 1);
  const CoreCoord a = device->worker_core_from_logical_core({0, 0});
  const CoreCoord b = device->worker_core_from_logical_core({1, 0});
  auto kernel = CreateKernel(
      program, KERNEL_DIR "/move.cpp", CoreCoord(0, 0),
      DataMovementConfig{.processor = DataMovementProcessor::RISCV_1,
                         .noc = NOC::NOC_0,
                         .compile_args = {wrong}});
  CreateKernelFromString(
      program, "void kernel_main() {}\n", CoreCoord(0, 0),
      DataMovementConfig{.processor = DataMovementProcessor::RISCV_0,
                         .noc = NOC::NOC_1});
  SetRuntimeArgs(program, kernel, CoreCoord(0, 0),
                 {static_cast<uint32_t>(a.x), static_cast<uint32_t>(a.y),
                  static_cast<uint32_t>(b.x), static_cast<uint32_t>(b.y)});
  try {
    launch(*device, std::move(program));
    std::printf("%u: ran\n", wrong);
  } catch (const std::runtime_error &error) {
    std::printf("%u: %s\n", wrong, error.what());
  }
}

} // namespace

int main() {
  for (uint32_t wrong = 0; wrong <= 15; ++wrong)
    run(wrong);
  // The two kernels of a core are in one mode.
  auto device = distributed::MeshDevice::create_unit_mesh(0);
  Program program = CreateProgram();
  try {
    for (auto [processor, mode] :
         {std::pair(DataMovementProcessor::RISCV_0, DM_DEDICATED_NOC),
          std::pair(DataMovementProcessor::RISCV_1, DM_DYNAMIC_NOC)})
      CreateKernelFromString(
          program, "void kernel_main() {}\n", CoreCoord(2, 1),
          DataMovementConfig{
              .processor = processor, .noc = NOC::NOC_0, .noc_mode = mode});
  } catch (const std::runtime_error &error) {
    std::printf("%s\n", error.what());
  }
  return 0;
}
// CHECK: 0: ran
// CHECK: 1: {{.*}}move.cpp:24: noc_async_read: comes after noc_async_write_multicast at move.cpp:23, which is linked: the next on this NoC is the multicast it is linked to
// CHECK: 2: {{.*}}move.cpp:27: noc_async_write_multicast: the kernel ends before the multicast that this one is linked to
// CHECK: 3: {{.*}}move.cpp:31: noc_async_read_one_packet_with_state: no state was set
// CHECK: 4: {{.*}}move.cpp:37: noc_async_read_one_packet_with_state: noc_async_read at move.cpp:36 has used the registers that hold its state, which must be set again
// CHECK: 5: {{.*}}move.cpp:41: noc_async_read_one_packet_with_state: noc_async_read_set_state at move.cpp:40 set no size
// CHECK: 6: {{.*}}move.cpp:45: noc_async_write_one_packet_with_state: is posted, but noc_async_write_one_packet_set_state at move.cpp:44 is not posted
// CHECK: 7: {{.*}}move.cpp:48: noc_async_read_set_trid: transaction 16, but a NoC has 16
// CHECK: 8: {{.*}}move.cpp:51: a call on another NoC: NoC 1 belongs to kernel 'string_kernel_1' (brisc) on this core: kernels share NoCs in the mode DM_DYNAMIC_NOC only
// CHECK: 9: {{.*}}move.cpp:54: noc_inline_dw_write: 0x0 says which of 4 bytes are written
// CHECK: 10: {{.*}}move.cpp:57: noc_async_write: the kernel ends with 1 posted writes that no noc_async_posted_writes_flushed waited for
// CHECK: 11: {{.*}}move.cpp:62: noc_inline_dw_write_with_state: noc_semaphore_inc at move.cpp:61 has used the registers that hold its state, which must be set again
// CHECK: 12: {{.*}}move.cpp:65: noc_async_write_one_packet_set_state: one packet of 10000 B, but the NoC takes 8192
// CHECK: 13: {{.*}}move.cpp:70: noc_async_write: {{.*}}uses bytes that noc_async_read at move.cpp:68 has begun to bring: noc_async_read_barrier must come first
// CHECK: 14: {{.*}}move.cpp:73: noc_semaphore_inc_multicast: the multicast reaches 1 cores but says 2
// CHECK: 15: {{.*}}move.cpp:77: noc_async_write: the kernel ends with 1 writes that no noc_async_write_barrier waited for
// CHECK: kernel 'string_kernel_1': 'string_kernel_0' on core (2,1) has another NoC mode; the two of a core have the same
//--- move.cpp
#include <cstdint>

#include "api/dataflow/dataflow_api.h"

constexpr uint32_t wrong = get_compile_time_arg_val(0);

void kernel_main() {
  const uint32_t l1 = get_write_ptr(0);
  const uint32_t x = get_arg_val<uint32_t>(2);
  const uint32_t y = get_arg_val<uint32_t>(3);
  const uint64_t there = get_noc_addr(x, y, l1);
  const uint64_t all = get_noc_multicast_addr(x, y, x, y, l1);
  const uint32_t local = static_cast<uint32_t>(there);
  if (wrong == 0) {
    noc_async_write_multicast(l1, all, 64, 1, true);
    noc_async_write_multicast(l1, all, 64, 1);
    noc_async_write_barrier();
    noc_async_read_one_packet_set_state(there, 64);
    noc_async_read_one_packet_with_state(local, l1 + 128);
    noc_async_read_barrier();
  }
  if (wrong == 1) {
    noc_async_write_multicast(l1, all, 64, 1, true);
    noc_async_read(there, l1 + 64, 64);
  }
  if (wrong == 2) {
    noc_async_write_multicast(l1, all, 64, 1, true);
    noc_async_write_barrier();
  }
  if (wrong == 3) {
    noc_async_read_one_packet_with_state(local, l1);
  }

  if (wrong == 4) {
    noc_async_read_one_packet_set_state(there, 64);
    noc_async_read(there, l1, 64);
    noc_async_read_one_packet_with_state(local, l1 + 64);
  }
  if (wrong == 5) {
    noc_async_read_set_state(there);
    noc_async_read_one_packet_with_state(local, l1);
  }
  if (wrong == 6) {
    noc_async_write_one_packet_set_state<false>(there, 64);
    noc_async_write_one_packet_with_state<true>(l1, local);
  }
  if (wrong == 7) {
    noc_async_read_set_trid(16);
  }
  if (wrong == 8) {
    noc_async_read(there, l1, 64, 1);
  }
  if (wrong == 9) {
    noc_inline_dw_write(there, 1, 0);
  }
  if (wrong == 10) {
    noc_async_write<16384, true, true>(l1, there, 64);
  }
  if (wrong == 11) {
    noc_inline_dw_write_set_state<false, true>(there, 1);
    noc_semaphore_inc(there, 1);
    noc_inline_dw_write_with_state(0);
  }
  if (wrong == 12) {
    noc_async_write_one_packet_set_state(there, 10000);
  }
  if (wrong == 13) {
    noc_async_read(there, l1, 64);
    noc_async_read_barrier_with_trid(3);
    noc_async_write(l1, there, 64);
  }
  if (wrong == 14) {
    noc_semaphore_inc_multicast(all, 1, 2);
  }
  if (wrong == 15) {
    noc_async_write_set_trid(4);
    noc_async_write(l1, there, 64);
    noc_async_write_barrier_with_trid(5);
  }
}
