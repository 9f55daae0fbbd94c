// 1/sqrt(x).

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_RSQRT_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_RSQRT_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

template <bool legacy_compat = false>
ALWI void rsqrt_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init_form(TSR_SIM_SFPU_RSQRT, tessera::form_if(legacy_compat),
                          where);
}

template <bool legacy_compat = false, bool fast_approx = false>
ALWI void rsqrt_tile(uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_RSQRT, dst, where, {}, VectorMode::RC,
                      legacy_compat ? tessera::ANY_FORM : tessera::SECOND_FORM);
}

} // namespace ckernel

#endif
