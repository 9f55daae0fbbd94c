// distribute-cores: give every core its share of each parallel loop.
//
// The iterations of a nest are counted row-major, innermost axis fastest, and
// each core takes consecutive ones: as many cores as there are iterations, at
// most the grid; where the division leaves a remainder, the first cores take
// one more. These are the groups of tt-metal's split_work_to_cores, so a kernel
// made here can stand in a host program that calls it.
//
// What a core does is two numbers, its first iteration and how many. The body
// gets its indices back from them by division, which canonicalize removes again
// where an index only feeds a page number.

#include "tessera/analysis.h"
#include "tessera/pass_report.h"
#include "tessera/support.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

// The iterations of one nest, dealt out.
typedef struct split {
  uint64_t total;
  uint32_t cores;       // that have work
  uint64_t large_count; // cores with `small` + 1 iterations; they come first
  uint64_t small;
} split;

// The rectangle of cores to use, and how they are counted.
typedef struct grid {
  tsr_core_range range;
  tsr_order order;
} grid;

static uint32_t grid_rows(const tsr_core_range *range) {
  return range->y1 - range->y0 + 1;
}

static uint32_t grid_cols(const tsr_core_range *range) {
  return range->x1 - range->x0 + 1;
}

static split deal_out(uint64_t total, const grid *cores) {
  uint64_t available =
      (uint64_t)grid_rows(&cores->range) * grid_cols(&cores->range);
  uint64_t used = total < available ? total : available;
  return (split){.total = total,
                 .cores = (uint32_t)used,
                 .large_count = total % used,
                 .small = total / used};
}

// -- the grid -----------------------------------------------------------------

static tsr_result check_fits_target(tsr_pass_env *env, const tsr_op *module_op,
                                    const tsr_core_range *range) {
  const tsr_target *target = env->target;
  if (range->x1 < target->grid_cols && range->y1 < target->grid_rows)
    return TSR_OK;
  return tsr_diag_error(env->diag, module_op, TSR_DIAG(grid_exceeds_target),
                        range->y1 + 1, range->x1 + 1, target->name,
                        target->grid_rows, target->grid_cols);
}

// The module's own grid, or all workers of the target when it names none.
static tsr_result get_module_grid(tsr_pass_env *env, const tsr_op *module_op,
                                  tsr_core_range *out_range) {
  *out_range = (tsr_core_range){.x1 = env->target->grid_cols - 1,
                                .y1 = env->target->grid_rows - 1};
  const tsr_attr *cores = tsr_op_get_attr(module_op, "grid");
  if (!cores)
    return TSR_OK;
  *out_range = tsr_attr_core_ranges(cores)[0];
  return check_fits_target(env, module_op, out_range);
}

static tsr_result choose_grid(tsr_pass_env *env, const tsr_op *module_op,
                              grid *out) {
  const tsr_option_value *order = tsr_pass_env_option(env, "order");
  out->order =
      strcmp(order->text, "row") == 0 ? TSR_ORDER_ROW : TSR_ORDER_COLUMN;
  const tsr_option_value *option = tsr_pass_env_option(env, "grid");
  if (!option->is_set)
    return get_module_grid(env, module_op, &out->range);

  out->range = (tsr_core_range){.x1 = option->cols - 1, .y1 = option->rows - 1};
  if (check_fits_target(env, module_op, &out->range) != TSR_OK)
    return TSR_FAILED;
  const tsr_attr *cores = tsr_op_get_attr(module_op, "grid");
  if (cores && (!tsr_cores_contain(cores, out->range.x1, out->range.y1) ||
                !tsr_cores_contain(cores, 0, 0)))
    return tsr_diag_error(env->diag, module_op, TSR_DIAG(grid_option_too_large),
                          option->rows, option->cols);
  return TSR_OK;
}

// -- what each core gets ------------------------------------------------------

// The first `count` cores of the grid as ranges: whole columns (rows), then
// what is left of the next. As num_cores_to_corerangeset gives them.
static const tsr_attr *list_cores(tsr_context *context, const grid *cores,
                                  uint32_t count) {
  const tsr_core_range *all = &cores->range;
  bool by_column = cores->order == TSR_ORDER_COLUMN;
  uint32_t line = by_column ? grid_rows(all) : grid_cols(all);
  uint32_t full = count / line, rest = count % line;
  tsr_core_range ranges[2];
  size_t range_count = 0;
  if (full > 0) {
    tsr_core_range *r = &ranges[range_count++];
    *r = *all;
    if (by_column)
      r->x1 = all->x0 + full - 1;
    else
      r->y1 = all->y0 + full - 1;
  }
  if (rest > 0) {
    tsr_core_range *r = &ranges[range_count++];
    *r = *all;
    if (by_column) {
      r->x0 = r->x1 = all->x0 + full;
      r->y1 = all->y0 + rest - 1;
    } else {
      r->y0 = r->y1 = all->y0 + full;
      r->x1 = all->x0 + rest - 1;
    }
  }
  return tsr_attr_cores(context, ranges, range_count);
}

static const tsr_attr *list_params(tsr_context *context, const split *work) {
  int64_t small = (int64_t)work->small, large = small + 1;
  uint64_t small_count = work->cores - work->large_count;
  tsr_run firsts[2], counts[2];
  size_t runs = 0;
  if (work->large_count > 0) {
    firsts[runs] = (tsr_run){0, large, work->large_count};
    counts[runs++] = (tsr_run){large, 0, work->large_count};
  }
  if (small_count > 0) {
    firsts[runs] =
        (tsr_run){large * (int64_t)work->large_count, small, small_count};
    counts[runs++] = (tsr_run){small, 0, small_count};
  }
  const tsr_attr *params[] = {tsr_attr_runs(context, firsts, runs),
                              tsr_attr_runs(context, counts, runs)};
  return tsr_attr_array(context, params, 2);
}

// Multiplies the sizes of a nest.
//
// fails  a size is zero, or the product passes 32 bits, which is what kernels
//        count in
static tsr_result count_iterations(tsr_pass_env *env, const tsr_op *nest,
                                   uint64_t *out_total) {
  uint64_t total = 1;
  for (size_t i = 0; i < tsr_op_operand_count(nest); i++) {
    int64_t size = 0;
    // Outside of loops there are constants, buffer.dim and what is computed
    // from them, which the stage verifier has done already.
    bool is_known = tsr_index_evaluate(tsr_op_operand(nest, i), NULL, &size);
    assert(is_known);
    (void)is_known;
    if (size == 0)
      return tsr_diag_error(env->diag, nest, TSR_DIAG(parallel_size_zero), i);
    if (!tsr_mul_u64(total, (uint64_t)size, &total) || total > UINT32_MAX)
      return tsr_diag_error(env->diag, nest, TSR_DIAG(parallel_too_large),
                            UINT32_MAX);
  }
  *out_total = total;
  return TSR_OK;
}

// -- the rewrite --------------------------------------------------------------

static tsr_op *build_launch(tsr_builder *at, const tsr_op *nest,
                            const grid *cores, const split *work) {
  tsr_context *context = tsr_module_get_context(at->module);
  tsr_op *launch = tsr_build(at, &(tsr_op_desc){.kind = TSR_OP_core_launch,
                                                .loc = tsr_op_get_loc(nest),
                                                .block_count = 1});
  // What select-units decided for the nest holds for the launch.
  for (size_t i = 0; i < tsr_op_attr_count(nest); i++)
    tsr_op_set_attr(launch, tsr_op_attr_name(nest, i),
                    tsr_op_attr_value(nest, i));
  tsr_op_set_attr(launch, "cores", list_cores(context, cores, work->cores));
  tsr_op_set_keyword(launch, "order",
                     cores->order == TSR_ORDER_ROW ? "row" : "column");
  tsr_op_set_attr(launch, "params", list_params(context, work));
  const tsr_type *index = tsr_type_index(context);
  static const char *const names[] = {"x", "y", "first", "count"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    tsr_block_add_arg(tsr_op_block(launch, 0), index, tsr_op_get_loc(nest),
                      names[i]);
  return launch;
}

static tsr_value *build_named(tsr_builder *at, tsr_op_kind kind, tsr_value *a,
                              tsr_value *b, const char *name) {
  tsr_value *value = tsr_build_index(at, kind, a, b);
  // Folding may return an operand or a constant, which have their own names.
  if (value != a && value != b && !tsr_value_is_constant(value))
    tsr_value_set_name(value, name);
  return value;
}

// Replaces the indices of `nest` by what iteration `first + i` makes of them.
static void build_indices(tsr_builder *at, const tsr_op *nest, tsr_value *first,
                          tsr_value *i) {
  tsr_block *body = tsr_op_block(nest, 0);
  size_t axes = tsr_block_arg_count(body);
  const char *outermost =
      axes ? tsr_value_get_name(tsr_block_arg(body, 0)) : NULL;
  tsr_value *rest =
      build_named(at, TSR_OP_add, first, i, axes == 1 ? outermost : "tile");
  for (size_t axis = axes; axis-- > 0;) {
    tsr_value *arg = tsr_block_arg(body, axis);
    if (axis == 0) {
      tsr_value_replace_uses(arg, rest);
      return;
    }
    tsr_value *size = tsr_op_operand(nest, axis);
    tsr_value *outer = build_named(at, TSR_OP_div, rest, size,
                                   axis == 1 ? outermost : "outer");
    tsr_value *inner =
        build_named(at, TSR_OP_rem, rest, size, tsr_value_get_name(arg));
    tsr_value_replace_uses(arg, inner);
    rest = outer;
  }
}

static void report(const tsr_pass_env *env, const tsr_op *nest,
                   const grid *cores, const split *work) {
  uint32_t available = grid_rows(&cores->range) * grid_cols(&cores->range);
  tsr_pass_env_count(env, "launches", 1);
  tsr_pass_env_count(env, "cores", work->cores);
  tsr_pass_env_remark(env, TSR_REMARK_PASSED, "Distributed", nest,
                      "{iterations:%" PRIu64 "} iterations on {cores:%" PRIu32
                      "} cores, at most {most:%" PRIu64 "} on one",
                      work->total, work->cores,
                      work->small + (work->large_count > 0));
  if (work->cores < available)
    tsr_pass_env_remark(env, TSR_REMARK_MISSED, "CoresIdle", nest,
                        "{idle:%" PRIu32 "} of {available:%" PRIu32
                        "} cores have nothing to do: there are only "
                        "{iterations:%" PRIu64 "} iterations",
                        available - work->cores, available, work->total);
  if (work->large_count > 0)
    tsr_pass_env_remark(env, TSR_REMARK_MISSED, "Uneven", nest,
                        "{few:%" PRIu64 "} cores have one iteration more than "
                        "the {others:%" PRIu64 "} others, which wait for them",
                        work->large_count, work->cores - work->large_count);
}

static tsr_result distribute(tsr_pass_env *env, tsr_op *nest,
                             const grid *cores) {
  uint64_t total = 0;
  if (count_iterations(env, nest, &total) != TSR_OK)
    return TSR_FAILED;
  split work = deal_out(total, cores);
  report(env, nest, cores, &work);
  tsr_builder at = tsr_builder_before(nest);
  tsr_op *launch = build_launch(&at, nest, cores, &work);

  tsr_block *outer = tsr_op_block(launch, 0);
  tsr_builder in = tsr_builder_at_end(at.module, outer, tsr_op_get_loc(nest));
  tsr_builder body;
  tsr_op *loop = tsr_build_for(&in, tsr_module_index(at.module, 0),
                               tsr_block_arg(outer, 3), NULL, 0, "i", &body);
  tsr_value *i = tsr_block_arg(tsr_op_block(loop, 0), 0);
  build_indices(&body, nest, tsr_block_arg(outer, 2), i);

  tsr_op *next;
  for (tsr_op *op = tsr_block_first(tsr_op_block(nest, 0)); op; op = next) {
    next = tsr_op_next(op);
    tsr_op_remove(op);
    tsr_block_append(tsr_op_block(loop, 0), op);
  }
  tsr_op_erase(nest);
  return TSR_OK;
}

tsr_result tsr_pass_distribute_cores(tsr_pass_env *env, tsr_module *module) {
  grid cores;
  if (choose_grid(env, tsr_module_op(module), &cores) != TSR_OK)
    return TSR_FAILED;
  tsr_result result = TSR_OK;
  for (tsr_op *func = tsr_block_first(tsr_module_block(module)); func;
       func = tsr_op_next(func)) {
    if (!tsr_op_is(func, TSR_OP_func))
      continue;
    tsr_op *next;
    for (tsr_op *op = tsr_block_first(tsr_op_block(func, 0)); op; op = next) {
      next = tsr_op_next(op);
      tsr_pass_env_at(env, op);
      if (tsr_op_is(op, TSR_OP_tile_parallel) &&
          distribute(env, op, &cores) != TSR_OK)
        result = TSR_FAILED;
    }
  }
  return result;
}
