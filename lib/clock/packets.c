// Packets on their way: cut through from server to server, each of which takes
// them in the order they come. A packet's head goes on as soon as a link is
// free; its tail follows at the pace of the slowest server behind it.

#include "internal.h"

packet *clock_create_packet(tsr_clock *clock, clock_thread *thread,
                            const tsr_clock_event *event, uint32_t bytes) {
  uint32_t index = clock->free_packet;
  if (index == PACKET_ORDER) {
    clock->packets =
        tsr_array_grow(NULL, clock->packets, &clock->packet_capacity,
                       clock->packet_count + 1, sizeof *clock->packets);
    index = (uint32_t)clock->packet_count++;
  } else {
    clock->free_packet = clock->packets[index].next_free;
  }
  packet *made = &clock->packets[index];
  *made = (packet){.what = event->noc, .kind = event->kind, .thread = thread};
  made->what.bytes = bytes;
  return made;
}

static void release_packet(tsr_clock *clock, packet *dead) {
  dead->next_free = clock->free_packet;
  clock->free_packet = (uint32_t)(dead - clock->packets);
}

void clock_schedule_packet(tsr_clock *clock, packet *on, packet_stage stage,
                           uint64_t at) {
  on->stage = (uint8_t)stage;
  agenda_push(&clock->agenda, at,
              PACKET_ORDER | (uint32_t)(on - clock->packets));
}

// -- Memories -----------------------------------------------------------------

// A bank takes a request of `bytes`; returns when it begins to move the data.
static uint64_t serve_bank(tsr_clock *clock, const packet *on, uint64_t at,
                           uint64_t ticks) {
  clock_bank *bank = &clock->banks[on->what.endpoint];
  uint64_t *accepts = &bank->accepts[on->what.noc];
  uint64_t accepted = at > *accepts ? at : *accepts;
  *accepts = accepted + clock->costs.bank_request;
  return clock_serve(&bank->server, accepted, ticks, on->what.bytes);
}

// A read has come to where the data are: they start back.
static void answer(tsr_clock *clock, packet *on, uint64_t at) {
  const tsr_target *target = &clock->target;
  uint64_t begin = 0, ticks = 0;
  if (on->what.memory == TSR_CLOCK_DRAM) {
    ticks = clock_transfer_ticks(on->what.bytes, target->dram_bank_read_rate);
    begin = serve_bank(clock, on, at, ticks) +
            clock->costs.dram_access[TSR_CLOCK_READ];
    clock->banks[on->what.endpoint].read_bytes += on->what.bytes;
  } else {
    ticks = clock_transfer_ticks(on->what.bytes, target->noc_serve_rate);
    begin = clock_serve(&clock->cores[on->what.endpoint].egress[on->what.noc],
                        at, ticks, on->what.bytes);
  }
  on->start = begin;
  on->tail = begin + ticks;
  clock_schedule_packet(clock, on, STAGE_LINK, begin);
}

static uint64_t absorb(tsr_clock *clock, const packet *on, uint32_t core,
                       uint64_t at) {
  uint64_t ticks =
      clock_transfer_ticks(on->what.bytes, clock->target.noc_absorb_rate);
  return ticks + clock_serve(&clock->cores[core].ingress[on->what.noc], at,
                             ticks, on->what.bytes);
}

static uint64_t store(tsr_clock *clock, const packet *on, uint64_t at) {
  uint64_t ticks =
      clock_transfer_ticks(on->what.bytes, clock->target.dram_bank_write_rate);
  clock->banks[on->what.endpoint].written_bytes += on->what.bytes;
  return ticks + serve_bank(clock, on, at, ticks);
}

// -- Stages -------------------------------------------------------------------

// The head is where the packet goes.
static void deliver(tsr_clock *clock, packet *on, uint64_t at) {
  bool is_read = on->kind == TSR_CLOCK_READ;
  uint64_t end = 0;
  if (is_read)
    end = absorb(clock, on, on->thread->core, at);
  else if (on->what.memory == TSR_CLOCK_DRAM)
    end = store(clock, on, at);
  else
    end = absorb(clock, on, on->what.endpoint, at);
  on->tail = end > on->tail ? end : on->tail;
  clock_schedule_packet(clock, on, STAGE_ARRIVED, on->tail);
}

static void move(tsr_clock *clock, packet *on, uint64_t at) {
  if (on->at.x == on->to.x && on->at.y == on->to.y) {
    deliver(clock, on, at);
    return;
  }
  clock_server *link = clock_next_link(clock, on->what.noc, &on->at, on->to);
  uint64_t ticks = clock_link_ticks(clock, on->what.bytes);
  uint64_t begin = clock_serve(link, at, ticks, on->what.bytes);
  uint64_t hop = clock->costs.hop, end = begin + ticks;
  on->tail = on->tail + hop > end ? on->tail + hop : end;
  clock_schedule_packet(clock, on, STAGE_LINK, begin + hop);
}

static void change_word(tsr_clock *clock, const packet *on, uint32_t core,
                        uint64_t at) {
  clock_word *word = clock_find_word(clock, core, on->what.address);
  uint32_t value = on->what.value;
  if (on->kind == TSR_CLOCK_INCREMENT || on->what.is_increment)
    value += word->value;
  clock_write_word(clock, word, value, at);
}

static void change_words(tsr_clock *clock, const packet *on, uint64_t at) {
  const tsr_clock_noc_event *what = &on->what;
  if (!what->has_value)
    return;
  if (on->kind != TSR_CLOCK_MULTICAST) {
    change_word(clock, on, what->endpoint, at);
    return;
  }
  for (uint32_t y = what->y0; y <= what->y1; y++)
    for (uint32_t x = what->x0; x <= what->x1; x++) {
      uint32_t core = y * clock->target.grid_cols + x;
      if (core != on->thread->core || what->with_source)
        change_word(clock, on, core, at);
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
  uint32_t left_of_id = --self->pending[kind][on->what.transaction];
  uint32_t left = --self->pending_total[kind];
  if (self->wait == WAITS_FOR_TRANSFERS && self->wait_pending == kind) {
    bool all = self->wait_transaction == TSR_CLOCK_ALL_TRANSACTIONS;
    if (all ? left == 0
            : self->wait_transaction == on->what.transaction && left_of_id == 0)
      clock_wake(clock, self, at);
  }
  release_packet(clock, on);
}

static void arrive(tsr_clock *clock, packet *on, uint64_t at) {
  change_words(clock, on, at);
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
    answer(clock, on, at);
    return;
  case STAGE_LINK:
    move(clock, on, at);
    return;
  case STAGE_ARRIVED:
    arrive(clock, on, at);
    return;
  case STAGE_DONE:
    finish(clock, on, at);
    return;
  }
}
