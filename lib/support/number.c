// Numbers to and from text, checked arithmetic.
//
// printf and strtod use the locale's decimal point, and a program that links
// the library may have set any locale; so the point is translated on the way.

#include "tessera/arena.h"
#include "tessera/buffer.h"
#include "tessera/support.h"

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool tsr_add_u64(uint64_t a, uint64_t b, uint64_t *out) {
  if (b > UINT64_MAX - a)
    return false;
  *out = a + b;
  return true;
}

bool tsr_mul_u64(uint64_t a, uint64_t b, uint64_t *out) {
  if (a != 0 && b > UINT64_MAX / a)
    return false;
  *out = a * b;
  return true;
}

bool tsr_add_i64(int64_t a, int64_t b, int64_t *out) {
  if (b > 0 ? a > INT64_MAX - b : a < INT64_MIN - b)
    return false;
  *out = a + b;
  return true;
}

bool tsr_sub_i64(int64_t a, int64_t b, int64_t *out) {
  if (b > 0 ? a < INT64_MIN + b : a > INT64_MAX + b)
    return false;
  *out = a - b;
  return true;
}

static uint64_t magnitude(int64_t value) {
  return value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
}

// Gives `size` the wanted sign if the result fits.
static bool apply_sign(uint64_t size, bool negative, int64_t *out) {
  const uint64_t most = (uint64_t)INT64_MAX;
  if (size > most + (negative ? 1 : 0))
    return false;
  if (size > most)
    *out = INT64_MIN;
  else
    *out = negative ? -(int64_t)size : (int64_t)size;
  return true;
}

bool tsr_mul_i64(int64_t a, int64_t b, int64_t *out) {
  uint64_t size;
  return tsr_mul_u64(magnitude(a), magnitude(b), &size) &&
         apply_sign(size, (a < 0) != (b < 0), out);
}

uint64_t tsr_ceil_div_u64(uint64_t a, uint64_t b) {
  return a / b + (a % b != 0 ? 1 : 0);
}

bool tsr_parse_u64(const char *text, size_t bytes, uint64_t *out) {
  uint64_t value = 0;
  for (size_t i = 0; i < bytes; i++) {
    if (text[i] < '0' || text[i] > '9')
      return false;
    if (!tsr_mul_u64(value, 10, &value) ||
        !tsr_add_u64(value, (uint64_t)(text[i] - '0'), &value))
      return false;
  }
  if (bytes == 0)
    return false;
  *out = value;
  return true;
}

bool tsr_parse_i64(const char *text, size_t bytes, int64_t *out) {
  bool negative = bytes > 0 && text[0] == '-';
  size_t skip = negative ? 1 : 0;
  uint64_t size;
  return tsr_parse_u64(text + skip, bytes - skip, &size) &&
         apply_sign(size, negative, out);
}

static size_t skip_digits(const char *text, size_t bytes, size_t at) {
  while (at < bytes && text[at] >= '0' && text[at] <= '9')
    at++;
  return at;
}

// True for [-]digits[.digits][e[+-]digits]: strtod alone would also take
// blanks, hexadecimal, "nan" and more.
static bool is_decimal(const char *text, size_t bytes) {
  size_t start = bytes > 0 && text[0] == '-' ? 1 : 0;
  size_t at = skip_digits(text, bytes, start);
  if (at == start)
    return false;
  if (at < bytes && text[at] == '.') {
    start = ++at;
    at = skip_digits(text, bytes, at);
    if (at == start)
      return false;
  }
  if (at < bytes && (text[at] == 'e' || text[at] == 'E')) {
    at++;
    if (at < bytes && (text[at] == '+' || text[at] == '-'))
      at++;
    start = at;
    at = skip_digits(text, bytes, at);
    if (at == start)
      return false;
  }
  return at == bytes;
}

bool tsr_parse_f64(const char *text, size_t bytes, double *out) {
  if (!is_decimal(text, bytes))
    return false;
  tsr_buffer local;
  tsr_buffer_init(&local);
  for (size_t i = 0; i < bytes; i++)
    if (text[i] == '.')
      tsr_buffer_append_str(&local, localeconv()->decimal_point);
    else
      tsr_buffer_append_char(&local, text[i]);
  double value = strtod(local.data, NULL);
  tsr_buffer_deinit(&local);
  if (isinf(value))
    return false;
  *out = value;
  return true;
}

enum { F64_TEXT_BYTES = 64 };

// Writes `value` with `digits` significant digits into `text`.
static void format_digits(char text[F64_TEXT_BYTES], double value, int digits) {
  snprintf(text, F64_TEXT_BYTES, "%.*g", digits, value);
}

// Appends what printf wrote, with '.' for the locale's decimal point and ".0"
// where there is neither point nor exponent.
static void append_local(tsr_buffer *buffer, const char *text) {
  const char *point = localeconv()->decimal_point;
  const char *found = strstr(text, point);
  if (!found) {
    tsr_buffer_append_str(buffer, text);
    if (!strchr(text, 'e'))
      tsr_buffer_append_str(buffer, ".0");
    return;
  }
  tsr_buffer_append(buffer, text, (size_t)(found - text));
  tsr_buffer_append_char(buffer, '.');
  tsr_buffer_append_str(buffer, found + strlen(point));
}

static bool append_special(tsr_buffer *buffer, double value) {
  if (isnan(value))
    tsr_buffer_append_str(buffer, "nan");
  else if (isinf(value))
    tsr_buffer_append_str(buffer, value < 0 ? "-inf" : "inf");
  else
    return false;
  return true;
}

void tsr_buffer_append_f64(tsr_buffer *buffer, double value) {
  if (append_special(buffer, value))
    return;
  char text[F64_TEXT_BYTES];
  int digits = 1;
  do // 17 digits always read back
    format_digits(text, value, digits++);
  while (digits <= 17 && strtod(text, NULL) != value);
  append_local(buffer, text);
}

void tsr_buffer_append_f32(tsr_buffer *buffer, float value) {
  if (append_special(buffer, (double)value))
    return;
  char text[F64_TEXT_BYTES];
  int digits = 1;
  do // 9 digits always read back
    format_digits(text, (double)value, digits++);
  while (digits <= 9 && strtof(text, NULL) != value);
  append_local(buffer, text);
}

bool tsr_parse_bool(const char *text, bool *out) {
  static const char *const words[][2] = {
      {"off", "on"}, {"false", "true"}, {"0", "1"}};
  for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
    for (int is_on = 0; is_on < 2; is_on++)
      if (strcmp(text, words[i][is_on]) == 0) {
        *out = is_on;
        return true;
      }
  return false;
}
