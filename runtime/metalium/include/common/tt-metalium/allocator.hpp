// What the allocator of a device knows.

#ifndef TESSERA_TT_METALIUM_ALLOCATOR_HPP
#define TESSERA_TT_METALIUM_ALLOCATOR_HPP

#include <cstdint>

#include <tt-metalium/buffer_types.hpp>

namespace tt::tt_metal {

class Allocator {
public:
  Allocator(std::uint32_t dram_alignment, std::uint32_t l1_alignment,
            std::uint32_t dram_banks, std::uint32_t l1_banks)
      : dram_alignment_(dram_alignment), l1_alignment_(l1_alignment),
        dram_banks_(dram_banks), l1_banks_(l1_banks) {}

  // Of the pages of a buffer.
  std::uint32_t get_alignment(BufferType type) const {
    return is_dram(type) ? dram_alignment_ : l1_alignment_;
  }
  std::uint32_t get_num_banks(BufferType type) const {
    return is_dram(type) ? dram_banks_ : l1_banks_;
  }

private:
  static bool is_dram(BufferType type) {
    return type == BufferType::DRAM || type == BufferType::TRACE;
  }

  std::uint32_t dram_alignment_;
  std::uint32_t l1_alignment_;
  std::uint32_t dram_banks_;
  std::uint32_t l1_banks_;
};

} // namespace tt::tt_metal

#endif
