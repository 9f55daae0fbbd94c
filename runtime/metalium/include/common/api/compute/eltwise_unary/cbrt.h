// Cube roots.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_CBRT_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_CBRT_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void cbrt_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_CBRT, where);
}

ALWI void cbrt_tile(uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_CBRT, dst, where);
}

} // namespace ckernel

#endif
