// Who may use which bytes of L1: what the NoC and pointers read and write is
// held against the pages that circular buffers hand over, and against what is
// allocated at all.

#include "ranges.h"

enum { ARGUMENT_BYTES = 4 };

// A buffer that nobody hands over is memory for a kernel's own use, and one
// over a tensor is filled and read by other means.
static bool is_queue(const cb_state *cb) {
  return (cb->producer || cb->consumer) && !cb->is_global;
}

static bool is_reserved(const cb_state *cb, byte_range bytes) {
  return pages_hold((page_run){cb, cb->write_page, cb->reserved}, bytes);
}

static bool is_fronted(const cb_state *cb, byte_range bytes) {
  return pages_hold((page_run){cb, cb->read_page, cb->fronted}, bytes);
}

// Pushed and not popped.
static bool is_full(const cb_state *cb, byte_range bytes) {
  return pages_hold((page_run){cb, cb->read_page, cb->pushed - cb->popped},
                    bytes);
}

// Whether a queue lets `self` use all of `bytes`.
typedef bool queue_permits(const cb_state *cb, const thread *self,
                           byte_range bytes);

// The producer fills what it has reserved; the consumer may work in place on
// what it has waited for; a thread that is neither helps one of them.
static bool may_write(const cb_state *cb, const thread *self,
                      byte_range bytes) {
  bool produces = cb->producer == self || cb->consumer != self;
  bool consumes = cb->consumer == self || cb->producer != self;
  return (produces && is_reserved(cb, bytes)) ||
         (consumes && is_fronted(cb, bytes));
}

// A producer may also send what it has pushed.
static bool may_read(const cb_state *cb, const thread *self, byte_range bytes) {
  return may_write(cb, self, bytes) ||
         (cb->producer == self && is_full(cb, bytes));
}

// Up to where some bytes outside of all buffers are allocated; their start:
// they are not. A program without circular buffers may have laid out L1 by
// itself.
static uint64_t find_allocated_end(const core *on, byte_range bytes) {
  memory_pool *pool = &on->sim->memories[TSR_SIM_L1];
  if (on->cb_end <= pool->first || bytes.from >= pool->end)
    return bytes.to;
  const allocation *of = memory_find(pool, bytes.from);
  uint64_t end = of ? of->base + of->bank_bytes : bytes.from;
  if (bytes.from < pool->first)
    end = pool->first;
  return end < bytes.to ? end : bytes.to;
}

// The last of the buffers that the byte at `at` is in; NULL: it is in none.
static const cb_state *find_holder(const core *on, uint64_t at) {
  const cb_state *last = NULL;
  size_t next = 0;
  for (const cb_state *cb; (cb = next_holder(on, &next, at));)
    last = cb;
  return last;
}

// Up to where somebody may use what is left of an access to `on`, from its
// start, where buffers begin and end; its start: not at all.
typedef struct user {
  thread *self;
  const knowledge *known; // of other cores
} user;
typedef uint64_t find_reach(const user *by, const core *on, byte_range rest);

// The first byte that may not be used.
typedef struct refusal {
  uint32_t l1;
  const cb_state *cb; // that it is in; NULL: nothing is allocated there
} refusal;

static bool may_use(const user *by, const core *on, find_reach *reach,
                    byte_range access, refusal *out) {
  while (access.from < access.to) {
    uint64_t to = reach(by, on, access);
    if (to == access.from) {
      *out = (refusal){.l1 = (uint32_t)to, .cb = find_holder(on, to)};
      return false;
    }
    access.from = to;
  }
  return true;
}

// In front of all buffers is what the chip and the launch have put there. Of
// it, kernels write words: semaphores, their own arguments.
static void check_low_memory(thread *self, const core *at, uint32_t l1,
                             uint32_t bytes) {
  const tsr_target *target = &self->home->sim->target;
  uint32_t end = target->zeros_base + target->zeros_bytes;
  if (l1 < end && bytes > 0 && (uint64_t)l1 + bytes > target->zeros_base)
    break_rule(self,
               "writes %u B to byte %u of core (%u,%u), where kernels read "
               "zeros (MEM_ZEROS_BASE): bytes %u to %u stay as they are",
               bytes, l1, at->x, at->y, target->zeros_base, end - 1);
  else if (l1 < target->cb_base && bytes > SEMAPHORE_STRIDE)
    break_rule(self,
               "writes %u B to byte %u of core (%u,%u), where firmware, "
               "semaphores and arguments are: buffers begin at byte %u",
               bytes, l1, at->x, at->y, target->cb_base);
}

static uint32_t page_of(const refusal *at) {
  return (at->l1 - at->cb->l1) / at->cb->page_bytes;
}

static void break_unallocated(thread *self, const core *on, const char *does,
                              uint32_t l1) {
  const char *where = l1 < on->cb_end ? "are elsewhere" : "end";
  break_rule(self,
             "%s byte %u of core (%u,%u), where nothing is allocated: its "
             "circular buffers %s before byte %u",
             does, l1, on->x, on->y, where, on->cb_end);
}

// -- A core's own L1 ----------------------------------------------------------

// Behind the arguments that a kernel was given are those of another one, or
// nothing.
static void check_arguments(thread *self, byte_range access, const char *does) {
  const tsr_target *target = &self->home->sim->target;
  if (access.from >= target->cb_base || access.from < self->args_l1)
    return;
  bool is_common = self->common_count > 0 && access.from >= self->common_l1;
  uint32_t words = is_common ? self->common_l1 : self->args_l1;
  uint32_t count = is_common ? self->common_count : self->arg_count;
  byte_range beyond = {words + count * (uint64_t)ARGUMENT_BYTES,
                       target->kernel_config_base +
                           (uint64_t)target->kernel_config_bytes};
  if (!is_common && self->common_count > 0)
    beyond.to = self->common_l1;
  beyond = range_common(beyond, access);
  if (beyond.from < beyond.to)
    break_rule(self, "%s %s %u of a kernel that was given %u on this core",
               does, is_common ? "common argument" : "argument",
               (uint32_t)(beyond.from - words) / ARGUMENT_BYTES, count);
}

// What begins in the pages of a queue ends there as well. Where buffers share
// bytes, one that says yes is enough.
static bool is_permitted(const thread *self, const core *on, byte_range rest,
                         queue_permits *permits) {
  size_t next = 0;
  for (const cb_state *cb; (cb = next_holder(on, &next, rest.from));)
    if (is_queue(cb) && permits(cb, self, rest))
      return true;
  return false;
}

// Memory for a kernel's own use, in a buffer or in none. A buffer that is read
// from as such remembers it: should it be handed over later, that was early.
static uint64_t reach_of_memory(const core *on, byte_range rest,
                                const thread *reader) {
  bool is_held = false, is_memory = false;
  size_t next = 0;
  for (cb_state *cb; (cb = next_holder(on, &next, rest.from));) {
    is_held = true;
    if (is_queue(cb))
      continue;
    is_memory = true;
    if (reader) {
      cb->early_reader = reader;
      cb->early_read = begin_here(reader);
    }
  }
  if (is_held && !is_memory)
    return rest.from;
  byte_range piece = first_piece(on, rest);
  return is_held ? piece.to : find_allocated_end(on, piece);
}

static uint64_t reach_of_write(const user *by, const core *on,
                               byte_range rest) {
  return is_permitted(by->self, on, rest, may_write)
             ? rest.to
             : reach_of_memory(on, rest, NULL);
}

void check_write_into(thread *self, uint32_t l1, uint32_t bytes) {
  byte_range access = range_from(l1, bytes);
  refusal at;
  check_low_memory(self, self->home, l1, bytes);
  check_arguments(self, access, "writes");
  if (may_use(&(user){.self = self}, self->home, reach_of_write, access, &at))
    return;
  if (!at.cb) {
    break_unallocated(self, self->home, "writes", at.l1);
    return;
  }
  break_rule(
      self,
      "writes %u B to page %u of %s, of which %u pages from page %u on are "
      "reserved: %s must come first",
      bytes, page_of(&at), at.cb->label, at.cb->reserved, at.cb->write_page,
      name_call(self, CALL_cb_reserve_back));
}

static uint64_t reach_of_read(const user *by, const core *on, byte_range rest) {
  return is_permitted(by->self, on, rest, may_read)
             ? rest.to
             : reach_of_memory(on, rest, by->self);
}

void check_read_from(thread *self, uint32_t l1, uint32_t bytes) {
  byte_range access = range_from(l1, bytes);
  refusal at;
  check_arguments(self, access, "reads");
  if (may_use(&(user){.self = self}, self->home, reach_of_read, access, &at))
    return;
  if (!at.cb) {
    break_unallocated(self, self->home, "reads", at.l1);
    return;
  }
  break_rule(self,
             "reads %u B from page %u of %s, of which %u pages from page %u "
             "on are waited for: %s must come first",
             bytes, page_of(&at), at.cb->label, at.cb->fronted,
             at.cb->read_page, name_call(self, CALL_cb_wait_front));
}

void check_early_read(thread *self, cb_state *cb) {
  const thread *reader = cb->early_reader;
  cb->early_reader = NULL;
  if (reader == self && !cb->is_global)
    break_rule(self,
               "%s reads from %s before its pages are waited for: %s must come "
               "first",
               describe_earlier(self, &cb->early_read), cb->label,
               name_call(self, CALL_cb_wait_front));
}

// -- Another core's -----------------------------------------------------------

void show_cbs(core *on) {
  for (size_t i = 0; i < on->cb_count; i++) {
    cb_state *cb = &on->cbs[on->cb_ids[i]];
    cb->seen_queue = is_queue(cb);
    cb->seen_read_page = cb->read_page;
    cb->seen_full = cb->pushed - cb->popped;
    show_pops(cb);
  }
}

bool is_handed_over(const core *on, uint32_t l1) {
  size_t next = 0;
  for (const cb_state *cb; (cb = next_holder(on, &next, l1));)
    if (cb->seen_queue)
      return true;
  return false;
}

// Up to where the pages of `cb` are free, and known to be.
static uint64_t find_free_end(const knowledge *known, const core *on,
                              const cb_state *cb, byte_range bytes) {
  page_run full = {cb, cb->seen_read_page, cb->seen_full};
  bytes.to = pages_first(full, bytes);
  return bytes.from < bytes.to ? first_unheard(known, on, cb, bytes) : bytes.to;
}

// Looks at the core as it was when the epoch began, or has ended: whatever told
// that pages are free did so before.
static uint64_t reach_of_free(const user *by, const core *on, byte_range rest) {
  byte_range piece = first_piece(on, rest);
  uint64_t reach = rest.from;
  bool is_held = false;
  size_t next = 0;
  for (const cb_state *cb; (cb = next_holder(on, &next, rest.from));) {
    uint64_t to =
        cb->seen_queue ? find_free_end(by->known, on, cb, piece) : piece.to;
    reach = to > reach ? to : reach;
    is_held = true;
  }
  return is_held ? reach : find_allocated_end(on, piece);
}

static void break_not_free(thread *self, const core *on, const refusal *at,
                           uint32_t bytes) {
  const cb_state *cb = at->cb;
  page_run full = {cb, cb->seen_read_page, cb->seen_full};
  byte_range byte = range_from(at->l1, 1);
  if (pages_first(full, byte) == byte.from)
    break_rule(self,
               "writes %u B to page %u of %s of core (%u,%u), which holds %llu "
               "pages from page %u on that are not popped yet",
               bytes, page_of(at), cb->label, on->x, on->y,
               (unsigned long long)cb->seen_full, cb->seen_read_page);
  else
    break_rule(self,
               "writes %u B to page %u of %s of core (%u,%u), which was popped "
               "since without core (%u,%u) having heard of it: a signal that "
               "the page is free must come first",
               bytes, page_of(at), cb->label, on->x, on->y, self->home->x,
               self->home->y);
}

bool check_remote_write(thread *self, const core *on, uint32_t l1,
                        uint32_t bytes, uint32_t *out_lost) {
  refusal at;
  check_low_memory(self, on, l1, bytes);
  if (on == self->home || !on->cbs ||
      may_use(&(user){self, self->home->known}, on, reach_of_free,
              range_from(l1, bytes), &at))
    return true;
  *out_lost = at.l1;
  if (at.cb)
    break_not_free(self, on, &at, bytes);
  return at.cb != NULL;
}

void check_arrival(thread *self, const stamp *by, const core *on, uint32_t l1,
                   uint32_t bytes) {
  refusal at;
  if (on->cbs &&
      !may_use(&(user){self, by->known}, on, reach_of_free,
               range_from(l1, bytes), &at) &&
      at.cb)
    break_not_free(self, on, &at, bytes);
}

void break_lost_write(thread *self, const core *on, uint32_t l1) {
  break_unallocated(self, on, "writes", l1);
}
