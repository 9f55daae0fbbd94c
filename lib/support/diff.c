// Differences of texts: Myers' algorithm in linear space ("An O(ND) Difference
// Algorithm and Its Variations", 1986). Paths through the grid of both texts
// are followed from both ends; where they meet, the problem falls in two.

#include "tessera/support.h"

#include "tessera/arena.h"
#include "tessera/hash.h"
#include "tessera/vector.h"

#include <string.h>

enum {
  CONTEXT_LINES = 3,
  // Steps from each end after which the farthest point is as good as the best.
  MAX_STEPS = 256,
};

typedef struct lines {
  const char **texts;
  size_t *sizes;
  uintptr_t *ids; // equal where lines are equal
  bool *changed;
  size_t count, texts_room, sizes_room, ids_room;
} lines;

typedef struct differ {
  tsr_arena arena;
  tsr_bytes_map ids;
  uintptr_t next_id;
  lines a, b;
  // Per diagonal x - y, how far x the paths got; both from `offset` on.
  ptrdiff_t *forward, *backward;
} differ;

static void read_lines(differ *d, lines *all, const char *text) {
  while (*text) {
    size_t bytes = strcspn(text, "\n"), i = all->count++;
    all->texts = tsr_array_grow(&d->arena, all->texts, &all->texts_room, i + 1,
                                sizeof(*all->texts));
    all->sizes = tsr_array_grow(&d->arena, all->sizes, &all->sizes_room, i + 1,
                                sizeof(*all->sizes));
    all->ids = tsr_array_grow(&d->arena, all->ids, &all->ids_room, i + 1,
                              sizeof(*all->ids));
    // A last line without its end is another one than with it.
    bool has_end = text[bytes] == '\n';
    void **id = tsr_bytes_map_get(&d->ids, text, bytes + has_end, NULL);
    if (!*id)
      *id = (void *)++d->next_id;
    all->texts[i] = text;
    all->sizes[i] = bytes;
    all->ids[i] = (uintptr_t)*id;
    text += bytes + has_end;
  }
  all->changed = TSR_NEW_ARRAY(&d->arena, bool, all->count + 1);
}

// -- Comparing ----------------------------------------------------------------

// Lines [a0, a1) of one text and [b0, b1) of the other.
typedef struct box {
  ptrdiff_t a0, a1, b0, b1;
} box;

typedef struct point {
  ptrdiff_t x, y;
} point;

// Diagonals that one side has reached: those from `low` to `high`, of which it
// is at every second one.
typedef struct front {
  ptrdiff_t *at; // x by diagonal
  ptrdiff_t low, high;
} front;

static bool is_same(const differ *d, ptrdiff_t x, ptrdiff_t y) {
  return d->a.ids[x] == d->b.ids[y];
}

// One more changed line widens the front by a diagonal on each side, up to the
// edges of the box; `beyond` stands for what cannot be reached.
static void widen(front *f, ptrdiff_t first, ptrdiff_t last, ptrdiff_t beyond) {
  if (f->low > first)
    f->at[--f->low - 1] = beyond;
  else
    f->low++;
  if (f->high < last)
    f->at[++f->high + 1] = beyond;
  else
    f->high--;
}

static bool step_forward(const differ *d, const box *in, front *f,
                         const front *other, bool may_meet, point *out) {
  widen(f, in->a0 - in->b1, in->a1 - in->b0, in->a0 - 1);
  for (ptrdiff_t k = f->high; k >= f->low; k -= 2) {
    ptrdiff_t left = f->at[k - 1] + 1, above = f->at[k + 1];
    ptrdiff_t x = left > above ? left : above, y = x - k;
    while (x < in->a1 && y < in->b1 && is_same(d, x, y)) {
      x++;
      y++;
    }
    f->at[k] = x;
    *out = (point){x, y};
    if (may_meet && other->low <= k && k <= other->high && other->at[k] <= x)
      return true;
  }
  return false;
}

static bool step_backward(const differ *d, const box *in, front *f,
                          const front *other, bool may_meet, point *out) {
  widen(f, in->a0 - in->b1, in->a1 - in->b0, in->a1 + 1);
  for (ptrdiff_t k = f->high; k >= f->low; k -= 2) {
    ptrdiff_t below = f->at[k - 1], right = f->at[k + 1] - 1;
    ptrdiff_t x = below < right ? below : right, y = x - k;
    while (x > in->a0 && y > in->b0 && is_same(d, x - 1, y - 1)) {
      x--;
      y--;
    }
    f->at[k] = x;
    *out = (point){x, y};
    if (may_meet && other->low <= k && k <= other->high && x <= other->at[k])
      return true;
  }
  return false;
}

// The point of the front that has most of both texts behind it.
static point find_farthest(const box *in, const front *f) {
  point best = {in->a0, in->b0};
  for (ptrdiff_t k = f->low; k <= f->high; k += 2) {
    ptrdiff_t x = f->at[k] < in->a1 ? f->at[k] : in->a1, y = x - k;
    if (y > in->b1) {
      y = in->b1;
      x = y + k;
    }
    if (x >= in->a0 && y >= in->b0 && x + y > best.x + best.y)
      best = (point){x, y};
  }
  return best;
}

// A point on a shortest path through the box, or on a fair one.
static point find_middle(const differ *d, const box *in) {
  ptrdiff_t start = in->a0 - in->b0, end = in->a1 - in->b1;
  front forward = {d->forward, start, start},
        backward = {d->backward, end, end};
  forward.at[start] = in->a0;
  backward.at[end] = in->a1;
  bool is_odd = (start - end) & 1;
  point found;
  for (int steps = 0; steps < MAX_STEPS; steps++)
    if (step_forward(d, in, &forward, &backward, is_odd, &found) ||
        step_backward(d, in, &backward, &forward, !is_odd, &found))
      return found;
  return find_farthest(in, &forward);
}

static void mark(bool *changed, ptrdiff_t from, ptrdiff_t to) {
  while (from < to)
    changed[from++] = true;
}

static void compare(const differ *d, box in) {
  while (in.a0 < in.a1 && in.b0 < in.b1 && is_same(d, in.a0, in.b0)) {
    in.a0++;
    in.b0++;
  }
  while (in.a0 < in.a1 && in.b0 < in.b1 && is_same(d, in.a1 - 1, in.b1 - 1)) {
    in.a1--;
    in.b1--;
  }
  point at = {in.a0, in.b0};
  if (in.a0 < in.a1 && in.b0 < in.b1)
    at = find_middle(d, &in);
  bool is_start = at.x == in.a0 && at.y == in.b0;
  bool is_end = at.x == in.a1 && at.y == in.b1;
  if (is_start || is_end) {
    mark(d->a.changed, in.a0, in.a1);
    mark(d->b.changed, in.b0, in.b1);
    return;
  }
  compare(d, (box){in.a0, at.x, in.b0, at.y});
  compare(d, (box){at.x, in.a1, at.y, in.b1});
}

// -- Printing -----------------------------------------------------------------

static void append_line(tsr_buffer *out, char sign, const lines *all,
                        size_t i) {
  tsr_buffer_append_char(out, sign);
  tsr_buffer_append(out, all->texts[i], all->sizes[i]);
  tsr_buffer_append_char(out, '\n');
  if (all->texts[i][all->sizes[i]] != '\n')
    tsr_buffer_append_str(out, "\\ No newline at end of file\n");
}

// Where the next change begins, moving along lines that both texts have.
static bool skip_same(const differ *d, size_t *x, size_t *y) {
  while (*x < d->a.count && *y < d->b.count && !d->a.changed[*x] &&
         !d->b.changed[*y]) {
    ++*x;
    ++*y;
  }
  return *x < d->a.count || *y < d->b.count;
}

static void skip_changed(const lines *all, size_t *at) {
  while (*at < all->count && all->changed[*at])
    ++*at;
}

// The end of a hunk: changes with no more than twice the context between them
// go together.
static void find_end(const differ *d, size_t *x, size_t *y) {
  for (;;) {
    skip_changed(&d->a, x);
    skip_changed(&d->b, y);
    size_t next_x = *x, next_y = *y;
    if (!skip_same(d, &next_x, &next_y) || next_x - *x > 2 * CONTEXT_LINES)
      return;
    *x = next_x;
    *y = next_y;
  }
}

static void append_hunk(const differ *d, size_t x, size_t y, size_t end_x,
                        size_t end_y, tsr_buffer *out) {
  tsr_buffer_printf(out, "@@ -%zu,%zu +%zu,%zu @@\n", x + (end_x > x),
                    end_x - x, y + (end_y > y), end_y - y);
  while (x < end_x || y < end_y) {
    if (x < end_x && d->a.changed[x])
      append_line(out, '-', &d->a, x++);
    else if (y < end_y && d->b.changed[y])
      append_line(out, '+', &d->b, y++);
    else {
      append_line(out, ' ', &d->a, x++);
      y++;
    }
  }
}

static void append_hunks(const differ *d, tsr_buffer *out) {
  size_t x = 0, y = 0;
  while (skip_same(d, &x, &y)) {
    size_t before = x < CONTEXT_LINES ? x : CONTEXT_LINES;
    before = y < before ? y : before;
    size_t end_x = x, end_y = y;
    find_end(d, &end_x, &end_y);
    size_t after = d->a.count - end_x;
    after = after < CONTEXT_LINES ? after : CONTEXT_LINES;
    append_hunk(d, x - before, y - before, end_x + after, end_y + after, out);
    x = end_x;
    y = end_y;
  }
}

void tsr_append_diff(const char *old_text, const char *new_text,
                     tsr_buffer *out) {
  differ d = {.next_id = 0};
  tsr_arena_init(&d.arena);
  tsr_bytes_map_init(&d.ids);
  read_lines(&d, &d.a, old_text);
  read_lines(&d, &d.b, new_text);
  size_t offset = d.b.count + 2, count = d.a.count + d.b.count + 5;
  d.forward = TSR_NEW_ARRAY(&d.arena, ptrdiff_t, count) + offset;
  d.backward = TSR_NEW_ARRAY(&d.arena, ptrdiff_t, count) + offset;
  compare(&d, (box){0, (ptrdiff_t)d.a.count, 0, (ptrdiff_t)d.b.count});
  append_hunks(&d, out);
  tsr_bytes_map_deinit(&d.ids);
  tsr_arena_deinit(&d.arena);
}
