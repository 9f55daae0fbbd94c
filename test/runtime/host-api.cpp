// RUN: %parts && %t/program | FileCheck %t/main.cpp
// What a program changes between runs: arguments, circular buffers, semaphores
// that outlive programs; traces, events, and L1 from the host.
//--- main.cpp
#include "harness.hpp"

#include <sstream>
#include <stdexcept>

#include <tt-metalium/bfloat4.hpp>
#include <tt-metalium/bfloat8.hpp>
#include <tt-metalium/system_mesh.hpp>
#include <tt-metalium/tt_metal.hpp>

using namespace harness;

namespace {

template <typename Action> void expect(const char *what, Action action) {
  try {
    action();
    std::printf("%s: accepted\n", what);
  } catch (const std::exception &error) {
    std::printf("%s: %s\n", what, error.what());
  }
}

} // namespace

static void compare() {
  std::printf("digits: %d%d%d%d%d\n",
              equal_within_n_sig_figs(1.234f, 1.235f, 3),
              equal_within_n_sig_figs(1.234f, 1.235f, 4),
              equal_within_n_sig_figs(0.00123f, 0.00124f, 2),
              equal_within_n_sig_figs(12.5f, 1.25f, 1),
              equal_within_n_sig_figs(12.5f, 1.25f, 3));
}

int main() {
  // CHECK: digits: 10110
  compare();
  auto device = distributed::MeshDevice::create_unit_mesh(0, 0, 0, 2);
  auto &queue = device->mesh_command_queue();
  const CoreRange cores({0, 0}, {1, 0});
  auto make = [&](uint32_t words) {
    return distributed::MeshBuffer::create(
        distributed::ReplicatedBufferConfig{.size = words * 4},
        {.page_size = 64,
         .buffer_type = BufferType::L1,
         .sharding_args =
             BufferDistributionSpec(Shape({words / 16}), Shape({1}), cores,
                                    ShardOrientation::ROW_MAJOR)},
        device.get());
  };
  auto first = make(32), second = make(32);
  GlobalSemaphore flag = CreateGlobalSemaphore(device.get(), cores, 5);

  Program program = CreateProgram();
  const CBHandle cb = CreateCircularBuffer(
      program, cores,
      CircularBufferConfig(64, {{3, tt::DataFormat::Float32}})
          .set_page_size(3, 64)
          .set_globally_allocated_address(*first->get_backing_buffer()));
  auto kernel = CreateKernel(program, KERNEL_DIR "/write.cpp", cores,
                             WriterDataMovementConfig());
  SetRuntimeArgs(program, kernel, cores, {1u, 2u});
  SetRuntimeArgs(program, kernel, {CoreCoord(0, 0), CoreCoord(1, 0)},
                 {{10, 20}, {30, 40}});
  SetCommonRuntimeArgs(program, kernel,
                       {static_cast<uint32_t>(flag.address())});
  distributed::MeshWorkload workload;
  const distributed::MeshCoordinateRange all(device->shape());
  workload.add_program(all, std::move(program));
  Program &kept = workload.get_programs().at(all);
  auto run = [&](const char *what,
                 std::shared_ptr<distributed::MeshBuffer> &buffer) {
    distributed::EnqueueMeshWorkload(queue, workload, false);
    std::vector<uint32_t> got;
    distributed::EnqueueReadMeshBuffer(queue, got, buffer);
    std::printf("%s: %u %u, %u %u\n", what, got[0], got[1], got[16], got[17]);
  };
  run("run", first);
  // CHECK: run: 15 20, 35 40
  GetRuntimeArgs(kept, kernel, CoreCoord(1, 0))[1] = 41;
  GetRuntimeArgs(kept, kernel)[0][0].at(0) = 11;
  GetCommonRuntimeArgs(kept, kernel)[0] = static_cast<uint32_t>(flag.address());
  run("arguments", first);
  // CHECK: arguments: 16 20, 35 41
  flag.reset_semaphore_value(7);
  UpdateDynamicCircularBufferAddress(kept, cb, *second->get_backing_buffer());
  run("buffer", second);
  // CHECK: buffer: 18 20, 37 41
  std::printf("size %u\n", GetCircularBufferConfig(kept, cb).total_size());
  // CHECK: size 64
  expect("too large", [&] { UpdateCircularBufferTotalSize(kept, cb, 65); });
  // CHECK: too large: circular buffer 3: 65 B is no whole number of pages of 64 B
  expect("page", [&] { UpdateCircularBufferPageSize(kept, cb, 3, 32); });
  // CHECK: page: accepted
  expect("no such", [&] { UpdateCircularBufferPageSize(kept, cb, 4, 32); });
  // CHECK: no such: circular buffer 4: a page size for an index that has no data format
  expect("no handle", [&] { GetCircularBufferConfig(kept, 9); });
  // CHECK: no handle: the program has no circular buffer with handle 9
  expect("no argument",
         [&] { GetRuntimeArgs(kept, kernel, CoreCoord(0, 0))[2] = 1; });
  // CHECK: no argument: runtime argument 2, but there are 2
  expect("not there", [&] { GetRuntimeArgs(kept, kernel, CoreCoord(5, 5)); });
  // CHECK: not there: kernel 'write' is not on core (5,5)
  expect("tile", [&] {
    CircularBufferConfig(64, {{0, tt::DataFormat::Float32}})
        .set_tile_dims(0, Tile({32, 32}, true));
  });
  // CHECK: tile: circular buffer 0: tiles that are transposed, which the model does not have
  expect("no tile", [&] { Tile({24, 32}); });
  // CHECK: no tile: there are no tiles of 24 x 32
  expect("queue", [&] { device->mesh_command_queue(2); });
  // CHECK: queue: command queue 2, but the device was given 2
  expect("mesh", [&] {
    distributed::MeshDevice::create(
        distributed::MeshDeviceConfig(distributed::MeshShape(2, 4)));
  });
  // CHECK: mesh: a mesh of 2 x 4 devices: the model's mesh has one device

  std::printf("system: %u devices\n",
              static_cast<unsigned>(
                  distributed::SystemMesh::instance().shape().mesh_size()));
  // CHECK: system: 1 devices
  CreateProgram().set_runtime_id(7);

  // Events have happened; a trace is run as often as wanted.
  auto event = queue.enqueue_record_event();
  device->mesh_command_queue(1).enqueue_wait_for_event(event);
  distributed::EventSynchronize(event);
  std::vector<uint32_t> zeros(32);
  distributed::EnqueueWriteMeshBuffer(queue, second, zeros);
  auto trace = distributed::BeginTraceCapture(device.get(), 0);
  distributed::EnqueueMeshWorkload(queue, workload, false);
  device->end_mesh_trace(0, trace);
  std::vector<uint32_t> got;
  distributed::EnqueueReadMeshBuffer(queue, got, second);
  std::printf("captured: %u\n", got[0]);
  // CHECK: captured: 0
  device->replay_mesh_trace(0, trace, true);
  distributed::EnqueueReadMeshBuffer(queue, got, second);
  std::printf("replayed: %u\n", got[0]);
  // CHECK: replayed: 18
  device->release_mesh_trace(trace);
  expect("released", [&] { device->replay_mesh_trace(0, trace, true); });
  // CHECK: released: trace 0 was not captured

  // L1 by address.
  std::vector<uint32_t> words = {4, 5};
  const auto at = static_cast<uint32_t>(second->address());
  tt_metal::detail::WriteToDeviceL1(device.get(), CoreCoord(1, 0), at, words);
  tt_metal::detail::ReadFromDeviceL1(device.get(), CoreCoord(1, 0), at, 8, got);
  std::printf("L1: %u %u\n", got[0], got[1]);
  // CHECK: L1: 4 5
  expect("beyond", [&] {
    tt_metal::detail::ReadFromDeviceL1(device.get(), CoreCoord(1, 0), 1499136,
                                       4, got);
  });
  // CHECK: beyond: L1 address 0x16e000, 4 B, of core (1,0) does not exist

  // Block formats: powers of two and small numbers beside them.
  Values values(1024);
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = (i % 3 == 0 ? -1.0f : 1.0f) * static_cast<float>(i % 16);
  const auto packed = pack_as_bfp8_tiles<float>(values, true, false);
  const auto back = unpack_bfp8_tiles_into_float_vec(packed, true, false);
  std::printf("bfp8: %zu words, %s\n", packed.size(),
              back == values ? "same" : "other");
  // CHECK: bfp8: 272 words, same
  const auto narrow = pack_as_bfp4_tiles<float>(values, true, false);
  const auto rough = unpack_bfp4_tiles_into_float_vec(narrow, true, false);
  std::printf("bfp4: %zu words: %g %g %g %g\n", narrow.size(), rough[7],
              rough[8], rough[9], rough[15]);
  // CHECK: bfp4: 144 words: 8 8 -8 -14
  std::printf(
      "bfloat16: %g %g %d\n",
      static_cast<double>(static_cast<float>(bfloat16(3u))),
      static_cast<double>(static_cast<float>(bfloat16(1.0f) + bfloat16(2.0f))),
      bfloat16(1.0f) < bfloat16(2.0f));
  // CHECK: bfloat16: 3 3 1
  const float nan = -__builtin_nanf("1");
  const std::vector<bfloat16> one = {bfloat16(nan), bfloat16(0.0f)};
  const std::vector<bfloat16> other = {bfloat16(nan), bfloat16(-0.0f)};
  std::ostringstream text;
  text << bfloat16(1.0f) << ' ' << bfloat16(1.00390625f) << ' '
       << bfloat16(1.01171875f) << ' ' << bfloat16(nan) << ' '
       << bfloat16(3.4e38f) << ' ' << bfloat16::truncate(1.01171875f);
  std::printf("bits: %s, equal %d %d\n", text.str().c_str(), one == one,
              one == other);
  // CHECK: bits: 16256 16256 16258 32704 32640 16257, equal 1 0
  std::printf("constants: %x %x %zu\n",
              create_constant_vector_of_bfloat16(2, 1.0f)[0],
              create_constant_vector_of_bfloat16(8, 1.0f)[1],
              create_constant_vector_of_bfloat16(8, 1.0f).size());
  // CHECK: constants: 3f80 3f803f80 2
  // The first numbers of mt19937 with its default seed are known.
  const auto random = create_random_vector_of_bfloat16_native(4, 2, 5489, -1);
  std::printf("random: %g %g\n", static_cast<double>(random[0]),
              static_cast<double>(random[1]));
  // CHECK: random: 0.628906 -0.730469
  expect("odd", [&] { pack_bfloat16_vec_into_uint32_vec({bfloat16(1)}); });
  // CHECK: odd: {{.*}}two values make a word, but there are 1
  device->close();
  return 0;
}
//--- write.cpp
#include <cstdint>

#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  volatile tt_l1_ptr uint32_t *flag =
      reinterpret_cast<volatile tt_l1_ptr uint32_t *>(
          get_common_arg_val<uint32_t>(0));
  noc_semaphore_wait_min(flag, 5);
  volatile tt_l1_ptr uint32_t *out =
      reinterpret_cast<volatile tt_l1_ptr uint32_t *>(get_write_ptr(3));
  out[0] = get_arg_val<uint32_t>(0) + *flag;
  out[1] = get_arg_val<uint32_t>(1);
}
