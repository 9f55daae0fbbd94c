// Prints of parts of tiles, as tt-metal's host makes them of what the kernel
// sends it: numbers of a row with a space between, a line for each row. A print
// looks at L1 as it is, breaks no rule and takes no time. Source: tt-metal's
// dprint_tile.h and dprint_parser.cpp, April 2026.

#include "internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
  EXPONENT_BIAS = 127,
  BFP_DATUM_BYTES = 2, // of what is sent: an exponent with each number
};

// How numbers of a format lie in a tile.
typedef struct datum_shape {
  uint32_t bits;
  uint32_t sent_bytes; // 0: the format is not printed
  bool is_block;
} datum_shape;

static datum_shape shape_of(uint32_t format) {
  switch (format) {
  case TSR_SIM_FLOAT32:
  case TSR_SIM_INT32:
  case TSR_SIM_UINT32:
    return (datum_shape){.bits = 32, .sent_bytes = 4};
  case TSR_SIM_FLOAT16_B:
  case TSR_SIM_UINT16:
    return (datum_shape){.bits = 16, .sent_bytes = 2};
  case TSR_SIM_INT8:
  case TSR_SIM_UINT8:
    return (datum_shape){.bits = 8, .sent_bytes = 1};
  case TSR_SIM_BFP8_B:
    return (datum_shape){
        .bits = 8, .sent_bytes = BFP_DATUM_BYTES, .is_block = true};
  case TSR_SIM_BFP4_B:
    return (datum_shape){
        .bits = 4, .sent_bytes = BFP_DATUM_BYTES, .is_block = true};
  default:
    return (datum_shape){0};
  }
}

// The number in the tile of the element at (row, col): of tiles in faces, or of
// pages that hold a matrix row by row.
static uint32_t datum_index(const cb_state *on, uint32_t row, uint32_t col,
                            bool in_faces) {
  if (!in_faces)
    return col + row * on->tile_rows;
  uint32_t face_rows = on->tile_rows < FACE_SIDE ? on->tile_rows : FACE_SIDE;
  uint32_t across = on->tile_cols / FACE_SIDE;
  uint32_t face = row / face_rows * across + col / FACE_SIDE;
  return (face * face_rows + row % face_rows) * FACE_SIDE + col % FACE_SIDE;
}

static double block_value(const cb_state *on, datum_shape shape,
                          const unsigned char *tile, uint32_t index) {
  const unsigned char *values =
      tile + cb_tile_bytes(on) -
      (size_t)on->tile_rows * on->tile_cols * shape.bits / 8;
  uint32_t bit = index * shape.bits;
  uint32_t field = (uint32_t)values[bit / 8] >> bit % 8;
  uint32_t digits = shape.bits - 1; // without the sign
  uint32_t magnitude = field & ((1u << digits) - 1);
  int exponent = tile[index / FACE_SIDE];
  double value = ldexp(magnitude, exponent - EXPONENT_BIAS - (int)(digits - 1));
  return field >> digits & 1 ? -value : value;
}

static void print_datum(const cb_state *on, datum_shape shape,
                        const unsigned char *tile, uint32_t index) {
  if (shape.is_block) {
    tsr_sim_print_float(block_value(on, shape, tile, index));
    return;
  }
  uint32_t bytes = shape.bits / 8;
  uint32_t word = 0;
  memcpy(&word, tile + (size_t)index * bytes, bytes);
  float value;
  switch (on->format) {
  case TSR_SIM_FLOAT16_B:
    word <<= 16;
    memcpy(&value, &word, sizeof value);
    tsr_sim_print_float((double)value);
    return;
  case TSR_SIM_FLOAT32:
    memcpy(&value, &word, sizeof value);
    tsr_sim_print_float((double)value);
    return;
  case TSR_SIM_INT8:
    tsr_sim_print_signed((int8_t)word);
    return;
  case TSR_SIM_INT32:
    tsr_sim_print_signed((int32_t)word);
    return;
  default:
    tsr_sim_print_unsigned(word);
    return;
  }
}

static void print_number(uint32_t number) {
  char text[16];
  snprintf(text, sizeof text, "%u", number);
  tsr_sim_print_text(text);
}

static void print_rows(const cb_state *on, datum_shape shape,
                       const unsigned char *tile,
                       const tsr_sim_print_slice *slice) {
  uint32_t left = slice->max_bytes / shape.sent_bytes;
  uint32_t sent = 0;
  for (uint32_t row = slice->row_begin; row < slice->row_end;
       row += slice->row_step) {
    for (uint32_t col = slice->col_begin; col < slice->col_end;
         col += slice->col_step) {
      if (sent == left) {
        tsr_sim_print_text("<TileSlice data truncated due to exceeding max "
                           "count (");
        print_number(sent);
        tsr_sim_print_text(")>\n");
        return;
      }
      print_datum(on, shape, tile, datum_index(on, row, col, slice->in_faces));
      if (col + slice->col_step < slice->col_end)
        tsr_sim_print_text(" ");
      sent++;
    }
    if (slice->ends_rows)
      tsr_sim_print_text("\n");
  }
}

static bool is_range(uint32_t begin, uint32_t end, uint32_t step,
                     uint32_t most) {
  return step > 0 && begin <= end && end <= most;
}

static void check_slice(thread *self, const cb_state *on,
                        const tsr_sim_print_slice *slice) {
  if (!is_range(slice->row_begin, slice->row_end, slice->row_step,
                on->tile_rows) ||
      !is_range(slice->col_begin, slice->col_end, slice->col_step,
                on->tile_cols))
    fail_call(self,
              "prints rows %u to %u by %u and columns %u to %u by %u, of tiles "
              "of %u x %u: both end within the tile, and steps are at least 1",
              slice->row_begin, slice->row_end, slice->row_step,
              slice->col_begin, slice->col_end, slice->col_step, on->tile_rows,
              on->tile_cols);
}

// Text instead of the tile, where there is nothing to print.
static void print_excuse(uint32_t cb, const char *why) {
  tsr_sim_print_text("Tried printing CBIndex::c_");
  print_number(cb);
  tsr_sim_print_text(": ");
  tsr_sim_print_text(why);
}

static void print_tile(const thread *self, const cb_state *on,
                       const tsr_sim_print_slice *slice) {
  datum_shape shape = shape_of(on->format);
  uint32_t page = slice->at_write_ptr ? on->write_page : on->read_page;
  int64_t bytes = cb_tile_bytes(on);
  int64_t at = (int64_t)on->l1 + (int64_t)page * on->page_bytes +
               (int64_t)slice->tile * bytes;
  if (self->processor == TSR_SIM_MATH) {
    tsr_sim_print_text("Warning: MATH core does not support TileSlice "
                       "printing, omitting print...\n");
  } else if (!shape.sent_bytes) {
    print_excuse(slice->cb, "Unsupported data format (");
    tsr_sim_print_text(tsr_sim_format_name(on->format));
    tsr_sim_print_text(")\n");
  } else if (at < 0 || at + bytes > self->home->sim->target.l1_bytes) {
    print_excuse(slice->cb, "BAD TILE POINTER (ptr=");
    print_number((uint32_t)at);
    tsr_sim_print_text(", count=0)\n");
  } else {
    print_rows(on, shape, (const unsigned char *)self->home->l1 + at, slice);
  }
}

void tsr_sim_print_tile(const tsr_sim_print_slice *slice, tsr_sim_where where) {
  thread *self = enter("TileSlice", where);
  const cb_state *on = find_cb(self, slice->cb);
  check_slice(self, on, slice);
  if (!self->home->sim->printer)
    return;
  print_tile(self, on, slice);
  self->printed_tile = true;
}
