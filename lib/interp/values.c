// Arguments and results: what they are, and how their elements lie in tiles.

#include "impl.h"

#include <string.h>

// -- elements -----------------------------------------------------------------

float round_even_bf16(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  bool is_nan = (bits & 0x7fffffffu) > 0x7f800000u;
  bool is_denormal = (bits & 0x7f800000u) == 0;
  bits = is_nan ? bits | 0x400000u : bits + 0x7fffu + (bits >> 16 & 1u);
  bits &= is_denormal ? 0x80000000u : 0xffff0000u;
  memcpy(&value, &bits, sizeof value);
  return value;
}

float input_padding(const tsr_type *type) {
  const tsr_pad *pad = &tsr_type_get_desc(type)->pad;
  return pad->is_known ? (float)pad->value : 0.0f;
}

// A tensor or buffer as matrices of rows x cols; a vector is one row.
typedef struct matrices {
  uint64_t count, rows, cols;
  uint64_t tile_rows, tile_cols;
} matrices;

static matrices as_matrices(const tsr_type *type) {
  const tsr_type_desc *desc = tsr_type_get_desc(type);
  matrices m = {.count = 1,
                .rows = desc->rank < 2 ? 1 : desc->extents[desc->rank - 2],
                .cols = desc->extents[desc->rank - 1]};
  for (uint32_t i = 0; i + 2 < desc->rank; i++)
    m.count *= desc->extents[i];
  m.tile_rows = (m.rows + TSR_TILE_SIDE - 1) / TSR_TILE_SIDE;
  m.tile_cols = (m.cols + TSR_TILE_SIDE - 1) / TSR_TILE_SIDE;
  return m;
}

// What of a tile holds elements, and where its first one is.
typedef struct tile_part {
  size_t first, row_stride;
  size_t rows, cols;
} tile_part;

static size_t at_most_a_side(uint64_t left) {
  return left < TSR_TILE_SIDE ? (size_t)left : TSR_TILE_SIDE;
}

static tile_part part_of(const matrices *m, uint64_t tile) {
  uint64_t matrix = tile / (m->tile_rows * m->tile_cols);
  uint64_t row = tile / m->tile_cols % m->tile_rows * TSR_TILE_SIDE;
  uint64_t col = tile % m->tile_cols * TSR_TILE_SIDE;
  return (tile_part){.first =
                         (size_t)((matrix * m->rows + row) * m->cols + col),
                     .row_stride = (size_t)m->cols,
                     .rows = at_most_a_side(m->rows - row),
                     .cols = at_most_a_side(m->cols - col)};
}

void to_tile(const tsr_type *type, const float *values, float padding,
             uint64_t tile, float *out) {
  matrices m = as_matrices(type);
  tile_part part = part_of(&m, tile);
  bool is_whole = part.rows == TSR_TILE_SIDE && part.cols == TSR_TILE_SIDE;
  for (size_t i = 0; !is_whole && i < TSR_TILE_ELEMS; i++)
    out[i] = padding;
  for (size_t row = 0; row < part.rows; row++)
    memcpy(out + row * TSR_TILE_SIDE,
           values + part.first + row * part.row_stride,
           part.cols * sizeof *out);
}

void from_tile(const tsr_type *type, const float *in, uint64_t tile,
               float *values) {
  matrices m = as_matrices(type);
  tile_part part = part_of(&m, tile);
  for (size_t row = 0; row < part.rows; row++)
    memcpy(values + part.first + row * part.row_stride,
           in + row * TSR_TILE_SIDE, part.cols * sizeof *in);
}

size_t tiles_elems(const tsr_type *type) {
  return (size_t)tsr_type_tile_count(type) * TSR_TILE_ELEMS;
}

void to_tiles(const tsr_type *type, const float *values, float padding,
              float *tiles) {
  uint64_t count = tsr_type_tile_count(type);
  for (uint64_t i = 0; i < count; i++)
    to_tile(type, values, padding, i, tiles + i * TSR_TILE_ELEMS);
}

void from_tiles(const tsr_type *type, const float *tiles, float *values) {
  uint64_t count = tsr_type_tile_count(type);
  for (uint64_t i = 0; i < count; i++)
    from_tile(type, tiles + i * TSR_TILE_ELEMS, i, values);
}

// -- functions ----------------------------------------------------------------

static tsr_result check_type(const tsr_op *function, const tsr_type *type,
                             tsr_diag *diag) {
  const tsr_type_desc *desc = tsr_type_get_desc(type);
  const tsr_element_info *element = tsr_element_get_info(desc->element);
  if (!element->supported)
    return tsr_diag_error(diag, function, TSR_DIAG(run_element_type),
                          element->name);
  if (desc->layout != TSR_LAYOUT_TILED || desc->sharding.sharded)
    return tsr_diag_error(diag, function, TSR_DIAG(run_buffer_layout),
                          desc->sharding.sharded ? "sharded" : "row_major");
  return TSR_OK;
}

static uint64_t count_elems(const tsr_type *type) {
  const tsr_type_desc *desc = tsr_type_get_desc(type);
  uint64_t elems = 1;
  for (uint32_t i = 0; i < desc->rank; i++)
    elems *= desc->extents[i];
  return elems;
}

static void add_value(tsr_run_values *out, tsr_arena *arena, const char *input,
                      bool is_output, const tsr_type *type, size_t *outputs) {
  tsr_run_value *value = &out->items[out->count++];
  value->input = input;
  value->type = type;
  if (is_output)
    value->output = tsr_arena_printf(arena, "out%zu", (*outputs)++);
  value->elems = count_elems(type);
}

// Room for all of them, or none.
static tsr_result make_room(const tsr_op *function, tsr_run_values *values,
                            tsr_arena *arena, tsr_diag *diag) {
  uint64_t elems = 0;
  for (size_t i = 0; i < values->count; i++) {
    uint64_t more = values->items[i].elems; // 63 bits: types bound their size
    elems = more > UINT64_MAX - elems ? UINT64_MAX : elems + more;
  }
  uint64_t bytes =
      elems > UINT64_MAX / sizeof(float) ? UINT64_MAX : elems * sizeof(float);
  if (!tsr_mem_has(bytes))
    return tsr_diag_error(diag, function, TSR_DIAG(run_values_memory),
                          tsr_op_get_text(function, "name"), bytes);
  for (size_t i = 0; i < values->count; i++)
    values->items[i].values =
        TSR_NEW_ARRAY(arena, float, (size_t)values->items[i].elems);
  return TSR_OK;
}

tsr_result tsr_run_values_create(const tsr_op *function, tsr_arena *arena,
                                 tsr_diag *diag, tsr_run_values *out) {
  const tsr_block *body = tsr_op_block(function, 0);
  const tsr_op *ret = tsr_block_terminator(body);
  size_t arg_count = tsr_block_arg_count(body), outputs = 0;
  size_t result_count = ret ? tsr_op_operand_count(ret) : 0;
  *out = (tsr_run_values){
      .items = TSR_NEW_ARRAY(arena, tsr_run_value, arg_count + result_count)};
  for (size_t i = 0; i < arg_count; i++) {
    const tsr_value *arg = tsr_block_arg(body, i);
    const char *modifier = tsr_value_get_modifier(arg);
    bool is_input = !modifier || strcmp(modifier, "inout") == 0;
    if (check_type(function, tsr_value_get_type(arg), diag) != TSR_OK)
      return TSR_FAILED;
    add_value(out, arena, is_input ? tsr_value_get_name(arg) : NULL,
              modifier != NULL, tsr_value_get_type(arg), &outputs);
  }
  for (size_t i = 0; i < result_count; i++) {
    const tsr_type *type = tsr_value_get_type(tsr_op_operand(ret, i));
    if (check_type(function, type, diag) != TSR_OK)
      return TSR_FAILED;
    add_value(out, arena, NULL, true, type, &outputs);
  }
  return make_room(function, out, arena, diag);
}

void tsr_run_values_round(tsr_run_values *values, size_t i) {
  tsr_run_value *value = &values->items[i];
  bool is_bf16 = tsr_type_get_element(value->type) == TSR_ELEMENT_BF16;
  for (uint64_t k = 0; is_bf16 && k < value->elems; k++)
    value->values[k] = round_even_bf16(value->values[k]);
}

void tsr_run_values_draw(tsr_run_values *values, size_t i, uint64_t seed) {
  tsr_run_value *value = &values->items[i];
  static const uint64_t step = 0x9e3779b97f4a7c15u; // splitmix64
  uint64_t state = seed * step + ((uint64_t)i << 32);
  for (uint64_t k = 0; k < value->elems; k++) {
    state += step;
    uint64_t bits = (state ^ state >> 30) * 0xbf58476d1ce4e5b9u;
    bits = (bits ^ bits >> 27) * 0x94d049bb133111ebu;
    bits ^= bits >> 31;
    value->values[k] = (float)((double)(bits >> 40) * 0x1p-23 - 1.0);
  }
  tsr_run_values_round(values, i);
}

// -- progress -----------------------------------------------------------------

static bool is_written(const tsr_value *arg) {
  return tsr_value_get_modifier(arg) != NULL;
}

// Of intermediate buffers, or of what tensor ops give, also in what is called.
static uint64_t count_made(const tsr_block *body) {
  uint64_t tiles = 0;
  for (const tsr_op *op = tsr_block_first(body); op; op = tsr_op_next(op))
    if (tsr_op_is(op, TSR_OP_call))
      tiles += count_made(tsr_op_block(tsr_call_get_callee(op), 0));
    else if (tsr_op_is(op, TSR_OP_buffer_alloc) ||
             tsr_op_has_trait(op, TSR_TRAIT_TENSOR_MATH))
      tiles += tsr_type_tile_count(tsr_value_get_type(tsr_op_result(op, 0)));
  return tiles;
}

progress progress_start(const tsr_run_request *request) {
  progress p = {.request = request};
  const tsr_block *body = tsr_op_block(request->function, 0);
  for (size_t i = 0; i < tsr_block_arg_count(body); i++)
    if (is_written(tsr_block_arg(body, i)))
      p.total +=
          tsr_type_tile_count(tsr_value_get_type(tsr_block_arg(body, i)));
  p.total += count_made(body);
  return p;
}

void progress_step(progress *p, uint64_t tiles) {
  p->done += tiles;
  if (p->request->progress)
    p->request->progress(p->request->user, p->done, p->total);
}

void tsr_run_value_print_index(const tsr_run_value *value, uint64_t at,
                               tsr_buffer *out) {
  const tsr_type_desc *desc = tsr_type_get_desc(value->type);
  uint64_t stride = value->elems;
  tsr_buffer_append_char(out, '[');
  for (uint32_t axis = 0; axis < desc->rank; axis++) {
    stride /= desc->extents[axis];
    tsr_buffer_append_str(out, axis ? "," : "");
    tsr_buffer_append_u64(out, at / stride % desc->extents[axis]);
  }
  tsr_buffer_append_char(out, ']');
}
