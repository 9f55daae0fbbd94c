// Runs passes in order, and keeps watch between them.

#include "tessera/pass_report.h"

#include "tessera/analysis.h"
#include "tessera/vector.h"

#include <assert.h>
#include <string.h>

const tsr_option_value *tsr_pass_env_option(const tsr_pass_env *env,
                                            const char *name) {
  const tsr_pass *pass = env->run->pass;
  size_t i = 0;
  while (i < pass->option_count && strcmp(pass->options[i].name, name) != 0)
    i++;
  assert(i < pass->option_count && "the pass has no such option");
  return &env->run->values[i];
}

static tsr_state first_state(uint32_t states) {
  tsr_state state = 0;
  while (!(states & (1u << state)))
    state++;
  return state;
}

static tsr_result check_needs(const tsr_pass *pass, const tsr_module *module,
                              tsr_diag *diag) {
  if (!pass->needs)
    return TSR_OK; // the states are read off the whole module
  uint32_t held = tsr_module_derive_state(module);
  uint32_t missing = pass->needs & ~held;
  if (missing == 0)
    return TSR_OK;
  // The pass to run first is the one whose own needs are met.
  tsr_state state = first_state(missing);
  for (; missing != 0; missing = tsr_state_get_needs(state) & ~held)
    state = first_state(missing);
  const tsr_state_info *info = tsr_state_get_info(state);
  const tsr_op *op = tsr_module_find_violation(module, state);
  return tsr_diag_error(diag, op ? op : tsr_module_op(module),
                        TSR_DIAG(pass_needs), pass->name, info->promise,
                        info->pass_name);
}

// A pass that does not give what its row says is wrong itself; one that came
// as a plug-in may be.
static tsr_result check_gives(const tsr_pass *pass, const tsr_module *module,
                              tsr_diag *diag) {
  if (!pass->gives)
    return TSR_OK;
  uint32_t missing = pass->gives & ~tsr_module_derive_state(module);
  if (missing == 0)
    return TSR_OK;
  tsr_state state = first_state(missing);
  const tsr_op *op = tsr_module_find_violation(module, state);
  return tsr_diag_error(diag, op ? op : tsr_module_op(module),
                        TSR_DIAG(pass_broke_promise), pass->name,
                        tsr_state_get_info(state)->promise);
}

static tsr_result verify(tsr_pass_env *env, const tsr_module *module,
                         const tsr_run_options *options) {
  if (options->skip_verify)
    return TSR_OK;
  tsr_pass_env_enter(env, "verify");
  tsr_result result = tsr_module_verify(module, env->diag);
  if (result == TSR_OK && !options->skip_stage)
    result = tsr_module_verify_stage(module, options->target,
                                     options->leave_rules, env->diag);
  if (result == TSR_OK)
    result = check_gives(env->run->pass, module, env->diag);
  tsr_pass_env_leave(env);
  return result;
}

static void record(const tsr_pass_run *run, tsr_module *module,
                   tsr_arena *scratch) {
  tsr_context *context = tsr_module_get_context(module);
  tsr_op *op = tsr_module_op(module);
  const tsr_attr *before = tsr_op_get_attr(op, "passes");
  size_t count = before ? tsr_attr_count(before) : 0;
  const tsr_attr **items = TSR_NEW_ARRAY(scratch, const tsr_attr *, count + 1);
  for (size_t i = 0; i < count; i++)
    items[i] = tsr_attr_item(before, i);
  items[count] = tsr_attr_string(context, run->text);
  tsr_op_set_attr(op, "passes", tsr_attr_array(context, items, count + 1));
}

// Says which pass it was, below what is wrong.
static void note_pass(tsr_diag *diag, const char *when,
                      const tsr_pass_run *run) {
  tsr_loc nowhere = {NULL, 0, 0};
  tsr_diag_note_at(diag, nowhere, TSR_DIAG(note_pass), when, run->text);
}

static void name_values(tsr_pass_env *env, tsr_module *module) {
  tsr_pass_env_enter(env, "names");
  tsr_module_name_values(module);
  tsr_pass_env_leave(env);
}

static tsr_result run_pass(tsr_pass_env *env, tsr_module *module,
                           const tsr_run_options *options) {
  const tsr_pass_run *run = env->run;
  tsr_pass_env_enter(env, "needs");
  tsr_result result = check_needs(run->pass, module, env->diag);
  tsr_pass_env_leave(env);
  if (result != TSR_OK)
    return TSR_FAILED;
  tsr_analyses_begin_pass(env->analyses, run->pass->name, run->pass->preserves);
  size_t errors = tsr_diag_error_count(env->diag);
  result = run->pass->run(env, module);
  if (result != TSR_OK && tsr_diag_error_count(env->diag) == errors)
    tsr_diag_error_at(env->diag, (tsr_loc){NULL, 0, 0},
                      TSR_DIAG(pass_gave_no_reason), run->pass->name);
  if (result == TSR_OK && tsr_diag_error_count(env->diag) > errors)
    result = tsr_diag_error_at(env->diag, (tsr_loc){NULL, 0, 0},
                               TSR_DIAG(pass_hid_error), run->pass->name);
  env->at = NULL;
  tsr_result kept = tsr_analyses_end_pass(env->analyses);
  name_values(env, module);
  if (result != TSR_OK || kept != TSR_OK) {
    note_pass(env->diag, "in", run);
    return TSR_FAILED;
  }
  record(run, module, env->scratch);
  if (verify(env, module, options) != TSR_OK) {
    note_pass(env->diag, "after", run);
    return TSR_FAILED;
  }
  return TSR_OK;
}

// Runs one pass and tells whoever watches.
static tsr_result run_watched(tsr_pass_env *env, tsr_module *module,
                              const tsr_run_options *options) {
  const tsr_run_hooks *hooks = options->hooks;
  if (hooks && hooks->before && !hooks->before(hooks->user, env, module))
    return TSR_OK;
  tsr_result result = run_pass(env, module, options);
  if (hooks && hooks->after)
    hooks->after(hooks->user, env, module, result);
  return result;
}

tsr_result tsr_pipeline_run(const tsr_pipeline *pipeline, tsr_module *module,
                            tsr_diag *diag, const tsr_run_options *options) {
#ifdef TESSERA_VERIFY_ANALYSES
  const bool verifies_always = true;
#else
  const bool verifies_always = false;
#endif
  tsr_arena scratch;
  tsr_arena_init(&scratch);
  tsr_analyses *analyses = tsr_analyses_create(
      module, options->verify_analyses || verifies_always, diag);
  if (options->hooks)
    tsr_analyses_watch(analyses, options->hooks->stretch, options->hooks->user);
  tsr_result result = TSR_OK;
  for (size_t i = 0; i < pipeline->count && result == TSR_OK; i++) {
    tsr_pass_env env = {.target = options->target,
                        .diag = diag,
                        .scratch = &scratch,
                        .run = &pipeline->runs[i],
                        .analyses = analyses,
                        .hooks = options->hooks};
    result = run_watched(&env, module, options);
    tsr_arena_reset(&scratch);
  }
  tsr_analyses_destroy(analyses);
  tsr_arena_deinit(&scratch);
  return result;
}
