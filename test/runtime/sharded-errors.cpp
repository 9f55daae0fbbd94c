// RUN: %parts && %t/program | FileCheck %t/main.cpp
// What is wrong with a sharded buffer, or with a kernel's use of it.
//--- main.cpp
#include "harness.hpp"

#include <functional>
#include <stdexcept>

using namespace harness;

namespace {

std::shared_ptr<distributed::MeshDevice> device;

void expect(const char *what, const std::function<void()> &action) {
  try {
    action();
    std::printf("%s: accepted\n", what);
  } catch (const std::runtime_error &error) {
    std::printf("%s: %s\n", what, error.what());
  }
}

std::shared_ptr<distributed::MeshBuffer> make(BufferShardingArgs args,
                                              uint32_t pages,
                                              BufferType type = BufferType::L1,
                                              uint32_t page_bytes = 64) {
  return distributed::MeshBuffer::create(
      distributed::ReplicatedBufferConfig{.size = pages * page_bytes},
      {.page_size = page_bytes, .buffer_type = type, .sharding_args = args},
      device.get());
}

BufferShardingArgs blocks(CoreRange cores, std::array<uint32_t, 2> shard,
                          std::array<uint32_t, 2> tensor) {
  return BufferShardingArgs(ShardSpecBuffer(cores, shard,
                                            ShardOrientation::ROW_MAJOR, {2, 8},
                                            tensor),
                            TensorMemoryLayout::BLOCK_SHARDED);
}

BufferDistributionSpec spread(uint32_t pages, uint32_t shard,
                              std::vector<CoreCoord> cores) {
  return BufferDistributionSpec(Shape({pages}), Shape({shard}),
                                std::move(cores));
}

// Runs a kernel that reads a page of `buffer` by way of `args`.
void read(const Buffer &buffer, std::vector<uint32_t> args, uint32_t page,
          uint32_t page_bytes) {
  Program program = CreateProgram();
  add_cb(program, CoreCoord(0, 0), 0, tt::DataFormat::Float32, 1);
  auto kernel = CreateKernel(program, KERNEL_DIR "/read.cpp", CoreCoord(0, 0),
                             ReaderDataMovementConfig(args));
  SetRuntimeArgs(program, kernel, CoreCoord(0, 0),
                 {buffer.address(), page, page_bytes});
  launch(*device, std::move(program));
}

} // namespace

int main() {
  device = distributed::MeshDevice::create_unit_mesh(0);
  expect("part of a page",
         [] { make(blocks({{0, 0}, {1, 1}}, {3, 8}, {4, 2}), 8); });
  // CHECK: part of a page: a shard of 3 x 8 elements is no whole number of pages of 2 x 8
  expect("few cores",
         [] { make(blocks({{0, 0}, {1, 0}}, {4, 8}, {4, 2}), 8); });
  // CHECK: few cores: a buffer of 4 x 2 pages in shards of 2 x 1 has 4 of them, but there are 2 cores
  expect("size", [] { make(blocks({{0, 0}, {1, 1}}, {4, 8}, {4, 2}), 9); });
  // CHECK: size: a sharded buffer of 576 B, but its 8 pages of 64 B have 512
  expect("outside", [] { make(spread(8, 2, {{0, 0}, {9, 0}}), 8); });
  // CHECK: outside: a shard in L1 of core (9,0), which does not exist
  expect("no bank", [] { make(spread(8, 2, {{12, 0}}), 8, BufferType::DRAM); });
  // CHECK: no bank: a shard in DRAM bank 12, which does not exist
  expect("no row", [] { make(spread(8, 2, {{1, 1}}), 8, BufferType::DRAM); });
  // CHECK: no row: a shard at (1,1) of DRAM, whose banks are one row: (x,0) is bank x
  expect("twice", [] { make(spread(8, 2, {{1, 0}, {1, 0}}), 8); });
  // CHECK: twice: bank 1 is named twice by a sharded buffer
  expect("no cores", [] { spread(8, 2, {}); });
  // CHECK: no cores: a tensor in shards on no cores
  expect("nothing", [] { spread(8, 0, {{0, 0}}); });
  // CHECK: nothing: a tensor in shards, or its shard, has no pages
  expect("dimensions",
         [] { BufferDistributionSpec(Shape({8}), Shape({2, 2}), {{0, 0}}); });
  // CHECK: dimensions: shards of 2 dimensions of a tensor of 1
  expect("grid", [] {
    BufferDistributionSpec(
        Shape({4, 8}), Shape({2, 2}), CoreRangeSet(CoreRange({0, 0}, {2, 2})),
        ShardOrientation::ROW_MAJOR, ShardDistributionStrategy::GRID_2D);
  });
  // CHECK: grid: a grid of 4 x 2 shards on 3 x 3 cores
  expect("large", [] { make(spread(40000, 40000, {{0, 0}}), 40000); });
  // CHECK: large: out of L1: 2560000 B in 64 banks of 1499136 B do not fit
  expect("no spec", [] {
    make(BufferShardingArgs(std::optional<ShardSpecBuffer>(),
                            TensorMemoryLayout::BLOCK_SHARDED),
         8);
  });
  // CHECK: no spec: a sharded buffer without a shard spec
  expect("kind", [] {
    make(BufferShardingArgs(
             blocks({{0, 0}, {1, 1}}, {4, 8}, {4, 2}).shard_spec(),
             TensorMemoryLayout::ND_SHARDED),
         8);
  });
  // CHECK: kind: a shard spec of two dimensions with a layout that is none of height, width and block sharded

  auto sharded = make(spread(8, 2, {{1, 0}, {2, 0}}), 8);
  auto other = make(spread(8, 1, {{1, 0}, {2, 0}}), 8);
  auto old = make(blocks({{0, 0}, {1, 1}}, {4, 8}, {4, 2}), 8);
  auto plain = make({}, 8);
  auto narrow = make(spread(8, 2, {{1, 0}, {2, 0}}), 8, BufferType::L1, 8);
  const auto words = [](const auto &buffer) {
    return TensorAccessorArgs(*buffer).get_compile_time_args();
  };
  expect("fields", [&] {
    std::vector<uint32_t> args;
    TensorAccessorArgs(*sharded, tensor_accessor::ArgConfig::RuntimeTensorShape)
        .append_to(args);
  });
  // CHECK: fields: accessor arguments: some come at run time; append_to takes the common runtime arguments, too
  expect("rank", [&] {
    TensorAccessorArgs(*sharded, tensor_accessor::ArgConfig::RuntimeRank);
  });
  // CHECK: rank: accessor arguments: with the rank at run time, both shapes come at run time
  expect("banks", [&] {
    TensorAccessorArgs(*sharded, tensor_accessor::ArgConfig::RuntimeNumBanks);
  });
  // CHECK: banks: accessor arguments: with the number of banks at run time, their coordinates come at run time
  expect("right",
         [&] { read(*sharded->get_backing_buffer(), words(sharded), 7, 64); });
  // CHECK: right: accepted
  expect("page",
         [&] { read(*sharded->get_backing_buffer(), words(sharded), 8, 64); });
  // CHECK: page: program 2, core (0,0), kernel 'read' (ncrisc): read.cpp:10: noc_async_read_page: page 8 is out of range: the L1 buffer at address {{[0-9]+}} has 8 pages
  expect("other buffer",
         [&] { read(*sharded->get_backing_buffer(), words(other), 1, 64); });
  // CHECK: other buffer: {{.*}} page 1 of the sharded L1 buffer at address {{[0-9]+}} lies elsewhere: the accessor's arguments are those of another buffer
  expect("not sharded",
         [&] { read(*plain->get_backing_buffer(), words(sharded), 1, 64); });
  // CHECK: not sharded: {{.*}} page 1 of the L1 buffer at address {{[0-9]+}} by way of an accessor of sharded buffers, but it is interleaved
  expect("no distribution",
         [&] { read(*old->get_backing_buffer(), words(old), 1, 64); });
  // CHECK: no distribution: {{.*}} page 1 of the L1 buffer at address {{[0-9]+}} by way of an accessor of interleaved buffers, but it is sharded
  expect("page size",
         [&] { read(*narrow->get_backing_buffer(), words(narrow), 1, 8); });
  // CHECK: page size: {{.*}} pages of 8 B of a sharded L1 buffer at address {{[0-9]+}} whose pages lie 16 B apart: the accessor takes the aligned size
  expect("cb over it", [&] {
    Program program = CreateProgram();
    CreateCircularBuffer(
        program, CoreCoord(1, 0),
        CircularBufferConfig(512, {{0, tt::DataFormat::Float32}})
            .set_page_size(0, 64)
            .set_globally_allocated_address(*sharded->get_backing_buffer()));
    CreateKernelFromString(program, "void kernel_main() {}\n", CoreCoord(1, 0),
                           ReaderDataMovementConfig());
    launch(*device, std::move(program));
  });
  // CHECK: cb over it: circular buffer 0 of 512 B is placed on an L1 buffer that has 256 B on a core
  device->close();
  return 0;
}
//--- read.cpp
#include <cstdint>

#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  constexpr auto args = TensorAccessorArgs<0>();
  const auto in =
      TensorAccessor(args, get_arg_val<uint32_t>(0), get_arg_val<uint32_t>(2));
  cb_reserve_back(0, 1);
  noc_async_read_page(get_arg_val<uint32_t>(1), in, get_write_ptr(0));
  noc_async_read_barrier();
}
