// Data on their way. A read lands at its barrier, until when its target holds
// poison. A write leaves its source when it is flushed, or when nothing else on
// the chip can move: as late as the chip may do it, so that a kernel that
// relies on less than the rules promise is found out. Within the core it then
// arrives at once; elsewhere at the end of the epoch, when no core runs.

#include "internal.h"

#include "tessera/vector.h"

#include <stdlib.h>
#include <string.h>

enum {
  POISON = 0xff, // a NaN in every format
  // What one thread may have on its way before it waits for the epoch to end.
  SNAPSHOTS_PER_EPOCH = 256 * 1024
};

static bool overlap(const char *a, uint32_t a_bytes, const char *b,
                    uint32_t b_bytes) {
  return a < b + b_bytes && b < a + a_bytes;
}

// -- Reads --------------------------------------------------------------------

// The core of whose L1 `at` is part, or NULL: DRAM.
static const core *core_at(const tsr_sim *sim, const char *at) {
  uintptr_t into = (uintptr_t)at - (uintptr_t)sim->l1_base;
  return into < sim->core_count * L1_SPACING ? &sim->cores[into / L1_SPACING]
                                             : NULL;
}

// True when a core other than `self`'s may change `at` while `self` runs.
static bool is_shared(const thread *self, const char *at) {
  const core *owner = core_at(self->home->sim, at);
  return owner && owner != self->home && owner->cbs;
}

void begin_read(thread *self, const char *from, char *to, uint32_t bytes) {
  self->reads = tsr_array_grow(NULL, self->reads, &self->read_capacity,
                               self->read_count + 1, sizeof *self->reads);
  self->reads[self->read_count++] =
      (pending_read){.from = from,
                     .to = to,
                     .bytes = bytes,
                     .is_shared = is_shared(self, from),
                     .begun = begin_here(self)};
  if (!overlap(from, bytes, to, bytes))
    memset(to, POISON, bytes);
}

static void land_reads(thread *self) {
  for (size_t i = 0; i < self->read_count; i++)
    memmove(self->reads[i].to, self->reads[i].from, self->reads[i].bytes);
  self->read_count = 0;
}

void finish_reads(thread *self) {
  for (size_t i = 0; i < self->read_count && !self->reads_due; i++)
    self->reads_due = self->reads[i].is_shared;
  if (self->reads_due)
    wait_for_epoch(self);
  else
    land_reads(self);
}

void land_due_reads(thread *self) {
  if (self->reads_due)
    land_reads(self);
  self->reads_due = false;
}

static void check_landed_on(thread *self, const thread *reader, const char *at,
                            uint32_t bytes) {
  for (size_t i = 0; reader && i < reader->read_count; i++) {
    const pending_read *read = &reader->reads[i];
    if (overlap(read->to, read->bytes, at, bytes))
      break_rule(self,
                 "uses bytes that %s has begun to bring: %s must come first",
                 describe_earlier(self, &read->begun),
                 name_call(self, CALL_noc_async_read_barrier));
  }
}

void check_landed(thread *self, const char *at, uint32_t bytes) {
  const core *on = self->home;
  check_landed_on(self, on->threads[TSR_SIM_BRISC], at, bytes);
  check_landed_on(self, on->threads[TSR_SIM_NCRISC], at, bytes);
}

// -- Writes -------------------------------------------------------------------

// Copies what is to be written to every core of a multicast.
static void spread(const thread *self, const posted *write, const char *from) {
  const tsr_sim *sim = self->home->sim;
  for (uint32_t i = 0; i < sim->core_count; i++) {
    const core *at = &sim->cores[i];
    if (in_rectangle(&write->rectangle, at) &&
        (at != self->home || write->with_source))
      memmove(at->l1 + write->l1, from, write->bytes);
  }
}

static void check_unchanged(thread *self, const posted *write) {
  if (self->home->sim->strict == TSR_SIM_STRICT_OFF ||
      memcmp(write->from, self->snapshots + write->snapshot, write->bytes) == 0)
    return;
  break_rule(self,
             "the source of %s was changed before the write had left: %s or %s "
             "must come first",
             describe_earlier(self, &write->begun),
             name_call(self, CALL_noc_async_writes_flushed),
             name_call(self, CALL_noc_async_write_barrier));
}

// What a write brings: a word, or what was kept of its source.
static const char *payload(const thread *self, const posted *write) {
  return write->from ? self->snapshots + write->snapshot
                     : (const char *)&write->word;
}

static void deliver(const thread *self, posted *write) {
  const char *from = payload(self, write);
  write->has_arrived = true;
  if (write->kind == POST_MULTICAST) {
    spread(self, write, from);
  } else if (write->kind == POST_WRITE) {
    memmove(write->to, from, write->bytes);
    self->home->stored += write->from != NULL;
  } else {
    uint32_t value = 0;
    memcpy(&value, write->to, sizeof value);
    value += write->word;
    memcpy(write->to, &value, sizeof value);
  }
}

// A write leaves: from now on its source may change.
static void send(thread *self, posted *write) {
  if (write->from) {
    check_unchanged(self, write);
    if (self->home->sim->strict != TSR_SIM_STRICT_ERROR)
      memcpy(self->snapshots + write->snapshot, write->from, write->bytes);
  }
  if (write->kind != POST_MULTICAST &&
      core_at(self->home->sim, write->to) == self->home)
    deliver(self, write);
}

static void send_first(thread *self, size_t count) {
  for (; self->left_count < count; self->left_count++)
    send(self, &self->posts[self->left_count]);
  // What waits to arrive is kept within bounds.
  if (self == current_thread() && self->snapshot_bytes > SNAPSHOTS_PER_EPOCH)
    await_arrival(self);
}

void send_writes(thread *self) { send_first(self, self->post_count); }

void send_increments(thread *self) {
  size_t count = self->post_count;
  while (count > self->left_count &&
         self->posts[count - 1].kind != POST_INCREMENT)
    count--;
  send_first(self, count);
}

void await_arrival(thread *self) {
  bool waits = false;
  for (size_t i = 0; i < self->left_count && !waits; i++)
    waits = !self->posts[i].has_arrived;
  if (waits)
    wait_for_epoch(self);
}

// Moves what has not left, and its snapshots, to the front.
static void drop_left(thread *self) {
  size_t kept = self->post_count - self->left_count;
  size_t from = self->snapshot_bytes;
  memmove(self->posts, self->posts + self->left_count,
          kept * sizeof *self->posts);
  for (size_t i = kept; i-- > 0;)
    if (self->posts[i].from)
      from = self->posts[i].snapshot;
  for (size_t i = 0; i < kept; i++)
    self->posts[i].snapshot -= from;
  self->snapshot_bytes -= from;
  if (self->snapshot_bytes)
    memmove(self->snapshots, self->snapshots + from, self->snapshot_bytes);
  self->post_count = kept;
  self->left_count = 0;
}

void arrive(thread *self) {
  for (size_t i = 0; i < self->left_count; i++)
    if (!self->posts[i].has_arrived)
      deliver(self, &self->posts[i]);
  if (self->left_count)
    drop_left(self);
}

static void take_snapshot(thread *self, posted *write) {
  write->snapshot = self->snapshot_bytes;
  self->snapshots = tsr_array_grow(
      NULL, self->snapshots, &self->snapshot_capacity,
      self->snapshot_bytes + write->bytes, sizeof *self->snapshots);
  if (self->home->sim->strict != TSR_SIM_STRICT_OFF)
    memcpy(self->snapshots + self->snapshot_bytes, write->from, write->bytes);
  self->snapshot_bytes += write->bytes;
}

void post(thread *self, posted write) {
  write.begun = begin_here(self);
  if (write.from && write.bytes == sizeof write.word) {
    // Flags: a word has left its source before the kernel can change it.
    memcpy(&write.word, write.from, sizeof write.word);
    write.from = NULL;
  }
  bool is_first = self->post_count == self->left_count;
  if (write.from)
    take_snapshot(self, &write);
  self->posts = tsr_array_grow(NULL, self->posts, &self->post_capacity,
                               self->post_count + 1, sizeof *self->posts);
  self->posts[self->post_count++] = write;
  if (!write.from && is_first)
    send_writes(self);
}

bool send_everything(tsr_sim *sim) {
  bool any = false;
  for (size_t i = 0; i < sim->schedule.active_count; i++)
    for (int p = 0; p < TSR_SIM_PROCESSOR_COUNT; p++) {
      thread *self = sim->schedule.active[i]->threads[p];
      if (!self || self->post_count == self->left_count)
        continue;
      any = true;
      send_writes(self);
    }
  return any;
}

void check_left(thread *self, const thread *writer, const char *at,
                uint32_t bytes, const char *what) {
  for (size_t i = writer ? writer->left_count : 0;
       writer && i < writer->post_count; i++) {
    const posted *write = &writer->posts[i];
    if (write->from && overlap(write->from, write->bytes, at, bytes))
      break_rule(self,
                 "%s the source of %s, which may not have left yet: %s or %s "
                 "must come first",
                 what, describe_earlier(self, &write->begun),
                 name_call(self, CALL_noc_async_writes_flushed),
                 name_call(self, CALL_noc_async_write_barrier));
  }
}

void forget_transfers(thread *self) {
  free(self->reads);
  free(self->posts);
  free(self->snapshots);
  tsr_buffer_deinit(&self->earlier);
}
