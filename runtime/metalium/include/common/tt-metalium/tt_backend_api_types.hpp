// Data formats and architectures.

#ifndef TESSERA_TT_METALIUM_TT_BACKEND_API_TYPES_HPP
#define TESSERA_TT_METALIUM_TT_BACKEND_API_TYPES_HPP

#include <cstdint>

#include "hostdevcommon/data_format.h"

namespace tt {

enum class ARCH { GRAYSKULL, WORMHOLE_B0, BLACKHOLE, QUASAR, Invalid = 0xff };

// Bytes of one 32x32 tile.
std::uint32_t tile_size(DataFormat format);

} // namespace tt

#endif
