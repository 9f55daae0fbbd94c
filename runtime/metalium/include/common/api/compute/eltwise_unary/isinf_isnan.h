// 1 where an element is of a kind, else 0.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_ISINF_ISNAN_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_ISINF_ISNAN_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void isinf_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_ISINF, where);
}

ALWI void isinf_tile(uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_ISINF, dst, where);
}

ALWI void isposinf_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_ISPOSINF, where);
}

ALWI void isposinf_tile(uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_ISPOSINF, dst, where);
}

ALWI void isneginf_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_ISNEGINF, where);
}

ALWI void isneginf_tile(uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_ISNEGINF, dst, where);
}

ALWI void isnan_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_ISNAN, where);
}

ALWI void isnan_tile(uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_ISNAN, dst, where);
}

ALWI void isfinite_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_ISFINITE, where);
}

ALWI void isfinite_tile(uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_ISFINITE, dst, where);
}

} // namespace ckernel

#endif
