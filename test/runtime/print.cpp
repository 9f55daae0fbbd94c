// RUN: %parts && %t/program | FileCheck %t/main.cpp --check-prefix=NONE
// RUN: env TT_METAL_DPRINT_CORES='(0,0),(1,1)-(1,2)' %t/program | FileCheck %t/main.cpp
// RUN: env TT_METAL_DPRINT_CORES=all TESSERA_THREADS=1 %t/program > %t/one
// RUN: env TT_METAL_DPRINT_CORES=all TESSERA_THREADS=3 %t/program > %t/three
// RUN: diff %t/one %t/three
// RUN: not env TT_METAL_DPRINT_CORES='(0,0' %t/program 2>&1 | FileCheck %t/main.cpp --check-prefix=WRONG
// RUN: not env TT_METAL_DPRINT_CORES=0,0 %t/program failing 2>&1 | FileCheck %t/main.cpp --check-prefix=FAILING
// What kernels print, on the cores that are asked for.
//--- main.cpp
#include "harness.hpp"

using namespace harness;

int main(int argc, char **) {
  auto device = distributed::MeshDevice::create_unit_mesh(0);
  Program program = CreateProgram();
  const CoreRange cores({0, 0}, {1, 2});
  CreateKernel(program, KERNEL_DIR "/speak.cpp", cores,
               DataMovementConfig{.compile_args = {argc > 1 ? 1u : 0u}});
  CreateKernelFromString(program,
                         "#include \"api/compute/common.h\"\n"
                         "#include \"api/debug/dprint.h\"\n"
                         "void kernel_main() {\n"
                         "  DPRINT_MATH(DPRINT << \"math\" << ENDL();)\n"
                         "}\n",
                         CoreCoord(0, 0), ComputeConfig());
  launch(*device, std::move(program));
  std::printf("ran\n");
  return 0;
}
// NONE-NOT: 0:(
// NONE: ran
// WRONG: error: TT_METAL_DPRINT_CORES: '(0,0' is not 'all', cores as (0,0) or ranges as (0,0)-(3,3)
// FAILING: 0:(x=0,y=0):BR: before
// FAILING: error: {{.*}}speak.cpp:23: ASSERT: does not hold: wrong != 1
// CHECK: 0:(x=0,y=0):BR: core 0 0
// CHECK-NEXT: 0:(x=0,y=0):BR: -5 ff 1.5 2.50 [   7] 3 -1
// CHECK-NEXT: 0:(x=0,y=0):BR: x=3, y=0.25 {}
// CHECK-NEXT: 0:(x=0,y=0):BR: no end
// CHECK-NEXT: 0:(x=0,y=0):TR1: math
// CHECK-NEXT: 0:(x=1,y=1):BR: core 1 1
// CHECK: 0:(x=1,y=2):BR: core 1 2
// CHECK: ran
//--- speak.cpp
#include <cstdint>

#include "api/dataflow/dataflow_api.h"

constexpr uint32_t wrong = get_compile_time_arg_val(0);

void kernel_main() {
  WAYPOINT("HERE");
  if (wrong == 1) {
    DPRINT << "before" << ENDL();
  }
  if (wrong == 0) {
    DPRINT << "core " << static_cast<uint32_t>(get_absolute_logical_x()) << ' '
           << static_cast<uint32_t>(get_absolute_logical_y()) << ENDL();
    DPRINT << -5 << " " << HEX() << 255 << DEC() << " " << BF16(0x3fc0) << " "
           << FIXED() << SETPRECISION(2) << 2.5f << DEFAULTFLOAT()
           << SETPRECISION(6) << " [" << SETW(4) << 7 << "] " << U32(3) << " "
           << F32(-1.0f) << ENDL();
    DPRINT("x={}, y={} {{}}\n", 3, 0.25f);
    DPRINT << "no end";
  }

  ASSERT(wrong != 1);
}
