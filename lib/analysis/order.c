// Races: a buffer may be loaded and stored by one unit only if each tile's load
// surely comes before its store, on the same core.
//
// Loads, math and stores become three kernels that run decoupled, so the order
// of the text does not keep them in order: the data must flow from the load to
// the store.

#include "impl.h"

#include <stdlib.h>

enum { FEW_STEPS = 50000 };

static const char *unit_text(const tsr_unit *unit) {
  switch ((int)tsr_op_get_kind(unit->op)) {
  case TSR_OP_tile_parallel:
    return "parallel loop";
  case TSR_OP_core_launch:
    return "launch";
  }
  return "program";
}

tsr_result tsr_order_error(const tsr_check *check, const tsr_unit *unit,
                           const tsr_value *buffer, const tsr_op *load,
                           const tsr_op *store, const char *why) {
  tsr_diag_error(check->diag, store, TSR_DIAG(store_load_order),
                 tsr_value_text(check->scratch, buffer), unit_text(unit), why);
  tsr_diag_note(check->diag, load, TSR_DIAG(note_load_here));
  return TSR_FAILED;
}

tsr_result tsr_order_warn(const tsr_check *check, const tsr_usage *usage) {
  tsr_diag_warn(check->diag, usage->store, TSR_DIAG(order_not_proved),
                tsr_value_text(check->scratch, usage->buffer));
  return TSR_OK;
}

// -- programs: by the order of pages ------------------------------------------

// By core, pages and order, for kernels run as fast as they can: the writer
// follows the reader only if both go through the pages alike.
static int compare_pieces(const void *a, const void *b) {
  const tsr_piece *x = *(const tsr_piece *const *)a;
  const tsr_piece *y = *(const tsr_piece *const *)b;
  if (x->core != y->core)
    return x->core < y->core ? -1 : 1;
  if (x->start != y->start)
    return x->start < y->start ? -1 : 1;
  if (x->count != y->count)
    return x->count < y->count ? -1 : 1;
  return (x->order > y->order) - (x->order < y->order);
}

// One kernel goes through `b` after all of `a`: no loop that has several rounds
// is around both.
static bool comes_after(const tsr_piece *a, const tsr_op *b) {
  const tsr_op *kernel = a->op;
  while (kernel && !tsr_op_is(kernel, TSR_OP_kernel))
    kernel = tsr_op_get_parent(kernel);
  return kernel && tsr_block_find_ancestor(tsr_op_block(kernel, 0), b) &&
         !(a->loop && tsr_block_find_ancestor(tsr_op_block(a->loop, 0), b));
}

// Pages that go on where those before end, as one piece: where one kernel has a
// loop, another may have its rounds one by one.
static size_t join_pieces(const tsr_usage *usage, tsr_piece *out) {
  tsr_piece *last[2] = {NULL, NULL}; // a load's, a store's
  size_t count = 0;
  for (size_t i = 0; i < usage->piece_count; i++) {
    const tsr_piece *piece = &usage->pieces[i];
    tsr_piece *before = last[piece->is_store];
    if (before && before->core == piece->core && !before->order &&
        !piece->order && before->start + before->count == piece->start &&
        comes_after(before, piece->op)) {
      before->count += piece->count;
      before->op = piece->op;
      before->loop = piece->loop;
      continue;
    }
    last[piece->is_store] = &out[count];
    out[count++] = *piece;
  }
  return count;
}

// Each piece is loaded and stored.
static bool are_pairs(const tsr_check *check, const tsr_piece *pieces,
                      size_t count) {
  const tsr_piece **sorted =
      TSR_NEW_ARRAY(check->scratch, const tsr_piece *, count);
  for (size_t i = 0; i < count; i++)
    sorted[i] = &pieces[i];
  qsort(sorted, count, sizeof *sorted, compare_pieces);
  for (size_t i = 0, end; i < count; i = end) {
    bool is_loaded = false, is_stored = false;
    for (end = i; end < count && compare_pieces(&sorted[i], &sorted[end]) == 0;
         end++) {
      is_loaded |= !sorted[end]->is_store;
      is_stored |= sorted[end]->is_store;
    }
    if (!is_loaded || !is_stored)
      return false;
  }
  return true;
}

// Decided by the pieces as they are, or joined.
static bool has_paired_pieces(const tsr_check *check, const tsr_usage *usage) {
  if (usage->loads_inexact || usage->stores_inexact)
    return false;
  if (are_pairs(check, usage->pieces, usage->piece_count))
    return true;
  tsr_piece *joined =
      TSR_NEW_ARRAY(check->scratch, tsr_piece, usage->piece_count);
  return are_pairs(check, joined, join_pieces(usage, joined));
}

// Small programs are followed step by step in any case: that the pages come in
// the same order does not say that each is stored with what follows from its
// own load.
static tsr_result check_pieces(const tsr_check *check, const tsr_unit *unit,
                               const tsr_usage *usage) {
  bool has_pairs = has_paired_pieces(check, usage);
  uint64_t steps = has_pairs ? FEW_STEPS : TSR_MAX_STEPS;
  switch (tsr_unit_find_race(unit, check, usage, steps)) {
  case TSR_RACE_NONE:
    return TSR_OK;
  case TSR_RACE_WRONG:
    return TSR_FAILED;
  case TSR_RACE_FOUND:
    return tsr_order_error(check, unit, usage->buffer, usage->load,
                           usage->store,
                           "but nothing says that the loads of a page are "
                           "over by then: kernels would race");
  case TSR_RACE_UNCLEAR:
    break;
  }
  return has_pairs ? TSR_OK : tsr_order_warn(check, usage);
}

tsr_result tsr_unit_check_order(tsr_unit *unit, const tsr_check *check) {
  if (!tsr_op_is(unit->op, TSR_OP_program))
    return tsr_unit_check_nest_order(unit, check);
  tsr_result result = TSR_OK;
  for (size_t i = 0; i < unit->usage_count; i++) {
    const tsr_usage *usage = unit->usages[i];
    if (usage->load && usage->store &&
        check_pieces(check, unit, usage) != TSR_OK)
      result = TSR_FAILED;
  }
  return result;
}
