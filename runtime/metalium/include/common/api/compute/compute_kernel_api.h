// Vector-unit operations without a header of their own.

#ifndef TESSERA_API_COMPUTE_COMPUTE_KERNEL_API_H
#define TESSERA_API_COMPUTE_COMPUTE_KERNEL_API_H

#include "api/compute/common.h"

namespace ckernel {

ALWI void abs_tile_init(tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_sfpu_init(TSR_SIM_SFPU_ABS, where)));
}

ALWI void abs_tile(uint32_t dst, tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_sfpu_unary(TSR_SIM_SFPU_ABS, dst, 0, where)));
}

ALWI void square_tile_init(tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_sfpu_init(TSR_SIM_SFPU_SQUARE, where)));
}

ALWI void square_tile(uint32_t dst, tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_sfpu_unary(TSR_SIM_SFPU_SQUARE, dst, 0, where)));
}

} // namespace ckernel

#endif
