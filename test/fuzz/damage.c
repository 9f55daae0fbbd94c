#include "grow.h"

#include <ctype.h>
#include <string.h>

// A word of the text: a name, a number, a blank run or one other character.
typedef struct word {
  const char *text;
  size_t bytes;
  bool ends_twice; // the end of a line that comes again
} word;

enum { MAX_WORDS = 8192 };

static bool is_name(char c) {
  return isalnum((unsigned char)c) || c == '_' || c == '%' || c == '@' ||
         c == '.';
}

static size_t measure(const char *text, size_t bytes) {
  size_t length = 1;
  if (is_name(*text))
    while (length < bytes && is_name(text[length]))
      length++;
  return length;
}

static size_t split(const char *text, size_t bytes, word *out) {
  size_t count = 0;
  for (size_t at = 0; at < bytes && count < MAX_WORDS; count++) {
    out[count] =
        (word){.text = text + at, .bytes = measure(text + at, bytes - at)};
    at += out[count].bytes;
  }
  return count;
}

static bool is_number(const word *w) {
  return isdigit((unsigned char)*w->text) != 0;
}

// Another word of the text of the same sort, or a small number: numbers of the
// text are large where they count bytes, and nobody wants to wait for loops
// that do so.
static word exchange(choices *c, const word *words, uint32_t count,
                     const word *old) {
  static const char digits[] = "0123456789";
  if (is_number(old))
    return (word){.text = digits + choose(c, 10), .bytes = 1};
  uint32_t first = choose(c, count);
  for (uint32_t i = 0; i < count; i++) {
    const word *other = &words[(first + i) % count];
    if (!is_number(other) && is_name(*other->text) == is_name(*old->text) &&
        (*other->text == '%') == (*old->text == '%'))
      return *other;
  }
  return *old;
}

static bool ends_line(const word *w) { return w->bytes && *w->text == '\n'; }

// The first word of the line that `at` is in; behind it `*out_end` ends it.
static uint32_t find_line(const word *words, uint32_t count, uint32_t at,
                          uint32_t *out_end) {
  *out_end = at;
  while (*out_end + 1 < count && !ends_line(&words[*out_end]))
    ++*out_end;
  while (at > 0 && !ends_line(&words[at - 1]))
    at--;
  return at;
}

// An op less, or one more.
static void damage_line(word *words, uint32_t count, uint32_t at,
                        bool is_repeated) {
  uint32_t end;
  at = find_line(words, count, at, &end);
  words[end].ends_twice = is_repeated;
  for (; !is_repeated && at <= end; at++)
    words[at].bytes = 0;
}

static void append_words(const word *words, uint32_t from, uint32_t to,
                         tsr_buffer *out) {
  for (; from < to; from++)
    tsr_buffer_append(out, words[from].text, words[from].bytes);
}

void damage_text(choices *c, const char *text, size_t bytes, tsr_buffer *out) {
  word words[MAX_WORDS];
  uint32_t count = (uint32_t)split(text, bytes, words);
  if (!count)
    return;
  for (uint32_t left = 1 + choose(c, 4); left; left--) {
    uint32_t at = choose(c, count);
    uint32_t how = choose(c, 10);
    if (how >= 8)
      damage_line(words, count, at, how == 9);
    else if (how == 6)
      words[at].bytes = 0;
    else if (how == 7 && at + 1 < count)
      words[at] = words[at + 1];
    else
      words[at] = exchange(c, words, count, &words[at]);
  }
  for (uint32_t i = 0; i < count; i++) {
    append_words(words, i, i + 1, out);
    uint32_t end;
    if (words[i].ends_twice)
      append_words(words, find_line(words, count, i, &end), i + 1, out);
  }
}
