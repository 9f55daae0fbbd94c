// Tiles to row-major memory by the packer: from a circular buffer, or from what
// math left in DST.

#ifndef TESSERA_API_COMPUTE_PACK_UNTILIZE_H
#define TESSERA_API_COMPUTE_PACK_UNTILIZE_H

#include "api/compute/common.h"

namespace tessera {

inline tsr_sim_config pack_rows_setup(uint32_t block, uint32_t full) {
  tsr_sim_config config = row_setup(TSR_SIM_SETUP_UNTILIZE, full);
  config.cols = block;
  return config;
}

} // namespace tessera

namespace ckernel {

template <uint32_t block = 8, uint32_t full = block, bool is_narrow = false,
          uint32_t row_values = 32, bool dense = false>
ALWI void pack_untilize_dest_init(uint32_t, uint32_t = 16, uint32_t = 4,
                                  tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  static_assert(!dense, "the model has no dense pack_untilize");
  static_assert(full % block == 0, "a row holds a whole number of blocks");
  PACK((tsr_sim_pack_untilize_init(tessera::pack_rows_setup(block, full),
                                   where)));
}

template <uint32_t block = 8, uint32_t full = block>
ALWI void pack_untilize_init(uint32_t, uint32_t out,
                             tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  UNPACK((tsr_sim_unpack_init(tessera::setup(TSR_SIM_SETUP_COPY), where)));
  MATH((tsr_sim_math_init(tessera::setup(TSR_SIM_SETUP_COPY), where)));
  pack_untilize_dest_init<block, full>(out, 16, 4, where);
}

// From DST[dst_col + dst_row] on.
template <uint32_t block = 8, uint32_t full = block, bool diagonal = false,
          bool is_narrow = false, uint32_t row_values = 32,
          uint32_t dst_col = 0, bool dense = false>
ALWI void pack_untilize_dest(uint32_t out, uint32_t block_rows = 1,
                             uint32_t block_index = 0, uint32_t face_rows = 16,
                             uint32_t faces = 4, uint32_t dst_row = 0,
                             tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  static_assert(!diagonal && !dense,
                "the model has no diagonal or dense pack_untilize");
  [[maybe_unused]] tsr_sim_untilize what{};
  what.dst = dst_col + dst_row;
  what.block_tiles = block;
  what.full_tiles = full;
  what.block_rows = block_rows;
  what.block_index = block_index;
  what.face_rows = faces > 2 ? 2 : 1;
  what.face_cols = faces > 1 ? 2 : 1;
  what.rows_per_face = face_rows;
  what.is_narrow = is_narrow;
  what.row_values = row_values;
  PACK((tsr_sim_pack_untilize(&what, out, where)));
}

// `block_rows` rows of `block` tiles that are at the front of `in`; the caller
// waits, reserves, pushes and pops.
template <uint32_t block = 8, uint32_t full = block>
ALWI void pack_untilize_block(uint32_t in, uint32_t block_rows, uint32_t out,
                              uint32_t block_index = 0,
                              tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  [[maybe_unused]] const tsr_sim_config copy =
      tessera::setup(TSR_SIM_SETUP_COPY);
  for (uint32_t r = 0; r < block_rows; ++r) {
    MATH((tsr_sim_dst_acquire(where)));
    for (uint32_t c = 0; c < block; ++c) {
      UNPACK((tsr_sim_unpack_a(copy, in, c, where)));
      MATH((tsr_sim_copy(copy, c, where)));
    }
    MATH((tsr_sim_dst_commit(where)));
    PACK((tsr_sim_dst_wait(where)));
    pack_untilize_dest<block, full>(out, 1, block_index, 16, 4, 0, where);
    PACK((tsr_sim_dst_release(where)));
  }
}

ALWI void pack_untilize_uninit(uint32_t out,
                               tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  PACK((tsr_sim_pack_untilize_end(where)));
  PACK((tsr_sim_format_pack(out, where)));
}

} // namespace ckernel

#endif
