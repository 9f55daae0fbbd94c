// What is wrong with --input, --output and --trace by themselves, whatever the
// module.

#include "run.h"

#include <string.h>
#include <sys/stat.h>

static bool is_same_name(const char *a, const char *b) {
  size_t bytes = strcspn(a, "=");
  return bytes == strcspn(b, "=") && memcmp(a, b, bytes) == 0;
}

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

// Files yet to be written, so only their folders can be asked for.
static bool is_same_file(const char *a, const char *b) {
  struct stat at_a, at_b;
  if (strcmp(last_part(a), last_part(b)) != 0)
    return false;
  return find_folder(a, &at_a) && find_folder(b, &at_b) &&
         at_a.st_dev == at_b.st_dev && at_a.st_ino == at_b.st_ino;
}

static int check_pair(const tsr_cli *cli, const char *option, const char *a,
                      const char *b, bool may_share) {
  const char *file_a = strchr(a, '='), *file_b = strchr(b, '=');
  int bytes_a = (int)strcspn(a, "="), bytes_b = (int)strcspn(b, "=");
  if (is_same_name(a, b))
    return tsr_cli_wrong(cli, TSR_DIAG(cli_file_twice), option, bytes_a, a);
  if (may_share || !file_a || !file_b || !is_same_file(file_a + 1, file_b + 1))
    return TSR_EXIT_OK;
  return tsr_cli_wrong(cli, TSR_DIAG(cli_file_shared), option, bytes_a, a,
                       bytes_b, b, file_b + 1);
}

static int check_all(const tsr_cli *cli, const char *option,
                     const tsr_cli_values *files, bool may_share) {
  int code = TSR_EXIT_OK;
  for (size_t i = 1; i < files->count && code == TSR_EXIT_OK; i++)
    for (size_t j = 0; j < i && code == TSR_EXIT_OK; j++)
      code =
          check_pair(cli, option, files->items[j], files->items[i], may_share);
  return code;
}

// What the tool prints goes to standard output.
static int check_apart(const tsr_cli *cli, const char *option,
                       const char *file) {
  return file && tsr_path_is_stdout(file)
             ? tsr_cli_wrong(cli, TSR_DIAG(cli_file_is_stdout), option, file)
             : TSR_EXIT_OK;
}

int files_check(const tsr_cli *cli, const run_options *options) {
  int code = check_all(cli, "--input", &options->inputs, true);
  if (code == TSR_EXIT_OK)
    code = check_all(cli, "--output", &options->outputs, false);
  for (size_t i = 0; i < options->outputs.count && code == TSR_EXIT_OK; i++) {
    const char *equals = strchr(options->outputs.items[i], '=');
    code = check_apart(cli, "--output", equals ? equals + 1 : NULL);
  }
  return code == TSR_EXIT_OK ? check_apart(cli, "--trace", options->trace)
                             : code;
}
