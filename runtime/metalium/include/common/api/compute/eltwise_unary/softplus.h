// log(1 + e^(beta * x)) / beta; x where beta * x is beyond the threshold.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_SOFTPLUS_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_SOFTPLUS_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void softplus_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_SOFTPLUS, where);
}

ALWI void softplus_tile(uint32_t dst, uint32_t beta, uint32_t beta_reciprocal,
                        uint32_t threshold,
                        tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_SOFTPLUS, dst, where,
                      {beta, beta_reciprocal, threshold});
}

} // namespace ckernel

#endif
