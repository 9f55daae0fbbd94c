// What of a skeleton decides how one buffer is accessed.
//
// Programs access many buffers; following one of them step by step through the
// loops and the arithmetic of all others takes as many steps more.

#include "impl.h"

#include "tessera/hash.h"

typedef struct pruner {
  tsr_skeleton *skeleton;
  const tsr_value *buffer;
  const tsr_map *rings;    // by name; NULL: all
  bool *is_needed;         // by slot
  const tsr_node **handed; // by slot: the loop or branch that carries it
  tsr_slot *needed;        // whose reasons are not needed yet
  size_t needed_count;
} pruner;

static void need(pruner *p, tsr_slot slot) {
  if (slot == TSR_NO_SLOT || p->is_needed[slot])
    return;
  p->is_needed[slot] = true;
  p->needed[p->needed_count++] = slot;
}

static void need_args(pruner *p, const tsr_node *node) {
  size_t count = node->kind == TSR_NODE_BRANCH ? 1 : 3;
  for (size_t i = 0; i < count; i++)
    need(p, node->args[i]);
}

// -- events -------------------------------------------------------------------

static bool is_barrier(const tsr_node *node) {
  return node->kind == TSR_NODE_EVENT &&
         tsr_op_is(node->op, TSR_OP_noc_read_barrier);
}

static bool is_wanted(const pruner *p, const tsr_node *node) {
  tsr_access accesses[2];
  size_t count = tsr_event_get_accesses(&node->event, accesses);
  for (size_t i = 0; i < count; i++)
    if (accesses[i].buffer == p->buffer)
      return true;
  if (count > 0 || tsr_op_is(node->op, TSR_OP_cb_reserve))
    return false;
  return !p->rings || is_barrier(node) ||
         tsr_map_has(p->rings, tsr_op_get_text(node->op, "cb"));
}

static bool find_events(pruner *p, const tsr_node *node);

static bool visit_event(pruner *p, const tsr_node *node) {
  if (!is_wanted(p, node))
    return false;
  for (size_t i = 0; i < tsr_op_operand_count(node->op); i++)
    need(p, node->event.slots[i]);
  return true;
}

static bool visit_region(pruner *p, const tsr_node *node) {
  for (uint32_t i = 0; i < node->carry_count; i++) {
    p->handed[node->carries[i].result] = node;
    if (node->kind == TSR_NODE_LOOP)
      p->handed[node->carries[i].arg] = node;
  }
  bool in_body = find_events(p, node->body);
  bool in_other = find_events(p, node->other);
  if (in_body || in_other)
    need_args(p, node);
  return in_body || in_other;
}

// Whether there are events of the buffer in a list of nodes; what they need is.
// Of some circular buffers, a barrier alone is no reason to go there.
static bool find_events(pruner *p, const tsr_node *node) {
  bool has_events = false;
  for (; node; node = node->next) {
    if (node->kind == TSR_NODE_EVENT)
      has_events |= visit_event(p, node) && !(p->rings && is_barrier(node));
    else if (node->kind != TSR_NODE_MATH)
      has_events |= visit_region(p, node);
  }
  return has_events;
}

// -- reasons ------------------------------------------------------------------

static void need_carry(pruner *p, const tsr_node *node, tsr_slot slot) {
  need_args(p, node);
  for (uint32_t i = 0; i < node->carry_count; i++) {
    const tsr_carry *carry = &node->carries[i];
    bool is_arg = node->kind == TSR_NODE_LOOP && carry->arg == slot;
    if (carry->result != slot && !is_arg)
      continue;
    need(p, carry->init);
    need(p, carry->next);
  }
}

static void need_reasons(pruner *p) {
  while (p->needed_count > 0) {
    tsr_slot slot = p->needed[--p->needed_count];
    const tsr_slot_info *info = &p->skeleton->infos[slot];
    if (info->kind != TSR_SLOT_COMPUTED)
      continue;
    if (info->by)
      need_args(p, info->by);
    else if (p->handed[slot])
      need_carry(p, p->handed[slot], slot);
  }
}

// -- what is left -------------------------------------------------------------

static void sweep(const pruner *p, tsr_node **place);

static bool carries_needed(const pruner *p, const tsr_node *node) {
  for (uint32_t i = 0; i < node->carry_count; i++)
    if (p->is_needed[node->carries[i].result] ||
        (node->kind == TSR_NODE_LOOP && p->is_needed[node->carries[i].arg]))
      return true;
  return false;
}

// Whether there is more in a list of nodes, swept, than barriers without loads.
static bool has_reason(const pruner *p, const tsr_node *node) {
  while (node && p->rings && is_barrier(node))
    node = node->next;
  return node;
}

static bool stays(const pruner *p, tsr_node *node) {
  switch (node->kind) {
  case TSR_NODE_EVENT:
    return is_wanted(p, node);
  case TSR_NODE_MATH:
    return p->is_needed[node->dst];
  case TSR_NODE_LOOP:
  case TSR_NODE_BRANCH:
    break;
  }
  sweep(p, &node->body);
  sweep(p, &node->other);
  return has_reason(p, node->body) || has_reason(p, node->other) ||
         carries_needed(p, node);
}

static void sweep(const pruner *p, tsr_node **place) {
  while (*place)
    if (stays(p, *place))
      place = &(*place)->next;
    else
      *place = (*place)->next;
}

void tsr_skeleton_keep_buffer(tsr_skeleton *s, const tsr_value *buffer,
                              const tsr_map *rings) {
  pruner p = {.skeleton = s,
              .buffer = buffer,
              .rings = rings,
              .is_needed = TSR_NEW_ARRAY(s->arena, bool, s->slot_count),
              .handed =
                  TSR_NEW_ARRAY(s->arena, const tsr_node *, s->slot_count),
              .needed = TSR_NEW_ARRAY(s->arena, tsr_slot, s->slot_count)};
  find_events(&p, s->body);
  need_reasons(&p);
  sweep(&p, &s->body);
}
