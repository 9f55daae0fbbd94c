// The header of an .npy file: a dictionary as Python writes it, of three keys
// in any order. Read strictly, as NumPy does: what is not understood would be
// numbers in the wrong order or of the wrong kind.

#include "run.h"

#include <string.h>

typedef struct header_reader {
  const char *path, *text;
  size_t bytes, at;
} header_reader;

static tsr_result fail_expected(const header_reader *r, const char *what) {
  tsr_tool_error("tt-run", TSR_DIAG(npy_header_syntax), r->path, r->at + 1,
                 what);
  return TSR_FAILED;
}

static bool at_end(header_reader *r) {
  while (r->at < r->bytes && memchr(" \t\n\r\f", r->text[r->at], 5))
    r->at++;
  return r->at == r->bytes;
}

static bool take(header_reader *r, char c) {
  bool is_there = !at_end(r) && r->text[r->at] == c;
  r->at += is_there;
  return is_there;
}

static bool take_word(header_reader *r, const char *word) {
  size_t bytes = strlen(word);
  bool is_there = !at_end(r) && r->bytes - r->at >= bytes &&
                  memcmp(r->text + r->at, word, bytes) == 0;
  r->at += is_there ? bytes : 0;
  return is_there;
}

// A string in either quotes; escapes have no use here.
static tsr_result read_string(header_reader *r, const char *what,
                              tsr_buffer *out) {
  bool is_double = !at_end(r) && r->text[r->at] == '"';
  if (!take(r, is_double ? '"' : '\''))
    return fail_expected(r, what);
  for (; r->at < r->bytes; r->at++) {
    char c = r->text[r->at];
    if (c == (is_double ? '"' : '\'')) {
      r->at++;
      return TSR_OK;
    }
    if (c == '\\' || c < ' ' || c > '~')
      break;
    tsr_buffer_append_char(out, c);
  }
  return fail_expected(r, "the end of a string, without escapes");
}

static tsr_result read_order(header_reader *r, npy_header *out) {
  out->is_fortran = take_word(r, "True");
  return out->is_fortran || take_word(r, "False")
             ? TSR_OK
             : fail_expected(r, "True or False");
}

static bool is_digit(const header_reader *r) {
  return r->at < r->bytes && r->text[r->at] >= '0' && r->text[r->at] <= '9';
}

// Appends it to `out`.
static tsr_result read_extent(header_reader *r, tsr_buffer *out) {
  at_end(r);
  size_t start = r->at;
  while (is_digit(r))
    tsr_buffer_append_char(out, r->text[r->at++]);
  bool has_zeros = r->at > start + 1 && r->text[start] == '0';
  if (has_zeros)
    r->at = start;
  if (r->at == start)
    return fail_expected(r, "a number without sign and leading zeros");
  if (r->at < r->bytes && r->text[r->at] == 'L') // Python 2 writes it
    r->at++;
  return TSR_OK;
}

// As "2x3". One extent without a comma is a number to Python, not a tuple.
static tsr_result read_shape(header_reader *r, npy_header *out) {
  if (!take(r, '('))
    return fail_expected(r, "'('");
  for (size_t count = 0; !take(r, ')'); count++) {
    if (count)
      tsr_buffer_append_char(&out->shape, 'x');
    if (read_extent(r, &out->shape) != TSR_OK)
      return TSR_FAILED;
    if (take(r, ','))
      continue;
    if (count == 0)
      return fail_expected(r, "','");
    return take(r, ')') ? TSR_OK : fail_expected(r, "',' or ')'");
  }
  return TSR_OK;
}

static tsr_result read_type(header_reader *r, npy_header *out) {
  return read_string(r, "a type in quotes", &out->type);
}

typedef struct header_key {
  const char *name;
  tsr_result (*read)(header_reader *r, npy_header *out);
} header_key;

static const header_key keys[] = {
    {"descr", read_type}, {"fortran_order", read_order}, {"shape", read_shape}};
enum { KEYS = sizeof keys / sizeof keys[0] };

static tsr_result read_key(header_reader *r, size_t *out) {
  tsr_buffer name;
  tsr_buffer_init(&name);
  at_end(r);
  size_t start = r->at;
  tsr_result result = read_string(r, "a key in quotes or '}'", &name);
  for (*out = 0; *out < KEYS; ++*out)
    if (strcmp(keys[*out].name, tsr_buffer_str(&name)) == 0)
      break;
  if (result == TSR_OK && *out == KEYS) {
    tsr_tool_error("tt-run", TSR_DIAG(npy_header_key), r->path, start + 1,
                   tsr_buffer_str(&name));
    result = TSR_FAILED;
  }
  tsr_buffer_deinit(&name);
  return result;
}

static tsr_result read_entry(header_reader *r, bool *seen, npy_header *out) {
  size_t key;
  if (read_key(r, &key) != TSR_OK)
    return TSR_FAILED;
  if (seen[key]) {
    tsr_tool_error("tt-run", TSR_DIAG(npy_header_twice), r->path,
                   keys[key].name);
    return TSR_FAILED;
  }
  seen[key] = true;
  return take(r, ':') ? keys[key].read(r, out) : fail_expected(r, "':'");
}

tsr_result npy_header_read(const char *path, const char *text, size_t bytes,
                           npy_header *out) {
  header_reader r = {path, text, bytes, 0};
  bool seen[KEYS] = {false};
  if (!take(&r, '{'))
    return fail_expected(&r, "'{'");
  while (!take(&r, '}')) {
    if (read_entry(&r, seen, out) != TSR_OK)
      return TSR_FAILED;
    if (take(&r, ','))
      continue;
    if (!take(&r, '}'))
      return fail_expected(&r, "',' or '}'");
    break;
  }
  if (!at_end(&r))
    return fail_expected(&r, "the end of the header");
  for (size_t i = 0; i < KEYS; i++)
    if (!seen[i]) {
      tsr_tool_error("tt-run", TSR_DIAG(npy_header_field), path, keys[i].name);
      return TSR_FAILED;
    }
  return TSR_OK;
}
