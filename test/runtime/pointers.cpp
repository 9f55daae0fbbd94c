// RUN: %parts
// What kernels do through pointers is held against the same rules, one case at
// a time; loops that wait for a word let others run.
//--- main.cpp
#include "harness.hpp"

#include <cstdlib>

using namespace harness;

int main(int, char **argv) {
  const auto wrong = static_cast<uint32_t>(std::atoi(argv[1]));
  auto device = distributed::MeshDevice::create_unit_mesh(0);
  auto &queue = device->mesh_command_queue();
  const tt::DataFormat bf16 = tt::DataFormat::Float16_b;
  Program program = CreateProgram();
  const CoreCoord core(2, 1);
  auto in = make_buffer(device.get(), bf16, 4);
  auto out = make_buffer(device.get(), bf16, 4);
  upload(queue, in, bf16, filled(4, 1.0f));
  add_cb(program, core, 0, bf16, 2);
  CreateSemaphore(program, CoreRange(core, core), 0);
  CreateSemaphore(program, CoreRange(core, core), 0);
  std::vector<uint32_t> ct = {wrong};
  TensorAccessorArgs(*in).append_to(ct);
  auto reader = CreateKernel(program, KERNEL_DIR "/reader.cpp", core,
                             ReaderDataMovementConfig(ct));
  auto writer = CreateKernel(program, KERNEL_DIR "/writer.cpp", core,
                             WriterDataMovementConfig(ct));
  SetRuntimeArgs(program, reader, core, {static_cast<uint32_t>(in->address())});
  SetRuntimeArgs(program, writer, core,
                 {static_cast<uint32_t>(out->address())});
  SetCommonRuntimeArgs(program, reader, {5, 6});
  launch(*device, std::move(program));
  const Values got = download(queue, out, bf16);
  std::printf("ran: %g %g\n", got[0], got[3 * 1024]);
  return 0;
}
//--- reader.cpp
#include <cstdint>

#include "api/dataflow/dataflow_api.h"

using word = volatile tt_l1_ptr uint32_t;

constexpr uint32_t wrong = get_compile_time_arg_val(0);

void kernel_main() {
  constexpr auto args = TensorAccessorArgs<1>();
  const auto in = TensorAccessor(args, get_arg_val<uint32_t>(0), 2048);
  noc_semaphore_set(reinterpret_cast<word *>(get_semaphore(1)), 1);
  for (uint32_t page = 0; page < 4; ++page) {
    cb_reserve_back(0, 1);
    const uint32_t l1 = get_write_ptr(0);
    word *words = reinterpret_cast<word *>(l1);
    words[1] = 7;
    noc_async_read_page(page, in, l1);
    if (wrong == 1) {
      words[0];
    }
    noc_async_read_barrier();
    words[0];
    cb_push_back(0, 1);
    if (wrong == 2) {
      words[3] = 1;
    }
  }
  // What a pointer leads to is an argument only as far as some were set; where
  // others would be may be asked.
  word *unique = reinterpret_cast<word *>(get_arg_addr(0));
  word *common = reinterpret_cast<word *>(get_common_arg_addr(0));
  word *none = reinterpret_cast<word *>(get_arg_addr(1));
  const uint32_t sum = unique[0] + common[0] + common[1];
  unique[0] = sum;
  if (wrong == 11) {
    none[0];
  }
  if (wrong == 12) {
    common[2];
  }
  if (wrong == 13) {
    unique[1] = sum;
  }
  if (wrong == 14) {
    noc_async_write(get_common_arg_addr(0),
                    get_noc_addr(my_x[0], my_y[0], get_semaphore(0)), 12);
  }
  word *flag = reinterpret_cast<word *>(get_semaphore(0));
  if (wrong != 7) {
    noc_semaphore_set(flag, 1);
  }
}
//--- writer.cpp
#include <cstdint>

#include "api/dataflow/dataflow_api.h"

using word = volatile tt_l1_ptr uint32_t;

constexpr uint32_t wrong = get_compile_time_arg_val(0);

void kernel_main() {
  constexpr auto args = TensorAccessorArgs<1>();
  const auto out = TensorAccessor(args, get_arg_val<uint32_t>(0), 2048);
  if (wrong == 9 || wrong == 10) {
    word *late = reinterpret_cast<word *>(get_semaphore(0));
    word *early = reinterpret_cast<word *>(get_semaphore(1));
    while (*early == 0 && (wrong == 9 || *late == 0)) {
    }
  }
  for (uint32_t page = 0; page < 4; ++page) {
    word *words = reinterpret_cast<word *>(get_read_ptr(0));
    if (wrong == 3 && page == 0) {
      words[0];
    }
    if (wrong == 4 && page == 1) {
      words[0];
    }
    cb_wait_front(0, 1);
    words[0];
    noc_async_write_page(page, out, get_read_ptr(0));
    if (wrong == 5) {
      words[0] = 0;
    }
    noc_async_writes_flushed();
    cb_pop_front(0, 1);
    if (wrong == 8) {
      words[0] = 0;
    }
  }
  if (wrong == 6 || wrong == 7) {
    while (*reinterpret_cast<word *>(get_semaphore(0)) != 1) {
    }
  }
  noc_async_write_barrier();
}

// RUN: %t/program 0 2>&1 | FileCheck %t/writer.cpp --check-prefix=P0
// P0: ran: 1 1
// RUN: not %t/program 1 2>&1 | FileCheck %t/writer.cpp --check-prefix=P1
// P1: error: program 1, core (2,1), kernel 'reader' (ncrisc): reader.cpp:18: a pointer used after this call: uses bytes that noc_async_read_page at reader.cpp:18 has begun to bring: noc_async_read_barrier must come first
// RUN: not %t/program 2 2>&1 | FileCheck %t/writer.cpp --check-prefix=P2
// P2: kernel 'reader' (ncrisc): reader.cpp:24: a pointer used after this call: writes 4 B to page 0 of circular buffer 0, of which 0 pages from page 1 on are reserved: cb_reserve_back must come first
// RUN: not %t/program 3 2>&1 | FileCheck %t/writer.cpp --check-prefix=P3
// P3: kernel 'writer' (brisc): writer.cpp:26: cb_wait_front: a pointer used after this call at writer.cpp:19 reads from circular buffer 0 before its pages are waited for: cb_wait_front must come first
// RUN: not %t/program 4 2>&1 | FileCheck %t/writer.cpp --check-prefix=P4
// P4: kernel 'writer' (brisc): writer.cpp:19: a pointer used after this call: reads 4 B from page 1 of circular buffer 0, of which 0 pages from page 1 on are waited for: cb_wait_front must come first
// RUN: not %t/program 5 2>&1 | FileCheck %t/writer.cpp --check-prefix=P5
// P5: kernel 'writer' (brisc): writer.cpp:28: a pointer used after this call: overwrites the source of noc_async_write_page at writer.cpp:28, which may not have left yet: noc_async_writes_flushed or noc_async_write_barrier must come first
// RUN: %t/program 6 2>&1 | FileCheck %t/writer.cpp --check-prefix=P6
// P6: ran: 1 1
// RUN: not %t/program 7 2>&1 | FileCheck %t/writer.cpp --check-prefix=P7
// P7: error: deadlock in program 1: every thread that is left waits
// P7-NEXT: core (2,1): kernel 'writer' (brisc): writer.cpp:39: a loop: asks again and again, and nothing changes
// RUN: not %t/program 8 2>&1 | FileCheck %t/writer.cpp --check-prefix=P8
// P8: kernel 'writer' (brisc): writer.cpp:33: a pointer used after this call: writes 4 B to page 0 of circular buffer 0, of which {{.*}} pages from page {{.*}} on are reserved: cb_reserve_back must come first
// RUN: env TESSERA_STRICT=off %t/program 4 2>&1 | FileCheck %t/writer.cpp --check-prefix=OFF
// OFF: ran: 1 1
// RUN: %t/program 9 2>&1 | FileCheck %t/writer.cpp --check-prefix=P0
// RUN: %t/program 10 2>&1 | FileCheck %t/writer.cpp --check-prefix=P0
// RUN: env TESSERA_STRICT=off %t/program 9 2>&1 | FileCheck %t/writer.cpp --check-prefix=OFF
// RUN: env TESSERA_STRICT=off %t/program 10 2>&1 | FileCheck %t/writer.cpp --check-prefix=OFF
// RUN: not env TESSERA_STRICT=off %t/program 7 2>&1 | FileCheck %t/writer.cpp --check-prefix=OFF7
// OFF7: kernel 'writer' (brisc): writer.cpp:39: {{.*}}: asks again and again, and nothing changes
// RUN: not %t/program 11 2>&1 | FileCheck %t/writer.cpp --check-prefix=P11
// P11: kernel 'reader' (ncrisc): reader.cpp:33: a pointer used after this call: reads argument 1 of a kernel that was given 1 on this core
// RUN: not %t/program 12 2>&1 | FileCheck %t/writer.cpp --check-prefix=P12
// P12: a pointer used after this call: reads common argument 2 of a kernel that was given 2 on this core
// RUN: not %t/program 13 2>&1 | FileCheck %t/writer.cpp --check-prefix=P13
// P13: a pointer used after this call: writes argument 1 of a kernel that was given 1 on this core
// RUN: not %t/program 14 2>&1 | FileCheck %t/writer.cpp --check-prefix=P14
// P14: noc_async_write: reads common argument 2 of a kernel that was given 2 on this core
// RUN: env TESSERA_STRICT=off %t/program 12 2>&1 | FileCheck %t/writer.cpp --check-prefix=OFF
