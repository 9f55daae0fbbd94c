// Ops on tile values (stages 2 and 3), with the model's own tile math.
//
// Before select-units an op is exact but for the one rounding to the format of
// its result, with f32 sums. From then on `unit` says which registers the
// operands pass: the source registers of the FPU keep 19 bits of an f32 and no
// denormals, DST keeps everything it is given.

#include "impl.h"

#include <math.h>
#include <string.h>

static const math_row math_rows[] = {
    {TSR_OP_tensor_add, TSR_OP_tile_add, true, TSR_SIM_SFPU_BINARY_ADD},
    {TSR_OP_tensor_sub, TSR_OP_tile_sub, true, TSR_SIM_SFPU_BINARY_SUB},
    {TSR_OP_tensor_mul, TSR_OP_tile_mul, true, TSR_SIM_SFPU_BINARY_MUL},
    {TSR_OP_tensor_max, TSR_OP_tile_max, true, TSR_SIM_SFPU_BINARY_MAX},
    {TSR_OP_tensor_relu, TSR_OP_tile_relu, false, TSR_SIM_SFPU_RELU},
    {TSR_OP_tensor_exp, TSR_OP_tile_exp, false, TSR_SIM_SFPU_EXP},
    {TSR_OP_tensor_sqrt, TSR_OP_tile_sqrt, false, TSR_SIM_SFPU_SQRT},
    {TSR_OP_tensor_neg, TSR_OP_tile_neg, false, TSR_SIM_SFPU_NEGATIVE},
};

const math_row *find_math(const tsr_op *op) {
  for (size_t i = 0; i < sizeof math_rows / sizeof math_rows[0]; i++)
    if (tsr_op_is(op, math_rows[i].tensor) || tsr_op_is(op, math_rows[i].tile))
      return &math_rows[i];
  return NULL;
}

static const tsr_type_desc *desc_of(const tsr_value *value) {
  return tsr_type_get_desc(tsr_value_get_type(value));
}

static bool is_bf16(const tsr_value *value) {
  return desc_of(value)->element == TSR_ELEMENT_BF16;
}

static size_t tile_count(const tsr_value *value) {
  return tsr_type_block_tiles(tsr_value_get_type(value));
}

static bool has_unit(const tsr_op *op, const char *unit) {
  const char *text = tsr_op_get_text(op, "unit");
  return text && strcmp(text, unit) == 0;
}

// -- operands -----------------------------------------------------------------

// The stream by which the value reached compute, or NULL.
static const tsr_op *find_stream(const tsr_value *value) {
  const tsr_op *def = tsr_value_get_def(value);
  const char *name = NULL;
  if (tsr_op_is(def, TSR_OP_tile_load) || tsr_op_is(def, TSR_OP_tile_generate))
    name = tsr_op_get_text(def, "stream");
  const tsr_attr *streams = tsr_op_is(def, TSR_OP_dst_section)
                                ? tsr_op_get_attr(def, "streams")
                                : NULL;
  if (streams)
    name =
        tsr_attr_get_text(tsr_attr_item(streams, tsr_value_get_number(value)));
  return name ? tsr_op_find_symbol(def, name) : NULL;
}

// A copy into DST is whole where the stream is unpacked so, or where there are
// no streams yet.
static bool is_copied_whole(const tsr_value *value) {
  const tsr_op *stream = is_bf16(value) ? NULL : find_stream(value);
  const char *unpack = stream ? tsr_op_get_text(stream, "unpack") : "fp32";
  return !is_bf16(value) && unpack && strcmp(unpack, "fp32") == 0;
}

static bool is_truncated(const walk *w, const tsr_op *op,
                         const tsr_value *value) {
  if (!tsr_op_get_attr(op, "unit"))
    return false;
  if (tsr_op_is(op, TSR_OP_tile_copy))
    return has_unit(op, "fpu") && !is_copied_whole(value);
  if (has_unit(op, "fpu"))
    return true;
  return is_bf16(value) && walk_cell(w, value)->from_memory;
}

// One tile of operand `i` as the op sees it.
static void fetch(const walk *w, const tsr_op *op, size_t i, size_t tile,
                  bool is_wide, float *out) {
  const tsr_value *value = tsr_op_operand(op, i);
  memcpy(out, walk_tiles(w, value) + tile * TSR_TILE_ELEMS,
         TSR_TILE_ELEMS * sizeof *out);
  if (is_truncated(w, op, value))
    tsr_sim_tile_truncate(out, is_wide);
}

// -- results ------------------------------------------------------------------

static float *result_tiles(const walk *w, const tsr_op *op) {
  return walk_tiles(w, tsr_op_result(op, 0));
}

static tsr_result finish(const walk *w, const tsr_op *op) {
  const tsr_value *result = tsr_op_result(op, 0);
  walk_cell(w, result)->from_memory = false;
  for (size_t t = 0; is_bf16(result) && t < tile_count(result); t++)
    tsr_sim_tile_round(result_tiles(w, op) + t * TSR_TILE_ELEMS);
  return TSR_OK;
}

static tsr_result run_elementwise(const walk *w, const tsr_op *op,
                                  const math_row *row, bool is_wide) {
  float b[TSR_TILE_ELEMS];
  for (size_t t = 0; t < tile_count(tsr_op_result(op, 0)); t++) {
    float *out = result_tiles(w, op) + t * TSR_TILE_ELEMS;
    fetch(w, op, 0, t, is_wide, out);
    if (row->is_binary) {
      fetch(w, op, 1, t, is_wide, b);
      tsr_sim_tile_binary(row->math, out, b, out);
    } else {
      tsr_sim_tile_unary(row->math, out);
    }
  }
  return finish(w, op);
}

// The same values: cast rounds in `finish`.
static tsr_result run_copy(const walk *w, const tsr_op *op, bool is_wide) {
  for (size_t t = 0; t < tile_count(tsr_op_result(op, 0)); t++)
    fetch(w, op, 0, t, is_wide, result_tiles(w, op) + t * TSR_TILE_ELEMS);
  return finish(w, op);
}

static tsr_result run_mma(const walk *w, const tsr_op *op, bool is_wide) {
  const tsr_type_desc *a = desc_of(tsr_op_operand(op, 0));
  const tsr_value *result = tsr_op_result(op, 0);
  uint32_t cols = desc_of(result)->block_cols;
  bool is_narrow_sum = has_unit(op, "fpu") && is_bf16(result);
  float left[TSR_TILE_ELEMS], right[TSR_TILE_ELEMS];
  for (uint32_t r = 0; r < a->block_rows; r++)
    for (uint32_t c = 0; c < cols; c++) {
      float *out = result_tiles(w, op) + (r * cols + c) * TSR_TILE_ELEMS;
      memcpy(out,
             walk_tiles(w, tsr_op_operand(op, 2)) +
                 (r * cols + c) * TSR_TILE_ELEMS,
             sizeof left);
      for (uint32_t k = 0; k < a->block_cols; k++) {
        fetch(w, op, 0, r * a->block_cols + k, is_wide, left);
        fetch(w, op, 1, k * cols + c, is_wide, right);
        tsr_sim_tile_matmul(left, right, out, !is_narrow_sum);
      }
    }
  return finish(w, op);
}

static tsr_result run_where(const walk *w, const tsr_op *op, bool is_wide) {
  float in[3][TSR_TILE_ELEMS];
  for (size_t t = 0; t < tile_count(tsr_op_result(op, 0)); t++) {
    for (size_t i = 0; i < 3; i++)
      fetch(w, op, i, t, is_wide, in[i]);
    tsr_sim_tile_where(in[0], in[1], in[2],
                       result_tiles(w, op) + t * TSR_TILE_ELEMS);
  }
  return finish(w, op);
}

// -- made tiles ---------------------------------------------------------------

// Calls for every element of the result: its row and column in the block.
typedef float element_fn(const void *user, size_t row, size_t col, float was);

static void for_elements(const walk *w, const tsr_op *op, element_fn *value,
                         const void *user) {
  const tsr_value *result = tsr_op_result(op, 0);
  uint32_t cols = desc_of(result)->block_cols;
  float *out = result_tiles(w, op);
  for (size_t t = 0; t < tile_count(result); t++)
    for (size_t i = 0; i < TSR_TILE_ELEMS; i++, out++)
      *out = value(user, t / cols * TSR_TILE_SIDE + i / TSR_TILE_SIDE,
                   t % cols * TSR_TILE_SIDE + i % TSR_TILE_SIDE, *out);
}

static float fill_element(const void *user, size_t row, size_t col, float was) {
  (void)row, (void)col, (void)was;
  return *(const float *)user;
}

static float identity_element(const void *user, size_t row, size_t col,
                              float was) {
  (void)user, (void)was;
  return row == col ? 1.0f : 0.0f;
}

typedef struct mask {
  size_t rows, cols;
  bool keeps; // what is inside
  float inside, outside;
} mask;

static float mask_element(const void *user, size_t row, size_t col, float was) {
  const mask *m = user;
  bool is_inside = row < m->rows && col < m->cols;
  float inside = m->keeps ? was : m->inside;
  return is_inside ? inside : m->outside;
}

static float float_attr(const tsr_op *op, const char *name) {
  const tsr_attr *attr = tsr_op_get_attr(op, name);
  return attr ? (float)tsr_attr_get_float(attr) : 0.0f;
}

static tsr_result run_fill(const walk *w, const tsr_op *op) {
  float value = float_attr(op, "value");
  for_elements(w, op, fill_element, &value);
  return finish(w, op);
}

static tsr_result run_mask(const walk *w, const tsr_op *op, bool is_wide) {
  mask m = {.rows = (size_t)walk_number(w, tsr_op_operand(op, 1)),
            .cols = (size_t)walk_number(w, tsr_op_operand(op, 2)),
            .keeps = true,
            .outside = float_attr(op, "fill")};
  run_copy(w, op, is_wide);
  for_elements(w, op, mask_element, &m);
  return finish(w, op);
}

// A data-movement core rounds to nearest even, and writes memory.
static tsr_result run_generate(const walk *w, const tsr_op *op) {
  const tsr_value *result = tsr_op_result(op, 0);
  const char *kind = tsr_op_get_text(op, "kind");
  if (strcmp(kind, "mask") == 0) {
    mask m = {.rows = (size_t)walk_number(w, tsr_op_operand(op, 0)),
              .cols = (size_t)walk_number(w, tsr_op_operand(op, 1)),
              .inside = 1.0f};
    for_elements(w, op, mask_element, &m);
  } else if (strcmp(kind, "identity") == 0) {
    for_elements(w, op, identity_element, NULL);
  } else {
    float value = float_attr(op, "value");
    value = is_bf16(result) ? round_even_bf16(value) : value;
    for_elements(w, op, fill_element, &value);
  }
  walk_cell(w, result)->from_memory = true;
  return TSR_OK;
}

// -- parts of blocks ----------------------------------------------------------

// The tile of a block that operands `row` and `row + 1` name; NULL outside.
static float *block_tile(walk *w, const tsr_op *op, const tsr_value *block,
                         size_t row) {
  const tsr_type_desc *desc = desc_of(block);
  int64_t r = walk_number(w, tsr_op_operand(op, row));
  int64_t c = walk_number(w, tsr_op_operand(op, row + 1));
  if (r < desc->block_rows && c < desc->block_cols)
    return walk_tiles(w, block) +
           ((size_t)r * desc->block_cols + (size_t)c) * TSR_TILE_ELEMS;
  tsr_diag_error(w->diag, op, TSR_DIAG(run_block_index), (long long)r,
                 (long long)c, desc->block_rows, desc->block_cols);
  return NULL;
}

static const size_t tile_bytes = TSR_TILE_ELEMS * sizeof(float);

static tsr_result run_extract(walk *w, const tsr_op *op) {
  const tsr_value *block = tsr_op_operand(op, 0);
  const float *from = block_tile(w, op, block, 1);
  if (!from)
    return TSR_FAILED;
  memcpy(result_tiles(w, op), from, tile_bytes);
  walk_cell(w, tsr_op_result(op, 0))->from_memory =
      walk_cell(w, block)->from_memory;
  return TSR_OK;
}

static tsr_result run_insert(walk *w, const tsr_op *op) {
  const tsr_value *result = tsr_op_result(op, 0);
  memcpy(result_tiles(w, op), walk_tiles(w, tsr_op_operand(op, 1)),
         tile_count(result) * tile_bytes);
  walk_cell(w, result)->from_memory = false;
  float *to = block_tile(w, op, result, 2);
  if (!to)
    return TSR_FAILED;
  memcpy(to, walk_tiles(w, tsr_op_operand(op, 0)), tile_bytes);
  return TSR_OK;
}

// What is undefined is NaN, so that using it shows.
static tsr_result run_empty(const walk *w, const tsr_op *op) {
  float undefined = NAN;
  for_elements(w, op, fill_element, &undefined);
  walk_cell(w, tsr_op_result(op, 0))->from_memory = false;
  return TSR_OK;
}

static tsr_result run_cleared(const walk *w, const tsr_op *op) {
  float zero = 0.0f;
  for_elements(w, op, fill_element, &zero);
  walk_cell(w, tsr_op_result(op, 0))->from_memory = false;
  return TSR_OK;
}

tsr_result run_tile_op(walk *w, const tsr_op *op, bool is_wide) {
  const math_row *row = find_math(op);
  if (row)
    return run_elementwise(w, op, row, is_wide);
  switch ((int)tsr_op_get_kind(op)) {
  case TSR_OP_tile_mma:
    return run_mma(w, op, is_wide);
  case TSR_OP_tile_cast:
  case TSR_OP_tile_copy:
    return run_copy(w, op, is_wide);
  case TSR_OP_tile_where:
    return run_where(w, op, is_wide);
  case TSR_OP_tile_fill:
    return run_fill(w, op);
  case TSR_OP_tile_mask:
    return run_mask(w, op, is_wide);
  case TSR_OP_tile_generate:
    return run_generate(w, op);
  case TSR_OP_tile_extract:
    return run_extract(w, op);
  case TSR_OP_tile_insert:
    return run_insert(w, op);
  case TSR_OP_tile_empty:
    return run_empty(w, op);
  case TSR_OP_dst_cleared:
    return run_cleared(w, op);
  default:
    return tsr_diag_error(w->diag, op, TSR_DIAG(op_cannot_run),
                          tsr_op_get_mnemonic(op));
  }
}
