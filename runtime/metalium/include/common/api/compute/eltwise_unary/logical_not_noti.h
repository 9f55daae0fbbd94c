// What logical_not.h was called until late February 2026.

#ifndef TESSERA_API_COMPUTE_ELTWISE_UNARY_LOGICAL_NOT_NOTI_H
#define TESSERA_API_COMPUTE_ELTWISE_UNARY_LOGICAL_NOT_NOTI_H

#include "api/compute/eltwise_unary/logical_not.h"

#if TESSERA_METALIUM_MONTH > 202602
#error "this tt-metal has logical_not_tile in logical_not.h instead"
#endif

namespace ckernel {

ALWI void logical_not_unary_tile_init(tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  logical_not_tile_init(where);
}

ALWI void logical_not_unary_tile(uint32_t dst,
                                 tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  logical_not_tile<DataFormat::Float32>(dst, where);
}

ALWI void logical_not_unary_tile_int32(uint32_t dst,
                                       tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  logical_not_tile<DataFormat::Int32>(dst, where);
}

ALWI void logical_not_unary_tile_uint32(uint32_t dst,
                                        tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  logical_not_tile<DataFormat::UInt32>(dst, where);
}

ALWI void logical_not_unary_tile_uint16(uint32_t dst,
                                        tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  logical_not_tile<DataFormat::UInt16>(dst, where);
}

} // namespace ckernel

#endif
