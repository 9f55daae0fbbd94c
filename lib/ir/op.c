// Ops and blocks: creating, linking, attributes.

#include "impl.h"
#include "tessera/vector.h"

#include <assert.h>
#include <string.h>

// -- use lists ----------------------------------------------------------------

static inline void link_use(tsr_use *use, tsr_value *value) {
  tsr_ref at = tsr_ref_to(use);
  use->value = tsr_ref_to(value);
  use->prev = 0;
  use->next = value->uses;
  if (value->uses)
    ir_value_uses(value)->prev = at;
  value->uses = at;
}

static inline void unlink_use(tsr_use *use) {
  if (use->prev)
    ((tsr_use *)tsr_ref_at(use, use->prev))->next = use->next;
  else
    ir_use_value(use)->uses = use->next;
  if (use->next)
    ir_use_next(use)->prev = use->prev;
}

static inline void link_operands(tsr_op *op, tsr_value *const *operands) {
  tsr_use *uses = ir_operands(op);
  for (uint32_t i = 0; i < op->operand_count; i++) {
    assert(operands[i] && ir_module(operands[i]) == ir_module(op));
    uses[i].op = tsr_ref_to(op);
    link_use(&uses[i], operands[i]);
  }
}

// Whether the operands are one for each group, as most ops have them.
static inline bool has_plain_groups(const ir_row *row, const uint32_t *groups,
                                    size_t operand_count) {
  if (operand_count != row->group_count)
    return false;
  for (size_t g = 0; groups && g < row->group_count; g++)
    if (groups[g] != 1)
      return false;
  return true;
}

// Bytes in front of operands that hold the sizes of groups.
static size_t group_bytes(const ir_row *row) {
  size_t bytes = row->group_count * sizeof(uint32_t);
  return (bytes + TSR_REF_BYTES - 1) / TSR_REF_BYTES * TSR_REF_BYTES;
}

static void write_groups(tsr_op *op, const uint32_t *groups) {
  size_t count = ir_op_row(op)->group_count;
  uint32_t *sizes = (uint32_t *)ir_operands(op) - count;
  assert(groups || count == 1);
  uint32_t sum = 0;
  for (size_t g = 0; g < count; g++)
    sum += sizes[g] = groups ? groups[g] : op->operand_count;
  assert(sum == op->operand_count);
  (void)sum;
}

// -- creating -----------------------------------------------------------------

static inline ir_loc pack_loc(tsr_module *module, tsr_loc loc) {
  // Whoever keeps to the rules gives a name of this context.
  bool is_ours = !loc.file || tsr_space_of(loc.file) == &module->context->space;
  const char *file =
      is_ours ? loc.file : tsr_context_intern(module->context, loc.file);
  return (ir_loc){ir_name_ref(file), loc.line, loc.column};
}

static void init_blocks(tsr_op *op) {
  for (uint8_t i = 0; i < op->block_count; i++)
    ir_block(op, i)->parent = tsr_ref_to(op);
}

tsr_op *tsr_op_create_with(tsr_module *module, const tsr_op_desc *desc,
                           uint8_t attr_capacity) {
  const ir_row *row = &tsr_op_rows[desc->kind];
  assert(desc->result_count <= IR_MAX_NUMBER && desc->block_count <= 2);
  bool plain = has_plain_groups(row, desc->groups, desc->operand_count);
  size_t op_at = desc->result_count * sizeof(tsr_value);
  size_t attrs_at =
      op_at + sizeof(tsr_op) + desc->block_count * sizeof(tsr_block);
  size_t operands_at = attrs_at + attr_capacity * sizeof(ir_named_attr) +
                       (plain ? 0 : group_bytes(row));
  char *start = tsr_space_alloc(
      &module->space, operands_at + desc->operand_count * sizeof(tsr_use));
  tsr_op *op = (tsr_op *)(start + op_at);
  *op = (tsr_op){.loc = pack_loc(module, desc->loc),
                 .operands = tsr_ref_to(start + operands_at),
                 .attrs = tsr_ref_to(start + attrs_at),
                 .operand_count = (uint32_t)desc->operand_count,
                 .result_count = (uint32_t)desc->result_count & IR_MAX_NUMBER,
                 .block_count = (uint32_t)desc->block_count & 3,
                 .has_groups = !plain,
                 .kind = (uint16_t)desc->kind,
                 .attr_capacity = attr_capacity};
  for (uint32_t i = 0; i < op->result_count; i++)
    *ir_result(op, i) = (tsr_value){.type = tsr_ref_to(desc->result_types[i]),
                                    .kind = IR_RESULT,
                                    .number = i & IR_MAX_NUMBER};
  link_operands(op, desc->operands);
  if (!plain)
    write_groups(op, desc->groups);
  init_blocks(op);
  module->is_named = false;
  return op;
}

tsr_op *tsr_op_create(tsr_module *module, const tsr_op_desc *desc) {
  return tsr_op_create_with(module, desc, 0);
}

// -- linking ------------------------------------------------------------------

// `inner` is `outer` or in it. Quick for ops that hold none, as most are that
// are put somewhere.
static bool holds(const tsr_op *outer, const tsr_op *inner) {
  bool has_ops = false;
  for (uint8_t b = 0; b < outer->block_count; b++)
    has_ops = has_ops || ir_first(ir_block(outer, b));
  return outer == inner || (has_ops && tsr_op_contains(outer, inner));
}

static void link_between(tsr_op *op, tsr_block *block, tsr_op *prev,
                         tsr_op *next) {
  assert(!op->parent && !holds(op, ir_block_op(block)));
  tsr_ref at = tsr_ref_to(op);
  op->parent = tsr_ref_to(block);
  op->prev = tsr_ref_to(prev);
  op->next = tsr_ref_to(next);
  if (prev)
    prev->next = at;
  else
    block->first = at;
  if (next)
    next->prev = at;
  else
    block->last = at;
  if (!next && prev && block->is_ordered && prev->order < UINT32_MAX)
    op->order = prev->order + 1;
  else if (!prev && !next)
    block->is_ordered = true, op->order = 0;
  else
    block->is_ordered = false;
  ir_module(op)->is_named = false;
  ir_note_change(op);
}

void tsr_block_append(tsr_block *block, tsr_op *op) {
  link_between(op, block, ir_last(block), NULL);
}

void tsr_op_insert_before(tsr_op *op, tsr_op *position) {
  link_between(op, ir_parent_block(position), ir_prev(position), position);
}

void tsr_op_insert_after(tsr_op *op, tsr_op *position) {
  link_between(op, ir_parent_block(position), position, ir_next(position));
}

void tsr_op_remove(tsr_op *op) {
  tsr_block *block = ir_parent_block(op);
  assert(block);
  ir_note_change(op);
  if (op->prev)
    ir_prev(op)->next = op->next;
  else
    block->first = op->next;
  if (op->next)
    ir_next(op)->prev = op->prev;
  else
    block->last = op->prev;
  op->parent = op->prev = op->next = 0;
}

static void drop_operands(tsr_op *op) {
  tsr_use *uses = ir_operands(op);
  for (uint32_t i = 0; i < op->operand_count; i++)
    unlink_use(&uses[i]);
  op->operand_count = 0;
  for (uint8_t b = 0; b < op->block_count; b++)
    for (tsr_op *inner = ir_first(ir_block(op, b)); inner;
         inner = ir_next(inner))
      drop_operands(inner);
}

void tsr_op_erase(tsr_op *op) {
  drop_operands(op);
  for (uint32_t i = 0; i < op->result_count; i++)
    assert(!ir_result(op, i)->uses);
  if (op->parent)
    tsr_op_remove(op);
}

// -- asking -------------------------------------------------------------------

tsr_op_kind tsr_op_get_kind(const tsr_op *op) { return (tsr_op_kind)op->kind; }

const tsr_op_info *tsr_op_get_info(const tsr_op *op) { return ir_info(op); }

const char *tsr_op_get_mnemonic(const tsr_op *op) {
  return ir_info(op)->mnemonic;
}

tsr_module *tsr_op_get_module(const tsr_op *op) { return ir_module(op); }

tsr_loc tsr_op_get_loc(const tsr_op *op) { return ir_unpack_loc(op, op->loc); }

void tsr_op_set_loc(tsr_op *op, tsr_loc loc) {
  op->loc = pack_loc(ir_module(op), loc);
}

uint32_t tsr_op_get_mark(const tsr_op *op) { return op->mark; }

void tsr_op_set_mark(tsr_op *op, uint32_t mark) { op->mark = mark; }

bool tsr_op_has_trait(const tsr_op *op, uint32_t trait) {
  return (ir_info(op)->traits & trait) != 0;
}

tsr_op *tsr_op_next(const tsr_op *op) { return ir_next(op); }

tsr_op *tsr_op_prev(const tsr_op *op) { return ir_prev(op); }

tsr_block *tsr_op_get_parent_block(const tsr_op *op) {
  return ir_parent_block(op);
}

tsr_op *tsr_op_get_parent(const tsr_op *op) { return ir_parent(op); }

tsr_op *tsr_op_find_parent(const tsr_op *op, tsr_op_kind kind) {
  tsr_op *parent = ir_parent(op);
  while (parent && parent->kind != kind)
    parent = ir_parent(parent);
  return parent;
}

static void number_ops(tsr_block *block) {
  uint32_t order = 0;
  for (tsr_op *op = ir_first(block); op; op = ir_next(op))
    op->order = order++;
  block->is_ordered = true;
}

bool tsr_op_is_before(const tsr_op *a, const tsr_op *b) {
  assert(a->parent && a->parent == b->parent);
  if (!ir_parent_block(a)->is_ordered)
    number_ops(ir_parent_block(a));
  return a->order < b->order;
}

bool tsr_op_contains(const tsr_op *outer, const tsr_op *inner) {
  while (inner && inner != outer)
    inner = ir_parent(inner);
  return inner != NULL;
}

bool tsr_op_contains_kind(const tsr_op *op, tsr_op_kind kind) {
  for (uint8_t b = 0; b < op->block_count; b++)
    for (const tsr_op *inner = ir_first(ir_block(op, b)); inner;
         inner = ir_next(inner))
      if (inner->kind == kind || tsr_op_contains_kind(inner, kind))
        return true;
  return false;
}

tsr_op *tsr_block_find_ancestor(const tsr_block *block, const tsr_op *op) {
  while (op && ir_parent_block(op) != block)
    op = ir_parent(op);
  return (tsr_op *)op;
}

size_t tsr_op_operand_count(const tsr_op *op) { return op->operand_count; }

tsr_value *tsr_op_operand(const tsr_op *op, size_t i) {
  return ir_operand(op, i);
}

void tsr_op_set_operand(tsr_op *op, size_t i, tsr_value *value) {
  assert(i < op->operand_count);
  tsr_use *use = &ir_operands(op)[i];
  unlink_use(use);
  link_use(use, value);
  ir_note_change(op);
}

void tsr_op_set_operands(tsr_op *op, tsr_value *const *operands, size_t count,
                         const uint32_t *groups) {
  const ir_row *row = ir_op_row(op);
  tsr_use *uses = ir_operands(op);
  ir_note_change(op);
  for (uint32_t i = 0; i < op->operand_count; i++)
    unlink_use(&uses[i]);
  bool plain = has_plain_groups(row, groups, count);
  if (count > op->operand_count || (!plain && !op->has_groups)) {
    size_t before = plain ? 0 : group_bytes(row);
    char *made = tsr_space_alloc(&ir_module(op)->space,
                                 before + count * sizeof(tsr_use));
    op->operands = tsr_ref_to(made + before);
  }
  op->has_groups = !plain;
  op->operand_count = (uint32_t)count;
  link_operands(op, operands);
  if (!plain)
    write_groups(op, groups);
}

size_t tsr_op_group_size(const tsr_op *op, size_t group) {
  return ir_group_size(op, group);
}

size_t tsr_op_group_start(const tsr_op *op, size_t group) {
  return ir_group_start(op, group);
}

tsr_value *tsr_op_group_operand(const tsr_op *op, size_t group, size_t i) {
  assert(i < ir_group_size(op, group));
  return ir_operand(op, ir_group_start(op, group) + i);
}

size_t tsr_op_result_count(const tsr_op *op) { return op->result_count; }

tsr_value *tsr_op_result(const tsr_op *op, size_t i) {
  assert(i < op->result_count);
  return ir_result(op, i);
}

size_t tsr_op_block_count(const tsr_op *op) { return op->block_count; }

tsr_block *tsr_op_block(const tsr_op *op, size_t i) {
  assert(i < op->block_count);
  return ir_block(op, i);
}

uint32_t tsr_op_get_effects(const tsr_op *op) {
  uint32_t effects = ir_info(op)->effects;
  for (uint8_t b = 0; b < op->block_count; b++)
    for (const tsr_op *inner = ir_first(ir_block(op, b)); inner;
         inner = ir_next(inner))
      effects |= tsr_op_get_effects(inner);
  return effects;
}

// -- attributes ---------------------------------------------------------------

static ir_named_attr *find_attr(const tsr_op *op, const char *name) {
  for (uint16_t i = 0; i < op->attr_count; i++) {
    const char *have = ir_attr_name(op, i);
    if (have == name || strcmp(have, name) == 0)
      return &ir_attrs(op)[i];
  }
  return NULL;
}

const tsr_attr *tsr_op_get_attr(const tsr_op *op, const char *name) {
  const ir_named_attr *attr = find_attr(op, name);
  return attr ? tsr_ref_at(ir_context(op), attr->value) : NULL;
}

static void grow_attrs(tsr_op *op) {
  assert(op->attr_capacity <= UINT8_MAX / 2);
  uint8_t capacity = (uint8_t)(op->attr_capacity ? 2 * op->attr_capacity : 2);
  ir_named_attr *attrs =
      tsr_space_alloc(&ir_module(op)->space, capacity * sizeof *attrs);
  memcpy(attrs, ir_attrs(op), op->attr_count * sizeof *attrs);
  op->attrs = tsr_ref_to(attrs);
  op->attr_capacity = capacity;
}

void tsr_op_set_attr(tsr_op *op, const char *name, const tsr_attr *value) {
  assert(value && "tsr_op_remove_attr takes an attribute away");
  ir_named_attr *attr = find_attr(op, name);
  ir_note_change(op);
  if (attr) {
    attr->value = tsr_ref_to(value);
    return;
  }
  if (op->attr_count == op->attr_capacity)
    grow_attrs(op);
  const char *interned = tsr_context_intern(ir_context(op), name);
  ir_attrs(op)[op->attr_count++] =
      (ir_named_attr){ir_name_ref(interned), tsr_ref_to(value)};
}

void tsr_op_remove_attr(tsr_op *op, const char *name) {
  ir_named_attr *attr = find_attr(op, name);
  if (!attr)
    return;
  ir_note_change(op);
  ir_named_attr *end = ir_attrs(op) + op->attr_count;
  memmove(attr, attr + 1, (size_t)(end - attr - 1) * sizeof *attr);
  op->attr_count--;
}

size_t tsr_op_attr_count(const tsr_op *op) { return op->attr_count; }

const char *tsr_op_attr_name(const tsr_op *op, size_t i) {
  assert(i < op->attr_count);
  return ir_attr_name(op, i);
}

const tsr_attr *tsr_op_attr_value(const tsr_op *op, size_t i) {
  assert(i < op->attr_count);
  return ir_attr_value(op, i);
}

const tsr_attr *ir_get_attr_of(const tsr_op *op, const char *name,
                               tsr_attr_kind kind) {
  const tsr_attr *attr = tsr_op_get_attr(op, name);
  return attr && attr->kind == kind ? attr : NULL;
}

int64_t tsr_op_get_int(const tsr_op *op, const char *name, int64_t fallback) {
  const tsr_attr *attr = ir_get_attr_of(op, name, TSR_ATTR_INT);
  return attr ? attr->as.number : fallback;
}

bool tsr_op_get_bool(const tsr_op *op, const char *name, bool fallback) {
  const tsr_attr *attr = ir_get_attr_of(op, name, TSR_ATTR_BOOL);
  return attr ? attr->as.flag : fallback;
}

const char *tsr_op_get_text(const tsr_op *op, const char *name) {
  const tsr_attr *attr = tsr_op_get_attr(op, name);
  return attr && ir_attr_has_text(attr) ? attr->as.text : NULL;
}

void tsr_op_set_int(tsr_op *op, const char *name, int64_t value) {
  tsr_op_set_attr(op, name, tsr_attr_int(ir_context(op), value));
}

void tsr_op_set_bool(tsr_op *op, const char *name, bool value) {
  tsr_op_set_attr(op, name, tsr_attr_bool(ir_context(op), value));
}

void tsr_op_set_keyword(tsr_op *op, const char *name, const char *text) {
  tsr_op_set_attr(op, name, tsr_attr_keyword(ir_context(op), text));
}

void tsr_op_set_symbol(tsr_op *op, const char *name, const char *symbol) {
  tsr_op_set_attr(op, name, tsr_attr_symbol(ir_context(op), symbol));
}

// -- blocks -------------------------------------------------------------------

tsr_op *tsr_block_first(const tsr_block *block) { return ir_first(block); }

tsr_op *tsr_block_last(const tsr_block *block) { return ir_last(block); }

tsr_op *tsr_block_get_parent(const tsr_block *block) {
  return ir_block_op(block);
}

tsr_op *tsr_block_terminator(const tsr_block *block) {
  tsr_op *last = ir_last(block);
  return last && (ir_info(last)->traits & TSR_TRAIT_TERMINATOR) ? last : NULL;
}

static void grow_args(tsr_block *block) {
  uint32_t capacity = block->arg_capacity ? 2 * block->arg_capacity : 2;
  tsr_ref *args =
      tsr_space_alloc(&ir_module(block)->space, capacity * sizeof *args);
  if (block->arg_count)
    memcpy(args, tsr_ref_at(block, block->args),
           block->arg_count * sizeof *args);
  block->args = tsr_ref_to(args);
  block->arg_capacity = capacity;
}

tsr_value *tsr_block_add_arg(tsr_block *block, const tsr_type *type,
                             tsr_loc loc, const char *name) {
  tsr_module *module = ir_module(block);
  ir_arg *arg = tsr_space_alloc(&module->space, sizeof *arg);
  *arg = (ir_arg){.value = {.type = tsr_ref_to(type),
                            .kind = IR_ARG,
                            .number = block->arg_count & IR_MAX_NUMBER},
                  .block = tsr_ref_to(block),
                  .loc = pack_loc(module, loc)};
  tsr_value_set_name(&arg->value, name);
  ir_note_change(block);
  if (block->arg_count == block->arg_capacity)
    grow_args(block);
  tsr_ref *args = tsr_ref_at(block, block->args);
  args[block->arg_count++] = tsr_ref_to(arg);
  return &arg->value;
}

void tsr_block_erase_arg(tsr_block *block, size_t i) {
  assert(i < block->arg_count && !ir_block_arg(block, i)->uses);
  tsr_ref *args = tsr_ref_at(block, block->args);
  ir_note_change(block);
  block->arg_count--;
  for (; i < block->arg_count; i++) {
    args[i] = args[i + 1];
    ir_block_arg(block, i)->number = (uint32_t)i & IR_MAX_NUMBER;
  }
}

size_t tsr_block_arg_count(const tsr_block *block) { return block->arg_count; }

tsr_value *tsr_block_arg(const tsr_block *block, size_t i) {
  assert(i < block->arg_count);
  return ir_block_arg(block, i);
}

// -- symbols ------------------------------------------------------------------

tsr_op *tsr_block_find_symbol(const tsr_block *block, const char *name) {
  tsr_op *reference = NULL;
  for (tsr_op *op = ir_first(block); op; op = ir_next(op)) {
    if (!tsr_op_has_trait(op, TSR_TRAIT_SYMBOL))
      continue;
    const char *symbol = tsr_op_get_text(op, "name");
    if (!symbol || (symbol != name && strcmp(symbol, name) != 0))
      continue;
    if (op->kind != TSR_OP_reference)
      return op;
    reference = op;
  }
  return reference;
}

// Symbols stand at the top of these only. To search the long blocks of kernels
// for each use of a circular buffer would cost the square of their length.
static bool holds_symbols(const tsr_block *block) {
  uint16_t kind = ir_block_op(block)->kind;
  return kind == TSR_OP_module || kind == TSR_OP_program ||
         kind == TSR_OP_core_launch;
}

tsr_op *tsr_op_find_symbol(const tsr_op *from, const char *name) {
  for (const tsr_block *block = ir_parent_block(from); block;
       block = ir_parent_block(ir_block_op(block))) {
    tsr_op *found =
        holds_symbols(block) ? tsr_block_find_symbol(block, name) : NULL;
    if (found)
      return found;
  }
  return NULL;
}

tsr_op *tsr_call_get_callee(const tsr_op *call) {
  const char *name = tsr_op_get_text(call, "callee");
  tsr_op *op = ir_first(tsr_module_block(ir_module(call)));
  while (op && (op->kind != TSR_OP_func || tsr_op_get_text(op, "name") != name))
    op = ir_next(op);
  return op;
}

const char *tsr_block_unique_symbol(tsr_block *block, const char *base) {
  tsr_context *context = ir_context(block);
  const char *name = tsr_context_intern(context, base);
  for (uint32_t i = 1; tsr_block_find_symbol(block, name); i++) {
    tsr_arena scratch;
    tsr_arena_init(&scratch);
    name = tsr_context_intern(context,
                              tsr_arena_printf(&scratch, "%s_%u", base, i));
    tsr_arena_deinit(&scratch);
  }
  return name;
}
