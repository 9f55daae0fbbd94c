// Dominance: control flow is nested, so one op is sure to have run before
// another if it comes first in a block around both.
//
// Ops are numbered on the way in and out, which makes that two comparisons.

#include "cache.h"

typedef struct span {
  uint32_t enter, leave; // of the op
  uint32_t block_leave;  // of the block around it
} span;

struct tsr_dominance {
  tsr_arena arena;
  tsr_map spans; // by op
  uint32_t clock;
};

static void number_block(tsr_dominance *d, const tsr_block *block) {
  uint32_t first = d->clock;
  for (const tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op)) {
    span *s = TSR_NEW(&d->arena, span);
    s->enter = ++d->clock;
    tsr_map_set(&d->spans, op, s);
    for (size_t i = 0; i < tsr_op_block_count(op); i++)
      number_block(d, tsr_op_block(op, i));
    s->leave = ++d->clock;
  }
  if (d->clock == first)
    return;
  for (const tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op))
    ((span *)tsr_map_find(&d->spans, op))->block_leave = d->clock;
}

tsr_dominance *tsr_dominance_create(tsr_module *module) {
  tsr_dominance *d = tsr_mem_zeroed(1, sizeof *d);
  tsr_arena_init(&d->arena);
  tsr_map_init(&d->spans);
  number_block(d, tsr_module_block(module));
  return d;
}

void tsr_dominance_destroy(tsr_dominance *d) {
  tsr_map_deinit(&d->spans);
  tsr_arena_deinit(&d->arena);
  tsr_mem_resize(d, 0);
}

bool tsr_dominance_is_before(const tsr_dominance *d, const tsr_op *a,
                             const tsr_op *b) {
  const span *x = tsr_map_find(&d->spans, a);
  const span *y = tsr_map_find(&d->spans, b);
  return x->leave < y->enter && y->enter <= x->block_leave;
}

bool tsr_dominance_has_value(const tsr_dominance *d, const tsr_value *value,
                             const tsr_op *op) {
  const tsr_op *def = tsr_value_get_def(value);
  const tsr_block *block = tsr_value_get_block(value);
  if (def)
    return tsr_dominance_is_before(d, def, op);
  if (!block)
    return true; // a constant
  const span *outer = tsr_map_find(&d->spans, tsr_block_get_parent(block));
  const span *inner = tsr_map_find(&d->spans, op);
  return outer->enter < inner->enter && inner->enter < outer->leave;
}

// Numbers may have gaps where ops were erased; their order must be that of the
// text.
static const tsr_op *find_wrong(const tsr_dominance *d, const tsr_block *block,
                                const span *around) {
  const span *before = NULL;
  for (const tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op)) {
    const span *s = tsr_map_find(&d->spans, op);
    if (!s || (before && (s->enter <= before->leave ||
                          s->block_leave != before->block_leave)))
      return op;
    if (around && (s->enter <= around->enter || s->leave >= around->leave ||
                   s->block_leave >= around->leave))
      return op;
    for (size_t i = 0; i < tsr_op_block_count(op); i++) {
      const tsr_op *wrong = find_wrong(d, tsr_op_block(op, i), s);
      if (wrong)
        return wrong;
    }
    before = s;
  }
  return NULL;
}

const tsr_op *tsr_dominance_find_wrong(tsr_dominance *d, tsr_module *module) {
  return find_wrong(d, tsr_module_block(module), NULL);
}
