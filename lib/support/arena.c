// Blocks are kept in a list, newest first. A request that does not fit the rest
// of the newest block starts a new one, twice as large as the one before: small
// arenas touch few pages, large ones have few blocks. A request larger than
// that gets a block of its own behind the newest, so that the room left there
// is not lost. Memory is zeroed when it is handed out, so pages that are never
// used are never touched; reset keeps the newest block, as whatever filled the
// arena once is likely to do so again.

#include "tessera/arena.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef TESSERA_TINY_ARENA
static const size_t first_block_bytes = 64, last_block_bytes = 64;
#else
static const size_t first_block_bytes = 4096, last_block_bytes = 256 * 1024;
#endif

struct tsr_arena_block {
  tsr_arena_block *older;
  size_t used;
  size_t capacity;
  _Alignas(max_align_t) unsigned char data[];
};

TSR_NORETURN void tsr_mem_exhausted(size_t bytes) {
  fprintf(stderr, "error: out of memory: cannot get %zu bytes\n", bytes);
  exit(1);
}

void *tsr_mem_resize(void *data, size_t bytes) {
  if (bytes == 0) {
    free(data);
    return NULL;
  }
  void *resized = realloc(data, bytes);
  if (!resized)
    tsr_mem_exhausted(bytes);
  return resized;
}

void tsr_arena_init(tsr_arena *arena) { *arena = (tsr_arena){.newest = NULL}; }

static void free_blocks(tsr_arena_block *block) {
  while (block) {
    tsr_arena_block *older = block->older;
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
    kept->used = 0;
  }
  arena->used_bytes = 0;
}

static tsr_arena_block *create_block(size_t capacity) {
  if (capacity > SIZE_MAX - sizeof(tsr_arena_block))
    tsr_mem_exhausted(capacity);
  tsr_arena_block *block =
      tsr_mem_resize(NULL, sizeof(tsr_arena_block) + capacity);
  *block = (tsr_arena_block){.capacity = capacity};
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
  block->used += rounded;
  arena->used_bytes += rounded;
  return memset(data, 0, rounded);
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
