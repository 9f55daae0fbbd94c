// One core works on the tiles in its L1, in launches of different length: the
// difference is what a tile costs.
//
// op=add|reduce_row|tilize tiles="N N ...": of each launch
// op=rsqrt|recip repeat=N: times the vector unit works on one tile in DST, in
//   zone "measured"

#include "tiles.hpp"

using namespace calibration;

namespace {

struct Launch {
  Bench &bench;
  Program program;
  CoreRangeSet cores;

  explicit Launch(Bench &on)
      : bench(on), program(CreateProgram()), cores(ranges({CoreCoord(0, 0)})) {}

  Memory place(uint8_t index, DataFormat format, uint32_t tiles) {
    Memory memory = bench.l1(tiles * static_cast<uint32_t>(tile_size(format)));
    add_cb(program, cores, index, format, tiles, memory);
    return memory;
  }

  Memory place(uint8_t index, DataFormat format, const Words &words) {
    Memory memory =
        place(index, format,
              static_cast<uint32_t>(words.size() * 4 / tile_size(format)));
    Words padded = words;
    padded.resize(memory->size() / 4);
    bench.upload(memory, padded);
    return memory;
  }

  void compute(const char *file, const Words &args, bool fp32 = false) {
    CreateKernel(program, file, cores,
                 ComputeConfig{.math_fidelity = MathFidelity::HiFi4,
                               .fp32_dest_acc_en = fp32,
                               .compile_args = args});
  }

  Tiles run(Memory &out, DataFormat format, std::size_t tiles) {
    bench.run(std::move(program));
    Words words = bench.download(out);
    words.resize(tiles * tile_size(format) / 4); // core (0,0) comes first
    return decode(words, format);
  }
};

const DataFormat bf16 = DataFormat::Float16_b;

void add(Bench &bench, uint32_t tiles) {
  Launch launch(bench);
  const Tiles a = small_tiles(1, tiles), b = small_tiles(2, tiles);
  Memory left = launch.place(0, bf16, encode(a, bf16));
  Memory right = launch.place(1, bf16, encode(b, bf16));
  Memory out = launch.place(16, bf16, tiles);
  launch.compute(KERNEL_DIR "/add.cpp", {tiles});
  Tiles want = a;
  for (std::size_t t = 0; t < tiles; ++t)
    for (std::size_t i = 0; i < 1024; ++i)
      want[t][i] += b[t][i];
  check_close("add", launch.run(out, bf16, tiles), want, 0);
}

// All tiles make one row of tiles.
void reduce_row(Bench &bench, uint32_t tiles) {
  Launch launch(bench);
  const DataFormat fp32 = DataFormat::Float32;
  const Tiles in = small_tiles(1, tiles);
  Tiles scaler(1, TileValues(1024));
  for (std::size_t i = 0; i < 32; ++i)
    scaler[0][i] = scaler[0][16 * 32 + i] = 1;
  Memory source = launch.place(0, bf16, encode(in, bf16));
  Memory factor = launch.place(1, bf16, encode(scaler, bf16));
  Memory out = launch.place(16, fp32, 1);
  launch.compute(KERNEL_DIR "/reduce.cpp", {tiles}, true);
  Tiles want(1, TileValues(1024));
  for (const TileValues &tile : in)
    for (std::size_t i = 0; i < 1024; ++i)
      want[0][i / 32 * 32] += tile[i];
  check_close("reduce", launch.run(out, fp32, 1), want, 0);
}

void tilize(Bench &bench, uint32_t tiles) {
  Launch launch(bench);
  const Tiles in = small_tiles(1, tiles);
  Words lines(tiles * 512);
  auto *to = reinterpret_cast<uint16_t *>(lines.data());
  for (std::size_t row = 0; row < 32; ++row)
    for (const TileValues &tile : in)
      for (std::size_t col = 0; col < 32; ++col) {
        uint32_t bits;
        std::memcpy(&bits, &tile[row * 32 + col], sizeof bits);
        *to++ = static_cast<uint16_t>(bits >> 16);
      }
  Memory source = launch.place(0, bf16, lines);
  Memory out = launch.place(16, bf16, tiles);
  launch.compute(KERNEL_DIR "/tilize.cpp", {tiles});
  check_close("tilize", launch.run(out, bf16, tiles), in, 0);
}

// Over and over again on one tile. Twice 1/x is x; an even number of inverse
// roots comes to 1.
void vector_op(Bench &bench, bool is_recip, uint32_t repeat) {
  Launch launch(bench);
  Tiles in(1, TileValues(1024));
  for (std::size_t i = 0; i < 1024; ++i)
    in[0][i] = std::ldexp(1.0f, static_cast<int>(i % 5) - 2);
  Memory source = launch.place(0, bf16, encode(in, bf16));
  Memory out = launch.place(16, bf16, 1);
  launch.compute(KERNEL_DIR "/vector.cpp", {is_recip, repeat});
  const Tiles want = is_recip ? in : Tiles(1, TileValues(1024, 1.0f));
  check_close("vector", launch.run(out, bf16, 1), want, 0.01f);
}

void run(Arguments &arguments) {
  Bench bench;
  const std::string op = arguments.text("op");
  if (op == "rsqrt" || op == "recip") {
    const uint32_t repeat = arguments.number("repeat");
    arguments.done();
    return vector_op(bench, op == "recip", repeat);
  }
  const std::string counts = arguments.text("tiles");
  arguments.done();
  for (std::size_t at = 0; at < counts.size();) {
    std::size_t used;
    const auto tiles =
        static_cast<uint32_t>(std::stoul(counts.substr(at), &used));
    at += used + 1;
    if (op == "add")
      add(bench, tiles);
    else if (op == "reduce_row")
      reduce_row(bench, tiles);
    else if (op == "tilize")
      tilize(bench, tiles);
    else
      throw std::runtime_error("there is no op '" + op + "' here");
  }
}

} // namespace

int main(int count, char **texts) { return main_of(count, texts, run); }
