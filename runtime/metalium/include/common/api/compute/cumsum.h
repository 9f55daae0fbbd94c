// Sums down the columns; `first` starts them, else they go on from the tile
// before.

#ifndef TESSERA_API_COMPUTE_CUMSUM_H
#define TESSERA_API_COMPUTE_CUMSUM_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void cumsum_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_CUMSUM, where);
}

ALWI void cumsum_tile(uint32_t dst, bool first = true,
                      tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_sfpu_cumsum(dst, first, where)));
}

} // namespace ckernel

#endif
