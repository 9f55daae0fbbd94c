// Stage 1: functions over tensors, an op at a time over all its tiles. The math
// is in f32, sums over k ascending, and each result is rounded to its format:
// exactly what `tile` makes of it.

#include "impl.h"

#include <assert.h>
#include <string.h>

typedef struct tensor_run {
  tsr_map tiles; // value to its tiles, 0 outside of the extents
  tsr_arena arena;
  tsr_diag *diag;
  progress progress;
} tensor_run;

static const tsr_type *type_of(const tsr_op *op, size_t operand) {
  return tsr_value_get_type(tsr_op_operand(op, operand));
}

static const float *operand_tiles(const tensor_run *run, const tsr_op *op,
                                  size_t i) {
  return tsr_map_find(&run->tiles, tsr_op_operand(op, i));
}

// Rounds the result to its format, and clears what is outside of its extents,
// where later sums must find zeros.
static void finish(tensor_run *run, const tsr_op *op, float *tiles) {
  const tsr_value *result = tsr_op_result(op, 0);
  const tsr_type *type = tsr_value_get_type(result);
  uint64_t count = tsr_type_tile_count(type);
  if (tsr_type_get_element(type) == TSR_ELEMENT_BF16)
    for (uint64_t t = 0; t < count; t++)
      tsr_sim_tile_round(tiles + t * TSR_TILE_ELEMS);
  float *values = TSR_NEW_ARRAY(&run->arena, float, tiles_elems(type));
  from_tiles(type, tiles, values);
  to_tiles(type, values, 0.0f, tiles);
  tsr_map_set(&run->tiles, result, tiles);
  progress_step(&run->progress, count);
}

static tsr_result run_elementwise(tensor_run *run, const tsr_op *op,
                                  const math_row *row, float *out) {
  const tsr_type *type = tsr_value_get_type(tsr_op_result(op, 0));
  memcpy(out, operand_tiles(run, op, 0), tiles_elems(type) * sizeof *out);
  const float *b = row->is_binary ? operand_tiles(run, op, 1) : NULL;
  for (size_t i = 0; i < tiles_elems(type); i += TSR_TILE_ELEMS)
    if (b)
      tsr_sim_tile_binary(row->math, out + i, b + i, out + i);
    else
      tsr_sim_tile_unary(row->math, out + i);
  finish(run, op, out);
  return TSR_OK;
}

static tsr_result run_matmul(tensor_run *run, const tsr_op *op, float *out) {
  const tsr_type *a_type = type_of(op, 0), *b_type = type_of(op, 1);
  uint32_t rank = tsr_type_get_desc(a_type)->rank;
  uint32_t b_rank = tsr_type_get_desc(b_type)->rank;
  uint64_t m_count = tsr_type_tile_extent(a_type, rank - 2);
  uint64_t k_count = tsr_type_tile_extent(a_type, rank - 1);
  uint64_t n_count = tsr_type_tile_extent(b_type, b_rank - 1);
  uint64_t batches = tsr_type_tile_count(a_type) / (m_count * k_count);
  const float *a = operand_tiles(run, op, 0), *b = operand_tiles(run, op, 1);
  float *sum = out;
  for (uint64_t batch = 0; batch < batches; batch++)
    for (uint64_t m = 0; m < m_count; m++)
      for (uint64_t n = 0; n < n_count; n++, sum += TSR_TILE_ELEMS)
        for (uint64_t k = 0; k < k_count; k++) {
          uint64_t left = (batch * m_count + m) * k_count + k;
          uint64_t right = k * n_count + n;
          right += b_rank == 2 ? 0 : batch * k_count * n_count;
          tsr_sim_tile_matmul(a + left * TSR_TILE_ELEMS,
                              b + right * TSR_TILE_ELEMS, sum, true);
        }
  finish(run, op, out);
  return TSR_OK;
}

static tsr_result run_ops(tensor_run *run, const tsr_block *body);

// What is called is given tiles and gives tiles. It may run again, so its
// values have those of the last time.
static tsr_result run_call(tensor_run *run, const tsr_op *call) {
  const tsr_block *body = tsr_op_block(tsr_call_get_callee(call), 0);
  for (size_t i = 0; i < tsr_op_operand_count(call); i++)
    tsr_map_set(&run->tiles, tsr_block_arg(body, i),
                tsr_map_find(&run->tiles, tsr_op_operand(call, i)));
  if (run_ops(run, body) != TSR_OK)
    return TSR_FAILED;
  const tsr_op *end = tsr_block_terminator(body);
  for (size_t i = 0; i < tsr_op_result_count(call); i++)
    tsr_map_set(&run->tiles, tsr_op_result(call, i),
                tsr_map_find(&run->tiles, tsr_op_operand(end, i)));
  return TSR_OK;
}

static tsr_result run_op(tensor_run *run, const tsr_op *op) {
  if (tsr_op_has_trait(op, TSR_TRAIT_TERMINATOR))
    return TSR_OK;
  if (tsr_op_is(op, TSR_OP_call))
    return run_call(run, op);
  const tsr_type *type = tsr_value_get_type(tsr_op_result(op, 0));
  float *out = TSR_NEW_ARRAY(&run->arena, float, tiles_elems(type));
  if (tsr_op_is(op, TSR_OP_tensor_matmul))
    return run_matmul(run, op, out);
  const math_row *row = find_math(op);
  assert(row && "verifiers let nothing but tensor ops in here");
  return run_elementwise(run, op, row, out);
}

static tsr_result run_ops(tensor_run *run, const tsr_block *body) {
  tsr_result result = TSR_OK;
  for (const tsr_op *op = tsr_block_first(body); op && result == TSR_OK;
       op = tsr_op_next(op))
    result = run_op(run, op);
  return result;
}

tsr_result run_tensors(const tsr_run_request *request, tsr_run_values *values,
                       tsr_diag *diag) {
  const tsr_block *body = tsr_op_block(request->function, 0);
  const tsr_op *ret = tsr_block_terminator(body);
  tensor_run run = {.diag = diag, .progress = progress_start(request)};
  tsr_map_init(&run.tiles);
  tsr_arena_init(&run.arena);
  size_t args = tsr_block_arg_count(body);
  for (size_t i = 0; i < args; i++) {
    const tsr_type *type = values->items[i].type;
    float *tiles = TSR_NEW_ARRAY(&run.arena, float, tiles_elems(type));
    to_tiles(type, values->items[i].values, 0.0f, tiles);
    tsr_map_set(&run.tiles, tsr_block_arg(body, i), tiles);
  }
  tsr_result result = run_ops(&run, body);
  for (size_t i = args; i < values->count && result == TSR_OK; i++)
    from_tiles(values->items[i].type, operand_tiles(&run, ret, i - args),
               values->items[i].values);
  tsr_map_deinit(&run.tiles);
  tsr_arena_deinit(&run.arena);
  return result;
}
