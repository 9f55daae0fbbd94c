// RUN: %program
// A tile product has the same bits whatever vectors the processor has, and
// those of one addition after the other.

#include "../../lib/sim/tile_math.c"

#include <stdio.h>

static float a[TILE_ELEMS], b[TILE_ELEMS], want[TILE_ELEMS];

static int check(const char *name, multiply_fn *with) {
  float got[TILE_ELEMS] = {0};
  with(a, b, got, 0, TILE_SIDE);
  if (memcmp(got, want, sizeof got) == 0)
    return 0;
  printf("%s differs\n", name);
  return 1;
}

int main(void) {
  uint32_t seed = 1;
  for (size_t i = 0; i < TILE_ELEMS; i++) {
    a[i] = (float)((seed = seed * 1664525u + 1013904223u) >> 8) / 8388608 - 1;
    b[i] = (float)((seed = seed * 1664525u + 1013904223u) >> 8) / 8388608 - 1;
  }
  for (size_t row = 0; row < TILE_SIDE; row++)
    for (size_t col = 0; col < TILE_SIDE; col++)
      for (size_t k = 0; k < TILE_SIDE; k++) {
        volatile float term = a[row * TILE_SIDE + k] * b[k * TILE_SIDE + col];
        want[row * TILE_SIDE + col] += term;
      }
  int failed = check("plain", multiply_plain);
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2"))
    failed |= check("avx2", multiply_avx2);
  if (__builtin_cpu_supports("avx512f"))
    failed |= check("avx512", multiply_avx512);
#endif
  return failed;
}
