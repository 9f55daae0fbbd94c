// Part of distributed.hpp.

#ifndef TESSERA_TT_METALIUM_EVENT_HPP
#define TESSERA_TT_METALIUM_EVENT_HPP

#include <tt-metalium/distributed.hpp>

#endif
