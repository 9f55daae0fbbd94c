// What the model says when a program is wrong.

#include "internal.h"

#include "tessera/vector.h"

#include <stdlib.h>
#include <string.h>

tsr_result fail_host(tsr_sim *sim, const char *format, ...) {
  tsr_buffer_clear(&sim->error);
  va_list arguments;
  va_start(arguments, format);
  tsr_buffer_vprintf(&sim->error, format, arguments);
  va_end(arguments);
  return TSR_FAILED;
}

void describe_thread(tsr_buffer *out, const thread *self) {
  tsr_buffer_printf(out, "core (%u,%u), kernel '%s' (%s)", self->home->x,
                    self->home->y, self->code->name,
                    processor_name(self->processor));
}

void describe_call(tsr_buffer *out, const thread *self) {
  if (self->where.line)
    tsr_buffer_printf(out, "%s:%u: ", self->where.file, self->where.line);
  tsr_buffer_append_str(out, self->call);
}

// -- Deadlock -----------------------------------------------------------------

static const char *plural(uint64_t count) { return count == 1 ? "" : "s"; }

static void describe_cb_wait(tsr_buffer *out, const thread *self) {
  const wait_state *wait = &self->wait;
  const cb_state *cb = &self->home->cbs[wait->cb];
  uint64_t there = cb->pushed - cb->popped;
  uint64_t space = cb->page_count - there;
  if (wait->kind == WAIT_CB_PAGES)
    tsr_buffer_printf(out,
                      "circular buffer %u: wants %u page%s, %llu there (of %u "
                      "it holds; %llu pushed so far)",
                      wait->cb, wait->amount, plural(wait->amount),
                      (unsigned long long)there, cb->page_count,
                      (unsigned long long)cb->pushed);
  else
    tsr_buffer_printf(out,
                      "circular buffer %u: wants %u free page%s, %llu free (of "
                      "%u it holds; %llu popped so far)",
                      wait->cb, wait->amount, plural(wait->amount),
                      (unsigned long long)space, cb->page_count,
                      (unsigned long long)cb->popped);
}

static void describe_semaphore_wait(tsr_buffer *out, const thread *self) {
  const wait_state *wait = &self->wait;
  const tsr_target *target = &self->home->sim->target;
  uint32_t l1 = (uint32_t)(uintptr_t)wait->word & L1_MASK;
  uint32_t id = (l1 - target->kernel_config_base) / SEMAPHORE_STRIDE;
  if (l1 >= target->kernel_config_base && id < target->semaphore_count)
    tsr_buffer_printf(out, "semaphore %u", id);
  else
    tsr_buffer_printf(out, "the word at L1 address 0x%x", l1);
  tsr_buffer_printf(out, ": wants %s%u, is %u",
                    wait->kind == WAIT_SEMAPHORE_MIN ? "at least " : "",
                    wait->amount, *wait->word);
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
  case WAIT_POLL:
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

void report_deadlock(tsr_sim *sim) {
  stuck_list list = {NULL, 0, 0};
  for (uint32_t i = 0; i < sim->core_count; i++)
    for (int p = 0; p < TSR_SIM_PROCESSOR_COUNT; p++) {
      const thread *self = sim->cores[i].threads[p];
      if (self && !self->done)
        add_stuck(&list, self);
    }
  tsr_buffer_clear(&sim->error);
  tsr_buffer_append_str(&sim->error,
                        "deadlock: every thread that is left waits");
  for (size_t i = 0; i < list.count; i++) {
    stuck *same = &list.items[i];
    tsr_buffer_printf(&sim->error, "\n  core%s%s: %s", plural(same->core_count),
                      tsr_buffer_str(&same->cores), same->text);
    tsr_buffer_deinit(&same->cores);
    free(same->text);
  }
  free(list.items);
}
