// Stage 4: kernels, interpreted by the threads of the model.
//
// A compute kernel runs three times, on unpack, math and pack, and each thread
// does of every op what is its own: the calls are those that the C++ of
// runtime/metalium makes, so the numbers are the same to the bit.

#include "impl.h"

#include "tessera/backend.h"

#include <string.h>

// What an op names, looked up once.
typedef struct machine_op {
  uint32_t a, b, out;  // circular buffers; `cb` is a
  uint32_t from, to;   // formats
  tsr_sim_where where; // place in the source
} machine_op;

// A thread at work.
typedef struct thread_run {
  walk walk;
  running_program *program;
  const running_kernel *kernel;
  tsr_sim_processor processor;
  uint32_t core; // number in the grid
} thread_run;

static const tsr_sim_where no_place = {NULL, 0};

// -- what ops name ------------------------------------------------------------

static uint32_t find_cb(const tsr_op *op, const char *attr) {
  const char *name = tsr_op_get_text(op, attr);
  const tsr_op *cb = name ? tsr_op_find_symbol(op, name) : NULL;
  return cb ? (uint32_t)tsr_op_get_int(cb, "index", 0) : 0;
}

static uint32_t find_format(const tsr_op *op, const char *attr) {
  const tsr_attr *type = tsr_op_get_attr(op, attr);
  return type ? sim_format(tsr_type_get_element(tsr_attr_get_type(type))) : 0;
}

static void prepare_op(running_program *program, const tsr_op *op) {
  machine_op *made = TSR_NEW(&program->arena, machine_op);
  tsr_loc loc = tsr_op_get_loc(op);
  made->where = (tsr_sim_where){loc.file, loc.line};
  made->a = find_cb(op, tsr_op_get_attr(op, "cb") ? "cb" : "a");
  if (tsr_op_get_attr(op, "b"))
    made->b = find_cb(op, "b");
  if (tsr_op_get_attr(op, "out"))
    made->out = find_cb(op, "out");
  if (tsr_op_get_attr(op, "to")) {
    made->from = find_format(op, "from");
    made->to = find_format(op, "to");
  }
  tsr_map_set(&program->machine_ops, op, made);
}

void prepare_machine_ops(running_program *program, const tsr_block *block) {
  for (const tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op)) {
    if (!tsr_op_has_trait(op, TSR_TRAIT_INDEX_MATH))
      prepare_op(program, op);
    for (size_t b = 0; b < tsr_op_block_count(op); b++)
      prepare_machine_ops(program, tsr_op_block(op, b));
  }
}

// -- data movement ------------------------------------------------------------

static uint32_t word(const thread_run *t, const tsr_op *op, size_t operand) {
  return (uint32_t)walk_number(&t->walk, tsr_op_operand(op, operand));
}

static bool is_dram(const tsr_value *buffer) {
  return tsr_type_get_desc(tsr_value_get_type(buffer))->memory ==
         TSR_MEMORY_DRAM;
}

static void run_transfer(thread_run *t, const tsr_op *op, tsr_sim_where where) {
  const tsr_value *buffer = tsr_op_operand(op, 0);
  const tsr_op *accessor = tsr_value_get_def(buffer);
  uint32_t bytes = tsr_op_is(accessor, TSR_OP_noc_accessor)
                       ? (uint32_t)tsr_op_get_int(accessor, "page_bytes", 0)
                       : tsr_type_page_bytes(tsr_value_get_type(buffer));
  uint32_t base = word(t, op, 0), page = word(t, op, 1), l1 = word(t, op, 2);
  bool dram = is_dram(buffer);
  tsr_sim_check_page(dram, base, bytes, page, where);
  uint64_t address =
      tsr_sim_noc_address_of_page(dram, base, bytes, page, 0, where);
  if (tsr_op_is(op, TSR_OP_noc_read_tile)) {
    tsr_sim_noc_read(address, l1, bytes, where);
    return;
  }
  tsr_sim_noc_write(l1, address, bytes, where);
  progress_step(t->program->progress, 1);
}

// l1.generate writes through the kernel's own pointer, as C++ does.
static void run_generate(thread_run *t, const tsr_op *op) {
  const char *kind = tsr_op_get_text(op, "kind");
  bool is_mask = strcmp(kind, "mask") == 0;
  bool is_identity = strcmp(kind, "identity") == 0;
  size_t rows = is_mask ? word(t, op, 1) : 0,
         cols = is_mask ? word(t, op, 2) : 0;
  const tsr_attr *attr = tsr_op_get_attr(op, "value");
  float value = attr ? (float)tsr_attr_get_float(attr) : 0.0f;
  tsr_element element =
      tsr_type_get_element(tsr_attr_get_type(tsr_op_get_attr(op, "format")));
  value = element == TSR_ELEMENT_BF16 ? round_even_bf16(value) : value;
  float tile[TSR_TILE_ELEMS];
  for (size_t i = 0; i < TSR_TILE_ELEMS; i++) {
    size_t row = i / TSR_TILE_SIDE, col = i % TSR_TILE_SIDE;
    bool is_one = is_mask ? row < rows && col < cols : row == col;
    tile[i] = is_mask || is_identity ? (is_one ? 1.0f : 0.0f) : value;
  }
  tsr_sim_tile_pack(sim_format(element), tile,
                    (void *)(uintptr_t)word(t, op, 0));
}

static void set_result(thread_run *t, const tsr_op *op, int64_t number) {
  walk_cell(&t->walk, tsr_op_result(op, 0))->number = number;
}

// Circular buffers: of compute, unpack consumes and pack produces.
static bool run_cb_op(thread_run *t, const tsr_op *op, const machine_op *m) {
  bool moves = t->processor <= TSR_SIM_NCRISC;
  bool consumes = moves || t->processor == TSR_SIM_UNPACK;
  bool produces = moves || t->processor == TSR_SIM_PACK;
  switch ((int)tsr_op_get_kind(op)) {
  case TSR_OP_cb_reserve:
    if (produces)
      tsr_sim_cb_reserve(m->a, word(t, op, 0), m->where);
    return true;
  case TSR_OP_cb_push:
    if (produces)
      tsr_sim_cb_push(m->a, word(t, op, 0), m->where);
    return true;
  case TSR_OP_cb_wait:
    if (consumes)
      tsr_sim_cb_wait(m->a, word(t, op, 0), m->where);
    return true;
  case TSR_OP_cb_pop:
    if (consumes)
      tsr_sim_cb_pop(m->a, word(t, op, 0), m->where);
    return true;
  case TSR_OP_cb_write_ptr:
    set_result(t, op, tsr_sim_cb_write_ptr(m->a, m->where));
    return true;
  case TSR_OP_cb_read_ptr:
    set_result(t, op, tsr_sim_cb_read_ptr(m->a, m->where));
    return true;
  default:
    return false;
  }
}

static bool run_movement_op(thread_run *t, const tsr_op *op,
                            const machine_op *m) {
  switch ((int)tsr_op_get_kind(op)) {
  case TSR_OP_noc_accessor:
    set_result(t, op, word(t, op, 1));
    return true;
  case TSR_OP_noc_read_tile:
  case TSR_OP_noc_write_tile:
    run_transfer(t, op, m->where);
    return true;
  case TSR_OP_noc_read_barrier:
    tsr_sim_noc_read_barrier(m->where);
    return true;
  case TSR_OP_noc_write_barrier:
    tsr_sim_noc_write_barrier(m->where);
    return true;
  case TSR_OP_noc_flush_writes:
    tsr_sim_noc_writes_flushed(m->where);
    return true;
  case TSR_OP_l1_generate:
    run_generate(t, op);
    return true;
  default:
    return false;
  }
}

// -- compute ------------------------------------------------------------------

// How the engine is set up for an op of the FPU, by its init op as well.
typedef struct fpu_row {
  tsr_op_kind op, init;
  tsr_sim_setup setup;
} fpu_row;

static const fpu_row fpu_rows[] = {
    {TSR_OP_fpu_mma, TSR_OP_init_mma, TSR_SIM_SETUP_MATMUL},
    {TSR_OP_fpu_add, TSR_OP_init_add, TSR_SIM_SETUP_ADD},
    {TSR_OP_fpu_sub, TSR_OP_init_sub, TSR_SIM_SETUP_SUB},
    {TSR_OP_fpu_mul, TSR_OP_init_mul, TSR_SIM_SETUP_MUL},
    {TSR_OP_fpu_copy, TSR_OP_init_copy, TSR_SIM_SETUP_COPY},
};

typedef enum sfpu_form { SFPU_UNARY, SFPU_BINARY, SFPU_OTHER } sfpu_form;

typedef struct sfpu_row {
  tsr_op_kind op, init;
  tsr_sim_sfpu sfpu;
  sfpu_form form;
} sfpu_row;

#define SFPU_ROW(id, sim, form)                                                \
  {TSR_OP_sfpu_##id, TSR_OP_init_sfpu_##id, TSR_SIM_SFPU_##sim, form}
static const sfpu_row sfpu_rows[] = {
    SFPU_ROW(add, BINARY_ADD, SFPU_BINARY),
    SFPU_ROW(sub, BINARY_SUB, SFPU_BINARY),
    SFPU_ROW(mul, BINARY_MUL, SFPU_BINARY),
    SFPU_ROW(max, BINARY_MAX, SFPU_BINARY),
    SFPU_ROW(relu, RELU, SFPU_UNARY),
    SFPU_ROW(exp, EXP, SFPU_UNARY),
    SFPU_ROW(sqrt, SQRT, SFPU_UNARY),
    SFPU_ROW(neg, NEGATIVE, SFPU_UNARY),
    SFPU_ROW(fill, FILL, SFPU_OTHER),
    SFPU_ROW(cast, TYPECAST, SFPU_OTHER),
    SFPU_ROW(where, WHERE, SFPU_OTHER),
    SFPU_ROW(copy, BINARY_COPY, SFPU_OTHER),
};
#undef SFPU_ROW

static const fpu_row *find_fpu(const tsr_op *op) {
  for (size_t i = 0; i < sizeof fpu_rows / sizeof fpu_rows[0]; i++)
    if (tsr_op_is(op, fpu_rows[i].op) || tsr_op_is(op, fpu_rows[i].init))
      return &fpu_rows[i];
  return NULL;
}

static const sfpu_row *find_sfpu(const tsr_op *op) {
  for (size_t i = 0; i < sizeof sfpu_rows / sizeof sfpu_rows[0]; i++)
    if (tsr_op_is(op, sfpu_rows[i].op) || tsr_op_is(op, sfpu_rows[i].init))
      return &sfpu_rows[i];
  return NULL;
}

static void init_fpu(const thread_run *t, tsr_sim_setup setup,
                     tsr_sim_where where) {
  bool is_matmul = setup == TSR_SIM_SETUP_MATMUL;
  tsr_sim_config config = {
      .setup = setup, .rows = is_matmul, .cols = is_matmul, .depth = is_matmul};
  if (t->processor == TSR_SIM_UNPACK)
    tsr_sim_unpack_init(config, where);
  if (t->processor == TSR_SIM_MATH)
    tsr_sim_math_init(config, where);
}

static void set_sources(const thread_run *t, uint32_t a, uint32_t b,
                        tsr_sim_where where) {
  if (t->processor == TSR_SIM_UNPACK)
    tsr_sim_format_src(a, b, where);
}

static void set_pack(const thread_run *t, uint32_t cb, tsr_sim_where where) {
  if (t->processor == TSR_SIM_PACK)
    tsr_sim_format_pack(cb, where);
}

// In a kernel that insert-inits has not seen yet, each op finds its engine
// configured.
static void configure_fpu(const thread_run *t, tsr_sim_setup setup,
                          const machine_op *m) {
  if (t->kernel->is_configured)
    return;
  if (setup == TSR_SIM_SETUP_COPY)
    set_sources(t, m->a, m->a, m->where);
  else if (setup == TSR_SIM_SETUP_MATMUL)
    set_sources(t, m->b, m->a, m->where);
  else
    set_sources(t, m->a, m->b, m->where);
  init_fpu(t, setup, m->where);
}

static void run_fpu_op(const thread_run *t, const tsr_op *op,
                       tsr_sim_setup setup, const machine_op *m) {
  tsr_sim_config config = {.setup = setup};
  bool unpacks = t->processor == TSR_SIM_UNPACK;
  bool computes = t->processor == TSR_SIM_MATH;
  configure_fpu(t, setup, m);
  if (setup == TSR_SIM_SETUP_COPY) {
    if (unpacks)
      tsr_sim_unpack_a(config, m->a, word(t, op, 0), m->where);
    if (computes)
      tsr_sim_copy(config, word(t, op, 1), m->where);
    return;
  }
  uint32_t a_tile = word(t, op, 0), b_tile = word(t, op, 1);
  // The left operand of a product feeds SrcB.
  bool swaps = setup == TSR_SIM_SETUP_MATMUL;
  if (unpacks)
    tsr_sim_unpack_ab(config, swaps ? m->b : m->a, swaps ? m->a : m->b,
                      swaps ? b_tile : a_tile, swaps ? a_tile : b_tile,
                      m->where);
  if (computes && setup == TSR_SIM_SETUP_MATMUL)
    tsr_sim_matmul(config, word(t, op, 2), m->where);
  else if (computes)
    tsr_sim_binary(config, word(t, op, 2), m->where);
}

static uint32_t fill_bits(const tsr_op *op) {
  float value = (float)tsr_attr_get_float(tsr_op_get_attr(op, "value"));
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

static void run_sfpu_op(const thread_run *t, const tsr_op *op,
                        const sfpu_row *row, const machine_op *m) {
  if (t->processor != TSR_SIM_MATH)
    return;
  if (!t->kernel->is_configured)
    tsr_sim_sfpu_init(row->sfpu, m->where);
  if (row->form == SFPU_UNARY)
    tsr_sim_sfpu_unary(row->sfpu, word(t, op, 0), 0, m->where);
  else if (row->form == SFPU_BINARY)
    tsr_sim_sfpu_binary(row->sfpu, word(t, op, 0), word(t, op, 1),
                        word(t, op, 2), m->where);
  else if (tsr_op_is(op, TSR_OP_sfpu_fill))
    tsr_sim_sfpu_unary(row->sfpu, word(t, op, 0), fill_bits(op), m->where);
  else if (tsr_op_is(op, TSR_OP_sfpu_cast))
    tsr_sim_sfpu_typecast(word(t, op, 0), m->from, m->to, m->where);
  else if (tsr_op_is(op, TSR_OP_sfpu_where))
    tsr_sim_sfpu_where(word(t, op, 0), word(t, op, 1), word(t, op, 2),
                       word(t, op, 3), m->where);
  else
    tsr_sim_sfpu_binary(row->sfpu, word(t, op, 0), word(t, op, 0),
                        word(t, op, 1), m->where);
}

static bool run_dst_op(const thread_run *t, const tsr_op *op,
                       const machine_op *m) {
  bool computes = t->processor == TSR_SIM_MATH;
  bool packs = t->processor == TSR_SIM_PACK;
  switch ((int)tsr_op_get_kind(op)) {
  case TSR_OP_dst_acquire:
    if (computes)
      tsr_sim_dst_acquire(m->where);
    return true;
  case TSR_OP_dst_commit:
    if (computes)
      tsr_sim_dst_commit(m->where);
    return true;
  case TSR_OP_dst_wait:
    if (packs)
      tsr_sim_dst_wait(m->where);
    return true;
  case TSR_OP_dst_release:
    if (packs)
      tsr_sim_dst_release(m->where);
    return true;
  case TSR_OP_pack_tile:
    if (!t->kernel->is_configured)
      set_pack(t, m->a, m->where);
    if (packs)
      tsr_sim_pack_at(word(t, op, 0), m->a, word(t, op, 1), m->where);
    return true;
  default:
    return false;
  }
}

static bool run_config_op(const thread_run *t, const tsr_op *op,
                          const machine_op *m) {
  switch ((int)tsr_op_get_kind(op)) {
  case TSR_OP_start_mma:
    set_sources(t, m->b, m->a, m->where);
    set_pack(t, m->out, m->where);
    init_fpu(t, TSR_SIM_SETUP_MATMUL, m->where);
    return true;
  case TSR_OP_start_binary:
    set_sources(t, m->a, m->b, m->where);
    set_pack(t, m->out, m->where);
    return true;
  case TSR_OP_start_copy:
    set_sources(t, m->a, m->a, m->where);
    set_pack(t, m->out, m->where);
    init_fpu(t, TSR_SIM_SETUP_COPY, m->where);
    return true;
  case TSR_OP_init_formats:
    set_sources(t, m->a, m->b, m->where);
    return true;
  case TSR_OP_init_format_a:
    if (t->processor == TSR_SIM_UNPACK)
      tsr_sim_format_srca(m->a, m->where);
    return true;
  case TSR_OP_init_pack:
    set_pack(t, m->a, m->where);
    return true;
  default:
    return false;
  }
}

static bool run_compute_op(thread_run *t, const tsr_op *op,
                           const machine_op *m) {
  if (run_dst_op(t, op, m) || run_config_op(t, op, m))
    return true;
  const fpu_row *fpu = find_fpu(op);
  if (fpu && tsr_op_is(op, fpu->op))
    run_fpu_op(t, op, fpu->setup, m);
  else if (fpu)
    init_fpu(t, fpu->setup, m->where);
  const sfpu_row *sfpu = fpu ? NULL : find_sfpu(op);
  if (sfpu && tsr_op_is(op, sfpu->op))
    run_sfpu_op(t, op, sfpu, m);
  else if (sfpu && t->processor == TSR_SIM_MATH)
    tsr_sim_sfpu_init(sfpu->sfpu, m->where);
  return fpu || sfpu;
}

static tsr_result run_op(walk *w, const tsr_op *op) {
  thread_run *t = w->user;
  const machine_op *m = tsr_map_find(&t->program->machine_ops, op);
  if (run_cb_op(t, op, m) || run_movement_op(t, op, m) ||
      run_compute_op(t, op, m))
    return TSR_OK;
  return tsr_diag_error(w->diag, op, "'%s' cannot be run here",
                        tsr_op_get_mnemonic(op));
}

// -- threads ------------------------------------------------------------------

// What stands in a program before its kernels.
static tsr_result run_program_op(walk *w, const tsr_op *op) {
  const thread_run *t = w->user;
  if (tsr_op_is(op, TSR_OP_core_param))
    walk_cell(w, tsr_op_result(op, 0))->number = tsr_runs_at(
        tsr_op_get_attr(op, "values"), t->program->core_order[t->core]);
  return TSR_OK;
}

static tsr_result bind_program(thread_run *t) {
  const tsr_block *body = tsr_op_block(t->program->op, 0);
  for (size_t i = 0; i < tsr_block_arg_count(body); i++)
    walk_cell(&t->walk, tsr_block_arg(body, i))->number =
        (int64_t)t->program->addresses[i];
  t->walk.run_op = run_program_op;
  return walk_block(&t->walk, body);
}

// A compile-time argument is in the code already; the others are fetched.
static void bind_args(thread_run *t) {
  const tsr_op *kernel = t->kernel->op;
  for (size_t i = 0; i < tsr_kernel_arg_count(kernel); i++) {
    tsr_kernel_arg arg = tsr_kernel_get_arg(kernel, i);
    int64_t *to = &walk_cell(&t->walk, arg.value)->number;
    if (!arg.is_read)
      continue;
    if (strcmp(arg.place, "runtime") == 0)
      *to = tsr_sim_arg(arg.index, no_place);
    else if (strcmp(arg.place, "common") == 0)
      *to = tsr_sim_common_arg(arg.index, no_place);
    else if (arg.source && strcmp(arg.kind, "accessor") != 0)
      *to = walk_number(&t->walk, arg.source);
  }
}

// The model calls entries without an argument: who runs follows from the core
// and the processor.
static running_program *running;

void set_running_program(running_program *program) { running = program; }

static void run_thread(tsr_sim_processor processor) {
  running_program *program = running;
  uint32_t core =
      tsr_sim_logical_y() * program->grid_cols + tsr_sim_logical_x();
  thread_run t = {
      .program = program,
      .kernel = program->by_core[core * TSR_SIM_PROCESSOR_COUNT + processor],
      .processor = processor,
      .core = core};
  t.walk = (walk){
      .slots = &program->slots,
      .cells = TSR_NEW_ARRAY(&program->arena, cell, program->slot_count + 1),
      .arena = &program->arena,
      .diag = program->diag,
      .user = &t};
  tsr_result result = bind_program(&t);
  if (result == TSR_OK) {
    bind_args(&t);
    t.walk.run_op = run_op;
    result = walk_block(&t.walk, tsr_op_block(t.kernel->op, 0));
  }
  program->failed = program->failed || result != TSR_OK;
}

static void run_brisc(void) { run_thread(TSR_SIM_BRISC); }
static void run_ncrisc(void) { run_thread(TSR_SIM_NCRISC); }
static void run_unpack(void) { run_thread(TSR_SIM_UNPACK); }
static void run_math(void) { run_thread(TSR_SIM_MATH); }
static void run_pack(void) { run_thread(TSR_SIM_PACK); }

tsr_sim_entry *kernel_entry(tsr_sim_processor processor) {
  static tsr_sim_entry *const entries[TSR_SIM_PROCESSOR_COUNT] = {
      [TSR_SIM_BRISC] = run_brisc,
      [TSR_SIM_NCRISC] = run_ncrisc,
      [TSR_SIM_UNPACK] = run_unpack,
      [TSR_SIM_MATH] = run_math,
      [TSR_SIM_PACK] = run_pack};
  return entries[processor];
}
