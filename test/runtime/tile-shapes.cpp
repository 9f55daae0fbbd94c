// RUN: %parts && %t/program | FileCheck %t/main.cpp
// RUN: env TESSERA_TARGET=blackhole %t/program | FileCheck %t/main.cpp
// RUN: not %t/program 1 2>&1 | FileCheck %t/main.cpp --check-prefix=SHAPES
// RUN: not %t/program 2 2>&1 | FileCheck %t/main.cpp --check-prefix=INNER
// RUN: not %t/program 3 2>&1 | FileCheck %t/main.cpp --check-prefix=REDUCE
// RUN: not %t/program 4 2>&1 | FileCheck %t/main.cpp --check-prefix=TURN
// RUN: not %t/program 5 2>&1 | FileCheck %t/main.cpp --check-prefix=PAGE
// RUN: not %t/program 6 2>&1 | FileCheck %t/main.cpp --check-prefix=TILIZE
// RUN: not %t/program 7 2>&1 | FileCheck %t/main.cpp --check-prefix=UNTILIZE
// Tiles that are smaller than 32x32: products, sums, copies and packing, of
// formats with and without shared exponents, and what is not modelled of them.
//--- main.cpp
#include "harness.hpp"

#include <cstdlib>

#include <tt-metalium/tile.hpp>

using namespace harness;

enum : uint32_t {
  MATMUL,
  ADD,
  COPY,
  ACCUMULATE,
  REDUCE,
  TURN,
  TILIZE,
  UNTILIZE
};

struct Extent {
  uint32_t rows, cols;
};

struct Case {
  uint32_t op;
  Extent a, b, out;
  tt::DataFormat format = tt::DataFormat::Float16_b;
  uint32_t page = 0; // of circular buffer 0; 0: a tile's
};

static Values faces_of(const Values &values, Extent s, bool back = false) {
  using enum TensorLayoutType;
  return convert_layout(
      tt::stl::Span<const float>(values), PhysicalSize{s.rows, s.cols},
      back ? TILED_NFACES : LIN_ROW_MAJOR, back ? LIN_ROW_MAJOR : TILED_NFACES,
      PhysicalSize{s.rows, s.cols},
      PhysicalSize{s.rows < 16 ? s.rows : 16, 16});
}

// Row-major values of one tile.
static Values values_of(Extent s, uint32_t seed) {
  Values values(s.rows * s.cols);
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<float>(
        static_cast<int>((i * 7 + seed * 3 + i / 16) % 5) - 2);
  return values;
}

// Small whole numbers share an exponent of 2^3: sign, then the magnitude in
// seven bits. Exponents come first, 16 at least.
static std::vector<uint8_t> block_page(const Values &faces) {
  const std::size_t runs = faces.size() / 16;
  const std::size_t header = runs < 16 ? 16 : runs;
  std::vector<uint8_t> page(header + faces.size());
  for (std::size_t i = 0; i < faces.size(); ++i) {
    page[i / 16] = 127 + 3;
    page[header + i] = static_cast<uint8_t>(
        (faces[i] < 0 ? 0x80 : 0) | static_cast<int>(std::abs(faces[i])) << 3);
  }
  return page;
}

static Values from_block_page(const std::vector<uint8_t> &page,
                              std::size_t count) {
  const std::size_t header = count / 16 < 16 ? 16 : count / 16;
  Values faces(count);
  for (std::size_t i = 0; i < count; ++i) {
    const float magnitude = std::ldexp(
        static_cast<float>(page[header + i] & 0x7f), page[i / 16] - 127 - 6);
    faces[i] = page[header + i] & 0x80 ? -magnitude : magnitude;
  }
  return faces;
}

static Values run_case(const Case &c) {
  auto device = distributed::MeshDevice::create_unit_mesh(0);
  auto &queue = device->mesh_command_queue();
  Program program = CreateProgram();
  const CoreCoord core(0, 0);
  const bool is_block = c.format == tt::DataFormat::Bfp8_b;
  auto cb = [&](uint8_t index, Extent s, uint32_t page) {
    const Tile tile({s.rows, s.cols});
    const uint32_t tile_bytes = tile.get_tile_size(c.format);
    const uint32_t bytes = page ? page : tile_bytes;
    CreateCircularBuffer(program, core,
                         CircularBufferConfig(2 * bytes, {{index, c.format}})
                             .set_page_size(index, bytes)
                             .set_tile_dims(index, tile));
    return tile_bytes;
  };
  const uint32_t out_bytes = cb(16, c.out, 0);
  std::vector<uint32_t> reader_args, reader_ct = {2}, writer_ct;
  std::vector<std::shared_ptr<distributed::MeshBuffer>> buffers;
  auto make = [&](uint32_t bytes) {
    buffers.push_back(distributed::MeshBuffer::create(
        distributed::ReplicatedBufferConfig{.size = bytes},
        {.page_size = bytes, .buffer_type = BufferType::DRAM}, device.get()));
    return buffers.back();
  };
  for (uint8_t i = 0; i < 2; ++i) {
    const Extent s = i ? c.b : c.a;
    auto buffer = make(cb(i, s, i ? 0 : c.page));
    const Values faces = faces_of(values_of(s, i), s);
    if (is_block)
      distributed::EnqueueWriteMeshBuffer(queue, buffer, block_page(faces));
    else
      distributed::EnqueueWriteMeshBuffer(
          queue, buffer, std::vector<bfloat16>(faces.begin(), faces.end()));
    reader_args.push_back(static_cast<uint32_t>(buffer->address()));
    reader_args.push_back(1);
  }
  auto out = make(out_bytes);
  TensorAccessorArgs(*out).append_to(reader_ct);
  TensorAccessorArgs(*out).append_to(writer_ct);
  auto reader = CreateKernelFromString(program, reader_source, core,
                                       ReaderDataMovementConfig(reader_ct));
  auto writer = CreateKernelFromString(program, writer_source, core,
                                       WriterDataMovementConfig(writer_ct));
  CreateKernel(program, KERNEL_DIR "/compute.cpp", core,
               ComputeConfig{.compile_args = {c.op}});
  SetRuntimeArgs(program, reader, core, reader_args);
  SetRuntimeArgs(program, writer, core,
                 {static_cast<uint32_t>(out->address()), 1});
  launch(*device, std::move(program));
  if (is_block) {
    std::vector<uint8_t> page;
    distributed::EnqueueReadMeshBuffer(queue, page, out);
    return faces_of(from_block_page(page, c.out.rows * c.out.cols), c.out,
                    true);
  }
  std::vector<bfloat16> narrow;
  distributed::EnqueueReadMeshBuffer(queue, narrow, out);
  return faces_of(Values(narrow.begin(), narrow.end()), c.out, true);
}

static float expected(const Case &c, std::size_t i) {
  const Values a = values_of(c.a, 0), b = values_of(c.b, 1);
  if (c.op == ADD)
    return a[i] + b[i];
  if (c.op == COPY)
    return a[i];
  if (c.op == ACCUMULATE)
    return 2 * a[i];
  float sum = 0;
  for (uint32_t k = 0; k < c.a.cols; ++k)
    sum += a[i / c.out.cols * c.a.cols + k] * b[k * c.b.cols + i % c.out.cols];
  return to_bf16(sum);
}

static bool passes(const char *name, const Case &c) {
  return same_bits(name, run_case(c),
                   [&](std::size_t i) { return expected(c, i); });
}

int main(int count, char **argv) {
  const Extent whole = {32, 32}, wide = {16, 32}, narrow = {32, 16};
  const Case wrong[] = {
      {ADD, wide, whole, whole},
      {MATMUL, narrow, whole, whole},
      {REDUCE, wide, whole, wide},
      {TURN, wide, whole, whole},
      {COPY, wide, whole, wide, tt::DataFormat::Float16_b, 2048},
      {TILIZE, wide, whole, wide},
      {UNTILIZE, wide, whole, wide}};
  if (count > 1) {
    run_case(wrong[std::atoi(argv[1]) - 1]);
    return 0;
  }
  bool all = true;
  // CHECK: rows: all 512 elements as expected
  all &= passes("rows", {MATMUL, wide, whole, wide});
  // CHECK: one row: all 32 elements as expected
  all &= passes("one row", {MATMUL, {1, 32}, whole, {1, 32}});
  // CHECK: columns: all 512 elements as expected
  all &= passes("columns", {MATMUL, whole, narrow, narrow});
  // CHECK: sixteen: all 256 elements as expected
  all &= passes("sixteen", {MATMUL, {16, 16}, {16, 16}, {16, 16}});
  // CHECK: sum: all 256 elements as expected
  all &= passes("sum", {ADD, {8, 32}, {8, 32}, {8, 32}});
  // CHECK: accumulated: all 512 elements as expected
  all &= passes("accumulated", {ACCUMULATE, wide, whole, wide});
  const auto block = tt::DataFormat::Bfp8_b;
  // CHECK: block: all 512 elements as expected
  all &= passes("block", {COPY, wide, whole, wide, block});
  // CHECK: block, four rows: all 64 elements as expected
  all &= passes("block, four rows", {COPY, {4, 16}, whole, {4, 16}, block});
  return all ? 0 : 1;
}
// SHAPES: add_tiles: circular buffer 0 has tiles of 16 x 32 and circular buffer 1 of 32 x 32
// INNER: matmul_tiles: tiles of 32 x 16, of circular buffer 0, cannot be multiplied with tiles of 32 x 32, of circular buffer 1
// REDUCE: reduce_tile: circular buffer 0 has tiles of 16 x 32, and this is modelled for tiles of 32 x 32 only
// TURN: transpose_wh_tile: circular buffer 0 has tiles of 16 x 32, and this is modelled for tiles of 32 x 32 only
// PAGE: copy_tile: circular buffer 0 has pages of 2048 B, but a tile of Float16_b, 16 x 32, has 1024
// UNTILIZE: untilize_block: circular buffer 0 has tiles of 16 x 32, and this is modelled for tiles of 32 x 32 only
// TILIZE: tilize_block: circular buffer 0 has tiles of 16 x 32, and this is modelled for tiles of 32 x 32 only
//--- compute.cpp
#include <cstdint>

#define REDUCE_OP  PoolType::SUM
#define REDUCE_DIM ReduceDim::REDUCE_ROW
#include "api/compute/eltwise_binary.h"
#include "api/compute/matmul.h"
#include "api/compute/reduce.h"
#include "api/compute/tile_move_copy.h"
#include "api/compute/tilize.h"
#include "api/compute/transpose_wh.h"
#include "api/compute/untilize.h"

constexpr uint32_t op = get_compile_time_arg_val(0);

void kernel_main() {
  compute_kernel_hw_startup(op == 0, op != 0, 16);
  cb_wait_front(0, 1);
  cb_wait_front(1, 1);
  if (op == 6) {
    tilize_init(0, 1, 16);
    cb_reserve_back(16, 1);
    tilize_block(0, 1, 16);
  }
  if (op == 7) {
    untilize_init(0);
    cb_reserve_back(16, 1);
    untilize_block<1>(0, 1, 16);
  }
  tile_regs_acquire();
  if (op == 0) {
    mm_init_short(0, 1);
    matmul_tiles(0, 1, 0, 0, 0);
  } else if (op == 1) {
    add_tiles_init(0, 1);
    add_tiles(0, 1, 0, 0, 0);
  } else if (op == 4) {
    reduce_init(0, 1, 16);
    reduce_tile(0, 1, 0, 0, 0);
  } else if (op == 5) {
    transpose_wh_init_short(0);
    transpose_wh_tile(0, 0, 0);
  } else {
    copy_tile_init(0);
    copy_tile(0, 0, 0);
  }
  tile_regs_commit();
  cb_reserve_back(16, 1);
  tile_regs_wait();
  pack_tile<true>(0, 16, 0);
  if (op == 3) {
    pack_reconfig_l1_acc(1);
    pack_tile<true>(0, 16, 0);
    pack_reconfig_l1_acc(0);
  }
  tile_regs_release();
  cb_push_back(16, 1);
  cb_pop_front(0, 1);
  cb_pop_front(1, 1);
}
