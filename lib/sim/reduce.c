// The FPU's reductions of a tile: sums and maxima along its rows, its columns,
// or both.
//
// The unit works on faces. A sum multiplies each value by the element of the
// scaler's row 0 that has the same place along the reduced dimension; a
// maximum scales by the power of two in it. Sums of rows and of all pass a
// source register on the way and are cut off to what fits there.
// src    Tenstorrent's ISA documentation, "GMPOOL", "MVMUL"; the order of the
//        steps from tt-llk, llk_math_reduce.h (April 2026)

#include "compute.h"

enum { FACES = 4 };

typedef struct reduction {
  const float *tile;
  const float *scaler;
  source_rounding width; // of the source registers
  bool is_max;
  bool is_32bit;
  bool is_half;
} reduction;

// Element `k` of the scaler for face `face`.
static float scaler_at(const reduction *r, size_t face, size_t k) {
  return r->scaler[face_row_start(face, 0) + k];
}

// The power of two in a scaler; without one, nothing is larger than the result.
static float scaled(float x, float scaler) {
  uint32_t exponent = bits_of(scaler) & 0x7f800000u;
  return exponent ? x * float_of(exponent) : -__builtin_inff();
}

// What 16-bit DST keeps of a sum; a maximum is one of the operands.
static float kept(const reduction *r, float x) {
  if (x != x)
    return float_of(canonical_nan);
  if (r->is_32bit || r->is_max)
    return x;
  return r->is_half ? tsr_sim_round_fp16(x) : tsr_sim_round_bf16(x);
}

// One step of the unit: 16 values, `stride` elements apart, into `so_far`.
static float pool(const reduction *r, const float *first, size_t stride,
                  size_t face, float so_far) {
  float sum = 0;
  for (size_t k = 0; k < FACE_SIDE; k++) {
    float scaler = scaler_at(r, face, k);
    if (!r->is_max) {
      sum += first[k * stride] * scaler;
      continue;
    }
    float x = scaled(first[k * stride], scaler);
    so_far = x > so_far ? x : so_far;
  }
  return r->is_max ? so_far : kept(r, so_far + sum);
}

static float cut(const reduction *r, float x) {
  return r->width == ROUND_TF32   ? tsr_sim_truncate_tf32(x)
         : r->width == ROUND_FP16 ? tsr_sim_truncate_fp16(x)
                                  : tsr_sim_truncate_bf16(x);
}

static void reduce_rows(const reduction *r, bool is_fp32, float *to) {
  for (size_t row = 0; row < TILE_SIDE; row++) {
    float sum = to[row * TILE_SIDE];
    for (size_t half = 0; half < 2; half++)
      sum = pool(r, r->tile + row * TILE_SIDE + half * FACE_SIDE, 1,
                 row / FACE_SIDE * 2 + half, sum);
    to[row * TILE_SIDE] = is_fp32 ? sum : cut(r, sum);
  }
}

static void reduce_cols(const reduction *r, float *to) {
  for (size_t col = 0; col < TILE_SIDE; col++)
    for (size_t half = 0; half < 2; half++)
      to[col] = pool(r, r->tile + half * FACE_SIDE * TILE_SIDE + col, TILE_SIDE,
                     half * 2 + col / FACE_SIDE, to[col]);
}

// The faces' columns into one row, then that row, with the scaler again.
static void reduce_all(const reduction *r, float *to) {
  float row[FACE_SIDE];
  for (size_t col = 0; col < FACE_SIDE; col++) {
    row[col] = r->is_max ? -__builtin_inff() : 0;
    for (size_t face = 0; face < FACES; face++)
      row[col] = pool(r, r->tile + face_row_start(face, 0) + col, TILE_SIDE,
                      face, row[col]);
    row[col] = cut(r, row[col]);
  }
  to[0] = pool(r, row, 1, FACES - 1, to[0]);
}

void tile_reduce(const tsr_sim_config *config, const operand *from,
                 source_rounding width, bool is_32bit, bool starts, float *to) {
  reduction r = {.tile = from->a,
                 .scaler = from->b,
                 .width = width,
                 .is_max = config->is_max,
                 .is_32bit = is_32bit,
                 .is_half = width == ROUND_FP16};
  // Nothing there counts as nothing: as zero, or as minus infinity.
  if (starts)
    for (size_t i = 0; i < TILE_ELEMS; i++)
      to[i] = config->is_max ? -__builtin_inff() : 0;
  if (config->reduce == TSR_SIM_REDUCE_ROW)
    reduce_rows(&r, config->is_fp32, to);
  else if (config->reduce == TSR_SIM_REDUCE_COL)
    reduce_cols(&r, to);
  else
    reduce_all(&r, to);
  if (starts)
    mask_tile_edges(config->reduce, to);
}

void mask_tile_edges(tsr_sim_reduce_dim kept_dim, float *tile) {
  for (size_t row = 0; row < TILE_SIDE; row++)
    for (size_t col = 0; col < TILE_SIDE; col++) {
      bool keeps = kept_dim == TSR_SIM_REDUCE_NOTHING ||
                   ((kept_dim == TSR_SIM_REDUCE_ROW || row == 0) &&
                    (kept_dim == TSR_SIM_REDUCE_COL || col == 0));
      tile[row * TILE_SIDE + col] = keeps ? tile[row * TILE_SIDE + col] : 0;
    }
}

// -- The scaler tile ----------------------------------------------------------

// Faces whose rows 0 go one after the other along what is reduced; to reduce
// all, each stands for itself.
typedef struct scaler_strips {
  size_t faces; // of each strip
  size_t face[FACES];
} scaler_strips;

static scaler_strips strips_of(tsr_sim_reduce_dim dim) {
  if (dim == TSR_SIM_REDUCE_ROW)
    return (scaler_strips){2, {0, 1, 2, 3}};
  if (dim == TSR_SIM_REDUCE_COL)
    return (scaler_strips){2, {0, 2, 1, 3}};
  return (scaler_strips){1, {0, 1, 2, 3}};
}

// A product with a column of values sums up rows as well; its tile looks like a
// scaler for one column, but for the rows below the first, where generators of
// scalers leave zeros.
static bool goes_down(const float *scaler) {
  if (scaler[1] != 0)
    return false;
  for (size_t row = 1; row < FACE_SIDE; row++)
    if (scaler[row * TILE_SIDE] != scaler[0])
      return false;
  return true;
}

scaler_state check_scaler(const float *scaler, tsr_sim_reduce_dim dim,
                          size_t *out_face, size_t *out_col) {
  scaler_strips strips = strips_of(dim);
  float value = scaler[0];
  bool has_ended = false;
  for (size_t i = 0; i < FACES; i++) {
    *out_face = strips.face[i];
    const float *row = scaler + face_row_start(*out_face, 0);
    if (i % strips.faces == 0) {
      has_ended = false;
      if (!(row[0] != 0 && row[0] == row[0]))
        return SCALER_EMPTY;
    }
    for (size_t k = 0; k < FACE_SIDE; k++) {
      *out_col = k;
      has_ended |= row[k] == 0;
      if (has_ended ? row[k] != 0 : row[k] != value)
        return SCALER_MIXED;
    }
  }
  return goes_down(scaler) ? SCALER_DOWN : SCALER_GOOD;
}
