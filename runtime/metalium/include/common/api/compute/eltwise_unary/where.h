// One of two tiles, element by element.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_WHERE_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_WHERE_H

#include "api/compute/common.h"

namespace ckernel {

ALWI void where_tile_init(tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_sfpu_init(TSR_SIM_SFPU_WHERE, where)));
}

template <DataFormat format>
ALWI void where_tile(uint32_t condition, uint32_t a, uint32_t b, uint32_t out,
                     tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_sfpu_where(condition, a, b, out, where)));
}

} // namespace ckernel

#endif
