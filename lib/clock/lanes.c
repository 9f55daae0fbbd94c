// Lanes: how packets get in each other's way.
//
// Routers are wormholes. A packet's head takes one lane after the other; a lane
// belongs to it until its tail has passed; a packet that waits keeps what it
// has, with its bytes in the buffers on the way; and whoever comes behind it in
// a buffer waits too, wherever it wants to go. So busy links hold up traffic
// that does not use them, which is why a loaded NoC carries less than its links
// could.
//
// A packet of n buffers' size lies across n lanes. So the end of its tail in a
// lane is known when its head has taken the lane n - 1 further on.

#include "internal.h"

#include <stdlib.h>
#include <string.h>

// Lanes are numbered: four of each link, then the ways out of and into each
// core, by NoC and class, then those of each bank, by NoC.
typedef struct lane_numbers {
  size_t out_of_cores;
  size_t into_cores;
  size_t out_of_banks;
  size_t into_banks;
  size_t end;
} lane_numbers;

static lane_numbers numbers(const tsr_clock *clock) {
  size_t cores = (size_t)clock->core_count * NOC_COUNT * CLASS_COUNT;
  size_t banks = (size_t)clock->target.dram_banks * NOC_COUNT;
  lane_numbers all = {.out_of_cores = clock->link_count * LANES_OF_LINK};
  all.into_cores = all.out_of_cores + cores;
  all.out_of_banks = all.into_cores + cores;
  all.into_banks = all.out_of_banks + banks;
  all.end = all.into_banks + banks;
  return all;
}

void clock_create_lanes(tsr_clock *clock) {
  size_t capacity = 0;
  clock->lane_count = numbers(clock).end;
  clock->lanes = tsr_array_grow(NULL, NULL, &capacity, clock->lane_count,
                                sizeof *clock->lanes);
  capacity = 0;
  clock->interfaces = tsr_array_grow(NULL, NULL, &capacity,
                                     (size_t)clock->core_count * NOC_COUNT * 2,
                                     sizeof *clock->interfaces);
}

static clock_server *server_of(tsr_clock *clock, size_t lane) {
  lane_numbers all = numbers(clock);
  if (lane < all.out_of_cores)
    return &clock->links[lane / LANES_OF_LINK];
  if (lane < all.into_cores)
    return &clock->interfaces[(lane - all.out_of_cores) / CLASS_COUNT * 2];
  if (lane < all.out_of_banks)
    return &clock->interfaces[(lane - all.into_cores) / CLASS_COUNT * 2 + 1];
  return NULL; // a bank is its own server
}

// A packet that waits leaves a buffer full; while it moves, as much again is on
// its way to the next router, and others may follow it.
void clock_reset_lanes(tsr_clock *clock) {
  memset(clock->interfaces, 0,
         (size_t)clock->core_count * NOC_COUNT * 2 * sizeof *clock->interfaces);
  for (size_t i = 0; i < clock->lane_count; i++)
    clock->lanes[i] = (clock_lane){.server = server_of(clock, i),
                                   .first = NOTHING,
                                   .last = NOTHING,
                                   .inside = NOTHING,
                                   .wake = UINT64_MAX,
                                   .room = 2 * clock->target.noc_buffer_bytes};
}

clock_server *clock_egress(tsr_clock *clock, uint32_t core, uint32_t noc) {
  return &clock->interfaces[((size_t)core * NOC_COUNT + noc) * 2];
}

// -- Which lane ---------------------------------------------------------------

static uint32_t class_of(const packet *on) {
  return on->kind == TSR_CLOCK_READ ? 1 : 0;
}

static size_t core_lane(size_t first, uint32_t core, const packet *on) {
  return first + ((size_t)core * NOC_COUNT + on->what.noc) * CLASS_COUNT +
         class_of(on);
}

// Where the data come from: the other end of a read, or this core.
static size_t first_lane(const tsr_clock *clock, const packet *on) {
  lane_numbers all = numbers(clock);
  bool is_read = on->kind == TSR_CLOCK_READ;
  if (is_read && on->what.memory == TSR_CLOCK_DRAM)
    return all.out_of_banks + (size_t)on->what.endpoint * NOC_COUNT +
           on->what.noc;
  uint32_t core = is_read ? on->what.endpoint : on->thread->core;
  return core_lane(all.out_of_cores, core, on);
}

static size_t last_lane(const tsr_clock *clock, const packet *on) {
  lane_numbers all = numbers(clock);
  bool is_read = on->kind == TSR_CLOCK_READ;
  if (!is_read && on->what.memory == TSR_CLOCK_DRAM)
    return all.into_banks + (size_t)on->what.endpoint * NOC_COUNT +
           on->what.noc;
  uint32_t core = is_read ? on->thread->core : on->what.endpoint;
  return core_lane(all.into_cores, core, on);
}

static bool is_last(const tsr_clock *clock, size_t lane) {
  lane_numbers all = numbers(clock);
  return lane >= all.into_banks ||
         (lane >= all.into_cores && lane < all.out_of_banks);
}

// The lane that a packet's head needs next. Rings would lock up if packets
// could wait for each other all around, so those that have wrapped around take
// another lane.
static size_t next_lane(const tsr_clock *clock, packet *on) {
  router from = on->at;
  if (from.x == on->to.x && from.y == on->to.y)
    return last_lane(clock, on);
  size_t link = clock_next_link(clock, on->what.noc, &on->at, on->to);
  bool is_vertical = from.x == on->at.x;
  size_t lane = link * LANES_OF_LINK + class_of(on) * 2 + on->has_wrapped;
  uint32_t side = is_vertical ? clock->target.noc_rows : clock->target.noc_cols;
  uint32_t was = is_vertical ? from.y : from.x;
  uint32_t is = is_vertical ? on->at.y : on->at.x;
  bool wraps = was + 1 == side ? is == 0 : was == 0 && is + 1 == side;
  bool turns = is_vertical ? on->at.y == on->to.y : on->at.x == on->to.x;
  on->has_wrapped = !turns && (on->has_wrapped || wraps);
  return lane;
}

// -- Ends ---------------------------------------------------------------------

static packet_step *step_of(packet *on, uint32_t number) {
  return &on->steps[number % STEPS_MAX];
}

static uint32_t buffered(const tsr_clock *clock, const packet *on) {
  uint32_t most = clock->target.noc_buffer_bytes;
  return on->what.bytes < most ? on->what.bytes : most;
}

// How many lanes a packet lies across.
static uint32_t span_of(const tsr_clock *clock, const packet *on) {
  uint32_t buffer = clock->target.noc_buffer_bytes;
  uint32_t span = (on->what.bytes + buffer - 1) / buffer;
  if (span == 0)
    return 1;
  return span < STEPS_MAX - 1 ? span : STEPS_MAX - 1;
}

static void wake_lane(tsr_clock *clock, clock_lane *lane, uint64_t at) {
  at = at > clock->now ? at : clock->now;
  if (lane->first == NOTHING || lane->wake <= at)
    return;
  lane->wake = at;
  agenda_push(&clock->agenda, at, LANE_ORDER | (uint32_t)(lane - clock->lanes));
}

// The tail of `on` has left the buffer of step `number` at `at`.
static void leave_buffer(tsr_clock *clock, packet *on, uint32_t number,
                         uint64_t at, uint64_t drain) {
  packet_step *step = step_of(on, number);
  clock_lane *lane = &clock->lanes[step->lane];
  lane->room += buffered(clock, on);
  // Others come in as it goes out.
  lane->room_at = at > drain ? at - drain : 0;
  if (step->behind != NOTHING) {
    packet *follower = &clock->packets[step->behind];
    follower->is_behind = false;
    follower->front_at = at;
    if (follower->is_there)
      clock_schedule_packet(clock, follower, STAGE_HEAD,
                            at > clock->now ? at : clock->now);
  } else if (lane->inside == (uint32_t)(on - clock->packets)) {
    lane->inside = NOTHING;
    lane->front_at = at;
  }
  wake_lane(clock, lane, lane->room_at);
}

// The end of a packet's tail in its next lane is known, since its head took
// that of step `head`: what does not fit between them has to go through there.
static void foresee(tsr_clock *clock, packet *on, uint32_t head) {
  uint32_t number = on->foreseen++;
  packet_step *step = step_of(on, number), *newest = step_of(on, head);
  uint64_t between = (uint64_t)clock->target.noc_buffer_bytes * (head - number);
  uint64_t bytes = on->what.bytes;
  uint64_t excess = bytes > between ? bytes - between : 0;
  uint64_t end = step->begin + step->ticks;
  uint64_t pushed =
      newest->begin + (bytes ? newest->ticks * excess / bytes : 0);
  end = pushed > end ? pushed : end;
  // The first link begins where the way out of the core ends.
  uint64_t hop = number > 1 ? clock->costs.hop : 0;
  if (number > 0 && on->tail + hop > end)
    end = on->tail + hop;
  on->tail = end;
  clock_lane *lane = &clock->lanes[step->lane];
  lane->is_held = false;
  lane->free = end;
  wake_lane(clock, lane, end);
  if (number == 0)
    clock_packet_left(clock, on, end);
  else
    leave_buffer(clock, on, number - 1, end,
                 bytes ? step->ticks * buffered(clock, on) / bytes : 0);
}

// -- Taking a lane ------------------------------------------------------------

static uint64_t interface_ticks(const tsr_clock *clock, const packet *on,
                                bool is_out) {
  const tsr_target *target = &clock->target;
  uint32_t rate = target->noc_absorb_rate;
  if (is_out && on->kind == TSR_CLOCK_READ)
    rate = target->noc_serve_rate;
  else if (is_out)
    rate = on->what.memory == TSR_CLOCK_DRAM ? target->noc_dram_inject_rate
                                             : target->noc_inject_rate;
  return clock_transfer_ticks(on->what.bytes, rate);
}

// A bank takes what is written into its buffer, at the NoC's pace while there
// is room.
static packet_step enter_bank(tsr_clock *clock, packet *on) {
  const tsr_target *target = &clock->target;
  uint32_t rate = target->dram_bank_write_rate;
  uint64_t ticks = clock_transfer_ticks(on->what.bytes, rate);
  uint64_t begin = clock_serve_bank(clock, on, clock->now, ticks);
  uint64_t ahead = clock_transfer_ticks(target->dram_write_buffer_bytes, rate);
  clock->banks[on->what.endpoint].written_bytes += on->what.bytes;
  if (!target->dram_write_early)
    on->stored = begin + ticks;
  return (packet_step){.begin = begin > clock->now + ahead ? begin - ahead
                                                           : clock->now,
                       .ticks = clock_link_ticks(clock, on->what.bytes)};
}

static packet_step enter_lane(tsr_clock *clock, const clock_lane *lane,
                              packet *on) {
  lane_numbers all = numbers(clock);
  size_t number = (size_t)(lane - clock->lanes);
  packet_step step = {.begin = 0, .ticks = 0};
  if (number >= all.into_banks)
    return enter_bank(clock, on);
  if (number < all.out_of_cores || number >= all.out_of_banks)
    step.ticks = clock_link_ticks(clock, on->what.bytes);
  else
    step.ticks = interface_ticks(clock, on, number < all.into_cores);
  step.begin = clock->now;
  if (lane->server)
    step.begin =
        clock_serve(lane->server, clock->now, step.ticks, on->what.bytes);
  return step;
}

// The packet's head goes into the buffer at the lane's end, behind those there.
static void enter_buffer(tsr_clock *clock, clock_lane *lane, packet *on) {
  uint32_t index = (uint32_t)(on - clock->packets);
  lane->room -= buffered(clock, on);
  on->is_there = false;
  on->is_behind = lane->inside != NOTHING;
  on->front_at = lane->front_at;
  if (on->is_behind)
    step_of(&clock->packets[lane->inside], lane->inside_step)->behind = index;
  lane->inside = index;
  lane->inside_step = on->step_count - 1;
}

static void take_lane(tsr_clock *clock, clock_lane *lane, packet *on) {
  packet_step step = enter_lane(clock, lane, on);
  step.lane = (uint32_t)(lane - clock->lanes);
  step.behind = NOTHING;
  lane->is_held = true;
  uint32_t head = on->step_count++;
  *step_of(on, head) = step;
  if (head == 0)
    clock_packet_leaves(clock, on);
  if (is_last(clock, step.lane)) {
    while (on->foreseen < on->step_count)
      foresee(clock, on, head);
    clock_schedule_packet(clock, on, STAGE_ARRIVED,
                          on->tail > on->stored ? on->tail : on->stored);
    return;
  }
  enter_buffer(clock, lane, on);
  uint64_t hop = head == 0 ? 0 : clock->costs.hop;
  clock_schedule_packet(clock, on, STAGE_HEAD, step.begin + hop);
  if (head + 1 >= span_of(clock, on))
    foresee(clock, on, head);
}

void clock_run_lane(tsr_clock *clock, uint32_t index) {
  clock_lane *lane = &clock->lanes[index];
  if (lane->wake <= clock->now)
    lane->wake = UINT64_MAX;
  if (lane->first == NOTHING || lane->is_held)
    return;
  packet *on = &clock->packets[lane->first];
  if (lane->room < buffered(clock, on))
    return;
  uint64_t at = lane->free > lane->room_at ? lane->free : lane->room_at;
  if (at > clock->now) {
    wake_lane(clock, lane, at);
    return;
  }
  lane->first = on->next;
  if (lane->first == NOTHING)
    lane->last = NOTHING;
  take_lane(clock, lane, on);
  wake_lane(clock, lane, clock->now);
}

static void wait_for_lane(tsr_clock *clock, size_t number, packet *on) {
  clock_lane *lane = &clock->lanes[number];
  uint32_t index = (uint32_t)(on - clock->packets);
  on->next = NOTHING;
  if (lane->last == NOTHING)
    lane->first = index;
  else
    clock->packets[lane->last].next = index;
  lane->last = index;
  clock_run_lane(clock, (uint32_t)number);
}

void clock_start_packet(tsr_clock *clock, packet *on) {
  on->start = clock->now;
  wait_for_lane(clock, first_lane(clock, on), on);
}

void clock_move_packet(tsr_clock *clock, packet *on) {
  on->is_there = true;
  if (on->is_behind)
    return;
  if (on->front_at > clock->now) {
    clock_schedule_packet(clock, on, STAGE_HEAD, on->front_at);
    return;
  }
  wait_for_lane(clock, next_lane(clock, on), on);
}
