// Sums, averages and maxima of a tile along its rows, its columns or both.
//
// The scaler tile holds in row 0 of each face what values are multiplied by.
// REDUCE_OP and REDUCE_DIM, to be defined before this header, are the defaults
// of the template arguments.

#ifndef TESSERA_API_COMPUTE_REDUCE_H
#define TESSERA_API_COMPUTE_REDUCE_H

#include "api/compute/common.h"

#if !defined(REDUCE_OP) || !defined(REDUCE_DIM)
#error                                                                         \
    "define REDUCE_OP and REDUCE_DIM before this header: tt-metal's needs both"
#endif

namespace tessera {

constexpr tsr_sim_reduce_dim reduce_dim_of(ReduceDim dim) {
  return dim == ReduceDim::REDUCE_ROW   ? TSR_SIM_REDUCE_ROW
         : dim == ReduceDim::REDUCE_COL ? TSR_SIM_REDUCE_COL
                                        : TSR_SIM_REDUCE_SCALAR;
}

template <PoolType type, ReduceDim dim, bool is_fp32>
inline tsr_sim_config reduce_setup() {
  static_assert(type == PoolType::SUM || type == PoolType::AVG ||
                    type == PoolType::MAX,
                "the model reduces by SUM, AVG and MAX");
  tsr_sim_config config = setup(TSR_SIM_SETUP_REDUCE);
  config.reduce = reduce_dim_of(dim);
  config.is_max = type == PoolType::MAX;
  config.is_fp32 = is_fp32;
  return config;
}

} // namespace tessera

namespace ckernel {

template <PoolType type = REDUCE_OP, ReduceDim dim = REDUCE_DIM,
          bool is_fp32 = false>
ALWI void reduce_init(uint32_t, uint32_t, uint32_t,
                      tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  UNPACK((
      tsr_sim_unpack_init(tessera::reduce_setup<type, dim, is_fp32>(), where)));
  MATH((tsr_sim_math_init(tessera::reduce_setup<type, dim, is_fp32>(), where)));
  PACK((tsr_sim_pack_reduce(tessera::reduce_dim_of(dim), where)));
}

// DST[dst] += the tile, reduced; or the larger of both.
template <PoolType type = REDUCE_OP, ReduceDim dim = REDUCE_DIM,
          bool is_fp32 = false>
ALWI void reduce_tile(uint32_t cb, uint32_t cb_scaler, uint32_t tile,
                      uint32_t tile_scaler, uint32_t dst,
                      tsr_sim_where where = tessera::here()) {
  UNPACK((tsr_sim_unpack_reduce(tessera::reduce_setup<type, dim, is_fp32>(), cb,
                                cb_scaler, tile, tile_scaler, where)));
  MATH((
      tsr_sim_reduce(tessera::reduce_setup<type, dim, is_fp32>(), dst, where)));
}

template <bool is_fp32 = false>
ALWI void reduce_uninit(uint32_t = 0, tsr_sim_where where = tessera::here()) {
  PACK((tsr_sim_pack_reduce_end(where)));
}

} // namespace ckernel

#endif
