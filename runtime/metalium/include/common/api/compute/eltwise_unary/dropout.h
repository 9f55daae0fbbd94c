// Zero with a probability, in shares of 2^31, else scaled. Which elements drop
// out is not what the chip chooses.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_DROPOUT_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_DROPOUT_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void dropout_kernel_init(uint32_t seed = 0,
                              tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init_form(TSR_SIM_SFPU_DROPOUT, tessera::ANY_FORM, where, seed);
}

ALWI void dropout_tile(uint32_t dst, uint32_t probability, uint32_t scale,
                       tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_sfpu_dropout(dst, probability, scale, where)));
}

} // namespace ckernel

#endif
