// What every compute kernel sees. The kernel is compiled three times, once per
// thread of the engine; UNPACK, MATH and PACK keep what is theirs.

#ifndef TESSERA_METALIUM_COMPUTE_H
#define TESSERA_METALIUM_COMPUTE_H

#include "hostdevcommon/data_format.h"
#include "tessera_metalium/kernel.h"

using DataFormat = tt::DataFormat;

#ifdef TRISC_UNPACK
#define UNPACK(x) x
#else
#define UNPACK(x)
#endif
#ifdef TRISC_MATH
#define MATH(x) x
#else
#define MATH(x)
#endif
#ifdef TRISC_PACK
#define PACK(x) x
#else
#define PACK(x)
#endif

namespace tessera {

inline tsr_sim_config
setup(tsr_sim_setup what, bool transpose = false,
      tsr_sim_broadcast broadcast = TSR_SIM_BROADCAST_NONE,
      bool accumulate = false) {
  return tsr_sim_config{
      what, broadcast, TSR_SIM_REUSE_NONE, transpose, accumulate, 0, 0, 0};
}

inline tsr_sim_config reuse_setup(tsr_sim_setup what, tsr_sim_reuse reuse) {
  return tsr_sim_config{what, TSR_SIM_BROADCAST_NONE, reuse, false, false, 0, 0,
                        0};
}

inline tsr_sim_config matmul_setup(bool transpose, uint32_t cols, uint32_t rows,
                                   uint32_t depth) {
  return tsr_sim_config{TSR_SIM_SETUP_MATMUL,
                        TSR_SIM_BROADCAST_NONE,
                        TSR_SIM_REUSE_NONE,
                        transpose,
                        false,
                        rows,
                        cols,
                        depth};
}

} // namespace tessera

namespace ckernel {}
using namespace ckernel;

#endif
