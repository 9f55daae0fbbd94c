// What a circular buffer is created with.

#ifndef TESSERA_TT_METALIUM_CIRCULAR_BUFFER_CONFIG_HPP
#define TESSERA_TT_METALIUM_CIRCULAR_BUFFER_CONFIG_HPP

#include <cstdint>
#include <map>
#include <optional>

#include <tt-metalium/buffer.hpp>
#include <tt-metalium/circular_buffer_constants.h>
#include <tt-metalium/tt_backend_api_types.hpp>

namespace tt::tt_metal {

using CBHandle = std::uintptr_t;

// Several indices share the memory, each with its own pointers.
class CircularBufferConfig {
public:
  CircularBufferConfig(std::uint32_t total_size,
                       const std::map<std::uint8_t, tt::DataFormat> &formats);

  CircularBufferConfig &set_page_size(std::uint8_t index,
                                      std::uint32_t page_size);
  CircularBufferConfig &set_total_size(std::uint32_t total_size);
  // Puts the circular buffer over an L1 buffer.
  CircularBufferConfig &set_globally_allocated_address(const Buffer &buffer);

  std::uint32_t total_size() const { return total_size_; }
  const std::map<std::uint8_t, tt::DataFormat> &data_formats() const {
    return formats_;
  }
  std::uint32_t page_size(std::uint8_t index) const;
  std::optional<DeviceAddr> globally_allocated_address() const {
    return address_;
  }

private:
  std::uint32_t total_size_;
  std::map<std::uint8_t, tt::DataFormat> formats_;
  std::map<std::uint8_t, std::uint32_t> page_sizes_;
  std::optional<DeviceAddr> address_;
};

} // namespace tt::tt_metal

#endif
