// Part of circular_buffer_config.hpp.

#ifndef TESSERA_TT_METALIUM_CIRCULAR_BUFFER_HPP
#define TESSERA_TT_METALIUM_CIRCULAR_BUFFER_HPP

#include <tt-metalium/circular_buffer_config.hpp>

#endif
