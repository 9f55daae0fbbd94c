// Bytes as decisions.
//
// Whatever grows something at random asks here. The bytes come from a fuzzer,
// which thus learns which decisions lead somewhere new, or from a seed. When
// they are used up every answer is 0, and generators take 0 for "no more": so
// shorter bytes grow smaller things, and a fuzzer's own shrinking works.
#ifndef TESSERA_TEST_FUZZ_CHOICES_H
#define TESSERA_TEST_FUZZ_CHOICES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct choices {
  const uint8_t *data;
  size_t bytes, at;
  bool from_end; // what is decided this way does not shift what is not
} choices;

// 0 to count - 1; `count` is at most 65536.
uint32_t choose(choices *c, uint32_t count);

// True in about `percent` of 100.
bool chance(choices *c, uint32_t percent);

// Fills `data` with what `seed` stands for, the same on every machine.
void choices_draw(uint64_t seed, uint8_t *data, size_t bytes);

#endif
