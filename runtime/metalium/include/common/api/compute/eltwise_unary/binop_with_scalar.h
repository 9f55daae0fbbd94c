// Each element and one scalar, given by its fp32 bits.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_BINOP_WITH_SCALAR_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_BINOP_WITH_SCALAR_H

#include "api/compute/common.h"

namespace ckernel {

// One init for all of them.
ALWI void binop_with_scalar_tile_init(tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_sfpu_init(TSR_SIM_SFPU_ADD_SCALAR, where)));
}

ALWI void add_unary_tile(uint32_t dst, uint32_t bits,
                         tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_sfpu_scalar(TSR_SIM_SFPU_ADD_SCALAR, dst, bits, where)));
}

ALWI void sub_unary_tile(uint32_t dst, uint32_t bits,
                         tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_sfpu_scalar(TSR_SIM_SFPU_SUB_SCALAR, dst, bits, where)));
}

ALWI void mul_unary_tile(uint32_t dst, uint32_t bits,
                         tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_sfpu_scalar(TSR_SIM_SFPU_MUL_SCALAR, dst, bits, where)));
}

ALWI void rsub_unary_tile(uint32_t dst, uint32_t bits,
                          tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_sfpu_scalar(TSR_SIM_SFPU_RSUB_SCALAR, dst, bits, where)));
}

} // namespace ckernel

#endif
