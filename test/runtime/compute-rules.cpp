// RUN: %parts
// Ops that are not what their init was for, pages that end where the buffer
// does, and places where words cannot go, one case at a time.
//--- main.cpp
#include "harness.hpp"

#include <cstdlib>

using namespace harness;

int main(int, char **argv) {
  const auto wrong = static_cast<uint32_t>(std::atoi(argv[1]));
  auto device = distributed::MeshDevice::create_unit_mesh(0);
  auto &queue = device->mesh_command_queue();
  const tt::DataFormat bf16 = tt::DataFormat::Float16_b;
  const CoreCoord core(0, 0);
  Program program = CreateProgram();
  auto in = make_buffer(device.get(), bf16, 4);
  upload(queue, in, bf16, filled(4, 1.0f));
  add_cb(program, core, 0, bf16, 2);
  add_cb(program, core, 1, bf16, 2);
  add_cb(program, core, 16, bf16, 2);
  add_cb(program, core, 17, bf16, 2);
  CreateCircularBuffer(
      program, CoreRange(core, core),
      CircularBufferConfig(128, {{2, bf16}}).set_page_size(2, 64));
  std::vector<uint32_t> ct = {wrong};
  TensorAccessorArgs(*in).append_to(ct);
  auto reader = CreateKernel(program, KERNEL_DIR "/reader.cpp", core,
                             ReaderDataMovementConfig(ct));
  const CoreCoord noc = device->worker_core_from_logical_core(core);
  // One page in bank 0, and nothing in the others.
  auto shard = distributed::MeshBuffer::create(
      distributed::ReplicatedBufferConfig{.size = 2048},
      {.page_size = 2048,
       .buffer_type = BufferType::DRAM,
       .sharding_args = BufferShardingArgs(
           ShardSpecBuffer(CoreRange(core, core), {32, 32},
                           ShardOrientation::ROW_MAJOR, {32, 32}, {1, 1}),
           TensorMemoryLayout::HEIGHT_SHARDED)},
      device.get());
  SetRuntimeArgs(program, reader, core,
                 {static_cast<uint32_t>(in->address()),
                  static_cast<uint32_t>(noc.x), static_cast<uint32_t>(noc.y),
                  static_cast<uint32_t>(shard->address())});
  ComputeConfig config;
  config.compile_args = {wrong};
  CreateKernel(program, KERNEL_DIR "/compute.cpp", core, config);
  launch(*device, std::move(program));
  std::printf("ran\n");
  return 0;
}
//--- reader.cpp
#include <cstdint>

#include "api/dataflow/dataflow_api.h"

constexpr uint32_t wrong = get_compile_time_arg_val(0);

void kernel_main() {
  constexpr auto args = TensorAccessorArgs<1>();
  const auto in = TensorAccessor(args, get_arg_val<uint32_t>(0), 2048);
  const uint32_t x = get_arg_val<uint32_t>(1);
  const uint32_t y = get_arg_val<uint32_t>(2);
  if (wrong == 20) {
    noc_inline_dw_write(in.get_noc_addr(0), 1);
  }
  if (wrong == 21) {
    noc_semaphore_inc(in.get_noc_addr(0), 1);
  }
  if (wrong == 23) {
    noc_async_read(get_noc_addr_from_bank_id<true>(5, get_arg_val<uint32_t>(3)),
                   get_write_ptr(1), 64);
  }
  if (wrong == 22) {
    const uint32_t l1 = get_write_ptr(1);
    noc_async_write_multicast(l1, get_noc_multicast_addr(x, y, x, y, l1), 2048,
                              0);
  }
  cb_reserve_back(2, 1);
  cb_push_back(2, 1);
  cb_reserve_back(1, 1);
  noc_async_read_page(0, in, get_write_ptr(1));
  noc_async_read_barrier();
  cb_push_back(1, 1);
  for (uint32_t page = 0; page < 3; ++page) {
    cb_reserve_back(0, 1);
    noc_async_read_page(page, in, get_write_ptr(0));
    noc_async_read_barrier();
    cb_push_back(0, 1);
  }
}
//--- compute.cpp
#include <cstdint>

#include "api/compute/bcast.h"
#include "api/compute/eltwise_binary.h"
#include "api/compute/eltwise_unary/eltwise_unary.h"
#include "api/compute/eltwise_unary/fill.h"
#include "api/compute/eltwise_unary/typecast.h"
#include "api/compute/matmul.h"
#include "api/compute/pack_untilize.h"
#include "api/compute/tile_move_copy.h"
#include "api/compute/tilize.h"

constexpr uint32_t wrong = get_compile_time_arg_val(0);

void kernel_main() {
  if (wrong == 9) {
    tile_regs_acquire();
    fill_tile_init();
    fill_tile(0, 1.0f);
    tile_regs_commit();
    cb_reserve_back(16, 1);
    tile_regs_wait();
    pack_tile(0, 16);
    return;
  }
  if (wrong == 14) {
    reconfig_data_format(0, 0);
    copy_tile_init(0);
    cb_wait_front(0, 1);
    UNPACK((copy_tile(0, 0, 0)));
    return;
  }
  if (wrong == 15) {
    pack_reconfig_data_format(16);
    tile_regs_wait();
    return;
  }
  init_sfpu(0, 16);
  cb_wait_front(0, 1);
  cb_wait_front(1, 1);
  cb_wait_front(2, 1);
  tile_regs_acquire();
  if (wrong == 1) {
    mm_block_init_short(0, 1, 0, 1, 1, 1);
    matmul_block(0, 1, 0, 0, 0, 1, 1, 1, 1);
  }
  if (wrong == 2) {
    mm_block_init_short(0, 1, 0, 1, 1, 1);
    matmul_block(0, 1, 0, 0, 0, 0, 2, 1, 1);
  }
  if (wrong == 3) {
    add_bcast_rows_init_short(0, 1);
    add_tiles_bcast<BroadcastType::COL>(0, 1, 0, 0, 0);
  }
  if (wrong == 4) {
    binary_dest_reuse_tiles_init<EltwiseBinaryType::ELWADD,
                                 EltwiseBinaryReuseDestType::DEST_TO_SRCA>(1);
    binary_dest_reuse_tiles<EltwiseBinaryType::ELWADD,
                            EltwiseBinaryReuseDestType::DEST_TO_SRCB>(1, 0, 0);
  }
  if (wrong == 5) {
    copy_tile_init(2);
    copy_tile(2, 0, 0);
  }
  if (wrong == 6) {
    cb_pop_front(0, 1);
    cb_wait_front(0, 2);
    copy_tile_init(0);
    copy_tile(0, 1, 0);
  }
  if (wrong == 16) {
    MATH((mm_init(0, 1, 16)));
  }
  copy_tile_init(0);
  copy_tile(0, 0, 0);
  if (wrong == 12) {
    typecast_tile_init<(uint32_t)DataFormat::Float16_b, 77>();
    typecast_tile<(uint32_t)DataFormat::Float16_b, 77>(0);
  }
  tile_regs_commit();
  cb_reserve_back(16, 1);
  tile_regs_wait();
  if (wrong == 17) {
    PACK((binary_op_init_common(0, 1, 16)));
  }
  pack_tile(0, 16);
  if (wrong == 7) {
    cb_push_back(16, 1);
    cb_wait_front(16, 1);
    cb_pop_front(16, 1);
    cb_reserve_back(16, 2);
    pack_tile(0, 16);
    pack_tile(0, 16);
  }
  if (wrong == 13) {
    cb_push_back(16, 1);
    cb_wait_front(16, 1);
    cb_pop_front(16, 1);
    cb_reserve_back(16, 1);
    cb_push_back(16, 1);
  }
  if (wrong == 18) {
    // To a page of this turn, and then to one of the turn before.
    pack_reconfig_l1_acc(1);
    pack_tile<true>(0, 16, 0);
    for (uint32_t page = 1; page < 3; ++page) {
      cb_push_back(16, 1);
      cb_wait_front(16, 1);
      cb_pop_front(16, 1);
      cb_reserve_back(16, 1);
      pack_reconfig_l1_acc(page == 2);
      pack_tile(0, 16);
    }
    cb_reserve_back(17, 2);
    pack_tile<true>(0, 17, 1);
  }
  if (wrong == 8) {
    pack_untilize_dest_init<1>(16);
    pack_untilize_dest<1>(16, 2);
  }
  if (wrong == 11) {
    cb_push_back(16, 1);
    cb_wait_front(16, 1);
    cb_pop_front(16, 1);
    cb_reserve_back(16, 2);
    pack_untilize_dest_init<1>(16);
    pack_untilize_dest<1>(16, 2);
  }
  tile_regs_release();
  if (wrong == 10) {
    cb_pop_front(0, 1);
    cb_wait_front(0, 2);
    tilize_init(0, 2, 16);
    tilize_block(0, 2, 16);
  }
}

// RUN: not %t/program 1 2>&1 | FileCheck %t/compute.cpp --check-prefix=C1
// C1: matmul_block: the init was with transpose 0, the op is with 1
// RUN: not %t/program 2 2>&1 | FileCheck %t/compute.cpp --check-prefix=C2
// C2: matmul_block: the init was for a block of 1 x 1 tiles with depth 1, the op is for 1 x 2 with 1
// RUN: not %t/program 3 2>&1 | FileCheck %t/compute.cpp --check-prefix=C3
// C3: add_tiles_bcast: the init was for another broadcast than the op
// RUN: not %t/program 4 2>&1 | FileCheck %t/compute.cpp --check-prefix=C4
// C4: the init was for another reuse of DST than the op
// RUN: not %t/program 5 2>&1 | FileCheck %t/compute.cpp --check-prefix=C5
// C5: copy_tile: circular buffer 2 has pages of 64 B, but a tile of Float16_b has 2048
// RUN: not %t/program 6 2>&1 | FileCheck %t/compute.cpp --check-prefix=C6
// C6: copy_tile: reads tile 1 from page 1 of circular buffer 0 on, beyond its end: it holds 2
// RUN: not %t/program 7 2>&1 | FileCheck %t/compute.cpp --check-prefix=C7
// C7: pack_tile: packs to page 1 from page 1 of circular buffer 16 on, beyond its end: it holds 2
// RUN: not %t/program 8 2>&1 | FileCheck %t/compute.cpp --check-prefix=C8
// C8: pack_untilize{{.*}}: writes 4096 B of circular buffer 16, of which 1 pages of 2048 B are reserved: cb_reserve_back must come first
// RUN: not %t/program 9 2>&1 | FileCheck %t/compute.cpp --check-prefix=C9
// C9: (math): {{.*}}compute.cpp:{{[0-9]+}}: tile_regs_acquire: the start of a compute kernel, compute_kernel_hw_startup or an init that includes it, is missing
// RUN: not %t/program 14 2>&1 | FileCheck %t/compute.cpp --check-prefix=C14
// C14: (unpack): {{.*}}compute.cpp:{{[0-9]+}}: copy_tile: the start of a compute kernel, compute_kernel_hw_startup or an init that includes it, is missing
// RUN: not %t/program 15 2>&1 | FileCheck %t/compute.cpp --check-prefix=C15
// C15: (pack): {{.*}}compute.cpp:{{[0-9]+}}: tile_regs_wait: the start of a compute kernel, compute_kernel_hw_startup or an init that includes it, is missing
// RUN: not %t/program 16 2>&1 | FileCheck %t/compute.cpp --check-prefix=C16
// C16: (math): {{.*}}compute.cpp:{{[0-9]+}}: mm_init: starts the hardware inside of the section of tile_regs_acquire at {{.*}}compute.cpp:{{[0-9]+}}: that forgets which part of DST is whose, so it must come before
// RUN: not %t/program 17 2>&1 | FileCheck %t/compute.cpp --check-prefix=C17
// C17: (pack): {{.*}}compute.cpp:{{[0-9]+}}: binary_op_init_common: starts the hardware inside of the section of tile_regs_wait at {{.*}}compute.cpp:{{[0-9]+}}: that forgets which part of DST is whose, so it must come before
// RUN: not %t/program 18 2>&1 | FileCheck %t/compute.cpp --check-prefix=C18
// C18: pack_tile: adds to page 1 of circular buffer 17, to which nothing was written yet: the first pack to a page needs pack_reconfig_l1_acc(0)
// RUN: not %t/program 10 2>&1 | FileCheck %t/compute.cpp --check-prefix=C10
// C10: tilize_block: reads 4096 B from page 1 of circular buffer 0 on, beyond its end: it holds 2 pages of 2048 B
// RUN: not %t/program 11 2>&1 | FileCheck %t/compute.cpp --check-prefix=C11
// C11: pack_untilize{{.*}}: writes 4096 B from page 1 of circular buffer 16 on, beyond its end: it holds 2 pages of 2048 B
// RUN: not %t/program 12 2>&1 | FileCheck %t/compute.cpp --check-prefix=C12
// C12: typecast_tile: from data format 5 to 77 is not modelled
// RUN: not %t/program 13 2>&1 | FileCheck %t/compute.cpp --check-prefix=C13
// C13: cb_push_back: pushes page 1 of circular buffer 16, to which nothing new was written: pack_tile must come first
// RUN: not %t/program 23 2>&1 | FileCheck %t/compute.cpp --check-prefix=C23
// C23: noc_async_read: DRAM address 0x{{[0-9a-f]+}} of bank 5 lies in no shard of the buffer at address {{[0-9]+}}
// RUN: not %t/program 20 2>&1 | FileCheck %t/compute.cpp --check-prefix=C20
// C20: noc_inline_dw_write: a word is written in place to L1 only, not to DRAM
// RUN: not %t/program 21 2>&1 | FileCheck %t/compute.cpp --check-prefix=C21
// C21: noc_semaphore_inc: a semaphore lies in L1, not in DRAM
// RUN: not %t/program 22 2>&1 | FileCheck %t/compute.cpp --check-prefix=C22
// C22: noc_async_write_multicast: the multicast reaches no core: it would hang
