// Part of distributed.hpp.

#ifndef TESSERA_TT_METALIUM_MESH_TRACE_ID_HPP
#define TESSERA_TT_METALIUM_MESH_TRACE_ID_HPP

#include <tt-metalium/distributed.hpp>

#endif
