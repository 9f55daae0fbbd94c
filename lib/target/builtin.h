// The target descriptions built into the library; written by embed.cmake.

#ifndef TESSERA_LIB_TARGET_BUILTIN_H
#define TESSERA_LIB_TARGET_BUILTIN_H

#include <stddef.h>

typedef struct builtin_target {
  const char *name;
  const char *json;
} builtin_target;

// Boards, in the order they are listed to users.
extern const builtin_target builtin_targets[];
extern const size_t builtin_target_count;

// What the boards of an architecture have in common; a base, no target.
extern const builtin_target builtin_archs[];
extern const size_t builtin_arch_count;

#endif
