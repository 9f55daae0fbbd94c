// Data on their way. A read lands at its barrier, until when its target holds
// poison. A write leaves its source when it is flushed, or when nothing else on
// the chip can move: as late as the chip may do it, so that a kernel that
// relies on less than the rules promise is found out. Within the core it then
// arrives at once; elsewhere at the end of the epoch, when no core runs.

#include "internal.h"

#include "tessera/vector.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  POISON = 0xff, // a NaN in every format
  // What one thread may have on its way before it waits for the epoch to end.
  SNAPSHOTS_PER_EPOCH = 256 * 1024
};

bool is_multicast(const posted *write) {
  return write->kind == POST_MULTICAST ||
         write->kind == POST_MULTICAST_INCREMENT;
}

bool is_increment(const posted *write) {
  return write->kind == POST_INCREMENT ||
         write->kind == POST_MULTICAST_INCREMENT;
}

bool is_word(const posted *write) { return write->bytes == sizeof write->word; }

static bool overlap(const char *a, uint32_t a_bytes, const char *b,
                    uint32_t b_bytes) {
  return a < b + b_bytes && b < a + a_bytes;
}

// -- Reads --------------------------------------------------------------------

const core *core_at(const tsr_sim *sim, const char *at) {
  uintptr_t into = (uintptr_t)at - (uintptr_t)sim->l1_base;
  return into < sim->core_count * L1_SPACING ? &sim->cores[into / L1_SPACING]
                                             : NULL;
}

// True when a core other than `self`'s may change `at` while `self` runs.
static bool is_shared(const thread *self, const char *at) {
  const core *owner = core_at(self->home->sim, at);
  return owner && owner != self->home && owner->cbs;
}

noc_port *current_port(thread *self) { return &self->ports[self->noc]; }

static void widen(hull *around, const char *at, uint32_t bytes) {
  if (!around->from || at < around->from)
    around->from = at;
  if (at + bytes > around->to)
    around->to = at + bytes;
}

// What is outside of it is in none of what it is around.
static bool is_outside(const hull *around, const char *at, uint32_t bytes) {
  return at >= around->to || at + bytes <= around->from;
}

void begin_read(thread *self, const char *from, char *to, uint32_t bytes) {
  noc_port *port = current_port(self);
  port->reads = tsr_array_grow(NULL, port->reads, &port->read_capacity,
                               port->read_count + 1, sizeof *port->reads);
  if (port->read_count == 0)
    port->brings = port->takes = (hull){NULL, NULL};
  widen(&port->brings, to, bytes);
  if (core_at(self->home->sim, from) == self->home)
    widen(&port->takes, from, bytes);
  port->reads[port->read_count++] =
      (pending_read){.from = from,
                     .to = to,
                     .bytes = bytes,
                     .is_shared = is_shared(self, from),
                     .transaction = port->read_transaction,
                     .begun = begin_here(self)};
  if (!overlap(from, bytes, to, bytes))
    memset(to, POISON, bytes);
}

// The processors that transfers are begun on.
static const tsr_sim_processor movers[] = {TSR_SIM_BRISC, TSR_SIM_NCRISC};

// What a kernel of `on` has begun to read to those bytes, or NULL.
static const pending_read *find_landing(const core *on, const char *at,
                                        uint32_t bytes) {
  for (size_t i = 0; i < sizeof movers / sizeof *movers; i++)
    for (int noc = 0; on->threads[movers[i]] && noc < NOC_COUNT; noc++) {
      const noc_port *port = &on->threads[movers[i]]->ports[noc];
      if (is_outside(&port->brings, at, bytes))
        continue;
      for (size_t k = 0; k < port->read_count; k++)
        if (overlap(port->reads[k].to, port->reads[k].bytes, at, bytes))
          return &port->reads[k];
    }
  return NULL;
}

static void check_landed_on(thread *self, const core *on, const char *at,
                            uint32_t bytes, const char *what) {
  const pending_read *read = find_landing(on, at, bytes);
  if (read)
    break_rule(self, "%s bytes that %s has begun to bring: %s must come first",
               what, describe_earlier(self, &read->begun),
               name_call(self, CALL_noc_async_read_barrier));
}

void check_landed(thread *self, const char *at, uint32_t bytes) {
  check_landed_on(self, self->home, at, bytes, "uses");
}

static bool brings(const tsr_sim *sim, const posted *write, const char *at,
                   uint32_t bytes) {
  if (!is_multicast(write))
    return overlap(write->to, write->bytes, at, bytes);
  const core *on = core_at(sim, at);
  return on && in_rectangle(&write->rectangle, on) &&
         overlap(on->l1 + write->l1, write->bytes, at, bytes);
}

void check_read_back(thread *self, const char *from, uint32_t bytes) {
  for (int noc = 0; noc < NOC_COUNT; noc++) {
    const noc_port *port = &self->ports[noc];
    for (size_t i = 0; i < port->post_count; i++) {
      const posted *write = &port->posts[i];
      // Words may be looked at until they are there.
      if (is_word(write) || write->has_arrived ||
          !brings(self->home->sim, write, from, bytes))
        continue;
      break_rule(self,
                 "reads bytes that %s has begun to write, which may not have "
                 "arrived yet: %s must come first",
                 describe_earlier(self, &write->begun),
                 name_call(self, CALL_noc_async_write_barrier));
      return;
    }
  }
}

static void check_left_at(thread *self, const noc_port *port, const char *at,
                          uint32_t bytes, const char *what) {
  for (size_t i = port->left_count; i < port->post_count; i++) {
    const posted *write = &port->posts[i];
    if (write->from && overlap(write->from, write->bytes, at, bytes))
      break_rule(self,
                 "%s the source of %s, which may not have left yet: %s or %s "
                 "must come first",
                 what, describe_earlier(self, &write->begun),
                 name_call(self, CALL_noc_async_writes_flushed),
                 name_call(self, CALL_noc_async_write_barrier));
  }
}

// Reads from the core's own L1 take their source when they land.
static void check_taken(thread *self, const noc_port *port, const char *at,
                        uint32_t bytes, const char *what) {
  if (is_outside(&port->takes, at, bytes))
    return;
  for (size_t i = 0; i < port->read_count; i++) {
    const pending_read *read = &port->reads[i];
    if (overlap(read->from, read->bytes, at, bytes))
      break_rule(self,
                 "%s the source of %s, which may not have taken it yet: "
                 "%s must come first",
                 what, describe_earlier(self, &read->begun),
                 name_call(self, CALL_noc_async_read_barrier));
  }
}

void check_left(thread *self, const thread *writer, const char *at,
                uint32_t bytes, const char *what) {
  for (int noc = 0; writer && noc < NOC_COUNT; noc++) {
    check_left_at(self, &writer->ports[noc], at, bytes, what);
    check_taken(self, &writer->ports[noc], at, bytes, what);
  }
}

void check_overwritten(thread *self, const core *on, const char *at,
                       uint32_t bytes, const char *what) {
  for (size_t i = 0; i < sizeof movers / sizeof *movers; i++)
    check_left(self, on->threads[movers[i]], at, bytes, what);
}

// A word that comes: what reads it finds it as it was, or as it is.
static void check_word_left(thread *self, const core *on, const char *at,
                            const char *what) {
  for (size_t i = 0; i < sizeof movers / sizeof *movers; i++)
    for (int noc = 0; on->threads[movers[i]] && noc < NOC_COUNT; noc++)
      check_left_at(self, &on->threads[movers[i]]->ports[noc], at,
                    sizeof(uint32_t), what);
}

// What the thread says meanwhile, it says of that.
static begun_at speak_of(thread *self, const begun_at *begun) {
  begun_at last = begin_here(self);
  self->call = begun->call;
  self->where = begun->where;
  return last;
}

// A transfer that began earlier meets now those that a kernel of its other core
// has under way.
static void check_read_elsewhere(thread *self, const pending_read *read,
                                 const core *of) {
  begun_at last = speak_of(self, &read->begun);
  char what[64];
  snprintf(what, sizeof what, "reads on core (%u,%u)", of->x, of->y);
  check_landed_on(self, of, read->from, read->bytes, what);
  speak_of(self, &last);
}

static void check_written_elsewhere(thread *self, const posted *write,
                                    const core *at, uint32_t l1) {
  if (at == self->home)
    return;
  begun_at last = speak_of(self, &write->begun);
  char what[64];
  snprintf(what, sizeof what, "overwrites on core (%u,%u)", at->x, at->y);
  check_landed_on(self, at, at->l1 + l1, write->bytes, what);
  if (is_word(write))
    check_word_left(self, at, at->l1 + l1, what);
  else
    check_overwritten(self, at, at->l1 + l1, write->bytes, what);
  check_arrival(self, &write->by, at, l1, write->bytes);
  speak_of(self, &last);
}

// The kernel may look at what it has read.
static void hear_source(core *on, const core *of, const pending_read *read) {
  uint32_t l1 = (uint32_t)(read->from - of->l1);
  if (on->sim->strict == TSR_SIM_STRICT_OFF)
    return;
  if (of == on)
    hear_bytes(on, l1, read->bytes);
  else
    hear_remote(on, &on->sim->cores[of->index], l1, read->bytes);
}

static void land_port(thread *self, noc_port *port) {
  size_t kept = 0;
  for (size_t i = 0; i < port->read_count; i++) {
    const pending_read *read = &port->reads[i];
    const core *of = core_at(self->home->sim, read->from);
    if (read->is_due && read->is_shared)
      check_read_elsewhere(self, read, of);
    if (read->is_due && of)
      hear_source(self->home, of, read);
    if (read->is_due)
      memmove(read->to, read->from, read->bytes);
    else
      port->reads[kept++] = *read;
  }
  port->read_count = kept;
}

void finish_reads(thread *self, uint8_t transaction) {
  noc_port *port = current_port(self);
  bool waits = false;
  if (port->read_count)
    let_all_hear(self, port);
  for (size_t i = 0; i < port->read_count; i++) {
    pending_read *read = &port->reads[i];
    read->is_due =
        transaction == ANY_TRANSACTION || read->transaction == transaction;
    waits = waits || (read->is_due && read->is_shared);
  }
  if (waits)
    wait_for_epoch(self); // and they land meanwhile
  else
    land_port(self, port);
}

void land_due_reads(thread *self) {
  for (int noc = 0; noc < NOC_COUNT; noc++)
    if (self->ports[noc].read_count)
      land_port(self, &self->ports[noc]);
}

// -- Writes -------------------------------------------------------------------

static void add_word(char *at, uint32_t amount) {
  uint32_t value = 0;
  memcpy(&value, at, sizeof value);
  value += amount;
  memcpy(at, &value, sizeof value);
}

// What arrives and makes a difference is a progress. Words are not: they are
// signals, and whoever waits for one and has it makes the progress.
static void note_difference(thread *self, const posted *write, const char *to,
                            const char *from) {
  if (is_word(write) || memcmp(to, from, write->bytes) == 0)
    return;
  if (self == current_thread())
    note_turn(self, TURN_ACTED);
  else // between epochs: one host thread is at work
    self->home->sim->schedule.has_changed = true;
}

static void write_word(char *to, const posted *write) {
  for (unsigned i = 0; i < sizeof write->word; i++)
    if (write->enable >> i & 1)
      to[i] = (char)(write->word >> i * 8);
}

static void put(thread *self, const posted *write, char *to, const char *from) {
  if (is_increment(write)) {
    add_word(to, write->word);
  } else if (write->enable) {
    write_word(to, write);
  } else {
    note_difference(self, write, to, from);
    memmove(to, from, write->bytes);
  }
}

static void put_word(thread *self, const posted *word, core *at, uint32_t l1,
                     const char *from) {
  uint32_t before = word_before(at, l1);
  note_change(at, l1, self, &word->begun);
  put(self, word, at->l1 + l1, from);
  if (at->sim->strict != TSR_SIM_STRICT_OFF)
    bring_word(at, word, l1, before);
}

static void put_into_core(thread *self, const posted *write, const core *into,
                          uint32_t l1, const char *from) {
  core *at = &into->sim->cores[into->index];
  check_written_elsewhere(self, write, at, l1);
  mark_written(at, l1, write->bytes);
  if (is_word(write)) {
    put_word(self, write, at, l1, from);
    return;
  }
  if (at->sim->strict != TSR_SIM_STRICT_OFF)
    bring_data(at, write, l1, from);
  put(self, write, at->l1 + l1, from);
}

// Does to every core of a multicast what is to be done.
static void spread(thread *self, const posted *write, const char *from) {
  const tsr_sim *sim = self->home->sim;
  for (uint32_t i = 0; i < sim->core_count; i++) {
    const core *at = &sim->cores[i];
    if (in_rectangle(&write->rectangle, at) &&
        (at != self->home || write->with_source))
      put_into_core(self, write, at, write->l1, from);
  }
}

static void check_unchanged(thread *self, const noc_port *port,
                            const posted *write) {
  if (self->home->sim->strict == TSR_SIM_STRICT_OFF ||
      memcmp(write->from, port->snapshots + write->snapshot, write->bytes) == 0)
    return;
  break_rule(self,
             "the source of %s was changed before the write had left: %s or %s "
             "must come first",
             describe_earlier(self, &write->begun),
             name_call(self, CALL_noc_async_writes_flushed),
             name_call(self, CALL_noc_async_write_barrier));
}

// What a write brings: a word, or what was kept of its source.
static const char *payload(const noc_port *port, const posted *write) {
  return write->from ? port->snapshots + write->snapshot
                     : (const char *)&write->word;
}

static void deliver(thread *self, const noc_port *port, posted *write) {
  const char *from = payload(port, write);
  const core *at =
      is_multicast(write) ? NULL : core_at(self->home->sim, write->to);
  write->has_arrived = true;
  if (is_multicast(write))
    spread(self, write, from);
  else if (at)
    put_into_core(self, write, at, (uint32_t)(write->to - at->l1), from);
  else
    put(self, write, write->to, from);
  self->home->stored += !is_multicast(write) && write->from;
  stamp_drop(&write->by);
}

// A write leaves: from now on its source may change.
static void send(thread *self, noc_port *port, posted *write) {
  if (write->from) {
    check_unchanged(self, port, write);
    if (self->home->sim->strict != TSR_SIM_STRICT_ERROR)
      memcpy(port->snapshots + write->snapshot, write->from, write->bytes);
  }
  if (!is_multicast(write) && core_at(self->home->sim, write->to) == self->home)
    deliver(self, port, write);
  else if (is_word(write))
    note_signal(self, write);
}

static bool is_late(const noc_port *port) {
  return port->post_count > port->left_count;
}

// Meanwhile time alone may send the rest.
static void send_first(thread *self, noc_port *port, size_t count) {
  bool is_running = self == current_thread();
  for (size_t left = count - port->left_count; left > 0; left--) {
    if (is_running)
      let_target_hear(self, &port->posts[port->left_count]);
    if (!is_late(port))
      break;
    send(self, port, &port->posts[port->left_count]);
    port->left_count++;
  }
  // What waits to arrive is kept within bounds.
  if (is_running && port->snapshot_bytes > SNAPSHOTS_PER_EPOCH)
    await_arrival(self, port);
}

void send_writes(thread *self, noc_port *port, uint8_t transaction) {
  if (self == current_thread() && is_late(port))
    let_neighbours_see(self);
  size_t count = port->post_count;
  while (transaction != ANY_TRANSACTION && count > port->left_count &&
         port->posts[count - 1].transaction != transaction)
    count--;
  send_first(self, port, count);
}

void send_increments(thread *self, noc_port *port) {
  size_t count = port->post_count;
  while (count > port->left_count && !is_increment(&port->posts[count - 1]))
    count--;
  send_first(self, port, count);
}

void await_arrival(thread *self, noc_port *port) {
  bool waits = false;
  for (size_t i = 0; i < port->left_count && !waits; i++)
    waits = !port->posts[i].has_arrived;
  if (waits)
    wait_for_epoch(self);
}

// Moves what has not left, and its snapshots, to the front.
static void drop_left(noc_port *port) {
  size_t kept = port->post_count - port->left_count;
  size_t from = port->snapshot_bytes;
  memmove(port->posts, port->posts + port->left_count,
          kept * sizeof *port->posts);
  for (size_t i = kept; i-- > 0;)
    if (port->posts[i].from)
      from = port->posts[i].snapshot;
  for (size_t i = 0; i < kept; i++)
    port->posts[i].snapshot -= from;
  port->snapshot_bytes -= from;
  if (port->snapshot_bytes)
    memmove(port->snapshots, port->snapshots + from, port->snapshot_bytes);
  port->post_count = kept;
  port->left_count = 0;
}

void arrive(thread *self) {
  for (int noc = 0; noc < NOC_COUNT; noc++) {
    noc_port *port = &self->ports[noc];
    for (size_t i = 0; i < port->left_count; i++)
      if (!port->posts[i].has_arrived)
        deliver(self, port, &port->posts[i]);
    if (port->left_count)
      drop_left(port);
  }
}

static void take_snapshot(thread *self, noc_port *port, posted *write) {
  write->snapshot = port->snapshot_bytes;
  // A write of no bytes has a place as well: copies want one.
  port->snapshots = tsr_array_grow(
      NULL, port->snapshots, &port->snapshot_capacity,
      port->snapshot_bytes + write->bytes + 1, sizeof *port->snapshots);
  if (self->home->sim->strict != TSR_SIM_STRICT_OFF)
    memcpy(port->snapshots + port->snapshot_bytes, write->from, write->bytes);
  port->snapshot_bytes += write->bytes;
}

// -- Sending ------------------------------------------------------------------

void post(thread *self, posted write) {
  noc_port *port = current_port(self);
  write.begun = begin_here(self);
  write.transaction = port->write_transaction;
  write.by = stamp_write(self->home);
  const tsr_sim *sim = self->home->sim;
  bool is_flag = write.from && is_word(&write);
  if (is_word(&write))
    check_changed(self, &write);
  if (is_flag) {
    tell_of_data(sim, port, &write);
    tell_own(self, port, &write);
    if (!sim->target.noc_words_leave_late) {
      // The word has left its source before the kernel can change it.
      memcpy(&write.word, write.from, sizeof write.word);
      write.from = NULL;
    }
  }
  bool is_first = !is_late(port);
  if (write.from)
    take_snapshot(self, port, &write);
  if (write.from && !is_flag)
    expect_acknowledgement(self, port, &write);
  port->posts = tsr_array_grow(NULL, port->posts, &port->post_capacity,
                               port->post_count + 1, sizeof *port->posts);
  port->posts[port->post_count++] = write;
  if (!write.from && is_first)
    send_first(self, port, port->post_count);
}

static bool send_all_of(thread *self) {
  bool any = false;
  for (int noc = 0; noc < NOC_COUNT; noc++) {
    noc_port *port = &self->ports[noc];
    if (!is_late(port))
      continue;
    any = true;
    send_writes(self, port, ANY_TRANSACTION);
  }
  return any;
}

bool send_everything(tsr_sim *sim) {
  bool any = false;
  for (size_t i = 0; i < sim->schedule.active_count; i++)
    for (int p = 0; p < TSR_SIM_PROCESSOR_COUNT; p++) {
      thread *self = sim->schedule.active[i]->threads[p];
      if (self && send_all_of(self))
        any = true;
    }
  return any;
}

void finish_transfers(thread *self) {
  for (uint32_t noc = 0; noc < NOC_COUNT; noc++) {
    self->noc = noc;
    finish_reads(self, ANY_TRANSACTION);
  }
  send_all_of(self);
}

void forget_transfers(thread *self) {
  for (int noc = 0; noc < NOC_COUNT; noc++) {
    for (size_t i = 0; i < self->ports[noc].post_count; i++)
      stamp_drop(&self->ports[noc].posts[i].by);
    tsr_mem_resize(self->ports[noc].reads, 0);
    tsr_mem_resize(self->ports[noc].posts, 0);
    tsr_mem_resize(self->ports[noc].snapshots, 0);
    tsr_mem_resize(self->ports[noc].targets, 0);
    tsr_mem_resize(self->ports[noc].own, 0);
  }
  forget_signals(self);
  tsr_buffer_deinit(&self->earlier);
}
