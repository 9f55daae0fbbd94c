// RUN: %parts && %t/program | FileCheck %t/main.cpp
// RUN: env TESSERA_TARGET=p150 %t/program 64 | FileCheck %t/main.cpp --check-prefix=P150
// RUN: not %t/program uncaught 2>&1 | FileCheck %t/main.cpp --check-prefix=UNCAUGHT
// What the host side refuses, as tt-metal's does.
//--- main.cpp
#include "harness.hpp"

#include <stdexcept>

using namespace harness;

static const char *const empty_kernel = "void kernel_main() {}\n";

template <typename Action> void expect(const char *what, Action action) {
  Program program = CreateProgram();
  try {
    action(program);
    std::printf("%s: accepted\n", what);
  } catch (const std::runtime_error &error) {
    std::printf("%s: %s\n", what, error.what());
  }
}

static KernelHandle add_mover(Program &program, DataMovementProcessor processor,
                              NOC noc,
                              const CoreSpec &cores = CoreCoord(0, 0)) {
  return CreateKernelFromString(
      program, empty_kernel, cores,
      DataMovementConfig{.processor = processor, .noc = noc});
}

int main(int argc, char **argv) {
  const auto r0 = DataMovementProcessor::RISCV_0;
  const auto r1 = DataMovementProcessor::RISCV_1;
  const CoreCoord core(0, 0);
  auto device = distributed::MeshDevice::create_unit_mesh(0);
  if (argc > 1 && std::string(argv[1]) == "uncaught") {
    Program program = CreateProgram();
    add_mover(program, r0, NOC::NOC_0, CoreCoord(8, 0));
    // UNCAUGHT: error: a kernel on core (8,0), outside the grid of 8 columns by 8 rows of n150
  }
  if (argc > 1) {
    expect("cb 40", [&](Program &p) {
      add_cb(p, core, 40, tt::DataFormat::Float16_b, 2);
    });
    // P150: cb 40: accepted
    return 0;
  }
  expect("same noc", [&](Program &p) {
    add_mover(p, r0, NOC::NOC_0);
    add_mover(p, r1, NOC::NOC_0);
  });
  // CHECK: same noc: kernel 'string_kernel_1': 'string_kernel_0' uses NoC 0 on core (0,0) already; two data movement kernels need different NoCs
  expect("same processor", [&](Program &p) {
    add_mover(p, r0, NOC::NOC_0);
    add_mover(p, r0, NOC::NOC_1);
  });
  // CHECK: same processor: kernel 'string_kernel_1': 'string_kernel_0' runs on brisc of core (0,0) already
  expect("two compute", [&](Program &p) {
    CreateKernelFromString(p, empty_kernel, CoreRange({0, 0}, {1, 1}),
                           ComputeConfig{});
    CreateKernelFromString(p, empty_kernel, CoreCoord(1, 1), ComputeConfig{});
  });
  // CHECK: two compute: compute kernel 'string_kernel_1': core (1,1) has 'string_kernel_0' already
  expect("apart", [&](Program &p) {
    add_mover(p, r0, NOC::NOC_0, CoreCoord(0, 0));
    add_mover(p, r0, NOC::NOC_0, CoreCoord(1, 0));
  });
  // CHECK: apart: accepted
  expect("no page size", [&](Program &p) {
    CreateCircularBuffer(
        p, core, CircularBufferConfig(4096, {{0, tt::DataFormat::Float16_b}}));
  });
  // CHECK: no page size: circular buffer 0: its page size was never set
  expect("pages", [&](Program &p) {
    CreateCircularBuffer(
        p, core,
        CircularBufferConfig(5000, {{0, tt::DataFormat::Float16_b}})
            .set_page_size(0, 2048));
  });
  // CHECK: pages: circular buffer 0: 5000 B is no whole number of pages of 2048 B
  expect("twice", [&](Program &p) {
    add_cb(p, core, 3, tt::DataFormat::Float16_b, 2);
    add_cb(p, core, 3, tt::DataFormat::Float16_b, 2);
  });
  // CHECK: twice: circular buffer 3 exists on core (0,0) already
  expect("cb 40", [&](Program &p) {
    add_cb(p, core, 40, tt::DataFormat::Float16_b, 2);
  });
  // CHECK: cb 40: circular buffer 40: n150 has 32 of them
  expect("format",
         [&](Program &p) { add_cb(p, core, 0, tt::DataFormat::Lf8, 2); });
  // CHECK: format: circular buffer 0: data format 10 is not modelled
  expect("semaphores", [&](Program &p) {
    for (int i = 0; i < 16; ++i)
      CreateSemaphore(p, CoreRange(core), 0);
    CreateSemaphore(p, CoreRange(CoreCoord(1, 0)), 0);
    CreateSemaphore(p, CoreRange(core), 0);
  });
  // CHECK: semaphores: one semaphore too many: a core of n150 has 16
  expect("arguments", [&](Program &p) {
    auto kernel = add_mover(p, r0, NOC::NOC_0);
    SetCommonRuntimeArgs(p, kernel, std::vector<uint32_t>(300));
    SetRuntimeArgs(p, kernel, core, std::vector<uint32_t>(42));
  });
  // CHECK: arguments: kernel 'string_kernel_0': 42 runtime arguments and 300 common ones, but a kernel takes 341 together
  expect("count", [&](Program &p) {
    auto kernel = add_mover(p, r0, NOC::NOC_0);
    SetRuntimeArgs(p, kernel, core, {1, 2});
    SetRuntimeArgs(p, kernel, core, {1, 2, 3});
  });
  // CHECK: count: kernel 'string_kernel_0', core (0,0): 3 runtime arguments, but 2 were set before
  expect("elsewhere", [&](Program &p) {
    auto kernel = add_mover(p, r0, NOC::NOC_0);
    SetRuntimeArgs(p, kernel, CoreCoord(1, 0), {1});
  });
  // CHECK: elsewhere: kernel 'string_kernel_0' is not on core (1,0)
  expect("moved", [&](Program &p) {
    distributed::MeshWorkload workload;
    workload.add_program(distributed::MeshCoordinateRange(device->shape()),
                         std::move(p));
    CreateSemaphore(p, CoreRange(core), 0);
  });
  // CHECK: moved: this program was moved into a workload and is empty
  expect("L1", [&](Program &p) {
    add_cb(p, core, 0, tt::DataFormat::Float32, 340);
    add_cb(p, core, 1, tt::DataFormat::Float32, 1);
    distributed::MeshWorkload workload;
    add_mover(p, r0, NOC::NOC_0);
    workload.add_program(distributed::MeshCoordinateRange(device->shape()),
                         std::move(p));
    distributed::EnqueueMeshWorkload(device->mesh_command_queue(), workload,
                                     false);
  });
  // CHECK: L1: circular buffers do not fit L1: buffer 1 of 4096 B starts at byte 1496352 and ends at 1500448, but circular buffers end at 1499136
  expect("DRAM", [&](Program &) {
    distributed::DeviceLocalBufferConfig dram{.page_size = 2048};
    distributed::MeshBuffer::create(
        distributed::ReplicatedBufferConfig{.size = 1ull << 40}, dram,
        device.get());
  });
  // CHECK: DRAM: out of DRAM: 1099511627776 B in 12 banks of 1073741824 B do not fit
  expect("short vector", [&](Program &) {
    auto buffer = make_buffer(device.get(), tt::DataFormat::Float16_b, 2);
    std::vector<uint32_t> words(512);
    distributed::EnqueueWriteMeshBuffer(device->mesh_command_queue(), buffer,
                                        words);
  });
  // CHECK: short vector: a vector of 2048 B for a buffer of 4096 B
  return 0;
}
