// The vector unit's bitonic sorts, for the largest of many values.
//
// 64 values lie below each other in two tiles, in each of the 32 columns apart,
// and their indices in two more. A network of exchanges sorts runs of values;
// which network, and what becomes of equal values, follows tt-llk's
// ckernel_sfpu_topk.h of April 2026 and Tenstorrent's ISA documentation of
// SFPSWAP: it orders bits by sign and magnitude, so -0 < +0 and a NaN is beyond
// infinity.

#include "sfpu.h"

enum {
  ROW_COUNT = 2 * TILE_SIDE,
  REGISTER_ROWS = 16, // of a column that four registers hold
  // An instruction works on every other column of a face.
  COLUMN_PASSES = 4,
  SHORT_PHASES = 4 // those whose runs fit in the registers
};

// -- Exchanges ----------------------------------------------------------------

static int32_t rank_of(uint32_t bits) {
  return (int32_t)(bits >> 31 ? bits ^ 0x7fffffffu : bits);
}

static float *row_at(float *const tiles[2], uint32_t row) {
  return tiles[row / TILE_SIDE] + row % TILE_SIDE * TILE_SIDE;
}

static void swap(float *a, float *b) {
  float kept = *a;
  *a = *b;
  *b = kept;
}

// How pairs of values come to stand.
typedef struct order {
  bool ascending;
  bool swaps_equal;
} order;

static void exchange(const topk_tiles *tiles, uint32_t low, uint32_t high,
                     order wanted) {
  float *a = row_at(tiles->values, low), *b = row_at(tiles->values, high);
  float *a_index = row_at(tiles->indices, low);
  float *b_index = row_at(tiles->indices, high);
  for (size_t col = 0; col < TILE_SIDE; col++) {
    int32_t x = rank_of(bits_of(a[col])), y = rank_of(bits_of(b[col]));
    bool is_wrong = wanted.ascending ? x > y : x < y;
    if (!is_wrong && !(wanted.swaps_equal && x == y))
      continue;
    swap(&a[col], &b[col]);
    swap(&a_index[col], &b_index[col]);
  }
}

// An exchange that must not move the first of its pair down swaps equal values,
// unless it is made twice, as stable sorts do.
static order order_in_registers(bool ascending, bool is_stable) {
  return (order){ascending, ascending && !is_stable};
}

// Sorts a run whose halves are sorted in opposite ways.
static void sort_run(const topk_tiles *tiles, uint32_t first, uint32_t length,
                     order wanted) {
  for (uint32_t distance = length / 2; distance; distance /= 2)
    for (uint32_t i = 0; i < length; i++)
      if ((i & distance) == 0)
        exchange(tiles, first + i, first + i + distance, wanted);
}

// -- Cycles -------------------------------------------------------------------

// 16 rows of values and indices, loaded, sorted in so many steps, and stored.
static uint32_t pass_cycles(uint32_t steps, bool is_stable) {
  enum { LOADS_AND_STORES = 16, TRANSPOSITIONS = 2, EXCHANGES = 4 };
  return LOADS_AND_STORES + TRANSPOSITIONS +
         steps * EXCHANGES * (is_stable ? 2 : 1);
}

static uint32_t all_passes(uint32_t steps, bool is_stable) {
  return ROW_COUNT / REGISTER_ROWS * pass_cycles(steps, is_stable);
}

// -- Phases -------------------------------------------------------------------

// Runs of 2, 4 and 8 go up and down in turns, whatever is asked for: they are
// sorted further.
static uint32_t short_phase(const topk_tiles *tiles, uint32_t phase,
                            bool ascending, bool is_stable) {
  uint32_t length = 2u << phase;
  bool is_last = phase == SHORT_PHASES - 1;
  for (uint32_t first = 0; first < ROW_COUNT; first += length) {
    bool up = (first / length & 1) != 0;
    order wanted =
        order_in_registers(is_last ? up != ascending : up, is_stable);
    wanted.swaps_equal = wanted.swaps_equal && phase > 0;
    sort_run(tiles, first, length, wanted);
  }
  return all_passes(phase + 1, is_stable);
}

// Steps from `first_step` down to the one after `last_step` are made between
// registers' worths of rows; then come the four within them.
static uint32_t long_phase(const topk_tiles *tiles, uint32_t phase,
                           uint32_t first_step, uint32_t last_step,
                           bool ascending, bool is_stable) {
  uint32_t length = 2u << phase, cycles = 0;
  for (uint32_t step = first_step; step > last_step; step--) {
    uint32_t distance = step == SHORT_PHASES + 1 ? TILE_SIDE / 2 : TILE_SIDE;
    for (uint32_t row = 0; row < ROW_COUNT; row++)
      if ((row & distance) == 0)
        exchange(tiles, row, row + distance,
                 (order){((row / length & 1) != 0) != ascending, false});
    cycles += all_passes(1, is_stable);
  }
  for (uint32_t first = 0; first < ROW_COUNT; first += REGISTER_ROWS) {
    bool up = ((first / length & 1) != 0) != ascending;
    sort_run(tiles, first, REGISTER_ROWS, order_in_registers(up, is_stable));
  }
  return cycles + all_passes(SHORT_PHASES, is_stable);
}

uint32_t tile_topk_sort(const topk_tiles *tiles,
                        const tsr_sim_topk_phases *how) {
  bool is_one = how->first == how->last;
  uint32_t cycles = 0;
  for (uint32_t phase = how->first; phase <= how->last; phase++)
    cycles +=
        phase < SHORT_PHASES
            ? short_phase(tiles, phase, how->ascending, how->is_stable)
            : long_phase(tiles, phase, is_one ? how->first_step : phase + 1,
                         is_one ? how->last_step : SHORT_PHASES, how->ascending,
                         how->is_stable);
  return COLUMN_PASSES * cycles;
}

// -- Merging runs -------------------------------------------------------------

static uint32_t smaller(uint32_t a, uint32_t b) { return a < b ? a : b; }
static uint32_t larger(uint32_t a, uint32_t b) { return a > b ? a : b; }

// From the start of a run to that of the one it is merged with.
static uint32_t run_distance(uint32_t k, uint32_t iteration) {
  return smaller(TILE_SIDE, k << iteration);
}

// The values that are still looked at.
static uint32_t values_left(uint32_t k, uint32_t iteration) {
  return larger(2 * k, ROW_COUNT >> iteration);
}

uint32_t tile_topk_merge(const topk_tiles *tiles,
                         const tsr_sim_topk_runs *how) {
  enum { VALUES_AT_ONCE = 8, CYCLES_AT_ONCE = 10 };
  uint32_t length = smaller(how->k, TILE_SIDE);
  uint32_t distance = run_distance(length, how->iteration);
  uint32_t pairs = values_left(length, how->iteration) / (2 * length);
  for (uint32_t pair = 0; pair < pairs; pair++)
    for (uint32_t i = 0; i < length; i++)
      exchange(tiles, pair * 2 * distance + i,
               pair * 2 * distance + i + distance,
               (order){how->ascending, false});
  uint32_t exchanges = pairs * 2 * length / VALUES_AT_ONCE;
  return COLUMN_PASSES * exchanges *
         (CYCLES_AT_ONCE + (how->is_stable ? 2u : 0u));
}

// Runs that fit in the registers, several at once: their starts are a merge's
// distance apart, and there is one more 32 rows below.
static uint32_t rebuild_short(const topk_tiles *tiles,
                              const tsr_sim_topk_runs *how) {
  uint32_t distance = run_distance(how->k, how->iteration + 1);
  uint32_t values = values_left(how->k, how->iteration + 1);
  uint32_t passes =
      larger(1, (values >> (how->skips_second ? 1 : 0)) / REGISTER_ROWS);
  uint32_t at_once = smaller(REGISTER_ROWS / how->k, ROW_COUNT / distance);
  for (uint32_t pass = 0; pass < passes; pass++)
    for (uint32_t run = 0; run < at_once; run++) {
      bool up =
          at_once > 1 ? (run & 1) != 0 : ((pass & 1) != 0) != how->ascending;
      sort_run(tiles, pass * TILE_SIDE + run * distance, how->k,
               order_in_registers(up, how->is_stable));
    }
  return passes * pass_cycles(how->log_k, how->is_stable);
}

uint32_t tile_topk_rebuild(const topk_tiles *tiles,
                           const tsr_sim_topk_runs *how) {
  uint32_t cycles =
      how->k <= REGISTER_ROWS
          ? rebuild_short(tiles, how)
          : long_phase(tiles, how->log_k - 1, how->log_k, SHORT_PHASES,
                       how->ascending, how->is_stable);
  return COLUMN_PASSES * cycles;
}
