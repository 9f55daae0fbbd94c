// Whole files in and out of a buffer, or out of a spool.
//
// A file is written beside its place and then renamed, so a reader never meets
// half of one, and a failed write leaves what was there before. What replaces a
// file has its permissions. Write errors may show as late as close (full disk,
// quota), so close is checked as well.

#include "tessera/arena.h"
#include "tessera/buffer.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

// -- Interrupts ---------------------------------------------------------------

static _Thread_local sigset_t before_hold;
static _Thread_local unsigned holds;

void tsr_hold_interrupts(void) {
  if (holds++ > 0)
    return;
  sigset_t interrupts;
  sigemptyset(&interrupts);
  sigaddset(&interrupts, SIGINT);
  sigaddset(&interrupts, SIGTERM);
  sigaddset(&interrupts, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &interrupts, &before_hold);
}

void tsr_release_interrupts(void) {
  if (--holds == 0)
    pthread_sigmask(SIG_SETMASK, &before_hold, NULL);
}

// Lets them come, held or not, until the mask is `out_held` again.
static void let_interrupts(sigset_t *out_held) {
  pthread_sigmask(SIG_SETMASK, holds > 0 ? &before_hold : NULL, out_held);
}

// -- Whole files --------------------------------------------------------------

// A device may have no end, so that only this much of one is read. ENDLESS
// stands where an errno does, as does KEPT, of a file that nothing may replace.
enum { DEVICE_BYTES = 64 << 20, ENDLESS = -1, KEPT = -2 };
static const char endless_text[] =
    "this is a device, of which 64 MiB were read without an end";

static tsr_result fail(tsr_buffer *out_message, const char *verb,
                       const char *path, int error) {
  tsr_buffer_printf(out_message, "cannot %s '%s': ", verb, path);
  if (error == KEPT)
    tsr_buffer_printf(out_message, "this would replace '%s', which is read",
                      tsr_find_kept_file(path));
  else
    tsr_buffer_append_str(out_message,
                          error == ENDLESS ? endless_text : strerror(error));
  return TSR_FAILED;
}

tsr_result tsr_check_replace(const char *path, tsr_buffer *out_message) {
  return tsr_find_kept_file(path) ? fail(out_message, "write", path, KEPT)
                                  : TSR_OK;
}

static bool is_standard(const char *path) { return strcmp(path, "-") == 0; }

bool tsr_path_is_stdout(const char *path) {
  struct stat named, out;
  if (is_standard(path))
    return true;
  return stat(path, &named) == 0 && fstat(STDOUT_FILENO, &out) == 0 &&
         !S_ISCHR(named.st_mode) && named.st_dev == out.st_dev &&
         named.st_ino == out.st_ino;
}

static bool is_device(const struct stat *found) {
  return S_ISCHR(found->st_mode) || S_ISBLK(found->st_mode);
}

// Returns 0, an errno or ENDLESS. Files that grow or have no size (pipes) are
// read in pieces.
static int read_all(int file, tsr_buffer *buffer) {
  const size_t piece = 64 * 1024;
  struct stat about;
  bool is_known = fstat(file, &about) == 0;
  if (is_known && about.st_size > 0)
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
    if (is_known && is_device(&about) && buffer->size > DEVICE_BYTES)
      return ENDLESS;
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
  tsr_keep_file(path);
  int error = read_all(file, buffer);
  close(file); // nothing was written, so nothing can be lost here
  return error ? fail(out_message, "read", path, error) : TSR_OK;
}

// Returns 0 or an errno. Opening a pipe waits for its other end, which may
// never come, and a device has no end.
static int read_regular(const char *path, tsr_buffer *buffer) {
  int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0)
    return errno;
  struct stat about;
  int error = fstat(file, &about) != 0  ? errno
              : !S_ISREG(about.st_mode) ? EINVAL
                                        : read_all(file, buffer);
  close(file); // nothing was written, so nothing can be lost here
  return error;
}

tsr_result tsr_buffer_read_regular(tsr_buffer *buffer, const char *path) {
  return read_regular(path, buffer) ? TSR_FAILED : TSR_OK;
}

// Returns 0 or an errno.
static int write_bytes(int file, const char *data, size_t size) {
  size_t done = 0;
  while (done < size) {
    ssize_t bytes = write(file, data + done, size - done);
    if (bytes >= 0)
      done += (size_t)bytes;
    else if (errno != EINTR)
      return errno;
  }
  return 0;
}

// What goes into a file: a buffer, or all of another file.
typedef struct content {
  const tsr_buffer *buffer;
  int from;
} content;

// Returns 0 or an errno.
static int copy_all(int file, int from) {
  char piece[64 * 1024];
  off_t at = 0;
  for (;;) {
    ssize_t bytes = pread(from, piece, sizeof piece, at);
    if (bytes == 0)
      return 0;
    if (bytes < 0 && errno != EINTR)
      return errno;
    if (bytes < 0)
      continue;
    at += bytes;
    int error = write_bytes(file, piece, (size_t)bytes);
    if (error)
      return error;
  }
}

// Returns 0 or an errno.
static int write_all(int file, content what) {
  return what.buffer ? write_bytes(file, what.buffer->data, what.buffer->size)
                     : copy_all(file, what.from);
}

// Closes `file` whatever happened before. Returns the first errno, or 0.
static int write_and_close(int file, content what) {
  int error = write_all(file, what);
  if (close(file) != 0 && error == 0)
    error = errno;
  return error;
}

static tsr_result write_standard(content what, tsr_buffer *out_message) {
  // What stdio still holds comes first.
  if (fflush(stdout) != 0)
    return fail(out_message, "write", "<stdout>", errno);
  int error = write_all(STDOUT_FILENO, what);
  return error ? fail(out_message, "write", "<stdout>", error) : TSR_OK;
}

// Of a device or a pipe nothing can be undone, and it may take for ever.
static tsr_result write_in_place(content what, const char *path,
                                 tsr_buffer *out_message) {
  sigset_t held;
  let_interrupts(&held);
  int file = open(path, O_WRONLY | O_CLOEXEC);
  int error = file < 0 ? errno : write_and_close(file, what);
  pthread_sigmask(SIG_SETMASK, &held, NULL);
  return error ? fail(out_message, "write", path, error) : TSR_OK;
}

// Creates a file that nobody else has, named after `path`. Returns it or -1;
// `*name` is the name tried last.
static int create_beside(const char *path, tsr_buffer *name) {
  for (unsigned attempt = 0;; attempt++) {
    tsr_buffer_clear(name);
    tsr_buffer_printf(name, "%s.%ld-%u.tmp", path, (long)getpid(), attempt);
    int file = open(name->data, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file >= 0 || errno != EEXIST)
      return file;
  }
}

// Gives an empty file the permissions of the regular file at `path`, if there
// is one: what is hidden from others stays hidden. File systems that have none
// refuse, and nothing is lost.
static void take_permissions(int file, const char *path) {
  struct stat old;
  if (lstat(path, &old) == 0 && S_ISREG(old.st_mode))
    (void)!fchmod(file, old.st_mode & (S_IRWXU | S_IRWXG | S_IRWXO));
}

// As create_beside, for what will take the place of `path`.
static int create_for(const char *path, tsr_buffer *name) {
  int file = create_beside(path, name);
  if (file >= 0)
    take_permissions(file, path);
  return file;
}

// Goes where a link at `*at` leads. A relative one starts in its folder.
static void follow(tsr_buffer *at, const char *to, size_t bytes) {
  const char *path = tsr_buffer_str(at), *slash = strrchr(path, '/');
  at->size = slash && *to != '/' ? (size_t)(slash + 1 - path) : 0;
  tsr_buffer_append(at, to, bytes);
}

bool tsr_path_find_place(const char *path, tsr_buffer *out) {
  enum { MAX_LINKS = 40 }; // as Linux has it
  char to[PATH_MAX];
  tsr_buffer_clear(out);
  tsr_buffer_append_str(out, path);
  for (int links = 0; links <= MAX_LINKS; links++) {
    ssize_t bytes = readlink(tsr_buffer_str(out), to, sizeof to);
    if (bytes < 0)
      return true; // no link, or nothing yet
    follow(out, to, (size_t)bytes);
  }
  errno = ELOOP;
  return false;
}

// Returns 0 or an errno; on failure, and after Ctrl-C, nothing stays behind.
static int write_beside(content what, const char *place) {
  if (tsr_find_kept_file(place))
    return KEPT;
  tsr_buffer name;
  tsr_buffer_init(&name);
  tsr_hold_interrupts();
  int file = create_for(place, &name);
  int error = file < 0 ? errno : write_and_close(file, what);
  if (error == 0 && rename(name.data, place) != 0)
    error = errno;
  if (error && file >= 0)
    unlink(name.data);
  tsr_release_interrupts();
  tsr_buffer_deinit(&name);
  return error;
}

// What no file takes the place of: a device, a pipe.
static bool is_special(const char *path) {
  struct stat found;
  return stat(path, &found) == 0 && !S_ISREG(found.st_mode);
}

static tsr_result write_file(content what, const char *path,
                             tsr_buffer *out_message) {
  if (tsr_path_is_stdout(path))
    return write_standard(what, out_message);
  if (is_special(path))
    return write_in_place(what, path, out_message);
  tsr_buffer place;
  tsr_buffer_init(&place);
  int error = tsr_path_find_place(path, &place)
                  ? write_beside(what, tsr_buffer_str(&place))
                  : errno;
  tsr_buffer_deinit(&place);
  return error ? fail(out_message, "write", path, error) : TSR_OK;
}

tsr_result tsr_buffer_replace_file(const tsr_buffer *buffer, const char *path) {
  return write_beside((content){.buffer = buffer}, path) ? TSR_FAILED : TSR_OK;
}

tsr_result tsr_buffer_write_file(const tsr_buffer *buffer, const char *path,
                                 tsr_buffer *out_message) {
  return write_file((content){.buffer = buffer}, path, out_message);
}

tsr_result tsr_buffer_create_file(const tsr_buffer *buffer, const char *path,
                                  const char *like, tsr_buffer *out_message) {
  int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (file < 0)
    return fail(out_message, "write", path, errno);
  if (like)
    take_permissions(file, like);
  int error = write_and_close(file, (content){.buffer = buffer});
  if (error)
    unlink(path);
  return error ? fail(out_message, "write", path, error) : TSR_OK;
}

// -- Files in passing ---------------------------------------------------------

// Smaller files are read: that is one call, and no page of its own.
enum { MAPPED_BYTES = 64 * 1024, STEP_BYTES = 1 << 20 };

static bool map_file(tsr_file *file, int from) {
  struct stat about;
  if (from == STDIN_FILENO || fstat(from, &about) != 0 ||
      !S_ISREG(about.st_mode) || about.st_size < MAPPED_BYTES ||
      (uintmax_t)about.st_size > SIZE_MAX)
    return false;
  void *data =
      mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_PRIVATE, from, 0);
  if (data == MAP_FAILED)
    return false;
  file->data = data;
  file->size = (size_t)about.st_size;
  file->is_mapped = true;
  return true;
}

tsr_result tsr_file_open(tsr_file *file, const char *path,
                         tsr_buffer *out_message) {
  *file = (tsr_file){.data = ""};
  tsr_buffer_init(&file->bytes);
  int from =
      is_standard(path) ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
  if (from < 0)
    return fail(out_message, "read", path, errno);
  if (from != STDIN_FILENO)
    tsr_keep_file(path);
  int error = 0;
  if (!map_file(file, from)) {
    error = read_all(from, &file->bytes);
    file->data = tsr_buffer_str(&file->bytes);
    file->size = file->bytes.size;
  }
  if (from != STDIN_FILENO)
    close(from); // nothing was written, so nothing can be lost here
  const char *name = is_standard(path) ? "<stdin>" : path;
  return error ? fail(out_message, "read", name, error) : TSR_OK;
}

void tsr_file_close(tsr_file *file) {
  if (file->is_mapped)
    munmap((void *)(uintptr_t)file->data, file->size);
  tsr_buffer_deinit(&file->bytes);
  *file = (tsr_file){.data = ""};
}

void tsr_file_pass(tsr_file *file, size_t offset) {
#ifdef MADV_DONTNEED
  // Of a mapping that nobody wrote to, this drops pages and no content.
  if (file->is_mapped && offset <= file->size)
    (void)madvise((void *)(uintptr_t)file->data,
                  offset / STEP_BYTES * STEP_BYTES, MADV_DONTNEED);
#else
  (void)file;
  (void)offset;
#endif
}

// Without memory in the middle of a file: it goes.
static void undo_output(void *user) {
  tsr_output *output = user;
  close(output->file);
  if (output->name.data)
    unlink(output->name.data);
}

tsr_result tsr_output_open(tsr_output *output, const char *path,
                           tsr_buffer *out_message) {
  *output = (tsr_output){.path = path, .file = -1};
  tsr_buffer_init(&output->name);
  tsr_buffer_init(&output->place);
  // What stdio still holds comes first.
  bool is_out = tsr_path_is_stdout(path);
  if (is_out && fflush(stdout) != 0)
    return fail(out_message, "write", "<stdout>", errno);
  if (!is_out && tsr_check_replace(path, out_message) != TSR_OK)
    return TSR_FAILED;
  if (is_out || is_special(path)) {
    output->file = is_out ? STDOUT_FILENO : open(path, O_WRONLY | O_CLOEXEC);
  } else if (tsr_path_find_place(path, &output->place)) {
    tsr_hold_interrupts();
    output->file = create_for(tsr_buffer_str(&output->place), &output->name);
  }
  int error = errno;
  if (output->file >= 0) {
    tsr_undo_begin(&output->undo, undo_output, output);
    return TSR_OK;
  }
  if (output->name.data)
    tsr_release_interrupts();
  tsr_buffer_deinit(&output->name);
  tsr_buffer_deinit(&output->place);
  return fail(out_message, "write", path, error);
}

bool tsr_output_write(void *output, const char *data, size_t bytes) {
  tsr_output *to = output;
  if (!to->error)
    to->error = write_bytes(to->file, data, bytes);
  return !to->error;
}

tsr_result tsr_output_close(tsr_output *output, bool keep,
                            tsr_buffer *out_message) {
  bool is_out = output->file == STDOUT_FILENO;
  const char *beside = output->name.data;
  int error = output->error;
  if (!is_out && close(output->file) != 0 && !error)
    error = errno;
  if (beside && keep && !error &&
      rename(beside, tsr_buffer_str(&output->place)) != 0)
    error = errno;
  if (beside && (error || !keep))
    unlink(beside);
  tsr_undo_end(&output->undo);
  if (beside)
    tsr_release_interrupts();
  tsr_buffer_deinit(&output->name);
  tsr_buffer_deinit(&output->place);
  output->file = -1;
  return error ? fail(out_message, "write", is_out ? "<stdout>" : output->path,
                      error)
               : TSR_OK;
}

// -- Spools -------------------------------------------------------------------

enum { PENDING_BYTES = 256 * 1024 };

// A file that is gone when it is closed, beside `path` if that is one. Returns
// it, or -1.
static int create_nameless(const char *path) {
  const char *beside =
      is_standard(path) || is_special(path) ? "/tmp/tessera" : path;
  tsr_buffer name;
  tsr_buffer_init(&name);
  int file = create_beside(beside, &name);
  if (file >= 0)
    unlink(name.data);
  tsr_buffer_deinit(&name);
  return file;
}

tsr_result tsr_spool_init(tsr_spool *spool, const char *path,
                          tsr_buffer *out_message) {
  *spool = (tsr_spool){.file = create_nameless(path)};
  tsr_buffer_init(&spool->pending);
  tsr_buffer_init(&spool->path);
  if (spool->file < 0)
    return fail(out_message, "write", path, errno);
  tsr_buffer_append_str(&spool->path, path);
  return TSR_OK;
}

void tsr_spool_deinit(tsr_spool *spool) {
  if (spool->file >= 0)
    close(spool->file);
  spool->file = -1;
  tsr_buffer_deinit(&spool->pending);
  tsr_buffer_deinit(&spool->path);
}

static void flush_pending(tsr_spool *spool) {
  int error =
      write_bytes(spool->file, spool->pending.data, spool->pending.size);
  if (error && !spool->error)
    spool->error = error;
  tsr_buffer_clear(&spool->pending);
}

void tsr_spool_append(tsr_spool *spool, const void *data, size_t bytes) {
  tsr_buffer_append(&spool->pending, data, bytes);
  if (spool->pending.size >= PENDING_BYTES)
    flush_pending(spool);
}

tsr_result tsr_spool_write(tsr_spool *spool, tsr_buffer *out_message) {
  flush_pending(spool);
  const char *path = tsr_buffer_str(&spool->path);
  if (spool->error)
    return fail(out_message, "write", path, spool->error);
  return write_file((content){.from = spool->file}, path, out_message);
}
