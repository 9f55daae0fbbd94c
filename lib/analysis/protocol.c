// Circular buffers within one program: each page that is pushed on a core is
// popped there, or at least waited for, by one producer and one consumer; and
// the DST slots and pages that machine ops name exist.
//
// Pages are counted over intervals: a loop multiplies what its body moves, the
// blocks of an `if` must move the same. Where they do not, the kernels of that
// core are followed step by step.

#include "impl.h"

#include <string.h>

// A circular buffer, on the core at hand.
typedef struct ring {
  const tsr_op *cb;
  int64_t pages;                     // capacity
  const tsr_op *producer, *consumer; // kernels
  const tsr_op *push, *pop;          // first of each
  int64_t waited;                    // most pages that one cb.wait may wait for
  bool is_reported;
} ring;

typedef struct ledger {
  const tsr_check *check;
  const tsr_unit *unit;
  const tsr_part *part;
  ring *rings;
  size_t ring_count;
  tsr_map by_cb;
  bool *is_reported; // by event of the part
  int64_t *counts;   // of each ring: pages pushed, pages popped
  uint64_t steps_left;
  tsr_result result;
} ledger;

static void list_rings(ledger *l) {
  const tsr_block *body = tsr_op_block(l->unit->op, 0);
  for (const tsr_op *op = tsr_block_first(body); op; op = tsr_op_next(op))
    l->ring_count += tsr_op_is(op, TSR_OP_cb);
  l->rings = TSR_NEW_ARRAY(l->check->scratch, ring, l->ring_count);
  l->counts = TSR_NEW_ARRAY(l->check->scratch, int64_t, 2 * l->ring_count);
  ring *r = l->rings;
  for (const tsr_op *op = tsr_block_first(body); op; op = tsr_op_next(op)) {
    if (!tsr_op_is(op, TSR_OP_cb))
      continue;
    r->cb = op;
    r->pages = tsr_op_get_int(op, "batch", 1) * tsr_op_get_int(op, "depth", 1);
    // Names are interned, so they are keys.
    tsr_map_set(&l->by_cb, tsr_op_get_text(op, "name"), r++);
  }
}

static const uint32_t *xy_of(const ledger *l, uint32_t core) {
  return &l->unit->xy[2 * core];
}

// Returns false when it was reported before.
static bool begin_report(ledger *l, const tsr_event *event) {
  l->result = TSR_FAILED;
  if (l->is_reported[event->id])
    return false;
  l->is_reported[event->id] = true;
  return true;
}

// -- pages --------------------------------------------------------------------

static void note_end(ledger *l, ring *r, const tsr_op *op, uint32_t core) {
  bool is_push = tsr_op_is(op, TSR_OP_cb_push);
  const tsr_op *kernel = l->part->root;
  const tsr_op **end = is_push ? &r->producer : &r->consumer;
  const tsr_op **first = is_push ? &r->push : &r->pop;
  if (!*first)
    *first = op;
  if (!*end)
    *end = kernel;
  if (*end == kernel || r->is_reported)
    return;
  r->is_reported = true;
  l->result = TSR_FAILED;
  tsr_rule_error(l->check->diag, op, xy_of(l, core), TSR_DIAG(cb_two_ends),
                 tsr_op_get_text(r->cb, "name"), is_push ? "pushed" : "popped",
                 tsr_op_get_text(*end, "name"),
                 tsr_op_get_text(kernel, "name"));
}

// What is moved at a time fits, and comes out even at the end of the ring.
static void check_pages(ledger *l, const tsr_interval_run *run,
                        const tsr_event *event, const ring *r) {
  tsr_index_range pages = run->values[event->slots[0]];
  const char *name = tsr_op_get_text(r->cb, "name");
  bool is_sure = !run->is_conditional ||
                 tsr_value_is_constant(tsr_op_operand(event->op, 0));
  if (pages.min > r->pages && is_sure) {
    if (!begin_report(l, event))
      return;
    tsr_rule_error(l->check->diag, event->op, xy_of(l, run->core),
                   TSR_DIAG(pages_exceed_cb), (long long)pages.min, name,
                   (long long)r->pages);
    tsr_diag_note(l->check->diag, r->cb, TSR_DIAG(note_cb_here));
    return;
  }
  bool is_wait = tsr_op_is(event->op, TSR_OP_cb_wait);
  if (is_wait || !tsr_range_is_exact(pages) || pages.min == 0 ||
      r->pages % pages.min == 0)
    return;
  if (begin_report(l, event))
    tsr_rule_error(l->check->diag, event->op, xy_of(l, run->core),
                   TSR_DIAG(cb_batch_wraps), (long long)pages.min,
                   (long long)r->pages, name);
}

static void visit_cb(ledger *l, tsr_interval_run *run, const tsr_event *event) {
  ring *r = tsr_map_find(&l->by_cb, tsr_op_get_text(event->op, "cb"));
  if (!r)
    return;
  check_pages(l, run, event, r);
  tsr_index_range pages = run->values[event->slots[0]];
  if (tsr_op_is(event->op, TSR_OP_cb_wait) && pages.max > r->waited)
    r->waited = pages.max;
  bool is_push = tsr_op_is(event->op, TSR_OP_cb_push);
  if (!is_push && !tsr_op_is(event->op, TSR_OP_cb_pop))
    return;
  note_end(l, r, event->op, run->core);
  int64_t *count = &l->counts[2 * (r - l->rings) + !is_push];
  if (*count >= 0)
    *count = tsr_range_is_exact(pages) ? *count + pages.min : -1;
}

// -- slots and pages that machine ops name ------------------------------------

static void check_limit(ledger *l, const tsr_interval_run *run,
                        const tsr_event *event, tsr_slot slot, int64_t limit,
                        const char *what) {
  tsr_index_range range = run->values[slot];
  if (range.max < limit)
    return;
  const tsr_form *form = tsr_forms_of_slot(l->part->forms, slot);
  tsr_index_range other = tsr_form_get_range(form, run);
  range.min = other.min > range.min ? other.min : range.min;
  range.max = other.max < range.max ? other.max : range.max;
  bool is_surely = range.min >= limit && !run->is_conditional;
  if (range.max < limit || !(is_surely || tsr_form_is_attained(form, run)))
    return;
  if (begin_report(l, event))
    tsr_rule_error(l->check->diag, event->op, xy_of(l, run->core),
                   TSR_DIAG(tile_index_beyond_batch), what,
                   (long long)(is_surely ? range.min : range.max),
                   (long long)limit);
}

// The circular buffer whose pages operand group `name` counts, or NULL: a slot.
static const ring *find_paged(const ledger *l, const tsr_op *op,
                              const char *name) {
  const char *attr = NULL;
  if (strcmp(name, "page") == 0)
    attr = "cb";
  else if (strcmp(name, "a_tile") == 0)
    attr = "a";
  else if (strcmp(name, "b_tile") == 0)
    attr = "b";
  return attr ? tsr_map_find(&l->by_cb, tsr_op_get_text(op, attr)) : NULL;
}

static void visit_machine(ledger *l, const tsr_interval_run *run,
                          const tsr_event *event) {
  const tsr_op *op = event->op, *kernel = l->part->root;
  uint32_t slots = tsr_target_dst_tiles(
      l->check->target, tsr_op_get_bool(kernel, "fp32_acc", true),
      tsr_op_get_bool(kernel, "full_sync", false));
  tsr_op_kind kind = tsr_op_get_kind(op);
  for (size_t g = 0; g < tsr_op_kind_group_count(kind); g++) {
    const ring *r = find_paged(l, op, tsr_op_kind_group_name(kind, g));
    for (size_t i = 0; i < tsr_op_group_size(op, g); i++) {
      tsr_slot slot = event->slots[tsr_op_group_start(op, g) + i];
      if (slot != TSR_NO_SLOT)
        check_limit(l, run, event, slot, r ? r->pages : slots,
                    r ? "page" : "DST slot");
    }
  }
}

static void visit_event(tsr_interval_run *run, const tsr_event *event) {
  ledger *l = run->data;
  switch ((int)tsr_op_get_kind(event->op)) {
  case TSR_OP_cb_reserve:
  case TSR_OP_cb_push:
  case TSR_OP_cb_wait:
  case TSR_OP_cb_pop:
    visit_cb(l, run, event);
    return;
  }
  if (tsr_op_get_info(event->op)->config != 0)
    visit_machine(l, run, event);
}

// -- step by step -------------------------------------------------------------

static bool visit_step(tsr_concrete_run *run, const tsr_event *event) {
  ledger *l = run->data;
  bool is_push = tsr_op_is(event->op, TSR_OP_cb_push);
  ring *r = tsr_map_find(&l->by_cb, tsr_op_get_text(event->op, "cb"));
  if (r && (is_push || tsr_op_is(event->op, TSR_OP_cb_pop)))
    l->counts[2 * (r - l->rings) + !is_push] += run->values[event->slots[0]];
  return true;
}

static tsr_run_result step_core(ledger *l, uint32_t core) {
  memset(l->counts, 0, 2 * l->ring_count * sizeof *l->counts);
  tsr_run_result result = TSR_RUN_DONE;
  for (size_t i = 0; i < l->unit->part_count && result == TSR_RUN_DONE; i++) {
    const tsr_part *part = &l->unit->parts[i];
    if (!tsr_unit_is_on(l->unit, part, core))
      continue;
    tsr_skeleton s;
    tsr_skeleton_init(&s, part->root, TSR_WANT_CB, l->check->scratch);
    tsr_concrete_run run = {
        .skeleton = &s,
        .values = TSR_NEW_ARRAY(l->check->scratch, int64_t, s.slot_count),
        .core = core,
        .x = l->unit->xy[2 * core],
        .y = l->unit->xy[2 * core + 1],
        .steps_left = &l->steps_left,
        .visit = visit_step,
        .data = l,
        .diag = l->check->diag};
    result = tsr_concrete_run_all(&run);
  }
  return result;
}

// Counts step by step what intervals left open.
static void settle_counts(ledger *l, uint32_t core) {
  bool is_known = true;
  for (size_t i = 0; i < 2 * l->ring_count; i++)
    is_known = is_known && l->counts[i] >= 0;
  if (is_known)
    return;
  tsr_run_result outcome = step_core(l, core);
  if (outcome == TSR_RUN_DONE)
    return;
  for (size_t i = 0; i < 2 * l->ring_count; i++)
    l->counts[i] = -1;
  if (outcome == TSR_RUN_STOPPED)
    l->result = TSR_FAILED;
}

// -- the balance --------------------------------------------------------------

// True when what is pushed is waited for and never popped, as a tile is that
// serves a whole kernel: legal, and for the model to speak of.
static bool is_kept(const ring *r, int64_t pushed, int64_t popped) {
  return popped == 0 && pushed >= 0 && pushed <= r->waited;
}

static void check_ring(ledger *l, ring *r, uint32_t core) {
  const int64_t *count = &l->counts[2 * (r - l->rings)];
  if (r->is_reported || (count[0] == count[1] && count[0] >= 0) ||
      is_kept(r, count[0], count[1]))
    return;
  r->is_reported = true;
  const char *name = tsr_op_get_text(r->cb, "name");
  if (count[0] < 0 || count[1] < 0) {
    tsr_diag_warn(l->check->diag, r->cb, TSR_DIAG(pages_not_proved),
                  TSR_MAX_STEPS, name);
    return;
  }
  l->result = TSR_FAILED;
  tsr_rule_error(l->check->diag, r->cb, xy_of(l, core),
                 TSR_DIAG(pages_unbalanced), (long long)count[0], name,
                 (long long)count[1]);
  if (r->push)
    tsr_diag_note(l->check->diag, r->push, TSR_DIAG(note_pushed_here),
                  tsr_op_get_text(r->producer, "name"));
  if (r->pop)
    tsr_diag_note(l->check->diag, r->pop, TSR_DIAG(note_popped_here),
                  tsr_op_get_text(r->consumer, "name"));
}

static void run_core(ledger *l, uint32_t core, tsr_index_range *const *values,
                     bool *const *is_reported) {
  memset(l->counts, 0, 2 * l->ring_count * sizeof *l->counts);
  for (size_t i = 0; i < l->ring_count; i++) {
    ring *r = &l->rings[i];
    r->producer = r->consumer = r->push = r->pop = NULL;
    r->waited = 0;
  }
  for (size_t i = 0; i < l->unit->part_count; i++) {
    l->part = &l->unit->parts[i];
    l->is_reported = is_reported[i];
    if (!tsr_unit_is_on(l->unit, l->part, core))
      continue;
    tsr_interval_run run = {.skeleton = l->part->skeleton,
                            .values = values[i],
                            .core = core,
                            .x = l->unit->xy[2 * core],
                            .y = l->unit->xy[2 * core + 1],
                            .counts = l->counts,
                            .count_size = 2 * l->ring_count,
                            .visit = visit_event,
                            .data = l,
                            .diag = l->check->diag};
    if (tsr_interval_run_all(&run) != TSR_OK)
      l->result = TSR_FAILED;
  }
  settle_counts(l, core);
  for (size_t i = 0; i < l->ring_count; i++)
    if (tsr_cores_contain(tsr_op_get_attr(l->rings[i].cb, "cores"),
                          l->unit->xy[2 * core], l->unit->xy[2 * core + 1]))
      check_ring(l, &l->rings[i], core);
}

tsr_result tsr_check_protocol(const tsr_check *check, const tsr_unit *unit) {
  ledger l = {.check = check,
              .unit = unit,
              .steps_left = TSR_MAX_STEPS,
              .result = TSR_OK};
  tsr_map_init(&l.by_cb);
  list_rings(&l);
  tsr_index_range **values =
      TSR_NEW_ARRAY(check->scratch, tsr_index_range *, unit->part_count);
  bool **is_reported = TSR_NEW_ARRAY(check->scratch, bool *, unit->part_count);
  for (size_t i = 0; i < unit->part_count; i++) {
    const tsr_skeleton *s = unit->parts[i].skeleton;
    values[i] = TSR_NEW_ARRAY(check->scratch, tsr_index_range, s->slot_count);
    is_reported[i] = TSR_NEW_ARRAY(check->scratch, bool, s->event_count);
  }
  for (uint32_t core = 0; core < unit->core_count && l.result == TSR_OK; core++)
    run_core(&l, core, values, is_reported);
  tsr_map_deinit(&l.by_cb);
  return l.result;
}
