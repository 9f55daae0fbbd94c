// A growable byte string: what printers write to, and files are written from.

#ifndef TESSERA_BUFFER_H
#define TESSERA_BUFFER_H

#include "tessera/base.h"
#include "tessera/memory.h"

#include <stdarg.h>
#include <string.h>

TSR_BEGIN_DECLS

typedef struct tsr_buffer {
  char *data;  // zero-terminated once anything was appended, else NULL
  size_t size; // without the terminator
  size_t capacity;
} tsr_buffer;

// An empty buffer, and its end; a second end does nothing.
void tsr_buffer_init(tsr_buffer *buffer);
void tsr_buffer_deinit(tsr_buffer *buffer);

// Empties `buffer` and keeps its memory.
void tsr_buffer_clear(tsr_buffer *buffer);

// Cuts `buffer` down to its first `size` bytes.
void tsr_buffer_truncate(tsr_buffer *buffer, size_t size);

// The text, zero-terminated; "" when empty. Valid until the next change.
const char *tsr_buffer_str(const tsr_buffer *buffer);

// Makes room for `bytes` more, so that appending them moves nothing.
void tsr_buffer_reserve(tsr_buffer *buffer, size_t bytes);

// Here because printers call these for every few bytes.
static inline void tsr_buffer_append(tsr_buffer *buffer, const void *data,
                                     size_t bytes) {
  if (buffer->capacity - buffer->size <= bytes)
    tsr_buffer_reserve(buffer, bytes);
  if (bytes)
    memcpy(buffer->data + buffer->size, data, bytes);
  buffer->size += bytes;
  buffer->data[buffer->size] = '\0';
}
static inline void tsr_buffer_append_str(tsr_buffer *buffer, const char *text) {
  tsr_buffer_append(buffer, text, strlen(text));
}
static inline void tsr_buffer_append_char(tsr_buffer *buffer, char c) {
  tsr_buffer_append(buffer, &c, 1);
}
void tsr_buffer_append_repeated(tsr_buffer *buffer, char c, size_t count);
// Appends the name of something in C as people write it: '-' for '_'.
void tsr_buffer_append_dashed(tsr_buffer *buffer, const char *name);
void tsr_buffer_append_u64(tsr_buffer *buffer, uint64_t value);
void tsr_buffer_append_i64(tsr_buffer *buffer, int64_t value);

// Appends the shortest decimal text that reads back as `value`.
//
// out    always with a point or an exponent ("2.0", "1e+30"), so that it cannot
//        be taken for an integer; "inf", "-inf", "nan"; the same in every
//        locale
void tsr_buffer_append_f64(tsr_buffer *buffer, double value);

// The same for a value that came from a float: shortest text that reads back as
// that float.
void tsr_buffer_append_f32(tsr_buffer *buffer, float value);

// Appends formatted text. Not for floating point, whose text would depend on
// the locale: see tsr_buffer_append_f64.
void tsr_buffer_printf(tsr_buffer *buffer, const char *format, ...)
    TSR_PRINTF(2, 3);
void tsr_buffer_vprintf(tsr_buffer *buffer, const char *format,
                        va_list arguments) TSR_PRINTF(2, 0);

// Appends the whole of a file; `path` "-" reads standard input.
//
// fails  on any read error, and where a device gives 64 MiB without an end;
// `out_message` gets the reason, `path` included
TSR_MUST_USE tsr_result tsr_buffer_read_file(tsr_buffer *buffer,
                                             const char *path,
                                             tsr_buffer *out_message);

// Appends the whole of a regular file, without ever waiting for one: what may
// be damaged may also be a pipe or a device.
//
// fails  on any read error, and where `path` is no regular file
TSR_MUST_USE tsr_result tsr_buffer_read_regular(tsr_buffer *buffer,
                                                const char *path);

// Whether `path` is "-" or names what standard output is, as /dev/stdout does.
// A terminal or /dev/null is not meant: both may go there.
bool tsr_path_is_stdout(const char *path);

// Finds where a file that is written to `path` takes its place: behind links,
// also where those lead to nothing yet.
//
// fails  links lead in a circle: false, and errno says so
TSR_MUST_USE bool tsr_path_find_place(const char *path, tsr_buffer *out);

// Writes `buffer` to a file, whole or not at all; to standard output if `path`
// is that.
//
// out    the bytes go to a temporary file beside `path` that then takes its
//        place, with the permissions of what was there; a link stays one, and
//        what it leads to is replaced or made; a `path` that is no regular
//        file (a device, a pipe) is written to directly
// fails  on any error up to close, a full disk included; nothing is left behind
//        and `out_message` gets the reason, `path` included
TSR_MUST_USE tsr_result tsr_buffer_write_file(const tsr_buffer *buffer,
                                              const char *path,
                                              tsr_buffer *out_message);

// Puts a file of what `buffer` holds in the place of whatever is there: of a
// link, a pipe or a device itself, which nothing is written to.
//
// fails  on any error up to close; nothing is left behind
TSR_MUST_USE tsr_result tsr_buffer_replace_file(const tsr_buffer *buffer,
                                                const char *path);

// Writes `buffer` to a file that does not exist yet.
//
// in     `like`: a file whose permissions it gets, if that is there; or NULL
// fails  on any error, also when there is such a file; nothing is left behind
//        and `out_message` gets the reason, `path` included
TSR_MUST_USE tsr_result tsr_buffer_create_file(const tsr_buffer *buffer,
                                               const char *path,
                                               const char *like,
                                               tsr_buffer *out_message);

// -- Files that were read -----------------------------------------------------

// A command does not write over what it reads. From tsr_keep_read_files on,
// nothing that is written here, or by what is built on it, takes the place of a
// regular file that was read here: that fails, and the message names both. It
// holds for the whole program, and is off to begin with.

// in     `but`: a file that may be replaced although it is read, or NULL
void tsr_keep_read_files(const char *but);
// Forgets all of them.
void tsr_keep_no_files(void);

// Keeps the file at `path` as well, which something else reads.
void tsr_keep_file(const char *path);

// What the file at `path` was called when it was read; NULL: it may be
// replaced. Valid until tsr_keep_no_files.
const char *tsr_find_kept_file(const char *path);

// fails  the file at `path` was read and stays; `out_message` gets both names
TSR_MUST_USE tsr_result tsr_check_replace(const char *path,
                                          tsr_buffer *out_message);

// -- Files that are read or written in passing --------------------------------

// The bytes of a file to read. A large file is mapped: its pages come when they
// are looked at.
typedef struct tsr_file {
  const char *data; // not zero-terminated
  size_t size;
  bool is_mapped;
  tsr_buffer bytes; // of a file that is not
} tsr_file;

// in     `path`: "-" is standard input
// fails  as tsr_buffer_read_file does; `out_message` gets the reason, `path`
// included owns   close with tsr_file_close, also after a failure
TSR_MUST_USE tsr_result tsr_file_open(tsr_file *file, const char *path,
                                      tsr_buffer *out_message);
void tsr_file_close(tsr_file *file);

// What lies before `offset` may leave memory; it comes back when looked at.
void tsr_file_pass(tsr_file *file, size_t offset);

// A file being written, of which nothing is seen until it is whole; a device or
// pipe gets its bytes as they come.
typedef struct tsr_output {
  const char *path;
  int file;         // below 0: not open
  int error;        // errno of the first write that failed, or 0
  tsr_buffer name;  // of the file that takes the place; empty: written directly
  tsr_buffer place; // `path`, behind a link
  tsr_undo undo;
} tsr_output;

// in     `path`: "-" is standard output; it outlives the output, which stays
//        where it is until it is closed
// fails  nothing can be written there; `out_message` says why
TSR_MUST_USE tsr_result tsr_output_open(tsr_output *output, const char *path,
                                        tsr_buffer *out_message);
// A tsr_write_fn on a tsr_output; false after an error, which close tells.
bool tsr_output_write(void *output, const char *data, size_t bytes);

// Puts the file in its place, if it is to be kept. Needed once tsr_output_open
// went well.
//
// fails  on any error up to close; nothing is left behind
TSR_MUST_USE tsr_result tsr_output_close(tsr_output *output, bool keep,
                                         tsr_buffer *out_message);

// -- Files too large for a buffer ---------------------------------------------

// Text on its way to a file. It is kept in a file without a name until it is
// whole: a program that ends before, however, leaves nothing behind.
typedef struct tsr_spool {
  int file;  // below 0: not open
  int error; // errno of the first write that failed, or 0
  tsr_buffer pending;
  tsr_buffer path;
} tsr_spool;

// Opens a spool for the file at `path`; "-" is standard output.
//
// fails  nothing can be written in that folder; `out_message` says why
// owns   close with tsr_spool_deinit, also after a failure
TSR_MUST_USE tsr_result tsr_spool_init(tsr_spool *spool, const char *path,
                                       tsr_buffer *out_message);
void tsr_spool_deinit(tsr_spool *spool);

// Appends text; an error shows when the spool is written.
void tsr_spool_append(tsr_spool *spool, const void *data, size_t bytes);

// Writes all of it to its file, as tsr_buffer_write_file does.
TSR_MUST_USE tsr_result tsr_spool_write(tsr_spool *spool,
                                        tsr_buffer *out_message);

// Keeps Ctrl-C, SIGTERM and SIGHUP waiting while files take their places, so
// that none is left beside; then lets them come.
void tsr_hold_interrupts(void);
void tsr_release_interrupts(void);

TSR_END_DECLS

#endif
