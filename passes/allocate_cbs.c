// allocate-cbs: every stream of a core launch becomes a circular buffer.
//
// Indices follow the order of first use, inputs before outputs before
// intermediates, so that the first input of a program is buffer 0 wherever it
// is declared. A circular buffer holds `depth` batches: two let the producer
// fill one while the consumer empties the other. A stream that states its depth
// (a value carried by a loop lies beside its successor) keeps it.

#include "tessera/hash.h"
#include "tessera/pass_report.h"
#include "tessera/support.h"
#include "tessera/vector.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

// The chip counts pages in 16 bits.
static const uint64_t pages_max = UINT16_MAX;

typedef enum stream_class {
  CLASS_INPUT,
  CLASS_OUTPUT,
  CLASS_INTERMEDIATE,
  CLASS_COUNT
} stream_class;

// The streams of one launch in the order of their indices.
typedef struct cb_plan {
  tsr_pass_env *env;
  tsr_op *launch;
  tsr_vec streams; // of tsr_op
  uint64_t depth;  // the option
} cb_plan;

// The most that any core of the launch holds.
typedef struct load {
  uint64_t bytes;
  uint64_t count;
  uint32_t x, y;
} load;

static stream_class classify(const tsr_op *stream) {
  if (!strcmp(tsr_op_get_text(stream, "from"), "reader"))
    return CLASS_INPUT;
  if (!strcmp(tsr_op_get_text(stream, "to"), "writer"))
    return CLASS_OUTPUT;
  return CLASS_INTERMEDIATE;
}

// -- order of first use -------------------------------------------------------

static void note_use(tsr_vec *used, tsr_map *seen, const tsr_op *user,
                     const tsr_attr *symbol) {
  tsr_op *stream =
      symbol ? tsr_op_find_symbol(user, tsr_attr_get_text(symbol)) : NULL;
  if (!tsr_op_is(stream, TSR_OP_stream) || tsr_map_has(seen, stream))
    return;
  tsr_map_set(seen, stream, stream);
  tsr_vec_append(used, stream);
}

static void collect_uses(const tsr_op *op, tsr_vec *used, tsr_map *seen) {
  note_use(used, seen, op, tsr_op_get_attr(op, "stream"));
  const tsr_attr *streams = tsr_op_get_attr(op, "streams");
  for (size_t i = 0; streams && i < tsr_attr_count(streams); i++)
    note_use(used, seen, op, tsr_attr_item(streams, i));
  for (size_t b = 0; b < tsr_op_block_count(op); b++)
    for (const tsr_op *inner = tsr_block_first(tsr_op_block(op, b)); inner;
         inner = tsr_op_next(inner))
      collect_uses(inner, used, seen);
}

static void order_streams(cb_plan *plan) {
  tsr_vec used;
  tsr_vec_init(&used, plan->env->scratch);
  tsr_map seen;
  tsr_map_init(&seen);
  collect_uses(plan->launch, &used, &seen);
  // What nothing uses still takes room where it was declared.
  tsr_block *body = tsr_op_block(plan->launch, 0);
  for (tsr_op *op = tsr_block_first(body); op; op = tsr_op_next(op))
    if (tsr_op_is(op, TSR_OP_stream) && !tsr_map_has(&seen, op))
      tsr_vec_append(&used, op);
  tsr_map_deinit(&seen);
  for (int wanted = 0; wanted < CLASS_COUNT; wanted++)
    for (size_t i = 0; i < used.size; i++)
      if ((int)classify(used.data[i]) == wanted)
        tsr_vec_append(&plan->streams, used.data[i]);
}

// -- L1 -----------------------------------------------------------------------

static uint64_t get_batch(const tsr_op *stream) {
  return (uint64_t)tsr_op_get_int(stream, "batch", 1);
}

// Batches the buffer of `stream` holds when the option says `depth`.
static uint64_t get_depth(const tsr_op *stream, uint64_t depth) {
  return (uint64_t)tsr_op_get_int(stream, "depth", (int64_t)depth);
}

static uint64_t get_page_bytes(const tsr_op *stream) {
  const tsr_attr *format = tsr_op_get_attr(stream, "format");
  return tsr_type_page_bytes(tsr_attr_get_type(format));
}

// Depth and batch are checked against `pages_max` first: no overflow.
static uint64_t get_bytes(const tsr_op *stream, uint64_t depth) {
  return get_batch(stream) * get_depth(stream, depth) * get_page_bytes(stream);
}

static load measure_core(const cb_plan *plan, uint64_t depth, uint32_t x,
                         uint32_t y) {
  load sum = {.x = x, .y = y};
  for (size_t i = 0; i < plan->streams.size; i++) {
    const tsr_op *stream = plan->streams.data[i];
    if (!tsr_cores_contain(tsr_op_get_attr(stream, "cores"), x, y))
      continue;
    sum.bytes += get_bytes(stream, depth);
    sum.count++;
  }
  return sum;
}

// The first core that holds the most bytes, and the most buffers of any core.
static load measure(const cb_plan *plan, uint64_t depth) {
  const tsr_attr *cores = tsr_op_get_attr(plan->launch, "cores");
  size_t core_count = (size_t)tsr_cores_count(cores);
  uint32_t *xy = TSR_NEW_ARRAY(plan->env->scratch, uint32_t, 2 * core_count);
  tsr_cores_list(cores, TSR_ORDER_ROW, xy);
  load most = {0};
  for (size_t i = 0; i < core_count; i++) {
    load here = measure_core(plan, depth, xy[2 * i], xy[2 * i + 1]);
    uint64_t count = here.count > most.count ? here.count : most.count;
    if (here.bytes > most.bytes)
      most = here;
    most.count = count;
  }
  return most;
}

// What they may take: all that the chip has for them, or less.
static uint64_t get_limit(const cb_plan *plan) {
  const tsr_option_value *option = tsr_pass_env_option(plan->env, "l1-limit");
  uint64_t all = plan->env->target->cb_bytes;
  return option->is_set && (uint64_t)option->number < all
             ? (uint64_t)option->number
             : all;
}

static void note_buffers(const cb_plan *plan) {
  for (size_t i = 0; i < plan->streams.size; i++) {
    const tsr_op *stream = plan->streams.data[i];
    tsr_diag_note(plan->env->diag, stream, TSR_DIAG(note_stream_bytes), i,
                  tsr_op_get_text(stream, "name"),
                  get_depth(stream, plan->depth), get_batch(stream),
                  get_page_bytes(stream), get_bytes(stream, plan->depth));
  }
}

static const tsr_op *find_largest(const cb_plan *plan) {
  const tsr_op *largest = plan->streams.data[0];
  for (size_t i = 1; i < plan->streams.size; i++)
    if (get_bytes(plan->streams.data[i], 1) > get_bytes(largest, 1))
      largest = plan->streams.data[i];
  return largest;
}

// Says what would make the buffers fit: less depth if that is enough, else
// where the bytes are.
static void note_remedy(const cb_plan *plan) {
  uint64_t limit = get_limit(plan);
  for (uint64_t depth = plan->depth - 1; depth > 0; depth--) {
    uint64_t bytes = measure(plan, depth).bytes;
    if (bytes > limit)
      continue;
    tsr_diag_note(plan->env->diag, plan->launch, TSR_DIAG(note_depth_that_fits),
                  depth, bytes);
    return;
  }
  const tsr_op *largest = find_largest(plan);
  uint64_t bytes = measure(plan, 1).bytes;
  tsr_diag_note(plan->env->diag, largest, TSR_DIAG(note_depth_too_small), bytes,
                bytes - limit, tsr_op_get_text(largest, "name"),
                get_bytes(largest, 1));
}

// -- checks -------------------------------------------------------------------

static tsr_result check_pages(const cb_plan *plan) {
  tsr_result result = TSR_OK;
  for (size_t i = 0; i < plan->streams.size; i++) {
    const tsr_op *stream = plan->streams.data[i];
    uint64_t batch = get_batch(stream);
    uint64_t depth = get_depth(stream, plan->depth);
    uint64_t pages;
    if (tsr_mul_u64(batch, depth, &pages) && pages <= pages_max)
      continue;
    result = tsr_diag_error(
        plan->env->diag, stream, TSR_DIAG(cb_pages_exceed_counter),
        tsr_op_get_text(stream, "name"), depth, batch, pages_max);
  }
  return result;
}

static tsr_result check_count(const cb_plan *plan) {
  const tsr_target *target = plan->env->target;
  uint64_t count = measure(plan, plan->depth).count;
  // An index names one buffer in the whole program, so the list is what counts.
  if (plan->streams.size > count)
    count = plan->streams.size;
  if (count <= target->cb_count)
    return TSR_OK;
  tsr_diag_error(plan->env->diag, plan->launch, TSR_DIAG(too_many_cbs), count,
                 target->name, target->cb_count);
  note_buffers(plan);
  return TSR_FAILED;
}

static tsr_result check_budget(const cb_plan *plan) {
  const tsr_target *target = plan->env->target;
  load most = measure(plan, plan->depth);
  uint64_t limit = get_limit(plan);
  if (most.bytes <= limit)
    return TSR_OK;
  if (limit < target->cb_bytes)
    tsr_diag_error(plan->env->diag, plan->launch, TSR_DIAG(cbs_exceed_limit),
                   most.bytes, most.x, most.y, limit);
  else
    tsr_diag_error(plan->env->diag, plan->launch, TSR_DIAG(cbs_exceed_l1),
                   most.bytes, most.x, most.y, target->name, target->cb_bytes);
  note_buffers(plan);
  note_remedy(plan);
  return TSR_FAILED;
}

// -- rewriting ----------------------------------------------------------------

static void copy_attr(tsr_op *to, const tsr_op *from, const char *name) {
  const tsr_attr *attr = tsr_op_get_attr(from, name);
  if (attr)
    tsr_op_set_attr(to, name, attr);
}

static void build_cb(const cb_plan *plan, tsr_op *stream, size_t index) {
  tsr_builder builder = tsr_builder_before(stream);
  tsr_op *cb = tsr_build_op(&builder, TSR_OP_cb, NULL, 0, NULL);
  copy_attr(cb, stream, "name");
  copy_attr(cb, stream, "cores");
  copy_attr(cb, stream, "from");
  copy_attr(cb, stream, "to");
  tsr_op_set_int(cb, "index", (int64_t)index);
  tsr_op_set_int(cb, "batch", (int64_t)get_batch(stream));
  tsr_op_set_int(cb, "depth", (int64_t)get_depth(stream, plan->depth));
  tsr_op_set_int(cb, "page_bytes", (int64_t)get_page_bytes(stream));
  copy_attr(cb, stream, "format");
  copy_attr(cb, stream, "order");
  copy_attr(cb, stream, "subblock");
  copy_attr(cb, stream, "unpack");
  tsr_op_erase(stream);
}

static void report(const cb_plan *plan) {
  uint64_t limit = get_limit(plan), bytes = measure(plan, plan->depth).bytes;
  tsr_pass_env_count(plan->env, "buffers", plan->streams.size);
  tsr_pass_env_count(plan->env, "bytes", bytes);
  if (!tsr_pass_env_wants_remarks(plan->env))
    return;
  for (size_t i = 0; i < plan->streams.size; i++) {
    const tsr_op *stream = plan->streams.data[i];
    tsr_pass_env_remark(
        plan->env, TSR_REMARK_PASSED, "Allocated", stream,
        "@{stream:%s} is circular buffer {index:%zu}: {depth:%" PRIu64
        "} batches of {batch:%" PRIu64 "} pages of {page_bytes:%" PRIu64
        "} B, {bytes:%" PRIu64 "} B",
        tsr_op_get_text(stream, "name"), i, get_depth(stream, plan->depth),
        get_batch(stream), get_page_bytes(stream),
        get_bytes(stream, plan->depth));
  }
  tsr_pass_env_remark(plan->env, TSR_REMARK_ANALYSIS, "L1Use", plan->launch,
                      "circular buffers take {bytes:%" PRIu64
                      "} B of L1 on the fullest core, {left:%" PRIu64
                      "} of {available:%" PRIu64 "} B are left",
                      bytes, limit - bytes, limit);
}

static tsr_result allocate(tsr_pass_env *env, tsr_op *launch) {
  cb_plan plan = {.env = env,
                  .launch = launch,
                  .depth = (uint64_t)tsr_pass_env_option(env, "depth")->number};
  tsr_vec_init(&plan.streams, env->scratch);
  order_streams(&plan);
  if (check_pages(&plan) != TSR_OK || check_count(&plan) != TSR_OK ||
      check_budget(&plan) != TSR_OK)
    return TSR_FAILED;
  report(&plan);
  for (size_t i = 0; i < plan.streams.size; i++)
    build_cb(&plan, plan.streams.data[i], i);
  return TSR_OK;
}

tsr_result tsr_pass_allocate_cbs(tsr_pass_env *env, tsr_module *module) {
  tsr_result result = TSR_OK;
  tsr_block *functions = tsr_module_block(module);
  for (tsr_op *func = tsr_block_first(functions); func;
       func = tsr_op_next(func)) {
    if (!tsr_op_is(func, TSR_OP_func))
      continue;
    for (tsr_op *op = tsr_block_first(tsr_op_block(func, 0)); op;
         op = tsr_op_next(op)) {
      tsr_pass_env_at(env, op);
      if (tsr_op_is(op, TSR_OP_core_launch) && allocate(env, op) != TSR_OK)
        result = TSR_FAILED;
    }
  }
  return result;
}
