// log(1 / (1 + e^-a)); the second operand is e^-a.

#ifndef TESSERA_API_COMPUTE_LOGSIGMOID_H
#define TESSERA_API_COMPUTE_LOGSIGMOID_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void logsigmoid_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_BINARY_LOGSIGMOID, where);
}

ALWI void logsigmoid_tile(uint32_t a, uint32_t b, uint32_t out,
                          tsr_sim_where where = tessera::here()) {
  tessera::sfpu_binary(TSR_SIM_SFPU_BINARY_LOGSIGMOID, a, b, out, where);
}

} // namespace ckernel

#endif
