// What two options write may not go to one file: the second would replace the
// first without a word.

#include "cli_impl.h"

#include "tessera/buffer.h"

#include <string.h>
#include <sys/stat.h>

// An option as it was given that names a file to write.
typedef struct output {
  const char *label; // "--remarks", "--output=out0"
  const char *path;
} output;

static const char *last_part(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

static bool find_folder(const char *path, struct stat *out) {
  tsr_buffer folder;
  tsr_buffer_init(&folder);
  tsr_buffer_append(&folder, path, (size_t)(last_part(path) - path));
  tsr_buffer_append_char(&folder, '.');
  bool is_there = stat(tsr_buffer_str(&folder), out) == 0;
  tsr_buffer_deinit(&folder);
  return is_there;
}

// Devices and pipes take from several what comes; so does standard output.
static bool is_shareable(const char *path, const struct stat *found) {
  return !S_ISREG(found->st_mode) || tsr_path_is_stdout(path);
}

// Files that are there are the same if the system says so; of those yet to be
// written, only the folders can be asked for.
static bool is_same_file(const char *a, const char *b) {
  struct stat at_a, at_b;
  bool has_a = stat(a, &at_a) == 0, has_b = stat(b, &at_b) == 0;
  if (has_a != has_b)
    return false;
  if (has_a && (is_shareable(a, &at_a) || is_shareable(b, &at_b)))
    return false;
  if (!has_a && (strcmp(last_part(a), last_part(b)) != 0 ||
                 !find_folder(a, &at_a) || !find_folder(b, &at_b)))
    return false;
  return at_a.st_dev == at_b.st_dev && at_a.st_ino == at_b.st_ino;
}

static bool get_output(tsr_cli *cli, const tsr_cli_given *given, output *out) {
  const tsr_cli_option *option = given->option;
  bool has_name = option->kind == TSR_CLI_OUTPUTS;
  if (!has_name && option->kind != TSR_CLI_OUTPUT)
    return false;
  if (!given->value || strcmp(option->argument, "DIR") == 0)
    return false;
  const char *equals = has_name ? strchr(given->value, '=') : NULL;
  if (has_name && !equals)
    return false; // which is said where names are known
  int bytes = equals ? (int)(equals - given->value) : 0;
  out->label =
      tsr_arena_printf(&cli->arena, "%s%s%s%.*s", cli_dashes(option->name),
                       option->name, equals ? "=" : "", bytes, given->value);
  out->path = equals ? equals + 1 : given->value;
  return strcmp(out->path, "-") != 0;
}

int cli_check_outputs(tsr_cli *cli) {
  output a, b;
  for (size_t i = 1; i < cli->given_count; i++) {
    if (!get_output(cli, &cli->given[i], &b))
      continue;
    for (size_t j = 0; j < i; j++)
      if (get_output(cli, &cli->given[j], &a) &&
          strcmp(a.label, b.label) != 0 && is_same_file(a.path, b.path))
        return tsr_cli_wrong(cli, TSR_DIAG(cli_file_shared), a.label, b.label,
                             b.path);
  }
  return TSR_EXIT_OK;
}
