// Races in programs, step by step: a page is stored by a kernel that knows its
// last load to be over.
//
// The kernels of a core run as fast as they can. Who loads knows the loads to
// be over behind its next barrier. What a kernel knows goes through circular
// buffers: who waits for pages knows what their producer knew when it pushed
// them. So each kernel's loads, barriers, stores, pushes, waits and pops are
// listed, and the lists are gone through as if the kernels took turns. The
// circular buffers that the pages themselves go into and come from, with the
// barriers beside the loads, say enough most of the time; if they do not, all
// are followed.

#include "impl.h"

#include "tessera/hash.h"

typedef enum step_kind {
  STEP_LOAD,
  STEP_BARRIER,
  STEP_STORE,
  STEP_PUSH,
  STEP_WAIT,
  STEP_POP
} step_kind;

typedef struct step {
  step_kind kind;
  uint32_t ring;   // push, wait, pop
  uint64_t amount; // page that is accessed; pages that are moved
} step;

typedef struct actor {
  step *steps;
  size_t count, capacity, at;
  uint64_t begun; // number of its own last load
  uint64_t knows; // number of the last load that is surely over
} actor;

// What is known to whoever waits for `pages` pages, counted from the first.
typedef struct delivery {
  uint64_t pages, knows;
} delivery;

typedef struct ring {
  delivery *deliveries;
  size_t count, capacity, at;
  uint64_t pushed, popped;
} ring;

enum { NO_CORE = UINT32_MAX, SEVERAL_CORES = UINT32_MAX - 1 };

typedef struct page_state {
  uint64_t last_load; // its number on the core that loads it
  uint32_t loaded_on, stored_on;
} page_state;

typedef struct track {
  tsr_arena *arena;
  tsr_diag *diag;
  const tsr_unit *unit;
  const tsr_value *buffer;
  uint64_t pages; // of the buffer
  page_state *states;
  actor *actors; // by part
  ring *rings;
  size_t ring_count;
  tsr_map ring_numbers; // by name, + 1
  const tsr_map *names; // of those that are followed; NULL: all
  actor *runs;          // whose steps are listed
  const actor *loader;
  bool is_unclear; // what is seen says nothing about the order
} track;

// -- listing the steps --------------------------------------------------------

static void append(track *t, step_kind kind, uint32_t number, int64_t amount) {
  actor *a = t->runs;
  t->is_unclear |= amount < 0;
  a->steps = tsr_array_grow(NULL, a->steps, &a->capacity, a->count + 1,
                            sizeof *a->steps);
  a->steps[a->count++] = (step){kind, number, (uint64_t)amount};
}

static void list_access(track *t, const tsr_access *access, int64_t page) {
  t->is_unclear |= page < 0 || (uint64_t)page >= t->pages;
  if (!access->is_store) {
    // With two kernels that load, nobody knows whose load is the last.
    t->is_unclear |= t->loader && t->loader != t->runs;
    t->loader = t->runs;
  }
  append(t, access->is_store ? STEP_STORE : STEP_LOAD, 0, page);
}

static void list_pages(track *t, const tsr_op *op, int64_t pages) {
  uintptr_t number =
      (uintptr_t)tsr_map_find(&t->ring_numbers, tsr_op_get_text(op, "cb"));
  step_kind kind = tsr_op_is(op, TSR_OP_cb_push)   ? STEP_PUSH
                   : tsr_op_is(op, TSR_OP_cb_wait) ? STEP_WAIT
                                                   : STEP_POP;
  if (number == 0)
    t->is_unclear = true;
  else if (!tsr_op_is(op, TSR_OP_cb_reserve))
    append(t, kind, (uint32_t)(number - 1), pages);
}

static bool visit(tsr_concrete_run *run, const tsr_event *event) {
  track *t = run->data;
  tsr_access accesses[2];
  size_t count = tsr_event_get_accesses(event, accesses);
  for (size_t i = 0; i < count; i++)
    if (accesses[i].buffer == t->buffer)
      list_access(t, &accesses[i], run->values[accesses[i].slots[0]]);
  if (tsr_op_is(event->op, TSR_OP_noc_read_barrier))
    append(t, STEP_BARRIER, 0, 0);
  else if (count == 0)
    list_pages(t, event->op, run->values[event->slots[0]]);
  return !t->is_unclear;
}

static tsr_run_result list_steps(track *t, tsr_concrete_run *runs,
                                 uint32_t core) {
  const tsr_unit *unit = t->unit;
  tsr_run_result result = TSR_RUN_DONE;
  t->loader = NULL;
  for (size_t i = 0; i < unit->part_count && result == TSR_RUN_DONE; i++) {
    t->runs = &t->actors[i];
    t->runs->count = t->runs->at = 0;
    t->runs->begun = t->runs->knows = 0;
    if (!tsr_unit_is_on(unit, &unit->parts[i], core))
      continue;
    runs[i].core = core;
    runs[i].x = unit->xy[2 * core];
    runs[i].y = unit->xy[2 * core + 1];
    result = tsr_concrete_run_all(&runs[i]);
  }
  return result;
}

// -- taking turns -------------------------------------------------------------

static void number_loads(track *t, uint32_t core) {
  uint64_t number = 0;
  for (size_t i = 0; t->loader && i < t->loader->count; i++) {
    const step *s = &t->loader->steps[i];
    if (s->kind != STEP_LOAD)
      continue;
    page_state *page = &t->states[s->amount];
    bool is_first = page->loaded_on == NO_CORE || page->loaded_on == core;
    page->loaded_on = is_first ? core : SEVERAL_CORES;
    page->last_load = ++number;
  }
}

static bool store_page(track *t, const actor *a, uint64_t number,
                       uint32_t core) {
  page_state *page = &t->states[number];
  bool is_loaded_here = page->loaded_on == core;
  page->stored_on = core;
  return !is_loaded_here || page->last_load <= a->knows;
}

static void push(ring *r, uint64_t pages, uint64_t knows) {
  r->pushed += pages;
  r->deliveries = tsr_array_grow(NULL, r->deliveries, &r->capacity,
                                 r->count + 1, sizeof *r->deliveries);
  r->deliveries[r->count++] = (delivery){r->pushed, knows};
}

// False: they are not there yet.
static bool await(ring *r, uint64_t pages, uint64_t *io_knows) {
  uint64_t wanted = r->popped + pages;
  if (wanted > r->pushed)
    return false;
  while (r->at < r->count && r->deliveries[r->at].pages < wanted)
    r->at++;
  if (r->at < r->count && r->deliveries[r->at].knows > *io_knows)
    *io_knows = r->deliveries[r->at].knows;
  return true;
}

typedef enum turn {
  TURN_STUCK, // at a wait
  TURN_RACED,
  TURN_OVER
} turn;

static turn take_turn(track *t, actor *a, uint32_t core) {
  for (; a->at < a->count; a->at++) {
    const step *s = &a->steps[a->at];
    ring *r = &t->rings[s->ring];
    switch (s->kind) {
    case STEP_LOAD:
      a->begun++;
      break;
    case STEP_BARRIER:
      if (a->begun > a->knows)
        a->knows = a->begun;
      break;
    case STEP_STORE:
      if (!store_page(t, a, s->amount, core))
        return TURN_RACED;
      break;
    case STEP_PUSH:
      push(r, s->amount, a->knows);
      break;
    case STEP_WAIT:
      if (!await(r, s->amount, &a->knows))
        return TURN_STUCK;
      break;
    case STEP_POP:
      r->popped += s->amount;
      break;
    }
  }
  return TURN_OVER;
}

static void reset_rings(track *t) {
  for (size_t i = 0; i < t->ring_count; i++) {
    ring *r = &t->rings[i];
    r->count = r->at = 0;
    r->pushed = r->popped = 0;
  }
}

static tsr_race follow_core(track *t, uint32_t core) {
  bool is_over = false;
  number_loads(t, core);
  reset_rings(t);
  while (!is_over) {
    bool has_moved = false;
    is_over = true;
    for (size_t i = 0; i < t->unit->part_count; i++) {
      actor *a = &t->actors[i];
      size_t before = a->at;
      turn result = take_turn(t, a, core);
      if (result == TURN_RACED)
        return TSR_RACE_FOUND;
      has_moved |= a->at > before;
      is_over &= result == TURN_OVER;
    }
    if (!is_over && !has_moved)
      return TSR_RACE_UNCLEAR; // a deadlock, which others report
  }
  return TSR_RACE_NONE;
}

// -- all cores ----------------------------------------------------------------

// Nothing orders cores that load with one that stores.
static tsr_race compare_cores(const track *t) {
  for (uint64_t i = 0; i < t->pages; i++) {
    const page_state *page = &t->states[i];
    if (page->stored_on != NO_CORE && page->loaded_on != NO_CORE &&
        page->stored_on != page->loaded_on)
      return TSR_RACE_FOUND;
  }
  return TSR_RACE_NONE;
}

static tsr_concrete_run *prepare(track *t, uint64_t *steps) {
  size_t parts = t->unit->part_count;
  tsr_concrete_run *runs = TSR_NEW_ARRAY(t->arena, tsr_concrete_run, parts);
  for (size_t i = 0; i < parts; i++) {
    tsr_skeleton *s = TSR_NEW(t->arena, tsr_skeleton);
    tsr_skeleton_init(s, t->unit->parts[i].root,
                      TSR_WANT_LOADS | TSR_WANT_STORES | TSR_WANT_CB |
                          TSR_WANT_BARRIERS,
                      t->arena);
    tsr_skeleton_keep_buffer(s, t->buffer, t->names);
    runs[i] = (tsr_concrete_run){
        .skeleton = s,
        .values = TSR_NEW_ARRAY(t->arena, int64_t, s->slot_count),
        .steps_left = steps,
        .visit = visit,
        .data = t,
        .diag = t->diag};
  }
  return runs;
}

// True when semaphores may tell kernels more than circular buffers do.
static bool number_rings(track *t) {
  const tsr_block *body = tsr_op_block(t->unit->op, 0);
  bool has_semaphores = false;
  for (const tsr_op *op = tsr_block_first(body); op; op = tsr_op_next(op)) {
    has_semaphores |= tsr_op_is(op, TSR_OP_semaphore);
    if (tsr_op_is(op, TSR_OP_cb))
      tsr_map_set(&t->ring_numbers, tsr_op_get_text(op, "name"),
                  (void *)(uintptr_t)++t->ring_count);
  }
  return has_semaphores;
}

static tsr_race follow_cores(track *t) {
  uint64_t steps = TSR_MAX_STEPS;
  tsr_concrete_run *runs = prepare(t, &steps);
  for (uint32_t core = 0; core < t->unit->core_count; core++) {
    tsr_run_result result = list_steps(t, runs, core);
    if (result == TSR_RUN_STOPPED && !t->is_unclear)
      return TSR_RACE_WRONG;
    if (result != TSR_RUN_DONE)
      return TSR_RACE_UNCLEAR;
    tsr_race race = follow_core(t, core);
    if (race != TSR_RACE_NONE)
      return race;
  }
  return compare_cores(t);
}

static tsr_race follow(track *t) {
  t->states = TSR_NEW_ARRAY(t->arena, page_state, (size_t)t->pages);
  for (uint64_t i = 0; i < t->pages; i++)
    t->states[i] = (page_state){0, NO_CORE, NO_CORE};
  t->actors = TSR_NEW_ARRAY(t->arena, actor, t->unit->part_count);
  t->rings = TSR_NEW_ARRAY(t->arena, ring, t->ring_count);
  t->is_unclear = false;
  tsr_race race = follow_cores(t);
  for (size_t i = 0; i < t->unit->part_count; i++)
    tsr_mem_resize(t->actors[i].steps, 0);
  for (size_t i = 0; i < t->ring_count; i++)
    tsr_mem_resize(t->rings[i].deliveries, 0);
  return race;
}

// -- the buffer's own circular buffers ----------------------------------------

// The circular buffer that an address is in; NULL: it cannot be told.
static const char *find_ring(const tsr_value *addr) {
  const tsr_op *def = tsr_value_get_def(addr);
  while (tsr_op_is(def, TSR_OP_add))
    def = tsr_value_get_def(tsr_op_operand(def, 0));
  return tsr_op_is(def, TSR_OP_cb_write_ptr) ||
                 tsr_op_is(def, TSR_OP_cb_read_ptr)
             ? tsr_op_get_text(def, "cb")
             : NULL;
}

static void name_rings(const track *t, const tsr_node *node, tsr_map *out) {
  for (; node; node = node->next) {
    name_rings(t, node->body, out);
    name_rings(t, node->other, out);
    tsr_access accesses[2];
    if (node->kind != TSR_NODE_EVENT ||
        tsr_event_get_accesses(&node->event, accesses) == 0 ||
        accesses[0].buffer != t->buffer)
      continue;
    const char *name = find_ring(tsr_op_group_operand(node->op, 2, 0));
    if (name)
      tsr_map_set(out, name, NULL);
  }
}

static tsr_race follow_own(track *t) {
  tsr_map own;
  tsr_map_init_in(&own, t->arena);
  for (size_t i = 0; i < t->unit->part_count; i++)
    name_rings(t, t->unit->parts[i].skeleton->body, &own);
  t->names = &own;
  tsr_race race = follow(t);
  t->names = NULL;
  return race;
}

tsr_race tsr_unit_find_race(const tsr_unit *unit, const tsr_check *check,
                            const tsr_usage *usage) {
  tsr_arena arena;
  tsr_arena_init(&arena);
  track t = {
      .arena = &arena,
      .diag = check->diag,
      .unit = unit,
      .buffer = usage->buffer,
      .pages = tsr_type_tile_count(tsr_value_get_type(usage->buffer)),
  };
  tsr_race race = TSR_RACE_UNCLEAR;
  tsr_map_init_in(&t.ring_numbers, &arena);
  bool has_semaphores = number_rings(&t);
  if (t.pages <= TSR_MAX_STEPS)
    race = follow_own(&t);
  if (t.pages <= TSR_MAX_STEPS && race != TSR_RACE_NONE &&
      race != TSR_RACE_WRONG)
    race = follow(&t);
  tsr_arena_deinit(&arena);
  return race == TSR_RACE_FOUND && has_semaphores ? TSR_RACE_UNCLEAR : race;
}
