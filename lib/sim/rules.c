// The rules of the chip: what happens when one is broken, and those that look
// at more than one call.

#include "internal.h"

#include "tessera/json.h"
#include "tessera/vector.h"

#include <stdlib.h>
#include <string.h>

void tsr_sim_set_strict(tsr_sim *sim, tsr_sim_strict strict) {
  sim->strict = strict;
}

void tsr_sim_set_listener(tsr_sim *sim, tsr_sim_listener *listener,
                          void *context) {
  sim->listener = listener;
  sim->listener_context = context;
}

// -- Saying so ----------------------------------------------------------------

static bool is_same(const said *a, const said *b) {
  return a->format == b->format && a->code == b->code &&
         a->where.file == b->where.file && a->where.line == b->where.line &&
         a->where.op == b->where.op;
}

// True the first time that the core says `now`: a loop says it again.
static bool is_first_on(const core_report *report, const said *now) {
  for (size_t i = 0; i < report->remark_count; i++)
    if (is_same(&report->remarks[i].about, now))
      return false;
  return true;
}

// True the first time that any core says `now`.
static bool is_first(tsr_sim *sim, const said *now) {
  for (size_t i = 0; i < sim->said_count; i++)
    if (is_same(&sim->said[i], now))
      return false;
  sim->said = tsr_array_grow(NULL, sim->said, &sim->said_capacity,
                             sim->said_count + 1, sizeof *sim->said);
  sim->said[sim->said_count++] = *now;
  return true;
}

TSR_PRINTF(3, 0)
static void describe(breach *out, const thread *self, const char *format,
                     va_list arguments) {
  start_breach(out, self);
  describe_op(&out->op, self);
  tsr_buffer_vprintf(&out->rule, format, arguments);
}

static void forget(breach *dead) {
  tsr_buffer_deinit(&dead->op);
  tsr_buffer_deinit(&dead->rule);
}

TSR_PRINTF(3, 0)
static void say(const thread *self, tsr_sim_severity severity,
                const char *format, va_list arguments) {
  core_report *to = &self->home->report;
  said about = {.format = format, .code = self->code, .where = self->where};
  if (!self->home->sim->listener || !is_first_on(to, &about))
    return;
  breach what = {.self = NULL};
  describe(&what, self, format, arguments);
  to->remarks = tsr_array_grow(NULL, to->remarks, &to->remark_capacity,
                               to->remark_count + 1, sizeof *to->remarks);
  to->remarks[to->remark_count++] =
      (remark){.about = about, .severity = severity, .what = what};
}

static void tell(const tsr_sim *sim, const remark *now) {
  tsr_buffer text;
  tsr_buffer_init(&text);
  print_breach(&now->what, &text);
  cJSON *details = breach_to_json(&now->what);
  char *json = tsr_json_print_line(details);
  sim->listener(sim->listener_context, now->severity, now->about.where,
                tsr_buffer_str(&text), json);
  cJSON_free(json);
  cJSON_Delete(details);
  tsr_buffer_deinit(&text);
}

static void tell_remarks(tsr_sim *sim, core_report *from) {
  for (; from->told < from->remark_count; from->told++) {
    const remark *now = &from->remarks[from->told];
    if (is_first(sim, &now->about))
      tell(sim, now);
  }
}

void tell_reports(tsr_sim *sim) {
  for (uint32_t i = 0; i < sim->core_count && !sim->failed; i++) {
    core_report *from = &sim->cores[i].report;
    tell_lines(&sim->cores[i]);
    tell_remarks(sim, from);
    if (!from->failed)
      continue;
    sim->failed = true;
    tsr_buffer_clear(&sim->error);
    print_breach(&from->error, &sim->error);
    set_error_details(sim, breach_to_json(&from->error));
    sim->error_kind = TSR_SIM_ERROR_RULE;
    sim->error_where = from->error.where;
  }
}

void forget_reports(tsr_sim *sim) {
  for (uint32_t i = 0; i < sim->core_count; i++) {
    core_report *dead = &sim->cores[i].report;
    for (size_t k = 0; k < dead->remark_count; k++)
      forget(&dead->remarks[k].what);
    tsr_mem_resize(dead->remarks, 0);
    forget(&dead->error);
    *dead = (core_report){.failed = false};
  }
}

void fail_call(thread *self, const char *format, ...) {
  core_report *to = &self->home->report;
  va_list arguments;
  va_start(arguments, format);
  describe(&to->error, self, format, arguments);
  va_end(arguments);
  to->failed = true;
  leave_thread(self);
}

void break_rule(thread *self, const char *format, ...) {
  core_report *to = &self->home->report;
  tsr_sim_strict strict = self->home->sim->strict;
  if (strict == TSR_SIM_STRICT_OFF || to->failed)
    return;
  va_list arguments;
  va_start(arguments, format);
  if (strict == TSR_SIM_STRICT_WARN) {
    say(self, TSR_SIM_WARNING, format, arguments);
    va_end(arguments);
    return;
  }
  describe(&to->error, self, format, arguments);
  va_end(arguments);
  to->failed = true;
  // What is found between the threads' turns has nobody to leave.
  if (self == current_thread())
    leave_thread(self);
}

void note(const thread *self, const char *format, ...) {
  if (self->home->sim->strict == TSR_SIM_STRICT_OFF)
    return;
  va_list arguments;
  va_start(arguments, format);
  say(self, TSR_SIM_NOTE, format, arguments);
  va_end(arguments);
}

// -- Bytes of circular buffers ------------------------------------------------

static uint32_t cb_bytes(const cb_state *cb) {
  return cb->page_count * cb->page_bytes;
}

static bool holds(const cb_state *cb, uint32_t l1) {
  return cb->exists && l1 >= cb->l1 && l1 - cb->l1 < cb_bytes(cb);
}

// True when the bytes lie within `count` pages from page `first` on, which may
// go on at the start of the buffer.
static bool within(const cb_state *cb, uint32_t first, uint64_t count,
                   uint32_t l1, uint32_t bytes) {
  uint64_t start = l1 - cb->l1, end = start + bytes;
  uint64_t from = (uint64_t)first * cb->page_bytes;
  uint64_t to = from + count * cb->page_bytes;
  uint64_t size = cb_bytes(cb);
  if (count >= cb->page_count)
    return end <= size;
  if (to > size)
    return (start >= from && end <= size) || end <= to - size;
  return start >= from && end <= to;
}

// True when some of the bytes, which may run over the buffer's end, lie in
// those pages.
static bool overlaps(const cb_state *cb, uint32_t first, uint64_t count,
                     uint32_t l1, uint64_t bytes) {
  uint64_t start = l1 - cb->l1, end = start + bytes;
  uint64_t from = (uint64_t)first * cb->page_bytes;
  uint64_t to = from + count * cb->page_bytes;
  uint64_t size = cb_bytes(cb);
  uint64_t last = to < size ? to : size;
  if (count == 0)
    return false;
  return (start < last && end > from) || (to > size && start < to - size);
}

static bool is_reserved(const cb_state *cb, uint32_t l1, uint32_t bytes) {
  return within(cb, cb->write_page, cb->reserved, l1, bytes);
}

static bool is_fronted(const cb_state *cb, uint32_t l1, uint32_t bytes) {
  return within(cb, cb->read_page, cb->fronted, l1, bytes);
}

// Pushed and not popped.
static bool is_full(const cb_state *cb, uint32_t l1, uint32_t bytes) {
  return within(cb, cb->read_page, cb->pushed - cb->popped, l1, bytes);
}

// A buffer that nobody hands over is memory for a kernel's own use, and one
// over a tensor is filled and read by other means.
static bool is_queue(const cb_state *cb) {
  return (cb->producer || cb->consumer) && !cb->is_global;
}

static uint32_t page_of(const cb_state *cb, uint32_t l1) {
  return (l1 - cb->l1) / cb->page_bytes;
}

// The producer fills what it has reserved; the consumer may work in place on
// what it has waited for; a thread that is neither helps one of them.
static bool may_write(const cb_state *cb, const thread *self, uint32_t l1,
                      uint32_t bytes) {
  bool produces = cb->producer == self || cb->consumer != self;
  bool consumes = cb->consumer == self || cb->producer != self;
  return !is_queue(cb) || (produces && is_reserved(cb, l1, bytes)) ||
         (consumes && is_fronted(cb, l1, bytes));
}

// A producer may also send what it has pushed.
static bool may_read(const cb_state *cb, const thread *self, uint32_t l1,
                     uint32_t bytes) {
  return may_write(cb, self, l1, bytes) ||
         (cb->producer == self && is_full(cb, l1, bytes));
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

// Whether `self` may take or fill `bytes` bytes from `l1` on, which is in `cb`.
typedef bool cb_permits(cb_state *cb, thread *self, uint32_t l1,
                        uint32_t bytes);

typedef struct breach_at {
  const cb_state *cb; // NULL: nothing is allocated there
  uint32_t l1;
} breach_at;

// Up to where the memory from `l1` on is allocated; `l1`: it is not. A program
// without circular buffers may have laid out L1 by itself.
static uint64_t get_allocated_end(const core *on, uint32_t l1, uint64_t end) {
  memory_pool *pool = &on->sim->memories[TSR_SIM_L1];
  if (on->cb_end <= pool->first || l1 >= pool->end)
    return end;
  if (l1 < pool->first)
    return pool->first;
  const allocation *of = memory_find(pool, l1);
  return of ? of->base + of->bank_bytes : l1;
}

// What holds the byte at `l1`: true with where that ends, up to `*io_end`.
// Several buffers may share bytes: one that permits it is enough.
static bool permit_from(const core *on, thread *self, cb_permits *permits,
                        uint32_t l1, uint64_t *io_end, breach_at *out) {
  uint64_t end = *io_end, next = end, permitted = l1;
  *out = (breach_at){.l1 = l1};
  for (size_t i = 0; i < on->cb_count; i++) {
    cb_state *cb = &on->cbs[on->cb_ids[i]];
    if (cb->exists && cb->l1 > l1 && cb->l1 < next)
      next = cb->l1;
    if (!holds(cb, l1))
      continue;
    uint64_t to = (uint64_t)cb->l1 + cb_bytes(cb);
    if (!permits(cb, self, l1, (uint32_t)(end - l1)))
      out->cb = cb;
    else if (to > permitted)
      permitted = to;
  }
  *io_end = permitted;
  if (permitted > l1 || out->cb)
    return permitted > l1;
  uint64_t allocated = get_allocated_end(on, l1, end);
  *io_end = allocated < next ? allocated : next;
  return allocated > l1;
}

// Bytes may lie in several buffers: each has its say.
static bool permit_all(const core *on, thread *self, cb_permits *permits,
                       uint32_t l1, uint32_t bytes, breach_at *out) {
  uint64_t at = l1, end = (uint64_t)l1 + bytes;
  while (at < end) {
    uint64_t to = end;
    if (!permit_from(on, self, permits, (uint32_t)at, &to, out))
      return false;
    at = to;
  }
  return true;
}

static void break_unallocated(thread *self, const core *on, const char *does,
                              uint32_t l1) {
  const char *where = l1 < on->cb_end ? "are elsewhere" : "end";
  break_rule(self,
             "%s byte %u of core (%u,%u), where nothing is allocated: its "
             "circular buffers %s before byte %u",
             does, l1, on->x, on->y, where, on->cb_end);
}

static bool permits_write(cb_state *cb, thread *self, uint32_t l1,
                          uint32_t bytes) {
  return may_write(cb, self, l1, bytes);
}

void check_write_into(thread *self, uint32_t l1, uint32_t bytes) {
  breach_at at;
  check_low_memory(self, self->home, l1, bytes);
  if (permit_all(self->home, self, permits_write, l1, bytes, &at))
    return;
  if (!at.cb) {
    break_unallocated(self, self->home, "writes", at.l1);
    return;
  }
  break_rule(
      self,
      "writes %u B to page %u of %s, of which %u pages from page %u on are "
      "reserved: %s must come first",
      bytes, page_of(at.cb, at.l1), at.cb->label, at.cb->reserved,
      at.cb->write_page, name_call(self, CALL_cb_reserve_back));
}

static bool permits_read(cb_state *cb, thread *self, uint32_t l1,
                         uint32_t bytes) {
  return may_read(cb, self, l1, bytes);
}

// What lies in a buffer that somebody hands over already is that one's.
static bool is_in_queue(const core *on, uint32_t l1) {
  for (size_t i = 0; i < on->cb_count; i++) {
    const cb_state *cb = &on->cbs[on->cb_ids[i]];
    if (holds(cb, l1) && is_queue(cb))
      return true;
  }
  return false;
}

// Remembers reads from buffers that may yet be handed over.
static void note_early_read(thread *self, uint32_t l1, uint32_t bytes) {
  const core *on = self->home;
  if (bytes == 0 || is_in_queue(on, l1))
    return;
  for (size_t i = 0; i < on->cb_count; i++) {
    cb_state *cb = &on->cbs[on->cb_ids[i]];
    if (!holds(cb, l1))
      continue;
    cb->early_reader = self;
    cb->early_read = begin_here(self);
  }
}

void check_read_from(thread *self, uint32_t l1, uint32_t bytes) {
  breach_at at;
  note_early_read(self, l1, bytes);
  if (permit_all(self->home, self, permits_read, l1, bytes, &at))
    return;
  if (!at.cb) {
    break_unallocated(self, self->home, "reads", at.l1);
    return;
  }
  break_rule(self,
             "reads %u B from page %u of %s, of which %u pages from page %u "
             "on are waited for: %s must come first",
             bytes, page_of(at.cb, at.l1), at.cb->label, at.cb->fronted,
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

void show_cbs(core *on) {
  for (size_t i = 0; i < on->cb_count; i++) {
    cb_state *cb = &on->cbs[on->cb_ids[i]];
    cb->seen_queue = is_queue(cb);
    cb->seen_read_page = cb->read_page;
    cb->seen_full = cb->pushed - cb->popped;
  }
}

// Looks at the core as it was when the epoch began: whatever told `self` that
// pages are free did so before.
static bool permits_remote(cb_state *cb, thread *self, uint32_t l1,
                           uint32_t bytes) {
  (void)self;
  return !cb->seen_queue ||
         !overlaps(cb, cb->seen_read_page, cb->seen_full, l1, bytes);
}

// False: nothing is allocated there.
static bool check_remote(thread *self, const core *on, uint32_t l1,
                         uint32_t bytes) {
  breach_at at;
  check_low_memory(self, on, l1, bytes);
  if (on == self->home || !on->cbs ||
      permit_all(on, self, permits_remote, l1, bytes, &at))
    return true;
  if (at.cb)
    break_rule(self,
               "writes %u B to page %u of %s of core (%u,%u), which holds %llu "
               "pages from page %u on that are not popped yet",
               bytes, page_of(at.cb, at.l1), at.cb->label, on->x, on->y,
               (unsigned long long)at.cb->seen_full, at.cb->seen_read_page);
  return at.cb != NULL;
}

void check_remote_write(thread *self, const core *on, uint32_t l1,
                        uint32_t bytes) {
  if (!check_remote(self, on, l1, bytes))
    break_unallocated(self, on, "writes", l1);
}

bool check_multicast_write(thread *self, const core *on, uint32_t l1,
                           uint32_t bytes) {
  return check_remote(self, on, l1, bytes);
}

void break_lost_multicast(thread *self, const core *on, uint32_t l1) {
  break_unallocated(self, on, "writes", l1);
}

// -- At the end of a kernel ---------------------------------------------------

// Messages are about the last call that was not waited for.
static void go_back_to(thread *self, const begun_at *begun) {
  self->call = begun->call;
  self->where = begun->where;
}

static uint32_t count_writes(const noc_port *port) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < TRANSACTION_MAX; i++)
    count += port->writes[i];
  return count;
}

static void check_port_end(thread *self, const noc_port *port) {
  if (port->read_count) {
    go_back_to(self, &port->reads[port->read_count - 1].begun);
    break_rule(self, "the kernel ends with %zu reads that no %s waited for",
               port->read_count, name_call(self, CALL_noc_async_read_barrier));
  }
  if (count_writes(port)) {
    go_back_to(self, &port->last_write);
    break_rule(self, "the kernel ends with %u writes that no %s waited for",
               count_writes(port),
               name_call(self, CALL_noc_async_write_barrier));
  }
  if (port->posted_writes) {
    go_back_to(self, &port->last_posted_write);
    break_rule(self,
               "the kernel ends with %u posted writes that no "
               "noc_async_posted_writes_flushed waited for",
               port->posted_writes);
  }
  if (port->atomics) {
    go_back_to(self, &port->last_atomic);
    break_rule(self,
               "the kernel ends with %u semaphore increments that no "
               "noc_async_atomic_barrier waited for",
               port->atomics);
  }
  if (port->is_linked) {
    go_back_to(self, &port->linked);
    break_rule(self, "the kernel ends before the multicast that this one is "
                     "linked to");
  }
}

void check_kernel_end(thread *self) {
  for (int noc = 0; noc < NOC_COUNT; noc++)
    check_port_end(self, &self->ports[noc]);
  if (self->in_section) {
    bool is_math = self->processor == TSR_SIM_MATH;
    go_back_to(self, &self->section);
    break_rule(self, "the kernel ends before %s",
               name_call(self, is_math ? CALL_tile_regs_commit
                                       : CALL_tile_regs_release));
  }
}

// -- At the end of a program --------------------------------------------------

static void check_cb_at_exit(const core *on, uint32_t id) {
  cb_state *cb = &on->cbs[id];
  uint64_t waited = cb->popped + cb->fronted;
  if (cb->is_global)
    return;
  if (cb->producer && cb->pushed > waited) {
    cb->producer->call = "cb_push_back";
    cb->producer->where = cb->pushed_at;
    break_rule(cb->producer,
               "%llu of the %llu pages pushed to %s were never waited for",
               (unsigned long long)(cb->pushed - waited),
               (unsigned long long)cb->pushed, cb->label);
  } else if (cb->consumer && cb->fronted) {
    cb->consumer->call = "cb_wait_front";
    cb->consumer->where = cb->waited_at;
    static const char *const format =
        "%u pages of %s were waited for and never popped";
    if (cb->consumer->code->config.is_generated)
      break_rule(cb->consumer, format, cb->fronted, cb->label);
    else
      note(cb->consumer, format, cb->fronted, cb->label);
  }
}

void check_exit(tsr_sim *sim) {
  for (uint32_t i = 0; i < sim->core_count; i++) {
    const core *on = &sim->cores[i];
    for (size_t k = 0; k < on->cb_count && !on->report.failed; k++)
      check_cb_at_exit(on, on->cb_ids[k]);
  }
}
