// --run-reproducer: runs a file as the command in it says.
//
// The command is the first line, as --reproducer writes it and lit runs it:
//
//   // RUN: tt-opt %s --passes='tile{block-m=2}' --verify-each=off

#include "opt.h"

#include "common/load.h"

#include <string.h>

static const char start[] = "// RUN: tt-opt %s";

// The word at `*at`, without its quotes; NULL at the end of the line.
static char *take_word(tsr_arena *arena, const char **at) {
  *at += strspn(*at, " ");
  char *word = tsr_arena_strndup(arena, *at, strcspn(*at, "\r\n"));
  size_t size = 0;
  bool is_quoted = false;
  for (; **at && !strchr("\r\n", **at) && (is_quoted || **at != ' '); ++*at)
    if (**at == '\'')
      is_quoted = !is_quoted;
    else
      word[size++] = **at;
  word[size] = '\0';
  return size > 0 ? word : NULL;
}

int reproducer_read_options(tsr_cli *cli, const char *file,
                            const tsr_file *text) {
  size_t size = strlen(start);
  if (text->size < size || memcmp(text->data, start, size) != 0) {
    tsr_cli_wrong(cli, TSR_DIAG(cli_no_reproducer), file, start);
    return TSR_EXIT_INPUT;
  }
  const char *end = memchr(text->data, '\n', text->size);
  size_t line_size = end ? (size_t)(end - text->data) : text->size;
  const char *at =
      tsr_arena_strndup(&cli->arena, text->data + size, line_size - size);
  int code = TSR_EXIT_OK;
  for (char *word; code == TSR_EXIT_OK && (word = take_word(&cli->arena, &at));)
    code = tsr_cli_parse_more(cli, 1, &word);
  return code;
}
