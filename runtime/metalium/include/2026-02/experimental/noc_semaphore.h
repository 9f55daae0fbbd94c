// A semaphore as an object.

#ifndef TESSERA_2026_02_EXPERIMENTAL_NOC_SEMAPHORE_H
#define TESSERA_2026_02_EXPERIMENTAL_NOC_SEMAPHORE_H

#include "experimental/noc.h"
#include "tessera_metalium/noc_semaphore.h"

namespace experimental {

template <ProgrammableCoreType Type = ProgrammableCoreType::TENSIX>
class Semaphore : public ::Semaphore<Type> {
public:
  explicit Semaphore(uint32_t id, tsr_sim_where where = tessera::here())
      : ::Semaphore<Type>(id, where) {}

  template <Noc::McastMode Mcast = Noc::McastMode::EXCLUDE_SRC>
  void set_multicast(const Noc &noc, uint32_t x_start, uint32_t y_start,
                     uint32_t x_end, uint32_t y_end, uint32_t core_count,
                     bool linked = false,
                     tsr_sim_where where = tessera::here()) {
    constexpr NocOptions options = Mcast == Noc::McastMode::INCLUDE_SRC
                                       ? NocOptions::MCAST_INCL_SRC
                                       : NocOptions::DEFAULT;
    ::Semaphore<Type>::template set_multicast<options>(
        noc, x_start, y_start, x_end, y_end, core_count, linked, where);
  }
};

} // namespace experimental

#endif
