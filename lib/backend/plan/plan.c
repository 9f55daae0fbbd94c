// The plan: everything a host program or a tool must know of the programs, as
// JSON by docs/tt.plan.schema.json.

#include "tessera/analysis.h"
#include "tessera/arena.h"
#include "tessera/backend.h"

#include "tessera/json.h"

#include <assert.h>
#include <string.h>

// -- small helpers ------------------------------------------------------------

static cJSON *add_object(cJSON *list) {
  cJSON *object = tsr_json_object();
  cJSON_AddItemToArray(list, object);
  return object;
}

static void add_text(cJSON *object, const char *key, const char *text) {
  tsr_json_add_text(object, key, text);
}

static void add_number(cJSON *object, const char *key, uint64_t number) {
  // Sizes stay below 2^53; doubles hold them exactly.
  tsr_json_add_number(object, key, (double)number);
}

static cJSON *add_extents(cJSON *object, const char *key, const tsr_type *type,
                          bool in_tiles) {
  const tsr_type_desc *desc = tsr_type_get_desc(type);
  cJSON *list = tsr_json_add_array(object, key);
  for (uint32_t i = 0; i < desc->rank; i++) {
    uint64_t extent =
        in_tiles ? tsr_type_tile_extent(type, i) : desc->extents[i];
    cJSON_AddItemToArray(list, tsr_json_number((double)extent));
  }
  return list;
}

static void add_cores(cJSON *object, const tsr_attr *cores) {
  cJSON *list = tsr_json_add_array(object, "cores");
  for (size_t i = 0; i < tsr_attr_count(cores); i++) {
    const tsr_core_range *range = &tsr_attr_core_ranges(cores)[i];
    cJSON *item = add_object(list);
    add_number(item, "x0", range->x0);
    add_number(item, "y0", range->y0);
    add_number(item, "x1", range->x1);
    add_number(item, "y1", range->y1);
  }
  add_number(object, "core_count", tsr_cores_count(cores));
}

// The cores one by one, [x, y], in the order in which runs count them.
static void add_core_list(cJSON *object, const tsr_attr *cores, tsr_order order,
                          tsr_arena *scratch) {
  uint64_t count = tsr_cores_count(cores);
  uint32_t *xy = TSR_NEW_ARRAY(scratch, uint32_t, 2 * count);
  tsr_cores_list(cores, order, xy);
  cJSON *list = tsr_json_add_array(object, "core_list");
  for (uint64_t i = 0; i < count; i++) {
    cJSON *pair = tsr_json_array();
    cJSON_AddItemToArray(pair, tsr_json_number(xy[2 * i]));
    cJSON_AddItemToArray(pair, tsr_json_number(xy[2 * i + 1]));
    cJSON_AddItemToArray(list, pair);
  }
}

static void add_runs(cJSON *object, const char *key, const tsr_attr *runs) {
  cJSON *list = tsr_json_add_array(object, key);
  for (size_t i = 0; i < tsr_attr_count(runs); i++) {
    const tsr_run *run = &tsr_attr_run_list(runs)[i];
    cJSON *item = add_object(list);
    tsr_json_add_number(item, "first", (double)run->first);
    tsr_json_add_number(item, "step", (double)run->step);
    add_number(item, "cores", run->count);
  }
}

static const char *element_name(const tsr_type *type) {
  return tsr_element_get_info(tsr_type_get_element(type))->name;
}

// -- buffers ------------------------------------------------------------------

// What stands in the elements of edge tiles that are outside the shape. A text,
// since JSON has no infinity.
static void add_padding(cJSON *object, const tsr_pad *pad) {
  tsr_buffer text;
  tsr_buffer_init(&text);
  if (pad->is_known)
    tsr_buffer_append_f64(&text, pad->value);
  else
    tsr_buffer_append_str(&text, "undef");
  add_text(object, "padding", tsr_buffer_str(&text));
  tsr_buffer_deinit(&text);
}

static void add_buffer(cJSON *list, const tsr_value *value, const char *name,
                       const char *role) {
  const tsr_type *type = tsr_value_get_type(value);
  const tsr_type_desc *desc = tsr_type_get_desc(type);
  cJSON *object = add_object(list);
  add_text(object, "name", name);
  add_text(object, "variable", tsr_value_get_name(value));
  add_text(object, "role", role);
  add_extents(object, "shape", type, false);
  add_extents(object, "tiles", type, true);
  add_text(object, "format", element_name(type));
  add_text(object, "layout",
           desc->layout == TSR_LAYOUT_TILED ? "tiled" : "row_major");
  add_text(object, "memory", desc->memory == TSR_MEMORY_DRAM ? "dram" : "l1");
  add_text(object, "placement",
           desc->sharding.sharded ? "sharded" : "interleaved");
  add_padding(object, &desc->pad);
  uint64_t pages = tsr_type_tile_count(type);
  add_number(object, "pages", pages);
  add_number(object, "page_bytes", tsr_type_page_bytes(type));
  add_number(object, "bytes", pages * tsr_type_page_bytes(type));
}

static void add_buffers(cJSON *plan, const tsr_op *host, tsr_arena *scratch) {
  cJSON *list = tsr_json_add_array(plan, "buffers");
  const tsr_block *body = tsr_op_block(host, 0);
  size_t outputs = 0;
  for (size_t i = 0; i < tsr_block_arg_count(body); i++) {
    const tsr_value *arg = tsr_block_arg(body, i);
    const char *modifier = tsr_value_get_modifier(arg);
    if (!modifier) {
      add_buffer(list, arg, tsr_value_get_name(arg), "input");
      continue;
    }
    const char *name = tsr_arena_printf(scratch, "out%zu", outputs++);
    add_buffer(list, arg, name,
               strcmp(modifier, "out") == 0 ? "output" : "input_output");
  }
  for (const tsr_op *op = tsr_block_first(body); op; op = tsr_op_next(op))
    if (tsr_op_is(op, TSR_OP_buffer_alloc))
      add_buffer(list, tsr_op_result(op, 0),
                 tsr_value_get_name(tsr_op_result(op, 0)), "intermediate");
}

// -- kernels ------------------------------------------------------------------

// Values of a per-core argument, where the compiler knows them.
static void add_values(cJSON *object, const tsr_value *source) {
  const tsr_op *def = source ? tsr_value_get_def(source) : NULL;
  int64_t number;
  if (tsr_op_is(def, TSR_OP_core_param))
    add_runs(object, "values", tsr_op_get_attr(def, "values"));
  else if (source && tsr_index_evaluate(source, NULL, &number))
    tsr_json_add_number(object, "value", (double)number);
}

// The circular buffer or semaphore that an argument is the index of.
static void add_symbol(cJSON *object, const tsr_op *kernel,
                       const tsr_kernel_arg *arg) {
  const tsr_op *op = tsr_op_find_symbol(kernel, arg->symbol);
  add_text(object, "symbol", arg->symbol);
  add_number(object, "value", (uint64_t)tsr_op_get_int(op, "index", 0));
}

static void add_arg(cJSON *list, const tsr_op *kernel,
                    const tsr_kernel_arg *arg) {
  bool is_accessor = strcmp(arg->kind, "accessor") == 0;
  cJSON *object = add_object(list);
  add_text(object, "name", arg->name);
  add_number(object, "index", arg->index);
  add_text(object, "kind", arg->kind);
  add_text(object, "type", is_accessor ? "accessor" : "uint32");
  if (is_accessor || strcmp(arg->kind, "address") == 0)
    add_text(object, "buffer", tsr_value_get_name(arg->source));
  else if (arg->symbol)
    add_symbol(object, kernel, arg);
  else
    add_values(object, arg->source);
  if (is_accessor)
    add_number(object, "page_bytes",
               tsr_type_page_bytes(tsr_value_get_type(arg->source)));
  tsr_json_add_bool(object, "read", arg->is_read);
}

static void add_args(cJSON *kernel_json, const tsr_op *kernel) {
  static const char *const places[][2] = {{"compile_time", "compile_time_args"},
                                          {"common", "common_runtime_args"},
                                          {"runtime", "runtime_args"}};
  for (size_t p = 0; p < 3; p++) {
    cJSON *list = tsr_json_add_array(kernel_json, places[p][1]);
    for (size_t i = 0; i < tsr_kernel_arg_count(kernel); i++) {
      tsr_kernel_arg arg = tsr_kernel_get_arg(kernel, i);
      if (strcmp(arg.place, places[p][0]) == 0)
        add_arg(list, kernel, &arg);
    }
  }
}

static void add_compute_config(cJSON *object, const tsr_op *kernel) {
  add_text(object, "fidelity", tsr_op_get_text(kernel, "fidelity"));
  tsr_json_add_bool(object, "fp32_acc",
                    tsr_op_get_bool(kernel, "fp32_acc", true));
  tsr_json_add_bool(object, "full_sync",
                    tsr_op_get_bool(kernel, "full_sync", false));
  tsr_json_add_bool(object, "approx", tsr_op_get_bool(kernel, "approx", false));
}

static void add_kernel(cJSON *list, const tsr_op *host, const tsr_op *kernel,
                       tsr_arena *scratch) {
  cJSON *object = add_object(list);
  const char *processor = tsr_op_get_text(kernel, "processor");
  add_text(object, "name", tsr_op_get_text(kernel, "name"));
  add_text(object, "file", tsr_kernel_path(host, kernel, scratch));
  add_text(object, "processor", processor);
  if (strcmp(processor, "compute") == 0)
    add_compute_config(object, kernel);
  else
    add_number(object, "noc", (uint64_t)tsr_op_get_int(kernel, "noc", 0));
  add_cores(object, tsr_op_get_attr(kernel, "cores"));
  add_args(object, kernel);
}

// -- circular buffers ---------------------------------------------------------

static uint64_t cb_bytes(const tsr_op *cb) {
  return (uint64_t)(tsr_op_get_int(cb, "batch", 1) *
                    tsr_op_get_int(cb, "depth", 1) *
                    tsr_op_get_int(cb, "page_bytes", 0));
}

static void add_cb(cJSON *list, const tsr_op *cb, const tsr_op *program) {
  cJSON *object = add_object(list);
  const char *name = tsr_op_get_text(cb, "name");
  const char *unpack = tsr_op_get_text(cb, "unpack");
  add_number(object, "index", (uint64_t)tsr_op_get_int(cb, "index", 0));
  add_text(object, "name", name);
  add_text(object, "format",
           element_name(tsr_attr_get_type(tsr_op_get_attr(cb, "format"))));
  add_text(object, "unpack", unpack ? unpack : "default");
  add_number(object, "page_bytes",
             (uint64_t)tsr_op_get_int(cb, "page_bytes", 0));
  add_number(object, "pages",
             (uint64_t)(tsr_op_get_int(cb, "batch", 1) *
                        tsr_op_get_int(cb, "depth", 1)));
  add_number(object, "l1_bytes", cb_bytes(cb));
  add_number(object, "batch_pages", (uint64_t)tsr_op_get_int(cb, "batch", 1));
  cJSON *kernels = tsr_json_add_array(object, "kernels");
  for (const tsr_op *op = tsr_block_first(tsr_op_block(program, 0)); op;
       op = tsr_op_next(op))
    if (tsr_op_is(op, TSR_OP_kernel) && tsr_kernel_uses_cb(op, name))
      cJSON_AddItemToArray(kernels, tsr_json_text(tsr_op_get_text(op, "name")));
  add_cores(object, tsr_op_get_attr(cb, "cores"));
}

// Circular buffers follow one another from the first byte that programs may
// use, in the order in which the host creates them.
static void add_l1_map(cJSON *object, const tsr_op *program,
                       const tsr_target *target) {
  cJSON *map = tsr_json_add_object(object, "l1");
  add_number(map, "first_byte", target->cb_base);
  add_number(map, "budget_bytes", target->cb_bytes);
  uint64_t at = target->cb_base;
  cJSON *list = tsr_json_add_array(map, "circular_buffers");
  for (const tsr_op *op = tsr_block_first(tsr_op_block(program, 0)); op;
       op = tsr_op_next(op)) {
    if (!tsr_op_is(op, TSR_OP_cb))
      continue;
    cJSON *item = add_object(list);
    add_text(item, "name", tsr_op_get_text(op, "name"));
    add_number(item, "address", at);
    add_number(item, "bytes", cb_bytes(op));
    at += cb_bytes(op);
  }
  uint64_t used = at - target->cb_base;
  add_number(map, "used_bytes", used);
  add_number(map, "free_bytes",
             used < target->cb_bytes ? target->cb_bytes - used : 0);
}

// -- programs -----------------------------------------------------------------

static void add_work(cJSON *object, const tsr_op *program, tsr_arena *scratch) {
  const char *order = tsr_op_get_text(program, "order");
  bool by_row = order && strcmp(order, "row") == 0;
  add_text(object, "core_order", by_row ? "row" : "column");
  add_core_list(object, tsr_op_get_attr(program, "cores"),
                by_row ? TSR_ORDER_ROW : TSR_ORDER_COLUMN, scratch);
  cJSON *work = tsr_json_add_array(object, "work");
  for (const tsr_op *op = tsr_block_first(tsr_op_block(program, 0)); op;
       op = tsr_op_next(op)) {
    if (!tsr_op_is(op, TSR_OP_core_param))
      continue;
    cJSON *item = add_object(work);
    add_text(item, "name", tsr_value_get_name(tsr_op_result(op, 0)));
    add_runs(item, "values", tsr_op_get_attr(op, "values"));
  }
}

static void add_program(cJSON *list, const tsr_emit_request *request,
                        const tsr_op *program, tsr_arena *scratch) {
  cJSON *object = add_object(list);
  add_text(object, "name", tsr_op_get_text(program, "name"));
  add_cores(object, tsr_op_get_attr(program, "cores"));
  add_work(object, program, scratch);
  cJSON *buffers = tsr_json_add_array(object, "buffers");
  const tsr_block *body = tsr_op_block(program, 0);
  for (size_t i = 0; i < tsr_block_arg_count(body); i++)
    cJSON_AddItemToArray(
        buffers, tsr_json_text(tsr_value_get_name(tsr_block_arg(body, i))));
  cJSON *cbs = tsr_json_add_array(object, "circular_buffers");
  cJSON *semaphores = tsr_json_add_array(object, "semaphores");
  cJSON *kernels = tsr_json_add_array(object, "kernels");
  for (const tsr_op *op = tsr_block_first(body); op; op = tsr_op_next(op)) {
    if (tsr_op_is(op, TSR_OP_cb)) {
      add_cb(cbs, op, program);
    } else if (tsr_op_is(op, TSR_OP_kernel)) {
      add_kernel(kernels, request->host, op, scratch);
    } else if (tsr_op_is(op, TSR_OP_semaphore)) {
      cJSON *item = add_object(semaphores);
      add_text(item, "name", tsr_op_get_text(op, "name"));
      add_number(item, "index", (uint64_t)tsr_op_get_int(op, "index", 0));
      add_number(item, "initial", (uint64_t)tsr_op_get_int(op, "initial", 0));
      add_cores(item, tsr_op_get_attr(op, "cores"));
    }
  }
  add_l1_map(object, program, request->target);
}

static void add_launches(cJSON *plan, const tsr_op *host) {
  cJSON *list = tsr_json_add_array(plan, "launches");
  for (const tsr_op *op = tsr_block_first(tsr_op_block(host, 0)); op;
       op = tsr_op_next(op)) {
    if (!tsr_op_is(op, TSR_OP_launch))
      continue;
    cJSON *item = add_object(list);
    add_text(item, "program", tsr_op_get_text(op, "program"));
    cJSON *buffers = tsr_json_add_array(item, "buffers");
    for (size_t i = 0; i < tsr_op_operand_count(op); i++)
      cJSON_AddItemToArray(
          buffers, tsr_json_text(tsr_value_get_name(tsr_op_operand(op, i))));
  }
}

// The reference, op by op, so that a host can compute what to compare with.
static void add_reference(cJSON *plan, const tsr_op *reference) {
  if (!reference) {
    tsr_json_add_null(plan, "reference");
    return;
  }
  cJSON *list = tsr_json_add_array(plan, "reference");
  for (const tsr_op *op = tsr_block_first(tsr_op_block(reference, 0)); op;
       op = tsr_op_next(op)) {
    cJSON *item = add_object(list);
    add_text(item, "op", tsr_op_get_mnemonic(op));
    cJSON *operands = tsr_json_add_array(item, "operands");
    for (size_t i = 0; i < tsr_op_operand_count(op); i++)
      cJSON_AddItemToArray(
          operands, tsr_json_text(tsr_value_get_name(tsr_op_operand(op, i))));
    if (!tsr_op_result_count(op))
      continue;
    const tsr_value *result = tsr_op_result(op, 0);
    add_text(item, "result", tsr_value_get_name(result));
    add_extents(item, "shape", tsr_value_get_type(result), false);
    add_text(item, "format", element_name(tsr_value_get_type(result)));
  }
}

static void add_module(cJSON *plan, const tsr_emit_request *request) {
  const tsr_op *module = tsr_module_op(request->module);
  add_text(plan, "function", tsr_op_get_text(request->host, "name"));
  add_text(plan, "target", request->target->name);
  add_text(plan, "architecture", request->target->arch);
  add_text(plan, "metalium", tsr_metalium_get_profile(request->metalium)->name);
  const tsr_core_range *grid =
      tsr_attr_core_ranges(tsr_op_get_attr(module, "grid"));
  cJSON *grid_json = tsr_json_add_object(plan, "grid");
  add_number(grid_json, "rows", grid->y1 + 1);
  add_number(grid_json, "cols", grid->x1 + 1);
  cJSON *passes = tsr_json_add_array(plan, "passes");
  const tsr_attr *list = tsr_op_get_attr(module, "passes");
  for (size_t i = 0; list && i < tsr_attr_count(list); i++)
    cJSON_AddItemToArray(
        passes, tsr_json_text(tsr_attr_get_text(tsr_attr_item(list, i))));
}

tsr_result tsr_backend_print_plan(const tsr_emit_request *request,
                                  tsr_diag *diag, tsr_artifacts *out) {
  (void)diag;
  tsr_arena scratch;
  tsr_arena_init(&scratch);
  cJSON *plan = tsr_json_object();
  add_number(plan, "schema_version", TSR_PLAN_VERSION);
  add_module(plan, request);
  add_buffers(plan, request->host, &scratch);
  size_t count = tsr_host_programs(request->host, NULL, 0);
  const tsr_op **programs = TSR_NEW_ARRAY(&scratch, const tsr_op *, count);
  tsr_host_programs(request->host, programs, count);
  cJSON *list = tsr_json_add_array(plan, "programs");
  for (size_t i = 0; i < count; i++)
    add_program(list, request, programs[i], &scratch);
  add_launches(plan, request->host);
  add_reference(plan, tsr_function_reference(request->host));
  char *text = tsr_json_print(plan);
  tsr_buffer *file = tsr_artifacts_add(out, "tt.plan.json");
  tsr_buffer_append_str(file, text);
  tsr_buffer_append_char(file, '\n');
  cJSON_free(text);
  cJSON_Delete(plan);
  tsr_arena_deinit(&scratch);
  return TSR_OK;
}
