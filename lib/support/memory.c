// Where memory comes from, and the one place where the program ends without it.

#include "tessera/memory.h"

#include "huge_pages.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static _Thread_local tsr_undo *half_done;

static _Thread_local struct {
  tsr_mem_handler *call; // NULL: the program ends
  void *user;
} handler;

void tsr_mem_set_handler(tsr_mem_handler *call, void *user) {
  handler.call = call;
  handler.user = user;
}

void tsr_undo_begin(tsr_undo *undo, void (*run)(void *user), void *user) {
  *undo = (tsr_undo){.run = run, .user = user, .outer = half_done};
  half_done = undo;
}

void tsr_undo_end(tsr_undo *undo) {
  tsr_undo **at = &half_done;
  for (; *at != undo; at = &(*at)->outer)
    assert(*at && "it was begun in this thread");
  *at = undo->outer;
}

tsr_undo *tsr_undo_list(void) { return half_done; }

void tsr_undo_adopt(tsr_undo *list) { half_done = list; }

// What is taken off the list first cannot run a second time, should it be what
// asks for memory.
static void undo_all(void) {
  while (half_done) {
    tsr_undo *undo = half_done;
    half_done = undo->outer;
    undo->run(undo->user);
  }
}

// Nothing here may ask for memory, and stdio may.
static void say_exhausted(size_t bytes) {
  char text[80];
  int size =
      bytes == 0 || bytes == SIZE_MAX
          ? snprintf(text, sizeof text, "error: out of memory\n")
          : snprintf(text, sizeof text,
                     "error: out of memory: cannot get %zu bytes\n", bytes);
  (void)!write(STDERR_FILENO, text, (size_t)size);
}

TSR_NORETURN void tsr_mem_exhausted(size_t bytes) {
  if (handler.call) {
    undo_all();
    handler.call(handler.user, bytes);
  }
  // Of several threads that come here, the first speaks for all.
  static atomic_flag is_ending = ATOMIC_FLAG_INIT;
  static _Thread_local bool is_first;
  if (!is_first && atomic_flag_test_and_set(&is_ending))
    for (;;)
      pause();
  is_first = true;
  undo_all();
  say_exhausted(bytes);
  // Other threads still run: what is torn down at exit they may be using.
  _exit(1);
}

bool tsr_mem_has(uint64_t bytes) {
  void *data = MAP_FAILED;
  if (bytes <= SIZE_MAX)
    data = mmap(NULL, bytes ? (size_t)bytes : 1, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (data == MAP_FAILED)
    return false;
  munmap(data, bytes ? (size_t)bytes : 1);
  return true;
}

void *tsr_mem_check(void *made) {
  if (!made)
    tsr_mem_exhausted(0);
  return made;
}

void huge_pages_advise(void *data, size_t bytes) {
#ifdef MADV_HUGEPAGE
  size_t before = -(size_t)(uintptr_t)data % HUGE_PAGE_BYTES;
  if (bytes >= before + HUGE_PAGE_BYTES)
    (void)madvise((char *)data + before,
                  (bytes - before) / HUGE_PAGE_BYTES * HUGE_PAGE_BYTES,
                  MADV_HUGEPAGE);
#else
  (void)data;
  (void)bytes;
#endif
}

void *tsr_mem_resize(void *data, size_t bytes) {
  if (bytes == 0) {
    free(data);
    return NULL;
  }
  void *resized = realloc(data, bytes);
  if (!resized)
    tsr_mem_exhausted(bytes);
  if (bytes >= 2 * (size_t)HUGE_PAGE_BYTES)
    huge_pages_advise(resized, bytes);
  return resized;
}

void *tsr_mem_zeroed(size_t count, size_t item_bytes) {
  void *made = calloc(count, item_bytes);
  if (!made)
    tsr_mem_exhausted(count > SIZE_MAX / item_bytes ? SIZE_MAX
                                                    : count * item_bytes);
  if (count * item_bytes >= 2 * (size_t)HUGE_PAGE_BYTES)
    huge_pages_advise(made, count * item_bytes);
  return made;
}
