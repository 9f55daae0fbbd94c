// Where buffers lie, and how their pages are spread.

#ifndef TESSERA_TT_METALIUM_BUFFER_TYPES_HPP
#define TESSERA_TT_METALIUM_BUFFER_TYPES_HPP

#include <cstdint>

#include <tt_stl/fmt.hpp>

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

enum class HalMemType : std::uint8_t { L1 = 0, DRAM = 1, HOST = 2 };

} // namespace tt::tt_metal

#ifdef TESSERA_HAS_FMT
namespace tessera {
inline const char *name_of(tt::tt_metal::TensorMemoryLayout layout) {
  static constexpr const char *names[] = {"INTERLEAVED",    "",
                                          "HEIGHT_SHARDED", "WIDTH_SHARDED",
                                          "BLOCK_SHARDED",  "ND_SHARDED"};
  return names[static_cast<int>(layout)];
}
inline const char *name_of(tt::tt_metal::BufferType type) {
  static constexpr const char *names[] = {"DRAM", "L1", "SYSTEM_MEMORY",
                                          "L1_SMALL", "TRACE"};
  return names[static_cast<int>(type)];
}
// Of what is written as one of a list of names.
template <typename T> struct name_formatter {
  template <typename Context> constexpr auto parse(Context &context) {
    return context.begin();
  }
  template <typename Context> auto format(T value, Context &context) const {
    return fmt::format_to(context.out(), "{}", name_of(value));
  }
};
} // namespace tessera
template <>
struct fmt::formatter<tt::tt_metal::TensorMemoryLayout>
    : tessera::name_formatter<tt::tt_metal::TensorMemoryLayout> {};
template <>
struct fmt::formatter<tt::tt_metal::BufferType>
    : tessera::name_formatter<tt::tt_metal::BufferType> {};
#endif

#endif
