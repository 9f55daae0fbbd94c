// Open addressing with linear probing, at most three quarters full. A removed
// entry is filled by moving later ones up, so tables need no tombstones.

#include "tessera/hash.h"

#include <assert.h>
#include <string.h>

#ifdef TESSERA_TINY_ARENA
static const size_t first_capacity = 1; // every path that grows is taken
#else
static const size_t first_capacity = 16;
#endif

// FNV-1a, then finished by `scramble` so that the low bits depend on all.
static const uint64_t fnv_basis = 0xcbf29ce484222325U;
static const uint64_t fnv_prime = 0x100000001b3U;

static uint64_t scramble(uint64_t hash) {
  hash ^= hash >> 33;
  hash *= 0xff51afd7ed558ccdU;
  hash ^= hash >> 33;
  return hash;
}

uint64_t tsr_hash_bytes(const void *data, size_t bytes) {
  const unsigned char *byte = data;
  uint64_t hash = fnv_basis;
  for (size_t i = 0; i < bytes; i++)
    hash = (hash ^ byte[i]) * fnv_prime;
  return scramble(hash);
}

// For tables, whose order nobody sees: eight bytes at a time.
static uint64_t hash_key(const void *data, size_t bytes) {
  const unsigned char *at = data;
  uint64_t hash = fnv_basis ^ bytes, word;
  for (; bytes >= sizeof word; at += sizeof word, bytes -= sizeof word) {
    memcpy(&word, at, sizeof word);
    hash = (hash ^ word) * fnv_prime;
    hash ^= hash >> 29;
  }
  for (word = 0; bytes > 0; bytes--)
    word = word << 8 | at[bytes - 1];
  return scramble((hash ^ word) * fnv_prime);
}

uint64_t tsr_hash_mix(uint64_t hash, uint64_t value) {
  return scramble((hash ^ scramble(value)) * fnv_prime);
}

// True when one entry more would fill a table past three quarters. A table
// always keeps one free slot, which ends every search.
static bool is_full(size_t size, size_t capacity) {
  return (size + 1) * 4 > capacity * 3;
}

static size_t grown_capacity(size_t size, size_t capacity) {
  size_t grown = capacity ? capacity : first_capacity;
  while (is_full(size, grown))
    grown *= 2;
  return grown;
}

static void *alloc_entries(tsr_arena *arena, size_t count, size_t entry_bytes) {
  if (arena)
    return tsr_arena_alloc_array(arena, count, entry_bytes);
  return tsr_mem_zeroed(count, entry_bytes);
}

static void free_entries(const tsr_arena *arena, void *entries) {
  if (!arena)
    tsr_mem_resize(entries, 0);
}

// -- Pointer keys -------------------------------------------------------------

struct tsr_map_entry {
  const void *key; // NULL: free
  void *value;
};

void tsr_map_init(tsr_map *map) { tsr_map_init_in(map, NULL); }

void tsr_map_init_in(tsr_map *map, tsr_arena *arena) {
  *map = (tsr_map){.arena = arena};
}

void tsr_map_deinit(tsr_map *map) {
  free_entries(map->arena, map->entries);
  tsr_map_init_in(map, map->arena);
}

void tsr_map_clear(tsr_map *map) {
  if (map->entries)
    memset(map->entries, 0, map->capacity * sizeof(*map->entries));
  map->size = 0;
}

static size_t home_slot(const tsr_map *map, const void *key) {
  return (size_t)scramble((uint64_t)(uintptr_t)key * fnv_prime) &
         (map->capacity - 1);
}

// Returns the slot that holds `key`, or the free one where it would go.
static size_t find_slot(const tsr_map *map, const void *key) {
  size_t slot = home_slot(map, key);
  while (map->entries[slot].key && map->entries[slot].key != key)
    slot = (slot + 1) & (map->capacity - 1);
  return slot;
}

static const tsr_map_entry *find_entry(const tsr_map *map, const void *key) {
  if (map->size == 0 || !key)
    return NULL;
  const tsr_map_entry *entry = &map->entries[find_slot(map, key)];
  return entry->key ? entry : NULL;
}

void *tsr_map_find(const tsr_map *map, const void *key) {
  const tsr_map_entry *entry = find_entry(map, key);
  return entry ? entry->value : NULL;
}

bool tsr_map_has(const tsr_map *map, const void *key) {
  return find_entry(map, key) != NULL;
}

static void rehash_map(tsr_map *map, size_t count) {
  tsr_map old = *map;
  size_t capacity = grown_capacity(count, old.capacity);
  map->entries = alloc_entries(map->arena, capacity, sizeof(*map->entries));
  map->capacity = capacity;
  for (size_t i = 0; i < old.capacity; i++)
    if (old.entries[i].key)
      map->entries[find_slot(map, old.entries[i].key)] = old.entries[i];
  free_entries(map->arena, old.entries);
}

void tsr_map_reserve(tsr_map *map, size_t count) {
  if (is_full(count, map->capacity))
    rehash_map(map, count);
}

void tsr_map_set(tsr_map *map, const void *key, void *value) {
  assert(key);
  if (is_full(map->size, map->capacity))
    rehash_map(map, map->size);
  tsr_map_entry *entry = &map->entries[find_slot(map, key)];
  if (!entry->key)
    map->size++;
  *entry = (tsr_map_entry){.key = key, .value = value};
}

void tsr_map_remove(tsr_map *map, const void *key) {
  if (!tsr_map_has(map, key))
    return;
  const size_t mask = map->capacity - 1;
  size_t hole = find_slot(map, key);
  for (size_t i = (hole + 1) & mask; map->entries[i].key; i = (i + 1) & mask) {
    // An entry may move up only if its home does not lie behind the hole.
    size_t from_home = (i - home_slot(map, map->entries[i].key)) & mask;
    if (from_home < ((i - hole) & mask))
      continue;
    map->entries[hole] = map->entries[i];
    hole = i;
  }
  map->entries[hole] = (tsr_map_entry){.key = NULL};
  map->size--;
}

// -- Byte keys ----------------------------------------------------------------

struct tsr_bytes_map_entry {
  const char *key; // NULL: free
  size_t key_bytes;
  uint64_t hash;
  void *value;
};

void tsr_bytes_map_init(tsr_bytes_map *map) {
  tsr_bytes_map_init_in(map, NULL);
}

void tsr_bytes_map_init_in(tsr_bytes_map *map, tsr_arena *arena) {
  *map = (tsr_bytes_map){.arena = arena};
  tsr_arena_init(&map->keys);
}

void tsr_bytes_map_deinit(tsr_bytes_map *map) {
  free_entries(map->arena, map->entries);
  tsr_arena_deinit(&map->keys);
  tsr_bytes_map_init_in(map, map->arena);
}

static bool holds_key(const tsr_bytes_map_entry *entry, uint64_t hash,
                      const void *key, size_t key_bytes) {
  return entry->hash == hash && entry->key_bytes == key_bytes &&
         (key_bytes == 0 || memcmp(entry->key, key, key_bytes) == 0);
}

static tsr_bytes_map_entry *find_bytes(const tsr_bytes_map *map, uint64_t hash,
                                       const void *key, size_t key_bytes) {
  size_t slot = (size_t)hash & (map->capacity - 1);
  while (map->entries[slot].key &&
         !holds_key(&map->entries[slot], hash, key, key_bytes))
    slot = (slot + 1) & (map->capacity - 1);
  return &map->entries[slot];
}

void *tsr_bytes_map_find(const tsr_bytes_map *map, const void *key,
                         size_t key_bytes) {
  if (map->size == 0)
    return NULL;
  return find_bytes(map, hash_key(key, key_bytes), key, key_bytes)->value;
}

static void rehash_bytes_map(tsr_bytes_map *map) {
  tsr_bytes_map_entry *old = map->entries;
  size_t old_capacity = map->capacity;
  size_t capacity = grown_capacity(map->size, old_capacity);
  map->entries = alloc_entries(map->arena, capacity, sizeof(*map->entries));
  map->capacity = capacity;
  for (size_t i = 0; i < old_capacity; i++)
    if (old[i].key)
      *find_bytes(map, old[i].hash, old[i].key, old[i].key_bytes) = old[i];
  free_entries(map->arena, old);
}

void **tsr_bytes_map_get(tsr_bytes_map *map, const void *key, size_t key_bytes,
                         const char **out_key) {
  if (is_full(map->size, map->capacity))
    rehash_bytes_map(map);
  uint64_t hash = hash_key(key, key_bytes);
  tsr_bytes_map_entry *entry = find_bytes(map, hash, key, key_bytes);
  if (!entry->key) {
    entry->key =
        tsr_arena_strndup(map->arena ? map->arena : &map->keys, key, key_bytes);
    entry->key_bytes = key_bytes;
    entry->hash = hash;
    map->size++;
  }
  if (out_key)
    *out_key = entry->key;
  return &entry->value;
}

// -- Strings ------------------------------------------------------------------

// Stands right before the text.
typedef struct tsr_interned {
  uint32_t length;
  uint32_t hash;
} tsr_interned;

void tsr_interner_init(tsr_interner *interner) {
  *interner = (tsr_interner){.entries = NULL};
  tsr_arena_init(&interner->strings);
}

void tsr_interner_deinit(tsr_interner *interner) {
  tsr_mem_resize(interner->entries, 0);
  tsr_arena_deinit(&interner->strings);
  tsr_interner_init(interner);
}

static void rehash_interner(tsr_interner *interner) {
  tsr_interned **old = interner->entries;
  size_t old_capacity = interner->capacity;
  size_t mask = grown_capacity(interner->size, old_capacity) - 1;
  interner->entries = tsr_mem_zeroed(mask + 1, sizeof(tsr_interned *));
  interner->capacity = mask + 1;
  for (size_t i = 0; i < old_capacity; i++) {
    if (!old[i])
      continue;
    size_t slot = old[i]->hash & mask;
    while (interner->entries[slot])
      slot = (slot + 1) & mask;
    interner->entries[slot] = old[i];
  }
  tsr_mem_resize(old, 0);
}

static char *text_of(tsr_interned *interned) { return (char *)(interned + 1); }

static tsr_interned *create_interned(tsr_interner *interner, uint32_t hash,
                                     const void *data, size_t bytes) {
  if (bytes > UINT32_MAX)
    tsr_mem_exhausted(bytes);
  tsr_interned *made =
      tsr_arena_alloc(&interner->strings, sizeof *made + bytes + 1);
  made->length = (uint32_t)bytes;
  made->hash = hash;
  if (bytes)
    memcpy(text_of(made), data, bytes);
  return made;
}

const char *tsr_intern_bytes(tsr_interner *interner, const void *data,
                             size_t bytes) {
  if (is_full(interner->size, interner->capacity))
    rehash_interner(interner);
  uint32_t hash = (uint32_t)hash_key(data, bytes);
  size_t slot = hash & (interner->capacity - 1);
  for (tsr_interned *at; (at = interner->entries[slot]);
       slot = (slot + 1) & (interner->capacity - 1))
    if (at->hash == hash && at->length == bytes &&
        (bytes == 0 || memcmp(text_of(at), data, bytes) == 0))
      return text_of(at);
  interner->entries[slot] = create_interned(interner, hash, data, bytes);
  interner->size++;
  return text_of(interner->entries[slot]);
}

const char *tsr_intern(tsr_interner *interner, const char *text) {
  return tsr_intern_bytes(interner, text, strlen(text));
}
