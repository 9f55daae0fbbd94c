// a + value * b / c.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_ADDCDIV_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_ADDCDIV_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void addcdiv_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_ADDCDIV, where);
}

template <DataFormat format>
ALWI void addcdiv_tile(uint32_t a, uint32_t b, uint32_t c, uint32_t out,
                       uint32_t value, tsr_sim_where where = tessera::here()) {
  // Both are moved as DST holds them.
  static_assert(format == DataFormat::Float32 ||
                    format == DataFormat::Float16_b,
                "the format is Float32 or Float16_b");
  tessera::sfpu_ternary(TSR_SIM_SFPU_ADDCDIV, a, b, c, out, where, {value});
}

} // namespace ckernel

#endif
