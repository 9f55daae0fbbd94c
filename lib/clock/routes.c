// Routers and links: two tori. NoC 0 goes right and then down, NoC 1 up and
// then left, one column or row at a time, and both wrap around.

#include "internal.h"

router clock_router_of(const tsr_clock *clock, uint32_t memory,
                       uint32_t endpoint) {
  if (memory == TSR_CLOCK_L1)
    return clock->cores[endpoint].at;
  return (router){clock->target.dram_noc_x[endpoint],
                  clock->target.dram_noc_y[endpoint]};
}

// Links from `from` to `to` on a ring of `side` routers in ascending order.
static uint32_t ring_distance(uint32_t from, uint32_t to, uint32_t side) {
  return to >= from ? to - from : to + side - from;
}

uint32_t clock_hops(const tsr_clock *clock, uint32_t noc, router from,
                    router to) {
  uint32_t cols = clock->target.noc_cols, rows = clock->target.noc_rows;
  if (noc == 1)
    return clock_hops(clock, 0, to, from);
  return ring_distance(from.x, to.x, cols) + ring_distance(from.y, to.y, rows);
}

size_t clock_next_link(const tsr_clock *clock, uint32_t noc, router *at,
                       router to) {
  uint32_t cols = clock->target.noc_cols, rows = clock->target.noc_rows;
  // NoC 0 finishes the row first, NoC 1 the column.
  bool vertical = noc == 0 ? at->x == to.x : at->y != to.y;
  size_t index = (((size_t)noc * rows + at->y) * cols + at->x) * 2 + vertical;
  if (vertical && noc == 0)
    at->y = at->y + 1 == rows ? 0 : at->y + 1;
  else if (vertical)
    at->y = at->y == 0 ? rows - 1 : at->y - 1;
  else if (noc == 0)
    at->x = at->x + 1 == cols ? 0 : at->x + 1;
  else
    at->x = at->x == 0 ? cols - 1 : at->x - 1;
  return index;
}

uint64_t clock_serve(clock_server *server, uint64_t at, uint64_t ticks,
                     uint64_t bytes) {
  uint64_t begin = at > server->free ? at : server->free;
  server->free = begin + ticks;
  server->busy += ticks;
  server->bytes += bytes;
  return begin;
}

uint64_t clock_link_ticks(const tsr_clock *clock, uint64_t bytes) {
  uint64_t flit = clock->target.noc_flit_bytes;
  // One flit of header, one flit per cycle.
  return ((bytes + flit - 1) / flit + 1) * TSR_CLOCK_TICKS;
}
