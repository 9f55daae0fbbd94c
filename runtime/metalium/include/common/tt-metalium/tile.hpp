// The shape of a tile.

#ifndef TESSERA_TT_METALIUM_TILE_HPP
#define TESSERA_TT_METALIUM_TILE_HPP

#include <array>
#include <cstdint>

#include <tt-metalium/constants.hpp>
#include <tt-metalium/tt_backend_api_types.hpp>

namespace tt::tt_metal {

// Sides are 16 or 32 wide, and 1, 2, 4, 8, 16 or 32 high; faces are 16 wide and
// at most as high.
struct Tile {
  // Throws when there is no such tile.
  Tile(std::array<std::uint32_t, 2> shape = {constants::TILE_HEIGHT,
                                             constants::TILE_WIDTH},
       bool transpose = false);

  std::uint32_t get_height() const { return shape_[0]; }
  std::uint32_t get_width() const { return shape_[1]; }
  std::array<std::uint32_t, 2> get_tile_shape() const { return shape_; }
  std::array<std::uint32_t, 2> get_face_shape() const {
    return {shape_[0] < constants::FACE_HEIGHT ? shape_[0]
                                               : constants::FACE_HEIGHT,
            constants::FACE_WIDTH};
  }
  std::uint32_t get_tile_hw() const { return shape_[0] * shape_[1]; }
  std::uint32_t get_face_hw() const {
    return get_face_shape()[0] * get_face_shape()[1];
  }
  std::uint32_t get_num_faces() const { return get_tile_hw() / get_face_hw(); }
  std::uint32_t get_partial_face() const {
    return shape_[0] < constants::TILE_HEIGHT;
  }
  std::uint32_t get_narrow_tile() const {
    return shape_[1] < constants::TILE_WIDTH;
  }
  bool get_transpose_within_face() const { return transpose_; }
  bool get_transpose_of_faces() const { return transpose_; }
  std::uint32_t get_tile_size(const DataFormat &format) const;

  friend bool operator==(const Tile &a, const Tile &b) {
    return a.shape_ == b.shape_ && a.transpose_ == b.transpose_;
  }

private:
  std::array<std::uint32_t, 2> shape_;
  bool transpose_;
};

} // namespace tt::tt_metal

#endif
