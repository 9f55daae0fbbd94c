// Height and width.

#ifndef TESSERA_TT_METALIUM_SHAPE2D_HPP
#define TESSERA_TT_METALIUM_SHAPE2D_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace tt::tt_metal {

class Shape2D {
public:
  Shape2D(std::size_t height, std::size_t width)
      : height_(height), width_(width) {}
  Shape2D(const std::pair<std::size_t, std::size_t> &sides)
      : Shape2D(sides.first, sides.second) {}
  Shape2D(const std::array<std::size_t, 2> &sides)
      : Shape2D(sides[0], sides[1]) {}
  Shape2D(const std::array<std::uint32_t, 2> &sides)
      : Shape2D(sides[0], sides[1]) {}

  std::size_t height() const { return height_; }
  std::size_t width() const { return width_; }

  friend bool operator==(const Shape2D &a, const Shape2D &b) {
    return a.height_ == b.height_ && a.width_ == b.width_;
  }
  friend bool operator!=(const Shape2D &a, const Shape2D &b) {
    return !(a == b);
  }

private:
  std::size_t height_;
  std::size_t width_;
};

} // namespace tt::tt_metal

#endif
