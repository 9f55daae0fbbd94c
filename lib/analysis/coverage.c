// Coverage: every tile of an output is stored once.
//
// Where each op stores consecutive pages on each core, sorting these runs of
// pages decides, at a cost that does not depend on the number of tiles. Other
// nests are followed step by step, with one owner noted per page.

#include "impl.h"

#include <stdlib.h>
#include <string.h>

// -- text ---------------------------------------------------------------------

// " by core (0,1)", or nothing when the unit is not on cores.
static const char *core_text(const tsr_check *check, const tsr_unit *unit,
                             uint32_t core) {
  return unit->cores
             ? tsr_arena_printf(check->scratch, " by core (%u,%u)",
                                unit->xy[2 * core], unit->xy[2 * core + 1])
             : "";
}

static tsr_result report_twice(const tsr_check *check, const tsr_value *buffer,
                               uint64_t page, const tsr_op *first,
                               const char *first_by, const tsr_op *second,
                               const char *second_by) {
  const char *join = *first_by && *second_by ? " and" : "";
  tsr_diag_error(check->diag, second, TSR_DIAG(tile_written_twice),
                 tsr_page_text(check->scratch, buffer, page),
                 tsr_value_text(check->scratch, buffer),
                 (unsigned long long)page, first_by, join, second_by);
  if (first != second)
    tsr_diag_note(check->diag, first, TSR_DIAG(note_also_written));
  return TSR_FAILED;
}

static tsr_result report_never(const tsr_check *check, const tsr_touch *touch,
                               uint64_t page) {
  const tsr_value *buffer = touch->usage->buffer;
  return tsr_diag_error(
      check->diag, touch->usage->store, TSR_DIAG(tile_never_written),
      tsr_page_text(check->scratch, buffer, page),
      tsr_value_text(check->scratch, buffer), (unsigned long long)page);
}

static uint64_t count_pages(const tsr_touch *touch) {
  return tsr_type_tile_count(tsr_value_get_type(touch->usage->buffer));
}

// -- runs of pages ------------------------------------------------------------

static int compare_pieces(const void *a, const void *b) {
  const tsr_piece *x = *(const tsr_piece *const *)a;
  const tsr_piece *y = *(const tsr_piece *const *)b;
  if (x->start != y->start)
    return x->start < y->start ? -1 : 1;
  if (x->count != y->count)
    return x->count < y->count ? -1 : 1;
  return (x->core > y->core) - (x->core < y->core);
}

static const tsr_piece **sort_pieces(const tsr_check *check,
                                     const tsr_touch *touches, size_t count,
                                     size_t *out_count) {
  size_t total = 0, n = 0;
  for (size_t i = 0; i < count; i++)
    total += touches[i].usage->piece_count;
  const tsr_piece **sorted =
      TSR_NEW_ARRAY(check->scratch, const tsr_piece *, total);
  for (size_t i = 0; i < count; i++)
    for (size_t k = 0; k < touches[i].usage->piece_count; k++)
      sorted[n++] = &touches[i].usage->pieces[k];
  qsort(sorted, n, sizeof *sorted, compare_pieces);
  *out_count = n;
  return sorted;
}

static tsr_result check_pieces(const tsr_check *check, const tsr_touch *touches,
                               size_t count, bool is_complete) {
  size_t n;
  const tsr_piece **sorted = sort_pieces(check, touches, count, &n);
  const tsr_value *buffer = touches[0].usage->buffer;
  uint64_t next = 0;
  for (size_t i = 0; i < n; i++) {
    const tsr_piece *piece = sorted[i];
    if (piece->start < next)
      return report_twice(
          check, buffer, piece->start, sorted[i - 1]->op,
          core_text(check, sorted[i - 1]->unit, sorted[i - 1]->core), piece->op,
          core_text(check, piece->unit, piece->core));
    if (piece->start > next && is_complete)
      return report_never(check, &touches[0], next);
    next = piece->start + piece->count;
  }
  if (is_complete && next < count_pages(&touches[0]))
    return report_never(check, &touches[0], next);
  return TSR_OK;
}

// -- step by step -------------------------------------------------------------

// Who wrote each page: 0 nobody, else 1 + number of the piece of work, counted
// over the cores (iterations) of all touches.
typedef struct ledger {
  const tsr_check *check;
  const tsr_touch *touches;
  size_t count;
  uint32_t *owners;
  uint64_t *bases; // number of each touch's first piece of work
  size_t at;       // the touch that runs
  tsr_result result;
} ledger;

uint64_t tsr_run_get_worker(const tsr_concrete_run *run, const tsr_unit *unit) {
  if (unit->cores)
    return run->core;
  uint64_t iteration = 0;
  for (const tsr_node *axis = run->skeleton->body;
       axis && axis->kind == TSR_NODE_LOOP && axis->op == unit->op;
       axis = axis->body)
    iteration = iteration * (uint64_t)run->values[axis->args[1]] +
                (uint64_t)run->values[axis->dst];
  return iteration;
}

uint64_t tsr_unit_count_workers(const tsr_unit *unit) {
  if (unit->cores)
    return unit->core_count;
  uint64_t count = 1;
  for (size_t i = 0; i < tsr_op_operand_count(unit->op); i++) {
    int64_t size;
    if (!tsr_index_evaluate(tsr_op_operand(unit->op, i), NULL, &size) ||
        size < 1 || (uint64_t)size > TSR_MAX_STEPS)
      return TSR_MAX_STEPS;
    count *= (uint64_t)size;
    if (count > TSR_MAX_STEPS)
      return TSR_MAX_STEPS;
  }
  return count;
}

static const char *iteration_text(const tsr_check *check, const tsr_op *nest,
                                  uint64_t iteration) {
  const char *text = ")";
  for (size_t axis = tsr_op_operand_count(nest); axis-- > 0;) {
    int64_t size = 1;
    if (!tsr_index_evaluate(tsr_op_operand(nest, axis), NULL, &size) ||
        size < 1)
      return "";
    text = tsr_arena_printf(check->scratch, "%s%llu%s", axis ? ", " : "(",
                            (unsigned long long)(iteration % (uint64_t)size),
                            text);
    iteration /= (uint64_t)size;
  }
  return tsr_arena_printf(check->scratch, " by iteration %s", text);
}

static const char *worker_text(const ledger *l, uint64_t owner,
                               const tsr_op **out_op) {
  size_t i = l->count - 1;
  while (l->bases[i] > owner)
    i--;
  *out_op = l->touches[i].usage->store;
  const tsr_unit *unit = l->touches[i].unit;
  uint64_t worker = owner - l->bases[i];
  return unit->cores ? core_text(l->check, unit, (uint32_t)worker)
                     : iteration_text(l->check, unit->op, worker);
}

// Notes that the worker stores `page`; false when it was stored before.
static bool note_page(ledger *l, uint64_t page, uint64_t worker,
                      const tsr_op *op) {
  uint64_t owner = l->bases[l->at] + worker;
  if (l->owners[page] == 0) {
    l->owners[page] = (uint32_t)(owner + 1);
    return true;
  }
  const tsr_op *first, *ignored;
  const char *first_by = worker_text(l, l->owners[page] - 1, &first);
  const char *second_by = worker_text(l, owner, &ignored);
  bool is_same = l->owners[page] - 1 == owner;
  l->result = report_twice(l->check, l->touches[l->at].usage->buffer, page,
                           first, first_by, op, is_same ? "" : second_by);
  return false;
}

static bool visit_store(tsr_concrete_run *run, const tsr_event *event) {
  ledger *l = run->data;
  const tsr_touch *touch = &l->touches[l->at];
  tsr_access accesses[2];
  if (tsr_event_get_accesses(event, accesses) == 0 ||
      accesses[0].buffer != touch->usage->buffer)
    return true;
  tsr_page_block block;
  if (!tsr_access_get_pages(&accesses[0], run->values, &block))
    return true; // ranges are checked elsewhere
  uint64_t worker = tsr_run_get_worker(run, touch->unit);
  for (uint64_t r = 0; r < block.rows; r++)
    for (uint64_t c = 0; c < block.cols; c++)
      if (!note_page(l, block.first + r * block.stride + c, worker,
                     accesses[0].op))
        return false;
  return true;
}

static tsr_run_result run_touch(ledger *l, const tsr_part *part,
                                uint64_t *steps) {
  const tsr_unit *unit = l->touches[l->at].unit;
  tsr_skeleton s;
  tsr_skeleton_init(&s, part->root, TSR_WANT_STORES, l->check->scratch);
  tsr_skeleton_keep_buffer(&s, l->touches[l->at].usage->buffer, NULL);
  tsr_concrete_run run = {
      .skeleton = &s,
      .values = TSR_NEW_ARRAY(l->check->scratch, int64_t, s.slot_count),
      .steps_left = steps,
      .visit = visit_store,
      .data = l,
      .diag = l->check->diag};
  return tsr_unit_run_cores(unit, part, &run);
}

static tsr_run_result run_touches(ledger *l) {
  uint64_t steps = TSR_MAX_STEPS;
  for (l->at = 0; l->at < l->count; l->at++) {
    const tsr_unit *unit = l->touches[l->at].unit;
    for (size_t i = 0; i < unit->part_count; i++) {
      tsr_run_result result = run_touch(l, &unit->parts[i], &steps);
      if (result != TSR_RUN_DONE)
        return result;
    }
  }
  return TSR_RUN_DONE;
}

static tsr_result warn_unproved(const tsr_check *check,
                                const tsr_touch *touch) {
  tsr_diag_warn(check->diag, touch->usage->store, TSR_DIAG(coverage_not_proved),
                TSR_MAX_STEPS,
                tsr_value_text(check->scratch, touch->usage->buffer));
  return TSR_OK;
}

static tsr_result check_steps(const tsr_check *check, const tsr_touch *touches,
                              size_t count, bool is_complete) {
  uint64_t pages = count_pages(&touches[0]), workers = 0;
  ledger l = {.check = check,
              .touches = touches,
              .count = count,
              .result = TSR_OK,
              .bases = TSR_NEW_ARRAY(check->scratch, uint64_t, count)};
  for (size_t i = 0; i < count; i++) {
    l.bases[i] = workers;
    workers += tsr_unit_count_workers(touches[i].unit);
  }
  if (pages > TSR_MAX_STEPS || workers >= UINT32_MAX)
    return warn_unproved(check, &touches[0]);

  size_t bytes = (size_t)pages * sizeof *l.owners;
  l.owners = tsr_mem_resize(NULL, bytes);
  memset(l.owners, 0, bytes);
  tsr_run_result outcome = run_touches(&l);
  if (outcome == TSR_RUN_LIMIT)
    warn_unproved(check, &touches[0]);
  else if (outcome == TSR_RUN_STOPPED)
    l.result = TSR_FAILED;
  for (uint64_t page = 0;
       outcome == TSR_RUN_DONE && is_complete && page < pages; page++)
    if (l.owners[page] == 0) {
      l.result = report_never(check, &touches[0], page);
      break;
    }
  tsr_mem_resize(l.owners, 0);
  return l.result;
}

tsr_result tsr_check_coverage(const tsr_check *check, const tsr_touch *touches,
                              size_t count, bool is_complete) {
  bool is_exact = true;
  for (size_t i = 0; i < count; i++)
    is_exact = is_exact && !touches[i].usage->is_inexact;
  return is_exact ? check_pieces(check, touches, count, is_complete)
                  : check_steps(check, touches, count, is_complete);
}
