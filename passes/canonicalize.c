// canonicalize: fold what is known and give index arithmetic one form.
//
// Passes build indices without looking: an iteration number is taken apart into
// coordinates and put together again as a page number. The rules here undo
// that, so that kernels compute no more than they need.
//
// Indices are at least 0 and, in kernels, 32 bits wide: no rule makes a
// difference go below zero or a number reach 2^31. Sizes of buffers are values,
// not numbers, although the type knows them: a rule may not use what they are
// now, or kernels could not take them at run time.

#include "canonicalize.h"

#include "tessera/pass_report.h"

static void note_visit(void *user, const tsr_op *op) {
  tsr_pass_env_at(user, op);
}

static void note_applied(void *user, const tsr_pattern *pattern,
                         const tsr_rewritten *op) {
  const char *mnemonic = tsr_op_kind_get_info(op->kind)->mnemonic;
  TSR_PASS_DEBUG((const tsr_pass_env *)user, "line %u: '%s' by '%s'",
                 op->loc.line, mnemonic, pattern->name);
  tsr_pass_env_remark_at(user, TSR_REMARK_PASSED, "Simplified", op->loc,
                         op->parent, "'{op:%s}' is simplified by '{rule:%s}'",
                         mnemonic, pattern->name);
}

tsr_result tsr_pass_canonicalize(tsr_pass_env *env, tsr_module *module) {
  const tsr_pattern_set sets[] = {canon_index_rules(), canon_tile_rules(),
                                  canon_flow_rules()};
  const tsr_rewrite_options options = {
      .user = env, .visiting = note_visit, .applied = note_applied};
  tsr_rewrite_counts counts;
  tsr_result result = tsr_rewrite(module, sets, sizeof sets / sizeof *sets,
                                  &options, env->diag, &counts);
  tsr_pass_env_count(env, "rewrites", counts.rewrites);
  return result;
}
