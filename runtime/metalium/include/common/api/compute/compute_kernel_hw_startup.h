// The one configuration call at the start of a compute kernel.

#ifndef TESSERA_API_COMPUTE_COMPUTE_KERNEL_HW_STARTUP_H
#define TESSERA_API_COMPUTE_COMPUTE_KERNEL_HW_STARTUP_H

#include "tessera_metalium/compute.h"

#if TESSERA_METALIUM_MONTH >= 202608
#include "api/compute/src_order.h"
#endif

namespace ckernel {

#if TESSERA_METALIUM_MONTH >= 202608
template <SrcOrder Order = SrcOrder::Regular>
ALWI void compute_kernel_hw_startup(uint32_t in0, uint32_t in1, uint32_t out,
                                    tsr_sim_where where = tessera::here()) {
  constexpr bool reverse = Order == SrcOrder::Reverse;
  tessera::start_engine(reverse ? in1 : in0, reverse ? in0 : in1, out, where);
}
#else
ALWI void compute_kernel_hw_startup(uint32_t in0, uint32_t in1, uint32_t out,
                                    tsr_sim_where where = tessera::here()) {
  tessera::start_engine(in0, in1, out, where);
}
#endif

ALWI void compute_kernel_hw_startup(uint32_t in, uint32_t out,
                                    tsr_sim_where where = tessera::here()) {
  tessera::start_engine(in, in, out, where);
}

} // namespace ckernel

#endif
