// DST registers: sections that math fills and pack drains.

#ifndef TESSERA_API_COMPUTE_REG_API_H
#define TESSERA_API_COMPUTE_REG_API_H

#include "tessera_metalium/compute.h"

namespace ckernel {

ALWI void tile_regs_acquire(tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_dst_acquire(where)));
}

ALWI void tile_regs_commit(tsr_sim_where where = tessera::here()) {
  MATH((tsr_sim_dst_commit(where)));
}

ALWI void tile_regs_wait(tsr_sim_where where = tessera::here()) {
  PACK((tsr_sim_dst_wait(where)));
}

ALWI void tile_regs_release(tsr_sim_where where = tessera::here()) {
  PACK((tsr_sim_dst_release(where)));
}

// The four in two, from before: deprecated.
ALWI void acquire_dst(tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  MATH((tsr_sim_dst_acquire(where)));
  PACK((tsr_sim_dst_wait(where)));
}

ALWI void release_dst(tsr_sim_where where = tessera::here()) {
  const tessera::call whole(__func__, where);
  MATH((tsr_sim_dst_hand_over(where)));
  PACK((tsr_sim_dst_hand_over(where)));
}

} // namespace ckernel

#endif
