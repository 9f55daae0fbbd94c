// The FPU's arithmetic on whole tiles.
//
// The order of additions is fixed and no multiply is fused with an add, so
// every machine gets the same bits; wider vectors only do more columns at once.
// Which of the compiled widths is used is asked from the processor.

#include "internal.h"

#include <string.h>

// Columns that one vector holds.
enum { LANES = 16 };

// A compiler extension that gcc and clang share: element-wise arithmetic, cut
// into whatever the machine has.
typedef float lanes __attribute__((vector_size(LANES * sizeof(float))));

// c += a x b for k in [first,last); `height` rows of c stay in registers.
static inline __attribute__((always_inline)) void
multiply(const float *a, const float *b, float *c, size_t first, size_t last,
         size_t height) {
  for (size_t row = 0; row < TILE_SIDE; row += height)
    for (size_t col = 0; col < TILE_SIDE; col += LANES) {
      lanes sum[8];
      for (size_t i = 0; i < height; i++)
        memcpy(&sum[i], c + (row + i) * TILE_SIDE + col, sizeof sum[i]);
      for (size_t k = first; k < last; k++) {
        lanes right;
        memcpy(&right, b + k * TILE_SIDE + col, sizeof right);
        for (size_t i = 0; i < height; i++)
          sum[i] += a[(row + i) * TILE_SIDE + k] * right;
      }
      for (size_t i = 0; i < height; i++)
        memcpy(c + (row + i) * TILE_SIDE + col, &sum[i], sizeof sum[i]);
    }
}

typedef void multiply_fn(const float *a, const float *b, float *c, size_t first,
                         size_t last);

static void multiply_plain(const float *a, const float *b, float *c,
                           size_t first, size_t last) {
  multiply(a, b, c, first, last, 2);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void
multiply_avx2(const float *a, const float *b, float *c, size_t first,
              size_t last) {
  multiply(a, b, c, first, last, 4);
}

__attribute__((target("avx512f"))) static void
multiply_avx512(const float *a, const float *b, float *c, size_t first,
                size_t last) {
  multiply(a, b, c, first, last, 8);
}

static multiply_fn *choose_multiply(void) {
  if (__builtin_cpu_supports("avx512f"))
    return multiply_avx512;
  return __builtin_cpu_supports("avx2") ? multiply_avx2 : multiply_plain;
}
#else
static multiply_fn *choose_multiply(void) { return multiply_plain; }
#endif

void tile_matmul(const float *a, const float *b, float *c, bool round_bf16) {
  static multiply_fn *chosen;
  if (!chosen)
    chosen = choose_multiply();
  if (!round_bf16) {
    chosen(a, b, c, 0, TILE_SIDE);
    return;
  }
  for (size_t k = 0; k < TILE_SIDE; k += FACE_SIDE) {
    chosen(a, b, c, k, k + FACE_SIDE);
    round_tile_bf16(c);
  }
}

void tile_binary(tsr_sim_setup op, const float *a, const float *b, float *out) {
  if (op == TSR_SIM_SETUP_ADD)
    for (size_t i = 0; i < TILE_ELEMS; i++)
      out[i] = a[i] + b[i];
  else if (op == TSR_SIM_SETUP_SUB)
    for (size_t i = 0; i < TILE_ELEMS; i++)
      out[i] = a[i] - b[i];
  else
    for (size_t i = 0; i < TILE_ELEMS; i++)
      out[i] = a[i] * b[i];
}

void tile_broadcast(tsr_sim_broadcast kind, float *tile) {
  if (kind == TSR_SIM_BROADCAST_NONE)
    return;
  float first = tile[0];
  for (size_t row = 0; row < TILE_SIDE; row++)
    for (size_t col = 0; col < TILE_SIDE; col++) {
      float *at = &tile[row * TILE_SIDE + col];
      if (kind == TSR_SIM_BROADCAST_ROW)
        *at = tile[col];
      else if (kind == TSR_SIM_BROADCAST_COL)
        *at = tile[row * TILE_SIDE];
      else
        *at = first;
    }
}
