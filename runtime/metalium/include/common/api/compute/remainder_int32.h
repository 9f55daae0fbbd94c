// What is left of a division of integers, with the sign of b.

#ifndef TESSERA_API_COMPUTE_REMAINDER_INT32_H
#define TESSERA_API_COMPUTE_REMAINDER_INT32_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void remainder_int32_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_REMAINDER_INT, where);
}

ALWI void remainder_int32_tile(uint32_t a, uint32_t b, uint32_t out,
                               tsr_sim_where where = tessera::here()) {
  tessera::sfpu_binary(TSR_SIM_SFPU_REMAINDER_INT, a, b, out, where);
}

} // namespace ckernel

#endif
