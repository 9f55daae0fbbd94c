// What passes counted, the memory they took, and the ops that are left.

#include "watch_impl.h"

#include <inttypes.h>
#include <string.h>
#include <sys/resource.h>

void figures_init(figures *f) {
  *f = (figures){.row_count = 0};
  tsr_arena_init(&f->arena);
}

void figures_deinit(figures *f) { tsr_arena_deinit(&f->arena); }

// -- Counters -----------------------------------------------------------------

static pass_counts *find_pass(figures *f, const tsr_pass *pass) {
  for (size_t i = 0; i < f->pass_count; i++)
    if (f->passes[i].pass == pass)
      return &f->passes[i];
  return NULL;
}

void figures_note_pass(figures *f, const tsr_pass *pass) {
  if (find_pass(f, pass))
    return;
  f->passes = tsr_array_grow(&f->arena, f->passes, &f->pass_capacity,
                             f->pass_count + 1, sizeof(*f->passes));
  f->passes[f->pass_count++] = (pass_counts){
      pass, TSR_NEW_ARRAY(&f->arena, uint64_t, pass->counter_count)};
}

void figures_count(figures *f, const tsr_pass *pass, size_t counter,
                   uint64_t more) {
  find_pass(f, pass)->counts[counter] += more;
}

void figures_print_stats(const figures *f, tsr_buffer *out) {
  enum { COLUMN = 30 };
  tsr_buffer_printf(out, "   count  %-*smeaning\n", COLUMN, "counter");
  for (size_t i = 0; i < f->pass_count; i++) {
    const tsr_pass *pass = f->passes[i].pass;
    for (size_t c = 0; c < pass->counter_count; c++) {
      const tsr_pass_counter *counter = &pass->counters[c];
      int used = (int)strlen(pass->name) + 1;
      tsr_buffer_printf(
          out, "%8" PRIu64 "  %s.%-*s%s\n", f->passes[i].counts[c], pass->name,
          used < COLUMN ? COLUMN - used : 0, counter->name, counter->help);
    }
  }
}

cJSON *figures_stats_json(const figures *f) {
  cJSON *object = cJSON_CreateObject();
  for (size_t i = 0; i < f->pass_count; i++) {
    const tsr_pass *pass = f->passes[i].pass;
    if (pass->counter_count == 0)
      continue;
    cJSON *counters = cJSON_AddObjectToObject(object, pass->name);
    for (size_t c = 0; c < pass->counter_count; c++)
      cJSON_AddNumberToObject(counters, pass->counters[c].name,
                              (double)f->passes[i].counts[c]);
  }
  return object;
}

// -- Memory -------------------------------------------------------------------

void figures_before(figures *f, const tsr_module *module) {
  f->module_bytes = tsr_module_memory_bytes(module);
  f->context_bytes = tsr_context_memory_bytes(tsr_module_get_context(module));
}

// The row of a run: modules of one file add up.
static memory_row *find_row(figures *f, const tsr_pass_run *run) {
  for (size_t i = 0; i < f->row_count; i++)
    if (f->rows[i].run == run)
      return &f->rows[i];
  f->rows = tsr_array_grow(&f->arena, f->rows, &f->row_capacity,
                           f->row_count + 1, sizeof(*f->rows));
  f->rows[f->row_count] = (memory_row){.run = run};
  return &f->rows[f->row_count++];
}

void figures_after(figures *f, const tsr_pass_env *env,
                   const tsr_module *module) {
  memory_row *row = find_row(f, env->run);
  size_t module_bytes = tsr_module_memory_bytes(module);
  size_t context_bytes =
      tsr_context_memory_bytes(tsr_module_get_context(module));
  size_t scratch_bytes = env->scratch->used_bytes;
  row->module_bytes += module_bytes - f->module_bytes;
  row->context_bytes += context_bytes - f->context_bytes;
  row->scratch_bytes += scratch_bytes;
  size_t now = module_bytes + context_bytes + scratch_bytes;
  f->peak_bytes = now > f->peak_bytes ? now : f->peak_bytes;
}

static size_t peak_process_bytes(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (size_t)usage.ru_maxrss * 1024;
}

void figures_print_memory(const figures *f, tsr_buffer *out) {
  tsr_buffer_append_str(out, "    module     context     scratch  pass (bytes "
                             "that it took of arenas)\n");
  for (size_t i = 0; i < f->row_count; i++)
    tsr_buffer_printf(out, "%10zu  %10zu  %10zu  %s\n", f->rows[i].module_bytes,
                      f->rows[i].context_bytes, f->rows[i].scratch_bytes,
                      f->rows[i].run->text);
  tsr_buffer_printf(out,
                    "%10zu bytes of arenas at the peak, %zu bytes of the whole "
                    "process\n",
                    f->peak_bytes, peak_process_bytes());
}

cJSON *figures_memory_json(const figures *f) {
  cJSON *object = cJSON_CreateObject();
  cJSON *passes = cJSON_AddArrayToObject(object, "passes");
  for (size_t i = 0; i < f->row_count; i++) {
    const memory_row *row = &f->rows[i];
    cJSON *item = cJSON_CreateObject();
    cJSON_AddItemToArray(passes, item);
    cJSON_AddStringToObject(item, "pass", row->run->text);
    cJSON_AddNumberToObject(item, "module_bytes", (double)row->module_bytes);
    cJSON_AddNumberToObject(item, "context_bytes", (double)row->context_bytes);
    cJSON_AddNumberToObject(item, "scratch_bytes", (double)row->scratch_bytes);
  }
  cJSON_AddNumberToObject(object, "peak_arena_bytes", (double)f->peak_bytes);
  cJSON_AddNumberToObject(object, "peak_process_bytes",
                          (double)peak_process_bytes());
  return object;
}

// -- Ops ----------------------------------------------------------------------

static void count_ops(const tsr_block *block, uint64_t *counts) {
  for (const tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op)) {
    counts[tsr_op_get_kind(op)]++;
    for (size_t i = 0; i < tsr_op_block_count(op); i++)
      count_ops(tsr_op_block(op, i), counts);
  }
}

void figures_count_ops(figures *f, const tsr_module *module) {
  if (!f->ops)
    f->ops = TSR_NEW_ARRAY(&f->arena, uint64_t, TSR_OP_COUNT);
  count_ops(tsr_module_block(module), f->ops);
}

void figures_print_ops(const figures *f, tsr_buffer *out) {
  uint64_t sum = 0;
  tsr_buffer_append_str(out, "     ops  kind\n");
  for (size_t i = 0; f->ops && i < TSR_OP_COUNT; i++) {
    sum += f->ops[i];
    if (f->ops[i] > 0)
      tsr_buffer_printf(out, "%8" PRIu64 "  %s\n", f->ops[i],
                        tsr_op_kind_get_info((tsr_op_kind)i)->mnemonic);
  }
  tsr_buffer_printf(out, "%8" PRIu64 "  all\n", sum);
}

cJSON *figures_ops_json(const figures *f) {
  cJSON *object = cJSON_CreateObject();
  for (size_t i = 0; f->ops && i < TSR_OP_COUNT; i++)
    if (f->ops[i] > 0)
      cJSON_AddNumberToObject(object,
                              tsr_op_kind_get_info((tsr_op_kind)i)->mnemonic,
                              (double)f->ops[i]);
  return object;
}
