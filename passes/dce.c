// dce: remove what nothing uses.

#include "tessera/pass_report.h"
#include "tessera/rewrite.h"

static void visit(void *user, const tsr_op *op, bool is_dead) {
  tsr_pass_env *env = user;
  tsr_pass_env_at(env, op);
  if (!is_dead)
    return;
  tsr_pass_env_remark(env, TSR_REMARK_PASSED, "Removed", op,
                      "nothing uses what '{op:%s}' does",
                      tsr_op_get_mnemonic(op));
  tsr_pass_env_count(env, "removed", 1);
}

tsr_result tsr_pass_dce(tsr_pass_env *env, tsr_module *module) {
  const tsr_dead_options options = {.user = env, .visiting = visit};
  tsr_remove_dead(tsr_module_op(module), &options, env->scratch);
  return TSR_OK;
}
