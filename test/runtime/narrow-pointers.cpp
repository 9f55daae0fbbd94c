// RUN: %parts && %t/program 0 | FileCheck %t/main.cpp
// RUN: not %t/program 1 2>&1 | FileCheck %t/main.cpp --check-prefix=CONSTANT
// RUN: not %t/program 2 2>&1 | FileCheck %t/main.cpp --check-prefix=SIGNS
// Pointers have 32 bits on the chip: kernels make numbers of them. Nothing else
// is let pass for that.
//--- main.cpp
#include "harness.hpp"

#include <cstdlib>

using namespace harness;

int main(int, char **argv) {
  static const std::string statements[] = {
      "if ((uint32_t)p != l1 || reinterpret_cast<uint32_t>(p) != l1)\n"
      "  noc_semaphore_wait(p, 1);\n",
      "const uint32_t c = 1; uint32_t *q = &c;\n"
      "noc_semaphore_set(p, (uint32_t)p + *q);\n",
      "int i = 1; if (i < (uint32_t)p)\n"
      "  noc_semaphore_set(p, 1);\n"};
  auto device = distributed::MeshDevice::create_unit_mesh(0);
  Program program = CreateProgram();
  CreateSemaphore(program, CoreRange({0, 0}, {0, 0}), 0);
  CreateKernelFromString(program,
                         "#include \"api/dataflow/dataflow_api.h\"\n"
                         "void kernel_main() {\n"
                         "  const uint32_t l1 = get_semaphore(0);\n"
                         "  auto p = reinterpret_cast<volatile tt_l1_ptr "
                         "uint32_t *>(l1);\n" +
                             statements[std::atoi(argv[1])] + "}\n",
                         CoreCoord(0, 0), ReaderDataMovementConfig{});
  launch(*device, std::move(program));
  std::printf("ran\n");
  return 0;
}
// CHECK: ran
// CONSTANT: error: kernel 'string_kernel_0' {{.*}}does not compile
// SIGNS: error: kernel 'string_kernel_0' {{.*}}does not compile
