// Integers shifted down, with copies of the sign.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_RIGHT_SHIFT_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_RIGHT_SHIFT_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void right_shift_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_RIGHT_SHIFT, where);
}

ALWI void right_shift_tile(uint32_t dst, uint32_t count,
                           tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_RIGHT_SHIFT, dst, where, {count});
}

} // namespace ckernel

#endif
