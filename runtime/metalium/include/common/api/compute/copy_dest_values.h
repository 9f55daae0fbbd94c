// One tile of DST to another.

#ifndef TESSERA_API_COMPUTE_COPY_DEST_VALUES_H
#define TESSERA_API_COMPUTE_COPY_DEST_VALUES_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void copy_dest_values_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_BINARY_COPY, where);
}

template <DataFormat format = DataFormat::Float16_b>
ALWI void copy_dest_values(uint32_t in, uint32_t out,
                           tsr_sim_where where = tessera::here()) {
  tessera::sfpu_binary(TSR_SIM_SFPU_BINARY_COPY, in, in, out, where);
}

} // namespace ckernel

#endif
