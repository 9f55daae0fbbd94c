// What of the tables the modules had that were grown.
#ifndef TESSERA_TEST_FUZZ_COVER_H
#define TESSERA_TEST_FUZZ_COVER_H

#include "tessera/buffer.h"
#include "tessera/ir.h"

typedef struct fuzz_cover {
  bool has_op[TSR_OP_COUNT];
  uint32_t attrs[TSR_OP_COUNT]; // bit: which of the row's attributes
  bool has_type[TSR_TYPE_COUNT];
  bool has_element[TSR_TYPE_COUNT][TSR_ELEMENT_COUNT];
} fuzz_cover;

void fuzz_cover_module(fuzz_cover *cover, const tsr_module *module);

// Appends what no module had: ops, their attributes, types, and the formats
// that are computed with, of each type that has one.
void fuzz_cover_print_missing(const fuzz_cover *cover, tsr_buffer *out);

#endif
