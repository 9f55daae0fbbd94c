// Lists of passes that options take: their words, and what is wrong with them.

#include "watch_impl.h"

#include "tessera/support.h"

#include <string.h>
#include <strings.h>

bool watch_next_word(const char **at, const char **out_word, size_t *out_size) {
  *at += strspn(*at, ",");
  *out_word = *at;
  *out_size = strcspn(*at, ",");
  *at += *out_size;
  return *out_size > 0;
}

bool watch_list_has(const char *list, const char *name) {
  const char *word;
  size_t size;
  while (watch_next_word(&list, &word, &size))
    if (strlen(name) == size && memcmp(word, name, size) == 0)
      return true;
  return false;
}

// LLVM writes its kinds of remarks with a capital.
static bool has_word(const char *list, const char *name) {
  const char *word;
  size_t size;
  while (watch_next_word(&list, &word, &size))
    if (strlen(name) == size && strncasecmp(word, name, size) == 0)
      return true;
  return false;
}

// The passes of a pipeline, each once: "'a', 'b'".
static const char *join_passes(const tsr_cli *cli, const char *pipeline,
                               tsr_arena *arena) {
  tsr_pipeline all = {NULL, 0};
  tsr_diag *diag = tsr_diag_create();
  if (tsr_pipeline_parse(cli->registry, pipeline, pipeline, arena, diag,
                         &all) != TSR_OK)
    all.count = 0; // running it says what is wrong with it
  tsr_diag_destroy(diag);
  const char *text = "";
  for (size_t i = 0; i < all.count; i++) {
    size_t first = 0;
    while (all.runs[first].pass != all.runs[i].pass)
      first++;
    if (first == i)
      text = tsr_arena_printf(arena, "%s%s'%s'", text, i ? ", " : "",
                              all.runs[i].pass->name);
  }
  return text;
}

// `others`: words that are right as well, with commas between them and in
// either case.
static int check_pass_name(const tsr_cli *cli, const char *option,
                           const char *name, const char *others) {
  if (tsr_registry_find_pass(cli->registry, name) || has_word(others, name))
    return TSR_EXIT_OK;
  tsr_arena arena;
  tsr_arena_init(&arena);
  size_t count = 0, pass_count = tsr_registry_pass_count(cli->registry);
  const char **names =
      TSR_NEW_ARRAY(&arena, const char *, pass_count + strlen(others) + 1);
  while (count < pass_count) {
    names[count] = tsr_registry_pass(cli->registry, count)->name;
    count++;
  }
  const char *word;
  size_t size;
  while (watch_next_word(&others, &word, &size))
    names[count++] = tsr_arena_strndup(&arena, word, size);
  const char *close = tsr_closest(name, names, count);
  if (tsr_registry_find_pipeline(cli->registry, name))
    tsr_cli_wrong(cli, TSR_DIAG(cli_pass_is_pipeline), option, name,
                  join_passes(cli, name, &arena));
  else if (close)
    tsr_cli_wrong(cli, TSR_DIAG(cli_pass_near), option, name, close);
  else
    tsr_cli_wrong(cli, TSR_DIAG(cli_pass_unknown), option, name);
  tsr_arena_deinit(&arena);
  return TSR_EXIT_COMMAND;
}

int watch_check_list(const tsr_cli *cli, const char *option, const char *list,
                     const char *others) {
  // Commas alone are no list, while nothing at all means every pass.
  const char *first = list + strspn(list, ",");
  int code = *list && !*first ? check_pass_name(cli, option, list, others)
                              : TSR_EXIT_OK;
  tsr_arena arena;
  tsr_arena_init(&arena);
  const char *word;
  size_t size;
  while (code == TSR_EXIT_OK && watch_next_word(&list, &word, &size)) {
    const char *name = tsr_arena_strndup(&arena, word, size);
    code = check_pass_name(cli, option, name, others);
  }
  tsr_arena_deinit(&arena);
  return code;
}

int watch_check_lists(const tsr_cli *cli, const char *option,
                      const tsr_cli_values *lists, const char *others) {
  int code = TSR_EXIT_OK;
  for (size_t i = 0; i < lists->count && code == TSR_EXIT_OK; i++)
    code = watch_check_list(cli, option, lists->items[i], others);
  return code;
}
