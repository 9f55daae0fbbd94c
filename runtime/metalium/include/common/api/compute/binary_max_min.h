// The larger or the smaller of two.

#ifndef TESSERA_API_COMPUTE_BINARY_MAX_MIN_H
#define TESSERA_API_COMPUTE_BINARY_MAX_MIN_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void binary_max_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_BINARY_MAX, where);
}

ALWI void binary_max_tile(uint32_t a, uint32_t b, uint32_t out,
                          int vector_mode = VectorMode::RC,
                          tsr_sim_where where = tessera::here()) {
  tessera::sfpu_binary(TSR_SIM_SFPU_BINARY_MAX, a, b, out, where, ~0u,
                       vector_mode);
}

ALWI void binary_max_int32_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_MAX_INT, where);
}

ALWI void binary_max_int32_tile(uint32_t a, uint32_t b, uint32_t out,
                                tsr_sim_where where = tessera::here()) {
  tessera::sfpu_binary(TSR_SIM_SFPU_MAX_INT, a, b, out, where);
}

ALWI void binary_max_uint32_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_MAX_UINT, where);
}

ALWI void binary_max_uint32_tile(uint32_t a, uint32_t b, uint32_t out,
                                 tsr_sim_where where = tessera::here()) {
  tessera::sfpu_binary(TSR_SIM_SFPU_MAX_UINT, a, b, out, where);
}

ALWI void binary_min_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_BINARY_MIN, where);
}

ALWI void binary_min_tile(uint32_t a, uint32_t b, uint32_t out,
                          int vector_mode = VectorMode::RC,
                          tsr_sim_where where = tessera::here()) {
  tessera::sfpu_binary(TSR_SIM_SFPU_BINARY_MIN, a, b, out, where, ~0u,
                       vector_mode);
}

ALWI void binary_min_int32_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_MIN_INT, where);
}

ALWI void binary_min_int32_tile(uint32_t a, uint32_t b, uint32_t out,
                                tsr_sim_where where = tessera::here()) {
  tessera::sfpu_binary(TSR_SIM_SFPU_MIN_INT, a, b, out, where);
}

ALWI void binary_min_uint32_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_MIN_UINT, where);
}

ALWI void binary_min_uint32_tile(uint32_t a, uint32_t b, uint32_t out,
                                 tsr_sim_where where = tessera::here()) {
  tessera::sfpu_binary(TSR_SIM_SFPU_MIN_UINT, a, b, out, where);
}

} // namespace ckernel

#endif
