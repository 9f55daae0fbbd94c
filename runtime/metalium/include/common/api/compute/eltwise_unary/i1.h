// The modified Bessel function of order 1.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_I1_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_I1_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void i1_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_I1, where);
}

ALWI void i1_tile(uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_I1, dst, where);
}

} // namespace ckernel

#endif
