// The argument contract: what a host program of someone else's must set up so
// that the kernels run, as a Markdown page beside them.
//
// It says the same as the plan, to a person who writes CreateKernel and
// SetRuntimeArgs calls and has no use for our host program.

#include "tessera/analysis.h"
#include "tessera/arena.h"
#include "tessera/backend.h"

#include <inttypes.h>
#include <string.h>

typedef struct contract_printer {
  tsr_buffer *out;
  tsr_arena scratch;
  const tsr_emit_request *request;
} contract_printer;

// -- words for small things ---------------------------------------------------

static const char *element_name(const tsr_type *type) {
  return tsr_element_get_info(tsr_type_get_element(type))->name;
}

static const char *describe_extents(contract_printer *p, const tsr_type *type,
                                    bool in_tiles) {
  const char *text = "";
  for (uint32_t i = 0; i < tsr_type_get_desc(type)->rank; i++) {
    uint64_t extent = in_tiles ? tsr_type_tile_extent(type, i)
                               : tsr_type_get_desc(type)->extents[i];
    text = tsr_arena_printf(&p->scratch, "%s%s%" PRIu64, text, i ? "x" : "",
                            extent);
  }
  return text;
}

static const char *describe_padding(contract_printer *p, const tsr_pad *pad) {
  if (!pad->is_known)
    return "any";
  tsr_buffer text;
  tsr_buffer_init(&text);
  tsr_buffer_append_f64(&text, pad->value);
  const char *number =
      tsr_arena_printf(&p->scratch, "%s", tsr_buffer_str(&text));
  tsr_buffer_deinit(&text);
  return number;
}

static const char *describe_cores(contract_printer *p, const tsr_attr *cores) {
  const char *text = "";
  for (size_t i = 0; i < tsr_attr_count(cores); i++) {
    const tsr_core_range *range = &tsr_attr_core_ranges(cores)[i];
    text = tsr_arena_printf(&p->scratch, "%s%s(%u,%u)-(%u,%u)", text,
                            i ? ", " : "", range->x0, range->y0, range->x1,
                            range->y1);
  }
  return text;
}

static tsr_order core_order(const tsr_op *program) {
  const char *order = tsr_op_get_text(program, "order");
  return order && strcmp(order, "row") == 0 ? TSR_ORDER_ROW : TSR_ORDER_COLUMN;
}

static bool has_place(const tsr_kernel_arg *arg, const char *place) {
  return strcmp(arg->place, place) == 0;
}

static bool has_kind(const tsr_kernel_arg *arg, const char *kind) {
  return strcmp(arg->kind, kind) == 0;
}

// -- buffers ------------------------------------------------------------------

static void print_buffer(contract_printer *p, const tsr_value *value,
                         const char *role) {
  const tsr_type *type = tsr_value_get_type(value);
  const tsr_type_desc *desc = tsr_type_get_desc(type);
  uint64_t pages = tsr_type_tile_count(type);
  tsr_buffer_printf(
      p->out,
      "| `%s` | %s | %s %s | %s | %s, %s | %" PRIu64 " | %u | %" PRIu64
      " | %s |\n",
      tsr_value_get_name(value), role, describe_extents(p, type, false),
      element_name(type), describe_extents(p, type, true),
      desc->memory == TSR_MEMORY_DRAM ? "DRAM" : "L1",
      desc->sharding.sharded ? "sharded" : "interleaved", pages,
      tsr_type_page_bytes(type), pages * tsr_type_page_bytes(type),
      describe_padding(p, &desc->pad));
}

static const char *argument_role(const tsr_value *arg) {
  const char *modifier = tsr_value_get_modifier(arg);
  if (!modifier)
    return "input";
  return strcmp(modifier, "out") == 0 ? "output" : "input and output";
}

static void print_buffers(contract_printer *p) {
  tsr_buffer_append_str(
      p->out,
      "\n## Buffers\n\n"
      "A page is one tile: 32x32 elements in four 16x16 faces, as\n"
      "`tilize_nfaces` lays them out. Pages are numbered along the last axis\n"
      "of tiles first. `padding` is what the elements of edge tiles outside\n"
      "the shape must hold in an input.\n\n"
      "| buffer | role | shape | tiles | memory | pages | page bytes | bytes "
      "| padding |\n"
      "|---|---|---|---|---|---|---|---|---|\n");
  const tsr_block *body = tsr_op_block(p->request->host, 0);
  for (size_t i = 0; i < tsr_block_arg_count(body); i++)
    print_buffer(p, tsr_block_arg(body, i),
                 argument_role(tsr_block_arg(body, i)));
  for (const tsr_op *op = tsr_block_first(body); op; op = tsr_op_next(op))
    if (tsr_op_is(op, TSR_OP_buffer_alloc))
      print_buffer(p, tsr_op_result(op, 0), "intermediate");
}

static void print_launches(contract_printer *p) {
  tsr_buffer_append_str(p->out, "\n## Launches\n\nIn this order, each after "
                                "the one before it has ended:\n\n");
  const tsr_block *body = tsr_op_block(p->request->host, 0);
  size_t number = 0;
  for (const tsr_op *op = tsr_block_first(body); op; op = tsr_op_next(op)) {
    if (!tsr_op_is(op, TSR_OP_launch))
      continue;
    tsr_buffer_printf(p->out, "%zu. `%s(", ++number,
                      tsr_op_get_text(op, "program"));
    for (size_t i = 0; i < tsr_op_operand_count(op); i++)
      tsr_buffer_printf(p->out, "%s%s", i ? ", " : "",
                        tsr_value_get_name(tsr_op_operand(op, i)));
    tsr_buffer_append_str(p->out, ")`\n");
  }
}

// -- circular buffers and semaphores ------------------------------------------

static bool has_op(const tsr_op *program, tsr_op_kind kind) {
  for (const tsr_op *op = tsr_block_first(tsr_op_block(program, 0)); op;
       op = tsr_op_next(op))
    if (tsr_op_is(op, kind))
      return true;
  return false;
}

static const char *list_users(contract_printer *p, const tsr_op *cb) {
  const tsr_op *program = tsr_op_get_parent(cb);
  const char *text = "";
  for (const tsr_op *op = tsr_block_first(tsr_op_block(program, 0)); op;
       op = tsr_op_next(op))
    if (tsr_op_is(op, TSR_OP_kernel) &&
        tsr_kernel_uses_cb(op, tsr_op_get_text(cb, "name")))
      text = tsr_arena_printf(&p->scratch, "%s%s%s", text, *text ? ", " : "",
                              tsr_op_get_text(op, "name"));
  return text;
}

static void print_cbs(contract_printer *p, const tsr_op *program) {
  if (!has_op(program, TSR_OP_cb))
    return;
  tsr_buffer_append_str(
      p->out, "\n### Circular buffers\n\n"
              "| index | name | format | pages | page bytes | L1 bytes | cores "
              "| kernels |\n|---|---|---|---|---|---|---|---|\n");
  for (const tsr_op *op = tsr_block_first(tsr_op_block(program, 0)); op;
       op = tsr_op_next(op)) {
    if (!tsr_op_is(op, TSR_OP_cb))
      continue;
    int64_t pages =
        tsr_op_get_int(op, "batch", 1) * tsr_op_get_int(op, "depth", 1);
    int64_t page_bytes = tsr_op_get_int(op, "page_bytes", 0);
    tsr_buffer_printf(
        p->out,
        "| %" PRId64 " | %s | %s | %" PRId64 " | %" PRId64 " | %" PRId64
        " | %s | %s |\n",
        tsr_op_get_int(op, "index", 0), tsr_op_get_text(op, "name"),
        element_name(tsr_attr_get_type(tsr_op_get_attr(op, "format"))), pages,
        page_bytes, pages * page_bytes,
        describe_cores(p, tsr_op_get_attr(op, "cores")), list_users(p, op));
  }
}

static void print_semaphores(contract_printer *p, const tsr_op *program) {
  if (!has_op(program, TSR_OP_semaphore))
    return;
  tsr_buffer_append_str(p->out, "\n### Semaphores\n\nCreated in this order.\n\n"
                                "| index | name | initial value | cores |\n"
                                "|---|---|---|---|\n");
  for (const tsr_op *op = tsr_block_first(tsr_op_block(program, 0)); op;
       op = tsr_op_next(op))
    if (tsr_op_is(op, TSR_OP_semaphore))
      tsr_buffer_printf(p->out, "| %" PRId64 " | %s | %" PRId64 " | %s |\n",
                        tsr_op_get_int(op, "index", 0),
                        tsr_op_get_text(op, "name"),
                        tsr_op_get_int(op, "initial", 0),
                        describe_cores(p, tsr_op_get_attr(op, "cores")));
}

// -- the share of each core ---------------------------------------------------

// One row for each run: which cores, and their numbers.
static void print_param(contract_printer *p, const tsr_op *param,
                        const uint32_t *xy) {
  const tsr_attr *values = tsr_op_get_attr(param, "values");
  uint64_t at = 0;
  for (size_t i = 0; i < tsr_attr_count(values); i++) {
    const tsr_run *run = &tsr_attr_run_list(values)[i];
    uint64_t last = at + run->count - 1;
    tsr_buffer_printf(p->out, "| `%s` | %" PRIu64 " (%u,%u)",
                      tsr_value_get_name(tsr_op_result(param, 0)), at,
                      xy[2 * at], xy[2 * at + 1]);
    if (run->count > 1)
      tsr_buffer_printf(p->out, " to %" PRIu64 " (%u,%u)", last, xy[2 * last],
                        xy[2 * last + 1]);
    tsr_buffer_printf(p->out, " | %" PRId64, run->first);
    if (run->count > 1 && run->step != 0)
      tsr_buffer_printf(p->out, ", then %" PRId64 " %s per core",
                        run->step < 0 ? -run->step : run->step,
                        run->step < 0 ? "less" : "more");
    tsr_buffer_append_str(p->out, " |\n");
    at += run->count;
  }
}

static void print_params(contract_printer *p, const tsr_op *program) {
  if (!has_op(program, TSR_OP_core_param))
    return;
  const tsr_attr *cores = tsr_op_get_attr(program, "cores");
  tsr_order order = core_order(program);
  uint32_t *xy =
      TSR_NEW_ARRAY(&p->scratch, uint32_t, 2 * tsr_cores_count(cores));
  tsr_cores_list(cores, order, xy);
  tsr_buffer_printf(p->out,
                    "\n### Numbers of each core\n\n"
                    "Cores are counted %s.\n"
                    "Each is given as its number and (x,y).\n\n"
                    "| number | cores | value |\n|---|---|---|\n",
                    order == TSR_ORDER_ROW
                        ? "along the rows, y = 0 first, from left to right"
                        : "down the columns, x = 0 first, from top to bottom");
  for (const tsr_op *op = tsr_block_first(tsr_op_block(program, 0)); op;
       op = tsr_op_next(op))
    if (tsr_op_is(op, TSR_OP_core_param))
      print_param(p, op, xy);
}

// -- arguments ----------------------------------------------------------------

// What a number stands for, where the IR says so.
static const char *describe_source(contract_printer *p,
                                   const tsr_value *source) {
  const tsr_op *def = tsr_value_get_def(source);
  if (tsr_op_is(def, TSR_OP_core_param))
    return tsr_arena_printf(&p->scratch, "`%s` of the core",
                            tsr_value_get_name(source));
  int64_t number;
  if (!tsr_index_evaluate(source, NULL, &number))
    return "computed by the host";
  if (!tsr_op_is(def, TSR_OP_buffer_dim))
    return tsr_arena_printf(&p->scratch, "%" PRId64, number);
  const tsr_value *buffer = tsr_op_operand(def, 0);
  uint32_t rank = tsr_type_get_desc(tsr_value_get_type(buffer))->rank;
  int64_t axis = tsr_op_get_int(def, "axis", 0);
  return tsr_arena_printf(
      &p->scratch, "%" PRId64 ": extent of `%s` along axis %" PRId64 " in %s",
      number, tsr_value_get_name(buffer), axis,
      axis + 2 >= rank ? "tiles" : "elements");
}

static const char *describe_arg(contract_printer *p, const tsr_op *kernel,
                                const tsr_kernel_arg *arg) {
  if (has_kind(arg, "address"))
    return tsr_arena_printf(&p->scratch, "byte address of `%s`",
                            tsr_value_get_name(arg->source));
  if (has_kind(arg, "accessor"))
    return tsr_arena_printf(&p->scratch,
                            "`TensorAccessorArgs(%s).append_to(args)`",
                            tsr_value_get_name(arg->source));
  if (has_kind(arg, "cb"))
    return tsr_arena_printf(
        &p->scratch, "%" PRId64 ": circular buffer %s",
        tsr_op_get_int(tsr_op_find_symbol(kernel, arg->symbol), "index", 0),
        arg->symbol);
  if (has_kind(arg, "semaphore"))
    return tsr_arena_printf(&p->scratch, "what `CreateSemaphore` gave for %s",
                            arg->symbol);
  if (has_kind(arg, "noc_x") || has_kind(arg, "noc_y"))
    return tsr_arena_printf(&p->scratch, "NoC %c of worker core %s",
                            arg->kind[strlen("noc_")],
                            describe_source(p, arg->source));
  return describe_source(p, arg->source);
}

static void print_args(contract_printer *p, const tsr_op *kernel,
                       const char *place, const char *title) {
  bool is_first = true;
  for (size_t i = 0; i < tsr_kernel_arg_count(kernel); i++) {
    tsr_kernel_arg arg = tsr_kernel_get_arg(kernel, i);
    if (!has_place(&arg, place))
      continue;
    if (is_first)
      tsr_buffer_printf(p->out,
                        "\n%s, in order:\n\n"
                        "| index | name | kind | value | read |\n"
                        "|---|---|---|---|---|\n",
                        title);
    is_first = false;
    tsr_buffer_printf(p->out, "| %u | `%s` | %s | %s | %s |\n", arg.index,
                      arg.name, arg.kind, describe_arg(p, kernel, &arg),
                      arg.is_read ? "yes" : "no");
  }
}

// -- kernels ------------------------------------------------------------------

// The circular buffers of a compute kernel that unpack f32 to DST whole.
static void print_unpack_modes(contract_printer *p, const tsr_op *kernel) {
  const tsr_op *program = tsr_op_get_parent(kernel);
  const char *list = "";
  for (const tsr_op *op = tsr_block_first(tsr_op_block(program, 0)); op;
       op = tsr_op_next(op)) {
    const char *unpack =
        tsr_op_is(op, TSR_OP_cb) ? tsr_op_get_text(op, "unpack") : NULL;
    if (unpack && strcmp(unpack, "fp32") == 0)
      list =
          tsr_arena_printf(&p->scratch, "%s%s%" PRId64, list, *list ? ", " : "",
                           tsr_op_get_int(op, "index", 0));
  }
  if (*list)
    tsr_buffer_printf(p->out,
                      "- `unpack_to_dest_mode`: `UnpackToDestFp32` for "
                      "circular buffers %s, else `Default`\n",
                      list);
  else
    tsr_buffer_append_str(
        p->out,
        "- `unpack_to_dest_mode`: `Default` for all circular buffers\n");
}

static const char *as_text(bool flag) { return flag ? "true" : "false"; }

static void print_compute_config(contract_printer *p, const tsr_op *kernel) {
  const char *fidelity = tsr_op_get_text(kernel, "fidelity");
  tsr_buffer_printf(
      p->out,
      "- `ComputeConfig`: math fidelity %s, `fp32_dest_acc_en` = %s, "
      "`dst_full_sync_en` = %s, `math_approx_mode` = %s\n",
      fidelity ? fidelity : "hifi4",
      as_text(tsr_op_get_bool(kernel, "fp32_acc", true)),
      as_text(tsr_op_get_bool(kernel, "full_sync", false)),
      as_text(tsr_op_get_bool(kernel, "approx", false)));
  print_unpack_modes(p, kernel);
}

static void print_kernel(contract_printer *p, const tsr_op *kernel) {
  const char *processor = tsr_op_get_text(kernel, "processor");
  tsr_buffer_printf(p->out, "\n### Kernel `%s`\n\n- file `%s`\n- cores %s\n",
                    tsr_op_get_text(kernel, "name"),
                    tsr_kernel_path(p->request->host, kernel, &p->scratch),
                    describe_cores(p, tsr_op_get_attr(kernel, "cores")));
  if (strcmp(processor, "compute") == 0)
    print_compute_config(p, kernel);
  else
    tsr_buffer_printf(p->out,
                      "- `DataMovementConfig`: processor `RISCV_%d`, NoC "
                      "`NOC_%" PRId64 "`\n",
                      strcmp(processor, "dm1") == 0,
                      tsr_op_get_int(kernel, "noc", 0));
  print_args(p, kernel, "compile_time", "Compile-time arguments");
  print_args(p, kernel, "common", "Common runtime arguments");
  print_args(p, kernel, "runtime", "Runtime arguments of each core");
}

static void print_program(contract_printer *p, const tsr_op *program) {
  tsr_buffer_printf(p->out, "\n## Program `%s(",
                    tsr_op_get_text(program, "name"));
  const tsr_block *body = tsr_op_block(program, 0);
  for (size_t i = 0; i < tsr_block_arg_count(body); i++)
    tsr_buffer_printf(p->out, "%s%s", i ? ", " : "",
                      tsr_value_get_name(tsr_block_arg(body, i)));
  const tsr_attr *cores = tsr_op_get_attr(program, "cores");
  tsr_buffer_printf(
      p->out, ")`\n\nOn %" PRIu64 " core%s: %s.\n", tsr_cores_count(cores),
      tsr_cores_count(cores) == 1 ? "" : "s", describe_cores(p, cores));
  print_cbs(p, program);
  print_semaphores(p, program);
  print_params(p, program);
  for (const tsr_op *op = tsr_block_first(body); op; op = tsr_op_next(op))
    if (tsr_op_is(op, TSR_OP_kernel))
      print_kernel(p, op);
}

// -- the page -----------------------------------------------------------------

static void print_head(contract_printer *p) {
  const tsr_emit_request *request = p->request;
  const tsr_core_range *grid = tsr_attr_core_ranges(
      tsr_op_get_attr(tsr_module_op(request->module), "grid"));
  tsr_buffer_printf(
      p->out,
      "# What a host program sets up for the kernels of `%s`\n\n"
      "API names of tt-metal %s. Target %s (%s), a grid of %ux%u cores (rows x "
      "columns).\n\n"
      "Cores are logical worker cores (x,y), x the column; a range includes "
      "both\n"
      "corners. One argument is one 32-bit word, save an accessor, which is as "
      "many as\n"
      "`TensorAccessorArgs` appends. An argument that is not read keeps its "
      "place; any\n"
      "number will do.\n",
      tsr_op_get_text(request->host, "name"),
      tsr_metalium_get_profile(request->metalium)->name, request->target->name,
      request->target->arch, grid->y1 + 1, grid->x1 + 1);
}

tsr_result tsr_backend_print_contract(const tsr_emit_request *request,
                                      tsr_diag *diag, tsr_artifacts *out) {
  (void)diag; // whatever is a module has a contract
  contract_printer printer = {.out = tsr_artifacts_add(out, "arguments.md"),
                              .request = request};
  tsr_arena_init(&printer.scratch);
  print_head(&printer);
  print_buffers(&printer);
  print_launches(&printer);
  size_t count = tsr_host_programs(request->host, NULL, 0);
  const tsr_op **programs =
      TSR_NEW_ARRAY(&printer.scratch, const tsr_op *, count);
  tsr_host_programs(request->host, programs, count);
  for (size_t i = 0; i < count; i++)
    if (!request->program ||
        strcmp(request->program, tsr_op_get_text(programs[i], "name")) == 0)
      print_program(&printer, programs[i]);
  tsr_arena_deinit(&printer.scratch);
  return TSR_OK;
}
