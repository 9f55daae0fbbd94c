// RUN: %parts && %t/program | FileCheck %t/main.cpp
// RUN: env TESSERA_TARGET=p150 %t/program | FileCheck %t/main.cpp
// Sharded L1 buffers: every core finds its shard at the buffer's address, a
// circular buffer may lie over it, and what the host reads back is in page
// order.
//--- main.cpp
#include "harness.hpp"

using namespace harness;

namespace {

constexpr uint32_t page_bytes = 64;
constexpr uint32_t rows = 4, cols = 6; // pages

struct Layout {
  const char *name;
  TensorMemoryLayout kind;
  std::array<uint32_t, 2> shard; // pages
  CoreRange cores;
};

// The page that place `at` of the shard of the `nth` core holds, or none.
int64_t page_at(const Layout &layout, uint32_t nth, uint32_t at) {
  if (layout.kind == TensorMemoryLayout::HEIGHT_SHARDED) {
    const uint32_t page = nth * layout.shard[0] * layout.shard[1] + at;
    return page < rows * cols ? int64_t(page) : -1;
  }
  const uint32_t across = (cols + layout.shard[1] - 1) / layout.shard[1];
  const uint32_t r = nth / across * layout.shard[0] + at / layout.shard[1];
  const uint32_t c = nth % across * layout.shard[1] + at % layout.shard[1];
  return r < rows && c < cols ? int64_t(r * cols + c) : -1;
}

void run(const Layout &layout, ShardOrientation orientation) {
  auto device = distributed::MeshDevice::create_unit_mesh(0);
  auto &queue = device->mesh_command_queue();
  const uint32_t shard_pages = layout.shard[0] * layout.shard[1];
  const auto core_count = static_cast<uint32_t>(layout.cores.size());
  // A page is a row of 16 floats.
  const ShardSpecBuffer spec(layout.cores,
                             {layout.shard[0], layout.shard[1] * 16},
                             orientation, {1, 16}, {rows, cols});
  auto in = distributed::MeshBuffer::create(
      distributed::ReplicatedBufferConfig{.size = rows * cols * page_bytes},
      {.page_size = page_bytes,
       .buffer_type = BufferType::L1,
       .sharding_args = BufferShardingArgs(spec, layout.kind)},
      device.get());
  auto out = distributed::MeshBuffer::create(
      distributed::ReplicatedBufferConfig{.size = core_count * shard_pages *
                                                  page_bytes},
      {.page_size = page_bytes}, device.get());
  Values values(rows * cols * 16);
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<float>(i);
  distributed::EnqueueWriteMeshBuffer(queue, in, values);
  Values back;
  distributed::EnqueueReadMeshBuffer(queue, back, in);

  Program program = CreateProgram();
  CreateCircularBuffer(
      program, layout.cores,
      CircularBufferConfig(shard_pages * page_bytes,
                           {{0, tt::DataFormat::Float32}})
          .set_page_size(0, page_bytes)
          .set_globally_allocated_address(*in->get_backing_buffer()));
  std::vector<uint32_t> args = {shard_pages};
  TensorAccessorArgs(*out).append_to(args);
  auto kernel = CreateKernel(program, KERNEL_DIR "/dump.cpp", layout.cores,
                             WriterDataMovementConfig(args));
  const auto order = corerange_to_cores(
      layout.cores, std::nullopt, orientation == ShardOrientation::ROW_MAJOR);
  for (uint32_t i = 0; i < order.size(); ++i)
    SetRuntimeArgs(program, kernel, order[i],
                   {static_cast<uint32_t>(in->address()),
                    static_cast<uint32_t>(out->address()), i * shard_pages});
  launch(*device, std::move(program));
  Values got;
  distributed::EnqueueReadMeshBuffer(queue, got, out);

  int wrong = back == values ? 0 : 1;
  for (uint32_t core = 0; core < core_count; ++core)
    for (uint32_t at = 0; at < shard_pages; ++at)
      for (uint32_t i = 0; i < 16; ++i) {
        const int64_t page = page_at(layout, core, at);
        if (page >= 0 &&
            got[(core * shard_pages + at) * 16 + i] != values[page * 16 + i])
          ++wrong;
      }
  std::printf("%s %s: %d wrong\n", layout.name,
              orientation == ShardOrientation::ROW_MAJOR ? "by rows"
                                                         : "by columns",
              wrong);
}

} // namespace

int main() {
  const Layout layouts[] = {
      {"height", TensorMemoryLayout::HEIGHT_SHARDED, {1, 6}, {{1, 1}, {2, 2}}},
      {"height, short at the end",
       TensorMemoryLayout::HEIGHT_SHARDED,
       {1, 7},
       {{0, 0}, {1, 1}}},
      {"width", TensorMemoryLayout::WIDTH_SHARDED, {4, 2}, {{2, 0}, {4, 0}}},
      {"block", TensorMemoryLayout::BLOCK_SHARDED, {2, 3}, {{0, 3}, {1, 4}}},
      {"block, short at the end",
       TensorMemoryLayout::BLOCK_SHARDED,
       {3, 4},
       {{0, 3}, {1, 4}}},
  };
  for (const Layout &layout : layouts)
    for (ShardOrientation orientation :
         {ShardOrientation::ROW_MAJOR, ShardOrientation::COL_MAJOR})
      run(layout, orientation);
  return 0;
}
// CHECK: height by rows: 0 wrong
// CHECK: height by columns: 0 wrong
// CHECK: height, short at the end by rows: 0 wrong
// CHECK: height, short at the end by columns: 0 wrong
// CHECK: width by rows: 0 wrong
// CHECK: width by columns: 0 wrong
// CHECK: block by rows: 0 wrong
// CHECK: block by columns: 0 wrong
// CHECK: block, short at the end by rows: 0 wrong
// CHECK: block, short at the end by columns: 0 wrong
//--- dump.cpp
#include <cstdint>

#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  constexpr uint32_t pages = get_compile_time_arg_val(0);
  constexpr auto args = TensorAccessorArgs<1>();
  const auto out = TensorAccessor(args, get_arg_val<uint32_t>(1), 64);
  const uint32_t first = get_arg_val<uint32_t>(2);
  const uint32_t shard = get_read_ptr(0);
  for (uint32_t i = 0; i < pages; ++i) {
    noc_async_write_page(first + i, out, shard + i * 64);
  }
  // The circular buffer lies where the host says the buffer does.
  if (((get_arg_val<uint32_t>(0) ^ shard) & 0x1fffff) != 0) {
    noc_async_write_page(9999, out, shard);
  }
  noc_async_write_barrier();
}
