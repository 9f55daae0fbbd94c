// What has come to a core's L1 from other cores, until it hears of it.
//
// Words are kept with the values that they made: who waits for a value hears
// those words that brought it about, and none that came after them, for on the
// chip these may still be on their way then. Who looks at bytes hears all that
// came there. Data are heard of by a word that follows them, or by looking.
//
// Words are kept in the order of their addresses, and of one address in the
// order in which they came. Data are kept as ranges that have no byte in
// common, in order.

#include "internal.h"

#include "tessera/vector.h"

enum {
  // Words of one address that are kept apart: enough for a ring of pages of
  // every core.
  WORDS_APART = 2048,
  // What comes is compared in units; who uses data uses no smaller part of
  // them, as NoCs move data between places that are aligned like this.
  UNIT_BYTES = 16
};

// -- What changes -------------------------------------------------------------

// The first unit, from byte `at` on, that changes, or that does not.
static uint32_t find_unit(const char *has, const char *gets, uint32_t bytes,
                          uint32_t at, bool changes) {
  for (; at + UNIT_BYTES <= bytes; at += UNIT_BYTES)
    if ((memcmp(has + at, gets + at, UNIT_BYTES) != 0) == changes)
      return at;
  return at < bytes && (memcmp(has + at, gets + at, bytes - at) != 0) == changes
             ? at
             : bytes;
}

bool next_change(const char *has, const char *gets, uint32_t bytes,
                 uint32_t *io_next, uint32_t *out_first, uint32_t *out_end) {
  uint32_t first = find_unit(has, gets, bytes, *io_next, true);
  if (first == bytes)
    return false;
  uint32_t end = find_unit(has, gets, bytes, first, false);
  *io_next = end;
  while (has[first] == gets[first])
    first++;
  while (has[end - 1] == gets[end - 1])
    end--;
  *out_first = first;
  *out_end = end;
  return true;
}

// -- Words --------------------------------------------------------------------

// The number of the first word at or behind `l1`.
static size_t find_word(const core *at, uint64_t l1) {
  size_t low = 0, high = at->word_count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (at->words[middle].l1 < l1)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static void drop_words(core *at, size_t first, size_t end) {
  if (first == end)
    return;
  for (size_t i = first; i < end; i++)
    stamp_drop(&at->words[i].by);
  memmove(at->words + first, at->words + end,
          (at->word_count - end) * sizeof *at->words);
  at->word_count -= end - first;
}

// Makes one of those: whoever hears of the first hears of all.
static void join_words(core *at, size_t first, size_t end) {
  word_news *last = &at->words[end - 1];
  for (size_t i = first; i + 1 < end; i++)
    stamp_join(&last->by, &at->words[i].by, at->sim->core_count);
  last->before = at->words[first].before;
  drop_words(at, first, end - 1);
}

static void add_word_news(core *at, word_news made) {
  size_t first = find_word(at, made.l1), end = find_word(at, made.l1 + 1ull);
  // The core has given it another value since: nobody can hear of them.
  if (first < end && at->words[end - 1].after != made.before) {
    drop_words(at, first, end);
    end = first;
  }
  if (end - first == WORDS_APART) {
    join_words(at, first, first + WORDS_APART / 2);
    end -= WORDS_APART / 2 - 1;
  }
  at->words = tsr_array_grow(NULL, at->words, &at->word_capacity,
                             at->word_count + 1, sizeof *at->words);
  memmove(at->words + end + 1, at->words + end,
          (at->word_count - end) * sizeof *at->words);
  made.by = stamp_copy(&made.by);
  at->words[end] = made;
  at->word_count++;
}

// The core adds to a word itself: those that have come count as much more.
static void shift_words(core *at, uint32_t l1, uint32_t amount) {
  for (size_t i = find_word(at, l1); i < find_word(at, l1 + 1ull); i++) {
    at->words[i].before += amount;
    at->words[i].after += amount;
  }
}

static uint32_t word_at(const core *at, uint32_t l1) {
  uint32_t value = 0;
  memcpy(&value, at->l1 + l1, sizeof value);
  return value;
}

void bring_word(core *at, const posted *word, uint32_t l1, uint32_t before) {
  uint32_t after = word_at(at, l1);
  if (word->by.core != at->index)
    add_word_news(at, (word_news){l1, before, after, word->by});
  else if (is_increment(word))
    shift_words(at, l1, after - before);
}

// The number behind the last of those words that made what is waited for.
static size_t find_cause(const core *at, size_t first, size_t end,
                         const wait_state *wait) {
  if (first == end || is_awaited(wait, at->words[first].before))
    return first;
  size_t i = first;
  while (i + 1 < end && !is_awaited(wait, at->words[i].after))
    i++;
  return i + 1;
}

static void learn_words(core *on, const core *at, size_t first, size_t end) {
  for (size_t i = first; i < end; i++)
    learn(on, &at->words[i].by);
}

// -- Data ---------------------------------------------------------------------

// The number of the first range that ends behind `l1`.
static size_t find_data(const core *at, uint64_t l1) {
  size_t low = 0, high = at->data_count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (at->data[middle].end <= l1)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static bool is_heard(const core *at, const data_news *data) {
  return knows_step(at->known, data->by.core, data->by.step);
}

static void forget_heard_data(core *at) {
  size_t kept = 0;
  for (size_t i = 0; i < at->data_count; i++) {
    if (is_heard(at, &at->data[i]))
      stamp_drop(&at->data[i].by);
    else
      at->data[kept++] = at->data[i];
  }
  at->data_count = kept;
}

// Puts `count` ranges, which hold their stamps, in the place of some.
static void replace_data(core *at, size_t first, size_t end,
                         const data_news *made, size_t count) {
  if (first == end && count == 0)
    return;
  for (size_t i = first; i < end; i++)
    stamp_drop(&at->data[i].by);
  at->data = tsr_array_grow(NULL, at->data, &at->data_capacity,
                            at->data_count + count, sizeof *at->data);
  memmove(at->data + first + count, at->data + end,
          (at->data_count - end) * sizeof *at->data);
  for (size_t i = 0; i < count; i++)
    at->data[first + i] = made[i];
  at->data_count += count - (end - first);
}

static data_news part_of(const data_news *data, uint32_t l1, uint32_t end) {
  data_news part = *data;
  part.l1 = l1;
  part.end = end;
  part.by = stamp_copy(&data->by);
  return part;
}

// What lies below is gone.
static void add_data_news(core *at, data_news made) {
  if (at->data_count == at->data_capacity)
    forget_heard_data(at);
  size_t first = find_data(at, made.l1), end = first, count = 0;
  while (end < at->data_count && at->data[end].l1 < made.end)
    end++;
  data_news parts[3];
  if (first < end && at->data[first].l1 < made.l1)
    parts[count++] = part_of(&at->data[first], at->data[first].l1, made.l1);
  parts[count++] = part_of(&made, made.l1, made.end);
  if (first < end && at->data[end - 1].end > made.end)
    parts[count++] =
        part_of(&at->data[end - 1], made.end, at->data[end - 1].end);
  replace_data(at, first, end, parts, count);
}

void bring_data(core *at, const posted *write, uint32_t l1, const char *gets) {
  const char *has = at->l1 + l1;
  uint32_t next = 0, first = 0, end = 0;
  if (write->by.core == at->index || memcmp(has, gets, write->bytes) == 0)
    return;
  while (next_change(has, gets, write->bytes, &next, &first, &end))
    add_data_news(at, (data_news){.l1 = l1 + first,
                                  .end = l1 + end,
                                  .by = write->by,
                                  .begun = write->begun});
}

const data_news *find_unheard(const core *on, uint32_t l1, uint32_t bytes) {
  uint64_t to = (uint64_t)l1 + bytes;
  for (size_t i = find_data(on, l1); i < on->data_count && on->data[i].l1 < to;
       i++)
    if (!is_heard(on, &on->data[i]))
      return &on->data[i];
  return NULL;
}

static void learn_data(core *on, const core *at, uint32_t l1, uint64_t to) {
  for (size_t i = find_data(at, l1); i < at->data_count && at->data[i].l1 < to;
       i++)
    learn(on, &at->data[i].by);
}

// -- Heard --------------------------------------------------------------------

// They need not be kept: who has heard of data may use them.
static void hear_data(core *on, uint32_t l1, uint64_t to) {
  learn_data(on, on, l1, to);
  size_t first = find_data(on, l1), end = first;
  while (end < on->data_count && on->data[end].l1 < to)
    end++;
  replace_data(on, first, end, NULL, 0);
}

static void hear_words(core *on, size_t first, size_t end) {
  learn_words(on, on, first, end);
  drop_words(on, first, end);
}

void hear_awaited(core *on, const wait_state *wait) {
  if (on->word_count == 0 && on->data_count == 0)
    return;
  uint32_t l1 = (uint32_t)((uintptr_t)wait->word & L1_MASK);
  size_t first = find_word(on, l1), end = find_word(on, l1 + 1ull);
  hear_words(on, first, find_cause(on, first, end, wait));
  hear_data(on, l1, (uint64_t)l1 + sizeof *wait->word);
}

// Words that have a byte from `l1` on, and none behind `to`.
static size_t first_word_over(const core *at, uint32_t l1) {
  uint32_t bytes = sizeof(uint32_t);
  return find_word(at, l1 < bytes ? 0 : l1 - bytes + 1);
}

void hear_bytes(core *on, uint32_t l1, uint32_t bytes) {
  if (on->word_count == 0 && on->data_count == 0)
    return;
  uint64_t to = (uint64_t)l1 + bytes;
  hear_words(on, first_word_over(on, l1), find_word(on, to));
  hear_data(on, l1, to);
}

void hear_remote(core *on, core *at, uint32_t l1, uint32_t bytes) {
  uint64_t to = (uint64_t)l1 + bytes;
  if (at->cbs)
    learn_by_look(on, at);
  learn_words(on, at, first_word_over(at, l1), find_word(at, to));
  learn_data(on, at, l1, to);
}

void forget_news(core *on) {
  drop_words(on, 0, on->word_count);
  replace_data(on, 0, on->data_count, NULL, 0);
  tsr_mem_resize(on->words, 0);
  tsr_mem_resize(on->data, 0);
  on->words = NULL;
  on->data = NULL;
  on->word_capacity = on->data_capacity = 0;
}
