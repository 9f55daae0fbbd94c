// allocate-dst: from a plan to a section.

#include "allocate_dst.h"

#include "tessera/rewrite.h"

#include <assert.h>
#include <string.h>

void tsr_dst_open(tsr_dst_plan *plan, tsr_block *block) {
  plan->section++;
  plan->block = plan->at = block;
  plan->ops.size = plan->edits.size = plan->created.size = plan->live.size = 0;
  tsr_map_clear(&plan->loaded);
  memset(plan->refs, 0, sizeof plan->refs);
  memset(plan->touched, 0, sizeof plan->touched);
}

// -- edits --------------------------------------------------------------------

static void make_copy(const tsr_dst_edit *edit) {
  tsr_builder builder = tsr_builder_before(edit->op);
  tsr_value *source = edit->from ? edit->from->value : edit->stream;
  // What a stream brings is as wide in DST as DST is; its format stays.
  tsr_value *copy = tsr_build_unary(&builder, TSR_OP_tile_copy,
                                    tsr_value_get_type(source), source);
  tsr_op *op = tsr_value_get_def(copy);
  tsr_op_set_keyword(op, "unit", edit->from ? "sfpu" : "fpu");
  tsr_op_set_int(op, "dst", edit->slot);
  tsr_value_set_name(copy, tsr_value_get_name(source));
  edit->to->value = copy;
}

static void make_cleared(tsr_dst_plan *plan, const tsr_dst_edit *edit) {
  tsr_value *fill = tsr_op_result(edit->op, 0);
  tsr_builder builder = tsr_builder_before(edit->op);
  tsr_op *op = tsr_build_op(&builder, TSR_OP_dst_cleared,
                            tsr_value_get_type(fill), 0, NULL);
  tsr_op_set_int(op, "dst", edit->slot);
  tsr_value *cleared = tsr_op_result(op, 0);
  tsr_value_set_name(cleared, tsr_value_get_name(fill));
  tsr_value_replace_uses(fill, cleared);
  edit->to->value = cleared;
  for (size_t i = 0; i < plan->ops.size; i++)
    if (plan->ops.data[i] == edit->op)
      plan->ops.data[i] = op;
  tsr_op_erase(edit->op);
}

static void apply_edits(tsr_dst_plan *plan) {
  for (size_t i = 0; i < plan->edits.size; i++) {
    const tsr_dst_edit *edit = plan->edits.data[i];
    switch (edit->kind) {
    case TSR_DST_EDIT_COPY:
      make_copy(edit);
      break;
    case TSR_DST_EDIT_USE:
      tsr_op_set_operand(edit->op, edit->operand, edit->to->value);
      break;
    case TSR_DST_EDIT_SLOT:
      tsr_op_set_int(edit->op, "dst", edit->slot);
      break;
    case TSR_DST_EDIT_CLEAR:
      make_cleared(plan, edit);
      break;
    }
  }
}

// -- what leaves the section --------------------------------------------------

// A section that is made of its plan.
typedef struct section {
  tsr_dst_plan *plan;
  tsr_map inside;       // op of the block, to itself when it goes in
  tsr_op *first, *last; // of the ops that go in
  tsr_vec values;       // that are packed, of tsr_value
  tsr_vec streams;      // where to, of tsr_op
  tsr_vec takers;       // who reads them there, of taker
} section;

// Who takes a packed value: uses of one kind, or one operand of the op that
// hands a carried value on.
typedef struct taker {
  uint32_t kinds;   // set of 1u << tsr_dst_use_kind
  tsr_op *hands_on; // a loop or a yield; NULL: by kinds
  size_t operand;   // of `hands_on`
} taker;

static bool is_inside(const section *s, const tsr_op *op) {
  const tsr_op *top = tsr_block_find_ancestor(s->plan->block, op);
  return top && tsr_map_has(&s->inside, top);
}

// The streams that `use` hands a carried or yielded value to, or NULL.
static const char *find_handover(const tsr_dst_plan *plan, const tsr_op *op,
                                 size_t operand) {
  const tsr_dst_streams *streams;
  if (tsr_op_is(op, TSR_OP_for_)) {
    streams = tsr_map_find(&plan->handed, op);
    return streams && operand >= 3 ? streams->symbols[operand - 3] : NULL;
  }
  if (!tsr_op_is(op, TSR_OP_yield) ||
      tsr_op_get_parent_block(op) != plan->block)
    return NULL;
  streams = tsr_map_find(&plan->handed, tsr_op_get_parent(op));
  return streams ? streams->symbols[operand] : NULL;
}

static void pack(section *s, tsr_value *value, tsr_op *stream, taker who) {
  taker *kept = TSR_NEW(s->plan->env->scratch, taker);
  *kept = who;
  tsr_vec_append(&s->values, value);
  tsr_vec_append(&s->streams, stream);
  tsr_vec_append(&s->takers, kept);
}

// The first store of `value`, in program order.
static const tsr_op *find_first_store(const tsr_dst_plan *plan,
                                      const tsr_value *value) {
  const tsr_op *first = NULL;
  uintptr_t first_order = UINTPTR_MAX;
  for (const tsr_use *u = tsr_value_first_use(value); u; u = tsr_use_next(u)) {
    const tsr_op *op = tsr_use_get_op(u);
    while (tsr_op_is(op, TSR_OP_tile_extract))
      op = tsr_use_get_op(tsr_value_first_use(tsr_op_result(op, 0)));
    uintptr_t order = (uintptr_t)tsr_map_find(&plan->store_order, op);
    if (order && order < first_order) {
      first_order = order;
      first = op;
    }
  }
  return first;
}

static void pack_for(section *s, tsr_value *value, tsr_dst_use_kind kind,
                     uint32_t kinds) {
  const tsr_type *type = tsr_value_get_type(value);
  const char *name = tsr_value_get_name(value);
  if (kind == TSR_DST_USE_STORE)
    name =
        tsr_value_get_name(tsr_op_operand(find_first_store(s->plan, value), 1));
  tsr_op *stream = tsr_dst_add_stream(
      s->plan, name, kind == TSR_DST_USE_STORE ? "out" : "partial", "compute",
      kind, type, tsr_op_get_loc(s->last));
  pack(s, value, stream, (taker){.kinds = kinds});
}

// One stream for each kind of use outside; 16-bit tiles reach DST whole either
// way, so there the FPU and a copy can share.
static void pack_by_kind(section *s, tsr_value *value, uint32_t kinds) {
  const uint32_t copy = 1u << TSR_DST_USE_COPY, fpu = 1u << TSR_DST_USE_FPU;
  if (kinds & (1u << TSR_DST_USE_STORE))
    pack_for(s, value, TSR_DST_USE_STORE, 1u << TSR_DST_USE_STORE);
  bool shares = tsr_dst_element(value) != TSR_ELEMENT_F32;
  if (shares && (kinds & (copy | fpu))) {
    pack_for(s, value, TSR_DST_USE_FPU, copy | fpu);
    return;
  }
  if (kinds & fpu)
    pack_for(s, value, TSR_DST_USE_FPU, fpu);
  if (kinds & copy)
    pack_for(s, value, TSR_DST_USE_COPY, copy);
}

// A cast that only the packer makes belongs to the section that packs.
static void pull_pack_casts(section *s, tsr_value *value, uint32_t slot) {
  for (const tsr_use *u = tsr_value_first_use(value), *next; u; u = next) {
    next = tsr_use_next(u);
    tsr_op *op = tsr_use_get_op(u);
    if (!tsr_dst_is_pack_cast(op) || is_inside(s, op))
      continue;
    tsr_op_remove(op);
    tsr_op_insert_after(op, s->last);
    s->last = op;
    tsr_op_set_int(op, "dst", slot);
    tsr_map_set(&s->inside, op, op);
    tsr_dst_value *made = TSR_NEW(s->plan->env->scratch, tsr_dst_value);
    made->value = tsr_op_result(op, 0);
    tsr_vec_append(&s->plan->created, made);
  }
}

// Packs `value` for whoever takes it outside the section.
static void pack_value(section *s, const tsr_dst_value *planned) {
  tsr_value *value = planned->value;
  tsr_op *def = tsr_value_get_def(value);
  if (!def || tsr_op_get_parent_block(def) != s->plan->block)
    return;
  pull_pack_casts(s, value, planned->slot);
  uint32_t kinds = 0;
  for (const tsr_use *u = tsr_value_first_use(value); u; u = tsr_use_next(u)) {
    const tsr_op *op = tsr_use_get_op(u);
    if (!is_inside(s, op) && !find_handover(s->plan, op, tsr_use_get_index(u)))
      kinds |= 1u << tsr_dst_get_use_kind(u);
  }
  pack_by_kind(s, value, kinds);
}

// Packs what the section gives to the operands of `op` that are handed on.
static void pack_handovers(section *s, tsr_op *op) {
  for (size_t i = 0; i < tsr_op_operand_count(op); i++) {
    tsr_value *value = tsr_op_operand(op, i);
    const tsr_op *def = tsr_value_get_def(value);
    const char *symbol = find_handover(s->plan, op, i);
    if (!symbol || !def || !is_inside(s, def) ||
        tsr_op_get_parent_block(def) != s->plan->block)
      continue;
    tsr_op *stream = tsr_dst_find_stream(s->plan, symbol);
    pack(s, value, stream, (taker){.hands_on = op, .operand = i});
  }
}

static void collect_packed(section *s) {
  tsr_dst_plan *plan = s->plan;
  // Casts pulled in are appended while this runs.
  for (size_t i = 0; i < plan->created.size; i++)
    pack_value(s, plan->created.data[i]);
  // A loop about to start takes its first values from the section before it.
  if (plan->opening)
    pack_handovers(s, plan->opening);
  if (tsr_map_has(&plan->handed, tsr_block_get_parent(plan->block)))
    pack_handovers(s, tsr_block_terminator(plan->block));
}

// -- making it ----------------------------------------------------------------

static tsr_op *build_section(section *s) {
  tsr_dst_plan *plan = s->plan;
  tsr_arena *arena = plan->env->scratch;
  size_t count = s->values.size;
  const tsr_type **types = TSR_NEW_ARRAY(arena, const tsr_type *, count);
  const tsr_attr **streams = TSR_NEW_ARRAY(arena, const tsr_attr *, count);
  for (size_t i = 0; i < count; i++) {
    types[i] = tsr_value_get_type(s->values.data[i]);
    streams[i] = tsr_op_get_attr(s->streams.data[i], "name");
  }
  tsr_op_desc desc = {.kind = TSR_OP_dst_section,
                      .loc = tsr_op_get_loc(s->first),
                      .result_types = types,
                      .result_count = count,
                      .block_count = 1};
  tsr_builder builder = tsr_builder_before(s->last);
  builder.before = tsr_op_next(s->last);
  tsr_op *op = tsr_build(&builder, &desc);
  tsr_op_set_attr(op, "streams", tsr_attr_array(plan->context, streams, count));
  for (size_t i = 0; i < count; i++)
    tsr_value_set_name(tsr_op_result(op, i),
                       tsr_value_get_name(s->values.data[i]));
  return op;
}

static void replace_uses(const section *s, size_t i, tsr_value *with) {
  const taker *who = s->takers.data[i];
  if (who->hands_on) {
    tsr_op_set_operand(who->hands_on, who->operand, with);
    return;
  }
  tsr_value *value = s->values.data[i];
  for (const tsr_use *u = tsr_value_first_use(value), *next; u; u = next) {
    next = tsr_use_next(u);
    tsr_op *op = tsr_use_get_op(u);
    if (!is_inside(s, op) &&
        !find_handover(s->plan, op, tsr_use_get_index(u)) &&
        who->kinds & 1u << tsr_dst_get_use_kind(u))
      tsr_op_set_operand(op, tsr_use_get_index(u), with);
  }
}

// Every use of what `op` gives is by an op that goes in.
static bool is_used_inside(const section *s, const tsr_op *op) {
  bool has_uses = false;
  for (size_t i = 0; i < tsr_op_result_count(op); i++)
    for (const tsr_use *u = tsr_value_first_use(tsr_op_result(op, i)); u;
         u = tsr_use_next(u)) {
      has_uses = true;
      if (!is_inside(s, tsr_use_get_op(u)))
        return false;
    }
  return has_uses;
}

static bool is_result_of(const tsr_value *value, const tsr_op *op) {
  const tsr_op *def = tsr_value_get_def(value);
  while (tsr_op_is(def, TSR_OP_tile_extract) && def != op)
    def = tsr_value_get_def(tsr_op_operand(def, 0));
  return def == op;
}

static bool is_used_outside(const section *s, const tsr_value *value) {
  for (const tsr_use *u = tsr_value_first_use(value); u; u = tsr_use_next(u))
    if (!is_inside(s, tsr_use_get_op(u)))
      return true;
  return false;
}

static void move_outside_uses(const section *s, tsr_value *from,
                              tsr_value *to) {
  for (const tsr_use *u = tsr_value_first_use(from), *next; u; u = next) {
    next = tsr_use_next(u);
    if (!is_inside(s, tsr_use_get_op(u)))
      tsr_op_set_operand(tsr_use_get_op(u), tsr_use_get_index(u), to);
  }
}

// Only tiles leave a section. An index that a loop or branch in it gives to ops
// outside is computed there as well, by what remains of a copy without tiles.
static void keep_indices_outside(const section *s, tsr_op *op) {
  bool is_needed = false;
  for (size_t i = 0; i < tsr_op_result_count(op); i++)
    is_needed |= !tsr_dst_is_tile(tsr_op_result(op, i)) &&
                 is_used_outside(s, tsr_op_result(op, i));
  if (!is_needed)
    return;
  tsr_rewriter r = tsr_rewriter_make(s->plan->module);
  tsr_rewriter_set_before(&r, op);
  tsr_map map;
  tsr_map_init(&map);
  tsr_op *copy = tsr_rewriter_clone(&r, op, &map);
  tsr_map_deinit(&map);
  for (size_t i = 0; i < tsr_op_result_count(op); i++)
    if (!tsr_dst_is_tile(tsr_op_result(op, i)))
      move_outside_uses(s, tsr_op_result(op, i), tsr_op_result(copy, i));
  const tsr_dead_options options = {.takes_places = true};
  tsr_remove_dead(copy, &options, s->plan->env->scratch);
}

// Moves the planned ops into the section, with the loads, indices and extracts
// between them that nothing else uses. What stores the section's results moves
// behind it; all else stays before. So do loads of what the launch updates,
// which keep their order that way.
static void move_ops(section *s, tsr_op *op) {
  tsr_arena *arena = s->plan->env->scratch;
  tsr_vec in, behind;
  tsr_vec_init(&in, arena);
  tsr_vec_init(&behind, arena);
  for (tsr_op *at = s->last;; at = tsr_op_prev(at)) {
    if (!tsr_map_has(&s->inside, at) && is_used_inside(s, at) &&
        !tsr_dst_is_of_updated(s->plan, at))
      tsr_map_set(&s->inside, at, at);
    if (tsr_map_has(&s->inside, at) && tsr_op_block_count(at))
      keep_indices_outside(s, at);
    bool depends = false;
    for (size_t i = 0; i < tsr_op_operand_count(at); i++)
      depends |= is_result_of(tsr_op_operand(at, i), op);
    if (tsr_map_has(&s->inside, at))
      tsr_vec_append(&in, at);
    else if (depends)
      tsr_vec_append(&behind, at);
    if (at == s->first)
      break;
  }
  tsr_block *body = tsr_op_block(op, 0);
  for (size_t i = in.size; i-- > 0;) {
    tsr_op_remove(in.data[i]);
    tsr_block_append(body, in.data[i]);
  }
  for (size_t i = 0; i < behind.size; i++) {
    tsr_op_remove(behind.data[i]);
    tsr_op_insert_after(behind.data[i], op);
  }
}

static void add_yield(const section *s, tsr_op *op) {
  tsr_builder builder = tsr_builder_at_end(s->plan->module, tsr_op_block(op, 0),
                                           tsr_op_get_loc(op));
  uint32_t groups[] = {(uint32_t)s->values.size};
  tsr_op_desc desc = {.kind = TSR_OP_yield,
                      .operands = (tsr_value *const *)s->values.data,
                      .operand_count = s->values.size,
                      .groups = groups};
  tsr_build(&builder, &desc);
}

// Copies made before a planned op go in with it.
static void mark_inside(section *s) {
  tsr_dst_plan *plan = s->plan;
  for (size_t i = 0; i < plan->ops.size; i++)
    tsr_map_set(&s->inside, plan->ops.data[i], plan->ops.data[i]);
  for (size_t i = 0; i < plan->edits.size; i++) {
    const tsr_dst_edit *edit = plan->edits.data[i];
    if (edit->kind != TSR_DST_EDIT_COPY)
      continue;
    tsr_op *op = tsr_value_get_def(edit->to->value);
    if (tsr_op_get_parent_block(op) == plan->block)
      tsr_map_set(&s->inside, op, op);
  }
}

// The ops that go in. A copy stands before the op it is for, so it may be the
// first of all.
static void find_ends(section *s) {
  const tsr_vec *ops = &s->plan->ops;
  s->last = ops->data[ops->size - 1];
  s->first = ops->data[0];
  while (tsr_op_prev(s->first) &&
         tsr_map_has(&s->inside, tsr_op_prev(s->first)))
    s->first = tsr_op_prev(s->first);
}

// Says what the section holds, and what has to leave it to come back.
static void report(const section *s, const tsr_op *op) {
  const tsr_dst_plan *plan = s->plan;
  uint32_t slots = 0;
  for (uint32_t i = 0; i < plan->capacity; i++)
    slots += plan->touched[i];
  tsr_pass_env_count(plan->env, "sections", 1);
  tsr_pass_env_remark(plan->env, TSR_REMARK_ANALYSIS, "Section", op,
                      "{ops:%zu} ops in {slots:%u} of {capacity:%u} tiles of "
                      "DST, {results:%zu} results leave it",
                      plan->ops.size, slots, plan->capacity, s->values.size);
  for (size_t i = 0; i < s->streams.size; i++) {
    const tsr_op *stream = s->streams.data[i];
    if (strcmp(tsr_op_get_text(stream, "to"), "writer") == 0)
      continue;
    tsr_pass_env_count(plan->env, "spilled", 1);
    tsr_pass_env_remark(plan->env, TSR_REMARK_MISSED, "Spilled", op,
                        "@{stream:%s} leaves DST and comes back through a "
                        "circular buffer",
                        tsr_op_get_text(stream, "name"));
  }
}

void tsr_dst_close(tsr_dst_plan *plan) {
  if (plan->ops.size > 0) {
    section s = {.plan = plan};
    tsr_map_init(&s.inside);
    tsr_vec_init(&s.values, plan->env->scratch);
    tsr_vec_init(&s.streams, plan->env->scratch);
    tsr_vec_init(&s.takers, plan->env->scratch);
    apply_edits(plan);
    mark_inside(&s);
    find_ends(&s);
    collect_packed(&s);
    // What nothing needs was removed before, so something always leaves.
    assert(s.values.size > 0);
    tsr_op *op = build_section(&s);
    report(&s, op);
    for (size_t i = 0; i < s.values.size; i++)
      replace_uses(&s, i, tsr_op_result(op, i));
    move_ops(&s, op);
    add_yield(&s, op);
    tsr_map_deinit(&s.inside);
  }
  tsr_dst_open(plan, plan->block);
}
