// Elements as they are.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_IDENTITY_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_IDENTITY_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void identity_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_IDENTITY, where);
}

ALWI void identity_tile(uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_IDENTITY, dst, where);
}

ALWI void identity_tile_uint32(uint32_t dst,
                               tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_IDENTITY, dst, where);
}

} // namespace ckernel

#endif
