// The error function and its complement. The model has the accurate form only.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_ERF_ERFC_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_ERF_ERFC_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

template <bool fast_and_approx = true>
ALWI void erf_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_ERF, where);
}

template <bool fast_and_approx = true>
ALWI void erf_tile(uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_ERF, dst, where);
}

template <bool fast_and_approx = true>
ALWI void erfc_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_ERFC, where);
}

template <bool fast_and_approx = true>
ALWI void erfc_tile(uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_ERFC, dst, where);
}

} // namespace ckernel

#endif
