// The angle of the point (b, a).

#ifndef TESSERA_API_COMPUTE_ATAN2_H
#define TESSERA_API_COMPUTE_ATAN2_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void atan2_binary_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_BINARY_ATAN2, where);
}

ALWI void atan2_binary_tile(uint32_t a, uint32_t b, uint32_t out,
                            tsr_sim_where where = tessera::here()) {
  tessera::sfpu_binary(TSR_SIM_SFPU_BINARY_ATAN2, a, b, out, where);
}

} // namespace ckernel

#endif
