// A buffer of pages, interleaved over banks.

#ifndef TESSERA_TT_METALIUM_BUFFER_HPP
#define TESSERA_TT_METALIUM_BUFFER_HPP

#include <cstdint>

#include <tt-metalium/buffer_types.hpp>

namespace tt::tt_metal {

class Buffer {
public:
  DeviceAddr address() const { return address_; }
  DeviceAddr size() const { return size_; }
  DeviceAddr page_size() const { return page_size_; }
  DeviceAddr aligned_page_size() const { return aligned_page_size_; }
  std::uint32_t num_pages() const {
    return static_cast<std::uint32_t>(size_ / page_size_);
  }
  BufferType buffer_type() const { return type_; }
  bool is_dram() const { return type_ == BufferType::DRAM; }
  bool is_l1() const { return type_ == BufferType::L1; }

private:
  friend struct BufferAccess;
  DeviceAddr address_ = 0;
  DeviceAddr size_ = 0;
  DeviceAddr page_size_ = 0;
  DeviceAddr aligned_page_size_ = 0;
  BufferType type_ = BufferType::DRAM;
};

} // namespace tt::tt_metal

#endif
