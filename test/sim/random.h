// What tests that go by chance share: numbers that are the same on every
// machine, and a check that says in which round it fails.

#ifndef TESSERA_TEST_SIM_RANDOM_H
#define TESSERA_TEST_SIM_RANDOM_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static uint64_t state = 1;

static uint32_t draw(uint32_t below) {
  state = state * 6364136223846793005u + 1442695040888963407u;
  return (uint32_t)(state >> 33) % below;
}

static uint32_t round_number;

#define CHECK(what)                                                            \
  do {                                                                         \
    if (!(what)) {                                                             \
      printf("line %d, round %u: %s\n", __LINE__, round_number, #what);        \
      exit(1);                                                                 \
    }                                                                          \
  } while (0)

#endif
