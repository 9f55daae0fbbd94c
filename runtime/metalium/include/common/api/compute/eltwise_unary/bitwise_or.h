// Bits of both.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_BITWISE_OR_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_BITWISE_OR_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void bitwise_or_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_BITWISE_OR, where);
}

ALWI void bitwise_or_tile(uint32_t dst, uint32_t scalar,
                          tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_BITWISE_OR, dst, where, {scalar});
}

} // namespace ckernel

#endif
