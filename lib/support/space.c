// Reserving addresses costs nothing, so a space takes 16 GiB of them at once
// and asks for pages step by step. The first steps are of small pages. A space
// that outgrows them goes on at the next huge page, and stays with huge ones:
// for a large module a quarter of the time would go into faults of small pages.
// One huge page takes the time of some 40 small ones.

#include "space.h"

#include "tessera/arena.h"

#include <assert.h>
#include <sys/mman.h>

static const size_t huge_page_bytes = (size_t)2 << 20;
static const size_t first_step = (size_t)64 << 10;
static const size_t small_bytes = (size_t)256 << 10;
static const size_t last_step = (size_t)16 << 20;
// Where few addresses are to be had (ulimit -v), a space is smaller.
static const size_t least_bytes = (size_t)64 << 20;

static void *map(uintptr_t at, size_t bytes) {
  int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
#ifdef MAP_FIXED_NOREPLACE
  if (at)
    flags |= MAP_FIXED_NOREPLACE;
#endif
  return mmap((void *)at, bytes, PROT_NONE, flags, -1, 0);
}

// A whole range, or NULL.
static void *reserve_range(void) {
  char *start = map(0, 2 * TSR_SPACE_BYTES);
  if (start == MAP_FAILED)
    return NULL;
  size_t before = -(uintptr_t)start & (TSR_SPACE_BYTES - 1);
  if (before)
    munmap(start, before);
  munmap(start + before + TSR_SPACE_BYTES, TSR_SPACE_BYTES - before);
  return start + before;
}

// The first `bytes` of some range that nothing else begins in, or NULL.
static void *reserve_part(size_t bytes) {
  for (uintptr_t range = 64; range < 4096; range++) {
    void *start = map(range << TSR_SPACE_BITS, bytes);
    if (start == (void *)(range << TSR_SPACE_BITS))
      return start;
    if (start != MAP_FAILED)
      munmap(start, bytes);
  }
  return NULL;
}

// Whether others get addresses, too, after a space of that size.
static bool leaves_as_much(size_t bytes) {
  void *both = map(0, 2 * bytes);
  if (both == MAP_FAILED)
    return false;
  munmap(both, 2 * bytes);
  return true;
}

void *tsr_space_create(size_t head_bytes) {
  size_t reserved = TSR_SPACE_BYTES;
  char *start = reserve_range();
  while (!start && reserved > least_bytes) {
    reserved /= 4;
    if (reserved == least_bytes || leaves_as_much(reserved))
      start = reserve_part(reserved);
  }
  if (!start)
    tsr_mem_exhausted(reserved);
  if (mprotect(start, first_step, PROT_READ | PROT_WRITE) != 0)
    tsr_mem_exhausted(first_step);
  assert(head_bytes >= sizeof(tsr_space) && head_bytes <= first_step);
  tsr_space *space = (tsr_space *)start;
  space->committed = first_step;
  space->reserved = reserved;
  (void)tsr_space_alloc(space, head_bytes);
  return space;
}

void tsr_space_destroy(tsr_space *space) { munmap(space, space->reserved); }

// Small spaces double; large ones take whole huge pages.
static size_t next_step(const tsr_space *space) {
  size_t step = space->committed < last_step ? space->committed : last_step;
  return step < small_bytes ? step
                            : (step + huge_page_bytes - 1) & -huge_page_bytes;
}

// Goes on at the first huge page; addresses are all that is lost.
static void leave_small_pages(tsr_space *space) {
  space->skipped = huge_page_bytes - space->used;
  space->committed = space->used = huge_page_bytes;
}

void tsr_space_grow(tsr_space *space, size_t bytes) {
  if (bytes > space->reserved - space->used - TSR_REF_BYTES)
    tsr_mem_exhausted(bytes);
  while (space->committed - space->used < bytes + TSR_REF_BYTES) {
    if (space->committed == small_bytes)
      leave_small_pages(space);
    size_t step = next_step(space);
    if (step > space->reserved - space->committed)
      step = space->reserved - space->committed;
    char *end = (char *)space + space->committed;
    if (step == 0 || mprotect(end, step, PROT_READ | PROT_WRITE) != 0)
      tsr_mem_exhausted(bytes);
#ifdef MADV_HUGEPAGE
    if (space->committed >= huge_page_bytes)
      (void)madvise(end, step, MADV_HUGEPAGE);
#endif
    space->committed += step;
  }
}
