// Between row-major matrices and tiles of four faces.

#ifndef TESSERA_TT_METALIUM_TILIZE_UTILS_HPP
#define TESSERA_TT_METALIUM_TILIZE_UTILS_HPP

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <vector>

namespace tessera {

// Calls visit(row-major index, tile index) for each element of a matrix.
template <typename Visit>
void for_each_tiled(std::size_t rows, std::size_t cols, std::size_t elements,
                    Visit visit) {
  constexpr std::size_t tile = 32, face = 16;
  if (rows % tile || cols % tile || rows * cols == 0 ||
      elements % (rows * cols))
    throw std::runtime_error("tilize: rows and columns must be multiples of 32 "
                             "and cover the data");
  std::size_t at = 0;
  for (std::size_t top = 0; top < elements / cols; top += tile)
    for (std::size_t left = 0; left < cols; left += tile)
      for (std::size_t f = 0; f < 4; ++f)
        for (std::size_t r = 0; r < face; ++r) {
          std::size_t from =
              (top + f / 2 * face + r) * cols + left + f % 2 * face;
          for (std::size_t c = 0; c < face; ++c)
            visit(from + c, at++);
        }
}

} // namespace tessera

template <typename T>
std::vector<T> tilize_nfaces(const std::vector<T> &data, std::uint32_t rows,
                             std::uint32_t cols) {
  std::vector<T> tiles(data.size());
  tessera::for_each_tiled(
      rows, cols, data.size(),
      [&](std::size_t from, std::size_t to) { tiles[to] = data[from]; });
  return tiles;
}

template <typename T>
std::vector<T> untilize_nfaces(const std::vector<T> &tiles, std::uint32_t rows,
                               std::uint32_t cols) {
  std::vector<T> data(tiles.size());
  tessera::for_each_tiled(
      rows, cols, tiles.size(),
      [&](std::size_t to, std::size_t from) { data[to] = tiles[from]; });
  return data;
}

#endif
