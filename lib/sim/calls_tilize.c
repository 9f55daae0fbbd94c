// Between row-major memory and tiles: on the way in by the unpacker, on the
// way out by the unpacker or the packer.
//
// Row-major memory here is a circular buffer that holds a row of tiles as 32
// rows of 32 * width values, one row after the other.

#include "compute.h"
#include "recording.h"

#include <string.h>

// Bytes of one value; block formats have none of their own.
static uint32_t value_bytes(thread *self, const cb_state *on) {
  check_whole_tiles(self, on);
  uint32_t bytes = tsr_sim_tile_bytes(on->format) / TILE_ELEMS;
  if (bytes * TILE_ELEMS != tsr_sim_tile_bytes(on->format))
    fail_call(self,
              "%s is %s, whose values share exponents: it cannot be row-major",
              on->label, tsr_sim_format_name(on->format));
  return bytes;
}

// -- tilize -------------------------------------------------------------------

void tsr_sim_unpack_tilize(tsr_sim_config config, uint32_t cb,
                           uint32_t first_tile, uint32_t tile,
                           tsr_sim_where where) {
  thread *self = enter(setup_call(config.setup), where);
  check_setup(self, config);
  check_source_format(self, self->format_a, cb, "SrcA");
  const cb_state *on = find_cb(self, cb);
  uint32_t bytes = value_bytes(self, on);
  uint32_t tile_bytes = tsr_sim_tile_bytes(on->format);
  uint32_t width = config.width_tiles;
  if (first_tile % width != 0)
    break_rule(self, "starts at tile %u, inside a row of %u tiles", first_tile,
               width);
  uint32_t end = (first_tile + width) * tile_bytes;
  check_fronted_bytes(self, on, end);
  record_unpack_a(self, config, cb);
  operand *bank = free_bank(self);
  const char *from = fronted_bytes(self, on) + (size_t)first_tile * tile_bytes;
  check_arrived(self, from, width * tile_bytes);
  // The values in the order of a tile's faces, then as any tile.
  char faces[TILE_ELEMS * 4];
  char *to = faces;
  for (size_t face = 0; face < 4; face++)
    for (size_t row = 0; row < FACE_SIDE; row++) {
      size_t line = face / 2 * FACE_SIDE + row;
      size_t col = tile * TILE_SIDE + face % 2 * FACE_SIDE;
      memcpy(to, from + (line * width * TILE_SIDE + col) * bytes,
             FACE_SIDE * bytes);
      to += FACE_SIDE * bytes;
    }
  unpack_tile(on->format, faces, bank->a,
              goes_to_dst(self, cb) ? ROUND_NONE : source_width(self));
  bank->is_integer = tsr_sim_format_kind(on->format) == TSR_SIM_KIND_INTEGER;
  self->home->engine->unpacked++;
}

// -- untilize by the unpacker -------------------------------------------------

// The packer writes faces one after the other: value i comes i-th.
static size_t place_of(uint32_t i) {
  return face_row_start(i / (FACE_SIDE * FACE_SIDE),
                        i / FACE_SIDE % FACE_SIDE) +
         i % FACE_SIDE;
}

void tsr_sim_unpack_untilize(tsr_sim_config config, uint32_t cb,
                             uint32_t width_tiles, uint32_t tile,
                             tsr_sim_where where) {
  thread *self = enter(setup_call(config.setup), where);
  check_setup(self, config);
  check_source_format(self, self->format_a, cb, "SrcA");
  check_whole_tiles(self, find_cb(self, cb));
  record_unpack_a(self, config, cb);
  operand *bank = free_bank(self);
  bank->is_integer =
      tsr_sim_format_kind(find_cb(self, cb)->format) == TSR_SIM_KIND_INTEGER;
  uint32_t row_values = width_tiles * TILE_SIDE;
  for (uint32_t from = 0; from < width_tiles; from++) {
    float source[TILE_ELEMS];
    bool is_held = false;
    for (uint32_t row = 0; row < TILE_SIDE; row++) {
      uint32_t at = row * row_values + from * TILE_SIDE;
      if (at / TILE_ELEMS != tile)
        continue;
      if (!is_held)
        unpack_source(self, cb, from, source);
      is_held = true;
      for (uint32_t col = 0; col < TILE_SIDE; col++)
        bank->a[place_of(at % TILE_ELEMS + col)] =
            source[row * TILE_SIDE + col];
    }
  }
  self->home->engine->unpacked++;
}

// -- untilize by the packer ---------------------------------------------------

void tsr_sim_pack_untilize_init(tsr_sim_config config, tsr_sim_where where) {
  thread *self = enter("pack_untilize_init", where);
  record_op(self, TSR_CLOCK_INIT, config, (tsr_clock_compute_event){0});
  self->config = config;
}

void tsr_sim_pack_untilize_end(tsr_sim_where where) {
  thread *self = enter("pack_untilize_uninit", where);
  record_call(self, TSR_CLOCK_RECONFIG);
  self->config = (tsr_sim_config){0};
}

// One tile's rows, each to its place.
static void pack_rows(const tsr_sim_untilize *what, const cb_state *on,
                      uint32_t bytes, const float *tile, uint32_t tile_col,
                      char *to) {
  char faces[TILE_ELEMS * 4];
  pack_tile_to(on->format, tile, faces);
  uint32_t stride =
      what->is_narrow ? what->row_values : what->full_tiles * TILE_SIDE;
  uint32_t cols = what->face_cols * FACE_SIDE;
  cols = what->is_narrow && what->row_values < cols ? what->row_values : cols;
  for (uint32_t row = 0; row < what->face_rows * what->rows_per_face; row++)
    for (uint32_t col = 0; col < cols; col++) {
      uint32_t face = row / what->rows_per_face * 2 + col / FACE_SIDE;
      uint32_t at = face * FACE_SIDE * FACE_SIDE +
                    row % what->rows_per_face * FACE_SIDE + col % FACE_SIDE;
      memcpy(to + ((size_t)row * stride + tile_col * TILE_SIDE + col) * bytes,
             faces + (size_t)at * bytes, bytes);
    }
}

void tsr_sim_pack_untilize(const tsr_sim_untilize *what, uint32_t cb,
                           tsr_sim_where where) {
  thread *self = enter("pack_untilize", where);
  tsr_sim_config want = {.setup = TSR_SIM_SETUP_UNTILIZE,
                         .cols = what->block_tiles,
                         .width_tiles = what->full_tiles};
  check_setup(self, want);
  const cb_state *on = find_cb(self, cb);
  check_pack_format(self, on);
  uint32_t bytes = value_bytes(self, on);
  uint32_t line_bytes = what->full_tiles * tsr_sim_tile_bytes(on->format);
  for (uint32_t line = 0; line < what->block_rows; line++) {
    uint32_t first_col = what->block_index * what->block_tiles;
    uint32_t rows = what->face_rows * what->rows_per_face;
    uint32_t stride =
        what->is_narrow ? what->row_values : what->full_tiles * TILE_SIDE;
    uint32_t end = line * line_bytes + rows * stride * bytes;
    char *to = reserved_bytes(self, on, end) + (size_t)line * line_bytes;
    // Tiles may leave the end of a line as it is: it counts as written.
    mark_written(self->home, (uint32_t)(to - self->home->l1), line_bytes);
    for (uint32_t i = 0; i < what->block_tiles; i++) {
      uint32_t dst = what->dst + line * what->block_tiles + i;
      float tile[TILE_ELEMS];
      record_pack(
          self, on,
          (tsr_clock_compute_event){
              .untilize = true,
              .cols = (uint8_t)(what->full_tiles < UINT8_MAX ? what->full_tiles
                                                             : UINT8_MAX)});
      prepare_pack(self, on, dst, tile);
      pack_rows(what, on, bytes, tile, first_col + i, to);
    }
  }
}
