// A buffer of pages, interleaved over banks or in shards.

#ifndef TESSERA_TT_METALIUM_BUFFER_HPP
#define TESSERA_TT_METALIUM_BUFFER_HPP

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include <tt-metalium/buffer_distribution_spec.hpp>
#include <tt-metalium/buffer_types.hpp>
#include <tt-metalium/core_coord.hpp>

namespace tt::tt_metal {

// Accepted and not modelled: the model has one sub-device.
struct SubDeviceId {
  std::uint8_t id = 0;
};

struct ShardSpec {
  CoreRangeSet grid;
  std::array<std::uint32_t, 2> shape; // elements
  ShardOrientation orientation = ShardOrientation::ROW_MAJOR;

  ShardSpec(const CoreRangeSet &cores,
            const std::array<std::uint32_t, 2> &shard_shape,
            const ShardOrientation &order = ShardOrientation::ROW_MAJOR)
      : grid(cores), shape(shard_shape), orientation(order) {}

  std::uint32_t num_cores() const { return grid.num_cores(); }
  std::uint32_t numel() const { return shape[0] * shape[1]; }
};

struct ShardSpecBuffer {
  ShardSpec tensor_shard_spec;
  std::array<std::uint32_t, 2> page_shape{}; // elements
  std::array<std::uint32_t, 2> tensor2d_shape_in_pages{};

  ShardSpecBuffer(const CoreRangeSet &cores,
                  const std::array<std::uint32_t, 2> &shard_shape,
                  const ShardOrientation &orientation,
                  const std::array<std::uint32_t, 2> &page,
                  const std::array<std::uint32_t, 2> &tensor_in_pages)
      : tensor_shard_spec(cores, shard_shape, orientation), page_shape(page),
        tensor2d_shape_in_pages(tensor_in_pages) {}
  ShardSpecBuffer(const ShardSpec &spec,
                  const std::array<std::uint32_t, 2> &page,
                  const std::array<std::uint32_t, 2> &tensor_in_pages)
      : tensor_shard_spec(spec), page_shape(page),
        tensor2d_shape_in_pages(tensor_in_pages) {}

  CoreRangeSet grid() const { return tensor_shard_spec.grid; }
  std::array<std::uint32_t, 2> shape() const { return tensor_shard_spec.shape; }
  ShardOrientation orientation() const { return tensor_shard_spec.orientation; }
  void set_shard_spec(const ShardSpec &spec) { tensor_shard_spec = spec; }

  std::array<std::uint32_t, 2> shape_in_pages() const {
    return {page_shape[0] ? shape()[0] / page_shape[0] : 0,
            page_shape[1] ? shape()[1] / page_shape[1] : 0};
  }
  DeviceAddr num_pages() const {
    return static_cast<DeviceAddr>(shape_in_pages()[0]) * shape_in_pages()[1];
  }
};

// How a buffer is sharded; by default it is not.
class BufferShardingArgs {
public:
  BufferShardingArgs() = default;
  BufferShardingArgs(std::nullopt_t) {}
  BufferShardingArgs(BufferDistributionSpec spec)
      : distribution_(std::move(spec)),
        layout_(TensorMemoryLayout::BLOCK_SHARDED) {}
  BufferShardingArgs(std::optional<BufferDistributionSpec> spec)
      : distribution_(std::move(spec)),
        layout_(distribution_ ? TensorMemoryLayout::BLOCK_SHARDED
                              : TensorMemoryLayout::INTERLEAVED) {}
  BufferShardingArgs(ShardSpecBuffer spec, TensorMemoryLayout layout)
      : shards_(std::move(spec)), layout_(layout) {}
  BufferShardingArgs(std::optional<ShardSpecBuffer> spec,
                     TensorMemoryLayout layout)
      : shards_(std::move(spec)), layout_(layout) {}
  BufferShardingArgs(std::optional<BufferDistributionSpec> distribution,
                     std::optional<ShardSpecBuffer> spec,
                     TensorMemoryLayout layout)
      : distribution_(std::move(distribution)), shards_(std::move(spec)),
        layout_(layout) {}

  const std::optional<BufferDistributionSpec> &
  buffer_distribution_spec() const {
    return distribution_;
  }
  const std::optional<ShardSpecBuffer> &shard_spec() const { return shards_; }
  TensorMemoryLayout buffer_layout() const { return layout_; }

private:
  std::optional<BufferDistributionSpec> distribution_;
  std::optional<ShardSpecBuffer> shards_;
  TensorMemoryLayout layout_ = TensorMemoryLayout::INTERLEAVED;
};

bool is_sharded(const TensorMemoryLayout &layout);

class Buffer {
public:
  ~Buffer();
  Buffer(const Buffer &) = delete;
  Buffer &operator=(const Buffer &) = delete;

  std::uint32_t address() const { return address_; }
  DeviceAddr size() const { return size_; }
  DeviceAddr page_size() const { return page_size_; }
  DeviceAddr aligned_page_size() const { return aligned_page_size_; }
  // What it takes in the bank that has most of it.
  DeviceAddr aligned_size_per_bank() const;
  std::uint32_t alignment() const { return alignment_; }
  std::uint32_t num_pages() const {
    return static_cast<std::uint32_t>(size_ / page_size_);
  }
  std::optional<std::uint32_t> num_cores() const;
  BufferType buffer_type() const { return type_; }
  bool is_dram() const { return type_ == BufferType::DRAM; }
  bool is_l1() const { return type_ == BufferType::L1; }
  bool is_allocated() const { return model_ != nullptr; }

  TensorMemoryLayout buffer_layout() const { return sharding_.buffer_layout(); }
  const std::optional<BufferDistributionSpec> &
  buffer_distribution_spec() const {
    return sharding_.buffer_distribution_spec();
  }
  bool has_shard_spec() const { return sharding_.shard_spec().has_value(); }
  ShardSpecBuffer shard_spec() const;

private:
  friend struct BufferAccess;
  Buffer() = default;

  std::shared_ptr<void> model_; // while allocated
  std::uint32_t address_ = 0;
  DeviceAddr size_ = 0;
  DeviceAddr page_size_ = 0;
  DeviceAddr aligned_page_size_ = 0;
  std::uint32_t alignment_ = 0;
  BufferType type_ = BufferType::DRAM;
  BufferShardingArgs sharding_;
};

} // namespace tt::tt_metal

#endif
