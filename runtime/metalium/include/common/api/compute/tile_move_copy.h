// Tiles from circular buffers to DST.

#ifndef TESSERA_API_COMPUTE_TILE_MOVE_COPY_H
#define TESSERA_API_COMPUTE_TILE_MOVE_COPY_H

#include "api/compute/common.h"

namespace ckernel {

// `transpose` lets faces change places, `within` turns each over.
ALWI void copy_tile_to_dst_init_short(uint32_t, uint32_t transpose = 0,
                                      uint32_t within = 0,
                                      tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  [[maybe_unused]] tsr_sim_config config = tessera::setup(TSR_SIM_SETUP_COPY);
  config.transpose_faces = transpose != 0;
  config.transpose_within = within != 0;
  UNPACK((tsr_sim_unpack_init(config, where)));
  MATH((tsr_sim_math_init(config, where)));
}

ALWI void copy_tile_init(uint32_t cb, tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  copy_tile_to_dst_init_short(cb, 0, 0, where);
}

ALWI void
copy_tile_to_dst_init_short_with_dt(uint32_t cb_old, uint32_t cb_new,
                                    uint32_t transpose = 0,
                                    tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  reconfig_data_format_srca(cb_old, cb_new, where);
  copy_tile_to_dst_init_short(cb_new, transpose, 0, where);
}

#if TESSERA_METALIUM_MONTH >= 202609
ALWI void copy_init(uint32_t cb, uint32_t transpose = 0, uint32_t within = 0,
                    tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  copy_tile_to_dst_init_short(cb, transpose, within, where);
}
#endif

ALWI void copy_tile(uint32_t cb, uint32_t tile, uint32_t dst,
                    tsr_sim_where where = tessera::here()) {
  UNPACK(
      (tsr_sim_unpack_a(tessera::setup(TSR_SIM_SETUP_COPY), cb, tile, where)));
  MATH((tsr_sim_copy(tessera::setup(TSR_SIM_SETUP_COPY), dst, where)));
}

ALWI void copy_block_matmul_partials(uint32_t cb, uint32_t tile, uint32_t dst,
                                     uint32_t count,
                                     tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  for (uint32_t i = 0; i < count; ++i)
    copy_tile(cb, tile + i, dst + i, where);
}

#if TESSERA_METALIUM_MONTH >= 202609
ALWI void copy_block(uint32_t cb, uint32_t tile, uint32_t dst, uint32_t count,
                     tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  copy_block_matmul_partials(cb, tile, dst, count, where);
}
#endif

} // namespace ckernel

#endif
