// The same value in all elements.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_FILL_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_FILL_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void fill_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_FILL, where);
}

ALWI void fill_tile(uint32_t dst, float value,
                    tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_FILL, dst, where,
                      {__builtin_bit_cast(uint32_t, value)});
}

ALWI void fill_tile_bitcast(uint32_t dst, uint32_t bits,
                            tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_FILL, dst, where, {bits});
}

template <DataFormat format>
ALWI void fill_tile_int(uint32_t dst, uint32_t value,
                        tsr_sim_where where = tessera::here()) {
  tessera::check_integers<format>();
  MATH((tsr_sim_sfpu_unary_with(
      TSR_SIM_SFPU_FILL_INT, dst,
      tessera::sfpu_args({value & tessera::value_bits(format)}, ~0u,
                         VectorMode::RC, tessera::ANY_FORM,
                         static_cast<uint32_t>(format)),
      where)));
}

} // namespace ckernel

#endif
