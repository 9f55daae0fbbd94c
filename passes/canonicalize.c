// canonicalize: fold what is known and give index arithmetic one form.
//
// Passes build indices without looking: an iteration number is taken apart into
// coordinates and put together again as a page number. The rules here undo
// that, so that kernels compute no more than they need.
//
// Indices are at least 0 and, in kernels, 32 bits wide: no rule makes a
// difference go below zero or a number reach 2^31. Sizes of buffers are values,
// not numbers, although the type knows them: a rule may not use what they are
// now, or kernels could not take them at run time.

#include "canonicalize.h"

#include "tessera/pass.h"

tsr_result tsr_pass_canonicalize(tsr_pass_env *env, tsr_module *module) {
  const tsr_pattern_set sets[] = {canon_index_rules(), canon_tile_rules(),
                                  canon_flow_rules()};
  return tsr_rewrite(module, sets, sizeof sets / sizeof *sets, NULL, env->diag,
                     NULL);
}
