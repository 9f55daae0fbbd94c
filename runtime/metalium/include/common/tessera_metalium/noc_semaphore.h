// A semaphore as an object.

#ifndef TESSERA_METALIUM_NOC_SEMAPHORE_H
#define TESSERA_METALIUM_NOC_SEMAPHORE_H

#include "tessera_metalium/noc_objects.h"

namespace tessera {

template <ProgrammableCoreType Type> class semaphore_calls {
public:
  explicit semaphore_calls(uint32_t id, tsr_sim_where where = tessera::here())
      : l1_(get_semaphore<Type>(id, where)) {}

  // This core's own, which it must be alone to change.
  void up(uint32_t value, tsr_sim_where where = tessera::here()) {
    const tessera::method whole(__func__, where);
    tsr_sim_semaphore_add(word(), value, where);
  }
  void down(uint32_t value, tsr_sim_where where = tessera::here()) {
    const tessera::method whole(__func__, where);
    noc_semaphore_wait_min(word(), value, where);
    tsr_sim_semaphore_add(word(), 0 - value, where);
  }
  void wait(uint32_t value, tsr_sim_where where = tessera::here()) {
    const tessera::method whole(__func__, where);
    noc_semaphore_wait(word(), value, where);
  }
  void wait_min(uint32_t value, tsr_sim_where where = tessera::here()) {
    const tessera::method whole(__func__, where);
    noc_semaphore_wait_min(word(), value, where);
  }
  void set(uint32_t value, tsr_sim_where where = tessera::here()) {
    const tessera::method whole(__func__, where);
    noc_semaphore_set(word(), value, where);
  }

  // Other cores' semaphores of the same number.
  void up(const Noc &noc, uint32_t noc_x, uint32_t noc_y, uint32_t value,
          uint8_t vc = NOC_UNICAST_WRITE_VC,
          tsr_sim_where where = tessera::here()) {
    const tessera::method whole(__func__, where);
    noc_semaphore_inc(get_noc_addr(noc_x, noc_y, l1_, noc.get_noc_id()), value,
                      noc.get_noc_id(), vc, where);
  }
  template <NocOptions Options = NocOptions::DEFAULT>
  void set_multicast(const Noc &noc, uint32_t x_start, uint32_t y_start,
                     uint32_t x_end, uint32_t y_end, uint32_t core_count,
                     bool linked = false,
                     tsr_sim_where where = tessera::here()) {
    const tessera::method whole(__func__, where);
    const uint64_t to = all(noc, x_start, y_start, x_end, y_end);
    if constexpr (has_flag(Options, NocOptions::MCAST_INCL_SRC))
      noc_semaphore_set_multicast_loopback_src(l1_, to, core_count, linked,
                                               noc.get_noc_id(), where);
    else
      noc_semaphore_set_multicast(l1_, to, core_count, linked, noc.get_noc_id(),
                                  where);
  }
  void inc_multicast(const Noc &noc, uint32_t x_start, uint32_t y_start,
                     uint32_t x_end, uint32_t y_end, uint32_t value,
                     uint32_t core_count,
                     tsr_sim_where where = tessera::here()) {
    const tessera::method whole(__func__, where);
    noc_semaphore_inc_multicast(all(noc, x_start, y_start, x_end, y_end), value,
                                core_count, noc.get_noc_id(), where);
  }

private:
  volatile tt_l1_ptr uint32_t *word() const {
    return reinterpret_cast<volatile tt_l1_ptr uint32_t *>(
        static_cast<uintptr_t>(l1_));
  }
  uint64_t all(const Noc &noc, uint32_t x_start, uint32_t y_start,
               uint32_t x_end, uint32_t y_end) const {
    return get_noc_multicast_addr(x_start, y_start, x_end, y_end, l1_,
                                  noc.get_noc_id());
  }

  uint32_t l1_;
};

} // namespace tessera

TESSERA_OBJECTS_BEGIN

template <ProgrammableCoreType Type = ProgrammableCoreType::TENSIX>
class Semaphore : public tessera::semaphore_calls<Type> {
public:
  explicit Semaphore(uint32_t id, tsr_sim_where where = tessera::here())
      : tessera::semaphore_calls<Type>(id, where) {}

#if TESSERA_METALIUM_MONTH < 202606
  template <Noc::McastMode Mcast = Noc::McastMode::EXCLUDE_SRC>
  void set_multicast(const Noc &noc, uint32_t x_start, uint32_t y_start,
                     uint32_t x_end, uint32_t y_end, uint32_t core_count,
                     bool linked = false,
                     tsr_sim_where where = tessera::here()) {
    constexpr auto options = Mcast == Noc::McastMode::INCLUDE_SRC
                                 ? tessera::NocOptions::MCAST_INCL_SRC
                                 : tessera::NocOptions::DEFAULT;
    tessera::semaphore_calls<Type>::template set_multicast<options>(
        noc, x_start, y_start, x_end, y_end, core_count, linked, where);
  }
#endif
};

TESSERA_OBJECTS_END

#endif
