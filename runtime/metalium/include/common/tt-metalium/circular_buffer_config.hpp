// What a circular buffer is created with.

#ifndef TESSERA_TT_METALIUM_CIRCULAR_BUFFER_CONFIG_HPP
#define TESSERA_TT_METALIUM_CIRCULAR_BUFFER_CONFIG_HPP

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <unordered_set>

#include <tt-metalium/buffer.hpp>
#include <tt-metalium/circular_buffer_constants.h>
#include <tt-metalium/tile.hpp>
#include <tt-metalium/tt_backend_api_types.hpp>

namespace tt::tt_metal {

using CBHandle = std::uintptr_t;

// Several indices share the memory, each with its own pointers. All throw what
// is wrong.
class CircularBufferConfig {
public:
  template <typename T>
  using PerIndex = std::array<std::optional<T>, NUM_CIRCULAR_BUFFERS>;

  explicit CircularBufferConfig(std::uint32_t total_size)
      : total_size_(total_size) {}
  CircularBufferConfig(std::uint32_t total_size,
                       const std::map<std::uint8_t, tt::DataFormat> &formats);
  CircularBufferConfig(std::uint32_t total_size,
                       const std::map<std::uint8_t, tt::DataFormat> &formats,
                       const Buffer &buffer);

  CircularBufferConfig &set_page_size(std::uint8_t index,
                                      std::uint32_t page_size);
  CircularBufferConfig &set_total_size(std::uint32_t total_size);
  CircularBufferConfig &set_tile_dims(std::uint8_t index, const Tile &tile);
  // Puts the circular buffer over an L1 buffer.
  CircularBufferConfig &set_globally_allocated_address(const Buffer &buffer);
  CircularBufferConfig &
  set_globally_allocated_address_and_total_size(const Buffer &buffer,
                                                std::uint32_t total_size);

  // One index after the other.
  class Builder {
  public:
    const Builder &set_data_format(tt::DataFormat format) const;
    const Builder &set_total_size(std::uint32_t total_size) const;
    const Builder &set_page_size(std::uint32_t page_size) const;
    const Builder &set_tile_dims(const Tile &tile) const;

  private:
    friend class CircularBufferConfig;
    Builder(CircularBufferConfig &of, std::uint8_t index)
        : of_(of), index_(index) {}
    CircularBufferConfig &of_;
    std::uint8_t index_;
  };
  Builder index(std::uint8_t index);

  std::uint32_t total_size() const { return total_size_; }
  std::optional<std::uint32_t> globally_allocated_address() const {
    return address_;
  }
  const PerIndex<tt::DataFormat> &data_formats() const { return formats_; }
  const PerIndex<std::uint32_t> &page_sizes() const { return page_sizes_; }
  const PerIndex<Tile> &tiles() const { return tiles_; }
  std::unordered_set<std::uint8_t> buffer_indices() const;

private:
  void check_index(std::uint8_t index) const;

  std::uint32_t total_size_;
  PerIndex<tt::DataFormat> formats_;
  PerIndex<std::uint32_t> page_sizes_;
  PerIndex<Tile> tiles_;
  std::optional<std::uint32_t> address_;
};

} // namespace tt::tt_metal

#endif
