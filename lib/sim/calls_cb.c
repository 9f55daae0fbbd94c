// Calls of every thread: arguments, positions, circular buffers.

#include "recording.h"

#include <string.h>

// -- Arguments and positions --------------------------------------------------

static uint32_t read_word(const thread *self, uint32_t l1) {
  uint32_t word = 0;
  memcpy(&word, self->home->l1 + l1, sizeof word);
  return word;
}

static void check_arg(thread *self, const char *what, uint32_t index,
                      uint32_t count) {
  if (index >= count)
    fail_call(self, "reads %s %u of a kernel that was given %u on this core",
              what, index, count);
}

uint32_t tsr_sim_arg(uint32_t index, tsr_sim_where where) {
  thread *self = ask("get_arg_val", where);
  check_arg(self, "argument", index, self->arg_count);
  record_call(self, TSR_CLOCK_ARG);
  return read_word(self, self->args_l1 + index * 4);
}

uint32_t tsr_sim_common_arg(uint32_t index, tsr_sim_where where) {
  thread *self = ask("get_common_arg_val", where);
  check_arg(self, "common argument", index, self->common_count);
  record_call(self, TSR_CLOCK_ARG);
  return read_word(self, self->common_l1 + index * 4);
}

// What a kernel knows as a pointer: the core's place on the host plus `l1`.
static uint32_t pointer_to(const thread *self, uint32_t l1) {
  return (uint32_t)(uintptr_t)(self->home->l1 + l1);
}

// Kernels also ask where a list without words would be: reads are looked at.
uint32_t tsr_sim_arg_address(uint32_t index, tsr_sim_where where) {
  const thread *self = ask("get_arg_addr", where);
  return pointer_to(self, self->args_l1 + index * 4);
}

uint32_t tsr_sim_common_arg_address(uint32_t index, tsr_sim_where where) {
  const thread *self = ask("get_common_arg_addr", where);
  return pointer_to(self, self->common_l1 + index * 4);
}

uint32_t tsr_sim_logical_x(void) { return current_thread()->home->x; }
uint32_t tsr_sim_logical_y(void) { return current_thread()->home->y; }

uint32_t tsr_sim_relative_x(void) {
  const thread *self = current_thread();
  return self->home->x - self->code->first_x;
}

uint32_t tsr_sim_relative_y(void) {
  const thread *self = current_thread();
  return self->home->y - self->code->first_y;
}

uint32_t tsr_sim_noc_x(void) { return current_thread()->home->noc_x; }
uint32_t tsr_sim_noc_y(void) { return current_thread()->home->noc_y; }

void tsr_sim_fail(const char *call, const char *why, tsr_sim_where where) {
  fail_call(enter(call, where), "%s", why);
}

// -- Circular buffers ---------------------------------------------------------

cb_state *find_cb(thread *self, uint32_t cb) {
  cb_state *found = &self->home->cbs[cb < CB_MAX ? cb : 0];
  if (cb >= CB_MAX || !found->exists)
    fail_call(self, "there is no circular buffer %u on this core", cb);
  return found;
}

static void check_pages(thread *self, const cb_state *cb, uint32_t pages) {
  if (cb->page_count > UINT16_MAX)
    break_rule(self,
               "%s has %u pages, but what is handed over is counted in 16 "
               "bits: it may have %u",
               cb->label, cb->page_count, UINT16_MAX);
  if (pages > cb->page_count)
    fail_call(self,
              "%u pages at once of %s, which holds %u: this would never return",
              pages, cb->label, cb->page_count);
}

// One producer thread and one consumer thread per circular buffer and core.
static void check_role(thread *self, thread **role, const cb_state *cb,
                       const char *what) {
  if (!*role)
    *role = self;
  if (*role != self)
    break_rule(self, "%s has another %s on this core already: kernel '%s' (%s)",
               cb->label, what, (*role)->code->name,
               processor_name((*role)->processor));
}

// Kernels address the pages of a group as one piece of memory.
static void check_wrap(thread *self, const cb_state *cb, uint32_t first,
                       uint32_t pages) {
  if (first + pages > cb->page_count)
    break_rule(self,
               "%u pages from page %u of %s do not wrap at its end: it holds "
               "%u",
               pages, first, cb->label, cb->page_count);
}

// Pages pass between two threads; one that has both ends may go round for ever.
static void note_hand_over(thread *self, const cb_state *cb) {
  if (cb->producer != cb->consumer)
    note_turn(self, TURN_ACTED);
}

static const char *page_at(const thread *self, const cb_state *cb,
                           uint32_t page) {
  return self->home->l1 + cb->l1 + (size_t)page * cb->page_bytes;
}

void tsr_sim_cb_reserve(uint32_t cb, uint32_t pages, tsr_sim_where where) {
  thread *self = enter("cb_reserve_back", where);
  cb_state *on = find_cb(self, cb);
  check_pages(self, on, pages);
  check_role(self, &on->producer, on, "producer");
  record_cb(self, TSR_CLOCK_CB_RESERVE, cb, pages);
  block(self, (wait_state){.kind = WAIT_CB_SPACE, .cb = cb, .amount = pages});
  if (pages > on->reserved)
    on->reserved = pages;
}

void tsr_sim_cb_push(uint32_t cb, uint32_t pages, tsr_sim_where where) {
  thread *self = enter("cb_push_back", where);
  cb_state *on = find_cb(self, cb);
  check_role(self, &on->producer, on, "producer");
  check_pages(self, on, pages);
  if (pages > on->reserved && !on->is_global)
    break_rule(
        self, "pushes %u pages to %s with %u reserved: %s must come first",
        pages, on->label, on->reserved, name_call(self, CALL_cb_reserve_back));
  check_wrap(self, on, on->write_page, pages);
  check_arrived(self, page_at(self, on, on->write_page),
                pages * on->page_bytes);
  check_written(self, on, pages);
  record_cb(self, TSR_CLOCK_CB_PUSH, cb, pages);
  note_hand_over(self, on);
  on->pushed_at = where;
  on->reserved -= pages < on->reserved ? pages : on->reserved;
  on->pushed += pages;
  on->write_page = (on->write_page + pages) % on->page_count;
  on->pack_slot = 0;
}

void tsr_sim_cb_wait(uint32_t cb, uint32_t pages, tsr_sim_where where) {
  thread *self = enter("cb_wait_front", where);
  cb_state *on = find_cb(self, cb);
  check_pages(self, on, pages);
  check_role(self, &on->consumer, on, "consumer");
  check_early_read(self, on);
  record_cb(self, TSR_CLOCK_CB_WAIT, cb, pages);
  block(self, (wait_state){.kind = WAIT_CB_PAGES, .cb = cb, .amount = pages});
  on->waited_at = where;
  if (pages > on->fronted)
    on->fronted = pages;
}

void tsr_sim_cb_pop(uint32_t cb, uint32_t pages, tsr_sim_where where) {
  thread *self = enter("cb_pop_front", where);
  cb_state *on = find_cb(self, cb);
  check_role(self, &on->consumer, on, "consumer");
  check_pages(self, on, pages);
  if (pages > on->fronted && !on->is_global)
    break_rule(
        self, "pops %u pages of %s with %u waited for: %s must come first",
        pages, on->label, on->fronted, name_call(self, CALL_cb_wait_front));
  check_wrap(self, on, on->read_page, pages);
  // What the producer also sends elsewhere is its own to wait for.
  check_left(self, self, page_at(self, on, on->read_page),
             pages * on->page_bytes, "pops");
  // What lies on a tensor may be used without being handed over.
  if (on->pushed - on->popped >= pages)
    record_cb(self, TSR_CLOCK_CB_POP, cb, pages);
  note_hand_over(self, on);
  on->fronted -= pages < on->fronted ? pages : on->fronted;
  note_pops(self->home, on, pages);
  on->popped += pages;
  on->read_page = (on->read_page + pages) % on->page_count;
}

// Asks without blocking, and lets others run when the answer is no: a kernel
// may ask in a loop.
static bool holds_now(thread *self, wait_state wait) {
  self->wait = wait;
  bool yes = can_run(self);
  self->wait.kind = WAIT_NOTHING;
  // When asking in a loop, only the last time counts: until then it waits.
  if (yes)
    record_cb(self,
              wait.kind == WAIT_CB_SPACE ? TSR_CLOCK_CB_RESERVE
                                         : TSR_CLOCK_CB_WAIT,
              wait.cb, wait.amount);
  else
    block(self, (wait_state){.kind = WAIT_POLL, .cb = wait.cb});
  return yes;
}

bool tsr_sim_cb_can_reserve(uint32_t cb, uint32_t pages, tsr_sim_where where) {
  thread *self = ask("cb_pages_reservable_at_back", where);
  find_cb(self, cb);
  return holds_now(
      self, (wait_state){.kind = WAIT_CB_SPACE, .cb = cb, .amount = pages});
}

bool tsr_sim_cb_can_wait(uint32_t cb, uint32_t pages, tsr_sim_where where) {
  thread *self = ask("cb_pages_available_at_front", where);
  find_cb(self, cb);
  return holds_now(
      self, (wait_state){.kind = WAIT_CB_PAGES, .cb = cb, .amount = pages});
}

uint32_t tsr_sim_cb_write_ptr(uint32_t cb, tsr_sim_where where) {
  thread *self = ask("get_write_ptr", where);
  cb_state *on = find_cb(self, cb);
  mark_reachable(self, on);
  return pointer_to(self, on->l1 + on->write_page * on->page_bytes);
}

uint32_t tsr_sim_cb_read_ptr(uint32_t cb, tsr_sim_where where) {
  thread *self = ask("get_read_ptr", where);
  const cb_state *on = find_cb(self, cb);
  return pointer_to(self, on->l1 + on->read_page * on->page_bytes);
}

uint32_t tsr_sim_cb_end(uint32_t cb, tsr_sim_where where) {
  thread *self = ask("get_local_cb_interface", where);
  const cb_state *on = find_cb(self, cb);
  return pointer_to(self, on->l1 + on->page_count * on->page_bytes);
}

uint32_t tsr_sim_cb_page_bytes(uint32_t cb, tsr_sim_where where) {
  return find_cb(enter("get_entry_size", where), cb)->page_bytes;
}

uint32_t tsr_sim_cb_pages(uint32_t cb, tsr_sim_where where) {
  return find_cb(enter("get_total_num_entries", where), cb)->page_count;
}

uint32_t tsr_sim_cb_tile_bytes(uint32_t cb, tsr_sim_where where) {
  thread *self = ask("get_tile_size", where);
  return cb_tile_bytes(find_cb(self, cb));
}

uint32_t tsr_sim_cb_tile_rows(uint32_t cb, tsr_sim_where where) {
  return find_cb(ask("get_tile_hw", where), cb)->tile_rows;
}

uint32_t tsr_sim_cb_tile_cols(uint32_t cb, tsr_sim_where where) {
  return find_cb(ask("get_tile_hw", where), cb)->tile_cols;
}

uint32_t tsr_sim_cb_format(uint32_t cb, tsr_sim_where where) {
  thread *self = ask("get_dataformat", where);
  return find_cb(self, cb)->format;
}
