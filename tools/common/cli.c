// Command lines: parsing and help, from a tool's table of options.

#include "cli_impl.h"

#include "load.h"

#include "tessera/backend.h"
#include "tessera/buffer.h"
#include "tessera/support.h"
#include "tessera/version.h"

#include <cjson/cJSON.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

// -- Saying what is wrong -----------------------------------------------------

void tsr_tool_verror(const char *tool, const char *id, const char *format,
                     va_list arguments) {
  tsr_diag *diag = tsr_diag_create();
  tsr_diag_verror_at(diag, (tsr_loc){tool, 0, 0}, id, format, arguments);
  tsr_load_print_diag(diag);
  tsr_diag_destroy(diag);
}

int tsr_tool_error(const char *tool, const char *id, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  tsr_tool_verror(tool, id, format, arguments);
  va_end(arguments);
  return TSR_EXIT_INPUT;
}

int tsr_cli_wrong(const tsr_cli *cli, const char *id, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  tsr_tool_verror(cli->tool, id, format, arguments);
  va_end(arguments);
  return TSR_EXIT_COMMAND;
}

int tsr_cli_open_llvm(const char *tool, const char *option) {
  tsr_buffer message;
  tsr_buffer_init(&message);
  bool is_open = tsr_llvm_load(&message) == TSR_OK;
  if (!is_open)
    tsr_tool_error(tool, TSR_DIAG(cli_needs_llvm), option,
                   tsr_buffer_str(&message));
  tsr_buffer_deinit(&message);
  return is_open ? TSR_EXIT_OK : TSR_EXIT_COMMAND;
}

static const char load_pass[] = "load-pass", completion[] = "completion",
                  complete[] = "complete";

// -- Kinds --------------------------------------------------------------------

bool cli_is_flag(tsr_cli_kind kind) {
  return kind == TSR_CLI_FLAG || kind == TSR_CLI_ON_OFF ||
         kind == TSR_CLI_FLAG_ONCE;
}

bool cli_is_list(tsr_cli_kind kind) {
  return kind == TSR_CLI_MANY || kind == TSR_CLI_MANY_INPUTS ||
         kind == TSR_CLI_INPUTS || kind == TSR_CLI_OUTPUTS ||
         kind == TSR_CLI_MAYBE_MANY;
}

bool cli_needs_value(tsr_cli_kind kind) {
  return !cli_is_flag(kind) && kind != TSR_CLI_MAYBE &&
         kind != TSR_CLI_MAYBE_MANY;
}

// -- Parsing ------------------------------------------------------------------

typedef struct arguments {
  tsr_cli *cli;
  int count, at;
  char **values;
  bool *given;       // per option of the table
  const char *maybe; // the argument before, if its value stands behind '=' only
} arguments;

const char *cli_read_name(tsr_cli *cli, const char *argument,
                          const char **out_value) {
  if (argument[0] != '-' || argument[1] == '\0')
    return NULL;
  bool is_double = argument[1] == '-';
  const char *text = argument + (is_double ? 2 : 1);
  size_t size = strcspn(text, "=");
  if (size == 0 || (is_double && size == 1))
    return NULL;
  *out_value = text[size] == '=' ? text + size + 1 : NULL;
  return tsr_arena_strndup(&cli->arena, text, size);
}

// Adds to an array that doubles whenever its size is a power of two.
static void *append(tsr_arena *arena, void *items, size_t count, size_t bytes,
                    const void *item) {
  if ((count & (count - 1)) == 0) {
    void *larger = tsr_arena_alloc_array(arena, 2 * count + 1, bytes);
    if (count > 0)
      memcpy(larger, items, count * bytes);
    items = larger;
  }
  memcpy((char *)items + count * bytes, item, bytes);
  return items;
}

static void add_value(tsr_cli *cli, tsr_cli_values *values, const char *value) {
  values->items =
      append(&cli->arena, values->items, values->count, sizeof(value), &value);
  values->count++;
}

static void set_text(const tsr_cli_option *option, const char *value) {
  *(const char **)option->out = value;
}

const tsr_cli_option *cli_find_option(const tsr_cli *cli, const char *name) {
  for (size_t i = 0; i < cli->option_count; i++)
    if (strcmp(cli->options[i].name, name) == 0)
      return &cli->options[i];
  return NULL;
}

// The value behind '=' or in the next argument, unless that is an option; NULL
// when there is none.
static const char *take_value(arguments *a, const char *value) {
  if (value || a->at + 1 >= a->count)
    return value;
  const char *next = a->values[a->at + 1], *next_value;
  const char *name = cli_read_name(a->cli, next, &next_value);
  if (name && cli_find_option(a->cli, name))
    return NULL;
  a->at++;
  return next;
}

// What counts is what was given last.
static void note_given(tsr_cli *cli, const tsr_cli_option *option,
                       const char *value) {
  tsr_cli_given added = {option, value};
  for (size_t i = 0; i < cli->given_count && !cli_is_list(option->kind); i++)
    if (cli->given[i].option == option) {
      cli->given[i] = added;
      return;
    }
  cli->given =
      append(&cli->arena, cli->given, cli->given_count, sizeof(added), &added);
  cli->given_count++;
}

bool tsr_cli_read_bool(const char *value, bool *out) {
  *out = true;
  return !value || tsr_parse_bool(value, out);
}

static int set_bool(const tsr_cli *cli, const tsr_cli_option *option,
                    const char *value) {
  if (!tsr_cli_read_bool(value, option->out))
    return tsr_cli_wrong(cli, TSR_DIAG(cli_on_off), option->name, value);
  return TSR_EXIT_OK;
}

static int set_option(arguments *a, const tsr_cli_option *option,
                      const char *value) {
  const tsr_cli *cli = a->cli;
  bool *given = &a->given[option - cli->options];
  if (*given && !cli_is_list(option->kind))
    return tsr_cli_wrong(cli, TSR_DIAG(cli_option_twice),
                         cli_dashes(option->name), option->name);
  *given = true;
  if (cli_needs_value(option->kind))
    value = take_value(a, value);
  note_given(a->cli, option, value);
  if (cli_is_flag(option->kind))
    return set_bool(cli, option, value);
  if (!cli_needs_value(option->kind) && value && !*value)
    return tsr_cli_wrong(cli, TSR_DIAG(cli_value_empty),
                         cli_dashes(option->name), option->name,
                         option->argument);
  if (option->kind == TSR_CLI_MAYBE) {
    set_text(option, value ? value : "");
    return TSR_EXIT_OK;
  }
  if (option->kind == TSR_CLI_MAYBE_MANY) {
    add_value(a->cli, option->out, value ? value : "");
    return TSR_EXIT_OK;
  }
  bool is_name = strcmp(option->argument, "NAME") == 0;
  if (!value || (is_name && !*value))
    return tsr_cli_wrong(cli, TSR_DIAG(cli_value_missing),
                         cli_dashes(option->name), option->name,
                         option->argument);
  if (cli_is_list(option->kind))
    add_value(a->cli, option->out, value);
  else
    set_text(option, value);
  return TSR_EXIT_OK;
}

static void add_pass(tsr_cli *cli, const char *name, const tsr_pass *pass,
                     const tsr_named_pipeline *pipeline, const char *options) {
  tsr_cli_pass added = {
      .pass = pass,
      .pipeline = pipeline,
      .flag = tsr_arena_printf(&cli->arena, "--%s", name),
      .options = options ? options : "",
  };
  cli->passes =
      append(&cli->arena, cli->passes, cli->pass_count, sizeof(added), &added);
  cli->pass_count++;
}

static bool has_value_behind_sign_only(const tsr_cli_option *option) {
  return option->kind == TSR_CLI_MAYBE || option->kind == TSR_CLI_MAYBE_MANY ||
         option->kind == TSR_CLI_ON_OFF;
}

// --name, --name=value, -o
static int parse_option(arguments *a, const char *argument) {
  tsr_cli *cli = a->cli;
  const char *value = NULL;
  const char *name = cli_read_name(cli, argument, &value);
  if (!name)
    return cli_unknown_option(cli, argument, argument + 2);
  if (cli->pass_flags && strcmp(name, load_pass) == 0) {
    take_value(a, value); // load_plugins has loaded it
    return TSR_EXIT_OK;
  }
  const tsr_cli_option *option = cli_find_option(cli, name);
  if (option) {
    a->maybe = !value && has_value_behind_sign_only(option) ? argument : NULL;
    return set_option(a, option, value);
  }
  const tsr_pass *pass = NULL;
  const tsr_named_pipeline *pipeline = NULL;
  if (cli->pass_flags) {
    pass = tsr_registry_find_pass(cli->registry, name);
    pipeline = tsr_registry_find_pipeline(cli->registry, name);
  }
  if (!pass && !pipeline)
    return cli_unknown_option(cli, argument, name);
  bool has_options = (pass ? pass->option_count : pipeline->option_count) > 0;
  a->maybe = !value && has_options ? argument : NULL;
  add_pass(cli, name, pass, pipeline, value);
  return TSR_EXIT_OK;
}

static int parse_input(arguments *a, const char *argument) {
  tsr_cli *cli = a->cli;
  if (cli->input && a->maybe)
    return tsr_cli_wrong(cli, TSR_DIAG(cli_value_or_input), cli->input,
                         argument, a->maybe, a->maybe, argument);
  if (cli->input)
    return tsr_cli_wrong(cli, TSR_DIAG(cli_one_input), cli->input, argument);
  cli->input = argument;
  return TSR_EXIT_OK;
}

static int parse_rest(arguments *a) {
  tsr_cli *cli = a->cli;
  if (cli->has_rest) {
    cli->rest = a->values + a->at + 1;
    cli->rest_count = (size_t)(a->count - a->at - 1);
    a->at = a->count;
    return TSR_EXIT_OK;
  }
  int exit_code = TSR_EXIT_OK;
  while (exit_code == TSR_EXIT_OK && ++a->at < a->count)
    exit_code = parse_input(a, a->values[a->at]);
  return exit_code;
}

// From argument `first` on.
static int parse_arguments(arguments *a, int first) {
  int exit_code = TSR_EXIT_OK;
  for (a->at = first; a->at < a->count && exit_code == TSR_EXIT_OK; a->at++) {
    const char *argument = a->values[a->at];
    bool is_option = argument[0] == '-' && argument[1] != '\0';
    if (strcmp(argument, "--") == 0)
      exit_code = parse_rest(a);
    else if (is_option)
      exit_code = parse_option(a, argument);
    else
      exit_code = parse_input(a, argument);
    if (!is_option)
      a->maybe = NULL;
  }
  return exit_code;
}

// -- Plug-ins -----------------------------------------------------------------

// They come before everything else, since the names of their passes are options
// wherever those stand, and in --help.

// A flag means one thing, so nothing may be called as an option is.
static int check_flag(const tsr_cli *cli, const char *path, const char *what,
                      const char *name) {
  return cli_find_option(cli, name)
             ? tsr_cli_wrong(cli, TSR_DIAG(cli_pass_is_option), path, what,
                             name, name)
             : TSR_EXIT_OK;
}

static int check_flags(const tsr_cli *cli, const char *path, size_t first_pass,
                       size_t first_pipeline) {
  int code = TSR_EXIT_OK;
  size_t count = tsr_registry_pass_count(cli->registry);
  for (size_t i = first_pass; i < count && code == TSR_EXIT_OK; i++)
    code = check_flag(cli, path, "pass",
                      tsr_registry_pass(cli->registry, i)->name);
  count = tsr_registry_pipeline_count(cli->registry);
  for (size_t i = first_pipeline; i < count && code == TSR_EXIT_OK; i++)
    code = check_flag(cli, path, "pipeline",
                      tsr_registry_pipeline(cli->registry, i)->name);
  return code;
}

static int load_plugin(tsr_cli *cli, const char *path) {
  size_t pass = tsr_registry_pass_count(cli->registry);
  size_t pipeline = tsr_registry_pipeline_count(cli->registry);
  int exit_code = tsr_load_plugin(cli->tool, cli->registry, path);
  add_value(cli, &cli->plugins, path);
  return exit_code == TSR_EXIT_OK ? check_flags(cli, path, pass, pipeline)
                                  : exit_code;
}

// Whether the option takes the argument behind it, if it has no value yet.
static bool takes_next(const tsr_cli *cli, const char *name) {
  const tsr_cli_option *option = cli_find_option(cli, name);
  return option && cli_needs_value(option->kind);
}

static int load_plugins(arguments *a, int first) {
  int exit_code = TSR_EXIT_OK;
  for (a->at = first; a->at < a->count && exit_code == TSR_EXIT_OK; a->at++) {
    const char *argument = a->values[a->at], *value;
    if (strcmp(argument, "--") == 0)
      break;
    const char *name = cli_read_name(a->cli, argument, &value);
    if (!name)
      continue;
    if (strcmp(name, load_pass) != 0) {
      if (takes_next(a->cli, name))
        take_value(a, value);
      continue;
    }
    value = take_value(a, value);
    exit_code = value ? load_plugin(a->cli, value)
                      : tsr_cli_wrong(a->cli, TSR_DIAG(cli_value_missing), "--",
                                      load_pass, "FILE.so");
  }
  return exit_code;
}

void cli_load_plugins(tsr_cli *cli, int count, char **values) {
  arguments a = {.cli = cli, .count = count, .values = values};
  if (cli->pass_flags)
    (void)load_plugins(&a, 1);
}

// -- What is not in the tools' tables -----------------------------------------

// Help and the like wherever they stand, before anything can be wrong. Returns
// an exit code, or -1 when none is asked for.
static int answer(tsr_cli *cli, const char *name, const char *value,
                  tsr_buffer *out) {
  if (strcmp(name, "help") == 0 && value)
    return cli_append_topic(cli, value, out);
  if (strcmp(name, "help") == 0)
    cli_append_help(cli, out);
  else if (strcmp(name, "manual") == 0)
    cli_append_manual(cli, out);
  else if (strcmp(name, "version") == 0)
    tsr_buffer_printf(out, "%s (tessera) %s\n", cli->tool, TSR_VERSION);
  else if (strcmp(name, complete) == 0)
    cli_complete(cli, value ? value : "", out);
  else if (strcmp(name, completion) != 0)
    return -1;
  else if (!value || !cli_append_completion(cli, value, out))
    return tsr_cli_wrong(cli, TSR_DIAG(cli_form), completion,
                         "bash, zsh or fish", value ? value : "");
  return TSR_EXIT_OK;
}

static bool asks_for_help(tsr_cli *cli, int argc, char **argv,
                          int *out_exit_code) {
  for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
    const char *value;
    const char *text = strcmp(argv[i], "-h") == 0 ? "--help" : argv[i];
    const char *name = cli_read_name(cli, text, &value);
    if (!name)
      continue;
    bool takes_word =
        strcmp(name, completion) == 0 || strcmp(name, complete) == 0;
    if (takes_word && !value && i + 1 < argc)
      value = argv[i + 1];
    tsr_buffer out;
    tsr_buffer_init(&out);
    int code = answer(cli, name, value, &out);
    fwrite(tsr_buffer_str(&out), 1, out.size, stdout);
    tsr_buffer_deinit(&out);
    if (code < 0)
      continue;
    *out_exit_code = code;
    return true;
  }
  return false;
}

// What every tool has. Answered before options are read, so that nothing is
// stored.
static const tsr_cli_option general[] = {
    {"help", TSR_CLI_MAYBE, "NAME", "General",
     "print this, or what NAME is: an option, pass, pipeline, op, type or "
     "message",
     NULL},
    {"version", TSR_CLI_FLAG, NULL, "General", "print the version", NULL},
    {completion, TSR_CLI_VALUE, "bash|zsh|fish", "General",
     "print what the shell needs to complete command lines", NULL},
    {complete, TSR_CLI_VALUE, "LINE", "General",
     "print what may stand for the last word of LINE, which shells ask for",
     NULL},
    {"manual", TSR_CLI_FLAG, NULL, "General", "print the page for man", NULL},
    {load_pass, TSR_CLI_MANY_INPUTS, "FILE.so", "General",
     "add the passes of a plug-in", NULL},
};
enum { GENERAL_COUNT = sizeof(general) / sizeof(general[0]) };

static void add_options(tsr_cli_option *all, size_t *count,
                        const tsr_cli_option *more, size_t more_count) {
  if (more_count > 0)
    memcpy(all + *count, more, more_count * sizeof(*all));
  *count += more_count;
}

// Makes one table of the tool's own options, those it shares, and the general
// ones, of which the last is for tools that run passes.
static void join_options(tsr_cli *cli) {
  size_t general_count = GENERAL_COUNT - (cli->pass_flags ? 0 : 1), count = 0;
  tsr_cli_option *all =
      TSR_NEW_ARRAY(&cli->arena, tsr_cli_option,
                    cli->option_count + cli->shared_count + general_count);
  add_options(all, &count, cli->options, cli->option_count);
  add_options(all, &count, cli->shared, cli->shared_count);
  add_options(all, &count, general, general_count);
  cli->options = all;
  cli->option_count = count;
}

// -- Interface ----------------------------------------------------------------

static void *allocate(size_t bytes) {
  return tsr_mem_resize(NULL, bytes ? bytes : 1);
}

static void release(void *data) { tsr_mem_resize(data, 0); }

// cJSON takes its memory from where all other comes from, so that none of its
// results need be looked at for NULL. It is one for the whole program: the
// library leaves it alone, a tool owns its program.
static void use_own_memory(void) {
  cJSON_InitHooks(&(cJSON_Hooks){.malloc_fn = allocate, .free_fn = release});
}

bool tsr_cli_parse(tsr_cli *cli, int argc, char **argv, int *out_exit_code) {
  // A file that may not grow is a failed write, to be reported and cleaned up
  // after like any other.
  signal(SIGXFSZ, SIG_IGN);
  use_own_memory();
  tsr_arena_init(&cli->arena);
  if (cli->pass_flags) {
    cli->registry = tsr_registry_create();
    tsr_registry_add_builtin(cli->registry);
  }
  join_options(cli);
  arguments a = {.cli = cli, .count = argc, .values = argv};
  a.given = TSR_NEW_ARRAY(&cli->arena, bool, cli->option_count + 1);
  *out_exit_code = TSR_EXIT_OK;
  if (cli->pass_flags)
    *out_exit_code = load_plugins(&a, 1);
  bool done = *out_exit_code == TSR_EXIT_OK &&
              asks_for_help(cli, argc, argv, out_exit_code);
  if (!done && *out_exit_code == TSR_EXIT_OK)
    *out_exit_code = parse_arguments(&a, 1);
  if (!done && *out_exit_code == TSR_EXIT_OK)
    *out_exit_code = cli_check_outputs(cli);
  done = done || *out_exit_code != TSR_EXIT_OK;
  if (done) {
    *out_exit_code = tsr_cli_flush(cli, *out_exit_code);
    tsr_cli_deinit(cli);
  }
  return !done;
}

int tsr_cli_parse_more(tsr_cli *cli, int count, char **values) {
  arguments a = {.cli = cli, .count = count, .values = values};
  a.given = TSR_NEW_ARRAY(&cli->arena, bool, cli->option_count + 1);
  int exit_code = cli->pass_flags ? load_plugins(&a, 0) : TSR_EXIT_OK;
  if (exit_code == TSR_EXIT_OK)
    exit_code = parse_arguments(&a, 0);
  return exit_code == TSR_EXIT_OK ? cli_check_outputs(cli) : exit_code;
}

int tsr_cli_flush(const tsr_cli *cli, int exit_code) {
  // An earlier write may be what failed, so the system's reason is gone.
  if (fflush(stdout) == 0 && !ferror(stdout))
    return exit_code;
  tsr_tool_error(cli->tool, TSR_DIAG(stdout_failed));
  return exit_code == TSR_EXIT_OK ? TSR_EXIT_INPUT : exit_code;
}

void tsr_cli_deinit(tsr_cli *cli) {
  tsr_keep_no_files();
  tsr_registry_destroy(cli->registry);
  tsr_arena_deinit(&cli->arena);
}

tsr_result tsr_cli_pipeline(tsr_cli *cli, const char *passes,
                            tsr_pipeline *out) {
  *out = (tsr_pipeline){NULL, 0};
  if (passes && cli->pass_count > 0) {
    tsr_cli_wrong(cli, TSR_DIAG(cli_passes_twice), cli->passes[0].flag);
    return TSR_FAILED;
  }
  tsr_diag *diag = tsr_diag_create();
  tsr_result result = TSR_OK;
  if (passes)
    result = tsr_pipeline_parse(cli->registry, "--passes", passes, &cli->arena,
                                diag, out);
  for (size_t i = 0; i < cli->pass_count && result == TSR_OK; i++) {
    const tsr_cli_pass *p = &cli->passes[i];
    result =
        p->pass ? tsr_pipeline_append(p->flag, p->pass, p->options, &cli->arena,
                                      diag, out)
                : tsr_pipeline_append_named(cli->registry, p->flag, p->pipeline,
                                            p->options, &cli->arena, diag, out);
  }
  tsr_load_print_diag(diag);
  tsr_diag_destroy(diag);
  return result;
}
