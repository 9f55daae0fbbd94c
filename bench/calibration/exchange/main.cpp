// In every row of a grid, each core in turn sends its payload to all others of
// the row. All rows work at once; nobody computes.
//
// cols=N rows=N bytes=N: of a payload; rounds=N: exchanges in one launch

#include "calibration.hpp"

using namespace calibration;

namespace {

void run(Arguments &arguments) {
  Bench bench;
  const uint32_t cols = arguments.number("cols");
  const uint32_t rows = arguments.number("rows");
  const uint32_t bytes = arguments.number("bytes");
  const uint32_t rounds = arguments.number("rounds");
  arguments.done();
  const CoreRange cores(CoreCoord(0, 0), CoreCoord(cols - 1, rows - 1));
  // A place for each core of the row; at first each has its own payload only.
  Memory state = bench.l1(cols * bytes);
  const Words sent = noise(1, state->size() / 4);
  bench.upload(state, sent);

  Program program = CreateProgram();
  const uint32_t ready = CreateSemaphore(program, cores, 0);
  const uint32_t flag = CreateSemaphore(program, cores, 0);
  const KernelHandle kernel = CreateKernel(
      program, KERNEL_DIR "/exchange.cpp", cores,
      ReaderDataMovementConfig({cols, bytes, rounds, ready, flag}));
  for (uint32_t y = 0; y < rows; ++y)
    for (uint32_t x = 0; x < cols; ++x) {
      Words args = {address(state), x};
      for (uint32_t peer = 0; peer < cols; ++peer) {
        const CoreCoord noc = bench.noc(CoreCoord(peer, y));
        args.push_back(static_cast<uint32_t>(noc.x));
        args.push_back(static_cast<uint32_t>(noc.y));
      }
      SetRuntimeArgs(program, kernel, CoreCoord(x, y), args);
    }
  bench.run(std::move(program));

  const Words got = bench.download(state);
  const std::size_t words = bytes / 4;
  for (uint32_t y = 0; y < rows; ++y)
    for (uint32_t x = 0; x < cols; ++x)
      for (uint32_t peer = 0; peer < cols; ++peer) {
        const std::size_t mine = bench.page_of(CoreCoord(x, y));
        const std::size_t theirs = bench.page_of(CoreCoord(peer, y));
        check("exchange", &got[(mine * cols + peer) * words],
              &sent[(theirs * cols + peer) * words], words);
      }
}

} // namespace

int main(int count, char **texts) { return main_of(count, texts, run); }
