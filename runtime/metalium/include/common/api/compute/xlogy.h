// a * log(b), and 0 where a is.

#ifndef TESSERA_API_COMPUTE_XLOGY_H
#define TESSERA_API_COMPUTE_XLOGY_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void xlogy_binary_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_BINARY_XLOGY, where);
}

ALWI void xlogy_binary_tile(uint32_t a, uint32_t b, uint32_t out,
                            tsr_sim_where where = tessera::here()) {
  tessera::sfpu_binary(TSR_SIM_SFPU_BINARY_XLOGY, a, b, out, where);
}

} // namespace ckernel

#endif
