// Hash tables: pointer to pointer, bytes to pointer, and unique strings.
//
// Nothing here can be iterated, on purpose: output must not depend on the order
// of pointers. Who needs an order keeps a vector beside the table.

#ifndef TESSERA_HASH_H
#define TESSERA_HASH_H

#include "tessera/arena.h"
#include "tessera/base.h"

TSR_BEGIN_DECLS

// 64-bit hash of bytes. The same on every run and machine.
uint64_t tsr_hash_bytes(const void *data, size_t bytes);

// Mixes one more value into a hash.
uint64_t tsr_hash_mix(uint64_t hash, uint64_t value);

typedef struct tsr_map_entry tsr_map_entry;

// Keys are compared by address.
typedef struct tsr_map {
  tsr_map_entry *entries;
  size_t size;
  size_t capacity;  // 0 or a power of two
  tsr_arena *arena; // where `entries` live; NULL: the heap
} tsr_map;

// A map without keys, its end, and a map without keys again. One in an arena
// ends with that.
void tsr_map_init(tsr_map *map);
void tsr_map_init_in(tsr_map *map, tsr_arena *arena);
void tsr_map_deinit(tsr_map *map);
void tsr_map_clear(tsr_map *map);

// Makes room, so that a map with up to `count` keys does not grow.
void tsr_map_reserve(tsr_map *map, size_t count);

// Returns the value stored under `key`, or NULL.
void *tsr_map_find(const tsr_map *map, const void *key);

// True when `key` was set, be it to NULL.
bool tsr_map_has(const tsr_map *map, const void *key);

// Stores `value` under `key`, in place of what was there. `key` is not NULL.
void tsr_map_set(tsr_map *map, const void *key, void *value);

// Forgets `key`; does nothing when it is not there.
void tsr_map_remove(tsr_map *map, const void *key);

typedef struct tsr_bytes_map_entry tsr_bytes_map_entry;

// Keys are compared by content; the map keeps its own copy of each.
typedef struct tsr_bytes_map {
  tsr_bytes_map_entry *entries;
  size_t size;
  size_t capacity; // 0 or a power of two
  tsr_arena keys;
  tsr_arena *arena; // where all of it lives; NULL: `keys` and the heap
} tsr_bytes_map;

// A map without keys, and its end. One in an arena ends with that.
void tsr_bytes_map_init(tsr_bytes_map *map);
void tsr_bytes_map_init_in(tsr_bytes_map *map, tsr_arena *arena);
void tsr_bytes_map_deinit(tsr_bytes_map *map);

// Returns the value stored under the key, or NULL.
void *tsr_bytes_map_find(const tsr_bytes_map *map, const void *key,
                         size_t key_bytes);

// Returns the place of the key's value, making one that holds NULL if needed.
//
// out    `*out_key`, unless `out_key` is NULL: the map's own copy of the key,
//        zero-terminated, at the same address as long as the map lives
// owns   the place moves at the next call: use it at once
void **tsr_bytes_map_get(tsr_bytes_map *map, const void *key, size_t key_bytes,
                         const char **out_key);

// Gives each distinct string one address, so that equal strings are equal
// pointers.
typedef struct tsr_interner {
  struct tsr_interned **entries;
  size_t size;
  size_t capacity; // 0 or a power of two
  tsr_arena strings;
} tsr_interner;

// An interner without strings, and the end of all its strings.
void tsr_interner_init(tsr_interner *interner);
void tsr_interner_deinit(tsr_interner *interner);

// Returns the one copy of these bytes, zero-terminated, valid as long as the
// interner is.
const char *tsr_intern_bytes(tsr_interner *interner, const void *data,
                             size_t bytes);
const char *tsr_intern(tsr_interner *interner, const char *text);

TSR_END_DECLS

#endif
