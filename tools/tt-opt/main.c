// tt-opt: reads IR, runs passes in the order given, prints IR.

#include "opt.h"

#include "common/cli.h"
#include "common/load.h"
#include "common/watch.h"

#include "tessera/expect.h"
#include "tessera/text.h"

#include <stdio.h>
#include <string.h>

typedef struct options {
  const char *output, *passes, *target, *grid;
  const char *help_passes, *help_ops, *help_diagnostics;
  const char *help_types;
  bool list_passes, list_ops, list_types, list_diagnostics, split_input,
      verify_diagnostics;
  bool allow_unregistered, run_reproducer;
} options;

static options given = {.output = "-"};

static const char in[] = "Input and output", run[] = "Running passes",
                  docs[] = "Documentation";

static const tsr_cli_option table[] = {
    {"o", TSR_CLI_OUTPUT, "FILE", in, "where to write; - is standard output",
     &given.output},
    {"split-input-file", TSR_CLI_FLAG, NULL, in,
     "take the input apart at lines of '// -----'", &given.split_input},
    {"target", TSR_CLI_TARGET, "NAME", in,
     "board, chip or JSON file, instead of the module's", &given.target},
    {"grid", TSR_CLI_VALUE, "RxC", in,
     "rows x columns of cores, instead of the module's", &given.grid},
    {"allow-unregistered", TSR_CLI_ON_OFF, NULL, in,
     "for scripts: can only be off, an unknown op is always an error",
     &given.allow_unregistered},
    {"passes", TSR_CLI_VALUE, "LIST", run,
     "run these: 'a,b{option=value,...},c'; a pipeline's name counts as well",
     &given.passes},
    {"verify-diagnostics", TSR_CLI_FLAG, NULL, run,
     "compare messages with comments '// expected-error@+1 {{text}}'",
     &given.verify_diagnostics},
    {"run-reproducer", TSR_CLI_FLAG_ONCE, NULL, run,
     "run IN, which --reproducer wrote, as its first line says",
     &given.run_reproducer},
    {"list-passes", TSR_CLI_FLAG, NULL, docs, "list passes and pipelines",
     &given.list_passes},
    {"list-ops", TSR_CLI_FLAG, NULL, docs, "list ops", &given.list_ops},
    {"list-types", TSR_CLI_FLAG, NULL, docs, "list types and element formats",
     &given.list_types},
    {"help-types", TSR_CLI_VALUE, "md", docs,
     "print the tables of types and element formats as Markdown",
     &given.help_types},
    {"help-passes", TSR_CLI_VALUE, "md", docs,
     "print the reference of passes as Markdown", &given.help_passes},
    {"help-ops", TSR_CLI_VALUE, "md", docs,
     "print the table of ops as Markdown", &given.help_ops},
    {"list-diagnostics", TSR_CLI_FLAG, NULL, docs,
     "list the messages there are, with their ids", &given.list_diagnostics},
    {"help-diagnostics", TSR_CLI_VALUE, "md", docs,
     "print the reference of messages as Markdown", &given.help_diagnostics},
};

typedef struct job {
  const char *file;
  tsr_file source;
  tsr_pipeline pipeline;
  tsr_watch *watch;
  // One module is written as it is printed. Several wait here, for they are
  // written only if all are right.
  bool collects;
  tsr_buffer collected;
  bool has_module; // something is in `collected`
  tsr_output output;
  bool has_output; // it is open
} job;

static int report_write(tsr_result result, tsr_buffer *message) {
  if (result != TSR_OK)
    tsr_tool_error("tt-opt", TSR_DIAG(file_failed), tsr_buffer_str(message));
  tsr_buffer_deinit(message);
  return result == TSR_OK ? TSR_EXIT_OK : TSR_EXIT_INPUT;
}

static int open_output(job *j) {
  tsr_buffer message;
  tsr_buffer_init(&message);
  tsr_result result = tsr_output_open(&j->output, given.output, &message);
  j->has_output = result == TSR_OK;
  return report_write(result, &message);
}

static int close_output(job *j, bool keep) {
  tsr_buffer message;
  tsr_buffer_init(&message);
  j->has_output = false;
  tsr_result result = tsr_output_close(&j->output, keep, &message);
  return report_write(result, &message);
}

static int write_output(const tsr_buffer *out) {
  tsr_buffer message;
  tsr_buffer_init(&message);
  tsr_result result = tsr_buffer_write_file(out, given.output, &message);
  return report_write(result, &message);
}

static int put_module(job *j, tsr_module *module) {
  tsr_print_options print = {.locations = tsr_watch_wants_locations()};
  if (!j->collects) {
    // What could not be written is told when the output is closed.
    if (open_output(j) != TSR_EXIT_OK ||
        tsr_module_write(module, &print, tsr_output_write, &j->output) !=
            TSR_OK)
      return TSR_EXIT_INPUT;
    return TSR_EXIT_OK;
  }
  if (j->has_module)
    tsr_buffer_append_str(&j->collected, "// -----\n");
  j->has_module = true;
  tsr_module_print(module, &print, &j->collected);
  return TSR_EXIT_OK;
}

static void pass_source(void *user, size_t offset) {
  tsr_file_pass(user, offset);
}

// Returns the module after the passes, or NULL and an exit code.
static tsr_module *run_module(job *j, tsr_context *context,
                              const tsr_text_piece *p, tsr_diag *diag,
                              int *out_exit_code) {
  tsr_load_options load = {.target = given.target,
                           .grid = given.grid,
                           .first_line = p->first_line,
                           .skip_stage = !tsr_watch_verifies_stage(),
                           .passed = given.split_input ? NULL : pass_source,
                           .user = &j->source,
                           .progress = tsr_watch_progress(j->watch)};
  tsr_target target;
  tsr_watch_enter(j->watch, TSR_WATCH_READ);
  tsr_module *module = tsr_load_module(context, j->file, p->text, p->bytes,
                                       &load, diag, &target, out_exit_code);
  tsr_watch_leave(j->watch);
  if (!module)
    return NULL;
  tsr_run_options run_options = {.target = &target};
  tsr_watch_attach(j->watch, diag, &run_options);
  if (tsr_pipeline_run(&j->pipeline, module, diag, &run_options) == TSR_OK) {
    tsr_watch_count_ops(j->watch, module);
    return module;
  }
  *out_exit_code = TSR_EXIT_INPUT;
  tsr_module_destroy(module);
  return NULL;
}

// Says what is not as comments in the input expect it. Returns an exit code.
static int verify_diagnostics(const job *j, const tsr_text_piece *p,
                              const tsr_diag *diag) {
  tsr_diag *wrong = tsr_diag_create();
  tsr_diag_add_source(wrong, j->file, j->source.data, j->source.size);
  tsr_expect_text text = {j->file, p->text, p->bytes, p->first_line};
  tsr_result result = tsr_diag_expect(diag, &text, wrong);
  tsr_load_print_diag(wrong);
  tsr_diag_destroy(wrong);
  return result == TSR_OK ? TSR_EXIT_OK : TSR_EXIT_INPUT;
}

// Says what was found, or checks it. Returns the exit code of the piece.
static int report(const job *j, const tsr_text_piece *p, const tsr_diag *diag,
                  int exit_code) {
  if (given.verify_diagnostics && exit_code != TSR_EXIT_COMMAND)
    return verify_diagnostics(j, p, diag);
  tsr_load_print_diag(diag);
  return exit_code;
}

static int run_piece(job *j, const tsr_text_piece *p) {
  tsr_context *context = tsr_context_create();
  tsr_diag *diag = tsr_diag_create();
  if (given.verify_diagnostics)
    tsr_diag_keep_all(diag);
  tsr_diag_add_source(diag, j->file, j->source.data, j->source.size);
  int exit_code;
  tsr_module *module = run_module(j, context, p, diag, &exit_code);
  exit_code = report(j, p, diag, exit_code);
  if (module && exit_code == TSR_EXIT_OK) {
    tsr_watch_enter(j->watch, TSR_WATCH_PRINT);
    exit_code = put_module(j, module);
    tsr_watch_leave(j->watch);
  }
  tsr_module_destroy(module);
  tsr_diag_destroy(diag);
  tsr_context_destroy(context);
  return exit_code;
}

static int run_pieces(job *j) {
  tsr_text_piece p = {j->source.data, j->source.size, 1};
  // The text of one module nobody looks at before the parser does.
  if (!given.split_input)
    return run_piece(j, &p);
  int worst = TSR_EXIT_OK;
  p = (tsr_text_piece){NULL, 0, 0};
  for (size_t i = 1; tsr_text_next_piece(j->source.data, j->source.size, &p);
       i++) {
    int exit_code = tsr_watch_set_piece(j->watch, i);
    if (exit_code == TSR_EXIT_OK)
      exit_code = run_piece(j, &p);
    worst = exit_code > worst ? exit_code : worst;
  }
  return worst;
}

// -- Whole runs ---------------------------------------------------------------

// Reads the input, unless that has been done.
static int open_source(const tsr_cli *cli, job *j) {
  if (j->file)
    return TSR_EXIT_OK;
  // In the middle of a pipe nobody wants to write `-`.
  const char *input = cli->input ? cli->input : "-";
  int exit_code = tsr_load_file(cli->tool, input, &j->source);
  if (exit_code == TSR_EXIT_OK)
    j->file = tsr_load_name(input);
  return exit_code;
}

static int run_file(tsr_cli *cli, job *j) {
  int exit_code;
  j->collects = given.split_input || given.verify_diagnostics;
  tsr_buffer_init(&j->collected);
  j->watch = tsr_watch_create(cli, &exit_code);
  if (j->watch && tsr_cli_pipeline(cli, given.passes, &j->pipeline) != TSR_OK)
    exit_code = TSR_EXIT_COMMAND;
  if (exit_code == TSR_EXIT_OK)
    exit_code = open_source(cli, j);
  if (exit_code == TSR_EXIT_OK) {
    tsr_watch_source(j->watch, j->file, j->source.data, j->source.size);
    exit_code = run_pieces(j);
  }
  exit_code = tsr_watch_finish(j->watch, exit_code);
  bool is_fine = exit_code == TSR_EXIT_OK;
  if (j->has_output && close_output(j, is_fine) != TSR_EXIT_OK)
    exit_code = TSR_EXIT_INPUT;
  if (is_fine && j->collects)
    exit_code = write_output(&j->collected);
  tsr_buffer_deinit(&j->collected);
  return exit_code;
}

static int print_docs(const tsr_cli *cli) {
  const char *const forms[] = {given.help_passes, given.help_ops,
                               given.help_types, given.help_diagnostics};
  for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
    if (forms[i] && strcmp(forms[i], "md") != 0)
      return tsr_cli_wrong(cli, TSR_DIAG(cli_reference_form), forms[i]);
  tsr_buffer out;
  tsr_buffer_init(&out);
  if (given.list_passes)
    docs_list_passes(cli->registry, &out);
  if (given.help_passes)
    docs_passes(cli->registry, &out);
  if (given.list_ops)
    docs_list_ops(&out);
  if (given.list_types)
    docs_list_types(&out);
  if (given.help_types)
    docs_types(&out);
  if (given.help_ops)
    docs_ops(&out);
  if (given.list_diagnostics)
    docs_list_diagnostics(&out);
  if (given.help_diagnostics)
    docs_diagnostics(&out);
  int exit_code = write_output(&out);
  tsr_buffer_deinit(&out);
  return exit_code;
}

// The input's first line says what else is to be done with it.
static int read_reproducer(tsr_cli *cli, job *j) {
  if (given.passes || cli->pass_count > 0)
    return tsr_cli_wrong(cli, TSR_DIAG(cli_reproducer_passes),
                         given.passes ? "--passes" : cli->passes[0].flag);
  int code = open_source(cli, j);
  return code == TSR_EXIT_OK ? reproducer_read_options(cli, j->file, &j->source)
                             : code;
}

static int run_tool(tsr_cli *cli) {
  if (given.allow_unregistered)
    return tsr_cli_wrong(cli, TSR_DIAG(cli_unregistered));
  if (given.list_ops || given.list_types || given.help_types ||
      given.list_passes || given.help_passes || given.help_ops ||
      given.list_diagnostics || given.help_diagnostics)
    return print_docs(cli);
  job j = {0};
  int code = given.run_reproducer ? read_reproducer(cli, &j) : TSR_EXIT_OK;
  if (code == TSR_EXIT_OK)
    code = run_file(cli, &j);
  tsr_file_close(&j.source);
  return code;
}

int main(int argc, char **argv) {
  tsr_cli cli = {
      .tool = "tt-opt",
      .usage = "[IN] [--passes=LIST | --PASS[=OPTION=VALUE,...] ...] [-o OUT]",
      .summary = "Reads tile IR (standard input, unless IN is named), verifies "
                 "it, runs passes in\nthe order given, and prints it.",
      .options = table,
      .option_count = sizeof(table) / sizeof(table[0]),
      .shared = tsr_watch_options,
      .shared_count = tsr_watch_option_count,
      .pass_flags = true,
  };
  int exit_code;
  if (!tsr_cli_parse(&cli, argc, argv, &exit_code))
    return exit_code;
  exit_code = run_tool(&cli);
  exit_code = tsr_cli_flush(&cli, exit_code);
  tsr_cli_deinit(&cli);
  return exit_code;
}
