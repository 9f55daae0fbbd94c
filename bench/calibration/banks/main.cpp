// Reads DRAM at full rate: every core streams one bank to its L1, with some
// blocks of commands on their way at any time.
//
// cores="X,Y X,Y ..." or row=N: core i reads bank i
// pages=N bytes=N: pages each core reads, and of each
// block=N: pages for each barrier; ahead=N: blocks on their way, 1 or 2

#include "calibration.hpp"

using namespace calibration;

namespace {

void run(Arguments &arguments) {
  Bench bench;
  const std::vector<CoreCoord> cores = arguments.cores("cores");
  const uint32_t pages = arguments.number("pages");
  const uint32_t bytes = arguments.number("bytes");
  const uint32_t block = arguments.number("block");
  const uint32_t ahead = arguments.number("ahead");
  arguments.done();
  const auto banks = static_cast<uint32_t>(bench.device->num_dram_channels());
  if (cores.size() > banks || pages % block)
    throw std::runtime_error("a core for each bank, and whole blocks");
  Memory source = bench.dram(pages * banks, bytes);
  const uint32_t places = block * ahead;
  Memory target = bench.l1(places * bytes);
  const Words sent = noise(1, source->size() / 4);
  bench.upload(source, sent);

  Program program = CreateProgram();
  const KernelHandle kernel =
      CreateKernel(program, KERNEL_DIR "/stream.cpp", ranges(cores),
                   ReaderDataMovementConfig({pages, bytes, block, ahead}));
  for (uint32_t bank = 0; bank < cores.size(); ++bank)
    SetRuntimeArgs(program, kernel, cores[bank],
                   {address(source), address(target), bank});
  bench.run(std::move(program));

  // What came last is still there.
  const Words got = bench.download(target);
  const std::size_t words = bytes / 4;
  for (uint32_t bank = 0; bank < cores.size(); ++bank)
    for (uint32_t i = pages - std::min(pages, places); i < pages; ++i)
      check("stream",
            &got[(bench.page_of(cores[bank]) * places + i % places) * words],
            &sent[(static_cast<std::size_t>(i) * banks + bank) * words], words);
}

} // namespace

int main(int count, char **texts) { return main_of(count, texts, run); }
