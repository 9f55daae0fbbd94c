// Command lines: what every tool of the project does the same way.
//
// A tool has one table of options. From it come parsing, `--help` by category,
// and messages for what is wrong, with "did you mean". `--help` and
// `--version` are there without being in the table, and `--load-pass` where the
// names of passes are options. Options are written
// `--name`, `--name=value` or `--name value`, with one dash or two; `--` ends
// them.
//
//   static const char *output = "-";
//   static bool check = true;
//   static const tsr_cli_option options[] = {
//       {"o", TSR_CLI_VALUE, "FILE", "Output", "where to write", &output},
//       {"check", TSR_CLI_ON_OFF, NULL, "Running", "compare results", &check},
//   };
//   tsr_cli cli = {.tool = "tt-x", .usage = "IN [options]", ...};
//   int exit_code;
//   if (!tsr_cli_parse(&cli, argc, argv, &exit_code))
//     return exit_code;
#ifndef TESSERA_TOOLS_CLI_H
#define TESSERA_TOOLS_CLI_H

#include "tessera/arena.h"
#include "tessera/registry.h"

// Exit codes of all tools. The last is for a tool that crashed.
enum {
  TSR_EXIT_OK = 0,
  TSR_EXIT_INPUT = 1,
  TSR_EXIT_COMMAND = 2,
  TSR_EXIT_CRASH = 3
};

// What may be given. Of those in one row, the others are parsed as the first
// one; they tell what a command that does the same again makes of the value.
typedef enum tsr_cli_kind {
  // --name, --name=on, --name=off; out: bool
  TSR_CLI_FLAG,
  TSR_CLI_ON_OFF,    // for what is on when it is not given
  TSR_CLI_FLAG_ONCE, // for this run only
  // --name=value; out: const char *
  TSR_CLI_VALUE,
  TSR_CLI_OUTPUT, // where something is written: for this run only
  TSR_CLI_INPUT,  // a file that is read
  TSR_CLI_TARGET, // a target, by its name or its file
  // --name or --name=value; out: const char *, "" for none
  TSR_CLI_MAYBE,
  // --name=value, any number of times; out: tsr_cli_values
  TSR_CLI_MANY,
  TSR_CLI_MANY_INPUTS, // files that are read
  TSR_CLI_INPUTS,      // NAME=FILE, which is read
  TSR_CLI_OUTPUTS,     // NAME=FILE, which is written: for this run only
  // the same with or without value, "" for none
  TSR_CLI_MAYBE_MANY,
} tsr_cli_kind;

typedef struct tsr_cli_values {
  const char **items;
  size_t count;
} tsr_cli_values;

typedef struct tsr_cli_option {
  const char *name; // one letter: written with one dash
  tsr_cli_kind kind;
  const char *argument; // what --help calls the value: "FILE"
  const char *category; // heading in --help
  const char *help;
  void *out; // untouched when the option is not given
} tsr_cli_option;

// A pass or pipeline named by a flag of its own: --allocate-cbs=depth=4.
typedef struct tsr_cli_pass {
  const tsr_pass *pass;               // or NULL and
  const tsr_named_pipeline *pipeline; // this
  const char *flag;                   // "--allocate-cbs", for messages
  const char *options;                // "depth=4"
} tsr_cli_pass;

// An option as it was given.
typedef struct tsr_cli_given {
  const tsr_cli_option *option; // its row
  const char *value;            // NULL: none
} tsr_cli_given;

typedef struct tsr_cli {
  // Given by the tool.
  const char *tool;
  const char *usage;   // behind the tool's name
  const char *summary; // a sentence
  const tsr_cli_option *options;
  size_t option_count;
  const tsr_cli_option *shared; // options that other tools have as well
  size_t shared_count;
  bool pass_flags;   // names of passes and pipelines are options too, in order
  bool has_rest;     // what follows `--` is for something else
  const char *again; // what the command needs to do the same with another
                     // input, "%s"; NULL: only that
  // Filled by tsr_cli_parse.
  tsr_registry *registry; // where there are pass flags, else NULL
  tsr_cli_values plugins; // files of --load-pass, all in the registry
  const char *input;      // the one argument that is no option; NULL: none
  tsr_cli_pass *passes;
  size_t pass_count;
  tsr_cli_given *given; // all options, pass flags and plug-ins left out
  size_t given_count;
  char **rest;
  size_t rest_count;
  tsr_arena arena;
} tsr_cli;

// Reads the command line into the options' `out` and into `cli`.
//
// out    true: go on. False: there is nothing more to do than to return
//        `*out_exit_code` from main: help was printed, or what is wrong was
//        said on stderr
// owns   `cli` until tsr_cli_deinit; texts point into argv
bool tsr_cli_parse(tsr_cli *cli, int argc, char **argv, int *out_exit_code);
void tsr_cli_deinit(tsr_cli *cli);

// Writes what stdio still holds for standard output, at the end of a run.
// Returns `exit_code`, or if that is none and not all could be written,
// TSR_EXIT_INPUT, having said so on stderr.
int tsr_cli_flush(const tsr_cli *cli, int exit_code);

// What stands behind `--name=` of a flag; NULL: nothing, which is on. LLVM's
// words for it are known as well.
//
// out    false: it is none of them
bool tsr_cli_read_bool(const char *value, bool *out);

// Reads more options, as if they had been given behind the others. Returns an
// exit code, having said on stderr what is wrong.
//
// in     `values` outlive `cli`
int tsr_cli_parse_more(tsr_cli *cli, int count, char **values);

// Says on stderr what went wrong: a row of diags.def and its arguments. Returns
// TSR_EXIT_INPUT.
int tsr_tool_error(const char *tool, const char *id, const char *format, ...)
    TSR_PRINTF(3, 4);
void tsr_tool_verror(const char *tool, const char *id, const char *format,
                     va_list arguments) TSR_PRINTF(3, 0);

// Says on stderr what is wrong with the command line; returns
// TSR_EXIT_COMMAND.
int tsr_cli_wrong(const tsr_cli *cli, const char *id, const char *format, ...)
    TSR_PRINTF(3, 4);

// Opens the module that has LLVM, for `option`. Returns an exit code, having
// said on stderr what is missing.
int tsr_cli_open_llvm(const char *tool, const char *option);

// The pipeline that `--passes=TEXT` (NULL: not given) and pass flags ask for.
// Both together are wrong.
//
// fails  what is wrong was said on stderr; the exit code is TSR_EXIT_COMMAND
TSR_MUST_USE tsr_result tsr_cli_pipeline(tsr_cli *cli, const char *passes,
                                         tsr_pipeline *out);

#endif
