// Copies tiles from DRAM to DRAM: a reader on NoC 0, a writer on NoC 1 and,
// where asked for, a relu between them.
//
// tiles=N: all, split evenly in one run each; cores=N place=row|column|grid
// block=N: tiles for each barrier; depth=N: blocks in a circular buffer
// relu=0|1

#include "calibration.hpp"

using namespace calibration;

namespace {

const uint32_t tile_bytes = 2048;

void add_cb(Program &program, const CoreRangeSet &cores, uint8_t index,
            uint32_t pages) {
  CreateCircularBuffer(
      program, cores,
      CircularBufferConfig(pages * tile_bytes, {{index, DataFormat::Float16_b}})
          .set_page_size(index, tile_bytes));
}

// bf16 values in [-1,1), two to a word.
Words values(uint32_t tiles) {
  Words words = noise(1, tiles * tile_bytes / 4);
  for (uint32_t &pair : words)
    pair = (pair & 0x807f807fu) | 0x3f003f00u;
  return words;
}

uint32_t relu(uint32_t pair) {
  return (pair & 0x8000u ? 0 : pair & 0xffffu) |
         (pair & 0x80000000u ? 0 : pair & 0xffff0000u);
}

void run(Arguments &arguments) {
  Bench bench;
  const uint32_t tiles = arguments.number("tiles");
  const uint32_t count = arguments.number("cores");
  const std::vector<CoreCoord> cores =
      place(arguments.text("place"), count, bench.grid);
  const uint32_t block = arguments.number("block");
  const uint32_t depth = arguments.number("depth");
  const bool with_relu = arguments.number("relu");
  arguments.done();
  Memory source = bench.dram(tiles, tile_bytes);
  Memory target = bench.dram(tiles, tile_bytes);
  const Words sent = values(tiles);
  bench.upload(source, sent);

  Program program = CreateProgram();
  const CoreRangeSet all = ranges(cores);
  const uint32_t out = with_relu ? 16 : 0;
  add_cb(program, all, 0, block * depth);
  if (with_relu)
    add_cb(program, all, 16, block * depth);
  Words reader_args = {block}, writer_args = {block, out};
  TensorAccessorArgs(*source).append_to(reader_args);
  TensorAccessorArgs(*target).append_to(writer_args);
  const KernelHandle reader =
      CreateKernel(program, KERNEL_DIR "/reader.cpp", all,
                   ReaderDataMovementConfig(reader_args));
  const KernelHandle writer =
      CreateKernel(program, KERNEL_DIR "/writer.cpp", all,
                   WriterDataMovementConfig(writer_args));
  KernelHandle compute = 0;
  if (with_relu)
    compute =
        CreateKernel(program, KERNEL_DIR "/relu.cpp", all, ComputeConfig{});
  uint32_t first = 0;
  for (uint32_t i = 0; i < count; ++i) {
    const uint32_t mine = tiles / count + (i < tiles % count);
    SetRuntimeArgs(program, reader, cores[i], {address(source), first, mine});
    SetRuntimeArgs(program, writer, cores[i], {address(target), first, mine});
    if (with_relu)
      SetRuntimeArgs(program, compute, cores[i], {mine});
    first += mine;
  }
  bench.run(std::move(program));

  Words want = sent;
  if (with_relu)
    std::transform(want.begin(), want.end(), want.begin(), relu);
  const Words got = bench.download(target);
  check("copy", got.data(), want.data(), want.size());
}

} // namespace

int main(int count, char **texts) { return main_of(count, texts, run); }
