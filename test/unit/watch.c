// RUN: %unit/watch --version

// A tool with passes that fail, crash and say all that can be said. What comes
// of them is checked in test/tools/watch-crash.test and watch-remarks.test.

#include "common/watch.h"

#include "common/load.h"

#include "tessera/buffer.h"
#include "tessera/pass_report.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

// -- Passes -------------------------------------------------------------------

// Calls itself until the stack is used up; what it returns keeps the compiler
// from making a loop of it.
static int use_up_stack(volatile int *depth) {
  volatile char room[4096];
  room[0] = (char)++*depth;
  return *depth == 0 ? 0 : use_up_stack(depth) + room[0];
}

__attribute__((noinline)) static void break_now(const char *how) {
  volatile int zero = 0;
  if (strcmp(how, "stack") == 0)
    use_up_stack(&zero);
  if (strcmp(how, "divide") == 0)
    raise(SIGFPE);
  if (strcmp(how, "memory") == 0)
    tsr_mem_exhausted(4096);
  abort();
}

__attribute__((noinline)) static tsr_result run_break(tsr_pass_env *env,
                                                      tsr_module *module) {
  const char *how = tsr_pass_env_option(env, "how")->text;
  if (strcmp(how, "fail") == 0)
    return tsr_diag_error(env->diag, tsr_module_op(module), "broken",
                          "it fails");
  if (strcmp(how, "inside") == 0)
    tsr_pass_env_enter(env, "search");
  else if (strcmp(how, "op") == 0)
    tsr_pass_env_at(env, (const tsr_op *)16);
  else
    tsr_pass_env_at(env, tsr_module_op(module));
  break_now(how);
  return TSR_OK;
}

static const tsr_pass_option break_options[] = {
    {"how", TSR_OPTION_KEYWORD, "fail",
     "fail|abort|stack|divide|inside|op|memory", "what goes wrong"}};

static tsr_result run_speak(tsr_pass_env *env, tsr_module *module) {
  const tsr_op *op = tsr_module_op(module);
  tsr_pass_env_count(env, "words", 3);
  tsr_pass_env_count(env, "words", 4);
  tsr_pass_env_enter(env, "search");
  tsr_pass_env_enter(env, "deeper");
  tsr_pass_env_leave(env);
  tsr_pass_env_leave(env);
  tsr_pass_env_remark(env, TSR_REMARK_PASSED, "Said", op,
                      "an {key:%s} {number:%d}", "it's value {a}", 7);
  tsr_loc gone = {"gone.tt", 4, 5};
  tsr_pass_env_remark_at(env, TSR_REMARK_ANALYSIS, "Gone", gone, op, "gone");
  tsr_pass_env_remark(env, TSR_REMARK_MISSED, "Odd", op, "{text:%s}",
                      "tab \t \"\\");
  return TSR_OK;
}

static const tsr_pass_counter speak_counters[] = {{"words", "what it says"}};

static const tsr_pass passes[] = {
    {.name = "break",
     .run = run_break,
     .summary = "Fail",
     .options = break_options,
     .option_count = 1},
    {.name = "speak",
     .run = run_speak,
     .summary = "Say all that can be said",
     .counters = speak_counters,
     .counter_count = 1},
};

// -- The tool -----------------------------------------------------------------

static const char *pipeline_text;

static const tsr_cli_option options[] = {{"passes", TSR_CLI_VALUE, "LIST",
                                          "Running", "what to run",
                                          &pipeline_text}};

static int run_text(const tsr_buffer *text, const char *file,
                    const tsr_pipeline *pipeline, tsr_watch *watch) {
  tsr_context *context = tsr_context_create();
  tsr_diag *diag = tsr_diag_create();
  tsr_load_options load = {0};
  tsr_target target;
  int code;
  tsr_module *module = tsr_load_module(context, file, tsr_buffer_str(text),
                                       text->size, &load, diag, &target, &code);
  tsr_run_options run = {.target = &target};
  tsr_watch_attach(watch, diag, &run);
  if (module && tsr_pipeline_run(pipeline, module, diag, &run) != TSR_OK)
    code = TSR_EXIT_INPUT;
  tsr_load_print_diag(diag);
  tsr_module_destroy(module);
  tsr_diag_destroy(diag);
  tsr_context_destroy(context);
  return code;
}

static int run(tsr_cli *cli) {
  tsr_diag *diag = tsr_diag_create();
  int code = TSR_EXIT_OK;
  for (size_t i = 0; i < sizeof passes / sizeof *passes; i++)
    if (tsr_registry_add_pass(cli->registry, &passes[i], diag) != TSR_OK)
      code = TSR_EXIT_INPUT;
  tsr_load_print_diag(diag);
  tsr_diag_destroy(diag);
  tsr_buffer text;
  tsr_buffer_init(&text);
  tsr_pipeline pipeline;
  tsr_watch *watch = NULL;
  if (code == TSR_EXIT_OK)
    watch = tsr_watch_create(cli, &code);
  if (code == TSR_EXIT_OK)
    code = tsr_cli_pipeline(cli, pipeline_text, &pipeline) == TSR_OK
               ? tsr_load_text(cli->tool, cli->input, &text)
               : TSR_EXIT_COMMAND;
  if (code == TSR_EXIT_OK)
    code = run_text(&text, cli->input, &pipeline, watch);
  code = tsr_watch_finish(watch, code);
  tsr_buffer_deinit(&text);
  return code;
}

int main(int argc, char **argv) {
  tsr_cli cli = {.tool = "watch",
                 .usage = "IN --passes=LIST",
                 .summary = "Runs passes that crash.",
                 .options = options,
                 .option_count = 1,
                 .shared = tsr_watch_options,
                 .shared_count = tsr_watch_option_count,
                 .pass_flags = true};
  int code;
  if (!tsr_cli_parse(&cli, argc, argv, &code))
    return code;
  code = run(&cli);
  tsr_cli_deinit(&cli);
  return code;
}
