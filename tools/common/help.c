// --help: every option of the tool's table, by category.

#include "cli_impl.h"

#include <string.h>

const char *cli_dashes(const char *name) {
  return name[1] == '\0' ? "-" : "--";
}

const char *cli_form(tsr_cli *cli, const tsr_cli_option *option) {
  const char *dashes = cli_dashes(option->name);
  bool is_letter = option->name[1] == '\0';
  switch (option->kind) {
  case TSR_CLI_FLAG:
  case TSR_CLI_FLAG_ONCE:
    return tsr_arena_printf(&cli->arena, "%s%s", dashes, option->name);
  case TSR_CLI_ON_OFF:
    return tsr_arena_printf(&cli->arena, "--%s[=on|off]", option->name);
  case TSR_CLI_MAYBE:
  case TSR_CLI_MAYBE_MANY:
    return tsr_arena_printf(&cli->arena, "--%s[=%s]", option->name,
                            option->argument);
  case TSR_CLI_VALUE:
  case TSR_CLI_OUTPUT:
  case TSR_CLI_INPUT:
  case TSR_CLI_TARGET:
  case TSR_CLI_MANY:
  case TSR_CLI_MANY_INPUTS:
  case TSR_CLI_INPUTS:
  case TSR_CLI_OUTPUTS:
    return tsr_arena_printf(&cli->arena, "%s%s%s%s", dashes, option->name,
                            is_letter ? " " : "=", option->argument);
  }
  return "";
}

bool cli_is_first_of_category(const tsr_cli *cli, size_t i) {
  for (size_t j = 0; j < i; j++)
    if (strcmp(cli->options[j].category, cli->options[i].category) == 0)
      return false;
  return true;
}

static void append_entry(tsr_buffer *out, const char *head, const char *help) {
  enum { COLUMN = 30 };
  size_t size = strlen(head);
  tsr_buffer_printf(out, "  %s", head);
  if (size + 4 > COLUMN) {
    tsr_buffer_append_char(out, '\n');
    tsr_buffer_append_repeated(out, ' ', COLUMN);
  } else {
    tsr_buffer_append_repeated(out, ' ', COLUMN - 2 - size);
  }
  tsr_buffer_printf(out, "%s\n", help);
}

static void append_passes(tsr_cli *cli, tsr_buffer *out) {
  tsr_buffer_append_str(
      out,
      "\nPasses, run in the order given; --help=PASS lists the options:\n");
  for (size_t i = 0; i < tsr_registry_pass_count(cli->registry); i++) {
    const tsr_pass *pass = tsr_registry_pass(cli->registry, i);
    const char *form = pass->option_count ? "[=OPTION=VALUE,...]" : "";
    append_entry(out, tsr_arena_printf(&cli->arena, "--%s%s", pass->name, form),
                 pass->summary);
  }
  tsr_buffer_append_str(out, "\nPipelines, which run their passes there:\n");
  for (size_t i = 0; i < tsr_registry_pipeline_count(cli->registry); i++) {
    const tsr_named_pipeline *named = tsr_registry_pipeline(cli->registry, i);
    const char *form = named->option_count ? "[=OPTION=VALUE,...]" : "";
    append_entry(
        out, tsr_arena_printf(&cli->arena, "--%s%s", named->name, form),
        tsr_arena_printf(&cli->arena, "%zu passes; --help=%s lists them",
                         named->run_count, named->name));
  }
}

void cli_append_help(tsr_cli *cli, tsr_buffer *out) {
  tsr_buffer_printf(out, "Usage: %s %s\n\n%s\n", cli->tool, cli->usage,
                    cli->summary);
  for (size_t i = 0; i < cli->option_count; i++) {
    if (!cli_is_first_of_category(cli, i))
      continue;
    tsr_buffer_printf(out, "\n%s:\n", cli->options[i].category);
    for (size_t j = i; j < cli->option_count; j++)
      if (strcmp(cli->options[j].category, cli->options[i].category) == 0)
        append_entry(out, cli_form(cli, &cli->options[j]),
                     cli->options[j].help);
  }
  if (cli->pass_flags)
    append_passes(cli, out);
  tsr_buffer_append_str(out, "\nExit code: 0 done, 1 the input is wrong, "
                             "2 the command line is wrong,\n3 it crashed.\n");
}
