// cse: compute equal values once.
//
// An op whose results depend on nothing but its operands is replaced by an
// earlier equal one that is sure to have run: one in the same block or in a
// block around it. Reads of buffers take part as long as nothing can have
// written the buffer in between.
// Cost: linear, times the depth of nested loops (writes in them).
//
// Three things that look equal are left alone: fills, because two accumulators
// that start from one value would need a copy where a second fill is free;
// loads that feed a stream and ops with a DST slot, because they are places as
// well as values; and values of a kernel that equal one outside, because
// kernels share nothing.

#include "tessera/hash.h"
#include "tessera/pass_report.h"
#include "tessera/vector.h"

// What was entered in the table, to be taken out at the end of the block.
typedef struct entry {
  const void *key;
  size_t key_bytes;
} entry;

typedef struct table {
  tsr_pass_env *env;
  tsr_arena *scratch;
  tsr_bytes_map ops; // op by what it computes
  entry *entries;
  size_t entry_count, entry_capacity;
  tsr_map epochs;   // of each buffer: how often it may have been written so far
  uintptr_t kernel; // which kernel the walk is in, 0: none
  size_t removed;
} table;

// -- what an op computes ------------------------------------------------------

// Ops without a trait that says so whose result is the same each time.
static bool is_pure_kind(tsr_op_kind kind) {
  return kind == TSR_OP_buffer_dim || kind == TSR_OP_tile_generate ||
         kind == TSR_OP_tile_extract || kind == TSR_OP_tile_insert ||
         kind == TSR_OP_tile_load || kind == TSR_OP_tile_contract;
}

static bool takes_part(const tsr_op *op) {
  if (tsr_op_get_attr(op, "dst") || tsr_op_get_attr(op, "stream") ||
      tsr_op_is(op, TSR_OP_tile_fill))
    return false;
  return tsr_op_has_trait(op, TSR_TRAIT_INDEX_MATH | TSR_TRAIT_TILE_MATH) ||
         is_pure_kind(tsr_op_get_kind(op));
}

// Words that are equal when two ops compute the same.
typedef struct key {
  uintptr_t *words;
  size_t count;
} key;

static void add_word(key *k, uintptr_t word) { k->words[k->count++] = word; }

static bool is_buffer(const tsr_value *value) {
  return tsr_type_get_kind(tsr_value_get_type(value)) == TSR_TYPE_BUFFER;
}

static void add_operands(key *k, const tsr_op *op) {
  size_t count = tsr_op_operand_count(op), first = 0;
  if (tsr_op_has_trait(op, TSR_TRAIT_COMMUTATIVE)) {
    uintptr_t a = (uintptr_t)tsr_op_operand(op, 0);
    uintptr_t b = (uintptr_t)tsr_op_operand(op, 1);
    add_word(k, a < b ? a : b);
    add_word(k, a < b ? b : a);
    first = 2;
  }
  for (size_t i = first; i < count; i++)
    add_word(k, (uintptr_t)tsr_op_operand(op, i));
}

// Sorted by name, since ops list attributes in the order they were set.
static void add_attributes(key *k, const tsr_op *op) {
  size_t start = k->count;
  for (size_t i = 0; i < tsr_op_attr_count(op); i++) {
    uintptr_t name = (uintptr_t)tsr_op_attr_name(op, i);
    uintptr_t value = (uintptr_t)tsr_op_attr_value(op, i);
    size_t at = k->count;
    for (; at > start && k->words[at - 2] > name; at -= 2) {
      k->words[at] = k->words[at - 2];
      k->words[at + 1] = k->words[at - 1];
    }
    k->words[at] = name;
    k->words[at + 1] = value;
    k->count += 2;
  }
}

static key make_key(table *t, const tsr_op *op) {
  size_t operands = tsr_op_operand_count(op);
  size_t groups = tsr_op_kind_group_count(tsr_op_get_kind(op));
  key k = {TSR_NEW_ARRAY(t->scratch, uintptr_t,
                         4 + groups + 2 * operands + 2 * tsr_op_attr_count(op)),
           0};
  add_word(&k, (uintptr_t)tsr_op_get_kind(op));
  add_word(&k, t->kernel);
  add_word(&k, (uintptr_t)tsr_value_get_type(tsr_op_result(op, 0)));
  for (size_t g = 0; g < groups; g++)
    add_word(&k, tsr_op_group_size(op, g));
  add_operands(&k, op);
  if (tsr_op_get_info(op)->effects & TSR_EFFECT_READ_BUFFER)
    for (size_t i = 0; i < operands; i++)
      if (is_buffer(tsr_op_operand(op, i)))
        add_word(&k,
                 (uintptr_t)tsr_map_find(&t->epochs, tsr_op_operand(op, i)));
  add_attributes(&k, op);
  return k;
}

// -- writes -------------------------------------------------------------------

static void note_writes(table *t, const tsr_op *op) {
  const uint32_t writing = TSR_EFFECT_WRITE_BUFFER | TSR_EFFECT_LAUNCH;
  if (tsr_op_get_info(op)->effects & writing)
    for (size_t i = 0; i < tsr_op_operand_count(op); i++) {
      const tsr_value *operand = tsr_op_operand(op, i);
      if (is_buffer(operand)) {
        uintptr_t epoch = (uintptr_t)tsr_map_find(&t->epochs, operand);
        tsr_map_set(&t->epochs, operand, (void *)(epoch + 1));
      }
    }
  for (size_t b = 0; b < tsr_op_block_count(op); b++)
    for (tsr_op *inner = tsr_block_first(tsr_op_block(op, b)); inner;
         inner = tsr_op_next(inner))
      note_writes(t, inner);
}

// Iterations run again after what stands behind them in the block.
static bool is_repeated(const tsr_op *op) {
  return tsr_op_has_trait(op, TSR_TRAIT_LOOP) ||
         tsr_op_is(op, TSR_OP_tile_parallel) ||
         tsr_op_is(op, TSR_OP_core_launch);
}

// -- the walk -----------------------------------------------------------------

static void enter(table *t, const key *k, tsr_op *op, void **place) {
  t->entries = tsr_array_grow(t->scratch, t->entries, &t->entry_capacity,
                              t->entry_count + 1, sizeof *t->entries);
  t->entries[t->entry_count++] = (entry){k->words, k->count * sizeof *k->words};
  *place = op;
}

static void leave_scope(table *t, size_t entry_count) {
  while (t->entry_count > entry_count) {
    const entry *last = &t->entries[--t->entry_count];
    *tsr_bytes_map_get(&t->ops, last->key, last->key_bytes, NULL) = NULL;
  }
}

static void replace_by_earlier(table *t, tsr_op *op) {
  key k = make_key(t, op);
  void **place =
      tsr_bytes_map_get(&t->ops, k.words, k.count * sizeof *k.words, NULL);
  if (!*place) {
    enter(t, &k, op, place);
    return;
  }
  const tsr_op *earlier = *place;
  tsr_pass_env_remark(t->env, TSR_REMARK_PASSED, "Reused", op,
                      "'{op:%s}' is computed at line {line:%u} already",
                      tsr_op_get_mnemonic(op), tsr_op_get_loc(earlier).line);
  tsr_value_replace_uses(tsr_op_result(op, 0), tsr_op_result(earlier, 0));
  tsr_op_erase(op);
  t->removed++;
}

static void visit_block(table *t, tsr_block *block);

static void visit_regions(table *t, tsr_op *op) {
  uintptr_t outer = t->kernel;
  if (tsr_op_is(op, TSR_OP_kernel))
    t->kernel = (uintptr_t)op;
  bool is_repeating = is_repeated(op);
  for (size_t i = 0; i < tsr_op_block_count(op); i++) {
    if (is_repeating)
      note_writes(t, op);
    visit_block(t, tsr_op_block(op, i));
  }
  t->kernel = outer;
}

static void visit_block(table *t, tsr_block *block) {
  size_t entries = t->entry_count;
  for (tsr_op *op = tsr_block_first(block), *next; op; op = next) {
    next = tsr_op_next(op);
    if (tsr_op_is(op, TSR_OP_reference))
      continue;
    tsr_pass_env_at(t->env, op);
    if (tsr_op_block_count(op) > 0)
      visit_regions(t, op);
    else if (takes_part(op))
      replace_by_earlier(t, op);
    else
      note_writes(t, op);
  }
  leave_scope(t, entries);
}

tsr_result tsr_pass_cse(tsr_pass_env *env, tsr_module *module) {
  table t = {.env = env, .scratch = env->scratch};
  tsr_bytes_map_init(&t.ops);
  tsr_map_init(&t.epochs);
  visit_block(&t, tsr_module_block(module));
  tsr_pass_env_count(env, "removed", t.removed);
  tsr_map_deinit(&t.epochs);
  tsr_bytes_map_deinit(&t.ops);
  return TSR_OK;
}
