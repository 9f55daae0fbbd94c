// Bits of two integers.

#ifndef TESSERA_API_COMPUTE_BINARY_BITWISE_SFPU_H
#define TESSERA_API_COMPUTE_BINARY_BITWISE_SFPU_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void binary_bitwise_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_BITWISE_INT, where);
}

template <DataFormat format>
ALWI void bitwise_and_binary_tile(uint32_t a, uint32_t b, uint32_t out,
                                  tsr_sim_where where = tessera::here()) {
  tessera::sfpu_integers<format>(TSR_SIM_SFPU_AND_INT, a, b, out, where);
}

template <DataFormat format>
ALWI void bitwise_or_binary_tile(uint32_t a, uint32_t b, uint32_t out,
                                 tsr_sim_where where = tessera::here()) {
  tessera::sfpu_integers<format>(TSR_SIM_SFPU_OR_INT, a, b, out, where);
}

template <DataFormat format>
ALWI void bitwise_xor_binary_tile(uint32_t a, uint32_t b, uint32_t out,
                                  tsr_sim_where where = tessera::here()) {
  tessera::sfpu_integers<format>(TSR_SIM_SFPU_XOR_INT, a, b, out, where);
}

} // namespace ckernel

#endif
