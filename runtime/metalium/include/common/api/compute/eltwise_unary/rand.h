// Random numbers in [from, from + scale), both in the bits of a float. They are
// not the chip's: the model has its own generator.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_RAND_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_RAND_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void rand_tile_init(uint32_t seed = 0,
                         tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init_form(TSR_SIM_SFPU_RAND, tessera::ANY_FORM, where, seed);
}

ALWI void rand_tile(uint32_t dst, uint32_t from, uint32_t scale,
                    tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_sfpu_rand(dst, from, scale, where)));
}

} // namespace ckernel

#endif
