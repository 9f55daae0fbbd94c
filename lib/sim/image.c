// Copies of code that has variables. On the chip every processor has its own
// copy of a kernel, variables included; here code and variables are copied
// together, since the code finds its variables by their distance.

#include "internal.h"

#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

// What code may do to a page; a page that two parts share may do what both do.
static int page_rights(const tsr_sim_image *of, size_t start, size_t end) {
  int rights = PROT_NONE;
  for (size_t i = 0; i < of->part_count; i++) {
    const tsr_sim_image_part *part = &of->parts[i];
    if (part->start >= end || part->start + part->bytes <= start)
      continue;
    rights |= PROT_READ | (part->is_code ? PROT_EXEC : 0) |
              (part->is_writable ? PROT_WRITE : 0);
  }
  return rights;
}

static bool protect(const tsr_sim_image *of, char *copy) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  for (size_t at = 0; at < of->bytes; at += page)
    if (mprotect(copy + at, page, page_rights(of, at, at + page)) != 0)
      return false;
  return true;
}

// Pointers from the object into itself lead into the copy.
static void move_pointers(const tsr_sim_image *of, char *copy) {
  uintptr_t moved = (uintptr_t)copy - (uintptr_t)of->start;
  for (size_t i = 0; i < of->pointer_count; i++) {
    uintptr_t value = 0;
    memcpy(&value, copy + of->pointers[i], sizeof value);
    value += moved;
    memcpy(copy + of->pointers[i], &value, sizeof value);
  }
}

char *image_copy(const tsr_sim_image *of) {
  char *copy = mmap(NULL, of->bytes, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (copy == MAP_FAILED)
    return NULL;
  for (size_t i = 0; i < of->part_count; i++)
    memcpy(copy + of->parts[i].start, of->start + of->parts[i].start,
           of->parts[i].bytes);
  move_pointers(of, copy);
  if (protect(of, copy)) {
    __builtin___clear_cache(copy, copy + of->bytes);
    return copy;
  }
  munmap(copy, of->bytes);
  return NULL;
}

tsr_sim_entry *image_entry(const tsr_sim_image *of, const char *copy) {
  uintptr_t at = (uintptr_t)copy + of->entry;
  tsr_sim_entry *entry = NULL;
  memcpy(&entry, &at, sizeof entry);
  return entry;
}

void image_destroy(const tsr_sim_image *of, char *copy) {
  if (copy)
    munmap(copy, of->bytes);
}
