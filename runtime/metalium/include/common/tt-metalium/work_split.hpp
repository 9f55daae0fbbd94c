// Units of work over cores, as tt-metal splits them.

#ifndef TESSERA_TT_METALIUM_WORK_SPLIT_HPP
#define TESSERA_TT_METALIUM_WORK_SPLIT_HPP

#include <cstdint>
#include <tuple>

#include <tt-metalium/core_coord.hpp>

namespace tt::tt_metal {

// The first `count` cores of a grid from `start` on: down the columns, or along
// the rows with `row_wise`; at most three ranges.
CoreRangeSet num_cores_to_corerangeset(CoreCoord start, std::uint32_t count,
                                       CoreCoord grid, bool row_wise = false);
CoreRangeSet num_cores_to_corerangeset(std::uint32_t count, CoreCoord grid,
                                       bool row_wise = false);

// The same of the cores of a set, range by range.
CoreRangeSet num_cores_to_corerangeset_in_subcoregrids(CoreCoord start,
                                                       std::uint32_t count,
                                                       const CoreRangeSet &grid,
                                                       bool row_wise = false);

// Number of cores, all of them, those with one unit more and the others, and
// the units of each.
std::tuple<std::uint32_t, CoreRangeSet, CoreRangeSet, CoreRangeSet,
           std::uint32_t, std::uint32_t>
split_work_to_cores(CoreCoord grid, std::uint32_t units, bool row_wise = false);
std::tuple<std::uint32_t, CoreRangeSet, CoreRangeSet, CoreRangeSet,
           std::uint32_t, std::uint32_t>
split_work_to_cores(const CoreRangeSet &grid, std::uint32_t units,
                    bool row_wise = false);

// The largest divisor of `value` up to `start`; 5 and 7 are passed over.
int find_max_divisor(std::uint32_t value, std::uint32_t start);
int find_max_block_size(std::uint32_t value, std::uint32_t max = 8);

} // namespace tt::tt_metal

namespace tt {
using tt_metal::find_max_block_size;
using tt_metal::find_max_divisor;
using tt_metal::num_cores_to_corerangeset;
using tt_metal::num_cores_to_corerangeset_in_subcoregrids;
using tt_metal::split_work_to_cores;
} // namespace tt

#endif
