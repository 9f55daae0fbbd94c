// Skeletons: the index arithmetic and control flow of a nest, numbered.

#include "impl.h"

#include <string.h>

// As many as a nest that somebody wrote has; others grow.
enum { USUAL_SLOTS = 32, NODES_AT_ONCE = 16 };

static bool is_number(const tsr_value *value) {
  tsr_type_kind kind = tsr_type_get_kind(tsr_value_get_type(value));
  return kind == TSR_TYPE_INDEX || kind == TSR_TYPE_BOOL;
}

// -- slots --------------------------------------------------------------------

static tsr_slot add_slot(tsr_skeleton *s, tsr_slot_info info) {
  if (s->slot_count == s->slot_capacity)
    s->infos = tsr_array_grow(s->arena, s->infos, &s->slot_capacity,
                              s->slot_count + 1, sizeof *s->infos);
  s->infos[s->slot_count] = info;
  return (tsr_slot)s->slot_count++;
}

static tsr_slot set_slot(tsr_skeleton *s, const tsr_value *value,
                         tsr_slot slot) {
  tsr_map_set(&s->slots, value, (void *)((uintptr_t)slot + 1));
  return slot;
}

// `by`: the arithmetic or the loop that gives the number; NULL: a carried one.
static tsr_slot add_value(tsr_skeleton *s, const tsr_value *value,
                          const tsr_node *by) {
  return set_slot(
      s, value,
      add_slot(s, (tsr_slot_info){.kind = TSR_SLOT_COMPUTED, .by = by}));
}

static tsr_slot add_number(tsr_skeleton *s, int64_t number) {
  return add_slot(s,
                  (tsr_slot_info){.kind = TSR_SLOT_CONSTANT, .number = number});
}

static tsr_slot find_slot(const tsr_skeleton *s, const tsr_value *value) {
  return (tsr_slot)((uintptr_t)tsr_map_find(&s->slots, value) - 1);
}

static tsr_node *add_node(tsr_skeleton *s, tsr_node_kind kind,
                          const tsr_op *op) {
  if (s->spare_count == 0) {
    s->spare = TSR_NEW_ARRAY(s->arena, tsr_node, NODES_AT_ONCE);
    s->spare_count = NODES_AT_ONCE;
  }
  tsr_node *node = &s->spare[--s->spare_count];
  node->kind = kind;
  node->op = op;
  return node;
}

static tsr_slot import(tsr_skeleton *s, const tsr_value *value);

static tsr_node *add_math(tsr_skeleton *s, const tsr_op *op) {
  tsr_node *node = add_node(s, TSR_NODE_MATH, op);
  size_t count = tsr_op_operand_count(op);
  for (size_t i = 0; i < 3; i++)
    node->args[i] = i < count ? import(s, tsr_op_operand(op, i)) : TSR_NO_SLOT;
  node->dst = add_value(s, tsr_op_result(op, 0), node);
  return node;
}

// Index arithmetic on addresses is not ours.
static bool is_index_math(const tsr_op *op) {
  return tsr_op_has_trait(op, TSR_TRAIT_INDEX_MATH) &&
         is_number(tsr_op_result(op, 0));
}

// -- values from outside the root ---------------------------------------------

const tsr_value *tsr_value_find_kernel_operand(const tsr_value *arg) {
  const tsr_block *block = tsr_value_get_block(arg);
  const tsr_op *kernel = block ? tsr_block_get_parent(block) : NULL;
  if (!tsr_op_is(kernel, TSR_OP_kernel))
    return NULL;
  const tsr_attr *args = tsr_op_get_attr(kernel, "args");
  size_t number = tsr_value_get_number(arg), operand = 0;
  if (!args || number >= tsr_attr_count(args))
    return NULL;
  // Rows of three name a symbol and take no operand.
  if (tsr_attr_count(tsr_attr_item(args, number)) > 2)
    return NULL;
  for (size_t i = 0; i < number; i++)
    operand += tsr_attr_count(tsr_attr_item(args, i)) < 3;
  return operand < tsr_op_operand_count(kernel)
             ? tsr_op_operand(kernel, operand)
             : NULL;
}

static tsr_slot import_launch_argument(tsr_skeleton *s, const tsr_value *arg) {
  const tsr_op *launch = tsr_block_get_parent(tsr_value_get_block(arg));
  size_t number = tsr_value_get_number(arg);
  tsr_slot_info info = {.kind = number == 0 ? TSR_SLOT_X : TSR_SLOT_Y};
  if (number >= 2) {
    info.kind = TSR_SLOT_PARAM;
    info.runs = tsr_attr_item(tsr_op_get_attr(launch, "params"), number - 2);
  }
  return add_slot(s, info);
}

// A value that needs no other: constants, sizes, parameters, the unknown.
static tsr_slot import_leaf(tsr_skeleton *s, const tsr_value *value) {
  if (tsr_value_is_constant(value))
    return add_number(s, tsr_value_get_constant(value));
  const tsr_op *def = tsr_value_get_def(value);
  if (tsr_op_is(def, TSR_OP_buffer_dim)) {
    const tsr_type *type = tsr_value_get_type(tsr_op_operand(def, 0));
    uint32_t axis = (uint32_t)tsr_op_get_int(def, "axis", 0);
    return add_number(s, (int64_t)tsr_type_tile_extent(type, axis));
  }
  if (tsr_op_is(def, TSR_OP_core_param))
    return add_slot(s, (tsr_slot_info){.kind = TSR_SLOT_PARAM,
                                       .runs = tsr_op_get_attr(def, "values")});
  const tsr_block *block = tsr_value_get_block(value);
  if (block && tsr_op_is(tsr_block_get_parent(block), TSR_OP_core_launch))
    return import_launch_argument(s, value);
  return add_slot(s, (tsr_slot_info){.kind = TSR_SLOT_UNKNOWN});
}

// Arithmetic outside the root goes into the prefix; by a stack of our own, for
// chains are as long as they like.
static tsr_slot import_new(tsr_skeleton *s, const tsr_value *wanted) {
  tsr_vec stack;
  tsr_vec_init(&stack, s->arena);
  tsr_vec_append(&stack, (void *)wanted);
  while (stack.size > 0) {
    const tsr_value *value = stack.data[stack.size - 1];
    const tsr_op *def = tsr_value_get_def(value);
    const tsr_value *operand = tsr_value_find_kernel_operand(value);
    size_t depth = stack.size;
    if (find_slot(s, value) != TSR_NO_SLOT) {
      tsr_vec_pop(&stack);
    } else if (operand && find_slot(s, operand) == TSR_NO_SLOT) {
      tsr_vec_append(&stack, (void *)operand);
    } else if (operand) {
      set_slot(s, value, find_slot(s, operand));
    } else if (def && is_index_math(def)) {
      for (size_t i = 0; i < tsr_op_operand_count(def); i++)
        if (find_slot(s, tsr_op_operand(def, i)) == TSR_NO_SLOT)
          tsr_vec_append(&stack, tsr_op_operand(def, i));
      if (stack.size == depth) {
        *s->prefix_end = add_math(s, def);
        s->prefix_end = &(*s->prefix_end)->next;
      }
    } else {
      set_slot(s, value, import_leaf(s, value));
    }
  }
  return find_slot(s, wanted);
}

// The slot of a value, made if need be.
static tsr_slot import(tsr_skeleton *s, const tsr_value *value) {
  tsr_slot slot = find_slot(s, value);
  if (slot != TSR_NO_SLOT)
    return slot;
  const tsr_op *def = tsr_value_get_def(value);
  bool is_leaf = tsr_value_is_constant(value) ||
                 (def && !tsr_op_has_trait(def, TSR_TRAIT_INDEX_MATH));
  return is_leaf ? set_slot(s, value, import_leaf(s, value))
                 : import_new(s, value);
}

// -- nodes --------------------------------------------------------------------

static uint32_t get_want(const tsr_op *op) {
  switch ((int)tsr_op_get_kind(op)) {
  case TSR_OP_tile_load:
  case TSR_OP_tile_contract:
  case TSR_OP_noc_read_tile:
    return TSR_WANT_LOADS;
  case TSR_OP_tile_store:
  case TSR_OP_noc_write_tile:
    return TSR_WANT_STORES;
  case TSR_OP_cb_reserve:
  case TSR_OP_cb_push:
  case TSR_OP_cb_wait:
  case TSR_OP_cb_pop:
    return TSR_WANT_CB;
  case TSR_OP_noc_read_barrier:
    return TSR_WANT_BARRIERS;
  }
  const tsr_op_info *info = tsr_op_get_info(op);
  bool is_machine = info->config != 0 && !(info->effects & TSR_EFFECT_CONFIG);
  return is_machine ? TSR_WANT_MACHINE : 0;
}

static tsr_node *build_block(tsr_skeleton *s, const tsr_block *block,
                             bool *has_events);

static tsr_node *build_event(tsr_skeleton *s, const tsr_op *op) {
  size_t count = tsr_op_operand_count(op);
  tsr_slot *slots = TSR_NEW_ARRAY(s->arena, tsr_slot, count);
  for (size_t i = 0; i < count; i++) {
    const tsr_value *value = tsr_op_operand(op, i);
    slots[i] = is_number(value) && !tsr_value_is_all(value) ? import(s, value)
                                                            : TSR_NO_SLOT;
  }
  tsr_node *node = add_node(s, TSR_NODE_EVENT, op);
  node->event = (tsr_event){.op = op, .id = s->event_count++, .slots = slots};
  return node;
}

// The numbers among the values a loop carries.
static void build_carries(tsr_skeleton *s, const tsr_op *op, tsr_node *node) {
  size_t count = tsr_op_result_count(op);
  node->carries = TSR_NEW_ARRAY(s->arena, tsr_carry, count);
  for (size_t i = 0; i < count; i++) {
    if (!is_number(tsr_op_result(op, i)))
      continue;
    tsr_carry *carry = &node->carries[node->carry_count++];
    carry->init = import(s, tsr_op_group_operand(op, 3, i));
    carry->arg = add_value(s, tsr_block_arg(tsr_op_block(op, 0), i + 1), NULL);
  }
}

static void finish_carries(tsr_skeleton *s, const tsr_op *op, tsr_node *node) {
  uint32_t k = 0;
  bool is_loop = node->kind == TSR_NODE_LOOP;
  for (size_t i = 0; i < tsr_op_result_count(op); i++) {
    if (!is_number(tsr_op_result(op, i)))
      continue;
    tsr_carry *carry = &node->carries[k++];
    const tsr_op *first = tsr_block_terminator(tsr_op_block(op, 0));
    const tsr_op *last =
        is_loop ? first : tsr_block_terminator(tsr_op_block(op, 1));
    if (!is_loop)
      carry->init = import(s, tsr_op_operand(first, i));
    carry->next = import(s, tsr_op_operand(last, i));
    carry->result = add_value(s, tsr_op_result(op, i), NULL);
  }
}

static tsr_node *build_loop(tsr_skeleton *s, const tsr_op *op,
                            bool *has_events) {
  tsr_node *node = add_node(s, TSR_NODE_LOOP, op);
  for (size_t i = 0; i < 3; i++)
    node->args[i] = import(s, tsr_op_operand(op, i));
  node->dst = add_value(s, tsr_block_arg(tsr_op_block(op, 0), 0), node);
  build_carries(s, op, node);
  bool inside = false;
  node->body = build_block(s, tsr_op_block(op, 0), &inside);
  finish_carries(s, op, node);
  *has_events |= inside;
  if (!inside && node->carry_count == 0)
    return NULL;
  node->loop_id = s->loop_count++;
  return node;
}

static tsr_node *build_branch(tsr_skeleton *s, const tsr_op *op,
                              bool *has_events) {
  tsr_node *node = add_node(s, TSR_NODE_BRANCH, op);
  node->args[0] = import(s, tsr_op_operand(op, 0));
  bool inside = false;
  node->body = build_block(s, tsr_op_block(op, 0), &inside);
  if (tsr_op_block_count(op) > 1)
    node->other = build_block(s, tsr_op_block(op, 1), &inside);
  for (size_t i = 0; i < tsr_op_result_count(op); i++)
    node->carry_count += is_number(tsr_op_result(op, i));
  node->carries = TSR_NEW_ARRAY(s->arena, tsr_carry, node->carry_count);
  finish_carries(s, op, node);
  *has_events |= inside;
  return inside || node->carry_count > 0 ? node : NULL;
}

static tsr_node *build_plain(tsr_skeleton *s, const tsr_op *op,
                             bool *has_events) {
  if (is_index_math(op))
    return add_math(s, op);
  if (!(get_want(op) & s->want))
    return NULL;
  *has_events = true;
  return build_event(s, op);
}

// What `op` becomes, which may be nothing.
static tsr_node *build_op(tsr_skeleton *s, const tsr_op *op, bool *has_events) {
  switch ((int)tsr_op_get_kind(op)) {
  case TSR_OP_for_:
    return build_loop(s, op, has_events);
  case TSR_OP_if_:
    return build_branch(s, op, has_events);
  case TSR_OP_dst_section:
    return build_block(s, tsr_op_block(op, 0), has_events);
  }
  return build_plain(s, op, has_events);
}

static void append_op(tsr_skeleton *s, const tsr_op *op, tsr_node ***end,
                      bool *has_events) {
  **end = build_op(s, op, has_events);
  while (**end)
    *end = &(**end)->next;
}

static tsr_node *build_block(tsr_skeleton *s, const tsr_block *block,
                             bool *has_events) {
  tsr_node *first = NULL, **end = &first;
  for (const tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op))
    append_op(s, op, &end, has_events);
  return first;
}

// A tile.parallel counts its axes, the last one fastest.
static tsr_node *build_axes(tsr_skeleton *s, const tsr_op *nest) {
  size_t axes = tsr_op_operand_count(nest);
  const tsr_block *block = tsr_op_block(nest, 0);
  tsr_slot zero = add_number(s, 0), one = add_number(s, 1);
  tsr_node *outermost = NULL, **place = &outermost;
  for (size_t axis = 0; axis < axes; axis++) {
    tsr_node *node = add_node(s, TSR_NODE_LOOP, nest);
    node->args[0] = zero;
    node->args[1] = import(s, tsr_op_operand(nest, axis));
    node->args[2] = one;
    node->dst = add_value(s, tsr_block_arg(block, axis), node);
    node->loop_id = s->loop_count++;
    *place = node;
    place = &node->body;
  }
  bool has_events = false;
  *place = build_block(s, block, &has_events);
  return outermost;
}

void tsr_skeleton_init(tsr_skeleton *s, const tsr_op *root, uint32_t want,
                       tsr_arena *arena) {
  *s = (tsr_skeleton){.root = root, .arena = arena, .want = want};
  tsr_map_init_in(&s->slots, arena);
  tsr_map_reserve(&s->slots, USUAL_SLOTS);
  s->infos = tsr_array_grow(arena, NULL, &s->slot_capacity, USUAL_SLOTS,
                            sizeof *s->infos);
  s->prefix_end = &s->prefix;
  bool has_events = false;
  s->body = tsr_op_is(root, TSR_OP_tile_parallel)
                ? build_axes(s, root)
                : build_block(s, tsr_op_block(root, 0), &has_events);
}

// -- accesses -----------------------------------------------------------------

const tsr_value *tsr_value_find_buffer(const tsr_value *value) {
  const tsr_op *def = tsr_value_get_def(value);
  if (tsr_op_is(def, TSR_OP_noc_accessor))
    value = tsr_op_operand(def, 0);
  const tsr_value *operand = tsr_value_find_kernel_operand(value);
  if (operand)
    value = operand;
  if (tsr_type_get_kind(tsr_value_get_type(value)) != TSR_TYPE_BUFFER)
    return NULL;
  return value;
}

static tsr_access get_group_access(const tsr_event *event, size_t buffer,
                                   size_t group) {
  const tsr_op *op = event->op;
  return (tsr_access){
      .op = op,
      .buffer = tsr_value_find_buffer(tsr_op_operand(op, buffer)),
      .slots = event->slots + tsr_op_group_start(op, group),
      .count = (uint32_t)tsr_op_group_size(op, group),
      .block_rows = 1,
      .block_cols = 1,
      .valid_rows = TSR_NO_SLOT,
      .valid_cols = TSR_NO_SLOT,
  };
}

static tsr_access get_block_access(const tsr_event *event, size_t buffer,
                                   const tsr_type *tile) {
  tsr_access access = get_group_access(event, buffer, buffer + 1);
  const tsr_type_desc *desc = tsr_type_get_desc(tile);
  access.block_rows = desc->block_rows;
  access.block_cols = desc->block_cols;
  if (tsr_op_group_size(event->op, buffer + 2) == 2) {
    size_t start = tsr_op_group_start(event->op, buffer + 2);
    access.valid_rows = event->slots[start];
    access.valid_cols = event->slots[start + 1];
  }
  return access;
}

static tsr_access get_page_access(const tsr_event *event, bool is_store) {
  tsr_access access = get_group_access(event, 0, 1);
  access.is_page = true;
  access.is_store = is_store;
  return access;
}

static const tsr_type_desc *get_tile(const tsr_op *op) {
  return tsr_type_get_desc(tsr_value_get_type(tsr_op_result(op, 0)));
}

size_t tsr_event_get_accesses(const tsr_event *event, tsr_access out[2]) {
  const tsr_op *op = event->op;
  switch ((int)tsr_op_get_kind(op)) {
  case TSR_OP_tile_load:
    out[0] =
        get_block_access(event, 0, tsr_value_get_type(tsr_op_result(op, 0)));
    return 1;
  case TSR_OP_tile_store:
    out[0] =
        get_block_access(event, 1, tsr_value_get_type(tsr_op_operand(op, 0)));
    out[0].is_store = true;
    return 1;
  case TSR_OP_tile_contract:
    out[0] = get_group_access(event, 0, 1);
    out[1] = get_group_access(event, tsr_op_group_start(op, 2), 3);
    out[0].block_rows = get_tile(op)->block_rows;
    out[1].block_cols = get_tile(op)->block_cols;
    if (tsr_op_group_size(op, 4) == 2) {
      out[0].valid_rows = event->slots[tsr_op_group_start(op, 4)];
      out[1].valid_cols = event->slots[tsr_op_group_start(op, 4) + 1];
    }
    return 2;
  case TSR_OP_noc_read_tile:
  case TSR_OP_noc_write_tile:
    out[0] = get_page_access(event, tsr_op_is(op, TSR_OP_noc_write_tile));
    return 1;
  }
  return 0;
}

// How much of an axis with `extent` tiles is accessed, from where on.
static bool get_span(const tsr_access *access, const int64_t *values,
                     uint32_t axis, int64_t block, tsr_slot valid,
                     int64_t extent, int64_t *out_first, int64_t *out_count) {
  bool is_all = access->slots[axis] == TSR_NO_SLOT;
  *out_first = is_all ? 0 : values[access->slots[axis]];
  *out_count = is_all ? extent : block;
  if (valid != TSR_NO_SLOT && values[valid] < *out_count)
    *out_count = values[valid];
  return *out_first >= 0 && *out_count >= 0 &&
         (*out_count == 0 || *out_first <= extent - *out_count);
}

bool tsr_access_get_pages(const tsr_access *access, const int64_t *values,
                          tsr_page_block *out) {
  const tsr_type *type = tsr_value_get_type(access->buffer);
  int64_t first = 0, rows = 1, cols = 1, stride = 0;
  if (access->is_page) {
    first = values[access->slots[0]];
    *out = (tsr_page_block){(uint64_t)first, 1, 1, 0};
    return first >= 0 && (uint64_t)first < tsr_type_tile_count(type);
  }
  for (uint32_t axis = 0; axis < access->count; axis++) {
    int64_t extent = (int64_t)tsr_type_tile_extent(type, axis), at, count;
    bool is_row = axis + 2 == access->count, is_col = axis + 1 == access->count;
    int64_t block = is_row   ? access->block_rows
                    : is_col ? access->block_cols
                             : 1;
    tsr_slot valid = is_row   ? access->valid_rows
                     : is_col ? access->valid_cols
                              : TSR_NO_SLOT;
    if (!get_span(access, values, axis, block, valid, extent, &at, &count) ||
        (!is_row && !is_col && count != 1))
      return false;
    first = first * extent + at;
    rows = is_row ? count : rows;
    cols = is_col ? count : cols;
    stride = is_col ? extent : stride;
  }
  *out = (tsr_page_block){(uint64_t)first, (uint64_t)rows, (uint64_t)cols,
                          (uint64_t)stride};
  return true;
}
