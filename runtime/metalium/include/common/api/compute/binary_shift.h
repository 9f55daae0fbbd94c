// Integers shifted by integers.

#ifndef TESSERA_API_COMPUTE_BINARY_SHIFT_H
#define TESSERA_API_COMPUTE_BINARY_SHIFT_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void binary_shift_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_SHIFT_INT, where);
}

template <DataFormat format>
ALWI void binary_left_shift_tile(uint32_t a, uint32_t b, uint32_t out,
                                 tsr_sim_where where = tessera::here()) {
  tessera::sfpu_integers<format>(TSR_SIM_SFPU_LEFT_SHIFT_INT, a, b, out, where);
}

// With copies of the sign, which is that of 32 bits.
template <DataFormat format>
ALWI void binary_right_shift_tile(uint32_t a, uint32_t b, uint32_t out,
                                  tsr_sim_where where = tessera::here()) {
  tessera::sfpu_integers<format>(TSR_SIM_SFPU_RIGHT_SHIFT_INT, a, b, out,
                                 where);
}

template <DataFormat format>
ALWI void
binary_logical_right_shift_tile(uint32_t a, uint32_t b, uint32_t out,
                                tsr_sim_where where = tessera::here()) {
  tessera::sfpu_integers<format>(TSR_SIM_SFPU_LOGICAL_SHIFT_INT, a, b, out,
                                 where);
}

} // namespace ckernel

#endif
