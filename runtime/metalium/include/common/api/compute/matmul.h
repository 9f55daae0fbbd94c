// Matrix products of tiles. in0, the left operand, feeds SrcB; in1 feeds SrcA.

#ifndef TESSERA_API_COMPUTE_MATMUL_H
#define TESSERA_API_COMPUTE_MATMUL_H

#include "api/compute/common.h"

namespace tessera {

ALWI void init_matmul(tsr_sim_config config, tsr_sim_where where) {
  UNPACK((tsr_sim_unpack_init(config, where)));
  MATH((tsr_sim_math_init(config, where)));
}

ALWI void start_matmul(uint32_t in0, uint32_t in1, uint32_t out,
                       tsr_sim_config config, tsr_sim_where where) {
  tessera::start_engine(in1, in0, out, where);
  init_matmul(config, where);
}

} // namespace tessera

namespace ckernel {

ALWI void mm_init(uint32_t in0, uint32_t in1, uint32_t out,
                  uint32_t transpose = 0,
                  tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  tessera::start_matmul(in0, in1, out,
                        tessera::matmul_setup(transpose != 0, 1, 1, 1), where);
}

ALWI void mm_init_short(uint32_t, uint32_t, uint32_t transpose = 0,
                        tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  tessera::init_matmul(tessera::matmul_setup(transpose != 0, 1, 1, 1), where);
}

ALWI void mm_init_short_with_dt(uint32_t in0, uint32_t in1, uint32_t old_srca,
                                uint32_t transpose = 0,
                                tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  reconfig_data_format_srca(old_srca, in1, where);
  mm_init_short(in0, in1, transpose, where);
}

ALWI void mm_block_init(uint32_t in0, uint32_t in1, uint32_t out,
                        uint32_t transpose = 0, uint32_t cols = 1,
                        uint32_t rows = 1, uint32_t depth = 1,
                        tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  tessera::start_matmul(
      in0, in1, out, tessera::matmul_setup(transpose != 0, cols, rows, depth),
      where);
}

ALWI void mm_block_init_short(uint32_t, uint32_t, uint32_t transpose = 0,
                              uint32_t cols = 1, uint32_t rows = 1,
                              uint32_t depth = 1,
                              tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  tessera::init_matmul(tessera::matmul_setup(transpose != 0, cols, rows, depth),
                       where);
}

ALWI void mm_block_init_short_with_dt(uint32_t in0, uint32_t in1,
                                      uint32_t old_srca, uint32_t transpose = 0,
                                      uint32_t cols = 1, uint32_t rows = 1,
                                      uint32_t depth = 1,
                                      tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  reconfig_data_format_srca(old_srca, in1, where);
  mm_block_init_short(in0, in1, transpose, cols, rows, depth, where);
}

ALWI void mm_block_init_short_with_both_dt(
    uint32_t in0, uint32_t in1, uint32_t old_in0, uint32_t old_in1,
    uint32_t transpose = 0, uint32_t cols = 1, uint32_t rows = 1,
    uint32_t depth = 1, tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  reconfig_data_format(old_in1, in1, old_in0, in0, where);
  mm_block_init_short(in0, in1, transpose, cols, rows, depth, where);
}

#if TESSERA_METALIUM_MONTH >= 202608
ALWI void matmul_init(uint32_t in0, uint32_t in1, uint32_t transpose = 0,
                      tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  mm_init_short(in0, in1, transpose, where);
}

ALWI void matmul_block_init(uint32_t in0, uint32_t in1, uint32_t transpose = 0,
                            uint32_t cols = 1, uint32_t rows = 1,
                            uint32_t depth = 1,
                            tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  mm_block_init_short(in0, in1, transpose, cols, rows, depth, where);
}
#endif

// DST[dst] += A[tile0] x B[tile1]
ALWI void matmul_tiles(uint32_t in0, uint32_t in1, uint32_t tile0,
                       uint32_t tile1, uint32_t dst,
                       tsr_sim_where where = tessera::here()) {
  UNPACK((tsr_sim_unpack_ab(tessera::setup(TSR_SIM_SETUP_MATMUL), in1, in0,
                            tile1, tile0, where)));
  MATH((tsr_sim_matmul(tessera::setup(TSR_SIM_SETUP_MATMUL), dst, where)));
}

// DST[dst + r*cols + c] += A[tile0 + r*depth] x B[tile1 + c]
ALWI void matmul_block(uint32_t in0, uint32_t in1, uint32_t tile0,
                       uint32_t tile1, uint32_t dst, uint32_t transpose,
                       uint32_t cols, uint32_t rows, uint32_t depth,
                       tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  [[maybe_unused]] const tsr_sim_config config =
      tessera::matmul_setup(transpose != 0, cols, rows, depth);
  for (uint32_t r = 0; r < rows; ++r)
    for (uint32_t c = 0; c < cols; ++c) {
      UNPACK((tsr_sim_unpack_ab(config, in1, in0, tile1 + c, tile0 + r * depth,
                                where)));
      MATH((tsr_sim_matmul(config, dst + r * cols + c, where)));
    }
}

} // namespace ckernel

#endif
