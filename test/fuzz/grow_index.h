// Index arithmetic, grown at random.
//
// What is known of each value is the least and the most it can be, so that
// nothing goes below zero, divides by zero or grows large. Differences come in
// the shapes that rules look for: (x + y) - x, x - x % n, max(x, y) - y, ...
#ifndef TESSERA_TEST_FUZZ_GROW_INDEX_H
#define TESSERA_TEST_FUZZ_GROW_INDEX_H

#include "choices.h"

#include "tessera/ir.h"

typedef struct grown_index {
  tsr_value *value;
  uint32_t least, most;
} grown_index;

enum { GROWN_INDICES_MAX = 48 };

// The index values that are in scope where ops are built, and what they are
// made from; whoever leaves a block puts `count` back.
typedef struct index_scope {
  choices *c;
  tsr_module *module;
  tsr_builder *at;
  grown_index known[GROWN_INDICES_MAX];
  size_t count;
  // Loops that carry indices and branches that give them, too.
  bool has_flow;
} index_scope;

// Makes a value known; nothing happens when there are too many.
void index_scope_add(index_scope *s, tsr_value *value, uint32_t least,
                     uint32_t most);

// Any arithmetic.
grown_index grow_any_index(index_scope *s);

// Arithmetic whose result is below `limit`, which is at least 1.
tsr_value *grow_index_below(index_scope *s, uint32_t limit);

// In a loop up to `end`: a difference that is right in its rounds, and may be
// wrong where there are none. Makes both known.
void grow_below_end(index_scope *s, grown_index end);

// A comparison.
tsr_value *grow_condition(index_scope *s);

// Two numbers of at most `limit` that tell what arithmetic comes to; the first
// is not 0.
void grow_shown_numbers(index_scope *s, uint32_t limit, tsr_value *out[2]);

#endif
