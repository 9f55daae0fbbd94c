// tt-run: runs a module at the stage it is in.

#include "run.h"

#include "common/load.h"

#include "tessera/pass.h"
#include "tessera/support.h"
#include "tessera/vector.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_THREADS = 999 };

static run_options given = {
    .progress = "2", .seed_text = "0", .strict = "error"};

static const char data[] = "Data", running[] = "Running", checks[] = "Checking",
                  timing_category[] = "Timing", target_category[] = "Target",
                  passes_category[] = "Passes", printing[] = "Printing";

static const tsr_cli_option table[] = {
    {"input", TSR_CLI_INPUTS, "NAME=FILE.npy", data,
     "values of an argument: <f4, <f8, <f2, or bf16 bits as <u2 or V2",
     &given.inputs},
    {"output", TSR_CLI_OUTPUTS, "NAME=FILE.npy", data,
     "write a result: out0, out1, ...; bf16 as <f4", &given.outputs},
    {"raw", TSR_CLI_FLAG, NULL, data, "write bf16 results as <u2 bits",
     &given.raw},
    {"seed", TSR_CLI_VALUE, "N", data,
     "arguments without a file are uniform in [-1, 1), drawn from this seed "
     "(default: 0)",
     &given.seed_text},
    {"func", TSR_CLI_VALUE, "NAME", data, "only this function", &given.func},
    {"engine", TSR_CLI_VALUE, "jit|interpret", running,
     "how kernels run, with the same results: as machine code that LLVM makes, "
     "or op by op (default: machine code where it pays)",
     &given.engine_text},
    {"threads", TSR_CLI_VALUE, "N", running,
     "threads of this machine that run the cores, with the same results "
     "(default: one for each processor)",
     &given.threads_text},
    {"check", TSR_CLI_FLAG, NULL, checks,
     "compare the results with the reference; exit 1 if they are off",
     &given.check},
    {"check-passes", TSR_CLI_FLAG, NULL, checks,
     "run before and after each pass, and name the first that changes the "
     "numbers; without passes: what is left of 'default'",
     &given.check_passes},
    {"strict", TSR_CLI_VALUE, "off|warn|error", checks,
     "what happens when a kernel breaks a rule of the chip (default error)",
     &given.strict},
    {"timing", TSR_CLI_FLAG, NULL, timing_category,
     "print how long the kernels take on the chip, and what holds them back",
     &given.timing},
    {"trace", TSR_CLI_OUTPUT, "FILE", timing_category,
     "write what every thread does over time, for ui.perfetto.dev",
     &given.trace},
    {"passes", TSR_CLI_VALUE, "LIST", passes_category,
     "run these on the module first", &given.passes},
    {"target", TSR_CLI_TARGET, "NAME", target_category,
     "chip or board, or a JSON file, over what the module says", &given.target},
    {"grid", TSR_CLI_VALUE, "RxC", target_category,
     "rows x columns of cores, over what the module says", &given.grid},
    {"json", TSR_CLI_FLAG, NULL, printing, "print JSON", &given.json},
    {"progress", TSR_CLI_VALUE, "SECONDS", printing,
     "how often a long run reports on standard error (default: 2; off: never)",
     &given.progress},
};

// -- options ------------------------------------------------------------------

static bool find_strictness(const char *name, tsr_sim_strict *out) {
  static const char *const names[] = {[TSR_SIM_STRICT_ERROR] = "error",
                                      [TSR_SIM_STRICT_WARN] = "warn",
                                      [TSR_SIM_STRICT_OFF] = "off"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    if (strcmp(names[i], name) == 0) {
      *out = (tsr_sim_strict)i;
      return true;
    }
  return false;
}

// Memory ran out, so nothing here may ask for any.
static void say_loading(void *user) {
  static const char text[] =
      "tt-run: error: loading 'LLVM' ran out of memory\n";
  (void)user;
  (void)!write(STDERR_FILENO, text, sizeof text - 1);
}

static int open_llvm(const tsr_cli *cli) {
  tsr_undo work;
  tsr_undo_begin(&work, say_loading, NULL);
  int code = tsr_cli_open_llvm(cli->tool, "--engine=jit");
  tsr_undo_end(&work);
  return code;
}

static int read_engine(tsr_cli *cli) {
  const char *text = given.engine_text;
  if (!text)
    return TSR_EXIT_OK;
  given.engine = TSR_ENGINE_INTERPRET;
  if (strcmp(text, "interpret") == 0)
    return TSR_EXIT_OK;
  given.engine = TSR_ENGINE_JIT;
  if (strcmp(text, "jit") == 0)
    return open_llvm(cli);
  return tsr_cli_wrong(cli, TSR_DIAG(cli_engine), text);
}

static int read_options(tsr_cli *cli) {
  const char *progress = given.progress;
  if (!tsr_parse_u64(given.seed_text, strlen(given.seed_text), &given.seed))
    return tsr_cli_wrong(cli, TSR_DIAG(cli_seed), UINT64_MAX, given.seed_text);
  given.progress_seconds = -1;
  if (strcmp(progress, "off") != 0 &&
      (!tsr_parse_f64(progress, strlen(progress), &given.progress_seconds) ||
       !(given.progress_seconds >= 0)))
    return tsr_cli_wrong(cli, TSR_DIAG(cli_progress), progress);
  const char *threads = given.threads_text;
  if (threads && (!tsr_parse_u64(threads, strlen(threads), &given.threads) ||
                  given.threads == 0 || given.threads > MAX_THREADS))
    return tsr_cli_wrong(cli, TSR_DIAG(cli_threads), MAX_THREADS, threads);
  if (!find_strictness(given.strict, &given.strictness))
    return tsr_cli_wrong(cli, TSR_DIAG(cli_strict), given.strict);
  if (given.check && given.check_passes)
    return tsr_cli_wrong(cli, TSR_DIAG(cli_check_both));
  if (given.check_passes && (given.timing || given.trace))
    return tsr_cli_wrong(cli, TSR_DIAG(cli_check_passes_time));
  if (given.outputs.count && given.check_passes)
    return tsr_cli_wrong(cli, TSR_DIAG(cli_check_passes_output));
  int code = files_check(cli, &given);
  return code == TSR_EXIT_OK ? read_engine(cli) : code;
}

static int find_pipeline(tsr_cli *cli, tsr_diag *diag, tsr_pipeline *out) {
  if (tsr_cli_pipeline(cli, given.passes, out) != TSR_OK)
    return TSR_EXIT_COMMAND;
  bool is_given = given.passes || cli->pass_count;
  if (!given.check_passes || is_given)
    return TSR_EXIT_OK;
  return tsr_pipeline_parse(cli->registry, "default", "default", &cli->arena,
                            diag, out) == TSR_OK
             ? TSR_EXIT_OK
             : TSR_EXIT_COMMAND;
}

// -- functions ----------------------------------------------------------------

const tsr_op *job_next_function(const run_job *job, const tsr_op *op) {
  const char *func = job->options->func;
  while (op && (!tsr_is_runnable(op) ||
                (func && strcmp(tsr_op_get_text(op, "name"), func) != 0)))
    op = tsr_op_next(op);
  return op;
}

// There is something to run, and files are for one function.
static int check_functions(run_job *job) {
  const tsr_op *module_op = tsr_module_op(job->module);
  const tsr_op *first =
      job_next_function(job, tsr_block_first(tsr_module_block(job->module)));
  if (!first && given.func)
    tsr_diag_error(job->diag, module_op, TSR_DIAG(function_unknown),
                   given.func);
  else if (!first)
    tsr_diag_error(job->diag, module_op, TSR_DIAG(run_no_function));
  if (!first)
    return TSR_EXIT_INPUT;
  if ((given.inputs.count || given.outputs.count) &&
      job_next_function(job, tsr_op_next(first)))
    return tsr_cli_wrong(job->cli, TSR_DIAG(cli_several_functions));
  return TSR_EXIT_OK;
}

static int run_one(run_job *job, const tsr_op *op) {
  run_function function;
  int code = function_prepare(job, op, &function);
  if (code != TSR_EXIT_OK)
    return code;
  // Said before a long run, not after.
  if (given.check && !tsr_function_reference(op)) {
    tsr_diag_error(job->diag, op, TSR_DIAG(reference_missing), function.name);
    return TSR_EXIT_INPUT;
  }
  tsr_check_result *found;
  size_t found_count;
  if (function_run(job, &function) != TSR_OK ||
      (given.check &&
       function_check(job, &function, &found, &found_count) != TSR_OK) ||
      function_write(job, &function) != TSR_OK)
    return TSR_EXIT_INPUT;
  cJSON *object = report_function(job, op);
  if (!object)
    printf("%s: ran at stage %u\n", function.name, tsr_function_stage(op));
  if (object || !given.check)
    report_results(job, &function, object);
  if (given.check && !report_check(job, &function, object, found, found_count))
    job->is_bad = true;
  fflush(stdout);
  return TSR_EXIT_OK;
}

static int run_functions(run_job *job) {
  const tsr_op *op = tsr_block_first(tsr_module_block(job->module));
  int code = TSR_EXIT_OK;
  for (op = job_next_function(job, op); op && code == TSR_EXIT_OK;
       op = job_next_function(job, tsr_op_next(op)))
    code = run_one(job, op);
  return code;
}

// -- the whole run ------------------------------------------------------------

static void note_written(run_job *job) {
  const tsr_op *op = tsr_block_first(tsr_module_block(job->module));
  size_t capacity = 0;
  for (; op; op = tsr_op_next(op))
    if (tsr_op_is(op, TSR_OP_host)) {
      job->written =
          tsr_array_grow(&job->arena, (void *)job->written, &capacity,
                         job->written_count + 1, sizeof(*job->written));
      job->written[job->written_count++] = tsr_op_get_text(op, "name");
    }
}

// Rules that are errors are proved before anything runs, where they can be.
bool job_leaves_rules(const run_job *job) {
  return job->options->strictness != TSR_SIM_STRICT_ERROR ||
         !tsr_watch_verifies_stage();
}

static int run_job_on(run_job *job, const tsr_pipeline *pipeline) {
  note_written(job);
  int code = check_functions(job);
  if (code != TSR_EXIT_OK)
    return code;
  if (given.check_passes) {
    bool is_given = given.passes || job->cli->pass_count;
    tsr_pipeline todo =
        is_given ? *pipeline : tsr_pipeline_remaining(pipeline, job->module);
    return check_passes(job, &todo);
  }
  tsr_run_options options = {.target = job->target};
  tsr_watch_attach(job->watch, job->diag, &options);
  options.leave_rules = job_leaves_rules(job);
  if (tsr_pipeline_run(pipeline, job->module, job->diag, &options) != TSR_OK)
    return TSR_EXIT_INPUT;
  return clock_start(job) == TSR_OK ? run_functions(job) : TSR_EXIT_INPUT;
}

static int run_text(tsr_cli *cli, tsr_watch *watch, const tsr_buffer *text,
                    run_json *json) {
  tsr_context *context = tsr_context_create();
  run_job job = {.cli = cli,
                 .options = &given,
                 .watch = watch,
                 .diag = tsr_diag_create(),
                 .json = json->functions};
  tsr_arena_init(&job.arena);
  tsr_load_options load = {.target = given.target,
                           .grid = given.grid,
                           .leave_rules = job_leaves_rules(&job),
                           .progress = tsr_watch_progress(watch)};
  tsr_target target;
  job.target = &target;
  tsr_pipeline pipeline;
  int code = find_pipeline(cli, job.diag, &pipeline);
  const char *file = tsr_load_name(cli->input);
  tsr_diag_add_source(job.diag, file, tsr_buffer_str(text), text->size);
  tsr_watch_source(watch, file, tsr_buffer_str(text), text->size);
  tsr_watch_enter(watch, TSR_WATCH_READ);
  if (code == TSR_EXIT_OK)
    job.module = tsr_load_module(context, file, tsr_buffer_str(text),
                                 text->size, &load, job.diag, &target, &code);
  tsr_watch_leave(watch);
  if (job.module)
    code = run_job_on(&job, &pipeline);
  bool is_whole = code == TSR_EXIT_OK || job.is_bad;
  if (clock_finish(&job, json->root, is_whole) != TSR_OK)
    code = TSR_EXIT_INPUT;
  fflush(stdout);
  tsr_load_print_diag(job.diag);
  tsr_module_destroy(job.module);
  tsr_arena_deinit(&job.arena);
  tsr_diag_destroy(job.diag);
  tsr_context_destroy(context);
  return code == TSR_EXIT_OK && job.is_bad ? TSR_EXIT_INPUT : code;
}

static int run_tool(tsr_cli *cli, run_json *json) {
  int code = read_options(cli);
  tsr_buffer text;
  tsr_buffer_init(&text);
  tsr_watch *watch = NULL;
  if (code == TSR_EXIT_OK)
    watch = tsr_watch_create(cli, &code);
  if (code == TSR_EXIT_OK)
    code = tsr_load_text(cli->tool, cli->input, &text);
  if (code == TSR_EXIT_OK)
    code = run_text(cli, watch, &text, json);
  code = tsr_watch_finish(watch, code);
  tsr_buffer_deinit(&text);
  return code;
}

int main(int argc, char **argv) {
  tsr_cli cli = {
      .tool = "tt-run",
      .usage = "IN [--check] [--passes=LIST]",
      .summary = "Runs tile IR at the stage it is in: on the host up to cores, "
                 "on the model of\nthe chip once it is kernels.",
      .options = table,
      .option_count = sizeof table / sizeof table[0],
      .shared = tsr_watch_options,
      .shared_count = tsr_watch_option_count,
      .pass_flags = true};
  int code;
  run_json json;
  json_begin(&json, argc, argv);
  if (!tsr_cli_parse(&cli, argc, argv, &code)) {
    bool is_more = json_finish(&json, code, code != TSR_EXIT_OK);
    return is_more ? tsr_cli_flush(&cli, code) : code;
  }
  code = run_tool(&cli, &json);
  json_finish(&json, code, true);
  code = tsr_cli_flush(&cli, code);
  tsr_cli_deinit(&cli);
  return code;
}
