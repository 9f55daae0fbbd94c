// The report as JSON. A tick is a power of two of a cycle, so cycles are exact
// in a double, and sums that hold in ticks hold in the file.

#include "internal.h"

#include "tessera/json.h"

static double cycles(uint64_t ticks) { return (double)ticks / TSR_CLOCK_TICKS; }

static void add_cycles(cJSON *object, const char *name, uint64_t ticks) {
  tsr_json_add_number(object, name, cycles(ticks));
}

static void add_bytes(cJSON *object, const char *name, uint64_t bytes) {
  tsr_json_add_number(object, name, (double)bytes);
}

// Cycles and the same in microseconds.
static void add_time(const tsr_timing *timing, cJSON *object, uint64_t ticks) {
  add_cycles(object, "cycles", ticks);
  tsr_json_add_number(object, "microseconds",
                      cycles(ticks) / timing->target.clock_mhz);
}

static cJSON *add_item(cJSON *list) {
  cJSON *item = tsr_json_object();
  cJSON_AddItemToArray(list, item);
  return item;
}

static void add_core(const tsr_timing *timing, cJSON *object, uint32_t core) {
  int place[2] = {(int)(core % timing->target.grid_cols),
                  (int)(core / timing->target.grid_cols)};
  tsr_json_add(object, "core", tsr_json_ints(place, 2));
}

static void add_bound(const tsr_timing *timing, cJSON *object,
                      const tsr_clock_result *result) {
  static const char *const keys[BOUND_COUNT] = {"compute", "dram", "noc",
                                                "launch"};
  bounds found = timing_find_bounds(result);
  tsr_json_add_text(object, "bound", keys[found.largest]);
  cJSON *list = tsr_json_add_object(object, "bound_cycles");
  for (int i = 0; i < BOUND_COUNT; i++)
    add_cycles(list, keys[i], found.ticks[i]);
  matrix_use use = timing_find_matrix_use(timing, result);
  uint64_t whole = (result->finished - result->started) * use.cores;
  add_bytes(object, "tile_products", use.products);
  tsr_json_add_number(object, "matrix_utilization",
                      whole ? (double)use.ideal_ticks / (double)whole : 0);
}

static void add_thread(const tsr_timing *timing, cJSON *object,
                       const tsr_clock_result *result,
                       const tsr_clock_thread_result *thread) {
  add_core(timing, object, thread->core);
  tsr_json_add_text(object, "processor",
                    timing_processor_name(thread->processor));
  tsr_json_add_text(object, "kernel", thread->kernel->name);
  add_cycles(object, "start", thread->start - result->dispatched);
  add_cycles(object, "cycles", timing_thread_ticks(thread));
  add_cycles(object, "busy", thread->ticks[TSR_CLOCK_BUSY]);
  cJSON *stalls = tsr_json_add_object(object, "stalled");
  for (int cause = 0; cause < TSR_CLOCK_CAUSE_COUNT; cause++)
    if (cause != TSR_CLOCK_BUSY && thread->ticks[cause])
      add_cycles(stalls, tsr_clock_cause_name((tsr_clock_cause)cause),
                 thread->ticks[cause]);
  add_bytes(object, "read_bytes", thread->read_bytes);
  add_bytes(object, "written_bytes", thread->written_bytes);
  if (thread->tile_macs)
    add_bytes(object, "tile_products", thread->tile_macs);
  if (thread->engine_ticks)
    add_cycles(object, "engine", thread->engine_ticks);
}

static void add_banks(cJSON *list, const tsr_clock_result *result) {
  for (size_t i = 0; i < result->bank_count; i++) {
    const tsr_clock_bank_result *bank = &result->banks[i];
    cJSON *item = add_item(list);
    add_bytes(item, "bank", i);
    add_bytes(item, "read_bytes", bank->read_bytes);
    add_bytes(item, "written_bytes", bank->written_bytes);
    add_cycles(item, "busy", bank->busy);
  }
}

static void add_links(cJSON *list, const tsr_clock_result *result) {
  for (size_t i = 0; i < result->link_count; i++) {
    const tsr_clock_link_result *link = &result->links[i];
    if (!link->bytes)
      continue;
    cJSON *item = add_item(list);
    add_bytes(item, "noc", link->noc);
    int router[2] = {(int)link->x, (int)link->y};
    tsr_json_add(item, "router", tsr_json_ints(router, 2));
    tsr_json_add_text(item, "along", link->vertical ? "y" : "x");
    add_bytes(item, "bytes", link->bytes);
    add_cycles(item, "busy", link->busy);
  }
}

static void add_calls(cJSON *list, const program_row *program) {
  for (size_t i = 0; i < program->call_count; i++) {
    const call_row *row = program->calls[i];
    cJSON *item = add_item(list);
    tsr_json_add_text(item, "processor", timing_processor_name(row->processor));
    tsr_json_add_text(item, "call", row->name);
    if (row->file) {
      tsr_json_add_text(item, "file", row->file);
      add_bytes(item, "line", row->line);
    }
    add_bytes(item, "times", row->count);
    add_cycles(item, "busy", row->busy);
    add_cycles(item, "stalled", row->stalled);
  }
}

static void add_zones(cJSON *list, const program_row *program) {
  for (size_t i = 0; i < program->zone_count; i++) {
    const zone_row *row = program->zones[i];
    cJSON *item = add_item(list);
    tsr_json_add_text(item, "zone", row->name);
    tsr_json_add_text(item, "processor", timing_processor_name(row->processor));
    add_bytes(item, "times", row->count);
    add_cycles(item, "cycles", row->total);
    add_cycles(item, "shortest", row->shortest);
    add_cycles(item, "longest", row->longest);
  }
}

static void add_program(const tsr_timing *timing, cJSON *object,
                        const program_row *program) {
  const tsr_clock_result *result = &program->result;
  tsr_json_add_text(object, "name", result->program->name);
  add_time(timing, object, timing_whole_ticks(result));
  add_time(timing, tsr_json_add_object(object, "kernels"),
           timing_kernel_ticks(timing, result));
  add_bytes(object, "cores", result->program->core_count);
  add_bound(timing, object, result);
  cJSON *threads = tsr_json_add_array(object, "threads");
  for (size_t i = 0; i < result->thread_count; i++)
    add_thread(timing, add_item(threads), result, &result->threads[i]);
  add_calls(tsr_json_add_array(object, "calls"), program);
  add_zones(tsr_json_add_array(object, "zones"), program);
  add_banks(tsr_json_add_array(object, "banks"), result);
  add_links(tsr_json_add_array(object, "links"), result);
}

cJSON *tsr_timing_to_json(const tsr_timing *timing) {
  cJSON *root = tsr_json_object();
  tsr_json_add_text(root, "target", timing->target.name);
  add_bytes(root, "clock_mhz", timing->target.clock_mhz);
  uint64_t total = 0;
  for (size_t i = 0; i < timing->program_count; i++)
    total += timing_whole_ticks(&timing->programs[i]->result);
  add_time(timing, root, total);
  cJSON *list = tsr_json_add_array(root, "programs");
  for (size_t i = 0; i < timing->program_count; i++)
    add_program(timing, add_item(list), timing->programs[i]);
  return root;
}
