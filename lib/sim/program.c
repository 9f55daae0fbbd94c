// Building programs: the checks are those that tt-metal's host code makes.

#include "internal.h"

#include "tessera/vector.h"

#include <stdlib.h>
#include <string.h>

bool cores_have(const tsr_sim_range *ranges, size_t count, uint32_t x,
                uint32_t y) {
  for (size_t i = 0; i < count; i++)
    if (x >= ranges[i].x0 && x <= ranges[i].x1 && y >= ranges[i].y0 &&
        y <= ranges[i].y1)
      return true;
  return false;
}

static bool overlap(const tsr_sim_range *a, size_t a_count,
                    const tsr_sim_range *b, size_t b_count, uint32_t *out_x,
                    uint32_t *out_y) {
  for (size_t i = 0; i < a_count; i++)
    for (size_t j = 0; j < b_count; j++) {
      uint32_t x = a[i].x0 > b[j].x0 ? a[i].x0 : b[j].x0;
      uint32_t y = a[i].y0 > b[j].y0 ? a[i].y0 : b[j].y0;
      *out_x = x;
      *out_y = y;
      if (x <= a[i].x1 && x <= b[j].x1 && y <= a[i].y1 && y <= b[j].y1)
        return true;
    }
  return false;
}

const char *processor_name(tsr_sim_processor processor) {
  static const char *const names[TSR_SIM_PROCESSOR_COUNT] = {
      [TSR_SIM_BRISC] = "brisc",
      [TSR_SIM_NCRISC] = "ncrisc",
      [TSR_SIM_UNPACK] = "unpack",
      [TSR_SIM_MATH] = "math",
      [TSR_SIM_PACK] = "pack"};
  return names[processor];
}

static void *copy_items(const void *items, size_t count, size_t item_bytes) {
  size_t capacity = 0;
  void *copy =
      tsr_array_grow(NULL, NULL, &capacity, count ? count : 1, item_bytes);
  if (count)
    memcpy(copy, items, count * item_bytes);
  return copy;
}

static tsr_result check_cores(tsr_sim *sim, const char *what,
                              tsr_sim_cores cores) {
  const tsr_target *target = &sim->target;
  for (size_t i = 0; i < cores.range_count; i++) {
    tsr_sim_range at = cores.ranges[i];
    if (at.x1 < at.x0 || at.y1 < at.y0)
      return fail_host(sim,
                       "%s on cores (%u,%u) to (%u,%u): the end lies "
                       "before the start",
                       what, at.x0, at.y0, at.x1, at.y1);
    if (at.x1 >= target->grid_cols || at.y1 >= target->grid_rows)
      return fail_host(sim,
                       "%s on core (%u,%u), outside the grid of %u columns by "
                       "%u rows of %s",
                       what, at.x1, at.y1, target->grid_cols, target->grid_rows,
                       target->name);
  }
  return TSR_OK;
}

// The text of a printf, to be freed.
static char *make_text(const char *format, ...) TSR_PRINTF(1, 2);
static char *make_text(const char *format, ...) {
  tsr_buffer text;
  tsr_buffer_init(&text);
  va_list arguments;
  va_start(arguments, format);
  tsr_buffer_vprintf(&text, format, arguments);
  va_end(arguments);
  return text.data;
}

tsr_sim_program *tsr_sim_program_create(tsr_sim *sim) {
  size_t capacity = 0;
  tsr_sim_program *program =
      tsr_array_grow(NULL, NULL, &capacity, 1, sizeof *program);
  program->sim = sim;
  program->name = make_text("%u", ++sim->program_count);
  return program;
}

void tsr_sim_program_set_name(tsr_sim_program *program, const char *name) {
  tsr_mem_resize(program->name, 0);
  program->name = make_text("%s", name);
}

static void destroy_kernel(kernel *dead, uint32_t core_count) {
  for (uint32_t i = 0; i < core_count; i++)
    tsr_mem_resize(dead->args[i].words, 0);
  tsr_mem_resize(dead->args, 0);
  tsr_mem_resize(dead->common.words, 0);
  tsr_mem_resize(dead->ranges, 0);
  tsr_mem_resize(dead->name, 0);
  tsr_mem_resize(dead, 0);
}

void tsr_sim_program_destroy(tsr_sim_program *program) {
  if (!program)
    return;
  for (size_t i = 0; i < program->cb_count; i++) {
    for (size_t k = 0; k < program->cbs[i].index_count; k++)
      tsr_mem_resize(program->cbs[i].labels[k], 0);
    tsr_mem_resize(program->cbs[i].labels, 0);
    tsr_mem_resize(program->cbs[i].ranges, 0);
    tsr_mem_resize(program->cbs[i].indices, 0);
  }
  for (size_t i = 0; i < program->semaphore_count; i++)
    tsr_mem_resize(program->semaphores[i].ranges, 0);
  for (size_t i = 0; i < program->kernel_count; i++)
    destroy_kernel(program->kernels[i], program->sim->core_count);
  tsr_mem_resize(program->cbs, 0);
  tsr_mem_resize(program->semaphores, 0);
  tsr_mem_resize(program->kernels, 0);
  tsr_mem_resize(program->name, 0);
  tsr_mem_resize(program, 0);
}

// -- Circular buffers ---------------------------------------------------------

static tsr_result check_cb_index(tsr_sim *sim, uint64_t bytes,
                                 const tsr_sim_cb_index *index) {
  if (index->cb >= sim->target.cb_count)
    return fail_host(sim, "circular buffer %u: %s has %u of them", index->cb,
                     sim->target.name, sim->target.cb_count);
  if (!tsr_sim_format_name(index->format))
    return fail_host(sim, "circular buffer %u: data format %u is not modelled",
                     index->cb, index->format);
  if (index->page_bytes == 0)
    return fail_host(sim, "circular buffer %u: its page size was never set",
                     index->cb);
  if (bytes == 0 || bytes % index->page_bytes != 0)
    return fail_host(sim,
                     "circular buffer %u: %llu B is no whole number of pages "
                     "of %u B",
                     index->cb, (unsigned long long)bytes, index->page_bytes);
  return TSR_OK;
}

// An index may exist once on a core.
static tsr_result check_cb_unique(tsr_sim_program *program, tsr_sim_cores cores,
                                  uint32_t cb) {
  uint32_t x = 0, y = 0;
  for (size_t i = 0; i < program->cb_count; i++) {
    const program_cb *other = &program->cbs[i];
    for (size_t j = 0; j < other->index_count; j++)
      if (other->indices[j].cb == cb &&
          overlap(other->ranges, other->range_count, cores.ranges,
                  cores.range_count, &x, &y))
        return fail_host(program->sim,
                         "circular buffer %u exists on core (%u,%u) already",
                         cb, x, y);
  }
  return TSR_OK;
}

static char **label_indices(const tsr_sim_cb_config *config) {
  size_t capacity = 0;
  char **labels = tsr_array_grow(NULL, NULL, &capacity, config->index_count + 1,
                                 sizeof *labels);
  for (size_t i = 0; i < config->index_count; i++) {
    const tsr_sim_cb_index *index = &config->indices[i];
    labels[i] = index->name ? make_text("circular buffer %s", index->name)
                            : make_text("circular buffer %u", index->cb);
  }
  return labels;
}

tsr_result tsr_sim_add_cb(tsr_sim_program *program, tsr_sim_cores cores,
                          const tsr_sim_cb_config *config) {
  tsr_sim *sim = program->sim;
  if (check_cores(sim, "a circular buffer", cores) != TSR_OK)
    return TSR_FAILED;
  for (size_t i = 0; i < config->index_count; i++)
    if (check_cb_index(sim, config->bytes, &config->indices[i]) != TSR_OK ||
        check_cb_unique(program, cores, config->indices[i].cb) != TSR_OK)
      return TSR_FAILED;
  program->cbs = tsr_array_grow(NULL, program->cbs, &program->cb_capacity,
                                program->cb_count + 1, sizeof *program->cbs);
  program->cbs[program->cb_count++] =
      (program_cb){.ranges = copy_items(cores.ranges, cores.range_count,
                                        sizeof *cores.ranges),
                   .range_count = cores.range_count,
                   .indices = copy_items(config->indices, config->index_count,
                                         sizeof *config->indices),
                   .labels = label_indices(config),
                   .index_count = config->index_count,
                   .bytes = config->bytes,
                   .is_global = config->is_global,
                   .address = config->address};
  return TSR_OK;
}

tsr_result tsr_sim_update_cb(tsr_sim_program *program, size_t cb,
                             const tsr_sim_cb_config *config) {
  tsr_sim *sim = program->sim;
  if (cb >= program->cb_count ||
      program->cbs[cb].index_count != config->index_count)
    return fail_host(sim, "no such circular buffer to change");
  program_cb *of = &program->cbs[cb];
  for (size_t i = 0; i < config->index_count; i++)
    if (check_cb_index(sim, config->bytes, &config->indices[i]) != TSR_OK)
      return TSR_FAILED;
  for (size_t i = 0; i < config->index_count; i++)
    of->indices[i].page_bytes = config->indices[i].page_bytes;
  of->bytes = config->bytes;
  of->is_global = config->is_global;
  of->address = config->address;
  return TSR_OK;
}

// -- Semaphores ---------------------------------------------------------------

// The lowest id that none of the program's semaphores has on these cores.
static uint32_t free_semaphore(const tsr_sim_program *program,
                               tsr_sim_cores cores) {
  uint32_t x = 0, y = 0;
  for (uint32_t id = 0;; id++) {
    bool taken = false;
    for (size_t i = 0; i < program->semaphore_count; i++) {
      const program_semaphore *other = &program->semaphores[i];
      taken = taken || (other->id == id &&
                        overlap(other->ranges, other->range_count, cores.ranges,
                                cores.range_count, &x, &y));
    }
    if (!taken)
      return id;
  }
}

tsr_result tsr_sim_add_semaphore(tsr_sim_program *program, tsr_sim_cores cores,
                                 uint32_t initial, uint32_t *out_id) {
  if (check_cores(program->sim, "a semaphore", cores) != TSR_OK)
    return TSR_FAILED;
  uint32_t id = free_semaphore(program, cores);
  if (id >= program->sim->target.semaphore_count)
    return fail_host(
        program->sim, "one semaphore too many: a core of %s has %u",
        program->sim->target.name, program->sim->target.semaphore_count);
  program->semaphores =
      tsr_array_grow(NULL, program->semaphores, &program->semaphore_capacity,
                     program->semaphore_count + 1, sizeof *program->semaphores);
  program->semaphores[program->semaphore_count++] =
      (program_semaphore){.ranges = copy_items(cores.ranges, cores.range_count,
                                               sizeof *cores.ranges),
                          .range_count = cores.range_count,
                          .id = id,
                          .initial = initial};
  *out_id = id;
  return TSR_OK;
}

// -- Kernels ------------------------------------------------------------------

static tsr_result check_processor(tsr_sim_program *program, tsr_sim_cores cores,
                                  const tsr_sim_kernel_config *config) {
  uint32_t x = 0, y = 0;
  for (size_t i = 0; i < program->kernel_count; i++) {
    const kernel *other = program->kernels[i];
    if (config->is_compute != other->config.is_compute ||
        !overlap(other->ranges, other->range_count, cores.ranges,
                 cores.range_count, &x, &y))
      continue;
    if (config->is_compute)
      return fail_host(program->sim,
                       "compute kernel '%s': core (%u,%u) has '%s' already",
                       config->name, x, y, other->name);
    if (config->processor == other->config.processor)
      return fail_host(
          program->sim, "kernel '%s': '%s' runs on %s of core (%u,%u) already",
          config->name, other->name, processor_name(config->processor), x, y);
    if (config->dynamic_noc != other->config.dynamic_noc)
      return fail_host(program->sim,
                       "kernel '%s': '%s' on core (%u,%u) has another NoC "
                       "mode; the two of a core have the same",
                       config->name, other->name, x, y);
    if (!config->dynamic_noc && config->noc == other->config.noc)
      return fail_host(program->sim,
                       "kernel '%s': '%s' uses NoC %u on core (%u,%u) already; "
                       "two data movement kernels need different NoCs",
                       config->name, other->name, config->noc, x, y);
  }
  return TSR_OK;
}

static void find_corner(kernel *made) {
  made->first_x = made->ranges[0].x0;
  made->first_y = made->ranges[0].y0;
  for (size_t i = 1; i < made->range_count; i++) {
    if (made->ranges[i].x0 < made->first_x)
      made->first_x = made->ranges[i].x0;
    if (made->ranges[i].y0 < made->first_y)
      made->first_y = made->ranges[i].y0;
  }
}

tsr_result tsr_sim_add_kernel(tsr_sim_program *program, tsr_sim_cores cores,
                              const tsr_sim_kernel_config *config,
                              uint32_t *out_kernel) {
  tsr_sim *sim = program->sim;
  if (cores.range_count == 0)
    return fail_host(sim, "kernel '%s' is on no core", config->name);
  if (check_cores(sim, "a kernel", cores) != TSR_OK ||
      check_processor(program, cores, config) != TSR_OK)
    return TSR_FAILED;
  size_t capacity = 0;
  kernel *made = tsr_array_grow(NULL, NULL, &capacity, 1, sizeof *made);
  made->program = program;
  made->config = *config;
  made->name = copy_items(config->name, strlen(config->name) + 1, 1);
  made->config.name = made->name;
  made->ranges =
      copy_items(cores.ranges, cores.range_count, sizeof *cores.ranges);
  made->range_count = cores.range_count;
  capacity = 0;
  made->args = tsr_array_grow(NULL, NULL, &capacity, sim->core_count,
                              sizeof *made->args);
  find_corner(made);
  program->kernels =
      tsr_array_grow(NULL, program->kernels, &program->kernel_capacity,
                     program->kernel_count + 1, sizeof(kernel *));
  program->kernels[program->kernel_count] = made;
  *out_kernel = (uint32_t)program->kernel_count++;
  return TSR_OK;
}

void tsr_sim_set_entry(tsr_sim_program *program, uint32_t kernel_id,
                       tsr_sim_processor processor, tsr_sim_entry *entry) {
  program->kernels[kernel_id]->entries[processor] = entry;
}

uint32_t tsr_sim_local_bytes(const tsr_target *target,
                             tsr_sim_processor processor) {
  switch (processor) {
  case TSR_SIM_BRISC:
    return target->brisc_local_bytes;
  case TSR_SIM_NCRISC:
    return target->ncrisc_local_bytes;
  default:
    return target->trisc_local_bytes;
  }
}

void tsr_sim_set_image(tsr_sim_program *program, uint32_t kernel_id,
                       tsr_sim_processor processor,
                       const tsr_sim_image *image) {
  program->kernels[kernel_id]->images[processor] = image;
}

void tsr_sim_set_lines(tsr_sim_program *program, uint32_t kernel_id,
                       tsr_sim_processor processor, tsr_sim_find_line *find,
                       const void *lines) {
  kernel *of = program->kernels[kernel_id];
  of->find_line = find;
  of->lines[processor] = lines;
}

// -- Arguments ----------------------------------------------------------------

static tsr_result check_arg_count(const kernel *of, size_t unique,
                                  size_t common) {
  uint32_t limit = of->program->sim->target.max_runtime_args;
  if (unique + common <= limit)
    return TSR_OK;
  return fail_host(of->program->sim,
                   "kernel '%s': %zu runtime arguments and %zu common ones, "
                   "but a kernel takes %u together",
                   of->name, unique, common, limit);
}

// Words that were there before stay where they are.
static void set_words(arg_block *block, const uint32_t *words, size_t count) {
  if (!block->words)
    block->words = copy_items(words, count, sizeof *words);
  else if (count)
    memcpy(block->words, words, count * sizeof *words);
  block->count = (uint32_t)count;
}

tsr_result tsr_sim_set_args(tsr_sim_program *program, uint32_t kernel_id,
                            uint32_t x, uint32_t y, const uint32_t *words,
                            size_t count) {
  tsr_sim *sim = program->sim;
  if (kernel_id >= program->kernel_count)
    return fail_host(sim, "no kernel %u", kernel_id);
  kernel *of = program->kernels[kernel_id];
  if (!cores_have(of->ranges, of->range_count, x, y))
    return fail_host(sim, "kernel '%s' is not on core (%u,%u)", of->name, x, y);
  if (check_arg_count(of, count, of->common.count) != TSR_OK)
    return TSR_FAILED;
  arg_block *block = &of->args[y * sim->target.grid_cols + x];
  if (block->words && block->count != count)
    return fail_host(sim,
                     "kernel '%s', core (%u,%u): %zu runtime arguments, but %u "
                     "were set before",
                     of->name, x, y, count, block->count);
  set_words(block, words, count);
  return TSR_OK;
}

tsr_result tsr_sim_set_common_args(tsr_sim_program *program, uint32_t kernel_id,
                                   const uint32_t *words, size_t count) {
  tsr_sim *sim = program->sim;
  if (kernel_id >= program->kernel_count)
    return fail_host(sim, "no kernel %u", kernel_id);
  kernel *of = program->kernels[kernel_id];
  if (of->common.words)
    return fail_host(sim, "kernel '%s': common runtime arguments are set once",
                     of->name);
  for (uint32_t i = 0; i < sim->core_count; i++)
    if (check_arg_count(of, of->args[i].count, count) != TSR_OK)
      return TSR_FAILED;
  set_words(&of->common, words, count);
  return TSR_OK;
}

tsr_result tsr_sim_get_args(tsr_sim_program *program, uint32_t kernel_id,
                            uint32_t x, uint32_t y, uint32_t **out_words,
                            size_t *out_count) {
  tsr_sim *sim = program->sim;
  if (kernel_id >= program->kernel_count)
    return fail_host(sim, "no kernel %u", kernel_id);
  kernel *of = program->kernels[kernel_id];
  if (!cores_have(of->ranges, of->range_count, x, y))
    return fail_host(sim, "kernel '%s' is not on core (%u,%u)", of->name, x, y);
  arg_block *block = &of->args[y * sim->target.grid_cols + x];
  *out_words = block->words;
  *out_count = block->count;
  return TSR_OK;
}

tsr_result tsr_sim_get_common_args(tsr_sim_program *program, uint32_t kernel_id,
                                   uint32_t **out_words, size_t *out_count) {
  if (kernel_id >= program->kernel_count)
    return fail_host(program->sim, "no kernel %u", kernel_id);
  kernel *of = program->kernels[kernel_id];
  *out_words = of->common.words;
  *out_count = of->common.count;
  return TSR_OK;
}
