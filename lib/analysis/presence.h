// Which tiles of a block are there, kept for the values that lack some.

#ifndef TESSERA_LIB_ANALYSIS_PRESENCE_H
#define TESSERA_LIB_ANALYSIS_PRESENCE_H

#include "impl.h"

// What is known of one tile: one of the first three, and perhaps the last.
enum {
  TSR_PRESENT,
  TSR_MAYBE,        // there in some runs, or some rounds
  TSR_ABSENT,       // surely not there
  TSR_BY_BOUNDS = 4 // where the bounds of its block have it, it is there
};

enum { TSR_ROWS, TSR_COLS };

// The first `count` rows or columns of a block that `at` of it stand in front
// of: row r is one of them if r + at < count.
typedef struct tsr_tile_bound {
  const tsr_value *count; // NULL: all
  int64_t at;
} tsr_tile_bound;

// No padding: states are compared byte by byte.
typedef struct tsr_presence {
  uint32_t rows, cols;
  tsr_tile_bound bounds[2]; // none unless a tile is TSR_BY_BOUNDS
  const tsr_op *origin;     // what left tiles out
  unsigned char tiles[];    // by row
} tsr_presence;

// Equal states are one, so that a loop which hands on thousands of blocks in
// turn needs a few.
typedef struct tsr_presences {
  tsr_arena *arena;
  tsr_map states; // value to const tsr_presence
  tsr_bytes_map known;
  tsr_presence *draft;
  size_t draft_bytes;
  tsr_forms forms; // of numbers of rows and columns, once asked for
  bool has_forms;
} tsr_presences;

void tsr_presences_init(tsr_presences *all, tsr_arena *arena);

// NULL: all tiles are there.
const tsr_presence *tsr_presences_find(const tsr_presences *all,
                                       const tsr_value *value);
void tsr_presences_set(tsr_presences *all, const tsr_value *value,
                       const tsr_presence *state);

// A state for `value`, to be changed, with all tiles there.
//
// owns   the place is that of the next draft, too
tsr_presence *tsr_presences_draft(tsr_presences *all, const tsr_value *value);

// What a draft has become, for good; NULL if all tiles are there.
const tsr_presence *tsr_presences_keep(tsr_presences *all, tsr_presence *draft);

// Takes over what bounds the rows or columns of `from`, unless a draft has a
// bound there. False: it has another, which says nothing of the tiles of
// `from`.
bool tsr_presence_take_bound(tsr_presences *all, tsr_presence *draft,
                             const tsr_presence *from, size_t side);

// Both bounds; and the origin, if the draft has none.
bool tsr_presence_take(tsr_presences *all, tsr_presence *draft,
                       const tsr_presence *from);

// Two nests that became one may compute a number twice.
bool tsr_presences_is_same_number(tsr_presences *all, const tsr_value *a,
                                  const tsr_value *b);

// What a tile is that is there if `tile` and `other` are; `is_bounded`: the
// bounds of `other` are those of the result.
unsigned char tsr_tile_both(unsigned char tile, unsigned char other,
                            bool is_bounded);

// Whether a tile is there as far as bounds go, and what it is without them.
bool tsr_tile_keeps_bounds(unsigned char tile);
unsigned char tsr_tile_without_bounds(unsigned char tile);

// What `value` is if it may be either.
const tsr_presence *tsr_presences_join(tsr_presences *all,
                                       const tsr_value *value,
                                       const tsr_presence *a,
                                       const tsr_presence *b);

// The same tiles, of which some are there or not for no known reason.
const tsr_presence *tsr_presences_drop_bounds(tsr_presences *all,
                                              const tsr_value *value,
                                              const tsr_presence *state);

#endif
