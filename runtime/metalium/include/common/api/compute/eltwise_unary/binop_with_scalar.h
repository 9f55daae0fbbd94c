// Each element and a scalar, in the bits of a float or as an integer. The
// scalar of a division is the reciprocal of the divisor.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_BINOP_WITH_SCALAR_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_BINOP_WITH_SCALAR_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void binop_with_scalar_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_SCALAR, where);
}

ALWI void add_unary_tile(uint32_t dst, uint32_t scalar,
                         tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_ADD_SCALAR, dst, where, {scalar});
}

ALWI void sub_unary_tile(uint32_t dst, uint32_t scalar,
                         tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_SUB_SCALAR, dst, where, {scalar});
}

ALWI void mul_unary_tile(uint32_t dst, uint32_t scalar,
                         tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_MUL_SCALAR, dst, where, {scalar});
}

ALWI void div_unary_tile(uint32_t dst, uint32_t scalar,
                         tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_DIV_SCALAR, dst, where, {scalar});
}

ALWI void rsub_unary_tile(uint32_t dst, uint32_t scalar,
                          tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_RSUB_SCALAR, dst, where, {scalar});
}

ALWI void add_unary_tile_int32(uint32_t dst, uint32_t scalar,
                               tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_ADD_SCALAR_INT, dst, where, {scalar});
}

ALWI void sub_unary_tile_int32(uint32_t dst, uint32_t scalar,
                               tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_SUB_SCALAR_INT, dst, where, {scalar});
}

} // namespace ckernel

#endif
