// --manual: the tool's page for man(1), from the same table as --help.

#include "cli_impl.h"

#include "tessera/version.h"

#include <string.h>

// Text with nothing in it that troff would take for its own.
static void append_text(tsr_buffer *out, const char *text) {
  bool is_line_start = true;
  for (; *text; text++) {
    if (is_line_start && (*text == '.' || *text == '\''))
      tsr_buffer_append_str(out, "\\&");
    is_line_start = *text == '\n';
    if (*text == '-')
      tsr_buffer_append_str(out, "\\-");
    else if (*text == '\\')
      tsr_buffer_append_str(out, "\\e");
    else if (*text == '\'')
      tsr_buffer_append_str(out, "\\(aq");
    else
      tsr_buffer_append_char(out, *text);
  }
}

static void append_section(tsr_buffer *out, const char *macro,
                           const char *title) {
  tsr_buffer_printf(out, ".%s \"", macro);
  for (; *title; title++)
    tsr_buffer_append_char(out, *title == '"' ? '\'' : *title);
  tsr_buffer_append_str(out, "\"\n");
}

static void append_item(tsr_buffer *out, const char *form, const char *help) {
  tsr_buffer_append_str(out, ".TP\n\\fB");
  append_text(out, form);
  tsr_buffer_append_str(out, "\\fR\n");
  append_text(out, help);
  tsr_buffer_append_char(out, '\n');
}

static void append_options(tsr_cli *cli, tsr_buffer *out) {
  for (size_t i = 0; i < cli->option_count; i++) {
    if (!cli_is_first_of_category(cli, i))
      continue;
    append_section(out, "SS", cli->options[i].category);
    for (size_t j = i; j < cli->option_count; j++)
      if (strcmp(cli->options[j].category, cli->options[i].category) == 0)
        append_item(out, cli_form(cli, &cli->options[j]), cli->options[j].help);
  }
}

static void append_pipelines(tsr_cli *cli, tsr_buffer *out) {
  append_section(out, "SH", "PIPELINES");
  append_text(out, "The flag of a pipeline stands for those of its passes.\n");
  for (size_t i = 0; i < tsr_registry_pipeline_count(cli->registry); i++) {
    const tsr_named_pipeline *named = tsr_registry_pipeline(cli->registry, i);
    append_item(out, tsr_arena_printf(&cli->arena, "--%s", named->name),
                tsr_arena_printf(&cli->arena,
                                 "%zu passes; --help=%s lists them.",
                                 named->run_count, named->name));
  }
}

static void append_passes(tsr_cli *cli, tsr_buffer *out) {
  append_section(out, "SH", "PASSES");
  append_text(out, "Passes run in the order given; options are written "
                   "--PASS=OPTION=VALUE,... or, with --passes, "
                   "PASS{OPTION=VALUE,...}.\n");
  for (size_t i = 0; i < tsr_registry_pass_count(cli->registry); i++) {
    const tsr_pass *pass = tsr_registry_pass(cli->registry, i);
    append_item(out, tsr_arena_printf(&cli->arena, "--%s", pass->name),
                pass->summary);
    for (size_t o = 0; o < pass->option_count; o++) {
      const tsr_pass_option *option = &pass->options[o];
      tsr_buffer_append_str(out, ".RS\n");
      append_item(out,
                  tsr_arena_printf(&cli->arena, "%s=%s", option->name,
                                   cli_show_values(cli, option)),
                  option->fallback[0]
                      ? tsr_arena_printf(&cli->arena, "%s (default: %s)",
                                         option->help, option->fallback)
                      : option->help);
      tsr_buffer_append_str(out, ".RE\n");
    }
  }
}

void cli_append_manual(tsr_cli *cli, tsr_buffer *out) {
  tsr_buffer_append_str(out, ".TH ");
  for (const char *at = cli->tool; *at; at++)
    tsr_buffer_append_char(
        out, *at >= 'a' && *at <= 'z' ? (char)(*at - 'a' + 'A') : *at);
  tsr_buffer_printf(out, " 1 \"\" \"tessera %s\" \"Tessera\"\n", TSR_VERSION);
  append_section(out, "SH", "NAME");
  append_text(out, cli->tool);
  tsr_buffer_append_str(out, " \\- ");
  // The first sentence says what it is.
  size_t size = strcspn(cli->summary, ".:");
  for (size_t i = 0; i < size; i++)
    tsr_buffer_append_char(out,
                           cli->summary[i] == '\n' ? ' ' : cli->summary[i]);
  tsr_buffer_append_char(out, '\n');
  append_section(out, "SH", "SYNOPSIS");
  tsr_buffer_append_str(out, ".B ");
  append_text(out, cli->tool);
  tsr_buffer_append_char(out, '\n');
  append_text(out, cli->usage);
  tsr_buffer_append_char(out, '\n');
  append_section(out, "SH", "DESCRIPTION");
  append_text(out, cli->summary);
  tsr_buffer_append_char(out, '\n');
  append_section(out, "SH", "OPTIONS");
  append_options(cli, out);
  if (cli->pass_flags) {
    append_passes(cli, out);
    append_pipelines(cli, out);
  }
  append_section(out, "SH", "EXIT STATUS");
  append_item(out, "0", "Done.");
  append_item(out, "1", "The input is wrong.");
  append_item(out, "2", "The command line is wrong.");
  append_item(out, "3", "It crashed, itself or in a pass.");
}
