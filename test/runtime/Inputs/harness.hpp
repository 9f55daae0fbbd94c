// One core, a reader that feeds tiles from DRAM, a compute kernel under test,
// a writer. Values are row-major within each 32x32 tile, tile after tile.

#ifndef TESSERA_TEST_RUNTIME_HARNESS_HPP
#define TESSERA_TEST_RUNTIME_HARNESS_HPP

#include <cmath>
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <string>
#include <vector>

#include <tt-metalium/bfloat16.hpp>
#include <tt-metalium/distributed.hpp>
#include <tt-metalium/host_api.hpp>
#include <tt-metalium/tensor_accessor_args.hpp>
#include <tt-metalium/tilize_utils.hpp>

#include "tessera/sim_math.h"

namespace harness {

using namespace tt;
using namespace tt::tt_metal;

using Values = std::vector<float>;

struct Job {
  std::string compute; // file
  std::vector<Values> inputs;
  std::vector<tt::DataFormat> formats = {}; // of the inputs; default bf16
  tt::DataFormat out_format = tt::DataFormat::Float16_b;
  uint32_t out_tiles = 1;
  bool fp32_acc = false;
  bool full_sync = false;
  bool exact = false;   // inputs of fp32 go straight to DST
  bool precise = false; // block formats are packed with one rounding
  tt::tt_metal::MathFidelity fidelity = MathFidelity::HiFi4;
  std::vector<tt::DataFormat> scratch = {}; // of circular buffers 24 and up
  uint32_t pages = 2;
  std::vector<uint32_t> compile_args = {};
  std::vector<uint32_t> args = {};
};

inline const char *const reader_source = R"(
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  constexpr uint32_t cb = get_compile_time_arg_val(0);
  constexpr auto args = TensorAccessorArgs<1>();
  constexpr uint32_t inputs = kernel_compile_time_args[0];
  // Tile by tile, one input after the other: all have as many tiles, or the
  // kernel takes them in this order.
  uint32_t most = 0;
  for (uint32_t i = 0; i < inputs; ++i) {
    const uint32_t tiles = get_arg_val<uint32_t>(2 * i + 1);
    most = tiles > most ? tiles : most;
  }
  for (uint32_t t = 0; t < most; ++t) {
    for (uint32_t i = 0; i < inputs; ++i) {
      if (t >= get_arg_val<uint32_t>(2 * i + 1)) {
        continue;
      }
      const uint32_t bytes = get_tile_size(i);
      const auto in = TensorAccessor(args, get_arg_val<uint32_t>(2 * i), bytes);
      cb_reserve_back(i, 1);
      noc_async_read_page(t, in, get_write_ptr(i));
      noc_async_read_barrier();
      cb_push_back(i, 1);
    }
  }
}
)";

inline const char *const writer_source = R"(
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  constexpr uint32_t cb = 16;
  constexpr auto args = TensorAccessorArgs<0>();
  const uint32_t bytes = get_tile_size(cb);
  const auto out = TensorAccessor(args, get_arg_val<uint32_t>(0), bytes);
  const uint32_t tiles = get_arg_val<uint32_t>(1);
  for (uint32_t t = 0; t < tiles; ++t) {
    cb_wait_front(cb, 1);
    noc_async_write_page(t, out, get_read_ptr(cb));
    noc_async_writes_flushed();
    cb_pop_front(cb, 1);
  }
  noc_async_write_barrier();
}
)";

inline std::shared_ptr<distributed::MeshBuffer>
make_buffer(distributed::MeshDevice *device, tt::DataFormat format,
            uint32_t tiles) {
  const uint32_t bytes = tt::tile_size(format);
  distributed::DeviceLocalBufferConfig dram{.page_size = bytes,
                                            .buffer_type = BufferType::DRAM};
  return distributed::MeshBuffer::create(
      distributed::ReplicatedBufferConfig{.size = tiles * bytes}, dram, device);
}

// Where DST holds integers the model's tiles do, in the place of floats.
inline bool is_integer(tt::DataFormat format) {
  return tsr_sim_format_kind(static_cast<uint32_t>(format)) ==
         TSR_SIM_KIND_INTEGER;
}

inline Values as_held(tt::DataFormat format, Values values) {
  for (float &value : values)
    if (is_integer(format))
      value = __builtin_bit_cast(
          float, static_cast<int32_t>(static_cast<int64_t>(value)));
  return values;
}

inline Values from_held(tt::DataFormat format, Values values) {
  for (float &value : values)
    if (is_integer(format))
      value = static_cast<float>(__builtin_bit_cast(int32_t, value));
  return values;
}

inline void upload(distributed::MeshCommandQueue &queue,
                   std::shared_ptr<distributed::MeshBuffer> &buffer,
                   tt::DataFormat format, const Values &values) {
  const auto rows = static_cast<uint32_t>(values.size() / 32);
  Values tiles = tilize_nfaces(values, rows, 32);
  if (format == tt::DataFormat::Float32)
    return distributed::EnqueueWriteMeshBuffer(queue, buffer, tiles);
  if (format == tt::DataFormat::Float16_b) {
    std::vector<bfloat16> narrow(tiles.begin(), tiles.end());
    return distributed::EnqueueWriteMeshBuffer(queue, buffer, narrow);
  }
  const uint32_t bytes = tt::tile_size(format);
  std::vector<uint8_t> pages(values.size() / 1024 * bytes);
  const Values held = as_held(format, values);
  for (std::size_t t = 0; t < values.size() / 1024; ++t)
    tsr_sim_tile_pack(static_cast<uint32_t>(format), &held[t * 1024],
                      &pages[t * bytes]);
  distributed::EnqueueWriteMeshBuffer(queue, buffer, pages);
}

inline Values download(distributed::MeshCommandQueue &queue,
                       std::shared_ptr<distributed::MeshBuffer> &buffer,
                       tt::DataFormat format) {
  Values tiles;
  if (format == tt::DataFormat::Float32) {
    distributed::EnqueueReadMeshBuffer(queue, tiles, buffer);
  } else if (format == tt::DataFormat::Float16_b) {
    std::vector<bfloat16> narrow;
    distributed::EnqueueReadMeshBuffer(queue, narrow, buffer);
    for (bfloat16 value : narrow)
      tiles.push_back(static_cast<float>(value));
  } else {
    std::vector<uint8_t> pages;
    distributed::EnqueueReadMeshBuffer(queue, pages, buffer);
    const uint32_t bytes = tt::tile_size(format);
    tiles.resize(pages.size() / bytes * 1024);
    for (std::size_t t = 0; t < pages.size() / bytes; ++t)
      tsr_sim_tile_unpack(static_cast<uint32_t>(format), &pages[t * bytes],
                          &tiles[t * 1024]);
    return from_held(format, tiles);
  }
  return untilize_nfaces(tiles, static_cast<uint32_t>(tiles.size() / 32), 32);
}

inline void add_cb(Program &program, const CoreSpec &cores, uint8_t index,
                   tt::DataFormat format, uint32_t pages) {
  const uint32_t bytes = tt::tile_size(format);
  CreateCircularBuffer(program, cores,
                       CircularBufferConfig(pages * bytes, {{index, format}})
                           .set_page_size(index, bytes));
}

// Runs to the end.
inline void launch(distributed::MeshDevice &device, Program program) {
  distributed::MeshWorkload workload;
  workload.add_program(distributed::MeshCoordinateRange(device.shape()),
                       std::move(program));
  distributed::EnqueueMeshWorkload(device.mesh_command_queue(), workload, true);
}

// Runs to the end, and prints the first number of each tile of a bf16 buffer,
// or what went wrong.
inline void launch_and_print(distributed::MeshDevice &device, Program program,
                             std::shared_ptr<distributed::MeshBuffer> out,
                             std::size_t tiles) {
  try {
    launch(device, std::move(program));
    const Values y =
        download(device.mesh_command_queue(), out, tt::DataFormat::Float16_b);
    for (std::size_t t = 0; t < tiles; ++t)
      std::printf(" %g", static_cast<double>(y[t * 1024]));
    std::printf("\n");
  } catch (const std::runtime_error &error) {
    std::printf(" %s\n", error.what());
  }
}

inline Values run(const Job &job) {
  auto device = distributed::MeshDevice::create_unit_mesh(0);
  auto &queue = device->mesh_command_queue();
  Program program = CreateProgram();
  const CoreCoord core(0, 0);
  const auto input_count = static_cast<uint32_t>(job.inputs.size());
  std::vector<std::shared_ptr<distributed::MeshBuffer>> buffers;
  std::vector<uint32_t> reader_args;
  for (uint32_t i = 0; i < input_count; ++i) {
    const tt::DataFormat format =
        job.formats.empty() ? tt::DataFormat::Float16_b : job.formats[i];
    const auto tiles = static_cast<uint32_t>(job.inputs[i].size() / 1024);
    buffers.push_back(make_buffer(device.get(), format, tiles));
    upload(queue, buffers.back(), format, job.inputs[i]);
    add_cb(program, core, static_cast<uint8_t>(i), format, job.pages);
    reader_args.push_back(static_cast<uint32_t>(buffers.back()->address()));
    reader_args.push_back(tiles);
  }
  auto out = make_buffer(device.get(), job.out_format, job.out_tiles);
  add_cb(program, core, 16, job.out_format, job.pages);
  for (std::size_t i = 0; i < job.scratch.size(); ++i)
    add_cb(program, core, static_cast<uint8_t>(24 + i), job.scratch[i],
           job.pages);

  std::vector<uint32_t> reader_ct = {input_count}, writer_ct;
  TensorAccessorArgs(*buffers.at(0)).append_to(reader_ct);
  TensorAccessorArgs(*out).append_to(writer_ct);
  auto reader = CreateKernelFromString(program, reader_source, core,
                                       ReaderDataMovementConfig(reader_ct));
  auto writer = CreateKernelFromString(program, writer_source, core,
                                       WriterDataMovementConfig(writer_ct));
  std::vector<UnpackToDestMode> modes(NUM_CIRCULAR_BUFFERS,
                                      UnpackToDestMode::Default);
  for (uint32_t i = 0; job.exact && i < input_count; ++i)
    modes[i] = UnpackToDestMode::UnpackToDestFp32;
  auto compute = CreateKernel(program, job.compute, core,
                              ComputeConfig{.math_fidelity = job.fidelity,
                                            .fp32_dest_acc_en = job.fp32_acc,
                                            .dst_full_sync_en = job.full_sync,
                                            .unpack_to_dest_mode = modes,
                                            .bfp8_pack_precise = job.precise,
                                            .compile_args = job.compile_args});
  SetRuntimeArgs(program, reader, core, reader_args);
  SetRuntimeArgs(program, writer, core,
                 {static_cast<uint32_t>(out->address()), job.out_tiles});
  if (!job.args.empty())
    SetRuntimeArgs(program, compute, core, job.args);
  launch(*device, std::move(program));
  return download(queue, out, job.out_format);
}

// Values that differ from element to element, in [-1,1).
inline Values noise(std::size_t tiles, uint32_t seed) {
  Values values(tiles * 1024);
  for (float &value : values) {
    seed = seed * 1664525u + 1013904223u;
    value = static_cast<float>(seed >> 8) / 8388608.0f - 1.0f;
  }
  return values;
}

inline Values filled(std::size_t tiles, float value) {
  return Values(tiles * 1024, value);
}

inline float to_bf16(float value) {
  return static_cast<float>(bfloat16(value));
}

// Compares every element's bits with what `expect(i)` says.
template <typename Expect>
bool same_bits(const char *what, const Values &got, Expect expect) {
  for (std::size_t i = 0; i < got.size(); ++i) {
    const float want = expect(i);
    if (std::memcmp(&got[i], &want, sizeof want) == 0)
      continue;
    std::printf("%s: element %zu is %.9g (%08x), expected %.9g (%08x)\n", what,
                i, got[i], __builtin_bit_cast(uint32_t, got[i]), want,
                __builtin_bit_cast(uint32_t, want));
    return false;
  }
  std::printf("%s: all %zu elements as expected\n", what, got.size());
  return true;
}

} // namespace harness

#endif
