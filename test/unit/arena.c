// RUN: %unit/arena

#include "tessera/arena.h"

#include "check.h"

#include <stdint.h>

// Memory is zeroed and aligned, and objects do not overlap, across block
// boundaries.
static void test_alloc(void) {
  tsr_arena arena;
  tsr_arena_init(&arena);
  enum { COUNT = 5000 };
  unsigned char *objects[COUNT];
  for (size_t i = 0; i < COUNT; i++) {
    size_t bytes = i % 97;
    objects[i] = tsr_arena_alloc(&arena, bytes);
    CHECK((uintptr_t)objects[i] % _Alignof(max_align_t) == 0);
    for (size_t j = 0; j < bytes; j++) {
      CHECK(objects[i][j] == 0);
      objects[i][j] = (unsigned char)i;
    }
  }
  for (size_t i = 0; i < COUNT; i++)
    for (size_t j = 0; j < i % 97; j++)
      CHECK(objects[i][j] == (unsigned char)i);
  tsr_arena_deinit(&arena);
  tsr_arena_deinit(&arena);
}

// An object larger than a block leaves the room in the newest block usable.
static void test_large(void) {
  tsr_arena arena;
  tsr_arena_init(&arena);
  char *small = tsr_arena_alloc(&arena, 1);
  char *large = tsr_arena_alloc(&arena, 1 << 20);
  char *next = tsr_arena_alloc(&arena, 1);
  memset(large, 1, 1 << 20);
  CHECK(next - small == (ptrdiff_t)_Alignof(max_align_t));
  CHECK(*small == 0 && *next == 0);
  tsr_arena_deinit(&arena);
}

static void test_reset(void) {
  tsr_arena arena;
  tsr_arena_init(&arena);
  memset(tsr_arena_alloc(&arena, 1000), 1, 1000);
  CHECK(arena.used_bytes >= 1000);
  tsr_arena_reset(&arena);
  CHECK(arena.used_bytes == 0);
  unsigned char *again = tsr_arena_alloc(&arena, 1000);
  for (size_t i = 0; i < 1000; i++)
    CHECK(again[i] == 0);
  tsr_arena_deinit(&arena);
}

static void test_text(void) {
  tsr_arena arena;
  tsr_arena_init(&arena);
  CHECK_TEXT(tsr_arena_strdup(&arena, "tile"), "tile");
  CHECK_TEXT(tsr_arena_strndup(&arena, "tile", 2), "ti");
  CHECK_TEXT(tsr_arena_strndup(&arena, NULL, 0), "");
  CHECK_TEXT(tsr_arena_printf(&arena, "%s_%d", "t", 7), "t_7");
  tsr_arena_deinit(&arena);
}

int main(void) {
  test_alloc();
  test_large();
  test_reset();
  test_text();
  return report_checks();
}
