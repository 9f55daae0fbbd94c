// The names transpose_wh.h got in 2026.

#ifndef TESSERA_API_COMPUTE_TRANSPOSE_H
#define TESSERA_API_COMPUTE_TRANSPOSE_H

#include "api/compute/transpose_wh.h"

namespace ckernel {

ALWI void transpose_init(uint32_t cb, tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  transpose_wh_init_short(cb, where);
}

ALWI void transpose_tile(uint32_t cb, uint32_t tile, uint32_t dst,
                         tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  transpose_wh_tile(cb, tile, dst, where);
}

} // namespace ckernel

#endif
