// x * clamp(x + 2.8, 0, 5) / 5.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_HARDMISH_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_HARDMISH_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void hardmish_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_HARDMISH, where);
}

ALWI void hardmish_tile(uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_HARDMISH, dst, where);
}

} // namespace ckernel

#endif
