// Operations of the vector unit that take more than one element at a time.

#include "sfpu.h"

// -- Running sums and reductions ----------------------------------------------

void tile_cumsum(float *tile, float *above) {
  for (size_t row = 0; row < TILE_SIDE; row++)
    for (size_t col = 0; col < TILE_SIDE; col++) {
      above[col] += tile[row * TILE_SIDE + col];
      tile[row * TILE_SIDE + col] = above[col];
    }
}

static float pool_floats(tsr_sim_pool pool, float so_far, float x) {
  if (pool == TSR_SIM_POOL_MAX)
    return x > so_far ? x : so_far;
  if (pool == TSR_SIM_POOL_MIN)
    return x < so_far ? x : so_far;
  return so_far + x;
}

static float pool_integers(const sfpu_reduction *how, float so_far, float x) {
  uint32_t a = bits_of(so_far), b = bits_of(x);
  // Unsigned values compare like signed ones with the top bit turned.
  uint32_t turn = how->is_unsigned ? 0x80000000u : 0;
  bool is_larger = (int32_t)(b ^ turn) > (int32_t)(a ^ turn);
  if (how->pool == TSR_SIM_POOL_MAX)
    return is_larger ? x : so_far;
  if (how->pool == TSR_SIM_POOL_MIN)
    return is_larger ? so_far : x;
  return float_of(a + b);
}

// Towards minus infinity, as the chip's shift does.
static float integer_average(const sfpu_reduction *how, float sum) {
  uint32_t bits = bits_of(sum);
  if (how->is_unsigned)
    return float_of(bits / TILE_SIDE);
  int32_t value = (int32_t)bits;
  int32_t rest = value % TILE_SIDE;
  return float_of((uint32_t)(value / TILE_SIDE - (rest < 0 ? 1 : 0)));
}

void tile_sfpu_reduce(const sfpu_reduction *how, float *tile) {
  size_t across = how->is_row ? TILE_SIDE : 1;
  size_t along = how->is_row ? 1 : TILE_SIDE;
  for (size_t line = 0; line < TILE_SIDE; line++) {
    float *at = tile + line * across;
    float result = at[0];
    for (size_t i = 1; i < TILE_SIDE; i++)
      result = how->is_integer ? pool_integers(how, result, at[i * along])
                               : pool_floats(how->pool, result, at[i * along]);
    if (how->pool == TSR_SIM_POOL_AVG)
      result =
          how->is_integer ? integer_average(how, result) : result / TILE_SIDE;
    at[0] = result;
  }
}

void tile_add_first_column(bool is_integer, const float *more, float *tile) {
  for (size_t at = 0; at < TILE_ELEMS; at += TILE_SIDE)
    tile[at] = is_integer ? float_of(bits_of(tile[at]) + bits_of(more[at]))
                          : tile[at] + more[at];
}

// -- Random numbers -----------------------------------------------------------
// The chip's generator is not documented: these are other numbers, the same in
// every run. A linear congruence, of which the upper bits are used.

static uint32_t next_random(uint32_t *state) {
  *state = *state * 1664525u + 1013904223u;
  return *state >> 1;
}

void tile_rand(uint32_t *state, float from, float scale, float *tile) {
  for (size_t i = 0; i < TILE_ELEMS; i++) {
    float share = float_of(0x3f800000u | next_random(state) >> 8) - 1.0f;
    tile[i] = share * scale + from;
  }
}

void tile_dropout(uint32_t *state, uint32_t probability, float scale,
                  float *tile) {
  for (size_t i = 0; i < TILE_ELEMS; i++) {
    bool drops = next_random(state) < probability;
    tile[i] = drops ? 0 : tile[i] * scale;
  }
}
