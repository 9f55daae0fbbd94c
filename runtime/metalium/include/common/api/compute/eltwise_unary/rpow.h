// A scalar to the power of each element.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_RPOW_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_RPOW_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void rpow_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_RPOW, where);
}

ALWI void rpow_tile(uint32_t dst, uint32_t base,
                    int vector_mode = VectorMode::RC,
                    tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_RPOW, dst, where, {base}, vector_mode);
}

} // namespace ckernel

#endif
