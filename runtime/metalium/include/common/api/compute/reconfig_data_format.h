// Which formats the source registers are filled from. Operands by register:
// for matmul SrcA is the second operand.

#ifndef TESSERA_API_COMPUTE_RECONFIG_DATA_FORMAT_H
#define TESSERA_API_COMPUTE_RECONFIG_DATA_FORMAT_H

#include "tessera_metalium/compute.h"

#if TESSERA_METALIUM_MONTH >= 202608
#include "api/compute/src_order.h"
#endif

namespace ckernel {

template <bool to_from_int8 = false, bool is_tile_dim_reconfig_en = false>
ALWI void reconfig_data_format_srca(uint32_t cb,
                                    tsr_sim_where where = tessera::here()) {
  UNPACK((tsr_sim_format_srca(cb, where)));
}

template <bool to_from_int8 = false, bool is_tile_dim_reconfig_en = false>
ALWI void reconfig_data_format_srca(uint32_t cb_old, uint32_t cb_new,
                                    tsr_sim_where where = tessera::here()) {
  UNPACK((tsr_sim_src_differs(cb_old, cb_new, where)
              ? tsr_sim_format_srca(cb_new, where)
              : void()));
}

template <bool to_from_int8 = false, bool is_tile_dim_reconfig_en = false>
ALWI void reconfig_data_format_srcb(uint32_t cb,
                                    tsr_sim_where where = tessera::here()) {
  UNPACK((tsr_sim_format_srcb(cb, where)));
}

template <bool to_from_int8 = false, bool is_tile_dim_reconfig_en = false>
ALWI void reconfig_data_format_srcb(uint32_t cb_old, uint32_t cb_new,
                                    tsr_sim_where where = tessera::here()) {
  UNPACK((tsr_sim_src_differs(cb_old, cb_new, where)
              ? tsr_sim_format_srcb(cb_new, where)
              : void()));
}

template <bool to_from_int8 = false, bool is_tile_dim_reconfig_en = false>
ALWI void reconfig_data_format(uint32_t cb_a, uint32_t cb_b,
                               tsr_sim_where where = tessera::here()) {
  UNPACK((tsr_sim_format_src(cb_a, cb_b, where)));
}

template <bool to_from_int8 = false, bool is_tile_dim_reconfig_en = false>
ALWI void reconfig_data_format(uint32_t a_old, uint32_t a_new, uint32_t b_old,
                               uint32_t b_new,
                               tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  reconfig_data_format_srca(a_old, a_new, where);
  reconfig_data_format_srcb(b_old, b_new, where);
}

#if TESSERA_METALIUM_MONTH >= 202608
// Operands in the order of the op: with Reverse, as matmul, the second feeds
// SrcA.
template <SrcOrder Order>
ALWI void reconfig_data_format(uint32_t in0, uint32_t in1,
                               tsr_sim_where where = tessera::here()) {
  [[maybe_unused]] constexpr bool reverse = Order == SrcOrder::Reverse;
  UNPACK((tsr_sim_format_src(reverse ? in1 : in0, reverse ? in0 : in1, where)));
}
#endif

} // namespace ckernel

#endif
