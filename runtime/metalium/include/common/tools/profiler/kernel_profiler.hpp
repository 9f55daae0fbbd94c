// Zones: stretches of a kernel with names, which TESSERA_TIMING reports and
// TESSERA_TRACE draws. As in tt-metal, they cost nothing on the clock.

#ifndef TESSERA_TOOLS_PROFILER_KERNEL_PROFILER_HPP
#define TESSERA_TOOLS_PROFILER_KERNEL_PROFILER_HPP

#include "tessera_metalium/kernel.h"

namespace tessera {

// A zone lasts as long as the block it is declared in.
class zone {
public:
  zone(const char *name, tsr_sim_where where) : name_(name), where_(where) {
    tsr_sim_zone_begin(name_, where_);
  }
  ~zone() { tsr_sim_zone_end(name_, where_); }
  zone(const zone &) = delete;
  zone &operator=(const zone &) = delete;

private:
  const char *name_;
  tsr_sim_where where_;
};

} // namespace tessera

#define TESSERA_ZONE_NAME(line) tessera_zone_##line
#define TESSERA_ZONE(name, line)                                               \
  const tessera::zone TESSERA_ZONE_NAME(line)(name, tessera::here())

#define DeviceZoneScopedN(name)          TESSERA_ZONE(name, __LINE__)
#define DeviceZoneScopedMainN(name)      TESSERA_ZONE(name, __LINE__)
#define DeviceZoneScopedMainChildN(name) TESSERA_ZONE(name, __LINE__)
#define DeviceZoneScopedSumN1(name)      TESSERA_ZONE(name, __LINE__)
#define DeviceZoneScopedSumN2(name)      TESSERA_ZONE(name, __LINE__)

// Single moments, which the report has no place for.
#define DeviceZoneSetCounter(counter)     static_cast<void>(counter)
#define DeviceTimestampedData(name, data) static_cast<void>(data)
#define DeviceRecordEvent(event)          static_cast<void>(event)

#endif
