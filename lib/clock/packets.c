// Packets, from a command to its acknowledgement. How they make their way is
// the business of lanes.c.

#include "internal.h"

packet *clock_create_packet(tsr_clock *clock, clock_thread *thread,
                            const tsr_clock_event *event, uint32_t bytes) {
  uint32_t index = clock->free_packet;
  if (index == NOTHING) {
    clock->packets =
        tsr_array_grow(NULL, clock->packets, &clock->packet_capacity,
                       clock->packet_count + 1, sizeof *clock->packets);
    index = (uint32_t)clock->packet_count++;
  } else {
    clock->free_packet = clock->packets[index].next;
  }
  packet *made = &clock->packets[index];
  *made = (packet){.what = event->noc, .kind = event->kind, .thread = thread};
  made->what.bytes = bytes;
  return made;
}

static void release_packet(tsr_clock *clock, packet *dead) {
  dead->next = clock->free_packet;
  clock->free_packet = (uint32_t)(dead - clock->packets);
}

void clock_schedule_packet(tsr_clock *clock, packet *on, packet_stage stage,
                           uint64_t at) {
  on->stage = (uint8_t)stage;
  agenda_push(&clock->agenda, at,
              PACKET_ORDER | (uint32_t)(on - clock->packets));
}

// -- Memories -----------------------------------------------------------------

uint64_t clock_serve_bank(tsr_clock *clock, const packet *on, uint64_t at,
                          uint64_t ticks) {
  clock_bank *bank = &clock->banks[on->what.endpoint];
  uint64_t *accepts = &bank->accepts[on->what.noc];
  uint64_t accepted = at > *accepts ? at : *accepts;
  *accepts = accepted + clock->costs.bank_request;
  bool writes = on->kind != TSR_CLOCK_READ;
  if (writes != bank->is_writing && bank->server.bytes > 0)
    bank->server.free += clock->costs.bank_turn;
  bank->is_writing = writes;
  return clock_serve(&bank->server, accepted, ticks, on->what.bytes);
}

// A read has come to where the data are: they start back. A bank sends a packet
// when it has all of it, at the NoC's pace, so as not to hold up others.
static void answer(tsr_clock *clock, packet *on) {
  uint64_t begin = clock->now;
  if (on->what.memory == TSR_CLOCK_DRAM) {
    uint64_t ticks =
        clock_transfer_ticks(on->what.bytes, clock->target.dram_bank_read_rate);
    uint64_t link = clock_link_ticks(clock, on->what.bytes);
    begin = clock_serve_bank(clock, on, begin, ticks) +
            clock->costs.dram_access[TSR_CLOCK_READ] +
            (ticks > link ? ticks - link : 0);
    clock->banks[on->what.endpoint].read_bytes += on->what.bytes;
  }
  clock_schedule_packet(clock, on, STAGE_START, begin);
}

// -- Leaving a core -----------------------------------------------------------

static clock_way *way_of(const packet *on) {
  return &on->thread->ways[on->what.noc];
}

static void start(tsr_clock *clock, packet *on) {
  clock_start_packet(clock, on);
  if (on->kind == TSR_CLOCK_READ || on->step_count > 0)
    return;
  on->is_held_back = true;
  way_of(on)->held_back++;
}

void clock_packet_leaves(tsr_clock *clock, packet *on) {
  if (!on->is_held_back)
    return;
  clock_thread *self = on->thread;
  on->is_held_back = false;
  if (--way_of(on)->held_back == 0 && self->wait == WAITS_FOR_COMMAND &&
      self->wait_noc == on->what.noc)
    clock_wake(clock, self, clock->now);
}

void clock_packet_left(tsr_clock *clock, packet *on, uint64_t at) {
  clock_thread *self = on->thread;
  if (on->kind == TSR_CLOCK_READ)
    return;
  clock_way *way = way_of(on);
  way->sent = at > way->sent ? at : way->sent;
  if (--way->unsent == 0 && self->wait == WAITS_FOR_LEAVING &&
      self->wait_noc == on->what.noc)
    clock_wake(clock, self, way->sent);
}

// -- Arriving -----------------------------------------------------------------

static void change_word(tsr_clock *clock, const packet *on, uint32_t core,
                        uint64_t at) {
  clock_word *word = clock_find_word(clock, core, on->what.address);
  uint32_t value = on->what.value;
  if (on->kind == TSR_CLOCK_INCREMENT || on->what.is_increment)
    value += word->value;
  clock_write_word(clock, word, value, at);
}

// One of the targets of a multicast, so much before the last one.
static void reach(tsr_clock *clock, clock_thread *self,
                  const tsr_clock_event *event, uint32_t core, uint64_t last) {
  router from = clock->cores[self->core].at, to = clock->cores[core].at;
  uint64_t way = clock_hops(clock, event->noc.noc, from, to) * clock->costs.hop;
  uint64_t lead = clock->tree.far_way > way ? clock->tree.far_way - way : 0;
  packet *on = clock_create_packet(clock, self, event, event->noc.bytes);
  on->what.endpoint = (uint16_t)core;
  clock_schedule_packet(clock, on, STAGE_WORD, last - lead);
}

void clock_multicast_word(tsr_clock *clock, clock_thread *self,
                          const tsr_clock_event *event, uint64_t last) {
  const tsr_clock_noc_event *what = &event->noc;
  for (uint32_t y = what->y0; y <= what->y1; y++)
    for (uint32_t x = what->x0; x <= what->x1; x++) {
      uint32_t core = y * clock->target.grid_cols + x;
      if (core != self->core || what->with_source)
        reach(clock, self, event, core, last);
    }
}

static pending_kind pending_of(const packet *on) {
  if (on->kind == TSR_CLOCK_READ)
    return PENDING_READS;
  return on->kind == TSR_CLOCK_INCREMENT || on->what.is_increment
             ? PENDING_ATOMICS
             : PENDING_WRITES;
}

// The thread knows: a barrier may end.
static void finish(tsr_clock *clock, packet *on, uint64_t at) {
  clock_thread *self = on->thread;
  pending_kind kind = pending_of(on);
  uint32_t left_of_id = --way_of(on)->pending[kind][on->what.transaction];
  uint32_t left = --way_of(on)->pending_total[kind];
  if (self->wait == WAITS_FOR_TRANSFERS && self->wait_pending == kind &&
      self->wait_noc == on->what.noc) {
    bool all = self->wait_transaction == TSR_CLOCK_ALL_TRANSACTIONS;
    if (all ? left == 0
            : self->wait_transaction == on->what.transaction && left_of_id == 0)
      clock_wake(clock, self, at);
  }
  release_packet(clock, on);
}

static void arrive(tsr_clock *clock, packet *on, uint64_t at) {
  if (on->what.has_value && on->kind != TSR_CLOCK_MULTICAST)
    change_word(clock, on, on->what.endpoint, at);
  clock_report_transfer(clock, on);
  if (on->what.posted)
    release_packet(clock, on);
  else
    clock_schedule_packet(clock, on, STAGE_DONE, at + on->back);
}

void clock_run_packet(tsr_clock *clock, uint32_t index) {
  packet *on = &clock->packets[index];
  uint64_t at = clock->now;
  switch ((packet_stage)on->stage) {
  case STAGE_REQUEST:
    answer(clock, on);
    return;
  case STAGE_START:
    start(clock, on);
    return;
  case STAGE_HEAD:
    clock_move_packet(clock, on);
    return;
  case STAGE_ARRIVED:
    arrive(clock, on, at);
    return;
  case STAGE_WORD:
    change_word(clock, on, on->what.endpoint, at);
    release_packet(clock, on);
    return;
  case STAGE_DONE:
    finish(clock, on, at);
    return;
  }
}
