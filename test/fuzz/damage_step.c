#include "grow.h"

#include "tessera/hash.h"

enum { MAX_STEPS = 1024 };

// An op that moves pages, or an operand that says which tile is touched.
typedef struct step {
  tsr_op *op;
  size_t index; // of the operand
} step;

typedef struct steps {
  step items[MAX_STEPS];
  uint32_t count;
} steps;

static void add_step(steps *found, tsr_op *op, size_t index) {
  if (found->count < MAX_STEPS)
    found->items[found->count++] = (step){op, index};
}

static bool moves_pages(const tsr_op *op) {
  return tsr_op_is(op, TSR_OP_cb_push) || tsr_op_is(op, TSR_OP_cb_pop);
}

// Which operands say which tile of a buffer is meant: `*out_count` from the
// one that is returned.
static size_t find_indices(const tsr_op *op, size_t *out_count) {
  size_t group = tsr_op_is(op, TSR_OP_tile_store) ? 2 : 1;
  bool has_any = tsr_op_is(op, TSR_OP_tile_load) ||
                 tsr_op_is(op, TSR_OP_tile_store) ||
                 tsr_op_is(op, TSR_OP_noc_read_tile) ||
                 tsr_op_is(op, TSR_OP_noc_write_tile);
  *out_count = has_any ? tsr_op_group_size(op, group) : 0;
  return has_any ? tsr_op_group_start(op, group) : 0;
}

// What is asked for.
typedef struct wanted {
  bool is_pages;     // or indices
  bool is_in_branch; // or anywhere
} wanted;

static void collect(const tsr_block *block, wanted w, steps *found) {
  for (tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op)) {
    size_t count, first = find_indices(op, &count);
    if (w.is_pages && !w.is_in_branch && moves_pages(op))
      add_step(found, op, 0);
    for (size_t i = 0; i < count && !w.is_pages && !w.is_in_branch; i++)
      if (!tsr_value_is_all(tsr_op_operand(op, first + i)))
        add_step(found, op, first + i);
    wanted inside = w;
    inside.is_in_branch = w.is_in_branch && !tsr_op_is(op, TSR_OP_if_);
    for (size_t b = 0; b < tsr_op_block_count(op); b++)
      collect(tsr_op_block(op, b), inside, found);
  }
}

// Rather one in a branch, of which there are few.
static const step *choose_step(choices *c, const tsr_module *module,
                               bool is_pages, steps *found) {
  wanted w = {is_pages, chance(c, 50)};
  found->count = 0;
  collect(tsr_module_block(module), w, found);
  w.is_in_branch = false;
  if (!found->count)
    collect(tsr_module_block(module), w, found);
  return found->count ? &found->items[choose(c, found->count)] : NULL;
}

bool damage_pages(choices *c, tsr_module *module) {
  steps found;
  const step *s = choose_step(c, module, true, &found);
  if (!s)
    return false;
  if (chance(c, 50)) {
    tsr_map none;
    tsr_map_init(&none);
    tsr_op_insert_after(tsr_op_clone(s->op, module, &none), s->op);
    tsr_map_deinit(&none);
  } else {
    tsr_op_erase(s->op);
  }
  return true;
}

bool damage_index(choices *c, tsr_module *module) {
  steps found;
  const step *s = choose_step(c, module, false, &found);
  if (!s)
    return false;
  tsr_builder before = tsr_builder_before(s->op);
  tsr_value *next =
      tsr_build_index(&before, TSR_OP_add, tsr_op_operand(s->op, s->index),
                      tsr_module_index(module, 1));
  tsr_op_set_operand(s->op, s->index, next);
  return true;
}
