// Tiles to row-major memory by the unpacker. Each call does its own hand-over
// of DST.

#ifndef TESSERA_API_COMPUTE_UNTILIZE_H
#define TESSERA_API_COMPUTE_UNTILIZE_H

#include "api/compute/common.h"

namespace tessera {

// The rows' width comes with the call: the init is for any.
inline tsr_sim_config untilize_setup() { return setup(TSR_SIM_SETUP_UNTILIZE); }

} // namespace tessera

namespace ckernel {

ALWI void untilize_init(uint32_t, tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  UNPACK((tsr_sim_unpack_init(tessera::untilize_setup(), where)));
  MATH((tsr_sim_math_init(tessera::untilize_setup(), where)));
}

// A row of `row_tiles` tiles; `block` of them at a time in DST.
template <uint32_t block = 1>
ALWI void untilize_block(uint32_t in, uint32_t row_tiles, uint32_t out,
                         tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  for (uint32_t t = 0; t < row_tiles / block; ++t) {
    MATH((tsr_sim_dst_acquire(where)));
    for (uint32_t i = 0; i < block; ++i) {
      UNPACK((tsr_sim_unpack_untilize(tessera::untilize_setup(), in, row_tiles,
                                      t * block + i, where)));
      MATH((tsr_sim_copy(tessera::untilize_setup(), i, where)));
    }
    MATH((tsr_sim_dst_commit(where)));
    PACK((tsr_sim_dst_wait(where)));
    for (uint32_t i = 0; i < block; ++i) {
      PACK((tsr_sim_pack(i, out, where)));
    }
    PACK((tsr_sim_dst_release(where)));
  }
}

ALWI void untilize_uninit(uint32_t, tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  UNPACK((tsr_sim_unpack_init(tessera::setup(TSR_SIM_SETUP_NONE), where)));
}

} // namespace ckernel

#endif
