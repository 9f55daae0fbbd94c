// canonicalize, shared by its parts: what rules see of values, and the rules.
//
//   canonicalize.c        runs the rules
//   canonicalize_facts.c  which values are equal, which is less
//   canonicalize_index.c  rules for index arithmetic
//   canonicalize_tiles.c  rules for tiles
//   canonicalize_flow.c   rules for loops and branches
#ifndef TESSERA_PASSES_CANONICALIZE_H
#define TESSERA_PASSES_CANONICALIZE_H

#include "tessera/rewrite.h"

// -- facts --------------------------------------------------------------------

bool canon_is_number(const tsr_value *value, int64_t number);
// The op of `kind` that defines `value`, or NULL.
tsr_op *canon_match(const tsr_value *value, tsr_op_kind kind);
// The values are the same number, be it computed twice.
bool canon_are_same(const tsr_value *a, const tsr_value *b);
// `a` is below `b` in every run, whatever the sizes.
bool canon_is_less(const tsr_value *a, const tsr_value *b);
// `a` is at most `b` in every run, by the numbers in the text.
bool canon_is_at_most(const tsr_value *a, const tsr_value *b);
// The other factor when `value` is a product with `factor`, else NULL.
tsr_value *canon_match_multiple(const tsr_value *value,
                                const tsr_value *factor);
// Reads `value` as x op c, where c is a number; false when it is not.
bool canon_match_number(const tsr_value *value, tsr_op_kind kind,
                        tsr_value **out_x, int64_t *out_c);

// -- rules --------------------------------------------------------------------

tsr_pattern_set canon_index_rules(void);
tsr_pattern_set canon_tile_rules(void);
tsr_pattern_set canon_flow_rules(void);

#endif
