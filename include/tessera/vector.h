// A growable array of pointers.

#ifndef TESSERA_VECTOR_H
#define TESSERA_VECTOR_H

#include "tessera/arena.h"
#include "tessera/base.h"

TSR_BEGIN_DECLS

typedef struct tsr_vec {
  void **data;
  size_t size;
  size_t capacity;
  tsr_arena *arena; // where `data` lives; NULL: the heap
} tsr_vec;

// in     `arena`: NULL to live on the heap, and then deinit frees
void tsr_vec_init(tsr_vec *vec, tsr_arena *arena);
void tsr_vec_deinit(tsr_vec *vec);

// Makes room for one item more.
void tsr_vec_grow(tsr_vec *vec);

// Adds `item` behind the others.
static inline void tsr_vec_append(tsr_vec *vec, void *item) {
  if (vec->size == vec->capacity)
    tsr_vec_grow(vec);
  vec->data[vec->size++] = item;
}

// Puts `item` before position `at`, which may be the end.
void tsr_vec_insert(tsr_vec *vec, size_t at, void *item);

// Removes position `at`, keeps the order of the others.
void tsr_vec_remove(tsr_vec *vec, size_t at);

// Removes the last item and returns it; `vec` must not be empty.
void *tsr_vec_pop(tsr_vec *vec);

// True when `item` is in `vec`; looks at every item.
bool tsr_vec_has(const tsr_vec *vec, const void *item);

// Grows an array of any type so that it holds at least `count` elements.
//
// in     `arena`: NULL for the heap; `*capacity`: elements `data` has room for
// out    `*capacity` is updated; new elements are zeroed
// owns   the old array is released (heap) or abandoned (arena)
void *tsr_array_grow(tsr_arena *arena, void *data, size_t *capacity,
                     size_t count, size_t element_bytes);

TSR_END_DECLS

#endif
