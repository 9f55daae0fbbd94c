// Printing functions of a module, and writing files all together or not at all.

#include "artifacts.h"

#include "cli.h"

#include "tessera/arena.h"
#include "tessera/support.h"
#include "tessera/vector.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char tsr_default_metalium[] = "2026-08";

// -- options ------------------------------------------------------------------

static int wrong_choice(const char *tool, const char *option, const char *given,
                        const char *const *choices, size_t count) {
  const char *near = tsr_closest(given, choices, count);
  tsr_buffer list;
  tsr_buffer_init(&list);
  for (size_t i = 0; i < count; i++)
    tsr_buffer_printf(&list, "%s%s", i ? ", " : "", choices[i]);
  if (near)
    tsr_tool_error(tool, TSR_DIAG(cli_choice_near), option, given, near);
  else
    tsr_tool_error(tool, TSR_DIAG(cli_choice), option, given,
                   tsr_buffer_str(&list));
  tsr_buffer_deinit(&list);
  return TSR_EXIT_COMMAND;
}

static int find_profile(const char *tool, const char *name, tsr_metalium *out) {
  if (tsr_metalium_find(name ? name : tsr_default_metalium, out))
    return TSR_EXIT_OK;
  const char *names[TSR_METALIUM_COUNT];
  for (size_t i = 0; i < TSR_METALIUM_COUNT; i++)
    names[i] = tsr_metalium_get_profile((tsr_metalium)i)->name;
  return wrong_choice(tool, "--metalium", name, names, TSR_METALIUM_COUNT);
}

static int find_backend(const char *tool, const char *name, tsr_arena *arena,
                        const tsr_backend **out) {
  *out = tsr_backend_find(name);
  if (*out)
    return (*out)->needs_llvm
               ? tsr_cli_open_llvm(tool,
                                   tsr_arena_printf(arena, "--emit=%s", name))
               : TSR_EXIT_OK;
  size_t count;
  const tsr_backend *backends = tsr_backends(&count);
  const char *names[32];
  for (size_t i = 0; i < count && i < 32; i++)
    names[i] = backends[i].name;
  return wrong_choice(tool, "--emit", name, names, count < 32 ? count : 32);
}

// Splits the comma separated list of --emit.
static int find_backends(const char *tool, const char *list, tsr_arena *arena,
                         tsr_vec *out) {
  while (true) {
    size_t length = strcspn(list, ",");
    const tsr_backend *backend;
    int code = find_backend(tool, tsr_arena_strndup(arena, list, length), arena,
                            &backend);
    if (code != TSR_EXIT_OK)
      return code;
    tsr_vec_append(out, (void *)backend);
    if (!list[length])
      return TSR_EXIT_OK;
    list += length + 1;
  }
}

// -- printing -----------------------------------------------------------------

int tsr_print_artifacts(const char *tool, tsr_module *module,
                        const tsr_target *target,
                        const tsr_print_request *request, tsr_diag *diag,
                        tsr_artifacts *out) {
  tsr_emit_options options = {
      .target = target, .func = request->func, .program = request->program};
  int code = find_profile(tool, request->metalium, &options.metalium);
  if (code != TSR_EXIT_OK)
    return code;
  tsr_arena arena;
  tsr_arena_init(&arena);
  tsr_vec backends;
  tsr_vec_init(&backends, &arena);
  code = find_backends(tool, request->emit, &arena, &backends);
  options.backends = (const tsr_backend *const *)backends.data;
  options.backend_count = backends.size;
  if (code == TSR_EXIT_OK &&
      tsr_module_emit(module, &options, diag, out) != TSR_OK)
    code = TSR_EXIT_INPUT;
  tsr_arena_deinit(&arena);
  return code;
}

// -- writing ------------------------------------------------------------------

// A file on its way to its place.
typedef struct placement {
  const char *path;
  const char *staged; // in the staging folder; NULL: not there
  bool is_new;        // there was no such file
  bool is_placed;
} placement;

// What one call of tsr_write_artifacts made so far, so that it can be undone.
typedef struct writing {
  const char *tool;
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

static tsr_result say(const writing *work, const char *path) {
  tsr_tool_error(work->tool, TSR_DIAG(path_failed), path, strerror(errno));
  return TSR_FAILED;
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
  tsr_buffer old, message;
  tsr_buffer_init(&old);
  tsr_buffer_init(&message);
  bool is_same = tsr_buffer_read_file(&old, path, &message) == TSR_OK &&
                 old.size == text->size &&
                 (old.size == 0 || memcmp(old.data, text->data, old.size) == 0);
  tsr_buffer_deinit(&old);
  tsr_buffer_deinit(&message);
  return is_same;
}

static tsr_result stage_file(writing *work, const tsr_buffer *text,
                             placement *file) {
  char *path = tsr_arena_printf(&work->arena, "%s/%zu", work->staging,
                                (size_t)(file - work->files));
  tsr_buffer message;
  tsr_buffer_init(&message);
  tsr_result result = tsr_buffer_create_file(text, path, &message);
  if (result == TSR_OK)
    file->staged = path;
  else
    tsr_tool_error(work->tool, TSR_DIAG(path_failed), file->path,
                   tsr_buffer_str(&message));
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

tsr_result tsr_write_artifacts(const char *tool, const tsr_artifacts *files,
                               const char *folder) {
  writing work = {.tool = tool};
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
