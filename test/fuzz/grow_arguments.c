// Tables of arguments: each value of the program that a kernel uses, and now
// and then what only a table can say.

#include "grow_programs.h"

enum { MAX_ARGUMENTS = 48 };

typedef struct table {
  program_grower *g;
  tsr_op *kernel;
  const tsr_attr *rows[MAX_ARGUMENTS];
  tsr_value *sources[MAX_ARGUMENTS];
  uint32_t row_count, source_count;
} table;

static bool is_in(const tsr_op *kernel, const tsr_op *op) {
  return op != kernel && tsr_op_contains(kernel, op);
}

static bool uses(const tsr_op *kernel, const tsr_value *value) {
  for (const tsr_use *u = tsr_value_first_use(value); u; u = tsr_use_next(u))
    if (is_in(kernel, tsr_use_get_op(u)))
      return true;
  return false;
}

// The uses of `value` in the kernel become uses of `with`.
static void replace_in(const tsr_op *kernel, tsr_value *value,
                       tsr_value *with) {
  for (const tsr_use *u = tsr_value_first_use(value), *next; u; u = next) {
    next = tsr_use_next(u);
    if (is_in(kernel, tsr_use_get_op(u)))
      tsr_op_set_operand(tsr_use_get_op(u), tsr_use_get_index(u), with);
  }
}

// A row and the argument it gives; `symbol` where there is no source.
static tsr_value *add_row(table *t, const char *kind, const char *place,
                          tsr_value *source, const char *symbol,
                          const tsr_type *type, const char *name) {
  tsr_context *context = t->g->context;
  const tsr_attr *row[] = {tsr_attr_keyword(context, kind),
                           tsr_attr_keyword(context, place),
                           symbol ? tsr_attr_symbol(context, symbol) : NULL};
  t->rows[t->row_count++] = tsr_attr_array(context, row, symbol ? 3 : 2);
  if (source)
    t->sources[t->source_count++] = source;
  return tsr_block_add_arg(tsr_op_block(t->kernel, 0), type, (tsr_loc){0},
                           name);
}

static const char *choose_place(table *t) {
  static const char *const places[] = {"runtime", "common", "compile_time"};
  return places[choose(t->g->c, 3)];
}

static void add_numbers(table *t) {
  const tsr_op *op = tsr_block_first(tsr_op_block(t->g->program, 0));
  const tsr_type *type = tsr_type_index(t->g->context);
  for (; op && !tsr_op_is(op, TSR_OP_kernel); op = tsr_op_next(op)) {
    if (!tsr_op_result_count(op) || !uses(t->kernel, tsr_op_result(op, 0)))
      continue;
    tsr_value *value = tsr_op_result(op, 0);
    bool is_param = tsr_op_is(op, TSR_OP_core_param);
    replace_in(t->kernel, value,
               add_row(t, is_param ? "per_core" : "const",
                       is_param ? "runtime" : choose_place(t), value, NULL,
                       type, "n"));
  }
}

// What nothing uses, but a host has to bring along.
static void add_others(table *t) {
  const tsr_type *type = tsr_type_index(t->g->context);
  const tsr_op *op = tsr_block_first(tsr_op_block(t->g->program, 0));
  for (; op; op = tsr_op_next(op)) {
    bool is_semaphore = tsr_op_is(op, TSR_OP_semaphore);
    if ((is_semaphore || tsr_op_is(op, TSR_OP_cb)) && chance(t->g->c, 40))
      add_row(t, is_semaphore ? "semaphore" : "cb", choose_place(t), NULL,
              tsr_op_get_text(op, "name"), type, "s");
    if (t->row_count + 24 > MAX_ARGUMENTS)
      break;
  }
}

// Addresses first; accessors are last among what is known when compiling.
static void add_buffers(table *t) {
  const tsr_block *body = tsr_op_block(t->g->program, 0);
  tsr_value *addresses[2 * PROGRAM_BUFFERS];
  tsr_value *buffers[2 * PROGRAM_BUFFERS];
  size_t count = 0;
  for (size_t i = 0; i < tsr_block_arg_count(body); i++) {
    tsr_value *buffer = tsr_block_arg(body, i);
    if (!uses(t->kernel, buffer))
      continue;
    addresses[count] = add_row(t, "address", choose_place(t), buffer, NULL,
                               tsr_type_addr(t->g->context), "addr");
    buffers[count++] = buffer;
  }
  for (size_t i = 0; i < count; i++) {
    tsr_value *words = add_row(t, "accessor", "compile_time", buffers[i], NULL,
                               tsr_type_accessor(t->g->context), "words");
    tsr_builder first =
        tsr_builder_before(tsr_block_first(tsr_op_block(t->kernel, 0)));
    const tsr_type *type = tsr_value_get_type(buffers[i]);
    tsr_value *operands[] = {words, addresses[i]};
    tsr_op *op = tsr_build_op(&first, TSR_OP_noc_accessor, type, 2, operands);
    tsr_op_set_int(op, "page_bytes", tsr_type_page_bytes(type));
    replace_in(t->kernel, buffers[i], tsr_op_result(op, 0));
  }
}

void grow_arguments(program_grower *g) {
  for (size_t k = 0; k < KERNELS; k++) {
    if (!g->kernels[k])
      continue;
    table t = {.g = g, .kernel = g->kernels[k]};
    add_numbers(&t);
    add_others(&t);
    add_buffers(&t);
    tsr_op_set_operands(t.kernel, t.sources, t.source_count, &t.source_count);
    tsr_op_set_attr(t.kernel, "args",
                    tsr_attr_array(g->context, t.rows, t.row_count));
  }
}
