// The sign turned round.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_NEGATIVE_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_NEGATIVE_H

#include "api/compute/common.h"

namespace ckernel {

ALWI void negative_tile_init(tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_sfpu_init(TSR_SIM_SFPU_NEGATIVE, where)));
}

ALWI void negative_tile(uint32_t dst, tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_sfpu_unary(TSR_SIM_SFPU_NEGATIVE, dst, 0, where)));
}

} // namespace ckernel

#endif
