// Tiles of circular buffers that are smaller than 32x32.
//
// Such a tile is what is left of a whole one without its lower rows, its right
// faces, or both: faces in the same order, of as many rows as the tile has and
// at most 16. Block formats keep an exponent for each row of a face, in a
// multiple of 16 B. Inside the engine the rest of the tile is zero. Source:
// tt-metal's tile.cpp, April 2026.

#include "internal.h"

enum {
  WHOLE_BYTES_MAX = TILE_ELEMS * 4,
  FACE_ROWS = TILE_ELEMS / FACE_SIDE, // of a whole tile
  EXPONENTS_ALIGN = 16
};

static bool is_whole(const cb_state *on) {
  return on->tile_rows == TILE_SIDE && on->tile_cols == TILE_SIDE;
}

// Where the parts of a tile lie.
typedef struct shape_bytes {
  uint32_t row;             // of one row of a face, without its exponent
  uint32_t exponents;       // of all its face rows, 0: the format has none
  uint32_t whole_exponents; // of a whole tile
} shape_bytes;

static shape_bytes measure(const cb_state *on) {
  uint32_t whole = tsr_sim_tile_bytes(on->format);
  uint32_t whole_exponents = whole % TILE_ELEMS ? FACE_ROWS : 0;
  uint32_t own = on->tile_rows * on->tile_cols / FACE_SIDE;
  uint32_t padded =
      (own + EXPONENTS_ALIGN - 1) / EXPONENTS_ALIGN * EXPONENTS_ALIGN;
  return (shape_bytes){.row = (whole - whole_exponents) / FACE_ROWS,
                       .exponents = whole_exponents ? padded : 0,
                       .whole_exponents = whole_exponents};
}

uint32_t cb_tile_bytes(const cb_state *on) {
  shape_bytes bytes = measure(on);
  return bytes.exponents +
         on->tile_rows * on->tile_cols / FACE_SIDE * bytes.row;
}

// The number in a whole tile of the `i`-th row of a face.
static uint32_t whole_row(const cb_state *on, uint32_t i) {
  uint32_t rows = on->tile_rows < FACE_SIDE ? on->tile_rows : FACE_SIDE;
  uint32_t across = on->tile_cols / FACE_SIDE;
  uint32_t face = i / rows;
  uint32_t place = face / across * 2 + face % across;
  return place * FACE_SIDE + i % rows;
}

void unpack_cb_tile(const cb_state *on, const char *l1, float *out,
                    source_rounding rounding) {
  if (is_whole(on)) {
    unpack_tile(on->format, l1, out, rounding);
    return;
  }
  char whole[WHOLE_BYTES_MAX] = {0};
  shape_bytes bytes = measure(on);
  uint32_t count = on->tile_rows * on->tile_cols / FACE_SIDE;
  for (uint32_t i = 0; i < count; i++) {
    uint32_t row = whole_row(on, i);
    if (bytes.exponents)
      whole[row] = l1[i];
    memcpy(whole + bytes.whole_exponents + row * bytes.row,
           l1 + bytes.exponents + i * bytes.row, bytes.row);
  }
  unpack_tile(on->format, whole, out, rounding);
}

void pack_cb_tile(const cb_state *on, const float *tile, char *l1) {
  if (is_whole(on)) {
    pack_tile_to(on->format, tile, l1);
    return;
  }
  char whole[WHOLE_BYTES_MAX];
  pack_tile_to(on->format, tile, whole);
  shape_bytes bytes = measure(on);
  uint32_t count = on->tile_rows * on->tile_cols / FACE_SIDE;
  memset(l1, 0, bytes.exponents);
  for (uint32_t i = 0; i < count; i++) {
    uint32_t row = whole_row(on, i);
    if (bytes.exponents)
      l1[i] = whole[row];
    memcpy(l1 + bytes.exponents + i * bytes.row,
           whole + bytes.whole_exponents + row * bytes.row, bytes.row);
  }
}

void check_whole_tiles(thread *self, const cb_state *on) {
  if (!is_whole(on))
    fail_call(self,
              "%s has tiles of %u x %u, and this is modelled for tiles of 32 x "
              "32 only",
              on->label, on->tile_rows, on->tile_cols);
}

void check_same_shape(thread *self, const cb_state *a, const cb_state *b) {
  if (a->tile_rows != b->tile_rows || a->tile_cols != b->tile_cols)
    fail_call(self, "%s has tiles of %u x %u and %s of %u x %u", a->label,
              a->tile_rows, a->tile_cols, b->label, b->tile_rows, b->tile_cols);
}

void check_inner_shape(thread *self, const cb_state *a, const cb_state *b) {
  if (a->tile_cols != b->tile_rows)
    fail_call(self,
              "tiles of %u x %u, of %s, cannot be multiplied with tiles of %u "
              "x %u, of %s",
              a->tile_rows, a->tile_cols, a->label, b->tile_rows, b->tile_cols,
              b->label);
}
