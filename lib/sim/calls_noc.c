// Data movement: what goes over the NoC. When data arrive is the business of
// transfers.c; addresses are that of noc_address.c.

#include "recording.h"

#include <string.h>

// -- The thread's side of a NoC -----------------------------------------------

// In dedicated mode each NoC is one kernel's: its registers are not shared.
static void check_dedicated(thread *self, uint32_t noc) {
  static const tsr_sim_processor movers[] = {TSR_SIM_BRISC, TSR_SIM_NCRISC};
  for (size_t i = 0; i < sizeof movers / sizeof *movers; i++) {
    const thread *other = self->home->threads[movers[i]];
    if (!other || other == self || other->code->config.noc != noc ||
        other->code->config.dynamic_noc)
      continue;
    break_rule(self,
               "NoC %u belongs to kernel '%s' (%s) on this core: kernels share "
               "NoCs in the mode DM_DYNAMIC_NOC only",
               noc, other->code->name, processor_name(movers[i]));
  }
}

void tsr_sim_noc_select(uint32_t noc, tsr_sim_where where) {
  thread *self = ask("a call on another NoC", where);
  if (noc >= NOC_COUNT)
    fail_call(self, "NoC %u, but there are %d", noc, NOC_COUNT);
  if (noc != self->code->config.noc)
    check_dedicated(self, noc);
  self->noc = noc;
}

void check_not_linked(thread *self) {
  noc_port *port = current_port(self);
  if (!port->is_linked)
    return;
  port->is_linked = false; // said once
  break_rule(self,
             "comes after %s, which is linked: the next on this NoC is the "
             "multicast it is linked to",
             describe_earlier(self, &port->linked));
}

static void count_write(thread *self, bool is_posted) {
  noc_port *port = current_port(self);
  if (is_posted) {
    port->posted_writes++;
    port->last_posted_write = begin_here(self);
    return;
  }
  port->writes[port->write_transaction]++;
  port->last_write = begin_here(self);
}

// What was set up for another call is gone.
static void lose(thread *self, noc_state *state) {
  if (!state->is_set || state->is_lost)
    return;
  state->is_lost = true;
  state->lost = begin_here(self);
}

// What was set up for this call.
static const noc_state *use(thread *self, const noc_state *state) {
  if (!state->is_set)
    fail_call(self, "no state was set");
  if (!state->is_lost)
    return state;
  break_rule(self,
             "%s has used the registers that hold its state, which must be set "
             "again",
             describe_earlier(self, &state->lost));
  return state;
}

static void check_packet(thread *self, uint32_t bytes) {
  uint32_t limit = self->home->sim->target.noc_burst_bytes;
  if (bytes > limit)
    fail_call(self, "one packet of %u B, but the NoC takes %u", bytes, limit);
}

void tsr_sim_noc_check_packet(uint32_t bytes, tsr_sim_where where) {
  check_packet(ask("one packet", where), bytes);
}

// -- What the clock is told ---------------------------------------------------

// Of a write that the clock must see: one word may be a semaphore.
static tsr_clock_noc_event describe_write(thread *self, const char *from,
                                          uint64_t target, uint32_t bytes) {
  tsr_clock_noc_event what = {
      .bytes = bytes,
      .transaction = current_port(self)->write_transaction,
      .address = (uint32_t)address_local(target) & L1_MASK,
      .has_value = bytes == sizeof what.value};
  if (what.has_value)
    memcpy(&what.value, from, sizeof what.value);
  return what;
}

// -- Reads --------------------------------------------------------------------

// What a transfer takes from this core's L1 must be there.
static void check_source(thread *self, uint32_t l1, uint32_t bytes) {
  check_read_from(self, l1 & L1_MASK, bytes);
  check_arrived(self, self->home->l1 + (l1 & L1_MASK), bytes);
}

static void read_from(thread *self, uint64_t source, uint32_t l1,
                      uint32_t bytes, bool is_stateful) {
  const tsr_target *target = &self->home->sim->target;
  bool is_dram = false;
  const char *from = noc_place(self, source, bytes, &is_dram);
  char *to = l1_place(self, self->home, l1, bytes);
  check_not_linked(self);
  check_alignment(self, own_address(source, is_dram), l1 & L1_MASK,
                  is_dram ? target->dram_read_align : target->l1_read_align,
                  is_dram ? "a DRAM read" : "an L1 read");
  check_write_into(self, l1 & L1_MASK, bytes);
  check_overwritten(self, self->home, to, bytes, "overwrites");
  check_own_arrived(self, to, bytes, "overwrites");
  check_read_back(self, from, bytes);
  if (core_at(self->home->sim, from) == self->home)
    check_source(self, (uint32_t)(from - self->home->l1), bytes);
  mark_written(self->home, l1 & L1_MASK, bytes);
  record_transfer(
      self, TSR_CLOCK_READ, endpoint_of(self, source),
      (tsr_clock_noc_event){.bytes = bytes,
                            .transaction = current_port(self)->read_transaction,
                            .stateful = is_stateful});
  begin_read(self, from, to, bytes);
}

void tsr_sim_noc_read(uint64_t source, uint32_t l1, uint32_t bytes,
                      tsr_sim_where where) {
  thread *self = fetch("noc_async_read", where);
  lose(self, &current_port(self)->read_state);
  read_from(self, source, l1, bytes, false);
}

void tsr_sim_noc_set_read_state(uint64_t source, uint32_t bytes,
                                tsr_sim_where where) {
  thread *self = ask(bytes ? "noc_async_read_one_packet_set_state"
                           : "noc_async_read_set_state",
                     where);
  check_packet(self, bytes);
  check_not_linked(self);
  record_call(self, TSR_CLOCK_READ_STATE);
  current_port(self)->read_state =
      (noc_state){.is_set = true,
                  .bytes = bytes,
                  .address = source - address_local(source),
                  .set = begin_here(self)};
}

// The size that goes with a state: of one packet its own, else the caller's.
static uint32_t stated_bytes(thread *self, const noc_state *state,
                             uint32_t bytes) {
  if (bytes == 0 && state->bytes == 0)
    fail_call(self, "%s set no size", describe_earlier(self, &state->set));
  return bytes ? bytes : state->bytes;
}

void tsr_sim_noc_read_with_state(uint32_t local, uint32_t l1, uint32_t bytes,
                                 tsr_sim_where where) {
  thread *self = fetch(bytes ? "noc_async_read_with_state"
                             : "noc_async_read_one_packet_with_state",
                       where);
  const noc_state *state = use(self, &current_port(self)->read_state);
  read_from(self, state->address | local, l1, stated_bytes(self, state, bytes),
            true);
}

// -- Writes -------------------------------------------------------------------

// Where a write goes in this core's L1. One that comes to where it is from, as
// the core's own part of a multicast does, changes nothing.
static void check_own_target(thread *self, uint32_t l1, const char *from,
                             uint32_t bytes) {
  const char *to = self->home->l1 + l1;
  if (to == from)
    return;
  check_write_into(self, l1, bytes);
  check_landed(self, to, bytes);
  check_overwritten(self, self->home, to, bytes, "overwrites");
}

// Where a write from `from` goes in a core's L1 must be free.
static void check_target(thread *self, uint64_t target, const char *from,
                         uint32_t bytes) {
  const tsr_sim *sim = self->home->sim;
  uint32_t x = address_field(target, 0), y = address_field(target, 1);
  uint32_t l1 = (uint32_t)address_local(target) & L1_MASK, lost = 0;
  const core *at = &sim->cores[sim->endpoints[y][x].index];
  if (at == self->home)
    check_own_target(self, l1, from, bytes);
  else if (!check_remote_write(self, at, l1, bytes, &lost))
    break_lost_write(self, at, lost);
}

static void write_to(thread *self, uint32_t l1, uint64_t target, uint32_t bytes,
                     bool is_posted, bool is_stateful) {
  const tsr_target *chip = &self->home->sim->target;
  bool is_dram = false;
  char *to = noc_place(self, target, bytes, &is_dram);
  const char *from = l1_place(self, self->home, l1, bytes);
  check_not_linked(self);
  check_alignment(self, l1 & L1_MASK, own_address(target, is_dram),
                  is_dram ? chip->dram_write_align : chip->l1_write_align,
                  is_dram ? "a DRAM write" : "an L1 write");
  check_source(self, l1, bytes);
  if (!is_dram)
    check_target(self, target, from, bytes);
  tsr_clock_noc_event what = describe_write(self, from, target, bytes);
  what.posted = is_posted;
  what.stateful = is_stateful;
  record_transfer(self, TSR_CLOCK_WRITE, endpoint_of(self, target), what);
  post(self,
       (posted){.kind = POST_WRITE, .from = from, .to = to, .bytes = bytes});
  count_write(self, is_posted);
}

void tsr_sim_noc_write(uint32_t l1, uint64_t target, uint32_t bytes,
                       tsr_sim_where where) {
  thread *self = enter("noc_async_write", where);
  lose(self, &current_port(self)->write_state);
  write_to(self, l1, target, bytes, false, false);
}

void tsr_sim_noc_write_posted(uint32_t l1, uint64_t target, uint32_t bytes,
                              tsr_sim_where where) {
  thread *self = enter("noc_async_write", where);
  lose(self, &current_port(self)->write_state);
  write_to(self, l1, target, bytes, true, false);
}

void tsr_sim_noc_set_write_state(uint64_t target, uint32_t bytes,
                                 bool is_posted, tsr_sim_where where) {
  thread *self = enter("noc_async_write_one_packet_set_state", where);
  check_packet(self, bytes);
  check_not_linked(self);
  record_call(self, TSR_CLOCK_READ_STATE);
  current_port(self)->write_state =
      (noc_state){.is_set = true,
                  .is_posted = is_posted,
                  .bytes = bytes,
                  .address = target - address_local(target),
                  .set = begin_here(self)};
}

void tsr_sim_noc_write_with_state(uint32_t l1, uint32_t local, uint32_t bytes,
                                  bool is_posted, tsr_sim_where where) {
  thread *self = enter("noc_async_write_one_packet_with_state", where);
  const noc_state *state = use(self, &current_port(self)->write_state);
  if (state->is_posted != is_posted)
    break_rule(self, "is %s, but %s is %s", is_posted ? "posted" : "not posted",
               describe_earlier(self, &state->set),
               state->is_posted ? "posted" : "not posted");
  write_to(self, l1, state->address | local, stated_bytes(self, state, bytes),
           is_posted, true);
}

// -- Words --------------------------------------------------------------------

static void write_word_to(thread *self, uint64_t target, uint32_t value,
                          uint8_t enable, bool is_posted) {
  bool is_dram = false;
  char *to = noc_place(self, target, sizeof value, &is_dram);
  if (is_dram)
    fail_call(self, "a word is written in place to L1 only, not to DRAM");
  check_not_linked(self);
  check_word_alignment(self, target, "a word write");
  check_target(self, target, NULL, sizeof value);
  tsr_clock_noc_event what =
      describe_write(self, (const char *)&value, target, sizeof value);
  what.posted = is_posted;
  record_transfer(self, TSR_CLOCK_WORD, endpoint_of(self, target), what);
  post(self, (posted){.kind = POST_WRITE,
                      .word = value,
                      .enable = enable == 0xf ? 0 : enable,
                      .to = to,
                      .bytes = sizeof value});
  count_write(self, is_posted);
}

void tsr_sim_noc_write_word(uint64_t target, uint32_t value, uint8_t enable,
                            bool is_posted, tsr_sim_where where) {
  thread *self = enter("noc_inline_dw_write", where);
  if (enable == 0 || enable > 0xf)
    fail_call(self, "0x%x says which of 4 bytes are written", enable);
  lose(self, &current_port(self)->word_state);
  write_word_to(self, target, value, enable, is_posted);
}

void tsr_sim_noc_set_word_state(uint64_t target, uint32_t value, uint8_t enable,
                                bool is_posted, tsr_sim_where where) {
  thread *self = enter("noc_inline_dw_write_set_state", where);
  if (enable == 0 || enable > 0xf)
    fail_call(self, "0x%x says which of 4 bytes are written", enable);
  check_not_linked(self);
  current_port(self)->word_state = (noc_state){.is_set = true,
                                               .is_posted = is_posted,
                                               .enable = enable,
                                               .value = value,
                                               .address = target,
                                               .set = begin_here(self)};
}

void tsr_sim_noc_write_word_with_state(const uint32_t *value,
                                       const uint32_t *local,
                                       tsr_sim_where where) {
  thread *self = enter("noc_inline_dw_write_with_state", where);
  noc_state *state = &current_port(self)->word_state;
  use(self, state);
  if (value)
    state->value = *value;
  if (local)
    state->address = (state->address - address_local(state->address)) | *local;
  write_word_to(self, state->address, state->value, state->enable,
                state->is_posted);
}

// -- Multicast ----------------------------------------------------------------

// NoC 0 goes right and down, NoC 1 left and up,
// so the corners of NoC 1 come the other way round.
static rectangle multicast_rectangle(thread *self, uint64_t target) {
  uint32_t x0 = address_field(target, 0), y0 = address_field(target, 1);
  uint32_t x1 = address_field(target, 2), y1 = address_field(target, 3);
  bool swapped = self->noc == 1;
  rectangle to =
      swapped ? (rectangle){x1, y1, x0, y0} : (rectangle){x0, y0, x1, y1};
  if (to.x0 > to.x1 || to.y0 > to.y1)
    fail_call(self,
              "on NoC %u a multicast from (%u,%u) to (%u,%u) has its "
              "corners the wrong way round",
              self->noc, x0, y0, x1, y1);
  return to;
}

bool in_rectangle(const rectangle *to, const core *at) {
  return at->noc_x >= to->x0 && at->noc_x <= to->x1 && at->noc_y >= to->y0 &&
         at->noc_y <= to->y1;
}

// Checks every core that a multicast reaches and returns how many do.
static uint32_t check_targets(thread *self, const posted *write) {
  tsr_sim *sim = self->home->sim;
  uint32_t reached = 0, losing = 0, lost = 0;
  const core *last = NULL;
  for (uint32_t i = 0; i < sim->core_count; i++) {
    core *at = &sim->cores[i];
    if (!in_rectangle(&write->rectangle, at) ||
        (at == self->home && !write->with_source))
      continue;
    l1_place(self, at, write->l1, write->bytes);
    if (at == self->home && write->from && !is_word(write))
      check_own_target(self, write->l1, write->from, write->bytes);
    losing += !check_remote_write(self, at, write->l1, write->bytes, &lost);
    reached++;
    last = at;
  }
  if (reached > 0 && losing == reached)
    break_lost_write(self, last, lost);
  return reached;
}

void aim_multicast(thread *self, uint64_t target, uint32_t core_count,
                   posted *write) {
  write->rectangle = multicast_rectangle(self, target);
  write->l1 = (uint32_t)address_local(target) & L1_MASK;
  uint32_t reached = check_targets(self, write);
  if (reached != core_count)
    fail_call(self, "the multicast reaches %u cores but says %u", reached,
              core_count);
  if (reached == 0)
    fail_call(self, "the multicast reaches no core: it would hang");
}

void tsr_sim_noc_multicast(uint32_t l1, uint64_t target, uint32_t bytes,
                           uint32_t core_count, bool with_source, bool linked,
                           tsr_sim_where where) {
  thread *self = enter(with_source ? "noc_async_write_multicast_loopback_src"
                                   : "noc_async_write_multicast",
                       where);
  noc_port *port = current_port(self);
  posted write = {.kind = POST_MULTICAST,
                  .from = l1_place(self, self->home, l1, bytes),
                  .bytes = bytes,
                  .with_source = with_source};
  check_alignment(self, l1 & L1_MASK, own_address(target, false),
                  self->home->sim->target.l1_write_align, "an L1 write");
  check_source(self, l1, bytes);
  aim_multicast(self, target, core_count, &write);
  lose(self, &port->write_state);
  tsr_clock_noc_event what = describe_write(self, write.from, target, bytes);
  what.linked = linked;
  what.with_source = with_source;
  record_multicast(self, &write.rectangle, what);
  post(self, write);
  count_write(self, false);
  port->is_linked = linked;
  port->linked = begin_here(self);
}

// -- Barriers -----------------------------------------------------------------

static void forget_writes(noc_port *port) {
  for (uint32_t i = 0; i < TRANSACTION_MAX; i++)
    port->writes[i] = 0;
  acknowledge(port, ANY_TRANSACTION);
}

void tsr_sim_noc_read_barrier(tsr_sim_where where) {
  thread *self = fetch("noc_async_read_barrier", where);
  record_barrier(self, TSR_CLOCK_READ_BARRIER, TSR_CLOCK_ALL_TRANSACTIONS);
  finish_reads(self, ANY_TRANSACTION);
}

void tsr_sim_noc_write_barrier(tsr_sim_where where) {
  thread *self = enter("noc_async_write_barrier", where);
  record_barrier(self, TSR_CLOCK_WRITE_BARRIER, TSR_CLOCK_ALL_TRANSACTIONS);
  noc_port *port = current_port(self);
  send_writes(self, port, ANY_TRANSACTION);
  await_arrival(self, port);
  forget_writes(port);
}

// Writes that have left are still not acknowledged: only a barrier ends them.
void tsr_sim_noc_writes_flushed(tsr_sim_where where) {
  thread *self = enter("noc_async_writes_flushed", where);
  record_barrier(self, TSR_CLOCK_WRITES_FLUSHED, TSR_CLOCK_ALL_TRANSACTIONS);
  send_writes(self, current_port(self), ANY_TRANSACTION);
}

void tsr_sim_noc_posted_writes_flushed(tsr_sim_where where) {
  thread *self = enter("noc_async_posted_writes_flushed", where);
  record_barrier(self, TSR_CLOCK_WRITES_FLUSHED, TSR_CLOCK_ALL_TRANSACTIONS);
  send_writes(self, current_port(self), ANY_TRANSACTION);
  current_port(self)->posted_writes = 0;
}

void tsr_sim_noc_atomic_barrier(tsr_sim_where where) {
  thread *self = enter("noc_async_atomic_barrier", where);
  record_barrier(self, TSR_CLOCK_ATOMIC_BARRIER, TSR_CLOCK_ALL_TRANSACTIONS);
  noc_port *port = current_port(self);
  send_increments(self, port);
  await_arrival(self, port);
  port->atomics = 0;
}

// -- Transactions -------------------------------------------------------------

static uint8_t check_transaction(thread *self, uint32_t transaction) {
  uint32_t count = self->home->sim->target.noc_transactions;
  if (transaction >= count)
    fail_call(self, "transaction %u, but a NoC has %u", transaction, count);
  return (uint8_t)transaction;
}

void tsr_sim_noc_set_read_transaction(uint32_t transaction,
                                      tsr_sim_where where) {
  thread *self = ask("noc_async_read_set_trid", where);
  current_port(self)->read_transaction = check_transaction(self, transaction);
}

void tsr_sim_noc_set_write_transaction(uint32_t transaction,
                                       tsr_sim_where where) {
  thread *self = enter("noc_async_write_set_trid", where);
  current_port(self)->write_transaction = check_transaction(self, transaction);
}

void tsr_sim_noc_read_barrier_of(uint32_t transaction, tsr_sim_where where) {
  thread *self = fetch("noc_async_read_barrier_with_trid", where);
  uint8_t id = check_transaction(self, transaction);
  record_barrier(self, TSR_CLOCK_READ_BARRIER, id);
  finish_reads(self, id);
}

void tsr_sim_noc_write_barrier_of(uint32_t transaction, tsr_sim_where where) {
  thread *self = enter("noc_async_write_barrier_with_trid", where);
  noc_port *port = current_port(self);
  uint8_t id = check_transaction(self, transaction);
  record_barrier(self, TSR_CLOCK_WRITE_BARRIER, id);
  send_writes(self, port, id);
  await_arrival(self, port);
  port->writes[id] = 0;
  acknowledge(port, id);
}

void tsr_sim_noc_writes_flushed_of(uint32_t transaction, tsr_sim_where where) {
  thread *self = enter("noc_async_write_flushed_with_trid", where);
  uint8_t id = check_transaction(self, transaction);
  record_barrier(self, TSR_CLOCK_WRITES_FLUSHED, id);
  send_writes(self, current_port(self), id);
}

bool tsr_sim_noc_reads_done(uint32_t transaction, tsr_sim_where where) {
  thread *self = fetch("ncrisc_noc_read_with_transaction_id_flushed", where);
  uint8_t id = check_transaction(self, transaction);
  record_barrier(self, TSR_CLOCK_READ_BARRIER, id);
  finish_reads(self, id);
  return true;
}
