// Data movement kernels: circular buffers, NoC transfers, semaphores.

#ifndef TESSERA_API_DATAFLOW_DATAFLOW_API_H
#define TESSERA_API_DATAFLOW_DATAFLOW_API_H

#include "hostdevcommon/data_format.h"
#include "tessera_metalium/kernel.h"

using DataFormat = tt::DataFormat;

constexpr uint8_t noc_index = NOC_INDEX;
constexpr uint32_t INVALID = 0;
constexpr uint32_t VALID = 1;
// Any channel: the model's NoC has one.
constexpr uint32_t NOC_UNICAST_WRITE_VC = 1;

#if defined(ARCH_BLACKHOLE)
constexpr uint32_t NOC_MAX_BURST_SIZE = 16384;
#else
constexpr uint32_t NOC_MAX_BURST_SIZE = 8192;
#endif

namespace tessera {
struct own_noc_x {
  uint8_t operator[](uint32_t) const {
    return static_cast<uint8_t>(tsr_sim_noc_x());
  }
};
struct own_noc_y {
  uint8_t operator[](uint32_t) const {
    return static_cast<uint8_t>(tsr_sim_noc_y());
  }
};
} // namespace tessera

// NoC coordinates of this core, by NoC.
constexpr tessera::own_noc_x my_x;
constexpr tessera::own_noc_y my_y;

// -- Circular buffers ---------------------------------------------------------

inline void cb_reserve_back(int32_t cb, int32_t pages,
                            tsr_sim_where where = tessera::here()) {
  tsr_sim_cb_reserve(static_cast<uint32_t>(cb), static_cast<uint32_t>(pages),
                     where);
}

inline void cb_push_back(int32_t cb, int32_t pages,
                         tsr_sim_where where = tessera::here()) {
  tsr_sim_cb_push(static_cast<uint32_t>(cb), static_cast<uint32_t>(pages),
                  where);
}

inline void cb_wait_front(int32_t cb, int32_t pages,
                          tsr_sim_where where = tessera::here()) {
  tsr_sim_cb_wait(static_cast<uint32_t>(cb), static_cast<uint32_t>(pages),
                  where);
}

inline void cb_pop_front(int32_t cb, int32_t pages,
                         tsr_sim_where where = tessera::here()) {
  tsr_sim_cb_pop(static_cast<uint32_t>(cb), static_cast<uint32_t>(pages),
                 where);
}

inline bool cb_pages_reservable_at_back(int32_t cb, int32_t pages,
                                        tsr_sim_where where = tessera::here()) {
  return tsr_sim_cb_can_reserve(static_cast<uint32_t>(cb),
                                static_cast<uint32_t>(pages), where);
}

inline bool cb_pages_available_at_front(int32_t cb, int32_t pages,
                                        tsr_sim_where where = tessera::here()) {
  return tsr_sim_cb_can_wait(static_cast<uint32_t>(cb),
                             static_cast<uint32_t>(pages), where);
}

inline uint32_t get_write_ptr(uint32_t cb,
                              tsr_sim_where where = tessera::here()) {
  return tsr_sim_cb_write_ptr(cb, where);
}

inline uint32_t get_read_ptr(uint32_t cb,
                             tsr_sim_where where = tessera::here()) {
  return tsr_sim_cb_read_ptr(cb, where);
}

inline int32_t get_tile_size(int32_t cb,
                             tsr_sim_where where = tessera::here()) {
  return static_cast<int32_t>(
      tsr_sim_cb_tile_bytes(static_cast<uint32_t>(cb), where));
}

inline uint32_t get_tile_hw(int32_t, tsr_sim_where = tessera::here()) {
  return 32 * 32;
}

inline DataFormat get_dataformat(int32_t cb,
                                 tsr_sim_where where = tessera::here()) {
  return static_cast<DataFormat>(
      tsr_sim_cb_format(static_cast<uint32_t>(cb), where));
}

// -- Addresses ----------------------------------------------------------------

inline uint64_t get_noc_addr(uint32_t x, uint32_t y, uint32_t l1,
                             uint8_t = noc_index) {
  return tsr_sim_noc_address(x, y, l1);
}

inline uint64_t get_noc_addr(uint32_t l1, uint8_t = noc_index) {
  return tsr_sim_noc_address_self(l1);
}

inline uint64_t get_noc_multicast_addr(uint32_t x_start, uint32_t y_start,
                                       uint32_t x_end, uint32_t y_end,
                                       uint32_t l1, uint8_t = noc_index) {
  return tsr_sim_noc_multicast_address(x_start, y_start, x_end, y_end, l1);
}

template <bool Dram>
uint64_t get_noc_addr_from_bank_id(uint32_t bank, uint32_t address,
                                   uint8_t = noc_index,
                                   tsr_sim_where where = tessera::here()) {
  return tsr_sim_noc_address_of_bank(Dram, bank, address, where);
}

#include "api/tensor/tensor_accessor.h"

// -- Transfers ----------------------------------------------------------------

template <uint32_t MaxPageBytes = NOC_MAX_BURST_SIZE + 1>
inline void noc_async_read(uint64_t source, uint32_t l1, uint32_t bytes,
                           uint8_t = noc_index, uint32_t = NOC_UNICAST_WRITE_VC,
                           tsr_sim_where where = tessera::here()) {
  tsr_sim_noc_read(source, l1, bytes, where);
}

template <uint32_t MaxPageBytes = NOC_MAX_BURST_SIZE + 1>
inline void noc_async_write(uint32_t l1, uint64_t target, uint32_t bytes,
                            uint8_t = noc_index,
                            uint32_t = NOC_UNICAST_WRITE_VC,
                            tsr_sim_where where = tessera::here()) {
  tsr_sim_noc_write(l1, target, bytes, where);
}

inline void noc_async_read_one_packet(uint64_t source, uint32_t l1,
                                      uint32_t bytes, uint8_t = noc_index,
                                      uint32_t = NOC_UNICAST_WRITE_VC,
                                      tsr_sim_where where = tessera::here()) {
  tsr_sim_noc_check_packet(bytes, where);
  tsr_sim_noc_read(source, l1, bytes, where);
}

inline void noc_async_read_one_packet_set_state(
    uint64_t source, uint32_t bytes, uint32_t = NOC_UNICAST_WRITE_VC,
    uint8_t = noc_index, tsr_sim_where where = tessera::here()) {
  tsr_sim_noc_set_read_state(source, bytes, where);
}

inline void noc_async_read_one_packet_with_state(
    uint32_t source, uint32_t l1, uint32_t = NOC_UNICAST_WRITE_VC,
    uint8_t = noc_index, tsr_sim_where where = tessera::here()) {
  tsr_sim_noc_read_with_state(source, l1, where);
}

inline void noc_async_write_one_packet(uint32_t l1, uint64_t target,
                                       uint32_t bytes, uint8_t = noc_index,
                                       uint32_t = NOC_UNICAST_WRITE_VC,
                                       tsr_sim_where where = tessera::here()) {
  tsr_sim_noc_check_packet(bytes, where);
  tsr_sim_noc_write(l1, target, bytes, where);
}

namespace tessera {
// Bytes that a transfer of one page moves.
template <typename Accessor>
auto page_bytes(const Accessor &accessor, int)
    -> decltype(accessor.get_aligned_page_size()) {
  return accessor.get_aligned_page_size();
}
template <typename Accessor>
auto page_bytes(const Accessor &accessor, long)
    -> decltype(uint32_t{accessor.page_size}) {
  return accessor.page_size;
}
template <typename Accessor>
auto page_bytes(const Accessor &accessor, ...)
    -> decltype(uint32_t{accessor.log_base_2_of_page_size}) {
  return 1u << accessor.log_base_2_of_page_size;
}
} // namespace tessera

template <typename Accessor>
void noc_async_read_page(uint32_t page, const Accessor &accessor, uint32_t l1,
                         uint32_t offset = 0, uint8_t = noc_index,
                         tsr_sim_where where = tessera::here()) {
  accessor.check_page(page, where);
  tsr_sim_noc_read(accessor.get_noc_addr(page, offset, 0, where), l1,
                   tessera::page_bytes(accessor, 0), where);
}

template <typename Accessor>
void noc_async_write_page(uint32_t page, const Accessor &accessor, uint32_t l1,
                          uint32_t bytes = 0, uint32_t offset = 0,
                          uint8_t = noc_index,
                          tsr_sim_where where = tessera::here()) {
  accessor.check_page(page, where);
  tsr_sim_noc_write(l1, accessor.get_noc_addr(page, offset, 0, where),
                    bytes ? bytes : tessera::page_bytes(accessor, 0), where);
}

template <typename Accessor>
void noc_async_read_tile(uint32_t page, const Accessor &accessor, uint32_t l1,
                         uint32_t offset = 0, uint8_t noc = noc_index,
                         tsr_sim_where where = tessera::here()) {
  noc_async_read_page(page, accessor, l1, offset, noc, where);
}

template <typename Accessor>
void noc_async_write_tile(uint32_t page, const Accessor &accessor, uint32_t l1,
                          uint8_t noc = noc_index,
                          tsr_sim_where where = tessera::here()) {
  noc_async_write_page(page, accessor, l1, 0, 0, noc, where);
}

inline void noc_inline_dw_write(uint64_t target, uint32_t value, uint8_t = 0xf,
                                uint8_t = noc_index,
                                tsr_sim_where where = tessera::here()) {
  tsr_sim_noc_write_word(target, value, where);
}

inline void noc_async_write_multicast(uint32_t l1, uint64_t target,
                                      uint32_t bytes, uint32_t core_count,
                                      bool linked = false, uint8_t = noc_index,
                                      tsr_sim_where where = tessera::here()) {
  tsr_sim_noc_multicast(l1, target, bytes, core_count, false, linked, where);
}

inline void
noc_async_write_multicast_loopback_src(uint32_t l1, uint64_t target,
                                       uint32_t bytes, uint32_t core_count,
                                       bool linked = false, uint8_t = noc_index,
                                       tsr_sim_where where = tessera::here()) {
  tsr_sim_noc_multicast(l1, target, bytes, core_count, true, linked, where);
}

inline void noc_async_read_barrier(uint8_t = noc_index,
                                   tsr_sim_where where = tessera::here()) {
  tsr_sim_noc_read_barrier(where);
}

inline void noc_async_write_barrier(uint8_t = noc_index,
                                    tsr_sim_where where = tessera::here()) {
  tsr_sim_noc_write_barrier(where);
}

inline void noc_async_writes_flushed(uint8_t = noc_index,
                                     tsr_sim_where where = tessera::here()) {
  tsr_sim_noc_writes_flushed(where);
}

inline void noc_async_atomic_barrier(uint8_t = noc_index,
                                     tsr_sim_where where = tessera::here()) {
  tsr_sim_noc_atomic_barrier(where);
}

inline void noc_async_full_barrier(uint8_t = noc_index,
                                   tsr_sim_where where = tessera::here()) {
  tsr_sim_noc_read_barrier(where);
  tsr_sim_noc_write_barrier(where);
  tsr_sim_noc_atomic_barrier(where);
}

// -- Semaphores ---------------------------------------------------------------

inline uint32_t get_semaphore(uint32_t id,
                              tsr_sim_where where = tessera::here()) {
  return tsr_sim_semaphore(id, where);
}

inline void noc_semaphore_set(volatile tt_l1_ptr uint32_t *word, uint32_t value,
                              tsr_sim_where where = tessera::here()) {
  tsr_sim_semaphore_set(word, value, where);
}

inline void noc_semaphore_wait(volatile tt_l1_ptr uint32_t *word,
                               uint32_t value,
                               tsr_sim_where where = tessera::here()) {
  tsr_sim_semaphore_wait(word, value, where);
}

inline void noc_semaphore_wait_min(volatile tt_l1_ptr uint32_t *word,
                                   uint32_t value,
                                   tsr_sim_where where = tessera::here()) {
  tsr_sim_semaphore_wait_min(word, value, where);
}

inline void noc_semaphore_inc(uint64_t target, uint32_t amount,
                              uint8_t = noc_index,
                              tsr_sim_where where = tessera::here()) {
  tsr_sim_semaphore_inc(target, amount, where);
}

inline void noc_semaphore_set_remote(uint32_t l1, uint64_t target,
                                     uint8_t = noc_index,
                                     tsr_sim_where where = tessera::here()) {
  tsr_sim_noc_write(l1, target, sizeof(uint32_t), where);
}

inline void noc_semaphore_set_multicast(uint32_t l1, uint64_t target,
                                        uint32_t core_count,
                                        bool linked = false,
                                        uint8_t = noc_index,
                                        tsr_sim_where where = tessera::here()) {
  tsr_sim_noc_multicast(l1, target, sizeof(uint32_t), core_count, false, linked,
                        where);
}

inline void noc_semaphore_set_multicast_loopback_src(
    uint32_t l1, uint64_t target, uint32_t core_count, bool linked = false,
    uint8_t = noc_index, tsr_sim_where where = tessera::here()) {
  tsr_sim_noc_multicast(l1, target, sizeof(uint32_t), core_count, true, linked,
                        where);
}

#endif
