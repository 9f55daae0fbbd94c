// Buffers: what the host API says about sharding becomes the model's shards.

#include "buffers.hpp"

#include <algorithm>
#include <limits>
#include <string>

namespace tt::tt_metal {

using tessera::fatal;
using tessera::model;

bool is_sharded(const TensorMemoryLayout &layout) {
  return layout != TensorMemoryLayout::INTERLEAVED;
}

// -- Distribution -------------------------------------------------------------

namespace {

std::uint32_t pieces(std::uint64_t whole, std::uint64_t part) {
  return static_cast<std::uint32_t>((whole + part - 1) / part);
}

// The last two dimensions of `shape` in pages.
Shape in_pages(Shape shape, const Shape2D &page) {
  if (page.height() == 0 || page.width() == 0)
    throw fatal("a page of no elements");
  if (shape.rank() >= 1)
    shape[-1] = pieces(shape[-1], page.width());
  if (shape.rank() >= 2)
    shape[-2] = pieces(shape[-2], page.height());
  return shape;
}

// The part of a grid of cores that a grid of shards covers.
CoreRange trim(const Shape &tensor, const Shape &shard,
               const CoreRangeSet &cores, bool row_major) {
  if (cores.ranges().size() != 1)
    throw fatal("a grid of shards lies on one range of cores");
  const CoreRange grid = cores.ranges()[0];
  if (shard.rank() != 2)
    throw fatal("a grid of shards has shards of two dimensions");
  std::uint32_t across = pieces(tensor[-1], shard[-1]);
  std::uint32_t down = pieces(tensor.volume() / tensor[-1], shard[-2]);
  if (!row_major)
    std::swap(across, down);
  if (across > grid.grid_size().x || down > grid.grid_size().y)
    throw fatal("a grid of " + std::to_string(across) + " x " +
                std::to_string(down) + " shards on " +
                std::to_string(grid.grid_size().x) + " x " +
                std::to_string(grid.grid_size().y) + " cores");
  return CoreRange(grid.start_coord, CoreCoord(grid.start_coord.x + across - 1,
                                               grid.start_coord.y + down - 1));
}

// Leading dimensions that the shard does not have count with its outermost one.
Shape fold(const Shape &tensor, const Shape &shard) {
  const std::size_t extra = tensor.rank() - shard.rank();
  std::vector<std::uint32_t> dims(tensor.begin(), tensor.end());
  for (std::size_t i = 0; i < extra; ++i)
    dims[extra] *= dims[i];
  dims.erase(dims.begin(), dims.begin() + static_cast<std::ptrdiff_t>(extra));
  return Shape(dims);
}

// A dimension is one with the next inner one where that is not cut, or where
// shards are one page high and the inner one is cut evenly: the accessor then
// has fewer to divide by.
std::pair<Shape, Shape> squeeze(const Shape &full, const Shape &shard) {
  const Shape tensor = fold(full, shard);
  std::vector<std::uint32_t> tensor_dims, shard_dims; // innermost first
  bool whole = false, divides = false;
  for (std::size_t i = tensor.rank(); i-- > 0;) {
    const auto dim = static_cast<std::int32_t>(i);
    const std::uint32_t pages = tensor[dim], part = shard[dim];
    if (!tensor_dims.empty() && (whole || (part == 1 && divides))) {
      tensor_dims.back() *= pages;
      shard_dims.back() *= part;
      whole = whole && pages == part;
    } else {
      tensor_dims.push_back(pages);
      shard_dims.push_back(part);
      whole = pages == part;
    }
    divides = pages % part == 0;
  }
  std::reverse(tensor_dims.begin(), tensor_dims.end());
  std::reverse(shard_dims.begin(), shard_dims.end());
  return {Shape(tensor_dims), Shape(shard_dims)};
}

} // namespace

BufferDistributionSpec BufferDistributionSpec::from_shard_spec(
    Shape tensor_shape, Shape shard_shape, Shape2D page_shape,
    const CoreRangeSet &cores, ShardOrientation orientation,
    ShardDistributionStrategy strategy) {
  return BufferDistributionSpec(in_pages(std::move(tensor_shape), page_shape),
                                in_pages(std::move(shard_shape), page_shape),
                                cores, orientation, strategy);
}

BufferDistributionSpec::BufferDistributionSpec(
    const Shape &tensor, const Shape &shard, const CoreRangeSet &cores,
    ShardOrientation orientation, ShardDistributionStrategy strategy)
    : tensor_(tensor), shard_(shard) {
  check();
  const bool row_major = orientation == ShardOrientation::ROW_MAJOR;
  const CoreRangeSet used =
      strategy == ShardDistributionStrategy::GRID_2D
          ? CoreRangeSet(trim(tensor, shard, cores, row_major))
          : cores;
  cores_ = corerange_to_cores(used, std::nullopt, row_major);
  if (cores_.empty())
    throw fatal("a tensor in shards on no cores");
  std::tie(tensor_, shard_) = squeeze(tensor, shard);
}

BufferDistributionSpec::BufferDistributionSpec(const Shape &tensor,
                                               const Shape &shard,
                                               std::vector<CoreCoord> cores)
    : tensor_(tensor), shard_(shard), cores_(std::move(cores)) {
  check();
  if (cores_.empty())
    throw fatal("a tensor in shards on no cores");
  std::tie(tensor_, shard_) = squeeze(tensor, shard);
}

void BufferDistributionSpec::check() {
  if (tensor_.volume() == 0 || shard_.volume() == 0 || tensor_.empty() ||
      shard_.empty())
    throw fatal("a tensor in shards, or its shard, has no pages");
  if (tensor_.rank() < shard_.rank())
    throw fatal("shards of " + std::to_string(shard_.rank()) +
                " dimensions of a tensor of " + std::to_string(tensor_.rank()));
}

std::size_t BufferDistributionSpec::num_shards() const {
  std::size_t count = 1;
  for (std::size_t i = 0; i < tensor_.rank(); ++i) {
    const auto dim = static_cast<std::int32_t>(i);
    count *= pieces(tensor_[dim], shard_[dim]);
  }
  return count;
}

std::size_t BufferDistributionSpec::max_num_shards_per_core() const {
  return (num_shards() + cores_.size() - 1) / cores_.size();
}

std::size_t BufferDistributionSpec::num_cores_with_data() const {
  return std::min(num_shards(), cores_.size());
}

std::vector<CoreCoord> BufferDistributionSpec::cores_with_data() const {
  return {cores_.begin(),
          cores_.begin() + static_cast<std::ptrdiff_t>(num_cores_with_data())};
}

std::size_t
BufferDistributionSpec::num_shards_per_core(std::size_t core) const {
  return num_shards() / cores_.size() +
         (core < num_shards() % cores_.size() ? 1 : 0);
}

// -- Allocation ---------------------------------------------------------------

namespace {

// What the model needs to know of a sharding.
struct sharding {
  std::vector<std::uint32_t> tensor, shard;
  std::vector<CoreCoord> cores;
};

std::string sides(const std::array<std::uint32_t, 2> &shape) {
  return std::to_string(shape[0]) + " x " + std::to_string(shape[1]);
}

// One shard on each core. Height sharding cuts the sequence of pages, the
// others the matrix.
sharding of_spec(const ShardSpecBuffer &spec, TensorMemoryLayout layout) {
  const auto [rows, cols] = spec.shape_in_pages();
  if (rows == 0 || cols == 0 || spec.shape()[0] % spec.page_shape[0] != 0 ||
      spec.shape()[1] % spec.page_shape[1] != 0)
    throw fatal("a shard of " + sides(spec.shape()) +
                " elements is no whole number of pages of " +
                sides(spec.page_shape));
  sharding out;
  const auto &tensor = spec.tensor2d_shape_in_pages;
  if (layout == TensorMemoryLayout::HEIGHT_SHARDED) {
    out.tensor = {tensor[0] * tensor[1]};
    out.shard = {rows * cols};
  } else if (layout == TensorMemoryLayout::WIDTH_SHARDED ||
             layout == TensorMemoryLayout::BLOCK_SHARDED) {
    out.tensor = {tensor[0], tensor[1]};
    out.shard = {rows, cols};
  } else {
    throw fatal("a shard spec of two dimensions with a layout that is none of "
                "height, width and block sharded");
  }
  out.cores =
      corerange_to_cores(spec.grid(), std::nullopt,
                         spec.orientation() == ShardOrientation::ROW_MAJOR);
  std::uint64_t count = 1;
  for (std::size_t i = 0; i < out.tensor.size(); ++i)
    count *= pieces(out.tensor[i], out.shard[i]);
  if (count > out.cores.size())
    throw fatal("a buffer of " + sides(tensor) + " pages in shards of " +
                std::to_string(rows) + " x " + std::to_string(cols) + " has " +
                std::to_string(count) + " of them, but there are " +
                std::to_string(out.cores.size()) + " cores");
  return out;
}

sharding of_distribution(const BufferDistributionSpec &spec) {
  const Shape &tensor = spec.tensor_shape_in_pages();
  const Shape &shard = spec.shard_shape_in_pages();
  return {{tensor.begin(), tensor.end()},
          {shard.begin(), shard.end()},
          spec.cores()};
}

void check_place(const model &on, const CoreCoord &core, bool is_dram) {
  const std::string at =
      "(" + std::to_string(core.x) + "," + std::to_string(core.y) + ")";
  if (is_dram && core.y != 0)
    throw fatal("a shard at " + at +
                " of DRAM, whose banks are one row: (x,0) is bank x");
  if (is_dram && core.x >= on.target.dram_banks)
    throw fatal("a shard in DRAM bank " + std::to_string(core.x) +
                ", which does not exist");
  if (!is_dram &&
      (core.x >= on.target.grid_cols || core.y >= on.target.grid_rows))
    throw fatal("a shard in L1 of core " + at + ", which does not exist");
}

// DRAM banks are named by x; cores are counted along the rows of the grid.
std::vector<std::uint32_t>
banks_of(const model &on, const std::vector<CoreCoord> &cores, bool is_dram) {
  std::vector<std::uint32_t> banks;
  for (const CoreCoord &core : cores) {
    check_place(on, core, is_dram);
    banks.push_back(static_cast<std::uint32_t>(
        is_dram ? core.x : core.y * on.target.grid_cols + core.x));
  }
  return banks;
}

std::uint64_t allocate_sharded(const model &on, std::uint64_t size,
                               std::uint32_t page_size, bool is_dram,
                               const BufferShardingArgs &args) {
  sharding how;
  if (args.buffer_distribution_spec())
    how = of_distribution(*args.buffer_distribution_spec());
  else if (args.shard_spec())
    how = of_spec(*args.shard_spec(), args.buffer_layout());
  else
    throw fatal("a sharded buffer without a shard spec");
  std::uint64_t pages = 1;
  for (std::uint32_t dim : how.tensor)
    pages *= dim;
  if (pages * page_size != size)
    throw fatal("a sharded buffer of " + std::to_string(size) + " B, but its " +
                std::to_string(pages) + " pages of " +
                std::to_string(page_size) + " B have " +
                std::to_string(pages * page_size));
  const std::vector<std::uint32_t> banks = banks_of(on, how.cores, is_dram);
  const tsr_sim_shards shards = {
      static_cast<std::uint32_t>(how.tensor.size()), how.tensor.data(),
      how.shard.data(), banks.data(), static_cast<std::uint32_t>(banks.size())};
  std::uint64_t at = 0;
  on.check([&] {
    return tsr_sim_alloc_sharded(on.sim, is_dram ? TSR_SIM_DRAM : TSR_SIM_L1,
                                 page_size, &shards, &at);
  });
  return at;
}

} // namespace

std::shared_ptr<Buffer> BufferAccess::create(const std::shared_ptr<model> &on,
                                             DeviceAddr size,
                                             DeviceAddr page_size,
                                             BufferType type,
                                             const BufferShardingArgs &args) {
  if (type != BufferType::DRAM && type != BufferType::L1)
    throw fatal("the model has buffers in DRAM and L1");
  if (page_size == 0 || page_size > std::numeric_limits<std::uint32_t>::max())
    throw fatal("a buffer's page size is between 1 B and 4 GiB");
  const bool is_dram = type == BufferType::DRAM;
  const auto page = static_cast<std::uint32_t>(page_size);
  if (!is_sharded(args.buffer_layout()) &&
      (args.shard_spec() || args.buffer_distribution_spec()))
    throw fatal("an interleaved buffer with a shard spec");
  std::uint64_t at = 0;
  if (is_sharded(args.buffer_layout()))
    at = allocate_sharded(*on, size, page, is_dram, args);
  else
    on->check([&] {
      return tsr_sim_alloc(on->sim, is_dram ? TSR_SIM_DRAM : TSR_SIM_L1, size,
                           page, &at);
    });
  std::shared_ptr<Buffer> made(new Buffer);
  made->model_ = on;
  made->address_ = static_cast<std::uint32_t>(at);
  made->size_ = size;
  made->page_size_ = page_size;
  made->alignment_ =
      is_dram ? on->target.dram_read_align : on->target.l1_read_align;
  made->aligned_page_size_ =
      (page_size + made->alignment_ - 1) / made->alignment_ * made->alignment_;
  made->type_ = type;
  made->sharding_ = args;
  return made;
}

const model &BufferAccess::model_of(const Buffer &buffer) {
  if (!buffer.model_)
    throw fatal("the buffer was deallocated");
  return *static_cast<const model *>(buffer.model_.get());
}

void BufferAccess::release(Buffer &buffer) {
  const tessera::at_work alone(tessera::guard());
  if (buffer.model_)
    tsr_sim_free(model_of(buffer).sim, memory_of(buffer), buffer.address_);
  buffer.model_.reset();
}

Buffer::~Buffer() { BufferAccess::release(*this); }

DeviceAddr Buffer::aligned_size_per_bank() const {
  const tessera::at_work alone(tessera::guard());
  return tsr_sim_bank_bytes(BufferAccess::model_of(*this).sim,
                            BufferAccess::memory_of(*this), address_);
}

std::optional<std::uint32_t> Buffer::num_cores() const {
  if (buffer_distribution_spec())
    return static_cast<std::uint32_t>(buffer_distribution_spec()->num_cores());
  if (has_shard_spec())
    return sharding_.shard_spec()->tensor_shard_spec.num_cores();
  return std::nullopt;
}

ShardSpecBuffer Buffer::shard_spec() const {
  if (!has_shard_spec())
    throw fatal("the buffer has no shard spec");
  return *sharding_.shard_spec();
}

} // namespace tt::tt_metal
