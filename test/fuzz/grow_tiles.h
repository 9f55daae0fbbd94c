// Growing nests over tiles, shared by its parts.
//
//   grow_tiles.c      buffers, stores, blocks, nests
//   grow_tile_math.c  loads and tile math
//   grow_blocks.c     blocks of several tiles
//   grow_shapes.c     loops and branches in shapes that programs have
//
// What keeps a nest valid: every index is within its buffer, every store has a
// buffer of its own with one axis for each loop around it, so that every tile
// is written exactly once, and what is carried is not a load as it is.
#ifndef TESSERA_TEST_FUZZ_GROW_TILES_H
#define TESSERA_TEST_FUZZ_GROW_TILES_H

#include "grow.h"
#include "grow_index.h"

enum {
  MAX_LOOPS = 8,
  MAX_TILES = 64,
  MAX_BUFFERS = 12,
  MAX_SIDE = 3,
  MAX_ROUNDS = 6, // of loops that nothing is stored in
  MAX_CARRY = 3,
  MAX_GIVEN = 4, // an index that a loop or branch gives is below that
  MAX_DEPTH = 3
};

typedef struct grown_loop {
  tsr_value *index;
  uint32_t count; // the index is below
} grown_loop;

typedef struct grown_tile {
  tsr_value *value;
  uint32_t rows, cols;
  bool is_load;
} grown_tile;

typedef struct grown_buffer {
  tsr_value *value;
  bool is_written; // by the nest that is being grown
  // Which parallel loop stored a block of `sides` tiles in each of its
  // iterations; 0 axes: none.
  uint32_t axes, axis_counts[2], sides[2];
} grown_buffer;

typedef struct tile_grower {
  choices *c;
  tsr_context *context;
  tsr_module *module;
  tsr_block *func;
  tsr_op *nest;
  tsr_builder b;       // where ops go now
  index_scope indices; // those in scope, which `loops` has, too
  grown_index given;   // of these, what a loop or branch gave last, or nothing
  tsr_element math;    // what tile ops compute in
  bool is_plain;       // and all buffers hold, so that stores do not round
  bool is_bare;        // nests do not say how they work, so that they join
  grown_loop loops[MAX_LOOPS];
  size_t loop_count;
  uint32_t axes, axis_counts[2]; // of the last parallel loop; 0: there is none
  bool is_parallel;              // the nest that is being grown
  grown_tile tiles[MAX_TILES];   // those in scope
  size_t tile_count;
  grown_buffer buffers[MAX_BUFFERS];
  size_t buffer_count, input_count; // inputs come first
  bool may_store;  // not in a branch, nor in a loop that may not run
  bool has_output; // an argument that gives something back
} tile_grower;

// The number as a value.
tsr_value *grow_number(const tile_grower *g, uint32_t value);

// The element of a tile or buffer, and the type of a block of tiles.
tsr_element grown_element(const tsr_value *value);
const tsr_type *grown_tile_type(const tile_grower *g, tsr_element element,
                                uint32_t rows, uint32_t cols);

// Brings a value into scope; nothing happens when there are too many.
grown_tile grow_add_tile(tile_grower *g, tsr_value *value, uint32_t rows,
                         uint32_t cols, bool is_load);

// An index below `limit`: mostly that of a loop as it is.
tsr_value *grow_tile_index(tile_grower *g, uint32_t limit);

// A load of a block of at most that size.
grown_tile grow_load(tile_grower *g, uint32_t rows, uint32_t cols);

// A load of what another parallel loop of the same size stored: mostly of what
// it stored in the same iteration, so that the two can be joined.
//
// fails  false: there is none
bool grow_handed(tile_grower *g, grown_tile *out);

// A load of what the nest before stored last.
grown_tile grow_late(tile_grower *g);

// A block of that size: any, or one that was computed.
grown_tile grow_pick(tile_grower *g, uint32_t rows, uint32_t cols);
grown_tile grow_pick_math(tile_grower *g, uint32_t rows, uint32_t cols);

// A tile whose elements tell what index arithmetic comes to.
grown_tile grow_shown_indices(tile_grower *g);

// What comes of a carried value in a round: something is added to it that is
// another in each round.
tsr_value *grow_sum(tile_grower *g, tsr_value *carried);

// `a` in the format `to`.
tsr_value *grow_cast_to(tile_grower *g, grown_tile a, tsr_element to);

// Any tile math.
void grow_tile_math(tile_grower *g);

// A block whose tiles are put there one by one.
grown_tile grow_built_block(tile_grower *g, uint32_t rows, uint32_t cols);
// Tiles of one that was put together just before.
void grow_taken_apart(tile_grower *g);
// One with a tile that was put there.
void grow_insert(tile_grower *g, uint32_t rows, uint32_t cols);
// Tiles of a block that was loaded, or computed as a whole.
void grow_extract(tile_grower *g);
// The tile of a block that lacks the other, or lacked it for a while.
void grow_part(tile_grower *g);

// What is in scope around a block, to go back to.
typedef struct tile_scope {
  tsr_builder b;
  size_t loop_count, tile_count, index_count;
  grown_index given;
  bool may_store;
} tile_scope;

tile_scope grow_enter(const tile_grower *g);
void grow_leave(tile_grower *g, const tile_scope *s);

// Brings a loop into scope whose index is below `count`.
void grow_add_loop(tile_grower *g, tsr_value *index, uint32_t count);

// Stores a tile in a buffer of its own, if that may be here.
void grow_store_tile(tile_grower *g, tsr_value *tile);

// A loop whose rounds hand something on, and a branch that gives what was there
// before it or something made of that; what comes of them is stored.
void grow_recurrence(tile_grower *g);
void grow_choice(tile_grower *g);

#endif
