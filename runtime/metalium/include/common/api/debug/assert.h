// A check of a kernel, which ends the program.

#ifndef TESSERA_API_DEBUG_ASSERT_H
#define TESSERA_API_DEBUG_ASSERT_H

#include "tessera_metalium/kernel.h"

#define TESSERA_ASSERT(condition, ...)                                         \
  do {                                                                         \
    if (!(condition))                                                          \
      tsr_sim_fail("ASSERT", "does not hold: " #condition, tessera::here());   \
  } while (0)
#define ASSERT(...)             TESSERA_ASSERT(__VA_ARGS__, 0)
#define LIGHTWEIGHT_ASSERT(...) TESSERA_ASSERT(__VA_ARGS__, 0)

#endif
