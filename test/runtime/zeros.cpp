// RUN: %parts
// RUN: env TT_METAL_DPRINT_CORES=all %t/program 0 | FileCheck %t/main.cpp
// RUN: env TT_METAL_DPRINT_CORES=all TESSERA_TARGET=p150 TESSERA_METALIUM=2026-02 %t/program 0 | FileCheck %t/main.cpp
// RUN: not %t/program 1 2>&1 | FileCheck %t/main.cpp --check-prefix=STORE
// RUN: not %t/program 2 2>&1 | FileCheck %t/main.cpp --check-prefix=READ
// RUN: not %t/program 3 2>&1 | FileCheck %t/main.cpp --check-prefix=WRITE
// RUN: env TESSERA_STRICT=off TT_METAL_DPRINT_CORES=all %t/program 3 | FileCheck %t/main.cpp
// What kernels have without asking for it: zeros in L1, which stay so, and what
// tt-metal's headers bring of the standard library, with which a kernel has
// accessors for as many tensors as it is compiled for.
//--- main.cpp
#include "harness.hpp"

#include <cstdlib>

using namespace harness;

int main(int, char **argv) {
  auto device = distributed::MeshDevice::create_unit_mesh(0);
  auto &queue = device->mesh_command_queue();
  std::vector<std::shared_ptr<distributed::MeshBuffer>> in;
  Program program = CreateProgram();
  const CoreCoord core(0, 0);
  add_cb(program, CoreRange(core, core), 0, tt::DataFormat::Float16_b, 1);
  std::vector<uint32_t> args = {static_cast<uint32_t>(std::atoi(argv[1]))};
  std::vector<uint32_t> addresses;
  for (uint32_t page_bytes : {64, 128, 2048}) {
    in.push_back(distributed::MeshBuffer::create(
        distributed::ReplicatedBufferConfig{.size = 2 * page_bytes},
        {.page_size = page_bytes}, device.get()));
    std::vector<uint32_t> words(2 * page_bytes / 4, page_bytes);
    words[page_bytes / 4] = page_bytes + 5;
    distributed::EnqueueWriteMeshBuffer(queue, in.back(), words);
    args.push_back(page_bytes);
    addresses.push_back(static_cast<uint32_t>(in.back()->address()));
  }
  for (const auto &buffer : in)
    TensorAccessorArgs(buffer).append_to(args);
  const CoreCoord peer = device->worker_core_from_logical_core({1, 1});
  addresses.push_back(static_cast<uint32_t>(peer.x));
  addresses.push_back(static_cast<uint32_t>(peer.y));
  auto kernel = CreateKernel(program, KERNEL_DIR "/kernel.cpp", core,
                             ReaderDataMovementConfig(args));
  SetRuntimeArgs(program, kernel, core, addresses);
  CreateKernel(program, KERNEL_DIR "/blank.cpp", core, ComputeConfig{});
  launch(*device, std::move(program));
  return 0;
}
// CHECK: sums 0 0 page 1: 69 133 2053 least 5
// STORE: error: program 1, core (0,0), kernel 'kernel' (ncrisc): kernel.cpp:{{.*}}: writes 4 B to byte [[BASE:12[0-9]+]] of core (0,0), where kernels read zeros (MEM_ZEROS_BASE): bytes [[BASE]] to 13{{[0-9]+}} stay as they are
// READ: kernel.cpp:40: noc_async_read: writes 32 B to byte {{[0-9]+}} of core (0,0), where kernels read zeros
// WRITE: kernel.cpp:{{4[0-9]}}: noc_async_write: writes 32 B to byte {{[0-9]+}} of core (1,1), where kernels read zeros
//--- blank.cpp
#include "api/compute/blank.h"

void kernel_main() {}
//--- kernel.cpp
#include "api/dataflow/dataflow_api.h"
#include "api/debug/dprint.h"

constexpr uint32_t what = get_compile_time_arg_val(0);
constexpr uint32_t tensors = 3;

void kernel_main() {
  constexpr auto args = make_tensor_accessor_args_tuple<tensors, 1 + tensors>();
  const auto accessors = make_tensor_accessor_tuple(args, 0, 1);
  const auto any = make_abstract_tensor_accessor_wrappers(accessors);
  cb_reserve_back(0, 1);
  const uint32_t to = get_write_ptr(0);
  volatile tt_l1_ptr uint *words =
      reinterpret_cast<volatile tt_l1_ptr uint *>(to);
  // As scalers of reductions begin.
  const uint64_t zeros = get_noc_addr(MEM_ZEROS_BASE);
  noc_async_read_one_packet_set_state(zeros, MEM_ZEROS_SIZE);
  for (int32_t done = 0; done < 2048; done += MEM_ZEROS_SIZE) {
    noc_async_read_one_packet_with_state(zeros, to + done);
  }
  noc_async_read_barrier();
  uint sums[2] = {0, 0};
  const tt_l1_ptr uint *own =
      reinterpret_cast<const tt_l1_ptr uint *>(MEM_ZEROS_BASE);
  for (uint i = 0; i < 512; ++i) {
    sums[0] += words[i];
    sums[1] += own[i % (MEM_ZEROS_SIZE / 4)];
  }
  uint read[tensors], least = ~0u;
  for (uint i = 0; i < tensors; ++i) {
    noc_async_read(any[i].get_noc_addr(1), to, 64);
    noc_async_read_barrier();
    read[i] = words[0];
    least = std::min(least, read[i] % 64);
  }
  if (what == 1) {
    *reinterpret_cast<volatile tt_l1_ptr uint *>(MEM_ZEROS_BASE) = 7;
  }
  if (what == 2) {
    noc_async_read(any[0].get_noc_addr(0), MEM_ZEROS_BASE + 64, 32);
  }
  if (what == 3) {
    noc_async_write(to,
                    get_noc_addr(get_arg_val<uint32_t>(tensors),
                                 get_arg_val<uint32_t>(tensors + 1),
                                 MEM_ZEROS_BASE + 480),
                    32);
    noc_async_write_barrier();
  }
  DPRINT << "sums " << sums[0] << " " << sums[1] << " page 1: " << read[0]
         << " " << read[1] << " " << std::get<2>(std::make_tuple(0, 0, read[2]))
         << " least " << least << ENDL();
  cb_push_back(0, 1);
  cb_wait_front(0, 1);
  cb_pop_front(0, 1);
}
