// symbol-dce: remove declarations that nothing names.
//
// Functions are what the outside calls, unless they are private; programs,
// circular buffers, streams and semaphores are named by ops and by the tables
// of kernels. What is left of them after other passes takes memory of every
// core, or is printed for nothing. dce leaves them alone, since it follows
// values.

#include "tessera/pass_report.h"
#include "tessera/vector.h"

// Symbols are unique in their block, so a name and the block tell them apart:
// a set of names for each block that is looked at. What only names itself, or
// is named by nothing but what goes, goes.
typedef struct names {
  tsr_map declared; // interned names to the declarations of the block
  tsr_map used;     // interned names
  tsr_vec open;     // declarations in use whose own names are to be noted
} names;

static bool is_declaration(const tsr_op *op) {
  switch ((int)tsr_op_get_kind(op)) {
  case TSR_OP_program:
  case TSR_OP_stream:
  case TSR_OP_cb:
  case TSR_OP_semaphore:
    return true;
  }
  return tsr_op_is_private(op);
}

static void note_name(names *n, const char *name) {
  if (tsr_map_has(&n->used, name))
    return;
  tsr_map_set(&n->used, name, n);
  void *declaration = tsr_map_find(&n->declared, name);
  if (declaration)
    tsr_vec_append(&n->open, declaration);
}

static void note_attr(names *n, const tsr_attr *attr) {
  if (tsr_attr_get_kind(attr) == TSR_ATTR_SYMBOL)
    note_name(n, tsr_attr_get_text(attr));
  if (tsr_attr_get_kind(attr) != TSR_ATTR_ARRAY)
    return;
  for (size_t i = 0; i < tsr_attr_count(attr); i++)
    note_attr(n, tsr_attr_item(attr, i));
}

// What `op` names, its own name left out.
static void note_op(names *n, const tsr_op *op) {
  bool is_symbol = tsr_op_has_trait(op, TSR_TRAIT_SYMBOL);
  const tsr_attr *own = is_symbol ? tsr_op_get_attr(op, "name") : NULL;
  for (size_t i = 0; i < tsr_op_attr_count(op); i++)
    if (tsr_op_attr_value(op, i) != own)
      note_attr(n, tsr_op_attr_value(op, i));
  for (size_t b = 0; b < tsr_op_block_count(op); b++)
    for (const tsr_op *inner = tsr_block_first(tsr_op_block(op, b)); inner;
         inner = tsr_op_next(inner))
      note_op(n, inner);
}

// From what is no declaration to what that names, and on from there.
static void note_block(names *n, tsr_block *block) {
  for (tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op))
    if (is_declaration(op))
      tsr_map_set(&n->declared, tsr_op_get_text(op, "name"), op);
  for (const tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op))
    if (!is_declaration(op))
      note_op(n, op);
  while (n->open.size > 0)
    note_op(n, tsr_vec_pop(&n->open));
}

static void sweep_block(tsr_pass_env *env, tsr_block *block) {
  names n;
  tsr_map_init(&n.declared);
  tsr_map_init(&n.used);
  tsr_vec_init(&n.open, NULL);
  note_block(&n, block);
  for (tsr_op *op = tsr_block_first(block), *next; op; op = next) {
    next = tsr_op_next(op);
    tsr_pass_env_at(env, op);
    const char *name = tsr_op_get_text(op, "name");
    if (!is_declaration(op) || tsr_map_has(&n.used, name))
      continue;
    tsr_pass_env_count(env, "removed", 1);
    tsr_pass_env_remark(env, TSR_REMARK_PASSED, "Removed", op,
                        "nothing names {kind:%s} @{name:%s}",
                        tsr_op_get_mnemonic(op), name);
    tsr_op_erase(op);
  }
  tsr_vec_deinit(&n.open);
  tsr_map_deinit(&n.used);
  tsr_map_deinit(&n.declared);
}

tsr_result tsr_pass_symbol_dce(tsr_pass_env *env, tsr_module *module) {
  tsr_block *top = tsr_module_block(module);
  sweep_block(env, top);
  for (tsr_op *op = tsr_block_first(top); op; op = tsr_op_next(op)) {
    if (tsr_op_is(op, TSR_OP_program))
      sweep_block(env, tsr_op_block(op, 0));
    if (!tsr_op_is(op, TSR_OP_func))
      continue;
    for (tsr_op *inner = tsr_block_first(tsr_op_block(op, 0)); inner;
         inner = tsr_op_next(inner))
      if (tsr_op_is(inner, TSR_OP_core_launch))
        sweep_block(env, tsr_op_block(inner, 0));
  }
  return TSR_OK;
}
