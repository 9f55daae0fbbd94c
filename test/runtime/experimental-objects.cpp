// RUN: rm -rf %t && split-file %s %t
// RUN: %metalium-2026-02 -DKERNEL_DIR='"%t"' %t/main.cpp -o %t/program %lib
// RUN: %t/program | FileCheck %t/main.cpp
// RUN: env TESSERA_TARGET=p150 %t/program | FileCheck %t/main.cpp
// RUN: not env TESSERA_METALIUM=2026-08 %t/program 2>&1 | FileCheck %t/main.cpp --check-prefix=LATER
// The objects of the first half of 2026, and the headers' names of its start:
// a core reads pages and sends them to itself and another, which adds them up.
//--- main.cpp
#include "harness.hpp"

using namespace harness;

int main() {
  auto device = distributed::MeshDevice::create_unit_mesh(0);
  auto &queue = device->mesh_command_queue();
  const CoreRange cores({0, 0}, {1, 0});
  auto make = [&](uint32_t pages) {
    return distributed::MeshBuffer::create(
        distributed::ReplicatedBufferConfig{.size = pages * 4096},
        {.page_size = 4096}, device.get());
  };
  auto in = make(2), out = make(1);
  std::vector<float> values(2048);
  for (uint32_t i = 0; i < values.size(); ++i)
    values[i] = i % 97;
  distributed::EnqueueWriteMeshBuffer(queue, in, values);
  Program program = CreateProgram();
  for (uint32_t cb : {0, 1, 16})
    CreateCircularBuffer(
        program, cores,
        CircularBufferConfig(4096, {{cb, tt::DataFormat::Float32}})
            .set_page_size(cb, 4096));
  const uint32_t semaphore = CreateSemaphore(program, cores, 0);
  std::vector<uint32_t> args{semaphore};
  TensorAccessorArgs(in).append_to(args);
  auto send = CreateKernel(program, KERNEL_DIR "/send.cpp", CoreCoord(0, 0),
                           ReaderDataMovementConfig(args));
  args = {semaphore};
  TensorAccessorArgs(out).append_to(args);
  auto take = CreateKernel(program, KERNEL_DIR "/take.cpp", CoreCoord(1, 0),
                           ReaderDataMovementConfig(args));
  CreateKernel(program, KERNEL_DIR "/add.cpp", CoreCoord(1, 0),
               ComputeConfig{.math_fidelity = MathFidelity::HiFi4,
                             .fp32_dest_acc_en = true});
  auto give = CreateKernel(program, KERNEL_DIR "/give.cpp", CoreCoord(1, 0),
                           WriterDataMovementConfig(args));
  const CoreCoord peer = device->worker_core_from_logical_core({1, 0});
  SetRuntimeArgs(program, send, CoreCoord(0, 0),
                 {static_cast<uint32_t>(in->address()),
                  static_cast<uint32_t>(peer.x),
                  static_cast<uint32_t>(peer.y)});
  SetRuntimeArgs(program, take, CoreCoord(1, 0), {});
  SetRuntimeArgs(program, give, CoreCoord(1, 0),
                 {static_cast<uint32_t>(out->address())});
  launch(*device, std::move(program));
  std::vector<float> got;
  distributed::EnqueueReadMeshBuffer(queue, got, out);
  int wrong = 0;
  for (uint32_t i = 0; i < got.size(); ++i)
    wrong += got[i] != (values[i] == values[1024 + i] ? 1 : 0);
  std::printf("%d of %zu wrong\n", wrong, got.size());
  return wrong != 0;
}
// CHECK: 0 of 1024 wrong
// LATER: error: kernel '{{(send|take|add|give)}}' {{.*}} does not compile:
// LATER: {{outside of the model's surface|compute_kernel_api.h: No such file}}
//--- send.cpp
#include <cstdint>

#include "api/dataflow/dataflow_api.h"
#include "experimental/circular_buffer.h"
#include "experimental/core_local_mem.h"
#include "experimental/endpoints.h"
#include "experimental/noc.h"
#include "experimental/noc_semaphore.h"
#include "experimental/tensor.h"

using experimental::CircularBuffer;

void kernel_main() {
  constexpr auto in_args = TensorAccessorArgs<1>();
  const auto in = TensorAccessor(in_args, get_arg_val<uint32_t>(0), 4096);
  const uint32_t x = get_arg_val<uint32_t>(1), y = get_arg_val<uint32_t>(2);
  experimental::Noc noc;
  CircularBuffer first(0), second(1);
  experimental::Semaphore<> ready(get_compile_time_arg_val(0));
  first.reserve_back(1);
  second.reserve_back(1);
  experimental::CoreLocalMem<uint32_t> local(first.get_write_ptr());
  using Mode = experimental::Noc::TxnIdMode;
  using Barrier = experimental::Noc::BarrierMode;
  noc.async_read<Mode::ENABLED>(in, local, 4096, {.page_id = 0}, {},
                                NOC_UNICAST_WRITE_VC, 2);
  noc.async_read_barrier<Barrier::TXN_ID>(2);
  noc.async_read(in, second, 4096, {.page_id = 1}, {});
  noc.async_read_barrier();
  // Both ends of memory that nothing was pushed to lie at the same place.
  experimental::UnicastEndpoint peer;
  noc.async_write<Mode::DISABLED, experimental::Noc::ResponseMode::POSTED>(
      experimental::use<CircularBuffer::AddrSelector::WRITE_PTR>(first), peer,
      4096, {}, {.noc_x = x, .noc_y = y, .addr = first.get_write_ptr()});
  noc.async_writes_flushed<experimental::Noc::ResponseMode::POSTED>();
  noc.async_write_multicast<experimental::Noc::McastMode::EXCLUDE_SRC>(
      experimental::use<CircularBuffer::AddrSelector::WRITE_PTR>(second),
      experimental::MulticastEndpoint(), 4096, 1, {},
      {.noc_x_start = x,
       .noc_y_start = y,
       .noc_x_end = x,
       .noc_y_end = y,
       .addr = second.get_write_ptr()});
  noc.async_write_barrier();
  experimental::CoreLocalMem<uint32_t> at = local + 4;
  ASSERT(at - local == 4 && --at != local && local < at && at);
  ready.set(1);
  ready.set_multicast<experimental::Noc::McastMode::EXCLUDE_SRC>(noc, x, y, x,
                                                                 y, 1);
  noc.async_write_barrier();
}
//--- take.cpp
#include <cstdint>

#include "experimental/circular_buffer.h"
#include "experimental/noc_semaphore.h"

void kernel_main() {
  experimental::CircularBuffer first(0), second(1);
  experimental::Semaphore<> ready(get_compile_time_arg_val(0));
  first.reserve_back(1);
  second.reserve_back(1);
  ASSERT(first.get_dataformat() == DataFormat::Float32);
  ASSERT(first.get_tile_hw() == 1024);
  ready.wait(1);
  first.push_back(1);
  second.push_back(1);
}
//--- add.cpp
#include <cstdint>

#include "api/debug/assert.h"
#include "compute_kernel_api.h"
#include "compute_kernel_api/common.h"
#include "compute_kernel_api/eltwise_binary_sfpu.h"
#include "compute_kernel_api/eltwise_unary/eltwise_unary.h"
#include "compute_kernel_api/eltwise_unary/logical_not_noti.h"
#include "compute_kernel_api/tile_move_copy.h"
#include "experimental/circular_buffer.h"

void kernel_main() {
  experimental::CircularBuffer first(0), second(1), out(16);
  init_sfpu(0, 16);
  first.wait_front(1);
  second.wait_front(1);
  ASSERT(first.read_tile_value(0, 0) == 0);
  tile_regs_acquire();
  copy_tile_to_dst_init_short(0);
  copy_tile(0, 0, 0);
  copy_tile_to_dst_init_short(1);
  copy_tile(1, 0, 1);
  sub_binary_tile_init();
  sub_binary_tile(0, 1, 0);
  logical_not_unary_tile_init();
  logical_not_unary_tile(0);
  tile_regs_commit();
  out.reserve_back(1);
  tile_regs_wait();
  pack_tile(0, 16);
  tile_regs_release();
  out.push_back(1);
  first.pop_front(1);
  second.pop_front(1);
}
//--- give.cpp
#include <cstdint>

#include "experimental/circular_buffer.h"
#include "experimental/core_local_mem.h"
#include "experimental/dataflow_buffer.h"
#include "experimental/endpoints.h"
#include "experimental/noc_semaphore.h"
#include "experimental/tensor.h"

// A kernel's own source of bytes, and names of its own that are called as later
// releases call theirs.
struct Half {
  uint32_t address;
};
enum class NocOptions { few, many };

namespace experimental {

template <> struct noc_traits_t<Half> {
  struct src_args_type {};
  template <Noc::AddressType Type>
  static uint64_t src_addr(const Half &of, const Noc &, const src_args_type &) {
    return of.address;
  }
};

} // namespace experimental

using namespace experimental;

void kernel_main() {
  constexpr auto out_args = TensorAccessorArgs<1>();
  const auto out = TensorAccessor(out_args, get_arg_val<uint32_t>(0), 4096);
  DataflowBuffer from(16);
  CircularBuffer same(16);
  Semaphore<> unused(get_compile_time_arg_val(0));
  UnicastEndpoint peer;
  MulticastEndpoint peers;
  AllocatorBank<AllocatorBankType::DRAM> bank;
  Noc noc;
  from.wait_front(1);
  CoreLocalMem<uint32_t> half(from.get_read_ptr());
  noc.async_write(Half{half.get_address()}, out, 2048, {}, {.page_id = 0});
  noc.async_write(use<CircularBuffer::AddrSelector::READ_PTR>(same), out, 2048,
                  {.offset_bytes = 2048}, {.page_id = 0, .offset_bytes = 2048});
  noc.async_write_barrier();
  from.pop_front(1);
}
