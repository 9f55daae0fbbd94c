// Runs passes in order, and keeps watch between them.

#include "tessera/pass.h"

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
  uint32_t missing = pass->gives & ~tsr_module_derive_state(module);
  if (missing == 0)
    return TSR_OK;
  tsr_state state = first_state(missing);
  const tsr_op *op = tsr_module_find_violation(module, state);
  return tsr_diag_error(diag, op ? op : tsr_module_op(module),
                        TSR_DIAG(pass_broke_promise), pass->name,
                        tsr_state_get_info(state)->promise);
}

static tsr_result verify(const tsr_pass *pass, const tsr_module *module,
                         tsr_diag *diag, const tsr_run_options *options) {
  if (options->skip_verify)
    return TSR_OK;
  if (tsr_module_verify(module, diag) != TSR_OK ||
      tsr_module_verify_stage(module, options->target, diag) != TSR_OK)
    return TSR_FAILED;
  return check_gives(pass, module, diag);
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

static tsr_result run_pass(const tsr_pass_run *run, tsr_module *module,
                           tsr_diag *diag, tsr_arena *scratch,
                           tsr_analyses *analyses,
                           const tsr_run_options *options) {
  tsr_pass_env env = {.target = options->target,
                      .diag = diag,
                      .scratch = scratch,
                      .run = run,
                      .analyses = analyses};
  if (check_needs(run->pass, module, diag) != TSR_OK)
    return TSR_FAILED;
  tsr_analyses_begin_pass(analyses, run->pass->name, run->pass->preserves);
  tsr_result ran = run->pass->run(&env, module);
  tsr_result kept = tsr_analyses_end_pass(analyses);
  if (ran != TSR_OK || kept != TSR_OK) {
    tsr_module_name_values(module);
    note_pass(diag, "in", run);
    return TSR_FAILED;
  }
  tsr_module_name_values(module);
  record(run, module, scratch);
  if (verify(run->pass, module, diag, options) != TSR_OK) {
    note_pass(diag, "after", run);
    return TSR_FAILED;
  }
  return TSR_OK;
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
  tsr_result result = TSR_OK;
  for (size_t i = 0; i < pipeline->count && result == TSR_OK; i++) {
    const tsr_pass_run *run = &pipeline->runs[i];
    if (options->before)
      options->before(options->user, run, i, module);
    result = run_pass(run, module, diag, &scratch, analyses, options);
    if (options->after)
      options->after(options->user, run, i, module, result);
    tsr_arena_reset(&scratch);
  }
  tsr_analyses_destroy(analyses);
  tsr_arena_deinit(&scratch);
  return result;
}
