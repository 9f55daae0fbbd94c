// Brings the operands of C[rows,cols] = A[rows,depth] x B[depth,cols] to a grid
// of cores, each with its block of C. Nothing is multiplied.
//
// cores=N: columns and rows of the grid; rows=N cols=N depth=N: in tiles
// by=dram|multicast: each core reads all it needs; or the first core of a line
//   reads for the line: A along rows, B down columns

#include "tiles.hpp"

using namespace calibration;

namespace {

const uint32_t tile_bytes = 2048;
enum { PROBES = 3 }; // tiles that each core sends back

struct Setup {
  uint32_t side, rows, cols, depth;
  bool by_multicast;
  uint32_t core_rows() const { return rows / side; }
  uint32_t core_cols() const { return cols / side; }
};

Setup parse(Arguments &arguments) {
  Setup setup;
  setup.side = arguments.number("cores");
  setup.rows = arguments.number("rows");
  setup.cols = arguments.number("cols");
  setup.depth = arguments.number("depth");
  setup.by_multicast = arguments.text("by") == "multicast";
  arguments.done();
  if (setup.rows % setup.side || setup.cols % setup.side)
    throw std::runtime_error("the grid does not divide the tiles");
  return setup;
}

// Where a core stands in its row and column.
Words line_args(const Bench &bench, const Setup &setup, uint32_t x,
                uint32_t y) {
  Words args;
  const auto add = [&](const CoreCoord &core) {
    const CoreCoord noc = bench.noc(core);
    args.push_back(static_cast<uint32_t>(noc.x));
    args.push_back(static_cast<uint32_t>(noc.y));
  };
  add(CoreCoord(0, y)); // sends A
  add(CoreCoord(1, y));
  add(CoreCoord(setup.side - 1, y));
  add(CoreCoord(x, 0)); // sends B
  add(CoreCoord(x, 1));
  add(CoreCoord(x, setup.side - 1));
  return args;
}

void run(Arguments &arguments) {
  Bench bench;
  const Setup setup = parse(arguments);
  const uint32_t core_rows = setup.core_rows(), core_cols = setup.core_cols();
  const CoreRange all(CoreCoord(0, 0),
                      CoreCoord(setup.side - 1, setup.side - 1));
  Memory a = bench.dram(setup.rows * setup.depth, tile_bytes);
  Memory b = bench.dram(setup.depth * setup.cols, tile_bytes);
  Memory probes = bench.dram(setup.side * setup.side * PROBES, tile_bytes);
  const Words left = noise(1, a->size() / 4), right = noise(2, b->size() / 4);
  bench.upload(a, left);
  bench.upload(b, right);

  Program program = CreateProgram();
  add_cb(program, CoreRangeSet(all), 0, DataFormat::Float16_b,
         core_rows * setup.depth);
  add_cb(program, CoreRangeSet(all), 1, DataFormat::Float16_b,
         setup.depth * core_cols);
  Words reader_args = {core_rows,  core_cols,          setup.depth,
                       setup.cols, setup.by_multicast, setup.side};
  for (int i = 0; i < 4; ++i)
    reader_args.push_back(CreateSemaphore(program, all, 0));
  TensorAccessorArgs(*a).append_to(reader_args);
  TensorAccessorArgs(*b).append_to(reader_args);
  Words writer_args = {core_rows * setup.depth, setup.depth * core_cols};
  TensorAccessorArgs(*probes).append_to(writer_args);
  const KernelHandle reader =
      CreateKernel(program, KERNEL_DIR "/bring.cpp", all,
                   ReaderDataMovementConfig(reader_args));
  const KernelHandle writer =
      CreateKernel(program, KERNEL_DIR "/probe.cpp", all,
                   WriterDataMovementConfig(writer_args));
  for (uint32_t y = 0; y < setup.side; ++y)
    for (uint32_t x = 0; x < setup.side; ++x) {
      Words args = {address(a), address(b), y * core_rows, x * core_cols, x, y};
      const Words line = line_args(bench, setup, x, y);
      args.insert(args.end(), line.begin(), line.end());
      SetRuntimeArgs(program, reader, CoreCoord(x, y), args);
      SetRuntimeArgs(program, writer, CoreCoord(x, y),
                     {address(probes), (y * setup.side + x) * PROBES});
    }
  bench.run(std::move(program));

  const Words got = bench.download(probes);
  const std::size_t words = tile_bytes / 4;
  for (uint32_t y = 0; y < setup.side; ++y)
    for (uint32_t x = 0; x < setup.side; ++x) {
      const std::size_t at = (y * setup.side + x) * PROBES * words;
      const std::size_t first_b = x * core_cols;
      const std::size_t last_b =
          (setup.depth - 1) * setup.cols + first_b + core_cols - 1;
      check("A", &got[at], &left[y * core_rows * setup.depth * words], words);
      check("B", &got[at + words], &right[first_b * words], words);
      check("B", &got[at + 2 * words], &right[last_b * words], words);
    }
}

} // namespace

int main(int count, char **texts) { return main_of(count, texts, run); }
