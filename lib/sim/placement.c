// Where a program's things lie in L1: circular buffers from the first usable
// byte up, in creation order; semaphores and runtime arguments in the kernel
// configuration ring.

#include "internal.h"

#include "tessera/vector.h"

#include <stdlib.h>
#include <string.h>

static uint32_t align_up(uint32_t value, uint32_t align) {
  return (value + align - 1) & ~(align - 1);
}

// The cores of some ranges, each once, in the order of the grid: the first from
// `at` on, or NULL.
static core *core_from(tsr_sim *sim, uint32_t at, const tsr_sim_range *ranges,
                       size_t range_count) {
  for (; at < sim->core_count; at++)
    if (cores_have(ranges, range_count, sim->cores[at].x, sim->cores[at].y))
      return &sim->cores[at];
  return NULL;
}

static core *core_after(const core *on, const tsr_sim_range *ranges,
                        size_t range_count) {
  return core_from(on->sim, on->index + 1, ranges, range_count);
}

static void ensure_cbs(core *on) {
  if (on->cbs)
    return;
  size_t capacity = 0;
  on->cbs = tsr_array_grow(NULL, NULL, &capacity, CB_MAX, sizeof *on->cbs);
  capacity = 0;
  on->semaphores =
      tsr_array_grow(NULL, NULL, &capacity, on->sim->target.semaphore_count + 1,
                     sizeof *on->semaphores);
}

static void set_cb(core *on, const program_cb *cb, uint32_t l1) {
  ensure_cbs(on);
  for (size_t i = 0; i < cb->index_count; i++) {
    const tsr_sim_cb_index *index = &cb->indices[i];
    on->cb_ids[on->cb_count++] = (uint8_t)index->cb;
    on->cbs[index->cb] =
        (cb_state){.exists = true,
                   .label = cb->labels[i],
                   .is_global = cb->is_global,
                   .format = index->format,
                   .tile_rows = index->tile_rows ? index->tile_rows : TILE_SIDE,
                   .tile_cols = index->tile_cols ? index->tile_cols : TILE_SIDE,
                   .l1 = l1,
                   .page_bytes = index->page_bytes,
                   .page_count = (uint32_t)(cb->bytes / index->page_bytes)};
    if (!cb->is_global)
      written_init(&on->cbs[index->cb]);
  }
}

// The first byte of L1 buffers, which circular buffers must stay below.
static uint64_t l1_limit(const tsr_sim *sim) {
  const memory_pool *l1 = &sim->memories[TSR_SIM_L1];
  return l1->count ? l1->allocations[0].base : l1->end;
}

// A circular buffer over a tensor lies in what the tensor has on each core.
static tsr_result check_global(tsr_sim *sim, const program_cb *cb) {
  const allocation *under =
      memory_find(&sim->memories[TSR_SIM_L1], cb->address);
  uint32_t id = cb->indices[0].cb;
  if (!under)
    return fail_host(sim,
                     "circular buffer %u is placed on the L1 buffer at %llu, "
                     "which does not exist any more",
                     id, (unsigned long long)cb->address);
  uint64_t left = under->base + under->bank_bytes - cb->address;
  if (cb->bytes > left)
    return fail_host(sim,
                     "circular buffer %u of %llu B is placed on an L1 buffer "
                     "that has %llu B on a core",
                     id, (unsigned long long)cb->bytes,
                     (unsigned long long)left);
  return TSR_OK;
}

static tsr_result place_cb(tsr_sim_program *program, const program_cb *cb) {
  tsr_sim *sim = program->sim;
  if (cb->is_global) {
    if (check_global(sim, cb) != TSR_OK)
      return TSR_FAILED;
    for (core *on = core_from(sim, 0, cb->ranges, cb->range_count); on;
         on = core_after(on, cb->ranges, cb->range_count))
      set_cb(on, cb, (uint32_t)cb->address);
    return TSR_OK;
  }
  uint32_t start = sim->target.cb_base;
  for (core *on = core_from(sim, 0, cb->ranges, cb->range_count); on;
       on = core_after(on, cb->ranges, cb->range_count)) {
    if (on->cb_end > start)
      start = on->cb_end;
  }
  start = align_up(start, sim->target.dram_read_align);
  uint64_t end = start + cb->bytes;
  if (end > l1_limit(sim))
    return fail_host(
        sim,
        "circular buffers do not fit L1: buffer %u of %llu B "
        "starts at byte %u and ends at %llu, but circular buffers "
        "end at %llu%s",
        cb->indices[0].cb, (unsigned long long)cb->bytes, start,
        (unsigned long long)end, (unsigned long long)l1_limit(sim),
        sim->memories[TSR_SIM_L1].count ? ", where L1 buffers begin" : "");
  for (core *on = core_from(sim, 0, cb->ranges, cb->range_count); on;
       on = core_after(on, cb->ranges, cb->range_count)) {
    set_cb(on, cb, start);
    on->cb_end = (uint32_t)end;
  }
  return TSR_OK;
}

static void place_semaphore(tsr_sim *sim, const program_semaphore *semaphore) {
  uint32_t at =
      sim->target.kernel_config_base + semaphore->id * SEMAPHORE_STRIDE;
  for (core *on = core_from(sim, 0, semaphore->ranges, semaphore->range_count);
       on; on = core_after(on, semaphore->ranges, semaphore->range_count)) {
    memcpy(on->l1 + at, &semaphore->initial, sizeof semaphore->initial);
    on->created |= (uint64_t)1 << semaphore->id;
  }
}

tsr_result place_program(tsr_sim_program *program) {
  tsr_sim *sim = program->sim;
  for (uint32_t i = 0; i < sim->core_count; i++)
    sim->cores[i].cb_end = 0;
  for (size_t i = 0; i < program->cb_count; i++)
    if (place_cb(program, &program->cbs[i]) != TSR_OK)
      return TSR_FAILED;
  for (size_t i = 0; i < program->semaphore_count; i++)
    place_semaphore(sim, &program->semaphores[i]);
  for (size_t i = 0; i < program->kernel_count; i++) {
    const kernel *code = program->kernels[i];
    for (core *on = core_from(sim, 0, code->ranges, code->range_count); on;
         on = core_after(on, code->ranges, code->range_count))
      ensure_cbs(on);
  }
  return TSR_OK;
}

void unplace_program(tsr_sim *sim) {
  for (uint32_t i = 0; i < sim->core_count; i++) {
    forget_pops(&sim->cores[i]);
    forget_news(&sim->cores[i]);
    forget_knowledge(&sim->cores[i]);
    for (size_t k = 0; k < sim->cores[i].cb_count; k++)
      written_deinit(&sim->cores[i].cbs[sim->cores[i].cb_ids[k]]);
    tsr_mem_resize(sim->cores[i].cbs, 0);
    sim->cores[i].cbs = NULL;
    tsr_mem_resize(sim->cores[i].semaphores, 0);
    sim->cores[i].semaphores = NULL;
    sim->cores[i].created = 0;
    sim->cores[i].given = 0;
    tsr_mem_resize(sim->cores[i].coming, 0);
    sim->cores[i].coming = NULL;
    sim->cores[i].coming_count = sim->cores[i].coming_capacity = 0;
    sim->cores[i].cb_count = 0;
  }
}

// Behind each block is a word that nobody has set: who reads beyond the one
// does not find the other.
static uint32_t behind_words(uint32_t offset, uint32_t count) {
  return align_up(offset + (count + 1) * (uint32_t)sizeof(uint32_t),
                  SEMAPHORE_STRIDE);
}

static uint32_t place_words(const core *on, const arg_block *block,
                            uint32_t *offset) {
  uint32_t at = on->sim->target.kernel_config_base + *offset;
  if (block->count)
    memcpy(on->l1 + at, block->words, block->count * sizeof *block->words);
  *offset = behind_words(*offset, block->count);
  return at;
}

tsr_result place_args(thread *self, uint32_t *offset) {
  core *on = self->home;
  tsr_sim *sim = on->sim;
  const arg_block *unique = &self->code->args[on->index];
  const arg_block *common = &self->code->common;
  uint32_t end =
      behind_words(behind_words(*offset, unique->count), common->count);
  if (end > sim->target.kernel_config_bytes)
    return fail_host(sim,
                     "core (%u,%u): semaphores and runtime arguments need %u B "
                     "but the kernel configuration ring has %u",
                     on->x, on->y, end, sim->target.kernel_config_bytes);
  self->arg_count = unique->count;
  self->args_l1 = place_words(on, unique, offset);
  self->common_count = common->count;
  self->common_l1 = place_words(on, common, offset);
  return TSR_OK;
}
