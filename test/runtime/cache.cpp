// RUN: %parts && mkdir -p %t/here %t/there && echo '#define ANSWER 1' > %t/there/answer.h
// RUN: env TESSERA_CACHE=%t/cache TESSERA_CXXFLAGS=-I%t/there TT_METAL_DPRINT_CORES=all %t/program | FileCheck %t/main.cpp --check-prefix=ONE
// RUN: echo '#define ANSWER 2' > %t/there/answer.h
// RUN: env TESSERA_CACHE=%t/cache TESSERA_CXXFLAGS=-I%t/there TT_METAL_DPRINT_CORES=all %t/program | FileCheck %t/main.cpp --check-prefix=TWO
// RUN: echo '#define ANSWER 3' > %t/here/answer.h
// RUN: env TESSERA_CACHE=%t/cache TESSERA_CXXFLAGS="-I %t/here -I %t/there" TT_METAL_DPRINT_CORES=all %t/program | FileCheck %t/main.cpp --check-prefix=THREE
// RUN: env TESSERA_CACHE=%t/cache TESSERA_CXXFLAGS="-I%t/there -DMORE=10" TT_METAL_DPRINT_CORES=all %t/program | FileCheck %t/main.cpp --check-prefix=MORE
// RUN: ls %t/cache/kernels | grep -c so > %t/before
// RUN: env TESSERA_CACHE=%t/cache TESSERA_CXXFLAGS=-I%t/there TT_METAL_DPRINT_CORES=all %t/program | FileCheck %t/main.cpp --check-prefix=TWO
// RUN: ls %t/cache/kernels | grep -c so > %t/after
// RUN: diff %t/before %t/after
// A compiled kernel is used again, and never when a header it includes, from
// wherever, or a flag has changed.
//--- main.cpp
#include "harness.hpp"

using namespace harness;

int main() {
  auto device = distributed::MeshDevice::create_unit_mesh(0);
  Program program = CreateProgram();
  CreateKernelFromString(program,
                         "#include \"answer.h\"\n"
                         "#ifndef MORE\n#define MORE 0\n#endif\n"
                         "void kernel_main() {\n"
                         "  DPRINT << \"answer \" << ANSWER + MORE << ENDL();\n"
                         "}\n",
                         CoreCoord(0, 0), ReaderDataMovementConfig());
  distributed::MeshWorkload workload;
  workload.add_program(distributed::MeshCoordinateRange(device->shape()),
                       std::move(program));
  distributed::EnqueueMeshWorkload(device->mesh_command_queue(), workload,
                                   true);
  return 0;
}
// ONE: answer 1
// TWO: answer 2
// THREE: answer 3
// MORE: answer 12
