// Cores, rectangles of cores, and sets of rectangles. x counts columns.

#ifndef TESSERA_TT_METALIUM_CORE_COORD_HPP
#define TESSERA_TT_METALIUM_CORE_COORD_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <tt_stl/fmt.hpp>

namespace tt::tt_metal {

struct CoreCoord {
  std::size_t x = 0;
  std::size_t y = 0;

  constexpr CoreCoord() = default;
  constexpr CoreCoord(std::size_t column, std::size_t row)
      : x(column), y(row) {}

  std::string str() const;

  friend constexpr bool operator==(const CoreCoord &a, const CoreCoord &b) {
    return a.x == b.x && a.y == b.y;
  }
  friend constexpr bool operator!=(const CoreCoord &a, const CoreCoord &b) {
    return !(a == b);
  }
  friend constexpr bool operator<(const CoreCoord &a, const CoreCoord &b) {
    return a.x < b.x || (a.x == b.x && a.y < b.y);
  }
};

// Both corners included.
struct CoreRange {
  CoreCoord start_coord;
  CoreCoord end_coord;

  CoreRange(const CoreCoord &point) : CoreRange(point, point) {}
  CoreRange(const CoreCoord &start, const CoreCoord &end);

  bool contains(const CoreCoord &core) const {
    return core.x >= start_coord.x && core.x <= end_coord.x &&
           core.y >= start_coord.y && core.y <= end_coord.y;
  }
  bool contains(const CoreRange &range) const {
    return contains(range.start_coord) && contains(range.end_coord);
  }
  bool intersects(const CoreRange &other) const {
    return start_coord.x <= other.end_coord.x &&
           other.start_coord.x <= end_coord.x &&
           start_coord.y <= other.end_coord.y &&
           other.start_coord.y <= end_coord.y;
  }
  CoreCoord grid_size() const {
    return CoreCoord(end_coord.x - start_coord.x + 1,
                     end_coord.y - start_coord.y + 1);
  }
  std::size_t size() const { return grid_size().x * grid_size().y; }
  std::string str() const;

  friend bool operator==(const CoreRange &a, const CoreRange &b) {
    return a.start_coord == b.start_coord && a.end_coord == b.end_coord;
  }
  friend bool operator!=(const CoreRange &a, const CoreRange &b) {
    return !(a == b);
  }
  friend bool operator<(const CoreRange &a, const CoreRange &b) {
    return a.start_coord < b.start_coord ||
           (a.start_coord == b.start_coord && a.end_coord < b.end_coord);
  }

  // Goes x fastest.
  class CoreIterator {
  public:
    using value_type = CoreCoord;
    using difference_type = std::ptrdiff_t;

    CoreIterator(CoreCoord at, std::size_t first_x, std::size_t last_x)
        : at_(at), first_x_(first_x), last_x_(last_x) {}
    const CoreCoord &operator*() const { return at_; }
    CoreIterator &operator++() {
      if (at_.x < last_x_) {
        ++at_.x;
      } else {
        at_.x = first_x_;
        ++at_.y;
      }
      return *this;
    }
    bool operator==(const CoreIterator &other) const {
      return at_ == other.at_;
    }
    bool operator!=(const CoreIterator &other) const {
      return at_ != other.at_;
    }

  private:
    CoreCoord at_;
    std::size_t first_x_;
    std::size_t last_x_;
  };

  CoreIterator begin() const {
    return CoreIterator(start_coord, start_coord.x, end_coord.x);
  }
  CoreIterator end() const {
    return CoreIterator(CoreCoord(start_coord.x, end_coord.y + 1),
                        start_coord.x, end_coord.x);
  }
};

// Ranges that do not overlap.
class CoreRangeSet {
public:
  CoreRangeSet() = default;
  CoreRangeSet(const CoreCoord &core) : ranges_{CoreRange(core)} {}
  CoreRangeSet(const CoreRange &range) : ranges_{range} {}
  CoreRangeSet(const std::set<CoreRange> &ranges);
  CoreRangeSet(std::vector<CoreRange> ranges);

  const std::vector<CoreRange> &ranges() const { return ranges_; }
  std::size_t size() const { return ranges_.size(); }
  bool empty() const { return ranges_.empty(); }
  std::uint32_t num_cores() const;
  bool contains(const CoreCoord &core) const;
  CoreRange bounding_box() const;
  CoreRangeSet merge(const CoreRangeSet &other) const;
  std::string str() const;

  friend bool operator==(const CoreRangeSet &a, const CoreRangeSet &b) {
    return a.ranges_ == b.ranges_;
  }

private:
  std::vector<CoreRange> ranges_;
};

// The cores of a set, range by range; within a range columns first, or rows
// with `row_wise`.
std::vector<CoreCoord>
corerange_to_cores(const CoreRangeSet &set,
                   std::optional<std::uint32_t> max_cores = std::nullopt,
                   bool row_wise = false);

// The first `num_cores` cores of a grid in that order.
std::vector<CoreCoord> grid_to_cores(std::uint32_t num_cores,
                                     std::uint32_t grid_x, std::uint32_t grid_y,
                                     bool row_wise = false);

} // namespace tt::tt_metal

// The names from before they moved.
using CoreCoord = tt::tt_metal::CoreCoord;
using CoreRange = tt::tt_metal::CoreRange;
using CoreRangeSet = tt::tt_metal::CoreRangeSet;
using tt::tt_metal::corerange_to_cores;
using tt::tt_metal::grid_to_cores;

#ifdef TESSERA_HAS_FMT
namespace tessera {
// Of what has a text.
template <typename T> struct text_formatter {
  template <typename Context> constexpr auto parse(Context &context) {
    return context.begin();
  }
  template <typename Context>
  auto format(const T &value, Context &context) const {
    return fmt::format_to(context.out(), "{}", value.str());
  }
};
} // namespace tessera
template <>
struct fmt::formatter<tt::tt_metal::CoreCoord>
    : tessera::text_formatter<tt::tt_metal::CoreCoord> {};
template <>
struct fmt::formatter<tt::tt_metal::CoreRange>
    : tessera::text_formatter<tt::tt_metal::CoreRange> {};
template <>
struct fmt::formatter<tt::tt_metal::CoreRangeSet>
    : tessera::text_formatter<tt::tt_metal::CoreRangeSet> {};
#endif

template <> struct std::hash<tt::tt_metal::CoreCoord> {
  std::size_t operator()(const tt::tt_metal::CoreCoord &core) const {
    return core.x * 1000003u + core.y;
  }
};

#endif
