// One mistake each; which one is said with --define.
#include <cstdint>

#include "api/compute/common.h"
#ifndef NO_INCLUDE
#include "api/compute/matmul.h"
#endif

void kernel_main() {
  constexpr uint32_t cb = get_compile_time_arg_val(0);
#ifdef UNKNOWN_NAME
  matmul_tile(cb, cb, 0, 0, 0);
#endif
#ifdef TOO_MANY_ARGUMENTS
  matmul_tiles(cb, cb, 0, 0, 0, false);
#endif
#ifdef NO_INCLUDE
  matmul_tiles(cb, cb, 0, 0, 0);
#endif
#ifdef DATA_MOVEMENT_CALL
  noc_async_read_barrier();
#endif
#ifdef ON_ONE_THREAD
  // Reaches the compiler on the packer's thread only.
  PACK((llk_pack_no_such_call(cb)));
#endif
}
