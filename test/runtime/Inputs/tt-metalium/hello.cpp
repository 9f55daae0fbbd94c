// Prints with fmt, and checks with tt-metal's macros.

#include <tt-metalium/distributed.hpp>
#include <tt-metalium/host_api.hpp>

using namespace tt;
using namespace tt::tt_metal;

int main() {
  auto device = distributed::MeshDevice::create_unit_mesh(0);
  fmt::print("{} of {}, {}\n", CoreCoord(1, 2),
             CoreRangeSet(CoreRange({0, 0}, {1, 2})),
             TensorMemoryLayout::BLOCK_SHARDED);
  try {
    TT_FATAL(device->num_devices() == 2, "there are {}", device->num_devices());
  } catch (const std::exception &error) {
    fmt::print("{}\n", error.what());
  }
  fmt::print("month {}\n", TESSERA_METALIUM_MONTH);
  return device->close() ? 0 : 1;
}
