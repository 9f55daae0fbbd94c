// Where things are: the tools' own files, and what is kept between runs.

// For dladdr, which glibc takes for an extension.
#define _GNU_SOURCE 1

#include "tessera/hash.h"
#include "tessera/support.h"

#include <dlfcn.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_PATH_BYTES = PATH_MAX };

// The file this code was loaded from: a shared library, or NULL where it is
// part of the program itself, of which dladdr knows only the name it was called
// by.
static const char *find_library(void) {
  // Anything of this file, and anything of the program.
  static const char here;
  const void *program = (const void *)(uintptr_t)getauxval(AT_PHDR);
  Dl_info own, main_program;
  if (!dladdr(&here, &own) || !dladdr(program, &main_program) ||
      own.dli_fbase == main_program.dli_fbase)
    return NULL;
  return own.dli_fname;
}

static bool find_file(char path[MAX_PATH_BYTES]) {
  const char *library = find_library();
  if (library)
    return realpath(library, path) != NULL;
  ssize_t length = readlink("/proc/self/exe", path, MAX_PATH_BYTES - 1);
  if (length >= 0)
    path[length] = '\0';
  return length >= 0;
}

bool tsr_append_root(tsr_buffer *out) {
  char path[MAX_PATH_BYTES];
  if (!find_file(path))
    return false;
  for (int i = 0; i < 2; i++) {
    char *slash = strrchr(path, '/');
    if (!slash)
      return false;
    *slash = '\0';
  }
  tsr_buffer_append_str(out, path);
  return true;
}

// Appends the value of a variable that is set and not empty, and `below`.
static bool append_variable(tsr_buffer *out, const char *name,
                            const char *below) {
  const char *value = getenv(name);
  if (!value || !*value)
    return false;
  tsr_buffer_append_str(out, value);
  tsr_buffer_append_str(out, below);
  return true;
}

void tsr_append_cache_folder(tsr_buffer *out) {
  if (append_variable(out, "TESSERA_CACHE", "") ||
      append_variable(out, "XDG_CACHE_HOME", "/tessera") ||
      append_variable(out, "HOME", "/.cache/tessera") ||
      append_variable(out, "TMPDIR", "/tessera-cache"))
    return;
  tsr_buffer_append_str(out, "/tmp/tessera-cache");
}

void tsr_append_content_name(tsr_buffer *out, const void *data, size_t bytes) {
  // The bytes, and the bytes behind their own hash.
  uint64_t first = tsr_hash_bytes(data, bytes);
  tsr_buffer again;
  tsr_buffer_init(&again);
  tsr_buffer_append_u64(&again, first);
  tsr_buffer_append(&again, data, bytes);
  uint64_t second = tsr_hash_bytes(again.data, again.size);
  tsr_buffer_deinit(&again);
  tsr_buffer_printf(out, "%016" PRIx64 "%016" PRIx64, first, second);
}

bool tsr_make_folders_for(const char *path) {
  tsr_buffer folder;
  tsr_buffer_init(&folder);
  bool made = true;
  for (const char *at = strchr(path + 1, '/'); at && made;
       at = strchr(at + 1, '/')) {
    tsr_buffer_clear(&folder);
    tsr_buffer_append(&folder, path, (size_t)(at - path));
    made = mkdir(tsr_buffer_str(&folder), 0777) == 0 || errno == EEXIST;
  }
  tsr_buffer_deinit(&folder);
  return made;
}
