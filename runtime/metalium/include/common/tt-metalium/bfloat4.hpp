// Tiles of the block formats Bfp4_b and Bfp4.

#ifndef TESSERA_TT_METALIUM_BFLOAT4_HPP
#define TESSERA_TT_METALIUM_BFLOAT4_HPP

#include <tt-metalium/bfloat8.hpp>

template <typename T>
std::vector<std::uint32_t>
pack_as_bfp4_tiles(ttsl::Span<const T> data, bool row_major_input,
                   bool is_exp_a,
                   const std::optional<tt::tt_metal::Tile> &tile = {}) {
  return tessera::pack_tiles(is_exp_a ? tt::DataFormat::Bfp4
                                      : tt::DataFormat::Bfp4_b,
                             tessera::to_floats(data), row_major_input, tile);
}
inline std::vector<std::uint32_t> pack_fp32_vec_as_bfp4_tiles(
    ttsl::Span<const float> data, bool row_major_input, bool is_exp_a,
    const std::optional<tt::tt_metal::Tile> &tile = {}) {
  return pack_as_bfp4_tiles<float>(data, row_major_input, is_exp_a, tile);
}
inline std::vector<float> unpack_bfp4_tiles_into_float_vec(
    ttsl::Span<const std::uint32_t> tiles, bool row_major_output, bool is_exp_a,
    const std::optional<tt::tt_metal::Tile> &tile = {}) {
  return tessera::unpack_tiles(is_exp_a ? tt::DataFormat::Bfp4
                                        : tt::DataFormat::Bfp4_b,
                               tiles, row_major_output, tile);
}

#endif
