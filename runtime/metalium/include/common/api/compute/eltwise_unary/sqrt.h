// Square roots.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_SQRT_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_SQRT_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void sqrt_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_SQRT, where);
}

template <bool fast_approx = false>
ALWI void sqrt_tile(uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_SQRT, dst, where);
}

} // namespace ckernel

#endif
