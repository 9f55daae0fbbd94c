// RUN: rm -rf %t && split-file %s %t
// RUN: %metalium-2026-02 -DKERNEL_DIR='"%t"' %t/main.cpp -o %t/program %lib
// RUN: env TESSERA_METALIUM=2026-02 TESSERA_TIMING=1 TT_METAL_DPRINT_CORES=all %t/program both.cpp 2>&1 | FileCheck %t/main.cpp
// RUN: not env TESSERA_METALIUM=2026-02 %t/program half.cpp 2>&1 | FileCheck %t/main.cpp --check-prefix=HALF
// RUN: not env TESSERA_METALIUM=2026-08 %t/program both.cpp 2>&1 | FileCheck %t/main.cpp --check-prefix=LATER
// RUN: not %t/program ethernet 2>&1 | FileCheck %t/main.cpp --check-prefix=ETHERNET
// Names of the first profile that tt-metal lost later, and waiting.
//--- main.cpp
#include "harness.hpp"

using namespace harness;

int main(int, char **argv) {
  const std::string file = argv[1];
  if (file == "ethernet") {
    // Before there is a device, too, what is not caught is an error to read.
    Program program = CreateProgram();
    CreateKernel(program, file, CoreCoord(0, 0),
                 EthernetConfig{.noc = NOC::NOC_0, .defines = {{"A", "1"}}});
    // ETHERNET: kernel file 'ethernet': the model has no Ethernet cores
  }
  auto device = distributed::MeshDevice::create_unit_mesh(0);
  std::printf("%zu ethernet cores\n",
              device->get_active_ethernet_cores(true).size());
  // CHECK-DAG: 0 ethernet cores
  Program program = CreateProgram();
  for (CoreCoord core : device->get_active_ethernet_cores())
    CreateKernel(program, file, core, EthernetConfig{});
  CreateKernel(program, KERNEL_DIR "/" + file, CoreCoord(0, 0),
               ComputeConfig());
  CreateKernel(program, KERNEL_DIR "/both.cpp", CoreCoord(0, 0),
               ReaderDataMovementConfig());
  launch(*device, std::move(program));
}
// CHECK-DAG: NC: mover 7
// CHECK-DAG: TR0: old form 7
// CHECK-DAG: TR1: old form 7
// CHECK-DAG: TR2: old form 7
// CHECK-DAG: riscv_wait 1 123456 0 both.cpp:10
// HALF: error: kernel 'half': 'void MAIN' belongs to the old form of a compute kernel, `namespace NAMESPACE { void MAIN { ... } }` of tt-metal 2026-02; write void kernel_main() {
// LATER: error: kernel 'both': 'namespace NAMESPACE' belongs to the old form of a compute kernel
//--- both.cpp
#if defined(COMPILE_FOR_TRISC)
#include "compute_kernel_api/common.h"
#endif
#include "api/debug/dprint.h"

// A file may have the entries of both kinds of kernels.
static uint32_t number() { return 7; }

void kernel_main() {
  riscv_wait(123456);
  DPRINT << "mover " << number() << ENDL();
}

#if defined(COMPILE_FOR_TRISC)
namespace NAMESPACE {
void MAIN { DPRINT << "old form " << number() << ENDL(); }
} // namespace NAMESPACE
#endif
//--- half.cpp
// void MAIN is no word to mention.
void kernel_main() {}
