// Compute: sections of tile math as machine ops between the phases of DST.
//
// Which machine op a tile op becomes is in its row of ops.def, and what that
// one takes (pages of circular buffers, slots of DST) in its own row. A new op
// needs rows and nothing here.

#include "split_kernels.h"

#include <string.h>

static bool is_unit(const tsr_op *op, const char *unit) {
  const char *text = tsr_op_get_text(op, "unit");
  return text && !strcmp(text, unit);
}

TSR_PRINTF(4, 5)
static tsr_result refuse(split_kernel *kernel, const tsr_op *op, const char *id,
                         const char *format, ...) {
  kernel->has_failed = true;
  va_list arguments;
  va_start(arguments, format);
  tsr_diag_verror_at(kernel->split->env->diag, tsr_op_get_loc(op), id, format,
                     arguments);
  va_end(arguments);
  return TSR_FAILED;
}

static uint32_t count_tiles(const tsr_value *value) {
  return tsr_type_block_tiles(tsr_value_get_type(value));
}

// -- DST slots ----------------------------------------------------------------

// Where a value that states no slot of its own has it from; NULL: it must state
// one. Loops and branches keep a value in the slot it came in.
static tsr_value *find_slot_source(const tsr_value *value) {
  tsr_op *def = tsr_value_get_def(value);
  size_t number = tsr_value_get_number(value);
  if (!def)
    return tsr_op_group_operand(
        tsr_block_get_parent(tsr_value_get_block(value)), 3, number - 1);
  if (tsr_op_is(def, TSR_OP_for_))
    return tsr_op_group_operand(def, 3, number);
  if (tsr_op_is(def, TSR_OP_if_))
    return tsr_op_operand(tsr_block_terminator(tsr_op_block(def, 0)), number);
  if (tsr_op_is(def, TSR_OP_tile_insert))
    return tsr_op_operand(def, 1);
  if (tsr_op_is(def, TSR_OP_tile_cast) && is_unit(def, "pack"))
    return tsr_op_operand(def, 0);
  return NULL;
}

// Slot of one tile of the block that is operand `at` of an extract or insert,
// relative to the block's first; false when it is known only when the kernel
// runs.
static bool find_offset(const tsr_op *op, size_t at, int64_t *out) {
  int64_t row, col;
  const tsr_type *block = tsr_value_get_type(tsr_op_operand(op, at));
  if (!tsr_value_is_index(tsr_op_operand(op, at + 1), &row) ||
      !tsr_value_is_index(tsr_op_operand(op, at + 2), &col))
    return false;
  *out = row * tsr_type_get_desc(block)->block_cols + col;
  return true;
}

// The first slot of a DST value.
static tsr_result find_slot(split_kernel *kernel, const tsr_op *user,
                            const tsr_value *value, uint64_t *out) {
  int64_t offset = 0, step;
  for (;;) {
    tsr_op *def = tsr_value_get_def(value);
    tsr_value *source = find_slot_source(value);
    if (tsr_op_is(def, TSR_OP_tile_extract)) {
      if (!find_offset(def, 0, &step))
        return refuse(kernel, def, TSR_DIAG(block_index_varies),
                      tsr_op_get_mnemonic(def));
      offset += step;
      source = tsr_op_operand(def, 0);
    }
    if (!source)
      break;
    value = source;
  }
  int64_t slot = tsr_op_get_int(tsr_value_get_def(value), "dst", -1);
  if (slot < 0)
    return refuse(kernel, user, TSR_DIAG(tile_without_slot),
                  tsr_op_get_mnemonic(user));
  *out = (uint64_t)(slot + offset);
  return TSR_OK;
}

// -- machine ops --------------------------------------------------------------

static const char *const cb_names[] = {"a", "b"};

static const tsr_attr *make_format(tsr_context *context, tsr_element element) {
  return tsr_attr_type(context, tsr_type_tile(context, element, 1, 1));
}

static tsr_element get_element(const tsr_value *tile) {
  return tsr_type_get_element(tsr_value_get_type(tile));
}

// What the machine op says besides its operands.
static void set_details(split_kernel *kernel, tsr_op *made, const tsr_op *op) {
  tsr_context *context = tsr_module_get_context(kernel->split->module);
  bool is_wide = tsr_op_get_bool(kernel->split->launch, "fp32_acc", true);
  tsr_element width = is_wide ? TSR_ELEMENT_F32 : TSR_ELEMENT_BF16;
  switch (tsr_op_get_kind(made)) {
  case TSR_OP_sfpu_fill:
    tsr_op_set_attr(made, "value", tsr_op_get_attr(op, "value"));
    return;
  case TSR_OP_sfpu_cast:
    tsr_op_set_attr(made, "from",
                    make_format(context, get_element(tsr_op_operand(op, 0))));
    tsr_op_set_attr(made, "to",
                    make_format(context, get_element(tsr_op_result(op, 0))));
    return;
  case TSR_OP_sfpu_where:
  case TSR_OP_sfpu_copy:
    tsr_op_set_attr(made, "format", make_format(context, width));
    return;
  default:
    return;
  }
}

// One machine op: pages of the streams in `pages` (FPU) or DST slots of the
// operands (SFPU) plus `tile`, then the target slot.
typedef struct machine_op {
  tsr_op *op; // the tile op
  tsr_op_kind kind;
  bool is_fpu;
  size_t source_count;   // operands before `dst`
  tsr_value *sources[3]; // first page or slot of each
  const tsr_op *cbs[3];  // FPU: where the pages lie
  uint64_t dst;
} machine_op;

static tsr_value *add(split_kernel *kernel, tsr_value *a, tsr_value *b) {
  return tsr_build_index(&kernel->at, TSR_OP_add, a, b);
}

static void build_machine_op(split_kernel *kernel, const machine_op *machine,
                             tsr_value *const *steps, tsr_value *dst_step) {
  tsr_value *operands[4];
  for (size_t i = 0; i < machine->source_count; i++)
    operands[i] = add(kernel, machine->sources[i], steps[i]);
  operands[machine->source_count] =
      add(kernel, split_constant(kernel, machine->dst), dst_step);
  tsr_op *made = tsr_build_op(&kernel->at, machine->kind, NULL,
                              machine->source_count + 1, operands);
  for (size_t i = 0; machine->is_fpu && i < machine->source_count; i++)
    tsr_op_set_symbol(made, cb_names[i],
                      tsr_op_get_text(machine->cbs[i], "name"));
  set_details(kernel, made, machine->op);
}

static void build_elementwise(split_kernel *kernel, const machine_op *machine) {
  tsr_builder outside = kernel->at;
  tsr_value *tile = split_open_loop(
      kernel,
      split_constant(kernel, count_tiles(tsr_op_result(machine->op, 0))),
      "tile");
  tsr_value *steps[] = {tile, tile, tile};
  build_machine_op(kernel, machine, steps, tile);
  split_close_loops(kernel, outside);
}

static tsr_value *scale(split_kernel *kernel, tsr_value *row, uint64_t cols,
                        tsr_value *col) {
  tsr_value *start = tsr_build_index(&kernel->at, TSR_OP_mul, row,
                                     split_constant(kernel, cols));
  return add(kernel, start, col);
}

// Blocks as matrices of tiles: k innermost, so that each sum is made in one
// slot from start to end.
static void build_product(split_kernel *kernel, const machine_op *machine) {
  const tsr_type_desc *a =
      tsr_type_get_desc(tsr_value_get_type(tsr_op_operand(machine->op, 0)));
  const tsr_type_desc *b =
      tsr_type_get_desc(tsr_value_get_type(tsr_op_operand(machine->op, 1)));
  tsr_builder outside = kernel->at;
  tsr_value *row =
      split_open_loop(kernel, split_constant(kernel, a->block_rows), "row");
  tsr_value *col =
      split_open_loop(kernel, split_constant(kernel, b->block_cols), "col");
  tsr_value *k =
      split_open_loop(kernel, split_constant(kernel, a->block_cols), "inner");
  tsr_value *steps[] = {scale(kernel, row, a->block_cols, k),
                        scale(kernel, k, b->block_cols, col)};
  build_machine_op(kernel, machine, steps,
                   scale(kernel, row, b->block_cols, col));
  split_close_loops(kernel, outside);
}

// The first pages of what an FPU op reads.
static tsr_result find_pages(split_kernel *kernel, machine_op *machine) {
  for (size_t i = 0; i < machine->source_count; i++) {
    tsr_value *tile = tsr_op_operand(machine->op, i);
    const split_flow *flow = split_flows_find(&kernel->split->flows, tile);
    if (!flow)
      return refuse(kernel, machine->op, TSR_DIAG(fpu_takes_streams),
                    tsr_op_get_mnemonic(machine->op));
    machine->cbs[i] = flow->cb;
    machine->sources[i] = split_emit_page(kernel, tile);
  }
  return TSR_OK;
}

// The slots an SFPU op reads. An op that works in place names its slot once.
static tsr_result find_slots(split_kernel *kernel, machine_op *machine,
                             size_t operand_count) {
  for (size_t i = 0; i < operand_count; i++) {
    tsr_value *tile = tsr_op_operand(machine->op, i);
    if (split_flows_find(&kernel->split->flows, tile))
      return refuse(kernel, machine->op, TSR_DIAG(sfpu_takes_dst),
                    tsr_op_get_mnemonic(machine->op));
    uint64_t slot;
    if (find_slot(kernel, machine->op, tile, &slot) != TSR_OK)
      return TSR_FAILED;
    if (i < machine->source_count)
      machine->sources[i] = split_constant(kernel, slot);
    else if (slot != machine->dst)
      return refuse(kernel, machine->op, TSR_DIAG(sfpu_in_place),
                    tsr_op_get_mnemonic(machine->op));
  }
  return TSR_OK;
}

// The accumulator of a product is where the result goes.
static tsr_result check_accumulator(split_kernel *kernel,
                                    const machine_op *machine) {
  uint64_t slot;
  if (find_slot(kernel, machine->op, tsr_op_operand(machine->op, 2), &slot) !=
      TSR_OK)
    return TSR_FAILED;
  if (slot == machine->dst)
    return TSR_OK;
  return refuse(kernel, machine->op, TSR_DIAG(accumulates_elsewhere),
                tsr_op_get_mnemonic(machine->op));
}

static tsr_result emit_math(split_kernel *kernel, tsr_op *op) {
  const tsr_op_info *info = tsr_op_get_info(op);
  machine_op machine = {.op = op, .is_fpu = is_unit(op, "fpu")};
  if (machine.is_fpu)
    machine.kind = info->fpu;
  else if (is_unit(op, "sfpu"))
    machine.kind = info->sfpu;
  if (machine.kind == TSR_OP_none)
    return refuse(kernel, op, TSR_DIAG(no_machine_op), tsr_op_get_mnemonic(op));
  machine.source_count = tsr_op_kind_group_count(machine.kind) - 1;
  if (find_slot(kernel, op, tsr_op_result(op, 0), &machine.dst) != TSR_OK)
    return TSR_FAILED;
  tsr_result found =
      machine.is_fpu ? find_pages(kernel, &machine)
                     : find_slots(kernel, &machine, tsr_op_operand_count(op));
  if (found != TSR_OK)
    return TSR_FAILED;
  if (!tsr_op_is(op, TSR_OP_tile_mma)) {
    build_elementwise(kernel, &machine);
    return TSR_OK;
  }
  if (check_accumulator(kernel, &machine) != TSR_OK)
    return TSR_FAILED;
  build_product(kernel, &machine);
  return TSR_OK;
}

// -- blocks filled in part ----------------------------------------------------

// The insert that writes to `block` next, or NULL; `out_is_read`: something
// reads tiles of it, whether they are written or not. What is packed has zeros
// there, and an extract takes one that is written. Of several inserts, in
// branches, none writes for the others.
static const tsr_op *find_insert(const tsr_value *block, bool *out_is_read) {
  const tsr_op *insert = NULL;
  for (const tsr_use *u = tsr_value_first_use(block); u; u = tsr_use_next(u)) {
    const tsr_op *user = tsr_use_get_op(u);
    bool is_packed = is_unit(user, "pack") ||
                     (tsr_op_is(user, TSR_OP_yield) &&
                      tsr_op_is(tsr_op_get_parent(user), TSR_OP_dst_section));
    bool is_insert =
        tsr_op_is(user, TSR_OP_tile_insert) && tsr_use_get_index(u) == 1;
    if (is_insert && !insert)
      insert = user;
    else if (!is_packed && !tsr_op_is(user, TSR_OP_tile_extract))
      *out_is_read = true;
  }
  return insert;
}

static void emit_zero(split_kernel *kernel, uint64_t slot) {
  tsr_value *target = split_constant(kernel, slot);
  tsr_op *made = tsr_build_op(&kernel->at, TSR_OP_sfpu_fill, NULL, 1, &target);
  tsr_context *context = tsr_module_get_context(kernel->split->module);
  tsr_op_set_attr(made, "value", tsr_attr_float(context, 0));
}

// An op on blocks reads all their tiles, so those of an empty block that are
// not inserted until then hold zeros.
static void emit_empty(split_kernel *kernel, const tsr_op *op) {
  const tsr_value *block = tsr_op_result(op, 0);
  uint32_t count = count_tiles(block);
  bool *written = TSR_NEW_ARRAY(kernel->split->env->scratch, bool, count);
  bool is_read = false;
  int64_t offset;
  for (const tsr_op *insert; (insert = find_insert(block, &is_read)) != NULL &&
                             !is_read && find_offset(insert, 1, &offset);
       block = tsr_op_result(insert, 0))
    written[offset] = true;
  uint64_t slot;
  if (!is_read || find_slot(kernel, op, tsr_op_result(op, 0), &slot) != TSR_OK)
    return;
  for (uint32_t i = 0; i < count; i++)
    if (!written[i])
      emit_zero(kernel, slot + i);
}

// -- sections -----------------------------------------------------------------

static void emit_phase(split_kernel *kernel, tsr_op_kind kind) {
  tsr_build_op(&kernel->at, kind, NULL, 0, NULL);
}

static void emit_pack(split_kernel *kernel, const split_flow *flow,
                      uint64_t slot) {
  tsr_builder outside = kernel->at;
  tsr_value *tile =
      split_open_loop(kernel, split_constant(kernel, flow->batch), "tile");
  tsr_value *operands[] = {add(kernel, split_constant(kernel, slot), tile),
                           tile};
  tsr_op *made = tsr_build_op(&kernel->at, TSR_OP_pack_tile, NULL, 2, operands);
  tsr_op_set_symbol(made, "cb", tsr_op_get_text(flow->cb, "name"));
  split_close_loops(kernel, outside);
}

static void emit_section(split_kernel *kernel, tsr_op *op) {
  emit_phase(kernel, TSR_OP_dst_acquire);
  split_emit_block(kernel, tsr_op_block(op, 0));
  kernel->at.loc = tsr_op_get_loc(op);
  emit_phase(kernel, TSR_OP_dst_commit);
  const tsr_vec *made = split_flows_list(&kernel->split->flows.made_by, op);
  tsr_op *end = tsr_block_terminator(tsr_op_block(op, 0));
  for (size_t i = 0; i < made->size; i++) {
    const split_flow *flow = made->data[i];
    split_emit_cb(kernel, TSR_OP_cb_reserve, flow->cb, flow->batch);
  }
  emit_phase(kernel, TSR_OP_dst_wait);
  // A value that could not be made has its error already.
  for (size_t i = 0; i < made->size && !kernel->has_failed; i++) {
    uint64_t slot;
    if (find_slot(kernel, end, tsr_op_operand(end, i), &slot) == TSR_OK)
      emit_pack(kernel, made->data[i], slot);
  }
  emit_phase(kernel, TSR_OP_dst_release);
  for (size_t i = 0; i < made->size; i++) {
    const split_flow *flow = made->data[i];
    split_emit_cb(kernel, TSR_OP_cb_push, flow->cb, flow->batch);
  }
}

// Values that only name a slot, or are packed as they are, need no machine op.
static bool is_silent(const tsr_op *op) {
  switch (tsr_op_get_kind(op)) {
  case TSR_OP_dst_cleared:
  case TSR_OP_tile_extract:
  case TSR_OP_tile_insert:
  case TSR_OP_tile_load:     // waited for where it stands
  case TSR_OP_tile_generate: // likewise
    return true;
  default:
    return is_unit(op, "pack");
  }
}

void split_emit_compute(split_kernel *kernel, tsr_op *op) {
  if (tsr_op_is(op, TSR_OP_dst_section))
    emit_section(kernel, op);
  else if (tsr_op_is(op, TSR_OP_tile_empty))
    emit_empty(kernel, op);
  else if (!is_silent(op))
    (void)emit_math(kernel, op);
}
