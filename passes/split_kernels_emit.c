// Walking a launch body for one kernel: scalars and control flow are copied as
// far as the slice keeps them, roots become what the kernel's role says, and
// the pages of the flows it consumes are waited for and popped.

#include "split_kernels.h"

#include <assert.h>

tsr_value *split_value(split_kernel *kernel, tsr_value *value) {
  if (tsr_value_is_constant(value))
    return value;
  tsr_value *mapped = tsr_map_find(&kernel->values, value);
  assert(mapped && "the slice keeps what its ops need");
  return mapped;
}

tsr_value *split_constant(split_kernel *kernel, uint64_t number) {
  return tsr_module_index(kernel->split->module, (int64_t)number);
}

// -- circular buffers ---------------------------------------------------------

void split_emit_cb(split_kernel *kernel, tsr_op_kind kind, const tsr_op *cb,
                   uint64_t pages) {
  tsr_value *count = split_constant(kernel, pages);
  tsr_op *op = tsr_build_op(&kernel->at, kind, NULL, 1, &count);
  tsr_op_set_symbol(op, "cb", tsr_op_get_text(cb, "name"));
}

static tsr_vec *get_queue(split_kernel *kernel, const tsr_op *cb) {
  tsr_vec *queue = tsr_map_find(&kernel->queues, cb);
  if (!queue) {
    queue = TSR_NEW(kernel->slice.arena, tsr_vec);
    tsr_vec_init(queue, kernel->slice.arena);
    tsr_map_set(&kernel->queues, cb, queue);
  }
  return queue;
}

uint64_t split_pages_before(split_kernel *kernel, const split_flow *wanted) {
  const tsr_vec *queue = get_queue(kernel, wanted->cb);
  uint64_t pages = 0;
  for (size_t i = 0; i < queue->size && queue->data[i] != wanted; i++)
    pages += ((const split_flow *)queue->data[i])->batch;
  return pages;
}

// cb.wait counts from the front, so pages still in use before these count too.
void split_emit_wait(split_kernel *kernel, split_flow *flow) {
  if (flow->is_waited)
    return;
  flow->is_waited = true;
  split_emit_cb(kernel, TSR_OP_cb_wait, flow->cb,
                split_pages_before(kernel, flow) + flow->batch);
}

static void refuse_order(split_kernel *kernel, const split_flow *front,
                         const split_flow *ended) {
  const char *cb = tsr_op_get_text(ended->cb, "name");
  kernel->has_failed = true;
  tsr_diag_error_at(kernel->split->env->diag, tsr_value_get_loc(ended->value),
                    TSR_DIAG(pages_out_of_order), cb);
  tsr_diag_note_at(kernel->split->env->diag, tsr_value_get_loc(front->value),
                   TSR_DIAG(note_earlier_tile));
}

// Pages leave in the order they came: a flow that ends before an older one of
// its block waits for that one.
static void end_flow(split_kernel *kernel, split_flow *ended) {
  tsr_vec *queue = get_queue(kernel, ended->cb);
  ended->is_done = true;
  split_flow *front = queue->data[0];
  if (!front->is_done && front->home != ended->home) {
    refuse_order(kernel, front, ended);
    tsr_vec_pop(queue);
    return;
  }
  while (queue->size && front->is_done) {
    split_emit_cb(kernel, TSR_OP_cb_pop, front->cb, front->batch);
    tsr_vec_remove(queue, 0);
    front = queue->size ? queue->data[0] : NULL;
  }
}

static bool is_consumed(const split_kernel *kernel, const split_flow *flow) {
  return flow->to == kernel->role && !flow->is_handed_on;
}

static void check_room(split_kernel *kernel, const split_flow *flow) {
  uint64_t pages = split_pages_before(kernel, flow) + flow->batch;
  uint64_t room = (uint64_t)tsr_op_get_int(flow->cb, "depth", 1) * flow->batch;
  if (pages <= room)
    return;
  kernel->has_failed = true;
  tsr_diag_error_at(kernel->split->env->diag, tsr_value_get_loc(flow->value),
                    TSR_DIAG(pages_exceed_depth), (unsigned long long)pages,
                    tsr_op_get_text(flow->cb, "name"),
                    (unsigned long long)room);
}

// Flows that begin at this place. A writer waits as late as it can, so that
// page arithmetic stands before the wait; compute waits at once.
static void begin_flows(split_kernel *kernel, const tsr_vec *list) {
  for (size_t i = 0; i < list->size; i++) {
    split_flow *flow = list->data[i];
    if (!is_consumed(kernel, flow))
      continue;
    tsr_vec_append(get_queue(kernel, flow->cb), flow);
    check_room(kernel, flow);
    if (kernel->role != ROLE_WRITER || !flow->last)
      split_emit_wait(kernel, flow);
    if (!flow->last)
      end_flow(kernel, flow);
  }
}

static void wait_for_used(split_kernel *kernel, const tsr_op *op) {
  if (tsr_op_is(op, TSR_OP_tile_store))
    return; // its own emitter does, after the page arithmetic
  const tsr_vec *list = split_flows_list(&kernel->split->flows.used_by, op);
  for (size_t i = 0; i < list->size; i++)
    if (is_consumed(kernel, list->data[i]))
      split_emit_wait(kernel, list->data[i]);
}

static void end_used(split_kernel *kernel, const tsr_op *op) {
  const tsr_vec *list = split_flows_list(&kernel->split->flows.ended_by, op);
  for (size_t i = 0; i < list->size; i++)
    if (is_consumed(kernel, list->data[i]))
      end_flow(kernel, list->data[i]);
}

tsr_value *split_emit_page(split_kernel *kernel, tsr_value *tile) {
  tsr_op *def = tsr_value_get_def(tile);
  if (!tsr_op_is(def, TSR_OP_tile_extract))
    return split_constant(
        kernel, split_pages_before(
                    kernel, split_flows_find(&kernel->split->flows, tile)));
  tsr_value *block = tsr_op_operand(def, 0);
  uint32_t cols = tsr_type_get_desc(tsr_value_get_type(block))->block_cols;
  tsr_value *row = split_value(kernel, tsr_op_operand(def, 1));
  tsr_value *col = split_value(kernel, tsr_op_operand(def, 2));
  tsr_value *page = tsr_build_index(&kernel->at, TSR_OP_mul, row,
                                    split_constant(kernel, cols));
  page = tsr_build_index(&kernel->at, TSR_OP_add, page, col);
  return tsr_build_index(&kernel->at, TSR_OP_add,
                         split_emit_page(kernel, block), page);
}

// -- control flow -------------------------------------------------------------

tsr_value *split_open_loop(split_kernel *kernel, tsr_value *count,
                           const char *name) {
  int64_t number;
  if (tsr_value_is_index(count, &number) && number == 1)
    return split_constant(kernel, 0);
  tsr_builder body;
  tsr_op *loop = tsr_build_for(&kernel->at, split_constant(kernel, 0), count,
                               NULL, 0, name, &body);
  kernel->at = body;
  return tsr_block_arg(tsr_op_block(loop, 0), 0);
}

static void bind(split_kernel *kernel, const tsr_value *from, tsr_value *to) {
  tsr_value_set_name(to, tsr_value_get_name(from));
  tsr_map_set(&kernel->values, from, to);
}

// The results that the slice keeps, by number.
static size_t find_kept(const split_kernel *kernel, const tsr_op *op,
                        uint32_t *out_numbers) {
  size_t count = 0;
  for (uint32_t i = 0; i < tsr_op_result_count(op); i++)
    if (split_slice_needs(&kernel->slice, tsr_op_result(op, i)))
      out_numbers[count++] = i;
  return count;
}

// What a control op starts with: kept results, their types.
typedef struct block_frame {
  const tsr_op *from;
  uint32_t *kept;
  size_t kept_count;
  const tsr_type **types;
} block_frame;

static block_frame make_frame(split_kernel *kernel, const tsr_op *op) {
  tsr_arena *arena = kernel->slice.arena;
  size_t count = tsr_op_result_count(op) + 1;
  block_frame made = {.from = op,
                      .kept = TSR_NEW_ARRAY(arena, uint32_t, count),
                      .types = TSR_NEW_ARRAY(arena, const tsr_type *, count)};
  made.kept_count = find_kept(kernel, op, made.kept);
  for (size_t i = 0; i < made.kept_count; i++)
    made.types[i] = tsr_value_get_type(tsr_op_result(op, made.kept[i]));
  return made;
}

static void bind_results(split_kernel *kernel, const block_frame *frame,
                         tsr_op *op) {
  for (size_t i = 0; i < frame->kept_count; i++)
    bind(kernel, tsr_op_result(frame->from, frame->kept[i]),
         tsr_op_result(op, i));
}

// The block's ops, then what of its terminator is kept.
static void fill_block(split_kernel *kernel, const block_frame *frame,
                       tsr_block *from, tsr_block *to) {
  tsr_builder outside = kernel->at;
  kernel->at = tsr_builder_at_end(kernel->split->module, to, outside.loc);
  if (tsr_op_is(frame->from, TSR_OP_for_))
    begin_flows(kernel,
                split_flows_list(&kernel->split->flows.entering, frame->from));
  split_emit_block(kernel, from);
  if (frame->kept_count) {
    tsr_op *end = tsr_block_terminator(from);
    tsr_value **values =
        TSR_NEW_ARRAY(kernel->slice.arena, tsr_value *, frame->kept_count);
    for (size_t i = 0; i < frame->kept_count; i++)
      values[i] = split_value(kernel, tsr_op_operand(end, frame->kept[i]));
    uint32_t groups[] = {(uint32_t)frame->kept_count};
    tsr_op_desc desc = {.kind = TSR_OP_yield,
                        .loc = tsr_op_get_loc(end),
                        .operands = values,
                        .operand_count = frame->kept_count,
                        .groups = groups};
    tsr_build(&kernel->at, &desc);
  }
  kernel->at = outside;
}

static void emit_for(split_kernel *kernel, tsr_op *op) {
  block_frame frame = make_frame(kernel, op);
  size_t operand_count = 3 + frame.kept_count;
  tsr_value **operands =
      TSR_NEW_ARRAY(kernel->slice.arena, tsr_value *, operand_count);
  for (size_t i = 0; i < 3; i++)
    operands[i] = split_value(kernel, tsr_op_operand(op, i));
  for (size_t i = 0; i < frame.kept_count; i++)
    operands[3 + i] =
        split_value(kernel, tsr_op_group_operand(op, 3, frame.kept[i]));
  uint32_t groups[] = {1, 1, 1, (uint32_t)frame.kept_count};
  tsr_op_desc desc = {.kind = TSR_OP_for_,
                      .loc = tsr_op_get_loc(op),
                      .operands = operands,
                      .operand_count = operand_count,
                      .groups = groups,
                      .result_types = frame.types,
                      .result_count = frame.kept_count,
                      .block_count = 1};
  tsr_op *loop = tsr_build(&kernel->at, &desc);
  tsr_block *from = tsr_op_block(op, 0), *to = tsr_op_block(loop, 0);
  for (size_t i = 0; i <= frame.kept_count; i++) {
    tsr_value *arg = tsr_block_arg(from, i ? frame.kept[i - 1] + 1 : 0);
    bind(kernel, arg,
         tsr_block_add_arg(to, tsr_value_get_type(arg), tsr_value_get_loc(arg),
                           NULL));
  }
  fill_block(kernel, &frame, from, to);
  bind_results(kernel, &frame, loop);
}

static bool keeps_any(const split_kernel *kernel, const tsr_block *block) {
  for (const tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op))
    if (split_slice_has(&kernel->slice, op))
      return true;
  return false;
}

static void emit_if(split_kernel *kernel, tsr_op *op) {
  block_frame frame = make_frame(kernel, op);
  size_t block_count = tsr_op_block_count(op);
  if (block_count == 2 && !frame.kept_count &&
      !keeps_any(kernel, tsr_op_block(op, 1)))
    block_count = 1;
  tsr_value *condition = split_value(kernel, tsr_op_operand(op, 0));
  tsr_op_desc desc = {.kind = TSR_OP_if_,
                      .loc = tsr_op_get_loc(op),
                      .operands = &condition,
                      .operand_count = 1,
                      .result_types = frame.types,
                      .result_count = frame.kept_count,
                      .block_count = block_count};
  tsr_op *branch = tsr_build(&kernel->at, &desc);
  for (size_t b = 0; b < block_count; b++)
    fill_block(kernel, &frame, tsr_op_block(op, b), tsr_op_block(branch, b));
  bind_results(kernel, &frame, branch);
}

// -- ops ----------------------------------------------------------------------

static void copy_scalar(split_kernel *kernel, tsr_op *op) {
  tsr_op *copy = tsr_op_clone(op, kernel->split->module, &kernel->values);
  if (kernel->at.before)
    tsr_op_insert_before(copy, kernel->at.before);
  else
    tsr_block_append(kernel->at.block, copy);
}

static void emit_op(split_kernel *kernel, tsr_op *op) {
  static void (*const roles[ROLE_COUNT])(split_kernel *, tsr_op *) = {
      [ROLE_READER] = split_emit_reader,
      [ROLE_COMPUTE] = split_emit_compute,
      [ROLE_WRITER] = split_emit_writer,
  };
  kernel->at.loc = tsr_op_get_loc(op);
  if (tsr_op_is(op, TSR_OP_for_))
    emit_for(kernel, op);
  else if (tsr_op_is(op, TSR_OP_if_))
    emit_if(kernel, op);
  else if (tsr_op_has_trait(op, TSR_TRAIT_INDEX_MATH))
    copy_scalar(kernel, op);
  else if (tsr_op_is(op, TSR_OP_dst_section) && kernel->role != ROLE_COMPUTE)
    split_emit_block(kernel, tsr_op_block(op, 0)); // its loads, unsectioned
  else
    roles[kernel->role](kernel, op);
}

void split_emit_block(split_kernel *kernel, tsr_block *block) {
  for (tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op)) {
    if (tsr_op_has_trait(op, TSR_TRAIT_TERMINATOR))
      break;
    wait_for_used(kernel, op);
    if (split_slice_has(&kernel->slice, op))
      emit_op(kernel, op);
    kernel->at.loc = tsr_op_get_loc(op);
    begin_flows(kernel, split_flows_list(&kernel->split->flows.made_by, op));
    end_used(kernel, op);
  }
}
