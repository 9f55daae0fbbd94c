// Which tiles of blocks hold anything: a block at an edge is loaded in part, an
// empty one gets its tiles one by one, and what was not there is not there in
// what is computed from it either.
//
// Indices that only a run knows are taken for the good: that a loop fills a
// block is not proved here.
//
// An error is what surely goes wrong: the store of a tile that is not there
// whenever the nest runs. What stands in a branch, or in a loop that may have
// no round, may never run: passes leave such stores behind.

#include "presence.h"

#include <string.h>

enum { MATH_STEPS = 6 };

typedef struct defined {
  const tsr_check *check;
  tsr_presences known;
  tsr_map visited;  // loops
  tsr_map reported; // stores
  bool is_silent;   // what may be there is not known yet
  bool is_first;    // loops are in their first round
  tsr_result result;
} defined;

static unsigned char compare_with(uint32_t at, tsr_index_range count) {
  if (at < count.min)
    return TSR_PRESENT;
  return at < count.max ? TSR_MAYBE : TSR_ABSENT;
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

static const tsr_type_desc *get_tile_desc(const tsr_value *value) {
  return tsr_type_get_desc(tsr_value_get_type(value));
}

static const tsr_presence *find(const defined *d, const tsr_value *value) {
  return tsr_presences_find(&d->known, value);
}

// Remembers what the only result of an op is.
static void keep(defined *d, const tsr_op *op, tsr_presence *draft) {
  tsr_presences_set(&d->known, tsr_op_result(op, 0),
                    tsr_presences_keep(&d->known, draft));
}

static unsigned char get_tile(const tsr_presence *s, int64_t row, int64_t col) {
  return s ? s->tiles[row * s->cols + col] : TSR_PRESENT;
}

static unsigned char get_presence(const tsr_presence *s, int64_t row,
                                  int64_t col) {
  return tsr_tile_without_bounds(get_tile(s, row, col));
}

static void set_tile(tsr_presence *draft, int64_t row, int64_t col,
                     unsigned char tile) {
  draft->tiles[row * draft->cols + col] = tile;
}

static unsigned char worse(unsigned char a, unsigned char b) {
  return a > b ? a : b;
}

// in     `group`: the operands that say what a load or contraction leaves out
static void visit_short(defined *d, const tsr_op *op, size_t group) {
  if (tsr_op_group_size(op, group) < 2)
    return;
  const tsr_value *result = tsr_op_result(op, 0);
  extent e = get_extent(op, group, get_tile_desc(result));
  tsr_presence *s = tsr_presences_draft(&d->known, result);
  s->origin = op;
  if (e.row_range.min < s->rows)
    s->bounds[TSR_ROWS].count = e.rows;
  if (e.col_range.min < s->cols)
    s->bounds[TSR_COLS].count = e.cols;
  for (uint32_t row = 0; row < s->rows; row++)
    for (uint32_t col = 0; col < s->cols; col++) {
      unsigned char is =
          worse(compare_with(row, e.row_range), compare_with(col, e.col_range));
      set_tile(s, row, col, is == TSR_PRESENT ? is : is | TSR_BY_BOUNDS);
    }
  keep(d, op, s);
}

static void visit_empty(defined *d, const tsr_op *op) {
  tsr_presence *s = tsr_presences_draft(&d->known, tsr_op_result(op, 0));
  s->origin = op;
  memset(s->tiles, TSR_ABSENT, (size_t)s->rows * s->cols);
  keep(d, op, s);
}

// Tile by tile what all operands have.
static void visit_elementwise(defined *d, const tsr_op *op) {
  tsr_presence *s = NULL;
  for (size_t i = 0; i < tsr_op_operand_count(op); i++) {
    const tsr_presence *operand = find(d, tsr_op_operand(op, i));
    if (!operand)
      continue;
    if (!s)
      s = tsr_presences_draft(&d->known, tsr_op_result(op, 0));
    if (s->rows != operand->rows || s->cols != operand->cols)
      return; // not blocks of one shape: the op's verifier has said so
    bool is_bounded = tsr_presence_take(&d->known, s, operand);
    for (uint32_t k = 0; k < s->rows * s->cols; k++)
      s->tiles[k] = tsr_tile_both(s->tiles[k], operand->tiles[k], is_bounded);
  }
  if (s)
    keep(d, op, s);
}

// What of a factor is bounded like the product: rows of A, columns of B. The
// sums go over all of the other side.
static bool take_factor(defined *d, tsr_presence *s, const tsr_presence *factor,
                        size_t side) {
  if (!factor)
    return true;
  if (!s->origin)
    s->origin = factor->origin;
  return tsr_presence_take_bound(&d->known, s, factor, side) &&
         !factor->bounds[1 - side].count;
}

// A tile of the product needs a row of A, a column of B and its accumulator.
static void visit_mma(defined *d, const tsr_op *op) {
  const tsr_presence *a = find(d, tsr_op_operand(op, 0));
  const tsr_presence *b = find(d, tsr_op_operand(op, 1));
  const tsr_presence *acc = find(d, tsr_op_operand(op, 2));
  uint32_t depth = get_tile_desc(tsr_op_operand(op, 0))->block_cols;
  if (!a && !b && !acc)
    return;
  tsr_presence *s = tsr_presences_draft(&d->known, tsr_op_result(op, 0));
  bool has_rows = take_factor(d, s, a, TSR_ROWS);
  bool has_cols = take_factor(d, s, b, TSR_COLS);
  bool has_both = !acc || tsr_presence_take(&d->known, s, acc);
  for (uint32_t row = 0; row < s->rows; row++)
    for (uint32_t col = 0; col < s->cols; col++) {
      unsigned char tile =
          tsr_tile_both(TSR_PRESENT, get_tile(acc, row, col), has_both);
      for (uint32_t k = 0; k < depth; k++) {
        tile = tsr_tile_both(tile, get_tile(a, row, k), has_rows);
        tile = tsr_tile_both(tile, get_tile(b, k, col), has_cols);
      }
      set_tile(s, row, col, tile);
    }
  keep(d, op, s);
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

// A tile's bounds, as those of the block that has it in one of these places.
static bool shift_bound(tsr_tile_bound *bound, tsr_index_range places,
                        int64_t sign) {
  bound->at += sign * places.min;
  return !bound->count || places.min == places.max;
}

// What a block is whose tile in one of `rows` and `cols` is `tile`'s.
static void put_tile(defined *d, tsr_presence *s, const tsr_presence *tile,
                     tsr_index_range rows, tsr_index_range cols) {
  bool is_bounded = true;
  if (tile) {
    tsr_presence there = {.origin = tile->origin};
    memcpy(there.bounds, tile->bounds, sizeof there.bounds);
    is_bounded = shift_bound(&there.bounds[TSR_ROWS], rows, -1) &&
                 shift_bound(&there.bounds[TSR_COLS], cols, -1) &&
                 tsr_presence_take(&d->known, s, &there);
  }
  bool is_one = rows.min == rows.max && cols.min == cols.max;
  unsigned char put =
      tsr_tile_both(TSR_PRESENT, get_tile(tile, 0, 0), is_bounded);
  for (int64_t row = rows.min; row <= rows.max; row++)
    for (int64_t col = cols.min; col <= cols.max; col++) {
      bool is_lost = !is_one && tsr_tile_without_bounds(put) == TSR_ABSENT &&
                     get_presence(s, row, col) != TSR_ABSENT;
      set_tile(s, row, col, is_lost ? TSR_MAYBE : put);
    }
}

static void visit_insert(defined *d, const tsr_op *op) {
  const tsr_presence *block = find(d, tsr_op_operand(op, 1));
  const tsr_presence *tile = find(d, tsr_op_operand(op, 0));
  if (!block && !tile)
    return;
  tsr_presence *s = tsr_presences_draft(&d->known, tsr_op_result(op, 0));
  if (block) {
    (void)tsr_presence_take(&d->known, s, block);
    memcpy(s->tiles, block->tiles, (size_t)s->rows * s->cols);
  }
  put_tile(d, s, tile, get_places(tsr_op_operand(op, 2), s->rows),
           get_places(tsr_op_operand(op, 3), s->cols));
  keep(d, op, s);
}

static void visit_extract(defined *d, const tsr_op *op) {
  const tsr_presence *block = find(d, tsr_op_operand(op, 0));
  if (!block)
    return;
  tsr_index_range rows = get_places(tsr_op_operand(op, 1), block->rows);
  tsr_index_range cols = get_places(tsr_op_operand(op, 2), block->cols);
  unsigned char best = TSR_ABSENT;
  for (int64_t row = rows.min; row <= rows.max; row++)
    for (int64_t col = cols.min; col <= cols.max; col++) {
      unsigned char is = get_presence(block, row, col);
      best = is < best ? is : best;
    }
  tsr_presence *s = tsr_presences_draft(&d->known, tsr_op_result(op, 0));
  s->origin = block->origin;
  memcpy(s->bounds, block->bounds, sizeof s->bounds);
  bool is_bounded = shift_bound(&s->bounds[TSR_ROWS], rows, 1) &&
                    shift_bound(&s->bounds[TSR_COLS], cols, 1);
  // Which tile it is may depend on how many there are.
  bool is_one = rows.min == rows.max && cols.min == cols.max;
  s->tiles[0] =
      is_one ? tsr_tile_both(TSR_PRESENT, get_tile(block, rows.min, cols.min),
                             is_bounded)
      : best == TSR_MAYBE ? TSR_PRESENT
                          : best;
  keep(d, op, s);
}

// -- control flow -------------------------------------------------------------

// The result of a branch lacks what either block lacks.
static void join_results(defined *d, const tsr_op *op) {
  const tsr_op *ends[2] = {tsr_block_terminator(tsr_op_block(op, 0)),
                           tsr_block_terminator(tsr_op_block(op, 1))};
  for (size_t i = 0; i < tsr_op_result_count(op); i++) {
    const tsr_value *result = tsr_op_result(op, i);
    tsr_presences_set(&d->known, result,
                      tsr_presences_join(&d->known, result,
                                         find(d, tsr_op_operand(ends[0], i)),
                                         find(d, tsr_op_operand(ends[1], i))));
  }
}

static void visit_block(defined *d, const tsr_block *block);

// -- loops --------------------------------------------------------------------
// A round sees what the loop starts with or what another round has handed on,
// so the body is looked at until it hands on nothing new: a tile changes once
// at most, to one that is there in some rounds only. Then its stores are.
//
// The first look is the first round. If that surely runs, it shows what surely
// goes wrong.

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

// Adds to what an argument may be. False: it has been that already.
static bool widen(defined *d, const tsr_op *loop, const tsr_value *arg,
                  const tsr_presence *more) {
  const tsr_presence *is = find(d, arg);
  const tsr_presence *wider = tsr_presences_join(&d->known, arg, is, more);
  // Numbers of the round before are not those of this one.
  if (wider && wider != is &&
      (is_of_round(loop, wider->bounds[TSR_ROWS].count, MATH_STEPS) ||
       is_of_round(loop, wider->bounds[TSR_COLS].count, MATH_STEPS)))
    wider = tsr_presences_drop_bounds(&d->known, arg, wider);
  if (is == wider)
    return false;
  tsr_presences_set(&d->known, arg, wider);
  return true;
}

static void start_rounds(defined *d, const tsr_op *loop) {
  for (size_t i = 0; i < tsr_op_result_count(loop); i++) {
    const tsr_value *arg = tsr_block_arg(tsr_op_block(loop, 0), 1 + i);
    const tsr_presence *start = find(d, tsr_op_group_operand(loop, 3, i));
    // A loop around this one may have come here before.
    if (tsr_map_has(&d->visited, loop))
      (void)widen(d, loop, arg, start);
    else
      tsr_presences_set(&d->known, arg, start);
  }
  tsr_map_set(&d->visited, loop, d);
}

// False: what rounds hand on is what they have had.
static bool hand_on(defined *d, const tsr_op *loop) {
  const tsr_block *body = tsr_op_block(loop, 0);
  const tsr_op *end = tsr_block_terminator(body);
  bool is_new = false;
  for (size_t i = 0; i < tsr_op_result_count(loop); i++)
    is_new |= widen(d, loop, tsr_block_arg(body, 1 + i),
                    find(d, tsr_op_operand(end, i)));
  return is_new;
}

static void visit_rounds(defined *d, const tsr_op *loop) {
  const tsr_block *body = tsr_op_block(loop, 0);
  bool was_silent = d->is_silent, was_first = d->is_first;
  d->is_silent = true;
  start_rounds(d, loop);
  do {
    visit_block(d, body);
    d->is_first = false;
  } while (hand_on(d, loop));
  d->is_silent = was_silent;
  if (!was_silent && d->known.states.size > 0)
    visit_block(d, body);
  d->is_first = was_first;
}

static void visit_for(defined *d, const tsr_op *loop) {
  bool runs = !never_runs(loop);
  if (runs)
    visit_rounds(d, loop);
  const tsr_op *end = tsr_block_terminator(tsr_op_block(loop, 0));
  for (size_t i = 0; i < tsr_op_result_count(loop); i++) {
    const tsr_value *result = tsr_op_result(loop, i);
    const tsr_presence *start = find(d, tsr_op_group_operand(loop, 3, i));
    const tsr_presence *is = runs ? find(d, tsr_op_operand(end, i)) : start;
    if (start != is && may_have_no_round(loop))
      is = tsr_presences_join(&d->known, result, start, is);
    tsr_presences_set(&d->known, result, is);
  }
}

static void visit_if(defined *d, const tsr_op *op) {
  for (size_t i = 0; i < tsr_op_block_count(op); i++)
    visit_block(d, tsr_op_block(op, i));
  if (tsr_op_result_count(op) > 0)
    join_results(d, op);
}

// -- stores -------------------------------------------------------------------

static bool is_bound(defined *d, const tsr_tile_bound *bound,
                     const tsr_value *count) {
  return !bound->count ||
         (bound->at == 0 &&
          tsr_presences_is_same_number(&d->known, bound->count, count));
}

// The store leaves out what the bounds of the value do.
static bool leaves_out(defined *d, const extent *e, const tsr_presence *s) {
  return is_bound(d, &s->bounds[TSR_ROWS], e->rows) &&
         is_bound(d, &s->bounds[TSR_COLS], e->cols);
}

// Whenever the nest does.
static bool surely_runs(const tsr_op *op) {
  for (const tsr_op *at = tsr_op_get_parent(op); at; at = tsr_op_get_parent(at))
    if (tsr_op_is(at, TSR_OP_if_) ||
        (tsr_op_is(at, TSR_OP_for_) && may_have_no_round(at)))
      return false;
  return true;
}

// A store, and the worst tile it takes.
typedef struct fault {
  unsigned char is; // TSR_ABSENT: surely
  uint32_t row, col;
} fault;

static fault find_fault(defined *d, const tsr_op *store,
                        const tsr_presence *s) {
  extent e = get_extent(store, 3, get_tile_desc(tsr_op_operand(store, 0)));
  bool agrees = leaves_out(d, &e, s);
  bool runs = d->is_first && surely_runs(store);
  fault worst = {TSR_PRESENT, 0, 0};
  for (uint32_t row = 0; row < s->rows; row++)
    for (uint32_t col = 0; col < s->cols; col++) {
      unsigned char stored =
          worse(compare_with(row, e.row_range), compare_with(col, e.col_range));
      unsigned char is = get_presence(s, row, col);
      if (stored == TSR_ABSENT || is == TSR_PRESENT)
        continue;
      // Stored in some runs only: not there in any is wrong in those.
      bool is_sure = runs && stored == TSR_PRESENT && is == TSR_ABSENT;
      bool is_left_out = agrees && (get_tile(s, row, col) & TSR_BY_BOUNDS);
      unsigned char found = is_sure       ? TSR_ABSENT
                            : is_left_out ? TSR_PRESENT
                                          : TSR_MAYBE;
      if (found > worst.is)
        worst = (fault){found, row, col};
    }
  return worst;
}

static void visit_store(defined *d, const tsr_op *op) {
  const tsr_presence *s = find(d, tsr_op_operand(op, 0));
  if (!s || (d->is_silent && !d->is_first) || tsr_map_has(&d->reported, op))
    return;
  fault found = find_fault(d, op, s);
  tsr_diag *diag = d->check->diag;
  if (found.is == TSR_ABSENT) {
    tsr_diag_error(diag, op, TSR_DIAG(tile_undefined), found.row, found.col);
    d->result = TSR_FAILED;
  } else if (found.is == TSR_MAYBE && !d->is_silent) {
    tsr_diag_warn(diag, op, TSR_DIAG(tile_maybe_undefined), found.row,
                  found.col);
  } else {
    return;
  }
  tsr_map_set(&d->reported, op, d);
  tsr_diag_note(diag, s->origin, TSR_DIAG(note_tile_undefined));
}

// A look before this one may have found less.
static void forget_results(defined *d, const tsr_op *op) {
  for (size_t i = 0; i < tsr_op_result_count(op); i++)
    tsr_presences_set(&d->known, tsr_op_result(op, i), NULL);
}

static void visit_op(defined *d, const tsr_op *op) {
  if (d->known.states.size > 0)
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
  if (tsr_op_has_trait(op, TSR_TRAIT_TILE_MATH) && d->known.states.size > 0)
    visit_elementwise(d, op);
  for (size_t i = 0; i < tsr_op_block_count(op); i++)
    visit_block(d, tsr_op_block(op, i));
}

static void visit_block(defined *d, const tsr_block *block) {
  for (const tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op))
    visit_op(d, op);
}

tsr_result tsr_check_defined(const tsr_check *check, const tsr_op *nest) {
  defined d = {.check = check, .is_first = true, .result = TSR_OK};
  tsr_presences_init(&d.known, check->scratch);
  tsr_map_init_in(&d.visited, check->scratch);
  tsr_map_init_in(&d.reported, check->scratch);
  visit_block(&d, tsr_op_block(nest, 0));
  return d.result;
}
