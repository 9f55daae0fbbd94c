// Which tile each slot of DST holds in a section: a tile that is read is still
// in the slot it was put into, and loops and branches hand tiles on where those
// are expected.
//
// Each value that lies in DST has an entry: its first slot, and what must be in
// each of its slots. The other way round, a state says what each slot holds.
// Ops that only name tiles (extract, insert, a cast by the packer) make entries
// out of entries and change no slot. A loop is walked once: what its body
// overwrites counts as overwritten from its start, but for what it carries.

#include "impl.h"
#include "tessera/support.h"

#include <string.h>

enum { MAX_SLOTS = 64 };

// One tile, by the value that it is the n-th tile of. Without a value it is one
// nobody knows: not written yet (in an entry), or overwritten (in a state).
typedef struct content {
  const void *of;
  uint32_t tile;
  const tsr_op *by; // in a state: what overwrote it
} content;

typedef struct state {
  content slots[MAX_SLOTS];
} state;

// A value in DST.
typedef struct entry {
  int64_t slot;
  uint32_t count;
  content tiles[]; // what must be there
} entry;

typedef struct slots {
  const tsr_check *check;
  tsr_map entries; // of values
  tsr_map written; // slots by loop, a bit each
  bool is_32bit;   // DST
  state now;
  tsr_result result;
} slots;

// What all slots hold when a section begins.
static const char cleared;

static bool is_same(content a, content b) {
  return a.of == b.of && a.tile == b.tile;
}

static bool is_unit(const tsr_op *op, const char *unit) {
  const char *text = tsr_op_get_text(op, "unit");
  return text && strcmp(text, unit) == 0;
}

// -- entries ------------------------------------------------------------------

// NULL for what does not lie in DST, or without a slot.
static const entry *find(const slots *s, const tsr_value *value) {
  return tsr_map_find(&s->entries, value);
}

// An entry for `value`; NULL when it reaches beyond DST, which check_slot says.
static entry *add(slots *s, const tsr_value *value, int64_t slot) {
  uint32_t count = tsr_type_block_tiles(tsr_value_get_type(value));
  if (slot < 0 || slot + count > MAX_SLOTS)
    return NULL;
  entry *made = tsr_arena_alloc(s->check->scratch,
                                sizeof *made + count * sizeof *made->tiles);
  *made = (entry){.slot = slot, .count = count};
  for (uint32_t i = 0; i < count; i++)
    made->tiles[i] = (content){value, i, NULL};
  tsr_map_set(&s->entries, value, made);
  return made;
}

// A loop or branch hands on what `from` has as `value`. `handed` says what came
// into each slot so: a tile that is handed on as several is one tile.
static void hand_on(slots *s, const entry *from, const tsr_value *value,
                    state *handed) {
  entry *made = from ? add(s, value, from->slot) : NULL;
  for (uint32_t i = 0; made && i < made->count; i++) {
    content *now = &s->now.slots[from->slot + i],
            *was = &handed->slots[from->slot + i];
    if (was->of && is_same(*was, from->tiles[i])) {
      made->tiles[i] = *now;
    } else {
      *now = made->tiles[i];
      *was = from->tiles[i];
    }
  }
}

// The place of a tile in its block; false when only a run knows.
static bool get_offset(const tsr_op *op, const tsr_value *block, size_t row,
                       uint32_t *out) {
  int64_t r, c;
  if (!tsr_value_is_index(tsr_op_operand(op, row), &r) ||
      !tsr_value_is_index(tsr_op_operand(op, row + 1), &c))
    return false;
  const tsr_type_desc *desc = tsr_type_get_desc(tsr_value_get_type(block));
  *out = (uint32_t)(r * desc->block_cols + c);
  return true;
}

static void name_tile(slots *s, const tsr_op *extract) {
  const tsr_value *block = tsr_op_operand(extract, 0);
  const entry *from = find(s, block);
  uint32_t offset;
  if (!from || !get_offset(extract, block, 1, &offset))
    return;
  entry *made = add(s, tsr_op_result(extract, 0), from->slot + offset);
  if (made)
    made->tiles[0] = from->tiles[offset];
}

static void name_block(slots *s, const tsr_op *insert) {
  const tsr_value *block = tsr_op_operand(insert, 1);
  const entry *from = find(s, block),
              *tile = find(s, tsr_op_operand(insert, 0));
  uint32_t offset;
  if (!from || !tile || !get_offset(insert, block, 2, &offset))
    return;
  entry *made = add(s, tsr_op_result(insert, 0), from->slot);
  if (!made)
    return;
  memcpy(made->tiles, from->tiles, from->count * sizeof *from->tiles);
  made->tiles[offset] = tile->tiles[0];
}

// Another name for the tiles of `from`.
static void name_as(slots *s, const entry *from, const tsr_value *value) {
  entry *made = from ? add(s, value, from->slot) : NULL;
  if (made)
    memcpy(made->tiles, from->tiles, from->count * sizeof *from->tiles);
}

// Tiles that are all the same to this check: zero from the start, or none.
static void name_all(slots *s, const tsr_op *op, const void *of) {
  entry *made = add(s, tsr_op_result(op, 0), tsr_op_get_int(op, "dst", -1));
  for (uint32_t i = 0; made && i < made->count; i++)
    made->tiles[i] = (content){of, 0, NULL};
}

// -- reading ------------------------------------------------------------------

static void report_overwritten(slots *s, const tsr_op *reader,
                               const tsr_value *value, uint64_t slot) {
  tsr_diag *diag = s->check->diag;
  content held = s->now.slots[slot];
  tsr_diag_error(diag, reader, TSR_DIAG(dst_overwritten),
                 tsr_op_get_mnemonic(reader), tsr_value_get_name(value),
                 (unsigned long long)slot);
  if (held.by)
    tsr_diag_note(diag, held.by, TSR_DIAG(note_dst_overwritten));
  s->result = TSR_FAILED;
}

static bool is_there(const slots *s, const entry *e, uint32_t tile) {
  return !e->tiles[tile].of ||
         is_same(e->tiles[tile], s->now.slots[e->slot + tile]);
}

static void read_tile(slots *s, const tsr_op *reader, const tsr_value *value,
                      uint32_t tile) {
  const entry *e = find(s, value);
  if (e && tile < e->count && !is_there(s, e, tile))
    report_overwritten(s, reader, value, (uint64_t)e->slot + tile);
}

static void read_all(slots *s, const tsr_op *reader, const tsr_value *value) {
  const entry *e = find(s, value);
  for (uint32_t i = 0; e && i < e->count; i++)
    if (!is_there(s, e, i)) {
      report_overwritten(s, reader, value, (uint64_t)e->slot + i);
      return;
    }
}

// -- ops ----------------------------------------------------------------------

static bool writes(const tsr_op *op) {
  return tsr_op_has_trait(op, TSR_TRAIT_TILE_MATH) &&
         tsr_op_get_int(op, "dst", -1) >= 0 && !is_unit(op, "pack");
}

static tsr_element get_element(const tsr_value *value) {
  return tsr_type_get_element(tsr_value_get_type(value));
}

// What DST holds is as wide as it is; casts and copies keep narrower values in
// it. A copy brings a tile as it is.
static void check_width(slots *s, const tsr_op *op) {
  bool is_copy = tsr_op_is(op, TSR_OP_tile_copy);
  bool keeps = is_copy || tsr_op_is(op, TSR_OP_tile_cast);
  tsr_element element = get_element(tsr_op_result(op, 0));
  tsr_element want = s->is_32bit ? TSR_ELEMENT_F32 : TSR_ELEMENT_BF16;
  if (element != want && !(keeps && element == TSR_ELEMENT_BF16)) {
    tsr_diag_error(s->check->diag, op, TSR_DIAG(dst_width_differs),
                   s->is_32bit ? 32u : 16u, tsr_element_get_info(want)->name,
                   tsr_op_get_mnemonic(op),
                   tsr_element_get_info(element)->name);
    s->result = TSR_FAILED;
  } else if (is_copy && element != want &&
             get_element(tsr_op_operand(op, 0)) == want) {
    tsr_diag_error(s->check->diag, op, TSR_DIAG(dst_copy_rounds),
                   tsr_element_get_info(want)->name,
                   tsr_element_get_info(element)->name);
    s->result = TSR_FAILED;
  }
}

// Tile by tile, as kernels do: the first result may take the place of what a
// later tile still reads.
static void visit_math(slots *s, const tsr_op *op) {
  const tsr_value *result = tsr_op_result(op, 0);
  int64_t slot = tsr_op_get_int(op, "dst", -1);
  const entry *made = add(s, result, slot);
  check_width(s, op);
  if (!made)
    return;
  bool is_fpu = is_unit(op, "fpu");
  for (uint32_t i = 0; i < made->count; i++) {
    // The FPU reads pages, but for its accumulator.
    for (size_t k = is_fpu ? 2 : 0; k < tsr_op_operand_count(op); k++)
      read_tile(s, op, tsr_op_operand(op, k), i);
    s->now.slots[slot + i] = (content){result, i, op};
  }
}

static uint64_t get_mask(const tsr_op *op) {
  int64_t slot = tsr_op_get_int(op, "dst", -1);
  uint32_t count =
      tsr_type_block_tiles(tsr_value_get_type(tsr_op_result(op, 0)));
  uint64_t mask = 0;
  for (int64_t i = slot; i < slot + count && i < MAX_SLOTS; i++)
    mask |= UINT64_C(1) << i;
  return mask;
}

// The slots that are written in a block; kept for each loop.
static uint64_t collect_written(slots *s, const tsr_block *block) {
  uint64_t mask = 0;
  for (const tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op)) {
    uint64_t inner = 0;
    for (size_t i = 0; i < tsr_op_block_count(op); i++)
      inner |= collect_written(s, tsr_op_block(op, i));
    if (tsr_op_is(op, TSR_OP_for_)) {
      uint64_t *kept = TSR_NEW(s->check->scratch, uint64_t);
      *kept = inner;
      tsr_map_set(&s->written, op, kept);
    }
    mask |= writes(op) ? get_mask(op) : inner;
  }
  return mask;
}

static void lose(slots *s, const tsr_op *loop) {
  const uint64_t *mask = tsr_map_find(&s->written, loop);
  for (uint32_t i = 0; i < MAX_SLOTS; i++)
    if (*mask >> i & 1)
      s->now.slots[i] = (content){NULL, 0, loop};
}

static void visit_block(slots *s, const tsr_block *block);

static void report_elsewhere(slots *s, const tsr_op *end,
                             const tsr_value *value, int64_t slot,
                             const char *what, int64_t expected) {
  tsr_diag_error(s->check->diag, end, TSR_DIAG(dst_elsewhere),
                 tsr_value_get_name(value), (long long)slot, what,
                 (long long)expected);
  s->result = TSR_FAILED;
}

// What a block hands on is there, and where it is expected.
static void check_yield(slots *s, const tsr_op *end, const tsr_value *value,
                        const entry *expected, const char *what) {
  const entry *e = find(s, value);
  if (!e || !expected)
    return;
  if (e->slot != expected->slot)
    report_elsewhere(s, end, value, e->slot, what, expected->slot);
  else
    read_all(s, end, value);
}

// Two values name the same tiles.
static bool are_same(const entry *a, const entry *b) {
  bool same = a && b && a->slot == b->slot && a->count == b->count;
  for (uint32_t i = 0; same && i < a->count; i++)
    same = a->tiles[i].of && is_same(a->tiles[i], b->tiles[i]);
  return same;
}

// Rounds hand on what the loop starts with, under whatever name. Before the
// loop is walked, when only what is made outside of it has an entry.
static bool is_kept(const slots *s, const tsr_op *loop, size_t i) {
  const tsr_block *body = tsr_op_block(loop, 0);
  const tsr_value *next = tsr_op_operand(tsr_block_terminator(body), i);
  const tsr_value *first = tsr_op_group_operand(loop, 3, i);
  return next == tsr_block_arg(body, 1 + i) || next == first ||
         are_same(find(s, next), find(s, first));
}

// What stays keeps its name, unless another argument has given it one.
static void keep(slots *s, const entry *from, const tsr_value *value,
                 const state *handed) {
  entry *made = from ? add(s, value, from->slot) : NULL;
  for (uint32_t i = 0; made && i < made->count; i++) {
    content was = handed->slots[from->slot + i];
    bool is_renamed = was.of && is_same(was, from->tiles[i]);
    made->tiles[i] = is_renamed ? s->now.slots[from->slot + i] : from->tiles[i];
  }
}

// Into a round, or out of the loop. `keeps`: is_kept, for each value.
static void hand_round(slots *s, const tsr_op *loop, const bool *keeps,
                       bool into) {
  const tsr_block *body = tsr_op_block(loop, 0);
  state handed = {0};
  for (int kept = 0; kept < 2; kept++)
    for (size_t i = 0; i < tsr_op_result_count(loop); i++) {
      const tsr_value *arg = tsr_block_arg(body, 1 + i);
      const entry *from =
          find(s, into ? tsr_op_group_operand(loop, 3, i) : arg);
      const tsr_value *to = into ? arg : tsr_op_result(loop, i);
      if (keeps[i] != (kept == 1))
        continue;
      if (kept)
        keep(s, from, to, &handed);
      else
        hand_on(s, from, to, &handed);
    }
}

static void visit_for(slots *s, const tsr_op *loop) {
  const tsr_block *body = tsr_op_block(loop, 0);
  const tsr_op *end = tsr_block_terminator(body);
  size_t count = tsr_op_result_count(loop);
  bool *keeps = TSR_NEW_ARRAY(s->check->scratch, bool, count);
  for (size_t i = 0; i < count; i++) {
    read_all(s, loop, tsr_op_group_operand(loop, 3, i));
    keeps[i] = is_kept(s, loop, i);
  }
  lose(s, loop);
  hand_round(s, loop, keeps, true);
  state around = s->now;
  visit_block(s, body);
  for (size_t i = 0; i < count; i++)
    check_yield(s, end, tsr_op_operand(end, i),
                find(s, tsr_block_arg(body, 1 + i)),
                "what the loop carries is");
  s->now = around;
  hand_round(s, loop, keeps, false);
}

// All tiles of `from` are known, and in their slots.
static bool is_held(const slots *s, const entry *from) {
  for (uint32_t i = 0; i < from->count; i++)
    if (!from->tiles[i].of || !is_there(s, from, i))
      return false;
  return true;
}

// What both branches leave where it was before keeps its names.
static void hand_out(slots *s, const tsr_op *branch, const tsr_op *end) {
  state handed = {0};
  for (size_t i = 0; i < tsr_op_result_count(branch); i++) {
    const tsr_value *result = tsr_op_result(branch, i);
    const entry *from = find(s, tsr_op_operand(end, i));
    if (from && is_held(s, from))
      name_as(s, from, result);
    else
      hand_on(s, from, result, &handed);
  }
}

static void visit_if(slots *s, const tsr_op *op) {
  const tsr_op *ends[2] = {NULL, NULL};
  state before = s->now, first = s->now;
  for (size_t b = 0; b < tsr_op_block_count(op); b++) {
    ends[b] = tsr_block_terminator(tsr_op_block(op, b));
    s->now = before;
    visit_block(s, tsr_op_block(op, b));
    for (size_t i = 0; i < tsr_op_result_count(op); i++)
      check_yield(s, ends[b], tsr_op_operand(ends[b], i),
                  find(s, tsr_op_operand(ends[0], i)),
                  "what the other branch hands on is");
    if (b == 0)
      first = s->now;
  }
  if (tsr_op_block_count(op) < 2)
    first = before;
  for (uint32_t i = 0; i < MAX_SLOTS; i++)
    if (!is_same(s->now.slots[i], first.slots[i]))
      s->now.slots[i] = (content){NULL, 0, op};
  hand_out(s, op, ends[0]);
}

static void visit_op(slots *s, const tsr_op *op) {
  switch ((int)tsr_op_get_kind(op)) {
  case TSR_OP_for_:
    visit_for(s, op);
    return;
  case TSR_OP_if_:
    visit_if(s, op);
    return;
  case TSR_OP_tile_extract:
    name_tile(s, op);
    return;
  case TSR_OP_tile_insert:
    name_block(s, op);
    return;
  case TSR_OP_tile_empty:
    name_all(s, op, NULL);
    return;
  case TSR_OP_dst_cleared:
    name_all(s, op, &cleared);
    return;
  }
  if (is_unit(op, "pack"))
    name_as(s, find(s, tsr_op_operand(op, 0)), tsr_op_result(op, 0));
  else if (writes(op))
    visit_math(s, op);
}

static void visit_block(slots *s, const tsr_block *block) {
  for (const tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op))
    visit_op(s, op);
}

static void visit_section(slots *s, const tsr_op *section) {
  const tsr_block *body = tsr_op_block(section, 0);
  const tsr_op *end = tsr_block_terminator(body);
  for (uint32_t i = 0; i < MAX_SLOTS; i++)
    s->now.slots[i] = (content){&cleared, 0, NULL};
  collect_written(s, body);
  visit_block(s, body);
  for (size_t i = 0; end && i < tsr_op_operand_count(end); i++)
    read_all(s, end, tsr_op_operand(end, i));
}

static void find_sections(slots *s, const tsr_block *block) {
  for (const tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op)) {
    if (tsr_op_is(op, TSR_OP_dst_section)) {
      visit_section(s, op);
      continue;
    }
    for (size_t i = 0; i < tsr_op_block_count(op); i++)
      find_sections(s, tsr_op_block(op, i));
  }
}

tsr_result tsr_check_slots(const tsr_check *check, const tsr_op *launch) {
  slots s = {.check = check,
             .is_32bit = tsr_op_get_bool(launch, "fp32_acc", true),
             .result = TSR_OK};
  tsr_map_init_in(&s.entries, check->scratch);
  tsr_map_init_in(&s.written, check->scratch);
  find_sections(&s, tsr_op_block(launch, 0));
  return s.result;
}
