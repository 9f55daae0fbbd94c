// --check-passes: the numbers before and after each pass, as they come.

#include "run.h"

#include "tessera/pass_check.h"

#include <stdio.h>
#include <string.h>

typedef struct checking {
  run_job *job;
  run_progress progress;
  int exit_code; // of inputs that could not be brought in
} checking;

static void enter(void *user, const tsr_op *function) {
  checking *c = user;
  c->progress.name = tsr_op_get_text(function, "name");
  enter_work(c->job, TSR_WATCH_RUN, c->progress.name);
}

static void leave(void *user) {
  checking *c = user;
  leave_work(c->job);
}

static tsr_result bring_in(void *user, const tsr_op *function,
                           tsr_run_values *inputs) {
  checking *c = user;
  (void)function;
  c->exit_code = function_load_inputs(c->job, inputs);
  return c->exit_code == TSR_EXIT_OK ? TSR_OK : TSR_FAILED;
}

// The list of passes of a function.
static cJSON *find_list(checking *c, const tsr_pass_check_step *step) {
  const char *name = tsr_op_get_text(step->function, "name");
  if (!step->run)
    return cJSON_AddArrayToObject(report_function(c->job, step->function),
                                  "passes");
  cJSON *object;
  cJSON_ArrayForEach(object, c->job->json) {
    const cJSON *of = cJSON_GetObjectItem(object, "name");
    if (strcmp(cJSON_GetStringValue(of), name) == 0)
      return cJSON_GetObjectItem(object, "passes");
  }
  return NULL;
}

static void report(void *user, const tsr_pass_check_step *step) {
  checking *c = user;
  const char *pass = step->run ? step->run->text : "as given";
  uint32_t stage = tsr_function_stage(step->function);
  if (c->job->json) {
    cJSON *item = cJSON_CreateObject();
    cJSON_AddItemToArray(find_list(c, step), item);
    cJSON_AddStringToObject(item, "pass", pass);
    cJSON_AddNumberToObject(item, "stage", stage);
    cJSON_AddStringToObject(item, "numbers", step->numbers);
    cJSON_AddBoolToObject(item, "passed", !step->is_bad);
    if (step->share >= 0)
      cJSON_AddNumberToObject(item, "share_of_bound", step->share);
    return;
  }
  printf("%s: stage %u, %s: %s", tsr_op_get_text(step->function, "name"), stage,
         pass, step->numbers);
  if (step->share >= 0)
    printf(", at most %.1f %% of the bound", step->share * 100);
  printf("\n");
}

int check_passes(run_job *job, const tsr_pipeline *pipeline) {
  checking c = {.job = job};
  tsr_pass_check_options options = {.func = job->options->func,
                                    .request =
                                        function_request(job, &c.progress),
                                    .seed = job->options->seed,
                                    .passes = {.target = job->target},
                                    .bring_in = bring_in,
                                    .enter = enter,
                                    .leave = leave,
                                    .report = report,
                                    .user = &c};
  tsr_watch_attach(job->watch, job->diag, &options.passes);
  options.passes.leave_rules = job_leaves_rules(job);
  tsr_result result = tsr_pipeline_check(pipeline, job->module, job->diag,
                                         &options, &job->is_bad);
  if (!job->json && (result == TSR_OK || job->is_bad))
    printf("%s\n", job->is_bad ? "FAIL" : "PASS");
  if (result == TSR_OK)
    return TSR_EXIT_OK;
  return c.exit_code ? c.exit_code : TSR_EXIT_INPUT;
}
