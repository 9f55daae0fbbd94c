// --verify-diagnostics: tests say in comments which messages must come.
//
//   // expected-error@+1 {{part of the text}}
//
// Severity is error, warning or note. The place is the comment's own line, or
// @+N, @-N lines from it, @above or @below the block of such comments, or
// @unknown for a message without a place. Every error and warning must be
// expected; a note only if it is expected to come.

#include "opt.h"

#include "tessera/support.h"
#include "tessera/vector.h"

#include <stdio.h>
#include <string.h>

typedef struct expectation {
  tsr_severity severity;
  uint32_t written_at, line; // line 0: no place
  const char *text;
  size_t size;
  bool met;
} expectation;

typedef struct expectations {
  expectation *items;
  size_t count, capacity;
  bool malformed;
} expectations;

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

// A piece of one line that is read from left to right.
typedef struct cursor {
  const char *at, *end;
} cursor;

static bool take(cursor *c, const char *word) {
  size_t size = strlen(word);
  if ((size_t)(c->end - c->at) < size || memcmp(c->at, word, size) != 0)
    return false;
  c->at += size;
  return true;
}

static bool take_severity(cursor *c, tsr_severity *out) {
  *out = TSR_SEVERITY_ERROR;
  if (take(c, "error"))
    return true;
  *out = TSR_SEVERITY_WARNING;
  if (take(c, "warning"))
    return true;
  *out = TSR_SEVERITY_NOTE;
  return take(c, "note");
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
static uint32_t skip_comments(const bool *is_comment, uint32_t line_count,
                              uint32_t line, int step) {
  uint32_t at = line + (uint32_t)step;
  while (at >= 1 && at <= line_count && is_comment[at])
    at += (uint32_t)step;
  return at;
}

// Lines of a text, counting from 1, and which hold expectations.
typedef struct lines {
  uint32_t count;
  bool *is_comment;
} lines;

static bool take_place(cursor *c, const lines *all, expectation *e) {
  uint32_t distance = 0;
  e->line = e->written_at;
  if (!take(c, "@"))
    return true;
  if (take(c, "above"))
    e->line = skip_comments(all->is_comment, all->count, e->written_at, -1);
  else if (take(c, "below"))
    e->line = skip_comments(all->is_comment, all->count, e->written_at, 1);
  else if (take(c, "unknown"))
    e->line = 0;
  else if (take(c, "+") && take_number(c, &distance))
    e->line += distance;
  else if (take(c, "-") && take_number(c, &distance) && distance < e->line)
    e->line -= distance;
  else
    return false;
  return true;
}

static bool take_text(cursor *c, expectation *e) {
  while (take(c, " "))
    continue;
  if (!take(c, "{{"))
    return false;
  const char *end = find(c->at, (size_t)(c->end - c->at), "}}");
  if (!end)
    return false;
  e->text = c->at;
  e->size = (size_t)(end - c->at);
  c->at = end;
  return true;
}

static void add(expectations *all, const expectation *e) {
  all->items = tsr_array_grow(NULL, all->items, &all->capacity, all->count + 1,
                              sizeof(*all->items));
  all->items[all->count++] = *e;
}

static void read_line(expectations *out, const lines *all, const char *file,
                      cursor c, uint32_t line, uint32_t first_line) {
  c.at = find(c.at, (size_t)(c.end - c.at), "//");
  while (c.at && (c.at = find(c.at, (size_t)(c.end - c.at), marker))) {
    c.at += strlen(marker);
    expectation e = {.written_at = line};
    if (!take_severity(&c, &e.severity))
      continue;
    if (!take_place(&c, all, &e) || !take_text(&c, &e)) {
      fprintf(stderr,
              "%s:%u: error: expected 'expected-error@+1 {{text}}', with "
              "@+N, @-N, @above, @below, @unknown or none\n",
              file, line + first_line - 1);
      out->malformed = true;
      return;
    }
    add(out, &e);
  }
}

static lines find_comments(const char *text, size_t bytes) {
  lines all = {0};
  size_t capacity = 0;
  for (size_t at = 0; at <= bytes;) {
    size_t size = line_size(text + at, bytes - at);
    all.is_comment = tsr_array_grow(NULL, all.is_comment, &capacity,
                                    all.count + 2, sizeof(*all.is_comment));
    all.is_comment[++all.count] = find(text + at, size, marker) != NULL;
    at += size + 1;
  }
  return all;
}

static expectations read_all(const char *file, const char *text, size_t bytes,
                             uint32_t first_line) {
  expectations out = {0};
  lines all = find_comments(text, bytes);
  uint32_t line = 1;
  for (size_t at = 0; at <= bytes; line++) {
    size_t size = line_size(text + at, bytes - at);
    cursor c = {text + at, text + at + size};
    if (all.is_comment[line])
      read_line(&out, &all, file, c, line, first_line);
    at += size + 1;
  }
  tsr_mem_resize(all.is_comment, 0);
  return out;
}

// -- Comparing ----------------------------------------------------------------

static const char *severity_name(tsr_severity severity) {
  return severity == TSR_SEVERITY_ERROR     ? "error"
         : severity == TSR_SEVERITY_WARNING ? "warning"
                                            : "note";
}

// The expectation that `message` meets and none before it has.
static expectation *find_met(expectations *all, const tsr_message *message,
                             uint32_t first_line) {
  uint32_t line = message->loc.file && message->loc.line >= first_line
                      ? message->loc.line - first_line + 1
                      : 0;
  for (size_t i = 0; i < all->count; i++) {
    expectation *e = &all->items[i];
    size_t bytes = strlen(message->text);
    char what[512];
    if (e->met || e->severity != message->severity || e->line != line ||
        e->size >= sizeof(what))
      continue;
    memcpy(what, e->text, e->size);
    what[e->size] = '\0';
    if (find(message->text, bytes, what))
      return e;
  }
  return NULL;
}

static bool report_unexpected(const tsr_message *message, const char *file) {
  if (message->severity == TSR_SEVERITY_NOTE)
    return true;
  fprintf(stderr, "%s:%u:%u: error: unexpected %s: %s\n", file,
          message->loc.line, message->loc.column,
          severity_name(message->severity), message->text);
  return false;
}

static bool report_unmet(const expectation *e, const char *file,
                         uint32_t first_line) {
  if (e->met)
    return true;
  fprintf(stderr, "%s:%u: error: expected %s \"%.*s\" did not come\n", file,
          e->written_at + first_line - 1, severity_name(e->severity),
          (int)e->size, e->text);
  return false;
}

bool expect_check(const char *file, const char *text, size_t bytes,
                  uint32_t first_line, const tsr_diag *diag) {
  expectations all = read_all(file, text, bytes, first_line);
  bool fine = !all.malformed;
  for (size_t i = 0; i < tsr_diag_count(diag); i++) {
    const tsr_message *message = tsr_diag_get(diag, i);
    expectation *met = find_met(&all, message, first_line);
    if (met)
      met->met = true;
    else
      fine = report_unexpected(message, file) && fine;
  }
  for (size_t i = 0; i < all.count; i++)
    fine = report_unmet(&all.items[i], file, first_line) && fine;
  tsr_mem_resize(all.items, 0);
  return fine;
}
