// Between row-major matrices and tiles, with and without faces.

#ifndef TESSERA_TT_METALIUM_TILIZE_UTILS_HPP
#define TESSERA_TT_METALIUM_TILIZE_UTILS_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <vector>

#include <tt-metalium/constants.hpp>
#include <tt_stl/span.hpp>

// Tiles are in row-major order. Their elements are, too (swizzled), or lie face
// after face.
enum class TensorLayoutType {
  LIN_ROW_MAJOR = 0,
  TILED_SWIZZLED = 1,
  TILED_NFACES = 2,
};

inline std::ostream &operator<<(std::ostream &out, TensorLayoutType layout) {
  switch (layout) {
  case TensorLayoutType::LIN_ROW_MAJOR:
    return out << "LIN_ROW_MAJOR";
  case TensorLayoutType::TILED_SWIZZLED:
    return out << "TILED_SWIZZLED";
  case TensorLayoutType::TILED_NFACES:
    return out << "TILED_NFACES";
  }
  return out;
}

using PhysicalSize = std::array<std::uint32_t, 2>; // rows, columns

namespace tessera {

// How the elements of matrices lie that are cut into tiles and faces.
struct tiling {
  std::size_t rows, cols;
  std::size_t tile_rows = tt::constants::TILE_HEIGHT;
  std::size_t tile_cols = tt::constants::TILE_WIDTH;
  std::size_t face_rows = tt::constants::FACE_HEIGHT;
  std::size_t face_cols = tt::constants::FACE_WIDTH;
  bool turns_faces = false; // each face is transposed
  bool turns_order = false; // and the grid of faces of a tile

  // Where an element lies, from the start of its matrix.
  std::size_t offset(TensorLayoutType layout, std::size_t row,
                     std::size_t col) const {
    if (layout == TensorLayoutType::LIN_ROW_MAJOR)
      return row * cols + col;
    const std::size_t tile =
        row / tile_rows * (cols / tile_cols) + col / tile_cols;
    const std::size_t start = tile * tile_rows * tile_cols;
    row %= tile_rows;
    col %= tile_cols;
    return start + (layout == TensorLayoutType::TILED_SWIZZLED
                        ? row * tile_cols + col
                        : in_faces(row, col));
  }

private:
  std::size_t in_faces(std::size_t row, std::size_t col) const {
    const std::size_t across = tile_cols / face_cols;
    const std::size_t down = tile_rows / face_rows;
    const bool turns = turns_order && across > 1 && down > 1;
    const std::size_t y = row / face_rows, x = col / face_cols;
    const std::size_t face = turns ? x * across + y : y * across + x;
    row %= face_rows;
    col %= face_cols;
    return face * face_rows * face_cols +
           (turns_faces ? col * face_cols + row : row * face_cols + col);
  }
};

inline void check_tiling(const tiling &how, std::size_t elements) {
  const auto divides = [](std::size_t part, std::size_t whole) {
    return part != 0 && whole != 0 && whole % part == 0;
  };
  if (!divides(how.tile_rows, how.rows) || !divides(how.tile_cols, how.cols) ||
      !divides(how.rows * how.cols, elements))
    throw std::runtime_error("tilize: rows and columns must be multiples of " +
                             std::to_string(how.tile_rows) + " and " +
                             std::to_string(how.tile_cols) +
                             ", and cover the data");
  if (!divides(how.face_rows, how.tile_rows) ||
      !divides(how.face_cols, how.tile_cols))
    throw std::runtime_error("tilize: a tile must be a whole number of faces");
  const bool is_square =
      how.tile_rows / how.face_rows == how.tile_cols / how.face_cols;
  const bool is_line =
      how.tile_rows == how.face_rows || how.tile_cols == how.face_cols;
  if ((how.turns_faces && how.face_rows != how.face_cols) ||
      (how.turns_order && !is_square && !is_line))
    throw std::runtime_error("tilize: what is transposed must be square");
}

template <typename T>
std::vector<T> convert(std::span<const T> from, const tiling &how,
                       TensorLayoutType is, TensorLayoutType becomes) {
  std::vector<T> to(from.size());
  if (from.empty())
    return to;
  check_tiling(how, from.size());
  // So many elements lie together in each layout.
  const std::size_t run = how.turns_faces ? 1 : how.face_cols;
  for (std::size_t first = 0; first < from.size(); first += how.rows * how.cols)
    for (std::size_t row = 0; row < how.rows; ++row)
      for (std::size_t col = 0; col < how.cols; col += run) {
        const T *source = &from[first + how.offset(is, row, col)];
        std::copy(source, source + run,
                  &to[first + how.offset(becomes, row, col)]);
      }
  return to;
}

inline tiling tiling_of(const PhysicalSize &shape,
                        const std::optional<PhysicalSize> &tile_shape,
                        const std::optional<PhysicalSize> &face_shape,
                        bool turns_faces, bool turns_order) {
  tiling how{};
  how.rows = shape[0];
  how.cols = shape[1];
  if (tile_shape) {
    how.tile_rows = (*tile_shape)[0];
    how.tile_cols = (*tile_shape)[1];
  }
  if (face_shape) {
    how.face_rows = (*face_shape)[0];
    how.face_cols = (*face_shape)[1];
  }
  how.turns_faces = turns_faces;
  how.turns_order = turns_order;
  return how;
}

// Data of no other shape than that of their tiles.
inline PhysicalSize one_tile(const std::optional<PhysicalSize> &tile_shape) {
  return tile_shape.value_or(
      PhysicalSize{tt::constants::TILE_HEIGHT, tt::constants::TILE_WIDTH});
}

} // namespace tessera

// Throws where the shape is no whole number of tiles, the tile of faces, or the
// data of matrices; faces that are transposed must be square.
template <typename T>
std::vector<T>
convert_layout(tt::stl::Span<const T> data, const PhysicalSize &shape,
               TensorLayoutType from, TensorLayoutType to,
               std::optional<PhysicalSize> tile_shape = std::nullopt,
               std::optional<PhysicalSize> face_shape = std::nullopt,
               bool transpose_within_face = false,
               bool transpose_of_faces = false) {
  return tessera::convert<T>(data,
                             tessera::tiling_of(shape, tile_shape, face_shape,
                                                transpose_within_face,
                                                transpose_of_faces),
                             from, to);
}

// A shape of any rank: its last size is that of a row.
template <typename T>
std::vector<T> convert_layout(
    tt::stl::Span<const T> data, tt::stl::Span<const std::uint32_t> shape,
    TensorLayoutType from, TensorLayoutType to,
    std::optional<PhysicalSize> tile_shape = std::nullopt,
    std::optional<PhysicalSize> face_shape = std::nullopt,
    bool transpose_within_face = false, bool transpose_of_faces = false) {
  if (shape.size() < 2)
    throw std::runtime_error("tilize: a shape has two sizes or more");
  PhysicalSize rows_and_cols = {1, shape.back()};
  for (std::uint32_t size : shape.first(shape.size() - 1))
    rows_and_cols[0] *= size;
  return convert_layout(data, rows_and_cols, from, to, tile_shape, face_shape,
                        transpose_within_face, transpose_of_faces);
}

template <typename T>
std::vector<T> convert_layout_tile_swizzled_to_tile_nfaces(
    tt::stl::Span<const T> data,
    std::optional<PhysicalSize> tile_shape = std::nullopt,
    std::optional<PhysicalSize> face_shape = std::nullopt,
    bool transpose_face = false, bool transpose_face_order = false) {
  return convert_layout(data, tessera::one_tile(tile_shape),
                        TensorLayoutType::TILED_SWIZZLED,
                        TensorLayoutType::TILED_NFACES, tile_shape, face_shape,
                        transpose_face, transpose_face_order);
}

template <typename T>
std::vector<T> convert_layout_tile_nfaces_to_tile_swizzled(
    tt::stl::Span<const T> data,
    std::optional<PhysicalSize> tile_shape = std::nullopt,
    std::optional<PhysicalSize> face_shape = std::nullopt,
    bool transpose_face = false, bool transpose_face_order = false) {
  return convert_layout(data, tessera::one_tile(tile_shape),
                        TensorLayoutType::TILED_NFACES,
                        TensorLayoutType::TILED_SWIZZLED, tile_shape,
                        face_shape, transpose_face, transpose_face_order);
}

template <typename T>
std::vector<T> tilize_nfaces(const std::vector<T> &data, std::uint32_t rows,
                             std::uint32_t cols) {
  return convert_layout(tt::stl::Span<const T>(data), PhysicalSize{rows, cols},
                        TensorLayoutType::LIN_ROW_MAJOR,
                        TensorLayoutType::TILED_NFACES);
}

template <typename T>
std::vector<T> untilize_nfaces(const std::vector<T> &tiles, std::uint32_t rows,
                               std::uint32_t cols) {
  return convert_layout(tt::stl::Span<const T>(tiles), PhysicalSize{rows, cols},
                        TensorLayoutType::TILED_NFACES,
                        TensorLayoutType::LIN_ROW_MAJOR);
}

template <typename T>
std::vector<T> tilize_swizzled(const std::vector<T> &data, std::uint32_t rows,
                               std::uint32_t cols) {
  return convert_layout(tt::stl::Span<const T>(data), PhysicalSize{rows, cols},
                        TensorLayoutType::LIN_ROW_MAJOR,
                        TensorLayoutType::TILED_SWIZZLED);
}

template <typename T>
std::vector<T> untilize_swizzled(const std::vector<T> &tiles,
                                 std::uint32_t rows, std::uint32_t cols) {
  return convert_layout(tt::stl::Span<const T>(tiles), PhysicalSize{rows, cols},
                        TensorLayoutType::TILED_SWIZZLED,
                        TensorLayoutType::LIN_ROW_MAJOR);
}

#endif
