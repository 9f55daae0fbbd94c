// Data on their way. A read lands at its barrier, until when its target holds
// poison. A write leaves its source when it is flushed, or when nothing else on
// the chip can move: as late as the chip may do it, so that a kernel that
// relies on less than the rules promise is found out.

#include "internal.h"

#include "tessera/vector.h"

#include <stdlib.h>
#include <string.h>

enum { POISON = 0xff }; // a NaN in every format

static bool overlap(const char *a, uint32_t a_bytes, const char *b,
                    uint32_t b_bytes) {
  return a < b + b_bytes && b < a + a_bytes;
}

// -- Reads --------------------------------------------------------------------

void begin_read(thread *self, const char *from, char *to, uint32_t bytes) {
  self->reads = tsr_array_grow(NULL, self->reads, &self->read_capacity,
                               self->read_count + 1, sizeof *self->reads);
  self->reads[self->read_count++] = (pending_read){.from = from,
                                                   .to = to,
                                                   .bytes = bytes,
                                                   .call = self->call,
                                                   .where = self->where};
  if (!overlap(from, bytes, to, bytes))
    memset(to, POISON, bytes);
}

void land_reads(thread *self) {
  for (size_t i = 0; i < self->read_count; i++)
    memmove(self->reads[i].to, self->reads[i].from, self->reads[i].bytes);
  self->read_count = 0;
}

static void check_landed_on(thread *self, const thread *reader, const char *at,
                            uint32_t bytes) {
  for (size_t i = 0; reader && i < reader->read_count; i++) {
    const pending_read *read = &reader->reads[i];
    if (overlap(read->to, read->bytes, at, bytes))
      break_rule(self,
                 "uses bytes that %s at %s:%u has begun to bring: "
                 "noc_async_read_barrier must come first",
                 read->call, read->where.file ? read->where.file : "?",
                 read->where.line);
  }
}

void check_landed(thread *self, const char *at, uint32_t bytes) {
  const core *on = self->home;
  check_landed_on(self, on->threads[TSR_SIM_BRISC], at, bytes);
  check_landed_on(self, on->threads[TSR_SIM_NCRISC], at, bytes);
}

// -- Writes -------------------------------------------------------------------

// Copies what is to be written to every core of a multicast.
static void spread(thread *self, const posted *write, const char *from) {
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
             "the source of %s at %s:%u was changed before the write had left: "
             "noc_async_writes_flushed or noc_async_write_barrier must come "
             "first",
             write->call, write->where.file ? write->where.file : "?",
             write->where.line);
}

static void land_post(thread *self, const posted *write) {
  const char *from = write->from;
  if (from)
    check_unchanged(self, write);
  else
    from = (const char *)&write->word;
  if (write->kind == POST_MULTICAST) {
    spread(self, write, from);
  } else if (write->kind == POST_WRITE) {
    memmove(write->to, from, write->bytes);
  } else {
    uint32_t value = 0;
    memcpy(&value, write->to, sizeof value);
    value += write->word;
    memcpy(write->to, &value, sizeof value);
  }
}

static void land_first(thread *self, size_t count) {
  for (size_t i = 0; i < count; i++)
    land_post(self, &self->posts[i]);
  if (!count)
    return;
  self->post_count -= count;
  memmove(self->posts, self->posts + count,
          self->post_count * sizeof *self->posts);
  if (self->post_count == 0)
    self->snapshot_bytes = 0;
}

static void take_snapshot(thread *self, posted *write) {
  write->snapshot = self->snapshot_bytes;
  if (self->home->sim->strict == TSR_SIM_STRICT_OFF)
    return;
  self->snapshots = tsr_array_grow(
      NULL, self->snapshots, &self->snapshot_capacity,
      self->snapshot_bytes + write->bytes, sizeof *self->snapshots);
  memcpy(self->snapshots + self->snapshot_bytes, write->from, write->bytes);
  self->snapshot_bytes += write->bytes;
}

void post(thread *self, posted write) {
  write.call = self->call;
  write.where = self->where;
  if (write.from && write.bytes == sizeof write.word) {
    // Flags: a word has left its source before the kernel can change it.
    memcpy(&write.word, write.from, sizeof write.word);
    write.from = NULL;
  }
  if (!write.from && self->post_count == 0) {
    land_post(self, &write);
    return;
  }
  if (write.from)
    take_snapshot(self, &write);
  self->posts = tsr_array_grow(NULL, self->posts, &self->post_capacity,
                               self->post_count + 1, sizeof *self->posts);
  self->posts[self->post_count++] = write;
}

void land_writes(thread *self) { land_first(self, self->post_count); }

void land_increments(thread *self) {
  size_t count = self->post_count;
  while (count > 0 && self->posts[count - 1].kind != POST_INCREMENT)
    count--;
  land_first(self, count);
}

bool land_everything(tsr_sim *sim) {
  bool any = false;
  for (uint32_t i = 0; i < sim->core_count && !sim->failed; i++)
    for (int p = 0; p < TSR_SIM_PROCESSOR_COUNT && !sim->failed; p++) {
      thread *self = sim->cores[i].threads[p];
      if (!self || self->post_count == 0)
        continue;
      any = true;
      land_writes(self);
    }
  return any;
}

void check_left(thread *self, const thread *writer, const char *at,
                uint32_t bytes, const char *what) {
  for (size_t i = 0; writer && i < writer->post_count; i++) {
    const posted *write = &writer->posts[i];
    if (write->from && overlap(write->from, write->bytes, at, bytes))
      break_rule(self,
                 "%s the source of %s at %s:%u, which may not have left yet: "
                 "noc_async_writes_flushed or noc_async_write_barrier must "
                 "come first",
                 what, write->call, write->where.file ? write->where.file : "?",
                 write->where.line);
  }
}

void forget_transfers(thread *self) {
  free(self->reads);
  free(self->posts);
  free(self->snapshots);
}
