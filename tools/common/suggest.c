// What an option that there is not may have been meant to be.

#include "cli_impl.h"

#include "tessera/support.h"

#include <string.h>

// What other compilers' tools call it; `mlir-` in front counts for none.
typedef struct foreign {
  const char *theirs;
  const char *ours;    // of tools that the row is for; NULL: all
  const char *written; // NULL: `--ours`
  const char *why;     // NULL, or what there is instead of such an option
} foreign;

static const foreign elsewhere[] = {
#define TSR_FOREIGN(theirs, ours, written) {theirs, ours, written, NULL},
#define TSR_FOREIGN_NOT(theirs, of, why)   {theirs, of, NULL, why},
#include "foreign_options.def"
};

static bool has_option(const tsr_cli *cli, const char *name) {
  for (size_t i = 0; i < cli->option_count; i++)
    if (strcmp(cli->options[i].name, name) == 0)
      return true;
  return false;
}

// The row that says what `name` is here; NULL: there is none for this tool.
//
// out    `*out_is_known`: there is one for some tool
static const foreign *find_elsewhere(const tsr_cli *cli, const char *name,
                                     bool *out_is_known) {
  *out_is_known = false;
  for (size_t i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++) {
    const foreign *row = &elsewhere[i];
    if (strcmp(row->theirs, name) != 0)
      continue;
    *out_is_known = true;
    if (!row->ours || has_option(cli, row->ours))
      return row;
  }
  return NULL;
}

static const char *skip_prefix(const char *name) {
  static const char prefix[] = "mlir-";
  size_t size = strlen(prefix);
  return strncmp(name, prefix, size) == 0 ? name + size : name;
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

// What is spelt like `name`; an option of other tools that means nothing here
// is no misspelling.
static const char *find_meant(tsr_cli *cli, const char *name, bool is_known) {
  if (has_option(cli, name))
    return name;
  return is_known ? NULL : find_near(cli, name);
}

int cli_unknown_option(tsr_cli *cli, const char *argument, const char *name) {
  const char *written = tsr_arena_strndup(&cli->arena, argument,
                                          (size_t)(strcspn(argument, "=")));
  name = skip_prefix(name);
  bool is_known;
  const foreign *row = find_elsewhere(cli, name, &is_known);
  if (row && row->why)
    return tsr_cli_wrong(cli, TSR_DIAG(cli_option_foreign), written, row->why);
  if (row && row->written)
    return tsr_cli_wrong(cli, TSR_DIAG(cli_option_near), written, "",
                         row->written);
  const char *meant = row ? row->ours : find_meant(cli, name, is_known);
  if (meant)
    return tsr_cli_wrong(cli, TSR_DIAG(cli_option_near), written,
                         cli_dashes(meant), meant);
  return tsr_cli_wrong(cli, TSR_DIAG(cli_option_unknown), written);
}
