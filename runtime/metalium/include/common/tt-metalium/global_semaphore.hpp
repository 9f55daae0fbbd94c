// A semaphore that outlives programs: a word at one address in the L1 of some
// cores.

#ifndef TESSERA_TT_METALIUM_GLOBAL_SEMAPHORE_HPP
#define TESSERA_TT_METALIUM_GLOBAL_SEMAPHORE_HPP

#include <cstdint>
#include <memory>

#include <tt-metalium/distributed.hpp>

namespace tt::tt_metal {

class GlobalSemaphore {
public:
  GlobalSemaphore(IDevice *device, const CoreRangeSet &cores,
                  std::uint32_t initial_value,
                  BufferType buffer_type = BufferType::L1);

  IDevice *device() const { return device_; }
  DeviceAddr address() const { return buffer_->address(); }
  // On every core.
  void reset_semaphore_value(std::uint32_t value) const;

private:
  IDevice *device_;
  std::shared_ptr<Buffer> buffer_;
};

} // namespace tt::tt_metal

#endif
