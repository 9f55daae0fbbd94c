// The same checks under LLVM's libFuzzer, which grows inputs towards code that
// none has reached: scripts/fuzz.

#include "check.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes) {
  static fuzz_counts counts;
  tsr_buffer wrong;
  tsr_buffer_init(&wrong);
  fuzz_check(data, bytes, false, &counts, &wrong);
  if (wrong.size) {
    fputs(tsr_buffer_str(&wrong), stderr);
    abort();
  }
  tsr_buffer_deinit(&wrong);
  return 0;
}
