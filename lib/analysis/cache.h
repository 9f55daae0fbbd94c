// What each analysis gives the cache.
#ifndef TESSERA_LIB_ANALYSIS_CACHE_H
#define TESSERA_LIB_ANALYSIS_CACHE_H

#include "tessera/analyses.h"

#define TSR_ANALYSIS(id, name, type, summary)                                  \
  type *tsr_##id##_create(tsr_module *module);                                 \
  void tsr_##id##_destroy(type *facts);                                        \
  /* An op of the module that the facts are wrong about, or NULL. */           \
  const tsr_op *tsr_##id##_find_wrong(type *facts, tsr_module *module);
#include "tessera/analyses.def"

// `value` belongs to the module still; what was erased does not.
bool tsr_value_is_attached(const tsr_value *value);

#endif
