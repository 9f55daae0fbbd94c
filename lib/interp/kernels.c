// Stage 4: kernels, run by the threads of the model.
//
// A compute kernel runs three times, on unpack, math and pack, and each thread
// makes of every op the calls that are its own: those that the C++ of
// runtime/metalium makes, so the numbers are the same to the bit.

#include "calls.h"

#include "tessera/backend.h"

#include <string.h>

// An op with its calls, looked up once.
typedef struct machine_op {
  const tsr_sim_where *where; // place in the source
  const tsr_op_call *calls;
  size_t call_count;
} machine_op;

// A thread at work.
typedef struct thread_run {
  walk walk;
  running_program *program;
  const running_kernel *kernel;
  tsr_sim_processor processor;
  uint32_t core; // number in the grid
} thread_run;

static const tsr_sim_where no_place = {NULL, 0, 0};

// -- preparing ----------------------------------------------------------------

static tsr_result prepare_op(running_program *program, const tsr_op *op,
                             bool is_configured) {
  tsr_op_call found[TSR_OP_MAX_CALLS];
  size_t count = tsr_op_calls(op, is_configured, found);
  if (count == 0)
    return tsr_diag_error(program->diag, op, "'%s' cannot be run here",
                          tsr_op_get_mnemonic(op));
  tsr_op_call *calls = TSR_NEW_ARRAY(&program->arena, tsr_op_call, count);
  memcpy(calls, found, count * sizeof *calls);
  machine_op *made = TSR_NEW(&program->arena, machine_op);
  size_t number = (uintptr_t)tsr_map_find(&program->op_numbers, op) - 1;
  *made = (machine_op){&program->places[number], calls, count};
  tsr_map_set(&program->machine_ops, op, made);
  return TSR_OK;
}

// Control flow and arithmetic do without calls.
static bool calls_model(const tsr_op *op) {
  return !tsr_op_has_trait(op, TSR_TRAIT_INDEX_MATH) &&
         !tsr_op_has_trait(op, TSR_TRAIT_TERMINATOR) &&
         !tsr_op_is(op, TSR_OP_for_) && !tsr_op_is(op, TSR_OP_if_) &&
         !tsr_op_is(op, TSR_OP_buffer_dim) &&
         !tsr_op_is(op, TSR_OP_noc_accessor);
}

static tsr_result prepare_block(running_program *program,
                                const tsr_block *block, bool is_configured) {
  for (const tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op)) {
    if (calls_model(op) && prepare_op(program, op, is_configured) != TSR_OK)
      return TSR_FAILED;
    for (size_t b = 0; b < tsr_op_block_count(op); b++)
      if (prepare_block(program, tsr_op_block(op, b), is_configured) != TSR_OK)
        return TSR_FAILED;
  }
  return TSR_OK;
}

tsr_result prepare_kernel(running_program *program, const tsr_op *kernel) {
  return prepare_block(program, tsr_op_block(kernel, 0),
                       tsr_kernel_is_configured(kernel));
}

static void place_ops(running_program *program, const tsr_block *block,
                      size_t *count) {
  for (const tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op)) {
    tsr_loc loc = tsr_op_get_loc(op);
    program->ops[*count] = op;
    program->places[*count] =
        (tsr_sim_where){loc.file, loc.line, (uint32_t)*count + 1};
    ++*count;
    for (size_t b = 0; b < tsr_op_block_count(op); b++)
      place_ops(program, tsr_op_block(op, b), count);
  }
}

const tsr_op *op_at(const running_program *program, tsr_sim_where where) {
  return where.op ? program->ops[where.op - 1] : NULL;
}

void prepare_program(running_program *program) {
  size_t count = tsr_program_number_ops(program->op, &program->op_numbers);
  program->ops = TSR_NEW_ARRAY(&program->arena, const tsr_op *, count + 1);
  program->places = TSR_NEW_ARRAY(&program->arena, tsr_sim_where, count + 1);
  count = 0;
  place_ops(program, tsr_op_block(program->op, 0), &count);
  number_values(tsr_op_block(program->op, 0), &program->slots,
                &program->slot_count);
}

// -- ops ----------------------------------------------------------------------

static void make_op_call(thread_run *t, const tsr_op *op,
                         const tsr_op_call *call, const tsr_sim_where *where) {
  uint32_t words[TSR_CALL_MAX_WORDS];
  const tsr_call_info *info = tsr_call_get_info(call->call);
  for (size_t i = 0; i < info->word_count; i++) {
    const tsr_call_word *word = &call->words[i];
    words[i] = word->value ? (uint32_t)walk_number(&t->walk, word->value)
                           : word->number;
  }
  uint32_t result = make_call(call->call, where, words);
  if (info->has_result)
    walk_cell(&t->walk, tsr_op_result(op, 0))->number = result;
}

static tsr_result run_op(walk *w, const tsr_op *op) {
  thread_run *t = w->user;
  if (tsr_op_is(op, TSR_OP_noc_accessor)) {
    walk_cell(w, tsr_op_result(op, 0))->number =
        (uint32_t)walk_number(w, tsr_op_operand(op, 1));
    return TSR_OK;
  }
  const machine_op *m = tsr_map_find(&t->program->machine_ops, op);
  for (size_t i = 0; i < m->call_count; i++)
    if (m->calls[i].threads >> t->processor & 1)
      make_op_call(t, op, &m->calls[i], m->where);
  return TSR_OK;
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
      *to = tsr_kernel_arg_word(&no_place, arg.index);
    else if (strcmp(arg.place, "common") == 0)
      *to = tsr_kernel_common_arg_word(&no_place, arg.index);
    else if (arg.source && strcmp(arg.kind, "accessor") != 0)
      *to = walk_number(&t->walk, arg.source);
  }
}

// The program that the threads of the model work for: they are entered without
// an argument, and who runs follows from the core and the processor.
static running_program *running;

void set_running_program(running_program *program) { running = program; }

void count_written_page(void) { progress_step(running->progress, 1); }

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
