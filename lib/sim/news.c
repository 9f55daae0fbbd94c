// What has come to a core's L1 from other cores, until it hears of it.
//
// Words are kept with the values that they made: who waits for a value hears
// those words that brought it about, and none that came after them, for on the
// chip these may still be on their way then. Who looks at bytes hears all that
// came there. Words whose writers did something later that the core has heard
// of are over. Data are heard of by a word that follows them, or by looking.
//
// Data are kept as ranges that have no byte in common, in order, block by block
// of L1.

#include "internal.h"

#include "tessera/vector.h"

enum {
  // Words of one address that are kept apart: several of every core.
  WORDS_APART = 512,
  WORD_BYTES = sizeof(uint32_t),
  BLOCK_BYTES = 2048,
  // What comes is compared in units; who uses data uses no smaller part of
  // them, as NoCs move data between places that are aligned like this.
  UNIT_BYTES = 16
};

// A word that came from another core, and made it `after` what it was `before`.
typedef struct word_news {
  uint32_t before, after;
  bool is_set; // whatever it was before
  stamp by;
} word_news;

// Those of one address, in the order in which they came.
typedef struct word_run {
  word_news *items;
  size_t count, capacity;
} word_run;

typedef struct data_block {
  data_news *items;
  size_t count, capacity;
} data_block;

struct news {
  uint32_t *run_at; // by number of the word: of its run, from 1; 0: none
  word_run *runs;
  size_t run_count, run_capacity;
  data_block *blocks;
  uint32_t block_count;
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

static news *news_of(core *at) {
  if (at->news)
    return at->news;
  uint32_t bytes = at->sim->target.l1_bytes;
  at->news = tsr_mem_zeroed(1, sizeof *at->news);
  at->news->run_at = tsr_mem_zeroed(bytes / WORD_BYTES + 1, sizeof(uint32_t));
  at->news->block_count = bytes / BLOCK_BYTES + 1;
  at->news->blocks =
      tsr_mem_zeroed(at->news->block_count, sizeof *at->news->blocks);
  return at->news;
}

static word_run *find_run(const news *of, uint32_t word) {
  uint32_t number = of->run_at[word];
  return number ? &of->runs[number - 1] : NULL;
}

static word_run *make_run(news *of, uint32_t word) {
  word_run *known = find_run(of, word);
  if (known)
    return known;
  of->runs = tsr_array_grow(NULL, of->runs, &of->run_capacity,
                            of->run_count + 1, sizeof *of->runs);
  of->runs[of->run_count] = (word_run){.items = NULL};
  of->run_at[word] = (uint32_t)++of->run_count;
  return &of->runs[of->run_count - 1];
}

// The first `count` of them.
static void drop_words(word_run *run, size_t count) {
  if (count == 0)
    return;
  for (size_t i = 0; i < count; i++)
    stamp_drop(&run->items[i].by);
  memmove(run->items, run->items + count,
          (run->count - count) * sizeof *run->items);
  run->count -= count;
}

// Makes one of the first `count`: whoever hears of one of them hears of all.
static void join_words(word_run *run, size_t count, uint32_t core_count) {
  word_news *last = &run->items[count - 1];
  for (size_t i = 0; i + 1 < count; i++)
    stamp_join(&last->by, &run->items[i].by, core_count);
  last->before = run->items[0].before;
  drop_words(run, count - 1);
}

static void add_word_news(core *at, uint32_t word, word_news made) {
  word_run *run = make_run(news_of(at), word);
  // The core has given it another value since: nobody can hear of them.
  if (run->count > 0 && run->items[run->count - 1].after != made.before)
    drop_words(run, run->count);
  if (run->count == WORDS_APART)
    join_words(run, WORDS_APART / 2, at->sim->core_count);
  run->items = tsr_array_grow(NULL, run->items, &run->capacity, run->count + 1,
                              sizeof *run->items);
  made.by = stamp_copy(&made.by);
  run->items[run->count++] = made;
}

// Those that have come count as much more.
void shift_words(const core *at, uint32_t l1, uint32_t amount) {
  word_run *run = at->news ? find_run(at->news, l1 / WORD_BYTES) : NULL;
  for (size_t i = 0; run && i < run->count; i++) {
    run->items[i].before += amount;
    run->items[i].after += amount;
  }
}

static uint32_t value_of(const core *at, uint32_t word) {
  uint32_t value = 0;
  memcpy(&value, at->l1 + (size_t)word * WORD_BYTES, sizeof value);
  return value;
}

uint32_t word_before(const core *at, uint32_t l1) {
  return value_of(at, l1 / WORD_BYTES);
}

static bool is_known(const core *at, const stamp *by) {
  return knows_step(at->known, by->core, by->step);
}

// How many of the words the core has heard of otherwise: from the first on, and
// those that were there before one that did not depend on them.
static size_t count_known(const core *at, const word_run *run) {
  size_t known = 0;
  for (size_t i = 0; i < run->count; i++)
    if ((i == known || run->items[i].is_set) && is_known(at, &run->items[i].by))
      known = i + 1;
  return known;
}

// How many of the words brought about what is waited for.
static size_t count_causes(const core *at, const word_run *run,
                           const wait_state *wait) {
  size_t known = count_known(at, run);
  if (known == run->count)
    return known;
  if (is_awaited(wait, run->items[known].before))
    return known;
  size_t i = known;
  while (i + 1 < run->count && !is_awaited(wait, run->items[i].after))
    i++;
  return i + 1;
}

static void learn_words(core *on, const word_run *run, size_t count) {
  for (size_t i = 0; i < count; i++)
    learn(on, &run->items[i].by);
}

// -- Data ---------------------------------------------------------------------

// The number of the first range that ends behind `l1`.
static size_t find_data(const data_block *in, uint64_t l1) {
  size_t low = 0, high = in->count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (in->items[middle].end <= l1)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

// The number behind the last, from `first` on, that begins before `to`.
static size_t find_data_end(const data_block *in, size_t first, uint64_t to) {
  size_t end = first;
  while (end < in->count && in->items[end].l1 < to)
    end++;
  return end;
}

// Puts `count` ranges, which hold their stamps, in the place of some.
static void replace_data(data_block *in, size_t first, size_t end,
                         const data_news *made, size_t count) {
  if (first == end && count == 0)
    return;
  for (size_t i = first; i < end; i++)
    stamp_drop(&in->items[i].by);
  in->items = tsr_array_grow(NULL, in->items, &in->capacity, in->count + count,
                             sizeof *in->items);
  memmove(in->items + first + count, in->items + end,
          (in->count - end) * sizeof *in->items);
  for (size_t i = 0; i < count; i++)
    in->items[first + i] = made[i];
  in->count += count - (end - first);
}

static data_news part_of(const data_news *data, uint32_t l1, uint32_t end) {
  data_news part = *data;
  part.l1 = l1;
  part.end = end;
  part.by = stamp_copy(&data->by);
  return part;
}

// What lies below is gone.
static void add_to_block(data_block *in, const data_news *made, uint32_t l1,
                         uint32_t end) {
  size_t first = find_data(in, l1), behind = find_data_end(in, first, end);
  data_news parts[3];
  size_t count = 0;
  if (first < behind && in->items[first].l1 < l1)
    parts[count++] = part_of(&in->items[first], in->items[first].l1, l1);
  parts[count++] = part_of(made, l1, end);
  if (first < behind && in->items[behind - 1].end > end)
    parts[count++] =
        part_of(&in->items[behind - 1], end, in->items[behind - 1].end);
  replace_data(in, first, behind, parts, count);
}

static void add_data_news(core *at, const data_news *made) {
  data_block *blocks = news_of(at)->blocks;
  for (uint32_t l1 = made->l1; l1 < made->end;) {
    uint32_t block = l1 / BLOCK_BYTES, end = (block + 1) * BLOCK_BYTES;
    end = end < made->end ? end : made->end;
    add_to_block(&blocks[block], made, l1, end);
    l1 = end;
  }
}

void bring_data(core *at, const posted *write, uint32_t l1, const char *gets) {
  const char *has = at->l1 + l1;
  uint32_t next = 0, first = 0, end = 0;
  if (write->by.core == at->index || memcmp(has, gets, write->bytes) == 0)
    return;
  while (next_change(has, gets, write->bytes, &next, &first, &end))
    add_data_news(at, &(data_news){.l1 = l1 + first,
                                   .end = l1 + end,
                                   .by = write->by,
                                   .begun = write->begun});
}

// A word in pages that are handed over is data, too.
void bring_word(core *at, const posted *write, uint32_t l1, uint32_t before) {
  uint32_t word = l1 / WORD_BYTES, after = value_of(at, word);
  bool adds = is_increment(write);
  if (write->by.core == at->index) {
    if (adds)
      shift_words(at, l1, after - before);
    return;
  }
  add_word_news(at, word, (word_news){before, after, !adds, write->by});
  if (after != before && is_handed_over(at, l1))
    add_data_news(at, &(data_news){.l1 = l1,
                                   .end = l1 + WORD_BYTES,
                                   .by = write->by,
                                   .begun = write->begun});
}

static const data_news *find_unheard_in(const core *on, const data_block *in,
                                        uint32_t l1, uint64_t to) {
  for (size_t i = find_data(in, l1); i < in->count && in->items[i].l1 < to; i++)
    if (!is_known(on, &in->items[i].by))
      return &in->items[i];
  return NULL;
}

// The number of the block behind the last that has bytes before `to`.
static uint32_t end_block(const news *of, uint64_t to) {
  uint64_t end = (to + BLOCK_BYTES - 1) / BLOCK_BYTES;
  return end < of->block_count ? (uint32_t)end : of->block_count;
}

const data_news *find_unheard(const core *on, uint32_t l1, uint32_t bytes) {
  uint64_t to = (uint64_t)l1 + bytes;
  const data_news *found = NULL;
  if (on->news)
    for (uint32_t i = l1 / BLOCK_BYTES; !found && i < end_block(on->news, to);
         i++)
      found = find_unheard_in(on, &on->news->blocks[i], l1, to);
  return found;
}

// -- Heard --------------------------------------------------------------------

// `on` hears of all words and data that have a byte there. What it has heard of
// in its own memory need not be kept.
static void hear_words(core *on, const core *at, uint32_t l1, uint64_t to) {
  uint64_t end = (to + WORD_BYTES - 1) / WORD_BYTES;
  uint64_t most = at->sim->target.l1_bytes / WORD_BYTES + 1;
  for (uint32_t word = l1 / WORD_BYTES; word < end && word < most; word++) {
    word_run *run = find_run(at->news, word);
    if (!run)
      continue;
    learn_words(on, run, run->count);
    if (on == at)
      drop_words(run, run->count);
  }
}

static void hear_data(core *on, const core *at, uint32_t l1, uint64_t to) {
  for (uint32_t i = l1 / BLOCK_BYTES; i < end_block(at->news, to); i++) {
    data_block *in = &at->news->blocks[i];
    size_t first = find_data(in, l1), end = find_data_end(in, first, to);
    for (size_t k = first; k < end; k++)
      learn(on, &in->items[k].by);
    if (on == at)
      replace_data(in, first, end, NULL, 0);
  }
}

void hear_awaited(core *on, const wait_state *wait) {
  if (!on->news)
    return;
  uint32_t l1 = (uint32_t)((uintptr_t)wait->word & L1_MASK);
  word_run *run = find_run(on->news, l1 / WORD_BYTES);
  if (run) {
    size_t count = count_causes(on, run, wait);
    learn_words(on, run, count);
    drop_words(run, count);
  }
  hear_data(on, on, l1, (uint64_t)l1 + WORD_BYTES);
}

void hear_bytes(core *on, uint32_t l1, uint32_t bytes) {
  if (!on->news)
    return;
  hear_words(on, on, l1, (uint64_t)l1 + bytes);
  hear_data(on, on, l1, (uint64_t)l1 + bytes);
}

void hear_remote(core *on, core *at, uint32_t l1, uint32_t bytes) {
  if (at->cbs)
    learn_by_look(on, at);
  if (!at->news)
    return;
  hear_words(on, at, l1, (uint64_t)l1 + bytes);
  hear_data(on, at, l1, (uint64_t)l1 + bytes);
}

void forget_news(core *on) {
  news *of = on->news;
  if (!of)
    return;
  for (size_t i = 0; i < of->run_count; i++) {
    drop_words(&of->runs[i], of->runs[i].count);
    tsr_mem_resize(of->runs[i].items, 0);
  }
  for (uint32_t i = 0; i < of->block_count; i++) {
    replace_data(&of->blocks[i], 0, of->blocks[i].count, NULL, 0);
    tsr_mem_resize(of->blocks[i].items, 0);
  }
  tsr_mem_resize(of->run_at, 0);
  tsr_mem_resize(of->runs, 0);
  tsr_mem_resize(of->blocks, 0);
  tsr_mem_resize(of, 0);
  on->news = NULL;
}
