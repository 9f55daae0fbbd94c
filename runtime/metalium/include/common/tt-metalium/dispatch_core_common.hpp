// Part of distributed.hpp.

#ifndef TESSERA_TT_METALIUM_DISPATCH_CORE_COMMON_HPP
#define TESSERA_TT_METALIUM_DISPATCH_CORE_COMMON_HPP

#include <tt-metalium/distributed.hpp>

#endif
