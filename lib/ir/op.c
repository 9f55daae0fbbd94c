// Ops and blocks: creating, linking, attributes.

#include "impl.h"
#include "tessera/vector.h"

#include <assert.h>
#include <string.h>

// -- use lists ----------------------------------------------------------------

static void link_use(tsr_use *use, tsr_value *value) {
  use->value = value;
  use->prev = NULL;
  use->next = value->uses;
  if (value->uses)
    value->uses->prev = use;
  value->uses = use;
}

static void unlink_use(tsr_use *use) {
  if (use->prev)
    use->prev->next = use->next;
  else
    use->value->uses = use->next;
  if (use->next)
    use->next->prev = use->prev;
}

static void set_operands(tsr_op *op, tsr_value *const *operands, size_t count) {
  if (count > op->operand_capacity) {
    op->operands = TSR_NEW_ARRAY(&op->module->arena, tsr_use, count);
    op->operand_capacity = (uint32_t)count;
  }
  op->operand_count = (uint32_t)count;
  for (size_t i = 0; i < count; i++) {
    assert(operands[i]);
    op->operands[i].op = op;
    link_use(&op->operands[i], operands[i]);
  }
}

// Whether every group has one operand, as most ops have it.
static bool has_plain_groups(const tsr_op *op, const uint32_t *groups,
                             size_t count) {
  for (size_t g = 0; groups && g < count; g++)
    if (groups[g] != 1)
      return false;
  return op->operand_count == count;
}

static void set_groups(tsr_op *op, const uint32_t *groups) {
  size_t count = tsr_op_kind_group_count((tsr_op_kind)op->kind);
  op->groups = NULL;
  if (has_plain_groups(op, groups, count))
    return;
  assert(groups || count == 1);
  op->groups = TSR_NEW_ARRAY(&op->module->arena, uint32_t, count);
  uint32_t sum = 0;
  for (size_t g = 0; g < count; g++)
    sum += op->groups[g] = groups ? groups[g] : op->operand_count;
  assert(sum == op->operand_count);
  (void)sum;
}

// -- creating -----------------------------------------------------------------

static void init_results(tsr_op *op, const tsr_op_desc *desc) {
  for (uint32_t i = 0; i < op->result_count; i++) {
    op->results[i].kind = VALUE_RESULT;
    op->results[i].type = desc->result_types[i];
    op->results[i].def.op = op;
    op->results[i].position = i;
  }
}

static tsr_op *alloc_op(tsr_module *module, size_t operands, size_t results) {
  size_t bytes =
      sizeof(tsr_op) + operands * sizeof(tsr_use) + results * sizeof(tsr_value);
  tsr_op *op = tsr_arena_alloc(&module->arena, bytes);
  op->operands = (tsr_use *)(op + 1);
  op->operand_capacity = (uint32_t)operands;
  op->results = (tsr_value *)(op->operands + operands);
  op->result_count = (uint32_t)results;
  return op;
}

tsr_op *tsr_op_create(tsr_module *module, const tsr_op_desc *desc) {
  tsr_op *op = alloc_op(module, desc->operand_count, desc->result_count);
  op->module = module;
  op->kind = (uint16_t)desc->kind;
  op->loc = desc->loc;
  set_operands(op, desc->operands, desc->operand_count);
  set_groups(op, desc->groups);
  init_results(op, desc);
  op->block_count = (uint32_t)desc->block_count;
  if (desc->block_count)
    op->blocks = TSR_NEW_ARRAY(&module->arena, tsr_block, desc->block_count);
  for (size_t i = 0; i < desc->block_count; i++)
    op->blocks[i].parent = op;
  return op;
}

// -- linking ------------------------------------------------------------------

static void link_between(tsr_op *op, tsr_block *block, tsr_op *prev,
                         tsr_op *next) {
  assert(!op->parent);
  op->parent = block;
  op->prev = prev;
  op->next = next;
  if (prev)
    prev->next = op;
  else
    block->first = op;
  if (next)
    next->prev = op;
  else
    block->last = op;
  if (!next && prev && block->is_ordered && prev->order < UINT32_MAX)
    op->order = prev->order + 1;
  else
    block->is_ordered = false;
}

void tsr_block_append(tsr_block *block, tsr_op *op) {
  link_between(op, block, block->last, NULL);
}

void tsr_op_insert_before(tsr_op *op, tsr_op *position) {
  link_between(op, position->parent, position->prev, position);
}

void tsr_op_insert_after(tsr_op *op, tsr_op *position) {
  link_between(op, position->parent, position, position->next);
}

void tsr_op_remove(tsr_op *op) {
  tsr_block *block = op->parent;
  assert(block);
  if (op->prev)
    op->prev->next = op->next;
  else
    block->first = op->next;
  if (op->next)
    op->next->prev = op->prev;
  else
    block->last = op->prev;
  op->parent = NULL;
  op->prev = op->next = NULL;
}

static void drop_operands(tsr_op *op) {
  for (uint32_t i = 0; i < op->operand_count; i++)
    unlink_use(&op->operands[i]);
  op->operand_count = 0;
  for (uint32_t b = 0; b < op->block_count; b++)
    for (tsr_op *inner = op->blocks[b].first; inner; inner = inner->next)
      drop_operands(inner);
}

void tsr_op_erase(tsr_op *op) {
  drop_operands(op);
  for (uint32_t i = 0; i < op->result_count; i++)
    assert(!op->results[i].uses);
  if (op->parent)
    tsr_op_remove(op);
}

// -- asking -------------------------------------------------------------------

tsr_op_kind tsr_op_get_kind(const tsr_op *op) { return (tsr_op_kind)op->kind; }

const tsr_op_info *tsr_op_get_info(const tsr_op *op) {
  return tsr_op_kind_get_info((tsr_op_kind)op->kind);
}

const char *tsr_op_get_mnemonic(const tsr_op *op) {
  return tsr_op_get_info(op)->mnemonic;
}

tsr_module *tsr_op_get_module(const tsr_op *op) { return op->module; }

tsr_loc tsr_op_get_loc(const tsr_op *op) { return op->loc; }

void tsr_op_set_loc(tsr_op *op, tsr_loc loc) { op->loc = loc; }

bool tsr_op_has_trait(const tsr_op *op, uint32_t trait) {
  return (tsr_op_get_info(op)->traits & trait) != 0;
}

uint32_t tsr_op_get_mark(const tsr_op *op) { return op->mark; }

void tsr_op_set_mark(tsr_op *op, uint32_t mark) { op->mark = mark; }

tsr_op *tsr_op_next(const tsr_op *op) { return op->next; }

tsr_op *tsr_op_prev(const tsr_op *op) { return op->prev; }

tsr_block *tsr_op_get_parent_block(const tsr_op *op) { return op->parent; }

tsr_op *tsr_op_get_parent(const tsr_op *op) {
  return op->parent ? op->parent->parent : NULL;
}

tsr_op *tsr_op_find_parent(const tsr_op *op, tsr_op_kind kind) {
  tsr_op *parent = tsr_op_get_parent(op);
  while (parent && parent->kind != kind)
    parent = tsr_op_get_parent(parent);
  return parent;
}

static void number_ops(tsr_block *block) {
  uint32_t order = 0;
  for (tsr_op *op = block->first; op; op = op->next)
    op->order = order++;
  block->is_ordered = true;
}

bool tsr_op_is_before(const tsr_op *a, const tsr_op *b) {
  assert(a->parent && a->parent == b->parent);
  if (!a->parent->is_ordered)
    number_ops(a->parent);
  return a->order < b->order;
}

bool tsr_op_contains(const tsr_op *outer, const tsr_op *inner) {
  while (inner && inner != outer)
    inner = tsr_op_get_parent(inner);
  return inner != NULL;
}

bool tsr_op_contains_kind(const tsr_op *op, tsr_op_kind kind) {
  for (uint32_t b = 0; b < op->block_count; b++)
    for (const tsr_op *inner = op->blocks[b].first; inner; inner = inner->next)
      if (inner->kind == kind || tsr_op_contains_kind(inner, kind))
        return true;
  return false;
}

tsr_op *tsr_block_find_ancestor(const tsr_block *block, const tsr_op *op) {
  while (op && op->parent != block)
    op = tsr_op_get_parent(op);
  return (tsr_op *)op;
}

size_t tsr_op_operand_count(const tsr_op *op) { return op->operand_count; }

tsr_value *tsr_op_operand(const tsr_op *op, size_t i) {
  assert(i < op->operand_count);
  return op->operands[i].value;
}

void tsr_op_set_operand(tsr_op *op, size_t i, tsr_value *value) {
  assert(i < op->operand_count);
  unlink_use(&op->operands[i]);
  link_use(&op->operands[i], value);
}

void tsr_op_set_operands(tsr_op *op, tsr_value *const *operands, size_t count,
                         const uint32_t *groups) {
  for (uint32_t i = 0; i < op->operand_count; i++)
    unlink_use(&op->operands[i]);
  set_operands(op, operands, count);
  set_groups(op, groups);
}

size_t tsr_op_group_size(const tsr_op *op, size_t group) {
  return op->groups ? op->groups[group] : 1;
}

size_t tsr_op_group_start(const tsr_op *op, size_t group) {
  if (!op->groups)
    return group;
  size_t start = 0;
  for (size_t g = 0; g < group; g++)
    start += op->groups[g];
  return start;
}

tsr_value *tsr_op_group_operand(const tsr_op *op, size_t group, size_t i) {
  assert(i < tsr_op_group_size(op, group));
  return tsr_op_operand(op, tsr_op_group_start(op, group) + i);
}

size_t tsr_op_result_count(const tsr_op *op) { return op->result_count; }

tsr_value *tsr_op_result(const tsr_op *op, size_t i) {
  assert(i < op->result_count);
  return &op->results[i];
}

size_t tsr_op_block_count(const tsr_op *op) { return op->block_count; }

tsr_block *tsr_op_block(const tsr_op *op, size_t i) {
  assert(i < op->block_count);
  return &op->blocks[i];
}

uint32_t tsr_op_get_effects(const tsr_op *op) {
  uint32_t effects = tsr_op_get_info(op)->effects;
  for (uint32_t b = 0; b < op->block_count; b++)
    for (const tsr_op *inner = op->blocks[b].first; inner; inner = inner->next)
      effects |= tsr_op_get_effects(inner);
  return effects;
}

// -- attributes ---------------------------------------------------------------

static named_attr *find_attr(const tsr_op *op, const char *name) {
  for (uint16_t i = 0; i < op->attr_count; i++)
    if (op->attrs[i].name == name || strcmp(op->attrs[i].name, name) == 0)
      return &op->attrs[i];
  return NULL;
}

const tsr_attr *tsr_op_get_attr(const tsr_op *op, const char *name) {
  const named_attr *attr = find_attr(op, name);
  return attr ? attr->value : NULL;
}

void tsr_op_set_attr(tsr_op *op, const char *name, const tsr_attr *value) {
  named_attr *attr = find_attr(op, name);
  if (attr) {
    attr->value = value;
    return;
  }
  if (op->attr_count == op->attr_capacity) {
    uint16_t capacity =
        (uint16_t)(op->attr_capacity ? 2 * op->attr_capacity : 2);
    named_attr *attrs = TSR_NEW_ARRAY(&op->module->arena, named_attr, capacity);
    if (op->attr_count)
      memcpy(attrs, op->attrs, op->attr_count * sizeof attrs[0]);
    op->attrs = attrs;
    op->attr_capacity = capacity;
  }
  const char *interned = tsr_context_intern(op->module->context, name);
  op->attrs[op->attr_count++] = (named_attr){interned, value};
}

void tsr_op_remove_attr(tsr_op *op, const char *name) {
  named_attr *attr = find_attr(op, name);
  if (!attr)
    return;
  named_attr *end = op->attrs + op->attr_count;
  memmove(attr, attr + 1, (size_t)(end - attr - 1) * sizeof *attr);
  op->attr_count--;
}

size_t tsr_op_attr_count(const tsr_op *op) { return op->attr_count; }

const char *tsr_op_attr_name(const tsr_op *op, size_t i) {
  assert(i < op->attr_count);
  return op->attrs[i].name;
}

const tsr_attr *tsr_op_attr_value(const tsr_op *op, size_t i) {
  assert(i < op->attr_count);
  return op->attrs[i].value;
}

int64_t tsr_op_get_int(const tsr_op *op, const char *name, int64_t fallback) {
  const tsr_attr *attr = tsr_op_get_attr(op, name);
  return attr ? tsr_attr_get_int(attr) : fallback;
}

bool tsr_op_get_bool(const tsr_op *op, const char *name, bool fallback) {
  const tsr_attr *attr = tsr_op_get_attr(op, name);
  return attr ? tsr_attr_get_bool(attr) : fallback;
}

const char *tsr_op_get_text(const tsr_op *op, const char *name) {
  const tsr_attr *attr = tsr_op_get_attr(op, name);
  return attr ? tsr_attr_get_text(attr) : NULL;
}

void tsr_op_set_int(tsr_op *op, const char *name, int64_t value) {
  tsr_op_set_attr(op, name, tsr_attr_int(op->module->context, value));
}

void tsr_op_set_bool(tsr_op *op, const char *name, bool value) {
  tsr_op_set_attr(op, name, tsr_attr_bool(op->module->context, value));
}

void tsr_op_set_keyword(tsr_op *op, const char *name, const char *text) {
  tsr_op_set_attr(op, name, tsr_attr_keyword(op->module->context, text));
}

void tsr_op_set_symbol(tsr_op *op, const char *name, const char *symbol) {
  tsr_op_set_attr(op, name, tsr_attr_symbol(op->module->context, symbol));
}

// -- blocks -------------------------------------------------------------------

tsr_op *tsr_block_first(const tsr_block *block) { return block->first; }

tsr_op *tsr_block_last(const tsr_block *block) { return block->last; }

tsr_op *tsr_block_get_parent(const tsr_block *block) { return block->parent; }

tsr_op *tsr_block_terminator(const tsr_block *block) {
  tsr_op *last = block->last;
  return last && tsr_op_has_trait(last, TSR_TRAIT_TERMINATOR) ? last : NULL;
}

tsr_value *tsr_block_add_arg(tsr_block *block, const tsr_type *type,
                             tsr_loc loc, const char *name) {
  tsr_module *module = block->parent->module;
  block_arg *arg = TSR_NEW(&module->arena, block_arg);
  arg->loc = loc;
  tsr_value *value = &arg->value;
  value->kind = VALUE_ARG;
  value->type = type;
  value->def.block = block;
  value->position = (uint32_t)block->arg_count;
  tsr_value_set_name(value, name);
  block->args =
      tsr_array_grow(&module->arena, block->args, &block->arg_capacity,
                     block->arg_count + 1, sizeof block->args[0]);
  block->args[block->arg_count++] = value;
  return value;
}

void tsr_block_erase_arg(tsr_block *block, size_t i) {
  assert(i < block->arg_count && !block->args[i]->uses);
  block->arg_count--;
  for (; i < block->arg_count; i++) {
    block->args[i] = block->args[i + 1];
    block->args[i]->position = (uint32_t)i;
  }
}

size_t tsr_block_arg_count(const tsr_block *block) { return block->arg_count; }

tsr_value *tsr_block_arg(const tsr_block *block, size_t i) {
  assert(i < block->arg_count);
  return block->args[i];
}

// -- symbols ------------------------------------------------------------------

tsr_op *tsr_block_find_symbol(const tsr_block *block, const char *name) {
  for (tsr_op *op = block->first; op; op = op->next) {
    if (!tsr_op_has_trait(op, TSR_TRAIT_SYMBOL))
      continue;
    const char *symbol = tsr_op_get_text(op, "name");
    if (symbol && (symbol == name || strcmp(symbol, name) == 0))
      return op;
  }
  return NULL;
}

// Symbols stand at the top of these only. To search the long blocks of kernels
// for each use of a circular buffer would cost the square of their length.
static bool holds_symbols(const tsr_block *block) {
  uint16_t kind = block->parent->kind;
  return kind == TSR_OP_module || kind == TSR_OP_program ||
         kind == TSR_OP_core_launch;
}

tsr_op *tsr_op_find_symbol(const tsr_op *from, const char *name) {
  for (const tsr_block *block = from->parent; block;
       block = block->parent->parent) {
    tsr_op *found =
        holds_symbols(block) ? tsr_block_find_symbol(block, name) : NULL;
    if (found)
      return found;
  }
  return NULL;
}

const char *tsr_block_unique_symbol(tsr_block *block, const char *base) {
  tsr_module *module = block->parent->module;
  const char *name = tsr_context_intern(module->context, base);
  for (uint32_t i = 1; tsr_block_find_symbol(block, name); i++) {
    tsr_arena scratch;
    tsr_arena_init(&scratch);
    name = tsr_context_intern(module->context,
                              tsr_arena_printf(&scratch, "%s_%u", base, i));
    tsr_arena_deinit(&scratch);
  }
  return name;
}
