// Races in nests and launches.
//
// A tile that is stored is loaded before, by the same iteration, or core, and
// what is stored depends on the load that came last, or on a later one from the
// buffer: the loads of a core are done in their order, so the earlier ones are
// over by then.
//
// Where a load and a store are at indices of one form, and whoever does the
// load does the store, that follows from the text: no tile is stored twice, so
// no other store touches what is loaded. Other nests are followed step by step.

#include "impl.h"

#include "tessera/hash.h"

// Whether a store depends on a load, as far as anybody asked.
typedef struct link {
  uint32_t store;
  bool depends;
  uint32_t loop; // around both, by its number in the run; or NO_LOOP
} link;

enum { NO_LOOP = UINT32_MAX, NOBODY = UINT32_MAX, SEVERAL = UINT32_MAX - 1 };

typedef struct links {
  link *items;
  size_t count, capacity;
} links;

// What has become of a page so far. Steps are counted down.
typedef struct page_state {
  uint64_t loaded_at; // the last load
  uint32_t by;     // number of the last load; of the store, once there is one
  uint32_t worker; // that loads it; NOBODY, SEVERAL
  bool is_stored;
} page_state;

// A buffer that is both loaded and stored.
typedef struct contest {
  const tsr_check *check;
  tsr_unit *unit;
  const tsr_usage *usage;
  tsr_vec loads, stores;   // tsr_access
  const tsr_access **last; // by store: the load it follows from, if has_last
  bool *has_last;
  // Of a run.
  tsr_map numbers; // of loads and stores, by op, + 1
  tsr_map loops;   // numbers of loops, by op, + 1
  uint64_t *round_starts;
  links *links; // by load
  page_state *pages;
  bool is_unclear; // an access that is not in the buffer, which others report
} contest;

static void collect(const tsr_node *node, contest *c) {
  for (; node; node = node->next) {
    collect(node->body, c);
    collect(node->other, c);
    if (node->kind != TSR_NODE_EVENT)
      continue;
    tsr_access accesses[2];
    size_t n = tsr_event_get_accesses(&node->event, accesses);
    for (size_t i = 0; i < n; i++) {
      if (accesses[i].buffer != c->usage->buffer)
        continue;
      tsr_access *kept = TSR_NEW(c->check->scratch, tsr_access);
      *kept = accesses[i];
      tsr_vec_append(kept->is_store ? &c->stores : &c->loads, kept);
    }
  }
}

// -- by form ------------------------------------------------------------------

static bool is_same_slot(tsr_forms *forms, tsr_slot a, tsr_slot b) {
  if (a == TSR_NO_SLOT || b == TSR_NO_SLOT)
    return a == b;
  const tsr_form *form = tsr_forms_of_slot(forms, a);
  return form && form == tsr_forms_of_slot(forms, b);
}

static bool is_same_block(tsr_forms *forms, const tsr_access *a,
                          const tsr_access *b) {
  const tsr_form *page = tsr_forms_page(forms, a);
  return page && tsr_forms_page(forms, b) == page &&
         a->block_rows == b->block_rows && a->block_cols == b->block_cols &&
         is_same_slot(forms, a->valid_rows, b->valid_rows) &&
         is_same_slot(forms, a->valid_cols, b->valid_cols);
}

// `second` comes behind `first` and is met whenever `first` is.
static bool surely_follows(const tsr_op *first, const tsr_op *second) {
  const tsr_block *block = tsr_op_find_common_block(first, second);
  const tsr_op *a = tsr_block_find_ancestor(block, first);
  const tsr_op *b = tsr_block_find_ancestor(block, second);
  return a != b && tsr_op_is_before(a, b) &&
         tsr_op_is_surely_met(second, block);
}

// The last load of the same tile that what is stored depends on, or NULL.
static const tsr_access *find_last_load(contest *c, size_t store) {
  if (c->has_last[store])
    return c->last[store];
  const tsr_access *to = c->stores.data[store];
  c->has_last[store] = true;
  for (size_t i = c->loads.size; i-- > 0 && !c->last[store];) {
    const tsr_access *load = c->loads.data[i];
    if (is_same_block(c->unit->parts[0].forms, load, to) &&
        tsr_op_depends(to->op, load->op))
      c->last[store] = load;
  }
  return c->last[store];
}

// What is stored depends on the load, or on one that surely comes later.
static bool depends_on_late(const contest *c, const tsr_op *store,
                            const tsr_op *load) {
  if (tsr_op_depends(store, load))
    return true;
  for (size_t i = c->loads.size; i-- > 0;) {
    const tsr_op *other = ((const tsr_access *)c->loads.data[i])->op;
    if (surely_follows(load, other) && tsr_op_depends(store, other))
      return true;
  }
  return false;
}

// The same, with the last load of the same tile tried first.
static bool depends_on_last(contest *c, const tsr_access *load, size_t store) {
  const tsr_access *last = find_last_load(c, store);
  const tsr_access *to = c->stores.data[store];
  return last && (last == load || surely_follows(load->op, last->op) ||
                  depends_on_late(c, to->op, load->op));
}

static bool is_kept_by_form(contest *c, const tsr_access *load) {
  for (size_t i = 0; i < c->stores.size; i++) {
    const tsr_access *store = c->stores.data[i];
    if (is_same_block(c->unit->parts[0].forms, load, store) &&
        surely_follows(load->op, store->op) && depends_on_last(c, load, i))
      return true;
  }
  return false;
}

// -- step by step -------------------------------------------------------------

static uint32_t find_number(const tsr_map *map, const tsr_op *op) {
  return (uint32_t)((uintptr_t)tsr_map_find(map, op) - 1);
}

// The innermost loop around both, or NO_LOOP.
static uint32_t find_loop(const contest *c, const tsr_op *load,
                          const tsr_op *store) {
  const tsr_op *around =
      tsr_block_get_parent(tsr_op_find_common_block(load, store));
  while (around && !tsr_map_has(&c->loops, around))
    around = tsr_op_get_parent(around);
  return around ? find_number(&c->loops, around) : NO_LOOP;
}

static const link *get_link(contest *c, uint32_t load, uint32_t store) {
  links *known = &c->links[load];
  for (size_t i = 0; i < known->count; i++)
    if (known->items[i].store == store)
      return &known->items[i];
  const tsr_access *from = c->loads.data[load], *to = c->stores.data[store];
  known->items =
      tsr_array_grow(c->check->scratch, known->items, &known->capacity,
                     known->count + 1, sizeof *known->items);
  known->items[known->count] =
      (link){.store = store,
             .depends = depends_on_late(c, to->op, from->op),
             .loop = find_loop(c, from->op, to->op)};
  return &known->items[known->count++];
}

static bool stop(contest *c, const tsr_op *load, const tsr_op *store,
                 const char *why) {
  tsr_order_error(c->check, c->unit, c->usage->buffer, load, store, why);
  return false;
}

static const tsr_op *get_op(const tsr_vec *accesses, uint32_t number) {
  return ((const tsr_access *)accesses->data[number])->op;
}

static bool load_page(contest *c, page_state *page, uint32_t load,
                      uint32_t worker, uint64_t now) {
  if (page->is_stored)
    return stop(c, get_op(&c->loads, load), get_op(&c->stores, page->by),
                page->worker == worker
                    ? "but the load of the tile does not come first"
                    : "but not at the same indices: cores would race");
  bool is_other = page->worker != NOBODY && page->worker != worker;
  page->worker = is_other ? SEVERAL : worker;
  page->by = load;
  page->loaded_at = now;
  return true;
}

static bool store_page(contest *c, page_state *page, uint32_t store,
                       uint32_t worker) {
  uint32_t load = page->by, loader = page->worker;
  uint64_t loaded_at = page->loaded_at;
  page->is_stored = true;
  page->by = store;
  page->worker = worker;
  if (loader == NOBODY)
    return true;
  const tsr_op *from = get_op(&c->loads, load), *to = get_op(&c->stores, store);
  if (loader != worker)
    return stop(c, from, to, "but not at the same indices: cores would race");
  const link *known = get_link(c, load, store);
  bool is_this_round =
      known->loop == NO_LOOP || loaded_at <= c->round_starts[known->loop];
  if (known->depends && is_this_round)
    return true;
  return stop(c, from, to,
              "but what is stored does not depend on the last load of the "
              "tile, so nothing keeps their order");
}

static bool visit_page(contest *c, page_state *page, const tsr_access *access,
                       uint32_t worker, uint64_t now) {
  uint32_t number = find_number(&c->numbers, access->op);
  if (!access->is_store)
    return load_page(c, page, number, worker, now);
  return page->is_stored || store_page(c, page, number, worker);
}

static bool visit(tsr_concrete_run *run, const tsr_event *event) {
  contest *c = run->data;
  tsr_access accesses[2];
  size_t count = tsr_event_get_accesses(event, accesses);
  uint32_t worker = (uint32_t)tsr_run_get_worker(run, c->unit);
  for (size_t i = 0; i < count; i++) {
    if (accesses[i].buffer != c->usage->buffer)
      continue;
    tsr_page_block block;
    if (!tsr_access_get_pages(&accesses[i], run->values, &block)) {
      c->is_unclear = true;
      return false;
    }
    for (uint64_t r = 0; r < block.rows; r++)
      for (uint64_t k = 0; k < block.cols; k++)
        if (!visit_page(c, &c->pages[block.first + r * block.stride + k],
                        &accesses[i], worker, *run->steps_left))
          return false;
  }
  return true;
}

static void number_loops(contest *c, const tsr_node *node) {
  for (; node; node = node->next) {
    if (node->kind == TSR_NODE_LOOP)
      tsr_map_set(&c->loops, node->op, (void *)((uintptr_t)node->loop_id + 1));
    number_loops(c, node->body);
    number_loops(c, node->other);
  }
}

static void number_accesses(contest *c, const tsr_vec *accesses) {
  for (size_t i = 0; i < accesses->size; i++)
    tsr_map_set(&c->numbers, ((const tsr_access *)accesses->data[i])->op,
                (void *)(i + 1));
}

static tsr_run_result run_cores(contest *c, const tsr_skeleton *s,
                                uint64_t *steps) {
  tsr_concrete_run run = {
      .skeleton = s,
      .values = TSR_NEW_ARRAY(c->check->scratch, int64_t, s->slot_count),
      .round_starts = c->round_starts,
      .steps_left = steps,
      .visit = visit,
      .data = c,
      .diag = c->check->diag};
  return tsr_unit_run_cores(c->unit, &c->unit->parts[0], &run);
}

static tsr_result check_steps(contest *c) {
  tsr_arena *arena = c->check->scratch;
  uint64_t pages = tsr_type_tile_count(tsr_value_get_type(c->usage->buffer));
  uint64_t steps = TSR_MAX_STEPS;
  if (pages > TSR_MAX_STEPS || tsr_unit_count_workers(c->unit) >= SEVERAL)
    return tsr_order_warn(c->check, c->usage);
  tsr_skeleton s;
  tsr_skeleton_init(&s, c->unit->parts[0].root,
                    TSR_WANT_LOADS | TSR_WANT_STORES, arena);
  tsr_map_init_in(&c->numbers, arena);
  tsr_map_init_in(&c->loops, arena);
  number_accesses(c, &c->loads);
  number_accesses(c, &c->stores);
  number_loops(c, s.body);
  tsr_skeleton_keep_buffer(&s, c->usage->buffer, NULL);
  c->round_starts = TSR_NEW_ARRAY(arena, uint64_t, s.loop_count);
  c->links = TSR_NEW_ARRAY(arena, links, c->loads.size);
  c->pages = tsr_mem_resize(NULL, (size_t)pages * sizeof *c->pages);
  for (uint64_t i = 0; i < pages; i++)
    c->pages[i] = (page_state){.worker = NOBODY};
  tsr_run_result outcome = run_cores(c, &s, &steps);
  tsr_mem_resize(c->pages, 0);
  if (outcome == TSR_RUN_LIMIT || c->is_unclear)
    return tsr_order_warn(c->check, c->usage);
  return outcome == TSR_RUN_STOPPED ? TSR_FAILED : TSR_OK;
}

static tsr_result check_contest(contest *c) {
  tsr_vec_init(&c->loads, c->check->scratch);
  tsr_vec_init(&c->stores, c->check->scratch);
  collect(c->unit->parts[0].skeleton->body, c);
  c->last =
      TSR_NEW_ARRAY(c->check->scratch, const tsr_access *, c->stores.size);
  c->has_last = TSR_NEW_ARRAY(c->check->scratch, bool, c->stores.size);
  for (size_t i = 0; i < c->loads.size; i++)
    if (!is_kept_by_form(c, c->loads.data[i]))
      return check_steps(c);
  return TSR_OK;
}

tsr_result tsr_unit_check_nest_order(tsr_unit *unit, const tsr_check *check) {
  tsr_result result = TSR_OK;
  for (size_t i = 0; i < unit->usage_count; i++) {
    contest c = {.check = check, .unit = unit, .usage = unit->usages[i]};
    if (c.usage->load && c.usage->store && check_contest(&c) != TSR_OK)
      result = TSR_FAILED;
  }
  return result;
}
