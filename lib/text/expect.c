// Compares messages with the comments in a text that say which must come.

#include "tessera/expect.h"

#include "tessera/arena.h"
#include "tessera/support.h"
#include "tessera/vector.h"

#include <regex.h>
#include <string.h>

typedef struct expectation {
  tsr_severity severity;
  uint32_t line;  // of the piece, from 1; 0: no place
  const char *at; // in the text, for messages about it
  char *text;     // what must be part of the message
  regex_t *regex; // or what must match some of it; NULL: none
  uint32_t wanted, came;
} expectation;

typedef struct checker {
  const char *file, *text; // of the piece
  size_t bytes;
  uint32_t first_line, line_count;
  bool *is_comment; // by line, counting from 1
  tsr_arena arena;
  tsr_diag *wrong; // what is to be said
  expectation *items;
  size_t count, capacity;
} checker;

static const char marker[] = "expected-";

static const char *find(const char *text, size_t bytes, const char *what) {
  size_t size = strlen(what);
  for (size_t i = 0; size <= bytes && i <= bytes - size; i++) {
    const char *at = memchr(text + i, what[0], bytes - size - i + 1);
    if (!at)
      return NULL;
    i = (size_t)(at - text);
    if (memcmp(at, what, size) == 0)
      return at;
  }
  return NULL;
}

static size_t line_size(const char *text, size_t bytes) {
  const char *end = memchr(text, '\n', bytes);
  return end ? (size_t)(end - text) : bytes;
}

// One line that is read from left to right.
typedef struct cursor {
  const char *start, *at, *end;
  uint32_t line; // of the piece
} cursor;

static tsr_loc loc_of(const checker *c, const cursor *in) {
  return (tsr_loc){c->file, in->line + c->first_line - 1,
                   (uint32_t)(in->at - in->start) + 1};
}

static bool take(cursor *c, const char *word) {
  size_t size = strlen(word);
  if ((size_t)(c->end - c->at) < size || memcmp(c->at, word, size) != 0)
    return false;
  c->at += size;
  return true;
}

// -- Reading ------------------------------------------------------------------

static const char *const severity_names[] = {
    [TSR_SEVERITY_ERROR] = "error",
    [TSR_SEVERITY_WARNING] = "warning",
    [TSR_SEVERITY_NOTE] = "note",
    [TSR_SEVERITY_REMARK] = "remark",
};
enum { SEVERITY_COUNT = sizeof(severity_names) / sizeof(severity_names[0]) };

static bool take_severity(checker *c, cursor *in, tsr_severity *out) {
  for (size_t i = 0; i < SEVERITY_COUNT; i++)
    if (take(in, severity_names[i])) {
      *out = (tsr_severity)i;
      return true;
    }
  size_t size = 0;
  while (in->at + size < in->end && in->at[size] >= 'a' && in->at[size] <= 'z')
    size++;
  const char *word = tsr_arena_strndup(&c->arena, in->at, size);
  const char *close = tsr_closest(word, severity_names, SEVERITY_COUNT);
  tsr_diag_error_at(c->wrong, loc_of(c, in), TSR_DIAG(expected_severity), word,
                    close ? "; did you mean '" : "", close ? close : "",
                    close ? "'?" : "");
  return false;
}

static bool take_number(cursor *c, uint32_t *out) {
  const char *start = c->at;
  uint64_t number;
  while (c->at < c->end && *c->at >= '0' && *c->at <= '9')
    c->at++;
  if (!tsr_parse_u64(start, (size_t)(c->at - start), &number) ||
      number > UINT32_MAX)
    return false;
  *out = (uint32_t)number;
  return true;
}

// The nearest line above (`step` -1) or below that is no such comment.
static uint32_t skip_comments(const checker *c, uint32_t line, int step) {
  uint32_t at = line + (uint32_t)step;
  while (at >= 1 && at <= c->line_count && c->is_comment[at])
    at += (uint32_t)step;
  return at;
}

static void skip_blanks(cursor *c) {
  while (take(c, " ") || take(c, "\t"))
    continue;
}

static bool take_place(checker *c, cursor *in, expectation *e) {
  uint32_t distance = 0;
  e->line = in->line;
  skip_blanks(in);
  if (!take(in, "@"))
    return true;
  tsr_loc loc = loc_of(c, in);
  if (take(in, "above"))
    e->line = skip_comments(c, in->line, -1);
  else if (take(in, "below"))
    e->line = skip_comments(c, in->line, 1);
  else if (take(in, "unknown"))
    e->line = 0;
  else if (take(in, "+") && take_number(in, &distance))
    e->line += distance;
  else if (take(in, "-") && take_number(in, &distance) && distance < e->line)
    e->line -= distance;
  else {
    tsr_diag_error_at(c->wrong, loc, TSR_DIAG(expected_place));
    return false;
  }
  return true;
}

// Whether the brace at `at` ends an interval such as {1,3}.
static bool ends_interval(const char *start, const char *at) {
  const char *digit = at;
  while (digit > start && strchr("0123456789,", digit[-1]))
    digit--;
  return digit < at && digit > start && digit[-1] == '{';
}

// The `}}` that ends what is open, or NULL; inner braces only where there may
// be some.
static const char *find_end(const cursor *in, bool nests) {
  size_t depth = 0;
  for (const char *at = in->at; at + 1 < in->end; at++) {
    bool opens = nests && at[0] == '{' && at[1] == '{';
    bool closes = at[0] == '}' && at[1] == '}';
    // Of three, the first ends an interval of the inner expression.
    if (closes && depth > 0 && at + 2 < in->end && at[2] == '}' &&
        ends_interval(in->at, at))
      continue;
    if (closes && depth == 0)
      return at;
    depth += opens;
    depth -= closes;
    at += opens || closes;
  }
  return NULL;
}

// The text with everything outside of inner braces taken literally.
static char *make_pattern(checker *c, const char *text) {
  tsr_buffer out;
  tsr_buffer_init(&out);
  bool is_inside = false;
  for (const char *start = text; *text; text++) {
    bool is_interval =
        is_inside && strncmp(text, "}}}", 3) == 0 && ends_interval(start, text);
    if (!is_interval && strncmp(text, is_inside ? "}}" : "{{", 2) == 0) {
      tsr_buffer_append_char(&out, is_inside ? ')' : '(');
      is_inside = !is_inside;
      text++;
      continue;
    }
    if (!is_inside && strchr("\\.[]()*+?{}|^$", *text))
      tsr_buffer_append_char(&out, '\\');
    tsr_buffer_append_char(&out, *text);
  }
  char *pattern = tsr_arena_strdup(&c->arena, tsr_buffer_str(&out));
  tsr_buffer_deinit(&out);
  return pattern;
}

static bool compile(checker *c, const cursor *in, expectation *e) {
  char why[128];
  regex_t *regex = TSR_NEW(&c->arena, regex_t);
  int error =
      regcomp(regex, make_pattern(c, e->text), REG_EXTENDED | REG_NOSUB);
  if (error == 0) {
    e->regex = regex;
    return true;
  }
  if (error == REG_ESPACE)
    tsr_mem_exhausted(0);
  regerror(error, regex, why, sizeof(why));
  tsr_diag_error_at(c->wrong, loc_of(c, in), TSR_DIAG(expected_regex), why);
  return false;
}

// How often it must come. What is no count is said where the text should be.
static void take_count(cursor *in, expectation *e) {
  skip_blanks(in);
  cursor number = *in;
  e->wanted = 1;
  if (take_number(&number, &e->wanted) && e->wanted > 0)
    *in = number;
}

static bool take_text(checker *c, cursor *in, bool is_regex, expectation *e) {
  take_count(in, e);
  skip_blanks(in);
  if (!take(in, "{{")) {
    tsr_diag_error_at(c->wrong, loc_of(c, in), TSR_DIAG(expected_text));
    return false;
  }
  const char *end = find_end(in, is_regex);
  if (!end) {
    tsr_diag_error_at(c->wrong, loc_of(c, in), TSR_DIAG(expected_text_end));
    return false;
  }
  e->text = tsr_arena_strndup(&c->arena, in->at, (size_t)(end - in->at));
  bool fine = !is_regex || compile(c, in, e);
  in->at = end + 2;
  cursor behind = *in;
  skip_blanks(&behind);
  if (!take(&behind, "{{"))
    return fine;
  tsr_diag_error_at(c->wrong, loc_of(c, in), TSR_DIAG(expected_text_twice));
  if (e->regex)
    regfree(e->regex);
  return false;
}

static void read_line(checker *c, cursor in) {
  in.at = find(in.at, (size_t)(in.end - in.at), "//");
  while (in.at && (in.at = find(in.at, (size_t)(in.end - in.at), marker))) {
    expectation e = {.at = in.at};
    in.at += strlen(marker);
    if (!take_severity(c, &in, &e.severity))
      return;
    bool is_regex = take(&in, "-re");
    if (!take_place(c, &in, &e) || !take_text(c, &in, is_regex, &e))
      return;
    c->items = tsr_array_grow(&c->arena, c->items, &c->capacity, c->count + 1,
                              sizeof(*c->items));
    c->items[c->count++] = e;
  }
}

// A comment may say "expected-looking" and mean nothing by it.
static bool has_expectation(const char *line, size_t bytes) {
  cursor in = {.end = line + bytes};
  in.at = find(line, bytes, "//");
  in.at = in.at ? find(in.at, (size_t)(in.end - in.at), marker) : NULL;
  if (!in.at)
    return false;
  if (find(in.at, (size_t)(in.end - in.at), "{{"))
    return true;
  in.at += strlen(marker);
  for (size_t i = 0; i < SEVERITY_COUNT; i++)
    if (take(&in, severity_names[i]))
      return true;
  return false;
}

static void find_comments(checker *c) {
  size_t capacity = 0;
  for (size_t at = 0; at <= c->bytes;) {
    size_t size = line_size(c->text + at, c->bytes - at);
    c->is_comment = tsr_array_grow(&c->arena, c->is_comment, &capacity,
                                   c->line_count + 2, sizeof(*c->is_comment));
    c->is_comment[++c->line_count] = has_expectation(c->text + at, size);
    at += size + 1;
  }
}

static void read_all(checker *c) {
  find_comments(c);
  uint32_t line = 1;
  for (size_t at = 0; at <= c->bytes; line++) {
    const char *start = c->text + at;
    size_t size = line_size(start, c->bytes - at);
    if (c->is_comment[line])
      read_line(c, (cursor){start, start, start + size, line});
    at += size + 1;
  }
}

// -- Comparing ----------------------------------------------------------------

// The line of the piece that a message is about, or 0.
static uint32_t line_of(const checker *c, const tsr_message *message) {
  bool is_here = message->loc.file && strcmp(message->loc.file, c->file) == 0 &&
                 message->loc.line >= c->first_line;
  return is_here ? message->loc.line - c->first_line + 1 : 0;
}

// Compared with the message as it is printed, so that an expectation may name
// its id as well.
static bool says(checker *c, const tsr_message *message, const expectation *e) {
  const char *text = message->text;
  text = tsr_arena_printf(&c->arena, "%s [%s]", text, message->id);
  return e->regex ? regexec(e->regex, text, 0, NULL, 0) == 0
                  : strstr(text, e->text) != NULL;
}

// The expectation that `message` meets and none before it has.
static expectation *find_met(checker *c, const tsr_message *message) {
  for (size_t i = 0; i < c->count; i++) {
    expectation *e = &c->items[i];
    if (e->came < e->wanted && e->severity == message->severity &&
        e->line == line_of(c, message) && says(c, message, e))
      return e;
  }
  return NULL;
}

static void compare(checker *c, const tsr_message *message) {
  expectation *met = find_met(c, message);
  if (met)
    met->came++;
  else if (message->severity != TSR_SEVERITY_NOTE)
    tsr_diag_error_at(c->wrong, message->loc, TSR_DIAG(unexpected_message),
                      severity_names[message->severity], message->text);
}

static void report_unmet(checker *c, const expectation *e) {
  const char *start = e->at;
  uint32_t line = c->first_line;
  while (start > c->text && start[-1] != '\n')
    start--;
  for (const char *at = c->text; at < start; at++)
    line += *at == '\n';
  tsr_loc loc = {c->file, line, (uint32_t)(e->at - start) + 1};
  const char *severity = severity_names[e->severity];
  if (e->wanted == 1)
    tsr_diag_error_at(c->wrong, loc, TSR_DIAG(missing_message), severity,
                      e->text);
  else
    tsr_diag_error_at(c->wrong, loc, TSR_DIAG(missing_messages), severity,
                      e->text, e->wanted, e->came);
}

tsr_result tsr_diag_expect(const tsr_diag *diag, const tsr_expect_text *text,
                           tsr_diag *out_wrong) {
  checker c = {.file = text->file,
               .text = text->text,
               .bytes = text->bytes,
               .first_line = text->first_line ? text->first_line : 1,
               .wrong = out_wrong};
  size_t before = tsr_diag_error_count(out_wrong);
  tsr_arena_init(&c.arena);
  read_all(&c);
  for (size_t i = 0; i < tsr_diag_count(diag); i++)
    compare(&c, tsr_diag_get(diag, i));
  for (size_t i = 0; i < c.count; i++) {
    if (c.items[i].came < c.items[i].wanted)
      report_unmet(&c, &c.items[i]);
    if (c.items[i].regex)
      regfree(c.items[i].regex);
  }
  tsr_arena_deinit(&c.arena);
  return tsr_diag_error_count(out_wrong) == before ? TSR_OK : TSR_FAILED;
}
