// RUN: %parts && %t/program | FileCheck %t/main.cpp
// RUN: env TESSERA_TARGET=p150 TESSERA_METALIUM=2026-02 %t/program \
// RUN:   | FileCheck %t/main.cpp
// A tensor of three dimensions in shards over cores and over DRAM banks, read
// through accessors whose fields come at compile time and at run time, page by
// page, shard by shard and by coordinates.
//--- main.cpp
#include "harness.hpp"

using namespace harness;
using tensor_accessor::ArgConfig;

namespace {

constexpr uint32_t page_bytes = 128;
constexpr uint32_t words = page_bytes / 4;

void run(const char *name, BufferType type, const CoreRangeSet &cores,
         const Shape &tensor, const Shape &shard,
         tensor_accessor::ArgsConfig fields) {
  auto device = distributed::MeshDevice::create_unit_mesh(0);
  auto &queue = device->mesh_command_queue();
  const auto pages = static_cast<uint32_t>(tensor.volume());
  const BufferDistributionSpec spec(tensor, shard, cores,
                                    ShardOrientation::ROW_MAJOR);
  auto in = distributed::MeshBuffer::create(
      distributed::ReplicatedBufferConfig{.size = pages * page_bytes},
      {.page_size = page_bytes, .buffer_type = type, .sharding_args = spec},
      device.get());
  const auto rounds = 4u;
  auto out = distributed::MeshBuffer::create(
      distributed::ReplicatedBufferConfig{.size = rounds * pages * page_bytes},
      {.page_size = page_bytes}, device.get());
  std::vector<uint32_t> values(pages * words);
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<uint32_t>(i * 2654435761u);
  distributed::EnqueueWriteMeshBuffer(queue, in, values);

  Program program = CreateProgram();
  CreateCircularBuffer(
      program, CoreCoord(0, 0),
      CircularBufferConfig(page_bytes, {{0, tt::DataFormat::Float32}})
          .set_page_size(0, page_bytes));
  std::vector<uint32_t> args = {
      pages, static_cast<uint32_t>(spec.num_shards()),
      static_cast<uint32_t>(spec.tensor_shape_in_pages()[-1])};
  std::vector<uint32_t> common = {77};
  TensorAccessorArgs(*in, fields).append_to(args, common);
  common.push_back(78);
  TensorAccessorArgs(out).append_to(args);
  auto kernel = CreateKernel(program, KERNEL_DIR "/copy.cpp", CoreCoord(0, 0),
                             ReaderDataMovementConfig(args));
  SetRuntimeArgs(program, kernel, CoreCoord(0, 0),
                 {static_cast<uint32_t>(in->address()),
                  static_cast<uint32_t>(out->address())});
  SetCommonRuntimeArgs(program, kernel, common);
  launch(*device, std::move(program));
  std::vector<uint32_t> got;
  distributed::EnqueueReadMeshBuffer(queue, got, out);
  int wrong = 0;
  for (size_t i = 0; i < got.size(); ++i)
    wrong += got[i] != values[i % values.size()];
  std::printf("%s: rank %zu, %zu shards on %zu banks: %d wrong\n", name,
              spec.tensor_shape_in_pages().rank(), spec.num_shards(),
              spec.cores().size(), wrong);
}

} // namespace

int main() {
  const CoreRangeSet five(std::vector<CoreRange>{CoreRange({1, 0}, {2, 1}),
                                                 CoreRange({4, 3}, {4, 3})});
  const CoreRangeSet banks(CoreRange({1, 0}, {3, 0}));
  const Shape tensor({2, 5, 6}), shard({1, 2, 4});
  run("L1", BufferType::L1, five, tensor, shard, ArgConfig::None);
  run("DRAM", BufferType::DRAM, banks, tensor, shard, ArgConfig::None);
  run("run time", BufferType::L1, five, tensor, shard, ArgConfig::Runtime);
  run("run time, DRAM", BufferType::DRAM, banks, tensor, shard,
      ArgConfig::Runtime);
  run("shapes at run time", BufferType::L1, five, tensor, shard,
      ArgConfig::RuntimeTensorShape | ArgConfig::RuntimeShardShape);
  run("banks at run time", BufferType::L1, five, tensor, shard,
      ArgConfig::RuntimeNumBanks | ArgConfig::RuntimeBankCoords);
  // Dimensions that are not cut, or that shards do not have.
  run("whole rows", BufferType::L1, five, tensor, Shape({1, 2, 6}),
      ArgConfig::None);
  run("two of three", BufferType::L1, five, tensor, Shape({3, 6}),
      ArgConfig::None);
  return 0;
}
// CHECK: L1: rank 3, 12 shards on 5 banks: 0 wrong
// CHECK: DRAM: rank 3, 12 shards on 3 banks: 0 wrong
// CHECK: run time: rank 3, 12 shards on 5 banks: 0 wrong
// CHECK: run time, DRAM: rank 3, 12 shards on 3 banks: 0 wrong
// CHECK: shapes at run time: rank 3, 12 shards on 5 banks: 0 wrong
// CHECK: banks at run time: rank 3, 12 shards on 5 banks: 0 wrong
// CHECK: whole rows: rank 2, 6 shards on 5 banks: 0 wrong
// CHECK: two of three: rank 1, 4 shards on 5 banks: 0 wrong
//--- copy.cpp
#include <cstdint>

#include "api/dataflow/dataflow_api.h"

template <typename In, typename Out>
void copy(const In &in, uint64_t from, const Out &out, uint32_t to) {
  const uint32_t l1 = get_write_ptr(0);
  noc_async_read(from, l1, in.get_aligned_page_size());
  noc_async_read_barrier();
  noc_async_write_page(to, out, l1);
  noc_async_write_barrier();
}

void kernel_main() {
  constexpr uint32_t pages = get_compile_time_arg_val(0);
  constexpr uint32_t shards = get_compile_time_arg_val(1);
  constexpr uint32_t inner = get_compile_time_arg_val(2);
  constexpr auto in_args = TensorAccessorArgs<3, 1>();
  constexpr auto out_args =
      TensorAccessorArgs<in_args.next_compile_time_args_offset()>();
  const auto in = TensorAccessor(in_args, get_arg_val<uint32_t>(0), 128);
  const auto out = TensorAccessor(out_args, get_arg_val<uint32_t>(1), 128);
  const uint32_t after = in_args.next_common_runtime_args_offset();
  if (get_common_arg_val<uint32_t>(after) != 78) {
    return;
  }
  for (uint32_t page = 0; page < pages; ++page) {
    noc_async_read_page(page, in, get_write_ptr(0));
    noc_async_read_barrier();
    noc_async_write_page(page, out, get_write_ptr(0));
    noc_async_write_barrier();
  }
  for (const auto &page : in.pages()) {
    copy(in, page.noc_addr(), out, pages + page.page_id());
  }
  uint32_t seen = 0;
  for (uint32_t shard = 0; shard < shards; ++shard) {
    for (const auto &page : in.shard_pages(shard)) {
      copy(in, page.noc_addr(), out, 2 * pages + page.page_id());
      ++seen;
    }
  }
  uint32_t at[3] = {0, 0, 0};
  const uint32_t rank = in.dspec().rank();
  for (uint32_t page = 0; page < pages && seen == pages; ++page) {
    copy(in, in.get_noc_addr(at), out, 3 * pages + page);
    for (uint32_t i = rank; i-- > 0;) {
      if (++at[i] < in.dspec().tensor_shape()[i]) {
        break;
      }
      at[i] = 0;
    }
  }
  (void)inner;
}
