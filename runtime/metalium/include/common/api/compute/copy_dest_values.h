// One tile of DST to another.

#ifndef TESSERA_API_COMPUTE_COPY_DEST_VALUES_H
#define TESSERA_API_COMPUTE_COPY_DEST_VALUES_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void copy_dest_values_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_BINARY_COPY, where);
}

// Moves as many bits as `format` has, those of block formats as DST has them.
template <DataFormat format>
ALWI void copy_dest_values(uint32_t in, uint32_t out,
                           tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_sfpu_binary_with(
      TSR_SIM_SFPU_BINARY_COPY, in, in, out,
      tessera::sfpu_args({}, ~0u, VectorMode::RC, tessera::ANY_FORM,
                         static_cast<uint32_t>(format)),
      where)));
}

ALWI void copy_dest_values(uint32_t in, uint32_t out,
                           tsr_sim_where where = tessera::here()) {
  tessera::sfpu_binary(TSR_SIM_SFPU_BINARY_COPY, in, in, out, where);
}

} // namespace ckernel

#endif
