// What must hold of every input, however it came about.
#ifndef TESSERA_TEST_FUZZ_CHECK_H
#define TESSERA_TEST_FUZZ_CHECK_H

#include "choices.h"
#include "cover.h"

#include "tessera/buffer.h"
#include "tessera/ir.h"

#include <stdio.h>

typedef struct fuzz_counts {
  uint64_t inputs, grown, damaged, texts; // texts: read as they are
  uint64_t refused;         // what was read, by parser or verifier
  uint64_t passes, stopped; // runs of passes, and those that said why not
  uint64_t executions, prints;
  uint64_t compiled;             // executions as machine code
  fuzz_cover grown_cover, cover; // as grown, and with what passes make
} fuzz_counts;

// What an input stands for: a module, and passes to run on it. Bytes that begin
// with a number below 6 are decisions, all others are text.
typedef struct fuzz_case {
  tsr_buffer text;   // of the module
  tsr_buffer passes; // as --passes takes them
  // Sound, but for pages that are moved once too often or not often enough.
  bool is_uneven;
} fuzz_case;

void fuzz_case_init(fuzz_case *made);
void fuzz_case_deinit(fuzz_case *made);

bool fuzz_is_grown(const uint8_t *data, size_t bytes);
bool fuzz_is_damaged(const uint8_t *data, size_t bytes); // after growing

// Makes of `data` what it stands for.
void fuzz_case_read(fuzz_case *made, const uint8_t *data, size_t bytes);

// Whether two modules of one context have the same ops, attributes, types and
// values, names and locations aside: a printer that leaves something out always
// prints the same, so equal texts do not show it.
bool fuzz_is_same(const tsr_module *a, const tsr_module *b);

// What decides in a module whether rounding can change.
typedef struct fuzz_rounding {
  bool has_wide;       // tiles of f32
  bool stores_rounded; // tiles that a cast made
  bool multiplies, multiplies_wide;
  bool is_narrow, is_coarse; // some nest: its DST, its multiplier
} fuzz_rounding;

fuzz_rounding fuzz_rounding_of(const tsr_module *module);

// Whether `pass`, which may change rounding, can have changed none.
bool fuzz_keeps_bits(const char *pass, const fuzz_rounding *before,
                     const fuzz_rounding *after);

// Parses, verifies, prints, runs passes and what they make, and holds against
// each other what must be equal.
//
// in     `compiles`: kernels are compiled, too, which takes LLVM and time
// out    what is wrong is appended to `out_wrong`
void fuzz_check(const uint8_t *data, size_t bytes, bool compiles,
                fuzz_counts *counts, tsr_buffer *out_wrong);

#endif
