// b where a is not zero, else c.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_WHERE_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_WHERE_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void where_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_WHERE, where);
}

template <DataFormat format>
ALWI void where_tile(uint32_t a, uint32_t b, uint32_t c, uint32_t out,
                     tsr_sim_where where = tessera::here()) {
  static_assert(format == DataFormat::Float16_b ||
                    tessera::is_one_of(format, DataFormat::Float32,
                                       DataFormat::Int32, DataFormat::UInt32),
                "the format is Float32, Float16_b, Int32 or UInt32");
  tessera::sfpu_ternary(TSR_SIM_SFPU_WHERE, a, b, c, out, where, {},
                        static_cast<uint32_t>(format));
}

} // namespace ckernel

#endif
