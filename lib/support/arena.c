// Blocks are kept in a list, newest first. A request that does not fit the rest
// of the newest block starts a new one, twice as large as the one before: small
// arenas touch few pages, large ones have few blocks. A request larger than
// that gets a block of its own behind the newest, so that the room left there
// is not lost. Memory is zeroed when it is handed out, so pages that are never
// used are never touched; reset keeps the newest block, as whatever filled the
// arena once is likely to do so again.
//
// Large blocks come from the system directly, in huge pages where it has them:
// for a large module a quarter of the time would go into faults of small ones.
// What the system gives is zero already.

#include "tessera/arena.h"

#include "huge_pages.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#ifdef TESSERA_TINY_ARENA
static const size_t first_block_bytes = 64, last_block_bytes = 64;
#else
static const size_t first_block_bytes = 4096;
static const size_t last_block_bytes = 4 * HUGE_PAGE_BYTES;
#endif

struct tsr_arena_block {
  tsr_arena_block *older;
  size_t used;
  size_t capacity;
  size_t dirty; // bytes from the start that may be other than zero
  bool is_mapped;
  _Alignas(max_align_t) unsigned char data[];
};

void tsr_arena_init(tsr_arena *arena) { *arena = (tsr_arena){.newest = NULL}; }

static void free_blocks(tsr_arena_block *block) {
  while (block) {
    tsr_arena_block *older = block->older;
    if (block->is_mapped)
      munmap(block, sizeof *block + block->capacity);
    else
      tsr_mem_resize(block, 0);
    block = older;
  }
}

void tsr_arena_deinit(tsr_arena *arena) {
  free_blocks(arena->newest);
  tsr_arena_init(arena);
}

void tsr_arena_reset(tsr_arena *arena) {
  tsr_arena_block *kept = arena->newest;
  if (kept) {
    free_blocks(kept->older);
    kept->older = NULL;
    if (kept->dirty < kept->used)
      kept->dirty = kept->used;
    kept->used = 0;
  }
  arena->used_bytes = 0;
}

// Maps `bytes`, a multiple of huge pages, at the start of one.
static void *map_huge(size_t bytes) {
  size_t padded = bytes + HUGE_PAGE_BYTES;
  char *start = mmap(NULL, padded, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (start == MAP_FAILED)
    tsr_mem_exhausted(bytes);
  size_t before = -(size_t)(uintptr_t)start % HUGE_PAGE_BYTES;
  if (before)
    munmap(start, before);
  munmap(start + before + bytes, HUGE_PAGE_BYTES - before);
  huge_pages_advise(start + before, bytes);
  return start + before;
}

static tsr_arena_block *create_block(size_t capacity) {
  const size_t head = sizeof(tsr_arena_block);
  if (capacity > SIZE_MAX - head - 2 * (size_t)HUGE_PAGE_BYTES)
    tsr_mem_exhausted(capacity);
  tsr_arena_block *block;
  bool is_mapped = capacity >= HUGE_PAGE_BYTES;
  if (is_mapped) {
    size_t pages = (head + capacity + HUGE_PAGE_BYTES - 1) / HUGE_PAGE_BYTES;
    capacity = pages * HUGE_PAGE_BYTES - head;
    block = map_huge(head + capacity);
  } else {
    block = tsr_mem_resize(NULL, head + capacity);
  }
  *block = (tsr_arena_block){.capacity = capacity,
                             .dirty = is_mapped ? 0 : capacity,
                             .is_mapped = is_mapped};
  return block;
}

static size_t next_capacity(const tsr_arena_block *newest) {
  if (!newest)
    return first_block_bytes;
  return newest->capacity < last_block_bytes ? 2 * newest->capacity
                                             : last_block_bytes;
}

// Returns a block with room for `bytes`.
static tsr_arena_block *find_room(tsr_arena *arena, size_t bytes) {
  tsr_arena_block *newest = arena->newest;
  if (newest && newest->capacity - newest->used >= bytes)
    return newest;
  size_t capacity = next_capacity(newest);
  tsr_arena_block *block = create_block(bytes > capacity ? bytes : capacity);
  if (newest && bytes > capacity) {
    block->older = newest->older;
    newest->older = block;
    return block;
  }
  block->older = newest;
  arena->newest = block;
  return block;
}

void *tsr_arena_alloc(tsr_arena *arena, size_t bytes) {
  const size_t align = _Alignof(max_align_t);
  if (bytes > SIZE_MAX - align)
    tsr_mem_exhausted(bytes);
  // Zero bytes take one, so that every object has its own address.
  size_t rounded = ((bytes ? bytes : 1) + align - 1) / align * align;
  tsr_arena_block *block = find_room(arena, rounded);
  void *data = block->data + block->used;
  if (block->used < block->dirty)
    memset(data, 0, rounded);
  block->used += rounded;
  arena->used_bytes += rounded;
  return data;
}

void *tsr_arena_alloc_array(tsr_arena *arena, size_t count,
                            size_t element_bytes) {
  if (element_bytes && count > SIZE_MAX / element_bytes)
    tsr_mem_exhausted(SIZE_MAX);
  return tsr_arena_alloc(arena, count * element_bytes);
}

char *tsr_arena_strndup(tsr_arena *arena, const char *text, size_t bytes) {
  if (bytes == SIZE_MAX)
    tsr_mem_exhausted(bytes);
  char *copy = tsr_arena_alloc(arena, bytes + 1);
  if (bytes)
    memcpy(copy, text, bytes);
  return copy;
}

char *tsr_arena_strdup(tsr_arena *arena, const char *text) {
  return tsr_arena_strndup(arena, text, strlen(text));
}

char *tsr_arena_printf(tsr_arena *arena, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  char *text = tsr_arena_vprintf(arena, format, arguments);
  va_end(arguments);
  return text;
}

char *tsr_arena_vprintf(tsr_arena *arena, const char *format,
                        va_list arguments) {
  va_list measured;
  va_copy(measured, arguments);
  int length = vsnprintf(NULL, 0, format, measured);
  va_end(measured);
  assert(length >= 0 && "the format is ours and prints no wide characters");
  size_t bytes = (size_t)length + 1;
  char *text = tsr_arena_alloc(arena, bytes);
  vsnprintf(text, bytes, format, arguments);
  return text;
}
