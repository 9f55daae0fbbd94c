// The built-in targets as numbers, so that a tool that starts need not read
// JSON; write_values.c writes them while building.

#ifndef TESSERA_LIB_TARGET_VALUES_H
#define TESSERA_LIB_TARGET_VALUES_H

#include "tessera/target.h"

typedef struct target_value {
  const char *name; // or an alias
  const tsr_target *target;
} target_value;

extern const target_value target_values[];
extern const size_t target_value_count;

// Reads JSON: of a file, or of a board built in by its name.
//
// out    as tsr_target_load_or
// fails  as tsr_target_load_or; an alias is an unknown name here
TSR_MUST_USE tsr_result target_read(const char *name_or_path, tsr_target *out,
                                    char *error, size_t error_bytes,
                                    const char **out_id);

#endif
