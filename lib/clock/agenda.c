// The agenda: a heap of what happens next.

#include "internal.h"

static bool before(agenda_item a, agenda_item b) {
  return a.time != b.time ? a.time < b.time : a.order < b.order;
}

void agenda_push(agenda *on, uint64_t time, uint32_t order) {
  if (on->count == on->capacity)
    on->items = tsr_array_grow(NULL, on->items, &on->capacity, on->count + 1,
                               sizeof *on->items);
  agenda_item item = {time, order};
  size_t at = on->count++;
  while (at > 0) {
    size_t parent = (at - 1) / 4;
    if (!before(item, on->items[parent]))
      break;
    on->items[at] = on->items[parent];
    at = parent;
  }
  on->items[at] = item;
}

// The earliest of the up to four items under `parent`.
static size_t first_child(const agenda *on, size_t parent) {
  size_t child = parent * 4 + 1, best = child;
  for (size_t i = child + 1; i < child + 4 && i < on->count; i++)
    if (before(on->items[i], on->items[best]))
      best = i;
  return best;
}

agenda_item agenda_pop(agenda *on) {
  agenda_item top = on->items[0], last = on->items[--on->count];
  size_t at = 0;
  while (at * 4 + 1 < on->count) {
    size_t child = first_child(on, at);
    if (!before(on->items[child], last))
      break;
    on->items[at] = on->items[child];
    at = child;
  }
  on->items[at] = last;
  return top;
}

bool agenda_is_next(const agenda *on, agenda_item item) {
  return on->count == 0 || before(item, on->items[0]);
}
