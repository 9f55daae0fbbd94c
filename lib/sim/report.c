// What the model says when a program is wrong.

#include "internal.h"

#include "tessera/vector.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

tsr_result fail_host(tsr_sim *sim, const char *format, ...) {
  tsr_buffer_clear(&sim->error);
  sim->error_where = (tsr_sim_where){NULL, 0, 0};
  va_list arguments;
  va_start(arguments, format);
  tsr_buffer_vprintf(&sim->error, format, arguments);
  va_end(arguments);
  return TSR_FAILED;
}

void describe_thread(tsr_buffer *out, const thread *self) {
  tsr_buffer_printf(out, "program %s, core (%u,%u), kernel '%s' (%s)",
                    self->code->program->name, self->home->x, self->home->y,
                    self->code->name, processor_name(self->processor));
}

tsr_sim_where tsr_sim_error_where(const tsr_sim *sim) {
  return sim->error_where;
}

void tsr_sim_set_op_names(tsr_sim *sim, tsr_sim_op_name *name,
                          tsr_sim_op_mnemonic *mnemonic, void *context) {
  sim->op_name = name;
  sim->op_mnemonic = mnemonic;
  sim->op_name_context = context;
}

void tsr_sim_set_user(tsr_sim *sim, const void *user) { sim->user = user; }

const void *tsr_sim_get_user(void) { return current_thread()->home->sim->user; }

const char *name_call(const thread *self, call_name call) {
  static const char *const names[][2] = {
#define TSR_SIM_CALL_NAME(id, op) {#id, op},
#include "call_names.def"
  };
  return names[call][self->home->sim->op_name != NULL];
}

begun_at begin_here(const thread *self) {
  return (begun_at){self->call, self->where};
}

static void describe_begun(tsr_buffer *out, const tsr_sim *sim,
                           const begun_at *begun) {
  if (begun->where.op && sim->op_name)
    sim->op_name(sim->op_name_context, begun->where.op, out);
  else
    tsr_buffer_append_str(out, begun->call);
}

void describe_call(tsr_buffer *out, const thread *self) {
  if (self->where.line && !self->where.op)
    tsr_buffer_printf(out, "%s:%u: ", self->where.file, self->where.line);
  begun_at now = begin_here(self);
  describe_begun(out, self->home->sim, &now);
}

const char *describe_earlier(thread *self, const begun_at *begun) {
  tsr_buffer_clear(&self->earlier);
  describe_begun(&self->earlier, self->home->sim, begun);
  if (begun->where.line)
    tsr_buffer_printf(&self->earlier, " at %s:%u", begun->where.file,
                      begun->where.line);
  return tsr_buffer_str(&self->earlier);
}

static const char *plural(uint64_t count) { return count == 1 ? "" : "s"; }

// -- Deadlock -----------------------------------------------------------------

static void describe_cb_wait(tsr_buffer *out, const thread *self) {
  const wait_state *wait = &self->wait;
  const cb_state *cb = &self->home->cbs[wait->cb];
  uint64_t there = cb->pushed - cb->popped;
  uint64_t space = cb->page_count - there;
  if (wait->kind == WAIT_CB_PAGES)
    tsr_buffer_printf(out,
                      "%s: wants %u page%s, %llu there (of %u it holds; %llu "
                      "pushed so far)",
                      cb->label, wait->amount, plural(wait->amount),
                      (unsigned long long)there, cb->page_count,
                      (unsigned long long)cb->pushed);
  else
    tsr_buffer_printf(out,
                      "%s: wants %u free page%s, %llu free (of %u it holds; "
                      "%llu popped so far)",
                      cb->label, wait->amount, plural(wait->amount),
                      (unsigned long long)space, cb->page_count,
                      (unsigned long long)cb->popped);
}

// Finds the semaphore at L1 address `l1`; false: none is there.
static bool find_semaphore(const core *on, uint32_t l1, uint32_t *out_id) {
  const tsr_target *target = &on->sim->target;
  *out_id = (l1 - target->kernel_config_base) / SEMAPHORE_STRIDE;
  return l1 >= target->kernel_config_base && *out_id < target->semaphore_count;
}

void note_change(const core *at, uint32_t l1, const thread *by,
                 const begun_at *begun) {
  uint32_t id = 0;
  if (!at->semaphores || !find_semaphore(at, l1, &id))
    return;
  semaphore_changes *changes = &at->semaphores[id];
  changes->count++;
  changes->by = by->code;
  changes->begun = *begun;
}

// "semaphore 3"
static void name_word(char *out, size_t bytes, const thread *self) {
  uint32_t l1 = (uint32_t)(uintptr_t)self->wait.word & L1_MASK, id = 0;
  if (find_semaphore(self->home, l1, &id))
    snprintf(out, bytes, "semaphore %u", id);
  else
    snprintf(out, bytes, "the word at L1 address 0x%x", l1);
}

// Whether it ever changed, and by whom.
static void describe_changes(tsr_buffer *out, const thread *self) {
  uint32_t l1 = (uint32_t)(uintptr_t)self->wait.word & L1_MASK, id = 0;
  if (!find_semaphore(self->home, l1, &id))
    return;
  const semaphore_changes *changes = &self->home->semaphores[id];
  if (changes->count == 0) {
    tsr_buffer_append_str(out, "; nothing has changed it");
    return;
  }
  tsr_buffer_printf(out, "; changed %llu time%s, the last by ",
                    (unsigned long long)changes->count, plural(changes->count));
  describe_begun(out, self->home->sim, &changes->begun);
  if (changes->begun.where.line)
    tsr_buffer_printf(out, " at %s:%u", changes->begun.where.file,
                      changes->begun.where.line);
  tsr_buffer_printf(out, " of kernel '%s'", changes->by->name);
}

static void describe_semaphore_wait(tsr_buffer *out, const thread *self) {
  const wait_state *wait = &self->wait;
  char name[64];
  name_word(name, sizeof name, self);
  tsr_buffer_printf(out, "%s: wants %s%u, is %u", name,
                    wait->kind == WAIT_SEMAPHORE_MIN ? "at least " : "",
                    wait->amount, *wait->word);
  describe_changes(out, self);
}

static void describe_wait(tsr_buffer *out, const thread *self) {
  switch (self->wait.kind) {
  case WAIT_CB_SPACE:
  case WAIT_CB_PAGES:
    describe_cb_wait(out, self);
    break;
  case WAIT_SEMAPHORE_EQUAL:
  case WAIT_SEMAPHORE_MIN:
    describe_semaphore_wait(out, self);
    break;
  case WAIT_SOURCE_FREE:
    tsr_buffer_append_str(out, "waits for math to use what is unpacked");
    break;
  case WAIT_SOURCE_FULL:
    tsr_buffer_append_str(out, "waits for unpack to bring operands");
    break;
  case WAIT_DST_FREE:
    tsr_buffer_append_str(out, "waits for pack to release a DST section");
    break;
  case WAIT_DST_FULL:
    tsr_buffer_append_str(out, "waits for math to commit a DST section");
    break;
  case WAIT_MAIL_FREE:
    tsr_buffer_printf(out, "waits for %s to take what it is told",
                      self->wait.amount ? "pack" : "math");
    break;
  case WAIT_MAIL_FULL:
    tsr_buffer_append_str(out, "waits for unpack to tell it");
    break;
  case WAIT_POLL:
  case WAIT_EPOCH:
    tsr_buffer_append_str(out, "asks again and again, and nothing changes");
    break;
  case WAIT_NOTHING:
    break;
  }
}

// Threads that are stuck in the same way, on however many cores.
typedef struct stuck {
  char *text;
  tsr_buffer cores;
  size_t core_count;
} stuck;

typedef struct stuck_list {
  stuck *items;
  size_t count, capacity;
} stuck_list;

static char *describe_stuck(const thread *self) {
  tsr_buffer text;
  tsr_buffer_init(&text);
  tsr_buffer_printf(&text, "kernel '%s' (%s): ", self->code->name,
                    processor_name(self->processor));
  if (self->where.line && self->where.op)
    tsr_buffer_printf(&text, "%s:%u: ", self->where.file, self->where.line);
  describe_call(&text, self);
  tsr_buffer_append_str(&text, ": ");
  describe_wait(&text, self);
  return text.data;
}

static void add_stuck(stuck_list *list, const thread *self) {
  char *text = describe_stuck(self);
  size_t at = 0;
  while (at < list->count && strcmp(list->items[at].text, text) != 0)
    at++;
  if (at == list->count) {
    list->items = tsr_array_grow(NULL, list->items, &list->capacity,
                                 list->count + 1, sizeof *list->items);
    list->items[list->count++].text = text;
    tsr_buffer_init(&list->items[at].cores);
  } else {
    free(text);
  }
  stuck *same = &list->items[at];
  tsr_buffer_printf(&same->cores, " (%u,%u)", self->home->x, self->home->y);
  same->core_count++;
}

// -- The chain of a deadlock --------------------------------------------------

// What a thread waits for, and who would bring it: NULL where that is not known
// or nobody.
typedef struct need {
  char what[128];
  const thread *from;
} need;

static need need_of(const thread *self) {
  const core *on = self->home;
  const wait_state *wait = &self->wait;
  need out = {"", NULL};
  switch (wait->kind) {
  case WAIT_CB_SPACE:
    snprintf(out.what, sizeof out.what, "space in %s", on->cbs[wait->cb].label);
    out.from = on->cbs[wait->cb].consumer;
    break;
  case WAIT_CB_PAGES:
    snprintf(out.what, sizeof out.what, "pages of %s", on->cbs[wait->cb].label);
    out.from = on->cbs[wait->cb].producer;
    break;
  case WAIT_SEMAPHORE_EQUAL:
  case WAIT_SEMAPHORE_MIN:
    name_word(out.what, sizeof out.what, self);
    break;
  case WAIT_SOURCE_FREE:
  case WAIT_DST_FULL:
    snprintf(out.what, sizeof out.what, "math");
    out.from = on->threads[TSR_SIM_MATH];
    break;
  case WAIT_SOURCE_FULL:
    snprintf(out.what, sizeof out.what, "operands");
    out.from = on->threads[TSR_SIM_UNPACK];
    break;
  case WAIT_DST_FREE:
    snprintf(out.what, sizeof out.what, "a DST section");
    out.from = on->threads[TSR_SIM_PACK];
    break;
  case WAIT_MAIL_FREE:
    snprintf(out.what, sizeof out.what, "room for a word");
    out.from = on->threads[wait->amount ? TSR_SIM_PACK : TSR_SIM_MATH];
    break;
  case WAIT_MAIL_FULL:
    snprintf(out.what, sizeof out.what, "a word");
    out.from = on->threads[TSR_SIM_UNPACK];
    break;
  case WAIT_POLL:
  case WAIT_EPOCH:
  case WAIT_NOTHING:
    snprintf(out.what, sizeof out.what, "a change of what it asks for");
    break;
  }
  return out;
}

static void describe_link(tsr_buffer *out, const thread *self) {
  tsr_buffer_printf(out, "kernel '%s' (%s)", self->code->name,
                    processor_name(self->processor));
}

// Follows who waits for whom on a core, from `self` on, to the thread that ends
// it: one that has ended, one that nobody known holds up, or one that was there
// before.
static void describe_chain(tsr_buffer *out, const thread *self) {
  bool seen[TSR_SIM_PROCESSOR_COUNT] = {false};
  tsr_buffer_printf(out, "\n  chain on core (%u,%u): ", self->home->x,
                    self->home->y);
  describe_link(out, self);
  while (!seen[self->processor]) {
    seen[self->processor] = true;
    need next = need_of(self);
    tsr_buffer_printf(out, " waits for %s", next.what);
    if (!next.from) {
      tsr_buffer_append_str(out, self->wait.kind == WAIT_CB_PAGES ||
                                         self->wait.kind == WAIT_CB_SPACE
                                     ? ", whose other end no kernel of this "
                                       "core has used yet"
                                     : ", which nothing that is left changes");
      return;
    }
    tsr_buffer_append_str(out, " from ");
    describe_link(out, next.from);
    if (next.from->done) {
      tsr_buffer_append_str(out, ", which has ended");
      return;
    }
    self = next.from;
    tsr_buffer_append_str(out,
                          seen[self->processor] ? ": a circle" : ", which");
  }
}

static bool is_stuck(const thread *self) { return self && !self->done; }

// True when another thread of the core that is stuck waits for `self`.
static bool is_waited_for(const thread *self) {
  for (int p = 0; p < TSR_SIM_PROCESSOR_COUNT; p++) {
    const thread *other = self->home->threads[p];
    if (is_stuck(other) && other != self && need_of(other).from == self)
      return true;
  }
  return false;
}

// The chains of a core, each from a thread that nobody waits for, or its one
// circle.
static void describe_chains(tsr_buffer *out, const core *on) {
  const thread *first = NULL;
  bool any = false;
  for (int p = 0; p < TSR_SIM_PROCESSOR_COUNT; p++) {
    const thread *self = on->threads[p];
    if (!is_stuck(self))
      continue;
    first = first ? first : self;
    if (is_waited_for(self))
      continue;
    describe_chain(out, self);
    any = true;
  }
  if (!any)
    describe_chain(out, first);
}

static const core *first_stuck(const tsr_sim *sim) {
  for (uint32_t i = 0; i < sim->core_count; i++)
    for (int p = 0; p < TSR_SIM_PROCESSOR_COUNT; p++)
      if (is_stuck(sim->cores[i].threads[p]))
        return &sim->cores[i];
  return NULL;
}

void report_deadlock(tsr_sim *sim) {
  stuck_list list = {NULL, 0, 0};
  for (uint32_t i = 0; i < sim->core_count; i++)
    for (int p = 0; p < TSR_SIM_PROCESSOR_COUNT; p++) {
      const thread *self = sim->cores[i].threads[p];
      if (self && !self->done)
        add_stuck(&list, self);
    }
  tsr_buffer_clear(&sim->error);
  sim->error_where = (tsr_sim_where){NULL, 0, 0};
  tsr_buffer_printf(&sim->error,
                    "deadlock in program %s: every thread that is left waits",
                    sim->running->name);
  for (size_t i = 0; i < list.count; i++) {
    stuck *same = &list.items[i];
    tsr_buffer_printf(&sim->error, "\n  core%s%s: %s", plural(same->core_count),
                      tsr_buffer_str(&same->cores), same->text);
    tsr_buffer_deinit(&same->cores);
    free(same->text);
  }
  free(list.items);
  const core *first = first_stuck(sim);
  if (first)
    describe_chains(&sim->error, first);
}
