// Zero, or infinity, where a mask is zero. The mask lies behind its tile.

#ifndef TESSERA_API_COMPUTE_MASK_H
#define TESSERA_API_COMPUTE_MASK_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void mask_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_BINARY_MASK, where);
}

ALWI void mask_tile(uint32_t dst, uint32_t mask,
                    DataFormat = DataFormat::Float16_b,
                    tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_sfpu_mask(TSR_SIM_SFPU_BINARY_MASK, dst, mask, where)));
}

ALWI void mask_posinf_tile(uint32_t dst, uint32_t mask,
                           tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_sfpu_mask(TSR_SIM_SFPU_BINARY_MASK_POSINF, dst, mask, where)));
}

} // namespace ckernel

#endif
