// Bytes that grow by doubling; one terminator is always kept behind them.

#include "tessera/buffer.h"

#include "tessera/arena.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

void tsr_buffer_init(tsr_buffer *buffer) {
  *buffer = (tsr_buffer){.data = NULL};
}

void tsr_buffer_deinit(tsr_buffer *buffer) {
  buffer->data = tsr_mem_resize(buffer->data, 0);
  tsr_buffer_init(buffer);
}

void tsr_buffer_clear(tsr_buffer *buffer) { tsr_buffer_truncate(buffer, 0); }

void tsr_buffer_truncate(tsr_buffer *buffer, size_t size) {
  assert(size <= buffer->size);
  buffer->size = size;
  if (buffer->data)
    buffer->data[size] = '\0';
}

const char *tsr_buffer_str(const tsr_buffer *buffer) {
  return buffer->data ? buffer->data : "";
}

// The terminator needs room as well.
void tsr_buffer_reserve(tsr_buffer *buffer, size_t bytes) {
  if (bytes >= SIZE_MAX / 2 - buffer->size)
    tsr_mem_exhausted(bytes);
  size_t needed = buffer->size + bytes + 1;
  if (needed <= buffer->capacity)
    return;
  size_t capacity = buffer->capacity ? buffer->capacity : 64;
  while (capacity < needed)
    capacity *= 2;
  buffer->data = tsr_mem_resize(buffer->data, capacity);
  buffer->capacity = capacity;
}

void tsr_buffer_append_repeated(tsr_buffer *buffer, char c, size_t count) {
  tsr_buffer_reserve(buffer, count);
  memset(buffer->data + buffer->size, c, count);
  buffer->size += count;
  buffer->data[buffer->size] = '\0';
}

void tsr_buffer_append_dashed(tsr_buffer *buffer, const char *name) {
  for (; *name; name++)
    tsr_buffer_append_char(buffer, *name == '_' ? '-' : *name);
}

void tsr_buffer_append_u64(tsr_buffer *buffer, uint64_t value) {
  char digits[20];
  size_t at = sizeof(digits);
  do {
    digits[--at] = (char)('0' + value % 10);
    value /= 10;
  } while (value);
  tsr_buffer_append(buffer, digits + at, sizeof(digits) - at);
}

void tsr_buffer_append_i64(tsr_buffer *buffer, int64_t value) {
  if (value < 0)
    tsr_buffer_append_char(buffer, '-');
  // Negating as unsigned is defined for the smallest number too.
  tsr_buffer_append_u64(buffer,
                        value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

void tsr_buffer_printf(tsr_buffer *buffer, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  tsr_buffer_vprintf(buffer, format, arguments);
  va_end(arguments);
}

void tsr_buffer_vprintf(tsr_buffer *buffer, const char *format,
                        va_list arguments) {
  va_list measured;
  va_copy(measured, arguments);
  int length = vsnprintf(NULL, 0, format, measured);
  va_end(measured);
  assert(length >= 0 && "the format is ours and prints no wide characters");
  size_t bytes = (size_t)length;
  tsr_buffer_reserve(buffer, bytes);
  vsnprintf(buffer->data + buffer->size, bytes + 1, format, arguments);
  buffer->size += bytes;
}
