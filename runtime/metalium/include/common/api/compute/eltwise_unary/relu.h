// What is left of an element above zero, or between bounds.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_RELU_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_RELU_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void relu_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_RELU, where);
}

ALWI void relu_tile(uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_RELU, dst, where);
}

ALWI void relu_tile_int32(uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_RELU_INT, dst, where);
}

ALWI void relu_min_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_RELU_MIN, where);
}

ALWI void relu_min_tile(uint32_t dst, uint32_t lowest,
                        tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_RELU_MIN, dst, where, {lowest});
}

ALWI void relu_min_tile_int32(uint32_t dst, uint32_t lowest,
                              tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_RELU_MIN_INT, dst, where, {lowest});
}

ALWI void relu_max_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_RELU_MAX, where);
}

ALWI void relu_max_tile(uint32_t dst, uint32_t highest,
                        tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_RELU_MAX, dst, where, {highest});
}

// The bound is the bits of a float here, too.
ALWI void relu_max_tile_int32(uint32_t dst, uint32_t highest,
                              tsr_sim_where where = tessera::here()) {
  const int32_t whole =
      static_cast<int32_t>(__builtin_bit_cast(float, highest));
  tessera::sfpu_unary(TSR_SIM_SFPU_RELU_MAX_INT, dst, where,
                      {static_cast<uint32_t>(whole)});
}

ALWI void leaky_relu_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_LEAKY_RELU, where);
}

ALWI void leaky_relu_tile(uint32_t dst, uint32_t slope = 0,
                          tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_LEAKY_RELU, dst, where, {slope});
}

} // namespace ckernel

#endif
