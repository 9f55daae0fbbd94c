// RUN: %parts && %t/program | FileCheck %t/main.cpp
// RUN: env TESSERA_TARGET=p150 %t/program | FileCheck %t/main.cpp
// The whole family of NoC calls moves the right bytes: with state, posted, by
// transaction, on the other NoC, words and parts of words, multicast with and
// without the sender, linked, and increments of many semaphores at once.
//--- main.cpp
#include "harness.hpp"

using namespace harness;

int main() {
  auto device = distributed::MeshDevice::create_unit_mesh(0);
  auto &queue = device->mesh_command_queue();
  const CoreRange all(CoreCoord(0, 0), CoreCoord(3, 1));
  const CoreCoord sender(1, 0);
  const uint32_t pages = 8, page_bytes = 256;
  const auto cores = static_cast<uint32_t>(all.size());
  auto make = [&](uint32_t count) {
    return distributed::MeshBuffer::create(
        distributed::ReplicatedBufferConfig{.size = count * page_bytes},
        {.page_size = page_bytes}, device.get());
  };
  auto in = make(pages), out = make(cores * pages);
  std::vector<uint32_t> values(pages * page_bytes / 4);
  for (uint32_t i = 0; i < values.size(); ++i)
    values[i] = i * 2654435761u;
  distributed::EnqueueWriteMeshBuffer(queue, in, values);

  Program program = CreateProgram();
  CreateCircularBuffer(
      program, all,
      CircularBufferConfig(pages * page_bytes, {{0, tt::DataFormat::Float32}})
          .set_page_size(0, page_bytes));
  const uint32_t go = CreateSemaphore(program, all, 0);
  std::vector<uint32_t> args = {pages, cores, go};
  TensorAccessorArgs(in).append_to(args);
  TensorAccessorArgs(out).append_to(args);
  const DataMovementConfig config{.processor = DataMovementProcessor::RISCV_1,
                                  .noc = NOC::NOC_0,
                                  .noc_mode = NOC_MODE::DM_DYNAMIC_NOC,
                                  .compile_args = args};
  auto kernel = CreateKernel(program, KERNEL_DIR "/send.cpp", sender, config);
  const CoreRangeSet others(std::vector<CoreRange>{
      CoreRange({0, 0}), CoreRange({2, 0}, {3, 0}), CoreRange({0, 1}, {3, 1})});
  auto receiver =
      CreateKernel(program, KERNEL_DIR "/receive.cpp", others, config);
  const CoreCoord first = device->worker_core_from_logical_core({0, 0});
  const CoreCoord last = device->worker_core_from_logical_core({3, 1});
  SetCommonRuntimeArgs(
      program, kernel,
      {static_cast<uint32_t>(in->address()),
       static_cast<uint32_t>(out->address()), static_cast<uint32_t>(first.x),
       static_cast<uint32_t>(first.y), static_cast<uint32_t>(last.x),
       static_cast<uint32_t>(last.y)});
  SetCommonRuntimeArgs(program, receiver,
                       {static_cast<uint32_t>(in->address()),
                        static_cast<uint32_t>(out->address())});
  launch(*device, std::move(program));
  std::vector<uint32_t> got;
  distributed::EnqueueReadMeshBuffer(queue, got, out);
  int wrong = 0;
  for (uint32_t core = 0; core < cores; ++core)
    for (uint32_t i = 0; i < values.size(); ++i) {
      uint32_t want = values[i];
      if (i == 0)
        want = 0x11bb33dd; // words in place
      wrong += got[core * values.size() + i] != want;
    }
  std::printf("%d wrong\n", wrong);
  return wrong != 0;
}
// CHECK: 0 wrong
//--- send.cpp
#include <cstdint>

#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  constexpr uint32_t pages = get_compile_time_arg_val(0);
  constexpr uint32_t cores = get_compile_time_arg_val(1);
  constexpr auto in_args = TensorAccessorArgs<3>();
  constexpr auto out_args =
      TensorAccessorArgs<in_args.next_compile_time_args_offset()>();
  const auto in = TensorAccessor(in_args, get_common_arg_val<uint32_t>(0), 256);
  const auto out =
      TensorAccessor(out_args, get_common_arg_val<uint32_t>(1), 256);
  const uint32_t x0 = get_common_arg_val<uint32_t>(2);
  const uint32_t y0 = get_common_arg_val<uint32_t>(3);
  const uint32_t x1 = get_common_arg_val<uint32_t>(4);
  const uint32_t y1 = get_common_arg_val<uint32_t>(5);
  const uint32_t go = get_semaphore(get_compile_time_arg_val(2));
  volatile tt_l1_ptr uint32_t *go_word =
      reinterpret_cast<volatile tt_l1_ptr uint32_t *>(go);
  const uint32_t l1 = get_write_ptr(0);
  const uint8_t other = 1 - noc_index;

  // Pages 0 and 1: one packet, and with state, which keeps the endpoint.
  noc_async_read_one_packet(in.get_noc_addr(0), l1, 256);
  noc_async_read_one_packet_set_state(in.get_noc_addr(1), 128);
  const uint32_t at = static_cast<uint32_t>(in.get_noc_addr(1));
  noc_async_read_one_packet_with_state(at, l1 + 256);
  noc_async_read_one_packet_with_state(at + 128, l1 + 256 + 128);
  noc_async_read_barrier();
  // Page 2: any size with state.
  noc_async_read_set_state(in.get_noc_addr(2));
  noc_async_read_with_state(static_cast<uint32_t>(in.get_noc_addr(2)), l1 + 512,
                            192);
  noc_async_read_with_state(static_cast<uint32_t>(in.get_noc_addr(2)) + 192,
                            l1 + 512 + 192, 64);
  // Page 3: on the other NoC.
  noc_async_read_page(3, in, l1 + 768, 0, other);
  noc_async_read_barrier();
  noc_async_read_barrier(other);
  // Pages 4 and 5: two transactions, of which the first is waited for alone.
  noc_async_read_set_trid(1);
  noc_async_read_page(4, in, l1 + 1024);
  noc_async_read_set_trid(2);
  noc_async_read_page(5, in, l1 + 1280);
  noc_async_read_barrier_with_trid(1);
  noc_async_write_page(4, out, l1 + 1024);
  noc_async_write_barrier();
  noc_async_read_barrier_with_trid(2);
  noc_async_read_set_trid(0);
  noc_async_read_page(6, in, l1 + 1536);
  noc_async_read_page(7, in, l1 + 1792);
  noc_async_read_barrier();

  // A word, bytes of it, and with state.
  const uint64_t own = get_noc_addr(l1);
  noc_inline_dw_write(own, 0xaabbccdd);
  noc_inline_dw_write(own, 0x11111111, 0x8);
  noc_inline_dw_write_set_state<false, true>(own, 0x33333333, 0x2);
  noc_inline_dw_write_with_state(0);
  noc_async_write_barrier();

  // All at once, linked, the sender included; then a semaphore.
  noc_async_write_multicast_loopback_src(
      l1, get_noc_multicast_addr(x0, y0, x1, y1, l1), 1024, cores, true);
  noc_async_write_multicast(l1 + 1024,
                            get_noc_multicast_addr(x0, y0, x1, y1, l1 + 1024),
                            1024, cores - 1, false);
  noc_async_writes_flushed();
  noc_semaphore_inc_multicast(get_noc_multicast_addr(x0, y0, x1, y1, go), 3,
                              cores - 1);
  noc_semaphore_inc(get_noc_addr(go), 3);
  noc_async_full_barrier();
  noc_semaphore_wait_min(go_word, 3);

  // Out: posted, with state, by transaction.
  const uint32_t base = 0;
  noc_async_write<NOC_MAX_BURST_SIZE + 1, true, true>(
      l1, out.get_noc_addr(base), 256);
  noc_async_posted_writes_flushed();
  noc_async_write_one_packet_set_state(out.get_noc_addr(base + 1), 256);
  noc_async_write_one_packet_with_state(
      l1 + 256, static_cast<uint32_t>(out.get_noc_addr(base + 1)));
  noc_async_write_one_packet_with_trid(l1 + 512, out.get_noc_addr(base + 2),
                                       256, 5);
  noc_async_write_flushed_with_trid(5);
  noc_async_write_barrier_with_trid(5);
  noc_async_write_one_packet_with_trid_set_state(out.get_noc_addr(base + 3));
  noc_async_write_one_packet_with_trid_with_state(
      l1 + 768, static_cast<uint32_t>(out.get_noc_addr(base + 3)), 256, 6);
  noc_async_write_page(5, out, l1 + 1280, 0, 0, other);
  noc_async_write_barrier(other);
  for (uint32_t page = 6; page < pages; ++page) {
    noc_async_write_page(base + page, out, l1 + page * 256);
  }
  noc_async_write_barrier();
}
//--- receive.cpp
#include <cstdint>

#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  constexpr uint32_t pages = get_compile_time_arg_val(0);
  constexpr auto in_args = TensorAccessorArgs<3>();
  constexpr auto out_args =
      TensorAccessorArgs<in_args.next_compile_time_args_offset()>();
  const auto out =
      TensorAccessor(out_args, get_common_arg_val<uint32_t>(1), 256);
  volatile tt_l1_ptr uint32_t *go =
      reinterpret_cast<volatile tt_l1_ptr uint32_t *>(
          get_semaphore(get_compile_time_arg_val(2)));
  noc_semaphore_wait(go, 3);
  const uint32_t core =
      get_absolute_logical_y() * 4u + get_absolute_logical_x();
  // The sender's place among the cores is 0.
  const uint32_t base = (core == 0 ? 1 : core) * pages;
  for (uint32_t page = 0; page < pages; ++page) {
    noc_async_write_page(base + page, out, get_read_ptr(0) + page * 256);
  }
  noc_async_write_barrier();
}
