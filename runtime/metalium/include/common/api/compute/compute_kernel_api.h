// Vector-unit operations without a header of their own.

#ifndef TESSERA_API_COMPUTE_COMPUTE_KERNEL_API_H
#define TESSERA_API_COMPUTE_COMPUTE_KERNEL_API_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

template <bool fast_and_approx = false>
ALWI void sigmoid_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init_form(TSR_SIM_SFPU_SIGMOID,
                          tessera::form_if(fast_and_approx), where);
}

template <int vec_mode = VectorMode::RC, bool fast_and_approx = false>
ALWI void sigmoid_tile(uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_SIGMOID, dst, where, {}, vec_mode,
                      tessera::form_if(fast_and_approx));
}

template <bool fast_and_approx = false>
ALWI void log_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_LOG, where);
}

template <bool fast_and_approx = false>
ALWI void log_tile(uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_LOG, dst, where);
}

// The scalar is 1 / ln(base).
template <bool fast_and_approx = false>
ALWI void log_with_base_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_LOG_WITH_BASE, where);
}

template <bool fast_and_approx = false>
ALWI void log_with_base_tile(uint32_t dst, uint32_t scale,
                             tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_LOG_WITH_BASE, dst, where, {scale});
}

template <bool fast_and_approx = false>
ALWI void tanh_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init_form(TSR_SIM_SFPU_TANH, tessera::form_if(fast_and_approx),
                          where);
}

template <bool fast_and_approx = false>
ALWI void tanh_tile(uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_TANH, dst, where, {}, VectorMode::RC,
                      tessera::form_if(fast_and_approx));
}

ALWI void silu_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_SILU, where);
}

ALWI void silu_tile(uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_SILU, dst, where);
}

ALWI void exp2_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_EXP2, where);
}

ALWI void exp2_tile(uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_EXP2, dst, where);
}

// In 16-bit DST both forms have the same constants.
template <bool approx = false>
ALWI void expm1_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init_form(TSR_SIM_SFPU_EXPM1,
                          tessera::form_if(approx || !DST_ACCUM_MODE), where);
}

template <bool approx = false>
ALWI void expm1_tile(uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_EXPM1, dst, where, {}, VectorMode::RC,
                      tessera::form_if(approx || !DST_ACCUM_MODE));
}

ALWI void abs_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_ABS, where);
}

ALWI void abs_tile(uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_ABS, dst, where);
}

ALWI void abs_tile_int32(uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_ABS_INT, dst, where);
}

ALWI void sign_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_SIGN, where);
}

ALWI void sign_tile(uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_SIGN, dst, where);
}

ALWI void signbit_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_SIGNBIT, where);
}

ALWI void signbit_tile(uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_SIGNBIT, dst, where);
}

ALWI void signbit_tile_int32(uint32_t dst,
                             tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_SIGNBIT_INT, dst, where);
}

ALWI void square_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_SQUARE, where);
}

ALWI void square_tile(uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_SQUARE, dst, where);
}

ALWI void power_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_POWER, where);
}

ALWI void power_tile(uint32_t dst, uint32_t exponent,
                     tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_POWER, dst, where, {exponent});
}

ALWI void power_iterative_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_POWER_ITERATIVE, where);
}

ALWI void power_iterative_tile(uint32_t dst, uint32_t exponent,
                               tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_POWER_ITERATIVE, dst, where, {exponent});
}

ALWI void heaviside_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_HEAVISIDE, where);
}

ALWI void heaviside_tile(uint32_t dst, uint32_t at_zero,
                         tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_HEAVISIDE, dst, where, {at_zero});
}

ALWI void unary_max_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_UNARY_MAX, where);
}

ALWI void unary_max_tile(uint32_t dst, uint32_t scalar,
                         tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_UNARY_MAX, dst, where, {scalar});
}

ALWI void unary_max_int32_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_UNARY_MAX_INT, where);
}

ALWI void unary_max_int32_tile(uint32_t dst, uint32_t scalar,
                               tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_UNARY_MAX_INT, dst, where, {scalar});
}

ALWI void unary_max_uint32_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_UNARY_MAX_UINT, where);
}

ALWI void unary_max_uint32_tile(uint32_t dst, uint32_t scalar,
                                tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_UNARY_MAX_UINT, dst, where, {scalar});
}

ALWI void unary_min_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_UNARY_MIN, where);
}

ALWI void unary_min_tile(uint32_t dst, uint32_t scalar,
                         tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_UNARY_MIN, dst, where, {scalar});
}

ALWI void unary_min_int32_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_UNARY_MIN_INT, where);
}

ALWI void unary_min_int32_tile(uint32_t dst, uint32_t scalar,
                               tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_UNARY_MIN_INT, dst, where, {scalar});
}

ALWI void unary_min_uint32_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_UNARY_MIN_UINT, where);
}

ALWI void unary_min_uint32_tile(uint32_t dst, uint32_t scalar,
                                tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_UNARY_MIN_UINT, dst, where, {scalar});
}

template <PoolType pool, DataFormat format>
ALWI void sfpu_reduce_init(tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_sfpu_reduce_init(static_cast<tsr_sim_pool>(pool),
                                 static_cast<uint32_t>(format), where)));
}

// Columns of a tile to row 0; sums also the rows of a block of tiles to column
// 0 of its first ones.
template <PoolType pool, DataFormat format,
          ReduceDim dim = ReduceDim::REDUCE_COL>
ALWI void sfpu_reduce(uint32_t dst, uint32_t cols = 1, uint32_t rows = 1,
                      tsr_sim_where where = tessera::here()) {
  static_assert(dim == ReduceDim::REDUCE_COL ||
                    (dim == ReduceDim::REDUCE_ROW && pool == PoolType::SUM),
                "columns are reduced, and sums of rows");
  MATH((tsr_sim_sfpu_reduce(
      dst, static_cast<tsr_sim_pool>(pool), dim == ReduceDim::REDUCE_ROW,
      tsr_sim_block{cols, rows}, static_cast<uint32_t>(format), where)));
}

// Sorts 64 values below each other in DST tiles 0 and 1, and what tiles 2 and 3
// say of them along with them.
ALWI void topk_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_TOPK_INIT, where);
}

// Phases 0 to log2(length of the runs) - 1 sort them, in turns down and up.
template <bool stable_sort = false>
ALWI void topk_local_sort(uint32_t dst, int ascending, int last_phase,
                          int first_phase = 0, int last_step = 0,
                          int first_step = 0,
                          tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_topk_sort(
      dst,
      tsr_sim_topk_phases{
          static_cast<uint32_t>(first_phase), static_cast<uint32_t>(last_phase),
          static_cast<uint32_t>(first_step), static_cast<uint32_t>(last_step),
          ascending != 0, stable_sort},
      where)));
}

// The larger values of two runs to the first; with `smallest` the smaller ones.
template <bool smallest = false, bool stable_sort = false>
ALWI void topk_merge(uint32_t dst, int iteration, int k,
                     tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_topk_merge(dst,
                           tsr_sim_topk_runs{static_cast<uint32_t>(iteration),
                                             static_cast<uint32_t>(k), 0,
                                             smallest, stable_sort, false},
                           where)));
}

template <bool stable_sort = false>
ALWI void topk_rebuild(uint32_t dst, bool ascending, int iteration, int k,
                       int log_k, int skip_second,
                       tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_topk_rebuild(
      dst,
      tsr_sim_topk_runs{static_cast<uint32_t>(iteration),
                        static_cast<uint32_t>(k), static_cast<uint32_t>(log_k),
                        ascending, stable_sort, (skip_second & 1) != 0},
      where)));
}

} // namespace ckernel

#endif
