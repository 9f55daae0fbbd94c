// The report of a deadlock: who waits for what, with counts, and the chain that
// leads to the cause. Text and JSON are two forms of the same facts.

#include "internal.h"

#include "tessera/json.h"
#include "tessera/vector.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *plural(uint64_t count) { return count == 1 ? "" : "s"; }

// -- semaphores ---------------------------------------------------------------

bool find_semaphore(const core *on, uint32_t l1, uint32_t *out_id) {
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

// -- what a thread waits for --------------------------------------------------

// What a thread waits for, and who would bring it: NULL where that is not known
// or nobody.
typedef struct need {
  char what[128];
  const thread *from;
  bool is_counted; // of pages, or free ones, or a semaphore's value:
  uint64_t wants, there;
  uint64_t holds, so_far; // of a circular buffer; holds 0: it is none
} need;

static void need_of_cb(const thread *self, need *out) {
  const cb_state *cb = &self->home->cbs[self->wait.cb];
  bool is_space = self->wait.kind == WAIT_CB_SPACE;
  uint64_t there = cb->pushed - cb->popped;
  snprintf(out->what, sizeof out->what, "%s %s",
           is_space ? "space in" : "pages of", cb->label);
  out->from = is_space ? cb->consumer : cb->producer;
  out->is_counted = true;
  out->wants = self->wait.amount;
  out->there = is_space ? cb->page_count - there : there;
  out->holds = cb->page_count;
  out->so_far = is_space ? cb->popped : cb->pushed;
}

static void need_of_word(const thread *self, need *out) {
  name_word(out->what, sizeof out->what, self);
  out->is_counted = true;
  out->wants = self->wait.amount;
  out->there = *self->wait.word;
}

static void need_of_thread(const thread *self, int from, const char *what,
                           need *out) {
  snprintf(out->what, sizeof out->what, "%s", what);
  out->from = self->home->threads[from];
}

static need need_of(const thread *self) {
  const wait_state *wait = &self->wait;
  need out = {.what = "a change of what it asks for"};
  switch (wait->kind) {
  case WAIT_CB_SPACE:
  case WAIT_CB_PAGES:
    need_of_cb(self, &out);
    break;
  case WAIT_SEMAPHORE_EQUAL:
  case WAIT_SEMAPHORE_MIN:
    need_of_word(self, &out);
    break;
  case WAIT_SOURCE_FREE:
  case WAIT_DST_FULL:
    need_of_thread(self, TSR_SIM_MATH, "math", &out);
    break;
  case WAIT_SOURCE_FULL:
    need_of_thread(self, TSR_SIM_UNPACK, "operands", &out);
    break;
  case WAIT_DST_FREE:
    need_of_thread(self, TSR_SIM_PACK, "a DST section", &out);
    break;
  case WAIT_MAIL_FREE:
    need_of_thread(self, wait->amount ? TSR_SIM_PACK : TSR_SIM_MATH,
                   "room for a word", &out);
    break;
  case WAIT_MAIL_FULL:
    need_of_thread(self, TSR_SIM_UNPACK, "a word", &out);
    break;
  case WAIT_EPOCH:
    if (self->rounds)
      snprintf(out.what, sizeof out.what, "the end of a loop");
    break;
  case WAIT_POLL:
  case WAIT_NOTHING:
    break;
  }
  return out;
}

static void describe_cb_wait(tsr_buffer *out, const thread *self) {
  need n = need_of(self);
  const char *label = self->home->cbs[self->wait.cb].label;
  bool is_space = self->wait.kind == WAIT_CB_SPACE;
  tsr_buffer_printf(out,
                    "%s: wants %" PRIu64 "%s page%s, %" PRIu64
                    " %s (of %" PRIu64 " it holds; %" PRIu64 " %s so far)",
                    label, n.wants, is_space ? " free" : "", plural(n.wants),
                    n.there, is_space ? "free" : "there", n.holds, n.so_far,
                    is_space ? "popped" : "pushed");
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

static void describe_turns(tsr_buffer *out, const thread *self) {
  if (self->rounds > 1)
    tsr_buffer_printf(
        out, "goes round %" PRIu64 " times without a call, and nothing changes",
        self->rounds);
  else if (self->rounds)
    tsr_buffer_append_str(out,
                          "goes round without a call, and nothing changes");
  else
    tsr_buffer_append_str(out,
                          self->turn == TURN_STIRRED
                              ? "goes on and on, and nobody notices"
                              : "asks again and again, and nothing changes");
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
    describe_turns(out, self);
    break;
  case WAIT_NOTHING:
    break;
  }
}

// -- Threads that are stuck in the same way -----------------------------------

typedef struct stuck {
  char *text;
  const thread *first;
  const core **cores;
  size_t core_count, core_capacity;
} stuck;

typedef struct stuck_list {
  stuck *items;
  size_t count, capacity;
} stuck_list;

static char *describe_stuck(const thread *self) {
  tsr_buffer text;
  tsr_buffer_init(&text);
  describe_role(&text, self);
  tsr_buffer_append_str(&text, ": ");
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
    list->items[list->count++] = (stuck){.text = text, .first = self};
  } else {
    tsr_mem_resize(text, 0);
  }
  stuck *same = &list->items[at];
  same->cores = tsr_array_grow(NULL, (void *)same->cores, &same->core_capacity,
                               same->core_count + 1, sizeof *same->cores);
  same->cores[same->core_count++] = self->home;
}

static bool is_stuck(const thread *self) { return self && !self->done; }

static void list_stuck(const tsr_sim *sim, stuck_list *out) {
  for (uint32_t i = 0; i < sim->core_count; i++)
    for (int p = 0; p < TSR_SIM_PROCESSOR_COUNT; p++)
      if (is_stuck(sim->cores[i].threads[p]))
        add_stuck(out, sim->cores[i].threads[p]);
}

static void free_stuck(stuck_list *list) {
  for (size_t i = 0; i < list->count; i++) {
    tsr_mem_resize(list->items[i].text, 0);
    tsr_mem_resize((void *)list->items[i].cores, 0);
  }
  tsr_mem_resize(list->items, 0);
}

static void print_stuck(const stuck *same, tsr_buffer *out) {
  tsr_buffer_printf(out, "\n  core%s", plural(same->core_count));
  for (size_t i = 0; i < same->core_count; i++)
    tsr_buffer_printf(out, " (%u,%u)", same->cores[i]->x, same->cores[i]->y);
  tsr_buffer_printf(out, ": %s", same->text);
}

static cJSON *role_to_json(const thread *self) {
  cJSON *made = tsr_json_object();
  tsr_json_add_text(made, "kernel", self->code->name);
  tsr_json_add_text(made, "thread", processor_name(self->processor));
  return made;
}

static cJSON *core_to_json(const core *on) {
  return tsr_json_ints((int[]){(int)on->x, (int)on->y}, 2);
}

static void add_need(cJSON *to, const need *n) {
  tsr_json_add_text(to, "waits_for", n->what);
  tsr_json_add(to, "from", n->from ? role_to_json(n->from) : tsr_json_null());
  if (!n->is_counted)
    return;
  tsr_json_add_number(to, "wants", (double)n->wants);
  tsr_json_add_number(to, "there", (double)n->there);
  if (!n->holds)
    return;
  tsr_json_add_number(to, "holds", (double)n->holds);
  tsr_json_add_number(to, "so_far", (double)n->so_far);
}

static cJSON *stuck_to_json(const stuck *same) {
  const thread *self = same->first;
  cJSON *made = role_to_json(self);
  cJSON *cores = tsr_json_add_array(made, "cores");
  for (size_t i = 0; i < same->core_count; i++)
    cJSON_AddItemToArray(cores, core_to_json(same->cores[i]));
  if (self->where.line) {
    tsr_json_add_text(made, "file", self->where.file);
    tsr_json_add_number(made, "line", self->where.line);
  }
  tsr_buffer op;
  tsr_buffer_init(&op);
  describe_op(&op, self);
  tsr_json_add_text(made, "op", tsr_buffer_str(&op));
  tsr_buffer_deinit(&op);
  need n = need_of(self);
  add_need(made, &n);
  return made;
}

// -- The chain ----------------------------------------------------------------

// Who waits for whom on a core, up to what ends it.
typedef struct chain {
  const thread *links[TSR_SIM_PROCESSOR_COUNT];
  need needs[TSR_SIM_PROCESSOR_COUNT];
  size_t count;
  const thread *last; // who would have to go on; NULL: not known
  const char *end;    // why it does not, for programs
  const char *text;   // and for people
} chain;

static chain follow(const thread *self) {
  bool seen[TSR_SIM_PROCESSOR_COUNT] = {false};
  chain out = {.count = 0};
  while (!out.end) {
    seen[self->processor] = true;
    need next = need_of(self);
    out.links[out.count] = self;
    out.needs[out.count++] = next;
    bool is_cb = next.holds > 0;
    if (!next.from && is_cb) {
      out.end = "unused";
      out.text = ", whose other end no kernel of this core has used yet";
    } else if (!next.from && self->rounds) {
      out.end = "endless";
      out.text = ", which is too long to wait for";
    } else if (!next.from) {
      out.end = "unchanged";
      out.text = ", which nothing that is left changes";
    } else if (next.from->done) {
      out.end = "ended";
      out.text = ", which has ended";
    } else if (seen[next.from->processor]) {
      out.end = "circle";
      out.text = ": a circle";
    }
    out.last = self = next.from;
  }
  return out;
}

static void print_chain(const chain *c, tsr_buffer *out) {
  const core *on = c->links[0]->home;
  tsr_buffer_printf(out, "\n  chain on core (%u,%u): ", on->x, on->y);
  describe_role(out, c->links[0]);
  for (size_t i = 0; i < c->count; i++) {
    tsr_buffer_printf(out, "%s waits for %s", i ? ", which" : "",
                      c->needs[i].what);
    if (!c->needs[i].from)
      continue;
    tsr_buffer_append_str(out, " from ");
    describe_role(out, c->needs[i].from);
  }
  tsr_buffer_append_str(out, c->text);
}

static cJSON *chain_to_json(const chain *c) {
  cJSON *made = tsr_json_object();
  tsr_json_add(made, "core", core_to_json(c->links[0]->home));
  cJSON *links = tsr_json_add_array(made, "links");
  for (size_t i = 0; i < c->count; i++) {
    cJSON *link = role_to_json(c->links[i]);
    cJSON_AddItemToArray(links, link);
    add_need(link, &c->needs[i]);
  }
  tsr_json_add_text(made, "end", c->end);
  return made;
}

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
// circle. Returns how many.
static size_t find_chains(const core *on, chain *out) {
  const thread *first = NULL;
  size_t count = 0;
  for (int p = 0; p < TSR_SIM_PROCESSOR_COUNT; p++) {
    const thread *self = on->threads[p];
    if (!is_stuck(self))
      continue;
    first = first ? first : self;
    if (!is_waited_for(self))
      out[count++] = follow(self);
  }
  if (count == 0 && first)
    out[count++] = follow(first);
  return count;
}

// -- The report ---------------------------------------------------------------

static void print_report(tsr_sim *sim, const stuck_list *list,
                         const chain *chains, size_t chain_count) {
  tsr_buffer *out = &sim->error;
  tsr_buffer_clear(out);
  tsr_buffer_printf(out,
                    "deadlock in program %s: every thread that is left waits",
                    sim->running->name);
  for (size_t i = 0; i < list->count; i++)
    print_stuck(&list->items[i], out);
  for (size_t i = 0; i < chain_count; i++)
    print_chain(&chains[i], out);
}

static cJSON *report_to_json(const tsr_sim *sim, const stuck_list *list,
                             const chain *chains, size_t chain_count) {
  cJSON *made = tsr_json_object();
  tsr_json_add_text(made, "program", sim->running->name);
  cJSON *report = tsr_json_add_object(made, "deadlock");
  cJSON *waiting = tsr_json_add_array(report, "waiting");
  for (size_t i = 0; i < list->count; i++)
    cJSON_AddItemToArray(waiting, stuck_to_json(&list->items[i]));
  cJSON *links = tsr_json_add_array(report, "chains");
  for (size_t i = 0; i < chain_count; i++)
    cJSON_AddItemToArray(links, chain_to_json(&chains[i]));
  return made;
}

void report_deadlock(tsr_sim *sim) {
  stuck_list list = {NULL, 0, 0};
  list_stuck(sim, &list);
  chain chains[TSR_SIM_PROCESSOR_COUNT];
  size_t chain_count =
      list.count ? find_chains(list.items[0].first->home, chains) : 0;
  print_report(sim, &list, chains, chain_count);
  sim->error_kind = TSR_SIM_ERROR_DEADLOCK;
  sim->error_where =
      list.count ? list.items[0].first->where : (tsr_sim_where){NULL, 0, 0};
  set_error_details(sim, report_to_json(sim, &list, chains, chain_count));
  free_stuck(&list);
}
