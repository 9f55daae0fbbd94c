// 1/x.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_RECIP_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_RECIP_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

template <bool legacy_compat = true>
ALWI void recip_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init_form(TSR_SIM_SFPU_RECIP, tessera::form_if(legacy_compat),
                          where);
}

template <bool legacy_compat = true>
ALWI void recip_tile(uint32_t dst, int vector_mode = VectorMode::RC,
                     tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_RECIP, dst, where, {}, vector_mode,
                      legacy_compat ? tessera::ANY_FORM : tessera::SECOND_FORM);
}

} // namespace ckernel

#endif
