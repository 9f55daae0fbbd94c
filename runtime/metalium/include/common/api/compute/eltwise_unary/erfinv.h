// The inverse of the error function.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_ERFINV_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_ERFINV_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void erfinv_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_ERFINV, where);
}

ALWI void erfinv_tile(uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_ERFINV, dst, where);
}

} // namespace ckernel

#endif
