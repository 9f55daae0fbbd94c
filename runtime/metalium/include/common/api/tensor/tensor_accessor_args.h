// The words that the host's TensorAccessorArgs appends, as a kernel reads them:
// what the buffer is; its aligned page size, from mid 2026 on; and for sharded
// buffers rank, number of banks, shape of the tensor and of a shard in pages,
// and the banks' coordinates, two to a word. What the first word says comes at
// run time is among the common arguments, in the same order.

#ifndef TESSERA_API_TENSOR_TENSOR_ACCESSOR_ARGS_H
#define TESSERA_API_TENSOR_TENSOR_ACCESSOR_ARGS_H

#include "hostdevcommon/tensor_accessor/arg_config.hpp"
#include "tessera_metalium/kernel.h"

namespace tensor_accessor {
constexpr uint32_t MAX_RANK = 8;
constexpr size_t UNKNOWN = static_cast<size_t>(-1);
} // namespace tensor_accessor

namespace tessera {
// Word `Index`, or 0 where there is none to read.
template <bool Present, uint32_t Index> constexpr uint32_t word_if() {
  if constexpr (Present)
    return get_ct_arg<Index>();
  else
    return 0;
}
} // namespace tessera

template <size_t Offset, size_t CommonOffset = tensor_accessor::UNKNOWN>
struct TensorAccessorArgs {
  using Flag = tensor_accessor::ArgConfig;
  static constexpr auto args_config = tensor_accessor::ArgsConfig(
      static_cast<tensor_accessor::ArgsConfig::Underlying>(
          get_ct_arg<Offset>()));

  static constexpr bool is_sharded = args_config.test(Flag::Sharded);
  static constexpr bool is_dram = args_config.test(Flag::IsDram);
  static constexpr bool rank_is_crta = args_config.test(Flag::RuntimeRank);
  static constexpr bool num_banks_is_crta =
      args_config.test(Flag::RuntimeNumBanks);
  static constexpr bool tensor_shape_is_crta =
      args_config.test(Flag::RuntimeTensorShape);
  static constexpr bool shard_shape_is_crta =
      args_config.test(Flag::RuntimeShardShape);
  static constexpr bool bank_coords_is_crta =
      args_config.test(Flag::RuntimeBankCoords);

#if TESSERA_METALIUM_MONTH >= 202608
  static constexpr uint32_t AlignedPageSize = get_ct_arg<Offset + 1>();
  static constexpr uint32_t RankCTAOffset = Offset + 2;
#else
  static constexpr uint32_t AlignedPageSize = 0;
  static constexpr uint32_t RankCTAOffset = Offset + 1;
#endif
  static constexpr uint32_t NumBanksCTAOffset =
      RankCTAOffset + (rank_is_crta ? 0 : 1);
  static constexpr uint32_t RankCT =
      tessera::word_if<is_sharded && !rank_is_crta, RankCTAOffset>();
  static constexpr uint32_t NumBanksCT =
      tessera::word_if<is_sharded && !num_banks_is_crta, NumBanksCTAOffset>();
  static constexpr uint32_t TensorShapeCTAOffset =
      NumBanksCTAOffset + (num_banks_is_crta ? 0 : 1);
  static constexpr uint32_t ShardShapeCTAOffset =
      TensorShapeCTAOffset + (tensor_shape_is_crta ? 0 : RankCT);
  static constexpr uint32_t BankCoordsCTAOffset =
      ShardShapeCTAOffset + (shard_shape_is_crta ? 0 : RankCT);

  static constexpr uint32_t num_compile_time_args() {
    if (!is_sharded)
      return RankCTAOffset - Offset;
    return BankCoordsCTAOffset +
           (bank_coords_is_crta ? 0 : (NumBanksCT + 1) / 2) - Offset;
  }
  static constexpr uint32_t next_compile_time_args_offset() {
    return Offset + num_compile_time_args();
  }
  static constexpr uint32_t get_aligned_page_size() { return AlignedPageSize; }

  constexpr TensorAccessorArgs() : common_offset_(0) {}
  constexpr explicit TensorAccessorArgs(uint32_t common_offset)
      : common_offset_(common_offset) {
    static_assert(CommonOffset == tensor_accessor::UNKNOWN,
                  "the offset of the common arguments is given twice");
  }

  constexpr uint32_t crta_offset() const {
    if constexpr (CommonOffset != tensor_accessor::UNKNOWN)
      return CommonOffset;
    else
      return common_offset_;
  }

  constexpr uint32_t get_rank() const {
    if constexpr (rank_is_crta)
      return get_common_arg_val<uint32_t>(static_cast<int>(crta_offset()));
    else
      return RankCT;
  }
  constexpr uint32_t get_num_banks() const {
    if constexpr (num_banks_is_crta)
      return get_common_arg_val<uint32_t>(
          static_cast<int>(crta_offset() + rank_is_crta));
    else
      return NumBanksCT;
  }
  constexpr uint32_t get_physical_num_banks() const {
    return (get_num_banks() + 1) / 2;
  }

  constexpr uint32_t tensor_shape_crta_offset() const {
    return crta_offset() + rank_is_crta + num_banks_is_crta;
  }
  constexpr uint32_t shard_shape_crta_offset() const {
    return tensor_shape_crta_offset() + (tensor_shape_is_crta ? get_rank() : 0);
  }
  constexpr uint32_t bank_coords_crta_offset() const {
    return shard_shape_crta_offset() + (shard_shape_is_crta ? get_rank() : 0);
  }
  constexpr uint32_t num_common_runtime_args() const {
    if constexpr (!is_sharded)
      return 0;
    else
      return bank_coords_crta_offset() +
             (bank_coords_is_crta ? get_physical_num_banks() : 0) -
             crta_offset();
  }
  constexpr uint32_t next_common_runtime_args_offset() const {
    return crta_offset() + num_common_runtime_args();
  }

private:
  uint32_t common_offset_;
};

#endif
