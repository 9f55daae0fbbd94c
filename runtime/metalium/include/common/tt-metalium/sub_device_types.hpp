// Part of distributed.hpp.

#ifndef TESSERA_TT_METALIUM_SUB_DEVICE_TYPES_HPP
#define TESSERA_TT_METALIUM_SUB_DEVICE_TYPES_HPP

#include <tt-metalium/distributed.hpp>

#endif
