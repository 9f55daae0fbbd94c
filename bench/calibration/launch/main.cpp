// Launches a program that does nothing, on all cores and processors.
//
// launches=N cbs=N

#include "tiles.hpp"

using namespace calibration;

namespace {

void run(Arguments &arguments) {
  Bench bench;
  const uint32_t launches = arguments.number("launches");
  const uint32_t cbs = arguments.number("cbs");
  arguments.done();
  const CoreRange all(CoreCoord(0, 0),
                      CoreCoord(bench.grid.x - 1, bench.grid.y - 1));
  Program program = CreateProgram();
  for (uint32_t cb = 0; cb < cbs; ++cb)
    add_cb(program, CoreRangeSet(all), static_cast<uint8_t>(cb),
           DataFormat::Float16_b, 1);
  CreateKernel(program, KERNEL_DIR "/nothing_moved.cpp", all,
               ReaderDataMovementConfig());
  CreateKernel(program, KERNEL_DIR "/nothing_moved.cpp", all,
               WriterDataMovementConfig());
  CreateKernel(program, KERNEL_DIR "/nothing_computed.cpp", all,
               ComputeConfig{});
  bench.run(std::move(program), launches);
}

} // namespace

int main(int count, char **texts) { return main_of(count, texts, run); }
