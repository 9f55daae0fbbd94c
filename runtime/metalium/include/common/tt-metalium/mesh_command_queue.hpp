// Part of distributed.hpp.

#ifndef TESSERA_TT_METALIUM_MESH_COMMAND_QUEUE_HPP
#define TESSERA_TT_METALIUM_MESH_COMMAND_QUEUE_HPP

#include <tt-metalium/distributed.hpp>

#endif
