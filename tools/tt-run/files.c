// What is wrong with --input, --output and --trace by themselves, whatever the
// module.

#include "run.h"

#include <string.h>

static bool is_same_name(const char *a, const char *b) {
  size_t bytes = strcspn(a, "=");
  return bytes == strcspn(b, "=") && memcmp(a, b, bytes) == 0;
}

static int check_names(const tsr_cli *cli, const char *option,
                       const tsr_cli_values *files) {
  for (size_t i = 1; i < files->count; i++)
    for (size_t j = 0; j < i; j++)
      if (is_same_name(files->items[j], files->items[i]))
        return tsr_cli_wrong(cli, TSR_DIAG(cli_file_twice), option,
                             (int)strcspn(files->items[j], "="),
                             files->items[j]);
  return TSR_EXIT_OK;
}

// What the tool prints goes to standard output.
static int check_apart(const tsr_cli *cli, const char *option,
                       const char *file) {
  return file && tsr_path_is_stdout(file)
             ? tsr_cli_wrong(cli, TSR_DIAG(cli_file_is_stdout), option, file)
             : TSR_EXIT_OK;
}

int files_check(const tsr_cli *cli, const run_options *options) {
  int code = check_names(cli, "--input", &options->inputs);
  if (code == TSR_EXIT_OK)
    code = check_names(cli, "--output", &options->outputs);
  for (size_t i = 0; i < options->outputs.count && code == TSR_EXIT_OK; i++) {
    const char *equals = strchr(options->outputs.items[i], '=');
    code = check_apart(cli, "--output", equals ? equals + 1 : NULL);
  }
  return code == TSR_EXIT_OK ? check_apart(cli, "--trace", options->trace)
                             : code;
}
