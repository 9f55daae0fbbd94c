// Reciprocal square roots.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_RSQRT_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_RSQRT_H

#include "api/compute/common.h"

namespace ckernel {

ALWI void rsqrt_tile_init(tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_sfpu_init(TSR_SIM_SFPU_RSQRT, where)));
}

ALWI void rsqrt_tile(uint32_t dst, tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_sfpu_unary(TSR_SIM_SFPU_RSQRT, dst, 0, where)));
}

} // namespace ckernel

#endif
