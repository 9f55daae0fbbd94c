// The vector unit: works on tiles of DST, between an op's init and the next.

#include "compute.h"
#include "recording.h"
#include "sfpu.h"

#include <string.h>

// -- Rules --------------------------------------------------------------------

void tsr_sim_sfpu_init_with(tsr_sim_sfpu op, uint32_t form, uint32_t word,
                            tsr_sim_where where) {
  thread *self = enter("an init", where);
  record_sfpu(self, TSR_CLOCK_INIT, op);
  self->sfpu = sfpu_find(op)->init;
  self->sfpu_init = begin_here(self);
  self->sfpu_form = form;
  self->sfpu_word = word;
}

void tsr_sim_sfpu_init(tsr_sim_sfpu op, tsr_sim_where where) {
  tsr_sim_sfpu_init_with(op, 0, 0, where);
}

// Ops of the IR have their own names for what the vector unit does: there the
// init that came last is named.
static void check_sfpu(thread *self, const sfpu_row *row) {
  if (self->sfpu == row->init)
    return;
  const sfpu_row *wanted = sfpu_find(row->init);
  if (self->where.op)
    break_rule(
        self, "the vector unit is set up by %s: the init of this op is missing",
        self->sfpu == TSR_SIM_SFPU_NONE
            ? "nothing"
            : describe_earlier(self, &self->sfpu_init));
  else
    break_rule(self, "the vector unit is set up for %s: %s%s is missing",
               sfpu_call(self->sfpu), wanted->call,
               wanted->is_init ? "" : "_init");
}

// Template arguments choose between forms whose inits program other constants
// and instructions.
static void check_form(thread *self, const sfpu_row *row, uint32_t form) {
  if (form && self->sfpu_form && form != self->sfpu_form)
    break_rule(self,
               "%s was for another form of %s: the template arguments of both "
               "must agree",
               describe_earlier(self, &self->sfpu_init), row->call);
}

static thread *begin_form(tsr_sim_sfpu op, uint32_t form, tsr_sim_where where) {
  const sfpu_row *row = sfpu_find(op);
  thread *self = enter(row->call, where);
  check_sfpu(self, row);
  check_form(self, row, form);
  return self;
}

static thread *begin_sfpu(tsr_sim_sfpu op, tsr_sim_where where) {
  return begin_form(op, 0, where);
}

static thread *enter_form(tsr_sim_sfpu op, uint32_t form, tsr_sim_where where) {
  thread *self = begin_form(op, form, where);
  record_sfpu(self, TSR_CLOCK_SFPU, op);
  return self;
}

static thread *enter_sfpu(tsr_sim_sfpu op, tsr_sim_where where) {
  return enter_form(op, 0, where);
}

// Integers and floating point lie in DST as the same bits.
static void check_kind(thread *self, const sfpu_row *row, uint32_t index) {
  if (row->kind == SFPU_ANY ||
      is_integer(self, index) == (row->kind == SFPU_INT))
    return;
  break_rule(self,
             "DST tile %u holds %s, and this works on %s: typecast_tile "
             "is missing",
             index, is_integer(self, index) ? "integers" : "floating point",
             row->kind == SFPU_INT ? "integers" : "floating point");
}

// Loads and stores move 16 bits or 32, and in DST of the other width find other
// values, or halves of them. 16-bit integers lie in 32-bit DST as they are. Ops
// on integers that are not told their format take them for 32 bits.
static void check_width(thread *self, const sfpu_row *row, uint32_t format,
                        bool is_of_integers) {
  bool is_wide = format == TSR_SIM_FLOAT32 || format == TSR_SIM_INT32 ||
                 format == TSR_SIM_UINT32;
  bool is_narrow = !is_of_integers &&
                   (format == TSR_SIM_FLOAT16 || format == TSR_SIM_FLOAT16_B ||
                    format == TSR_SIM_UINT16);
  bool is_32bit = self->home->engine->is_32bit;
  if (format == TSR_SIM_MOVED_AS_DST && row->kind == SFPU_INT && !is_32bit)
    break_rule(self, "32-bit integers need 32-bit DST: fp32_dest_acc_en is "
                     "missing");
  if (is_wide && !is_32bit)
    break_rule(self, "%s needs 32-bit DST: fp32_dest_acc_en is missing",
               tsr_sim_format_name(format));
  if (is_narrow && is_32bit)
    break_rule(self,
               "%s is 16 bits of a value, but DST holds 32 of it: the format "
               "must be Float32",
               tsr_sim_format_name(format));
}

static float *checked_tile(thread *self, const sfpu_row *row, uint32_t index) {
  float *tile = sfpu_tile(self, index);
  check_kind(self, row, index);
  return tile;
}

// Integers are as wide as DST; floating point is rounded to what it holds.
static void settle_kind(const thread *self, bool holds_integers, float *tile) {
  if (!holds_integers)
    settle(self, tile);
  else if (!self->home->engine->is_32bit)
    for (size_t i = 0; i < TILE_ELEMS; i++)
      tile[i] = float_of(bits_of(tile[i]) & 0xffff);
}

// -- Faces --------------------------------------------------------------------

static bool works_on(tsr_sim_faces faces, size_t row, size_t col) {
  return faces == TSR_SIM_FACES_ALL ||
         (faces == TSR_SIM_FACES_UPPER && row < FACE_SIDE) ||
         (faces == TSR_SIM_FACES_LEFT && col < FACE_SIDE);
}

// Takes back what was done to other faces than `faces`.
static void keep_faces(tsr_sim_faces faces, const float *before, float *tile) {
  for (size_t i = 0; i < TILE_ELEMS; i++)
    if (!works_on(faces, i / TILE_SIDE, i % TILE_SIDE))
      tile[i] = before[i];
}

// -- Element by element -------------------------------------------------------

static const tsr_sim_sfpu_args plain_args = {.words = {0, 0, 0, UINT32_MAX},
                                             .faces = TSR_SIM_FACES_ALL,
                                             .format = TSR_SIM_MOVED_AS_DST};

static scalars scalars_of(const tsr_sim_sfpu_args *args) {
  scalars given;
  memcpy(given.words, args->words, sizeof given.words);
  return given;
}

static bool only_writes(tsr_sim_sfpu op) {
  return op == TSR_SIM_SFPU_FILL || op == TSR_SIM_SFPU_FILL_INT;
}

// Whether the result is one of integers, as the operand is or is not.
static bool gives_integers(tsr_sim_sfpu op, bool is_of_integers) {
  return is_of_integers && op != TSR_SIM_SFPU_DIV_INT;
}

static void run_unary(thread *self, tsr_sim_sfpu op, uint32_t dst,
                      const tsr_sim_sfpu_args *args) {
  const sfpu_row *row = sfpu_find(op);
  if (!only_writes(op))
    checked_tile(self, row, dst);
  bool holds_integers =
      row->kind == SFPU_ANY ? is_integer(self, dst) : row->kind == SFPU_INT;
  check_width(self, row, args->format, holds_integers);
  float *tile =
      only_writes(op) ? written_tile(self, dst) : sfpu_tile(self, dst);
  float before[TILE_ELEMS];
  if (args->faces != TSR_SIM_FACES_ALL)
    memcpy(before, tile, sizeof before);
  scalars given = scalars_of(args);
  if (op == TSR_SIM_SFPU_EXP && args->form)
    tile_exp_form((tsr_sim_exp_form)args->form, &given, tile);
  else
    row->unary(tile, &given);
  mark_integer(self, dst, holds_integers);
  settle_kind(self, holds_integers, tile);
  if (args->faces != TSR_SIM_FACES_ALL)
    keep_faces(args->faces, before, tile);
}

void tsr_sim_sfpu_unary_with(tsr_sim_sfpu op, uint32_t dst,
                             tsr_sim_sfpu_args args, tsr_sim_where where) {
  thread *self = enter_form(op, args.form, where);
  if (op == TSR_SIM_SFPU_EXP && exp_form_has_factor(args.form))
    args.words[0] = self->sfpu_word;
  run_unary(self, op, dst, &args);
}

void tsr_sim_sfpu_unary(tsr_sim_sfpu op, uint32_t dst, uint32_t param,
                        tsr_sim_where where) {
  tsr_sim_sfpu_args args = plain_args;
  args.words[0] = param;
  tsr_sim_sfpu_unary_with(op, dst, args, where);
}

void tsr_sim_sfpu_binary_with(tsr_sim_sfpu op, uint32_t a, uint32_t b,
                              uint32_t out, tsr_sim_sfpu_args args,
                              tsr_sim_where where) {
  thread *self = enter_form(op, args.form, where);
  const sfpu_row *row = sfpu_find(op);
  const float *left = checked_tile(self, row, a);
  const float *right = checked_tile(self, row, b);
  check_width(self, row, args.format, is_integer(self, a));
  bool holds_integers = gives_integers(op, is_integer(self, a));
  float before[TILE_ELEMS];
  if (args.faces != TSR_SIM_FACES_ALL)
    memcpy(before, math_tile(self, out), sizeof before);
  float *to = written_tile(self, out);
  scalars given = scalars_of(&args);
  row->binary(left, right, to, &given);
  mark_integer(self, out, holds_integers);
  settle_kind(self, holds_integers, to);
  if (args.faces != TSR_SIM_FACES_ALL)
    keep_faces(args.faces, before, to);
}

void tsr_sim_sfpu_binary(tsr_sim_sfpu op, uint32_t a, uint32_t b, uint32_t out,
                         tsr_sim_where where) {
  tsr_sim_sfpu_binary_with(op, a, b, out, plain_args, where);
}

void tsr_sim_sfpu_ternary(tsr_sim_sfpu op, uint32_t a, uint32_t b, uint32_t c,
                          uint32_t out, tsr_sim_sfpu_args args,
                          tsr_sim_where where) {
  thread *self = enter_form(op, args.form, where);
  const sfpu_row *row = sfpu_find(op);
  const float *first = checked_tile(self, row, a);
  const float *second = checked_tile(self, row, b);
  const float *third = checked_tile(self, row, c);
  bool holds_integers = is_integer(self, b);
  check_width(self, row, args.format, holds_integers);
  float *to = written_tile(self, out);
  scalars given = scalars_of(&args);
  row->ternary(first, second, third, to, &given);
  mark_integer(self, out, holds_integers);
  settle_kind(self, holds_integers, to);
}

void tsr_sim_sfpu_where(uint32_t condition, uint32_t a, uint32_t b,
                        uint32_t out, tsr_sim_where where) {
  tsr_sim_sfpu_ternary(TSR_SIM_SFPU_WHERE, condition, a, b, out, plain_args,
                       where);
}

void tsr_sim_sfpu_mask(tsr_sim_sfpu op, uint32_t dst, uint32_t mask,
                       tsr_sim_where where) {
  thread *self = enter_sfpu(op, where);
  if (mask != dst + 1)
    break_rule(self, "the mask of DST tile %u must be in DST tile %u, not %u",
               dst, dst + 1, mask);
  float *tile = checked_tile(self, sfpu_find(op), dst);
  scalars given = scalars_of(&plain_args);
  sfpu_find(op)->binary(tile, sfpu_tile(self, mask), tile, &given);
}

// -- Conversions --------------------------------------------------------------

static void check_formats(thread *self, uint32_t from, uint32_t to) {
  if (!tsr_sim_format_name(from) || !tsr_sim_format_name(to))
    fail_call(self, "from data format %u to %u is not modelled", from, to);
}

// The chip sets up one conversion.
static uint32_t conversion(uint32_t from, uint32_t to) {
  return 1u << 16 | from << 8 | to;
}

void tsr_sim_sfpu_typecast_init(uint32_t from, uint32_t to,
                                tsr_sim_where where) {
  tsr_sim_sfpu_init_with(TSR_SIM_SFPU_TYPECAST, conversion(from, to), 0, where);
}

void tsr_sim_sfpu_typecast(uint32_t dst, uint32_t from, uint32_t to,
                           tsr_sim_where where) {
  thread *self = enter_form(TSR_SIM_SFPU_TYPECAST, conversion(from, to), where);
  const sfpu_row *row = sfpu_find(TSR_SIM_SFPU_TYPECAST);
  check_formats(self, from, to);
  float *tile = sfpu_tile(self, dst);
  bool was = tsr_sim_format_kind(from) == TSR_SIM_KIND_INTEGER;
  bool becomes = tsr_sim_format_kind(to) == TSR_SIM_KIND_INTEGER;
  if (is_integer(self, dst) != was)
    break_rule(self, "DST tile %u holds %s, not %s", dst,
               was ? "floating point" : "integers", tsr_sim_format_name(from));
  if (was)
    check_width(self, row, from, true);
  if (becomes)
    check_width(self, row, to, true);
  tile_typecast(from, to, tile);
  mark_integer(self, dst, becomes);
  settle_kind(self, becomes, tile);
}

// -- Whole tiles --------------------------------------------------------------

void tsr_sim_sfpu_cumsum(uint32_t dst, bool first, tsr_sim_where where) {
  thread *self = enter_sfpu(TSR_SIM_SFPU_CUMSUM, where);
  float *tile = checked_tile(self, sfpu_find(TSR_SIM_SFPU_CUMSUM), dst);
  if (first)
    memset(self->column_sums, 0, sizeof self->column_sums);
  tile_cumsum(tile, self->column_sums);
  settle(self, tile);
}

// What inits set up differs by pool and format, but sums and averages differ
// only by whether they are of integers.
static uint32_t reduce_form(tsr_sim_pool pool, uint32_t format) {
  if (pool == TSR_SIM_POOL_SUM || pool == TSR_SIM_POOL_AVG)
    return tsr_sim_format_kind(format) == TSR_SIM_KIND_INTEGER ? 1 : 2;
  return 1u << 16 | (uint32_t)pool << 8 | format;
}

void tsr_sim_sfpu_reduce_init(tsr_sim_pool pool, uint32_t format,
                              tsr_sim_where where) {
  tsr_sim_sfpu_init_with(TSR_SIM_SFPU_REDUCE, reduce_form(pool, format), 0,
                         where);
}

static float *reduce_one(thread *self, uint32_t dst, const sfpu_reduction *how,
                         uint32_t format) {
  record_sfpu(self, TSR_CLOCK_SFPU, TSR_SIM_SFPU_REDUCE);
  float *tile = sfpu_tile(self, dst);
  if (is_integer(self, dst) != how->is_integer)
    break_rule(self, "DST tile %u holds %s, not %s", dst,
               how->is_integer ? "floating point" : "integers",
               tsr_sim_format_name(format));
  check_width(self, sfpu_find(TSR_SIM_SFPU_REDUCE), format, how->is_integer);
  tile_sfpu_reduce(how, tile);
  settle_kind(self, how->is_integer, tile);
  return tile;
}

void tsr_sim_sfpu_reduce(uint32_t dst, tsr_sim_pool pool, bool is_row,
                         tsr_sim_block block, uint32_t format,
                         tsr_sim_where where) {
  thread *self =
      begin_form(TSR_SIM_SFPU_REDUCE, reduce_form(pool, format), where);
  if (!is_row && (block.cols != 1 || block.rows != 1))
    fail_call(self, "reduces the columns of one tile, not of %u x %u",
              block.rows, block.cols);
  sfpu_reduction how = {.pool = pool,
                        .is_row = is_row,
                        .is_integer =
                            tsr_sim_format_kind(format) == TSR_SIM_KIND_INTEGER,
                        .is_unsigned = format != TSR_SIM_INT32};
  for (uint32_t row = 0; row < block.rows; row++) {
    float *first = reduce_one(self, dst + row * block.cols, &how, format);
    for (uint32_t col = 1; col < block.cols; col++) {
      const float *more =
          reduce_one(self, dst + row * block.cols + col, &how, format);
      tile_add_first_column(how.is_integer, more, first);
      settle_kind(self, how.is_integer, first);
    }
  }
}

static float scalar_of(uint32_t bits) { return float_of(bits); }

void tsr_sim_sfpu_rand(uint32_t dst, uint32_t from, uint32_t scale,
                       tsr_sim_where where) {
  thread *self = enter_sfpu(TSR_SIM_SFPU_RAND, where);
  float *tile = written_tile(self, dst);
  tile_rand(&self->sfpu_word, scalar_of(from), scalar_of(scale), tile);
  settle(self, tile);
}

void tsr_sim_sfpu_dropout(uint32_t dst, uint32_t probability, uint32_t scale,
                          tsr_sim_where where) {
  thread *self = enter_sfpu(TSR_SIM_SFPU_DROPOUT, where);
  float *tile = checked_tile(self, sfpu_find(TSR_SIM_SFPU_DROPOUT), dst);
  tile_dropout(&self->sfpu_word, probability, scalar_of(scale), tile);
  settle(self, tile);
}

// -- Sorts --------------------------------------------------------------------

// The kernels that sort count columns from the section's start, whatever they
// are told.
static thread *enter_topk(tsr_sim_sfpu op, uint32_t dst, tsr_sim_where where,
                          topk_tiles *out_tiles) {
  thread *self = begin_sfpu(op, where);
  if (dst != 0)
    fail_call(self, "sorts DST tiles 0 to 3: the index is 0, not %u", dst);
  for (uint32_t i = 0; i < 2; i++) {
    out_tiles->values[i] = checked_tile(self, sfpu_find(op), i);
    out_tiles->indices[i] = sfpu_tile(self, 2 + i);
  }
  return self;
}

static void check_runs(thread *self, const tsr_sim_topk_runs *runs) {
  enum { MOST_ITERATIONS = 10 };
  bool is_power = (runs->k & (runs->k - 1)) == 0;
  if (runs->k < 4 || runs->k > 64 || !is_power)
    fail_call(self, "k is %u, but is a power of two from 4 to 64", runs->k);
  if (runs->iteration >= MOST_ITERATIONS)
    fail_call(self, "iteration %u, but there are %d", runs->iteration,
              MOST_ITERATIONS);
}

void tsr_sim_topk_sort(uint32_t dst, tsr_sim_topk_phases phases,
                       tsr_sim_where where) {
  topk_tiles tiles;
  thread *self = enter_topk(TSR_SIM_SFPU_TOPK_SORT, dst, where, &tiles);
  if (phases.first > phases.last || phases.last > TOPK_LAST_PHASE)
    fail_call(self, "phases %u to %u, but 64 values have phases 0 to %d",
              phases.first, phases.last, TOPK_LAST_PHASE);
  if (phases.first_step > TOPK_LAST_PHASE + 1)
    fail_call(self, "starts at step %u, but phase %d has steps 1 to %d",
              phases.first_step, TOPK_LAST_PHASE, TOPK_LAST_PHASE + 1);
  // Phase 0 records the loads and stores that all phases play back.
  bool has_recorded = self->sfpu_word != 0;
  if (phases.first > 0 && !has_recorded)
    break_rule(self,
               "starts at phase %u, with what a sort from phase 0 on leaves: "
               "none came since topk_tile_init or topk_rebuild",
               phases.first);
  self->sfpu_word = 1;
  record_sfpu_cycles(self, TSR_SIM_SFPU_TOPK_SORT,
                     tile_topk_sort(&tiles, &phases));
}

void tsr_sim_topk_merge(uint32_t dst, tsr_sim_topk_runs runs,
                        tsr_sim_where where) {
  topk_tiles tiles;
  thread *self = enter_topk(TSR_SIM_SFPU_TOPK_MERGE, dst, where, &tiles);
  check_runs(self, &runs);
  record_sfpu_cycles(self, TSR_SIM_SFPU_TOPK_MERGE,
                     tile_topk_merge(&tiles, &runs));
}

void tsr_sim_topk_rebuild(uint32_t dst, tsr_sim_topk_runs runs,
                          tsr_sim_where where) {
  topk_tiles tiles;
  thread *self = enter_topk(TSR_SIM_SFPU_TOPK_REBUILD, dst, where, &tiles);
  check_runs(self, &runs);
  if (runs.log_k > 6 || runs.k != 1u << runs.log_k)
    fail_call(self, "k is %u, but its logarithm is said to be %u", runs.k,
              runs.log_k);
  self->sfpu_word = 0;
  record_sfpu_cycles(self, TSR_SIM_SFPU_TOPK_REBUILD,
                     tile_topk_rebuild(&tiles, &runs));
}

void tsr_sim_transpose_dst(uint32_t dst, tsr_sim_where where) {
  thread *self = enter_sfpu(TSR_SIM_SFPU_TRANSPOSE_DEST, where);
  transpose_tile(sfpu_tile(self, dst));
}
