// Comparisons of integers: 1 where they hold, else 0.

#ifndef TESSERA_API_COMPUTE_BINARY_COMP_H
#define TESSERA_API_COMPUTE_BINARY_COMP_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void lt_int32_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_LT_INT, where);
}

ALWI void lt_int32_tile(uint32_t a, uint32_t b, uint32_t out,
                        tsr_sim_where where = tessera::here()) {
  tessera::sfpu_binary(TSR_SIM_SFPU_LT_INT, a, b, out, where);
}

ALWI void gt_int32_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_GT_INT, where);
}

ALWI void gt_int32_tile(uint32_t a, uint32_t b, uint32_t out,
                        tsr_sim_where where = tessera::here()) {
  tessera::sfpu_binary(TSR_SIM_SFPU_GT_INT, a, b, out, where);
}

ALWI void ge_int32_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_GE_INT, where);
}

ALWI void ge_int32_tile(uint32_t a, uint32_t b, uint32_t out,
                        tsr_sim_where where = tessera::here()) {
  tessera::sfpu_binary(TSR_SIM_SFPU_GE_INT, a, b, out, where);
}

ALWI void le_int32_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_LE_INT, where);
}

ALWI void le_int32_tile(uint32_t a, uint32_t b, uint32_t out,
                        tsr_sim_where where = tessera::here()) {
  tessera::sfpu_binary(TSR_SIM_SFPU_LE_INT, a, b, out, where);
}

} // namespace ckernel

#endif
