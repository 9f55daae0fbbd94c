// layout-runtime-args: the table of what each kernel takes from outside.
//
// A kernel is compiled once and runs on many cores, so what it needs from
// outside comes as arguments: constants of the host, numbers of the core,
// addresses and accessors of buffers. One order for all programs (addresses,
// sizes, work for who reads; addresses, work, row length for who writes; work,
// sizes for who computes) makes the tables of any two programs comparable, and
// a host program written for one kernel fits another of the same buffers.
// Kernels, host program and plan are printed from this table alone.

#include "layout_runtime_args.h"

#include <assert.h>
#include <string.h>

typedef enum arg_kind {
  ARG_CONST,
  ARG_PER_CORE,
  ARG_ADDRESS,
  ARG_ACCESSOR
} arg_kind;

static const char *const kind_names[] = {
    [ARG_CONST] = "const",
    [ARG_PER_CORE] = "per_core",
    [ARG_ADDRESS] = "address",
    [ARG_ACCESSOR] = "accessor",
};

typedef struct table_entry {
  arg_kind kind;
  tsr_value *source; // of the program
  tsr_value *arg;    // of the kernel, once built
  bool is_compile_time;
} table_entry;

// One kernel while its table is made.
typedef struct kernel_layout {
  tsr_pass_env *env;
  layout_sizes *sizes;
  tsr_op *program, *kernel;
  bool is_canonical, fixes_sizes;
  // What its code uses from outside, by first use.
  tsr_vec used;    // index values
  tsr_vec buffers; // of read and of written
  tsr_vec read, written;
  tsr_vec entries; // of table_entry, in order
  tsr_map values;  // value of the program -> what the kernel uses instead
} kernel_layout;

// -- what a kernel uses -------------------------------------------------------

static void add_once(tsr_vec *list, tsr_value *value) {
  if (!tsr_vec_has(list, value))
    tsr_vec_append(list, value);
}

// The value is one of the program, not of the kernel.
static bool is_outside(const kernel_layout *layout, const tsr_value *value) {
  const tsr_block *level = tsr_op_block(layout->program, 0);
  const tsr_op *def = tsr_value_get_def(value);
  return def ? tsr_op_get_parent_block(def) == level
             : tsr_value_get_block(value) == level;
}

static void note_buffer(kernel_layout *layout, const tsr_op *op,
                        tsr_value *buffer) {
  add_once(&layout->buffers, buffer);
  if (tsr_op_is(op, TSR_OP_noc_write_tile))
    add_once(&layout->written, buffer);
  else
    add_once(&layout->read, buffer);
}

static void collect_uses(kernel_layout *layout, const tsr_op *op) {
  for (size_t i = 0; i < tsr_op_operand_count(op); i++) {
    tsr_value *value = tsr_op_operand(op, i);
    if (!is_outside(layout, value))
      continue;
    if (tsr_type_get_kind(tsr_value_get_type(value)) == TSR_TYPE_BUFFER)
      note_buffer(layout, op, value);
    else
      add_once(&layout->used, value);
  }
  for (size_t b = 0; b < tsr_op_block_count(op); b++)
    for (const tsr_op *inner = tsr_block_first(tsr_op_block(op, b)); inner;
         inner = tsr_op_next(inner))
      collect_uses(layout, inner);
}

static bool is_param(const tsr_value *value) {
  return tsr_op_is(tsr_value_get_def(value), TSR_OP_core_param);
}

// -- arithmetic that depends on the core --------------------------------------

static void replace_uses(const kernel_layout *layout, tsr_op *op) {
  for (size_t i = 0; i < tsr_op_operand_count(op); i++) {
    tsr_value *with = tsr_map_find(&layout->values, tsr_op_operand(op, i));
    if (with)
      tsr_op_set_operand(op, i, with);
  }
  for (size_t b = 0; b < tsr_op_block_count(op); b++)
    for (tsr_op *inner = tsr_block_first(tsr_op_block(op, b)); inner;
         inner = tsr_op_next(inner))
      replace_uses(layout, inner);
}

static void replace_in_body(const kernel_layout *layout) {
  for (tsr_op *op = tsr_block_first(tsr_op_block(layout->kernel, 0)); op;
       op = tsr_op_next(op))
    replace_uses(layout, op);
}

static bool has_any(const tsr_map *values, const tsr_op *op) {
  for (size_t i = 0; i < tsr_op_operand_count(op); i++)
    if (tsr_map_has(values, tsr_op_operand(op, i)))
      return true;
  return false;
}

// The program's arithmetic on core parameters, in order.
static tsr_vec find_per_core_math(const kernel_layout *layout) {
  tsr_vec found;
  tsr_vec_init(&found, layout->env->scratch);
  tsr_map values;
  tsr_map_init(&values);
  tsr_op *end = layout_first_kernel(layout->program);
  for (tsr_op *op = tsr_block_first(tsr_op_block(layout->program, 0));
       op != end; op = tsr_op_next(op)) {
    bool is_math =
        tsr_op_has_trait(op, TSR_TRAIT_INDEX_MATH) && has_any(&values, op);
    if (!is_math && !tsr_op_is(op, TSR_OP_core_param))
      continue;
    tsr_map_set(&values, tsr_op_result(op, 0), op);
    if (is_math)
      tsr_vec_append(&found, op);
  }
  tsr_map_deinit(&values);
  return found;
}

// Copies into the kernel what the program computes from core parameters: the
// host passes parameters, not what follows from them.
static void sink_per_core_math(kernel_layout *layout) {
  tsr_vec found = find_per_core_math(layout);
  tsr_module *module = tsr_op_get_module(layout->kernel);
  tsr_block *body = tsr_op_block(layout->kernel, 0);
  tsr_op *first = tsr_block_first(body);
  for (size_t i = 0; i < found.size; i++) {
    tsr_op *copy = tsr_op_clone(found.data[i], module, &layout->values);
    if (first)
      tsr_op_insert_before(copy, first);
    else
      tsr_block_append(body, copy);
  }
  replace_in_body(layout);
  for (size_t i = found.size; i > 0; i--) {
    tsr_value *result = tsr_op_result(found.data[i - 1], 0);
    tsr_value *copy = tsr_map_find(&layout->values, result);
    if (!tsr_value_has_uses(copy))
      tsr_op_erase(tsr_value_get_def(copy));
  }
  tsr_map_clear(&layout->values);
}

// -- the table ----------------------------------------------------------------

static void add_entry(kernel_layout *layout, arg_kind kind, tsr_value *source) {
  for (size_t i = 0; i < layout->entries.size; i++) {
    const table_entry *entry = layout->entries.data[i];
    if (entry->source == source && entry->kind == kind)
      return;
  }
  table_entry *entry = TSR_NEW(layout->env->scratch, table_entry);
  entry->kind = kind;
  entry->source = source;
  entry->is_compile_time =
      kind == ARG_ACCESSOR || (kind == ARG_CONST && layout->fixes_sizes);
  tsr_vec_append(&layout->entries, entry);
}

static bool is_used(const kernel_layout *layout, const tsr_value *value) {
  return tsr_vec_has(&layout->used, value);
}

// An entry of the canonical table; left out of the minimal one when unread.
static void add_listed(kernel_layout *layout, arg_kind kind,
                       tsr_value *source) {
  if (layout->is_canonical || is_used(layout, source))
    add_entry(layout, kind, source);
}

static void add_size(kernel_layout *layout, tsr_value *buffer, uint32_t axis) {
  add_listed(layout, ARG_CONST, layout_sizes_get(layout->sizes, buffer, axis));
}

static uint32_t get_rank(const tsr_value *buffer) {
  return tsr_type_get_desc(tsr_value_get_type(buffer))->rank;
}

static void add_addresses(kernel_layout *layout) {
  for (size_t i = 0; i < layout->buffers.size; i++)
    add_entry(layout, ARG_ADDRESS, layout->buffers.data[i]);
}

static void add_sizes_read(kernel_layout *layout) {
  for (size_t i = 0; i < layout->read.size; i++)
    for (uint32_t axis = 0; axis < get_rank(layout->read.data[i]); axis++)
      add_size(layout, layout->read.data[i], axis);
}

static void add_row_lengths(kernel_layout *layout) {
  for (size_t i = 0; i < layout->written.size; i++)
    add_size(layout, layout->written.data[i],
             get_rank(layout->written.data[i]) - 1);
}

static void add_work(kernel_layout *layout) {
  tsr_op *end = layout_first_kernel(layout->program);
  for (tsr_op *op = tsr_block_first(tsr_op_block(layout->program, 0));
       op != end; op = tsr_op_next(op))
    if (tsr_op_is(op, TSR_OP_core_param))
      add_listed(layout, ARG_PER_CORE, tsr_op_result(op, 0));
}

static void add_others(kernel_layout *layout) {
  for (size_t i = 0; i < layout->used.size; i++) {
    tsr_value *value = layout->used.data[i];
    add_entry(layout, is_param(value) ? ARG_PER_CORE : ARG_CONST, value);
  }
}

static void add_accessors(kernel_layout *layout) {
  for (size_t i = 0; i < layout->buffers.size; i++)
    add_entry(layout, ARG_ACCESSOR, layout->buffers.data[i]);
}

// Runtime arguments before compile-time ones; accessors stay last of all.
static void order_places(kernel_layout *layout) {
  tsr_vec ordered;
  tsr_vec_init(&ordered, layout->env->scratch);
  for (int late = 0; late < 2; late++)
    for (size_t i = 0; i < layout->entries.size; i++) {
      table_entry *entry = layout->entries.data[i];
      if (entry->is_compile_time == (late == 1))
        tsr_vec_append(&ordered, entry);
    }
  layout->entries = ordered;
}

static void make_table(kernel_layout *layout) {
  add_addresses(layout);
  add_sizes_read(layout);
  add_work(layout);
  add_row_lengths(layout);
  add_others(layout);
  add_accessors(layout);
  order_places(layout);
}

// -- rewriting ----------------------------------------------------------------

static const char *get_suffix(arg_kind kind) {
  if (kind == ARG_ADDRESS)
    return "_addr";
  return kind == ARG_ACCESSOR ? "_words" : "";
}

static const tsr_type *get_arg_type(tsr_context *context, arg_kind kind) {
  if (kind == ARG_ADDRESS)
    return tsr_type_addr(context);
  return kind == ARG_ACCESSOR ? tsr_type_accessor(context)
                              : tsr_type_index(context);
}

static const tsr_attr *make_row(tsr_context *context,
                                const table_entry *entry) {
  const tsr_attr *row[] = {tsr_attr_keyword(context, kind_names[entry->kind]),
                           tsr_attr_keyword(context, entry->is_compile_time
                                                         ? "compile_time"
                                                         : "runtime")};
  return tsr_attr_array(context, row, 2);
}

static void build_args(kernel_layout *layout) {
  tsr_context *context =
      tsr_module_get_context(tsr_op_get_module(layout->kernel));
  tsr_arena *arena = layout->env->scratch;
  size_t count = layout->entries.size;
  tsr_value **operands = TSR_NEW_ARRAY(arena, tsr_value *, count + 1);
  const tsr_attr **rows = TSR_NEW_ARRAY(arena, const tsr_attr *, count + 1);
  tsr_block *body = tsr_op_block(layout->kernel, 0);
  for (size_t i = 0; i < count; i++) {
    table_entry *entry = layout->entries.data[i];
    const char *base = tsr_value_get_name(entry->source);
    const char *name =
        base ? tsr_arena_printf(arena, "%s%s", base, get_suffix(entry->kind))
             : NULL;
    entry->arg = tsr_block_add_arg(body, get_arg_type(context, entry->kind),
                                   tsr_op_get_loc(layout->kernel), name);
    operands[i] = entry->source;
    rows[i] = make_row(context, entry);
  }
  uint32_t groups[] = {(uint32_t)count};
  tsr_op_set_operands(layout->kernel, operands, count, groups);
  tsr_op_set_attr(layout->kernel, "args", tsr_attr_array(context, rows, count));
}

static tsr_value *find_arg(const kernel_layout *layout, arg_kind kind,
                           const tsr_value *source) {
  for (size_t i = 0; i < layout->entries.size; i++) {
    const table_entry *entry = layout->entries.data[i];
    if (entry->kind == kind && entry->source == source)
      return entry->arg;
  }
  return NULL;
}

// noc.accessor for each buffer at the top of the kernel, in table order.
static void build_accessors(kernel_layout *layout) {
  tsr_block *body = tsr_op_block(layout->kernel, 0);
  tsr_builder at = tsr_builder_at_end(tsr_op_get_module(layout->kernel), body,
                                      tsr_op_get_loc(layout->kernel));
  at.before = tsr_block_first(body);
  for (size_t i = 0; i < layout->buffers.size; i++) {
    tsr_value *buffer = layout->buffers.data[i];
    tsr_value *operands[] = {find_arg(layout, ARG_ACCESSOR, buffer),
                             find_arg(layout, ARG_ADDRESS, buffer)};
    const tsr_type *type = tsr_value_get_type(buffer);
    tsr_op *op = tsr_build_op(&at, TSR_OP_noc_accessor, type, 2, operands);
    tsr_op_set_int(op, "page_bytes", tsr_type_page_bytes(type));
    tsr_value *made = tsr_op_result(op, 0);
    const char *name = tsr_value_get_name(buffer);
    if (name)
      tsr_value_set_name(made,
                         tsr_arena_printf(layout->env->scratch, "%s_t", name));
    tsr_map_set(&layout->values, buffer, made);
  }
}

static void rewrite_kernel(kernel_layout *layout) {
  build_args(layout);
  for (size_t i = 0; i < layout->entries.size; i++) {
    const table_entry *entry = layout->entries.data[i];
    if (entry->kind == ARG_CONST || entry->kind == ARG_PER_CORE)
      tsr_map_set(&layout->values, entry->source, entry->arg);
  }
  build_accessors(layout);
  replace_in_body(layout);
}

// -- kernels and programs -----------------------------------------------------

// A kernel that has its table may come from a file: it is right or it is not.
static tsr_result check_table(const kernel_layout *layout) {
  if (!layout->used.size && !layout->buffers.size)
    return TSR_OK;
  const tsr_value *value =
      layout->used.size ? layout->used.data[0] : layout->buffers.data[0];
  const char *name = tsr_value_get_name(value);
  return tsr_diag_error(
      layout->env->diag, layout->kernel, TSR_DIAG(kernel_value_outside_table),
      tsr_op_get_text(layout->kernel, "name"), name ? name : "<unnamed>");
}

static bool is_keyword(const tsr_pass_env *env, const char *option,
                       const char *text) {
  return !strcmp(tsr_pass_env_option(env, option)->text, text);
}

static void report(const kernel_layout *layout) {
  size_t count = layout->entries.size, compile_time = 0, unread = 0;
  for (size_t i = 0; i < count; i++) {
    const table_entry *entry = layout->entries.data[i];
    compile_time += entry->is_compile_time;
    unread += !tsr_value_has_uses(entry->arg);
  }
  const char *name = tsr_op_get_text(layout->kernel, "name");
  tsr_pass_env_count(layout->env, "kernels", 1);
  tsr_pass_env_count(layout->env, "arguments", count);
  tsr_pass_env_remark(layout->env, TSR_REMARK_PASSED, "LaidOut", layout->kernel,
                      "kernel @{kernel:%s} takes {runtime:%zu} arguments at "
                      "run time and {compile_time:%zu} when it is compiled",
                      name, count - compile_time, compile_time);
  if (unread > 0)
    tsr_pass_env_remark(layout->env, TSR_REMARK_MISSED, "Unread",
                        layout->kernel,
                        "kernel @{kernel:%s} does not read {unread:%zu} of "
                        "them; args=minimal leaves them out",
                        name, unread);
}

static tsr_result lay_out_kernel(tsr_pass_env *env, layout_sizes *sizes,
                                 tsr_op *kernel) {
  kernel_layout layout = {.env = env,
                          .sizes = sizes,
                          .program = sizes->program,
                          .kernel = kernel,
                          .is_canonical = is_keyword(env, "args", "canonical"),
                          .fixes_sizes =
                              is_keyword(env, "dims", "compile-time")};
  tsr_vec_init(&layout.used, env->scratch);
  tsr_vec_init(&layout.buffers, env->scratch);
  tsr_vec_init(&layout.read, env->scratch);
  tsr_vec_init(&layout.written, env->scratch);
  tsr_vec_init(&layout.entries, env->scratch);
  tsr_map_init(&layout.values);
  bool has_table = tsr_op_get_attr(kernel, "args") != NULL;
  if (!has_table)
    sink_per_core_math(&layout);
  for (tsr_op *op = tsr_block_first(tsr_op_block(kernel, 0)); op;
       op = tsr_op_next(op))
    collect_uses(&layout, op);
  tsr_result result = TSR_OK;
  if (has_table) {
    result = check_table(&layout);
  } else {
    make_table(&layout);
    rewrite_kernel(&layout);
    report(&layout);
  }
  tsr_map_deinit(&layout.values);
  return result;
}

// Kernels call their arguments what the program called the values, and code is
// read in kernels; the program's own names step aside.
static void rename_sources(tsr_pass_env *env, tsr_op *program) {
  tsr_map seen;
  tsr_map_init(&seen);
  for (tsr_op *op = layout_first_kernel(program); op; op = tsr_op_next(op)) {
    const tsr_attr *args = tsr_op_get_attr(op, "args");
    for (size_t i = 0; args && i < tsr_op_operand_count(op); i++) {
      tsr_value *value = tsr_op_operand(op, i);
      const char *name = tsr_value_get_name(value);
      if (!name || !tsr_value_get_def(value) || tsr_map_has(&seen, value))
        continue;
      tsr_map_set(&seen, value, value);
      tsr_value_set_name(value, tsr_arena_printf(env->scratch, "%s_0", name));
    }
  }
  tsr_map_deinit(&seen);
}

// Removes what no kernel takes: sizes listed for a table that left them out,
// and arithmetic that went into kernels.
static void erase_unused(tsr_op *program) {
  tsr_op *before;
  for (tsr_op *op = tsr_op_prev(layout_first_kernel(program)); op;
       op = before) {
    before = tsr_op_prev(op);
    bool is_pure = tsr_op_is(op, TSR_OP_buffer_dim) ||
                   tsr_op_has_trait(op, TSR_TRAIT_INDEX_MATH);
    if (is_pure && !tsr_value_has_uses(tsr_op_result(op, 0)))
      tsr_op_erase(op);
  }
}

static tsr_result lay_out_program(tsr_pass_env *env, tsr_op *program) {
  layout_sizes sizes;
  if (layout_sizes_init(&sizes, env, program) != TSR_OK)
    return TSR_FAILED;
  tsr_result result = TSR_OK;
  bool has_new = false;
  for (tsr_op *op = layout_first_kernel(program); op; op = tsr_op_next(op)) {
    if (!tsr_op_is(op, TSR_OP_kernel))
      continue;
    has_new |= !tsr_op_get_attr(op, "args");
    tsr_pass_env_at(env, op);
    if (lay_out_kernel(env, &sizes, op) != TSR_OK)
      result = TSR_FAILED;
  }
  if (has_new) {
    rename_sources(env, program);
    erase_unused(program);
  }
  if (layout_check_limits(env, program) != TSR_OK)
    result = TSR_FAILED;
  return result;
}

tsr_result tsr_pass_layout_runtime_args(tsr_pass_env *env, tsr_module *module) {
  tsr_result result = TSR_OK;
  for (tsr_op *op = tsr_block_first(tsr_module_block(module)); op;
       op = tsr_op_next(op))
    if (tsr_op_is(op, TSR_OP_program) && lay_out_program(env, op) != TSR_OK)
      result = TSR_FAILED;
  return result;
}
