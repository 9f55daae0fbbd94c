// Comparisons with zero and with a scalar: 1 where they hold, else 0.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_COMP_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_COMP_H

#include "api/compute/common.h"
#include "tessera_metalium/sfpu.h"

namespace ckernel {

ALWI void gtz_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_GTZ, where);
}

ALWI void gtz_tile(uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_GTZ, dst, where);
}

ALWI void gtz_tile_int32(uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_GTZ_INT, dst, where);
}

ALWI void gez_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_GEZ, where);
}

ALWI void gez_tile(uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_GEZ, dst, where);
}

ALWI void gez_tile_int32(uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_GEZ_INT, dst, where);
}

ALWI void ltz_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_LTZ, where);
}

ALWI void ltz_tile(uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_LTZ, dst, where);
}

ALWI void ltz_tile_int32(uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_LTZ_INT, dst, where);
}

ALWI void lez_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_LEZ, where);
}

ALWI void lez_tile(uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_LEZ, dst, where);
}

ALWI void lez_tile_int32(uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_LEZ_INT, dst, where);
}

ALWI void eqz_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_EQZ, where);
}

ALWI void eqz_tile(uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_EQZ, dst, where);
}

ALWI void eqz_tile_int32(uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_EQZ_INT, dst, where);
}

ALWI void nez_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_NEZ, where);
}

ALWI void nez_tile(uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_NEZ, dst, where);
}

ALWI void nez_tile_int32(uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_NEZ_INT, dst, where);
}

ALWI void eqz_tile_uint16(uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::sfpu_integers<DataFormat::UInt16>(TSR_SIM_SFPU_EQZ_INT, dst, where);
}

ALWI void eqz_tile_uint32(uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_EQZ_INT, dst, where);
}

ALWI void nez_tile_uint16(uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::sfpu_integers<DataFormat::UInt16>(TSR_SIM_SFPU_NEZ_INT, dst, where);
}

ALWI void nez_tile_uint32(uint32_t dst, tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_NEZ_INT, dst, where);
}

// The scalar is the bits of a float, or an integer.
ALWI void unary_ne_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_NE_SCALAR, where);
}

ALWI void unary_ne_tile(uint32_t dst, uint32_t scalar,
                        tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_NE_SCALAR, dst, where, {scalar});
}

ALWI void unary_ne_tile_int32(uint32_t dst, uint32_t scalar,
                              tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_NE_SCALAR_INT, dst, where, {scalar});
}

ALWI void unary_eq_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_EQ_SCALAR, where);
}

ALWI void unary_eq_tile(uint32_t dst, uint32_t scalar,
                        tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_EQ_SCALAR, dst, where, {scalar});
}

ALWI void unary_eq_tile_int32(uint32_t dst, uint32_t scalar,
                              tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_EQ_SCALAR_INT, dst, where, {scalar});
}

ALWI void unary_gt_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_GT_SCALAR, where);
}

ALWI void unary_gt_tile(uint32_t dst, uint32_t scalar,
                        tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_GT_SCALAR, dst, where, {scalar});
}

ALWI void unary_gt_tile_int32(uint32_t dst, uint32_t scalar,
                              tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_GT_SCALAR_INT, dst, where, {scalar});
}

ALWI void unary_ge_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_GE_SCALAR, where);
}

ALWI void unary_ge_tile(uint32_t dst, uint32_t scalar,
                        tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_GE_SCALAR, dst, where, {scalar});
}

ALWI void unary_ge_tile_int32(uint32_t dst, uint32_t scalar,
                              tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_GE_SCALAR_INT, dst, where, {scalar});
}

ALWI void unary_lt_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_LT_SCALAR, where);
}

ALWI void unary_lt_tile(uint32_t dst, uint32_t scalar,
                        tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_LT_SCALAR, dst, where, {scalar});
}

ALWI void unary_lt_tile_int32(uint32_t dst, uint32_t scalar,
                              tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_LT_SCALAR_INT, dst, where, {scalar});
}

ALWI void unary_le_tile_init(tsr_sim_where where = tessera::here()) {
  tessera::sfpu_init(TSR_SIM_SFPU_LE_SCALAR, where);
}

ALWI void unary_le_tile(uint32_t dst, uint32_t scalar,
                        tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_LE_SCALAR, dst, where, {scalar});
}

ALWI void unary_le_tile_int32(uint32_t dst, uint32_t scalar,
                              tsr_sim_where where = tessera::here()) {
  tessera::sfpu_unary(TSR_SIM_SFPU_LE_SCALAR_INT, dst, where, {scalar});
}

} // namespace ckernel

#endif
