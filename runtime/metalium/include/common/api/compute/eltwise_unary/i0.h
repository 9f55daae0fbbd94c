// The modified Bessel function of order 0.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_I0_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_I0_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void i0_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_I0, where);
}

ALWI void i0_tile(uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_I0, dst, where);
}

} // namespace ckernel

#endif
