// RUN: %parts
// RUN: env TESSERA_THREADS=1 %t/program plain > %t/plain-1
// RUN: env TESSERA_THREADS=2 %t/program plain > %t/plain-2
// RUN: env TESSERA_THREADS= %t/program plain > %t/plain-all
// RUN: cmp %t/plain-1 %t/plain-2 && cmp %t/plain-1 %t/plain-all
// RUN: FileCheck %t/main.cpp --input-file %t/plain-1
// RUN: env TESSERA_THREADS=1 %t/program variables > %t/variables-1
// RUN: env TESSERA_THREADS=2 %t/program variables > %t/variables-2
// RUN: cmp %t/variables-1 %t/variables-2
// RUN: cmp %t/variables-1 %t/plain-1
// RUN: not env TESSERA_THREADS=two %t/program plain 2>&1 | FileCheck %t/main.cpp --check-prefix=WORD
// RUN: not env TESSERA_THREADS=0 %t/program plain 2>&1 | FileCheck %t/main.cpp --check-prefix=ZERO
// The number of the host's threads changes nothing, also not for kernels with
// variables of their own.
//--- main.cpp
#include "harness.hpp"

using namespace harness;

int main(int, char **argv) {
  auto device = distributed::MeshDevice::create_unit_mesh(0);
  auto &queue = device->mesh_command_queue();
  const CoreRange all(CoreCoord(0, 0), CoreCoord(7, 7));
  Program program = CreateProgram();
  CreateCircularBuffer(
      program, all,
      CircularBufferConfig(2048, {{0, tt::DataFormat::Float32}})
          .set_page_size(0, 2048));
  auto out = make_buffer(device.get(), tt::DataFormat::Float32, 64);
  std::vector<uint32_t> words;
  TensorAccessorArgs(*out).append_to(words);
  auto kernel =
      CreateKernel(program, KERNEL_DIR "/" + std::string(argv[1]) + ".cpp", all,
                   WriterDataMovementConfig(words));
  SetCommonRuntimeArgs(program, kernel,
                       {static_cast<uint32_t>(out->address())});
  launch(*device, std::move(program));
  const Values got = download(queue, out, tt::DataFormat::Float32);
  for (std::size_t core = 0; core < 64; ++core)
    std::printf("%zu: %.0f\n", core, got[core * 1024]);
}
// CHECK: {{^}}0: 50000
// CHECK: {{^}}63: 50000
// WORD: error: TESSERA_THREADS: 'two' is no number from 1 to 999
// ZERO: error: TESSERA_THREADS: '0' is no number from 1 to 999
//--- plain.cpp
#include "count.h"

void kernel_main() {
  volatile uint32_t counter = 0;
  count(counter);
}
//--- variables.cpp
#include "count.h"

volatile uint32_t counter = 0;

void kernel_main() { count(counter); }
//--- count.h
#include <cstdint>

#include "api/dataflow/dataflow_api.h"

inline void count(volatile uint32_t &counter) {
  constexpr auto args = TensorAccessorArgs<0>();
  const auto out = TensorAccessor(args, get_common_arg_val<uint32_t>(0), 4096);
  for (uint32_t i = 0; i < 50000; ++i) {
    counter = counter + 1;
    if (i % 5000 == 0)
      (void)get_tile_size(0);
  }
  const uint32_t page = get_write_ptr(0);
  *reinterpret_cast<volatile tt_l1_ptr float *>(page) =
      static_cast<float>(counter);
  noc_async_write(
      page,
      out.get_noc_addr(get_absolute_logical_y() * 8 + get_absolute_logical_x()),
      2048);
  noc_async_write_barrier();
}
