// Activation functions without a header of their own.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_ACTIVATIONS_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_ACTIVATIONS_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void hardsigmoid_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_HARDSIGMOID, where);
}

ALWI void hardsigmoid_tile(uint32_t dst,
                           tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_HARDSIGMOID, dst, where);
}

ALWI void softsign_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_SOFTSIGN, where);
}

ALWI void softsign_tile(uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_SOFTSIGN, dst, where);
}

ALWI void celu_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_CELU, where);
}

ALWI void celu_tile(uint32_t dst, uint32_t alpha, uint32_t alpha_recip,
                    tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_CELU, dst, where, {alpha, alpha_recip});
}

ALWI void softshrink_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_SOFTSHRINK, where);
}

ALWI void softshrink_tile(uint32_t dst, uint32_t bound,
                          tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_SOFTSHRINK, dst, where, {bound});
}

} // namespace ckernel

#endif
