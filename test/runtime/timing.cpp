// RUN: %parts
// RUN: env TESSERA_TIMING=%t/report.json TESSERA_TRACE=%t/trace.json %t/program | FileCheck %s --check-prefix=PLAIN
// RUN: %python %root/test/run/Inputs/check_timing.py %t/report.json %t/trace.json | FileCheck %s --check-prefix=SUMS
// RUN: env TESSERA_TIMING=1 %t/program 2> %t/text | FileCheck %s --check-prefix=PLAIN
// RUN: FileCheck %s --input-file %t/text
// RUN: env TESSERA_TIMING=1 %t/program 2> %t/again > %t/null && cmp %t/text %t/again
// RUN: env TESSERA_TIMING=0 TESSERA_TRACE= %t/program 2>&1 | FileCheck %s --check-prefix=PLAIN
// RUN: not env TESSERA_TIMING=yes %t/program 2>&1 | FileCheck %s --check-prefix=YES
// RUN: not env TESSERA_TRACE=%t/none/x.json %t/program 2>&1 | FileCheck %s --check-prefix=NONE
// A program's time, asked for by variables: two launches of a copy of 8 tiles,
// whose kernels name what they do.
//
// PLAIN-NOT: {{.}}
// PLAIN: copied 8 tiles
// PLAIN-NOT: {{.}}
//
// SUMS: programs 2
// SUMS-NEXT: read 32768
// SUMS-NEXT: written 32768
// SUMS-NEXT: products 0
//
// CHECK: timing: n150 at 1000 MHz, {{[0-9]+}} cycles, {{[0-9.]+}} us in 2 programs
// CHECK-NEXT: program {{.*}} cycles, {{.*}} us; kernels {{[0-9]+}} cycles, {{.*}} us, on 1 core
// CHECK-NEXT: bound:
// CHECK: read ncrisc 1
// CHECK: write brisc 1
// CHECK: zone tile: ncrisc, 8 times, [[TILE:[0-9]+]] cycles each
// CHECK-NEXT: zone all: ncrisc, 1 times,
// CHECK: program {{.*}} cycles, {{.*}} us; kernels {{[0-9]+}} cycles, {{.*}} us, on 1 core
// CHECK: zone tile: ncrisc, 8 times, [[TILE]] cycles each
//
// YES: error: TESSERA_TIMING: 'yes' is neither 1 nor the name of a file that ends in .json
// NONE: error: TESSERA_TRACE: cannot write '{{.*}}none/x.json': No such file or directory
//--- main.cpp
#include "harness.hpp"

using namespace harness;

static Program make_program(uint32_t from, uint32_t to,
                            const std::vector<uint32_t> &in_words,
                            const std::vector<uint32_t> &out_words) {
  const CoreCoord core(0, 0);
  Program program = CreateProgram();
  CreateCircularBuffer(
      program, core,
      CircularBufferConfig(2 * 2048, {{0, tt::DataFormat::Float16_b}})
          .set_page_size(0, 2048));
  auto reader = CreateKernel(program, KERNEL_DIR "/read.cpp", core,
                             ReaderDataMovementConfig(in_words));
  auto writer = CreateKernel(program, KERNEL_DIR "/write.cpp", core,
                             WriterDataMovementConfig(out_words));
  SetRuntimeArgs(program, reader, core, {from});
  SetRuntimeArgs(program, writer, core, {to});
  return program;
}

int main() {
  auto device = distributed::MeshDevice::create_unit_mesh(0);
  auto &queue = device->mesh_command_queue();
  auto in = make_buffer(device.get(), tt::DataFormat::Float16_b, 8);
  auto out = make_buffer(device.get(), tt::DataFormat::Float16_b, 8);
  std::vector<uint32_t> in_words, out_words;
  TensorAccessorArgs(*in).append_to(in_words);
  TensorAccessorArgs(*out).append_to(out_words);
  for (int launch = 0; launch < 2; ++launch) {
    distributed::MeshWorkload workload;
    workload.add_program(distributed::MeshCoordinateRange(device->shape()),
                         make_program(static_cast<uint32_t>(in->address()),
                                      static_cast<uint32_t>(out->address()),
                                      in_words, out_words));
    distributed::EnqueueMeshWorkload(queue, workload, false);
  }
  distributed::Finish(queue);
  std::printf("copied 8 tiles\n");
}
//--- read.cpp
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  DeviceZoneScopedN("all");
  constexpr auto args = TensorAccessorArgs<0>();
  const auto from = TensorAccessor(args, get_arg_val<uint32_t>(0), 2048);
  for (uint32_t i = 0; i < 8; ++i) {
    cb_reserve_back(0, 1);
    {
      DeviceZoneScopedN("tile");
      noc_async_read_page(i, from, get_write_ptr(0));
      noc_async_read_barrier();
    }
    cb_push_back(0, 1);
  }
}
//--- write.cpp
#include "api/dataflow/dataflow_api.h"
#include "tools/profiler/kernel_profiler.hpp"

void kernel_main() {
  constexpr auto args = TensorAccessorArgs<0>();
  const auto to = TensorAccessor(args, get_arg_val<uint32_t>(0), 2048);
  DeviceTimestampedData("start", 1);
  for (uint32_t i = 0; i < 8; ++i) {
    cb_wait_front(0, 1);
    noc_async_write_page(i, to, get_read_ptr(0));
    noc_async_write_barrier();
    cb_pop_front(0, 1);
  }
}
