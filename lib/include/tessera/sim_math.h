// The model's arithmetic on whole tiles, for who computes with tiles without
// running a program: the same functions that the compute engine uses, so the
// same bits.
//
// A tile here is 32x32 floats, row-major.

#ifndef TESSERA_SIM_MATH_H
#define TESSERA_SIM_MATH_H

#include "tessera/sim.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { TSR_TILE_ELEMS = TSR_TILE_SIDE * TSR_TILE_SIDE };

// A tile of `format` as it lies in memory, four faces, to values and back.
// Packing rounds as the packer does.
void tsr_sim_tile_unpack(uint32_t format, const void *page, float *out);
void tsr_sim_tile_pack(uint32_t format, const float *tile, void *page);

// What a source register keeps of a tile: tf32, or bf16 with 16-bit DST.
void tsr_sim_tile_truncate(float *tile, bool is_32bit);
// Rounds to bf16 as 16-bit DST and the packer do.
void tsr_sim_tile_round(float *tile);

// c += a x b, k ascending, the exact product added with one rounding; with
// `is_32bit` false the sum is rounded to bf16 after every 16 of them.
void tsr_sim_tile_matmul(const float *a, const float *b, float *c,
                         bool is_32bit);
// The code for tiles is there for several kinds of processors, all with the
// same bits: the name of the i-th that this one can run, NULL beyond the last.
// The first, which is the best, is used unless another is chosen.
const char *tsr_sim_tile_kernels(size_t i);
void tsr_sim_use_tile_kernels(size_t i);

void tsr_sim_tile_unary(tsr_sim_sfpu op, float *tile);
void tsr_sim_tile_binary(tsr_sim_sfpu op, const float *a, const float *b,
                         float *out);
void tsr_sim_tile_where(const float *condition, const float *a, const float *b,
                        float *out);

#ifdef __cplusplus
}
#endif

#endif
