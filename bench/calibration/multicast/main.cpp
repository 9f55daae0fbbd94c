// One core multicasts to a rectangle, then waits until all is delivered.
//
// sender=X,Y first=X,Y last=X,Y: corners of the rectangle; a sender inside of
// it
//   gets the data too
// count=N bytes=N: commands, and of each; linked=0|1: they keep their path

#include "calibration.hpp"

using namespace calibration;

namespace {

void run(Arguments &arguments) {
  Bench bench;
  const CoreCoord sender = arguments.core("sender");
  const CoreCoord first = arguments.core("first");
  const CoreCoord last = arguments.core("last");
  const uint32_t count = arguments.number("count");
  const uint32_t bytes = arguments.number("bytes");
  const uint32_t linked = arguments.number("linked");
  arguments.done();
  const auto targets =
      static_cast<uint32_t>((last.x - first.x + 1) * (last.y - first.y + 1));
  const bool is_inside = sender.x >= first.x && sender.x <= last.x &&
                         sender.y >= first.y && sender.y <= last.y;
  Memory source = bench.l1(bytes);
  Memory target = bench.l1(bytes);
  const Words sent = noise(1, source->size() / 4);
  bench.upload(source, sent);

  Program program = CreateProgram();
  const KernelHandle kernel = CreateKernel(
      program, KERNEL_DIR "/send.cpp", sender,
      DataMovementConfig{
          .processor = DataMovementProcessor::RISCV_0,
          .noc = NOC::NOC_0,
          .compile_args = {count, bytes, linked, is_inside, targets}});
  const CoreCoord from = bench.noc(first), to = bench.noc(last);
  SetRuntimeArgs(program, kernel, sender,
                 {address(source), address(target),
                  static_cast<uint32_t>(from.x), static_cast<uint32_t>(from.y),
                  static_cast<uint32_t>(to.x), static_cast<uint32_t>(to.y)});
  bench.run(std::move(program));

  const Words got = bench.download(target);
  const std::size_t words = bytes / 4;
  for (std::size_t y = first.y; y <= last.y; ++y)
    for (std::size_t x = first.x; x <= last.x; ++x)
      check("multicast", &got[bench.page_of(CoreCoord(x, y)) * words],
            &sent[bench.page_of(sender) * words], words);
}

} // namespace

int main(int count, char **texts) { return main_of(count, texts, run); }
