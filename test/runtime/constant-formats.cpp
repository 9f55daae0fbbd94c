// RUN: %parts
// RUN: env TT_METAL_DPRINT_CORES=all %t/program 9 | FileCheck %t/main.cpp
// RUN: env TT_METAL_DPRINT_CORES=all %t/program 6 | FileCheck %t/main.cpp --check-prefix=BLOCK
// RUN: not %t/program 9 1 2>&1 | FileCheck %t/main.cpp --check-prefix=DIFFERS
// RUN: not %t/program 9 2 2>&1 | FileCheck %t/main.cpp --check-prefix=NONE
// RUN: not %t/program 9 3 2>&1 | FileCheck %t/main.cpp --check-prefix=LATER
// What a kernel asks of its circular buffers' formats is constant, where they
// are the same on all of its cores.
//--- main.cpp
#include "harness.hpp"

#include <cstdlib>

using namespace harness;

int main(int count, char **argv) {
  auto device = distributed::MeshDevice::create_unit_mesh(0);
  Program program = CreateProgram();
  const CoreCoord first(0, 0), second(1, 0);
  const CoreRange both(first, second);
  add_cb(program, both, 0, static_cast<tt::DataFormat>(std::atoi(argv[1])), 2);
  add_cb(program, first, 1, tt::DataFormat::Float32, 2);
  add_cb(program, second, 1, tt::DataFormat::Float16_b, 2);
  const uint32_t wrong = count > 2 ? std::atoi(argv[2]) : 0;
  CreateKernel(program, KERNEL_DIR "/ask.cpp", both,
               ReaderDataMovementConfig({wrong}));
  launch(*device, std::move(program));
  return 0;
}
// CHECK: size 2048 format 9 of 4 faces, 1024 elements; the other: 4096, 0
// CHECK: size 2048 format 9 of 4 faces, 1024 elements; the other: 2048, 5
// BLOCK: size 1088 format 6
// DIFFERS: error: kernel 'ask' (ncrisc) does not compile:
// DIFFERS: no_circular_buffer_of_one_format_on_all_cores_of_this_kernel
// NONE: no_circular_buffer_of_one_format_on_all_cores_of_this_kernel
// LATER: get_tile_size: there is no circular buffer 9 on this core
//--- ask.cpp
#include <cstdint>

#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  constexpr uint32_t bytes = get_tile_size(0);
  constexpr DataFormat format = get_dataformat(0);
  constexpr uint32_t faces = get_tile_num_faces(0), elements = get_tile_hw(0);
  const uint32_t other = get_tile_size(1);
  DPRINT << "size " << bytes << " format " << static_cast<uint32_t>(format)
         << " of " << faces << " faces, " << elements
         << " elements; the other: " << other << ", "
         << static_cast<uint32_t>(get_dataformat(1)) << ENDL();
#define wrong get_compile_time_arg_val(0)
  constexpr uint32_t more = get_tile_size(wrong == 3 ? 0 : wrong);
  DPRINT << more;
  if (wrong == 3) {
    const uint32_t none = get_tile_size(9);
    DPRINT << none;
  }
}
