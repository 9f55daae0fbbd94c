// How a sharded tensor lies, from its accessor's arguments.

#ifndef TESSERA_METALIUM_DISTRIBUTION_H
#define TESSERA_METALIUM_DISTRIBUTION_H

#include "api/tensor/tensor_accessor_args.h"

namespace tensor_accessor {

// Shapes count pages, outermost dimension first. Shards are numbered in
// row-major order and dealt out to the banks in turn.
template <typename Args> class DistributionSpec {
public:
  static constexpr bool is_interleaved = false;
  static constexpr bool is_dram = Args::is_dram;
  static constexpr bool has_static_rank = !Args::rank_is_crta;

  using Dims = uint32_t[MAX_RANK];

  explicit DistributionSpec(const Args &args)
      : args_(args), rank_(args.get_rank()), num_banks_(args.get_num_banks()) {
    if (rank_ == 0 || rank_ > MAX_RANK || num_banks_ == 0)
      tsr_sim_fail("TensorAccessor", "the arguments describe no sharded buffer",
                   {});
    for (uint32_t i = rank_; i-- > 0;) {
      tensor_[i] = word<Args::tensor_shape_is_crta>(
          Args::TensorShapeCTAOffset, args.tensor_shape_crta_offset(), i);
      shard_[i] = word<Args::shard_shape_is_crta>(
          Args::ShardShapeCTAOffset, args.shard_shape_crta_offset(), i);
      if (tensor_[i] == 0 || shard_[i] == 0)
        tsr_sim_fail("TensorAccessor",
                     "the arguments describe no sharded buffer", {});
      grid_[i] = (tensor_[i] + shard_[i] - 1) / shard_[i];
      tensor_strides_[i] = tensor_volume_;
      shard_strides_[i] = shard_volume_;
      grid_strides_[i] = shard_count_;
      tensor_volume_ *= tensor_[i];
      shard_volume_ *= shard_[i];
      shard_count_ *= grid_[i];
    }
  }

  uint32_t rank() const { return rank_; }
  uint32_t num_banks() const { return num_banks_; }
  const Dims &tensor_shape() const { return tensor_; }
  const Dims &shard_shape() const { return shard_; }
  const Dims &shard_grid() const { return grid_; }
  const Dims &tensor_strides() const { return tensor_strides_; }
  const Dims &shard_strides() const { return shard_strides_; }
  const Dims &shard_grid_strides() const { return grid_strides_; }
  size_t tensor_volume() const { return tensor_volume_; }
  size_t shard_volume() const { return shard_volume_; }

  // Coordinates of a bank: NoC x and y of a core, or the DRAM bank's number and
  // 0.
  uint32_t bank_x(uint32_t bank) const { return packed(bank) >> 8 & 0xff; }
  uint32_t bank_y(uint32_t bank) const { return packed(bank) & 0xff; }

private:
  template <bool AtRunTime>
  static uint32_t word(uint32_t compile_time, uint32_t common, uint32_t i) {
    if constexpr (AtRunTime)
      return get_common_arg_val<uint32_t>(static_cast<int>(common + i));
    else
      return kernel_compile_time_args[compile_time + i];
  }

  uint32_t packed(uint32_t bank) const {
    const uint32_t pair = word<Args::bank_coords_is_crta>(
        Args::BankCoordsCTAOffset, args_.bank_coords_crta_offset(), bank / 2);
    return bank % 2 ? pair >> 16 : pair & 0xffff;
  }

  Args args_;
  uint32_t rank_;
  uint32_t num_banks_;
  Dims tensor_ = {}, shard_ = {}, grid_ = {};
  Dims tensor_strides_ = {}, shard_strides_ = {}, grid_strides_ = {};
  uint32_t tensor_volume_ = 1, shard_volume_ = 1, shard_count_ = 1;
};

} // namespace tensor_accessor

#endif
