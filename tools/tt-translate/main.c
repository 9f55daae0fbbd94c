// tt-translate: print a fully lowered module in another language.

#include "common/artifacts.h"
#include "common/cli.h"
#include "common/load.h"
#include "common/watch.h"

#include <stdio.h>
#include <string.h>

static const char *output = "-";
static const char *target_name, *grid;
static tsr_print_request emit = {.emit = "all"};

static const tsr_cli_option options[] = {
    {"emit", TSR_CLI_VALUE, "WHAT,...", "Printing",
     "reader, compute, writer, kernels, host, cmake, plan, contract, dot, llvm "
     "or "
     "all; several with commas (default all)",
     &emit.emit},
    {"func", TSR_CLI_VALUE, "NAME", "Printing", "only this function",
     &emit.func},
    {"program", TSR_CLI_VALUE, "NAME", "Printing", "only this program",
     &emit.program},
    {"metalium", TSR_CLI_VALUE, "DATE", "Printing",
     "API names of tt-metal as of 2026-02 (checked against a tt-metal tree), "
     "2026-08 (default) or 2026-09",
     &emit.metalium},
    {"target", TSR_CLI_TARGET, "NAME", "Target",
     "chip or board, or a JSON file, over what the module says", &target_name},
    {"grid", TSR_CLI_VALUE, "RxC", "Target",
     "rows x columns of cores, over what the module says", &grid},
    {"o", TSR_CLI_OUTPUT, "PATH", "Output",
     "a folder; for a single file also a file, or - for standard output "
     "(default)",
     &output},
};

// One file goes to a file or to standard output; several need a folder.
static int write_output(tsr_cli *cli, const tsr_artifacts *files,
                        tsr_diag *diag) {
  size_t length = strlen(output);
  if (!length)
    return tsr_cli_wrong(cli, TSR_DIAG(cli_output_empty));
  bool is_folder = files->count > 1 || (length && output[length - 1] == '/');
  if (is_folder && strcmp(output, "-") == 0)
    return tsr_cli_wrong(cli, TSR_DIAG(cli_many_files), files->count);
  if (is_folder)
    return tsr_artifacts_write(files, output, diag) == TSR_OK ? TSR_EXIT_OK
                                                              : TSR_EXIT_INPUT;
  tsr_buffer message;
  tsr_buffer_init(&message);
  tsr_result result =
      tsr_buffer_write_file(&files->items[0].text, output, &message);
  if (result != TSR_OK)
    tsr_tool_error(cli->tool, TSR_DIAG(file_failed), tsr_buffer_str(&message));
  tsr_buffer_deinit(&message);
  return result == TSR_OK ? TSR_EXIT_OK : TSR_EXIT_INPUT;
}

static int translate(tsr_cli *cli, tsr_watch *watch, const char *text,
                     size_t bytes) {
  tsr_context *context = tsr_context_create();
  tsr_diag *diag = tsr_diag_create();
  tsr_artifacts files;
  tsr_artifacts_init(&files);
  tsr_load_options load = {.target = target_name,
                           .grid = grid,
                           .progress = tsr_watch_progress(watch)};
  tsr_target target;
  int code;
  const char *file = tsr_load_name(cli->input);
  tsr_diag_add_source(diag, file, text, bytes);
  tsr_watch_source(watch, file, text, bytes);
  tsr_watch_enter(watch, TSR_WATCH_READ);
  tsr_module *module =
      tsr_load_module(context, file, text, bytes, &load, diag, &target, &code);
  tsr_watch_leave(watch);
  if (module) {
    tsr_watch_enter(watch, TSR_WATCH_PRINT);
    code = tsr_print_artifacts(cli->tool, module, &target, &emit, diag, &files);
    tsr_watch_leave(watch);
  }
  if (module && code == TSR_EXIT_OK)
    code = write_output(cli, &files, diag);
  tsr_load_print_diag(diag);
  tsr_artifacts_deinit(&files);
  tsr_module_destroy(module);
  tsr_diag_destroy(diag);
  tsr_context_destroy(context);
  return code;
}

int main(int argc, char **argv) {
  tsr_cli cli = {.tool = "tt-translate",
                 .usage = "IN --emit=WHAT [-o PATH]",
                 .summary = "Prints a fully lowered module as TT-Metalium C++, "
                            "CMake and JSON.",
                 .options = options,
                 .option_count = sizeof options / sizeof options[0],
                 .shared = &tsr_watch_options[tsr_watch_option_count - 1],
                 .shared_count = 1};
  int code;
  if (!tsr_cli_parse(&cli, argc, argv, &code))
    return code;
  tsr_buffer text;
  tsr_buffer_init(&text);
  tsr_watch *watch = tsr_watch_create(&cli, &code);
  if (code == TSR_EXIT_OK)
    code = tsr_load_text(cli.tool, cli.input, &text);
  if (code == TSR_EXIT_OK)
    code = translate(&cli, watch, tsr_buffer_str(&text), text.size);
  code = tsr_watch_finish(watch, code);
  tsr_buffer_deinit(&text);
  code = tsr_cli_flush(&cli, code);
  tsr_cli_deinit(&cli);
  return code;
}
