// RUN: %parts && %t/program | FileCheck %t/main.cpp
// What is handed over is counted in 16 bits. And a kernel's file that begins
// with a byte order mark.
//--- main.cpp
#include "harness.hpp"

#include <fstream>
#include <stdexcept>

using namespace harness;

int main() {
  const std::string path = KERNEL_DIR "/marked.cpp";
  std::ofstream(path) << "\xef\xbb\xbf#include \"pass.cpp\"\n";
  auto device = distributed::MeshDevice::create_unit_mesh(0);
  for (uint32_t pages : {65535u, 65536u}) {
    Program program = CreateProgram();
    const CoreRange core({0, 0}, {0, 0});
    CreateCircularBuffer(
        program, core,
        CircularBufferConfig(pages * 16, {{0, tt::DataFormat::UInt8}})
            .set_page_size(0, 16));
    CreateKernel(program, path, core, ReaderDataMovementConfig({pages}));
    try {
      launch(*device, std::move(program));
      std::printf("%u: ran\n", pages);
    } catch (const std::runtime_error &error) {
      std::printf("%u: %s\n", pages, error.what());
    }
  }
  return 0;
}
// CHECK: 65535: ran
// CHECK: 65536: {{.*}}pass.cpp:8: cb_reserve_back: circular buffer 0 has 65536 pages, but what is handed over is counted in 16 bits: it may have 65535
//--- pass.cpp
#include <cstdint>

#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  constexpr uint32_t pages = get_compile_time_arg_val(0);
  for (int i = 0; i < 2; ++i) {
    cb_reserve_back(0, pages);
    cb_push_back(0, pages);
    cb_wait_front(0, pages);
    cb_pop_front(0, pages);
  }
}
