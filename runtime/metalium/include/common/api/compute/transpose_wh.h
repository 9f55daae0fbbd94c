// A tile turned over its diagonal, on the way to DST.

#ifndef TESSERA_API_COMPUTE_TRANSPOSE_WH_H
#define TESSERA_API_COMPUTE_TRANSPOSE_WH_H

#include "api/compute/common.h"

namespace ckernel {

ALWI void transpose_wh_init_short(uint32_t,
                                  tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  UNPACK((tsr_sim_unpack_init(tessera::setup(TSR_SIM_SETUP_TRANSPOSE, true),
                              where)));
  MATH((
      tsr_sim_math_init(tessera::setup(TSR_SIM_SETUP_TRANSPOSE, true), where)));
}

ALWI void transpose_wh_init(uint32_t in, uint32_t out,
                            tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  tessera::start_engine(in, in, out, where);
  transpose_wh_init_short(in, where);
}

ALWI void transpose_wh_tile(uint32_t cb, uint32_t tile, uint32_t dst,
                            tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  UNPACK((tsr_sim_unpack_a(tessera::setup(TSR_SIM_SETUP_TRANSPOSE, true), cb,
                           tile, where)));
  MATH((
      tsr_sim_copy(tessera::setup(TSR_SIM_SETUP_TRANSPOSE, true), dst, where)));
}

} // namespace ckernel

#endif
