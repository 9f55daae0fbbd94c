// Part of buffer_types.hpp.

#ifndef TESSERA_TT_METALIUM_HAL_TYPES_HPP
#define TESSERA_TT_METALIUM_HAL_TYPES_HPP

#include <tt-metalium/buffer_types.hpp>

#endif
