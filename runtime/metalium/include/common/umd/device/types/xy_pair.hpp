// The older name of CoreCoord.

#ifndef TESSERA_UMD_DEVICE_TYPES_XY_PAIR_HPP
#define TESSERA_UMD_DEVICE_TYPES_XY_PAIR_HPP

#include <tt-metalium/core_coord.hpp>

using tt_xy_pair = tt::tt_metal::CoreCoord;

#endif
