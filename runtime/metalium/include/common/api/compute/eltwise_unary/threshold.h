// x above the threshold, else the value.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_THRESHOLD_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_THRESHOLD_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void threshold_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_THRESHOLD, where);
}

ALWI void threshold_tile(uint32_t dst, uint32_t threshold, uint32_t value,
                         tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_THRESHOLD, dst, where, {threshold, value});
}

} // namespace ckernel

#endif
