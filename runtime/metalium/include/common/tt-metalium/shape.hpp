// Shapes of any rank, outermost dimension first. Negative indices count from
// the end.

#ifndef TESSERA_TT_METALIUM_SHAPE_HPP
#define TESSERA_TT_METALIUM_SHAPE_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <vector>

namespace tt::tt_metal {

class Shape {
public:
  Shape() = default;
  explicit Shape(std::initializer_list<std::uint32_t> dims) : dims_(dims) {}
  explicit Shape(const std::vector<std::uint32_t> &dims) : dims_(dims) {}
  template <std::size_t N>
  explicit Shape(const std::array<std::uint32_t, N> &dims)
      : dims_(dims.begin(), dims.end()) {}

  std::uint32_t operator[](std::int32_t index) const {
    return dims_[at(index)];
  }
  std::uint32_t &operator[](std::int32_t index) { return dims_[at(index)]; }

  std::size_t rank() const { return dims_.size(); }
  std::size_t size() const { return dims_.size(); }
  bool empty() const { return dims_.empty(); }
  std::uint64_t volume() const {
    std::uint64_t product = 1;
    for (std::uint32_t dim : dims_)
      product *= dim;
    return product;
  }
  std::vector<std::uint32_t>::const_iterator begin() const {
    return dims_.begin();
  }
  std::vector<std::uint32_t>::const_iterator end() const { return dims_.end(); }
  std::vector<std::uint32_t>::const_iterator cbegin() const { return begin(); }
  std::vector<std::uint32_t>::const_iterator cend() const { return end(); }

  friend bool operator==(const Shape &a, const Shape &b) {
    return a.dims_ == b.dims_;
  }
  friend bool operator!=(const Shape &a, const Shape &b) { return !(a == b); }

private:
  std::size_t at(std::int32_t index) const {
    const auto rank = static_cast<std::int32_t>(dims_.size());
    if (index < -rank || index >= rank)
      throw std::runtime_error("dimension " + std::to_string(index) +
                               " of a shape of rank " + std::to_string(rank));
    return static_cast<std::size_t>(index < 0 ? index + rank : index);
  }

  std::vector<std::uint32_t> dims_;
};

} // namespace tt::tt_metal

#endif
