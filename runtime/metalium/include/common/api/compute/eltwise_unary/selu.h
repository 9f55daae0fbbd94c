// scale * x above zero, scale * alpha * (e^x - 1) below.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_SELU_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_SELU_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void selu_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_SELU, where);
}

ALWI void selu_tile(uint32_t dst, uint32_t scale, uint32_t alpha,
                    tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_SELU, dst, where, {scale, alpha});
}

} // namespace ckernel

#endif
