// RUN: %parts && %t/program 0 | FileCheck %t/main.cpp
// RUN: not %t/program 1 2>&1 | FileCheck %t/main.cpp --check-prefix=CONSTANT
// RUN: not %t/program 2 2>&1 | FileCheck %t/main.cpp --check-prefix=SIGNS
// RUN: not %t/program 3 2>&1 | FileCheck %t/main.cpp --check-prefix=BRACES
// RUN: %t/program 4 | FileCheck %t/main.cpp
// RUN: not %t/program 5 2>&1 | FileCheck %t/main.cpp --check-prefix=OTHER
// RUN: %t/program 6 | FileCheck %t/main.cpp
// RUN: not %t/program 7 2>&1 | FileCheck %t/main.cpp --check-prefix=FRAME
// RUN: %t/program 8 | FileCheck %t/main.cpp
// Pointers have 32 bits on the chip: kernels make numbers of them. Nothing else
// is let pass for that.
//--- main.cpp
#include "harness.hpp"

#include <cstdlib>

using namespace harness;

std::string many_casts() {
  std::string text;
  for (int i = 0; i < 50; ++i)
    text += "noc_semaphore_set(p, (uint32_t)p);\n";
  return text;
}

int main(int, char **argv) {
  static const std::string statements[] = {
      "if ((uint32_t)p != l1 || reinterpret_cast<uint32_t>(p) != l1)\n"
      "  noc_semaphore_wait(p, 1);\n",
      "const uint32_t c = 1; uint32_t *q = &c;\n"
      "noc_semaphore_set(p, (uint32_t)p + *q);\n",
      "int i = 1; if (i < (uint32_t)p)\n"
      "  noc_semaphore_set(p, 1);\n",
      "uint32_t a = (uint32_t)p; uint8_t b{a};\n"
      "noc_semaphore_set(p, b);\n",
      many_casts(),
      "noc_semaphore_set(p, (uint32_t)p);\n"
      "noc_semaphore_set(p, nonsense);\n",
      "\n#pragma message(\"here\")\nnoc_semaphore_set(p, (uint32_t)p);\n",
      "volatile char many[100000]; many[l1] = 1;\n"
      "noc_semaphore_set(p, (uint32_t)p + many[0]);\n",
      "\n#define SET(q) q[0] = (uint32_t)q;\n"
      "if (l1 == 1)\n"
      "    SET(p)\n"
      "    p[1] = 1;\n"};
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
// BRACES: error: kernel 'string_kernel_0' {{.*}}does not compile
// OTHER: error: kernel 'string_kernel_0' {{.*}}does not compile
// OTHER-NOT: cast
// OTHER: nonsense
// FRAME: error: kernel 'string_kernel_0' {{.*}}does not compile
// FRAME-NOT: cast
// FRAME: frame size
// SIGNS: error: kernel 'string_kernel_0' {{.*}}does not compile
