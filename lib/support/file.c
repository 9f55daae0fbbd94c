// Whole files in and out of a buffer.
//
// A file is written beside its place and then renamed, so a reader never meets
// half of one, and a failed write leaves what was there before. Write errors
// may show as late as close (full disk, quota), so close is checked as well.

#include "tessera/arena.h"
#include "tessera/buffer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static tsr_result fail(tsr_buffer *out_message, const char *verb,
                       const char *path, int error) {
  tsr_buffer_printf(out_message, "cannot %s '%s': %s", verb, path,
                    strerror(error));
  return TSR_FAILED;
}

static bool is_standard(const char *path) { return strcmp(path, "-") == 0; }

// Returns 0 or an errno. Files that grow or have no size (pipes) are read in
// pieces.
static int read_all(int file, tsr_buffer *buffer) {
  const size_t piece = 64 * 1024;
  struct stat about;
  if (fstat(file, &about) == 0 && about.st_size > 0)
    tsr_buffer_reserve(buffer, (size_t)about.st_size + 1);
  for (;;) {
    size_t room = buffer->capacity - buffer->size;
    if (room < 2) {
      tsr_buffer_reserve(buffer, piece);
      room = buffer->capacity - buffer->size;
    }
    ssize_t bytes = read(file, buffer->data + buffer->size, room - 1);
    if (bytes > 0)
      buffer->size += (size_t)bytes;
    buffer->data[buffer->size] = '\0';
    if (bytes == 0)
      return 0;
    if (bytes < 0 && errno != EINTR)
      return errno;
  }
}

tsr_result tsr_buffer_read_file(tsr_buffer *buffer, const char *path,
                                tsr_buffer *out_message) {
  if (is_standard(path)) {
    int error = read_all(STDIN_FILENO, buffer);
    return error ? fail(out_message, "read", "<stdin>", error) : TSR_OK;
  }
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return fail(out_message, "read", path, errno);
  int error = read_all(file, buffer);
  close(file); // nothing was written, so nothing can be lost here
  return error ? fail(out_message, "read", path, error) : TSR_OK;
}

// Returns 0 or an errno.
static int write_all(int file, const tsr_buffer *buffer) {
  size_t done = 0;
  while (done < buffer->size) {
    ssize_t bytes = write(file, buffer->data + done, buffer->size - done);
    if (bytes >= 0)
      done += (size_t)bytes;
    else if (errno != EINTR)
      return errno;
  }
  return 0;
}

// Closes `file` whatever happened before. Returns the first errno, or 0.
static int write_and_close(int file, const tsr_buffer *buffer) {
  int error = write_all(file, buffer);
  if (close(file) != 0 && error == 0)
    error = errno;
  return error;
}

static tsr_result write_standard(const tsr_buffer *buffer,
                                 tsr_buffer *out_message) {
  // What stdio still holds comes first.
  if (fflush(stdout) != 0)
    return fail(out_message, "write", "<stdout>", errno);
  int error = write_all(STDOUT_FILENO, buffer);
  return error ? fail(out_message, "write", "<stdout>", error) : TSR_OK;
}

static tsr_result write_in_place(const tsr_buffer *buffer, const char *path,
                                 tsr_buffer *out_message) {
  int file = open(path, O_WRONLY | O_CLOEXEC);
  int error = file < 0 ? errno : write_and_close(file, buffer);
  return error ? fail(out_message, "write", path, error) : TSR_OK;
}

// Creates a file that nobody else has, named after `path`. Returns it or -1;
// `*name` is the name tried last.
static int create_beside(const char *path, tsr_buffer *name) {
  for (unsigned attempt = 0;; attempt++) {
    tsr_buffer_clear(name);
    tsr_buffer_printf(name, "%s.%ld-%u.tmp", path, (long)getpid(), attempt);
    int file = open(name->data, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file >= 0 || errno != EEXIST)
      return file;
  }
}

// Returns 0 or an errno; on failure nothing stays behind.
static int write_beside(const tsr_buffer *buffer, const char *path) {
  tsr_buffer name;
  tsr_buffer_init(&name);
  int file = create_beside(path, &name);
  int error = file < 0 ? errno : write_and_close(file, buffer);
  if (error == 0 && rename(name.data, path) != 0)
    error = errno;
  if (error && file >= 0)
    unlink(name.data);
  tsr_buffer_deinit(&name);
  return error;
}

tsr_result tsr_buffer_write_file(const tsr_buffer *buffer, const char *path,
                                 tsr_buffer *out_message) {
  if (is_standard(path))
    return write_standard(buffer, out_message);
  struct stat found;
  if (stat(path, &found) == 0 && !S_ISREG(found.st_mode))
    return write_in_place(buffer, path, out_message);
  int error = write_beside(buffer, path);
  return error ? fail(out_message, "write", path, error) : TSR_OK;
}

tsr_result tsr_buffer_create_file(const tsr_buffer *buffer, const char *path,
                                  tsr_buffer *out_message) {
  int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (file < 0)
    return fail(out_message, "write", path, errno);
  int error = write_and_close(file, buffer);
  if (error)
    unlink(path);
  return error ? fail(out_message, "write", path, error) : TSR_OK;
}
