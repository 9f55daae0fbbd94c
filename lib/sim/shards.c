// Where the pages of a buffer lie: interleaved over the banks, or in shards.
//
// A sharded buffer is a grid of shards over the tensor's pages. Shards are
// numbered in row-major order of that grid; shard s lies in banks[s mod count],
// behind the shards that bank has already. Shards at the edge are as large as
// the others, with pages in them that are not the tensor's.

#include "internal.h"

#include "tessera/vector.h"

#include <stdlib.h>
#include <string.h>

static tsr_result check_banks(tsr_sim *sim, const memory_pool *from,
                              const tsr_sim_shards *wanted) {
  if (wanted->bank_count == 0)
    return fail_host(sim, "a sharded buffer on no bank");
  bool *seen = tsr_mem_zeroed(from->bank_count, sizeof *seen);
  tsr_result result = TSR_OK;
  for (uint32_t i = 0; i < wanted->bank_count && result == TSR_OK; i++) {
    uint32_t bank = wanted->banks[i];
    if (bank >= from->bank_count)
      result = fail_host(sim, "a shard in bank %u, but there are %u", bank,
                         from->bank_count);
    else if (seen[bank])
      result =
          fail_host(sim, "bank %u is named twice by a sharded buffer", bank);
    else
      seen[bank] = true;
  }
  tsr_mem_resize(seen, 0);
  return result;
}

// Stays at the highest number when there are more: no memory holds as many.
static uint64_t times(uint64_t a, uint64_t b) {
  return b && a > UINT64_MAX / b ? UINT64_MAX : a * b;
}

tsr_result shards_create(tsr_sim *sim, const memory_pool *from,
                         const tsr_sim_shards *wanted, shard_map **out_map) {
  if (wanted->rank == 0 || wanted->rank > TSR_SIM_RANK_MAX)
    return fail_host(sim, "shards of rank %u, but it is from 1 to %d",
                     wanted->rank, TSR_SIM_RANK_MAX);
  for (uint32_t i = 0; i < wanted->rank; i++)
    if (wanted->tensor_pages[i] == 0 || wanted->shard_pages[i] == 0)
      return fail_host(sim,
                       "dimension %u of a sharded buffer has %u pages in "
                       "shards of %u",
                       i, wanted->tensor_pages[i], wanted->shard_pages[i]);
  if (check_banks(sim, from, wanted) != TSR_OK)
    return TSR_FAILED;
  size_t capacity = 0;
  shard_map *made = tsr_array_grow(NULL, NULL, &capacity, 1, sizeof *made);
  made->rank = wanted->rank;
  made->shard_volume = made->shard_count = made->page_count = 1;
  for (uint32_t i = 0; i < wanted->rank; i++) {
    uint32_t pages = wanted->tensor_pages[i], shard = wanted->shard_pages[i];
    made->tensor_pages[i] = pages;
    made->shard_pages[i] = shard;
    made->grid[i] = pages / shard + (pages % shard != 0);
    made->page_count = times(made->page_count, pages);
    made->shard_volume = times(made->shard_volume, shard);
    made->shard_count = times(made->shard_count, made->grid[i]);
  }
  made->bank_count = wanted->bank_count;
  capacity = 0;
  made->banks = tsr_array_grow(NULL, NULL, &capacity, wanted->bank_count,
                               sizeof *made->banks);
  memcpy(made->banks, wanted->banks,
         wanted->bank_count * sizeof *wanted->banks);
  *out_map = made;
  return TSR_OK;
}

void shards_destroy(shard_map *map) {
  if (map)
    tsr_mem_resize(map->banks, 0);
  tsr_mem_resize(map, 0);
}

uint64_t shards_bank_rows(const shard_map *map) {
  uint64_t most = map->shard_count / map->bank_count +
                  (map->shard_count % map->bank_count != 0);
  return times(most, map->shard_volume);
}

page_place place_of_page(const memory_pool *in, const allocation *of,
                         uint64_t page) {
  const shard_map *map = of->shards;
  if (!map)
    return (page_place){(uint32_t)(page % in->bank_count),
                        page / in->bank_count};
  uint64_t shard = 0, shard_step = 1, inside = 0, inside_step = 1;
  for (uint32_t i = map->rank; i-- > 0;) {
    uint64_t at = page % map->tensor_pages[i];
    page /= map->tensor_pages[i];
    shard += at / map->shard_pages[i] * shard_step;
    inside += at % map->shard_pages[i] * inside_step;
    shard_step *= map->grid[i];
    inside_step *= map->shard_pages[i];
  }
  return (page_place){map->banks[shard % map->bank_count],
                      shard / map->bank_count * map->shard_volume + inside};
}

bool has_page_at(const memory_pool *in, const allocation *of, uint32_t bank,
                 uint64_t row) {
  const shard_map *map = of->shards;
  if (!map)
    return row * in->bank_count + bank < of->page_count;
  for (uint32_t i = 0; i < map->bank_count; i++)
    if (map->banks[i] == bank)
      return row / map->shard_volume * map->bank_count + i < map->shard_count;
  return false;
}
