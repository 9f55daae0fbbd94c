// Reads values of options, and looks at the rows that describe them.

#include "option.h"

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

// "1..64"; without choices any number from 0 on. False when it is not that.
static bool read_bounds(const char *choices, int64_t *low, int64_t *high) {
  const char *dots = strstr(choices, "..");
  *low = 0;
  *high = INT64_MAX;
  if (!dots)
    return !*choices;
  return tsr_parse_i64(choices, (size_t)(dots - choices), low) &&
         tsr_parse_i64(dots + 2, strlen(dots + 2), high) && *low <= *high;
}

static bool read_int(const tsr_pass_option *option, const char *text,
                     tsr_option_value *out) {
  int64_t low, high;
  return read_bounds(option->choices, &low, &high) &&
         tsr_parse_i64(text, strlen(text), &out->number) &&
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

bool option_read_value(const tsr_pass_option *option, const char *text,
                       tsr_option_value *out) {
  out->is_set = true;
  out->text = text;
  switch (option->kind) {
  case TSR_OPTION_INT:
    return read_int(option, text, out);
  case TSR_OPTION_BOOL:
    out->flag = strcmp(text, "true") == 0;
    return out->flag || strcmp(text, "false") == 0;
  case TSR_OPTION_KEYWORD:
    return read_choice(option->choices, text);
  case TSR_OPTION_GRID:
    return read_grid(text, out);
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
    return read_bounds(option->choices, &low, &high)
               ? NULL
               : "its range is not of the form 1..64";
  case TSR_OPTION_KEYWORD:
    return is_word_list(option->choices)
               ? NULL
               : "its words are not of the form a|b|c";
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
  if (!flaw && option->fallback[0] &&
      !option_read_value(option, option->fallback, &value))
    flaw = "its default is not one of its values";
  return flaw;
}
