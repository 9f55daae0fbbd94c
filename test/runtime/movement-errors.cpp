// RUN: %parts
// What a data movement kernel must not do.
//--- main.cpp
#include "harness.hpp"

#include <cstdlib>

using namespace harness;

int main(int, char **argv) {
  auto device = distributed::MeshDevice::create_unit_mesh(0);
  Program program = CreateProgram();
  const CoreCoord core(2, 1);
  auto buffer = make_buffer(device.get(), tt::DataFormat::Float16_b, 5);
  add_cb(program, core, 0, tt::DataFormat::Float16_b, 3);
  CreateSemaphore(program, CoreRange(core, core), 0);
  std::vector<uint32_t> args = {static_cast<uint32_t>(std::atoi(argv[1]))};
  TensorAccessorArgs(*buffer).append_to(args);
  auto kernel = CreateKernel(program, KERNEL_DIR "/move.cpp", core,
                             ReaderDataMovementConfig(args));
  const CoreCoord noc = device->worker_core_from_logical_core(core);
  SetRuntimeArgs(program, kernel, core,
                 {static_cast<uint32_t>(buffer->address()),
                  static_cast<uint32_t>(noc.x), static_cast<uint32_t>(noc.y)});
  launch(*device, std::move(program));
  std::printf("ran\n");
  return 0;
}
//--- move.cpp
#include <cstdint>

#include "api/dataflow/dataflow_api.h"

constexpr uint32_t wrong = get_compile_time_arg_val(0);

void kernel_main() {
  const uint32_t address = get_arg_val<uint32_t>(0);
  const uint32_t x = get_arg_val<uint32_t>(1);
  const uint32_t y = get_arg_val<uint32_t>(2);
  constexpr auto args = TensorAccessorArgs<1>();
  const auto pages = TensorAccessor(args, address, 2048);
  cb_reserve_back(0, wrong == 1 ? 4 : 2);
  const uint32_t l1 = get_write_ptr(0);
  noc_async_read_page(wrong == 2 ? 5 : 4, pages, l1);
  if (wrong == 3) {
    const auto wide = TensorAccessor(args, address, 4096);
    noc_async_read_page(0, wide, l1);
  }
  if (wrong == 4) {
    noc_async_read(get_noc_addr(5, pages), l1, 2048);
  }
  if (wrong == 31) {
    noc_async_read(get_noc_addr(1, pages), l1, 2048 + 32);
  }
  if (wrong == 5) {
    const auto nothing = TensorAccessor(args, 8, 2048);
    noc_async_read_page(0, nothing, l1);
  }
  if (wrong == 6) {
    noc_async_read(get_noc_addr(0, pages, 16), l1, 32);
  }
  if (wrong == 7) {
    noc_async_read(get_noc_addr(x, y, 1499136 - 64), l1, 128);
  }
  if (wrong == 8 || wrong == 30) {
    noc_async_read(
        wrong == 8 ? get_noc_addr(63, 63, l1) : get_noc_addr(1, 0, l1), l1, 64);
  }
  noc_async_read_barrier();
  if (wrong == 9) {
    noc_async_write(l1, get_noc_addr(0, pages), 2048);
    noc_async_writes_flushed();
  }
  if (wrong == 10) {
    noc_semaphore_inc(get_noc_addr(x, y, get_semaphore(0)), 1);
  }
  if (wrong == 11) {
    get_semaphore(16);
  }
  if (wrong == 12) {
    noc_async_write_multicast(l1, get_noc_multicast_addr(x, y, x + 1, y, l1),
                              2048, 2);
  }
  if (wrong == 13) {
    noc_async_write_multicast(l1, get_noc_multicast_addr(x + 1, y, x, y, l1),
                              2048, 1);
  }
  if (wrong == 14) {
    *reinterpret_cast<volatile tt_l1_ptr uint32_t *>(l1 + 2 * 1024 * 1024) = 1;
    *reinterpret_cast<volatile tt_l1_ptr uint32_t *>(l1 & 0x1fffff) = 1;
  }
  if (wrong == 16) {
    noc_semaphore_wait(reinterpret_cast<volatile uint32_t *>(l1 | 0x1ffffc), 1);
  }
  if (wrong == 17) {
    noc_async_read<8192>(get_noc_addr(x, y, l1), l1, 16384);
  }
  cb_push_back(0, 2);
  cb_wait_front(0, 2);
  cb_pop_front(0, 2);
  if (wrong == 15) {
    cb_reserve_back(0, 2);
    cb_push_back(0, 2);
  }
}

// RUN: %t/program 0 | FileCheck %t/move.cpp --check-prefix=M0
// M0: ran
// RUN: not %t/program 1 2>&1 | FileCheck %t/move.cpp --check-prefix=M1
// M1: error: program 1, core (2,1), kernel 'move' (ncrisc): move.cpp:13: cb_reserve_back: 4 pages at once of circular buffer 0, which holds 3
// RUN: not %t/program 2 2>&1 | FileCheck %t/move.cpp --check-prefix=M2
// M2: error: program 1, core (2,1), kernel 'move' (ncrisc): move.cpp:15: noc_async_read_page{{.*}}: page 5 is out of range: the DRAM buffer at address 1024 has 5 pages
// RUN: not %t/program 3 2>&1 | FileCheck %t/move.cpp --check-prefix=M3
// M3: move.cpp:18: {{.*}}: pages of 4096 B of a DRAM buffer at address 1024 whose pages have 2048
// RUN: not %t/program 4 2>&1 | FileCheck %t/move.cpp --check-prefix=M4
// M4: move.cpp:21: noc_async_read: DRAM address 0x400 of bank 5, 2048 B, is page 5 of a buffer of 5 pages
// RUN: not %t/program 31 2>&1 | FileCheck %t/move.cpp --check-prefix=M31
// M31: move.cpp:24: noc_async_read: DRAM address 0x400 of bank 1, 2080 B, goes beyond the buffer's pages in the bank, which end after 2048 B
// RUN: not %t/program 5 2>&1 | FileCheck %t/move.cpp --check-prefix=M5
// M5: page 0 of a DRAM buffer at address 8: there is no buffer
// RUN: not %t/program 6 2>&1 | FileCheck %t/move.cpp --check-prefix=M6
// M6: move.cpp:31: noc_async_read: a DRAM read needs source and target addresses that agree modulo 32 B
// RUN: not env TESSERA_TARGET=blackhole %t/program 6 2>&1 | FileCheck %t/move.cpp --check-prefix=M6B
// M6B: a DRAM read needs source and target addresses that agree modulo 64 B
// RUN: not %t/program 7 2>&1 | FileCheck %t/move.cpp --check-prefix=M7
// M7: L1 address 0x16dfc0, 128 B, is outside the 1499136 B of L1 of core (2,1)
// RUN: not %t/program 8 2>&1 | FileCheck %t/move.cpp --check-prefix=M8
// M8: NoC coordinates (63,63) are no worker core and no DRAM bank
// RUN: not %t/program 30 2>&1 | FileCheck %t/move.cpp --check-prefix=M30
// M30: move.cpp:37: noc_async_read: NoC coordinates (1,0) are an Ethernet core, whose memory is not modelled
// RUN: not %t/program 9 2>&1 | FileCheck %t/move.cpp --check-prefix=M9
// M9: move.cpp:42: noc_async_write: the kernel ends with 1 writes that no noc_async_write_barrier waited for
// RUN: not %t/program 10 2>&1 | FileCheck %t/move.cpp --check-prefix=M10
// M10: move.cpp:46: noc_semaphore_inc: the kernel ends with 1 semaphore increments that no noc_async_atomic_barrier waited for
// RUN: not %t/program 11 2>&1 | FileCheck %t/move.cpp --check-prefix=M11
// M11: get_semaphore: semaphore 16, but a core has 16
// RUN: not %t/program 12 2>&1 | FileCheck %t/move.cpp --check-prefix=M12
// M12: noc_async_write_multicast: the multicast reaches 1 cores but says 2
// RUN: not %t/program 13 2>&1 | FileCheck %t/move.cpp --check-prefix=M13
// M13: noc_async_write_multicast: on NoC 0 a multicast from (21,19) to (20,19) has its corners the wrong way round
// RUN: not %t/program 14 2>&1 | FileCheck %t/move.cpp --check-prefix=M14
// M14: error: program 1, core (2,1), kernel 'move' (ncrisc): move.cpp:40: a pointer used after this call: accesses address 0x{{[0-9a-f]+}} of the L1 of core (3,1), but a pointer leads to its own core's only: others are reached over the NoC
// RUN: not %t/program 15 2>&1 | FileCheck %t/move.cpp --check-prefix=M15
// M15: cb_push_back: 2 pages from page 2 of circular buffer 0 do not wrap at its end: it holds 3
// RUN: not %t/program 16 2>&1 | FileCheck %t/move.cpp --check-prefix=M16
// M16: noc_semaphore_wait: address 0x{{[0-9a-f]+}} is not in this core's L1
// RUN: not %t/program 17 2>&1 | FileCheck %t/move.cpp --check-prefix=M17
// M17: noc_async_read: one packet of 16384 B, but the NoC takes 8192
