// Host program: one function for each program, which creates its circular
// buffers, semaphores and kernels and sets the arguments of every core.

#include "host.h"

#include "tessera/analysis.h"

#include <inttypes.h>
#include <string.h>

// -- core sets ----------------------------------------------------------------

static void print_cores(host_printer *printer, const char *name,
                        const tsr_attr *cores) {
  tsr_emit_open_list(printer->out,
                     "const CoreRangeSet %s(std::vector<CoreRange>", name);
  for (size_t i = 0; i < tsr_attr_count(cores); i++) {
    const tsr_core_range *range = &tsr_attr_core_ranges(cores)[i];
    tsr_emit_item(printer->out, "CoreRange({%u, %u}, {%u, %u})", range->x0,
                  range->y0, range->x1, range->y1);
  }
  tsr_emit_close_stmt(printer->out, "%s", ")");
}

// The name of a variable that holds the core set of `op`; core sets equal to
// the program's share its variable.
static const char *name_cores(host_printer *printer, const tsr_op *op,
                              const tsr_op *program) {
  const tsr_attr *cores = tsr_op_get_attr(op, "cores");
  const char *known = tsr_emit_find_name(printer->out, cores);
  if (known)
    return known;
  const char *wanted = op == program
                           ? "cores"
                           : tsr_arena_printf(&printer->scratch, "%s_cores",
                                              tsr_op_get_text(op, "name"));
  const char *name = tsr_emit_declare(printer->out, cores, wanted);
  print_cores(printer, name, cores);
  return name;
}

// -- sizes of tiles -----------------------------------------------------------

const char *tile_bytes(host_printer *printer, const tsr_type *type) {
  return tsr_emit_name(printer->out,
                       tsr_element_get_info(tsr_type_get_element(type)));
}

static void declare_tile_bytes(host_printer *printer, const tsr_type *type) {
  const tsr_element_info *info =
      tsr_element_get_info(tsr_type_get_element(type));
  if (tsr_emit_find_name(printer->out, info))
    return;
  const char *wanted =
      tsr_arena_printf(&printer->scratch, "%s_tile_bytes", info->name);
  tsr_emit_stmt(printer->out, "constexpr uint32_t %s = %u",
                tsr_emit_declare(printer->out, info, wanted), info->tile_bytes);
}

// One constant for each format that a circular buffer or a buffer has.
static void print_tile_bytes(host_printer *printer) {
  const tsr_block *host = tsr_op_block(printer->request->host, 0);
  for (size_t i = 0; i < tsr_block_arg_count(host); i++)
    declare_tile_bytes(printer, tsr_value_get_type(tsr_block_arg(host, i)));
  for (const tsr_op *op = tsr_block_first(host); op; op = tsr_op_next(op))
    if (tsr_op_is(op, TSR_OP_buffer_alloc))
      declare_tile_bytes(printer, tsr_value_get_type(tsr_op_result(op, 0)));
  for (size_t i = 0; i < printer->program_count; i++)
    for (const tsr_op *op =
             tsr_block_first(tsr_op_block(printer->programs[i], 0));
         op; op = tsr_op_next(op))
      if (tsr_op_is(op, TSR_OP_cb))
        declare_tile_bytes(printer,
                           tsr_attr_get_type(tsr_op_get_attr(op, "format")));
  tsr_emit_blank(printer->out);
}

// -- circular buffers and semaphores ------------------------------------------

static void print_cb(host_printer *printer, const tsr_op *op,
                     const tsr_op *program) {
  int64_t index = tsr_op_get_int(op, "index", 0);
  int64_t page_bytes = tsr_op_get_int(op, "page_bytes", 0);
  int64_t pages =
      tsr_op_get_int(op, "batch", 1) * tsr_op_get_int(op, "depth", 1);
  const tsr_type *format = tsr_attr_get_type(tsr_op_get_attr(op, "format"));
  const char *cores = name_cores(printer, op, program);
  const char *name = tsr_op_get_text(op, "name");
  const char *config = tsr_emit_unique(
      printer->out, tsr_arena_printf(&printer->scratch, "%s_config", name));
  tsr_emit_comment(printer->out, "%s: %" PRId64 " page%s of %" PRId64 " B.",
                   name, pages, pages == 1 ? "" : "s", page_bytes);
  tsr_emit_stmt(printer->out,
                "CircularBufferConfig %s(%" PRId64
                " * %s, {{CBIndex::c_%" PRId64 ", %s}})",
                config, pages, tile_bytes(printer, format), index,
                data_format(format));
  tsr_emit_stmt(printer->out, "%s.set_page_size(CBIndex::c_%" PRId64 ", %s)",
                config, index, tile_bytes(printer, format));
  tsr_emit_stmt(printer->out, "CreateCircularBuffer(program, %s, %s)", cores,
                config);
}

static void print_semaphore(host_printer *printer, const tsr_op *op,
                            const tsr_op *program) {
  const char *cores = name_cores(printer, op, program);
  const char *name =
      tsr_emit_declare(printer->out, op, tsr_op_get_text(op, "name"));
  tsr_emit_stmt(printer->out,
                "const uint32_t %s = CreateSemaphore(program, %s, %" PRId64 ")",
                name, cores, tsr_op_get_int(op, "initial", 0));
}

// -- arguments ----------------------------------------------------------------

static bool has_kind(const tsr_kernel_arg *arg, const char *kind) {
  return strcmp(arg->kind, kind) == 0;
}

static bool has_place(const tsr_kernel_arg *arg, const char *place) {
  return strcmp(arg->place, place) == 0;
}

// The argument's value as C++; `core` names the index of the core, if one is
// being set.
static const char *print_argument(host_printer *printer, const tsr_op *kernel,
                                  const tsr_kernel_arg *arg, const char *core) {
  int64_t number;
  if (has_kind(arg, "address"))
    return tsr_arena_printf(&printer->scratch,
                            "static_cast<uint32_t>(%s.address())",
                            tsr_emit_name(printer->out, arg->source));
  if (has_kind(arg, "const") && tsr_emit_find_name(printer->out, arg->source))
    return tsr_emit_name(printer->out, arg->source);
  if (has_kind(arg, "const") && tsr_index_evaluate(arg->source, NULL, &number))
    return tsr_arena_printf(&printer->scratch, "%" PRId64, number);
  if (has_kind(arg, "per_core") && core &&
      tsr_emit_find_name(printer->out, arg->source))
    return tsr_arena_printf(&printer->scratch, "%s[%s]",
                            tsr_emit_name(printer->out, arg->source), core);
  if (has_kind(arg, "cb"))
    return tsr_arena_printf(
        &printer->scratch, "%" PRId64,
        tsr_op_get_int(tsr_op_find_symbol(kernel, arg->symbol), "index", 0));
  if (has_kind(arg, "semaphore"))
    return tsr_emit_name(printer->out, tsr_op_find_symbol(kernel, arg->symbol));
  printer->result =
      tsr_diag_error(printer->diag, kernel, TSR_DIAG(metalium_argument_kind),
                     arg->name, arg->kind, arg->place);
  return "0";
}

static const char *list_arguments(host_printer *printer, const tsr_op *kernel,
                                  const char *place, const char *core) {
  const char *text = "";
  for (size_t i = 0; i < tsr_kernel_arg_count(kernel); i++) {
    tsr_kernel_arg arg = tsr_kernel_get_arg(kernel, i);
    if (has_place(&arg, place) && !has_kind(&arg, "accessor"))
      text =
          tsr_arena_printf(&printer->scratch, "%s%s%s", text, *text ? ", " : "",
                           print_argument(printer, kernel, &arg, core));
  }
  return text;
}

// Declares the compile-time arguments of a kernel, if it has any; returns
// their variable, or NULL.
static const char *print_compile_args(host_printer *printer,
                                      const tsr_op *kernel) {
  const char *scalars = list_arguments(printer, kernel, "compile_time", NULL);
  bool has_accessor = false;
  for (size_t i = 0; i < tsr_kernel_arg_count(kernel); i++) {
    tsr_kernel_arg arg = tsr_kernel_get_arg(kernel, i);
    has_accessor |= has_kind(&arg, "accessor");
  }
  if (!*scalars && !has_accessor)
    return NULL;
  const char *name = tsr_emit_unique(
      printer->out, tsr_arena_printf(&printer->scratch, "%s_compile_args",
                                     tsr_op_get_text(kernel, "name")));
  if (*scalars)
    tsr_emit_stmt(printer->out, "std::vector<uint32_t> %s = {%s}", name,
                  scalars);
  else
    tsr_emit_stmt(printer->out, "std::vector<uint32_t> %s", name);
  for (size_t i = 0; i < tsr_kernel_arg_count(kernel); i++) {
    tsr_kernel_arg arg = tsr_kernel_get_arg(kernel, i);
    if (has_kind(&arg, "accessor"))
      tsr_emit_stmt(printer->out, "TensorAccessorArgs(%s).append_to(%s)",
                    tsr_emit_name(printer->out, arg.source), name);
  }
  return name;
}

// Names what kernels are given as they name it themselves, each once; the
// statement that follows defines it. Returns NULL when it has a name already.
static const char *declare_source(host_printer *printer,
                                  const tsr_kernel_arg *arg) {
  if (tsr_emit_find_name(printer->out, arg->source))
    return NULL;
  return tsr_emit_declare(printer->out, arg->source, arg->name);
}

// Sizes that the compiler knows, under the names that the kernels have for
// them. Plain numbers stay numbers.
static void print_sizes(host_printer *printer, const tsr_op *program) {
  bool is_first = true;
  for (const tsr_op *op = tsr_block_first(tsr_op_block(program, 0)); op;
       op = tsr_op_next(op)) {
    for (size_t i = 0;
         tsr_op_is(op, TSR_OP_kernel) && i < tsr_kernel_arg_count(op); i++) {
      tsr_kernel_arg arg = tsr_kernel_get_arg(op, i);
      int64_t number;
      if (!has_kind(&arg, "const") || !tsr_value_get_def(arg.source) ||
          !tsr_index_evaluate(arg.source, NULL, &number))
        continue;
      const char *name = declare_source(printer, &arg);
      if (!name)
        continue;
      if (is_first)
        tsr_emit_comment(printer->out, "Sizes, in tiles.");
      is_first = false;
      tsr_emit_stmt(printer->out, "const uint32_t %s = %" PRId64, name, number);
    }
  }
  if (!is_first)
    tsr_emit_blank(printer->out);
}

// -- kernels ------------------------------------------------------------------

static void print_movement_config(host_printer *printer, const tsr_op *kernel,
                                  const char *name, const char *args) {
  bool is_dm1 = strcmp(tsr_op_get_text(kernel, "processor"), "dm1") == 0;
  tsr_emit *out = printer->out;
  tsr_emit_open_list(out, "const DataMovementConfig %s = ", name);
  tsr_emit_item(out, ".processor = DataMovementProcessor::RISCV_%d", is_dm1);
  tsr_emit_item(out, ".noc = NOC::NOC_%" PRId64,
                tsr_op_get_int(kernel, "noc", 0));
  if (args)
    tsr_emit_item(out, ".compile_args = %s", args);
  tsr_emit_close_stmt(out, "%s", "");
}

static const char *print_fidelity(const tsr_op *kernel) {
  static const char *const names[][2] = {{"lofi", "LoFi"},
                                         {"hifi2", "HiFi2"},
                                         {"hifi3", "HiFi3"},
                                         {"hifi4", "HiFi4"}};
  const char *word = tsr_op_get_text(kernel, "fidelity");
  size_t i = 0;
  while (strcmp(names[i][0], word) != 0)
    i++;
  return names[i][1];
}

// Circular buffers that unpack f32 exactly; returns the variable or NULL.
static const char *print_unpack_modes(host_printer *printer,
                                      const tsr_op *program) {
  const char *name = NULL;
  for (const tsr_op *op = tsr_block_first(tsr_op_block(program, 0)); op;
       op = tsr_op_next(op)) {
    const char *unpack =
        tsr_op_is(op, TSR_OP_cb) ? tsr_op_get_text(op, "unpack") : NULL;
    if (!unpack || strcmp(unpack, "fp32") != 0)
      continue;
    if (!name) {
      name = tsr_emit_unique(printer->out, "unpack_modes");
      tsr_emit_comment(printer->out, "f32 that only the SFPU reads goes to "
                                     "DST whole, not through tf32.");
      tsr_emit_stmt(printer->out,
                    "std::vector<UnpackToDestMode> %s(NUM_CIRCULAR_BUFFERS, "
                    "UnpackToDestMode::Default)",
                    name);
    }
    tsr_emit_stmt(printer->out,
                  "%s[CBIndex::c_%" PRId64 "] = "
                  "UnpackToDestMode::UnpackToDestFp32",
                  name, tsr_op_get_int(op, "index", 0));
  }
  return name;
}

static const char *as_text(bool flag) { return flag ? "true" : "false"; }

static void print_compute_config(host_printer *printer, const tsr_op *kernel,
                                 const char *name, const char *modes,
                                 const char *args) {
  tsr_emit *out = printer->out;
  tsr_emit_open_list(out, "const ComputeConfig %s = ", name);
  tsr_emit_item(out, ".math_fidelity = MathFidelity::%s",
                print_fidelity(kernel));
  tsr_emit_item(out, ".fp32_dest_acc_en = %s",
                as_text(tsr_op_get_bool(kernel, "fp32_acc", true)));
  tsr_emit_item(out, ".dst_full_sync_en = %s",
                as_text(tsr_op_get_bool(kernel, "full_sync", false)));
  if (modes)
    tsr_emit_item(out, ".unpack_to_dest_mode = %s", modes);
  tsr_emit_item(out, ".math_approx_mode = %s",
                as_text(tsr_op_get_bool(kernel, "approx", false)));
  if (args)
    tsr_emit_item(out, ".compile_args = %s", args);
  tsr_emit_close_stmt(out, "%s", "");
}

static void print_kernel_creation(host_printer *printer, const tsr_op *kernel,
                                  const tsr_op *program) {
  const char *args = print_compile_args(printer, kernel);
  const char *symbol = tsr_op_get_text(kernel, "name");
  const char *cores = name_cores(printer, kernel, program);
  const char *config = tsr_emit_unique(
      printer->out, tsr_arena_printf(&printer->scratch, "%s_config", symbol));
  if (strcmp(tsr_op_get_text(kernel, "processor"), "compute") == 0) {
    const char *modes = print_unpack_modes(printer, program);
    print_compute_config(printer, kernel, config, modes, args);
  } else {
    print_movement_config(printer, kernel, config, args);
  }
  const char *path =
      tsr_kernel_path(printer->request->host, kernel, &printer->scratch);
  const char *name = tsr_emit_declare(printer->out, kernel, symbol);
  tsr_emit_stmt(printer->out,
                "const KernelHandle %s = CreateKernel(program, KERNEL_DIR "
                "\"/%s\", %s, %s)",
                name, path, cores, config);
  const char *common = list_arguments(printer, kernel, "common", NULL);
  if (*common)
    tsr_emit_stmt(printer->out, "SetCommonRuntimeArgs(program, %s, {%s})", name,
                  common);
}

// -- per-core arguments -------------------------------------------------------

static const char *print_runs(host_printer *printer, const tsr_attr *values) {
  const char *text = "";
  for (size_t i = 0; i < tsr_attr_count(values); i++) {
    const tsr_run *run = &tsr_attr_run_list(values)[i];
    text = tsr_arena_printf(&printer->scratch,
                            "%s%s{%" PRId64 ", %" PRId64 ", %" PRIu64 "}", text,
                            i ? ", " : "", run->first, run->step, run->count);
  }
  return text;
}

static void print_params(host_printer *printer, const tsr_op *kernel) {
  for (size_t i = 0; i < tsr_kernel_arg_count(kernel); i++) {
    tsr_kernel_arg arg = tsr_kernel_get_arg(kernel, i);
    const tsr_op *param = arg.source ? tsr_value_get_def(arg.source) : NULL;
    if (!tsr_op_is(param, TSR_OP_core_param))
      continue;
    const char *name = declare_source(printer, &arg);
    if (name)
      tsr_emit_stmt(printer->out,
                    "const std::vector<uint32_t> %s = per_core({%s})", name,
                    print_runs(printer, tsr_op_get_attr(param, "values")));
  }
}

static bool takes_runtime_args(const tsr_op *kernel) {
  for (size_t i = 0; i < tsr_kernel_arg_count(kernel); i++) {
    tsr_kernel_arg arg = tsr_kernel_get_arg(kernel, i);
    if (has_place(&arg, "runtime"))
      return true;
  }
  return false;
}

static void print_core_args(host_printer *printer, const tsr_op *program) {
  bool is_any = false;
  const tsr_op *first = tsr_block_first(tsr_op_block(program, 0));
  for (const tsr_op *op = first; op; op = tsr_op_next(op))
    is_any |= tsr_op_is(op, TSR_OP_kernel) && takes_runtime_args(op);
  if (!is_any)
    return;
  const char *order = tsr_op_get_text(program, "order");
  bool by_row = order && strcmp(order, "row") == 0;
  tsr_emit_blank(printer->out);
  tsr_emit_comment(printer->out,
                   "The share of each core, as runs {first, step, cores}, %s.",
                   by_row ? "along the rows" : "down the columns");
  for (const tsr_op *op = first; op; op = tsr_op_next(op))
    if (tsr_op_is(op, TSR_OP_kernel))
      print_params(printer, op);
  const char *list = tsr_emit_unique(printer->out, "core_list");
  tsr_emit_stmt(printer->out,
                "const std::vector<CoreCoord> %s = in_order(%s, "
                "mesh.compute_with_storage_grid_size(), Order::%s)",
                list,
                tsr_emit_name(printer->out, tsr_op_get_attr(program, "cores")),
                by_row ? "row" : "column");
  tsr_emit_begin_scope(printer->out);
  const char *i = tsr_emit_unique(printer->out, "i");
  tsr_emit_open(printer->out, "for (size_t %s = 0; %s < %s.size(); ++%s)", i, i,
                list, i);
  for (const tsr_op *op = first; op; op = tsr_op_next(op)) {
    if (!tsr_op_is(op, TSR_OP_kernel) || !takes_runtime_args(op))
      continue;
    const char *args = list_arguments(printer, op, "runtime", i);
    const tsr_attr *cores = tsr_op_get_attr(op, "cores");
    bool is_part = cores != tsr_op_get_attr(program, "cores");
    if (is_part)
      tsr_emit_open(printer->out, "if (%s.contains(%s[%s]))",
                    tsr_emit_name(printer->out, cores), list, i);
    tsr_emit_stmt(printer->out, "SetRuntimeArgs(program, %s, %s[%s], {%s})",
                  tsr_emit_name(printer->out, op), list, i, args);
    if (is_part)
      tsr_emit_close(printer->out);
  }
  tsr_emit_close(printer->out);
}

// -- programs -----------------------------------------------------------------

const char *program_function(host_printer *printer, const tsr_op *program) {
  return tsr_emit_name(printer->out, program);
}

static void print_program(host_printer *printer, const tsr_op *program) {
  const tsr_block *body = tsr_op_block(program, 0);
  const char *name = tsr_op_get_text(program, "name");
  uint64_t core_count = tsr_cores_count(tsr_op_get_attr(program, "cores"));
  const char *function =
      tsr_emit_declare(printer->out, program,
                       tsr_arena_printf(&printer->scratch, "create_%s", name));
  tsr_emit_comment(printer->out, "Program %s on %" PRIu64 " core%s.", name,
                   core_count, core_count == 1 ? "" : "s");
  tsr_emit_begin_scope(printer->out);
  tsr_emit_reserve(printer->out, "mesh");
  tsr_emit_reserve(printer->out, "program");
  const char *params = "";
  for (size_t i = 0; i < tsr_block_arg_count(body); i++) {
    const tsr_value *arg = tsr_block_arg(body, i);
    params = tsr_arena_printf(
        &printer->scratch, "%s, const distributed::MeshBuffer &%s", params,
        tsr_emit_declare(printer->out, arg, tsr_value_get_name(arg)));
  }
  tsr_emit_open(printer->out, "Program %s(distributed::MeshDevice &mesh%s)",
                function, params);
  tsr_emit_stmt(printer->out, "Program program = CreateProgram()");
  name_cores(printer, program, program);
  tsr_emit_blank(printer->out);
  print_sizes(printer, program);
  for (const tsr_op *op = tsr_block_first(body); op; op = tsr_op_next(op)) {
    if (tsr_op_is(op, TSR_OP_cb))
      print_cb(printer, op, program);
    else if (tsr_op_is(op, TSR_OP_semaphore))
      print_semaphore(printer, op, program);
  }
  for (const tsr_op *op = tsr_block_first(body); op; op = tsr_op_next(op)) {
    if (!tsr_op_is(op, TSR_OP_kernel))
      continue;
    tsr_emit_blank(printer->out);
    print_kernel_creation(printer, op, program);
  }
  print_core_args(printer, program);
  tsr_emit_stmt(printer->out, "return program");
  tsr_emit_close(printer->out);
  tsr_emit_blank(printer->out);
}

void print_programs(host_printer *printer) {
  print_tile_bytes(printer);
  for (size_t i = 0; i < printer->program_count; i++)
    print_program(printer, printer->programs[i]);
}
