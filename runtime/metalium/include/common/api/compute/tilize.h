// Row-major memory to tiles: a row of tiles lies in a circular buffer as 32
// lines. Each call does its own hand-over of DST.

#ifndef TESSERA_API_COMPUTE_TILIZE_H
#define TESSERA_API_COMPUTE_TILIZE_H

#include "api/compute/common.h"

namespace ckernel {

ALWI void tilize_init(uint32_t, uint32_t block, uint32_t,
                      tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  [[maybe_unused]] const tsr_sim_config config =
      tessera::row_setup(TSR_SIM_SETUP_TILIZE, block);
  UNPACK((tsr_sim_unpack_init(config, where)));
  MATH((tsr_sim_math_init(config, where)));
}

ALWI void tilize_init_short_with_dt(uint32_t cb_old, uint32_t cb_new,
                                    uint32_t block, uint32_t out,
                                    tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  reconfig_data_format_srca(cb_old, cb_new, where);
  tilize_init(cb_new, block, out, where);
}

// `block` tiles side by side; the caller waits, reserves, pushes and pops.
ALWI void tilize_block(uint32_t in, uint32_t block, uint32_t out,
                       uint32_t in_tile = 0, uint32_t out_tile = 0,
                       tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  [[maybe_unused]] const tsr_sim_config config =
      tessera::row_setup(TSR_SIM_SETUP_TILIZE, block);
  for (uint32_t i = 0; i < block; ++i) {
    UNPACK((tsr_sim_unpack_tilize(config, in, in_tile, i, where)));
    MATH((tsr_sim_dst_acquire(where)));
    MATH((tsr_sim_copy(config, 0, where)));
    MATH((tsr_sim_dst_commit(where)));
    PACK((tsr_sim_dst_wait(where)));
    PACK((tsr_sim_pack_at(0, out, out_tile + i, where)));
    PACK((tsr_sim_dst_release(where)));
  }
}

ALWI void tilize_uninit(uint32_t, uint32_t,
                        tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  UNPACK((tsr_sim_unpack_init(tessera::setup(TSR_SIM_SETUP_NONE), where)));
}

ALWI void tilize_uninit_with_dt(uint32_t cb_old, uint32_t cb_new, uint32_t out,
                                tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  tilize_uninit(cb_old, out, where);
  reconfig_data_format_srca(cb_old, cb_new, where);
}

// The chip has a quicker way to the same result.
ALWI void fast_tilize_init(uint32_t in, uint32_t block, uint32_t out,
                           tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  tilize_init(in, block, out, where);
}

ALWI void fast_tilize_init_with_dt(uint32_t in, uint32_t block, uint32_t out,
                                   tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  reconfig_data_format(in, in, where);
  tilize_init(in, block, out, where);
}

ALWI void fast_tilize_block(uint32_t in, uint32_t block, uint32_t out,
                            uint32_t in_tile = 0, uint32_t out_tile = 0,
                            tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  tilize_block(in, block, out, in_tile, out_tile, where);
}

ALWI void fast_tilize_uninit(uint32_t in, uint32_t out,
                             tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  tilize_uninit(in, out, where);
}

} // namespace ckernel

#endif
