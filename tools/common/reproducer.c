// The command that a reproducer begins with, as a shell, lit and
// tt-opt --run-reproducer read it.
//
// It may be run in another folder, so files that it names are written from the
// root, or, where they lie with the reproducer, from there: what moves together
// keeps working.

#include "watch_impl.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

// In quotes for a shell, and with what lit would replace doubled.
static void append_quoted(tsr_buffer *out, const char *folder,
                          const char *text) {
  tsr_buffer_printf(out, "'%s", folder);
  for (; *text; text++)
    if (*text == '\'')
      tsr_buffer_append_str(out, "'\\''");
    else if (*text == '%')
      tsr_buffer_append_str(out, "%%");
    else
      tsr_buffer_append_char(out, *text);
  tsr_buffer_append_char(out, '\'');
}

// In quotes where a shell would see more in it than a word.
static void append_value(tsr_buffer *out, const char *value) {
  static const char plain[] =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.,/";
  if (value[strspn(value, plain)] == '\0')
    tsr_buffer_append_str(out, value);
  else
    append_quoted(out, "", value);
}

// The folder of the file at `path`, from the root; NULL: it is not there.
static char *find_folder(const char *path) {
  tsr_buffer folder;
  tsr_buffer_init(&folder);
  const char *slash = strrchr(path, '/');
  tsr_buffer_append(&folder, path, slash ? (size_t)(slash - path) + 1 : 0);
  tsr_buffer_append_str(&folder, ".");
  char *real = realpath(tsr_buffer_str(&folder), NULL);
  tsr_buffer_deinit(&folder);
  return real;
}

static void append_file(tsr_buffer *out, const char *file,
                        const char *reproducer) {
  char *full = realpath(file, NULL), *folder = find_folder(reproducer);
  size_t size = folder ? strlen(folder) : 0;
  if (full && folder && strncmp(full, folder, size) == 0 && full[size] == '/')
    append_quoted(out, "%S", full + size);
  else
    append_quoted(out, "", full ? full : file);
  free(folder);
  free(full);
}

static void append_plugins(const tsr_cli *cli, const char *path,
                           tsr_buffer *out) {
  for (size_t i = 0; i < cli->plugins.count; i++) {
    tsr_buffer_append_str(out, " --load-pass=");
    append_file(out, cli->plugins.items[i], path);
  }
}

static void append_given(const tsr_cli_given *given, const char *path,
                         tsr_buffer *out) {
  tsr_buffer_printf(out, " --%s", given->option->name);
  if (!given->value)
    return;
  tsr_buffer_append_char(out, '=');
  const char *equals = strchr(given->value, '=');
  tsr_cli_kind kind = given->option->kind;
  if (kind == TSR_CLI_INPUT || kind == TSR_CLI_MANY_INPUTS ||
      (kind == TSR_CLI_TARGET && tsr_target_is_path(given->value))) {
    append_file(out, given->value, path);
  } else if (kind == TSR_CLI_INPUTS && equals) {
    tsr_buffer name;
    tsr_buffer_init(&name);
    tsr_buffer_append(&name, given->value, (size_t)(equals - given->value));
    append_value(out, tsr_buffer_str(&name));
    tsr_buffer_deinit(&name);
    tsr_buffer_append_char(out, '=');
    append_file(out, equals + 1, path);
  } else {
    append_value(out, given->value);
  }
}

static bool is_once(tsr_cli_kind kind) {
  return kind == TSR_CLI_FLAG_ONCE || kind == TSR_CLI_OUTPUT ||
         kind == TSR_CLI_OUTPUTS;
}

void reproducer_append_own_command(const tsr_cli *cli, const char *path,
                                   tsr_buffer *out) {
  tsr_buffer_printf(out, "// RUN: %s %s", cli->tool,
                    cli->again ? cli->again : "%s");
  append_plugins(cli, path, out);
  for (size_t i = 0; i < cli->pass_count; i++) {
    tsr_buffer_printf(out, " %s", cli->passes[i].flag);
    if (*cli->passes[i].options) {
      tsr_buffer_append_char(out, '=');
      append_value(out, cli->passes[i].options);
    }
  }
  for (size_t i = 0; i < cli->given_count; i++)
    if (!is_once(cli->given[i].option->kind))
      append_given(&cli->given[i], path, out);
  tsr_buffer_append_char(out, '\n');
}

void reproducer_append_command(const tsr_cli *cli, const char *category,
                               const tsr_module *module,
                               const tsr_pass_run *run, const char *path,
                               tsr_buffer *out) {
  tsr_buffer_append_str(out, "// RUN: tt-opt %s");
  append_plugins(cli, path, out);
  // The module itself says its target and its grid.
  const char *target = tsr_op_get_text(tsr_module_op(module), "target");
  if (target && tsr_target_is_path(target)) {
    tsr_buffer_append_str(out, " --target=");
    append_file(out, target, path);
  }
  tsr_buffer_append_str(out, " --passes=");
  append_quoted(out, "", run->text);
  for (size_t i = 0; i < cli->given_count; i++)
    if (cli->given[i].option->category == category)
      append_given(&cli->given[i], path, out);
  tsr_buffer_append_char(out, '\n');
}

// What has no pieces: standard output, a device, a pipe.
static bool is_one(const char *path) {
  struct stat found;
  return tsr_path_is_stdout(path) ||
         (stat(path, &found) == 0 && !S_ISREG(found.st_mode));
}

void reproducer_name_piece(const char *path, size_t piece, tsr_buffer *out) {
  const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
  const char *dot = strrchr(name, '.');
  size_t stem = dot && dot > name ? (size_t)(dot - path) : strlen(path);
  tsr_buffer_clear(out);
  tsr_buffer_append(out, path, stem);
  if (piece > 0 && !is_one(path))
    tsr_buffer_printf(out, "-%zu", piece);
  tsr_buffer_append_str(out, path + stem);
}
