// The least common multiple.

#ifndef TESSERA_API_COMPUTE_LCM_H
#define TESSERA_API_COMPUTE_LCM_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void lcm_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_LCM, where);
}

ALWI void lcm_tile(uint32_t a, uint32_t b, uint32_t out,
                   tsr_sim_where where = tessera::here()) {
  tessera::sfpu_binary(TSR_SIM_SFPU_LCM, a, b, out, where);
}

} // namespace ckernel

#endif
