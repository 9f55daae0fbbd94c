// Integers shifted up.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_LEFT_SHIFT_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_LEFT_SHIFT_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void left_shift_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_LEFT_SHIFT, where);
}

ALWI void left_shift_tile(uint32_t dst, uint32_t count,
                          tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_LEFT_SHIFT, dst, where, {count});
}

} // namespace ckernel

#endif
