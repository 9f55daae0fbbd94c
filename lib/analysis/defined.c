// Which tiles of blocks hold anything: a block at an edge is loaded in part, an
// empty one gets its tiles one by one, and what was not there is not there in
// what is computed from it either.
//
// Each block value has a state for each of its tiles. Values of which all tiles
// are there, nearly all, are not kept. Where a tile is there in some runs only,
// the values that say how many rows and columns there are tell whether a store
// leaves out the same ones. Indices that only a run knows are taken for the
// good: that a loop fills a block is not proved here.

#include "impl.h"

#include <string.h>

enum { MATH_STEPS = 6 };

typedef enum presence {
  PRESENT,
  MAYBE, // in some runs, or some iterations
  ABSENT,
} presence;

typedef struct block_state {
  uint32_t rows, cols;
  const tsr_value *valid_rows, *valid_cols; // how many are there; NULL: all
  bool is_mixed;         // not bounded by one number of rows and one of columns
  uint32_t row, col;     // its place in the block that the bounds are about
  const tsr_op *origin;  // what left tiles out
  unsigned char tiles[]; // presence, by row
} block_state;

typedef struct defined {
  const tsr_check *check;
  tsr_map states;  // of values that lack tiles
  tsr_map visited; // loops
  bool is_silent;  // stores are not looked at yet
  tsr_forms forms; // of numbers of rows and columns, once asked for
  bool has_forms;
  tsr_result result;
} defined;

static const tsr_type_desc *get_tile_desc(const tsr_value *value) {
  const tsr_type *type = tsr_value_get_type(value);
  return tsr_type_get_kind(type) == TSR_TYPE_TILE ? tsr_type_get_desc(type)
                                                  : NULL;
}

static const block_state *find_state(const defined *d, const tsr_value *value) {
  return d->states.size > 0 ? tsr_map_find(&d->states, value) : NULL;
}

static presence get_tile(const block_state *s, uint32_t row, uint32_t col) {
  return s ? (presence)s->tiles[row * s->cols + col] : PRESENT;
}

static presence worse(presence a, presence b) { return a > b ? a : b; }

// A state for `value` with all tiles present.
static block_state *make_state(defined *d, const tsr_value *value) {
  const tsr_type_desc *desc = get_tile_desc(value);
  size_t count = (size_t)desc->block_rows * desc->block_cols;
  block_state *s =
      tsr_arena_alloc(d->check->scratch, sizeof *s + count * sizeof *s->tiles);
  s->rows = desc->block_rows;
  s->cols = desc->block_cols;
  return s;
}

// Remembers the state of a value unless all of it is there.
static void keep_state(defined *d, const tsr_value *value, block_state *s) {
  for (uint32_t i = 0; i < s->rows * s->cols; i++)
    if (s->tiles[i] != PRESENT) {
      tsr_map_set(&d->states, value, s);
      return;
    }
}

// -- bounds -------------------------------------------------------------------

// Two nests that became one may compute a number twice.
static bool is_same_number(defined *d, const tsr_value *a, const tsr_value *b) {
  if (a == b || !a || !b)
    return a == b;
  if (!d->has_forms)
    tsr_forms_init_values(&d->forms, d->check->scratch);
  d->has_forms = true;
  const tsr_form *form = tsr_forms_of_value(&d->forms, a);
  return form && form == tsr_forms_of_value(&d->forms, b);
}

// Takes over the bounds of an operand, rows or columns or both.
static void add_bounds(defined *d, block_state *s, const block_state *from,
                       bool rows, bool cols) {
  if (rows && from->valid_rows) {
    s->is_mixed |=
        s->valid_rows && !is_same_number(d, s->valid_rows, from->valid_rows);
    s->valid_rows = from->valid_rows;
  }
  if (cols && from->valid_cols) {
    s->is_mixed |=
        s->valid_cols && !is_same_number(d, s->valid_cols, from->valid_cols);
    s->valid_cols = from->valid_cols;
  }
  bool is_elsewhere = s->origin && (s->row != from->row || s->col != from->col);
  s->is_mixed |= from->is_mixed || is_elsewhere;
  s->row = from->row;
  s->col = from->col;
  if (!s->origin)
    s->origin = from->origin;
}

static presence compare_with(uint32_t at, tsr_index_range count) {
  if (at < count.min)
    return PRESENT;
  return at < count.max ? MAYBE : ABSENT;
}

// The numbers of rows and columns of a load or store; all where it has none.
typedef struct extent {
  const tsr_value *rows, *cols; // NULL: all
  tsr_index_range row_range, col_range;
} extent;

// A number of rows or columns, without the block's own as its upper limit.
static const tsr_value *get_count(const tsr_op *op, size_t group, size_t side,
                                  uint32_t length) {
  const tsr_value *count = tsr_op_group_operand(op, group, side);
  const tsr_op *def = tsr_value_get_def(count);
  int64_t limit;
  if (!tsr_op_is(def, TSR_OP_min) ||
      !tsr_value_is_index(tsr_op_operand(def, 1), &limit) || limit < length)
    return count;
  return tsr_op_operand(def, 0);
}

static extent get_extent(const tsr_op *op, size_t group,
                         const tsr_type_desc *desc) {
  extent e = {.row_range = {desc->block_rows, desc->block_rows},
              .col_range = {desc->block_cols, desc->block_cols}};
  if (tsr_op_group_size(op, group) < 2)
    return e;
  e.rows = get_count(op, group, 0, desc->block_rows);
  e.cols = get_count(op, group, 1, desc->block_cols);
  e.row_range = tsr_index_get_range(e.rows);
  e.col_range = tsr_index_get_range(e.cols);
  return e;
}

// -- what ops leave out -------------------------------------------------------

// in     `group`: the operands that say what a load or contraction leaves out
static void visit_short(defined *d, const tsr_op *op, size_t group) {
  const tsr_value *result = tsr_op_result(op, 0);
  const tsr_type_desc *desc = get_tile_desc(result);
  if (tsr_op_group_size(op, group) < 2)
    return;
  extent e = get_extent(op, group, desc);
  block_state *s = make_state(d, result);
  s->origin = op;
  s->valid_rows = e.row_range.min < s->rows ? e.rows : NULL;
  s->valid_cols = e.col_range.min < s->cols ? e.cols : NULL;
  for (uint32_t row = 0; row < s->rows; row++)
    for (uint32_t col = 0; col < s->cols; col++)
      s->tiles[row * s->cols + col] = (unsigned char)worse(
          compare_with(row, e.row_range), compare_with(col, e.col_range));
  keep_state(d, result, s);
}

static void visit_empty(defined *d, const tsr_op *op) {
  block_state *s = make_state(d, tsr_op_result(op, 0));
  s->origin = op;
  s->is_mixed = true;
  memset(s->tiles, ABSENT, (size_t)s->rows * s->cols);
  keep_state(d, tsr_op_result(op, 0), s);
}

// Tile by tile what all operands have.
static void visit_elementwise(defined *d, const tsr_op *op) {
  block_state *s = NULL;
  for (size_t i = 0; d->states.size > 0 && i < tsr_op_operand_count(op); i++) {
    const block_state *operand = find_state(d, tsr_op_operand(op, i));
    if (!operand)
      continue;
    if (!s)
      s = make_state(d, tsr_op_result(op, 0));
    if (s->rows != operand->rows || s->cols != operand->cols)
      return; // not blocks of one shape: the op's verifier has said so
    add_bounds(d, s, operand, true, true);
    for (uint32_t k = 0; k < s->rows * s->cols; k++)
      s->tiles[k] = (unsigned char)worse((presence)s->tiles[k],
                                         (presence)operand->tiles[k]);
  }
  if (s)
    keep_state(d, tsr_op_result(op, 0), s);
}

// A tile of the product needs a row of A, a column of B and its accumulator.
static void visit_mma(defined *d, const tsr_op *op) {
  const block_state *a = find_state(d, tsr_op_operand(op, 0));
  const block_state *b = find_state(d, tsr_op_operand(op, 1));
  const block_state *acc = find_state(d, tsr_op_operand(op, 2));
  uint32_t depth = get_tile_desc(tsr_op_operand(op, 0))->block_cols;
  if (!a && !b && !acc)
    return;
  block_state *s = make_state(d, tsr_op_result(op, 0));
  if (a)
    add_bounds(d, s, a, true, false);
  if (b)
    add_bounds(d, s, b, false, true);
  if (acc)
    add_bounds(d, s, acc, true, true);
  // Columns of A and rows of B that are not there are in every sum.
  s->is_mixed |= (a && a->valid_cols) || (b && b->valid_rows);
  for (uint32_t row = 0; row < s->rows; row++)
    for (uint32_t col = 0; col < s->cols; col++) {
      presence p = get_tile(acc, row, col);
      for (uint32_t k = 0; k < depth; k++)
        p = worse(p, worse(get_tile(a, row, k), get_tile(b, k, col)));
      s->tiles[row * s->cols + col] = (unsigned char)p;
    }
  keep_state(d, tsr_op_result(op, 0), s);
}

// The places that an index may name, at most up to `count`.
static tsr_index_range get_places(const tsr_value *index, uint32_t count) {
  tsr_index_range range = tsr_index_get_range(index);
  if (range.max >= count)
    range.max = count - 1;
  // One that is outside of the block is somebody else's business.
  if (range.min > range.max)
    range.min = 0;
  return range;
}

static void visit_insert(defined *d, const tsr_op *op) {
  const block_state *block = find_state(d, tsr_op_operand(op, 1));
  const block_state *tile = find_state(d, tsr_op_operand(op, 0));
  if (!block && !tile)
    return;
  block_state *s = make_state(d, tsr_op_result(op, 0));
  if (block) {
    add_bounds(d, s, block, true, true);
    memcpy(s->tiles, block->tiles, (size_t)s->rows * s->cols);
  }
  tsr_index_range rows = get_places(tsr_op_operand(op, 2), s->rows);
  tsr_index_range cols = get_places(tsr_op_operand(op, 3), s->cols);
  if (tile) {
    bool is_its_place = rows.min == tile->row && rows.max == tile->row &&
                        cols.min == tile->col && cols.max == tile->col;
    uint32_t row = s->row, col = s->col;
    s->row = tile->row;
    s->col = tile->col;
    add_bounds(d, s, tile, true, true);
    s->is_mixed |= !is_its_place;
    s->row = row;
    s->col = col;
  }
  for (int64_t row = rows.min; row <= rows.max; row++)
    for (int64_t col = cols.min; col <= cols.max; col++)
      s->tiles[row * s->cols + col] = (unsigned char)get_tile(tile, 0, 0);
  keep_state(d, tsr_op_result(op, 0), s);
}

static void visit_extract(defined *d, const tsr_op *op) {
  const block_state *block = find_state(d, tsr_op_operand(op, 0));
  if (!block)
    return;
  tsr_index_range rows = get_places(tsr_op_operand(op, 1), block->rows);
  tsr_index_range cols = get_places(tsr_op_operand(op, 2), block->cols);
  presence best = ABSENT;
  for (int64_t row = rows.min; row <= rows.max; row++)
    for (int64_t col = cols.min; col <= cols.max; col++) {
      presence p = get_tile(block, (uint32_t)row, (uint32_t)col);
      best = p < best ? p : best;
    }
  block_state *s = make_state(d, tsr_op_result(op, 0));
  add_bounds(d, s, block, true, true);
  // Which tile it is may depend on how many there are.
  bool is_exact = rows.min == rows.max && cols.min == cols.max;
  s->tiles[0] = (unsigned char)(best == MAYBE && !is_exact ? PRESENT : best);
  s->row = block->row + (uint32_t)rows.min;
  s->col = block->col + (uint32_t)cols.min;
  keep_state(d, tsr_op_result(op, 0), s);
}

// -- control flow -------------------------------------------------------------

// What `value` is if it may be either, of which one lacks tiles.
static block_state *join(defined *d, const tsr_value *value,
                         const block_state *a, const block_state *b) {
  block_state *s = make_state(d, value);
  if (a)
    add_bounds(d, s, a, true, true);
  if (b)
    add_bounds(d, s, b, true, true);
  for (uint32_t k = 0; k < s->rows * s->cols; k++) {
    presence x = a ? (presence)a->tiles[k] : PRESENT;
    presence y = b ? (presence)b->tiles[k] : PRESENT;
    s->tiles[k] = (unsigned char)(x == y ? x : MAYBE);
  }
  return s;
}

static void set_state(defined *d, const tsr_value *value,
                      const block_state *s) {
  if (s)
    tsr_map_set(&d->states, value, (void *)(uintptr_t)s);
}

// The result of a branch lacks what either block lacks.
static void join_results(defined *d, const tsr_op *op) {
  const tsr_op *ends[2] = {tsr_block_terminator(tsr_op_block(op, 0)),
                           tsr_block_terminator(tsr_op_block(op, 1))};
  for (size_t i = 0; i < tsr_op_result_count(op); i++) {
    const tsr_value *result = tsr_op_result(op, i);
    const block_state *a = find_state(d, tsr_op_operand(ends[0], i));
    const block_state *b = find_state(d, tsr_op_operand(ends[1], i));
    set_state(d, result, a == b ? a : join(d, result, a, b));
  }
}

static void visit_block(defined *d, const tsr_block *block);

// -- loops --------------------------------------------------------------------
// A round sees what the loop starts with or what another round has handed on,
// so the body is looked at until it hands on nothing new: a tile changes once
// at most, to one that is there in some rounds only. Then its stores are.

// Unrolling may leave a loop without rounds for what runs here; its end is
// arithmetic, which the ends of most loops are not.
static bool never_runs(const tsr_op *loop) {
  const tsr_value *from = tsr_op_operand(loop, 0);
  const tsr_value *to = tsr_op_operand(loop, 1);
  const tsr_op *math = tsr_value_get_def(to);
  int64_t first, end;
  if (tsr_value_is_index(to, &end))
    return tsr_value_is_index(from, &first) && end <= first;
  return math && tsr_op_has_trait(math, TSR_TRAIT_INDEX_MATH) &&
         tsr_index_get_range(to).max <= tsr_index_get_range(from).min;
}

static bool may_have_no_round(const tsr_op *loop) {
  return tsr_index_get_range(tsr_op_operand(loop, 1)).min <=
         tsr_index_get_range(tsr_op_operand(loop, 0)).max;
}

// Whether a number may be another one in each round. Sums are followed a few
// steps back.
static bool is_of_round(const tsr_op *loop, const tsr_value *value,
                        uint32_t steps) {
  const tsr_op *def = value ? tsr_value_get_def(value) : NULL;
  const tsr_block *block = value ? tsr_value_get_block(value) : NULL;
  if (block)
    return tsr_op_contains(loop, tsr_block_get_parent(block));
  if (!def || !tsr_op_contains(loop, def))
    return false;
  if (!tsr_op_has_trait(def, TSR_TRAIT_INDEX_MATH) || steps == 0)
    return !tsr_op_is(def, TSR_OP_buffer_dim);
  for (size_t i = 0; i < tsr_op_operand_count(def); i++)
    if (is_of_round(loop, tsr_op_operand(def, i), steps - 1))
      return true;
  return false;
}

static bool is_as_good(const block_state *a, const block_state *b) {
  if (a == b || !a || !b)
    return a == b;
  return a->is_mixed == b->is_mixed &&
         memcmp(a->tiles, b->tiles, (size_t)a->rows * a->cols) == 0;
}

// Adds to what an argument may be. False: it has been that already.
static bool widen(defined *d, const tsr_op *loop, const tsr_value *arg,
                  const block_state *more) {
  const block_state *is = find_state(d, arg);
  if (is == more)
    return false;
  block_state *wider = join(d, arg, is, more);
  // Numbers of the round before are not those of this one.
  wider->is_mixed |= is_of_round(loop, wider->valid_rows, MATH_STEPS) ||
                     is_of_round(loop, wider->valid_cols, MATH_STEPS);
  if (is_as_good(is, wider))
    return false;
  set_state(d, arg, wider);
  return true;
}

static void visit_for(defined *d, const tsr_op *loop) {
  const tsr_block *body = tsr_op_block(loop, 0);
  const tsr_op *end = tsr_block_terminator(body);
  size_t count = tsr_op_result_count(loop);
  if (never_runs(loop)) {
    for (size_t i = 0; i < count; i++)
      set_state(d, tsr_op_result(loop, i),
                find_state(d, tsr_op_group_operand(loop, 3, i)));
    return;
  }
  for (size_t i = 0; i < count; i++) {
    const tsr_value *arg = tsr_block_arg(body, 1 + i);
    const block_state *start = find_state(d, tsr_op_group_operand(loop, 3, i));
    // A loop around this one may have come here before.
    if (tsr_map_has(&d->visited, loop))
      (void)widen(d, loop, arg, start);
    else
      set_state(d, arg, start);
  }
  tsr_map_set(&d->visited, loop, d);
  bool was_silent = d->is_silent;
  d->is_silent = true;
  for (bool is_new = true; is_new;) {
    visit_block(d, body);
    is_new = false;
    for (size_t i = 0; i < count; i++)
      is_new |= widen(d, loop, tsr_block_arg(body, 1 + i),
                      find_state(d, tsr_op_operand(end, i)));
  }
  d->is_silent = was_silent;
  if (!was_silent && d->states.size > 0)
    visit_block(d, body);
  for (size_t i = 0; i < count; i++) {
    const tsr_value *result = tsr_op_result(loop, i);
    const block_state *start = find_state(d, tsr_op_group_operand(loop, 3, i));
    const block_state *last = find_state(d, tsr_op_operand(end, i));
    set_state(d, result,
              start != last && may_have_no_round(loop)
                  ? join(d, result, start, last)
                  : last);
  }
}

static void visit_if(defined *d, const tsr_op *op) {
  for (size_t i = 0; i < tsr_op_block_count(op); i++)
    visit_block(d, tsr_op_block(op, i));
  if (tsr_op_result_count(op) > 0)
    join_results(d, op);
}

// -- stores -------------------------------------------------------------------

// The store leaves out what the value lacks.
static bool leaves_out(defined *d, const extent *e, const block_state *s) {
  return !s->is_mixed &&
         (!s->valid_rows || is_same_number(d, s->valid_rows, e->rows)) &&
         (!s->valid_cols || is_same_number(d, s->valid_cols, e->cols)) &&
         (s->valid_rows || s->valid_cols);
}

static void report(defined *d, const tsr_op *store, const block_state *s,
                   presence is, uint32_t row, uint32_t col) {
  tsr_diag *diag = d->check->diag;
  if (is == ABSENT) {
    tsr_diag_error(diag, store, TSR_DIAG(tile_undefined), row, col);
    d->result = TSR_FAILED;
  } else {
    tsr_diag_warn(diag, store, TSR_DIAG(tile_maybe_undefined), row, col);
  }
  tsr_diag_note(diag, s->origin, TSR_DIAG(note_tile_undefined));
}

static void visit_store(defined *d, const tsr_op *op) {
  const tsr_value *value = tsr_op_operand(op, 0);
  const block_state *s = find_state(d, value);
  if (!s || d->is_silent)
    return;
  extent e = get_extent(op, 3, get_tile_desc(value));
  bool agrees = leaves_out(d, &e, s);
  presence found = PRESENT;
  uint32_t at_row = 0, at_col = 0;
  for (uint32_t row = 0; row < s->rows; row++)
    for (uint32_t col = 0; col < s->cols; col++) {
      presence stored =
          worse(compare_with(row, e.row_range), compare_with(col, e.col_range));
      presence is = get_tile(s, row, col);
      bool is_sure = stored == PRESENT && is == ABSENT;
      if (stored == ABSENT || is <= found || (agrees && !is_sure))
        continue;
      // Stored in some runs only: not there in any is wrong in those.
      found = is_sure ? ABSENT : MAYBE;
      at_row = row;
      at_col = col;
    }
  if (found != PRESENT)
    report(d, op, s, found, at_row, at_col);
}

// A look before this one may have found less.
static void forget_results(defined *d, const tsr_op *op) {
  for (size_t i = 0; d->states.size > 0 && i < tsr_op_result_count(op); i++)
    if (find_state(d, tsr_op_result(op, i)))
      tsr_map_set(&d->states, tsr_op_result(op, i), NULL);
}

static void visit_op(defined *d, const tsr_op *op) {
  forget_results(d, op);
  switch ((int)tsr_op_get_kind(op)) {
  case TSR_OP_tile_load:
    visit_short(d, op, 2);
    return;
  case TSR_OP_tile_contract:
    visit_short(d, op, 4);
    return;
  case TSR_OP_tile_empty:
    visit_empty(d, op);
    return;
  case TSR_OP_tile_mma:
    visit_mma(d, op);
    return;
  case TSR_OP_tile_insert:
    visit_insert(d, op);
    return;
  case TSR_OP_tile_extract:
    visit_extract(d, op);
    return;
  case TSR_OP_tile_store:
    visit_store(d, op);
    return;
  case TSR_OP_for_:
    visit_for(d, op);
    return;
  case TSR_OP_if_:
    visit_if(d, op);
    return;
  }
  if (tsr_op_has_trait(op, TSR_TRAIT_TILE_MATH))
    visit_elementwise(d, op);
  for (size_t i = 0; i < tsr_op_block_count(op); i++)
    visit_block(d, tsr_op_block(op, i));
}

static void visit_block(defined *d, const tsr_block *block) {
  for (const tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op))
    visit_op(d, op);
}

tsr_result tsr_check_defined(const tsr_check *check, const tsr_op *nest) {
  defined d = {.check = check, .result = TSR_OK};
  tsr_map_init_in(&d.states, check->scratch);
  tsr_map_init_in(&d.visited, check->scratch);
  visit_block(&d, tsr_op_block(nest, 0));
  return d.result;
}
