// Whole numbers near an element.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_ROUNDING_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_ROUNDING_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void rounding_op_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_ROUNDING, where);
}

ALWI void floor_tile(uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_FLOOR, dst, where);
}

ALWI void ceil_tile(uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_CEIL, dst, where);
}

ALWI void trunc_tile(uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_TRUNC, dst, where);
}

ALWI void frac_tile(uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_FRAC, dst, where);
}

// To so many decimals, ties to even.
ALWI void round_tile(uint32_t dst, int32_t decimals,
                     tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_ROUND, dst, where,
                      {static_cast<uint32_t>(decimals)});
}

} // namespace ckernel

#endif
