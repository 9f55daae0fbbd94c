// Processors and NoCs of data movement kernels.

#ifndef TESSERA_TT_METALIUM_DATA_TYPES_HPP
#define TESSERA_TT_METALIUM_DATA_TYPES_HPP

#include <cstdint>

namespace tt::tt_metal {

enum class DataMovementProcessor {
  RISCV_0 = 0, // BRISC
  RISCV_1 = 1  // NCRISC
};

enum NOC : std::uint8_t {
  RISCV_0_default = 0,
  RISCV_1_default = 1,
  NOC_0 = 0,
  NOC_1 = 1,
};

enum NOC_MODE : std::uint8_t {
  DM_DEDICATED_NOC = 0,
  DM_DYNAMIC_NOC = 1,
};

} // namespace tt::tt_metal

#endif
