// x above zero, slope * x below.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_PRELU_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_PRELU_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void prelu_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_PRELU, where);
}

ALWI void prelu_tile(uint32_t dst, uint32_t slope,
                     tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_PRELU, dst, where, {slope});
}

} // namespace ckernel

#endif
