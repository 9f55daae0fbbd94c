// What an option that there is not may have been meant to be.

#include "cli_impl.h"

#include "tessera/support.h"

#include <string.h>

// What other tools of compilers call it. Their names are documented by
// `opt --help-hidden` and `mlir-opt --help`; `mlir-` in front counts for none.
static const struct {
  const char *theirs, *ours;
} elsewhere[] = {
    {"pass-pipeline", "passes"},
    {"pass-statistics", "stats"},
    {"print-changed", "print-ir-after-change"},
    {"print-op-stats", "op-stats"},
    {"print-debuginfo", "print-locations"},
    {"print-passes", "list-passes"},
    {"print-ir-after-failure", "print-ir-on-failure"},
    {"ir-dump-directory", "print-ir-tree-dir"},
    {"timing", "time-passes"},
    {"debug-pass-manager", "print-ir-after-all"},
    {"pass-pipeline-crash-reproducer", "reproducer"},
    {"pass-remarks", "remarks"},
    {"pass-remarks-output", "remarks"},
    {"pass-remarks-filter", "remarks-filter"},
    {"load-pass-plugin", "load-pass"},
    {"load-dialect-plugin", "load-pass"},
    {"show-dialects", "list-ops"},
};

static bool has_option(const tsr_cli *cli, const char *name) {
  for (size_t i = 0; i < cli->option_count; i++)
    if (strcmp(cli->options[i].name, name) == 0)
      return true;
  return false;
}

static const char *find_elsewhere(const tsr_cli *cli, const char *name) {
  static const char prefix[] = "mlir-";
  if (strncmp(name, prefix, strlen(prefix)) == 0)
    name += strlen(prefix);
  if (has_option(cli, name))
    return name;
  for (size_t i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++)
    if (strcmp(elsewhere[i].theirs, name) == 0 &&
        has_option(cli, elsewhere[i].ours))
      return elsewhere[i].ours;
  return NULL;
}

static const char *find_near(tsr_cli *cli, const char *name) {
  size_t count = 0;
  size_t pass_count =
      cli->pass_flags ? tsr_registry_pass_count(cli->registry) : 0;
  size_t pipeline_count =
      cli->pass_flags ? tsr_registry_pipeline_count(cli->registry) : 0;
  const char **names =
      TSR_NEW_ARRAY(&cli->arena, const char *,
                    cli->option_count + pass_count + pipeline_count + 1);
  for (size_t i = 0; i < cli->option_count; i++)
    names[count++] = cli->options[i].name;
  for (size_t i = 0; i < pass_count; i++)
    names[count++] = tsr_registry_pass(cli->registry, i)->name;
  for (size_t i = 0; i < pipeline_count; i++)
    names[count++] = tsr_registry_pipeline(cli->registry, i)->name;
  return tsr_closest(name, names, count);
}

int cli_unknown_option(tsr_cli *cli, const char *argument, const char *name) {
  const char *written = tsr_arena_strndup(&cli->arena, argument,
                                          (size_t)(strcspn(argument, "=")));
  const char *meant = find_elsewhere(cli, name);
  if (!meant)
    meant = find_near(cli, name);
  if (meant)
    return tsr_cli_wrong(cli, TSR_DIAG(cli_option_near), written,
                         cli_dashes(meant), meant);
  return tsr_cli_wrong(cli, TSR_DIAG(cli_option_unknown), written);
}
