// Start of kernels that work on one operand.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_ELTWISE_UNARY_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_ELTWISE_UNARY_H

#include "api/compute/common.h"

namespace ckernel {

// Configures both ends and sets the engine up to copy, as tt-metal does.
ALWI void unary_op_init_common(uint32_t in, uint32_t out,
                               tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  tessera::start_engine(in, in, out, where);
  UNPACK((tsr_sim_unpack_init(tessera::setup(TSR_SIM_SETUP_COPY), where)));
  MATH((tsr_sim_math_init(tessera::setup(TSR_SIM_SETUP_COPY), where)));
}

ALWI void init_sfpu(uint32_t in, uint32_t out,
                    tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  unary_op_init_common(in, out, where);
}

} // namespace ckernel

#endif
