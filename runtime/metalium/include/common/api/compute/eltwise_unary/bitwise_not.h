// Every bit turned.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_BITWISE_NOT_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_BITWISE_NOT_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void bitwise_not_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_BITWISE_NOT, where);
}

ALWI void bitwise_not_tile(uint32_t dst,
                           tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_BITWISE_NOT, dst, where);
}

} // namespace ckernel

#endif
