// UNSUPPORTED: sanitizers
// A disk that is full at any point while kernels are compiled and kept: the
// program runs on without the cache, or says what is full; what is in the cache
// is whole, or was there before and is not used.
// RUN: %parts && chmod +x %t/compiler && mkdir -p %t/o
// RUN: env TESSERA_CACHE=%t/first TT_METAL_DPRINT_CORES=all %t/program | FileCheck %t/main.cpp
// RUN: cp %t/first/kernels/*.so %t/object
// RUN: env TESSERA_CXX=%t/compiler TESSERA_CACHE=%t/o TMPDIR=%t/o TT_METAL_DPRINT_CORES=all %python %S/../robust/starve.py %unit/starve.so disk --keeps %t/o -- %t/program
//--- compiler
#!/bin/sh
# Compiles but once.
for last in "$@"; do
  case "$option $last" in
  "-o "*.so) exec cp "${0%/*}/object" "$last" ;;
  esac
  option=$last
done
exec c++ "$@"
//--- main.cpp
#include "harness.hpp"

using namespace harness;

int main() {
  auto device = distributed::MeshDevice::create_unit_mesh(0);
  Program program = CreateProgram();
  CreateKernelFromString(program,
                         "void kernel_main() {\n"
                         "  DPRINT << \"answer \" << 42 << ENDL();\n"
                         "}\n",
                         CoreCoord(0, 0), ReaderDataMovementConfig());
  launch(*device, std::move(program));
  return 0;
}
// CHECK: answer 42
