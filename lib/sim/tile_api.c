// The arithmetic of the compute engine, for who has tiles and no program.

#include "internal.h"

#include "tessera/sim_math.h"

void tsr_sim_tile_unpack(uint32_t format, const void *page, float *out) {
  unpack_tile(format, page, out, ROUND_NONE);
}

void tsr_sim_tile_pack(uint32_t format, const float *tile, void *page) {
  pack_tile_to(format, tile, page);
}

void tsr_sim_tile_truncate(float *tile, bool is_32bit) {
  truncate_source(tile, is_32bit ? ROUND_TF32 : ROUND_BF16);
}

void tsr_sim_tile_round(float *tile) { round_tile_bf16(tile); }

void tsr_sim_tile_matmul(const float *a, const float *b, float *c,
                         bool is_32bit) {
  tile_matmul(a, b, c, !is_32bit);
}

void tsr_sim_tile_unary(tsr_sim_sfpu op, float *tile) { sfpu_unary(op, tile); }

void tsr_sim_tile_binary(tsr_sim_sfpu op, const float *a, const float *b,
                         float *out) {
  sfpu_binary(op, a, b, out);
}

void tsr_sim_tile_where(const float *condition, const float *a, const float *b,
                        float *out) {
  sfpu_where(condition, a, b, out);
}
