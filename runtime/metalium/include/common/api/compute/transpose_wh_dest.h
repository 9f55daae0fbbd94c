// A tile of DST turned over its diagonal, in place.

#ifndef TESSERA_API_COMPUTE_TRANSPOSE_WH_DEST_H
#define TESSERA_API_COMPUTE_TRANSPOSE_WH_DEST_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

template <bool is_32bit = false>
ALWI void transpose_wh_dest_init_short(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_TRANSPOSE_DEST, where);
}

template <bool is_32bit = false>
ALWI void transpose_wh_dest(uint32_t dst,
                            tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_transpose_dst(dst, where)));
}

} // namespace ckernel

#endif
