// What is left of a division by a scalar, with the sign of x.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_FMOD_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_FMOD_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

// The second scalar is the reciprocal of the first.
ALWI void fmod_tile_init(uint32_t, uint32_t,
                         tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_FMOD, where);
}

ALWI void fmod_tile(uint32_t dst, uint32_t divisor, uint32_t reciprocal,
                    tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_FMOD, dst, where, {divisor, reciprocal});
}

} // namespace ckernel

#endif
