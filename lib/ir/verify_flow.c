// Verifiers: structure, index arithmetic and control flow.

#include "impl.h"
#include "tessera/print.h"
#include "verify.h"

#include <string.h>

// -- functions ----------------------------------------------------------------

// Nothing gives the blocks of `op` values.
static tsr_result check_no_arguments(const tsr_op *op, tsr_diag *diag) {
  for (uint8_t b = 0; b < op->block_count; b++)
    if (tsr_block_arg_count(ir_block(op, b)) > 0)
      return tsr_diag_error(diag, op, TSR_DIAG(block_takes_no_arguments),
                            tsr_op_get_mnemonic(op),
                            tsr_block_arg_count(ir_block(op, b)));
  return TSR_OK;
}

tsr_result tsr_verify_module(const tsr_op *op, tsr_diag *diag) {
  int64_t version = tsr_op_get_int(op, "version", 0);
  if (version < 1 || version > TSR_IR_VERSION)
    return tsr_diag_error(diag, op, TSR_DIAG(version_unknown),
                          (long long)version, TSR_IR_VERSION);
  const tsr_attr *grid = tsr_op_get_attr(op, "grid");
  if (tsr_attr_count(grid) != 1 || grid->as.ranges[0].x0 > 0 ||
      grid->as.ranges[0].y0 > 0)
    return tsr_diag_error(diag, op, TSR_DIAG(grid_not_rectangle));
  const tsr_attr *passes = tsr_op_get_attr(op, "passes");
  for (size_t i = 0; passes && i < passes->count; i++)
    if (passes->as.items[i]->kind != TSR_ATTR_STRING)
      return tsr_diag_error(diag, op, TSR_DIAG(passes_not_strings));
  return check_no_arguments(op, diag);
}

static tsr_result check_modifier(const tsr_op *op, tsr_diag *diag,
                                 const tsr_value *arg) {
  const char *modifier = tsr_value_get_modifier(arg);
  if (!modifier)
    return TSR_OK;
  if (strcmp(modifier, "out") != 0 && strcmp(modifier, "inout") != 0)
    return tsr_diag_error(diag, op, TSR_DIAG(modifier_unknown),
                          ir_value_name(arg), modifier);
  if (ir_type(arg)->desc.kind != TSR_TYPE_BUFFER)
    return tsr_diag_error(diag, op, TSR_DIAG(modifier_not_buffer),
                          ir_value_name(arg), modifier);
  return TSR_OK;
}

static tsr_result check_arguments(const tsr_op *op, tsr_diag *diag) {
  const tsr_block *block = ir_block(op, 0);
  bool has_tensor = false, has_buffer = false;
  for (size_t i = 0; i < tsr_block_arg_count(block); i++) {
    const tsr_value *arg = ir_block_arg(block, i);
    tsr_type_kind kind = ir_type(arg)->desc.kind;
    if (kind != TSR_TYPE_TENSOR && kind != TSR_TYPE_BUFFER)
      return tsr_diag_error(diag, op, TSR_DIAG(argument_type),
                            ir_value_name(arg) ? ir_value_name(arg) : "?",
                            tsr_type_text(ir_type(arg)));
    has_tensor |= kind == TSR_TYPE_TENSOR;
    has_buffer |= kind == TSR_TYPE_BUFFER;
    if (check_modifier(op, diag, arg) != TSR_OK)
      return TSR_FAILED;
  }
  if (has_tensor && has_buffer)
    return tsr_diag_error(diag, op, TSR_DIAG(arguments_mixed));
  if (has_tensor && op->kind != TSR_OP_func && op->kind != TSR_OP_reference)
    return tsr_diag_error(diag, op, TSR_DIAG(takes_buffers),
                          tsr_op_get_mnemonic(op));
  return TSR_OK;
}

bool tsr_is_over_tensors(const tsr_op *op) {
  if (!tsr_op_is(op, TSR_OP_func))
    return false;
  const tsr_block *body = ir_block(op, 0);
  for (size_t i = 0; i < tsr_block_arg_count(body); i++)
    if (ir_type(ir_block_arg(body, i))->desc.kind == TSR_TYPE_TENSOR)
      return true;
  const tsr_op *end = tsr_block_terminator(body);
  return tsr_op_is(end, TSR_OP_return_) && tsr_op_operand_count(end) > 0;
}

bool tsr_op_is_private(const tsr_op *op) {
  return tsr_op_is(op, TSR_OP_func) && tsr_op_get_text(op, "visibility");
}

static tsr_result check_visibility(const tsr_op *op, tsr_diag *diag) {
  if (!tsr_op_is_private(op))
    return TSR_OK;
  if (tsr_verify_choice(op, diag, "visibility", "private") != TSR_OK)
    return TSR_FAILED;
  const char *name = tsr_op_get_text(op, "name");
  if (!tsr_is_over_tensors(op))
    return tsr_diag_error(diag, op, TSR_DIAG(private_not_tensors), name);
  const tsr_attr *results = tsr_op_get_attr(op, "results");
  if (!results || results->count == 0)
    return tsr_diag_error(diag, op, TSR_DIAG(private_returns_nothing), name);
  return TSR_OK;
}

tsr_result tsr_verify_func(const tsr_op *op, tsr_diag *diag) {
  if (ir_parent_block(op) != tsr_module_block(ir_module(op)))
    return tsr_diag_error(diag, op, TSR_DIAG(not_in_module),
                          tsr_op_get_mnemonic(op));
  if (check_arguments(op, diag) != TSR_OK ||
      check_visibility(op, diag) != TSR_OK)
    return TSR_FAILED;
  const tsr_attr *results = tsr_op_get_attr(op, "results");
  if (!results || results->count == 0)
    return TSR_OK;
  for (size_t i = 0; i < results->count; i++)
    if (results->as.items[i]->kind != TSR_ATTR_TYPE)
      return tsr_diag_error(diag, op, TSR_DIAG(results_not_types));
  if (!tsr_op_is(tsr_block_terminator(ir_block(op, 0)), TSR_OP_return_))
    return tsr_diag_error(diag, op, TSR_DIAG(return_missing),
                          tsr_op_get_text(op, "name"));
  return TSR_OK;
}

tsr_result tsr_verify_program(const tsr_op *op, tsr_diag *diag) {
  if (tsr_verify_choice(op, diag, "order", "column|row") != TSR_OK)
    return TSR_FAILED;
  return tsr_verify_func(op, diag);
}

// Core sets name no core twice.
static tsr_result check_cores(const tsr_op *op, tsr_diag *diag) {
  const tsr_attr *cores = tsr_op_get_attr(op, "cores");
  if (cores->count == 0)
    return tsr_diag_error(diag, op, TSR_DIAG(core_set_empty));
  for (size_t i = 0; i < cores->count; i++)
    for (size_t j = 0; j < i; j++) {
      const tsr_core_range *a = &cores->as.ranges[i];
      const tsr_core_range *b = &cores->as.ranges[j];
      if (a->x0 <= b->x1 && b->x0 <= a->x1 && a->y0 <= b->y1 && b->y0 <= a->y1)
        return tsr_diag_error(diag, op, TSR_DIAG(core_ranges_overlap), j + 1,
                              i + 1);
    }
  return TSR_OK;
}

// What the kinds of a kernel's arguments take, and give to the kernel.
typedef struct argument_kind {
  const char *name;
  tsr_type_kind type;   // in the kernel
  const char *source;   // outside of it; NULL: a symbol
  tsr_type_kind wanted; // of the source
  const char *places;
} argument_kind;

static const char all_places[] = "runtime|common|compile_time";

static const argument_kind argument_kinds[] = {
    {"const", TSR_TYPE_INDEX, "an index", TSR_TYPE_INDEX, all_places},
    {"per_core", TSR_TYPE_INDEX, "a core.param", TSR_TYPE_INDEX, "runtime"},
    {"address", TSR_TYPE_ADDR, "a buffer", TSR_TYPE_BUFFER, all_places},
    {"accessor", TSR_TYPE_ACCESSOR, "a buffer", TSR_TYPE_BUFFER,
     "compile_time"},
    {"cb", TSR_TYPE_INDEX, NULL, TSR_TYPE_INDEX, all_places},
    {"semaphore", TSR_TYPE_INDEX, NULL, TSR_TYPE_INDEX, all_places},
    {"noc_x", TSR_TYPE_INDEX, "an index", TSR_TYPE_INDEX, all_places},
    {"noc_y", TSR_TYPE_INDEX, "an index", TSR_TYPE_INDEX, all_places},
};

static bool is_one_of(const char *word, const char *list) {
  size_t length = strlen(word);
  for (const char *at = list; at; at = strchr(at, '|')) {
    at += *at == '|';
    if (strncmp(at, word, length) == 0 && (!at[length] || at[length] == '|'))
      return true;
  }
  return false;
}

static const argument_kind *find_argument_kind(const char *name) {
  for (size_t i = 0; i < sizeof argument_kinds / sizeof *argument_kinds; i++)
    if (strcmp(argument_kinds[i].name, name) == 0)
      return &argument_kinds[i];
  return NULL;
}

// One row of a kernel's table: [kind, place] or [kind, place, symbol].
static tsr_result check_kernel_row(const tsr_op *op, tsr_diag *diag, size_t i,
                                   const tsr_attr *row, size_t *operands) {
  bool is_row = row->kind == TSR_ATTR_ARRAY && row->count >= 2 &&
                row->as.items[0]->kind == TSR_ATTR_KEYWORD &&
                row->as.items[1]->kind == TSR_ATTR_KEYWORD;
  if (!is_row)
    return tsr_diag_error(diag, op, TSR_DIAG(argument_row_shape), i);
  const char *name = row->as.items[0]->as.text;
  const char *place = row->as.items[1]->as.text;
  const argument_kind *kind = find_argument_kind(name);
  if (!kind)
    return tsr_diag_error(diag, op, TSR_DIAG(argument_kind_unknown), name);
  if (!is_one_of(place, all_places))
    return tsr_diag_error(diag, op, TSR_DIAG(argument_place_unknown), place);
  if (!is_one_of(place, kind->places))
    return tsr_diag_error(diag, op, TSR_DIAG(argument_place_wrong), i, name,
                          kind->places, place);
  if (!kind->source != (row->count == 3))
    return tsr_diag_error(diag, op, TSR_DIAG(argument_symbol), name,
                          kind->source ? "no" : "a");
  *operands += kind->source != NULL;
  return TSR_OK;
}

// What stands behind row `i`: its source outside and the value in the kernel.
static tsr_result check_kernel_arg(const tsr_op *op, tsr_diag *diag, size_t i,
                                   const argument_kind *kind,
                                   const tsr_value *source) {
  const tsr_value *arg = ir_block_arg(ir_block(op, 0), i);
  bool is_fine = !source || ir_type(source)->desc.kind == kind->wanted;
  if (source && strcmp(kind->name, "per_core") == 0)
    is_fine = tsr_op_is(tsr_value_get_def(source), TSR_OP_core_param);
  if (!is_fine)
    return tsr_diag_error(diag, op, TSR_DIAG(argument_source),
                          ir_value_name(arg), kind->name, kind->source);
  if (ir_type(arg)->desc.kind == kind->type)
    return TSR_OK;
  return tsr_diag_error(diag, op, TSR_DIAG(argument_type_kind),
                        ir_value_name(arg), kind->name,
                        tsr_type_text(ir_type(arg)));
}

static tsr_result check_kernel_args(const tsr_op *op, tsr_diag *diag,
                                    const tsr_attr *args) {
  bool has_accessor = false;
  uint32_t operand = 0;
  for (size_t i = 0; args && i < args->count; i++) {
    const tsr_attr *row = args->as.items[i];
    const argument_kind *kind = find_argument_kind(row->as.items[0]->as.text);
    const tsr_value *source = kind->source ? ir_operand(op, operand++) : NULL;
    if (check_kernel_arg(op, diag, i, kind, source) != TSR_OK)
      return TSR_FAILED;
    if (kind->type == TSR_TYPE_ACCESSOR)
      has_accessor = true;
    else if (has_accessor &&
             strcmp(row->as.items[1]->as.text, "compile_time") == 0)
      return tsr_diag_error(diag, op, TSR_DIAG(accessors_not_last),
                            ir_value_name(ir_block_arg(ir_block(op, 0), i)));
  }
  return TSR_OK;
}

tsr_result tsr_verify_kernel(const tsr_op *op, tsr_diag *diag) {
  if (!tsr_op_is(tsr_op_get_parent(op), TSR_OP_program))
    return tsr_diag_error(diag, op, TSR_DIAG(kernel_not_in_program));
  if (check_cores(op, diag) != TSR_OK ||
      tsr_verify_choice(op, diag, "processor", "dm0|dm1|compute") != TSR_OK ||
      tsr_verify_choice(op, diag, "fidelity", "lofi|hifi2|hifi3|hifi4") !=
          TSR_OK ||
      tsr_verify_range(op, diag, "noc", 0, 1) != TSR_OK)
    return TSR_FAILED;
  bool is_compute = strcmp(tsr_op_get_text(op, "processor"), "compute") == 0;
  bool has_noc = tsr_op_get_attr(op, "noc") != NULL;
  if (is_compute && has_noc)
    return tsr_diag_error(diag, op, TSR_DIAG(noc_of_compute));
  if (!is_compute && !has_noc)
    return tsr_diag_error(diag, op, TSR_DIAG(noc_missing));
  if (is_compute && !tsr_op_get_text(op, "fidelity"))
    return tsr_diag_error(diag, op, TSR_DIAG(fidelity_missing));
  const tsr_attr *args = tsr_op_get_attr(op, "args");
  size_t rows = args ? args->count : 0, operands = 0;
  for (size_t i = 0; i < rows; i++)
    if (check_kernel_row(op, diag, i, args->as.items[i], &operands) != TSR_OK)
      return TSR_FAILED;
  if (operands != op->operand_count ||
      rows != tsr_block_arg_count(ir_block(op, 0)))
    return tsr_diag_error(diag, op, TSR_DIAG(kernel_table_size),
                          op->operand_count,
                          tsr_block_arg_count(ir_block(op, 0)), operands, rows);
  return check_kernel_args(op, diag, args);
}

static bool is_program(const tsr_op *op) {
  return tsr_op_is(op, TSR_OP_program);
}

static tsr_result refuse_program(const tsr_op *launch, tsr_diag *diag,
                                 const char *name, const tsr_op *other) {
  tsr_result result =
      tsr_diag_error(diag, launch, TSR_DIAG(program_unknown), name,
                     tsr_verify_symbol_hint(launch, is_program, name));
  if (other)
    tsr_diag_note(diag, other, TSR_DIAG(note_symbol_kind), name,
                  tsr_op_get_mnemonic(other));
  return result;
}

tsr_result tsr_verify_launch(const tsr_op *op, tsr_diag *diag) {
  if (!tsr_op_is(tsr_op_get_parent(op), TSR_OP_host))
    return tsr_diag_error(diag, op, TSR_DIAG(launch_not_in_host));
  const char *name = tsr_op_get_text(op, "program");
  const tsr_op *program =
      tsr_block_find_symbol(tsr_module_block(ir_module(op)), name);
  if (!tsr_op_is(program, TSR_OP_program))
    return refuse_program(op, diag, name, program);
  const tsr_block *body = ir_block(program, 0);
  if (tsr_block_arg_count(body) != op->operand_count) {
    tsr_result result =
        tsr_diag_error(diag, op, TSR_DIAG(launch_buffer_count), name,
                       tsr_block_arg_count(body), op->operand_count);
    tsr_diag_note(diag, program, TSR_DIAG(note_program_here));
    return result;
  }
  for (uint32_t i = 0; i < op->operand_count; i++)
    if (ir_type(ir_operand(op, i)) != ir_type(ir_block_arg(body, i)))
      return tsr_diag_error(diag, op, TSR_DIAG(launch_buffer_type), i, name,
                            tsr_type_text(ir_type(ir_block_arg(body, i))),
                            tsr_type_text(ir_type(ir_operand(op, i))));
  return TSR_OK;
}

tsr_result tsr_verify_return(const tsr_op *op, tsr_diag *diag) {
  const tsr_op *parent = tsr_op_get_parent(op);
  if (!tsr_op_is(parent, TSR_OP_func) && !tsr_op_is(parent, TSR_OP_reference))
    return tsr_diag_error(diag, op, TSR_DIAG(return_wrong_place));
  const tsr_attr *results = ir_get_attr_of(parent, "results", TSR_ATTR_ARRAY);
  size_t count = results ? results->count : 0;
  if (count != op->operand_count)
    return tsr_diag_error(diag, op, TSR_DIAG(return_count),
                          tsr_op_get_text(parent, "name"), count,
                          op->operand_count);
  for (size_t i = 0; i < count; i++) {
    const tsr_attr *want = results->as.items[i];
    const tsr_type *have = ir_type(ir_operand(op, i));
    if (want->kind == TSR_ATTR_TYPE && want->as.type != have)
      return tsr_diag_error(diag, op, TSR_DIAG(return_type), i,
                            tsr_type_text(want->as.type), tsr_type_text(have));
  }
  return TSR_OK;
}

// -- values handed over -------------------------------------------------------

// The yield of `block` gives what `op` has as results. Sections round on the
// way out, so theirs may differ in element.
static tsr_result check_yield(const tsr_op *op, tsr_diag *diag,
                              const tsr_block *block) {
  const tsr_op *yield = tsr_block_terminator(block);
  size_t count = yield ? yield->operand_count : 0;
  if (count != op->result_count)
    return tsr_diag_error(diag, yield ? yield : op, TSR_DIAG(yield_count),
                          tsr_op_get_mnemonic(op), op->result_count, count);
  for (size_t i = 0; i < count; i++) {
    const tsr_type *want = ir_type(ir_result(op, i));
    const tsr_type *have = ir_type(ir_operand(yield, i));
    if (want != have)
      return tsr_diag_error(diag, yield, TSR_DIAG(yield_type), i,
                            tsr_type_text(want), tsr_type_text(have));
  }
  return TSR_OK;
}

tsr_result tsr_verify_yield(const tsr_op *op, tsr_diag *diag) {
  switch ((int)tsr_op_get_parent(op)->kind) {
  case TSR_OP_for_:
  case TSR_OP_if_:
  case TSR_OP_dst_section:
    return TSR_OK;
  }
  return tsr_diag_error(diag, op, TSR_DIAG(yield_wrong_place));
}

tsr_result tsr_verify_dst_section(const tsr_op *op, tsr_diag *diag) {
  const tsr_attr *streams = tsr_op_get_attr(op, "streams");
  size_t count = streams ? streams->count : 0;
  if (count != op->result_count)
    return tsr_diag_error(diag, op, TSR_DIAG(section_streams), op->result_count,
                          count);
  for (size_t i = 0; i < count; i++)
    if (streams->as.items[i]->kind != TSR_ATTR_SYMBOL)
      return tsr_diag_error(diag, op, TSR_DIAG(section_symbols));
  if (check_no_arguments(op, diag) != TSR_OK)
    return TSR_FAILED;
  return check_yield(op, diag, ir_block(op, 0));
}

// -- index arithmetic ---------------------------------------------------------

tsr_result tsr_verify_index_math(const tsr_op *op, tsr_diag *diag) {
  bool is_address = op->kind == TSR_OP_add &&
                    ir_type(ir_operand(op, 0))->desc.kind == TSR_TYPE_ADDR;
  tsr_type_kind kind = is_address ? TSR_TYPE_ADDR : TSR_TYPE_INDEX;
  if (tsr_verify_operand_kind(op, diag, 0, kind) != TSR_OK ||
      tsr_verify_operand_kind(op, diag, 1, TSR_TYPE_INDEX) != TSR_OK ||
      tsr_verify_result_kind(op, diag, 0, kind) != TSR_OK)
    return TSR_FAILED;
  int64_t divisor;
  bool divides = op->kind == TSR_OP_div || op->kind == TSR_OP_rem;
  if (divides && tsr_value_is_index(ir_operand(op, 1), &divisor) &&
      divisor == 0)
    return tsr_diag_error(diag, op, TSR_DIAG(division_by_zero));
  return TSR_OK;
}

tsr_result tsr_verify_cmp(const tsr_op *op, tsr_diag *diag) {
  if (tsr_verify_choice(op, diag, "predicate", "eq|ne|lt|le|gt|ge") != TSR_OK ||
      tsr_verify_operand_kind(op, diag, 0, TSR_TYPE_INDEX) != TSR_OK ||
      tsr_verify_operand_kind(op, diag, 1, TSR_TYPE_INDEX) != TSR_OK)
    return TSR_FAILED;
  return tsr_verify_result_kind(op, diag, 0, TSR_TYPE_BOOL);
}

tsr_result tsr_verify_select(const tsr_op *op, tsr_diag *diag) {
  if (tsr_verify_operand_kind(op, diag, 0, TSR_TYPE_BOOL) != TSR_OK ||
      tsr_verify_operand_kind(op, diag, 1, TSR_TYPE_INDEX) != TSR_OK ||
      tsr_verify_operand_kind(op, diag, 2, TSR_TYPE_INDEX) != TSR_OK)
    return TSR_FAILED;
  return tsr_verify_result_kind(op, diag, 0, TSR_TYPE_INDEX);
}

// -- control flow -------------------------------------------------------------

static bool can_be_carried(const tsr_type *type) {
  tsr_type_kind kind = type->desc.kind;
  return kind == TSR_TYPE_INDEX || kind == TSR_TYPE_TILE;
}

tsr_result tsr_verify_for(const tsr_op *op, tsr_diag *diag) {
  for (size_t i = 0; i < 3; i++)
    if (tsr_verify_operand_kind(op, diag, i, TSR_TYPE_INDEX) != TSR_OK)
      return TSR_FAILED;
  int64_t step;
  if (tsr_value_is_index(ir_operand(op, 2), &step) && step < 1)
    return tsr_diag_error(diag, op, TSR_DIAG(loop_step_small));
  const tsr_block *body = ir_block(op, 0);
  size_t carried = ir_group_size(op, 3);
  if (tsr_block_arg_count(body) != carried + 1 || op->result_count != carried)
    return tsr_diag_error(diag, op, TSR_DIAG(loop_carry_count), carried,
                          op->result_count, tsr_block_arg_count(body));
  if (ir_type(ir_block_arg(body, 0))->desc.kind != TSR_TYPE_INDEX)
    return tsr_diag_error(diag, op, TSR_DIAG(loop_variable_type));
  for (size_t i = 0; i < carried; i++) {
    const tsr_type *type = ir_type(tsr_op_group_operand(op, 3, i));
    if (!can_be_carried(type))
      return tsr_diag_error(diag, op, TSR_DIAG(loop_carry_type),
                            tsr_type_text(type));
    if (ir_type(ir_block_arg(body, i + 1)) != type ||
        ir_type(ir_result(op, i)) != type)
      return tsr_diag_error(diag, op, TSR_DIAG(loop_carry_type_changes), i,
                            tsr_type_text(type));
  }
  return check_yield(op, diag, body);
}

tsr_result tsr_verify_if(const tsr_op *op, tsr_diag *diag) {
  if (tsr_verify_operand_kind(op, diag, 0, TSR_TYPE_BOOL) != TSR_OK)
    return TSR_FAILED;
  for (uint32_t i = 0; i < op->result_count; i++)
    if (!can_be_carried(ir_type(ir_result(op, i))))
      return tsr_diag_error(diag, op, TSR_DIAG(if_result_type),
                            tsr_type_text(ir_type(ir_result(op, i))));
  if (op->result_count && op->block_count != 2)
    return tsr_diag_error(diag, op, TSR_DIAG(if_else_missing));
  if (check_no_arguments(op, diag) != TSR_OK)
    return TSR_FAILED;
  for (uint32_t b = 0; b < op->block_count; b++)
    if (check_yield(op, diag, ir_block(op, b)) != TSR_OK)
      return TSR_FAILED;
  return TSR_OK;
}

tsr_result tsr_verify_parallel(const tsr_op *op, tsr_diag *diag) {
  if (tsr_verify_group_kind(op, diag, 0, TSR_TYPE_INDEX) != TSR_OK ||
      tsr_verify_choice(op, diag, "fidelity", "lofi|hifi2|hifi3|hifi4") !=
          TSR_OK)
    return TSR_FAILED;
  if (op->operand_count == 0)
    return tsr_diag_error(diag, op, TSR_DIAG(parallel_no_axis));
  if (tsr_block_arg_count(ir_block(op, 0)) != op->operand_count)
    return tsr_diag_error(diag, op, TSR_DIAG(parallel_axis_count),
                          tsr_block_arg_count(ir_block(op, 0)),
                          op->operand_count);
  return TSR_OK;
}

tsr_result tsr_verify_core_launch(const tsr_op *op, tsr_diag *diag) {
  if (check_cores(op, diag) != TSR_OK ||
      tsr_verify_choice(op, diag, "order", "column|row") != TSR_OK ||
      tsr_verify_choice(op, diag, "fidelity", "lofi|hifi2|hifi3|hifi4") !=
          TSR_OK)
    return TSR_FAILED;
  const tsr_attr *params = tsr_op_get_attr(op, "params");
  size_t count = params ? params->count : 0;
  if (tsr_block_arg_count(ir_block(op, 0)) != count + 2)
    return tsr_diag_error(diag, op, TSR_DIAG(launch_block_args), count,
                          tsr_block_arg_count(ir_block(op, 0)));
  uint64_t cores = tsr_cores_count(tsr_op_get_attr(op, "cores"));
  for (size_t i = 0; i < count; i++) {
    const tsr_attr *runs = params->as.items[i];
    if (runs->kind != TSR_ATTR_RUNS || tsr_runs_count(runs) != cores)
      return tsr_diag_error(diag, op, TSR_DIAG(param_count),
                            ir_value_name(ir_block_arg(ir_block(op, 0), i + 2)),
                            runs->kind == TSR_ATTR_RUNS
                                ? (unsigned long long)tsr_runs_count(runs)
                                : 0ULL,
                            (unsigned long long)cores);
  }
  return TSR_OK;
}

// Order `subblock` takes the tiles of a batch h rows by w columns at a time,
// row-major inside; attribute subblock = [h, w] says which.
static tsr_result check_tile_order(const tsr_op *op, tsr_diag *diag) {
  if (tsr_verify_choice(op, diag, "order", "row_major|subblock") != TSR_OK)
    return TSR_FAILED;
  const char *order = tsr_op_get_text(op, "order");
  const tsr_attr *sides = tsr_op_get_attr(op, "subblock");
  bool is_subblock = order && strcmp(order, "subblock") == 0;
  if (is_subblock != (sides != NULL))
    return tsr_diag_error(diag, op, TSR_DIAG(subblock_incomplete));
  if (!sides)
    return TSR_OK;
  int64_t tiles = 1, batch = tsr_op_get_int(op, "batch", 1);
  for (size_t i = 0; i < sides->count; i++) {
    const tsr_attr *side = sides->as.items[i];
    if (side->kind != TSR_ATTR_INT || side->as.number < 1 ||
        side->as.number > 65535)
      return tsr_diag_error(diag, op, TSR_DIAG(subblock_side));
    tiles *= side->as.number;
  }
  if (sides->count != 2 || batch % tiles)
    return tsr_diag_error(diag, op, TSR_DIAG(subblock_shape), (long long)batch);
  return TSR_OK;
}

tsr_result tsr_verify_stream(const tsr_op *op, tsr_diag *diag) {
  if (check_cores(op, diag) != TSR_OK ||
      tsr_verify_choice(op, diag, "from", "reader|compute") != TSR_OK ||
      tsr_verify_choice(op, diag, "to", "compute|writer") != TSR_OK ||
      tsr_verify_choice(op, diag, "unpack", "default|fp32") != TSR_OK ||
      tsr_verify_range(op, diag, "depth", 1, 65535) != TSR_OK ||
      tsr_verify_range(op, diag, "batch", 1, 65535) != TSR_OK)
    return TSR_FAILED;
  return check_tile_order(op, diag);
}

tsr_result tsr_verify_cb(const tsr_op *op, tsr_diag *diag) {
  if (tsr_verify_stream(op, diag) != TSR_OK ||
      tsr_verify_range(op, diag, "index", 0, 63) != TSR_OK ||
      tsr_verify_range(op, diag, "page_bytes", 1, INT32_MAX) != TSR_OK)
    return TSR_FAILED;
  // Before kernels are apart, nothing else says which of them has which end.
  bool is_in_launch = tsr_op_find_parent(op, TSR_OP_core_launch) != NULL;
  const char *missing = !tsr_op_get_attr(op, "from") ? "from"
                        : !tsr_op_get_attr(op, "to") ? "to"
                                                     : NULL;
  if (is_in_launch && missing)
    return tsr_diag_error(diag, op, TSR_DIAG(cb_end_missing), missing);
  int64_t pages =
      tsr_op_get_int(op, "batch", 1) * tsr_op_get_int(op, "depth", 1);
  if (pages > 65535)
    return tsr_diag_error(diag, op, TSR_DIAG(pages_exceed_counter),
                          (long long)pages);
  return TSR_OK;
}

tsr_result tsr_verify_semaphore(const tsr_op *op, tsr_diag *diag) {
  if (check_cores(op, diag) != TSR_OK ||
      tsr_verify_range(op, diag, "index", 0, 65535) != TSR_OK)
    return TSR_FAILED;
  return tsr_verify_range(op, diag, "initial", 0, UINT32_MAX);
}

tsr_result tsr_verify_core_param(const tsr_op *op, tsr_diag *diag) {
  const tsr_op *program = tsr_op_get_parent(op);
  if (!tsr_op_is(program, TSR_OP_program))
    return tsr_diag_error(diag, op, TSR_DIAG(core_param_place));
  const tsr_attr *cores = ir_get_attr_of(program, "cores", TSR_ATTR_CORES);
  const tsr_attr *values = tsr_op_get_attr(op, "values");
  if (cores && tsr_runs_count(values) != tsr_cores_count(cores))
    return tsr_diag_error(diag, op, TSR_DIAG(core_param_count),
                          (unsigned long long)tsr_runs_count(values),
                          (unsigned long long)tsr_cores_count(cores));
  return tsr_verify_result_kind(op, diag, 0, TSR_TYPE_INDEX);
}
