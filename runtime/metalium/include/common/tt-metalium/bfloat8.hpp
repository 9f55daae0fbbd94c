// Tiles of the block formats Bfp8_b and Bfp8: 16 elements of a row share an
// exponent.

#ifndef TESSERA_TT_METALIUM_BFLOAT8_HPP
#define TESSERA_TT_METALIUM_BFLOAT8_HPP

#include <cstdint>
#include <optional>
#include <type_traits>
#include <vector>

#include <tt-metalium/tile.hpp>
#include <tt_stl/span.hpp>

namespace tessera {
// Whole 32x32 tiles to and from `format`; the values row by row within a tile,
// or face by face as they lie in memory.
std::vector<std::uint32_t>
pack_tiles(tt::DataFormat format, const std::vector<float> &values,
           bool row_major, const std::optional<tt::tt_metal::Tile> &tile);
std::vector<float> unpack_tiles(tt::DataFormat format,
                                ttsl::Span<const std::uint32_t> words,
                                bool row_major,
                                const std::optional<tt::tt_metal::Tile> &tile);

template <typename T> std::vector<float> to_floats(ttsl::Span<const T> data) {
  std::vector<float> values;
  values.reserve(data.size());
  for (const T &value : data)
    values.push_back(static_cast<float>(value));
  return values;
}
} // namespace tessera

// `is_exp_a`: exponents of 5 bits.
template <typename T>
std::vector<std::uint32_t>
pack_as_bfp8_tiles(ttsl::Span<const T> data, bool row_major_input,
                   bool is_exp_a,
                   const std::optional<tt::tt_metal::Tile> &tile = {}) {
  return tessera::pack_tiles(is_exp_a ? tt::DataFormat::Bfp8
                                      : tt::DataFormat::Bfp8_b,
                             tessera::to_floats(data), row_major_input, tile);
}
inline std::vector<std::uint32_t> pack_fp32_vec_as_bfp8_tiles(
    ttsl::Span<const float> data, bool row_major_input, bool is_exp_a,
    const std::optional<tt::tt_metal::Tile> &tile = {}) {
  return pack_as_bfp8_tiles<float>(data, row_major_input, is_exp_a, tile);
}
inline std::vector<float> unpack_bfp8_tiles_into_float_vec(
    ttsl::Span<const std::uint32_t> tiles, bool row_major_output, bool is_exp_a,
    const std::optional<tt::tt_metal::Tile> &tile = {}) {
  return tessera::unpack_tiles(is_exp_a ? tt::DataFormat::Bfp8
                                        : tt::DataFormat::Bfp8_b,
                               tiles, row_major_output, tile);
}

#endif
