// One core multiplies what lies in its L1.
//
// rows=N cols=N depth=N: tiles of a block; blocks=N: of the depth, all of the
//   same data
// sub_rows=N sub_cols=N: tiles that are in DST at once
// format=bf16|bfp8 fidelity=LoFi|HiFi2|HiFi4
// partials=none|spill|l1: where sums of several blocks wait: read back, or
//   added to by the packer; with one block the output is packed row by row
// repeat=N

#include "tiles.hpp"

using namespace calibration;

namespace {

struct Setup {
  uint32_t rows, cols, depth, blocks, sub_rows, sub_cols, repeat;
  DataFormat format;
  MathFidelity fidelity;
  std::string partials;
};

Setup parse(Arguments &arguments) {
  Setup setup;
  setup.rows = arguments.number("rows");
  setup.cols = arguments.number("cols");
  setup.depth = arguments.number("depth");
  setup.blocks = arguments.number("blocks");
  setup.sub_rows = arguments.number("sub_rows");
  setup.sub_cols = arguments.number("sub_cols");
  setup.repeat = arguments.number("repeat");
  setup.format = format_of(arguments.text("format"));
  setup.fidelity = fidelity_of(arguments.text("fidelity"));
  setup.partials = arguments.text("partials");
  arguments.done();
  return setup;
}

// About four values in each column of B, so that no sum is ever rounded.
Tiles sparse_tiles(const Setup &setup) {
  Tiles tiles = small_tiles(2, setup.depth * setup.cols);
  for (std::size_t t = 0; t < tiles.size(); ++t)
    for (std::size_t i = 0; i < 1024; ++i)
      if (word(3, static_cast<uint32_t>(t * 1024 + i)) % (setup.depth * 5) != 0)
        tiles[t][i] = 0;
  return tiles;
}

// In the order of the output: row by row, or with several blocks of the depth
// in the order in which parts are packed.
Tiles product(const Setup &setup, const Tiles &a, const Tiles &b) {
  Tiles product;
  const bool by_row = setup.partials == "none";
  const uint32_t rows = by_row ? 1 : setup.sub_rows;
  const uint32_t cols = by_row ? setup.cols : setup.sub_cols;
  for (uint32_t row = 0; row < setup.rows; row += rows)
    for (uint32_t col = 0; col < setup.cols; col += cols)
      for (uint32_t r = row; r < row + rows; ++r)
        for (uint32_t c = col; c < col + cols; ++c) {
          TileValues sum(1024);
          for (uint32_t k = 0; k < setup.depth; ++k) {
            const TileValues &left = a[r * setup.depth + k];
            const TileValues &right = b[k * setup.cols + c];
            for (std::size_t i = 0; i < 32; ++i)
              for (std::size_t l = 0; l < 32; ++l)
                for (std::size_t j = 0; j < 32; ++j)
                  sum[i * 32 + j] += left[i * 32 + l] * right[l * 32 + j];
          }
          for (float &value : sum)
            value *= static_cast<float>(setup.blocks);
          product.push_back(std::move(sum));
        }
  return product;
}

void run(Arguments &arguments) {
  Bench bench;
  const Setup setup = parse(arguments);
  const CoreCoord core(0, 0);
  const CoreRangeSet cores = ranges({core});
  const Tiles a = small_tiles(1, setup.rows * setup.depth);
  const Tiles b = sparse_tiles(setup);
  const uint32_t outputs = setup.rows * setup.cols;
  const uint32_t bytes = static_cast<uint32_t>(tile_size(setup.format));

  Program program = CreateProgram();
  const auto place = [&](uint8_t index, uint32_t tiles) {
    Memory memory = bench.l1(tiles * bytes);
    add_cb(program, cores, index, setup.format, tiles, memory);
    return memory;
  };
  const auto upload = [&](Memory &memory, const Tiles &tiles) {
    Words words = encode(tiles, setup.format);
    words.resize(memory->size() / 4);
    bench.upload(memory, words);
  };
  Memory left = place(0, setup.rows * setup.depth);
  Memory right = place(1, setup.depth * setup.cols);
  Memory out = place(16, outputs);
  upload(left, a);
  upload(right, b);
  const bool with_partials = setup.partials != "none";
  // What is read back has the data's own format.
  if (with_partials)
    add_cb(program, cores, 24,
           setup.partials == "l1" ? DataFormat::Float16_b : setup.format,
           outputs);
  else if (setup.blocks > 1)
    throw std::runtime_error("several blocks need partials");
  CreateKernel(program, KERNEL_DIR "/compute.cpp", core,
               ComputeConfig{.math_fidelity = setup.fidelity,
                             .compile_args = {
                                 setup.rows, setup.cols, setup.depth,
                                 setup.blocks, setup.sub_rows, setup.sub_cols,
                                 setup.partials == "l1", setup.repeat, 0}});
  bench.run(std::move(program));

  Words got = bench.download(out);
  got.resize(outputs * bytes / 4); // core (0,0) comes first
  check_close("matmul", decode(got, setup.format), product(setup, a, b), 0);
}

} // namespace

int main(int count, char **texts) { return main_of(count, texts, run); }
