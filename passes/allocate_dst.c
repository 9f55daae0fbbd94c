// allocate-dst: put tile math into sections of DST and name the streams.
//
// DST is the register file of the compute engine: math fills it, the packer
// empties it, and what is not packed is lost. A section is what happens in
// between. Each block is cut into sections from front to back: a section takes
// op after op while the values fit, and closes when they do not, or when the
// FPU wants a value that is in DST, for it reads only circular buffers. Values
// that leave a section travel as streams, in the format they had in DST.
//
// A loop or branch stays in the section when all its tiles can. Otherwise it is
// cut itself, and the tiles it carries travel through streams of their own: the
// first value is pushed before the loop, and each iteration takes one out and
// puts one in.
//
// Cost: linear in the launch times the depth of its loops, each of which may be
// tried once whole and once cut; a section's values times the slots of DST.

#include "allocate_dst.h"

#include <string.h>

// -- one op into the section --------------------------------------------------

static tsr_result report_full(tsr_dst_plan *plan, const tsr_op *op) {
  const tsr_target *target = plan->env->target;
  const char *advice = "no mode holds as many; use smaller blocks";
  uint32_t need = plan->needed;
  bool may_be_narrow = !plan->needs_32bit;
  if (may_be_narrow && tsr_target_dst_tiles(target, false, true) >= need)
    advice = "fp32-acc=false with full-sync=true would do";
  if (may_be_narrow &&
      tsr_target_dst_tiles(target, false, plan->full_sync) >= need)
    advice = "fp32-acc=false would do";
  if (tsr_target_dst_tiles(target, plan->is_32bit, true) >= need)
    advice = "full-sync=true would do";
  return tsr_diag_error(
      plan->env->diag, op, TSR_DIAG(dst_exceeded), tsr_op_get_mnemonic(op),
      need, plan->is_32bit ? 32u : 16u, plan->full_sync ? "full" : "half",
      plan->capacity, advice);
}

// The fill that operand `i` of `op` is, if it waits to go into the section of
// `op`: made any earlier it might have to leave a section of its own.
static tsr_op *find_waiting_fill(const tsr_dst_plan *plan, const tsr_op *op,
                                 size_t i) {
  const tsr_value *value = tsr_op_operand(op, i);
  tsr_op *def = tsr_value_get_def(value);
  bool waits = tsr_op_is(def, TSR_OP_tile_fill) &&
               tsr_op_get_parent_block(def) == plan->block &&
               !tsr_dst_is_fpu_operand(op, i) && !tsr_dst_find(plan, value);
  return waits ? def : NULL;
}

// Plans `op` and before it the fills that wait for it.
static tsr_dst_fit plan_with_fills(tsr_dst_plan *plan, tsr_op *op) {
  tsr_dst_fit fit = TSR_DST_FITS;
  for (size_t i = 0; i < tsr_op_operand_count(op) && fit == TSR_DST_FITS; i++) {
    tsr_op *fill = find_waiting_fill(plan, op, i);
    if (!fill)
      continue;
    // Sections made while it waited stand before it.
    tsr_op_remove(fill);
    tsr_op_insert_before(fill, op);
    tsr_vec_append(&plan->ops, fill);
    fit = tsr_dst_plan_op(plan, fill);
  }
  if (fit != TSR_DST_FITS)
    return fit;
  tsr_vec_append(&plan->ops, op);
  return tsr_dst_plan_op(plan, op);
}

// Plans `op` into the open section or, where it does not fit, into a new one.
//
// out    `*out_fit` TSR_DST_FITS, or why it does not fit even there
// fails  when the op can be planned nowhere, reported
static tsr_result include(tsr_dst_plan *plan, tsr_op *op,
                          tsr_dst_fit *out_fit) {
  for (;;) {
    tsr_dst_state *before = tsr_dst_save(plan);
    size_t op_count = plan->ops.size;
    *out_fit = plan_with_fills(plan, op);
    if (*out_fit == TSR_DST_FITS)
      return TSR_OK;
    tsr_dst_roll_back(plan, before);
    plan->ops.size = op_count;
    plan->loops = 0;
    plan->at = plan->block;
    if (*out_fit == TSR_DST_ERROR)
      return TSR_FAILED;
    if (plan->ops.size == 0)
      return TSR_OK;
    tsr_dst_close(plan);
  }
}

static tsr_result include_math(tsr_dst_plan *plan, tsr_op *op) {
  tsr_dst_fit fit;
  if (include(plan, op, &fit) != TSR_OK)
    return TSR_FAILED;
  return fit == TSR_DST_FITS ? TSR_OK : report_full(plan, op);
}

// Adds a copy of a stream's tile before `op`, whose operand it becomes, to the
// section.
static tsr_result include_copy(tsr_dst_plan *plan, tsr_op *op, size_t operand) {
  tsr_builder builder = tsr_builder_before(op);
  tsr_value *value = tsr_op_operand(op, operand);
  tsr_value *copy = tsr_build_unary(&builder, TSR_OP_tile_copy,
                                    tsr_value_get_type(value), value);
  tsr_op_set_keyword(tsr_value_get_def(copy), "unit", "fpu");
  tsr_value_set_name(copy, tsr_value_get_name(value));
  tsr_op_set_operand(op, operand, copy);
  return include_math(plan, tsr_value_get_def(copy));
}

// -- loops and branches outside sections --------------------------------------

static tsr_result cut_block(tsr_dst_plan *plan, tsr_block *block);

static bool gives_tiles(const tsr_op *op) {
  for (size_t i = 0; i < tsr_op_result_count(op); i++)
    if (tsr_dst_is_tile(tsr_op_result(op, i)))
      return true;
  return false;
}

static tsr_builder builder_after(tsr_op *op) {
  tsr_builder builder = tsr_builder_before(op);
  builder.before = tsr_op_next(op);
  return builder;
}

static tsr_builder builder_at_start(tsr_op *op) {
  tsr_block *body = tsr_op_block(op, 0);
  tsr_builder builder = tsr_builder_before(tsr_block_first(body));
  builder.loc = tsr_op_get_loc(op);
  return builder;
}

// The stream that carries result `i` of a loop from one iteration to the next.
static const char *add_carry_stream(tsr_dst_plan *plan, tsr_op *op, size_t i) {
  tsr_value *arg = tsr_block_arg(tsr_op_block(op, 0), i + 1);
  tsr_value *result = tsr_op_result(op, i);
  uint32_t kinds = tsr_dst_get_use_kinds(arg) | tsr_dst_get_use_kinds(result);
  tsr_dst_use_kind kind = tsr_dst_choose_compute_kind(arg, kinds);
  tsr_op *stream =
      tsr_dst_add_stream(plan, tsr_value_get_name(arg), "carry", "compute",
                         kind, tsr_value_get_type(arg), tsr_op_get_loc(op));
  // The new value is pushed before the old one is popped.
  tsr_op_set_int(stream, "depth", 2);
  tsr_dst_serve_others(arg, kind, builder_at_start(op));
  tsr_dst_serve_others(result, kind, builder_after(op));
  return tsr_op_get_text(stream, "name");
}

static const char *add_result_stream(tsr_dst_plan *plan, tsr_op *op, size_t i) {
  tsr_value *result = tsr_op_result(op, i);
  tsr_dst_use_kind kind = tsr_dst_choose_kind(result);
  const tsr_op *stream =
      tsr_dst_add_stream(plan, tsr_value_get_name(result), "result", "compute",
                         kind, tsr_value_get_type(result), tsr_op_get_loc(op));
  tsr_dst_serve_others(result, kind, builder_after(op));
  return tsr_op_get_text(stream, "name");
}

static void hand_results(tsr_dst_plan *plan, tsr_op *op) {
  if (!gives_tiles(op))
    return;
  tsr_arena *arena = plan->env->scratch;
  tsr_dst_streams *streams = TSR_NEW(arena, tsr_dst_streams);
  size_t count = tsr_op_result_count(op);
  streams->symbols = TSR_NEW_ARRAY(arena, const char *, count);
  bool is_loop = tsr_op_is(op, TSR_OP_for_);
  for (size_t i = 0; i < count; i++)
    if (tsr_dst_is_tile(tsr_op_result(op, i)))
      streams->symbols[i] = is_loop ? add_carry_stream(plan, op, i)
                                    : add_result_stream(plan, op, i);
  tsr_map_set(&plan->handed, op, streams);
}

// Operand `i` of `op` is a tile that a section of the open block hands on
// through `symbol`, or will when it closes.
static bool is_handed_on(const tsr_dst_plan *plan, const tsr_op *op, size_t i,
                         const char *symbol) {
  const tsr_value *value = tsr_op_operand(op, i);
  if (tsr_dst_find(plan, value))
    return true;
  const tsr_op *def = tsr_value_get_def(value);
  if (!tsr_op_is(def, TSR_OP_dst_section) ||
      tsr_op_get_parent_block(def) != plan->block)
    return false;
  const tsr_attr *streams = tsr_op_get_attr(def, "streams");
  const tsr_attr *stream = tsr_attr_item(streams, tsr_value_get_number(value));
  return !strcmp(tsr_attr_get_text(stream), symbol);
}

// Copies what `op`, from operand `first` on, hands to `streams` and no section
// of the open block made.
static tsr_result copy_handed(tsr_dst_plan *plan, tsr_op *op, size_t first,
                              const tsr_dst_streams *streams) {
  for (size_t i = first; i < tsr_op_operand_count(op); i++) {
    const char *symbol = streams->symbols[i - first];
    if (!symbol || is_handed_on(plan, op, i, symbol))
      continue;
    tsr_op *fill = find_waiting_fill(plan, op, i);
    if (fill) { // behind the copies made so far
      tsr_op_remove(fill);
      tsr_op_insert_before(fill, op);
    }
    if ((fill ? include_math(plan, fill) : include_copy(plan, op, i)) != TSR_OK)
      return TSR_FAILED;
  }
  return TSR_OK;
}

// The first values of what the loop carries leave the section before it.
static tsr_result open_loop(tsr_dst_plan *plan, tsr_op *op) {
  const tsr_dst_streams *streams = tsr_map_find(&plan->handed, op);
  plan->opening = streams ? op : NULL;
  tsr_result result = streams ? copy_handed(plan, op, 3, streams) : TSR_OK;
  tsr_dst_close(plan);
  plan->opening = NULL;
  return result;
}

// Cuts the blocks of a loop or branch that does not stay in one section.
static tsr_result cut_op(tsr_dst_plan *plan, tsr_op *op) {
  tsr_block *block = plan->block;
  hand_results(plan, op);
  if (!tsr_op_is(op, TSR_OP_for_))
    tsr_dst_close(plan);
  else if (open_loop(plan, op) != TSR_OK)
    return TSR_FAILED;
  for (size_t b = 0; b < tsr_op_block_count(op); b++)
    if (cut_block(plan, tsr_op_block(op, b)) != TSR_OK)
      return TSR_FAILED;
  tsr_dst_open(plan, block);
  return TSR_OK;
}

// -- blocks -------------------------------------------------------------------

// Notes the buffers that the launch updates and the blocks of `op` load from.
static void note_loaded(tsr_dst_plan *plan, const tsr_op *op) {
  for (size_t b = 0; b < tsr_op_block_count(op); b++)
    for (const tsr_op *in = tsr_block_first(tsr_op_block(op, b)); in;
         in = tsr_op_next(in)) {
      if (tsr_dst_is_of_updated(plan, in))
        tsr_map_set(&plan->loaded, tsr_op_operand(in, 0), NULL);
      note_loaded(plan, in);
    }
}

// The load would stay in front of the section, and so go past those in loops
// and branches of the section: the store that follows from the last load of a
// tile would no longer.
static void process_load(tsr_dst_plan *plan, const tsr_op *op) {
  if (tsr_dst_is_of_updated(plan, op) &&
      tsr_map_has(&plan->loaded, tsr_op_operand(op, 0)))
    tsr_dst_close(plan);
}

static tsr_result process_flow(tsr_dst_plan *plan, tsr_op *op) {
  uint32_t contents = tsr_dst_get_contents(plan, op);
  if (!contents)
    return TSR_OK;
  if (!(contents & TSR_DST_HOLDS_STORE)) {
    tsr_dst_fit fit;
    if (include(plan, op, &fit) != TSR_OK)
      return TSR_FAILED;
    if (fit == TSR_DST_FITS) {
      note_loaded(plan, op);
      return TSR_OK;
    }
  }
  return cut_op(plan, op);
}

// Each fill has one use; if an op that sections hold takes it from DST, the
// fill comes with that op. Not with tile.insert, which can do with less room
// when the tile comes from elsewhere.
static bool waits_for_user(const tsr_op *fill) {
  const tsr_use *use = tsr_value_first_use(tsr_op_result(fill, 0));
  return tsr_dst_get_use_kind(use) == TSR_DST_USE_COPY &&
         !tsr_op_is(tsr_use_get_op(use), TSR_OP_tile_insert);
}

static tsr_result process_op(tsr_dst_plan *plan, tsr_op *op) {
  tsr_pass_env_at(plan->env, op);
  switch ((int)tsr_op_get_kind(op)) {
  case TSR_OP_tile_fill:
    return waits_for_user(op) ? TSR_OK : include_math(plan, op);
  case TSR_OP_for_:
  case TSR_OP_if_:
    return process_flow(plan, op);
  case TSR_OP_tile_load:
    process_load(plan, op);
    return TSR_OK;
  case TSR_OP_tile_extract:
    // Of a stream: a page, which is wherever its use is.
    if (!tsr_dst_find(plan, tsr_op_operand(op, 0)) &&
        !find_waiting_fill(plan, op, 0))
      return TSR_OK;
    return include_math(plan, op);
  case TSR_OP_tile_insert:
  case TSR_OP_tile_empty:
    return include_math(plan, op);
  }
  if (tsr_op_has_trait(op, TSR_TRAIT_TILE_MATH))
    return include_math(plan, op);
  return TSR_OK;
}

// Cuts a block into sections. None is open before or after.
static tsr_result cut_block(tsr_dst_plan *plan, tsr_block *block) {
  tsr_dst_open(plan, block);
  for (tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op))
    if (process_op(plan, op) != TSR_OK)
      return TSR_FAILED;
  const tsr_dst_streams *streams =
      tsr_map_find(&plan->handed, tsr_block_get_parent(block));
  if (streams &&
      copy_handed(plan, tsr_block_terminator(block), 0, streams) != TSR_OK)
    return TSR_FAILED;
  tsr_dst_close(plan);
  return TSR_OK;
}

// -- launches -----------------------------------------------------------------

static void init_plan(tsr_dst_plan *plan, tsr_pass_env *env, tsr_module *module,
                      tsr_op *launch) {
  *plan = (tsr_dst_plan){.env = env,
                         .module = module,
                         .context = tsr_module_get_context(module),
                         .launch = launch};
  plan->is_32bit = tsr_op_get_bool(launch, "fp32_acc", true);
  if (!tsr_op_get_attr(launch, "full_sync"))
    tsr_op_set_bool(launch, "full_sync",
                    tsr_pass_env_option(env, "full-sync")->flag);
  plan->full_sync = tsr_op_get_bool(launch, "full_sync", false);
  plan->capacity =
      tsr_target_dst_tiles(env->target, plan->is_32bit, plan->full_sync);
  tsr_map *maps[] = {&plan->store_order, &plan->stored, &plan->contents,
                     &plan->handed,      &plan->values, &plan->caches,
                     &plan->hints,       &plan->loaded};
  for (size_t i = 0; i < sizeof maps / sizeof maps[0]; i++)
    tsr_map_init(maps[i]);
  tsr_bytes_map_init(&plan->streams);
  tsr_vec *vectors[] = {&plan->ops, &plan->edits, &plan->created, &plan->live};
  for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++)
    tsr_vec_init(vectors[i], env->scratch);
}

static void deinit_plan(tsr_dst_plan *plan) {
  tsr_map *maps[] = {&plan->store_order, &plan->stored, &plan->contents,
                     &plan->handed,      &plan->values, &plan->caches,
                     &plan->hints,       &plan->loaded};
  for (size_t i = 0; i < sizeof maps / sizeof maps[0]; i++)
    tsr_map_deinit(maps[i]);
  tsr_bytes_map_deinit(&plan->streams);
}

static tsr_result allocate_launch(tsr_pass_env *env, tsr_module *module,
                                  tsr_op *launch) {
  tsr_dst_plan plan;
  init_plan(&plan, env, module, launch);
  tsr_result result = tsr_dst_prepare(&plan);
  if (result == TSR_OK)
    result = cut_block(&plan, tsr_op_block(launch, 0));
  deinit_plan(&plan);
  return result;
}

// One that has its streams, or what became of them, was allocated before.
static bool is_allocated(const tsr_op *launch) {
  return tsr_op_contains_kind(launch, TSR_OP_stream) ||
         tsr_op_contains_kind(launch, TSR_OP_cb);
}

// `done`: the launches that were allocated before.
static tsr_result allocate_block(tsr_pass_env *env, tsr_module *module,
                                 tsr_block *block, tsr_vec *done) {
  tsr_result result = TSR_OK;
  for (tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op)) {
    bool is_launch = tsr_op_is(op, TSR_OP_core_launch);
    if (is_launch && is_allocated(op))
      tsr_vec_append(done, op);
    else if (is_launch && allocate_launch(env, module, op) != TSR_OK)
      result = TSR_FAILED;
    for (size_t b = 0; !is_launch && b < tsr_op_block_count(op); b++)
      if (allocate_block(env, module, tsr_op_block(op, b), done) != TSR_OK)
        result = TSR_FAILED;
  }
  return result;
}

// A launch with streams that somebody wrote, or left half done.
static tsr_result check_allocated(tsr_pass_env *env, const tsr_module *module,
                                  const tsr_vec *done) {
  const tsr_op *left = tsr_module_find_violation(module, TSR_STATE_SECTIONED);
  tsr_op *launch = left ? tsr_op_find_parent(left, TSR_OP_core_launch) : NULL;
  if (!launch || !tsr_vec_has(done, launch))
    return TSR_OK;
  return tsr_diag_error(env->diag, left, TSR_DIAG(launch_half_allocated),
                        tsr_op_get_mnemonic(left));
}

tsr_result tsr_pass_allocate_dst(tsr_pass_env *env, tsr_module *module) {
  tsr_result result = TSR_OK;
  tsr_vec done;
  tsr_vec_init(&done, env->scratch);
  tsr_block *block = tsr_module_block(module);
  for (tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op))
    if (tsr_op_is(op, TSR_OP_func) &&
        allocate_block(env, module, tsr_op_block(op, 0), &done) != TSR_OK)
      result = TSR_FAILED;
  return result == TSR_OK ? check_allocated(env, module, &done) : result;
}
