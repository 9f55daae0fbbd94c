// Minus x.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_NEGATIVE_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_NEGATIVE_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void negative_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_NEGATIVE, where);
}

ALWI void negative_tile(uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_NEGATIVE, dst, where);
}

ALWI void negative_tile_int32(uint32_t dst,
                              tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_NEGATIVE_INT, dst, where);
}

} // namespace ckernel

#endif
