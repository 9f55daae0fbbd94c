// Element by element on the vector unit: both operands are in DST. Comparisons
// give 1 or 0.

#ifndef TESSERA_API_COMPUTE_ELTWISE_BINARY_SFPU_H
#define TESSERA_API_COMPUTE_ELTWISE_BINARY_SFPU_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void add_binary_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_BINARY_ADD, where);
}

ALWI void add_binary_tile(uint32_t a, uint32_t b, uint32_t out,
                          tsr_sim_where where = tessera::here()) {
  tessera::sfpu_binary(TSR_SIM_SFPU_BINARY_ADD, a, b, out, where);
}

ALWI void sub_binary_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_BINARY_SUB, where);
}

ALWI void sub_binary_tile(uint32_t a, uint32_t b, uint32_t out,
                          tsr_sim_where where = tessera::here()) {
  tessera::sfpu_binary(TSR_SIM_SFPU_BINARY_SUB, a, b, out, where);
}

ALWI void rsub_binary_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_BINARY_RSUB, where);
}

ALWI void rsub_binary_tile(uint32_t a, uint32_t b, uint32_t out,
                           tsr_sim_where where = tessera::here()) {
  tessera::sfpu_binary(TSR_SIM_SFPU_BINARY_RSUB, a, b, out, where);
}

ALWI void mul_binary_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_BINARY_MUL, where);
}

ALWI void mul_binary_tile(uint32_t a, uint32_t b, uint32_t out,
                          tsr_sim_where where = tessera::here()) {
  tessera::sfpu_binary(TSR_SIM_SFPU_BINARY_MUL, a, b, out, where);
}

ALWI void div_binary_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_BINARY_DIV, where);
}

ALWI void div_binary_tile(uint32_t a, uint32_t b, uint32_t out,
                          tsr_sim_where where = tessera::here()) {
  tessera::sfpu_binary(TSR_SIM_SFPU_BINARY_DIV, a, b, out, where);
}

ALWI void power_binary_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_BINARY_POWER, where);
}

ALWI void power_binary_tile(uint32_t a, uint32_t b, uint32_t out,
                            tsr_sim_where where = tessera::here()) {
  tessera::sfpu_binary(TSR_SIM_SFPU_BINARY_POWER, a, b, out, where);
}

ALWI void eq_binary_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_BINARY_EQ, where);
}

ALWI void eq_binary_tile(uint32_t a, uint32_t b, uint32_t out,
                         tsr_sim_where where = tessera::here()) {
  tessera::sfpu_binary(TSR_SIM_SFPU_BINARY_EQ, a, b, out, where);
}

#if TESSERA_METALIUM_MONTH >= 202608
ALWI void ne_binary_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_BINARY_NE, where);
}

ALWI void ne_binary_tile(uint32_t a, uint32_t b, uint32_t out,
                         tsr_sim_where where = tessera::here()) {
  tessera::sfpu_binary(TSR_SIM_SFPU_BINARY_NE, a, b, out, where);
}

ALWI void lt_binary_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_BINARY_LT, where);
}

ALWI void lt_binary_tile(uint32_t a, uint32_t b, uint32_t out,
                         tsr_sim_where where = tessera::here()) {
  tessera::sfpu_binary(TSR_SIM_SFPU_BINARY_LT, a, b, out, where);
}

ALWI void le_binary_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_BINARY_LE, where);
}

ALWI void le_binary_tile(uint32_t a, uint32_t b, uint32_t out,
                         tsr_sim_where where = tessera::here()) {
  tessera::sfpu_binary(TSR_SIM_SFPU_BINARY_LE, a, b, out, where);
}

ALWI void gt_binary_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_BINARY_GT, where);
}

ALWI void gt_binary_tile(uint32_t a, uint32_t b, uint32_t out,
                         tsr_sim_where where = tessera::here()) {
  tessera::sfpu_binary(TSR_SIM_SFPU_BINARY_GT, a, b, out, where);
}

ALWI void ge_binary_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_BINARY_GE, where);
}

ALWI void ge_binary_tile(uint32_t a, uint32_t b, uint32_t out,
                         tsr_sim_where where = tessera::here()) {
  tessera::sfpu_binary(TSR_SIM_SFPU_BINARY_GE, a, b, out, where);
}
#endif

} // namespace ckernel

#endif
