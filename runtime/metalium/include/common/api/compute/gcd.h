// The greatest common divisor.

#ifndef TESSERA_API_COMPUTE_GCD_H
#define TESSERA_API_COMPUTE_GCD_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void gcd_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_GCD, where);
}

ALWI void gcd_tile(uint32_t a, uint32_t b, uint32_t out,
                   tsr_sim_where where = tessera::here()) {
  tessera::sfpu_binary(TSR_SIM_SFPU_GCD, a, b, out, where);
}

} // namespace ckernel

#endif
