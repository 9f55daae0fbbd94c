// core_coord.hpp and work_split.hpp: the algorithms whose results a program's
// numbers depend on are tt-metal's.

#include <algorithm>
#include <stdexcept>

#include <tt-metalium/work_split.hpp>

#include "model.hpp"

namespace tt::tt_metal {

std::string CoreCoord::str() const {
  return "(x=" + std::to_string(x) + ",y=" + std::to_string(y) + ")";
}

CoreRange::CoreRange(const CoreCoord &start, const CoreCoord &end)
    : start_coord(start), end_coord(end) {
  if (end.x < start.x || end.y < start.y)
    throw tessera::fatal("core range " + str() +
                         ": the end lies before the start");
}

std::string CoreRange::str() const {
  return "[" + start_coord.str() + " - " + end_coord.str() + "]";
}

CoreRangeSet::CoreRangeSet(const std::set<CoreRange> &ranges)
    : CoreRangeSet(std::vector<CoreRange>(ranges.begin(), ranges.end())) {}

CoreRangeSet::CoreRangeSet(std::vector<CoreRange> ranges)
    : ranges_(std::move(ranges)) {
  for (std::size_t i = 0; i < ranges_.size(); ++i)
    for (std::size_t j = i + 1; j < ranges_.size(); ++j)
      if (ranges_[i].intersects(ranges_[j]))
        throw tessera::fatal("core ranges " + ranges_[i].str() + " and " +
                             ranges_[j].str() + " overlap");
}

std::uint32_t CoreRangeSet::num_cores() const {
  std::size_t count = 0;
  for (const CoreRange &range : ranges_)
    count += range.size();
  return static_cast<std::uint32_t>(count);
}

bool CoreRangeSet::contains(const CoreCoord &core) const {
  return std::any_of(
      ranges_.begin(), ranges_.end(),
      [&](const CoreRange &range) { return range.contains(core); });
}

CoreRange CoreRangeSet::bounding_box() const {
  if (ranges_.empty())
    throw tessera::fatal("an empty core range set has no bounding box");
  CoreCoord low = ranges_[0].start_coord, high = ranges_[0].end_coord;
  for (const CoreRange &range : ranges_) {
    low = CoreCoord(std::min(low.x, range.start_coord.x),
                    std::min(low.y, range.start_coord.y));
    high = CoreCoord(std::max(high.x, range.end_coord.x),
                     std::max(high.y, range.end_coord.y));
  }
  return CoreRange(low, high);
}

namespace {

using Rectangles = std::vector<CoreRange>;

// Adds a row of cores: to the rectangle that ends above it and is as wide, or
// as one of its own.
void append_row(Rectangles &to, const CoreCoord &first, const CoreCoord &last) {
  for (CoreRange &range : to)
    if (range.start_coord.x == first.x && range.end_coord.x == last.x &&
        range.end_coord.y + 1 == first.y) {
      range.end_coord.y = first.y;
      return;
    }
  to.push_back(CoreRange(first, last));
}

} // namespace

// Rows of cores without a gap, and rows of one width that lie on each other.
CoreRangeSet CoreRangeSet::merge(const CoreRangeSet &other) const {
  std::set<CoreCoord> by_row; // x is the row here, so that rows come in order
  for (const CoreRangeSet *set : {this, &other})
    for (const CoreRange &range : set->ranges_)
      for (const CoreCoord &core : range)
        by_row.emplace(core.y, core.x);
  Rectangles found;
  for (auto at = by_row.begin(); at != by_row.end();) {
    const CoreCoord first(at->y, at->x);
    CoreCoord last = first;
    for (++at; at != by_row.end() && *at == CoreCoord(last.y, last.x + 1); ++at)
      ++last.x;
    append_row(found, first, last);
  }
  std::sort(found.begin(), found.end());
  return CoreRangeSet(std::move(found));
}

std::string CoreRangeSet::str() const {
  std::string text = "{";
  for (const CoreRange &range : ranges_)
    text += (text.size() > 1 ? ", " : "") + range.str();
  return text + "}";
}

// -- Lists of cores -----------------------------------------------------------

namespace {

void append_cores(const CoreRange &range, bool row_wise, std::size_t max,
                  std::vector<CoreCoord> &out) {
  const CoreCoord size = range.grid_size();
  for (std::size_t i = 0; i < range.size() && out.size() < max; ++i) {
    std::size_t x = row_wise ? i % size.x : i / size.y;
    std::size_t y = row_wise ? i / size.x : i % size.y;
    out.emplace_back(range.start_coord.x + x, range.start_coord.y + y);
  }
}

} // namespace

std::vector<CoreCoord>
corerange_to_cores(const CoreRangeSet &set,
                   std::optional<std::uint32_t> max_cores, bool row_wise) {
  std::vector<CoreCoord> cores;
  const std::size_t max = max_cores.value_or(set.num_cores());
  for (const CoreRange &range : set.ranges())
    append_cores(range, row_wise, max, cores);
  return cores;
}

std::vector<CoreCoord> grid_to_cores(std::uint32_t num_cores,
                                     std::uint32_t grid_x, std::uint32_t grid_y,
                                     bool row_wise) {
  if (num_cores > grid_x * grid_y)
    throw tessera::fatal(std::to_string(num_cores) + " cores of a grid of " +
                         std::to_string(grid_x * grid_y));
  std::vector<CoreCoord> cores;
  if (num_cores > 0)
    append_cores(CoreRange(CoreCoord(0, 0), CoreCoord(grid_x - 1, grid_y - 1)),
                 row_wise, num_cores, cores);
  return cores;
}

// -- Splitting work -----------------------------------------------------------

namespace {

// The ranges are found for lines of the order (columns, or rows with
// `row_wise`) and turned round for rows at the end.
CoreRange line_range(bool row_wise, std::size_t line0, std::size_t at0,
                     std::size_t line1, std::size_t at1) {
  return row_wise ? CoreRange(CoreCoord(at0, line0), CoreCoord(at1, line1))
                  : CoreRange(CoreCoord(line0, at0), CoreCoord(line1, at1));
}

} // namespace

CoreRangeSet num_cores_to_corerangeset(CoreCoord start, std::uint32_t count,
                                       CoreCoord grid, bool row_wise) {
  const std::size_t length = row_wise ? grid.x : grid.y;
  const std::size_t lines = row_wise ? grid.y : grid.x;
  std::size_t line = row_wise ? start.y : start.x;
  const std::size_t at = row_wise ? start.x : start.y;
  std::size_t left = count;
  if (line >= lines || at >= length || left > (lines - line) * length - at)
    throw tessera::fatal(std::to_string(count) + " cores from " + start.str() +
                         " do not fit the grid");
  std::vector<CoreRange> ranges;
  // What is left of the first line, if it is not begun at its start or not
  // filled.
  if (left > 0 && (at > 0 || left < length)) {
    const std::size_t part = std::min(left, length - at);
    ranges.push_back(line_range(row_wise, line, at, line, at + part - 1));
    left -= part;
    ++line;
  }
  const std::size_t full = left / length;
  if (full > 0) {
    ranges.push_back(
        line_range(row_wise, line, 0, line + full - 1, length - 1));
    left -= full * length;
    line += full;
  }
  if (left > 0)
    ranges.push_back(line_range(row_wise, line, 0, line, left - 1));
  return CoreRangeSet(std::move(ranges));
}

CoreRangeSet num_cores_to_corerangeset(std::uint32_t count, CoreCoord grid,
                                       bool row_wise) {
  return num_cores_to_corerangeset(CoreCoord(0, 0), count, grid, row_wise);
}

namespace {

using Split = std::tuple<std::uint32_t, CoreRangeSet, CoreRangeSet,
                         CoreRangeSet, std::uint32_t, std::uint32_t>;

// The core that comes `index` places after the first one of a grid.
CoreCoord nth_core(CoreCoord grid, std::uint32_t index, bool row_wise) {
  return row_wise ? CoreCoord(index % grid.x, index / grid.x)
                  : CoreCoord(index / grid.y, index % grid.y);
}

} // namespace

Split split_work_to_cores(CoreCoord grid, std::uint32_t units, bool row_wise) {
  if (units == 0)
    return {};
  const auto available = static_cast<std::uint32_t>(grid.x * grid.y);
  const std::uint32_t cores = std::min(units, available);
  const std::uint32_t each = units / cores;
  const std::uint32_t more = units % cores;
  CoreRangeSet all = num_cores_to_corerangeset(cores, grid, row_wise);
  if (more == 0)
    return {cores, all, all, CoreRangeSet(), each, 0};
  CoreRangeSet first = num_cores_to_corerangeset(more, grid, row_wise);
  CoreRangeSet second = num_cores_to_corerangeset(
      nth_core(grid, more, row_wise), cores - more, grid, row_wise);
  return {cores, all, first, second, each + 1, each};
}

namespace {

// The lines of one range, columns or rows, whose cores are numbers `from` to
// `to` - 1 of it.
std::vector<CoreRange> lines_of(const CoreRange &range, std::size_t from,
                                std::size_t to, bool row_wise) {
  const CoreCoord start = range.start_coord, size = range.grid_size();
  const std::size_t length = row_wise ? size.x : size.y;
  auto core = [&](std::size_t i) {
    return row_wise ? CoreCoord(start.x + i % length, start.y + i / length)
                    : CoreCoord(start.x + i / length, start.y + i % length);
  };
  std::vector<CoreRange> lines;
  for (std::size_t i = from, end = 0; i < to; i = end) {
    end = std::min(to, (i / length + 1) * length);
    lines.push_back(CoreRange(core(i), core(end - 1)));
  }
  return lines;
}

// Puts a line beside the last, if it is as long and next to it.
void append_line(std::vector<CoreRange> &to, const CoreRange &line,
                 bool row_wise) {
  CoreRange *last = to.empty() ? nullptr : &to.back();
  const bool goes_on =
      last && (row_wise ? last->start_coord.x == line.start_coord.x &&
                              last->end_coord.x == line.end_coord.x &&
                              last->end_coord.y + 1 == line.start_coord.y
                        : last->start_coord.y == line.start_coord.y &&
                              last->end_coord.y == line.end_coord.y &&
                              last->end_coord.x + 1 == line.start_coord.x);
  if (goes_on)
    last->end_coord = line.end_coord;
  else
    to.push_back(line);
}

// Cores `from` to `to` - 1 of a set, range by range.
CoreRangeSet part_of(const CoreRangeSet &grid, std::size_t from, std::size_t to,
                     bool row_wise) {
  std::vector<CoreRange> parts;
  std::size_t before = 0; // cores of the ranges that came already
  for (const CoreRange &range : grid.ranges()) {
    const std::size_t after = before + range.size();
    if (from < after && to > before)
      for (const CoreRange &line :
           lines_of(range, std::max(from, before) - before,
                    std::min(to, after) - before, row_wise))
        append_line(parts, line, row_wise);
    before = after;
  }
  return CoreRangeSet(std::move(parts));
}

} // namespace

CoreRangeSet num_cores_to_corerangeset_in_subcoregrids(CoreCoord start,
                                                       std::uint32_t count,
                                                       const CoreRangeSet &grid,
                                                       bool row_wise) {
  const std::vector<CoreCoord> order =
      corerange_to_cores(grid, std::nullopt, row_wise);
  const auto first = static_cast<std::size_t>(
      std::find(order.begin(), order.end(), start) - order.begin());
  if (count == 0 || first == order.size() || count > order.size() - first)
    throw tessera::fatal(std::to_string(count) + " cores from " + start.str() +
                         " are not those of " + grid.str());
  return part_of(grid, first, first + count, row_wise);
}

Split split_work_to_cores(const CoreRangeSet &grid, std::uint32_t units,
                          bool row_wise) {
  if (units == 0)
    return {};
  if (grid.num_cores() == 0)
    throw tessera::fatal("work is split over an empty set of cores");
  const std::uint32_t cores = std::min(units, grid.num_cores());
  const std::uint32_t each = units / cores;
  const std::uint32_t more = units % cores;
  CoreRangeSet all =
      cores == grid.num_cores() ? grid : part_of(grid, 0, cores, row_wise);
  if (more == 0)
    return {cores, all, all, CoreRangeSet(), each, 0};
  return {cores,
          all,
          part_of(grid, 0, more, row_wise),
          part_of(grid, more, cores, row_wise),
          each + 1,
          each};
}

int find_max_divisor(std::uint32_t value, std::uint32_t start) {
  for (std::uint32_t divisor = start; divisor > 1; --divisor)
    if (divisor != 5 && divisor != 7 && value % divisor == 0)
      return static_cast<int>(divisor);
  return 1;
}

int find_max_block_size(std::uint32_t value, std::uint32_t max) {
  for (std::uint32_t size = max; size > 1; --size)
    if (value % size == 0)
      return static_cast<int>(size);
  return 1;
}

} // namespace tt::tt_metal

namespace tessera {

std::vector<tsr_sim_range> to_ranges(const tt::tt_metal::CoreRangeSet &cores) {
  auto word = [](std::size_t at) { return static_cast<std::uint32_t>(at); };
  std::vector<tsr_sim_range> ranges;
  for (const tt::tt_metal::CoreRange &range : cores.ranges())
    ranges.push_back({word(range.start_coord.x), word(range.start_coord.y),
                      word(range.end_coord.x), word(range.end_coord.y)});
  return ranges;
}

} // namespace tessera
