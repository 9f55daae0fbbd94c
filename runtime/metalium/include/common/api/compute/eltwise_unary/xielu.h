// alpha_p * x^2 + x/2 above zero, alpha_n * (e^x - 1 - x) + x/2 below.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_XIELU_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_XIELU_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void xielu_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_XIELU, where);
}

ALWI void xielu_tile(uint32_t dst, uint32_t alpha_p, uint32_t alpha_n,
                     tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_XIELU, dst, where, {alpha_p, alpha_n});
}

} // namespace ckernel

#endif
