// Where time goes: stretches within stretches, as a tree, a table or JSON.

#include "watch_impl.h"

#include <string.h>
#include <time.h>

static double now_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void times_init(times *t) {
  *t = (times){.root = {.name = "all"}};
  tsr_arena_init(&t->arena);
  t->now = &t->root;
  t->root.started = now_seconds();
}

void times_deinit(times *t) { tsr_arena_deinit(&t->arena); }

// The stretch of that name within the one that runs: what comes again adds up.
static stretch *find_stretch(times *t, const char *name, const void *key) {
  for (stretch *s = t->now->first; s; s = s->next)
    if (s->key == key && strcmp(s->name, name) == 0)
      return s;
  stretch *made = TSR_NEW(&t->arena, stretch);
  *made = (stretch){.name = name, .key = key, .outer = t->now};
  if (t->now->last)
    t->now->last->next = made;
  else
    t->now->first = made;
  t->now->last = made;
  return made;
}

void times_enter(times *t, const char *name, const void *key, bool is_pass) {
  t->now = find_stretch(t, name, key);
  t->now->is_pass = is_pass;
  t->now->count++;
  t->now->started = now_seconds();
}

void times_leave(times *t) {
  t->now->seconds += now_seconds() - t->now->started;
  t->now = t->now->outer;
}

static double inner_seconds(const stretch *s) {
  double sum = 0;
  for (const stretch *inner = s->first; inner; inner = inner->next)
    sum += inner->seconds;
  return sum;
}

static double own_seconds(const stretch *s) {
  double seconds = s->seconds - inner_seconds(s);
  return seconds > 0 ? seconds : 0;
}

static double share(double seconds, double whole) {
  return whole > 0 ? 100 * seconds / whole : 0;
}

// -- The tree -----------------------------------------------------------------

static void print_row(tsr_buffer *out, double seconds, double whole,
                      size_t depth, const char *name) {
  tsr_buffer_printf(out, "%10.6f  %5.1f %%  %*s%s\n", seconds,
                    share(seconds, whole), (int)(2 * depth), "", name);
}

static void print_inner(const stretch *s, double whole, size_t depth,
                        tsr_buffer *out) {
  for (const stretch *inner = s->first; inner; inner = inner->next) {
    print_row(out, inner->seconds, whole, depth, inner->name);
    print_inner(inner, whole, depth + 1, out);
  }
}

static void print_tree(const times *t, tsr_buffer *out) {
  double whole = t->root.seconds;
  tsr_buffer_append_str(out, "   seconds    share  step\n");
  print_inner(&t->root, whole, 0, out);
  print_row(out, own_seconds(&t->root), whole, 0, "rest");
  print_row(out, whole, whole, 0, "all");
}

// -- The table ----------------------------------------------------------------

// All stretches of one name, without what is within them.
typedef struct sum {
  const char *name;
  double seconds;
  uint64_t count;
} sum;

typedef struct sums {
  tsr_arena *arena;
  sum *items;
  size_t count, capacity;
} sums;

static const char *short_name(times *t, const stretch *s) {
  return s->is_pass
             ? tsr_arena_strndup(&t->arena, s->name, strcspn(s->name, "{"))
             : s->name;
}

static void add_to_sums(times *t, sums *all, const stretch *s) {
  const char *name = s == &t->root ? "rest" : short_name(t, s);
  size_t i = 0;
  while (i < all->count && strcmp(all->items[i].name, name) != 0)
    i++;
  if (i == all->count) {
    all->items = tsr_array_grow(all->arena, all->items, &all->capacity,
                                all->count + 1, sizeof(*all->items));
    all->items[all->count++] = (sum){.name = name};
  }
  all->items[i].seconds += own_seconds(s);
  all->items[i].count += s->count;
  for (const stretch *inner = s->first; inner; inner = inner->next)
    add_to_sums(t, all, inner);
}

// Longest first; there are few, so by insertion.
static void sort_sums(sums *all) {
  for (size_t i = 1; i < all->count; i++) {
    sum moved = all->items[i];
    size_t at = i;
    for (; at > 0 && all->items[at - 1].seconds < moved.seconds; at--)
      all->items[at] = all->items[at - 1];
    all->items[at] = moved;
  }
}

static void print_table(times *t, tsr_buffer *out) {
  double whole = t->root.seconds;
  sums all = {.arena = &t->arena};
  t->root.count = 1;
  add_to_sums(t, &all, &t->root);
  sort_sums(&all);
  tsr_buffer_append_str(out, "   seconds    share   runs  step, without what "
                             "it contains\n");
  for (size_t i = 0; i < all.count; i++)
    tsr_buffer_printf(out, "%10.6f  %5.1f %%  %5zu  %s\n", all.items[i].seconds,
                      share(all.items[i].seconds, whole),
                      (size_t)all.items[i].count, all.items[i].name);
  tsr_buffer_printf(out, "%10.6f  100.0 %%         all\n", whole);
}

void times_print(times *t, const char *form, tsr_buffer *out) {
  t->root.seconds = now_seconds() - t->root.started;
  if (strcmp(form, "table") == 0)
    print_table(t, out);
  else
    print_tree(t, out);
}

// -- JSON ---------------------------------------------------------------------

static cJSON *to_json(const stretch *s) {
  cJSON *object = cJSON_CreateObject();
  cJSON_AddStringToObject(object, "name", s->name);
  cJSON_AddNumberToObject(object, "seconds", s->seconds);
  cJSON_AddNumberToObject(object, "runs", (double)s->count);
  cJSON *steps = s->first ? cJSON_AddArrayToObject(object, "steps") : NULL;
  for (const stretch *inner = s->first; inner; inner = inner->next)
    cJSON_AddItemToArray(steps, to_json(inner));
  return object;
}

cJSON *times_json(times *t) {
  t->root.seconds = now_seconds() - t->root.started;
  t->root.count = 1;
  return to_json(&t->root);
}
