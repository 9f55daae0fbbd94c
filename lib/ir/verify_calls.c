// Verifiers of calls: what is called is there and fits, and no function comes
// to call itself.
//
// A call stands for the ops of its function, so what is refused here is what
// could not be written out: calls in a circle, and calls that make more ops
// than anything could work on. Who follows calls may do so by recursion.

#include "impl.h"
#include "tessera/print.h"
#include "tessera/vector.h"
#include "verify.h"

enum { MAX_NOTES = 8 };

// A function over tensors.
typedef struct function {
  const tsr_op *op;
  const tsr_op *call; // the one that is followed
  uint32_t depth;     // of calls in it
  uint64_t ops;       // with those of what it calls
  bool is_open, is_done, is_refused;
  tsr_map circles; // functions around it that it calls: reported
} function;

typedef struct calls {
  tsr_diag *diag;
  tsr_arena arena;
  tsr_map functions; // by name
  tsr_vec open;      // each called by the one before
} calls;

tsr_result tsr_verify_call(const tsr_op *op, tsr_diag *diag) {
  if (tsr_is_over_tensors(tsr_op_get_parent(op)))
    return TSR_OK;
  return tsr_diag_error(diag, op, TSR_DIAG(call_wrong_place));
}

// -- one call -----------------------------------------------------------------

// The symbol, unless what stands there is none, which is reported with the
// attributes.
static const char *get_callee(const tsr_op *call) {
  const tsr_attr *attr = tsr_op_get_attr(call, "callee");
  return attr && attr->kind == TSR_ATTR_SYMBOL ? attr->as.text : NULL;
}

static tsr_result refuse(const calls *c, const function *callee) {
  tsr_diag_note(c->diag, callee->op, TSR_DIAG(note_callee_here));
  return TSR_FAILED;
}

static tsr_result check_arguments(const calls *c, const tsr_op *call,
                                  const function *callee) {
  const char *name = get_callee(call);
  const tsr_block *body = ir_block(callee->op, 0);
  if (body->arg_count != call->operand_count) {
    tsr_diag_error(c->diag, call, TSR_DIAG(call_argument_count), name,
                   body->arg_count, call->operand_count);
    return refuse(c, callee);
  }
  for (uint32_t i = 0; i < call->operand_count; i++) {
    const tsr_type *want = ir_type(ir_block_arg(body, i));
    const tsr_type *have = ir_type(ir_operand(call, i));
    if (want == have)
      continue;
    tsr_diag_error(c->diag, call, TSR_DIAG(call_argument_type), name,
                   tsr_type_text(want), i, tsr_type_text(have));
    return refuse(c, callee);
  }
  return TSR_OK;
}

static tsr_result check_results(const calls *c, const tsr_op *call,
                                const function *callee) {
  const char *name = get_callee(call);
  const tsr_attr *results =
      ir_get_attr_of(callee->op, "results", TSR_ATTR_ARRAY);
  uint32_t count = results ? (uint32_t)tsr_attr_count(results) : 0;
  if (count == 0) {
    tsr_diag_error(c->diag, call, TSR_DIAG(call_gives_nothing), name);
    return refuse(c, callee);
  }
  if (count != call->result_count) {
    tsr_diag_error(c->diag, call, TSR_DIAG(call_result_count),
                   call->result_count, name, count);
    return refuse(c, callee);
  }
  for (uint32_t i = 0; i < count; i++) {
    const tsr_attr *want = tsr_attr_item(results, i);
    const tsr_type *have = ir_type(ir_result(call, i));
    if (want->kind != TSR_ATTR_TYPE || want->as.type == have)
      continue;
    tsr_diag_error(c->diag, call, TSR_DIAG(call_result_type), i, name,
                   tsr_type_text(want->as.type), tsr_type_text(have));
    return refuse(c, callee);
  }
  return TSR_OK;
}

static tsr_result refuse_unknown(const calls *c, const tsr_op *call,
                                 const char *name) {
  const tsr_op *other =
      tsr_block_find_symbol(tsr_module_block(ir_module(call)), name);
  const char *hint = tsr_verify_symbol_hint(call, tsr_is_over_tensors, name);
  if (!other)
    return tsr_diag_error(c->diag, call, TSR_DIAG(callee_unknown), name, hint);
  if (other->kind == TSR_OP_func)
    tsr_diag_error(c->diag, call, TSR_DIAG(callee_not_tensors), name, hint);
  else
    tsr_diag_error(c->diag, call, TSR_DIAG(callee_not_func), name,
                   tsr_op_get_mnemonic(other), hint);
  tsr_diag_note(c->diag, other, TSR_DIAG(note_callee_here));
  return TSR_FAILED;
}

static tsr_result check_call(const calls *c, const tsr_op *call) {
  const char *name = get_callee(call);
  if (!name)
    return TSR_FAILED;
  const function *callee = tsr_map_find(&c->functions, name);
  if (!callee)
    return refuse_unknown(c, call, name);
  tsr_result result = check_arguments(c, call, callee);
  return check_results(c, call, callee) == TSR_OK ? result : TSR_FAILED;
}

// -- all of them --------------------------------------------------------------

// The call in `from` leads to `to`, which is open. Further calls of it close
// the same circle.
static tsr_result refuse_circle(calls *c, function *from, const function *to) {
  if (tsr_map_has(&from->circles, to))
    return TSR_FAILED;
  tsr_map_set(&from->circles, to, NULL);
  tsr_result result =
      tsr_diag_error(c->diag, from->call, TSR_DIAG(call_recursive),
                     tsr_op_get_text(to->op, "name"));
  size_t i = 0;
  while (c->open.data[i] != to)
    i++;
  for (size_t last = i + MAX_NOTES; i + 1 < c->open.size && i < last; i++) {
    const function *outer = c->open.data[i], *inner = c->open.data[i + 1];
    tsr_diag_note(c->diag, outer->call, TSR_DIAG(note_calls),
                  tsr_op_get_text(outer->op, "name"),
                  tsr_op_get_text(inner->op, "name"));
  }
  return result;
}

// What `f` is so far has room in the limit.
static tsr_result check_ops(calls *c, function *f) {
  if (f->ops <= TSR_MAX_CALLED_OPS)
    return TSR_OK;
  f->is_refused = true;
  return tsr_diag_error(c->diag, f->call, TSR_DIAG(called_ops),
                        tsr_op_get_text(f->op, "name"), TSR_MAX_CALLED_OPS);
}

// `callee`, whose calls have all been followed, becomes part of `f`.
static tsr_result add_callee(calls *c, function *f, const function *callee) {
  if (f->is_refused || callee->is_refused) {
    f->is_refused = true; // reported where it began
    return TSR_OK;
  }
  f->ops += callee->ops;
  f->depth = f->depth > callee->depth ? f->depth : callee->depth + 1;
  if (f->depth <= TSR_MAX_NESTING)
    return check_ops(c, f);
  f->is_refused = true;
  return tsr_diag_error(c->diag, f->call, TSR_DIAG(nesting_too_deep), "calls",
                        TSR_MAX_NESTING);
}

static void open_function(calls *c, function *f) {
  f->is_open = true;
  f->call = NULL;
  tsr_vec_append(&c->open, f);
}

// The next call of `f`, or NULL. Counts what is no call, and each call as one
// op more than what it calls: a tree of calls of functions without ops is work
// for who follows them.
static const tsr_op *find_next_call(function *f) {
  const tsr_op *op = f->call ? ir_next(f->call) : ir_first(ir_block(f->op, 0));
  for (; op && op->kind != TSR_OP_call; op = ir_next(op))
    f->ops += !(ir_info(op)->traits & TSR_TRAIT_TERMINATOR);
  f->ops += op != NULL;
  return op;
}

// All calls of `f`, the innermost open function, have been followed. Ops behind
// the last one count as well; without calls they are as many as the text has.
static tsr_result close_function(calls *c, function *f) {
  tsr_result result = TSR_OK;
  if (f->call && !f->is_refused)
    result = check_ops(c, f);
  f->is_open = false;
  f->is_done = true;
  c->open.size--;
  if (c->open.size == 0)
    return result;
  function *outer = c->open.data[c->open.size - 1];
  return add_callee(c, outer, f) == TSR_OK ? result : TSR_FAILED;
}

// Looks at the next call of the innermost open function, or ends that.
static tsr_result step(calls *c) {
  function *f = c->open.data[c->open.size - 1];
  const tsr_op *call = find_next_call(f);
  if (!call)
    return close_function(c, f);
  f->call = call;
  const char *name = get_callee(call);
  function *callee = name ? tsr_map_find(&c->functions, name) : NULL;
  if (!callee)
    return TSR_OK;
  if (callee->is_open)
    return refuse_circle(c, f, callee);
  if (callee->is_done)
    return add_callee(c, f, callee);
  open_function(c, callee);
  return TSR_OK;
}

static tsr_result follow(calls *c, function *f) {
  tsr_result result = TSR_OK;
  if (f->is_done)
    return TSR_OK;
  open_function(c, f);
  while (c->open.size > 0)
    if (step(c) != TSR_OK)
      result = TSR_FAILED;
  return result;
}

static tsr_result check_function(calls *c, function *f) {
  tsr_result result = TSR_OK;
  for (const tsr_op *op = ir_first(ir_block(f->op, 0)); op; op = ir_next(op))
    if (op->kind == TSR_OP_call && check_call(c, op) != TSR_OK)
      result = TSR_FAILED;
  return result;
}

static void collect(calls *c, const tsr_block *block) {
  for (const tsr_op *op = ir_first(block); op; op = ir_next(op)) {
    const char *name = tsr_op_get_text(op, "name");
    if (!name || op->block_count == 0 || !tsr_is_over_tensors(op))
      continue;
    function *f = TSR_NEW(&c->arena, function);
    f->op = op;
    tsr_map_init_in(&f->circles, &c->arena);
    tsr_map_set(&c->functions, name, f);
  }
}

tsr_result tsr_verify_calls(const tsr_module *module, tsr_diag *diag) {
  calls c = {.diag = diag};
  tsr_arena_init(&c.arena);
  tsr_map_init_in(&c.functions, &c.arena);
  tsr_vec_init(&c.open, &c.arena);
  const tsr_block *block = tsr_module_block(module);
  collect(&c, block);
  tsr_result result = TSR_OK;
  for (const tsr_op *op = ir_first(block); op; op = ir_next(op)) {
    const char *name = tsr_op_get_text(op, "name");
    function *f = name ? tsr_map_find(&c.functions, name) : NULL;
    if (f && (check_function(&c, f) != TSR_OK || follow(&c, f) != TSR_OK))
      result = TSR_FAILED;
  }
  tsr_arena_deinit(&c.arena);
  return result;
}
