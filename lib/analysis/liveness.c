// Liveness: the last op that uses a value, seen from the block it belongs to.

#include "cache.h"

struct tsr_liveness {
  tsr_map last_uses; // op by value
};

static const tsr_block *get_home(const tsr_value *value) {
  const tsr_op *def = tsr_value_get_def(value);
  return def ? tsr_op_get_parent_block(def) : tsr_value_get_block(value);
}

// In the order of the text, so that a later use takes the place of an earlier.
static void visit_block(tsr_liveness *l, const tsr_block *block) {
  for (tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op)) {
    for (size_t i = 0; i < tsr_op_operand_count(op); i++) {
      const tsr_value *value = tsr_op_operand(op, i);
      const tsr_block *home = get_home(value);
      if (home)
        tsr_map_set(&l->last_uses, value, tsr_block_find_ancestor(home, op));
    }
    for (size_t i = 0; i < tsr_op_block_count(op); i++)
      visit_block(l, tsr_op_block(op, i));
  }
}

tsr_liveness *tsr_liveness_create(tsr_module *module) {
  tsr_liveness *l = tsr_mem_zeroed(1, sizeof *l);
  tsr_map_init(&l->last_uses);
  visit_block(l, tsr_module_block(module));
  return l;
}

void tsr_liveness_destroy(tsr_liveness *l) {
  tsr_map_deinit(&l->last_uses);
  tsr_mem_resize(l, 0);
}

tsr_op *tsr_liveness_last_use(const tsr_liveness *l, const tsr_value *value) {
  return tsr_map_find(&l->last_uses, value);
}

bool tsr_liveness_is_live_after(const tsr_liveness *l, const tsr_value *value,
                                const tsr_op *op) {
  const tsr_block *home = get_home(value);
  const tsr_op *last = tsr_liveness_last_use(l, value);
  const tsr_op *at = home ? tsr_block_find_ancestor(home, op) : NULL;
  if (!last || !at)
    return false;
  // In an op that uses it last: inside of loops there may be another round, and
  // of branches only one runs, but which is not asked here.
  if (at == last)
    return at != op;
  return tsr_op_is_before(at, last);
}

static const tsr_op *compare_value(const tsr_liveness *old,
                                   const tsr_liveness *new,
                                   const tsr_value *value, const tsr_op *op) {
  return tsr_liveness_last_use(old, value) == tsr_liveness_last_use(new, value)
             ? NULL
             : op;
}

static const tsr_op *compare_block(const tsr_liveness *old,
                                   const tsr_liveness *new,
                                   const tsr_block *block) {
  const tsr_op *wrong = NULL;
  for (size_t i = 0; i < tsr_block_arg_count(block) && !wrong; i++)
    wrong = compare_value(old, new, tsr_block_arg(block, i),
                          tsr_block_get_parent(block));
  for (const tsr_op *op = tsr_block_first(block); op && !wrong;
       op = tsr_op_next(op)) {
    for (size_t i = 0; i < tsr_op_result_count(op) && !wrong; i++)
      wrong = compare_value(old, new, tsr_op_result(op, i), op);
    for (size_t i = 0; i < tsr_op_block_count(op) && !wrong; i++)
      wrong = compare_block(old, new, tsr_op_block(op, i));
  }
  return wrong;
}

const tsr_op *tsr_liveness_find_wrong(tsr_liveness *l, tsr_module *module) {
  tsr_liveness *fresh = tsr_liveness_create(module);
  const tsr_op *wrong = compare_block(l, fresh, tsr_module_block(module));
  tsr_liveness_destroy(fresh);
  return wrong;
}
