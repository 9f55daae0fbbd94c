// RUN: %parts && %t/program | FileCheck %t/main.cpp
// Row-major memory to tiles and back, by the unpacker and by the packer, for
// rows of several tiles, and what is refused.
//--- main.cpp
#include "harness.hpp"

using namespace harness;

namespace {

// Elements of tiles, in the order of a row of `width` tiles' memory.
std::size_t row_major(std::size_t i, std::size_t width) {
  const std::size_t tile = i / 1024, row = i % 1024 / 32, col = i % 32;
  return row * width * 32 + tile * 32 + col;
}

// The harness hands tiles over in faces: place `p` of a page's memory is this
// element of the tile.
std::size_t of_page(std::size_t p) {
  const std::size_t face = p / 256, row = p % 256 / 16, col = p % 16;
  return (face / 2 * 16 + row) * 32 + face % 2 * 16 + col;
}

// Values so that the pages' memory holds `memory`, one value after the other.
Values in_pages(const Values &memory) {
  Values tiles(memory.size());
  for (std::size_t i = 0; i < memory.size(); ++i)
    tiles[i / 1024 * 1024 + of_page(i % 1024)] = memory[i];
  return tiles;
}

Values from_pages(const Values &tiles) {
  Values memory(tiles.size());
  for (std::size_t i = 0; i < memory.size(); ++i)
    memory[i] = tiles[i / 1024 * 1024 + of_page(i % 1024)];
  return memory;
}

void refuse(const char *name, const Job &job) {
  try {
    run(job);
    std::printf("%s: nothing wrong\n", name);
  } catch (const std::exception &error) {
    std::printf("%s: %s\n", name, error.what());
  }
}

} // namespace

int main() {
  bool pass = true;
  for (const tt::DataFormat format :
       {tt::DataFormat::Float16_b, tt::DataFormat::Float32,
        tt::DataFormat::UInt16, tt::DataFormat::Float16}) {
    const uint32_t width = 3;
    Values memory(width * 1024);
    for (std::size_t i = 0; i < memory.size(); ++i)
      memory[i] = static_cast<float>(i % 251);
    auto job = [&](uint32_t kind, const Values &input) {
      return run({.compute = KERNEL_DIR "/rows.cpp",
                  .inputs = {input},
                  .formats = {format},
                  .out_format = format,
                  .out_tiles = width,
                  .pages = width,
                  .compile_args = {kind}});
    };
    Values tiles = job(0, in_pages(memory));
    pass &= same_bits("tilize", tiles, [&](std::size_t i) {
      return memory[row_major(i, width)];
    });
    for (uint32_t kind = 1; kind < 4; ++kind)
      pass &= same_bits(kind == 1   ? "untilize"
                        : kind == 2 ? "pack_untilize"
                                    : "pack_untilize from DST",
                        from_pages(job(kind, tiles)),
                        [&](std::size_t i) { return memory[i]; });
  }
  // CHECK-COUNT-4: tilize: all 3072 elements as expected
  std::printf("%s\n", pass ? "all right" : "not all right");
  // CHECK: all right

  const Values x = noise(3, 1);
  Job job{.compute = KERNEL_DIR "/wrong.cpp",
          .inputs = {x},
          .out_tiles = 3,
          .pages = 3};
  const char *const names[] = {"no uninit",     "other width",  "block format",
                               "few pages",     "pack in rows", "inside a row",
                               "fewer at once", "few reserved"};
  for (uint32_t kind = 0; kind < 8; ++kind) {
    job.compile_args = {kind};
    job.formats = {kind == 2 ? tt::DataFormat::Bfp8_b
                             : tt::DataFormat::Float16_b};
    refuse(names[kind], job);
  }
  // CHECK: no uninit: {{.*}}(unpack): wrong.cpp:[[#]]: {{[a-z_]+}}_init{{[a-z_]*}}: tilize_uninit must come first
  // CHECK: other width: {{.*}}tilize_block: the init was for rows of 2 tiles, the op is for 3
  // CHECK: block format: {{.*}}tilize_block: circular buffer 0 is Bfp8_b, whose values share exponents: it cannot be row-major
  // CHECK: few pages: {{.*}}tilize_block: reads 6144 B of circular buffer 0, of which 2 pages of 2048 B are waited for
  // CHECK: pack in rows: {{.*}}(pack): wrong.cpp:[[#]]: pack_tile: the packer is set up for pack_untilize: pack_untilize_uninit is missing
  // CHECK: inside a row: {{.*}}tilize_block: starts at tile 1, inside a row of 3 tiles
  // CHECK: fewer at once: {{.*}}pack_untilize_dest: the init was for 3 tiles at a time, the op is for 1
  // CHECK: few reserved: {{.*}}pack_untilize_block: writes 6144 B of circular buffer 16, of which 2 pages of 2048 B are reserved
  return pass ? 0 : 1;
}
//--- rows.cpp
#include <cstdint>

#include "api/compute/eltwise_unary/eltwise_unary.h"
#include "api/compute/pack_untilize.h"
#include "api/compute/tile_move_copy.h"
#include "api/compute/tilize.h"
#include "api/compute/untilize.h"

void kernel_main() {
  constexpr uint32_t kind = get_compile_time_arg_val(0);
  constexpr uint32_t width = 3;
  compute_kernel_hw_startup(0, 16);
  cb_wait_front(0, width);
  cb_reserve_back(16, width);
  if (kind == 0) {
    tilize_init(0, width, 16);
    tilize_block(0, width, 16);
    tilize_uninit(0, 16);
  } else if (kind == 1) {
    untilize_init(0);
    untilize_block<1>(0, width, 16);
    untilize_uninit(0);
  } else if (kind == 2) {
    pack_untilize_init<width>(0, 16);
    pack_untilize_block<width>(0, 1, 16);
    pack_untilize_uninit(16);
  } else {
    // One tile at a time into its part of the rows.
    copy_tile_init(0);
    pack_untilize_dest_init<1, width>(16);
    for (uint32_t t = 0; t < width; ++t) {
      tile_regs_acquire();
      copy_tile(0, t, 1);
      tile_regs_commit();
      tile_regs_wait();
      pack_untilize_dest<1, width>(16, 1, t, 16, 4, 1);
      tile_regs_release();
    }
    pack_untilize_uninit(16);
  }
  cb_push_back(16, width);
  cb_pop_front(0, width);
}
//--- wrong.cpp
#include <cstdint>

#include "api/compute/pack_untilize.h"
#include "api/compute/tile_move_copy.h"
#include "api/compute/tilize.h"

void kernel_main() {
  constexpr uint32_t kind = get_compile_time_arg_val(0);
  compute_kernel_hw_startup(0, 16);
  cb_wait_front(0, kind == 3 ? 2 : 3);
  cb_reserve_back(16, kind == 7 ? 2 : 3);
  if (kind == 7) {
    pack_untilize_init<3>(0, 16);
    pack_untilize_block<3>(0, 1, 16);
  } else if (kind == 4) {
    pack_untilize_init<3>(0, 16);
    tile_regs_acquire();
    copy_tile(0, 0, 0);
    tile_regs_commit();
    tile_regs_wait();
    pack_tile(0, 16);
    tile_regs_release();
  } else if (kind == 6) {
    pack_untilize_dest_init<3>(16);
    tile_regs_acquire();
    tile_regs_commit();
    tile_regs_wait();
    pack_untilize_dest<1, 3>(16);
  } else {
    tilize_init(0, kind == 1 ? 2 : 3, 16);
    tilize_block(0, 3, 16, kind == 5 ? 1 : 0);
    copy_tile_init(0);
  }
  cb_push_back(16, 3);
  cb_pop_front(0, 3);
}
