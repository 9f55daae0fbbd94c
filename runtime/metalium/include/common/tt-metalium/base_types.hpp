// Fidelity of the FPU, and how circular buffers are unpacked.

#ifndef TESSERA_TT_METALIUM_BASE_TYPES_HPP
#define TESSERA_TT_METALIUM_BASE_TYPES_HPP

#include <cstdint>

#include <tt-metalium/circular_buffer_constants.h>

namespace tt::tt_metal {

enum class MathFidelity : std::uint8_t {
  LoFi = 0,
  HiFi2 = 2,
  HiFi3 = 3,
  HiFi4 = 4,
  Invalid = 0xff
};

// 0 is fp32: a vector of zeros asks for it everywhere.
enum class UnpackToDestMode : std::uint8_t { UnpackToDestFp32, Default };

} // namespace tt::tt_metal

// The names from before they moved.
using MathFidelity = tt::tt_metal::MathFidelity;
using UnpackToDestMode = tt::tt_metal::UnpackToDestMode;

#endif
