// RUN: %parts && env TESSERA_TARGET=n150 %t/program 8192 | FileCheck %t/main.cpp
// RUN: env TESSERA_TARGET=p150 %t/program 16384 | FileCheck %t/main.cpp
// RUN: env TESSERA_TARGET=%t/small.json %t/program 4096 | FileCheck %t/main.cpp
// RUN: not env TESSERA_TARGET=%t/small.json %t/program 8192 2>&1 | FileCheck %t/main.cpp --check-prefix=OTHER
// What kernels know of the largest packet is what the target says.
//--- main.cpp
#include "harness.hpp"

#include <cstdlib>

using namespace harness;

int main(int, char **argv) {
  auto device = distributed::MeshDevice::create_unit_mesh(0);
  Program program = CreateProgram();
  CreateKernel(program, KERNEL_DIR "/ask.cpp", CoreCoord(0, 0),
               ReaderDataMovementConfig(
                   {static_cast<uint32_t>(std::atoi(argv[1]))}));
  launch(*device, std::move(program));
  std::printf("as expected\n");
}
// CHECK: as expected
// OTHER: error: kernel 'ask' (ncrisc) does not compile:
// OTHER: the largest packet
//--- ask.cpp
#include "api/dataflow/dataflow_api.h"

static_assert(NOC_MAX_BURST_SIZE == get_compile_time_arg_val(0),
              "the largest packet");

void kernel_main() {}
//--- small.json
{"name": "small", "base": "n150", "noc_burst_bytes": {"value": 4096, "source": "made up"}}
