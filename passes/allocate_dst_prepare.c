// allocate-dst: the launch in the form that sections are made from.
//
// What is dead goes, since a tile that nobody takes would block its stream.
// Each use of a fill or an extract gets its own, made where it is used: a slot
// cannot be shared by two accumulators, and a fill costs less than a stream.
// Each load has one kind of use, because a stream has one consumer and one way
// to unpack.

#include "allocate_dst.h"

#include "tessera/rewrite.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

// -- questions ----------------------------------------------------------------

bool tsr_dst_is_tile(const tsr_value *value) {
  return tsr_type_get_kind(tsr_value_get_type(value)) == TSR_TYPE_TILE;
}

tsr_element tsr_dst_element(const tsr_value *value) {
  return tsr_type_get_element(tsr_value_get_type(value));
}

static bool has_unit(const tsr_op *op, const char *unit) {
  const char *text = tsr_op_get_text(op, "unit");
  return text && !strcmp(text, unit);
}

bool tsr_dst_is_fpu_operand(const tsr_op *op, size_t i) {
  if (!tsr_op_has_trait(op, TSR_TRAIT_TILE_MATH) || !has_unit(op, "fpu"))
    return false;
  return !tsr_op_is(op, TSR_OP_tile_mma) || i < 2;
}

bool tsr_dst_is_pack_cast(const tsr_op *op) {
  return tsr_op_is(op, TSR_OP_tile_cast) && has_unit(op, "pack");
}

tsr_dst_use_kind tsr_dst_get_use_kind(const tsr_use *use) {
  const tsr_op *op = tsr_use_get_op(use);
  // Each extract has one use, see sink_cheap_ops.
  while (tsr_op_is(op, TSR_OP_tile_extract)) {
    use = tsr_value_first_use(tsr_op_result(op, 0));
    op = tsr_use_get_op(use);
  }
  if (tsr_op_is(op, TSR_OP_tile_store))
    return TSR_DST_USE_STORE;
  if (tsr_op_is(op, TSR_OP_tile_copy))
    return TSR_DST_USE_COPY;
  return tsr_dst_is_fpu_operand(op, tsr_use_get_index(use)) ? TSR_DST_USE_FPU
                                                            : TSR_DST_USE_COPY;
}

uint32_t tsr_dst_get_use_kinds(const tsr_value *value) {
  uint32_t kinds = 0;
  for (const tsr_use *u = tsr_value_first_use(value); u; u = tsr_use_next(u))
    kinds |= 1u << tsr_dst_get_use_kind(u);
  return kinds;
}

static bool gives_tiles(const tsr_op *op) {
  for (size_t i = 0; i < tsr_op_result_count(op); i++)
    if (tsr_dst_is_tile(tsr_op_result(op, i)))
      return true;
  return false;
}

static bool is_source(const tsr_op *op) {
  return tsr_op_is(op, TSR_OP_tile_load) || tsr_op_is(op, TSR_OP_tile_generate);
}

bool tsr_dst_is_of_updated(const tsr_dst_plan *plan, const tsr_op *op) {
  return tsr_op_is(op, TSR_OP_tile_load) &&
         tsr_map_has(&plan->stored, tsr_op_operand(op, 0));
}

uint32_t tsr_dst_get_contents(tsr_dst_plan *plan, const tsr_op *op) {
  uintptr_t known = (uintptr_t)tsr_map_find(&plan->contents, op);
  if (known)
    return (uint32_t)known - 1;
  uint32_t holds = 0;
  if (tsr_op_is(op, TSR_OP_tile_store))
    holds = TSR_DST_HOLDS_STORE;
  else if (gives_tiles(op) && !is_source(op))
    holds = TSR_DST_HOLDS_TILES;
  for (size_t b = 0; b < tsr_op_block_count(op); b++)
    for (const tsr_op *in = tsr_block_first(tsr_op_block(op, b)); in;
         in = tsr_op_next(in))
      holds |= tsr_dst_get_contents(plan, in);
  if (tsr_op_block_count(op))
    tsr_map_set(&plan->contents, op, (void *)((uintptr_t)holds + 1));
  return holds;
}

// -- streams ------------------------------------------------------------------

static bool is_word(const char *name) {
  return name && (isalpha((unsigned char)*name) || *name == '_');
}

static tsr_dst_stream *get_stream(tsr_dst_plan *plan, const char *name) {
  void **place = tsr_bytes_map_get(&plan->streams, name, strlen(name), NULL);
  if (!*place)
    *place = TSR_NEW(plan->env->scratch, tsr_dst_stream);
  return *place;
}

tsr_op *tsr_dst_find_stream(tsr_dst_plan *plan, const char *symbol) {
  return get_stream(plan, symbol)->op;
}

// The first of base, base_1, base_2, ... that is free. Counts from where it
// was last, for many streams may go to one buffer.
static const char *choose_name(tsr_dst_plan *plan, const char *base) {
  tsr_dst_stream *first = get_stream(plan, base);
  const char *name = base;
  while (get_stream(plan, name)->op)
    name = tsr_arena_printf(plan->env->scratch, "%s_%u", base, ++first->copies);
  return tsr_context_intern(plan->context, name);
}

tsr_op *tsr_dst_add_stream(tsr_dst_plan *plan, const char *name,
                           const char *fallback, const char *from,
                           tsr_dst_use_kind kind, const tsr_type *type,
                           tsr_loc loc) {
  tsr_block *body = tsr_op_block(plan->launch, 0);
  tsr_builder builder = tsr_builder_at_end(plan->module, body, loc);
  builder.before = plan->last_stream ? tsr_op_next(plan->last_stream)
                                     : tsr_block_first(body);
  const char *symbol = choose_name(plan, is_word(name) ? name : fallback);
  tsr_op *stream = tsr_build_op(&builder, TSR_OP_stream, NULL, 0, NULL);
  get_stream(plan, symbol)->op = stream;
  tsr_element element = tsr_type_get_element(type);
  const tsr_type *format = tsr_type_tile(plan->context, element, 1, 1);
  bool is_stored = kind == TSR_DST_USE_STORE;
  tsr_op_set_symbol(stream, "name", symbol);
  tsr_op_set_keyword(stream, "from", from);
  tsr_op_set_keyword(stream, "to", is_stored ? "writer" : "compute");
  tsr_op_set_int(stream, "batch", tsr_type_block_tiles(type));
  tsr_op_set_attr(stream, "format", tsr_attr_type(plan->context, format));
  // Straight into DST a float stays whole; the FPU must take it as tf32.
  bool is_whole = element == TSR_ELEMENT_F32 && kind == TSR_DST_USE_COPY;
  if (!is_stored)
    tsr_op_set_keyword(stream, "unpack", is_whole ? "fp32" : "default");
  tsr_op_set_attr(stream, "cores", tsr_op_get_attr(plan->launch, "cores"));
  plan->last_stream = stream;
  return stream;
}

// -- checks -------------------------------------------------------------------

static tsr_result check_cast(tsr_dst_plan *plan, const tsr_op *op) {
  if (!tsr_dst_is_pack_cast(op))
    return TSR_OK;
  const tsr_value *result = tsr_op_result(op, 0);
  for (const tsr_use *u = tsr_value_first_use(result); u; u = tsr_use_next(u)) {
    if (tsr_op_is(tsr_use_get_op(u), TSR_OP_tile_store))
      continue;
    tsr_result error =
        tsr_diag_error(plan->env->diag, op, TSR_DIAG(pack_cast_used));
    tsr_diag_note(plan->env->diag, tsr_use_get_op(u), TSR_DIAG(note_also_used));
    return error;
  }
  return TSR_OK;
}

// The op has a form on its unit.
static tsr_result check_unit(tsr_dst_plan *plan, const tsr_op *op) {
  const tsr_op_info *info = tsr_op_get_info(op);
  const char *unit = tsr_op_get_text(op, "unit");
  bool is_cast = tsr_op_is(op, TSR_OP_tile_cast);
  assert(unit); // state UNITS, which the pass needs
  if (info->fpu == TSR_OP_none && info->sfpu == TSR_OP_none)
    return tsr_diag_error(plan->env->diag, op, TSR_DIAG(no_machine_op),
                          info->mnemonic);
  if ((has_unit(op, "fpu") && info->fpu != TSR_OP_none) ||
      (has_unit(op, "sfpu") && info->sfpu != TSR_OP_none) ||
      (is_cast && (has_unit(op, "pack") || has_unit(op, "unpack"))))
    return check_cast(plan, op);
  return tsr_diag_error(plan->env->diag, op, TSR_DIAG(unit_cannot_run),
                        info->mnemonic, unit);
}

// What DST holds is as wide as DST. Casts and copies keep narrower values in
// it, rounded.
static tsr_result check_width(tsr_dst_plan *plan, const tsr_op *op) {
  bool keeps =
      tsr_op_is(op, TSR_OP_tile_cast) || tsr_op_is(op, TSR_OP_tile_copy);
  tsr_element element = tsr_dst_element(tsr_op_result(op, 0));
  tsr_element want = plan->is_32bit ? TSR_ELEMENT_F32 : TSR_ELEMENT_BF16;
  if (element == want || (keeps && element == TSR_ELEMENT_BF16))
    return TSR_OK;
  return tsr_diag_error(
      plan->env->diag, op, TSR_DIAG(dst_width_differs),
      plan->is_32bit ? 32u : 16u, tsr_element_get_info(want)->name,
      tsr_op_get_mnemonic(op), tsr_element_get_info(element)->name);
}

static tsr_result check_op(tsr_dst_plan *plan, const tsr_op *op) {
  if (!tsr_op_has_trait(op, TSR_TRAIT_TILE_MATH))
    return TSR_OK;
  if (check_unit(plan, op) != TSR_OK)
    return TSR_FAILED;
  return check_width(plan, op);
}

static tsr_result check_block(tsr_dst_plan *plan, const tsr_block *block) {
  tsr_result result = TSR_OK;
  for (const tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op)) {
    if (check_op(plan, op) != TSR_OK)
      result = TSR_FAILED;
    for (size_t b = 0; b < tsr_op_block_count(op); b++)
      if (check_block(plan, tsr_op_block(op, b)) != TSR_OK)
        result = TSR_FAILED;
  }
  return result;
}

// -- one use, one op ----------------------------------------------------------

static tsr_op *clone_op(tsr_dst_plan *plan, const tsr_op *op) {
  tsr_map map;
  tsr_map_init(&map);
  tsr_op *clone = tsr_op_clone(op, plan->module, &map);
  tsr_map_deinit(&map);
  return clone;
}

// Gives each use of the result an op of its own, right before it.
static void sink_cheap_op(tsr_dst_plan *plan, tsr_op *op) {
  tsr_value *value = tsr_op_result(op, 0);
  for (const tsr_use *u = tsr_value_first_use(value), *next; u; u = next) {
    next = tsr_use_next(u);
    tsr_op *user = tsr_use_get_op(u);
    tsr_op *clone = clone_op(plan, op);
    tsr_op_insert_before(clone, user);
    tsr_op_set_operand(user, tsr_use_get_index(u), tsr_op_result(clone, 0));
  }
  tsr_op_erase(op);
}

// From the back: what is sunk to an op that is sunk itself goes on with it.
static void sink_cheap_ops(tsr_dst_plan *plan, tsr_block *block) {
  for (tsr_op *op = tsr_block_last(block), *prev; op; op = prev) {
    prev = tsr_op_prev(op);
    for (size_t b = 0; b < tsr_op_block_count(op); b++)
      sink_cheap_ops(plan, tsr_op_block(op, b));
    if (tsr_op_is(op, TSR_OP_tile_fill) || tsr_op_is(op, TSR_OP_tile_extract))
      sink_cheap_op(plan, op);
  }
}

// -- loads --------------------------------------------------------------------

static bool is_loaded(const tsr_value *value) {
  const tsr_op *def = tsr_value_get_def(value);
  while (tsr_op_is(def, TSR_OP_tile_extract))
    def = tsr_value_get_def(tsr_op_operand(def, 0));
  return is_source(def);
}

static tsr_value *build_copy(tsr_builder *builder, tsr_value *loaded) {
  tsr_value *copy = tsr_build_unary(builder, TSR_OP_tile_copy,
                                    tsr_value_get_type(loaded), loaded);
  tsr_op_set_keyword(tsr_value_get_def(copy), "unit", "fpu");
  return copy;
}

// Which tile of its stream a loaded one is would depend on the iteration that
// carries it, so DST gets it first.
static void copy_carried(tsr_block *block) {
  for (tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op)) {
    for (size_t b = 0; b < tsr_op_block_count(op); b++)
      copy_carried(tsr_op_block(op, b));
    if (!tsr_op_is(op, TSR_OP_for_))
      continue;
    tsr_op *yield = tsr_block_terminator(tsr_op_block(op, 0));
    for (size_t i = 0; i < tsr_op_result_count(op); i++) {
      tsr_value *loaded = tsr_op_operand(yield, i);
      tsr_builder builder = tsr_builder_before(yield);
      if (!is_loaded(loaded))
        continue;
      tsr_op_set_operand(yield, i, build_copy(&builder, loaded));
    }
  }
}

// Unpacking widens on its own: the cast is the copy into DST.
static tsr_op *replace_unpack_cast(tsr_op *op) {
  tsr_builder builder = tsr_builder_before(op);
  tsr_value *cast = tsr_op_result(op, 0);
  tsr_value *copy =
      tsr_build_unary(&builder, TSR_OP_tile_copy, tsr_value_get_type(cast),
                      tsr_op_operand(op, 0));
  tsr_op_set_keyword(tsr_value_get_def(copy), "unit", "fpu");
  tsr_value_set_name(copy, tsr_value_get_name(cast));
  tsr_value_replace_uses(cast, copy);
  tsr_op_erase(op);
  return tsr_value_get_def(copy);
}

static bool is_constant_tile(const tsr_op *op) {
  for (size_t i = 0; i < tsr_op_operand_count(op); i++)
    if (!tsr_value_is_constant(tsr_op_operand(op, i)))
      return false;
  return tsr_op_is(op, TSR_OP_tile_generate);
}

static const char *get_source_name(const tsr_op *op) {
  return tsr_value_get_name(tsr_op_is(op, TSR_OP_tile_load)
                                ? tsr_op_operand(op, 0)
                                : tsr_op_result(op, 0));
}

static void name_stream(tsr_dst_plan *plan, tsr_op *op, tsr_dst_use_kind kind) {
  const tsr_op *stream = tsr_dst_add_stream(
      plan, get_source_name(op), "tile", "reader", kind,
      tsr_value_get_type(tsr_op_result(op, 0)), tsr_op_get_loc(op));
  tsr_op_set_attr(op, "stream", tsr_op_get_attr(stream, "name"));
}

void tsr_dst_move_uses(tsr_value *from, tsr_value *to, uint32_t kinds) {
  for (const tsr_use *u = tsr_value_first_use(from), *next; u; u = next) {
    next = tsr_use_next(u);
    if (kinds & 1u << tsr_dst_get_use_kind(u))
      tsr_op_set_operand(tsr_use_get_op(u), tsr_use_get_index(u), to);
  }
}

static const uint32_t copy_use = 1u << TSR_DST_USE_COPY;
static const uint32_t fpu_use = 1u << TSR_DST_USE_FPU;
static const uint32_t store_use = 1u << TSR_DST_USE_STORE;

tsr_dst_use_kind tsr_dst_choose_compute_kind(const tsr_value *value,
                                             uint32_t kinds) {
  bool is_exact = tsr_dst_element(value) != TSR_ELEMENT_F32;
  return kinds == fpu_use || is_exact ? TSR_DST_USE_FPU : TSR_DST_USE_COPY;
}

tsr_dst_use_kind tsr_dst_choose_kind(const tsr_value *value) {
  uint32_t kinds = tsr_dst_get_use_kinds(value);
  return kinds == store_use ? TSR_DST_USE_STORE
                            : tsr_dst_choose_compute_kind(value, kinds);
}

// Gives extracts of `value` whose tiles are used in one of `kinds` a copy, and
// returns the kinds of such uses that are left. Each extract has one use.
static uint32_t copy_extracts(tsr_value *value, uint32_t kinds) {
  uint32_t left = 0;
  for (const tsr_use *u = tsr_value_first_use(value), *next; u; u = next) {
    next = tsr_use_next(u);
    tsr_op *op = tsr_use_get_op(u);
    uint32_t kind = 1u << tsr_dst_get_use_kind(u);
    if (!(kinds & kind) || !tsr_op_is(op, TSR_OP_tile_extract)) {
      left |= kinds & kind;
      continue;
    }
    const tsr_use *use = tsr_value_first_use(tsr_op_result(op, 0));
    tsr_op *user = tsr_use_get_op(use);
    size_t operand = tsr_use_get_index(use);
    tsr_builder builder = tsr_builder_before(user);
    tsr_op_set_operand(user, operand,
                       build_copy(&builder, tsr_op_result(op, 0)));
  }
  return left;
}

void tsr_dst_serve_others(tsr_value *value, tsr_dst_use_kind kind,
                          tsr_builder builder) {
  uint32_t served = 1u << kind;
  if (kind != TSR_DST_USE_STORE && tsr_dst_element(value) != TSR_ELEMENT_F32)
    served = copy_use | fpu_use;
  uint32_t others =
      copy_extracts(value, tsr_dst_get_use_kinds(value) & ~served);
  if (!others)
    return;
  tsr_value *copy = build_copy(&builder, value);
  tsr_value_set_name(copy, tsr_value_get_name(value));
  tsr_dst_move_uses(value, copy, others);
  tsr_op_set_operand(tsr_value_get_def(copy), 0, value);
}

static tsr_result check_source(tsr_dst_plan *plan, const tsr_op *op) {
  const tsr_value *tile = tsr_op_result(op, 0);
  if (tsr_dst_element(tile) != TSR_ELEMENT_F32 ||
      tsr_dst_get_use_kinds(tile) == store_use)
    return TSR_OK;
  plan->needs_32bit = true;
  if (plan->is_32bit)
    return TSR_OK;
  return tsr_diag_error(plan->env->diag, op, TSR_DIAG(dst_f32_in_16_bit));
}

// Stores tile by tile what `store` stores: extract and copy need little room.
static void store_by_tile(tsr_dst_plan *plan, tsr_op *store) {
  tsr_builder builder = tsr_builder_before(store);
  tsr_value *block = tsr_op_operand(store, 0);
  const tsr_type *type = tsr_value_get_type(block);
  size_t rank = tsr_op_group_size(store, 2);
  bool is_short = tsr_op_group_size(store, 3) > 0;
  uint32_t sides[] = {tsr_type_get_desc(type)->block_rows,
                      tsr_type_get_desc(type)->block_cols};
  tsr_value **operands =
      TSR_NEW_ARRAY(plan->env->scratch, tsr_value *, 2 + rank);
  tsr_value *extracted[] = {block, NULL, NULL};
  for (size_t i = 0; i < 2 + rank; i++)
    operands[i] = tsr_op_operand(store, i);
  for (size_t side = 0; side < 2; side++) {
    tsr_value *end = is_short ? tsr_op_group_operand(store, 3, side)
                              : tsr_module_index(plan->module, sides[side]);
    tsr_builder body;
    tsr_op *loop = tsr_build_for(&builder, tsr_module_index(plan->module, 0),
                                 end, NULL, 0, side ? "col" : "row", &body);
    tsr_value **index = &operands[rank + side];
    extracted[1 + side] = tsr_block_arg(tsr_op_block(loop, 0), 0);
    *index = tsr_build_index(&body, TSR_OP_add, *index, extracted[1 + side]);
    builder = body;
  }
  const tsr_type *tile =
      tsr_type_tile(plan->context, tsr_type_get_element(type), 1, 1);
  tsr_op *extract =
      tsr_build_op(&builder, TSR_OP_tile_extract, tile, 3, extracted);
  operands[0] = build_copy(&builder, tsr_op_result(extract, 0));
  uint32_t groups[] = {1, 1, (uint32_t)rank, 0};
  tsr_op_desc desc = {.kind = TSR_OP_tile_store,
                      .operands = operands,
                      .operand_count = 2 + rank,
                      .groups = groups};
  tsr_map_set(&plan->store_order, tsr_build(&builder, &desc),
              tsr_map_find(&plan->store_order, store));
  tsr_op_erase(store);
}

// Stores of a block that DST does not hold go tile by tile, where a copy in DST
// has to serve them.
static void cut_stores(tsr_dst_plan *plan, tsr_value *value) {
  if (tsr_type_block_tiles(tsr_value_get_type(value)) <= plan->capacity ||
      tsr_dst_choose_kind(value) == TSR_DST_USE_STORE)
    return;
  for (const tsr_use *u = tsr_value_first_use(value), *next; u; u = next) {
    next = tsr_use_next(u);
    if (tsr_op_is(tsr_use_get_op(u), TSR_OP_tile_store))
      store_by_tile(plan, tsr_use_get_op(u));
  }
}

// Gives `op` one stream. What that cannot serve takes a copy from DST. So a
// tile that is updated in place stays loaded once: the store that followed from
// the last load of it still does.
static void share_source(tsr_dst_plan *plan, tsr_op *op) {
  tsr_value *value = tsr_op_result(op, 0);
  cut_stores(plan, value);
  tsr_dst_use_kind kind = tsr_dst_choose_kind(value);
  tsr_builder builder = tsr_builder_before(op);
  builder.before = tsr_op_next(op);
  tsr_dst_serve_others(value, kind, builder);
  name_stream(plan, op, kind);
}

// Gives `op` a stream, and a copy of `op` one for each further kind of use.
static void split_source(tsr_dst_plan *plan, tsr_op *op) {
  tsr_value *value = tsr_op_result(op, 0);
  uint32_t kinds = tsr_dst_get_use_kinds(value);
  // The FPU and a copy into DST see the same in 16 bits.
  bool is_exact = tsr_dst_element(value) != TSR_ELEMENT_F32;
  uint32_t together = is_exact ? copy_use | fpu_use : 0;
  tsr_op *at = NULL;
  for (unsigned kind = 0; kind < TSR_DST_USE_COUNT; kind++) {
    uint32_t set = 1u << kind;
    if (!(kinds & set))
      continue;
    if (set & together)
      set = together;
    kinds &= ~set;
    if (at) {
      tsr_op *clone = clone_op(plan, op);
      tsr_op_insert_after(clone, at);
      tsr_dst_move_uses(value, tsr_op_result(clone, 0), set);
      at = clone;
    } else {
      at = op;
    }
    name_stream(plan, at, (tsr_dst_use_kind)kind);
  }
}

static tsr_result prepare_sources(tsr_dst_plan *plan, tsr_block *block) {
  tsr_result result = TSR_OK;
  for (tsr_op *op = tsr_block_first(block), *next; op; op = next) {
    next = tsr_op_next(op);
    if (is_source(op) && check_source(plan, op) != TSR_OK)
      result = TSR_FAILED;
    else if (tsr_dst_is_of_updated(plan, op)) {
      share_source(plan, op);
      next = tsr_op_next(op); // a store may have gone
    } else if (is_source(op))
      split_source(plan, op);
    for (size_t b = 0; b < tsr_op_block_count(op); b++)
      if (prepare_sources(plan, tsr_op_block(op, b)) != TSR_OK)
        result = TSR_FAILED;
  }
  return result;
}

// Constant tiles are built once per core, not once per iteration: they move in
// front of `top`.
static void hoist_constant_tiles(tsr_block *block, tsr_op *top) {
  for (tsr_op *op = tsr_block_first(block), *next; op; op = next) {
    next = tsr_op_next(op);
    for (size_t b = 0; b < tsr_op_block_count(op); b++)
      hoist_constant_tiles(tsr_op_block(op, b), top);
    if (block == tsr_op_get_parent_block(top) || !is_constant_tile(op))
      continue;
    tsr_op_remove(op);
    tsr_op_insert_before(op, top);
  }
}

static void replace_unpack_casts(tsr_block *block) {
  for (tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op)) {
    for (size_t b = 0; b < tsr_op_block_count(op); b++)
      replace_unpack_casts(tsr_op_block(op, b));
    if (tsr_op_is(op, TSR_OP_tile_cast) && has_unit(op, "unpack"))
      op = replace_unpack_cast(op);
  }
}

// -- all of it ----------------------------------------------------------------

static uintptr_t number_stores(tsr_dst_plan *plan, const tsr_block *block,
                               uintptr_t count) {
  for (const tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op)) {
    if (tsr_op_is(op, TSR_OP_tile_store)) {
      tsr_map_set(&plan->store_order, op, (void *)++count);
      tsr_map_set(&plan->stored, tsr_op_operand(op, 1), NULL);
    }
    for (size_t b = 0; b < tsr_op_block_count(op); b++)
      count = number_stores(plan, tsr_op_block(op, b), count);
  }
  return count;
}

tsr_result tsr_dst_prepare(tsr_dst_plan *plan) {
  tsr_block *body = tsr_op_block(plan->launch, 0);
  const tsr_dead_options options = {.takes_places = true};
  tsr_remove_dead(plan->launch, &options, plan->env->scratch);
  if (!tsr_block_first(body))
    return TSR_OK;
  if (check_block(plan, body) != TSR_OK)
    return TSR_FAILED;
  copy_carried(body);
  sink_cheap_ops(plan, body);
  replace_unpack_casts(body);
  hoist_constant_tiles(body, tsr_block_first(body));
  number_stores(plan, body, 0);
  return prepare_sources(plan, body);
}
