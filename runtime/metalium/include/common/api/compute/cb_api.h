// Circular buffers in compute kernels: unpack consumes, pack produces.

#ifndef TESSERA_API_COMPUTE_CB_API_H
#define TESSERA_API_COMPUTE_CB_API_H

#include "tessera_metalium/compute.h"

namespace ckernel {

ALWI void cb_wait_front(uint32_t cb, uint32_t pages,
                        tsr_sim_where where = tessera::here()) {
  UNPACK((tsr_sim_cb_wait(cb, pages, where)));
}

ALWI void cb_pop_front(uint32_t cb, uint32_t pages,
                       tsr_sim_where where = tessera::here()) {
  UNPACK((tsr_sim_cb_pop(cb, pages, where)));
}

ALWI void cb_reserve_back(uint32_t cb, uint32_t pages,
                          tsr_sim_where where = tessera::here()) {
  PACK((tsr_sim_cb_reserve(cb, pages, where)));
}

ALWI void cb_push_back(uint32_t cb, uint32_t pages,
                       tsr_sim_where where = tessera::here()) {
  PACK((tsr_sim_cb_push(cb, pages, where)));
}

// The L1 address of a tile that is waited for, and one word of it, on all three
// threads: all must ask.
ALWI uint32_t get_tile_address(uint32_t cb, uint32_t tile,
                               tsr_sim_where where = tessera::here()) {
  return tsr_sim_tile_address(cb, tile, where);
}

ALWI uint32_t read_tile_value(uint32_t cb, uint32_t tile, uint32_t word,
                              tsr_sim_where where = tessera::here()) {
  return tsr_sim_tile_word(cb, tile, word, where);
}

} // namespace ckernel

#endif
