// Reads values of options, and looks at the rows that describe them.

#include "option.h"

#include "tessera/buffer.h"
#include "tessera/support.h"

#include <string.h>

static bool read_choice(const char *choices, const char *text) {
  size_t size = strlen(text);
  for (const char *at = choices;; at++) {
    size_t choice = strcspn(at, "|");
    if (choice == size && memcmp(at, text, size) == 0)
      return true;
    at += choice;
    if (!*at)
      return false;
  }
}

// A number, with a unit for bytes.
static bool read_number(const tsr_pass_option *option, const char *text,
                        size_t size, int64_t *out) {
  static const struct {
    const char *name;
    int64_t bytes;
  } units[] = {{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"B", 1}};
  int64_t unit = 1;
  if (option->kind == TSR_OPTION_BYTES)
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
      size_t length = strlen(units[i].name);
      if (size <= length ||
          memcmp(text + size - length, units[i].name, length) != 0)
        continue;
      unit = units[i].bytes;
      size -= length;
      break;
    }
  return tsr_parse_i64(text, size, out) && tsr_mul_i64(*out, unit, out);
}

// "1..64"; without choices any number from 0 on. False when it is not that.
static bool read_bounds(const tsr_pass_option *option, int64_t *low,
                        int64_t *high) {
  const char *choices = option->choices;
  const char *dots = strstr(choices, "..");
  *low = 0;
  *high = INT64_MAX;
  if (!dots)
    return !*choices;
  return read_number(option, choices, (size_t)(dots - choices), low) &&
         read_number(option, dots + 2, strlen(dots + 2), high) && *low <= *high;
}

static bool read_int(const tsr_pass_option *option, const char *text,
                     tsr_option_value *out) {
  int64_t low, high;
  return read_bounds(option, &low, &high) &&
         read_number(option, text, strlen(text), &out->number) &&
         out->number >= low && out->number <= high;
}

static bool read_grid(const char *text, tsr_option_value *out) {
  const char *x = strchr(text, 'x');
  uint64_t rows, cols;
  if (!x || !tsr_parse_u64(text, (size_t)(x - text), &rows) ||
      !tsr_parse_u64(x + 1, strlen(x + 1), &cols) || rows < 1 || cols < 1 ||
      rows > UINT16_MAX || cols > UINT16_MAX)
    return false;
  out->rows = (uint32_t)rows;
  out->cols = (uint32_t)cols;
  return true;
}

// `a` or `[a,b,c]`.
static bool read_list(const tsr_pass_option *option, const char *text,
                      tsr_arena *arena, tsr_option_value *out) {
  size_t size = strlen(text), count = 0;
  if (text[0] == '[') {
    if (text[size - 1] != ']')
      return false;
    text++;
    size -= 2;
  }
  const char **items = TSR_NEW_ARRAY(arena, const char *, size + 1);
  for (const char *at = text, *end = text + size; at < end;) {
    at += strspn(at, " ");
    size_t length = strcspn(at, ",]");
    const char *next = at + length + 1;
    while (length > 0 && at[length - 1] == ' ')
      length--;
    items[count] = tsr_arena_strndup(arena, at, length);
    if (length == 0 ||
        (option->choices[0] && !read_choice(option->choices, items[count])))
      return false;
    count++;
    at = next;
  }
  out->items = items;
  out->item_count = count;
  return true;
}

size_t option_quoted_size(const char *text) {
  for (size_t i = 1; text[i]; i++) {
    if (text[i] == '"')
      return i + 1;
    if (text[i] == '\\' && text[i + 1])
      i++;
  }
  return 0;
}

// Text in quotes is what is between them; `\` keeps a quote or a `\` in it, and
// `\n` and `\r` are ends of lines.
static bool read_string(const char *text, tsr_arena *arena,
                        tsr_option_value *out) {
  if (text[0] != '"')
    return true;
  size_t size = option_quoted_size(text);
  if (size == 0 || text[size])
    return false;
  char *to = tsr_arena_strndup(arena, text, size);
  out->text = to;
  for (const char *at = text + 1, *end = text + size - 1; at < end; at++) {
    bool is_escape = *at == '\\' && strchr("\"\\nr", at[1]);
    at += is_escape;
    *to++ = is_escape && *at == 'n'   ? '\n'
            : is_escape && *at == 'r' ? '\r'
                                      : *at;
  }
  *to = '\0';
  return true;
}

const char *option_one_line(const char *text, tsr_arena *arena) {
  if (!text[strcspn(text, "\r\n")])
    return text;
  bool is_quoted = text[0] == '"';
  tsr_buffer out;
  tsr_buffer_init(&out);
  tsr_buffer_append_str(&out, is_quoted ? "" : "\"");
  for (; *text; text++)
    if (*text == '\n' || *text == '\r')
      tsr_buffer_append_str(&out, *text == '\n' ? "\\n" : "\\r");
    else if (!is_quoted && (*text == '"' || *text == '\\'))
      tsr_buffer_printf(&out, "\\%c", *text);
    else
      tsr_buffer_append_char(&out, *text);
  tsr_buffer_append_str(&out, is_quoted ? "" : "\"");
  const char *copy = tsr_arena_strdup(arena, tsr_buffer_str(&out));
  tsr_buffer_deinit(&out);
  return copy;
}

bool option_read_value(const tsr_pass_option *option, const char *text,
                       tsr_arena *arena, tsr_option_value *out) {
  *out = (tsr_option_value){.is_set = true, .text = text};
  switch (option->kind) {
  case TSR_OPTION_INT:
  case TSR_OPTION_BYTES:
    return read_int(option, text, out);
  case TSR_OPTION_BOOL:
    return tsr_parse_bool(text, &out->flag);
  case TSR_OPTION_KEYWORD:
    return read_choice(option->choices, text);
  case TSR_OPTION_GRID:
    return read_grid(text, out);
  case TSR_OPTION_LIST:
    return read_list(option, text, arena, out);
  case TSR_OPTION_STRING:
    return read_string(text, arena, out);
  }
  return false;
}

const char *option_wanted(const tsr_pass_option *option, tsr_arena *arena) {
  switch (option->kind) {
  case TSR_OPTION_INT:
    return option->choices[0]
               ? tsr_arena_printf(arena, "a number in %s", option->choices)
               : "a number";
  case TSR_OPTION_BOOL:
    return "true or false";
  case TSR_OPTION_KEYWORD:
    return tsr_arena_printf(arena, "one of %s", option->choices);
  case TSR_OPTION_GRID:
    return "rows x columns, such as 8x8";
  case TSR_OPTION_BYTES:
    return option->choices[0]
               ? tsr_arena_printf(arena,
                                  "a number of bytes in %s, such as "
                                  "64KiB",
                                  option->choices)
               : "a number of bytes, such as 64KiB";
  case TSR_OPTION_LIST:
    return option->choices[0]
               ? tsr_arena_printf(arena, "a list such as [a,b] of %s",
                                  option->choices)
               : "a list such as [a,b]";
  case TSR_OPTION_STRING:
    return "text that ends in a quote as it begins with one";
  }
  return "";
}

// -- Rows ---------------------------------------------------------------------

// Words between bars, none of them empty.
static bool is_word_list(const char *choices) {
  size_t size = strlen(choices);
  return size > 0 && choices[0] != '|' && choices[size - 1] != '|' &&
         !strstr(choices, "||");
}

static const char *find_choices_flaw(const tsr_pass_option *option) {
  int64_t low, high;
  switch (option->kind) {
  case TSR_OPTION_INT:
  case TSR_OPTION_BYTES:
    return read_bounds(option, &low, &high)
               ? NULL
               : "its range is not of the form 1..64";
  case TSR_OPTION_KEYWORD:
    return is_word_list(option->choices)
               ? NULL
               : "its words are not of the form a|b|c";
  case TSR_OPTION_LIST:
    return !option->choices[0] || is_word_list(option->choices)
               ? NULL
               : "its words are not of the form a|b|c";
  case TSR_OPTION_STRING:
  case TSR_OPTION_BOOL:
  case TSR_OPTION_GRID:
    return option->choices[0] ? "a value of its kind is not chosen from a list"
                              : NULL;
  }
  return "there is no such kind of option";
}

const char *option_find_flaw(const tsr_pass_option *option) {
  tsr_option_value value;
  if (!option->fallback || !option->choices)
    return "its default and its choices must be text, \"\" for none";
  const char *flaw = find_choices_flaw(option);
  tsr_arena arena;
  tsr_arena_init(&arena);
  if (!flaw && option->fallback[0] &&
      !option_read_value(option, option->fallback, &arena, &value))
    flaw = "its default is not one of its values";
  tsr_arena_deinit(&arena);
  return flaw;
}
