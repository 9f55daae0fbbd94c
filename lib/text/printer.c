// Prints ops as their rows in ops.def describe them, and whole modules.

#include "printer.h"

#include <string.h>

static inline void put(tsr_printer *p, const char *text) {
  tsr_buffer_append(p->out, text, strlen(text));
}

void tsr_printer_operands(tsr_printer *p, const tsr_op *op, size_t from,
                          size_t to) {
  for (size_t i = from; i < to; i++) {
    if (i > from)
      put(p, ", ");
    tsr_value_print(ir_operand(op, i), p->out);
  }
}

static bool has_place(const tsr_printer *p, const tsr_op *op,
                      const char *name) {
  const tsr_syntax *syntax = p->syntax.rows[tsr_op_get_kind(op)];
  size_t i = tsr_syntax_find_attr(tsr_op_get_kind(op), name, strlen(name));
  return i < syntax->attr_count && syntax->has_place[i];
}

static bool is_declared(const tsr_op *op, const char *name) {
  tsr_op_kind kind = tsr_op_get_kind(op);
  return tsr_syntax_find_attr(kind, name, strlen(name)) <
         tsr_op_kind_attr_count(kind);
}

static void put_entry(tsr_printer *p, const char *name, const tsr_attr *attr,
                      bool *first) {
  put(p, *first ? "{" : ", ");
  put(p, name);
  put(p, " = ");
  tsr_attr_print(attr, p->out);
  *first = false;
}

void tsr_printer_dict(tsr_printer *p, const tsr_op *op) {
  if (op->attr_count == 0)
    return;
  const ir_row *row = ir_op_row(op);
  bool first = true;
  size_t start = p->out->size;
  put(p, " ");
  for (size_t i = 0; i < row->attr_count; i++) {
    const tsr_attr *attr = tsr_op_get_attr(op, row->attrs[i]);
    if (attr && !has_place(p, op, row->attrs[i]))
      put_entry(p, row->attrs[i], attr, &first);
  }
  // What no row declares is wrong, and so must be seen.
  for (size_t i = 0; i < op->attr_count; i++)
    if (!is_declared(op, ir_attr_name(op, i)))
      put_entry(p, ir_attr_name(op, i), ir_attr_value(op, i), &first);
  if (first)
    tsr_buffer_truncate(p->out, start);
  else
    put(p, "}");
}

void tsr_printer_types(tsr_printer *p, const tsr_op *op) {
  for (size_t i = 0; i < op->result_count; i++) {
    const char *type = ir_type(ir_result(op, i))->text;
    put(p, i ? ", " : " : ");
    tsr_buffer_append(p->out, type, ir_name_of(type)->length);
  }
}

// -- Parts --------------------------------------------------------------------

static bool is_present(const tsr_op *op, const tsr_part *part) {
  if (part->kind == TSR_PART_GROUP)
    return ir_group_size(op, part->index) > 0;
  return op->attr_count &&
         tsr_op_get_attr(op, ir_op_row(op)->attrs[part->index]);
}

// Whether the first group or attribute of the option behind part `i` is there.
static bool has_option(const tsr_op *op, const tsr_part *parts, size_t i) {
  while (parts[i].kind != TSR_PART_GROUP && parts[i].kind != TSR_PART_ATTR)
    i++;
  return is_present(op, &parts[i]);
}

static void put_attr(tsr_printer *p, const tsr_op *op, size_t index) {
  const tsr_attr *attr = tsr_op_get_attr(op, ir_op_row(op)->attrs[index]);
  if (attr)
    tsr_attr_print(attr, p->out);
  else
    put(p, "?");
}

static void put_part(tsr_printer *p, const tsr_op *op, const tsr_part *part) {
  size_t start;
  switch (part->kind) {
  case TSR_PART_TEXT:
    tsr_buffer_append(p->out, part->text, part->size);
    break;
  case TSR_PART_GROUP:
    start = ir_group_start(op, part->index);
    tsr_printer_operands(p, op, start, start + ir_group_size(op, part->index));
    break;
  case TSR_PART_ATTR:
    put_attr(p, op, part->index);
    break;
  case TSR_PART_DICT:
  case TSR_PART_SPACE:
  case TSR_PART_OPTION:
  case TSR_PART_OPTION_END:
    break;
  }
}

// Blanks of the syntax are printed once something follows them.
static void put_parts(tsr_printer *p, const tsr_op *op,
                      const tsr_syntax *syntax) {
  bool space = syntax->part_count > 0;
  for (size_t i = 0; i < syntax->part_count; i++) {
    const tsr_part *part = &syntax->parts[i];
    if (part->kind == TSR_PART_SPACE) {
      space = true;
    } else if (part->kind == TSR_PART_OPTION) {
      if (!has_option(op, syntax->parts, i + 1))
        i = part->end;
    } else if (part->kind == TSR_PART_DICT) {
      tsr_printer_dict(p, op); // brings its own blank
      space = true;
    } else if (part->kind != TSR_PART_OPTION_END) {
      if (space)
        put(p, " ");
      space = false;
      put_part(p, op, part);
    }
  }
}

// -- Ops ----------------------------------------------------------------------

static void put_result_names(tsr_printer *p, const tsr_op *op) {
  for (size_t i = 0; i < op->result_count; i++) {
    if (i > 0)
      put(p, ", ");
    tsr_value_print(ir_result(op, i), p->out);
  }
  if (op->result_count > 0)
    put(p, " = ");
}

static void put_loc(tsr_printer *p, const tsr_op *op) {
  tsr_loc loc = tsr_op_get_loc(op);
  if (!loc.file || loc.line == 0) {
    put(p, " loc(unknown)");
    return;
  }
  put(p, " loc(");
  tsr_string_print(loc.file, '"', p->out);
  put(p, ":");
  tsr_buffer_append_u64(p->out, loc.line);
  put(p, ":");
  tsr_buffer_append_u64(p->out, loc.column);
  put(p, ")");
}

static void put_op(tsr_printer *p, const tsr_op *op) {
  const tsr_syntax *syntax = tsr_syntax_get(&p->syntax, (tsr_op_kind)op->kind);
  put_result_names(p, op);
  tsr_buffer_append(p->out, syntax->mnemonic, syntax->mnemonic_size);
  if (syntax->custom) {
    tsr_printer_custom(p, op);
  } else {
    put_parts(p, op, syntax);
    if (!syntax->has_dict_part)
      tsr_printer_dict(p, op);
    tsr_printer_types(p, op);
    for (size_t i = 0; i < op->block_count; i++)
      tsr_printer_block(p, ir_block(op, i));
  }
  if (p->locations)
    put_loc(p, op);
}

static void put_indent(tsr_printer *p) {
  tsr_buffer_append_repeated(p->out, ' ', 2 * (size_t)p->depth);
}

enum { PIECE_BYTES = 64 * 1024 };

static void flush(tsr_printer *p) {
  if (p->out->size > 0 && !p->stopped)
    p->stopped = !p->write(p->user, tsr_buffer_str(p->out), p->out->size);
  tsr_buffer_clear(p->out);
}

void tsr_printer_block(tsr_printer *p, const tsr_block *block) {
  // The verifier refuses what is deeper.
  if (p->heads_only || p->depth >= TSR_MAX_NESTING) {
    put(p, " {...}");
    return;
  }
  put(p, " {\n");
  p->depth++;
  for (const tsr_op *op = ir_first(block); op && !p->stopped;
       op = ir_next(op)) {
    put_indent(p);
    put_op(p, op);
    put(p, "\n");
    if (p->write && p->out->size >= PIECE_BYTES)
      flush(p);
  }
  p->depth--;
  put_indent(p);
  put(p, "}");
}

static void init(tsr_printer *p, tsr_buffer *out) {
  memset(p, 0, sizeof(*p));
  p->out = out;
  tsr_arena_init(&p->arena);
  tsr_syntax_table_init(&p->syntax, &p->arena);
}

static void put_module(tsr_printer *p, tsr_module *module,
                       const tsr_print_options *options) {
  p->locations = options && options->locations;
  tsr_module_name_values(module);
  put_op(p, tsr_module_op(module));
  put(p, "\n");
}

void tsr_module_print(tsr_module *module, const tsr_print_options *options,
                      tsr_buffer *out) {
  tsr_printer printer;
  init(&printer, out);
  put_module(&printer, module, options);
  tsr_arena_deinit(&printer.arena);
}

tsr_result tsr_module_write(tsr_module *module,
                            const tsr_print_options *options,
                            tsr_write_fn *write, void *user) {
  tsr_buffer text;
  tsr_buffer_init(&text);
  tsr_printer printer;
  init(&printer, &text);
  printer.write = write;
  printer.user = user;
  put_module(&printer, module, options);
  flush(&printer);
  tsr_arena_deinit(&printer.arena);
  tsr_buffer_deinit(&text);
  return printer.stopped ? TSR_FAILED : TSR_OK;
}

void tsr_op_print(const tsr_op *op, tsr_buffer *out) {
  tsr_printer printer;
  init(&printer, out);
  printer.heads_only = true;
  put_op(&printer, op);
  tsr_arena_deinit(&printer.arena);
}
