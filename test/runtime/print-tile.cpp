// RUN: %parts
// RUN: env TT_METAL_DPRINT_CORES=all %t/program | FileCheck %t/main.cpp --match-full-lines
// RUN: env TT_METAL_DPRINT_CORES=all TESSERA_METALIUM=2026-02 TESSERA_TARGET=p150 %t/program | FileCheck %t/main.cpp --match-full-lines
// RUN: not %t/program beyond 2>&1 | FileCheck %t/main.cpp --check-prefix=BEYOND
// RUN: %t/program | FileCheck %t/main.cpp --check-prefix=SILENT
// Prints of parts of tiles: formats, both pointers, every kind of thread, and
// what cannot be printed.
//--- main.cpp
#include "harness.hpp"

using namespace harness;

int main(int argc, char **) {
  auto device = distributed::MeshDevice::create_unit_mesh(0);
  auto &queue = device->mesh_command_queue();
  struct Page {
    tt::DataFormat format;
    std::vector<uint8_t> bytes;
  };
  std::vector<float> tile(1024);
  for (uint32_t i = 0; i < 1024; ++i)
    tile[i] = (i % 2 ? -1.0f : 1.0f) * static_cast<float>(i / 32 + i % 32 / 4.);
  std::vector<Page> pages;
  for (tt::DataFormat format :
       {tt::DataFormat::Float16_b, tt::DataFormat::Float32,
        tt::DataFormat::Bfp8_b, tt::DataFormat::Bfp4_b, tt::DataFormat::Bfp8}) {
    const auto number = static_cast<uint32_t>(format);
    Page page{format, std::vector<uint8_t>(tsr_sim_tile_bytes(number))};
    tsr_sim_tile_pack(number, tile.data(), page.bytes.data());
    pages.push_back(page);
  }
  for (tt::DataFormat format :
       {tt::DataFormat::Int32, tt::DataFormat::UInt32, tt::DataFormat::UInt16,
        tt::DataFormat::Int8, tt::DataFormat::UInt8}) {
    const uint32_t bytes = tsr_sim_tile_bytes(static_cast<uint32_t>(format));
    Page page{format, std::vector<uint8_t>(bytes, 0)};
    for (uint32_t i = 0; i < 4; ++i) {
      const uint32_t value = 0u - i;
      std::memcpy(&page.bytes[i * bytes / 1024], &value, bytes / 1024);
    }
    pages.push_back(page);
  }
  for (const Page &page : pages) {
    const auto size = static_cast<uint32_t>(page.bytes.size());
    auto in = distributed::MeshBuffer::create(
        distributed::ReplicatedBufferConfig{.size = size}, {.page_size = size},
        device.get());
    distributed::EnqueueWriteMeshBuffer(queue, in, page.bytes);
    Program program = CreateProgram();
    const CoreCoord core(0, 0);
    CreateCircularBuffer(
        program, core,
        CircularBufferConfig(size, {{0, page.format}}).set_page_size(0, size));
    std::vector<uint32_t> args{page.format == tt::DataFormat::Float16_b,
                               argc > 1};
    TensorAccessorArgs(in).append_to(args);
    auto reader = CreateKernel(program, KERNEL_DIR "/reader.cpp", core,
                               ReaderDataMovementConfig(args));
    SetRuntimeArgs(program, reader, core,
                   {static_cast<uint32_t>(in->address())});
    CreateKernel(program, KERNEL_DIR "/compute.cpp", core,
                 ComputeConfig{.compile_args = args});
    launch(*device, std::move(program));
  }
  std::printf("ran\n");
  return 0;
}
// SILENT-NOT: 0:(
// SILENT: ran
// BEYOND: error: {{.*}}reader.cpp:35: TileSlice: prints rows 0 to 33 by 1 and columns 0 to 32 by 8, of tiles of 32 x 32: both end within the tile, and steps are at least 1
// CHECK: 0:(x=0,y=0):NC: 0 -0.25 0.5 -0.75
// CHECK-NEXT: 0:(x=0,y=0):NC: 0 2 4 6
// CHECK-NEXT: 0:(x=0,y=0):NC: 8 10 12 14
// CHECK-NEXT: 0:(x=0,y=0):NC: 16 18 20 22
// CHECK-NEXT: 0:(x=0,y=0):NC: 24 26 28 30
// CHECK-NEXT: 0:(x=0,y=0):NC: after
// CHECK-NEXT: 0:(x=0,y=0):NC: 0 12 3|
// CHECK-NEXT: 0:(x=0,y=0):NC: 0 -0.25 0.5 -0.75 1 -1.25 1.5 -1.75 2 -2.25 2.5 -2.75 3 -3.25 3.5 -3.75 4 -4.25 4.5 -4.75 5 -5.25 5.5 -5.75 6 -6.25 6.5 -6.75 7 -7.25 7.5 -7.75
// CHECK-NEXT: 0:(x=0,y=0):NC: <TileSlice data truncated due to exceeding max count (32)>
// CHECK-NEXT: 0:(x=0,y=0):NC: 4.00 5.00 6.00
// CHECK-NEXT: 0:(x=0,y=0):NC: Tried printing CBIndex::c_0: BAD TILE POINTER (ptr={{[0-9]+}}, count=0)
// CHECK-NEXT: 0:(x=0,y=0):TR0: 0 2 4 6
// CHECK-NEXT: 0:(x=0,y=0):TR0: 16 18 20 22
// CHECK-NEXT: 0:(x=0,y=0):TR1: Warning: MATH core does not support TileSlice printing, omitting print...
// CHECK-NEXT: 0:(x=0,y=0):TR2: 0 2 4 6
// CHECK-NEXT: 0:(x=0,y=0):TR2: 16 18 20 22
// CHECK-NEXT: 0:(x=0,y=0):NC: 0 -0.25 0.5 -0.75
// CHECK-NEXT: 0:(x=0,y=0):NC: 0 -0.25 0.5 -0.75
// CHECK-NEXT: 0:(x=0,y=0):NC: 0 0 0.5 -0.5
// CHECK-NEXT: 0:(x=0,y=0):NC: Tried printing CBIndex::c_0: Unsupported data format (Bfp8)
// CHECK-NEXT: 0:(x=0,y=0):NC: 0 -1 -2 -3
// CHECK-NEXT: 0:(x=0,y=0):NC: 0 4294967295 4294967294 4294967293
// CHECK-NEXT: 0:(x=0,y=0):NC: 0 65535 65534 65533
// CHECK-NEXT: 0:(x=0,y=0):NC: 0 -1 -2 -3
// CHECK-NEXT: 0:(x=0,y=0):NC: 0 255 254 253
// CHECK-NEXT: ran
//--- reader.cpp
#include <cstdint>

#include "api/dataflow/dataflow_api.h"
#include "api/debug/dprint.h"
#include "api/debug/dprint_tile.h"

void kernel_main() {
  constexpr bool all = get_compile_time_arg_val(0);
  constexpr bool beyond = get_compile_time_arg_val(1);
  constexpr auto in_args = TensorAccessorArgs<2>();
  const auto in =
      TensorAccessor(in_args, get_arg_val<uint32_t>(0), get_tile_size(0));
  cb_reserve_back(0, 1);
  noc_async_read_page(0, in, get_write_ptr(0));
  noc_async_read_barrier();
  const SliceRange four = {0, 1, 1, 0, 4, 1};
  DPRINT << TSLICE(0, 0, four, TSLICE_INPUT_CB, TSLICE_WR_PTR) << ENDL();
  if (all) {
    DPRINT << TileSlice(0, 0, SliceRange::hw0_32_8(), TSLICE_INPUT_CB);
    DPRINT << "after" << ENDL();
    // As if the tile were a matrix, row by row: rows of the faces.
    const SliceRange two = {0, 2, 1, 0, 32, 16};
    DPRINT << TileSlice<128>(0, 0, two, TSLICE_INPUT_CB, TSLICE_WR_PTR, false,
                             false)
           << "|" << ENDL();
    // More than fits.
    SliceRange rows = {.h0 = 0, .h1 = 32, .hs = 1, .w0 = 0, .w1 = 32, .ws = 1};
    DPRINT << TSLICE(0, 0, rows, TSLICE_OUTPUT_CB, TSLICE_WR_PTR);
    DPRINT << FIXED() << SETPRECISION(2)
           << TSLICE(0, 0, {4, 5, 1, 0, 12, 4}, TSLICE_INPUT_CB) << ENDL();
    DPRINT << DEFAULTFLOAT() << SETPRECISION(6)
           << TSLICE(0, 5000, four, TSLICE_INPUT_CB) << ENDL();
  }
  if (beyond) {
    DPRINT << TSLICE(0, 0, {0, 33, 1, 0, 32, 8}, TSLICE_INPUT_CB);
  }
  cb_push_back(0, 1);
}
//--- compute.cpp
#include <cstdint>

#include "api/compute/common.h"
#include "api/debug/dprint.h"

void kernel_main() {
  constexpr bool all = get_compile_time_arg_val(0);
  cb_wait_front(0, 1);
  if (all) {
    UNPACK(DPRINT << TSLICE(0, 0, SliceRange{0, 32, 16, 0, 32, 8}) << ENDL();)
    MATH(DPRINT << TSLICE(0, 0, SliceRange{0, 32, 16, 0, 32, 8}) << ENDL();)
    PACK(DPRINT << TSLICE(0, 0, SliceRange{0, 32, 16, 0, 32, 8}) << ENDL();)
  }
  cb_pop_front(0, 1);
}
