// Between the formats that DST can hold. In and Out are numbers of DataFormat.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_TYPECAST_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_TYPECAST_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

template <uint32_t In, uint32_t Out>
ALWI void typecast_tile_init(tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_sfpu_typecast_init(In, Out, where)));
}

template <uint32_t In, uint32_t Out>
ALWI void typecast_tile(uint32_t dst, tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_sfpu_typecast(dst, In, Out, where)));
}

} // namespace ckernel

#endif
