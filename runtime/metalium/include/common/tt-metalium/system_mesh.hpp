// Part of distributed.hpp.

#ifndef TESSERA_TT_METALIUM_SYSTEM_MESH_HPP
#define TESSERA_TT_METALIUM_SYSTEM_MESH_HPP

#include <tt-metalium/distributed.hpp>

#endif
