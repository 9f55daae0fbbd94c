// A constant in every element.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_FILL_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_FILL_H

#include "api/compute/common.h"

namespace ckernel {

ALWI void fill_tile_init(tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_sfpu_init(TSR_SIM_SFPU_FILL, where)));
}

ALWI void fill_tile(uint32_t dst, float value,
                    tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_sfpu_unary(TSR_SIM_SFPU_FILL, dst,
                           __builtin_bit_cast(uint32_t, value), where)));
}

} // namespace ckernel

#endif
