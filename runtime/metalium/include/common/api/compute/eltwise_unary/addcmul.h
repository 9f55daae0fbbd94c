// a + value * b * c.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_ADDCMUL_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_ADDCMUL_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void addcmul_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_ADDCMUL, where);
}

template <DataFormat format>
ALWI void addcmul_tile(uint32_t a, uint32_t b, uint32_t c, uint32_t out,
                       uint32_t value, tsr_sim_where where = tessera::here()) {
  static_assert(tessera::is_one_of(format, DataFormat::Float32,
                                   DataFormat::Float16_b, DataFormat::Bfp8_b),
                "the format is Float32, Float16_b or Bfp8_b");
  // Other formats than Float32 are moved as DST holds them.
  tessera::sfpu_ternary(TSR_SIM_SFPU_ADDCMUL, a, b, c, out, where, {value},
                        format == DataFormat::Float32
                            ? static_cast<uint32_t>(format)
                            : uint32_t{TSR_SIM_MOVED_AS_DST});
}

} // namespace ckernel

#endif
