// Races in programs, step by step: on each core the pages that one kernel
// stores are those that another loads, in the same order.
//
// This is for ops that access no run of pages each: what becomes of a loop
// whose rounds are done two at a time is an op for every even page and one for
// every odd page, which are all pages in their order only together.

#include "impl.h"

// Pages in the order in which a kernel of a core accesses them.
typedef struct sequence {
  uint32_t *pages;
  size_t count, capacity;
  const tsr_part *part; // NULL: no kernel has
} sequence;

typedef struct track {
  tsr_arena *arena; // of one buffer
  tsr_diag *diag;
  const tsr_value *buffer;
  uint64_t pages; // of the buffer
  sequence loads, stores;
  bool *is_loaded;      // by page
  const tsr_part *part; // that runs
  bool is_unclear;      // what is seen says nothing about the order
} track;

static void append(track *t, sequence *to, uint32_t page) {
  to->pages = tsr_array_grow(t->arena, to->pages, &to->capacity, to->count + 1,
                             sizeof *to->pages);
  to->pages[to->count++] = page;
}

// A page that is loaded twice in a row, as for the FPU and the SFPU, counts
// once. Loaded again later, it might have been stored by then.
static void note_load(track *t, uint32_t page) {
  const sequence *loads = &t->loads;
  if (loads->count > 0 && loads->pages[loads->count - 1] == page)
    return;
  t->is_unclear |= t->is_loaded[page];
  t->is_loaded[page] = true;
  append(t, &t->loads, page);
}

static void note_access(track *t, const tsr_access *access, int64_t page) {
  sequence *to = access->is_store ? &t->stores : &t->loads;
  t->is_unclear |= (to->part && to->part != t->part) || page < 0 ||
                   (uint64_t)page >= t->pages;
  to->part = t->part;
  if (t->is_unclear)
    return;
  if (access->is_store)
    append(t, to, (uint32_t)page);
  else
    note_load(t, (uint32_t)page);
}

static bool visit(tsr_concrete_run *run, const tsr_event *event) {
  track *t = run->data;
  tsr_access accesses[2];
  size_t count = tsr_event_get_accesses(event, accesses);
  for (size_t i = 0; i < count; i++)
    if (accesses[i].buffer == t->buffer)
      note_access(t, &accesses[i], run->values[accesses[i].slots[0]]);
  return !t->is_unclear;
}

static void reset(track *t) {
  for (size_t i = 0; i < t->loads.count; i++)
    t->is_loaded[t->loads.pages[i]] = false;
  t->loads.count = t->stores.count = 0;
  t->loads.part = t->stores.part = NULL;
}

static tsr_run_result run_core(track *t, const tsr_unit *unit,
                               tsr_concrete_run *runs, uint32_t core) {
  tsr_run_result result = TSR_RUN_DONE;
  reset(t);
  for (size_t i = 0; i < unit->part_count && result == TSR_RUN_DONE; i++) {
    t->part = &unit->parts[i];
    if (!tsr_unit_is_on(unit, t->part, core))
      continue;
    runs[i].core = core;
    runs[i].x = unit->xy[2 * core];
    runs[i].y = unit->xy[2 * core + 1];
    result = tsr_concrete_run_all(&runs[i]);
  }
  return result;
}

// Pages that are stored only have no order to keep. What one kernel both loads
// and stores is in the order of its text, which is not looked at here.
static tsr_race compare(const track *t) {
  if (t->loads.part && t->loads.part == t->stores.part)
    return TSR_RACE_UNCLEAR;
  size_t common = 0;
  bool is_same = true;
  for (size_t i = 0; i < t->stores.count; i++) {
    uint32_t page = t->stores.pages[i];
    if (!t->is_loaded[page])
      continue;
    is_same &= common < t->loads.count && t->loads.pages[common] == page;
    common++;
  }
  if (common < t->loads.count)
    return TSR_RACE_UNCLEAR;
  return is_same ? TSR_RACE_NONE : TSR_RACE_FOUND;
}

static tsr_concrete_run *prepare(track *t, const tsr_unit *unit,
                                 uint64_t *steps) {
  tsr_arena *arena = t->arena;
  tsr_concrete_run *runs =
      TSR_NEW_ARRAY(arena, tsr_concrete_run, unit->part_count);
  for (size_t i = 0; i < unit->part_count; i++) {
    tsr_skeleton *s = TSR_NEW(arena, tsr_skeleton);
    tsr_skeleton_init(s, unit->parts[i].root, TSR_WANT_LOADS | TSR_WANT_STORES,
                      arena);
    tsr_skeleton_keep_buffer(s, t->buffer);
    runs[i] = (tsr_concrete_run){
        .skeleton = s,
        .values = TSR_NEW_ARRAY(arena, int64_t, s->slot_count),
        .steps_left = steps,
        .visit = visit,
        .data = t,
        .diag = t->diag};
  }
  return runs;
}

static tsr_race follow(track *t, const tsr_unit *unit) {
  t->is_loaded = TSR_NEW_ARRAY(t->arena, bool, (size_t)t->pages);
  uint64_t steps = TSR_MAX_STEPS;
  tsr_concrete_run *runs = prepare(t, unit, &steps);
  tsr_race race = TSR_RACE_NONE;
  for (uint32_t core = 0; core < unit->core_count; core++) {
    tsr_run_result result = run_core(t, unit, runs, core);
    if (result != TSR_RUN_DONE)
      return result == TSR_RUN_STOPPED && !t->is_unclear ? TSR_RACE_WRONG
                                                         : TSR_RACE_UNCLEAR;
    tsr_race here = compare(t);
    if (here == TSR_RACE_UNCLEAR)
      return here;
    race = here == TSR_RACE_FOUND ? here : race;
  }
  return race;
}

tsr_race tsr_unit_find_race(const tsr_unit *unit, const tsr_check *check,
                            const tsr_usage *usage) {
  tsr_arena arena;
  tsr_arena_init(&arena);
  track t = {
      .arena = &arena,
      .diag = check->diag,
      .buffer = usage->buffer,
      .pages = tsr_type_tile_count(tsr_value_get_type(usage->buffer)),
  };
  tsr_race race = t.pages > TSR_MAX_STEPS ? TSR_RACE_UNCLEAR : follow(&t, unit);
  tsr_arena_deinit(&arena);
  return race;
}
