// Running a skeleton step by step: exact, for nests that intervals do not
// decide, and bounded in steps.

#include "impl.h"
#include "tessera/support.h"

#include <string.h>

static tsr_run_result run_nodes(tsr_concrete_run *run, const tsr_node *node);

// Numbers are not negative here, so division rounds down.
static bool compute(const tsr_op *op, int64_t a, int64_t b, int64_t c,
                    int64_t *out) {
  switch ((int)tsr_op_get_kind(op)) {
  case TSR_OP_add:
    return tsr_add_i64(a, b, out);
  case TSR_OP_sub:
    *out = a - b;
    return a >= b;
  case TSR_OP_mul:
    return tsr_mul_i64(a, b, out);
  case TSR_OP_div:
  case TSR_OP_rem:
    if (b <= 0)
      return false;
    *out = tsr_op_is(op, TSR_OP_div) ? a / b : a % b;
    return true;
  case TSR_OP_min:
    *out = a < b ? a : b;
    return true;
  case TSR_OP_max:
    *out = a > b ? a : b;
    return true;
  case TSR_OP_select:
    *out = a ? b : c;
    return true;
  }
  return false;
}

static int64_t compare(const char *predicate, int64_t a, int64_t b) {
  if (strcmp(predicate, "eq") == 0)
    return a == b;
  if (strcmp(predicate, "ne") == 0)
    return a != b;
  if (strcmp(predicate, "lt") == 0)
    return a < b;
  if (strcmp(predicate, "le") == 0)
    return a <= b;
  return strcmp(predicate, "gt") == 0 ? a > b : a >= b;
}

bool tsr_index_compute(const tsr_op *op, const int64_t args[3], int64_t *out) {
  if (!tsr_op_is(op, TSR_OP_cmp))
    return compute(op, args[0], args[1], args[2], out);
  *out = compare(tsr_op_get_text(op, "predicate"), args[0], args[1]);
  return true;
}

static tsr_run_result run_math(tsr_concrete_run *run, const tsr_node *node) {
  int64_t args[3] = {0, 0, 0};
  for (size_t i = 0; i < 3; i++)
    if (node->args[i] != TSR_NO_SLOT)
      args[i] = run->values[node->args[i]];
  if (tsr_index_compute(node->op, args, &run->values[node->dst]))
    return TSR_RUN_DONE;
  tsr_diag_error(run->diag, node->op, TSR_DIAG(index_undefined_on_core),
                 tsr_op_get_mnemonic(node->op), (long long)args[0],
                 (long long)args[1], run->x, run->y);
  return TSR_RUN_STOPPED;
}

static tsr_run_result run_loop(tsr_concrete_run *run, const tsr_node *node) {
  int64_t *values = run->values;
  int64_t to = values[node->args[1]], step = values[node->args[2]];
  for (uint32_t i = 0; i < node->carry_count; i++)
    values[node->carries[i].result] = values[node->carries[i].init];
  if (step < 1) {
    tsr_diag_error(run->diag, node->op, TSR_DIAG(loop_step_on_core),
                   (long long)step);
    return TSR_RUN_STOPPED;
  }
  for (int64_t at = values[node->args[0]]; at < to;) {
    if (*run->steps_left == 0)
      return TSR_RUN_LIMIT;
    --*run->steps_left;
    if (run->round_starts)
      run->round_starts[node->loop_id] = *run->steps_left;
    values[node->dst] = at;
    for (uint32_t i = 0; i < node->carry_count; i++)
      values[node->carries[i].arg] = values[node->carries[i].result];
    tsr_run_result result = run_nodes(run, node->body);
    if (result != TSR_RUN_DONE)
      return result;
    // The next values may be the arguments themselves, in another order: all
    // are read before the next round sets the arguments.
    for (uint32_t i = 0; i < node->carry_count; i++)
      values[node->carries[i].result] = values[node->carries[i].next];
    if (!tsr_add_i64(at, step, &at))
      break;
  }
  return TSR_RUN_DONE;
}

static tsr_run_result run_branch(tsr_concrete_run *run, const tsr_node *node) {
  bool first = run->values[node->args[0]] != 0;
  tsr_run_result result = run_nodes(run, first ? node->body : node->other);
  for (uint32_t i = 0; i < node->carry_count; i++) {
    const tsr_carry *carry = &node->carries[i];
    run->values[carry->result] = run->values[first ? carry->init : carry->next];
  }
  return result;
}

static tsr_run_result run_node(tsr_concrete_run *run, const tsr_node *node) {
  switch (node->kind) {
  case TSR_NODE_MATH:
    return run_math(run, node);
  case TSR_NODE_LOOP:
    return run_loop(run, node);
  case TSR_NODE_BRANCH:
    return run_branch(run, node);
  case TSR_NODE_EVENT:
    return run->visit(run, &node->event) ? TSR_RUN_DONE : TSR_RUN_STOPPED;
  }
  return TSR_RUN_DONE;
}

static tsr_run_result run_nodes(tsr_concrete_run *run, const tsr_node *node) {
  for (; node; node = node->next) {
    if (*run->steps_left == 0)
      return TSR_RUN_LIMIT;
    --*run->steps_left;
    tsr_run_result result = run_node(run, node);
    if (result != TSR_RUN_DONE)
      return result;
  }
  return *run->steps_left > 0 ? TSR_RUN_DONE : TSR_RUN_LIMIT;
}

static int64_t start_value(const tsr_concrete_run *run,
                           const tsr_slot_info *info) {
  switch (info->kind) {
  case TSR_SLOT_CONSTANT:
    return info->number;
  case TSR_SLOT_PARAM:
    return tsr_runs_at(info->runs, run->core);
  case TSR_SLOT_X:
    return run->x;
  case TSR_SLOT_Y:
    return run->y;
  case TSR_SLOT_COMPUTED:
  case TSR_SLOT_UNKNOWN:
    break;
  }
  return 0;
}

tsr_run_result tsr_concrete_run_all(tsr_concrete_run *run) {
  const tsr_skeleton *s = run->skeleton;
  for (size_t i = 0; i < s->slot_count; i++) {
    if (s->infos[i].kind == TSR_SLOT_UNKNOWN)
      return TSR_RUN_LIMIT;
    run->values[i] = start_value(run, &s->infos[i]);
  }
  tsr_run_result result = run_nodes(run, s->prefix);
  return result == TSR_RUN_DONE ? run_nodes(run, s->body) : result;
}
