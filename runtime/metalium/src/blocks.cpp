// bfloat8.hpp, bfloat4.hpp: tiles of block formats as tt-metal's host makes
// them: nearest, ties to even, after the bits below the group's exponent are
// cut off. (The packer of the chip rounds in its own way.)

#include <algorithm>
#include <array>
#include <cstring>

#include <tt-metalium/bfloat4.hpp>
#include <tt-metalium/bfloat8.hpp>

#include "model.hpp"
#include "tessera/sim_math.h"

namespace tessera {

namespace {

constexpr std::size_t side = tt::constants::TILE_WIDTH;
constexpr std::size_t face = tt::constants::FACE_WIDTH;
constexpr std::size_t elements = side * side;
constexpr std::size_t groups = elements / face;

bool is_half(tt::DataFormat format) {
  return format == tt::DataFormat::Bfp8 || format == tt::DataFormat::Bfp4;
}

// Bits of a magnitude.
unsigned width_of(tt::DataFormat format) {
  return format == tt::DataFormat::Bfp8 || format == tt::DataFormat::Bfp8_b ? 7
                                                                            : 3;
}

// Where element `i` in the order of the faces lies in a row-major tile.
std::size_t row_major_place(std::size_t i) {
  const std::size_t f = i / (face * face), r = i / face % face, c = i % face;
  return (f / 2 * face + r) * side + f % 2 * face + c;
}

struct number {
  bool negative;
  std::uint32_t exponent; // 0: the number is 0
  std::uint32_t mantissa; // 24 bits with the leading one
};

number split(float value, bool half) {
  const auto bits = __builtin_bit_cast(std::uint32_t, value);
  number out = {(bits >> 31) != 0, bits >> 23 & 0xff,
                (bits & 0x7fffff) | 1u << 23};
  if (out.exponent == 0)
    return {false, 0, 0};
  if (!half)
    return out;
  const int exponent = static_cast<int>(out.exponent) - 127 + 15;
  if (exponent > 31)
    return {out.negative, 31, 0xffffff};
  if (exponent < 0)
    return {out.negative, 0, 1u << 23};
  out.exponent = static_cast<std::uint32_t>(exponent);
  return out;
}

std::uint32_t round_to(const number &value, std::uint32_t exponent,
                       unsigned width) {
  if (value.mantissa == 0)
    return 0;
  const std::uint32_t below = exponent - value.exponent;
  const std::uint32_t aligned = below > 31 ? 0 : value.mantissa >> below;
  const unsigned cut = 24 - width;
  const std::uint32_t rest = aligned & ((1u << cut) - 1);
  const std::uint32_t tie = 1u << (cut - 1);
  std::uint32_t kept = aligned >> cut;
  if (rest > tie || (rest == tie && (kept & 1)))
    ++kept;
  kept = std::min(kept, (1u << width) - 1);
  return kept == 0 ? 0 : (value.negative ? 1u << width : 0u) | kept;
}

// One tile, its values in the order of the faces.
void pack_tile(tt::DataFormat format, const float *values, std::uint8_t *page) {
  const unsigned width = width_of(format);
  const std::size_t per_byte = 8 / (width + 1);
  std::memset(page + groups, 0, elements / per_byte);
  for (std::size_t g = 0; g < groups; ++g) {
    std::array<number, face> group;
    std::uint32_t exponent = 0;
    for (std::size_t i = 0; i < face; ++i) {
      group[i] = split(values[g * face + i], is_half(format));
      exponent = std::max(exponent, group[i].exponent);
    }
    page[g] = static_cast<std::uint8_t>(exponent);
    for (std::size_t i = 0; i < face; ++i) {
      const std::size_t at = g * face + i;
      page[groups + at / per_byte] |= static_cast<std::uint8_t>(
          round_to(group[i], exponent, width) << at % per_byte * (width + 1));
    }
  }
}

void check_tile(const std::optional<tt::tt_metal::Tile> &tile) {
  if (tile && !(*tile == tt::tt_metal::Tile()))
    throw fatal("block formats on the host: the model's tiles are 32 x 32");
}

} // namespace

std::vector<std::uint32_t>
pack_tiles(tt::DataFormat format, const std::vector<float> &values,
           bool row_major, const std::optional<tt::tt_metal::Tile> &tile) {
  check_tile(tile);
  if (values.size() % elements != 0)
    throw fatal(std::to_string(values.size()) +
                " values are no whole number of tiles");
  const std::size_t words = tt::tile_size(format) / sizeof(std::uint32_t);
  std::vector<std::uint32_t> out(values.size() / elements * words);
  std::array<float, elements> ordered;
  for (std::size_t t = 0; t < values.size() / elements; ++t) {
    for (std::size_t i = 0; i < elements; ++i)
      ordered[i] = values[t * elements + (row_major ? row_major_place(i) : i)];
    pack_tile(format, ordered.data(),
              reinterpret_cast<std::uint8_t *>(&out[t * words]));
  }
  return out;
}

std::vector<float> unpack_tiles(tt::DataFormat format,
                                ttsl::Span<const std::uint32_t> words,
                                bool row_major,
                                const std::optional<tt::tt_metal::Tile> &tile) {
  check_tile(tile);
  const std::size_t per_tile = tt::tile_size(format) / sizeof(std::uint32_t);
  if (words.size() % per_tile != 0)
    throw fatal(std::to_string(words.size()) +
                " words are no whole number of tiles");
  std::vector<float> out(words.size() / per_tile * elements);
  std::array<float, elements> values;
  for (std::size_t t = 0; t < words.size() / per_tile; ++t) {
    tsr_sim_tile_unpack(static_cast<std::uint32_t>(format),
                        &words[t * per_tile], values.data());
    for (std::size_t i = 0; i < elements; ++i)
      out[t * elements + i] = values[row_major ? i : row_major_place(i)];
  }
  return out;
}

} // namespace tessera
