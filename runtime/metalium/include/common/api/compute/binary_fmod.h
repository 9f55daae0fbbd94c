// What is left of a division, with the sign of a.

#ifndef TESSERA_API_COMPUTE_BINARY_FMOD_H
#define TESSERA_API_COMPUTE_BINARY_FMOD_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void fmod_binary_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_BINARY_FMOD, where);
}

ALWI void fmod_binary_tile(uint32_t a, uint32_t b, uint32_t out,
                           tsr_sim_where where = tessera::here()) {
  tessera::sfpu_binary(TSR_SIM_SFPU_BINARY_FMOD, a, b, out, where);
}

ALWI void fmod_int32_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_FMOD_INT, where);
}

ALWI void fmod_int32_tile(uint32_t a, uint32_t b, uint32_t out,
                          tsr_sim_where where = tessera::here()) {
  tessera::sfpu_binary(TSR_SIM_SFPU_FMOD_INT, a, b, out, where);
}

} // namespace ckernel

#endif
