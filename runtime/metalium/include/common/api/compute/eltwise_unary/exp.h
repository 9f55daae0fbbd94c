// e to the power of each element. The model has the accurate form only.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_EXP_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_EXP_H

#include "api/compute/common.h"

namespace ckernel {

template <bool approx = false>
ALWI void exp_tile_init(tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_sfpu_init(TSR_SIM_SFPU_EXP, where)));
}

template <bool approx = false>
ALWI void exp_tile(uint32_t dst, tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_sfpu_unary(TSR_SIM_SFPU_EXP, dst, 0, where)));
}

} // namespace ckernel

#endif
