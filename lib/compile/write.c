// Writing files all together or not at all.

#include "tessera/compile.h"

#include "tessera/arena.h"
#include "tessera/vector.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// -- writing ------------------------------------------------------------------

// A file on its way to its place.
typedef struct placement {
  const char *path;
  const char *staged; // in the staging folder; NULL: not there
  bool is_new;        // there was no such file
  bool is_placed;
} placement;

// What one call of tsr_artifacts_write made so far, so that it can be undone.
typedef struct writing {
  tsr_diag *diag;
  tsr_arena arena;
  tsr_vec folders; // made by us, outermost first
  placement *files;
  size_t count;
  const char *staging;
} writing;

// Leaves things as they were, but for files that others replaced already.
static void undo_writing(void *user) {
  writing *work = user;
  for (size_t i = 0; i < work->count; i++) {
    const placement *file = &work->files[i];
    if (file->staged)
      unlink(file->staged);
    if (file->is_placed && file->is_new)
      unlink(file->path);
  }
  if (work->staging)
    rmdir(work->staging);
  // Folders we made and could not fill go again; full ones refuse.
  for (size_t i = work->folders.size; i-- > 0;)
    rmdir(work->folders.data[i]);
}

static tsr_result fail(const writing *work, const char *path, const char *why) {
  return tsr_diag_error_at(work->diag, (tsr_loc){NULL, 0, 0},
                           TSR_DIAG(path_failed), path, why);
}

static tsr_result say(const writing *work, const char *path) {
  return fail(work, path, strerror(errno));
}

static tsr_result make_folder(writing *work, const char *path) {
  struct stat status;
  if (stat(path, &status) == 0) {
    if (S_ISDIR(status.st_mode))
      return TSR_OK;
    errno = ENOTDIR;
    return say(work, path);
  }
  // Noted first: once it is made, there may be no memory to note it.
  char *made = tsr_arena_strdup(&work->arena, path);
  tsr_vec_append(&work->folders, made);
  if (mkdir(path, 0777) == 0)
    return TSR_OK;
  int error = errno;
  tsr_vec_pop(&work->folders);
  errno = error;
  // Somebody else may have made it just now.
  if (errno == EEXIST && stat(path, &status) == 0 && S_ISDIR(status.st_mode))
    return TSR_OK;
  return say(work, path);
}

// Makes every folder that `path`, the path of a file, names behind its first
// `known` bytes.
static tsr_result make_folders_of(writing *work, const char *path,
                                  size_t known) {
  for (const char *slash = strchr(path + known + 1, '/'); slash;
       slash = strchr(slash + 1, '/')) {
    const char *folder =
        tsr_arena_strndup(&work->arena, path, (size_t)(slash - path));
    if (make_folder(work, folder) != TSR_OK)
      return TSR_FAILED;
  }
  return TSR_OK;
}

static const char *join(writing *work, const char *folder, const char *name) {
  return tsr_arena_printf(&work->arena, "%s/%s", folder, name);
}

// True when the file holds `text` already.
static bool is_unchanged(const char *path, const tsr_buffer *text) {
  struct stat status;
  if (stat(path, &status) != 0 || !S_ISREG(status.st_mode) ||
      (uintmax_t)status.st_size != text->size)
    return false;
  tsr_buffer old;
  tsr_buffer_init(&old);
  bool is_same = tsr_buffer_read_regular(&old, path) == TSR_OK &&
                 old.size == text->size &&
                 (old.size == 0 || memcmp(old.data, text->data, old.size) == 0);
  tsr_buffer_deinit(&old);
  return is_same;
}

static tsr_result stage_file(writing *work, const tsr_buffer *text,
                             placement *file) {
  char *path = tsr_arena_printf(&work->arena, "%s/%zu", work->staging,
                                (size_t)(file - work->files));
  tsr_buffer message;
  tsr_buffer_init(&message);
  tsr_result result = tsr_check_replace(file->path, &message);
  if (result == TSR_OK)
    result = tsr_buffer_create_file(text, path, file->path, &message);
  if (result == TSR_OK)
    file->staged = path;
  else
    fail(work, file->path, tsr_buffer_str(&message));
  tsr_buffer_deinit(&message);
  return result;
}

// Puts every file that changes into the staging folder: what can fail, a full
// disk for one, fails here, before anything is replaced. A file that does not
// change keeps its time, so a build of the folder does not start over.
static tsr_result stage_files(writing *work, const tsr_artifacts *files) {
  for (size_t i = 0; i < files->count; i++) {
    const tsr_buffer *text = &files->items[i].text;
    if (!is_unchanged(work->files[i].path, text) &&
        stage_file(work, text, &work->files[i]) != TSR_OK)
      return TSR_FAILED;
  }
  return TSR_OK;
}

// Makes sure that every file can take its place.
static tsr_result prepare_places(writing *work, const char *folder) {
  for (size_t i = 0; i < work->count; i++) {
    placement *file = &work->files[i];
    struct stat status;
    file->is_new = stat(file->path, &status) != 0;
    if (!file->is_new && S_ISDIR(status.st_mode)) {
      errno = EISDIR;
      return say(work, file->path);
    }
    if (make_folders_of(work, file->path, strlen(folder)) != TSR_OK)
      return TSR_FAILED;
  }
  return TSR_OK;
}

static tsr_result place_files(writing *work, bool are_new) {
  for (size_t i = 0; i < work->count; i++) {
    placement *file = &work->files[i];
    if (!file->staged || file->is_new != are_new)
      continue;
    if (rename(file->staged, file->path) != 0)
      return say(work, file->path);
    file->staged = NULL;
    file->is_placed = true;
  }
  return TSR_OK;
}

static tsr_result make_staging(writing *work, const char *folder) {
  char *staging = tsr_arena_printf(&work->arena, "%s/.tessera-XXXXXX", folder);
  if (!mkdtemp(staging))
    return say(work, folder);
  work->staging = staging;
  return TSR_OK;
}

static tsr_result write_all(writing *work, const tsr_artifacts *files,
                            const char *folder) {
  if (!*folder)
    return tsr_diag_error_at(work->diag, (tsr_loc){NULL, 0, 0},
                             TSR_DIAG(folder_empty));
  placement *places = TSR_NEW_ARRAY(&work->arena, placement, files->count);
  for (size_t i = 0; i < files->count; i++)
    places[i].path = join(work, folder, files->items[i].path);
  work->files = places;
  work->count = files->count;
  if (make_folders_of(work, join(work, folder, "."), 0) != TSR_OK ||
      make_staging(work, folder) != TSR_OK ||
      stage_files(work, files) != TSR_OK ||
      prepare_places(work, folder) != TSR_OK)
    return TSR_FAILED;
  // New names come first: they may find the disk full, and are undone by taking
  // them away. What replaces a file needs no room.
  if (place_files(work, true) != TSR_OK || place_files(work, false) != TSR_OK)
    return TSR_FAILED;
  rmdir(work->staging);
  return TSR_OK;
}

tsr_result tsr_artifacts_write(const tsr_artifacts *files, const char *folder,
                               tsr_diag *diag) {
  writing work = {.diag = diag};
  tsr_undo undo;
  tsr_hold_interrupts();
  tsr_arena_init(&work.arena);
  tsr_vec_init(&work.folders, &work.arena);
  tsr_undo_begin(&undo, undo_writing, &work);
  tsr_result result = write_all(&work, files, folder);
  tsr_undo_end(&undo);
  if (result != TSR_OK)
    undo_writing(&work);
  tsr_arena_deinit(&work.arena);
  tsr_release_interrupts();
  return result;
}
