// How a tensor of any rank lies in shards on cores. Shapes count pages.

#ifndef TESSERA_TT_METALIUM_BUFFER_DISTRIBUTION_SPEC_HPP
#define TESSERA_TT_METALIUM_BUFFER_DISTRIBUTION_SPEC_HPP

#include <cstddef>
#include <tuple>
#include <vector>

#include <tt-metalium/buffer_types.hpp>
#include <tt-metalium/core_coord.hpp>
#include <tt-metalium/shape.hpp>
#include <tt-metalium/shape2d.hpp>

namespace tt::tt_metal {

class BufferDistributionSpec {
public:
  // Shapes in elements; the last two dimensions are counted in pages of
  // `page_shape`, rounded up.
  static BufferDistributionSpec
  from_shard_spec(Shape tensor_shape, Shape shard_shape, Shape2D page_shape,
                  const CoreRangeSet &cores, ShardOrientation orientation,
                  ShardDistributionStrategy strategy =
                      ShardDistributionStrategy::ROUND_ROBIN_1D);

  // Throws when shapes or cores are empty, the shard has more dimensions than
  // the tensor, or a grid of shards does not fit the grid of cores.
  BufferDistributionSpec(const Shape &tensor_shape_in_pages,
                         const Shape &shard_shape_in_pages,
                         const CoreRangeSet &cores,
                         ShardOrientation orientation,
                         ShardDistributionStrategy strategy =
                             ShardDistributionStrategy::ROUND_ROBIN_1D);
  BufferDistributionSpec(const Shape &tensor_shape_in_pages,
                         const Shape &shard_shape_in_pages,
                         std::vector<CoreCoord> cores);

  const Shape &tensor_shape_in_pages() const { return tensor_; }
  const Shape &shard_shape_in_pages() const { return shard_; }

  std::size_t num_shards() const;
  std::size_t max_num_shards_per_core() const;
  std::size_t max_num_dev_pages_per_core() const {
    return max_num_shards_per_core() * shard_.volume();
  }
  std::size_t num_cores() const { return cores_.size(); }
  std::size_t num_cores_with_data() const;
  const std::vector<CoreCoord> &cores() const { return cores_; }
  std::vector<CoreCoord> cores_with_data() const;
  std::size_t num_shards_per_core(std::size_t core) const;
  std::size_t num_dev_pages_per_core(std::size_t core) const {
    return num_shards_per_core(core) * shard_.volume();
  }

private:
  void check();

  Shape tensor_;
  Shape shard_;
  std::vector<CoreCoord> cores_; // in the order in which they get shards
};

} // namespace tt::tt_metal

#endif
