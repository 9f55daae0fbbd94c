// Products of integers.

#ifndef TESSERA_API_COMPUTE_MUL_INT_SFPU_H
#define TESSERA_API_COMPUTE_MUL_INT_SFPU_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

template <DataFormat format>
ALWI void mul_int_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init_form(TSR_SIM_SFPU_MUL_INT,
                          tessera::form_if(format == DataFormat::UInt16),
                          where);
}

template <DataFormat format>
ALWI void mul_int_tile(uint32_t a, uint32_t b, uint32_t out,
                       tsr_sim_where where = tessera::here()) {
  tessera::sfpu_integers<format>(
      TSR_SIM_SFPU_MUL_INT, a, b, out, where,
      tessera::form_if(format == DataFormat::UInt16));
}

} // namespace ckernel

#endif
