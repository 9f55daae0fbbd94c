// Flows: the tile values of a launch body that lie in circular buffers.
//
// A flow has one home block, and its pages are popped after the last op of that
// block that is or holds a use: what an inner loop reuses is read once. A value
// that a loop carries, or an `if` hands out, keeps its pages and changes its
// name; only the last name is waited for and popped.

#include "split_kernels.h"

#include <string.h>

void split_flows_deinit(split_flows *flows) {
  tsr_map_deinit(&flows->cbs);
  tsr_map_deinit(&flows->by_value);
  tsr_map_deinit(&flows->made_by);
  tsr_map_deinit(&flows->entering);
  tsr_map_deinit(&flows->used_by);
  tsr_map_deinit(&flows->ended_by);
}

const tsr_vec *split_flows_list(const tsr_map *map, const void *key) {
  static const tsr_vec empty;
  const tsr_vec *list = tsr_map_find(map, key);
  return list ? list : &empty;
}

static void add_to_list(split_flows *flows, tsr_map *map, const void *key,
                        split_flow *item) {
  tsr_vec *list = tsr_map_find(map, key);
  if (!list) {
    list = TSR_NEW(flows->arena, tsr_vec);
    tsr_vec_init(list, flows->arena);
    tsr_map_set(map, key, list);
  }
  tsr_vec_append(list, item);
}

tsr_op *split_flows_cb(const split_flows *flows, const tsr_attr *symbol) {
  return symbol ? tsr_map_find(&flows->cbs, tsr_attr_get_text(symbol)) : NULL;
}

split_flow *split_flows_find(const split_flows *flows, tsr_value *value) {
  while (tsr_op_is(tsr_value_get_def(value), TSR_OP_tile_extract))
    value = tsr_op_operand(tsr_value_get_def(value), 0);
  return tsr_map_find(&flows->by_value, value);
}

static bool is_tile(const tsr_value *value) {
  return tsr_type_get_kind(tsr_value_get_type(value)) == TSR_TYPE_TILE;
}

static bool is_in_section(const tsr_op *op) {
  return tsr_op_find_parent(op, TSR_OP_dst_section) != NULL;
}

// -- finding flows ------------------------------------------------------------

static split_flow *add_flow(split_flows *flows, tsr_value *value, tsr_op *cb,
                            tsr_block *home) {
  split_flow *made = TSR_NEW(flows->arena, split_flow);
  made->value = value;
  made->cb = cb;
  made->home = home;
  made->batch = (uint32_t)tsr_op_get_int(cb, "batch", 1);
  const char *to = tsr_op_get_text(cb, "to");
  for (int i = 0; i < ROLE_COUNT; i++)
    if (to && !strcmp(to, split_role_names[i]))
      made->to = (split_role)i;
  tsr_map_set(&flows->by_value, value, made);
  return made;
}

static void add_result(split_flows *flows, tsr_op *op, size_t i, tsr_op *cb) {
  split_flow *made =
      add_flow(flows, tsr_op_result(op, i), cb, tsr_op_get_parent_block(op));
  add_to_list(flows, &flows->made_by, op, made);
}

static tsr_result refuse_stream(tsr_diag *diag, const tsr_op *op) {
  return tsr_diag_error(diag, op, TSR_DIAG(value_without_cb),
                        tsr_op_get_mnemonic(op));
}

static tsr_result add_section(split_flows *flows, tsr_op *op, tsr_diag *diag) {
  const tsr_attr *streams = tsr_op_get_attr(op, "streams");
  for (size_t i = 0; i < tsr_op_result_count(op); i++) {
    tsr_op *cb = streams && i < tsr_attr_count(streams)
                     ? split_flows_cb(flows, tsr_attr_item(streams, i))
                     : NULL;
    if (!cb)
      return refuse_stream(diag, op);
    add_result(flows, op, i, cb);
  }
  return TSR_OK;
}

// A loop outside of sections carries tiles in the circular buffer that its
// first value was packed to.
static tsr_result enter_loop(split_flows *flows, tsr_op *op, tsr_diag *diag) {
  for (size_t i = 0; i < tsr_op_group_size(op, 3); i++) {
    tsr_value *first = tsr_op_group_operand(op, 3, i);
    if (!is_tile(first))
      continue;
    split_flow *source = split_flows_find(flows, first);
    if (!source)
      return refuse_stream(diag, op);
    tsr_block *body = tsr_op_block(op, 0);
    split_flow *made =
        add_flow(flows, tsr_block_arg(body, i + 1), source->cb, body);
    add_to_list(flows, &flows->entering, op, made);
  }
  return TSR_OK;
}

// The results of a loop or an `if`, once its blocks are known.
static tsr_result leave_block(split_flows *flows, tsr_op *op, tsr_diag *diag) {
  for (size_t i = 0; i < tsr_op_result_count(op); i++) {
    if (!is_tile(tsr_op_result(op, i)))
      continue;
    tsr_op *cb = NULL;
    if (tsr_op_is(op, TSR_OP_for_))
      cb = split_flows_find(flows, tsr_op_group_operand(op, 3, i))->cb;
    for (size_t b = 0; b < tsr_op_block_count(op); b++) {
      tsr_op *end = tsr_block_terminator(tsr_op_block(op, b));
      split_flow *source = split_flows_find(flows, tsr_op_operand(end, i));
      if (!source)
        return refuse_stream(diag, end);
      if (cb && source->cb != cb)
        return tsr_diag_error(diag, end, TSR_DIAG(value_of_two_cbs),
                              tsr_op_get_text(cb, "name"),
                              tsr_op_get_text(source->cb, "name"));
      cb = source->cb;
    }
    add_result(flows, op, i, cb);
  }
  return TSR_OK;
}

static tsr_result find_flows(split_flows *flows, tsr_op *op, tsr_diag *diag) {
  bool is_control = tsr_op_is(op, TSR_OP_for_) || tsr_op_is(op, TSR_OP_if_);
  bool hands_on = is_control && !is_in_section(op);
  if (tsr_op_is(op, TSR_OP_tile_load) || tsr_op_is(op, TSR_OP_tile_generate)) {
    tsr_op *cb = split_flows_cb(flows, tsr_op_get_attr(op, "stream"));
    if (!cb)
      return refuse_stream(diag, op);
    add_result(flows, op, 0, cb);
  }
  if (hands_on && tsr_op_is(op, TSR_OP_for_) &&
      enter_loop(flows, op, diag) != TSR_OK)
    return TSR_FAILED;
  for (size_t b = 0; b < tsr_op_block_count(op); b++)
    for (tsr_op *inner = tsr_block_first(tsr_op_block(op, b)); inner;
         inner = tsr_op_next(inner))
      if (find_flows(flows, inner, diag) != TSR_OK)
        return TSR_FAILED;
  if (tsr_op_is(op, TSR_OP_dst_section))
    return add_section(flows, op, diag);
  return hands_on ? leave_block(flows, op, diag) : TSR_OK;
}

// -- where flows begin and end ------------------------------------------------

// What happens to a flow, whatever the order of its uses.
typedef struct use_summary {
  tsr_op *hand_on; // the op that hands it on, or NULL
  size_t count;
} use_summary;

static bool is_hand_on(const tsr_use *use) {
  const tsr_op *op = tsr_use_get_op(use);
  if (tsr_op_is(op, TSR_OP_for_))
    return tsr_use_get_index(use) >= 3;
  return tsr_op_is(op, TSR_OP_yield);
}

static void note_place(split_flow *flow, tsr_op *user) {
  tsr_op *place = tsr_block_find_ancestor(flow->home, user);
  if (!flow->first || tsr_op_is_before(place, flow->first))
    flow->first = place;
  if (!flow->last || tsr_op_is_before(flow->last, place))
    flow->last = place;
}

static void collect_uses(split_flow *flow, const tsr_value *value,
                         use_summary *out) {
  for (const tsr_use *use = tsr_value_first_use(value); use;
       use = tsr_use_next(use)) {
    tsr_op *op = tsr_use_get_op(use);
    if (tsr_op_is(op, TSR_OP_tile_extract)) {
      collect_uses(flow, tsr_op_result(op, 0), out);
      continue;
    }
    out->count++;
    if (is_hand_on(use))
      out->hand_on = op;
    note_place(flow, op);
  }
}

static const char *get_name(const tsr_value *value) {
  const char *name = tsr_value_get_name(value);
  return name ? name : "<unnamed>";
}

static tsr_result check_hand_on(const split_flow *flow, const use_summary *uses,
                                tsr_diag *diag) {
  const char *name = get_name(flow->value);
  const tsr_op *def = tsr_value_get_def(flow->value);
  if (tsr_op_is(def, TSR_OP_tile_load) || tsr_op_is(def, TSR_OP_tile_generate))
    return tsr_diag_error(diag, uses->hand_on, TSR_DIAG(loaded_tile_handed_on),
                          name);
  if (uses->count > 1 || tsr_op_get_parent_block(uses->hand_on) != flow->home)
    return tsr_diag_error(diag, uses->hand_on,
                          TSR_DIAG(tile_handed_on_and_used), name);
  if (tsr_op_is(uses->hand_on, TSR_OP_for_) &&
      tsr_op_get_int(flow->cb, "depth", 1) < 2)
    return tsr_diag_error(diag, flow->cb, TSR_DIAG(carried_depth),
                          tsr_op_get_text(flow->cb, "name"));
  return TSR_OK;
}

// Loops over a block count its tiles row by row.
static tsr_result check_order(const split_flow *flow, tsr_diag *diag) {
  const char *order = tsr_op_get_text(flow->cb, "order");
  if (!order || strcmp(order, "row_major") == 0)
    return TSR_OK;
  return tsr_diag_error(diag, flow->cb, TSR_DIAG(order_not_row_major),
                        tsr_op_get_text(flow->cb, "name"), order);
}

static tsr_result place_flow(split_flows *flows, split_flow *flow,
                             tsr_diag *diag) {
  if (check_order(flow, diag) != TSR_OK)
    return TSR_FAILED;
  use_summary uses = {0};
  collect_uses(flow, flow->value, &uses);
  if (uses.hand_on) {
    flow->is_handed_on = true;
    return check_hand_on(flow, &uses, diag);
  }
  if (flow->last) {
    add_to_list(flows, &flows->used_by, flow->first, flow);
    add_to_list(flows, &flows->ended_by, flow->last, flow);
  }
  return TSR_OK;
}

static tsr_result place_list(split_flows *flows, const tsr_vec *list,
                             tsr_diag *diag) {
  tsr_result result = TSR_OK;
  for (size_t i = 0; i < list->size; i++)
    if (place_flow(flows, list->data[i], diag) != TSR_OK)
      result = TSR_FAILED;
  return result;
}

static tsr_result place_flows(split_flows *flows, tsr_op *op, tsr_diag *diag) {
  tsr_result result =
      place_list(flows, split_flows_list(&flows->entering, op), diag);
  for (size_t b = 0; b < tsr_op_block_count(op); b++)
    for (tsr_op *inner = tsr_block_first(tsr_op_block(op, b)); inner;
         inner = tsr_op_next(inner))
      if (place_flows(flows, inner, diag) != TSR_OK)
        result = TSR_FAILED;
  if (place_list(flows, split_flows_list(&flows->made_by, op), diag) != TSR_OK)
    result = TSR_FAILED;
  return result;
}

tsr_result split_flows_init(split_flows *out, tsr_arena *arena, tsr_op *launch,
                            tsr_diag *diag) {
  *out = (split_flows){.arena = arena};
  tsr_map_init(&out->cbs);
  tsr_map_init(&out->by_value);
  tsr_map_init(&out->made_by);
  tsr_map_init(&out->entering);
  tsr_map_init(&out->used_by);
  tsr_map_init(&out->ended_by);
  tsr_block *body = tsr_op_block(launch, 0);
  for (tsr_op *op = tsr_block_first(body); op; op = tsr_op_next(op))
    if (tsr_op_is(op, TSR_OP_cb))
      tsr_map_set(&out->cbs, tsr_op_get_text(op, "name"), op);
  if (find_flows(out, launch, diag) != TSR_OK)
    return TSR_FAILED;
  return place_flows(out, launch, diag);
}
