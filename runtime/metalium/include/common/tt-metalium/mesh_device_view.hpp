// Part of distributed.hpp.

#ifndef TESSERA_TT_METALIUM_MESH_DEVICE_VIEW_HPP
#define TESSERA_TT_METALIUM_MESH_DEVICE_VIEW_HPP

#include <tt-metalium/distributed.hpp>

#endif
