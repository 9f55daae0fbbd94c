// Square roots.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_SQRT_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_SQRT_H

#include "api/compute/common.h"

namespace ckernel {

ALWI void sqrt_tile_init(tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_sfpu_init(TSR_SIM_SFPU_SQRT, where)));
}

ALWI void sqrt_tile(uint32_t dst, tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_sfpu_unary(TSR_SIM_SFPU_SQRT, dst, 0, where)));
}

} // namespace ckernel

#endif
