// RUN: %parts
// RUN: env TT_METAL_DPRINT_CORES=all TESSERA_THREADS=1 %t/program > %t/one
// RUN: env TT_METAL_DPRINT_CORES=all TESSERA_THREADS=4 %t/program > %t/four
// RUN: cmp %t/one %t/four
// RUN: env TT_METAL_DPRINT_CORES=all TESSERA_CXXFLAGS="-Wl,-z,pack-relative-relocs" %t/program > %t/packed
// RUN: cmp %t/one %t/packed
// RUN: FileCheck %t/main.cpp --input-file %t/one
// RUN: not %t/program local 2>&1 | FileCheck %t/main.cpp --check-prefix=LOCAL
// RUN: not %t/program constructed 2>&1 | FileCheck %t/main.cpp --check-prefix=CONSTRUCTED
// RUN: not %t/program large 2>&1 | FileCheck %t/main.cpp --check-prefix=LARGE
// RUN: env TESSERA_TARGET=p150 TT_METAL_DPRINT_CORES=all %t/program large | FileCheck %t/main.cpp --check-prefix=FITS
// A compiler that does not preprocess: nothing is kept, and nothing left behind
// of a kernel that is refused.
// RUN: echo 'for word; do test "$word" != -E || exit 1; done; exec c++ "$@"' > %t/wrapper && chmod +x %t/wrapper
// RUN: sed -i '1i #!/bin/sh' %t/wrapper
// RUN: env TESSERA_CACHE=%t/cache TESSERA_CXX=%t/wrapper TT_METAL_DPRINT_CORES=all %t/program | FileCheck %t/main.cpp
// RUN: not env TESSERA_CACHE=%t/cache TESSERA_CXX=%t/wrapper %t/program local 2>&1 | FileCheck %t/main.cpp --check-prefix=LOCAL
// RUN: ls %t/cache/kernels | not grep .
// Every processor of every core has a kernel's variables for itself, as they
// were written, at each launch. The host's of the same name are not meant.
//--- main.cpp
#include "harness.hpp"

using namespace harness;

extern "C" {
int array[3] = {-1, -1, -1};
int counter = -1;
}

int main(int argc, char **argv) {
  auto device = distributed::MeshDevice::create_unit_mesh(0);
  const CoreRange cores({0, 0}, {3, 1});
  const std::string what = argc > 1 ? argv[1] : "kept";
  const std::string file = KERNEL_DIR "/" + what + ".cpp";
  auto build = [&] {
    Program program = CreateProgram();
    CreateKernel(program, file, cores, ReaderDataMovementConfig());
    CreateKernel(program, file, cores, WriterDataMovementConfig());
    if (argc == 1)
      CreateKernel(program, file, cores, ComputeConfig());
    return program;
  };
  distributed::MeshWorkload workload;
  workload.add_program(distributed::MeshCoordinateRange(device->shape()),
                       build());
  auto &queue = device->mesh_command_queue();
  for (int launch = 0; launch < 2; ++launch) {
    distributed::EnqueueMeshWorkload(queue, workload, true);
    std::printf("launched\n");
  }
  return array[0] + 1;
}
// CHECK: 0:(x=0,y=0):BR: counter 4 array 14 28 42 turns 4 other 104 b
// CHECK: 0:(x=0,y=0):NC: counter 5 array 15 30 45 turns 5 other 105 b
// CHECK: 0:(x=0,y=0):TR0: counter 6 array 16 32 48 turns 6 other 106 b
// CHECK: 0:(x=0,y=0):TR1: counter 7 array 17 34 51 turns 7 other 107 b
// CHECK: 0:(x=0,y=0):TR2: counter 8 array 18 36 54 turns 8 other 108 b
// CHECK: 0:(x=3,y=1):BR: counter 17 array 27 54 81 turns 17 other 117 b
// CHECK: 0:(x=3,y=1):NC: counter 18 array 28 56 84 turns 18 other 118 b
// CHECK: 0:(x=3,y=1):TR0: counter 19 array 29 58 87 turns 19 other 119 b
// CHECK: 0:(x=3,y=1):TR1: counter 20 array 30 60 90 turns 20 other 120 b
// CHECK: 0:(x=3,y=1):TR2: counter 21 array 31 62 93 turns 21 other 121 b
// CHECK: launched
// CHECK: 0:(x=0,y=0):BR: counter 4 array 14 28 42 turns 4 other 104 b
// CHECK: 0:(x=0,y=0):NC: counter 5 array 15 30 45 turns 5 other 105 b
// CHECK: 0:(x=0,y=0):TR0: counter 6 array 16 32 48 turns 6 other 106 b
// CHECK: 0:(x=0,y=0):TR1: counter 7 array 17 34 51 turns 7 other 107 b
// CHECK: 0:(x=0,y=0):TR2: counter 8 array 18 36 54 turns 8 other 108 b
// CHECK: 0:(x=3,y=1):BR: counter 17 array 27 54 81 turns 17 other 117 b
// CHECK: 0:(x=3,y=1):NC: counter 18 array 28 56 84 turns 18 other 118 b
// CHECK: 0:(x=3,y=1):TR0: counter 19 array 29 58 87 turns 19 other 119 b
// CHECK: 0:(x=3,y=1):TR1: counter 20 array 30 60 90 turns 20 other 120 b
// CHECK: 0:(x=3,y=1):TR2: counter 21 array 31 62 93 turns 21 other 121 b
// CHECK: launched
// LOCAL: error: kernel 'local' ({{.*}}) has thread_local variables; every processor of a core has variables of its own, so leave the word out
// CONSTRUCTED: error: kernel 'constructed' ({{.*}}) has variables whose constructors run before kernel_main, which tt-metal does not call: give them their values in kernel_main, or make them constexpr
// LARGE: error: kernel 'large' (ncrisc) has {{50[0-9][0-9]}} B of variables, but the processor has 4096 B for variables and stack: larger data belong in L1, in a circular buffer
// FITS: 0:(x=0,y=0):BR: 2500
//--- kept.cpp
#include <cstdint>

#if defined(COMPILE_FOR_TRISC)
#include "api/compute/common.h"
#include "api/debug/dprint.h"
constexpr uint32_t thread = COMPILE_FOR_TRISC + 2;
#else
#include "api/dataflow/dataflow_api.h"
#if defined(COMPILE_FOR_BRISC)
constexpr uint32_t thread = 0;
#else
constexpr uint32_t thread = 1;
#endif
#endif

uint32_t array[3] = {10, 20, 30};
uint32_t *last = &array[2]; // into the object, as the next two
const char *letter = "a";
uint32_t add(uint32_t x, uint32_t y) { return x + y; }
uint32_t (*volatile combine)(uint32_t, uint32_t) = add;
const char *const table[] = {"a", "b", "c"};
inline uint32_t counter = 0;
inline uint32_t &other() {
  static uint32_t value = 100;
  return value;
}
struct holder {
  static inline uint32_t turns = 0;
};

void kernel_main() {
  const uint32_t rounds =
      4 + thread + get_absolute_logical_x() * 3 + get_absolute_logical_y() * 4;
  for (uint32_t i = 0; i < rounds; ++i) {
    counter = combine(counter, 1);
    array[0] += 1;
    array[1] += 2;
    *last += 3;
    holder::turns++;
    other()++;
    letter = table[i != 0];
  }
  DPRINT << "counter " << counter << " array " << array[0] << " " << array[1]
         << " " << array[2] << " turns " << holder::turns << " other "
         << other() << " " << letter << ENDL();
}
//--- local.cpp
#include <cstdint>

#include "api/dataflow/dataflow_api.h"

thread_local volatile uint32_t counter = 0;

void kernel_main() { counter = counter + 1; }
//--- constructed.cpp
#include <cstdint>

#include "api/dataflow/dataflow_api.h"

uint32_t first = get_arg_val<uint32_t>(0);

void kernel_main() { first++; }
//--- large.cpp
#include <cstdint>

#include "api/dataflow/dataflow_api.h"

volatile uint32_t words[1250];

void kernel_main() {
  words[1249] = 2500;
  DPRINT << words[1249] << ENDL();
}
