// x above zero, slope * (e^x - 1) below.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_ELU_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_ELU_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void elu_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_ELU, where);
}

ALWI void elu_tile(uint32_t dst, uint32_t slope,
                   tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_ELU, dst, where, {slope});
}

} // namespace ckernel

#endif
