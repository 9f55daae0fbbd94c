// a + c * (b - a).

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_LERP_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_LERP_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void lerp_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_LERP, where);
}

template <DataFormat format>
ALWI void lerp_tile(uint32_t a, uint32_t b, uint32_t c, uint32_t out,
                    tsr_sim_where where = tessera::here()) {
  // Both are moved as DST holds them.
  static_assert(format == DataFormat::Float32 ||
                    format == DataFormat::Float16_b,
                "the format is Float32 or Float16_b");
  tessera::sfpu_ternary(TSR_SIM_SFPU_LERP, a, b, c, out, where);
}

} // namespace ckernel

#endif
