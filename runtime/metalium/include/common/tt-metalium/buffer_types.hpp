// Where buffers lie, and how their pages are spread.

#ifndef TESSERA_TT_METALIUM_BUFFER_TYPES_HPP
#define TESSERA_TT_METALIUM_BUFFER_TYPES_HPP

#include <cstdint>

namespace tt::tt_metal {

using DeviceAddr = std::uint64_t;

enum class BufferType { DRAM, L1, SYSTEM_MEMORY, L1_SMALL, TRACE };

enum class TensorMemoryLayout {
  INTERLEAVED = 0,
  HEIGHT_SHARDED = 2,
  WIDTH_SHARDED = 3,
  BLOCK_SHARDED = 4,
  ND_SHARDED = 5
};

// The order in which shards go to the cores of a range: along its rows, or down
// its columns.
enum class ShardOrientation { ROW_MAJOR = 0, COL_MAJOR };

// Shard after shard over the list of cores, or a grid of shards on a grid of
// cores.
enum class ShardDistributionStrategy { ROUND_ROBIN_1D = 0, GRID_2D = 1 };

} // namespace tt::tt_metal

#endif
