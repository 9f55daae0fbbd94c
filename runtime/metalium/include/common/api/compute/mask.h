// Zero where the mask tile, which lies one DST slot further, is zero.

#ifndef TESSERA_API_COMPUTE_MASK_H
#define TESSERA_API_COMPUTE_MASK_H

#include "api/compute/common.h"

namespace ckernel {

ALWI void mask_tile_init(tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_sfpu_init(TSR_SIM_SFPU_BINARY_MASK, where)));
}

ALWI void mask_tile(uint32_t dst, uint32_t mask,
                    DataFormat = DataFormat::Float16_b,
                    tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_sfpu_mask(dst, mask, where)));
}

} // namespace ckernel

#endif
