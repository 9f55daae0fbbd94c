// Memory for data that lives and dies together.
//
// IR is built from many small objects that are all dropped at once, so an arena
// hands out memory by moving a pointer and frees whole blocks. No caller checks
// for NULL: what happens when memory runs out, memory.h says.

#ifndef TESSERA_ARENA_H
#define TESSERA_ARENA_H

#include "tessera/base.h"
#include "tessera/memory.h"

#include <stdarg.h>

TSR_BEGIN_DECLS

typedef struct tsr_arena_block tsr_arena_block;

typedef struct tsr_arena {
  tsr_arena_block *newest;
  size_t used_bytes; // handed out since init or reset, for statistics
} tsr_arena;

// An empty arena; takes no memory before it is used.
void tsr_arena_init(tsr_arena *arena);

// Frees everything allocated from `arena`; a second call does nothing.
void tsr_arena_deinit(tsr_arena *arena);

// Frees everything allocated from `arena`, which stays usable.
void tsr_arena_reset(tsr_arena *arena);

// Returns `bytes` zeroed bytes, aligned for any type; never NULL.
//
// fails  out of memory ends the program
// owns   the arena, until reset or deinit
void *tsr_arena_alloc(tsr_arena *arena, size_t bytes);

// Returns `count` zeroed elements; a size that overflows counts as out of
// memory.
void *tsr_arena_alloc_array(tsr_arena *arena, size_t count,
                            size_t element_bytes);

// Returns a zero-terminated copy of `bytes` bytes of `text`.
char *tsr_arena_strndup(tsr_arena *arena, const char *text, size_t bytes);
char *tsr_arena_strdup(tsr_arena *arena, const char *text);

// Returns formatted text.
char *tsr_arena_printf(tsr_arena *arena, const char *format, ...)
    TSR_PRINTF(2, 3);
char *tsr_arena_vprintf(tsr_arena *arena, const char *format, va_list arguments)
    TSR_PRINTF(2, 0);

// One zeroed object, or an array of them, of a type.
#define TSR_NEW(arena, type) ((type *)tsr_arena_alloc((arena), sizeof(type)))
#define TSR_NEW_ARRAY(arena, type, count)                                      \
  ((type *)tsr_arena_alloc_array((arena), (count), sizeof(type)))

TSR_END_DECLS

#endif
