// The logarithm of 1 + x.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_LOG1P_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_LOG1P_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

template <bool fast_and_approx = false>
ALWI void log1p_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_LOG1P, where);
}

template <bool fast_and_approx = false>
ALWI void log1p_tile(uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_LOG1P, dst, where);
}

} // namespace ckernel

#endif
