// Races: a buffer may be loaded and stored by one unit only if each tile's load
// surely comes before its store, on the same core.
//
// Loads, math and stores become three kernels that run decoupled, so the order
// of the text does not keep them in order: the data must flow from the load to
// the store.

#include "impl.h"

#include <stdlib.h>

static const char *unit_text(const tsr_unit *unit) {
  switch ((int)tsr_op_get_kind(unit->op)) {
  case TSR_OP_tile_parallel:
    return "parallel loop";
  case TSR_OP_core_launch:
    return "launch";
  }
  return "program";
}

static tsr_result report(const tsr_check *check, const tsr_usage *usage,
                         const tsr_op *load, const tsr_op *store,
                         const tsr_unit *unit, const char *why) {
  tsr_diag_error(check->diag, store, TSR_DIAG(store_load_order),
                 tsr_value_text(check->scratch, usage->buffer), unit_text(unit),
                 why);
  tsr_diag_note(check->diag, load, TSR_DIAG(note_load_here));
  return TSR_FAILED;
}

// -- nests and launches: by form ----------------------------------------------

// The accesses of one buffer that is both loaded and stored.
typedef struct contest {
  const tsr_usage *usage;
  tsr_vec loads, stores; // tsr_access
} contest;

static contest *find_contest(contest *contests, size_t count,
                             const tsr_value *buffer) {
  for (size_t i = 0; i < count; i++)
    if (contests[i].usage->buffer == buffer)
      return &contests[i];
  return NULL;
}

static void collect(const tsr_node *node, contest *contests, size_t count,
                    tsr_arena *arena) {
  for (; node; node = node->next) {
    collect(node->body, contests, count, arena);
    collect(node->other, contests, count, arena);
    if (node->kind != TSR_NODE_EVENT)
      continue;
    tsr_access accesses[2];
    size_t n = tsr_event_get_accesses(&node->event, accesses);
    for (size_t i = 0; i < n; i++) {
      contest *c = find_contest(contests, count, accesses[i].buffer);
      if (!c)
        continue;
      tsr_access *kept = TSR_NEW(arena, tsr_access);
      *kept = accesses[i];
      tsr_vec_append(kept->is_store ? &c->stores : &c->loads, kept);
    }
  }
}

// In the innermost block around both, `a` comes first.
static bool comes_before(const tsr_op *a, const tsr_op *b) {
  const tsr_op *at = a;
  const tsr_block *block = tsr_op_get_parent_block(at);
  while (block && !tsr_block_find_ancestor(block, b)) {
    at = tsr_block_get_parent(block);
    block = tsr_op_get_parent_block(at);
  }
  if (!block)
    return false;
  const tsr_op *other = tsr_block_find_ancestor(block, b);
  return at != other && tsr_op_is_before(at, other);
}

static void push_values(tsr_vec *stack, const tsr_op *op) {
  for (size_t i = 0; i < tsr_op_operand_count(op); i++)
    tsr_vec_append(stack, tsr_op_operand(op, i));
}

// Everything the value is computed from.
static void trace(tsr_map *seen, const tsr_value *value) {
  tsr_vec stack;
  tsr_vec_init(&stack, NULL);
  tsr_vec_append(&stack, (void *)value);
  while (stack.size > 0) {
    const tsr_value *at = tsr_vec_pop(&stack);
    if (tsr_map_has(seen, at) || tsr_value_is_constant(at))
      continue;
    tsr_map_set(seen, at, NULL);
    const tsr_op *op = tsr_value_get_def(at);
    const tsr_block *block = tsr_value_get_block(at);
    if (block)
      op = tsr_block_get_parent(block); // a carried value: what the loop takes
    if (!op || tsr_map_has(seen, op))
      continue;
    tsr_map_set(seen, op, NULL);
    push_values(&stack, op);
    for (size_t i = 0; i < tsr_op_block_count(op); i++) {
      const tsr_op *end = tsr_block_terminator(tsr_op_block(op, i));
      if (end)
        push_values(&stack, end);
    }
  }
  tsr_vec_deinit(&stack);
}

// Why nothing keeps `load` before a store of what is computed from `sources`.
// Where the FPU and the SFPU both need a tile it is loaded twice, and the store
// may follow from one of the two only.
static const char *explain_order(const contest *c, const tsr_map *sources,
                                 const tsr_access *load) {
  for (size_t i = 0; i < c->loads.size; i++) {
    const tsr_access *other = c->loads.data[i];
    if (other != load && tsr_map_has(sources, other->op))
      return "but the tile is loaded twice, as it is where the FPU and the "
             "SFPU "
             "both read it, and what is stored depends on one of the loads "
             "only: nothing keeps the other before it; store to another "
             "buffer, "
             "or use the tile on one unit";
  }
  return "but what is stored does not depend on the load, so nothing keeps "
         "their order";
}

static bool is_same_block(tsr_forms *forms, const tsr_access *load,
                          const tsr_access *store) {
  const tsr_form *page = tsr_forms_page(forms, store);
  return page && tsr_forms_page(forms, load) == page &&
         load->block_rows == store->block_rows &&
         load->block_cols == store->block_cols;
}

// Why the order of a load and the store of the same tile is not kept, or NULL.
static const char *find_disorder(const contest *c, const tsr_access *load,
                                 const tsr_access *store) {
  if (!comes_before(load->op, store->op))
    return "but the load of the tile does not come first";
  tsr_map sources;
  tsr_map_init(&sources);
  trace(&sources, tsr_op_operand(store->op, 0));
  const char *why =
      tsr_map_has(&sources, load->op) ? NULL : explain_order(c, &sources, load);
  tsr_map_deinit(&sources);
  return why;
}

// A tile that is loaded is stored at the same indices. Other stores do not
// touch it: no tile is written twice.
static tsr_result check_load(const tsr_check *check, tsr_unit *unit,
                             const contest *c, const tsr_access *load) {
  const tsr_access *met = NULL;
  const char *why = NULL;
  for (size_t i = 0; i < c->stores.size && !why; i++) {
    const tsr_access *store = c->stores.data[i];
    if (!is_same_block(unit->parts[0].forms, load, store))
      continue;
    met = store;
    why = find_disorder(c, load, store);
  }
  if (!met) {
    met = c->stores.data[0];
    why = "but not at the same indices: cores would race";
  }
  return why ? report(check, c->usage, load->op, met->op, unit, why) : TSR_OK;
}

static tsr_result check_forms(const tsr_check *check, tsr_unit *unit,
                              contest *contests, size_t count) {
  tsr_result result = TSR_OK;
  for (size_t i = 0; i < count; i++) {
    tsr_vec_init(&contests[i].loads, check->scratch);
    tsr_vec_init(&contests[i].stores, check->scratch);
  }
  collect(unit->parts[0].skeleton->body, contests, count, check->scratch);
  for (size_t i = 0; i < count; i++)
    for (size_t k = 0; k < contests[i].loads.size; k++)
      if (check_load(check, unit, &contests[i], contests[i].loads.data[k]) !=
          TSR_OK) {
        result = TSR_FAILED;
        break;
      }
  return result;
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

static tsr_result check_pieces(const tsr_check *check, const tsr_unit *unit,
                               const tsr_usage *usage) {
  if (has_paired_pieces(check, usage))
    return TSR_OK;
  tsr_race race = tsr_unit_find_race(unit, check, usage);
  bool is_exact = !usage->loads_inexact && !usage->stores_inexact;
  if (race == TSR_RACE_NONE)
    return TSR_OK;
  if (race == TSR_RACE_WRONG)
    return TSR_FAILED;
  if (race == TSR_RACE_FOUND || is_exact)
    return report(check, usage, usage->load, usage->store, unit,
                  "but not tile by tile in the same order: kernels would race");
  tsr_diag_warn(check->diag, usage->store, TSR_DIAG(order_not_proved),
                tsr_value_text(check->scratch, usage->buffer));
  return TSR_OK;
}

tsr_result tsr_unit_check_order(tsr_unit *unit, const tsr_check *check) {
  bool is_program = tsr_op_is(unit->op, TSR_OP_program);
  contest *contests = TSR_NEW_ARRAY(check->scratch, contest, unit->usage_count);
  size_t count = 0;
  tsr_result result = TSR_OK;
  for (size_t i = 0; i < unit->usage_count; i++) {
    const tsr_usage *usage = unit->usages[i];
    if (!usage->load || !usage->store)
      continue;
    if (!is_program)
      contests[count++].usage = usage;
    else if (check_pieces(check, unit, usage) != TSR_OK)
      result = TSR_FAILED;
  }
  if (count > 0 && check_forms(check, unit, contests, count) != TSR_OK)
    result = TSR_FAILED;
  return result;
}
