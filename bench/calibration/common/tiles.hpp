// Tiles of values for the compute programs: values that every format holds
// exactly, and their bits.

#ifndef TESSERA_BENCH_CALIBRATION_TILES_HPP
#define TESSERA_BENCH_CALIBRATION_TILES_HPP

#include <cstring>

#include "calibration.hpp"

namespace calibration {

using TileValues = std::vector<float>; // 32 rows of 32
using Tiles = std::vector<TileValues>;

inline DataFormat format_of(const std::string &name) {
  if (name == "bf16")
    return DataFormat::Float16_b;
  if (name == "bfp8")
    return DataFormat::Bfp8_b;
  if (name == "bfp4")
    return DataFormat::Bfp4_b;
  if (name == "fp32")
    return DataFormat::Float32;
  throw std::runtime_error("there is no format '" + name + "' here");
}

inline MathFidelity fidelity_of(const std::string &name) {
  if (name == "LoFi")
    return MathFidelity::LoFi;
  if (name == "HiFi2")
    return MathFidelity::HiFi2;
  if (name == "HiFi4")
    return MathFidelity::HiFi4;
  throw std::runtime_error("there is no fidelity '" + name + "'");
}

// Place of an element in a tile's memory: four faces of 16 x 16.
inline std::size_t place_in_tile(std::size_t row, std::size_t col) {
  return (row / 16 * 2 + col / 16) * 256 + row % 16 * 16 + col % 16;
}

// -1, 0 and 1: every format here holds them exactly, and sums stay small.
inline Tiles small_tiles(uint32_t seed, std::size_t count) {
  Tiles tiles(count, TileValues(1024));
  for (std::size_t t = 0; t < count; ++t)
    for (std::size_t i = 0; i < 1024; ++i)
      tiles[t][i] = static_cast<float>(
          static_cast<int>(word(seed, static_cast<uint32_t>(t * 1024 + i)) %
                           3) -
          1);
  return tiles;
}

// -- Bits ---------------------------------------------------------------------
// Block formats with one exponent for all rows of a face: that of 2, so that
// 1 has half of the largest mantissa's bits. Enough for the values above.

enum { SHARED_EXPONENT = 128 }; // of 2, biased

inline uint32_t block_bits(DataFormat format) {
  return format == DataFormat::Bfp8_b ? 7 : 3;
}

inline void encode_block(const TileValues &tile, DataFormat format,
                         uint8_t *to) {
  const uint32_t bits = block_bits(format);
  const uint32_t per_byte = 8 / (bits + 1);
  std::memset(to, SHARED_EXPONENT, 64);
  std::memset(to + 64, 0, 1024 / per_byte);
  for (std::size_t row = 0; row < 32; ++row)
    for (std::size_t col = 0; col < 32; ++col) {
      const float value = tile[row * 32 + col];
      // A mantissa of 1 << (bits - 1) stands for 2.
      const auto size = static_cast<uint32_t>(
          std::abs(value) * static_cast<float>(1u << (bits - 2)));
      const uint32_t code = size | (value < 0 ? 1u << bits : 0);
      const std::size_t at = place_in_tile(row, col);
      to[64 + at / per_byte] = static_cast<uint8_t>(
          to[64 + at / per_byte] | code << (at % per_byte * (bits + 1)));
    }
}

inline float decode_block(const uint8_t *from, DataFormat format,
                          std::size_t place) {
  const uint32_t bits = block_bits(format);
  const uint32_t per_byte = 8 / (bits + 1);
  const uint32_t code =
      from[64 + place / per_byte] >> (place % per_byte * (bits + 1));
  const uint32_t size = code & ((1u << bits) - 1);
  const float value =
      std::ldexp(static_cast<float>(size),
                 from[place / 16] - 127 - static_cast<int>(bits - 1));
  return code >> bits & 1 ? -value : value;
}

inline Words encode(const Tiles &tiles, DataFormat format) {
  const std::size_t bytes = tile_size(format);
  Words words(tiles.size() * bytes / 4);
  auto *to = reinterpret_cast<uint8_t *>(words.data());
  for (const TileValues &tile : tiles) {
    if (format == DataFormat::Float16_b || format == DataFormat::Float32) {
      const std::size_t each = bytes / 1024;
      for (std::size_t row = 0; row < 32; ++row)
        for (std::size_t col = 0; col < 32; ++col) {
          const float value = tile[row * 32 + col];
          uint32_t bits;
          std::memcpy(&bits, &value, sizeof bits);
          bits >>= 32 - 8 * each;
          std::memcpy(to + place_in_tile(row, col) * each, &bits, each);
        }
    } else {
      encode_block(tile, format, to);
    }
    to += bytes;
  }
  return words;
}

inline Tiles decode(const Words &words, DataFormat format) {
  const std::size_t bytes = tile_size(format);
  Tiles tiles(words.size() * 4 / bytes, TileValues(1024));
  const auto *from = reinterpret_cast<const uint8_t *>(words.data());
  for (TileValues &tile : tiles) {
    for (std::size_t row = 0; row < 32; ++row)
      for (std::size_t col = 0; col < 32; ++col) {
        const std::size_t place = place_in_tile(row, col);
        float &value = tile[row * 32 + col];
        if (format == DataFormat::Float16_b || format == DataFormat::Float32) {
          const std::size_t each = bytes / 1024;
          uint32_t bits = 0;
          std::memcpy(&bits, from + place * each, each);
          bits <<= 32 - 8 * each;
          std::memcpy(&value, &bits, sizeof value);
        } else {
          value = decode_block(from, format, place);
        }
      }
    from += bytes;
  }
  return tiles;
}

// Throws when a value differs from what it should be by more than `share` of
// the largest.
inline void check_close(const char *what, const Tiles &got, const Tiles &want,
                        float share) {
  float largest = 0;
  for (const TileValues &tile : want)
    for (float value : tile)
      largest = std::max(largest, std::abs(value));
  for (std::size_t t = 0; t < want.size(); ++t)
    for (std::size_t i = 0; i < 1024; ++i)
      if (!(std::abs(got[t][i] - want[t][i]) <= share * largest)) {
        char text[160];
        std::snprintf(text, sizeof text,
                      "%s: tile %zu row %zu column %zu is %g, should be %g",
                      what, t, i / 32, i % 32, static_cast<double>(got[t][i]),
                      static_cast<double>(want[t][i]));
        throw std::runtime_error(text);
      }
}

// -- Circular buffers ---------------------------------------------------------

inline void add_cb(Program &program, const CoreRangeSet &cores, uint8_t index,
                   DataFormat format, uint32_t tiles,
                   const Memory &over = nullptr) {
  const uint32_t bytes = static_cast<uint32_t>(tile_size(format));
  CircularBufferConfig config(tiles * bytes, {{index, format}});
  config.set_page_size(index, bytes);
  if (over)
    config.set_globally_allocated_address(*over->get_backing_buffer());
  CreateCircularBuffer(program, cores, config);
}

} // namespace calibration

#endif
