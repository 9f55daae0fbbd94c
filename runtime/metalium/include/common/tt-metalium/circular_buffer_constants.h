// Size of arrays that have an entry per circular buffer.

#ifndef TESSERA_TT_METALIUM_CIRCULAR_BUFFER_CONSTANTS_H
#define TESSERA_TT_METALIUM_CIRCULAR_BUFFER_CONSTANTS_H

#include <cstdint>

#include "hostdevcommon/kernel_structs.h"

constexpr std::uint32_t NUM_CIRCULAR_BUFFERS = 64;

#endif
