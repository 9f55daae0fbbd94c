// tt-reduce: makes a module as small as it can while it stays interesting.

#include "interest.h"

#include "common/cli.h"
#include "common/crash.h"
#include "common/load.h"

#include "tessera/reduce.h"
#include "tessera/support.h"
#include "tessera/text.h"

#include <stdio.h>
#include <string.h>

typedef struct options {
  const char *output, *target, *grid, *timeout;
  interest_options interest;
} options;

enum { MAX_TIMEOUT_SECONDS = 1000000 };

static options given = {.output = "-", .interest = {.timeout_seconds = 30}};

static const char what[] = "What to keep (one of these)",
                  how[] = "How it is run", in[] = "Input and output";

static const tsr_cli_option table[] = {
    {"test", TSR_CLI_INPUT, "PROGRAM", what,
     "run PROGRAM FILE; FILE is interesting if it exits 0",
     &given.interest.test},
    {"fails", TSR_CLI_VALUE, "LIST", what,
     "these passes fail or crash, with the first error's id or --message",
     &given.interest.fails},
    {"differs-after", TSR_CLI_VALUE, "LIST", what,
     "these passes change the numbers, as tt-run --check-passes finds",
     &given.interest.differs_after},
    {"load-pass", TSR_CLI_MANY_INPUTS, "FILE.so", how,
     "load the passes of a plug-in, more than once for more",
     &given.interest.plugins},
    {"message", TSR_CLI_VALUE, "TEXT", how,
     "with --fails: a text that standard error must hold",
     &given.interest.message},
    {"test-arg", TSR_CLI_MANY, "ARG", how,
     "with --test: an argument before FILE", &given.interest.test_args},
    {"timeout", TSR_CLI_VALUE, "SECONDS", how,
     "end a run after this long; it is not interesting then (default: 30)",
     &given.timeout},
    {"o", TSR_CLI_OUTPUT, "FILE", in,
     "where to write; - is standard output (default: -)", &given.output},
    {"target", TSR_CLI_TARGET, "NAME", in,
     "board, chip or JSON file, instead of the module's", &given.target},
    {"grid", TSR_CLI_VALUE, "RxC", in,
     "rows x columns of cores, instead of the module's", &given.grid},
};

static int check_options(const tsr_cli *cli) {
  const interest_options *keep = &given.interest;
  int count = (keep->test != NULL) + (keep->fails != NULL) +
              (keep->differs_after != NULL);
  if (count != 1)
    return tsr_cli_wrong(cli, TSR_DIAG(cli_interest));
  if (keep->message && !keep->fails)
    return tsr_cli_wrong(cli, TSR_DIAG(cli_message_without_fails));
  if (keep->test_args.count > 0 && !keep->test)
    return tsr_cli_wrong(cli, TSR_DIAG(cli_test_arg_without_test));
  if (given.timeout && (!tsr_parse_f64(given.timeout, strlen(given.timeout),
                                       &given.interest.timeout_seconds) ||
                        given.interest.timeout_seconds <= 0 ||
                        given.interest.timeout_seconds > MAX_TIMEOUT_SECONDS))
    return tsr_cli_wrong(cli, TSR_DIAG(cli_timeout), MAX_TIMEOUT_SECONDS,
                         given.timeout);
  return TSR_EXIT_OK;
}

// -- The pipeline -------------------------------------------------------------

// Another tool runs the passes; that there are such is seen here, before.
static int check_pipeline(const tsr_cli *cli, const char *option,
                          const char *text) {
  tsr_registry *registry = tsr_registry_create();
  tsr_registry_add_builtin(registry);
  int exit_code = TSR_EXIT_OK;
  const tsr_cli_values *plugins = &given.interest.plugins;
  for (size_t i = 0; i < plugins->count && exit_code == TSR_EXIT_OK; i++)
    exit_code = tsr_load_plugin(cli->tool, registry, plugins->items[i]);
  if (exit_code == TSR_EXIT_OK) {
    tsr_arena arena;
    tsr_arena_init(&arena);
    tsr_diag *diag = tsr_diag_create();
    tsr_pipeline pipeline = {NULL, 0};
    if (tsr_pipeline_parse(registry, option, text, &arena, diag, &pipeline) !=
        TSR_OK)
      exit_code = TSR_EXIT_COMMAND;
    tsr_load_print_diag(diag);
    tsr_diag_destroy(diag);
    tsr_arena_deinit(&arena);
  }
  tsr_registry_destroy(registry);
  return exit_code;
}

static int check_passes(const tsr_cli *cli) {
  if (given.interest.fails)
    return check_pipeline(cli, "--fails", given.interest.fails);
  if (given.interest.differs_after)
    return check_pipeline(cli, "--differs-after", given.interest.differs_after);
  return TSR_EXIT_OK;
}

// -- The output ---------------------------------------------------------------

// Opened before the first run: what cannot be written is not worth an hour.
static int report_output(tsr_result result, tsr_buffer *why) {
  if (result != TSR_OK)
    tsr_tool_error("tt-reduce", TSR_DIAG(file_failed), tsr_buffer_str(why));
  tsr_buffer_deinit(why);
  return result == TSR_OK ? TSR_EXIT_OK : TSR_EXIT_INPUT;
}

static int open_output(tsr_output *out) {
  tsr_buffer why;
  tsr_buffer_init(&why);
  return report_output(tsr_output_open(out, given.output, &why), &why);
}

static int close_output(tsr_output *out, bool keep) {
  tsr_buffer why;
  tsr_buffer_init(&why);
  return report_output(tsr_output_close(out, keep, &why), &why);
}

// -- The whole ----------------------------------------------------------------

static bool is_interesting(void *user, const tsr_module *module,
                           const char *text, size_t bytes) {
  interest *asked = user;
  (void)module;
  bool holds = interest_holds(asked, text, bytes);
  if (holds && asked->runs == 1)
    interest_learn(asked);
  return holds;
}

static bool is_stopped(void *user) { return interest_is_over(user); }

static void report(void *user, const tsr_reduce_step *step) {
  (void)user;
  fprintf(stderr, "tt-reduce: %s: %zu ops, %zu bytes, %zu runs\n", step->what,
          step->ops, step->bytes, step->tests);
}

// Reduces `module`; an interesting one is written to `out`, which sets
// `*out_keep`.
static int reduce(const tsr_module *module, const tsr_target *target,
                  tsr_output *out, bool *out_keep) {
  interest asked;
  if (interest_init(&asked, &given.interest) != TSR_OK) {
    interest_deinit(&asked);
    return TSR_EXIT_INPUT;
  }
  tsr_module *least = tsr_module_reduce(
      module, &(tsr_reduce_options){.target = target,
                                    .is_interesting = is_interesting,
                                    .report = report,
                                    .is_stopped = is_stopped,
                                    .user = &asked});
  int exit_code = least ? asked.exit_code : interest_explain(&asked);
  if (asked.signal)
    exit_code = 128 + asked.signal;
  interest_deinit(&asked);
  *out_keep =
      least && tsr_module_write(least, NULL, tsr_output_write, out) == TSR_OK;
  tsr_module_destroy(least);
  return exit_code;
}

static int reduce_and_write(const char *file, const tsr_module *module,
                            const tsr_target *target) {
  tsr_output out;
  int exit_code = open_output(&out);
  if (exit_code != TSR_EXIT_OK)
    return exit_code;
  crash_context crash = {
      .tool = "tt-reduce", .doing = "reducing", .file = file};
  bool keep = false;
  crash_arm(&crash);
  exit_code = reduce(module, target, &out, &keep);
  crash_disarm();
  int close_code = close_output(&out, keep);
  return close_code == TSR_EXIT_OK ? exit_code : close_code;
}

static tsr_module *load(tsr_context *context, const char *file,
                        const tsr_buffer *source, tsr_diag *diag,
                        tsr_target *out_target, int *out_exit_code) {
  crash_context crash = {.tool = "tt-reduce", .doing = "reading", .file = file};
  tsr_load_options settings = {
      .target = given.target, .grid = given.grid, .progress = &crash.progress};
  tsr_diag_add_source(diag, file, tsr_buffer_str(source), source->size);
  crash_arm(&crash);
  tsr_module *module =
      tsr_load_module(context, file, tsr_buffer_str(source), source->size,
                      &settings, diag, out_target, out_exit_code);
  crash_disarm();
  tsr_load_print_diag(diag);
  return module;
}

static int reduce_file(tsr_cli *cli) {
  tsr_buffer source;
  tsr_buffer_init(&source);
  int exit_code = tsr_load_text(cli->tool, cli->input, &source);
  if (exit_code == TSR_EXIT_OK) {
    const char *file = tsr_load_name(cli->input);
    tsr_context *context = tsr_context_create();
    tsr_diag *diag = tsr_diag_create();
    tsr_target target;
    tsr_module *module =
        load(context, file, &source, diag, &target, &exit_code);
    if (module)
      exit_code = reduce_and_write(file, module, &target);
    tsr_module_destroy(module);
    tsr_diag_destroy(diag);
    tsr_context_destroy(context);
  }
  tsr_buffer_deinit(&source);
  return exit_code;
}

int main(int argc, char **argv) {
  tsr_cli cli = {
      .tool = "tt-reduce",
      .usage = "IN --test=PROGRAM|--fails=LIST|--differs-after=LIST [-o OUT]",
      .summary =
          "Makes a module as small as it can while it stays interesting: drops "
          "functions,\nops, regions, results, arguments and attributes, and "
          "shrinks shapes, grids and\nnumbers. What it tries is always valid "
          "IR. Progress goes to standard error; the\nresult is written at the "
          "end, or when the run is interrupted, as it is then: it exits with "
          "128 and\nthe number of the signal.",
      .options = table,
      .option_count = sizeof(table) / sizeof(table[0]),
  };
  int exit_code;
  if (!tsr_cli_parse(&cli, argc, argv, &exit_code))
    return exit_code;
  exit_code = check_options(&cli);
  if (exit_code == TSR_EXIT_OK)
    exit_code = check_passes(&cli);
  if (exit_code == TSR_EXIT_OK)
    exit_code = reduce_file(&cli);
  exit_code = tsr_cli_flush(&cli, exit_code);
  tsr_cli_deinit(&cli);
  return exit_code;
}
