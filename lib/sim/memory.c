// The device: L1 of the cores at fixed addresses, DRAM as buffers of pages, and
// the allocator for both.

#include "internal.h"

#include "tessera/vector.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

// Where the L1 of core 0 is tried, in this order: below 2 GiB, so that it stays
// clear of a sanitizer's shadow and fits the 32-bit pointers of a kernel.
static const uintptr_t l1_places[] = {0x20000000, 0x30000000, 0x40000000,
                                      0x50000000, 0x60000000};

// -- Allocator ----------------------------------------------------------------

void memory_init(memory_pool *pool, const tsr_target *target,
                 tsr_sim_memory kind, uint32_t bank_count) {
  memset(pool, 0, sizeof *pool);
  pool->bank_count = bank_count;
  // Buffers of both kinds begin where a DRAM read can bring them.
  pool->base_align = target->dram_read_align;
  if (kind == TSR_SIM_DRAM) {
    pool->align = target->dram_read_align;
    pool->first = target->dram_base;
    pool->end = target->dram_bank_bytes;
    return;
  }
  pool->align = target->l1_read_align;
  pool->first = target->cb_base;
  pool->end = (uint64_t)target->cb_base + target->cb_bytes;
  // Circular buffers grow from the other end.
  pool->top_down = true;
}

void memory_deinit(memory_pool *pool) {
  for (size_t i = 0; i < pool->count; i++) {
    free(pool->allocations[i].storage);
    shards_destroy(pool->allocations[i].shards);
  }
  tsr_mem_resize(pool->allocations, 0);
}

static uint64_t align_up(uint64_t value, uint64_t align) {
  return (value + align - 1) & ~(align - 1);
}

// Number of allocations that begin at or below `address`.
static size_t count_up_to(const memory_pool *pool, uint64_t address) {
  size_t low = 0, high = pool->count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (pool->allocations[middle].base <= address)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static bool holds(const allocation *at, uint64_t address) {
  return address >= at->base && address - at->base < at->bank_bytes;
}

allocation *memory_find(memory_pool *pool, uint64_t address) {
  size_t below = count_up_to(pool, address);
  if (below == 0 || !holds(&pool->allocations[below - 1], address))
    return NULL;
  return &pool->allocations[below - 1];
}

// Finds the first gap of `bytes`, from the end that this memory fills from.
static bool find_gap(const memory_pool *pool, uint64_t bytes, uint64_t *out) {
  uint64_t align = pool->base_align;
  if (!pool->top_down) {
    uint64_t at = align_up(pool->first, align);
    for (size_t i = 0; i < pool->count; i++) {
      const allocation *next = &pool->allocations[i];
      if (next->base >= at && next->base - at >= bytes)
        break;
      at = align_up(next->base + next->bank_bytes, align);
    }
    *out = at;
    return at <= pool->end && pool->end - at >= bytes;
  }
  uint64_t top = pool->end & ~(align - 1);
  for (size_t i = pool->count; i-- > 0;) {
    const allocation *next = &pool->allocations[i];
    uint64_t next_end = align_up(next->base + next->bank_bytes, align);
    if (top >= next_end && top - next_end >= bytes)
      break;
    top = next->base & ~(align - 1);
  }
  if (top < pool->first || top - pool->first < bytes)
    return false;
  *out = (top - bytes) & ~(align - 1);
  return *out >= pool->first;
}

static const char *memory_name(tsr_sim_memory kind) {
  return kind == TSR_SIM_DRAM ? "DRAM" : "L1";
}

// Finds a place for `made`, of which all but address and storage is known, with
// `rows` pages in every bank. Takes over its shards.
static tsr_result allocate(tsr_sim *sim, tsr_sim_memory kind, allocation made,
                           uint64_t rows, uint64_t *out_address) {
  memory_pool *from = &sim->memories[kind];
  if (rows > from->end / made.page_stride ||
      !find_gap(from, rows * made.page_stride, &made.base)) {
    shards_destroy(made.shards);
    return fail_host(sim, "out of %s: %llu B in %u banks of %llu B do not fit",
                     memory_name(kind),
                     (unsigned long long)(made.page_count * made.page_bytes),
                     from->bank_count, (unsigned long long)from->end);
  }
  made.bank_bytes = rows * made.page_stride;
  if (kind == TSR_SIM_DRAM) {
    made.storage = calloc(made.bank_bytes, from->bank_count);
    if (!made.storage) {
      shards_destroy(made.shards);
      return fail_machine(
          sim, "out of memory: this machine has no %llu B for a DRAM buffer",
          (unsigned long long)(made.bank_bytes * from->bank_count));
    }
  }
  size_t at = count_up_to(from, made.base);
  from->allocations = tsr_array_grow(NULL, from->allocations, &from->capacity,
                                     from->count + 1, sizeof made);
  memmove(&from->allocations[at + 1], &from->allocations[at],
          (from->count - at) * sizeof made);
  from->allocations[at] = made;
  from->count++;
  *out_address = made.base;
  return TSR_OK;
}

tsr_result tsr_sim_alloc(tsr_sim *sim, tsr_sim_memory kind, uint64_t bytes,
                         uint32_t page_bytes, uint64_t *out_address) {
  const memory_pool *from = &sim->memories[kind];
  if (bytes == 0 || page_bytes == 0 || bytes % page_bytes != 0)
    return fail_host(sim,
                     "a buffer of %llu B is no whole number of pages of %u B",
                     (unsigned long long)bytes, page_bytes);
  allocation made = {.page_bytes = page_bytes};
  made.page_stride = (uint32_t)align_up(page_bytes, from->align);
  made.page_count = bytes / page_bytes;
  uint64_t rows = (made.page_count + from->bank_count - 1) / from->bank_count;
  return allocate(sim, kind, made, rows, out_address);
}

tsr_result tsr_sim_alloc_sharded(tsr_sim *sim, tsr_sim_memory kind,
                                 uint32_t page_bytes,
                                 const tsr_sim_shards *shards,
                                 uint64_t *out_address) {
  const memory_pool *from = &sim->memories[kind];
  if (page_bytes == 0)
    return fail_host(sim, "a sharded buffer with pages of 0 B");
  allocation made = {.page_bytes = page_bytes};
  if (shards_create(sim, from, shards, &made.shards) != TSR_OK)
    return TSR_FAILED;
  made.page_stride = (uint32_t)align_up(page_bytes, from->align);
  made.page_count = made.shards->page_count;
  return allocate(sim, kind, made, shards_bank_rows(made.shards), out_address);
}

uint64_t tsr_sim_bank_bytes(tsr_sim *sim, tsr_sim_memory kind,
                            uint64_t address) {
  const allocation *found = memory_find(&sim->memories[kind], address);
  return found && found->base == address ? found->bank_bytes : 0;
}

void tsr_sim_free(tsr_sim *sim, tsr_sim_memory kind, uint64_t address) {
  memory_pool *from = &sim->memories[kind];
  allocation *found = memory_find(from, address);
  if (!found || found->base != address)
    return;
  free(found->storage);
  shards_destroy(found->shards);
  size_t at = (size_t)(found - from->allocations);
  memmove(found, found + 1, (from->count - at - 1) * sizeof *found);
  from->count--;
}

const core *core_of_pointer(const tsr_sim *sim, const void *at) {
  uint64_t into = (uintptr_t)at - (uintptr_t)sim->l1_base;
  bool is_l1 = into < sim->core_count * L1_SPACING;
  return is_l1 ? &sim->cores[into / L1_SPACING] : NULL;
}

char *memory_at(tsr_sim *sim, tsr_sim_memory kind, const allocation *found,
                uint32_t bank, uint64_t address) {
  if (kind == TSR_SIM_L1)
    return sim->cores[bank].l1 + address;
  return found->storage + bank * found->bank_bytes + (address - found->base);
}

// Copies the pages of a buffer, in order, to or from `data`.
static tsr_result copy_pages(tsr_sim *sim, tsr_sim_memory kind,
                             uint64_t address, char *data, uint64_t bytes,
                             bool to_device) {
  memory_pool *from = &sim->memories[kind];
  const allocation *found = memory_find(from, address);
  if (!found || found->base != address)
    return fail_host(sim, "no %s buffer at address %llu", memory_name(kind),
                     (unsigned long long)address);
  if (bytes > found->page_count * found->page_bytes)
    return fail_host(
        sim, "%llu B for a buffer of %llu B", (unsigned long long)bytes,
        (unsigned long long)(found->page_count * found->page_bytes));
  for (uint64_t page = 0; bytes > 0; page++) {
    uint64_t part = bytes < found->page_bytes ? bytes : found->page_bytes;
    page_place place = place_of_page(from, found, page);
    char *at = memory_at(sim, kind, found, place.bank,
                         found->base + place.row * found->page_stride);
    if (to_device)
      memcpy(at, data, part);
    else
      memcpy(data, at, part);
    data += part;
    bytes -= part;
  }
  return TSR_OK;
}

tsr_result tsr_sim_upload(tsr_sim *sim, tsr_sim_memory kind, uint64_t address,
                          const void *data, uint64_t bytes) {
  // Only read from when copying to the device.
  char *bytes_in = NULL;
  memcpy(&bytes_in, &data, sizeof data);
  return copy_pages(sim, kind, address, bytes_in, bytes, true);
}

tsr_result tsr_sim_download(tsr_sim *sim, tsr_sim_memory kind, uint64_t address,
                            void *data, uint64_t bytes) {
  return copy_pages(sim, kind, address, data, bytes, false);
}

// -- Device -------------------------------------------------------------------

// Maps `bytes` at `place` and nowhere else, without access; NULL when taken.
// Shared, so that it can be mapped a second time.
static char *reserve_at(uintptr_t place, size_t bytes) {
  void *want = (void *)place;
  void *got = mmap(
      want, bytes, PROT_NONE,
      MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
  if (got == MAP_FAILED)
    return NULL;
  if (got == want)
    return got;
  // A kernel older than MAP_FIXED_NOREPLACE takes the address as a hint.
  munmap(got, bytes);
  return NULL;
}

// Reserves the addresses of all cores' L1 and opens the part that exists; pages
// that are never touched cost nothing.
static char *map_l1(const tsr_target *target, uint32_t core_count) {
  uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
  char *base = NULL;
  for (size_t i = 0; !base && i < sizeof l1_places / sizeof *l1_places; i++)
    base = reserve_at(l1_places[i], core_count * L1_SPACING);
  for (uint32_t i = 0; base && i < core_count; i++)
    if (mprotect(base + i * L1_SPACING, align_up(target->l1_bytes, page),
                 PROT_READ | PROT_WRITE) != 0) {
      munmap(base, core_count * L1_SPACING);
      base = NULL;
    }
  return base;
}

static void place_cores(tsr_sim *sim) {
  const tsr_target *target = &sim->target;
  for (uint32_t i = 0; i < sim->core_count; i++) {
    core *at = &sim->cores[i];
    at->sim = sim;
    tsr_buffer_init(&at->printed);
    at->index = i;
    at->x = i % target->grid_cols;
    at->y = i / target->grid_cols;
    at->l1 = sim->l1_base + i * L1_SPACING;
    at->noc_x = target->worker_noc_x[at->x];
    at->noc_y = target->worker_noc_y[at->y];
    sim->endpoints[at->noc_y][at->noc_x] = (endpoint){AT_CORE, i};
  }
  for (uint32_t i = 0; i < target->dram_banks; i++)
    sim->endpoints[target->dram_noc_y[i]][target->dram_noc_x[i]] =
        (endpoint){AT_DRAM, i};
  for (uint32_t i = 0; i < target->eth_count; i++)
    sim->endpoints[target->eth_noc_y[i]][target->eth_noc_x[i]] =
        (endpoint){AT_ETH, i};
}

tsr_sim *tsr_sim_create(const tsr_target *target, char *error,
                        size_t error_bytes) {
  uint32_t core_count = target->grid_rows * target->grid_cols;
  schedule limits = {.active = NULL};
  if (schedule_init(&limits, error, error_bytes) != TSR_OK)
    return NULL;
  char *l1_base = map_l1(target, core_count);
  if (!l1_base) {
    snprintf(error, error_bytes, "cannot map %u cores' L1 at a low address: %s",
             core_count, strerror(errno));
    return NULL;
  }
  tsr_sim *sim = tsr_mem_zeroed(1, sizeof *sim);
  core **active = tsr_mem_zeroed(core_count, 2 * sizeof *active);
  sim->target = *target;
  sim->l1_base = l1_base;
  sim->cores = tsr_mem_zeroed(core_count, sizeof *sim->cores);
  sim->core_count = core_count;
  sim->schedule = limits;
  sim->schedule.active = active;
  sim->schedule.ready = active + core_count;
  tsr_buffer_init(&sim->error);
  tsr_buffer_init(&sim->error_details);
  memory_init(&sim->memories[TSR_SIM_DRAM], target, TSR_SIM_DRAM,
              target->dram_banks);
  memory_init(&sim->memories[TSR_SIM_L1], target, TSR_SIM_L1, core_count);
  place_cores(sim);
  window_create(sim);
  return sim;
}

void tsr_sim_destroy(tsr_sim *sim) {
  if (!sim)
    return;
  memory_deinit(&sim->memories[TSR_SIM_DRAM]);
  memory_deinit(&sim->memories[TSR_SIM_L1]);
  window_destroy(sim);
  munmap(sim->l1_base, sim->core_count * L1_SPACING);
  tsr_buffer_deinit(&sim->error_details);
  tsr_buffer_deinit(&sim->error);
  forget_schedule(sim);
  forget_launches(sim);
  tsr_mem_resize(sim->schedule.active, 0);
  tsr_mem_resize(sim->said, 0);
  for (uint32_t i = 0; i < sim->core_count; i++)
    tsr_buffer_deinit(&sim->cores[i].printed);
  tsr_mem_resize(sim->cores, 0);
  tsr_mem_resize(sim, 0);
}

const tsr_target *tsr_sim_target(const tsr_sim *sim) { return &sim->target; }

const char *tsr_sim_error(const tsr_sim *sim) {
  return tsr_buffer_str(&sim->error);
}

tsr_result tsr_sim_noc_of_core(tsr_sim *sim, uint32_t x, uint32_t y,
                               uint32_t *out_noc_x, uint32_t *out_noc_y) {
  const tsr_target *target = &sim->target;
  if (x >= target->grid_cols || y >= target->grid_rows)
    return fail_host(sim,
                     "core (%u,%u) is outside the grid of %u columns by "
                     "%u rows",
                     x, y, target->grid_cols, target->grid_rows);
  *out_noc_x = target->worker_noc_x[x];
  *out_noc_y = target->worker_noc_y[y];
  return TSR_OK;
}

void *tsr_sim_l1(tsr_sim *sim, uint32_t x, uint32_t y, uint32_t address,
                 uint32_t bytes) {
  const tsr_target *target = &sim->target;
  if (x >= target->grid_cols || y >= target->grid_rows ||
      address > target->l1_bytes || bytes > target->l1_bytes - address) {
    (void)fail_host(sim,
                    "L1 address 0x%x, %u B, of core (%u,%u) does not exist",
                    address, bytes, x, y);
    return NULL;
  }
  return sim->cores[y * target->grid_cols + x].l1 + address;
}
