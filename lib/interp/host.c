// Stage 4: host functions on the model of the chip. Buffers, programs and
// arguments are set up as the generated main.cpp does.

#include "impl.h"

#include "tessera/backend.h"
#include "tessera/kernel_calls.h"
#include "tessera/text.h"

#include <string.h>

typedef struct host_run {
  const tsr_run_request *request;
  tsr_diag *diag;
  tsr_arena arena;
  tsr_sim *sim;
  tsr_map buffers; // value of the host function to uint64_t, its address
  progress progress;
  bool is_native;
} host_run;

// -- buffers ------------------------------------------------------------------

static tsr_result fail_sim(const host_run *run, const tsr_op *op) {
  const char *text = tsr_sim_error(run->sim);
  if (tsr_sim_error_get_kind(run->sim) == TSR_SIM_ERROR_MACHINE)
    return tsr_diag_error(run->diag, op, TSR_DIAG(model_unavailable), text);
  return tsr_diag_error(run->diag, op, TSR_DIAG(model_refused), text);
}

static uint64_t buffer_bytes(const tsr_type *type) {
  return tsr_type_tile_count(type) * tsr_type_page_bytes(type);
}

static tsr_sim_memory buffer_memory(const tsr_type *type) {
  return tsr_type_get_desc(type)->memory == TSR_MEMORY_DRAM ? TSR_SIM_DRAM
                                                            : TSR_SIM_L1;
}

static uint64_t buffer_address(const host_run *run, const tsr_value *value) {
  return *(const uint64_t *)tsr_map_find(&run->buffers, value);
}

static tsr_result allocate(host_run *run, const tsr_op *op,
                           const tsr_value *value) {
  const tsr_type *type = tsr_value_get_type(value);
  uint64_t *address = TSR_NEW(&run->arena, uint64_t);
  tsr_map_set(&run->buffers, value, address);
  return tsr_sim_alloc(run->sim, buffer_memory(type), buffer_bytes(type),
                       tsr_type_page_bytes(type), address) == TSR_OK
             ? TSR_OK
             : fail_sim(run, op);
}

static tsr_result upload(host_run *run, const tsr_value *value,
                         const tsr_run_value *from) {
  uint32_t page_bytes = tsr_type_page_bytes(from->type);
  uint32_t format = tsr_element_sim_format(tsr_type_get_element(from->type));
  float tile[TSR_TILE_ELEMS], padding = input_padding(from->type);
  char *pages = tsr_arena_alloc(&run->arena, (size_t)buffer_bytes(from->type));
  uint64_t page_count = tsr_type_tile_count(from->type);
  for (uint64_t page = 0; page < page_count; page++) {
    to_tile(from->type, from->values, padding, page, tile);
    tsr_sim_tile_pack(format, tile, pages + page * page_bytes);
  }
  return tsr_sim_upload(run->sim, buffer_memory(from->type),
                        buffer_address(run, value), pages,
                        buffer_bytes(from->type)) == TSR_OK
             ? TSR_OK
             : fail_sim(run, run->request->function);
}

static tsr_result download(host_run *run, const tsr_value *value,
                           tsr_run_value *to) {
  uint32_t page_bytes = tsr_type_page_bytes(to->type);
  uint32_t format = tsr_element_sim_format(tsr_type_get_element(to->type));
  float tile[TSR_TILE_ELEMS];
  char *pages = tsr_arena_alloc(&run->arena, (size_t)buffer_bytes(to->type));
  if (tsr_sim_download(run->sim, buffer_memory(to->type),
                       buffer_address(run, value), pages,
                       buffer_bytes(to->type)) != TSR_OK)
    return fail_sim(run, run->request->function);
  uint64_t page_count = tsr_type_tile_count(to->type);
  for (uint64_t page = 0; page < page_count; page++) {
    tsr_sim_tile_unpack(format, pages + page * page_bytes, tile);
    from_tile(to->type, tile, page, to->values);
  }
  return TSR_OK;
}

// -- programs -----------------------------------------------------------------

typedef struct added_kernel {
  const tsr_op *op;
  uint32_t id; // in the model
} added_kernel;

// A program that is being set up.
typedef struct setup {
  host_run *run;
  running_program program;
  tsr_sim_program *sim;
  tsr_map semaphores; // op to its number + 1
  added_kernel *kernels;
  size_t kernel_count;
} setup;

static tsr_sim_cores cores_of(setup *s, const tsr_op *op) {
  const tsr_attr *cores = tsr_op_get_attr(op, "cores");
  size_t count = tsr_attr_count(cores);
  tsr_sim_range *ranges =
      TSR_NEW_ARRAY(&s->program.arena, tsr_sim_range, count);
  for (size_t i = 0; i < count; i++) {
    const tsr_core_range *from = &tsr_attr_core_ranges(cores)[i];
    ranges[i] = (tsr_sim_range){from->x0, from->y0, from->x1, from->y1};
  }
  return (tsr_sim_cores){ranges, count};
}

// "@a"
static const char *symbol_name(running_program *program, const tsr_op *op) {
  return tsr_arena_printf(&program->arena, "@%s", tsr_op_get_text(op, "name"));
}

static tsr_result add_cb(setup *s, const tsr_op *op) {
  tsr_sim_cb_index index = {
      .cb = (uint32_t)tsr_op_get_int(op, "index", 0),
      .name = symbol_name(&s->program, op),
      .format = tsr_element_sim_format(tsr_type_get_element(
          tsr_attr_get_type(tsr_op_get_attr(op, "format")))),
      .page_bytes = (uint32_t)tsr_op_get_int(op, "page_bytes", 0)};
  uint64_t pages = (uint64_t)(tsr_op_get_int(op, "batch", 1) *
                              tsr_op_get_int(op, "depth", 1));
  tsr_sim_cb_config config = {
      .bytes = pages * index.page_bytes, .indices = &index, .index_count = 1};
  return tsr_sim_add_cb(s->sim, cores_of(s, op), &config) == TSR_OK
             ? TSR_OK
             : fail_sim(s->run, op);
}

static tsr_result add_semaphore(setup *s, const tsr_op *op) {
  uint32_t id = 0;
  if (tsr_sim_add_semaphore(s->sim, cores_of(s, op),
                            (uint32_t)tsr_op_get_int(op, "initial", 0),
                            &id) != TSR_OK)
    return fail_sim(s->run, op);
  tsr_map_set(&s->semaphores, op, (void *)((uintptr_t)id + 1));
  return TSR_OK;
}

// Circular buffers that go to DST whole, one bit each.
static uint64_t whole_cbs(const tsr_op *program) {
  uint64_t bits = 0;
  const tsr_block *body = tsr_op_block(program, 0);
  for (const tsr_op *op = tsr_block_first(body); op; op = tsr_op_next(op)) {
    const char *unpack =
        tsr_op_is(op, TSR_OP_cb) ? tsr_op_get_text(op, "unpack") : NULL;
    if (unpack && strcmp(unpack, "fp32") == 0)
      bits |= (uint64_t)1 << tsr_op_get_int(op, "index", 0);
  }
  return bits;
}

static uint32_t fidelity_passes(const tsr_op *kernel) {
  static const char *const names[] = {"lofi", "hifi2", "hifi3", "hifi4"};
  const char *name = tsr_op_get_text(kernel, "fidelity");
  for (uint32_t i = 0; name && i < 4; i++)
    if (strcmp(names[i], name) == 0)
      return i + 1;
  return 4;
}

// Gives each of the kernel's cores its threads.
static void place_kernel(setup *s, const tsr_op *kernel) {
  const tsr_attr *cores = tsr_op_get_attr(kernel, "cores");
  size_t count = (size_t)tsr_cores_count(cores);
  uint32_t *xy = TSR_NEW_ARRAY(&s->program.arena, uint32_t, 2 * count);
  tsr_cores_list(cores, TSR_ORDER_COLUMN, xy);
  tsr_sim_processor first, last;
  tsr_kernel_processors(kernel, &first, &last);
  for (size_t i = 0; i < count; i++) {
    uint32_t core = xy[2 * i + 1] * s->program.grid_cols + xy[2 * i];
    for (tsr_sim_processor p = first; p <= last; p++)
      add_thread(&s->program, kernel, core, p);
  }
}

static tsr_result add_kernel(setup *s, const tsr_op *op) {
  added_kernel *kernel = &s->kernels[s->kernel_count++];
  tsr_sim_processor first, last;
  tsr_kernel_processors(op, &first, &last);
  kernel->op = op;
  tsr_sim_kernel_config config = {
      .name = tsr_op_get_text(op, "name"),
      .is_compute = first != last,
      .processor = first,
      .noc = (uint32_t)tsr_op_get_int(op, "noc", 0),
      .fidelity = fidelity_passes(op),
      .fp32_acc = tsr_op_get_bool(op, "fp32_acc", true),
      .full_sync = tsr_op_get_bool(op, "full_sync", false),
      .unpack_to_dst = whole_cbs(s->program.op),
      .is_generated = s->run->request->is_generated,
      .counts_rounds = true};
  if (tsr_sim_add_kernel(s->sim, cores_of(s, op), &config, &kernel->id) !=
      TSR_OK)
    return fail_sim(s->run, op);
  for (tsr_sim_processor p = first; p <= last; p++)
    tsr_sim_set_entry(s->sim, kernel->id, p, kernel_entry(p));
  place_kernel(s, op);
  return prepare_kernel(&s->program, op);
}

// -- arguments ----------------------------------------------------------------

static uint32_t program_arg_address(const setup *s, const tsr_value *value) {
  return (uint32_t)s->program.addresses[tsr_value_get_number(value)];
}

// The word that an argument is on the core at `position` in core order.
static tsr_result arg_word(setup *s, const tsr_op *kernel,
                           const tsr_kernel_arg *arg, uint64_t position,
                           uint32_t *out) {
  int64_t number;
  const tsr_op *symbol =
      arg->symbol ? tsr_op_find_symbol(kernel, arg->symbol) : NULL;
  const tsr_op *def = arg->source ? tsr_value_get_def(arg->source) : NULL;
  if (strcmp(arg->kind, "address") == 0)
    *out = program_arg_address(s, arg->source);
  else if (strcmp(arg->kind, "cb") == 0)
    *out = (uint32_t)tsr_op_get_int(symbol, "index", 0);
  else if (strcmp(arg->kind, "semaphore") == 0)
    *out = (uint32_t)((uintptr_t)tsr_map_find(&s->semaphores, symbol) - 1);
  else if (strcmp(arg->kind, "per_core") == 0 &&
           tsr_op_is(def, TSR_OP_core_param))
    *out = (uint32_t)tsr_runs_at(tsr_op_get_attr(def, "values"), position);
  else if (strcmp(arg->kind, "const") == 0 &&
           tsr_index_evaluate(arg->source, NULL, &number))
    *out = (uint32_t)number;
  else
    return tsr_diag_error(s->run->diag, kernel, TSR_DIAG(run_argument_kind),
                          arg->name, arg->kind);
  return TSR_OK;
}

// The arguments of one place, in order.
static tsr_result arg_words(setup *s, const tsr_op *kernel, const char *place,
                            uint64_t position, uint32_t *out, size_t *count) {
  *count = 0;
  for (size_t i = 0; i < tsr_kernel_arg_count(kernel); i++) {
    tsr_kernel_arg arg = tsr_kernel_get_arg(kernel, i);
    if (strcmp(arg.place, place) == 0 &&
        arg_word(s, kernel, &arg, position, &out[(*count)++]) != TSR_OK)
      return TSR_FAILED;
  }
  return TSR_OK;
}

static tsr_result set_args(setup *s, const added_kernel *kernel,
                           const uint32_t *xy, size_t core_count) {
  const tsr_attr *cores = tsr_op_get_attr(kernel->op, "cores");
  size_t count, room = tsr_kernel_arg_count(kernel->op) + 1;
  uint32_t *words = TSR_NEW_ARRAY(&s->program.arena, uint32_t, room);
  if (arg_words(s, kernel->op, "common", 0, words, &count) != TSR_OK)
    return TSR_FAILED;
  if (count &&
      tsr_sim_set_common_args(s->sim, kernel->id, words, count) != TSR_OK)
    return fail_sim(s->run, kernel->op);
  for (size_t i = 0; i < core_count; i++) {
    if (!tsr_cores_contain(cores, xy[2 * i], xy[2 * i + 1]))
      continue;
    if (arg_words(s, kernel->op, "runtime", i, words, &count) != TSR_OK)
      return TSR_FAILED;
    if (count && tsr_sim_set_args(s->sim, kernel->id, xy[2 * i], xy[2 * i + 1],
                                  words, count) != TSR_OK)
      return fail_sim(s->run, kernel->op);
  }
  return TSR_OK;
}

// -- running ------------------------------------------------------------------

static tsr_result add_parts(setup *s) {
  const tsr_block *body = tsr_op_block(s->program.op, 0);
  tsr_result result = TSR_OK;
  for (const tsr_op *op = tsr_block_first(body); op && result == TSR_OK;
       op = tsr_op_next(op)) {
    if (tsr_op_is(op, TSR_OP_cb))
      result = add_cb(s, op);
    else if (tsr_op_is(op, TSR_OP_semaphore))
      result = add_semaphore(s, op);
    else if (tsr_op_is(op, TSR_OP_kernel))
      result = add_kernel(s, op);
  }
  return result;
}

static tsr_result add_args(setup *s) {
  const tsr_op *op = s->program.op;
  const tsr_attr *cores = tsr_op_get_attr(op, "cores");
  const char *order = tsr_op_get_text(op, "order");
  bool by_row = order && strcmp(order, "row") == 0;
  size_t count = (size_t)tsr_cores_count(cores);
  uint32_t *xy = TSR_NEW_ARRAY(&s->program.arena, uint32_t, 2 * count);
  tsr_cores_list(cores, by_row ? TSR_ORDER_ROW : TSR_ORDER_COLUMN, xy);
  for (size_t i = 0; i < count; i++)
    s->program.core_order[xy[2 * i + 1] * s->program.grid_cols + xy[2 * i]] =
        (uint32_t)i;
  tsr_result result = TSR_OK;
  for (size_t k = 0; k < s->kernel_count && result == TSR_OK; k++)
    result = set_args(s, &s->kernels[k], xy, count);
  return result;
}

static void append_op(void *context, uint32_t number, tsr_buffer *out) {
  const running_program *program = context;
  tsr_sim_where where = {NULL, 0, number};
  tsr_op_print(op_at(program, where), out);
}

static const char *find_mnemonic(void *context, uint32_t number) {
  tsr_sim_where where = {NULL, 0, number};
  return tsr_op_get_mnemonic(op_at(context, where));
}

// Where in the source an op is that the model speaks of. Its line may be that
// of the op of an earlier stage from which it comes.
static tsr_loc find_loc(const running_program *program, tsr_sim_where where) {
  const tsr_op *op = op_at(program, where);
  return op ? tsr_op_get_loc(op) : (tsr_loc){NULL, 0, 0};
}

static void report_breach(void *context, tsr_sim_severity severity,
                          tsr_sim_where where, const char *text,
                          const char *details) {
  const running_program *program = context;
  tsr_loc loc = find_loc(program, where);
  if (severity == TSR_SIM_WARNING)
    tsr_diag_warn_at(program->diag, loc, TSR_DIAG(rule_waived), text);
  else
    tsr_diag_note_at(program->diag, loc, TSR_DIAG(kernel_note), text);
  tsr_diag_set_details(program->diag, details);
}

static tsr_result fail_run(const setup *s) {
  const tsr_sim *sim = s->run->sim;
  tsr_diag *diag = s->run->diag;
  tsr_loc loc = find_loc(&s->program, tsr_sim_error_where(sim));
  const char *text = tsr_sim_error(sim);
  switch (tsr_sim_error_get_kind(sim)) {
  case TSR_SIM_ERROR_RULE:
    tsr_diag_error_at(diag, loc, TSR_DIAG(rule_broken), text);
    break;
  case TSR_SIM_ERROR_DEADLOCK:
    tsr_diag_error_at(diag, loc, TSR_DIAG(deadlock), text);
    break;
  case TSR_SIM_ERROR_SETUP:
  case TSR_SIM_ERROR_MACHINE:
    return fail_sim(s->run, s->program.op);
  }
  tsr_diag_set_details(diag, tsr_sim_error_details(sim));
  return TSR_FAILED;
}

static tsr_result run_setup(setup *s) {
  tsr_sim *sim = s->run->sim;
  if ((s->run->is_native && compile_program(&s->program) != TSR_OK) ||
      add_parts(s) != TSR_OK || add_args(s) != TSR_OK ||
      bind_threads(&s->program) != TSR_OK)
    return TSR_FAILED;
  tsr_sim_program_set_name(s->sim, symbol_name(&s->program, s->program.op));
  tsr_sim_set_op_names(sim, append_op, find_mnemonic, &s->program);
  tsr_sim_set_listener(sim, report_breach, &s->program);
  tsr_sim_set_user(sim, &s->program);
  return tsr_sim_run(s->sim) == TSR_OK ? TSR_OK : fail_run(s);
}

static size_t count_kernels(const tsr_op *program) {
  size_t count = 0;
  const tsr_block *body = tsr_op_block(program, 0);
  for (const tsr_op *op = tsr_block_first(body); op; op = tsr_op_next(op))
    count += tsr_op_is(op, TSR_OP_kernel);
  return count;
}

static tsr_result run_launch(host_run *run, const tsr_op *launch) {
  const tsr_module *module = tsr_op_get_module(launch);
  setup s = {.run = run};
  running_program *program = &s.program;
  program->op = tsr_block_find_symbol(tsr_module_block(module),
                                      tsr_op_get_text(launch, "program"));
  program->diag = run->diag;
  tsr_arena_init(&program->arena);
  tsr_map_init(&program->slots);
  tsr_map_init(&program->op_numbers);
  tsr_map_init(&program->machine_ops);
  tsr_map_init(&s.semaphores);
  prepare_program(program);
  const tsr_target *target = run->request->target;
  size_t cores = (size_t)target->grid_rows * target->grid_cols;
  program->grid_cols = target->grid_cols;
  program->core_count = cores;
  program->core_order = TSR_NEW_ARRAY(&program->arena, uint32_t, cores);
  program->threads = TSR_NEW_ARRAY(&program->arena, kernel_thread *,
                                   cores * TSR_SIM_PROCESSOR_COUNT);
  s.kernels = TSR_NEW_ARRAY(&program->arena, added_kernel,
                            count_kernels(program->op) + 1);
  uint64_t *addresses = TSR_NEW_ARRAY(&program->arena, uint64_t,
                                      tsr_op_operand_count(launch) + 1);
  for (size_t i = 0; i < tsr_op_operand_count(launch); i++)
    addresses[i] = buffer_address(run, tsr_op_operand(launch, i));
  program->addresses = addresses;
  s.sim = tsr_sim_program_create(run->sim);
  tsr_result result = run_setup(&s);
  tsr_sim_program_destroy(s.sim);
  if (program->native)
    program->llvm->destroy(program->native);
  tsr_map_deinit(&s.semaphores);
  tsr_map_deinit(&program->machine_ops);
  tsr_map_deinit(&program->op_numbers);
  tsr_map_deinit(&program->slots);
  tsr_arena_deinit(&program->arena);
  return result;
}

static tsr_result run_body(host_run *run, tsr_run_values *values) {
  const tsr_op *host = run->request->function;
  const tsr_block *body = tsr_op_block(host, 0);
  for (size_t i = 0; i < values->count; i++) {
    const tsr_value *arg = tsr_block_arg(body, i);
    if (allocate(run, host, arg) != TSR_OK)
      return TSR_FAILED;
    if (values->items[i].input && upload(run, arg, &values->items[i]) != TSR_OK)
      return TSR_FAILED;
  }
  tsr_result result = TSR_OK;
  for (const tsr_op *op = tsr_block_first(body); op && result == TSR_OK;
       op = tsr_op_next(op)) {
    if (tsr_op_is(op, TSR_OP_buffer_alloc))
      result = allocate(run, op, tsr_op_result(op, 0));
    else if (tsr_op_is(op, TSR_OP_launch))
      result = run_launch(run, op);
  }
  for (size_t i = 0; i < values->count && result == TSR_OK; i++)
    if (values->items[i].output)
      result = download(run, tsr_block_arg(body, i), &values->items[i]);
  return result;
}

// Opening LLVM and compiling take about as long as interpreting the kernels of
// that many tiles of a matmul (docs/decisions.md).
static bool pays_native(const host_run *run) {
  enum { LARGE_TILES = 2048 };
  if (run->request->engine != TSR_ENGINE_BEST)
    return run->request->engine == TSR_ENGINE_JIT;
  if (run->progress.total < LARGE_TILES)
    return false;
  tsr_buffer message;
  tsr_buffer_init(&message);
  bool has_llvm = tsr_llvm_open(&message) != NULL;
  tsr_buffer_deinit(&message);
  return has_llvm;
}

// One write of data is one tile.
static void count_writes(void *context, uint64_t writes) {
  progress_step(context, writes);
}

tsr_result run_host(const tsr_run_request *request, tsr_run_values *values,
                    tsr_diag *diag) {
  char error[256];
  host_run run = {
      .request = request, .diag = diag, .progress = progress_start(request)};
  run.sim = tsr_sim_create(request->target, error, sizeof error);
  if (!run.sim)
    return tsr_diag_error(diag, request->function, TSR_DIAG(model_unavailable),
                          error);
  tsr_sim_set_strict(run.sim, request->strict);
  tsr_sim_set_threads(run.sim, request->threads);
  run.is_native = pays_native(&run);
  tsr_sim_set_progress(run.sim, count_writes, &run.progress);
  if (request->clock)
    tsr_sim_set_clock(run.sim, request->clock);
  tsr_arena_init(&run.arena);
  tsr_map_init(&run.buffers);
  tsr_result result = run_body(&run, values);
  tsr_map_deinit(&run.buffers);
  tsr_arena_deinit(&run.arena);
  tsr_sim_destroy(run.sim);
  return result;
}

bool tsr_run_find_place(tsr_run_place *out) {
  tsr_sim_place at;
  if (!tsr_sim_find_place(&at))
    return false;
  *out = (tsr_run_place){at.program, at.kernel, at.x, at.y};
  return true;
}
