// Negative elements become zero.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_RELU_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_RELU_H

#include "api/compute/common.h"

namespace ckernel {

ALWI void relu_tile_init(tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_sfpu_init(TSR_SIM_SFPU_RELU, where)));
}

ALWI void relu_tile(uint32_t dst, tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_sfpu_unary(TSR_SIM_SFPU_RELU, dst, 0, where)));
}

} // namespace ckernel

#endif
