// NumPy files, as the generated main.cpp reads and writes them.

#include "run.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

TSR_PRINTF(2, 3)
static tsr_result complain(const char *id, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  tsr_tool_verror("tt-run", id, format, arguments);
  va_end(arguments);
  return TSR_FAILED;
}

void shape_print(const tsr_run_value *value, tsr_buffer *out) {
  const tsr_type_desc *desc = tsr_type_get_desc(value->type);
  for (uint32_t i = 0; i < desc->rank; i++)
    tsr_buffer_printf(out, "%s%" PRIu64, i ? "x" : "", desc->extents[i]);
}

// -- reading ------------------------------------------------------------------

// A file, and where its numbers are.
typedef struct npy {
  const char *path;
  const char *data;
  size_t bytes;
  npy_header header;
} npy;

// Version 1 has two bytes for the size of the header, 2 and 3 have four.
static tsr_result read_header(npy *file, const tsr_file *from) {
  const unsigned char *byte = (const unsigned char *)from->data;
  static const char magic[] = "\x93NUMPY";
  if (from->size < 12 || memcmp(byte, magic, sizeof magic - 1) != 0)
    return complain(TSR_DIAG(npy_magic), file->path);
  if (byte[6] < 1 || byte[6] > 3 || byte[7] != 0)
    return complain(TSR_DIAG(npy_version), file->path, (unsigned)byte[6],
                    (unsigned)byte[7]);
  bool is_long = byte[6] >= 2;
  size_t start = is_long ? 12 : 10;
  size_t bytes = (size_t)byte[8] | (size_t)byte[9] << 8;
  if (is_long)
    bytes |= (size_t)byte[10] << 16 | (size_t)byte[11] << 24;
  if (bytes > from->size - start)
    return complain(TSR_DIAG(npy_header_cut), file->path);
  file->data = from->data + start + bytes;
  file->bytes = from->size - start - bytes;
  return npy_header_read(file->path, from->data + start, bytes, &file->header);
}

static float half_to_float(uint16_t bits) {
  int exponent = bits >> 10 & 31, mantissa = bits & 1023;
  float value = exponent == 31
                    ? (mantissa ? NAN : INFINITY)
                    : ldexpf((float)mantissa + (exponent ? 1024.0f : 0.0f),
                             (exponent ? exponent : 1) - 25);
  return bits & 0x8000 ? -value : value;
}

static float read_element(const char *bytes, const char *type) {
  float value;
  double wide;
  uint16_t bits;
  memcpy(&value, bytes, strcmp(type, "<f4") == 0 ? sizeof value : 0);
  if (strcmp(type, "<f4") == 0)
    return value;
  if (strcmp(type, "<f8") == 0) {
    memcpy(&wide, bytes, sizeof wide);
    return (float)wide;
  }
  memcpy(&bits, bytes, sizeof bits);
  if (strcmp(type, "<f2") == 0)
    return half_to_float(bits);
  uint32_t upper = (uint32_t)bits << 16; // bf16
  memcpy(&value, &upper, sizeof value);
  return value;
}

// The element type as one of four, or NULL.
static const char *known_type(const char *type) {
  static const char *const known[] = {"<f4", "<f8", "<f2", "<u2"};
  for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
    if (strcmp(type, known[i]) == 0)
      return known[i];
  bool is_void = strcmp(type, "|V2") == 0 || strcmp(type, "V2") == 0 ||
                 strcmp(type, "<V2") == 0;
  return is_void ? "<u2" : NULL;
}

static tsr_result read_values(const npy *file, const char *type,
                              tsr_run_value *value) {
  size_t size = strcmp(type, "<f8") == 0 ? 8 : strcmp(type, "<f4") == 0 ? 4 : 2;
  if (file->bytes / size != value->elems || file->bytes % size != 0)
    return complain(TSR_DIAG(npy_bytes), file->path, file->bytes,
                    value->elems * size);
  for (uint64_t i = 0; i < value->elems; i++)
    value->values[i] = read_element(file->data + i * size, type);
  return TSR_OK;
}

static tsr_result check_shape(const npy *file, const tsr_run_value *value) {
  const char *shape = tsr_buffer_str(&file->header.shape);
  tsr_buffer wanted;
  tsr_buffer_init(&wanted);
  shape_print(value, &wanted);
  tsr_result result =
      strcmp(shape, tsr_buffer_str(&wanted)) == 0
          ? TSR_OK
          : complain(TSR_DIAG(npy_shape), file->path, *shape ? shape : "()",
                     tsr_buffer_str(&wanted));
  tsr_buffer_deinit(&wanted);
  return result;
}

static tsr_result read_file(npy *file, const tsr_file *from,
                            tsr_run_value *value) {
  if (read_header(file, from) != TSR_OK)
    return TSR_FAILED;
  const char *type = tsr_buffer_str(&file->header.type);
  const char *known = known_type(type);
  if (!known)
    return complain(TSR_DIAG(npy_type), file->path, type);
  if (file->header.is_fortran)
    return complain(TSR_DIAG(npy_order), file->path);
  return check_shape(file, value) == TSR_OK ? read_values(file, known, value)
                                            : TSR_FAILED;
}

// A device has no end to be read to.
static tsr_result check_regular(const char *path) {
  struct stat about;
  return stat(path, &about) != 0 || S_ISREG(about.st_mode)
             ? TSR_OK // what is not there is said on reading
             : complain(TSR_DIAG(npy_not_regular), path);
}

// The file is mapped where it is large, so one that does not fit is refused by
// its header and size, whatever those are.
tsr_result npy_load(const char *path, tsr_run_value *value) {
  if (check_regular(path) != TSR_OK)
    return TSR_FAILED;
  npy file = {.path = path};
  tsr_file from;
  tsr_buffer message;
  tsr_buffer_init(&message);
  tsr_buffer_init(&file.header.type);
  tsr_buffer_init(&file.header.shape);
  tsr_result result = tsr_file_open(&from, path, &message);
  if (result != TSR_OK)
    tsr_tool_error("tt-run", TSR_DIAG(file_failed), tsr_buffer_str(&message));
  else
    result = read_file(&file, &from, value);
  tsr_buffer_deinit(&file.header.shape);
  tsr_buffer_deinit(&file.header.type);
  tsr_buffer_deinit(&message);
  tsr_file_close(&from);
  return result;
}

// -- writing ------------------------------------------------------------------

void npy_print(const tsr_run_value *value, bool as_bits, tsr_buffer *out) {
  const tsr_type_desc *desc = tsr_type_get_desc(value->type);
  tsr_buffer header;
  tsr_buffer_init(&header);
  tsr_buffer_printf(&header,
                    "{'descr': '%s', 'fortran_order': False, 'shape': (",
                    as_bits ? "<u2" : "<f4");
  for (uint32_t i = 0; i < desc->rank; i++)
    tsr_buffer_printf(&header, "%s%" PRIu64, i ? ", " : "", desc->extents[i]);
  tsr_buffer_append_str(&header, desc->rank == 1 ? ",), }" : "), }");
  tsr_buffer_append_repeated(&header, ' ', 63 - (10 + header.size) % 64);
  tsr_buffer_append_char(&header, '\n');
  tsr_buffer_append(out, "\x93NUMPY\x01\x00", 8);
  tsr_buffer_append_char(out, (char)(header.size & 255));
  tsr_buffer_append_char(out, (char)(header.size >> 8));
  tsr_buffer_append(out, header.data, header.size);
  tsr_buffer_deinit(&header);
  for (uint64_t i = 0; i < value->elems; i++) {
    const char *bytes = (const char *)&value->values[i];
    tsr_buffer_append(out, as_bits ? bytes + 2 : bytes, as_bits ? 2 : 4);
  }
}
