// Control flow and index arithmetic, the same at every stage.

#include "impl.h"

#include "tessera/support.h"

#include <stdio.h>
#include <string.h>

static void number_value(const tsr_value *value, tsr_map *slots,
                         size_t *count) {
  tsr_map_set(slots, value, (void *)(uintptr_t)++*count);
}

void number_values(const tsr_block *block, tsr_map *slots, size_t *count) {
  for (size_t i = 0; i < tsr_block_arg_count(block); i++)
    number_value(tsr_block_arg(block, i), slots, count);
  for (const tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op)) {
    for (size_t i = 0; i < tsr_op_result_count(op); i++)
      number_value(tsr_op_result(op, i), slots, count);
    for (size_t b = 0; b < tsr_op_block_count(op); b++)
      number_values(tsr_op_block(op, b), slots, count);
  }
}

cell *walk_cell(const walk *w, const tsr_value *value) {
  return &w->cells[(uintptr_t)tsr_map_find(w->slots, value) - 1];
}

int64_t walk_number(const walk *w, const tsr_value *value) {
  return tsr_value_is_constant(value) ? tsr_value_get_constant(value)
                                      : walk_cell(w, value)->number;
}

static size_t value_tiles_bytes(const tsr_value *value) {
  return (size_t)tsr_type_block_tiles(tsr_value_get_type(value)) *
         TSR_TILE_ELEMS * sizeof(float);
}

float *walk_tiles(const walk *w, const tsr_value *value) {
  cell *at = walk_cell(w, value);
  if (!at->tiles)
    at->tiles = tsr_arena_alloc(w->arena, value_tiles_bytes(value));
  return at->tiles;
}

static bool is_tile(const tsr_value *value) {
  return tsr_type_get_kind(tsr_value_get_type(value)) == TSR_TYPE_TILE;
}

static void assign(walk *w, const tsr_value *to, const tsr_value *from) {
  if (!is_tile(to)) {
    walk_cell(w, to)->number = walk_number(w, from);
    return;
  }
  memcpy(walk_tiles(w, to), walk_tiles(w, from), value_tiles_bytes(to));
  walk_cell(w, to)->from_memory = walk_cell(w, from)->from_memory;
}

// -- index arithmetic ---------------------------------------------------------

static bool compare(const char *predicate, int64_t a, int64_t b) {
  switch (predicate[0]) {
  case 'e':
    return a == b;
  case 'n':
    return a != b;
  case 'l':
    return predicate[1] == 't' ? a < b : a <= b;
  default:
    return predicate[1] == 't' ? a > b : a >= b;
  }
}

bool is_growing(const tsr_op *op) {
  return tsr_op_is(op, TSR_OP_add) || tsr_op_is(op, TSR_OP_mul);
}

// The largest number.
static int64_t most(const walk *w) {
  return w->in_words ? UINT32_MAX : INT64_MAX;
}

static tsr_result fail(walk *w, walk_failure failure) {
  if (w->fail) {
    w->fail(w, &failure);
    return TSR_FAILED;
  }
  if (failure.is_step)
    return tsr_diag_error(w->diag, failure.op, TSR_DIAG(loop_step_zero));
  if (tsr_op_is(failure.op, TSR_OP_for_))
    return tsr_diag_error(w->diag, failure.op, TSR_DIAG(run_counter_too_large),
                          (long long)failure.b, (long long)failure.a);
  if (w->in_words && is_growing(failure.op)) {
    char a[24];
    snprintf(a, sizeof a, "%lld", (long long)failure.a);
    return tsr_diag_error(w->diag, failure.op, TSR_DIAG(run_index_too_large),
                          tsr_op_get_mnemonic(failure.op), a,
                          (long long)failure.b);
  }
  return tsr_diag_error(w->diag, failure.op, TSR_DIAG(run_index_undefined),
                        tsr_op_get_mnemonic(failure.op), (long long)failure.a,
                        (long long)failure.b);
}

static tsr_result run_math(walk *w, const tsr_op *op) {
  int64_t *out = &walk_cell(w, tsr_op_result(op, 0))->number;
  int64_t a = walk_number(w, tsr_op_operand(op, 0));
  int64_t b = walk_number(w, tsr_op_operand(op, 1));
  bool fits = true;
  switch ((int)tsr_op_get_kind(op)) {
  case TSR_OP_add:
    fits = a <= most(w) - b;
    *out = fits ? a + b : 0;
    break;
  case TSR_OP_sub:
    fits = a >= b;
    *out = a - b;
    break;
  case TSR_OP_mul:
    fits = b == 0 || a <= most(w) / b;
    *out = fits ? a * b : 0;
    break;
  case TSR_OP_div:
    fits = b != 0;
    *out = fits ? a / b : 0;
    break;
  case TSR_OP_rem:
    fits = b != 0;
    *out = fits ? a % b : 0;
    break;
  case TSR_OP_min:
    *out = a < b ? a : b;
    break;
  case TSR_OP_max:
    *out = a > b ? a : b;
    break;
  case TSR_OP_cmp:
    *out = compare(tsr_op_get_text(op, "predicate"), a, b);
    break;
  default: // select
    *out = a ? b : walk_number(w, tsr_op_operand(op, 2));
  }
  return fits ? TSR_OK : fail(w, (walk_failure){.op = op, .a = a, .b = b});
}

// -- control flow -------------------------------------------------------------

// The op's results become what its block yields.
static void take_yield(walk *w, const tsr_op *op, const tsr_block *block) {
  const tsr_op *yield = tsr_block_terminator(block);
  for (size_t i = 0; i < tsr_op_result_count(op); i++)
    assign(w, tsr_op_result(op, i), tsr_op_operand(yield, i));
}

static tsr_result run_for(walk *w, const tsr_op *op) {
  const tsr_block *body = tsr_op_block(op, 0);
  int64_t from = walk_number(w, tsr_op_operand(op, 0));
  int64_t to = walk_number(w, tsr_op_operand(op, 1));
  int64_t step = walk_number(w, tsr_op_operand(op, 2));
  if (step == 0)
    return fail(w, (walk_failure){.op = op, .is_step = true});
  walk_loop loop = {op, from, to, step};
  bool is_counted = w->begin_loop && w->begin_loop(w, &loop);
  // Carried values pass through the results, so that each round may hand them
  // over in another order.
  for (size_t i = 0; i < tsr_op_result_count(op); i++)
    assign(w, tsr_op_result(op, i), tsr_op_group_operand(op, 3, i));
  int64_t *counter = &walk_cell(w, tsr_block_arg(body, 0))->number;
  for (int64_t i = from; i < to;) {
    *counter = i;
    if (is_counted)
      w->begin_round(w, &loop);
    for (size_t k = 0; k < tsr_op_result_count(op); k++)
      assign(w, tsr_block_arg(body, k + 1), tsr_op_result(op, k));
    if (walk_block(w, body) != TSR_OK)
      return TSR_FAILED;
    take_yield(w, op, body);
    // What counts in words would begin again.
    if (w->in_words && i > most(w) - step)
      return fail(w, (walk_failure){.op = op, .a = i, .b = step});
    if (step > to - i)
      break;
    i += step;
  }
  return TSR_OK;
}

static tsr_result run_if(walk *w, const tsr_op *op) {
  bool holds = walk_number(w, tsr_op_operand(op, 0)) != 0;
  if (!holds && tsr_op_block_count(op) < 2)
    return TSR_OK;
  const tsr_block *block = tsr_op_block(op, holds ? 0 : 1);
  if (walk_block(w, block) != TSR_OK)
    return TSR_FAILED;
  take_yield(w, op, block);
  return TSR_OK;
}

// A section is only a place: what it yields is its result, read back from
// memory at the other end of a stream.
static tsr_result run_section(walk *w, const tsr_op *op) {
  const tsr_block *block = tsr_op_block(op, 0);
  if (walk_block(w, block) != TSR_OK)
    return TSR_FAILED;
  take_yield(w, op, block);
  for (size_t i = 0; i < tsr_op_result_count(op); i++)
    walk_cell(w, tsr_op_result(op, i))->from_memory = true;
  return TSR_OK;
}

static tsr_result run_dim(walk *w, const tsr_op *op) {
  const tsr_type *type = tsr_value_get_type(tsr_op_operand(op, 0));
  uint32_t axis = (uint32_t)tsr_op_get_int(op, "axis", 0);
  walk_cell(w, tsr_op_result(op, 0))->number =
      (int64_t)tsr_type_tile_extent(type, axis);
  return TSR_OK;
}

static tsr_result run_one(walk *w, const tsr_op *op) {
  if (tsr_op_has_trait(op, TSR_TRAIT_INDEX_MATH))
    return run_math(w, op);
  if (tsr_op_has_trait(op, TSR_TRAIT_TERMINATOR))
    return TSR_OK;
  switch ((int)tsr_op_get_kind(op)) {
  case TSR_OP_for_:
    return run_for(w, op);
  case TSR_OP_if_:
    return run_if(w, op);
  case TSR_OP_dst_section:
    return run_section(w, op);
  case TSR_OP_buffer_dim:
    return run_dim(w, op);
  default:
    return w->run_op(w, op);
  }
}

tsr_result walk_block(walk *w, const tsr_block *block) {
  for (const tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op))
    if (run_one(w, op) != TSR_OK)
      return TSR_FAILED;
  return TSR_OK;
}
