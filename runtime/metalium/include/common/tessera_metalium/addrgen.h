// Addresses of the pages of interleaved buffers from before TensorAccessor.

#ifndef TESSERA_METALIUM_ADDRGEN_H
#define TESSERA_METALIUM_ADDRGEN_H

#include "hostdevcommon/data_format.h"
#include "tessera_metalium/kernel.h"

namespace tessera {

// A page of an interleaved buffer: its address, and whether it exists.
template <bool Dram> struct interleaved {
  static uint64_t address(uint32_t base, uint32_t page_bytes, uint32_t page,
                          uint32_t offset, tsr_sim_where where) {
    return tsr_sim_noc_address_of_page(Dram, base, page_bytes, page, offset,
                                       where);
  }
  static void check(uint32_t base, uint32_t page_bytes, uint32_t page,
                    tsr_sim_where where) {
    tsr_sim_check_page(Dram, base, page_bytes, page, where);
  }
};

// Bytes of a tile: its elements, and for block formats one exponent for every
// 16 of them, of which there is room for 16 at least.
inline uint32_t tile_bytes(tt::DataFormat format, uint32_t elements) {
  const uint32_t exponents = elements > 256 ? elements / 16 : 16;
  switch (format) {
  case tt::DataFormat::UInt8:
  case tt::DataFormat::Int8:
    return elements;
  case tt::DataFormat::Float16:
  case tt::DataFormat::Float16_b:
  case tt::DataFormat::UInt16:
    return elements * 2;
  case tt::DataFormat::Float32:
  case tt::DataFormat::Int32:
  case tt::DataFormat::UInt32:
    return elements * 4;
  case tt::DataFormat::Bfp4:
  case tt::DataFormat::Bfp4_b:
    return elements / 2 + exponents;
  case tt::DataFormat::Bfp2:
  case tt::DataFormat::Bfp2_b:
    return elements / 4 + exponents;
  default:
    return elements + exponents;
  }
}

} // namespace tessera

template <bool Dram> struct InterleavedAddrGen {
  static constexpr bool is_dram = Dram;
  uint32_t bank_base_address;
  uint32_t page_size;

  uint64_t get_noc_addr(uint32_t page, uint32_t offset = 0, uint8_t = 0,
                        tsr_sim_where where = tessera::here()) const {
    return tessera::interleaved<Dram>::address(bank_base_address, page_size,
                                               page, offset, where);
  }
  void check_page(uint32_t page, tsr_sim_where where) const {
    tessera::interleaved<Dram>::check(bank_base_address, page_size, page,
                                      where);
  }
};

// Pages of a power of two.
template <bool Dram> struct InterleavedPow2AddrGen {
  static constexpr bool is_dram = Dram;
  uint32_t bank_base_address;
  uint32_t log_base_2_of_page_size;

  uint64_t get_noc_addr(uint32_t page, uint32_t offset = 0, uint8_t = 0,
                        tsr_sim_where where = tessera::here()) const {
    return tessera::interleaved<Dram>::address(
        bank_base_address, 1u << log_base_2_of_page_size, page, offset, where);
  }
  void check_page(uint32_t page, tsr_sim_where where) const {
    tessera::interleaved<Dram>::check(
        bank_base_address, 1u << log_base_2_of_page_size, page, where);
  }
};

template <bool Dram>
struct InterleavedPow2AddrGenFast : InterleavedPow2AddrGen<Dram> {};

// Pages of one tile. Addresses follow from the format; transfers move
// `page_size` bytes.
template <bool Dram, uint32_t TileElements = 1024>
struct InterleavedAddrGenFast {
  static constexpr bool is_dram = Dram;
  uint32_t bank_base_address;
  uint32_t page_size;
  tt::DataFormat data_format;

  uint64_t get_noc_addr(uint32_t page, uint32_t offset = 0, uint8_t = 0,
                        tsr_sim_where where = tessera::here()) const {
    return tessera::interleaved<Dram>::address(bank_base_address, tile_bytes(),
                                               page, offset, where);
  }
  void check_page(uint32_t page, tsr_sim_where where) const {
    tessera::interleaved<Dram>::check(bank_base_address, tile_bytes(), page,
                                      where);
  }

private:
  uint32_t tile_bytes() const {
    return tessera::tile_bytes(data_format, TileElements);
  }
};

#endif
