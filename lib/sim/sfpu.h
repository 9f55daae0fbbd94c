// The vector unit's table of operations. Private to lib/sim.

#ifndef TESSERA_LIB_SIM_SFPU_H
#define TESSERA_LIB_SIM_SFPU_H

#include "internal.h"

#include <string.h>

enum { SCALAR_WORDS = TSR_SIM_SCALARS };

// What a call brings beside tiles.
typedef struct scalars {
  uint32_t words[SCALAR_WORDS];
} scalars;

// What an op's tiles hold.
typedef enum sfpu_kind { SFPU_FLOAT, SFPU_INT, SFPU_ANY } sfpu_kind;

typedef struct sfpu_row {
  const char *call;
  sfpu_kind kind;
  tsr_sim_sfpu init; // the row whose init it needs
  bool is_init;      // `call` is the name of an init
  void (*unary)(float *tile, const scalars *s);
  void (*binary)(const float *a, const float *b, float *out, const scalars *s);
  void (*ternary)(const float *a, const float *b, const float *c, float *out,
                  const scalars *s);
} sfpu_row;

const sfpu_row *sfpu_find(tsr_sim_sfpu op);

// -- sfpu_exp.c: the quick forms of exp ---------------------------------------

// Whether the factor is one that the init programmed.
bool exp_form_has_factor(uint32_t form);
// Words as those of exp_tile's form; word 0 is the factor in all of them.
void tile_exp_form(tsr_sim_exp_form form, const scalars *given, float *tile);

// -- typecast.c ---------------------------------------------------------------

void tile_typecast(uint32_t from, uint32_t to, float *tile);

// -- sfpu_whole.c: ops on more than one element -------------------------------

// Running sums down the columns, from `above`, which becomes the last row.
void tile_cumsum(float *tile, float *above);

// Reduces columns to row 0, or rows to column 0.
typedef struct sfpu_reduction {
  tsr_sim_pool pool;
  bool is_row;
  bool is_integer;
  bool is_unsigned;
} sfpu_reduction;
void tile_sfpu_reduce(const sfpu_reduction *how, float *tile);
// Sums of rows that go on in another tile.
void tile_add_first_column(bool is_integer, const float *more, float *tile);

// Numbers in [from, from + scale), and the state they come from.
void tile_rand(uint32_t *state, float from, float scale, float *tile);
// Zeros values with `probability` of 2^31, and scales the others.
void tile_dropout(uint32_t *state, uint32_t probability, float scale,
                  float *tile);

// -- sfpu_topk.c: sorts -------------------------------------------------------

// 64 rows of values, and what moves along with them.
typedef struct topk_tiles {
  float *values[2];
  float *indices[2];
} topk_tiles;

enum { TOPK_LAST_PHASE = 5 };

// Each returns the cycles that the vector unit needs, with one for a load, a
// store and a transposition and two for an exchange.
uint32_t tile_topk_sort(const topk_tiles *tiles,
                        const tsr_sim_topk_phases *how);
uint32_t tile_topk_merge(const topk_tiles *tiles, const tsr_sim_topk_runs *how);
uint32_t tile_topk_rebuild(const topk_tiles *tiles,
                           const tsr_sim_topk_runs *how);

#endif
