// Multicasts: one packet to all cores of a rectangle, along the links that
// unicasts to each of them would take. What reserving such a tree costs was
// measured for some rectangles; others are interpolated by their number of
// cores, among those of the same shape: rows, columns and blocks.

#include "internal.h"

typedef struct tree_costs {
  uint64_t latency; // millicycles
  uint64_t reserve;
  uint64_t issue;
  uint64_t gap;
} tree_costs;

typedef enum shape { SHAPE_ROW, SHAPE_COLUMN, SHAPE_BLOCK } shape;

static shape shape_of(uint32_t cols, uint32_t rows) {
  if (rows == 1)
    return SHAPE_ROW;
  return cols == 1 ? SHAPE_COLUMN : SHAPE_BLOCK;
}

static tree_costs measured(const tsr_target *target, uint32_t i) {
  return (tree_costs){.latency = target->multicast_latency_millicycles[i],
                      .reserve = target->multicast_reserve_millicycles[i],
                      .issue = target->multicast_issue_millicycles[i],
                      .gap = target->multicast_gap_millicycles[i]};
}

static uint32_t cores_measured(const tsr_target *target, uint32_t i) {
  return target->multicast_cols[i] * target->multicast_rows[i];
}

static uint64_t between(uint64_t low, uint64_t high, uint64_t part,
                        uint64_t whole) {
  return high >= low ? low + (high - low) * part / whole
                     : low - (low - high) * part / whole;
}

// What it takes to reach `cores` cores in a rectangle of shape `of`.
static tree_costs find_costs(const tsr_target *target, shape of, uint32_t cores,
                             bool is_inside) {
  // One core is a unicast, which reserves nothing.
  tree_costs low = {
      .latency = target->l1_write_millicycles +
                 (uint64_t)target->noc_hop_millicycles *
                     (of == SHAPE_COLUMN ? target->noc_rows : target->noc_cols),
      .issue = target->l1_write_issue_millicycles};
  tree_costs high = low;
  uint32_t low_cores = 1, high_cores = 0;
  for (uint32_t i = 0; i < target->multicast_count; i++) {
    uint32_t there = cores_measured(target, i);
    if (shape_of(target->multicast_cols[i], target->multicast_rows[i]) != of ||
        (target->multicast_inside[i] == 1) != is_inside)
      continue;
    if (there <= cores && there >= low_cores) {
      low = measured(target, i);
      low_cores = there;
    } else if (there > cores && (high_cores == 0 || there < high_cores)) {
      high = measured(target, i);
      high_cores = there;
    }
  }
  if (high_cores == 0)
    return low;
  uint64_t part = cores - low_cores, whole = high_cores - low_cores;
  return (tree_costs){
      .latency = between(low.latency, high.latency, part, whole),
      .reserve = between(low.reserve, high.reserve, part, whole),
      .issue = between(low.issue, high.issue, part, whole),
      .gap = between(low.gap, high.gap, part, whole)};
}

// -- The tree -----------------------------------------------------------------

static void add_link(tsr_clock *clock, size_t index, uint64_t way) {
  multicast_tree *to = &clock->tree;
  if (to->stamps[index] == to->stamp)
    return;
  to->stamps[index] = to->stamp;
  to->links[to->count] = &clock->links[index];
  to->ways[to->count++] = way;
}

static void add_target(tsr_clock *clock, uint32_t noc, router from,
                       router target) {
  multicast_tree *to = &clock->tree;
  uint64_t way = 0;
  for (router at = from; at.x != target.x || at.y != target.y;
       way += clock->costs.hop)
    add_link(clock, clock_next_link(clock, noc, &at, target), way);
  if (way < to->far_way)
    return;
  to->far_way = way;
  to->back_way = clock_hops(clock, noc, target, from) * clock->costs.hop;
}

static void grow_tree(tsr_clock *clock, const clock_thread *self,
                      const tsr_clock_noc_event *what) {
  clock->tree.count = 0;
  clock->tree.far_way = clock->tree.back_way = 0;
  clock->tree.stamp++;
  router from = clock->cores[self->core].at;
  for (uint32_t y = what->y0; y <= what->y1; y++)
    for (uint32_t x = what->x0; x <= what->x1; x++) {
      uint32_t core = y * clock->target.grid_cols + x;
      if (core != self->core)
        add_target(clock, what->noc, from, clock->cores[core].at);
    }
}

// The earliest time from `at` on at which every link is free when it is needed.
static uint64_t find_start(const multicast_tree *over, uint64_t at) {
  for (size_t i = 0; i < over->count; i++)
    if (over->links[i]->free > at + over->ways[i])
      at = over->links[i]->free - over->ways[i];
  return at;
}

static void take_links(tsr_clock *clock, uint32_t bytes, uint64_t at) {
  const multicast_tree *over = &clock->tree;
  for (size_t i = 0; i < over->count; i++)
    clock_serve(over->links[i], at + over->ways[i],
                clock_link_ticks(clock, bytes), bytes);
}

// -- A multicast --------------------------------------------------------------

static bool is_inside(const tsr_clock *clock, const clock_thread *self,
                      const tsr_clock_noc_event *what) {
  uint32_t x = self->core % clock->target.grid_cols;
  uint32_t y = self->core / clock->target.grid_cols;
  return x >= what->x0 && x <= what->x1 && y >= what->y0 && y <= what->y1;
}

// How long the sender is taken up by one packet.
static uint64_t occupation(const tsr_clock_noc_event *what, tree_costs costs,
                           uint64_t ticks) {
  if (!what->linked)
    return clock_ticks(costs.reserve) + ticks;
  uint64_t issue = clock_ticks(costs.issue);
  ticks += clock_ticks(costs.gap);
  return issue > ticks ? issue : ticks;
}

multicast_times clock_multicast(tsr_clock *clock, const clock_thread *self,
                                const tsr_clock_event *event, uint32_t bytes,
                                uint64_t at) {
  const tsr_target *target = &clock->target;
  const tsr_clock_noc_event *what = &event->noc;
  clock_core *home = &clock->cores[self->core];
  uint32_t cols = what->x1 - what->x0 + 1u, rows = what->y1 - what->y0 + 1u;
  bool inside = is_inside(clock, self, what);
  tree_costs costs =
      find_costs(target, shape_of(cols, rows), cols * rows, inside);
  uint64_t ticks = clock_transfer_ticks(
      bytes, what->linked ? target->multicast_linked_rate
                          : target->multicast_unlinked_rate);
  grow_tree(clock, self, what);
  uint64_t front = clock_front(&clock->costs, event);
  uint64_t overhead = clock->costs.overhead[TSR_CLOCK_MULTICAST][TSR_CLOCK_L1];
  uint64_t *path_free = &home->multicast_free[what->noc];
  uint64_t begin = at + front;
  begin = find_start(&clock->tree, begin > *path_free ? begin : *path_free);
  begin = clock_serve(clock_egress(clock, self->core, what->noc), begin, ticks,
                      bytes);
  *path_free = begin + occupation(what, costs, ticks);
  take_links(clock, bytes, begin);

  multicast_times times = {.command_free = begin - front,
                           .leaves = begin + ticks};
  times.done = begin - front + clock_ticks(costs.latency) + ticks;
  uint64_t back =
      clock->tree.back_way + (overhead > front ? overhead - front : 0);
  uint64_t soonest = begin + clock->tree.far_way + ticks;
  times.arrives = times.done > soonest + back ? times.done - back : soonest;
  if (times.done < times.arrives)
    times.done = times.arrives;
  return times;
}
