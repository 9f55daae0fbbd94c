#include "tessera/vector.h"

#include <assert.h>
#include <string.h>

void tsr_vec_init(tsr_vec *vec, tsr_arena *arena) {
  *vec = (tsr_vec){.arena = arena};
}

void tsr_vec_deinit(tsr_vec *vec) {
  if (!vec->arena)
    tsr_mem_resize((void *)vec->data, 0);
  tsr_vec_init(vec, vec->arena);
}

void *tsr_array_grow(tsr_arena *arena, void *data, size_t *capacity,
                     size_t count, size_t element_bytes) {
  if (count <= *capacity)
    return data;
  size_t grown = *capacity ? *capacity : 4;
  while (grown < count && grown <= SIZE_MAX / 2)
    grown *= 2;
  if (grown < count || grown > SIZE_MAX / element_bytes)
    tsr_mem_exhausted(SIZE_MAX);
  size_t old_bytes = *capacity * element_bytes;
  size_t new_bytes = grown * element_bytes;
  *capacity = grown;
  if (arena) {
    void *moved = tsr_arena_alloc(arena, new_bytes);
    return old_bytes ? memcpy(moved, data, old_bytes) : moved;
  }
  char *resized = tsr_mem_resize(data, new_bytes);
  memset(resized + old_bytes, 0, new_bytes - old_bytes);
  return resized;
}

void tsr_vec_grow(tsr_vec *vec) {
  vec->data =
      (void **)tsr_array_grow(vec->arena, (void *)vec->data, &vec->capacity,
                              vec->size + 1, sizeof(*vec->data));
}

void tsr_vec_insert(tsr_vec *vec, size_t at, void *item) {
  assert(at <= vec->size);
  tsr_vec_grow(vec);
  memmove((void *)(vec->data + at + 1), (void *)(vec->data + at),
          (vec->size - at) * sizeof(*vec->data));
  vec->data[at] = item;
  vec->size++;
}

void tsr_vec_remove(tsr_vec *vec, size_t at) {
  assert(at < vec->size);
  vec->size--;
  memmove((void *)(vec->data + at), (void *)(vec->data + at + 1),
          (vec->size - at) * sizeof(*vec->data));
}

void *tsr_vec_pop(tsr_vec *vec) {
  assert(vec->size > 0);
  return vec->data[--vec->size];
}

bool tsr_vec_has(const tsr_vec *vec, const void *item) {
  for (size_t i = 0; i < vec->size; i++)
    if (vec->data[i] == item)
      return true;
  return false;
}
