// --run-reproducer: runs a file as the command in it says.
//
// The command is the first line, as --reproducer writes it and lit runs it:
//
//   // RUN: tt-opt %s --load-pass='%S/a.so' --passes='fuse{max-ops=2}'
//
// `%s` is the file, `%S` its folder, `%%` a percent sign. The words are read
// all at once, as those of a command line are.

#include "opt.h"

#include "common/load.h"

#include "tessera/vector.h"

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

// The command of a reproducer, while it is read.
typedef struct command {
  tsr_cli *cli;
  const char *file, *at;
  int code; // what was wrong with it
} command;

static bool is_at_end(const command *c) {
  return strchr("\r\n", *c->at) != NULL; // or at the end of the text
}

// What `%` and the character behind it stand for.
static void take_percent(command *c, tsr_buffer *word) {
  char what = c->at[1];
  bool is_letter = (what >= 'a' && what <= 'z') || (what >= 'A' && what <= 'Z');
  if (what == 'S')
    append_folder(word, c->file);
  else if (what == 's')
    tsr_buffer_append_str(word, c->file);
  else if (is_letter || what == '{')
    c->code = tsr_tool_error(c->cli->tool, TSR_DIAG(cli_reproducer_percent),
                             c->file, c->at);
  else
    tsr_buffer_append_char(word, '%');
  c->at += is_letter || what == '{' || what == '%';
}

// Whether `\` stands before a character that it keeps as it is.
static bool is_escape(const command *c, char quote) {
  if (*c->at != '\\' || quote == '\'' || strchr("\r\n", c->at[1]))
    return false;
  return !quote || strchr("\"\\$`", c->at[1]);
}

// The next word, as a shell sees it; NULL at the end of the line, or where
// something is wrong.
static char *take_word(command *c) {
  c->at += strspn(c->at, " ");
  if (is_at_end(c))
    return NULL;
  tsr_buffer word;
  tsr_buffer_init(&word);
  char quote = '\0';
  for (; !is_at_end(c) && (quote || *c->at != ' '); c->at++) {
    bool is_quote = *c->at == '\'' || *c->at == '"';
    if (is_quote && (!quote || quote == *c->at)) {
      quote = quote ? '\0' : *c->at;
    } else if (*c->at == '%') {
      take_percent(c, &word);
    } else {
      c->at += is_escape(c, quote);
      tsr_buffer_append_char(&word, *c->at);
    }
  }
  if (quote)
    c->code =
        tsr_tool_error(c->cli->tool, TSR_DIAG(cli_reproducer_quote), c->file);
  char *copy = tsr_arena_strdup(&c->cli->arena, tsr_buffer_str(&word));
  tsr_buffer_deinit(&word);
  return c->code == TSR_EXIT_OK ? copy : NULL;
}

// The text without the mark that some editors put before UTF-8.
static const char *skip_mark(const tsr_file *text) {
  bool has_mark = text->size >= 3 && memcmp(text->data, "\xef\xbb\xbf", 3) == 0;
  return text->data + (has_mark ? 3 : 0);
}

int reproducer_read_options(tsr_cli *cli, const char *file,
                            const tsr_file *text) {
  const char *line = skip_mark(text);
  size_t left = text->size - (size_t)(line - text->data), size = strlen(start);
  if (left < size || memcmp(line, start, size) != 0) {
    tsr_cli_wrong(cli, TSR_DIAG(cli_no_reproducer), file, start);
    return TSR_EXIT_INPUT;
  }
  const char *end = memchr(line, '\n', left);
  command c = {.cli = cli, .file = file};
  c.at = tsr_arena_strndup(&cli->arena, line + size,
                           (end ? (size_t)(end - line) : left) - size);
  tsr_vec words;
  tsr_vec_init(&words, &cli->arena);
  for (char *word; (word = take_word(&c));)
    tsr_vec_append(&words, word);
  if (c.code != TSR_EXIT_OK)
    return c.code;
  return tsr_cli_parse_more(cli, (int)words.size, (char **)words.data);
}
