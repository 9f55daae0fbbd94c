// ttc: the whole way from tile IR to a program, and to its results.

#include "common/artifacts.h"
#include "common/cli.h"
#include "common/load.h"
#include "common/watch.h"
#include "run.h"

#include "tessera/vector.h"

#include <stdio.h>
#include <string.h>

static const char *output, *target_name, *grid, *passes;
static bool should_run, kernels_only;
static tsr_print_request emit = {.emit = "all"};

static const tsr_cli_option options[] = {
    {"o", TSR_CLI_OUTPUT, "DIR", "Output", "folder for the files", &output},
    {"kernels-only", TSR_CLI_FLAG, NULL, "Output",
     "write the kernels, and arguments.md on what a host program owes them",
     &kernels_only},
    {"metalium", TSR_CLI_VALUE, "DATE", "Output",
     "API names of tt-metal as of 2026-02 (checked against a tt-metal tree), "
     "2026-08 (default) or 2026-09",
     &emit.metalium},
    {"func", TSR_CLI_VALUE, "NAME", "Output", "only this function", &emit.func},
    {"target", TSR_CLI_TARGET, "NAME", "Target",
     "chip or board, or a JSON file, over what the module says", &target_name},
    {"grid", TSR_CLI_VALUE, "RxC", "Target",
     "rows x columns of cores, over what the module says", &grid},
    {"passes", TSR_CLI_VALUE, "LIST", "Passes",
     "these passes instead of what is left of 'default'", &passes},
    {"run", TSR_CLI_FLAG, NULL, "Running",
     "build main.cpp against the model of the chip and run it; what follows "
     "-- goes to it",
     &should_run},
};

// The default pipeline with the options that pass flags give:
// --allocate-cbs=depth=4 changes that pass wherever it stands.
static const char *default_with_flags(tsr_cli *cli) {
  const tsr_named_pipeline *named =
      tsr_registry_find_pipeline(cli->registry, "default");
  const char *text = "";
  for (size_t k = 0; k < named->run_count; k++) {
    const char *run = named->runs[k];
    for (size_t p = 0; p < cli->pass_count; p++)
      if (strcmp(cli->passes[p].pass->name, run) == 0 &&
          *cli->passes[p].options)
        run = tsr_arena_printf(&cli->arena, "%s{%s}", named->runs[k],
                               cli->passes[p].options);
    text = tsr_arena_printf(&cli->arena, "%s%s%s", text, k ? "," : "", run);
  }
  return text;
}

// Flags of passes are options of the default pipeline, so one of a pipeline
// stands alone.
static const tsr_cli_pass *find_pipeline_flag(const tsr_cli *cli) {
  for (size_t i = 0; i < cli->pass_count; i++)
    if (cli->passes[i].pipeline)
      return &cli->passes[i];
  return NULL;
}

// `--passes` as given, else the default pipeline, or the one that has a flag,
// as far as it is still to do.
static int find_pipeline(tsr_cli *cli, tsr_diag *diag, tsr_pipeline *out) {
  // Flags are read by themselves first, so that messages show what was typed.
  if (tsr_cli_pipeline(cli, passes, out) != TSR_OK)
    return TSR_EXIT_COMMAND;
  const tsr_cli_pass *named = find_pipeline_flag(cli);
  if (named && cli->pass_count > 1)
    return tsr_cli_wrong(cli, TSR_DIAG(cli_pipeline_alone), named->flag);
  if (passes || named)
    return TSR_EXIT_OK;
  *out = (tsr_pipeline){NULL, 0};
  tsr_result result =
      tsr_pipeline_parse(cli->registry, "default", default_with_flags(cli),
                         &cli->arena, diag, out);
  return result == TSR_OK ? TSR_EXIT_OK : TSR_EXIT_COMMAND;
}

static int lower(tsr_module *module, const tsr_pipeline *pipeline,
                 const tsr_target *target, tsr_diag *diag, tsr_watch *watch) {
  tsr_pipeline todo =
      passes ? *pipeline : tsr_pipeline_remaining(pipeline, module);
  tsr_run_options run = {.target = target};
  tsr_watch_attach(watch, diag, &run);
  return tsr_pipeline_run(&todo, module, diag, &run) == TSR_OK ? TSR_EXIT_OK
                                                               : TSR_EXIT_INPUT;
}

// Runs every function that was printed, each in its folder.
static int run_functions(tsr_cli *cli, const tsr_artifacts *files,
                         const tsr_target *target) {
  const char *metalium = emit.metalium ? emit.metalium : tsr_default_metalium;
  const char *model = target_name ? target_name : target->name;
  int worst = TSR_EXIT_OK;
  for (size_t i = 0; i < files->count; i++) {
    const char *path = files->items[i].path;
    // "main.cpp" itself, or in the folder of one function of several.
    static const char name[] = "main.cpp";
    const char *slash = strrchr(path, '/');
    if (strcmp(slash ? slash + 1 : path, name) != 0)
      continue;
    const char *folder = slash
                             ? tsr_arena_printf(&cli->arena, "%s/%.*s", output,
                                                (int)(slash - path), path)
                             : output;
    int code = ttc_run(folder, metalium, model, cli->rest, cli->rest_count);
    worst = code > worst ? code : worst;
  }
  return worst;
}

// What the program writes may be what this command reads: it cannot know.
static int check_rest(const tsr_cli *cli) {
  for (size_t i = 0; i < cli->rest_count; i++) {
    static const char option[] = "--output";
    const char *argument = cli->rest[i];
    if (strncmp(argument, option, strlen(option)) != 0)
      continue;
    argument += strlen(option);
    const char *value = *argument == '='          ? argument + 1
                        : i + 1 < cli->rest_count ? cli->rest[i + 1]
                                                  : "";
    const char *equals = strchr(value, '=');
    const char *kept = equals ? tsr_find_kept_file(equals + 1) : NULL;
    if (kept)
      return tsr_cli_wrong(cli, TSR_DIAG(cli_file_read), cli->rest[i], kept);
  }
  return TSR_EXIT_OK;
}

static int compile(tsr_cli *cli, tsr_watch *watch, const char *text,
                   size_t bytes) {
  tsr_context *context = tsr_context_create();
  tsr_diag *diag = tsr_diag_create();
  tsr_artifacts files;
  tsr_artifacts_init(&files);
  tsr_load_options load = {.target = target_name,
                           .grid = grid,
                           .progress = tsr_watch_progress(watch)};
  tsr_target target;
  tsr_module *module = NULL;
  tsr_pipeline pipeline;
  const char *file = tsr_load_name(cli->input);
  tsr_diag_add_source(diag, file, text, bytes);
  int code = find_pipeline(cli, diag, &pipeline);
  tsr_watch_source(watch, file, text, bytes);
  tsr_watch_enter(watch, TSR_WATCH_READ);
  if (code == TSR_EXIT_OK)
    module = tsr_load_module(context, file, text, bytes, &load, diag, &target,
                             &code);
  tsr_watch_leave(watch);
  if (module)
    code = lower(module, &pipeline, &target, diag, watch);
  if (module && code == TSR_EXIT_OK) {
    tsr_watch_count_ops(watch, module);
    tsr_watch_enter(watch, TSR_WATCH_PRINT);
    code = tsr_print_artifacts(cli->tool, module, &target, &emit, diag, &files);
    tsr_watch_leave(watch);
  }
  if (code == TSR_EXIT_OK)
    code = check_rest(cli);
  if (code == TSR_EXIT_OK &&
      tsr_artifacts_write(&files, output, diag) != TSR_OK)
    code = TSR_EXIT_INPUT;
  tsr_load_print_diag(diag);
  if (code == TSR_EXIT_OK && should_run)
    code = run_functions(cli, &files, &target);
  tsr_artifacts_deinit(&files);
  tsr_module_destroy(module);
  tsr_diag_destroy(diag);
  tsr_context_destroy(context);
  return code;
}

static int run_tool(tsr_cli *cli) {
  if (!output || !*output || strcmp(output, "-") == 0)
    return tsr_cli_wrong(cli, TSR_DIAG(cli_folder_missing));
  if (kernels_only && should_run)
    return tsr_cli_wrong(cli, TSR_DIAG(cli_run_needs_host));
  if (cli->rest_count && !should_run)
    return tsr_cli_wrong(cli, TSR_DIAG(cli_rest_unused));
  if (kernels_only)
    emit.emit = "kernels,contract";
  tsr_buffer text;
  tsr_buffer_init(&text);
  int code;
  tsr_watch *watch = tsr_watch_create(cli, &code);
  if (code == TSR_EXIT_OK)
    code = tsr_load_text(cli->tool, cli->input, &text);
  if (code == TSR_EXIT_OK)
    code = compile(cli, watch, tsr_buffer_str(&text), text.size);
  code = tsr_watch_finish(watch, code);
  tsr_buffer_deinit(&text);
  return code;
}

int main(int argc, char **argv) {
  tsr_cli cli = {.tool = "ttc",
                 .usage = "IN -o DIR [--run [-- ARGS]]",
                 .summary = "Compiles tile IR to a TT-Metalium program: "
                            "kernels, host program and plan.\nThe option of "
                            "a pass is given as --PASS=OPTION=VALUE.",
                 .options = options,
                 .option_count = sizeof options / sizeof options[0],
                 .shared = tsr_watch_options,
                 .shared_count = tsr_watch_option_count,
                 .pass_flags = true,
                 .has_rest = true,
                 .again = "%s -o %t"};
  int code;
  if (!tsr_cli_parse(&cli, argc, argv, &code))
    return code;
  code = run_tool(&cli);
  code = tsr_cli_flush(&cli, code);
  tsr_cli_deinit(&cli);
  return code;
}
