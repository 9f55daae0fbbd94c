// Addresses of a tensor's pages, made from compile-time arguments.
//
// The host's TensorAccessorArgs appends one word (what the buffer is) and, from
// mid 2026 on, a second one (its aligned page size).

#ifndef TESSERA_API_TENSOR_TENSOR_ACCESSOR_H
#define TESSERA_API_TENSOR_TENSOR_ACCESSOR_H

#include "hostdevcommon/data_format.h"
#include "tessera_metalium/kernel.h"

template <uint32_t Offset, uint32_t CommonOffset = 0>
struct TensorAccessorArgs {
  static constexpr uint32_t config = get_ct_arg<Offset>();
  static constexpr bool is_sharded = config & 1;
  static constexpr bool is_dram = config & 2;
  static_assert(!is_sharded && config < 4,
                "the model has interleaved buffers with compile-time fields");

#if TESSERA_METALIUM_MONTH >= 202608
  static constexpr uint32_t word_count = 2;
  static constexpr uint32_t page_size = get_ct_arg<Offset + 1>();
#else
  static constexpr uint32_t word_count = 1;
#endif

  static constexpr uint32_t num_compile_time_args() { return word_count; }
  static constexpr uint32_t next_compile_time_args_offset() {
    return Offset + word_count;
  }
  static constexpr uint32_t next_common_runtime_args_offset() {
    return CommonOffset;
  }
};

template <typename Args> struct TensorAccessor {
  uint32_t bank_base_address;
  uint32_t page_size;

  TensorAccessor(const Args &, size_t base, uint32_t page_bytes)
      : bank_base_address(static_cast<uint32_t>(base)), page_size(page_bytes) {}

#if TESSERA_METALIUM_MONTH >= 202608
  TensorAccessor(const Args &, size_t base)
      : bank_base_address(static_cast<uint32_t>(base)),
        page_size(Args::page_size) {}
#endif

  uint64_t get_noc_addr(uint32_t page, uint32_t offset = 0, uint8_t = 0,
                        tsr_sim_where where = tessera::here()) const {
    return tsr_sim_noc_address_of_page(Args::is_dram, bank_base_address,
                                       page_size, page, offset, where);
  }

  void check_page(uint32_t page, tsr_sim_where where) const {
    tsr_sim_check_page(Args::is_dram, bank_base_address, page_size, page,
                       where);
  }
};

// From before TensorAccessor.
template <bool Dram> struct InterleavedAddrGen {
  uint32_t bank_base_address;
  uint32_t page_size;

  uint64_t get_noc_addr(uint32_t page, uint32_t offset = 0, uint8_t = 0,
                        tsr_sim_where where = tessera::here()) const {
    return tsr_sim_noc_address_of_page(Dram, bank_base_address, page_size, page,
                                       offset, where);
  }

  void check_page(uint32_t page, tsr_sim_where where) const {
    tsr_sim_check_page(Dram, bank_base_address, page_size, page, where);
  }
};

template <bool Dram> struct InterleavedAddrGenFast {
  uint32_t bank_base_address;
  uint32_t page_size;
  tt::DataFormat data_format;

  uint64_t get_noc_addr(uint32_t page, uint32_t offset = 0, uint8_t = 0,
                        tsr_sim_where where = tessera::here()) const {
    return tsr_sim_noc_address_of_page(Dram, bank_base_address, page_size, page,
                                       offset, where);
  }

  void check_page(uint32_t page, tsr_sim_where where) const {
    tsr_sim_check_page(Dram, bank_base_address, page_size, page, where);
  }
};

template <typename Accessor>
auto get_noc_addr(uint32_t page, const Accessor &accessor, uint32_t offset = 0,
                  uint8_t noc = 0, tsr_sim_where where = tessera::here())
    -> decltype(accessor.get_noc_addr(page, offset, noc, where)) {
  return accessor.get_noc_addr(page, offset, noc, where);
}

#endif
