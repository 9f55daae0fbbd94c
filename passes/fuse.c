// fuse: join loop nests where one reads the tile another wrote.
//
// Two nests over the same iterations become one when every tile that one of
// them writes is touched by the other in the same iteration only. What the
// second reads of the first is then handed over as a value, at full precision,
// and an intermediate buffer that nothing else reads disappears. Nests that
// read the same tile are joined as well, to read it once.
//
// Elementwise chains and the epilogue of a matmul are the same case here. A
// matmul of something just computed is not: it reads whole rows of it.
//
// Cost: each nest is held against those at most `window` before it, so the pass
// is linear in the nests; nests grow up to `max-ops` ops.

#include "fuse.h"

#include "tessera/hash.h"
#include "tessera/vector.h"

// -- what a nest touches ------------------------------------------------------

static void add_access(tsr_fuser *f, tsr_fuse_item *in,
                       tsr_fuse_access touched) {
  in->accesses =
      tsr_array_grow(f->env->scratch, in->accesses, &in->access_capacity,
                     in->access_count + 1, sizeof *in->accesses);
  in->accesses[in->access_count++] = touched;
}

static tsr_fuse_access get_place(tsr_op *op, tsr_value *tile,
                                 size_t buffer_group) {
  return (tsr_fuse_access){
      .op = op,
      .buffer = tsr_op_group_operand(op, buffer_group, 0),
      .tile = tsr_value_get_type(tile),
      .first_index = tsr_op_group_start(op, buffer_group + 1),
      .index_count = tsr_op_group_size(op, buffer_group + 1) +
                     tsr_op_group_size(op, buffer_group + 2),
      .reads = tsr_op_is(op, TSR_OP_tile_load),
      .writes = tsr_op_is(op, TSR_OP_tile_store)};
}

static void collect_accesses(tsr_fuser *f, tsr_fuse_item *in, tsr_op *op) {
  uint32_t effects = tsr_op_get_info(op)->effects;
  if (tsr_op_is(op, TSR_OP_tile_load))
    add_access(f, in, get_place(op, tsr_op_result(op, 0), 0));
  else if (tsr_op_is(op, TSR_OP_tile_store))
    add_access(f, in, get_place(op, tsr_op_operand(op, 0), 1));
  else if (effects)
    for (size_t i = 0; i < tsr_op_operand_count(op); i++) {
      tsr_value *operand = tsr_op_operand(op, i);
      if (tsr_type_get_kind(tsr_value_get_type(operand)) == TSR_TYPE_BUFFER)
        add_access(
            f, in,
            (tsr_fuse_access){.op = op,
                              .buffer = operand,
                              .reads = true,
                              .writes = effects != TSR_EFFECT_READ_BUFFER});
    }
  bool is_math = tsr_op_has_trait(op, TSR_TRAIT_TILE_MATH) &&
                 !tsr_op_is(op, TSR_OP_tile_cast);
  bool is_reduction =
      tsr_op_is(op, TSR_OP_tile_contract) || tsr_op_is(op, TSR_OP_for_);
  in->math_ops += is_math || tsr_op_is(op, TSR_OP_tile_contract);
  in->has_reduction |= is_reduction;
  for (size_t b = 0; b < tsr_op_block_count(op); b++)
    for (tsr_op *inner = tsr_block_first(tsr_op_block(op, b)); inner;
         inner = tsr_op_next(inner))
      collect_accesses(f, in, inner);
}

// Nests whose numerics are chosen stay as they are: joining would undo that.
static tsr_fuse_item make_item(tsr_fuser *f, tsr_op *op) {
  tsr_fuse_item made = {.op = op,
                        .is_nest = tsr_op_is(op, TSR_OP_tile_parallel) &&
                                   tsr_op_attr_count(op) == 0};
  collect_accesses(f, &made, op);
  return made;
}

// -- may they be joined? ------------------------------------------------------

// `a` comes before `b`.
static bool can_join(const tsr_fuser *f, const tsr_fuse_item *a,
                     const tsr_fuse_item *b) {
  const tsr_value *buffer;
  return a->op && a->is_nest && a->math_ops + b->math_ops <= f->max_ops &&
         tsr_fuse_have_same_space(a->op, b->op) &&
         tsr_fuse_relate(a, b, &buffer) == TSR_FUSE_REWARDS &&
         tsr_fuse_count_buffers(a, b) <= f->max_buffers;
}

// -- handing tiles over -------------------------------------------------------

static uint32_t get_precision(const tsr_value *tile) {
  tsr_element element = tsr_type_get_element(tsr_value_get_type(tile));
  return tsr_element_get_info(element)->mantissa_bits;
}

// The tile as it was before it was rounded to be stored.
static tsr_value *get_unrounded(tsr_value *stored) {
  const tsr_op *cast = tsr_value_get_def(stored);
  if (!tsr_op_is(cast, TSR_OP_tile_cast) || tsr_op_get_attr(cast, "unit"))
    return stored;
  tsr_value *exact = tsr_op_operand(cast, 0);
  return get_precision(exact) >= get_precision(stored) ? exact : stored;
}

// An op that computes in its result's format, whatever operands it is given.
static bool takes_any_format(const tsr_op *op) {
  return tsr_op_has_trait(op, TSR_TRAIT_TILE_MATH) &&
         !tsr_op_is(op, TSR_OP_tile_mma) && !tsr_op_is(op, TSR_OP_tile_where);
}

// Gives every user of `load` the tile that was stored; where it does not lose
// precision itself, the tile as it was before rounding.
static void forward_tile(tsr_op *load, tsr_value *stored) {
  tsr_value *loaded = tsr_op_result(load, 0);
  tsr_value *exact = get_unrounded(stored);
  const tsr_use *use;
  while ((use = tsr_value_first_use(loaded))) {
    tsr_op *user = tsr_use_get_op(use);
    bool keeps_precision =
        takes_any_format(user) &&
        get_precision(tsr_op_result(user, 0)) >= get_precision(exact);
    if (keeps_precision && tsr_op_is(user, TSR_OP_tile_cast) &&
        tsr_value_get_type(tsr_op_result(user, 0)) ==
            tsr_value_get_type(exact)) {
      tsr_value_replace_uses(tsr_op_result(user, 0), exact);
      tsr_op_erase(user);
      continue;
    }
    tsr_op_set_operand(user, tsr_use_get_index(use),
                       keeps_precision ? exact : stored);
  }
  tsr_op_erase(load);
}

// The value that nest `a` leaves at the place `y` of nest `b`, or NULL.
static tsr_value *find_stored(const tsr_fuse_item *a, const tsr_fuse_item *b,
                              const tsr_fuse_access *y) {
  for (size_t i = a->access_count; i-- > 0;) {
    const tsr_fuse_access *x = &a->accesses[i];
    if (x->writes && x->buffer == y->buffer &&
        tsr_fuse_is_same_place(a->op, x, b->op, y))
      return tsr_op_operand(x->op, 0);
  }
  return NULL;
}

static void erase_if_unused(tsr_op *op) {
  if (op && !tsr_value_has_uses(tsr_op_result(op, 0)))
    tsr_op_erase(op);
}

// Removes an intermediate buffer that is only written.
static void drop_unread_buffer(const tsr_fuser *f, tsr_value *buffer) {
  tsr_op *alloc = tsr_value_get_def(buffer);
  if (!tsr_op_is(alloc, TSR_OP_buffer_alloc))
    return;
  for (const tsr_use *use = tsr_value_first_use(buffer); use;
       use = tsr_use_next(use))
    if (!tsr_op_is(tsr_use_get_op(use), TSR_OP_tile_store))
      return;
  while (tsr_value_has_uses(buffer)) {
    tsr_op *store = tsr_use_get_op(tsr_value_first_use(buffer));
    tsr_op *value = tsr_value_get_def(tsr_op_operand(store, 0));
    tsr_op_erase(store);
    if (tsr_op_is(value, TSR_OP_tile_cast))
      erase_if_unused(value);
  }
  tsr_op_erase(alloc);
  tsr_pass_env_count(f->env, "buffers", 1);
}

// -- joining ------------------------------------------------------------------

static void move_body(tsr_op *from, tsr_op *to) {
  tsr_block *source = tsr_op_block(from, 0), *target = tsr_op_block(to, 0);
  for (size_t i = 0; i < tsr_block_arg_count(source); i++)
    tsr_value_replace_uses(tsr_block_arg(source, i), tsr_block_arg(target, i));
  while (tsr_block_first(source)) {
    tsr_op *op = tsr_block_first(source);
    tsr_op_remove(op);
    tsr_block_append(target, op);
  }
}

static bool is_written(const tsr_fuse_item *in, const tsr_value *buffer) {
  for (size_t i = 0; i < in->access_count; i++)
    if (in->accesses[i].writes && in->accesses[i].buffer == buffer)
      return true;
  return false;
}

static bool can_move(const tsr_fuse_item *in, const tsr_op *op) {
  if (tsr_op_is(op, TSR_OP_tile_load))
    return !is_written(in, tsr_op_operand(op, 0));
  return tsr_op_has_trait(op, TSR_TRAIT_TILE_MATH | TSR_TRAIT_INDEX_MATH);
}

static bool are_users_in(const tsr_op *op, const tsr_block *block,
                         const tsr_map *late) {
  for (const tsr_use *use = tsr_value_first_use(tsr_op_result(op, 0)); use;
       use = tsr_use_next(use))
    if (!tsr_map_has(late, tsr_block_find_ancestor(block, tsr_use_get_op(use))))
      return false;
  return true;
}

// Moves what came before a reduction but is only used behind it to where it is
// used: a tile computed early would take room in DST all along.
static void sink_past_reduction(const tsr_fuse_item *in) {
  tsr_block *block = tsr_op_block(in->op, 0);
  tsr_map late;
  tsr_map_init(&late);
  tsr_op *op = tsr_block_last(block);
  while (!tsr_op_is(op, TSR_OP_tile_contract) && !tsr_op_is(op, TSR_OP_for_)) {
    tsr_map_set(&late, op, op);
    op = tsr_op_prev(op);
  }
  tsr_op *reduction = op;
  for (op = tsr_op_prev(op); op;) {
    tsr_op *prev = tsr_op_prev(op);
    if (can_move(in, op) && are_users_in(op, block, &late)) {
      tsr_op_remove(op);
      tsr_op_insert_after(op, reduction);
      tsr_map_set(&late, op, op);
    }
    op = prev;
  }
  tsr_map_deinit(&late);
}

static bool has_top_reduction(const tsr_op *nest) {
  for (tsr_op *op = tsr_block_first(tsr_op_block(nest, 0)); op;
       op = tsr_op_next(op))
    if (tsr_op_is(op, TSR_OP_tile_contract) || tsr_op_is(op, TSR_OP_for_))
      return true;
  return false;
}

// Joins `b` to `a`, which comes first and keeps its place.
static void join(tsr_fuser *f, tsr_fuse_item *a, tsr_fuse_item *b) {
  tsr_pass_env_count(f->env, "joined", 1);
  tsr_pass_env_remark(f->env, TSR_REMARK_PASSED, "Joined", b->op,
                      "joined to the nest of line {line:%u}, {ops:%zu} tile "
                      "ops together",
                      tsr_op_get_loc(a->op).line, a->math_ops + b->math_ops);
  bool brings_reduction = !a->has_reduction && has_top_reduction(b->op);
  tsr_vec handed_over;
  tsr_vec_init(&handed_over, f->env->scratch);
  for (size_t i = 0; i < b->access_count; i++) {
    tsr_fuse_access *y = &b->accesses[i];
    tsr_value *stored = y->reads ? find_stored(a, b, y) : NULL;
    if (!stored)
      continue;
    forward_tile(y->op, stored);
    if (!tsr_vec_has(&handed_over, y->buffer))
      tsr_vec_append(&handed_over, y->buffer);
  }
  move_body(b->op, a->op);
  tsr_op_erase(b->op);
  for (size_t i = 0; i < handed_over.size; i++)
    drop_unread_buffer(f, handed_over.data[i]);
  *a = make_item(f, a->op);
  b->op = NULL;
  if (brings_reduction)
    sink_past_reduction(a);
}

// -- the search ---------------------------------------------------------------

// Item `from` may change places with all items between it and `to`.
static bool can_pass(const tsr_fuser *f, size_t from, size_t to) {
  size_t low = from < to ? from : to, high = from < to ? to : from;
  for (size_t i = low + 1; i < high; i++)
    if (f->items[i].op &&
        tsr_fuse_are_in_conflict(&f->items[i], &f->items[from]))
      return false;
  return true;
}

// Every value that `op` uses from its function is there in front of
// `position` too: sizes and buffers have been moved to the front, results of
// other ops stay where they are.
static bool uses_result_between(const tsr_fuser *f, const tsr_op *op,
                                size_t low, size_t high) {
  for (size_t i = low + 1; i < high; i++) {
    const tsr_op *between = f->items[i].op;
    for (size_t r = 0; between && r < tsr_op_result_count(between); r++)
      for (const tsr_use *use = tsr_value_first_use(tsr_op_result(between, r));
           use; use = tsr_use_next(use))
        if (tsr_op_contains(op, tsr_use_get_op(use)))
          return true;
  }
  return false;
}

// Joins item `at` to an earlier one. Returns where the joined nest is, or `at`
// when nothing was found.
static size_t join_backwards(tsr_fuser *f, size_t at) {
  tsr_fuse_item *b = &f->items[at];
  size_t seen = 0;
  for (size_t i = at; i-- > 0 && seen < TSR_FUSE_WINDOW;) {
    tsr_fuse_item *a = &f->items[i];
    seen += a->op != NULL;
    if (!can_join(f, a, b))
      continue;
    if (can_pass(f, at, i) && !uses_result_between(f, b->op, i, at)) {
      join(f, a, b);
      return i;
    }
    if (can_pass(f, i, at)) {
      tsr_op_remove(a->op);
      tsr_op_insert_before(a->op, b->op);
      join(f, a, b);
      *b = *a;
      a->op = NULL;
      return at;
    }
  }
  return at;
}

static bool join_all(tsr_fuser *f) {
  bool has_joined = false;
  for (size_t i = 0; i < f->count; i++) {
    size_t at = i;
    while (f->items[at].op && f->items[at].is_nest) {
      tsr_pass_env_at(f->env, f->items[at].op);
      const tsr_op *before = f->items[at].op;
      size_t joined = join_backwards(f, at);
      if (joined == at && f->items[at].op == before)
        break;
      has_joined = true;
      at = joined;
    }
  }
  return has_joined;
}

static bool is_pinned(const tsr_map *pinned, const tsr_value *value) {
  const tsr_op *def = tsr_value_get_def(value);
  return def && tsr_map_has(pinned, def);
}

// Moves sizes and allocations to the front of the function, where every nest
// can use them, and lists the other ops.
static void collect_items(tsr_fuser *f, tsr_block *block) {
  tsr_map pinned;
  tsr_map_init(&pinned);
  tsr_op *front = NULL;
  size_t capacity = 0;
  for (tsr_op *op = tsr_block_first(block), *next; op; op = next) {
    next = tsr_op_next(op);
    bool can_go = tsr_op_has_trait(op, TSR_TRAIT_INDEX_MATH) ||
                  tsr_op_is(op, TSR_OP_buffer_dim) ||
                  tsr_op_is(op, TSR_OP_buffer_alloc);
    for (size_t i = 0; can_go && i < tsr_op_operand_count(op); i++)
      can_go = !is_pinned(&pinned, tsr_op_operand(op, i));
    if (can_go) {
      if (front) {
        tsr_op_remove(op);
        tsr_op_insert_before(op, front);
      }
      continue;
    }
    front = front ? front : op;
    tsr_map_set(&pinned, op, op);
    f->items = tsr_array_grow(f->env->scratch, f->items, &capacity,
                              f->count + 1, sizeof *f->items);
    f->items[f->count++] = make_item(f, op);
  }
  tsr_map_deinit(&pinned);
}

static void fuse_function(tsr_pass_env *env, tsr_op *func) {
  tsr_fuser f = {.env = env,
                 .max_ops = (size_t)tsr_pass_env_option(env, "max-ops")->number,
                 // Each buffer is a circular buffer or two; the rest is for
                 // values that leave DST.
                 .max_buffers = env->target->cb_count / 2};
  collect_items(&f, tsr_op_block(func, 0));
  while (join_all(&f)) {
  }
  if (tsr_pass_env_wants_remarks(env))
    tsr_fuse_report_apart(&f);
}

tsr_result tsr_pass_fuse(tsr_pass_env *env, tsr_module *module) {
  for (tsr_op *op = tsr_block_first(tsr_module_block(module)); op;
       op = tsr_op_next(op))
    if (tsr_op_is(op, TSR_OP_func))
      fuse_function(env, op);
  return TSR_OK;
}
