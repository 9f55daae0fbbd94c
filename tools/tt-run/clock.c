// --timing and --trace: the clock, and who listens to it.

#include "run.h"

#include <stdio.h>

// Only kernels are timed: earlier stages do not say where and how things run.
static tsr_result check_stages(run_job *job) {
  const tsr_op *op = tsr_block_first(tsr_module_block(job->module));
  for (op = job_next_function(job, op); op;
       op = job_next_function(job, tsr_op_next(op)))
    if (tsr_function_stage(op) < 4)
      return tsr_diag_error(job->diag, op, TSR_DIAG(timing_stage),
                            tsr_op_get_text(op, "name"),
                            tsr_function_stage(op));
  return TSR_OK;
}

tsr_result clock_start(run_job *job) {
  const run_options *options = job->options;
  run_clock *on = &job->clock;
  if (!options->timing && !options->trace)
    return TSR_OK;
  if (check_stages(job) != TSR_OK)
    return TSR_FAILED;
  on->clock = tsr_clock_create(job->target);
  if (options->timing)
    on->timing = tsr_timing_create(job->target, on->clock);
  if (!options->trace)
    return TSR_OK;
  tsr_buffer why;
  tsr_buffer_init(&why);
  on->trace = tsr_trace_create(job->target, options->trace, on->clock, &why);
  if (!on->trace)
    tsr_tool_error("tt-run", TSR_DIAG(file_failed), tsr_buffer_str(&why));
  tsr_buffer_deinit(&why);
  return on->trace ? TSR_OK : TSR_FAILED;
}

static void print_timing(const tsr_timing *timing) {
  tsr_buffer text;
  tsr_buffer_init(&text);
  tsr_timing_print(timing, &text);
  fputs(tsr_buffer_str(&text), stdout);
  tsr_buffer_deinit(&text);
}

static tsr_result write_trace(tsr_trace *trace) {
  tsr_buffer why;
  tsr_buffer_init(&why);
  tsr_result result = tsr_trace_finish(trace, &why);
  if (result != TSR_OK)
    tsr_tool_error("tt-run", TSR_DIAG(file_failed), tsr_buffer_str(&why));
  tsr_buffer_deinit(&why);
  return result;
}

tsr_result clock_finish(run_job *job, cJSON *root, bool is_whole) {
  run_clock *on = &job->clock;
  tsr_result result = TSR_OK;
  if (on->timing && is_whole && root)
    cJSON_AddItemToObject(root, "timing", tsr_timing_to_json(on->timing));
  else if (on->timing && is_whole)
    print_timing(on->timing);
  // What led to a deadlock or a broken rule is worth a look.
  if (on->trace && (is_whole || tsr_clock_now(on->clock) > 0))
    result = write_trace(on->trace);
  tsr_trace_destroy(on->trace);
  tsr_timing_destroy(on->timing);
  tsr_clock_destroy(on->clock);
  *on = (run_clock){0};
  return result;
}
