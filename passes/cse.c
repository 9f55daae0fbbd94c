// cse: compute equal values once.
//
// An op whose results depend on nothing but its operands is replaced by an
// earlier equal one that is sure to have run: one in the same block or in a
// block around it. Reads of buffers take part as long as nothing can have
// written the buffer in between; those of a buffer that the nest updates, where
// the last load of a tile has to stay the last, only within a block and with no
// other load of the buffer between them.
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

// An op that later ones may equal.
typedef struct entry {
  tsr_op *op;
  uint64_t hash;
  uintptr_t version; // of what it reads, when it was met
  size_t next;       // entry of the same bucket, from 1; 0: none
} entry;

typedef struct table {
  tsr_pass_env *env;
  // The ops that can be seen from here, as a stack: a block takes its own off
  // when it ends. Each bucket's list begins with the newest.
  entry *entries;
  size_t entry_count, entry_capacity;
  size_t *buckets; // entries, from 1; 0: none
  size_t bucket_count;
  tsr_map versions; // of each buffer: when it was last written, maybe
  uintptr_t writes; // so far
  uintptr_t before; // what was written before this nest or launch began
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

static bool is_buffer(const tsr_value *value) {
  return tsr_type_get_kind(tsr_value_get_type(value)) == TSR_TYPE_BUFFER;
}

// Reads a buffer that its nest or launch updates. There the loads of a tile and
// its store are kept in order by data, so the last load has to stay the last.
static bool is_of_update(const table *t, const tsr_op *op) {
  if (!(tsr_op_get_info(op)->effects & TSR_EFFECT_READ_BUFFER))
    return false;
  for (size_t i = 0; i < tsr_op_operand_count(op); i++)
    if (is_buffer(tsr_op_operand(op, i)) &&
        (uintptr_t)tsr_map_find(&t->versions, tsr_op_operand(op, i)) >
            t->before)
      return true;
  return false;
}

// When any of the buffers that an op reads was last written: as long as nobody
// writes them, this stays.
static uintptr_t get_version(const table *t, const tsr_op *op) {
  uintptr_t version = 0;
  if (!(tsr_op_get_info(op)->effects & TSR_EFFECT_READ_BUFFER))
    return 0;
  for (size_t i = 0; i < tsr_op_operand_count(op); i++) {
    uintptr_t at =
        is_buffer(tsr_op_operand(op, i))
            ? (uintptr_t)tsr_map_find(&t->versions, tsr_op_operand(op, i))
            : 0;
    version = at > version ? at : version;
  }
  return version;
}

// Whether the first two operands of an op that does not tell them apart are
// taken in the other order, so that equal ones have the same.
static bool is_swapped(const tsr_op *op) {
  return tsr_op_has_trait(op, TSR_TRAIT_COMMUTATIVE) &&
         (uintptr_t)tsr_op_operand(op, 0) > (uintptr_t)tsr_op_operand(op, 1);
}

static const tsr_value *get_operand(const tsr_op *op, size_t i, bool swapped) {
  return tsr_op_operand(op, swapped && i < 2 ? 1 - i : i);
}

static uint64_t hash_op(const table *t, const tsr_op *op, uintptr_t version) {
  bool swapped = is_swapped(op);
  uint64_t hash = tsr_hash_mix(t->kernel, (uint64_t)tsr_op_get_kind(op));
  hash = tsr_hash_mix(hash, version);
  for (size_t i = 0; i < tsr_op_operand_count(op); i++)
    hash = tsr_hash_mix(hash, (uintptr_t)get_operand(op, i, swapped));
  return hash;
}

// Ops list attributes in the order they were set.
static bool has_same_attrs(const tsr_op *a, const tsr_op *b) {
  if (tsr_op_attr_count(a) != tsr_op_attr_count(b))
    return false;
  for (size_t i = 0; i < tsr_op_attr_count(a); i++)
    if (tsr_op_get_attr(b, tsr_op_attr_name(a, i)) != tsr_op_attr_value(a, i))
      return false;
  return true;
}

static bool has_same_operands(const tsr_op *a, const tsr_op *b) {
  size_t groups = tsr_op_kind_group_count(tsr_op_get_kind(a));
  if (tsr_op_operand_count(a) != tsr_op_operand_count(b))
    return false;
  for (size_t g = 0; g < groups; g++)
    if (tsr_op_group_size(a, g) != tsr_op_group_size(b, g))
      return false;
  bool a_swapped = is_swapped(a), b_swapped = is_swapped(b);
  for (size_t i = 0; i < tsr_op_operand_count(a); i++)
    if (get_operand(a, i, a_swapped) != get_operand(b, i, b_swapped))
      return false;
  return true;
}

// Whether two ops of the same kernel and version compute the same.
static bool is_equal(const tsr_op *a, const tsr_op *b) {
  return tsr_op_get_kind(a) == tsr_op_get_kind(b) &&
         tsr_value_get_type(tsr_op_result(a, 0)) ==
             tsr_value_get_type(tsr_op_result(b, 0)) &&
         has_same_operands(a, b) && has_same_attrs(a, b);
}

// -- the table ----------------------------------------------------------------

static bool is_in_kernel(const table *t, const tsr_op *op) {
  return (uintptr_t)tsr_op_find_parent(op, TSR_OP_kernel) == t->kernel;
}

// An earlier op equal to `op`, or NULL. `block`: where it has to stand, NULL:
// anywhere it can be seen from.
static tsr_op *find(const table *t, const tsr_op *op, uint64_t hash,
                    uintptr_t version, const tsr_block *block) {
  size_t at = t->bucket_count ? t->buckets[hash & (t->bucket_count - 1)] : 0;
  for (; at; at = t->entries[at - 1].next) {
    const entry *e = &t->entries[at - 1];
    if (e->hash == hash && e->version == version && is_equal(e->op, op) &&
        is_in_kernel(t, e->op) &&
        (!block || tsr_op_get_parent_block(e->op) == block))
      return e->op;
  }
  return NULL;
}

static void link_entry(table *t, size_t i) {
  size_t *bucket = &t->buckets[t->entries[i].hash & (t->bucket_count - 1)];
  t->entries[i].next = *bucket;
  *bucket = i + 1;
}

static void enter(table *t, tsr_op *op, uint64_t hash, uintptr_t version) {
  t->entries = tsr_array_grow(NULL, t->entries, &t->entry_capacity,
                              t->entry_count + 1, sizeof *t->entries);
  t->entries[t->entry_count++] = (entry){op, hash, version, 0};
  if (t->entry_count <= t->bucket_count) {
    link_entry(t, t->entry_count - 1);
    return;
  }
  tsr_mem_resize(t->buckets, 0);
  t->bucket_count = t->bucket_count ? 2 * t->bucket_count : 256;
  t->buckets = tsr_mem_zeroed(t->bucket_count, sizeof *t->buckets);
  for (size_t i = 0; i < t->entry_count; i++)
    link_entry(t, i);
}

static void leave_scope(table *t, size_t entry_count) {
  while (t->entry_count > entry_count) {
    const entry *last = &t->entries[--t->entry_count];
    t->buckets[last->hash & (t->bucket_count - 1)] = last->next;
  }
}

// -- writes -------------------------------------------------------------------

static void note_access(table *t, const tsr_op *op) {
  t->writes++;
  for (size_t i = 0; i < tsr_op_operand_count(op); i++)
    if (is_buffer(tsr_op_operand(op, i)))
      tsr_map_set(&t->versions, tsr_op_operand(op, i), (void *)t->writes);
}

// Loads of what is updated count as well: they are the last ones then.
static void note_writes(table *t, const tsr_op *op) {
  const uint32_t writing = TSR_EFFECT_WRITE_BUFFER | TSR_EFFECT_LAUNCH;
  if (tsr_op_get_info(op)->effects & writing || is_of_update(t, op))
    note_access(t, op);
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

static void replace_by_earlier(table *t, tsr_op *op) {
  uintptr_t version = get_version(t, op);
  uint64_t hash = hash_op(t, op, version);
  bool is_updated = is_of_update(t, op);
  // One in front of a branch would be the last in some of its blocks only.
  const tsr_block *block = is_updated ? tsr_op_get_parent_block(op) : NULL;
  const tsr_op *earlier = find(t, op, hash, version, block);
  if (!earlier && is_updated) {
    // Loads in front of this one are no longer the last.
    note_access(t, op);
    version = get_version(t, op);
    hash = hash_op(t, op, version);
  }
  if (!earlier) {
    enter(t, op, hash, version);
    return;
  }
  tsr_pass_env_remark(t->env, TSR_REMARK_PASSED, "Reused", op,
                      "'{op:%s}' is computed at line {line:%u} already",
                      tsr_op_get_mnemonic(op), tsr_op_get_loc(earlier).line);
  tsr_value_replace_uses(tsr_op_result(op, 0), tsr_op_result(earlier, 0));
  tsr_op_erase(op);
  t->removed++;
}

static void visit_block(table *t, tsr_block *block);

static void visit_regions(table *t, tsr_op *op) {
  uintptr_t outer = t->kernel, before = t->before;
  if (tsr_op_is(op, TSR_OP_kernel))
    t->kernel = (uintptr_t)op;
  if (tsr_op_is(op, TSR_OP_tile_parallel) || tsr_op_is(op, TSR_OP_core_launch))
    t->before = t->writes;
  bool is_repeating = is_repeated(op);
  for (size_t i = 0; i < tsr_op_block_count(op); i++) {
    if (is_repeating)
      note_writes(t, op);
    visit_block(t, tsr_op_block(op, i));
  }
  t->kernel = outer;
  t->before = before;
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
  table t = {.env = env, .before = UINTPTR_MAX};
  tsr_map_init(&t.versions);
  visit_block(&t, tsr_module_block(module));
  tsr_pass_env_count(env, "removed", t.removed);
  tsr_map_deinit(&t.versions);
  tsr_mem_resize(t.entries, 0);
  tsr_mem_resize(t.buckets, 0);
  return TSR_OK;
}
