// Which formats the source registers are filled from. Operands by register:
// for matmul SrcA is the second operand.

#ifndef TESSERA_API_COMPUTE_RECONFIG_DATA_FORMAT_H
#define TESSERA_API_COMPUTE_RECONFIG_DATA_FORMAT_H

#include "tessera_metalium/compute.h"

namespace ckernel {

ALWI void reconfig_data_format_srca(uint32_t cb,
                                    tsr_sim_where where = tessera::here()) {
  UNPACK((tsr_sim_format_srca(cb, where)));
}

ALWI void reconfig_data_format_srca(uint32_t cb_old, uint32_t cb_new,
                                    tsr_sim_where where = tessera::here()) {
  UNPACK((tsr_sim_src_differs(cb_old, cb_new, where)
              ? tsr_sim_format_srca(cb_new, where)
              : void()));
}

ALWI void reconfig_data_format_srcb(uint32_t cb,
                                    tsr_sim_where where = tessera::here()) {
  UNPACK((tsr_sim_format_srcb(cb, where)));
}

ALWI void reconfig_data_format_srcb(uint32_t cb_old, uint32_t cb_new,
                                    tsr_sim_where where = tessera::here()) {
  UNPACK((tsr_sim_src_differs(cb_old, cb_new, where)
              ? tsr_sim_format_srcb(cb_new, where)
              : void()));
}

ALWI void reconfig_data_format(uint32_t cb_a, uint32_t cb_b,
                               tsr_sim_where where = tessera::here()) {
  UNPACK((tsr_sim_format_src(cb_a, cb_b, where)));
}

ALWI void reconfig_data_format(uint32_t a_old, uint32_t a_new, uint32_t b_old,
                               uint32_t b_new,
                               tsr_sim_where where = tessera::here()) {
  reconfig_data_format_srca(a_old, a_new, where);
  reconfig_data_format_srcb(b_old, b_new, where);
}

} // namespace ckernel

#endif
