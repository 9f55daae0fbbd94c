// Quotients of integers as floating point (div_int32_floor.h has those that are
// integers).

#ifndef TESSERA_API_COMPUTE_DIV_INT32_SFPU_H
#define TESSERA_API_COMPUTE_DIV_INT32_SFPU_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void div_int32_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_DIV_INT, where);
}

ALWI void div_int32_tile(uint32_t a, uint32_t b, uint32_t out,
                         tsr_sim_where where = tessera::here()) {
  tessera::sfpu_binary(TSR_SIM_SFPU_DIV_INT, a, b, out, where);
}

} // namespace ckernel

#endif
