// RUN: %program | FileCheck %s
// What a core hears of others, against a reference that keeps every word that
// came and, of each byte, who wrote it last.

// CHECK: 200000 rounds
// CHECK-NEXT: waits that hear nothing new: {{[1-9][0-9][0-9]+}}
// CHECK-NEXT: that hear a part: {{[1-9][0-9][0-9]+}}
// CHECK-NEXT: that hear all: {{[1-9][0-9][0-9]+}}
// CHECK-NEXT: data unheard of: {{[1-9][0-9][0-9]+}}
// CHECK-NEXT: data heard of: {{[1-9][0-9][0-9]+}}
// CHECK-NEXT: as the reference has it

#include "../../lib/sim/internal.h"

#include "random.h"

enum {
  ROUNDS = 200000,
  CORES = 4, // the last one hears
  HEARER = CORES - 1,
  WORDS = 3,
  BYTES = 160, // of L1: words, then data
  FIRST_DATA = 16,
  UNIT = 16,
  KEPT = 64
};

// -- The reference ------------------------------------------------------------

// Up to which step of each core.
typedef struct steps {
  uint64_t of[CORES];
} steps;

typedef struct arrival {
  uint32_t before, after;
  steps tells;
  uint32_t from;
  bool is_set;
} arrival;

typedef struct reference {
  steps known[CORES]; // by each
  uint64_t told[CORES];
  arrival words[WORDS][KEPT];
  uint32_t word_counts[WORDS];
  uint32_t writer[BYTES]; // CORES: nobody
  steps tells[BYTES];
} reference;

static reference ref;

static void take(steps *io_known, const steps *tells) {
  for (uint32_t i = 0; i < CORES; i++)
    if (tells->of[i] > io_known->of[i])
      io_known->of[i] = tells->of[i];
}

static void take_words(uint32_t word, uint32_t count) {
  uint32_t kept = 0;
  for (uint32_t i = 0; i < count; i++)
    take(&ref.known[HEARER], &ref.words[word][i].tells);
  for (uint32_t i = count; i < ref.word_counts[word]; i++)
    ref.words[word][kept++] = ref.words[word][i];
  ref.word_counts[word] = kept;
}

static steps tell(uint32_t from) {
  steps told = ref.known[from];
  told.of[from] = ++ref.told[from];
  return told;
}

// -- The world ----------------------------------------------------------------

typedef struct world {
  tsr_sim sim;
  core cores[CORES];
  char *l1; // at a multiple of L1_SPACING
} world;

static uint32_t load(const world *on, uint32_t word) {
  uint32_t value = 0;
  memcpy(&value, on->l1 + word * sizeof value, sizeof value);
  return value;
}

static void store(world *on, uint32_t word, uint32_t value) {
  memcpy(on->l1 + word * sizeof value, &value, sizeof value);
}

// A core hears of another one.
static void pass_on(world *on) {
  uint32_t from = draw(HEARER), to = draw(HEARER);
  if (from == to)
    return;
  steps told = tell(from);
  stamp by = stamp_write(&on->cores[from]);
  learn(&on->cores[to], &by);
  stamp_drop(&by);
  take(&ref.known[to], &told);
}

static void change_word(world *on, uint32_t from, bool adds) {
  uint32_t word = draw(WORDS), before = load(on, word);
  uint32_t after = adds ? before + 1 + draw(2) : draw(6);
  steps told = tell(from);
  posted by = {.kind = adds ? POST_INCREMENT : POST_WRITE,
               .bytes = sizeof after,
               .by = stamp_write(&on->cores[from])};
  store(on, word, after);
  bring_word(&on->cores[HEARER], &by, word * (uint32_t)sizeof after, before);
  stamp_drop(&by.by);
  arrival *words = ref.words[word];
  uint32_t *count = &ref.word_counts[word];
  if (from == HEARER) {
    for (uint32_t i = 0; adds && i < *count; i++) {
      words[i].before += after - before;
      words[i].after += after - before;
    }
    return;
  }
  if (*count > 0 && words[*count - 1].after != before)
    *count = 0;
  if (*count == KEPT)
    take_words(word, KEPT); // the hearer looks, in time
  words[(*count)++] = (arrival){before, after, told, from, !adds};
}

static void change_data(world *on) {
  char gets[BYTES];
  uint32_t from = draw(HEARER);
  uint32_t first = FIRST_DATA + draw(BYTES - FIRST_DATA);
  uint32_t bytes = 5 + draw(BYTES);
  if (bytes > BYTES - first)
    bytes = BYTES - first;
  memcpy(gets, on->l1 + first, bytes);
  for (uint32_t i = draw(bytes); i < bytes; i += 1 + draw(30))
    gets[i] = (char)draw(3);
  steps told = tell(from);
  posted by = {
      .kind = POST_WRITE, .bytes = bytes, .by = stamp_write(&on->cores[from])};
  bring_data(&on->cores[HEARER], &by, first, gets);
  stamp_drop(&by.by);
  // Between changes in units next to each other all counts as changed.
  uint32_t last_unit = 0, last = 0;
  for (uint32_t i = 0; i < bytes; i++) {
    if (gets[i] == on->l1[first + i])
      continue;
    bool joins = last_unit > 0 && i / UNIT <= last_unit;
    for (uint32_t k = joins ? last : i; k <= i; k++) {
      ref.writer[first + k] = from;
      ref.tells[first + k] = told;
    }
    last_unit = i / UNIT + 1;
    last = i;
  }
  memcpy(on->l1 + first, gets, bytes);
}

// -- Hearing ------------------------------------------------------------------

static uint32_t nothing_count, part_count, all_count;

static bool is_met(wait_kind kind, uint32_t amount, uint32_t value) {
  return kind == WAIT_SEMAPHORE_MIN ? value >= amount : value == amount;
}

static bool is_known(const arrival *word) {
  return word->tells.of[word->from] <= ref.known[HEARER].of[word->from];
}

// Up to here all is known to have come: what was set does not ask what was
// before.
static bool is_past(const arrival *words, uint32_t last) {
  for (uint32_t i = last; is_known(&words[i]); i--)
    if (i == 0 || words[i].is_set)
      return true;
  return false;
}

static void wait_for_word(world *on) {
  uint32_t word = draw(WORDS), value = load(on, word);
  bool least = draw(2);
  wait_state wait = {
      .kind = least ? WAIT_SEMAPHORE_MIN : WAIT_SEMAPHORE_EQUAL,
      .amount = least ? value - draw(value + 1 < 5 ? value + 1 : 5) : value};
  wait.word = (volatile uint32_t *)(void *)(on->l1 + word * sizeof value);
  hear_awaited(&on->cores[HEARER], &wait);
  const arrival *words = ref.words[word];
  uint32_t count = ref.word_counts[word], past = count;
  while (past > 0 && !is_past(words, past - 1))
    past--;
  uint32_t heard = past;
  if (past < count && !is_met(wait.kind, wait.amount, words[past].before))
    do
      heard++;
    while (heard < count &&
           !is_met(wait.kind, wait.amount, words[heard - 1].after));
  nothing_count += heard == past && past < count;
  part_count += heard > past && heard < count;
  all_count += heard > past && heard == count;
  take_words(word, heard);
}

static void look(world *on) {
  uint32_t first = draw(BYTES), bytes = 1 + draw(6);
  if (first + bytes > BYTES)
    return;
  hear_bytes(&on->cores[HEARER], first, bytes);
  for (uint32_t word = 0; word < WORDS; word++)
    if (word * 4 < first + bytes && first < word * 4 + 4)
      take_words(word, ref.word_counts[word]);
  for (uint32_t i = first; i < first + bytes; i++)
    if (ref.writer[i] < CORES)
      take(&ref.known[HEARER], &ref.tells[i]);
}

static uint32_t unheard_count, heard_count;

static bool is_unheard(uint32_t at) {
  uint32_t writer = ref.writer[at];
  return writer < CORES &&
         ref.tells[at].of[writer] > ref.known[HEARER].of[writer];
}

static void compare(const world *on) {
  const core *hearer = &on->cores[HEARER];
  for (uint32_t i = 0; i < HEARER; i++) {
    uint64_t step = ref.known[HEARER].of[i];
    CHECK(knows_step(hearer->known, i, step));
    CHECK(!knows_step(hearer->known, i, step + 1));
  }
  uint32_t first = draw(BYTES), bytes = 1 + draw(BYTES - first);
  uint32_t at = first;
  while (at < first + bytes && !is_unheard(at))
    at++;
  const data_news *data = find_unheard(hearer, first, bytes);
  CHECK((data != NULL) == (at < first + bytes));
  if (data) {
    CHECK(data->l1 <= at && at < data->end);
    CHECK(data->by.core == ref.writer[at]);
  }
  unheard_count += data != NULL;
  heard_count += !data && ref.writer[first] < CORES;
}

static void step(world *on) {
  switch (draw(12)) {
  case 0:
  case 1:
    pass_on(on);
    break;
  case 2:
  case 3:
  case 4:
  case 5:
    change_word(on, draw(HEARER), draw(8) != 0);
    break;
  case 6:
    change_word(on, HEARER, true);
    break;
  case 7:
    store(on, draw(WORDS), draw(3));
    break;
  case 8:
    change_data(on);
    break;
  case 9:
  case 10:
    wait_for_word(on);
    break;
  default:
    if (draw(8) == 0)
      look(on);
  }
}

// Of a word that nobody looks at, not every value is kept.
static void check_many(world *on) {
  core *hearer = &on->cores[HEARER];
  store(on, 0, 0);
  uint64_t first_step = current_step(&on->cores[0]);
  for (uint32_t i = 0; i < 100000; i++) {
    posted by = {.kind = POST_INCREMENT,
                 .bytes = sizeof i,
                 .by = stamp_write(&on->cores[i == 0 ? 0 : 1])};
    store(on, 0, i + 1);
    bring_word(hearer, &by, 0, i);
    stamp_drop(&by.by);
  }
  uint64_t last_step = on->cores[1].steps_told;
  wait_state wait = {.kind = WAIT_SEMAPHORE_MIN, .amount = 99999};
  wait.word = (volatile uint32_t *)(void *)on->l1;
  hear_awaited(hearer, &wait);
  CHECK(knows_step(hearer->known, 0, first_step));
  CHECK(knows_step(hearer->known, 1, last_step - 1));
  CHECK(!knows_step(hearer->known, 1, last_step));
}

int main(void) {
  static world on;
  on.l1 = aligned_alloc(L1_SPACING, L1_SPACING);
  CHECK(on.l1);
  memset(on.l1, 0, BYTES);
  on.sim.cores = on.cores;
  on.sim.core_count = CORES;
  on.sim.target.l1_bytes = BYTES;
  for (uint32_t i = 0; i < CORES; i++)
    on.cores[i] = (core){.sim = &on.sim, .index = i, .l1 = on.l1};
  for (uint32_t i = 0; i < BYTES; i++)
    ref.writer[i] = CORES;
  for (; round_number < ROUNDS; round_number++) {
    step(&on);
    compare(&on);
  }
  check_many(&on);
  for (uint32_t i = 0; i < CORES; i++) {
    forget_news(&on.cores[i]);
    forget_knowledge(&on.cores[i]);
  }
  free(on.l1);
  printf("%u rounds\n", round_number);
  printf("waits that hear nothing new: %u\n", nothing_count);
  printf("that hear a part: %u\n", part_count);
  printf("that hear all: %u\n", all_count);
  printf("data unheard of: %u\n", unheard_count);
  printf("data heard of: %u\n", heard_count);
  printf("as the reference has it\n");
  return 0;
}
