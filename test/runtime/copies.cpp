// RUN: %parts
// memcpy, memmove, memset and assignments of whole structs through pointers are
// reads and writes of L1 like any other.
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
  auto out = make_buffer(device.get(), bf16, 1);
  add_cb(program, core, 0, bf16, 2);
  std::vector<uint32_t> ct = {static_cast<uint32_t>(std::atoi(argv[1]))};
  TensorAccessorArgs(*out).append_to(ct);
  auto kernel = CreateKernel(program, KERNEL_DIR "/copies.cpp", core,
                             WriterDataMovementConfig(ct));
  SetRuntimeArgs(program, kernel, core,
                 {static_cast<uint32_t>(out->address())});
  launch(*device, std::move(program));
  const Values got = download(queue, out, bf16);
  std::printf("ran: %g %g %g\n", got[0], got[32], got[64]);
  return 0;
}
//--- copies.cpp
#include <algorithm>
#include <cstdint>
#include <cstring>

#include "api/dataflow/dataflow_api.h"

constexpr uint32_t wrong = get_compile_time_arg_val(0);

struct row {
  uint16_t values[16];
};

void kernel_main() {
  constexpr auto args = TensorAccessorArgs<1>();
  const auto out = TensorAccessor(args, get_arg_val<uint32_t>(0), 2048);
  cb_reserve_back(0, 1);
  const uint32_t l1 = get_write_ptr(0);
  auto *rows = reinterpret_cast<row *>(l1);
  memset(rows, 0, 2048);
  row ones;
  std::fill_n(ones.values, 16, 0x3f80);
  rows[0] = ones;
  memcpy(rows + 1, rows, sizeof(row));
  memmove(rows + 2, rows + 1, sizeof(row));
  row *beyond = rows + 64;
  if (wrong == 1) {
    memset(beyond, 0, 16);
  }
  if (wrong == 2) {
    memcpy(beyond, rows, sizeof(row));
  }
  if (wrong == 3) {
    memmove(beyond, rows, sizeof(row));
  }
  if (wrong == 4) {
    *beyond = ones;
  }
  if (wrong == 5) {
    std::copy_n(ones.values, 16, beyond->values);
  }
  if (wrong == 6) {
    __builtin_memcpy(beyond, rows, 64);
  }
  if (wrong == 7) {
    noc_async_read_page(0, out, l1);
    memcpy(&ones, rows, sizeof ones);
  }
  cb_push_back(0, 1);
  cb_wait_front(0, 1);
  noc_async_write_page(0, out, l1);
  if (wrong == 8) {
    memset(rows, 0, 8);
  }
  noc_async_write_barrier();
  cb_pop_front(0, 1);
}
// RUN: %t/program 0 2>&1 | FileCheck %t/copies.cpp --check-prefix=C0
// C0: ran: 1 1 1
// RUN: not %t/program 1 2>&1 | FileCheck %t/copies.cpp --check-prefix=C1
// C1: copies.cpp:17: a pointer used after this call: writes 16 B to page 1 of circular buffer 0, of which 1 pages from page 0 on are reserved: cb_reserve_back must come first
// RUN: not %t/program 2 2>&1 | FileCheck %t/copies.cpp --check-prefix=C2
// C2: copies.cpp:17: a pointer used after this call: writes 32 B to page 1 of circular buffer 0, of which 1 pages from page 0 on are reserved: cb_reserve_back must come first
// RUN: not %t/program 3 2>&1 | FileCheck %t/copies.cpp --check-prefix=C3
// C3: copies.cpp:17: a pointer used after this call: writes 32 B to page 1 of circular buffer 0, of which 1 pages from page 0 on are reserved: cb_reserve_back must come first
// RUN: not %t/program 4 2>&1 | FileCheck %t/copies.cpp --check-prefix=C4
// C4: copies.cpp:17: a pointer used after this call: writes {{32|16}} B to page 1 of circular buffer 0, of which 1 pages from page 0 on are reserved: cb_reserve_back must come first
// RUN: not %t/program 5 2>&1 | FileCheck %t/copies.cpp --check-prefix=C5
// C5: copies.cpp:17: a pointer used after this call: writes 32 B to page 1 of circular buffer 0, of which 1 pages from page 0 on are reserved: cb_reserve_back must come first
// RUN: not %t/program 6 2>&1 | FileCheck %t/copies.cpp --check-prefix=C6
// C6: copies.cpp:17: a pointer used after this call: writes 64 B to page 1 of circular buffer 0, of which 1 pages from page 0 on are reserved: cb_reserve_back must come first
// RUN: not %t/program 7 2>&1 | FileCheck %t/copies.cpp --check-prefix=C7
// C7: copies.cpp:45: a pointer used after this call: uses bytes that noc_async_read_page at copies.cpp:45 has begun to bring: noc_async_read_barrier must come first
// RUN: not %t/program 8 2>&1 | FileCheck %t/copies.cpp --check-prefix=C8
// C8: copies.cpp:50: a pointer used after this call: overwrites the source of noc_async_write_page at copies.cpp:50, which may not have left yet: noc_async_writes_flushed or noc_async_write_barrier must come first
