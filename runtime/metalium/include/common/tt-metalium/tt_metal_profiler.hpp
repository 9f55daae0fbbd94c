// Part of host_api.hpp: TESSERA_TIMING and TESSERA_TRACE say what is measured.

#ifndef TESSERA_TT_METALIUM_TT_METAL_PROFILER_HPP
#define TESSERA_TT_METALIUM_TT_METAL_PROFILER_HPP

#include <tt-metalium/host_api.hpp>

#endif
