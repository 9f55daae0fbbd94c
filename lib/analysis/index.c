// Numbers and bounds of single index values.

#include "cache.h"
#include "impl.h"
#include "tessera/support.h"

typedef struct number {
  int64_t value;
} number;

void tsr_index_env_init(tsr_index_env *env, tsr_arena *arena) {
  env->arena = arena;
  tsr_map_init(&env->numbers);
}

void tsr_index_env_deinit(tsr_index_env *env) { tsr_map_deinit(&env->numbers); }

void tsr_index_env_bind(tsr_index_env *env, const tsr_value *value,
                        int64_t bound) {
  number *n = tsr_map_find(&env->numbers, value);
  if (!n) {
    n = TSR_NEW(env->arena, number);
    tsr_map_set(&env->numbers, value, n);
  }
  n->value = bound;
}

// -- evaluation ---------------------------------------------------------------

// The value that `value` is another name of, by a kernel's arguments.
static const tsr_value *resolve(const tsr_value *value) {
  const tsr_value *operand = tsr_value_find_kernel_operand(value);
  return operand ? operand : value;
}

// What can be told without looking at other values.
static bool find_number(const tsr_value *value, const tsr_index_env *env,
                        int64_t *out) {
  const number *bound = env ? tsr_map_find(&env->numbers, value) : NULL;
  if (bound) {
    *out = bound->value;
    return true;
  }
  if (tsr_value_is_constant(value)) {
    *out = tsr_value_get_constant(value);
    return true;
  }
  const tsr_op *def = tsr_value_get_def(value);
  if (!tsr_op_is(def, TSR_OP_buffer_dim))
    return false;
  const tsr_type *type = tsr_value_get_type(tsr_op_operand(def, 0));
  *out = (int64_t)tsr_type_tile_extent(
      type, (uint32_t)tsr_op_get_int(def, "axis", 0));
  return true;
}

// Values on the way, each with what it came to.
typedef struct evaluation {
  const tsr_index_env *env;
  tsr_index_env done;
  tsr_vec stack;
} evaluation;

static bool is_done(const evaluation *e, const tsr_value *value, int64_t *out) {
  const tsr_value *source = resolve(value);
  return find_number(value, e->env, out) || find_number(source, e->env, out) ||
         find_number(source, &e->done, out);
}

// Computes the value on top of the stack, or puts what it needs there.
static bool step(evaluation *e) {
  const tsr_value *value = e->stack.data[e->stack.size - 1];
  int64_t args[3] = {0, 0, 0}, result;
  if (is_done(e, value, &result)) {
    tsr_vec_pop(&e->stack);
    return true;
  }
  value = resolve(value);
  const tsr_op *def = tsr_value_get_def(value);
  if (!def || !tsr_op_has_trait(def, TSR_TRAIT_INDEX_MATH))
    return false;
  size_t before = e->stack.size;
  for (size_t i = 0; i < tsr_op_operand_count(def); i++)
    if (!is_done(e, tsr_op_operand(def, i), &args[i]))
      tsr_vec_append(&e->stack, tsr_op_operand(def, i));
  if (e->stack.size > before)
    return true;
  if (!tsr_index_compute(def, args, &result))
    return false;
  tsr_index_env_bind(&e->done, value, result);
  return true;
}

bool tsr_index_evaluate(const tsr_value *value, const tsr_index_env *env,
                        int64_t *out_number) {
  evaluation e = {.env = env};
  if (find_number(value, env, out_number))
    return true;
  tsr_arena arena;
  tsr_arena_init(&arena);
  tsr_index_env_init(&e.done, &arena);
  tsr_vec_init(&e.stack, NULL);
  tsr_vec_append(&e.stack, (void *)value);
  bool is_known = true;
  while (is_known && e.stack.size > 0)
    is_known = step(&e);
  is_known = is_known && is_done(&e, value, out_number);
  tsr_vec_deinit(&e.stack);
  tsr_index_env_deinit(&e.done);
  tsr_arena_deinit(&arena);
  return is_known;
}

// -- ranges -------------------------------------------------------------------

static const tsr_index_range anything = {0, INT64_MAX};

// Bounds of the numbers in a run list.
static tsr_index_range get_runs_range(const tsr_attr *runs) {
  tsr_index_range range = {INT64_MAX, 0};
  for (size_t i = 0; i < tsr_attr_count(runs); i++) {
    tsr_run run = tsr_attr_run_list(runs)[i];
    int64_t last = run.first;
    if (run.count > 0 &&
        (!tsr_mul_i64(run.step, (int64_t)run.count - 1, &last) ||
         !tsr_add_i64(last, run.first, &last)))
      return anything;
    int64_t low = last < run.first ? last : run.first;
    int64_t high = last < run.first ? run.first : last;
    range.min = low < range.min ? low : range.min;
    range.max = high > range.max ? high : range.max;
  }
  return range.min < 0 ? anything : range;
}

static tsr_index_range get_launch_arg_range(const tsr_op *launch,
                                            size_t argument) {
  if (argument >= 2)
    return get_runs_range(
        tsr_attr_item(tsr_op_get_attr(launch, "params"), argument - 2));
  const tsr_attr *cores = tsr_op_get_attr(launch, "cores");
  tsr_index_range range = {INT64_MAX, 0};
  for (size_t i = 0; i < tsr_attr_count(cores); i++) {
    const tsr_core_range *r = &tsr_attr_core_ranges(cores)[i];
    int64_t low = argument == 0 ? r->x0 : r->y0;
    int64_t high = argument == 0 ? r->x1 : r->y1;
    range.min = low < range.min ? low : range.min;
    range.max = high > range.max ? high : range.max;
  }
  return range;
}

// The values that bound `value`: operands of its arithmetic, bounds of its
// loop. Returns how many.
static size_t get_sources(const tsr_value *value, const tsr_value *out[3]) {
  const tsr_op *def = tsr_value_get_def(value);
  const tsr_block *block = tsr_value_get_block(value);
  const tsr_op *around = block ? tsr_block_get_parent(block) : NULL;
  size_t argument = tsr_value_get_number(value), count = 0;
  if (tsr_op_is(around, TSR_OP_for_) && argument == 0) {
    out[count++] = tsr_op_operand(around, 0);
    out[count++] = tsr_op_operand(around, 1);
  } else if (tsr_op_is(around, TSR_OP_tile_parallel)) {
    out[count++] = tsr_op_operand(around, argument);
  } else if (def && tsr_op_has_trait(def, TSR_TRAIT_INDEX_MATH)) {
    for (; count < tsr_op_operand_count(def); count++)
      out[count] = tsr_op_operand(def, count);
  }
  return count;
}

// The bounds that follow from those of the sources.
static tsr_index_range combine_sources(const tsr_value *value, size_t count,
                                       const tsr_index_range sources[3]) {
  if (count == 0)
    return anything;
  tsr_index_range range;
  if (tsr_value_get_block(value)) {
    // A loop variable: below the end, which is the last source.
    int64_t end = sources[count - 1].max;
    range = (tsr_index_range){count == 2 ? sources[0].min : 0,
                              end == INT64_MAX ? end : end - 1};
  } else {
    range = tsr_range_math(tsr_value_get_def(value), sources);
  }
  // A loop that never runs, or arithmetic that is always wrong.
  return range.min <= range.max ? range : anything;
}

// The launch whose parameter or coordinate `value` is, or NULL.
static const tsr_op *find_launch(const tsr_value *value) {
  const tsr_block *block = tsr_value_get_block(value);
  const tsr_op *around = block ? tsr_block_get_parent(block) : NULL;
  return tsr_op_is(around, TSR_OP_core_launch) ? around : NULL;
}

static tsr_index_range combine(const tsr_value *value, size_t count,
                               const tsr_index_range sources[3]) {
  int64_t exact;
  const tsr_op *def = tsr_value_get_def(value), *launch = find_launch(value);
  if (find_number(value, NULL, &exact))
    return (tsr_index_range){exact, exact};
  if (tsr_op_is(def, TSR_OP_core_param))
    return get_runs_range(tsr_op_get_attr(def, "values"));
  if (launch)
    return get_launch_arg_range(launch, tsr_value_get_number(value));
  return combine_sources(value, count, sources);
}

tsr_index_range tsr_index_get_bounds(const tsr_value *value, uint32_t depth) {
  if (tsr_value_is_constant(value)) {
    int64_t exact = tsr_value_get_constant(value);
    return (tsr_index_range){exact, exact};
  }
  if (tsr_op_is(tsr_value_get_def(value), TSR_OP_buffer_dim))
    return (tsr_index_range){1, INT64_MAX}; // no axis is empty
  const tsr_op *launch = find_launch(value);
  if (launch && tsr_value_get_number(value) < 2)
    return get_launch_arg_range(launch, tsr_value_get_number(value));
  if (depth == 0)
    return anything;
  const tsr_value *sources[3];
  tsr_index_range bounds[3] = {anything, anything, anything};
  size_t count = get_sources(value, sources);
  for (size_t i = 0; i < count; i++)
    bounds[i] = tsr_index_get_bounds(sources[i], depth - 1);
  tsr_index_range range = combine_sources(value, count, bounds);
  // A number that 32 bits cannot hold is wrong in a kernel, and says nothing.
  return range.min > INT32_MAX ? anything : range;
}

// -- ranges that are kept -----------------------------------------------------

struct tsr_ranges {
  tsr_arena arena;
  tsr_map found; // tsr_index_range by value
  tsr_vec keys;  // in the order they were found
};

tsr_ranges *tsr_ranges_create(tsr_module *module) {
  (void)module; // values are looked at when they are asked for
  tsr_ranges *r = tsr_mem_zeroed(1, sizeof *r);
  tsr_arena_init(&r->arena);
  tsr_map_init(&r->found);
  tsr_vec_init(&r->keys, &r->arena);
  return r;
}

void tsr_ranges_destroy(tsr_ranges *r) {
  tsr_map_deinit(&r->found);
  tsr_arena_deinit(&r->arena);
  tsr_mem_resize(r, 0);
}

static void keep_range(tsr_ranges *r, const tsr_value *value,
                       tsr_index_range range) {
  tsr_index_range *kept = TSR_NEW(&r->arena, tsr_index_range);
  *kept = range;
  tsr_map_set(&r->found, value, kept);
  tsr_vec_append(&r->keys, (void *)value);
}

tsr_index_range tsr_ranges_get(tsr_ranges *r, const tsr_value *value) {
  tsr_vec stack;
  tsr_vec_init(&stack, NULL);
  tsr_vec_append(&stack, (void *)resolve(value));
  while (stack.size > 0) {
    const tsr_value *top = stack.data[stack.size - 1];
    if (tsr_map_has(&r->found, top)) {
      tsr_vec_pop(&stack);
      continue;
    }
    const tsr_value *sources[3];
    tsr_index_range bounds[3] = {anything, anything, anything};
    size_t count = get_sources(top, sources), before = stack.size;
    for (size_t i = 0; i < count; i++) {
      const tsr_value *source = resolve(sources[i]);
      const tsr_index_range *known = tsr_map_find(&r->found, source);
      if (known)
        bounds[i] = *known;
      else
        tsr_vec_append(&stack, (void *)source);
    }
    if (stack.size > before)
      continue;
    keep_range(r, top, combine(top, count, bounds));
    tsr_vec_pop(&stack);
  }
  tsr_vec_deinit(&stack);
  return *(tsr_index_range *)tsr_map_find(&r->found, resolve(value));
}

tsr_index_range tsr_index_get_range(const tsr_value *value) {
  tsr_ranges *ranges = tsr_ranges_create(NULL);
  tsr_index_range range = tsr_ranges_get(ranges, value);
  tsr_ranges_destroy(ranges);
  return range;
}

bool tsr_value_is_attached(const tsr_value *value) {
  const tsr_op *op = tsr_value_get_def(value);
  const tsr_block *block = tsr_value_get_block(value);
  if (block)
    op = tsr_block_get_parent(block);
  if (!op)
    return true; // a constant
  const tsr_op *root = tsr_module_op(tsr_op_get_module(op));
  return tsr_op_contains(root, op);
}

static const tsr_op *get_op_of(const tsr_value *value) {
  const tsr_block *block = tsr_value_get_block(value);
  return block ? tsr_block_get_parent(block) : tsr_value_get_def(value);
}

const tsr_op *tsr_ranges_find_wrong(tsr_ranges *r, tsr_module *module) {
  const tsr_op *wrong = NULL;
  tsr_ranges *fresh = tsr_ranges_create(module);
  for (size_t i = 0; i < r->keys.size && !wrong; i++) {
    const tsr_value *value = r->keys.data[i];
    if (!tsr_value_is_attached(value))
      continue;
    const tsr_index_range *old = tsr_map_find(&r->found, value);
    tsr_index_range new = tsr_ranges_get(fresh, value);
    if (old->min != new.min || old->max != new.max)
      wrong = get_op_of(value);
  }
  tsr_ranges_destroy(fresh);
  return wrong;
}
