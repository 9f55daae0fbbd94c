// The FPU's arithmetic on whole tiles.
//
// The order of additions is fixed, each rounds once, and a NaN is always the
// same one, so every machine gets the same bits.

#include "internal.h"

#include "tessera/sim_math.h"

#include "tile_kernels.h"
#include "tile_loops.h"

#include <stdatomic.h>

// From the best to the one that always works.
static const tile_kernels *const all_kernels[] = {
    &tile_kernels_avx512, &tile_kernels_avx2, &tile_kernels_plain};

enum { KERNEL_COUNT = sizeof all_kernels / sizeof *all_kernels };

static _Atomic(const tile_kernels *) chosen;

static const tile_kernels *supported_kernels(size_t number) {
  for (size_t i = 0; i < KERNEL_COUNT; i++)
    if (all_kernels[i]->is_supported() && number-- == 0)
      return all_kernels[i];
  return NULL;
}

const tile_kernels *tile_kernels_get(void) {
  const tile_kernels *now = atomic_load_explicit(&chosen, memory_order_relaxed);
  if (now)
    return now;
  now = supported_kernels(0);
  atomic_store_explicit(&chosen, now, memory_order_relaxed);
  return now;
}

const char *tsr_sim_tile_kernels(size_t i) {
  const tile_kernels *found = supported_kernels(i);
  return found ? found->name : NULL;
}

void tsr_sim_use_tile_kernels(size_t i) {
  atomic_store_explicit(&chosen, supported_kernels(i), memory_order_relaxed);
}

void tile_matmul(const float *a, const float *b, float *c, bool round_bf16) {
  tile_kernels_get()->multiply(a, b, c, round_bf16);
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
  loop_canonicalize(out);
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
