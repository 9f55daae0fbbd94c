// Attributes: one object for each fact.

#include "impl.h"

#include "tessera/support.h"

#include <assert.h>
#include <math.h>
#include <string.h>

// Looks up by kind and content bytes; a new one is returned zeroed with
// *is_new set.
static tsr_attr *intern(tsr_context *context, tsr_attr_kind kind,
                        const void *content, size_t bytes, bool *is_new) {
  enum { INLINE_BYTES = 256 };
  char small[INLINE_BYTES];
  size_t total = bytes + 1;
  char *key = total <= sizeof small ? small : tsr_mem_resize(NULL, total);
  key[0] = (char)kind;
  if (bytes)
    memcpy(key + 1, content, bytes);
  void **place = tsr_bytes_map_get(&context->attrs, key, total, NULL);
  if (key != small)
    tsr_mem_resize(key, 0);
  *is_new = !*place;
  if (*is_new) {
    tsr_attr *attr = tsr_space_alloc(&context->space, sizeof *attr);
    attr->kind = kind;
    *place = attr;
  }
  return *place;
}

const tsr_attr *tsr_attr_int(tsr_context *context, int64_t value) {
  bool is_new;
  tsr_attr *attr = intern(context, TSR_ATTR_INT, &value, sizeof value, &is_new);
  attr->as.number = value;
  return attr;
}

const tsr_attr *tsr_attr_float(tsr_context *context, double value) {
  bool is_new;
  if (isnan(value))
    value = (double)NAN; // one NaN, whatever its bits
  tsr_attr *attr =
      intern(context, TSR_ATTR_FLOAT, &value, sizeof value, &is_new);
  attr->as.real = value;
  return attr;
}

const tsr_attr *tsr_attr_bool(tsr_context *context, bool value) {
  bool is_new;
  tsr_attr *attr =
      intern(context, TSR_ATTR_BOOL, &value, sizeof value, &is_new);
  attr->as.flag = value;
  return attr;
}

static bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool ir_is_name(const char *text) {
  const char *at = text;
  while (is_letter(*at) || is_digit(*at))
    at++;
  return at > text && !*at;
}

// Words with dots between them, none of which begins with a digit.
static bool is_keyword(const char *text) {
  for (; is_letter(*text); text++) {
    while (is_letter(*text) || is_digit(*text))
      text++;
    if (!*text)
      return true;
    if (*text != '.')
      return false;
  }
  return false;
}

static bool is_text_of(tsr_attr_kind kind, const char *text) {
  return kind == TSR_ATTR_STRING ||
         (kind == TSR_ATTR_SYMBOL ? ir_is_name(text) : is_keyword(text));
}

static const tsr_attr *intern_text(tsr_context *context, tsr_attr_kind kind,
                                   const char *text) {
  bool is_new;
  const char *name = tsr_context_intern(context, text);
  tsr_attr *attr = intern(context, kind, &name, sizeof name, &is_new);
  attr->as.text = name;
  if (is_new)
    attr->is_no_text = !is_text_of(kind, name);
  return attr;
}

const tsr_attr *tsr_attr_string(tsr_context *context, const char *text) {
  return intern_text(context, TSR_ATTR_STRING, text);
}

const tsr_attr *tsr_attr_keyword(tsr_context *context, const char *text) {
  return intern_text(context, TSR_ATTR_KEYWORD, text);
}

const tsr_attr *tsr_attr_symbol(tsr_context *context, const char *name) {
  return intern_text(context, TSR_ATTR_SYMBOL, name);
}

const tsr_attr *tsr_attr_type(tsr_context *context, const tsr_type *type) {
  bool is_new;
  tsr_attr *attr = intern(context, TSR_ATTR_TYPE, &type, sizeof type, &is_new);
  attr->as.type = type;
  attr->is_no_text = type->is_odd;
  return attr;
}

// Copies a list into the context's arena.
static const void *keep_list(tsr_context *context, const void *items,
                             size_t count, size_t bytes) {
  // The map of attributes has held these bytes, so their number does not
  // overflow.
  void *copy = tsr_space_alloc(&context->space, count * bytes + 1);
  if (count)
    memcpy(copy, items, count * bytes);
  return copy;
}

static void sum_up_items(tsr_attr *array) {
  for (size_t i = 0; i < array->count; i++) {
    const tsr_attr *item = array->as.items[i];
    array->depth = item->depth > array->depth ? item->depth : array->depth;
    array->is_no_text = array->is_no_text || item->is_no_text;
  }
  if (array->depth <= TSR_MAX_NESTING)
    array->depth++;
  array->is_no_text = array->is_no_text || array->depth > TSR_MAX_NESTING;
}

const tsr_attr *tsr_attr_array(tsr_context *context,
                               const tsr_attr *const *items, size_t count) {
  bool is_new;
  tsr_attr *attr =
      intern(context, TSR_ATTR_ARRAY, items, count * sizeof items[0], &is_new);
  if (is_new) {
    attr->count = count;
    attr->as.items = keep_list(context, items, count, sizeof items[0]);
    sum_up_items(attr);
  }
  return attr;
}

const tsr_attr *tsr_attr_cores(tsr_context *context,
                               const tsr_core_range *ranges, size_t count) {
  bool is_new;
  tsr_attr *attr = intern(context, TSR_ATTR_CORES, ranges,
                          count * sizeof ranges[0], &is_new);
  if (is_new) {
    attr->count = count;
    attr->as.ranges = keep_list(context, ranges, count, sizeof ranges[0]);
  }
  return attr;
}

// The number that would make a run longer; false when it does not fit.
static bool get_next(const tsr_run *run, int64_t *out) {
  int64_t distance;
  return tsr_mul_i64(run->step, (int64_t)run->count, &distance) &&
         tsr_add_i64(run->first, distance, out);
}

// Adds one number to the list of runs so far; greedy, so that one sequence of
// numbers always gives one list.
static size_t append_number(tsr_run *runs, size_t count, int64_t number) {
  tsr_run *last = count ? &runs[count - 1] : NULL;
  int64_t next, step;
  if (last && last->count == 1 && tsr_sub_i64(number, last->first, &step)) {
    last->step = step;
    last->count = 2;
    return count;
  }
  if (last && last->count > 1 && get_next(last, &next) && number == next) {
    last->count++;
    return count;
  }
  // Two numbers may only look like a run: 5, 1, 1, 1 is 5 and three ones.
  if (last && last->count == 2 && last->step != 0) {
    int64_t second = last->first + last->step;
    if (tsr_sub_i64(number, second, &step)) {
      last->count = 1;
      runs[count] = (tsr_run){second, step, 2};
      return count + 1;
    }
  }
  runs[count] = (tsr_run){.first = number, .step = 0, .count = 1};
  return count + 1;
}

// Adds a run: number by number until the list ends in a run of the same step,
// which takes the rest at once. That is so after the third number.
enum { NUMBERS_BY_ONE = 3 };

static size_t append_run(tsr_run *runs, size_t count, const tsr_run *run) {
  for (uint64_t k = 0; k < run->count; k++) {
    count = append_number(runs, count, run->first + run->step * (int64_t)k);
    tsr_run *last = &runs[count - 1];
    if (k == 0 || last->count < 2 || last->step != run->step)
      continue;
    last->count += run->count - k - 1;
    return count;
  }
  assert(run->count < NUMBERS_BY_ONE);
  return count;
}

const tsr_attr *tsr_attr_runs(tsr_context *context, const tsr_run *runs,
                              size_t count) {
  tsr_run *joined =
      tsr_mem_resize(NULL, (NUMBERS_BY_ONE * count + 1) * sizeof joined[0]);
  size_t joined_count = 0;
  for (size_t i = 0; i < count; i++)
    joined_count = append_run(joined, joined_count, &runs[i]);
  for (size_t i = 0; i < joined_count; i++)
    if (joined[i].count == 1)
      joined[i].step = 0;
  bool is_new;
  tsr_attr *attr = intern(context, TSR_ATTR_RUNS, joined,
                          joined_count * sizeof joined[0], &is_new);
  if (is_new) {
    attr->count = joined_count;
    attr->as.runs = keep_list(context, joined, joined_count, sizeof joined[0]);
  }
  tsr_mem_resize(joined, 0);
  return attr;
}

tsr_attr_kind tsr_attr_get_kind(const tsr_attr *attr) { return attr->kind; }

int64_t tsr_attr_get_int(const tsr_attr *attr) {
  assert(attr->kind == TSR_ATTR_INT);
  return attr->as.number;
}

double tsr_attr_get_float(const tsr_attr *attr) {
  assert(attr->kind == TSR_ATTR_FLOAT);
  return attr->as.real;
}

bool tsr_attr_get_bool(const tsr_attr *attr) {
  assert(attr->kind == TSR_ATTR_BOOL);
  return attr->as.flag;
}

const char *tsr_attr_get_text(const tsr_attr *attr) {
  assert(ir_attr_has_text(attr));
  return attr->as.text;
}

const tsr_type *tsr_attr_get_type(const tsr_attr *attr) {
  assert(attr->kind == TSR_ATTR_TYPE);
  return attr->as.type;
}

size_t tsr_attr_count(const tsr_attr *attr) { return attr->count; }

const tsr_attr *tsr_attr_item(const tsr_attr *attr, size_t i) {
  assert(attr->kind == TSR_ATTR_ARRAY && i < attr->count);
  return attr->as.items[i];
}

const tsr_core_range *tsr_attr_core_ranges(const tsr_attr *attr) {
  assert(attr->kind == TSR_ATTR_CORES);
  return attr->as.ranges;
}

const tsr_run *tsr_attr_run_list(const tsr_attr *attr) {
  assert(attr->kind == TSR_ATTR_RUNS);
  return attr->as.runs;
}

uint64_t tsr_cores_count(const tsr_attr *cores) {
  uint64_t count = 0;
  for (size_t i = 0; i < cores->count; i++) {
    const tsr_core_range *range = &cores->as.ranges[i];
    count += (uint64_t)(range->x1 - range->x0 + 1) *
             (uint64_t)(range->y1 - range->y0 + 1);
  }
  return count;
}

bool tsr_cores_contain(const tsr_attr *cores, uint32_t x, uint32_t y) {
  for (size_t i = 0; i < cores->count; i++) {
    const tsr_core_range *range = &cores->as.ranges[i];
    if (x >= range->x0 && x <= range->x1 && y >= range->y0 && y <= range->y1)
      return true;
  }
  return false;
}

void tsr_cores_list(const tsr_attr *cores, tsr_order order, uint32_t *xy) {
  uint32_t x_max = 0, y_max = 0;
  for (size_t i = 0; i < cores->count; i++) {
    const tsr_core_range *range = &cores->as.ranges[i];
    x_max = range->x1 > x_max ? range->x1 : x_max;
    y_max = range->y1 > y_max ? range->y1 : y_max;
  }
  uint32_t outer_max = order == TSR_ORDER_COLUMN ? x_max : y_max;
  uint32_t inner_max = order == TSR_ORDER_COLUMN ? y_max : x_max;
  size_t n = 0;
  for (uint32_t outer = 0; outer <= outer_max; outer++)
    for (uint32_t inner = 0; inner <= inner_max; inner++) {
      uint32_t x = order == TSR_ORDER_COLUMN ? outer : inner;
      uint32_t y = order == TSR_ORDER_COLUMN ? inner : outer;
      if (!tsr_cores_contain(cores, x, y))
        continue;
      xy[n++] = x;
      xy[n++] = y;
    }
}

uint64_t tsr_runs_count(const tsr_attr *runs) {
  uint64_t count = 0;
  for (size_t i = 0; i < runs->count; i++)
    count += runs->as.runs[i].count;
  return count;
}

int64_t tsr_runs_at(const tsr_attr *runs, uint64_t i) {
  const tsr_run *run = runs->as.runs;
  for (; i >= run->count; run++)
    i -= run->count;
  return run->first + run->step * (int64_t)i;
}
