// RUN: %unit/vector

#include "tessera/vector.h"

#include "check.h"

static char items[100];

static void test_vec(tsr_arena *arena) {
  tsr_vec vec;
  tsr_vec_init(&vec, arena);
  for (size_t i = 0; i < 100; i++)
    tsr_vec_append(&vec, &items[i]);
  CHECK(vec.size == 100 && vec.data[99] == &items[99]);
  tsr_vec_remove(&vec, 0);
  CHECK(vec.size == 99 && vec.data[0] == &items[1]);
  CHECK(!tsr_vec_has(&vec, &items[0]) && tsr_vec_has(&vec, &items[50]));
  tsr_vec_insert(&vec, 0, &items[0]);
  tsr_vec_insert(&vec, vec.size, &items[7]);
  CHECK(vec.data[0] == &items[0] && vec.data[1] == &items[1]);
  CHECK(tsr_vec_pop(&vec) == &items[7]);
  CHECK(vec.size == 100);
  tsr_vec_deinit(&vec);
  CHECK(vec.size == 0 && vec.data == NULL);
}

// Growing keeps what is there and zeroes what is new.
static void test_grow(tsr_arena *arena) {
  size_t capacity = 0;
  int *numbers = NULL;
  for (size_t i = 0; i < 1000; i++) {
    numbers =
        tsr_array_grow(arena, numbers, &capacity, i + 1, sizeof(*numbers));
    CHECK(numbers[i] == 0);
    numbers[i] = (int)i;
  }
  for (size_t i = 0; i < 1000; i++)
    CHECK(numbers[i] == (int)i);
  if (!arena)
    tsr_mem_resize(numbers, 0);
}

int main(void) {
  tsr_arena arena;
  tsr_arena_init(&arena);
  test_vec(&arena);
  test_vec(NULL);
  test_grow(&arena);
  test_grow(NULL);
  tsr_arena_deinit(&arena);
  return report_checks();
}
