// Applying patterns until none applies.
//
// Every op that has a pattern gets a number, which is kept in the op itself, so
// that the worklist needs no hashing: numbers in the order of the text first,
// then those of ops that are made on the way. What is changed by one rewrite
// joins the worklist in the order of these numbers, because use lists have none
// that may be relied on.

#include "tessera/rewrite.h"

#include "tessera/vector.h"

#include <stdlib.h>

// No set of patterns that comes to an end is known to need more than a few
// rewrites for an op, even where ops are made.
enum { REWRITES_PER_OP = 64, REWRITES_AT_LEAST = 4096 };

typedef struct numbers {
  uint32_t *items;
  size_t size, capacity;
} numbers;

typedef struct sweep {
  tsr_op_listener listener; // first: what is listened with is the sweep
  tsr_rewriter rewriter;
  const tsr_rewrite_options *options;
  tsr_arena *arena;
  const tsr_pattern **patterns; // by kind, then benefit
  uint32_t first[TSR_OP_COUNT + 1];
  tsr_vec ops;       // by number - 1; NULL: erased
  uint32_t in_text;  // ops that were there when the sweep began
  uint32_t taken;    // of those, the ones that had their turn
  const tsr_op *now; // is being visited, and will be until no pattern applies
  bool *is_waiting;  // in `queue` or `fresh`; by number - 1
  size_t waiting_capacity;
  numbers queue; // to be visited again
  numbers fresh; // what this rewrite changed
  size_t next;   // in `queue`
  uint64_t max_rewrites;
  tsr_rewrite_counts counts;
} sweep;

// -- the patterns by kind -----------------------------------------------------

static bool goes_before(const tsr_pattern *a, const tsr_pattern *b) {
  return a->root != b->root ? a->root < b->root : a->benefit > b->benefit;
}

// Equal ones stay in the order of the sets.
static void insert_pattern(sweep *s, size_t count, const tsr_pattern *pattern) {
  size_t at = count;
  for (; at > 0 && goes_before(pattern, s->patterns[at - 1]); at--)
    s->patterns[at] = s->patterns[at - 1];
  s->patterns[at] = pattern;
}

static void sort_patterns(sweep *s, const tsr_pattern_set *sets, size_t count) {
  size_t total = 0, at = 0;
  for (size_t i = 0; i < count; i++)
    total += sets[i].count;
  s->patterns = TSR_NEW_ARRAY(s->arena, const tsr_pattern *, total + 1);
  total = 0;
  for (size_t i = 0; i < count; i++)
    for (size_t k = 0; k < sets[i].count; k++)
      insert_pattern(s, total++, &sets[i].patterns[k]);
  for (size_t kind = 0; kind <= TSR_OP_COUNT; kind++) {
    while (at < total && s->patterns[at]->root < kind)
      at++;
    s->first[kind] = (uint32_t)at;
  }
}

static bool has_patterns(const sweep *s, const tsr_op *op) {
  tsr_op_kind kind = tsr_op_get_kind(op);
  return s->first[kind] != s->first[kind + 1];
}

// -- the worklist -------------------------------------------------------------

static void append_number(sweep *s, numbers *list, uint32_t number) {
  if (list->size == list->capacity)
    list->items = tsr_array_grow(s->arena, list->items, &list->capacity,
                                 list->size + 1, sizeof *list->items);
  list->items[list->size++] = number;
}

static uint32_t give_number(sweep *s, tsr_op *op) {
  tsr_vec_append(&s->ops, op);
  tsr_op_set_mark(op, (uint32_t)s->ops.size);
  return (uint32_t)s->ops.size;
}

static void note_changed(tsr_op_listener *listener, tsr_op *op) {
  sweep *s = (sweep *)listener;
  // What a block hands over matters to the op around.
  if (tsr_op_has_trait(op, TSR_TRAIT_TERMINATOR) && tsr_op_get_parent(op))
    op = tsr_op_get_parent(op);
  if (op == s->now || !has_patterns(s, op))
    return;
  uint32_t number = tsr_op_get_mark(op);
  if (number > s->taken && number <= s->in_text)
    return; // its turn comes
  if (number == 0)
    number = give_number(s, op);
  if (s->ops.size > s->waiting_capacity)
    s->is_waiting = tsr_array_grow(NULL, s->is_waiting, &s->waiting_capacity,
                                   s->ops.size, sizeof *s->is_waiting);
  if (s->is_waiting[number - 1])
    return;
  s->is_waiting[number - 1] = true;
  append_number(s, &s->fresh, number);
}

static void note_erased(tsr_op_listener *listener, tsr_op *op) {
  sweep *s = (sweep *)listener;
  uint32_t number = tsr_op_get_mark(op);
  if (number > 0)
    s->ops.data[number - 1] = NULL;
  tsr_op_set_mark(op, 0);
}

static int compare_numbers(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return (x > y) - (x < y);
}

static void queue_fresh(sweep *s) {
  if (s->fresh.size > 1)
    qsort(s->fresh.items, s->fresh.size, sizeof *s->fresh.items,
          compare_numbers);
  for (size_t i = 0; i < s->fresh.size; i++)
    append_number(s, &s->queue, s->fresh.items[i]);
  s->fresh.size = 0;
}

// -- visiting -----------------------------------------------------------------

static tsr_result report_endless(const sweep *s, tsr_loc loc,
                                 const tsr_pattern *pattern, tsr_diag *diag) {
  return tsr_diag_error_at(diag, loc, TSR_DIAG(patterns_endless), pattern->name,
                           s->counts.rewrites);
}

// An op that was made for a value is what the text knew that value as.
static void hand_name_on(const tsr_value *value, tsr_value *worth) {
  if (tsr_value_get_def(worth) && !tsr_value_get_name(worth))
    tsr_value_set_interned_name(worth, tsr_value_get_name(value));
}

static bool apply(sweep *s, const tsr_pattern *pattern, tsr_op *op) {
  tsr_rewriter *r = &s->rewriter;
  if (pattern->apply)
    return pattern->apply(r, op);
  tsr_value *worth = pattern->fold(r, op);
  if (!worth)
    return false;
  hand_name_on(tsr_op_result(op, 0), worth);
  tsr_rewriter_replace(r, op, &worth);
  return true;
}

// The first pattern that applied, or NULL.
static const tsr_pattern *apply_one(sweep *s, tsr_op *op) {
  tsr_op_kind kind = tsr_op_get_kind(op);
  tsr_rewriter_set_before(&s->rewriter, op);
  for (uint32_t i = s->first[kind]; i < s->first[kind + 1]; i++)
    if (apply(s, s->patterns[i], op))
      return s->patterns[i];
  return NULL;
}

// Applies patterns to one op until none applies or it is gone.
static tsr_result visit(sweep *s, uint32_t number, tsr_diag *diag) {
  for (tsr_op *op; (op = s->ops.data[number - 1]);) {
    tsr_rewritten was = {tsr_op_get_kind(op), tsr_op_get_loc(op),
                         tsr_op_get_parent(op)};
    s->counts.visits++;
    s->now = op;
    if (s->options->visiting)
      s->options->visiting(s->options->user, op);
    const tsr_pattern *applied = apply_one(s, op);
    s->now = NULL;
    queue_fresh(s);
    if (!applied)
      break;
    if (s->counts.rewrites == s->max_rewrites)
      return report_endless(s, was.loc, applied, diag);
    s->counts.rewrites++;
    if (s->options->applied)
      s->options->applied(s->options->user, applied, &was);
  }
  return TSR_OK;
}

static void number_block(sweep *s, const tsr_block *block) {
  for (tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op)) {
    if (has_patterns(s, op))
      give_number(s, op);
    // Every pass carries references along as they are.
    if (tsr_op_is(op, TSR_OP_reference))
      continue;
    for (size_t i = 0; i < tsr_op_block_count(op); i++)
      number_block(s, tsr_op_block(op, i));
  }
}

static void forget_numbers(sweep *s) {
  for (size_t i = 0; i < s->ops.size; i++)
    if (s->ops.data[i])
      tsr_op_set_mark(s->ops.data[i], 0);
  for (size_t i = 0; i < s->waiting_capacity; i++)
    s->is_waiting[i] = false;
  s->ops.size = s->queue.size = s->fresh.size = s->next = 0;
}

static tsr_result run_sweep(sweep *s, tsr_module *module, tsr_diag *diag) {
  s->counts.sweeps++;
  number_block(s, tsr_module_block(module));
  s->in_text = (uint32_t)s->ops.size;
  if (s->max_rewrites == 0)
    s->max_rewrites =
        REWRITES_AT_LEAST + (uint64_t)REWRITES_PER_OP * s->in_text;
  s->is_waiting = tsr_array_grow(NULL, s->is_waiting, &s->waiting_capacity,
                                 s->ops.size + 1, sizeof *s->is_waiting);
  tsr_result result = TSR_OK;
  for (s->taken = 0; s->taken < s->in_text && result == TSR_OK;)
    result = visit(s, ++s->taken, diag);
  while (s->next < s->queue.size && result == TSR_OK) {
    uint32_t number = s->queue.items[s->next++];
    s->is_waiting[number - 1] = false;
    result = visit(s, number, diag);
  }
  forget_numbers(s);
  return result;
}

tsr_result tsr_rewrite(tsr_module *module, const tsr_pattern_set *sets,
                       size_t count, const tsr_rewrite_options *options,
                       tsr_diag *diag, tsr_rewrite_counts *out_counts) {
  tsr_arena arena;
  tsr_arena_init(&arena);
  static const tsr_rewrite_options none;
  sweep s = {.listener = {note_changed, note_erased},
             .options = options ? options : &none,
             .rewriter = tsr_rewriter_make(module),
             .arena = &arena};
  s.rewriter.at.listener = &s.listener;
  s.rewriter.data = s.options->data;
  s.max_rewrites = s.options->max_rewrites;
  tsr_vec_init(&s.ops, NULL);
  sort_patterns(&s, sets, count);
  tsr_result result = TSR_OK;
  uint64_t before;
  do {
    before = s.counts.rewrites;
    result = run_sweep(&s, module, diag);
  } while (result == TSR_OK && s.counts.rewrites > before);
  if (out_counts)
    *out_counts = s.counts;
  tsr_vec_deinit(&s.ops);
  tsr_mem_resize(s.is_waiting, 0);
  tsr_arena_deinit(&arena);
  return result;
}
