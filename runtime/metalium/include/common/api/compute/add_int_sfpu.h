// Sums of integers.

#ifndef TESSERA_API_COMPUTE_ADD_INT_SFPU_H
#define TESSERA_API_COMPUTE_ADD_INT_SFPU_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void add_int_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_ADD_INT, where);
}

template <DataFormat format>
ALWI void add_int_tile(uint32_t a, uint32_t b, uint32_t out,
                       tsr_sim_where where = tessera::here()) {
  tessera::sfpu_integers<format>(TSR_SIM_SFPU_ADD_INT, a, b, out, where);
}

} // namespace ckernel

#endif
