// Text of the ops that parse_custom.c reads.

#include "printer.h"

#include "tessera/text.h"

// -- Whether an op is as its syntax wants it ----------------------------------

// IR that the verifier refuses is printed as well, when a pass has failed: what
// does not fit its syntax is printed as any op could be.

static bool is_of(const tsr_attr *attr, tsr_attr_kind kind) {
  return tsr_attr_get_kind(attr) == kind;
}

static bool is_missing_or(const tsr_op *op, const char *name,
                          tsr_attr_kind kind) {
  const tsr_attr *attr = tsr_op_get_attr(op, name);
  return !attr || is_of(attr, kind);
}

static bool is_missing_or_list(const tsr_op *op, const char *name,
                               tsr_attr_kind kind) {
  const tsr_attr *attr = tsr_op_get_attr(op, name);
  if (!attr)
    return true;
  if (!is_of(attr, TSR_ATTR_ARRAY))
    return false;
  for (size_t i = 0; i < tsr_attr_count(attr); i++)
    if (!is_of(tsr_attr_item(attr, i), kind))
      return false;
  return true;
}

// [kind, place] or [kind, place, symbol].
static bool is_source(const tsr_attr *entry) {
  size_t count = tsr_attr_count(entry);
  return (count == 2 || count == 3) &&
         is_of(tsr_attr_item(entry, 0), TSR_ATTR_KEYWORD) &&
         is_of(tsr_attr_item(entry, 1), TSR_ATTR_KEYWORD) &&
         (count == 2 || is_of(tsr_attr_item(entry, 2), TSR_ATTR_SYMBOL));
}

static bool has_sources(const tsr_op *op) {
  if (!is_missing_or_list(op, "args", TSR_ATTR_ARRAY))
    return false;
  const tsr_attr *args = tsr_op_get_attr(op, "args");
  for (size_t i = 0; args && i < tsr_attr_count(args); i++)
    if (!is_source(tsr_attr_item(args, i)))
      return false;
  return true;
}

static bool fits_module(const tsr_op *op) {
  return is_missing_or(op, "target", TSR_ATTR_STRING) &&
         is_missing_or_list(op, "passes", TSR_ATTR_STRING);
}

static bool fits_for(const tsr_op *op) {
  size_t args = tsr_block_arg_count(tsr_op_block(op, 0));
  return args >= 1 && tsr_op_operand_count(op) == args + 2;
}

// No word, or the one there is.
static bool fits_visibility(const tsr_op *op) {
  const tsr_attr *attr = tsr_op_get_attr(op, "visibility");
  return !attr || (is_of(attr, TSR_ATTR_KEYWORD) &&
                   strcmp(tsr_attr_get_text(attr), "private") == 0);
}

static bool fits_syntax(const tsr_op *op) {
  tsr_op_kind kind = tsr_op_get_kind(op);
  size_t blocks = tsr_op_block_count(op);
  if (blocks == 0 || (blocks > 1 && kind != TSR_OP_if_) ||
      !is_missing_or(op, "name", TSR_ATTR_SYMBOL))
    return false;
  if (kind == TSR_OP_module)
    return fits_module(op);
  if (kind == TSR_OP_kernel)
    return has_sources(op);
  if (kind == TSR_OP_for_)
    return fits_for(op);
  if (kind == TSR_OP_if_)
    return tsr_op_operand_count(op) == 1;
  if (kind == TSR_OP_tile_parallel)
    return true;
  if (kind == TSR_OP_core_launch)
    return tsr_block_arg_count(tsr_op_block(op, 0)) >= 2 &&
           (!tsr_op_get_attr(op, "params") ||
            is_of(tsr_op_get_attr(op, "params"), TSR_ATTR_ARRAY));
  return is_missing_or_list(op, "results", TSR_ATTR_TYPE) &&
         (kind != TSR_OP_func || fits_visibility(op));
}

// -- Functions ----------------------------------------------------------------

static void put(tsr_printer *p, const char *text) {
  tsr_buffer_append_str(p->out, text);
}

static void put_name(tsr_printer *p, const tsr_op *op) {
  const char *name = tsr_op_get_text(op, "name");
  if (name)
    tsr_buffer_printf(p->out, " @%s", name);
}

static void put_on_cores(tsr_printer *p, const tsr_op *op) {
  const tsr_attr *cores = tsr_op_get_attr(op, "cores");
  if (!cores)
    return;
  put(p, " on ");
  tsr_attr_print(cores, p->out);
}

static void put_typed_name(tsr_printer *p, const tsr_value *value) {
  tsr_value_print(value, p->out);
  put(p, ": ");
  tsr_type_print(tsr_value_get_type(value), p->out);
}

static void put_function_args(tsr_printer *p, const tsr_op *op) {
  const tsr_block *block = tsr_op_block(op, 0);
  put(p, "(");
  for (size_t i = 0; i < tsr_block_arg_count(block); i++) {
    const tsr_value *arg = tsr_block_arg(block, i);
    put(p, i ? ", " : "");
    put_typed_name(p, arg);
    if (tsr_value_get_modifier(arg))
      tsr_buffer_printf(p->out, " %s", tsr_value_get_modifier(arg));
  }
  put(p, ")");
}

static void put_results(tsr_printer *p, const tsr_op *op) {
  const tsr_attr *results = tsr_op_get_attr(op, "results");
  if (!results)
    return;
  size_t count = tsr_attr_count(results);
  put(p, count == 1 ? " -> " : " -> (");
  for (size_t i = 0; i < count; i++) {
    put(p, i ? ", " : "");
    tsr_type_print(tsr_attr_get_type(tsr_attr_item(results, i)), p->out);
  }
  put(p, count == 1 ? "" : ")");
}

static void put_function(tsr_printer *p, const tsr_op *op) {
  if (tsr_op_is_private(op))
    put(p, " private");
  put_name(p, op);
  put_function_args(p, op);
  put_results(p, op);
  tsr_printer_dict(p, op);
  put_on_cores(p, op);
  tsr_printer_block(p, tsr_op_block(op, 0));
}

// -- kernels ------------------------------------------------------------------

static const char *item_text(const tsr_attr *array, size_t i) {
  return tsr_attr_get_text(tsr_attr_item(array, i));
}

// = kind(source) place; takes the next operand unless a symbol is the source.
static void put_source(tsr_printer *p, const tsr_op *op, const tsr_attr *entry,
                       size_t *operand) {
  tsr_buffer_printf(p->out, " = %s(", item_text(entry, 0));
  if (tsr_attr_count(entry) > 2)
    tsr_buffer_printf(p->out, "@%s", item_text(entry, 2));
  else if (*operand < tsr_op_operand_count(op))
    tsr_value_print(tsr_op_operand(op, (*operand)++), p->out);
  tsr_buffer_printf(p->out, ") %s", item_text(entry, 1));
}

static void put_kernel_args(tsr_printer *p, const tsr_op *op) {
  const tsr_attr *args = tsr_op_get_attr(op, "args");
  const tsr_block *block = tsr_op_block(op, 0);
  size_t operand = 0;
  if (!args)
    return;
  put(p, " args(");
  for (size_t i = 0; i < tsr_attr_count(args); i++) {
    put(p, i ? ", " : "");
    if (i < tsr_block_arg_count(block))
      put_typed_name(p, tsr_block_arg(block, i));
    put_source(p, op, tsr_attr_item(args, i), &operand);
  }
  put(p, ")");
}

static void put_kernel(tsr_printer *p, const tsr_op *op) {
  put_name(p, op);
  tsr_printer_dict(p, op);
  put_on_cores(p, op);
  put_kernel_args(p, op);
  tsr_printer_block(p, tsr_op_block(op, 0));
}

// -- loops --------------------------------------------------------------------

static void put_block_args(tsr_printer *p, const tsr_block *block, size_t from,
                           size_t to) {
  put(p, "(");
  for (size_t i = from; i < to; i++) {
    put(p, i > from ? ", " : "");
    tsr_value_print(tsr_block_arg(block, i), p->out);
  }
  put(p, ")");
}

static void put_carry(tsr_printer *p, const tsr_op *op) {
  const tsr_block *block = tsr_op_block(op, 0);
  put(p, " carry(");
  for (size_t i = 1; i < tsr_block_arg_count(block); i++) {
    put(p, i > 1 ? ", " : "");
    tsr_value_print(tsr_block_arg(block, i), p->out);
    put(p, " = ");
    tsr_value_print(tsr_op_operand(op, i + 2), p->out);
  }
  put(p, ")");
}

static void put_for(tsr_printer *p, const tsr_op *op) {
  int64_t step;
  put(p, " ");
  tsr_value_print(tsr_block_arg(tsr_op_block(op, 0), 0), p->out);
  put(p, " in ");
  tsr_value_print(tsr_op_operand(op, 0), p->out);
  put(p, " to ");
  tsr_value_print(tsr_op_operand(op, 1), p->out);
  if (!tsr_value_is_index(tsr_op_operand(op, 2), &step) || step != 1) {
    put(p, " step ");
    tsr_value_print(tsr_op_operand(op, 2), p->out);
  }
  if (tsr_op_operand_count(op) > 3)
    put_carry(p, op);
  tsr_printer_types(p, op);
  tsr_printer_block(p, tsr_op_block(op, 0));
}

static void put_parallel(tsr_printer *p, const tsr_op *op) {
  const tsr_block *block = tsr_op_block(op, 0);
  put(p, " ");
  put_block_args(p, block, 0, tsr_block_arg_count(block));
  put(p, " in (");
  tsr_printer_operands(p, op, 0, tsr_op_operand_count(op));
  put(p, ")");
  tsr_printer_dict(p, op);
  tsr_printer_block(p, block);
}

static void put_params(tsr_printer *p, const tsr_op *op) {
  const tsr_attr *params = tsr_op_get_attr(op, "params");
  const tsr_block *block = tsr_op_block(op, 0);
  if (!params)
    return;
  put(p, " params(");
  for (size_t i = 0; i < tsr_attr_count(params); i++) {
    put(p, i ? ", " : "");
    if (i + 2 < tsr_block_arg_count(block))
      put_typed_name(p, tsr_block_arg(block, i + 2));
    put(p, " = ");
    tsr_attr_print(tsr_attr_item(params, i), p->out);
  }
  put(p, ")");
}

static void put_core_launch(tsr_printer *p, const tsr_op *op) {
  put(p, " ");
  put_block_args(p, tsr_op_block(op, 0), 0, 2);
  tsr_printer_dict(p, op);
  put_on_cores(p, op);
  put_params(p, op);
  tsr_printer_block(p, tsr_op_block(op, 0));
}

static void put_if(tsr_printer *p, const tsr_op *op) {
  put(p, " ");
  tsr_value_print(tsr_op_operand(op, 0), p->out);
  tsr_printer_types(p, op);
  tsr_printer_block(p, tsr_op_block(op, 0));
  if (tsr_op_block_count(op) > 1) {
    put(p, " else");
    tsr_printer_block(p, tsr_op_block(op, 1));
  }
}

// -- modules ------------------------------------------------------------------

static void put_passes(tsr_printer *p, const tsr_op *op) {
  const tsr_attr *passes = tsr_op_get_attr(op, "passes");
  if (!passes || tsr_attr_count(passes) == 0)
    return;
  put(p, " passes = [");
  for (size_t i = 0; i < tsr_attr_count(passes); i++) {
    put(p, i ? ", " : "");
    tsr_string_print(item_text(passes, i), '\'', p->out);
  }
  put(p, "]");
}

static void put_module(tsr_printer *p, const tsr_op *op) {
  put_name(p, op);
  tsr_buffer_printf(p->out, " version(%d)", TSR_IR_VERSION);
  const char *target = tsr_op_get_text(op, "target");
  if (target) {
    put(p, " target(");
    tsr_string_print(target, '"', p->out);
    put(p, ")");
  }
  const tsr_attr *grid = tsr_op_get_attr(op, "grid");
  if (grid) {
    put(p, " grid(");
    tsr_attr_print(grid, p->out);
    put(p, ")");
  }
  put_passes(p, op);
  tsr_printer_block(p, tsr_op_block(op, 0));
}

// Everything the op has, in no syntax that could be read back.
static void put_any(tsr_printer *p, const tsr_op *op) {
  if (tsr_op_operand_count(op) > 0)
    put(p, " ");
  tsr_printer_operands(p, op, 0, tsr_op_operand_count(op));
  for (size_t i = 0; i < tsr_op_attr_count(op); i++) {
    put(p, i ? ", " : " {");
    tsr_buffer_printf(p->out, "%s = ", tsr_op_attr_name(op, i));
    tsr_attr_print(tsr_op_attr_value(op, i), p->out);
  }
  put(p, tsr_op_attr_count(op) ? "}" : "");
  tsr_printer_types(p, op);
  for (size_t b = 0; b < tsr_op_block_count(op); b++) {
    const tsr_block *block = tsr_op_block(op, b);
    put(p, " ");
    put_block_args(p, block, 0, tsr_block_arg_count(block));
    tsr_printer_block(p, block);
  }
}

void tsr_printer_custom(tsr_printer *p, const tsr_op *op) {
  tsr_op_kind kind = tsr_op_get_kind(op);
  if (!fits_syntax(op))
    put_any(p, op);
  else if (kind == TSR_OP_module)
    put_module(p, op);
  else if (kind == TSR_OP_kernel)
    put_kernel(p, op);
  else if (kind == TSR_OP_for_)
    put_for(p, op);
  else if (kind == TSR_OP_if_)
    put_if(p, op);
  else if (kind == TSR_OP_tile_parallel)
    put_parallel(p, op);
  else if (kind == TSR_OP_core_launch)
    put_core_launch(p, op);
  else
    put_function(p, op);
}
