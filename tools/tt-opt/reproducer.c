// --run-reproducer: runs a file as the command in it says.
//
// The command is the first line, as --reproducer writes it and lit runs it:
//
//   // RUN: tt-opt %s --load-pass='%S/a.so' --passes='fuse{max-ops=2}'
//
// `%S` is the folder of the file, `%%` a percent sign.

#include "opt.h"

#include "common/load.h"

#include <string.h>

static const char start[] = "// RUN: tt-opt %s";

// What stands for the folder of the file at `path`.
static void append_folder(tsr_buffer *out, const char *path) {
  const char *slash = strrchr(path, '/');
  if (slash)
    tsr_buffer_append(out, path, slash > path ? (size_t)(slash - path) : 1);
  else
    tsr_buffer_append_char(out, '.');
}

// The word at `*at` of the command in `file`, as a shell sees it; NULL at the
// end of the line.
static char *take_word(tsr_cli *cli, const char *file, const char **at) {
  *at += strspn(*at, " ");
  tsr_buffer word;
  tsr_buffer_init(&word);
  bool is_quoted = false;
  for (; **at && !strchr("\r\n", **at) && (is_quoted || **at != ' '); ++*at)
    if (**at == '\'')
      is_quoted = !is_quoted;
    else if (strncmp(*at, "%S", 2) == 0) {
      append_folder(&word, file);
      ++*at;
    } else {
      bool is_escape = !is_quoted && **at == '\\' &&
                       !strchr("\r\n", (*at)[1]); // not at the end, either
      *at += is_escape || strncmp(*at, "%%", 2) == 0;
      tsr_buffer_append_char(&word, **at);
    }
  char *copy = word.size > 0
                   ? tsr_arena_strdup(&cli->arena, tsr_buffer_str(&word))
                   : NULL;
  tsr_buffer_deinit(&word);
  return copy;
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
  for (char *word; code == TSR_EXIT_OK && (word = take_word(cli, file, &at));)
    code = tsr_cli_parse_more(cli, 1, &word);
  return code;
}
