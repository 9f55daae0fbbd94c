// A scalar minus each element.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_RSUB_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_RSUB_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void rsub_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_SCALAR, where);
}

ALWI void rsub_tile(uint32_t dst, uint32_t scalar,
                    tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_RSUB_SCALAR, dst, where, {scalar});
}

ALWI void rsub_unary_int32_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_RSUB_SCALAR_INT, where);
}

ALWI void rsub_unary_int32_tile(uint32_t dst, uint32_t scalar,
                                tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_RSUB_SCALAR_INT, dst, where, {scalar});
}

} // namespace ckernel

#endif
