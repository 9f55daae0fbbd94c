// --check-passes: the numbers before and after each pass.
//
// All stages run with the same tile math, so a pass must keep every bit. Those
// whose row says changes_rounding may not: after them the reference's bound
// must hold, and their numbers are what the next pass must keep.

#include "run.h"

#include "tessera/pass.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

// How the numbers after a pass compare with those before.
typedef struct verdict {
  const char *how; // "same bits", "within the bound", ...
  bool is_bad;
  double share; // of the bound; below 0: not compared with it
  // The first element that differs.
  bool differs;
  size_t value;
  uint64_t at, count;
  // No element is beyond the bound, but this part is off as a whole.
  const char *part;
  double times, most_times;
} verdict;

static bool is_same(float a, float b) {
  return memcmp(&a, &b, sizeof a) == 0 || (a != a && b != b);
}

// The k-th result of a function, or NULL.
static const tsr_run_value *find_result(const run_function *function, size_t k,
                                        size_t *out_item) {
  for (size_t i = 0; i < function->results.count; i++)
    if (function->results.items[i].output && k-- == 0) {
      *out_item = i;
      return &function->results.items[i];
    }
  return NULL;
}

static void compare_bits(const run_function *before, const run_function *after,
                         verdict *out) {
  const tsr_run_value *old;
  size_t item;
  for (size_t k = 0; (old = find_result(before, k, &item)); k++) {
    const tsr_run_value *new = find_result(after, k, &item);
    for (uint64_t i = 0; new && i < old->elems; i++) {
      if (is_same(old->values[i], new->values[i]))
        continue;
      if (!out->differs) {
        out->value = item;
        out->at = i;
      }
      out->differs = true;
      out->count++;
    }
  }
}

// Compares with the reference, where there is one.
static tsr_result compare_bound(run_job *job, const run_function *function,
                                verdict *out) {
  out->share = -1;
  if (!tsr_function_reference(function->op))
    return TSR_OK;
  tsr_check_result *checks;
  size_t count;
  if (function_check(job, function, &checks, &count) != TSR_OK)
    return TSR_FAILED;
  for (size_t i = 0; i < count; i++) {
    // Without a finite reference there is no bound to hold.
    if (checks[i].compared && checks[i].worst_share > out->share)
      out->share = checks[i].worst_share;
    bool is_bad = checks[i].failed || checks[i].is_beyond_rounding;
    if (!is_bad || out->is_bad)
      continue;
    out->is_bad = true;
    out->value = checks[i].value;
    out->at = checks[i].bad[0].at;
    if (!checks[i].is_beyond_rounding)
      continue;
    out->part =
        report_part(job, &function->results.items[out->value], &checks[i]);
    out->times = checks[i].worst_times;
    out->most_times = checks[i].most_times;
  }
  return TSR_OK;
}

// -- reports ------------------------------------------------------------------

static void report_step(const run_function *function, const char *pass,
                        const verdict *v, cJSON *list) {
  uint32_t stage = tsr_function_stage(function->op);
  if (list) {
    cJSON *item = cJSON_CreateObject();
    cJSON_AddItemToArray(list, item);
    cJSON_AddStringToObject(item, "pass", pass);
    cJSON_AddNumberToObject(item, "stage", stage);
    cJSON_AddStringToObject(item, "numbers", v->how);
    cJSON_AddBoolToObject(item, "passed", !v->is_bad);
    if (v->share >= 0)
      cJSON_AddNumberToObject(item, "share_of_bound", v->share);
    return;
  }
  printf("%s: stage %u, %s: %s", function->name, stage, pass, v->how);
  if (v->share >= 0)
    printf(", at most %.1f %% of the bound", v->share * 100);
  printf("\n");
}

static const char *bad_text(const verdict *v) {
  return v->part ? "off by more than rounding" : "beyond the bound";
}

static void report_beyond_rounding(run_job *job, const run_function *function,
                                   const char *when, const verdict *v) {
  tsr_tool_error("tt-run", TSR_DIAG(result_beyond_rounding), function->name,
                 when, function->results.items[v->value].output, v->part,
                 v->times, v->most_times);
  job->is_bad = true;
}

static void report_bad(run_job *job, const run_function *before,
                       const run_function *after, const char *pass,
                       const verdict *v) {
  const tsr_run_value *value = &after->results.items[v->value];
  fflush(stdout);
  if (before && v->differs) {
    size_t item;
    const tsr_run_value *old = NULL;
    for (size_t k = 0; (old = find_result(before, k, &item)); k++)
      if (strcmp(old->output, value->output) == 0)
        break;
    tsr_tool_error("tt-run", TSR_DIAG(pass_changes_numbers), after->name, pass,
                   value->output, report_index(job, value, v->at),
                   (double)old->values[v->at], (double)value->values[v->at],
                   v->count);
  } else if (v->part) {
    report_beyond_rounding(
        job, after, tsr_arena_printf(&job->arena, "after '%s'", pass), v);
  } else {
    tsr_tool_error("tt-run", TSR_DIAG(pass_exceeds_bound), after->name, pass,
                   value->output, report_index(job, value, v->at),
                   (double)value->values[v->at]);
  }
}

// -- steps --------------------------------------------------------------------

// The function before the passes: what everything is measured by.
static int run_first(run_job *job, const tsr_op *op, run_function *out,
                     cJSON **out_list) {
  int code = function_prepare(job, op, out);
  if (code != TSR_EXIT_OK)
    return code;
  verdict v = {.how = "runs"};
  if (function_run(job, out) != TSR_OK || compare_bound(job, out, &v) != TSR_OK)
    return TSR_EXIT_INPUT;
  cJSON *object = report_function(job, out);
  *out_list = object ? cJSON_AddArrayToObject(object, "passes") : NULL;
  v.how = v.is_bad ? bad_text(&v) : v.how;
  report_step(out, "as given", &v, *out_list);
  if (!v.is_bad)
    return TSR_EXIT_OK;
  const tsr_run_value *value = &out->results.items[v.value];
  fflush(stdout);
  if (v.part)
    report_beyond_rounding(job, out, "before any pass", &v);
  else
    tsr_tool_error("tt-run", TSR_DIAG(given_exceeds_bound), out->name,
                   value->output, report_index(job, value, v.at),
                   (double)value->values[v.at]);
  job->is_bad = true;
  return TSR_EXIT_INPUT;
}

static tsr_result judge(run_job *job, const run_function *before,
                        const run_function *after, const tsr_pass *pass,
                        verdict *out) {
  *out = (verdict){.how = "same bits", .share = -1};
  compare_bits(before, after, out);
  if (!out->differs)
    return TSR_OK;
  out->how = "other bits";
  out->is_bad = !pass->changes_rounding;
  if (out->is_bad)
    return TSR_OK;
  if (compare_bound(job, after, out) != TSR_OK)
    return TSR_FAILED;
  if (out->is_bad)
    out->differs = false;
  out->how = out->is_bad       ? bad_text(out)
             : out->share >= 0 ? "other rounding"
                               : "other rounding, no reference to compare with";
  return TSR_OK;
}

// The function of that name as it now is.
static const tsr_op *find_function(const run_job *job, const char *name) {
  const tsr_op *op = tsr_block_first(tsr_module_block(job->module));
  for (; op; op = tsr_op_next(op))
    if (tsr_is_runnable(op) && strcmp(tsr_op_get_text(op, "name"), name) == 0)
      return op;
  return NULL;
}

static int run_step(run_job *job, const tsr_pass_run *pass,
                    run_function *function, cJSON *list) {
  run_function after;
  verdict v;
  const tsr_op *op = find_function(job, function->name);
  if (!op)
    return TSR_EXIT_OK;
  if (function_follow(job, op, function, &after) != TSR_OK ||
      function_run(job, &after) != TSR_OK ||
      judge(job, function, &after, pass->pass, &v) != TSR_OK)
    return TSR_EXIT_INPUT;
  report_step(&after, pass->text, &v, list);
  if (v.is_bad)
    report_bad(job, function, &after, pass->text, &v);
  job->is_bad = job->is_bad || v.is_bad;
  *function = after;
  return v.is_bad ? TSR_EXIT_INPUT : TSR_EXIT_OK;
}

static size_t count_functions(const run_job *job) {
  size_t count = 0;
  const tsr_op *op = tsr_block_first(tsr_module_block(job->module));
  for (op = job_next_function(job, op); op;
       op = job_next_function(job, tsr_op_next(op)))
    count++;
  return count;
}

int check_passes(run_job *job, const tsr_pipeline *pipeline) {
  size_t count = count_functions(job), made = 0;
  run_function *functions = TSR_NEW_ARRAY(&job->arena, run_function, count + 1);
  cJSON **lists = TSR_NEW_ARRAY(&job->arena, cJSON *, count + 1);
  int code = TSR_EXIT_OK;
  const tsr_op *op = tsr_block_first(tsr_module_block(job->module));
  for (op = job_next_function(job, op); op && code == TSR_EXIT_OK;
       op = job_next_function(job, tsr_op_next(op)), made++)
    code = run_first(job, op, &functions[made], &lists[made]);
  tsr_run_options options = {.target = job->target};
  tsr_watch_attach(job->watch, job->diag, &options);
  options.leave_rules = job_leaves_rules(job);
  for (size_t i = 0; i < pipeline->count && code == TSR_EXIT_OK; i++) {
    tsr_pipeline one = {&pipeline->runs[i], 1};
    if (tsr_pipeline_run(&one, job->module, job->diag, &options) != TSR_OK)
      return TSR_EXIT_INPUT;
    for (size_t f = 0; f < count && code == TSR_EXIT_OK; f++)
      code = run_step(job, &pipeline->runs[i], &functions[f], lists[f]);
  }
  if (!job->json && (code == TSR_EXIT_OK || job->is_bad))
    printf("%s\n", job->is_bad ? "FAIL" : "PASS");
  return code;
}
