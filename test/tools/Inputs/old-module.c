// A module as an older build would have left it, by version or by headers.

#include "tessera/llvm_module.h"
#include "tessera/version.h"

#ifndef VERSION
#define VERSION TSR_VERSION
#endif

TSR_SHOW
extern const tsr_llvm_module tsr_llvm_module_table;
TSR_HIDE
const tsr_llvm_module tsr_llvm_module_table = {.version = VERSION,
                                               .fingerprint = "0123"};
