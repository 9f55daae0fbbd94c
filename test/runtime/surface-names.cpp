// RUN: rm -rf %t && mkdir %t && %metalium -DKERNEL_DIR='"%S/Inputs/surface"' %s -o %t/program %lib
// RUN: env TESSERA_METALIUM=2026-02 %t/program | FileCheck %s
// RUN: %t/program | FileCheck %s
// RUN: env TESSERA_METALIUM=2026-09 TESSERA_TARGET=blackhole %t/program | FileCheck %s
// RUN: %metalium-2026-02 -fsyntax-only %S/Inputs/surface/host.cpp
// RUN: %metalium-2026-09 -fsyntax-only %S/Inputs/surface/host.cpp
// RUN: %python %S/Inputs/check-surface.py %S/Inputs/surface
// Every name of the surface, in each form that programs use, compiles for each
// tt-metal that has it. Inputs/surface/names.txt lists the names.
#include "harness.hpp"

using namespace harness;

int main() {
  auto device = distributed::MeshDevice::create_unit_mesh(0);
  Program program = CreateProgram();
  const CoreCoord core(0, 0);
  const std::vector<uint32_t> args(8, 2);
  CreateKernel(program, KERNEL_DIR "/dataflow.cpp", core,
               ReaderDataMovementConfig(args, {}, {{"name", 3}}));
  ComputeConfig config{.compile_args = args};
  config.named_compile_args = {{"name", 3}};
  CreateKernel(program, KERNEL_DIR "/compute.cpp", core, config);
  launch(*device, std::move(program));
  // CHECK: compiled
  std::printf("compiled\n");
  return 0;
}
