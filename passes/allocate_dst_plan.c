// allocate-dst: slots for the ops of a section, one after the other.
//
// A linear scan that never looks back: a value gets its slot where it is made
// and gives it up after its last use. A use the section does not reach (a
// store, a later section) is never counted off, so what leaves the section
// holds its slot until the end, when it is packed.

#include "allocate_dst.h"

#include <assert.h>
#include <math.h>

void tsr_dst_add_edit(tsr_dst_plan *plan, tsr_dst_edit edit) {
  tsr_dst_edit *kept = TSR_NEW(plan->env->scratch, tsr_dst_edit);
  *kept = edit;
  tsr_vec_append(&plan->edits, kept);
}

tsr_dst_value *tsr_dst_plan_copy(tsr_dst_plan *plan, tsr_op *op, size_t operand,
                                 const tsr_dst_value *from, tsr_value *stream,
                                 uint32_t slot) {
  const tsr_type *type = from ? from->type : tsr_value_get_type(stream);
  tsr_dst_value *copy = tsr_dst_add_value(plan, NULL, type, slot, 1);
  tsr_dst_add_edit(plan, (tsr_dst_edit){.kind = TSR_DST_EDIT_COPY,
                                        .op = op,
                                        .stream = stream,
                                        .from = from,
                                        .to = copy,
                                        .slot = slot});
  tsr_dst_add_edit(plan, (tsr_dst_edit){.kind = TSR_DST_EDIT_USE,
                                        .op = op,
                                        .operand = operand,
                                        .to = copy});
  return copy;
}

static uint32_t get_hint(const tsr_dst_plan *plan, const tsr_value *value) {
  return (uint32_t)(uintptr_t)tsr_map_find(&plan->hints, value);
}

// -- copies of stream values --------------------------------------------------

// The copy of a stream value that ops of one block share while there is room.
typedef struct cache {
  const tsr_block *block;
  uint32_t section, attempt;
  uint32_t uses_left; // copying uses in the block still to come
  tsr_dst_value *copy;
} cache;

// Of a value with more uses than this we only know that there are many: each
// section would count them again.
static const uint32_t counted_uses_max = 64;

// Uses in `block` that copy. What earlier sections copied no longer uses the
// stream; what this one did may be counted again after nested blocks, and then
// the copy stays longer than it had to.
static uint32_t count_copies(const tsr_value *stream, const tsr_block *block) {
  uint32_t count = 0, seen = 0;
  for (const tsr_use *u = tsr_value_first_use(stream); u; u = tsr_use_next(u)) {
    if (++seen > counted_uses_max)
      return UINT32_MAX / 2;
    count += tsr_op_get_parent_block(tsr_use_get_op(u)) == block &&
             tsr_dst_get_use_kind(u) == TSR_DST_USE_COPY;
  }
  return count;
}

static cache *get_cache(tsr_dst_plan *plan, tsr_value *stream) {
  cache *c = tsr_map_find(&plan->caches, stream);
  if (!c) {
    c = TSR_NEW(plan->env->scratch, cache);
    tsr_map_set(&plan->caches, stream, c);
  }
  if (c->block == plan->at && c->section == plan->section &&
      c->attempt == plan->attempt)
    return c;
  *c = (cache){.block = plan->at,
               .section = plan->section,
               .attempt = plan->attempt,
               .uses_left = count_copies(stream, plan->at)};
  return c;
}

// The copy of `stream` in DST that operand `operand` of `op` uses; NULL when
// there is no room for it.
static tsr_dst_value *use_copy(tsr_dst_plan *plan, tsr_op *op, size_t operand,
                               tsr_value *stream) {
  cache *c = get_cache(plan, stream);
  if (c->copy && c->copy->is_live && c->copy->section == plan->section) {
    tsr_dst_add_edit(plan, (tsr_dst_edit){.kind = TSR_DST_EDIT_USE,
                                          .op = op,
                                          .operand = operand,
                                          .to = c->copy});
    c->uses_left--;
    return c->copy;
  }
  uint32_t width = tsr_type_block_tiles(tsr_value_get_type(stream)), slot;
  if (!tsr_dst_allocate(plan, width, 0, false, &slot))
    return NULL;
  c->copy = tsr_dst_plan_copy(plan, op, operand, NULL, stream, slot);
  c->copy->is_cache = true;
  c->copy->uses_left = c->uses_left--;
  return c->copy;
}

// -- operands -----------------------------------------------------------------

enum { OPERANDS_MAX = 3 };

// The operands of one op that are, or come to be, in DST.
typedef struct operands {
  tsr_dst_value *values[OPERANDS_MAX]; // NULL: not in DST
  size_t count;
} operands;

static bool needs_stream(const tsr_dst_plan *plan, const tsr_op *op) {
  for (size_t i = 0; i < tsr_op_operand_count(op); i++)
    if (tsr_dst_is_fpu_operand(op, i) &&
        tsr_dst_find(plan, tsr_op_operand(op, i)))
      return true;
  return false;
}

// Finds the operands, copies streams, and locks all so that finding one cannot
// drop another.
static bool lock_operands(tsr_dst_plan *plan, tsr_op *op, operands *out) {
  out->count = tsr_op_operand_count(op);
  assert(out->count <= OPERANDS_MAX);
  for (size_t i = 0; i < out->count; i++) {
    tsr_value *value = tsr_op_operand(op, i);
    if (!tsr_dst_is_tile(value) || tsr_dst_is_fpu_operand(op, i))
      continue;
    tsr_dst_value *found = tsr_dst_find(plan, value);
    if (!found)
      found = use_copy(plan, op, i, value);
    if (!found)
      return false;
    found->pins++;
    out->values[i] = found;
  }
  return true;
}

static uint32_t count_operand(const operands *all, const tsr_dst_value *value) {
  uint32_t count = 0;
  for (size_t i = 0; i < all->count; i++)
    count += all->values[i] == value;
  return count;
}

// `op` may write its result over this operand: nothing else needs it.
static bool can_overwrite(const tsr_dst_plan *plan, const operands *all,
                          tsr_dst_value *value) {
  uint32_t count = count_operand(all, value);
  value->pins -= count;
  bool result = tsr_dst_can_take(plan, value, count);
  value->pins += count;
  return result;
}

// `op` may write over this copy of a stream's tile, which is then copied again
// for those who come later.
static bool can_spoil(const tsr_dst_plan *plan, const operands *all,
                      const tsr_dst_value *value) {
  for (uint32_t i = 0; i < value->width; i++)
    if (plan->refs[value->slot + i] != 1)
      return false;
  return value->is_cache && value->pins == count_operand(all, value);
}

static void consume_operands(tsr_dst_plan *plan, const operands *all) {
  for (size_t i = 0; i < all->count; i++)
    if (all->values[i])
      all->values[i]->pins--;
  for (size_t i = 0; i < all->count; i++)
    if (all->values[i] && all->values[i]->is_live)
      tsr_dst_consume(plan, all->values[i]);
}

// -- results ------------------------------------------------------------------

static void set_slot(tsr_dst_plan *plan, tsr_op *op, uint32_t slot) {
  tsr_dst_add_edit(
      plan, (tsr_dst_edit){.kind = TSR_DST_EDIT_SLOT, .op = op, .slot = slot});
}

// The result of `op` is in `slot` from now on.
static void define(tsr_dst_plan *plan, tsr_op *op, uint32_t slot) {
  tsr_value *result = tsr_op_result(op, 0);
  tsr_dst_add_value(plan, result, tsr_value_get_type(result), slot,
                    tsr_dst_count_uses(result));
}

// Room for a result that overwrites no operand.
static tsr_dst_fit place_anew(tsr_dst_plan *plan, tsr_op *op, bool fresh,
                              uint32_t *out_slot) {
  const tsr_value *result = tsr_op_result(op, 0);
  uint32_t width = tsr_type_block_tiles(tsr_value_get_type(result));
  return tsr_dst_allocate(plan, width, get_hint(plan, result), fresh, out_slot)
             ? TSR_DST_FITS
             : TSR_DST_FULL;
}

// Operand `i` is where the result must be: one that is needed afterwards is
// copied first.
static tsr_dst_fit place_over(tsr_dst_plan *plan, tsr_op *op, operands *all,
                              size_t i, uint32_t *out_slot) {
  tsr_dst_value *value = all->values[i];
  if (can_overwrite(plan, all, value)) {
    *out_slot = value->slot;
    return TSR_DST_FITS;
  }
  if (can_spoil(plan, all, value)) {
    // The copy ends here, whatever hoped to use it later.
    *out_slot = value->slot;
    value->uses_left = count_operand(all, value);
    return TSR_DST_FITS;
  }
  if (place_anew(plan, op, false, out_slot) != TSR_DST_FITS)
    return TSR_DST_FULL;
  value->pins--;
  tsr_dst_consume(plan, value);
  all->values[i] = tsr_dst_plan_copy(plan, op, i, value, NULL, *out_slot);
  all->values[i]->pins++;
  return TSR_DST_FITS;
}

// The operand that ends here and whose slot serves best: where the value should
// go to in the end, or else the first; of a choice, the value chosen.
static tsr_dst_value *find_overwritable(const tsr_dst_plan *plan,
                                        const tsr_op *op, const operands *all,
                                        uint32_t hint) {
  size_t first = tsr_op_is(op, TSR_OP_tile_where) ? 1 : 0;
  tsr_dst_value *best = NULL;
  for (size_t k = 0; k < all->count; k++) {
    tsr_dst_value *value = all->values[(first + k) % all->count];
    if (value && can_overwrite(plan, all, value) &&
        (!best || value->slot + 1 == hint))
      best = value;
  }
  return best;
}

// The result may be anywhere: where it should go to in the end, over an operand
// that ends here, in a free slot, or over a copy that can be made again.
static tsr_dst_fit place_anywhere(tsr_dst_plan *plan, tsr_op *op, operands *all,
                                  uint32_t *out_slot) {
  const tsr_value *result = tsr_op_result(op, 0);
  uint32_t width = tsr_type_block_tiles(tsr_value_get_type(result));
  uint32_t hint = get_hint(plan, result);
  tsr_dst_value *over = find_overwritable(plan, op, all, hint);
  bool is_hint_free = hint && tsr_dst_is_free(plan, hint - 1, width, false);
  if (over && !is_hint_free) {
    *out_slot = over->slot;
    return TSR_DST_FITS;
  }
  if (place_anew(plan, op, false, out_slot) == TSR_DST_FITS)
    return TSR_DST_FITS;
  for (size_t i = 0; i < all->count; i++)
    if (all->values[i] && can_spoil(plan, all, all->values[i])) {
      all->values[i]->uses_left = count_operand(all, all->values[i]);
      *out_slot = all->values[i]->slot;
      return TSR_DST_FITS;
    }
  return TSR_DST_FULL;
}

// -- fills --------------------------------------------------------------------

// The loop runs at least once: its bounds are constants, or it counts up to
// the extent of a buffer.
static bool runs_at_least_once(const tsr_op *loop) {
  int64_t from, to;
  if (!tsr_value_is_index(tsr_op_operand(loop, 0), &from))
    return false;
  if (tsr_value_is_index(tsr_op_operand(loop, 1), &to))
    return from < to;
  const tsr_op *def = tsr_value_get_def(tsr_op_operand(loop, 1));
  return from == 0 && tsr_op_is(def, TSR_OP_buffer_dim);
}

static bool is_packed_only(const tsr_value *value);

// The use is the packer's, which reads a slot that was never written as zero.
static bool is_packed(const tsr_use *use) {
  const tsr_op *op = tsr_use_get_op(use);
  return tsr_op_is(op, TSR_OP_tile_store) ||
         (tsr_dst_is_pack_cast(op) && is_packed_only(tsr_op_result(op, 0)));
}

static bool is_packed_only(const tsr_value *value) {
  for (const tsr_use *u = tsr_value_first_use(value); u; u = tsr_use_next(u))
    if (!is_packed(u))
      return false;
  return true;
}

static const tsr_block *get_home(const tsr_value *value) {
  const tsr_op *def = tsr_value_get_def(value);
  return def ? tsr_op_get_parent_block(def) : tsr_value_get_block(value);
}

// Only the FPU, which reads a slot that was never written as zero, and the
// packer see the zero `value`. To the SFPU such a slot is undefined, and it is
// the SFPU that copies a value which another op, or the next round of a loop,
// reads as well.
static bool needs_no_fill(const tsr_value *value) {
  const tsr_use *use = tsr_value_first_use(value);
  if (!use)
    return true;
  const tsr_op *op = tsr_use_get_op(use);
  size_t i = tsr_use_get_index(use);
  if (tsr_use_next(use) || tsr_op_get_parent_block(op) != get_home(value))
    return false;
  if (tsr_op_is(op, TSR_OP_tile_mma))
    return i == 2;
  if (!tsr_op_is(op, TSR_OP_for_) || i < 3)
    return false;
  return needs_no_fill(tsr_block_arg(tsr_op_block(op, 0), i - 2)) &&
         (runs_at_least_once(op) || is_packed_only(tsr_op_result(op, i - 3)));
}

static bool is_zero(const tsr_op *fill) {
  const tsr_attr *value = tsr_op_get_attr(fill, "value");
  if (tsr_attr_get_kind(value) == TSR_ATTR_INT)
    return tsr_attr_get_int(value) == 0;
  return tsr_attr_get_float(value) == 0 && !signbit(tsr_attr_get_float(value));
}

static tsr_dst_fit plan_fill(tsr_dst_plan *plan, tsr_op *op) {
  uint32_t slot;
  bool clears = is_zero(op) && needs_no_fill(tsr_op_result(op, 0)) &&
                place_anew(plan, op, true, &slot) == TSR_DST_FITS;
  if (!clears && place_anew(plan, op, false, &slot) != TSR_DST_FITS)
    return TSR_DST_FULL;
  define(plan, op, slot);
  if (!clears)
    set_slot(plan, op, slot);
  else
    tsr_dst_add_edit(
        plan, (tsr_dst_edit){.kind = TSR_DST_EDIT_CLEAR,
                             .op = op,
                             .to = tsr_dst_find(plan, tsr_op_result(op, 0)),
                             .slot = slot});
  return TSR_DST_FITS;
}

// -- blocks -------------------------------------------------------------------

// The place of one tile in a block that is in DST, counted from its first slot.
static bool get_offset(const tsr_op *op, size_t block, uint32_t *out_offset) {
  int64_t row, col;
  if (!tsr_value_is_index(tsr_op_operand(op, block + 1), &row) ||
      !tsr_value_is_index(tsr_op_operand(op, block + 2), &col))
    return false;
  const tsr_type *type = tsr_value_get_type(tsr_op_operand(op, block));
  *out_offset =
      (uint32_t)row * tsr_type_get_desc(type)->block_cols + (uint32_t)col;
  return true;
}

static tsr_dst_fit refuse_dynamic(tsr_dst_plan *plan, const tsr_op *op) {
  tsr_diag_error(plan->env->diag, op, TSR_DIAG(dst_block_index));
  return TSR_DST_ERROR;
}

// A tile of a block in DST is where it is; of a stream, a page.
static tsr_dst_fit plan_extract(tsr_dst_plan *plan, tsr_op *op) {
  tsr_dst_value *block = tsr_dst_find(plan, tsr_op_operand(op, 0));
  if (!block)
    return TSR_DST_FITS;
  uint32_t offset;
  if (!get_offset(op, 0, &offset))
    return refuse_dynamic(plan, op);
  define(plan, op, block->slot + offset);
  tsr_dst_consume(plan, block);
  return TSR_DST_FITS;
}

// The tile is copied to its place in the block, which goes on as the result.
static tsr_dst_fit plan_insert(tsr_dst_plan *plan, tsr_op *op) {
  uint32_t offset, slot;
  if (!get_offset(op, 1, &offset))
    return refuse_dynamic(plan, op);
  tsr_value *value = tsr_op_operand(op, 0);
  operands all = {.count = 2};
  tsr_value *block = tsr_op_operand(op, 1);
  all.values[1] = tsr_dst_find(plan, block);
  if (!all.values[1])
    all.values[1] = use_copy(plan, op, 1, block);
  if (!all.values[1])
    return TSR_DST_FULL;
  all.values[1]->pins++;
  tsr_dst_value *tile = tsr_dst_find(plan, value);
  if (tile)
    tile->pins++;
  if (place_over(plan, op, &all, 1, &slot) != TSR_DST_FITS)
    return TSR_DST_FULL;
  if (tile)
    tile->pins--;
  all.values[0] =
      tsr_dst_plan_copy(plan, op, 0, tile, tile ? NULL : value, slot + offset);
  all.values[0]->pins++;
  if (tile)
    tsr_dst_consume(plan, tile);
  consume_operands(plan, &all);
  define(plan, op, slot);
  return TSR_DST_FITS;
}

static tsr_dst_fit plan_empty(tsr_dst_plan *plan, tsr_op *op) {
  uint32_t slot;
  if (place_anew(plan, op, false, &slot) != TSR_DST_FITS)
    return TSR_DST_FULL;
  define(plan, op, slot);
  set_slot(plan, op, slot);
  return TSR_DST_FITS;
}

// -- ops ----------------------------------------------------------------------

// What is packed in another format shares the slot with what it was.
static tsr_dst_fit plan_pack_cast(tsr_dst_plan *plan, tsr_op *op) {
  operands all = {.count = 0};
  if (!lock_operands(plan, op, &all))
    return TSR_DST_FULL;
  uint32_t slot = all.values[0]->slot;
  define(plan, op, slot);
  consume_operands(plan, &all);
  set_slot(plan, op, slot);
  return TSR_DST_FITS;
}

static tsr_dst_fit place_result(tsr_dst_plan *plan, tsr_op *op, operands *all,
                                uint32_t *out_slot) {
  if (tsr_op_is(op, TSR_OP_tile_mma))
    return place_over(plan, op, all, 2, out_slot);
  bool is_fpu = tsr_dst_is_fpu_operand(op, 0);
  // The FPU's mul adds to its slot, which is zero only at first.
  if (is_fpu)
    return place_anew(plan, op, tsr_op_is(op, TSR_OP_tile_mul), out_slot);
  // A copy within DST goes elsewhere; the other unary ops work in place.
  if (tsr_op_is(op, TSR_OP_tile_copy))
    return place_anew(plan, op, false, out_slot);
  if (all->count == 1)
    return place_over(plan, op, all, 0, out_slot);
  return place_anywhere(plan, op, all, out_slot);
}

static tsr_dst_fit plan_math(tsr_dst_plan *plan, tsr_op *op) {
  if (needs_stream(plan, op))
    return TSR_DST_NEEDS_STREAM;
  operands all = {.count = 0};
  uint32_t slot;
  if (!lock_operands(plan, op, &all) ||
      place_result(plan, op, &all, &slot) != TSR_DST_FITS)
    return TSR_DST_FULL;
  consume_operands(plan, &all);
  define(plan, op, slot);
  set_slot(plan, op, slot);
  return TSR_DST_FITS;
}

tsr_dst_fit tsr_dst_plan_op(tsr_dst_plan *plan, tsr_op *op) {
  if (tsr_op_is(op, TSR_OP_for_))
    return tsr_dst_plan_for(plan, op);
  if (tsr_op_is(op, TSR_OP_if_))
    return tsr_dst_plan_if(plan, op);
  if (tsr_op_is(op, TSR_OP_tile_fill))
    return plan_fill(plan, op);
  if (tsr_op_is(op, TSR_OP_tile_extract))
    return plan_extract(plan, op);
  if (tsr_op_is(op, TSR_OP_tile_insert))
    return plan_insert(plan, op);
  if (tsr_op_is(op, TSR_OP_tile_empty))
    return plan_empty(plan, op);
  if (tsr_dst_is_pack_cast(op))
    return plan_pack_cast(plan, op);
  return plan_math(plan, op);
}

// What a section must plan; the rest is index math, loads and their like.
static bool is_planned(tsr_dst_plan *plan, const tsr_op *op) {
  switch ((int)tsr_op_get_kind(op)) {
  case TSR_OP_tile_extract:
  case TSR_OP_tile_insert:
  case TSR_OP_tile_empty:
    return true;
  case TSR_OP_for_:
  case TSR_OP_if_:
    return tsr_dst_get_contents(plan, op) & TSR_DST_HOLDS_TILES;
  }
  return tsr_op_has_trait(op, TSR_TRAIT_TILE_MATH);
}

tsr_dst_fit tsr_dst_plan_block(tsr_dst_plan *plan, tsr_block *block) {
  tsr_block *outer = plan->at;
  plan->at = block;
  tsr_dst_fit fit = TSR_DST_FITS;
  for (tsr_op *op = tsr_block_first(block); op && fit == TSR_DST_FITS;
       op = tsr_op_next(op))
    if (is_planned(plan, op))
      fit = tsr_dst_plan_op(plan, op);
  plan->at = outer;
  return fit;
}
