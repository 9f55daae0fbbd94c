// The loops in which the model spends its time, compiled for several kinds of
// processors. All give the same bits; which one is used is asked from the
// processor.

#ifndef TESSERA_LIB_SIM_TILE_KERNELS_H
#define TESSERA_LIB_SIM_TILE_KERNELS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct tile_kernels {
  const char *name;
  bool (*is_supported)(void);

  // c += a x b, 32x32 row-major. For each k in ascending order the exact
  // product is added with one rounding to fp32; with `round_bf16` the sum is
  // rounded to bf16, ties away from zero, after every 16 of them. A NaN comes
  // out as the canonical one.
  void (*multiply)(const float *a, const float *b, float *c, bool round_bf16);

  // A tile of bf16 in faces to row-major values. In source registers denormals
  // become zero, and NaNs quiet.
  void (*unpack_bf16)(const char *l1, float *out, bool to_source);

  // Row-major values to a tile of bf16 in faces: nearest, ties away from zero.
  void (*pack_bf16)(const float *tile, char *l1);

  // Rounds values as pack_bf16 does.
  void (*round_bf16)(float *tile);
} tile_kernels;

// Those of the best processor that this one is as good as, or those chosen.
const tile_kernels *tile_kernels_get(void);

// Each file has its own; from the most demanding to the plain one.
extern const tile_kernels tile_kernels_avx512;
extern const tile_kernels tile_kernels_avx2;
extern const tile_kernels tile_kernels_plain;

#endif
