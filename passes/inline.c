// inline: put what is called in place of the calls.
//
// Functions that are called are a way of writing things down: no later stage
// has them, since what computes together must be cut into tiles, joined and put
// on cores together. So this comes first, and replaces every call; there is
// nothing to weigh. What stands for a call keeps the places in the text that it
// has in the called function, where its author would look for it.
//
// Private functions are there to be called, so afterwards they go, also those
// that no other function leads to. The verifier has seen to it that calls end
// and stay within bounds.

#include "tessera/hash.h"
#include "tessera/pass_report.h"
#include "tessera/rewrite.h"

typedef struct inliner {
  tsr_pass_env *env;
  tsr_rewriter rewriter;
  tsr_map functions; // by name
  tsr_map done;      // functions that call nothing any more
} inliner;

static void inline_calls(inliner *in, tsr_op *function);

// What the copy of `end` would return, under the names that the call gives.
static tsr_value **collect_results(inliner *in, const tsr_op *call,
                                   const tsr_op *end, const tsr_map *copies) {
  size_t count = tsr_op_result_count(call);
  tsr_value **values = TSR_NEW_ARRAY(in->env->scratch, tsr_value *, count);
  for (size_t i = count; i-- > 0;) {
    const char *name = tsr_value_get_name(tsr_op_result(call, i));
    values[i] = tsr_map_find(copies, tsr_op_operand(end, i));
    if (name && tsr_value_get_def(tsr_op_operand(end, i)))
      tsr_value_set_name(values[i], name);
  }
  return values;
}

static void inline_call(inliner *in, tsr_op *call, const tsr_op *callee) {
  const tsr_block *body = tsr_op_block(callee, 0);
  tsr_map copies;
  tsr_map_init(&copies);
  for (size_t i = 0; i < tsr_block_arg_count(body); i++)
    tsr_map_set(&copies, tsr_block_arg(body, i), tsr_op_operand(call, i));
  tsr_rewriter_set_before(&in->rewriter, call);
  tsr_rewriter_clone_block(&in->rewriter, body, &copies);
  tsr_value **values =
      collect_results(in, call, tsr_block_terminator(body), &copies);
  tsr_map_deinit(&copies);
  tsr_pass_env_count(in->env, "calls", 1);
  tsr_pass_env_remark(in->env, TSR_REMARK_PASSED, "Inlined", call,
                      "what @{callee:%s} computes stands in place of this call",
                      tsr_op_get_text(callee, "name"));
  tsr_rewriter_replace(&in->rewriter, call, values);
}

// What is called comes first, so that no copy has calls.
static void inline_calls(inliner *in, tsr_op *function) {
  if (tsr_map_has(&in->done, function))
    return;
  tsr_map_set(&in->done, function, function);
  tsr_op *op = tsr_block_first(tsr_op_block(function, 0));
  for (tsr_op *next; op; op = next) {
    next = tsr_op_next(op);
    if (!tsr_op_is(op, TSR_OP_call))
      continue;
    tsr_op *callee =
        tsr_map_find(&in->functions, tsr_op_get_text(op, "callee"));
    inline_calls(in, callee);
    tsr_pass_env_at(in->env, op);
    inline_call(in, op, callee);
  }
}

static void remove_private(inliner *in, tsr_block *functions) {
  for (tsr_op *op = tsr_block_first(functions), *next; op; op = next) {
    next = tsr_op_next(op);
    if (!tsr_op_is_private(op))
      continue;
    tsr_pass_env_at(in->env, op);
    tsr_pass_env_count(in->env, "removed", 1);
    tsr_pass_env_remark(
        in->env, TSR_REMARK_PASSED, "Removed", op,
        "removed: no function that stays calls private @{name:%s}",
        tsr_op_get_text(op, "name"));
    tsr_op_erase(op);
  }
}

tsr_result tsr_pass_inline(tsr_pass_env *env, tsr_module *module) {
  inliner in = {.env = env, .rewriter = tsr_rewriter_make(module)};
  tsr_block *functions = tsr_module_block(module);
  tsr_map_init(&in.functions);
  tsr_map_init(&in.done);
  for (tsr_op *op = tsr_block_first(functions); op; op = tsr_op_next(op))
    if (tsr_is_over_tensors(op))
      tsr_map_set(&in.functions, tsr_op_get_text(op, "name"), op);
  for (tsr_op *op = tsr_block_first(functions); op; op = tsr_op_next(op))
    if (tsr_is_over_tensors(op) && !tsr_op_is_private(op))
      inline_calls(&in, op);
  remove_private(&in, functions);
  tsr_map_deinit(&in.done);
  tsr_map_deinit(&in.functions);
  return TSR_OK;
}
