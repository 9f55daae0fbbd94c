// What is left of an element between two bounds.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_HARDTANH_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_HARDTANH_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void hardtanh_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_HARDTANH, where);
}

ALWI void hardtanh_tile(uint32_t dst, uint32_t lowest, uint32_t highest,
                        tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_HARDTANH, dst, where, {lowest, highest});
}

} // namespace ckernel

#endif
