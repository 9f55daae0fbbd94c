// 1 where an element is zero, else 0.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_LOGICAL_NOT_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_LOGICAL_NOT_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void logical_not_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_LOGICAL_NOT, where);
}

template <DataFormat format>
ALWI void logical_not_tile(uint32_t dst,
                           tsr_sim_where where = tessera::here()) {
  if constexpr (tessera::is_integer(format))
    tessera::sfpu_integers<format>(TSR_SIM_SFPU_LOGICAL_NOT_INT, dst, where);
  else
    tessera::sfpu_unary(TSR_SIM_SFPU_LOGICAL_NOT, dst, where);
}

} // namespace ckernel

#endif
