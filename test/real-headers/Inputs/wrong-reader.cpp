// One mistake each; which one is said with --define.
#include <cstdint>

#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint32_t count = get_arg_val<uint32_t>(0);
  constexpr uint32_t cb = get_compile_time_arg_val(0);
#ifdef UNKNOWN_NAME
  noc_async_read_pages(0, 0, 0);
#endif
#ifdef TOO_FEW_ARGUMENTS
  cb_reserve_back(cb);
#endif
#ifdef NO_SUCH_CT_ARG
  constexpr uint32_t missing = get_compile_time_arg_val(9);
#endif
#ifdef SIGN_COMPARE
  for (int i = 0; i < count; ++i)
    cb_pop_front(cb, 1);
#endif
#ifdef NARROWING
  const uint8_t ids[] = {count};
#endif
#ifdef COMPUTE_CALL
  tile_regs_acquire();
#endif
#ifdef INTEGER_KINDS
  cb_pop_front(cb, std::min(count, 4u));
#endif
}
