// RUN: %unit/hash

#include "tessera/hash.h"

#include "check.h"

enum { COUNT = 3000 };

// Entries are found after any order of adding and removing.
// `arena`: where the map lives; NULL: the heap
static void test_map(tsr_arena *arena) {
  static char keys[COUNT];
  tsr_map map;
  tsr_map_init_in(&map, arena);
  CHECK(!tsr_map_has(&map, &keys[0]) && !tsr_map_find(&map, &keys[0]));
  tsr_map_remove(&map, &keys[0]);
  for (size_t i = 0; i < COUNT; i++)
    tsr_map_set(&map, &keys[i], &keys[COUNT - 1 - i]);
  for (size_t i = 0; i < COUNT; i += 3)
    tsr_map_remove(&map, &keys[i]);
  for (size_t i = 0; i < COUNT; i++) {
    CHECK(tsr_map_has(&map, &keys[i]) == (i % 3 != 0));
    CHECK(tsr_map_find(&map, &keys[i]) ==
          (i % 3 != 0 ? &keys[COUNT - 1 - i] : NULL));
  }
  CHECK(map.size == COUNT - COUNT / 3);
  tsr_map_set(&map, &keys[1], NULL);
  CHECK(tsr_map_has(&map, &keys[1]) && !tsr_map_find(&map, &keys[1]));
  tsr_map_clear(&map);
  CHECK(map.size == 0 && !tsr_map_has(&map, &keys[1]));
  tsr_map_deinit(&map);
}

static void test_bytes_map(tsr_arena *arena) {
  tsr_bytes_map map;
  tsr_bytes_map_init_in(&map, arena);
  CHECK(tsr_bytes_map_find(&map, "a", 1) == NULL);
  const char *kept[COUNT];
  char text[16];
  for (int i = 0; i < COUNT; i++) {
    int bytes = snprintf(text, sizeof(text), "key%d", i);
    *tsr_bytes_map_get(&map, text, (size_t)bytes, &kept[i]) = &kept[i];
  }
  for (int i = 0; i < COUNT; i++) {
    int bytes = snprintf(text, sizeof(text), "key%d", i);
    const char *again;
    CHECK(tsr_bytes_map_find(&map, text, (size_t)bytes) == (void *)&kept[i]);
    tsr_bytes_map_get(&map, text, (size_t)bytes, &again);
    CHECK(again == kept[i]);
    CHECK_TEXT(again, text);
  }
  CHECK(map.size == COUNT);
  tsr_bytes_map_deinit(&map);
}

// Equal bytes have one address; a zero byte and an empty string are bytes too.
static void test_interner(void) {
  tsr_interner interner;
  tsr_interner_init(&interner);
  const char *a = tsr_intern(&interner, "tile");
  CHECK(tsr_intern_bytes(&interner, "tile.load", 4) == a);
  CHECK(tsr_intern(&interner, "tiles") != a);
  CHECK(tsr_intern_bytes(&interner, "a\0b", 3) !=
        tsr_intern_bytes(&interner, "a\0c", 3));
  CHECK(tsr_intern(&interner, "") == tsr_intern_bytes(&interner, NULL, 0));
  tsr_interner_deinit(&interner);
}

static void test_hash(void) {
  CHECK(tsr_hash_bytes("ab", 2) == tsr_hash_bytes("abc", 2));
  CHECK(tsr_hash_bytes("ab", 2) != tsr_hash_bytes("ba", 2));
  CHECK(tsr_hash_mix(1, 2) != tsr_hash_mix(2, 1));
}

int main(void) {
  tsr_arena arena;
  tsr_arena_init(&arena);
  test_map(NULL);
  test_map(&arena);
  test_bytes_map(NULL);
  test_bytes_map(&arena);
  tsr_arena_deinit(&arena);
  test_interner();
  test_hash();
  return report_checks();
}
