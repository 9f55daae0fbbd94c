// Units: what a nest, launch or program does with each buffer, on each core.

#include "impl.h"
#include "tessera/support.h"

#include <string.h>

// Loops around one access; deeper nests are followed step by step.
enum { MAX_DIMS = 16 };

// The run of one part on one core.
typedef struct walk {
  tsr_unit *unit;
  tsr_part *part;
  const tsr_check *check;
  bool *is_reported; // by event
  tsr_result result;
} walk;

// -- text ---------------------------------------------------------------------

const char *tsr_value_text(tsr_arena *arena, const tsr_value *value) {
  const char *name = tsr_value_get_name(value);
  return name ? tsr_arena_printf(arena, "%%%s", name) : "a buffer";
}

const char *tsr_page_text(tsr_arena *arena, const tsr_value *buffer,
                          uint64_t page) {
  const tsr_type *type = tsr_value_get_type(buffer);
  uint32_t rank = tsr_type_get_desc(type)->rank;
  char *text = NULL;
  for (uint32_t axis = rank; axis-- > 0;) {
    uint64_t extent = tsr_type_tile_extent(type, axis);
    const char *rest = text ? tsr_arena_printf(arena, ", %s", text) : "]";
    text = tsr_arena_printf(arena, "%llu%s",
                            (unsigned long long)(page % extent), rest);
    page /= extent;
  }
  return tsr_arena_printf(arena, "[%s", text);
}

static const char *core_text(const walk *w, uint32_t x, uint32_t y) {
  return w->unit->cores
             ? tsr_arena_printf(w->check->arena, " on core (%u,%u)", x, y)
             : "";
}

// -- usages -------------------------------------------------------------------

tsr_usage *tsr_unit_find_usage(const tsr_unit *unit, const tsr_value *buffer) {
  return tsr_map_find(&unit->by_buffer, buffer);
}

static tsr_usage *get_usage(walk *w, const tsr_access *access) {
  tsr_unit *unit = w->unit;
  tsr_usage *usage = tsr_unit_find_usage(unit, access->buffer);
  if (!usage) {
    usage = TSR_NEW(w->check->arena, tsr_usage);
    usage->buffer = access->buffer;
    tsr_map_set(&unit->by_buffer, access->buffer, usage);
    unit->usages =
        tsr_array_grow(w->check->arena, unit->usages, &unit->usage_capacity,
                       unit->usage_count + 1, sizeof *unit->usages);
    unit->usages[unit->usage_count++] = usage;
  }
  const tsr_op **first = access->is_store ? &usage->store : &usage->load;
  if (!*first)
    *first = access->op;
  return usage;
}

// -- ranges -------------------------------------------------------------------

// How many entries an access takes along an axis, at most.
static int64_t get_span(const tsr_access *access, uint32_t axis,
                        int64_t valid_rows, int64_t valid_cols) {
  if (access->is_page)
    return 1;
  int64_t rows = access->block_rows, cols = access->block_cols;
  if (axis + 1 == access->count)
    return cols < valid_cols ? cols : valid_cols;
  if (axis + 2 == access->count)
    return rows < valid_rows ? rows : valid_rows;
  return 1;
}

static uint64_t get_extent(const tsr_access *access, uint32_t axis) {
  const tsr_type *type = tsr_value_get_type(access->buffer);
  return access->is_page ? tsr_type_tile_count(type)
                         : tsr_type_tile_extent(type, axis);
}

// The access takes `span` entries from `index` on.
static void report_range(walk *w, const tsr_event *event,
                         const tsr_access *access, uint32_t axis, int64_t index,
                         int64_t span, uint32_t x, uint32_t y) {
  if (access->is_page && w->check->leaves_rules) {
    w->unit->has_stray_page = true;
    return;
  }
  w->result = TSR_FAILED;
  if (w->is_reported[event->id])
    return;
  w->is_reported[event->id] = true;
  int64_t reached;
  if (!tsr_add_i64(index, span - 1, &reached))
    reached = INT64_MAX;
  const char *name = tsr_value_text(w->check->arena, access->buffer);
  unsigned long long extent = get_extent(access, axis);
  if (access->is_page)
    tsr_rule_error(w->check->diag, access->op, (uint32_t[]){x, y},
                   TSR_DIAG(page_out_of_range), name, extent,
                   (long long)reached);
  else
    tsr_diag_error(w->check->diag, access->op, TSR_DIAG(index_out_of_range),
                   axis, name, extent,
                   axis + 2 >= access->count ? "tiles" : "entries",
                   (long long)reached, core_text(w, x, y));
}

static tsr_index_range intersect(tsr_index_range a, tsr_index_range b) {
  return (tsr_index_range){a.min > b.min ? a.min : b.min,
                           a.max < b.max ? a.max : b.max};
}

static tsr_index_range get_slot_range(const tsr_interval_run *run,
                                      tsr_slot slot) {
  return slot == TSR_NO_SLOT ? (tsr_index_range){0, INT64_MAX}
                             : run->values[slot];
}

static void check_range(walk *w, const tsr_interval_run *run,
                        const tsr_event *event, const tsr_access *access) {
  tsr_index_range rows = get_slot_range(run, access->valid_rows);
  tsr_index_range cols = get_slot_range(run, access->valid_cols);
  for (uint32_t axis = 0; axis < access->count; axis++) {
    tsr_slot slot = access->slots[axis];
    if (slot == TSR_NO_SLOT)
      continue;
    tsr_index_range range = run->values[slot];
    int64_t extent = (int64_t)get_extent(access, axis);
    int64_t span = get_span(access, axis, rows.max, cols.max);
    int64_t least = get_span(access, axis, rows.min, cols.min);
    if (range.max <= extent - span)
      continue;
    const tsr_form *form = tsr_forms_of_slot(w->part->forms, slot);
    range = intersect(range, tsr_form_get_range(form, run));
    if (range.max <= extent - span)
      continue;
    if (range.min > extent - least && least > 0 && !run->is_conditional)
      report_range(w, event, access, axis, range.min, least, run->x, run->y);
    else if (span == least && span > 0 && tsr_form_is_attained(form, run))
      report_range(w, event, access, axis, range.max, span, run->x, run->y);
    else
      w->unit->has_unproved_range = true;
  }
}

// -- pieces -------------------------------------------------------------------

// `count` pages, `stride` apart.
typedef struct dim {
  int64_t stride, count;
} dim;

typedef struct box {
  int64_t start;
  size_t count;
  dim dims[MAX_DIMS + 2]; // innermost first
} box;

static bool add_dim(box *b, int64_t stride, int64_t count) {
  if (count == 1)
    return true;
  if (b->count == sizeof b->dims / sizeof *b->dims || count < 1)
    return false;
  b->dims[b->count++] = (dim){stride, count};
  return true;
}

static bool add_block(box *b, const tsr_access *access,
                      const tsr_interval_run *run) {
  if (access->is_page)
    return true;
  tsr_index_range rows = get_slot_range(run, access->valid_rows);
  tsr_index_range cols = get_slot_range(run, access->valid_cols);
  if ((access->valid_rows != TSR_NO_SLOT && !tsr_range_is_exact(rows)) ||
      (access->valid_cols != TSR_NO_SLOT && !tsr_range_is_exact(cols)))
    return false;
  int64_t row_tiles = (int64_t)get_extent(access, access->count - 1);
  return add_dim(b, 1,
                 get_span(access, access->count - 1, rows.max, cols.max)) &&
         add_dim(b, row_tiles,
                 access->count < 2
                     ? 1
                     : get_span(access, access->count - 2, rows.max, cols.max));
}

// The loop that counts the slot up from a number in steps of a number, or NULL.
static const tsr_node *find_counter(const tsr_skeleton *s, tsr_slot slot,
                                    int64_t *out_from, int64_t *out_step) {
  const tsr_slot_info *info = &s->infos[slot];
  const tsr_node *loop = info->kind == TSR_SLOT_COMPUTED ? info->by : NULL;
  if (!loop || loop->kind != TSR_NODE_LOOP)
    return NULL;
  const tsr_slot_info *from = &s->infos[loop->args[0]];
  const tsr_slot_info *step = &s->infos[loop->args[2]];
  if (from->kind != TSR_SLOT_CONSTANT || step->kind != TSR_SLOT_CONSTANT ||
      step->number < 1)
    return NULL;
  *out_from = from->number;
  *out_step = step->number;
  return loop;
}

// An index times the pages from one to the next: a number, or what a loop adds
// in each round.
typedef struct share {
  const tsr_node *loop; // NULL: none
  int64_t stride;
} share;

// Fills `shares`, one for each axis, and adds what does not change to `*start`;
// false where an index is anything else.
static bool find_shares(const tsr_skeleton *s, const tsr_access *access,
                        share *shares, int64_t *start) {
  int64_t pages = 1;
  for (uint32_t axis = access->count; axis-- > 0;) {
    tsr_slot slot = access->slots[axis];
    if (slot == TSR_NO_SLOT)
      return false;
    int64_t from = s->infos[slot].number, step = 0, part;
    bool is_number = s->infos[slot].kind == TSR_SLOT_CONSTANT;
    shares[axis].loop = is_number ? NULL : find_counter(s, slot, &from, &step);
    if ((!is_number && !shares[axis].loop) ||
        !tsr_mul_i64(step, pages, &shares[axis].stride) ||
        !tsr_mul_i64(from, pages, &part) || !tsr_add_i64(*start, part, start))
      return false;
    if (!access->is_page)
      pages *= (int64_t)get_extent(access, axis); // within 63 bits by its type
  }
  return true;
}

// find_box for indices that are variables of loops and numbers as they are, as
// those of nearly all stores. They take no forms, which are most of the work.
static bool find_plain_box(const tsr_skeleton *s, const tsr_access *access,
                           const tsr_interval_run *run, box *out) {
  share shares[TSR_MAX_RANK];
  uint32_t found = 0;
  *out = (box){0};
  if (run->is_conditional || !find_shares(s, access, shares, &out->start) ||
      !add_block(out, access, run))
    return false;
  for (const tsr_frame *f = run->frame; f; f = f->outer) {
    int64_t stride = 0;
    for (uint32_t axis = 0; axis < access->count; axis++)
      if (shares[axis].loop == f->loop) {
        found++;
        if (!tsr_add_i64(stride, shares[axis].stride, &stride))
          return false;
      }
    if (f->trip_min != f->trip_max || (stride == 0 && f->trip_max > 1) ||
        (stride != 0 && !add_dim(out, stride, f->trip_max)))
      return false;
  }
  for (uint32_t axis = 0; axis < access->count; axis++)
    found += !shares[axis].loop;
  return found == access->count;
}

static const tsr_term *find_term(const tsr_form *form, const tsr_node *loop) {
  for (uint32_t i = 0; i < form->count; i++)
    if (form->terms[i].atom->is_iteration && form->terms[i].atom->loop == loop)
      return &form->terms[i];
  return NULL;
}

// The pages of an access over all its loops.
//
// fails  false when they do not follow from the form: a condition, a loop that
//        meets the same page again, a number that is not exact
static bool find_box(const tsr_form *form, const tsr_access *access,
                     const tsr_interval_run *run, box *out) {
  *out = (box){0};
  if (!form || run->is_conditional || !add_block(out, access, run))
    return false;
  out->start = form->constant;
  for (const tsr_frame *f = run->frame; f; f = f->outer) {
    const tsr_term *term = find_term(form, f->loop);
    if (f->trip_min != f->trip_max || (!term && f->trip_max > 1) ||
        (term && !add_dim(out, term->coefficient, f->trip_max)))
      return false;
  }
  for (uint32_t i = 0; i < form->count; i++) {
    if (form->terms[i].atom->is_iteration)
      continue;
    tsr_form one = {.count = 1, .terms = &(tsr_term){form->terms[i].atom, 1}};
    tsr_index_range range = tsr_form_get_range(&one, run);
    int64_t part;
    if (!tsr_range_is_exact(range) ||
        !tsr_mul_i64(range.min, form->terms[i].coefficient, &part) ||
        !tsr_add_i64(out->start, part, &out->start))
      return false;
  }
  return true;
}

// By stride; they are few.
static void sort_dims(box *b) {
  for (size_t i = 1; i < b->count; i++) {
    dim moved = b->dims[i];
    size_t at = i;
    for (; at > 0 && b->dims[at - 1].stride > moved.stride; at--)
      b->dims[at] = b->dims[at - 1];
    b->dims[at] = moved;
  }
}

// True when the box is one run of pages, each met once.
static bool flatten_box(box *b, tsr_piece *out) {
  for (size_t i = 0; i < b->count; i++) {
    dim *d = &b->dims[i];
    int64_t back;
    if (d->stride >= 0)
      continue;
    if (!tsr_mul_i64(d->stride, d->count - 1, &back) ||
        !tsr_add_i64(b->start, back, &b->start))
      return false;
    d->stride = -d->stride;
  }
  sort_dims(b);
  int64_t dense = 1;
  for (size_t i = 0; i < b->count; i++)
    if (b->dims[i].stride != dense ||
        !tsr_mul_i64(dense, b->dims[i].count, &dense))
      return false;
  if (b->start < 0)
    return false;
  out->start = (uint64_t)b->start;
  out->count = (uint64_t)dense;
  return true;
}

static void add_piece(walk *w, const tsr_interval_run *run,
                      const tsr_access *access, tsr_usage *usage) {
  if (!access->is_store)
    return;
  box pages;
  tsr_piece piece = {.core = run->core, .op = access->op, .unit = w->unit};
  bool is_known =
      find_plain_box(w->part->skeleton, access, run, &pages) ||
      find_box(tsr_forms_page(w->part->forms, access), access, run, &pages);
  if (!is_known || !flatten_box(&pages, &piece)) {
    usage->is_inexact = true;
    return;
  }
  // Mostly every core stores one.
  if (!usage->pieces) {
    usage->piece_capacity = w->unit->core_count;
    usage->pieces =
        TSR_NEW_ARRAY(w->check->arena, tsr_piece, usage->piece_capacity);
  }
  usage->pieces =
      tsr_array_grow(w->check->arena, usage->pieces, &usage->piece_capacity,
                     usage->piece_count + 1, sizeof *usage->pieces);
  usage->pieces[usage->piece_count++] = piece;
}

static void visit_event(tsr_interval_run *run, const tsr_event *event) {
  walk *w = run->data;
  tsr_access accesses[2];
  size_t count = tsr_event_get_accesses(event, accesses);
  for (size_t i = 0; i < count; i++) {
    if (!accesses[i].buffer)
      continue;
    tsr_usage *usage = get_usage(w, &accesses[i]);
    check_range(w, run, event, &accesses[i]);
    add_piece(w, run, &accesses[i], usage);
  }
}

static bool goes_below(tsr_interval_run *run, const tsr_node *node) {
  walk *w = run->data;
  return tsr_form_goes_below(tsr_forms_of_slot(w->part->forms, node->dst), run);
}

// -- the unit -----------------------------------------------------------------

bool tsr_unit_is_on(const tsr_unit *unit, const tsr_part *part, uint32_t core) {
  return !part->cores || tsr_cores_contain(part->cores, unit->xy[2 * core],
                                           unit->xy[2 * core + 1]);
}

static void list_cores(tsr_unit *unit, tsr_arena *arena) {
  unit->cores = tsr_op_get_attr(unit->op, "cores");
  unit->core_count = unit->cores ? (uint32_t)tsr_cores_count(unit->cores) : 1;
  unit->xy = TSR_NEW_ARRAY(arena, uint32_t, 2 * (size_t)unit->core_count);
  if (!unit->cores)
    return;
  const char *order = tsr_op_get_text(unit->op, "order");
  tsr_cores_list(unit->cores,
                 order && strcmp(order, "row") == 0 ? TSR_ORDER_ROW
                                                    : TSR_ORDER_COLUMN,
                 unit->xy);
}

static void add_part(tsr_unit *unit, const tsr_op *root, tsr_arena *scratch) {
  tsr_part *part = &unit->parts[unit->part_count++];
  part->root = root;
  part->skeleton = TSR_NEW(scratch, tsr_skeleton);
  part->forms = TSR_NEW(scratch, tsr_forms);
  tsr_skeleton_init(part->skeleton, root,
                    TSR_WANT_LOADS | TSR_WANT_STORES | TSR_WANT_CB |
                        TSR_WANT_MACHINE,
                    scratch);
  tsr_forms_init(part->forms, part->skeleton, scratch);
  if (tsr_op_is(root, TSR_OP_kernel))
    part->cores = tsr_op_get_attr(root, "cores");
}

static void add_parts(tsr_unit *unit, const tsr_check *check) {
  if (!tsr_op_is(unit->op, TSR_OP_program)) {
    unit->parts = TSR_NEW(check->arena, tsr_part);
    add_part(unit, unit->op, check->scratch);
    return;
  }
  const tsr_block *body = tsr_op_block(unit->op, 0);
  size_t kernels = 0;
  for (const tsr_op *op = tsr_block_first(body); op; op = tsr_op_next(op))
    kernels += tsr_op_is(op, TSR_OP_kernel);
  unit->parts = TSR_NEW_ARRAY(check->arena, tsr_part, kernels);
  for (const tsr_op *op = tsr_block_first(body); op; op = tsr_op_next(op))
    if (tsr_op_is(op, TSR_OP_kernel))
      add_part(unit, op, check->scratch);
}

// Runs a part over intervals on every core it is on.
static tsr_result run_part(tsr_unit *unit, tsr_part *part,
                           const tsr_check *check) {
  const tsr_skeleton *s = part->skeleton;
  walk w = {.unit = unit,
            .part = part,
            .check = check,
            .is_reported = TSR_NEW_ARRAY(check->scratch, bool, s->event_count),
            .result = TSR_OK};
  tsr_interval_run run = {
      .skeleton = s,
      .values = TSR_NEW_ARRAY(check->scratch, tsr_index_range, s->slot_count),
      .visit = visit_event,
      .goes_below = goes_below,
      .data = &w,
      .diag = check->diag};
  for (run.core = 0; run.core < unit->core_count; run.core++) {
    if (!tsr_unit_is_on(unit, part, run.core))
      continue;
    run.x = unit->xy[2 * run.core];
    run.y = unit->xy[2 * run.core + 1];
    // Arithmetic that is wrong on one core mostly is on all: once is enough.
    if (tsr_interval_run_all(&run) != TSR_OK)
      return TSR_FAILED;
  }
  return w.result;
}

tsr_result tsr_unit_init(tsr_unit *unit, const tsr_op *op,
                         const tsr_check *check) {
  *unit = (tsr_unit){.op = op};
  // Of a program, hosts that launch it ask later.
  tsr_map_init_in(&unit->by_buffer, tsr_op_is(op, TSR_OP_program)
                                        ? check->arena
                                        : check->scratch);
  list_cores(unit, check->arena);
  add_parts(unit, check);
  tsr_result result = TSR_OK;
  for (size_t i = 0; i < unit->part_count; i++)
    if (run_part(unit, &unit->parts[i], check) != TSR_OK)
      result = TSR_FAILED;
  return result;
}

// -- step by step -------------------------------------------------------------

tsr_run_result tsr_unit_run_cores(const tsr_unit *unit, const tsr_part *part,
                                  tsr_concrete_run *run) {
  tsr_run_result result = TSR_RUN_DONE;
  for (uint32_t core = 0; core < unit->core_count && result == TSR_RUN_DONE;
       core++) {
    if (!tsr_unit_is_on(unit, part, core))
      continue;
    run->core = core;
    run->x = unit->xy[2 * core];
    run->y = unit->xy[2 * core + 1];
    result = tsr_concrete_run_all(run);
  }
  return result;
}

static bool visit_step(tsr_concrete_run *run, const tsr_event *event) {
  walk *w = run->data;
  tsr_access accesses[2];
  size_t count = tsr_event_get_accesses(event, accesses);
  for (size_t i = 0; i < count; i++) {
    const tsr_access *access = &accesses[i];
    int64_t rows = INT64_MAX, cols = INT64_MAX;
    if (access->valid_rows != TSR_NO_SLOT)
      rows = run->values[access->valid_rows];
    if (access->valid_cols != TSR_NO_SLOT)
      cols = run->values[access->valid_cols];
    for (uint32_t axis = 0; access->buffer && axis < access->count; axis++) {
      if (access->slots[axis] == TSR_NO_SLOT)
        continue;
      int64_t index = run->values[access->slots[axis]];
      int64_t span = get_span(access, axis, rows, cols);
      if (span > 0 && index > (int64_t)get_extent(access, axis) - span)
        report_range(w, event, access, axis, index, span, run->x, run->y);
    }
  }
  return true;
}

static tsr_run_result step_part(tsr_unit *unit, const tsr_part *part,
                                const tsr_check *check, tsr_result *result) {
  tsr_skeleton s;
  tsr_skeleton_init(&s, part->root, TSR_WANT_LOADS | TSR_WANT_STORES,
                    check->scratch);
  walk w = {.unit = unit,
            .check = check,
            .is_reported = TSR_NEW_ARRAY(check->scratch, bool, s.event_count),
            .result = TSR_OK};
  uint64_t steps = TSR_MAX_STEPS;
  tsr_concrete_run run = {
      .skeleton = &s,
      .values = TSR_NEW_ARRAY(check->scratch, int64_t, s.slot_count),
      .steps_left = &steps,
      .visit = visit_step,
      .data = &w,
      .diag = check->diag};
  tsr_run_result outcome = tsr_unit_run_cores(unit, part, &run);
  if (w.result != TSR_OK || outcome == TSR_RUN_STOPPED)
    *result = TSR_FAILED;
  return outcome;
}

tsr_result tsr_unit_check_ranges(tsr_unit *unit, const tsr_check *check) {
  tsr_result result = TSR_OK;
  if (!unit->has_unproved_range)
    return TSR_OK;
  for (size_t i = 0; i < unit->part_count && result == TSR_OK; i++)
    if (step_part(unit, &unit->parts[i], check, &result) == TSR_RUN_LIMIT)
      tsr_diag_warn(check->diag, unit->parts[i].root,
                    TSR_DIAG(ranges_not_proved), TSR_MAX_STEPS);
  return result;
}
