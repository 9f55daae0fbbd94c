// A matmul on a grid of cores. Each has a part of C, in L1.
//
// dims=2: a block of C each. A lies in L1, each core with a part of the depth
//   of its row's rows, which it multicasts along the row in its turn; the first
//   row of cores reads B from DRAM and multicasts it down the columns
// dims=1: columns of C each. The first core reads A from DRAM and multicasts it
//   to all; each core reads its columns of B from DRAM
// rows=N cols=N depth=N: tiles; grid=COLSxROWS
// block=N: tiles of the depth at a time, which divide every core's part
// sub_rows=N sub_cols=N: tiles that are in DST at once
// format=bf16|bfp8|bfp4 fidelity=LoFi|HiFi2|HiFi4

#include "tiles.hpp"

using namespace calibration;

namespace {

struct Setup {
  uint32_t rows, cols, depth;
  uint32_t grid_cols, grid_rows;
  uint32_t block, sub_rows, sub_cols;
  DataFormat format;
  MathFidelity fidelity;
  bool flat; // one dimension

  uint32_t parts_down() const { return flat ? 1 : grid_rows; }
  uint32_t parts_across() const {
    return flat ? grid_cols * grid_rows : grid_cols;
  }
  uint32_t core_rows() const { return rows / parts_down(); }
  uint32_t core_cols() const { return cols / parts_across(); }
  uint32_t core_depth() const { return flat ? depth : depth / grid_cols; }
  uint32_t row_of(uint32_t y) const { return flat ? 0 : y * core_rows(); }
  uint32_t col_of(uint32_t x, uint32_t y) const {
    return (flat ? y * grid_cols + x : x) * core_cols();
  }
  uint32_t blocks() const { return depth / block; }
  uint32_t tile() const { return static_cast<uint32_t>(tile_size(format)); }
};

Setup parse(Arguments &arguments) {
  Setup setup;
  setup.rows = arguments.number("rows");
  setup.cols = arguments.number("cols");
  setup.depth = arguments.number("depth");
  const std::string grid = arguments.text("grid");
  const std::size_t cross = grid.find('x');
  setup.grid_cols = static_cast<uint32_t>(std::stoul(grid));
  setup.grid_rows = static_cast<uint32_t>(std::stoul(grid.substr(cross + 1)));
  setup.block = arguments.number("block");
  setup.sub_rows = arguments.number("sub_rows");
  setup.sub_cols = arguments.number("sub_cols");
  setup.format = format_of(arguments.text("format"));
  setup.fidelity = fidelity_of(arguments.text("fidelity"));
  setup.flat = arguments.number("dims") == 1;
  arguments.done();
  if (setup.rows % setup.parts_down() || setup.cols % setup.parts_across() ||
      setup.depth % setup.core_depth() || setup.core_depth() % setup.block ||
      setup.core_rows() % setup.sub_rows ||
      setup.core_cols() % setup.sub_cols || (setup.flat && setup.rows != 1))
    throw std::runtime_error("the parts do not divide the whole");
  return setup;
}

// -- Data ---------------------------------------------------------------------

// B has about four values in each column, so that no sum is rounded and the
// product is quick to know: which rows, and what is there.
struct Entry {
  uint32_t row;
  float value;
};
using Columns = std::vector<std::vector<Entry>>;

Columns sparse_columns(const Setup &setup) {
  Columns columns(setup.cols * 32);
  for (uint32_t col = 0; col < columns.size(); ++col)
    for (uint32_t i = 0; i < 4; ++i) {
      const uint32_t bits = word(3, col * 4 + i);
      columns[col].push_back(
          {bits % (setup.depth * 32), bits & 0x10000 ? 1.0f : -1.0f});
    }
  return columns;
}

Tiles matrix_of(const Setup &setup, const Columns &columns) {
  Tiles tiles(setup.depth * setup.cols, TileValues(1024));
  for (uint32_t col = 0; col < columns.size(); ++col)
    for (const Entry &entry : columns[col])
      tiles[entry.row / 32 * setup.cols + col / 32]
           [entry.row % 32 * 32 + col % 32] += entry.value;
  return tiles;
}

// One tile of the product.
TileValues product(const Setup &setup, const Tiles &a, const Columns &columns,
                   uint32_t row, uint32_t col) {
  TileValues tile(1024);
  for (uint32_t j = 0; j < 32; ++j)
    for (const Entry &entry : columns[col * 32 + j]) {
      const TileValues &from = a[row * setup.depth + entry.row / 32];
      for (uint32_t i = 0; i < 32; ++i)
        tile[i * 32 + j] += from[i * 32 + entry.row % 32] * entry.value;
    }
  return tile;
}

// Each core's part of A, one block of the depth after the other.
Words parts_of(const Bench &bench, const Setup &setup, const Tiles &a) {
  const uint32_t tiles = setup.core_rows() * setup.core_depth();
  Tiles parts(bench.grid.x * bench.grid.y * tiles, TileValues(1024));
  for (uint32_t y = 0; y < setup.grid_rows; ++y)
    for (uint32_t x = 0; x < setup.grid_cols; ++x) {
      std::size_t at = bench.page_of(CoreCoord(x, y)) * tiles;
      for (uint32_t k0 = 0; k0 < setup.core_depth(); k0 += setup.block)
        for (uint32_t row = 0; row < setup.core_rows(); ++row)
          for (uint32_t k = k0; k < k0 + setup.block; ++k)
            parts[at++] = a[(y * setup.core_rows() + row) * setup.depth +
                            x * setup.core_depth() + k];
    }
  return encode(parts, setup.format);
}

void check_core(const Setup &setup, const Tiles &got, std::size_t at,
                const Tiles &a, const Columns &columns, uint32_t x,
                uint32_t y) {
  Tiles want, mine;
  for (uint32_t row = 0; row < setup.core_rows(); row += setup.sub_rows)
    for (uint32_t col = 0; col < setup.core_cols(); col += setup.sub_cols)
      for (uint32_t r = row; r < row + setup.sub_rows; ++r)
        for (uint32_t c = col; c < col + setup.sub_cols; ++c) {
          want.push_back(product(setup, a, columns, setup.row_of(y) + r,
                                 setup.col_of(x, y) + c));
          mine.push_back(got[at++]);
        }
  check_close("gemm", mine, want, 0);
}

// -- The program --------------------------------------------------------------

struct Plan {
  Program program = CreateProgram();
  uint32_t semaphores[4]; // of A and of B: receivers are ready, data are there
};

void add_noc(const Bench &bench, Words &args, uint32_t x, uint32_t y) {
  const CoreCoord noc = bench.noc(CoreCoord(x, y));
  args.push_back(static_cast<uint32_t>(noc.x));
  args.push_back(static_cast<uint32_t>(noc.y));
}

// A on the NoC that is left, B on the one that reads DRAM well.
KernelHandle add_mover(Plan &plan, const CoreRange &all, const char *path,
                       bool a, const Words &args) {
  return CreateKernel(
      plan.program, path, all,
      DataMovementConfig{.processor = a ? DataMovementProcessor::RISCV_1
                                        : DataMovementProcessor::RISCV_0,
                         .noc = a ? NOC::NOC_1 : NOC::NOC_0,
                         .compile_args = args});
}

// Every core of a row of the grid sends its part of A in its turn.
void add_turns(Bench &bench, const Setup &setup, Plan &plan,
               const CoreRange &all, Memory &a) {
  const uint32_t tiles = setup.core_rows() * setup.block;
  const KernelHandle rows =
      add_mover(plan, all, KERNEL_DIR "/rows.cpp", true,
                {tiles, tiles * setup.tile(), setup.blocks(),
                 setup.core_depth() / setup.block, setup.grid_cols,
                 plan.semaphores[0], plan.semaphores[1]});
  for (const CoreCoord &core : all) {
    Words args = {address(a), static_cast<uint32_t>(core.x)};
    for (uint32_t peer = 0; peer < setup.grid_cols; ++peer)
      add_noc(bench, args, peer, core.y);
    SetRuntimeArgs(plan.program, rows, core, args);
  }
}

// The cores that need the same of A or B. The first reads it from DRAM.
CoreRange sharers(const Setup &setup, bool a, const CoreCoord &core) {
  const CoreCoord last(setup.grid_cols - 1, setup.grid_rows - 1);
  if (a)
    return CoreRange(CoreCoord(0, 0), last);
  return setup.flat
             ? CoreRange(core, core)
             : CoreRange(CoreCoord(core.x, 0), CoreCoord(core.x, last.y));
}

void add_spread(Bench &bench, const Setup &setup, Plan &plan,
                const CoreRange &all, Memory &memory, bool a) {
  const std::size_t cores = sharers(setup, a, all.start_coord).size();
  const uint32_t cols = a ? 1 : setup.core_cols();
  Words compile_args = {setup.block,
                        cols,
                        a ? 1 : setup.cols,
                        setup.blocks(),
                        setup.tile(),
                        static_cast<uint32_t>(cores),
                        plan.semaphores[a ? 0 : 2],
                        plan.semaphores[a ? 1 : 3],
                        a ? 0u : 1u};
  TensorAccessorArgs(*memory).append_to(compile_args);
  const KernelHandle mover =
      add_mover(plan, all, KERNEL_DIR "/spread.cpp", a, compile_args);
  for (const CoreCoord &core : all) {
    const CoreRange with = sharers(setup, a, core);
    const CoreCoord first = with.start_coord, last = with.end_coord;
    const uint32_t col = setup.col_of(static_cast<uint32_t>(core.x),
                                      static_cast<uint32_t>(core.y));
    Words args = {address(memory), core == first, a ? 0 : col};
    // On NoC 1 a rectangle begins at its last corner.
    for (const CoreCoord &peer : {first, a ? last : first, a ? first : last})
      add_noc(bench, args, static_cast<uint32_t>(peer.x),
              static_cast<uint32_t>(peer.y));
    SetRuntimeArgs(plan.program, mover, core, args);
  }
}

void run(Arguments &arguments) {
  Bench bench;
  const Setup setup = parse(arguments);
  if (setup.grid_cols > bench.grid.x || setup.grid_rows > bench.grid.y)
    throw std::runtime_error("the grid has fewer cores");
  const CoreRange all(CoreCoord(0, 0),
                      CoreCoord(setup.grid_cols - 1, setup.grid_rows - 1));
  const uint32_t outputs = setup.core_rows() * setup.core_cols();
  Memory a =
      setup.flat
          ? bench.dram(setup.depth, setup.tile())
          : bench.l1(setup.core_rows() * setup.core_depth() * setup.tile());
  Memory b = bench.dram(setup.depth * setup.cols, setup.tile());
  Memory c = bench.l1(outputs * setup.tile());
  const Tiles left = small_tiles(1, setup.rows * setup.depth);
  const Columns columns = sparse_columns(setup);
  bench.upload(a, setup.flat ? encode(left, setup.format)
                             : parts_of(bench, setup, left));
  bench.upload(b, encode(matrix_of(setup, columns), setup.format));

  Plan plan;
  const CoreRangeSet cores(all);
  add_cb(plan.program, cores, 0, setup.format,
         2 * setup.core_rows() * setup.block);
  add_cb(plan.program, cores, 1, setup.format,
         2 * setup.block * setup.core_cols());
  add_cb(plan.program, cores, 16, setup.format, outputs, c);
  add_cb(plan.program, cores, 24, DataFormat::Float16_b, outputs);
  for (uint32_t &semaphore : plan.semaphores)
    semaphore = CreateSemaphore(plan.program, all, 0);
  if (setup.flat)
    add_spread(bench, setup, plan, all, a, true);
  else
    add_turns(bench, setup, plan, all, a);
  add_spread(bench, setup, plan, all, b, false);
  CreateKernel(
      plan.program, KERNEL_DIR "/../matmul/compute.cpp", all,
      ComputeConfig{.math_fidelity = setup.fidelity,
                    .compile_args = {setup.core_rows(), setup.core_cols(),
                                     setup.block, setup.blocks(),
                                     setup.sub_rows, setup.sub_cols, 1, 1, 1}});
  bench.run(std::move(plan.program));

  const Tiles got = decode(bench.download(c), setup.format);
  for (uint32_t y = 0; y < setup.grid_rows; ++y)
    for (uint32_t x = 0; x < setup.grid_cols; ++x)
      check_core(setup, got, bench.page_of(CoreCoord(x, y)) * outputs, left,
                 columns, x, y);
}

} // namespace

int main(int count, char **texts) { return main_of(count, texts, run); }
