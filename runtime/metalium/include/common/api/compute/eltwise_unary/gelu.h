// x times the share of a normal distribution below it. The model has the
// accurate form only.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_GELU_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_GELU_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

template <bool fast_and_approx = true>
ALWI void gelu_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_GELU, where);
}

template <bool fast_and_approx = true>
ALWI void gelu_tile(uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_GELU, dst, where);
}

} // namespace ckernel

#endif
