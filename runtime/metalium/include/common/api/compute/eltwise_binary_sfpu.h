// Element by element on the vector unit: both operands are in DST.

#ifndef TESSERA_API_COMPUTE_ELTWISE_BINARY_SFPU_H
#define TESSERA_API_COMPUTE_ELTWISE_BINARY_SFPU_H

#include "api/compute/common.h"

namespace ckernel {

ALWI void add_binary_tile_init(tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_sfpu_init(TSR_SIM_SFPU_BINARY_ADD, where)));
}

ALWI void add_binary_tile(uint32_t a, uint32_t b, uint32_t out,
                          tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_sfpu_binary(TSR_SIM_SFPU_BINARY_ADD, a, b, out, where)));
}

ALWI void sub_binary_tile_init(tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_sfpu_init(TSR_SIM_SFPU_BINARY_SUB, where)));
}

ALWI void sub_binary_tile(uint32_t a, uint32_t b, uint32_t out,
                          tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_sfpu_binary(TSR_SIM_SFPU_BINARY_SUB, a, b, out, where)));
}

ALWI void rsub_binary_tile_init(tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_sfpu_init(TSR_SIM_SFPU_BINARY_RSUB, where)));
}

ALWI void rsub_binary_tile(uint32_t a, uint32_t b, uint32_t out,
                           tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_sfpu_binary(TSR_SIM_SFPU_BINARY_RSUB, a, b, out, where)));
}

ALWI void mul_binary_tile_init(tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_sfpu_init(TSR_SIM_SFPU_BINARY_MUL, where)));
}

ALWI void mul_binary_tile(uint32_t a, uint32_t b, uint32_t out,
                          tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_sfpu_binary(TSR_SIM_SFPU_BINARY_MUL, a, b, out, where)));
}

ALWI void div_binary_tile_init(tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_sfpu_init(TSR_SIM_SFPU_BINARY_DIV, where)));
}

ALWI void div_binary_tile(uint32_t a, uint32_t b, uint32_t out,
                          tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_sfpu_binary(TSR_SIM_SFPU_BINARY_DIV, a, b, out, where)));
}

} // namespace ckernel

#endif
