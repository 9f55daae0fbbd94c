// Files that were read and stay: their identities, and what they were called.

#include "tessera/buffer.h"

#include <pthread.h>
#include <string.h>
#include <sys/stat.h>

typedef struct kept_file kept_file;
struct kept_file {
  kept_file *next;
  dev_t device;
  ino_t number;
  char name[];
};

// Memory is asked for without the lock: when there is none, others may look
// here on the way to the program's end.
static struct {
  pthread_mutex_t lock;
  bool is_on;
  bool has_exempt; // a file that may be replaced although it is read
  dev_t exempt_device;
  ino_t exempt_number;
  kept_file *files;
} kept = {.lock = PTHREAD_MUTEX_INITIALIZER};

// With the lock held, as is `is_left_out`.
static const kept_file *find(dev_t device, ino_t number) {
  const kept_file *file = kept.files;
  while (file && (file->device != device || file->number != number))
    file = file->next;
  return file;
}

static bool is_left_out(const kept_file *file) {
  return !kept.is_on || find(file->device, file->number) ||
         (kept.has_exempt && kept.exempt_device == file->device &&
          kept.exempt_number == file->number);
}

void tsr_keep_read_files(const char *but) {
  tsr_keep_no_files();
  struct stat found;
  bool has_exempt = but && stat(but, &found) == 0;
  pthread_mutex_lock(&kept.lock);
  kept.is_on = true;
  kept.has_exempt = has_exempt;
  if (has_exempt) {
    kept.exempt_device = found.st_dev;
    kept.exempt_number = found.st_ino;
  }
  pthread_mutex_unlock(&kept.lock);
}

void tsr_keep_no_files(void) {
  pthread_mutex_lock(&kept.lock);
  kept_file *files = kept.files;
  kept.files = NULL;
  kept.is_on = false;
  pthread_mutex_unlock(&kept.lock);
  while (files) {
    kept_file *next = files->next;
    tsr_mem_resize(files, 0);
    files = next;
  }
}

void tsr_keep_file(const char *path) {
  struct stat found;
  if (stat(path, &found) != 0 || !S_ISREG(found.st_mode))
    return;
  size_t bytes = strlen(path) + 1;
  kept_file *file = tsr_mem_resize(NULL, sizeof(*file) + bytes);
  file->device = found.st_dev;
  file->number = found.st_ino;
  memcpy(file->name, path, bytes);
  pthread_mutex_lock(&kept.lock);
  bool is_new = !is_left_out(file);
  if (is_new) {
    file->next = kept.files;
    kept.files = file;
  }
  pthread_mutex_unlock(&kept.lock);
  if (!is_new)
    tsr_mem_resize(file, 0);
}

const char *tsr_find_kept_file(const char *path) {
  struct stat found;
  if (stat(path, &found) != 0)
    return NULL;
  pthread_mutex_lock(&kept.lock);
  const kept_file *file = find(found.st_dev, found.st_ino);
  pthread_mutex_unlock(&kept.lock);
  return file ? file->name : NULL;
}
