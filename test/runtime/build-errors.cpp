// RUN: %parts && %t/program | FileCheck %t/main.cpp
// Kernels that cannot be built are errors that a program may catch, as those of
// the host are; what it runs afterwards is not touched by them.
//--- main.cpp
#include "harness.hpp"

#include <cstdlib>
#include <stdexcept>

using namespace harness;

int main() {
  const char *const sources[] = {
      "void kernel_main() { nonsense(); }",
      "void kernel_name() {}",
      "thread_local int count;\nvoid kernel_main() { count++; }",
      "volatile int many[2000] = {1};\nvoid kernel_main() { many[0] = 2; }",
      "extern \"C\" int system(const char *);\n"
      "void kernel_main() { system(\"true\"); }",
      "void kernel_main() { noc_async_read_barrier(); }",
  };
  auto device = distributed::MeshDevice::create_unit_mesh(0);
  for (int round = 0; round < 2; ++round)
    for (const char *source : sources) {
      Program program = CreateProgram();
      CreateKernelFromString(program, source, CoreCoord{0, 0},
                             ReaderDataMovementConfig());
      try {
        launch(*device, std::move(program));
        std::printf("%d: ran\n", round);
      } catch (const std::runtime_error &error) {
        std::printf("%d: %s\n", round, error.what());
      }
    }
  setenv("TESSERA_CXX", "no-such-compiler", 1);
  Program program = CreateProgram();
  CreateKernelFromString(program, "void kernel_main() { get_write_ptr(0); }",
                         CoreCoord{0, 0}, ReaderDataMovementConfig());
  try {
    launch(*device, std::move(program));
  } catch (const std::runtime_error &error) {
    std::printf("%s\n", error.what());
  }
  return 0;
}
// CHECK: 0: kernel 'string_kernel_0' (ncrisc) does not compile:
// CHECK: 0: kernel 'string_kernel_0' (ncrisc) {{.*}}kernel_main
// CHECK: 0: kernel 'string_kernel_0' (ncrisc) has thread_local variables
// CHECK: 0: kernel 'string_kernel_0' (ncrisc) has 8000 B of variables
// CHECK: 0: {{.*}}kernel 'string_kernel_0' (ncrisc) uses 'system'
// CHECK: 0: ran
// CHECK: 1: kernel 'string_kernel_0' (ncrisc) does not compile:
// CHECK: 1: kernel 'string_kernel_0' (ncrisc) {{.*}}kernel_main
// CHECK: 1: kernel 'string_kernel_0' (ncrisc) has thread_local variables
// CHECK: 1: kernel 'string_kernel_0' (ncrisc) has 8000 B of variables
// CHECK: 1: {{.*}}kernel 'string_kernel_0' (ncrisc) uses 'system'
// CHECK: 1: ran
// CHECK: TESSERA_CXX names the compiler 'no-such-compiler'
