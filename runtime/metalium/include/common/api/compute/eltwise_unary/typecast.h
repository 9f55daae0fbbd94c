// Elements rounded to another format.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_TYPECAST_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_TYPECAST_H

#include "api/compute/common.h"

namespace ckernel {

template <uint32_t In, uint32_t Out>
ALWI void typecast_tile_init(tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_sfpu_init(TSR_SIM_SFPU_TYPECAST, where)));
}

template <uint32_t In, uint32_t Out>
ALWI void typecast_tile(uint32_t dst, tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_sfpu_typecast(dst, In, Out, where)));
}

} // namespace ckernel

#endif
