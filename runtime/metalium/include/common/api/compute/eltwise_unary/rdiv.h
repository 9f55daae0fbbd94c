// A scalar divided by each element.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_RDIV_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_RDIV_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

enum class RoundingMode : uint8_t { None, Floor, Trunc };

ALWI void rdiv_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_RDIV, where);
}

template <RoundingMode rounding = RoundingMode::None>
ALWI void rdiv_tile(uint32_t dst, uint32_t value,
                    int vector_mode = VectorMode::RC,
                    tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_RDIV, dst, where,
                      {value, static_cast<uint32_t>(rounding)}, vector_mode);
}

} // namespace ckernel

#endif
