// The larger or smaller of two tiles in DST, element by element.

#ifndef TESSERA_API_COMPUTE_BINARY_MAX_MIN_H
#define TESSERA_API_COMPUTE_BINARY_MAX_MIN_H

#include "api/compute/common.h"

namespace ckernel {

ALWI void binary_max_tile_init(tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_sfpu_init(TSR_SIM_SFPU_BINARY_MAX, where)));
}

ALWI void binary_max_tile(uint32_t a, uint32_t b, uint32_t out,
                          tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_sfpu_binary(TSR_SIM_SFPU_BINARY_MAX, a, b, out, where)));
}

ALWI void binary_min_tile_init(tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_sfpu_init(TSR_SIM_SFPU_BINARY_MIN, where)));
}

ALWI void binary_min_tile(uint32_t a, uint32_t b, uint32_t out,
                          tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_sfpu_binary(TSR_SIM_SFPU_BINARY_MIN, a, b, out, where)));
}

} // namespace ckernel

#endif
