// Data on the host: sizes of tiles, vectors of bf16.

#include <random>

#include <tt-metalium/bfloat16.hpp>
#include <tt-metalium/tt_backend_api_types.hpp>

#include "model.hpp"

namespace tt {

std::uint32_t tile_size(DataFormat format) {
  switch (format) {
  case DataFormat::Float32:
  case DataFormat::Int32:
  case DataFormat::UInt32:
    return 4096;
  case DataFormat::Float16:
  case DataFormat::Float16_b:
  case DataFormat::UInt16:
    return 2048;
  case DataFormat::Bfp8:
  case DataFormat::Bfp8_b:
    return 1088;
  case DataFormat::UInt8:
  case DataFormat::Int8:
  case DataFormat::Lf8:
    return 1024;
  case DataFormat::Bfp4:
  case DataFormat::Bfp4_b:
    return 576;
  case DataFormat::Bfp2:
  case DataFormat::Bfp2_b:
    return 320;
  case DataFormat::Tf32:
  case DataFormat::Invalid:
    break;
  }
  throw tessera::fatal("data format " +
                       std::to_string(static_cast<unsigned>(format)) +
                       " has no tiles in memory");
}

} // namespace tt

std::vector<bfloat16> create_random_vector_of_bfloat16_native(std::size_t bytes,
                                                              float max_value,
                                                              int seed,
                                                              float offset) {
  std::mt19937 generator(static_cast<std::uint32_t>(seed));
  std::vector<bfloat16> data(bytes / sizeof(bfloat16));
  // 24 bits make a float exactly: no distribution object, whose results may
  // differ between libraries.
  for (bfloat16 &value : data)
    value = bfloat16(static_cast<float>(generator() >> 8) *
                         (max_value / 16777216.0f) +
                     offset);
  return data;
}

std::vector<std::uint32_t> create_constant_vector_of_bfloat16(std::size_t bytes,
                                                              float value) {
  const std::vector<bfloat16> pair(2, bfloat16(value));
  return std::vector<std::uint32_t>(bytes / sizeof(std::uint32_t),
                                    pack_bfloat16_vec_into_uint32_vec(pair)[0]);
}

std::vector<std::uint32_t>
pack_bfloat16_vec_into_uint32_vec(const std::vector<bfloat16> &data) {
  std::vector<std::uint32_t> words(data.size() / 2);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto low = __builtin_bit_cast(std::uint16_t, data[2 * i]);
    const auto high = __builtin_bit_cast(std::uint16_t, data[2 * i + 1]);
    words[i] = static_cast<std::uint32_t>(high) << 16 | low;
  }
  return words;
}

std::vector<bfloat16>
unpack_uint32_vec_into_bfloat16_vec(const std::vector<std::uint32_t> &data) {
  std::vector<bfloat16> values;
  values.reserve(data.size() * 2);
  for (std::uint32_t word : data) {
    values.push_back(bfloat16(static_cast<std::uint16_t>(word & 0xffffu)));
    values.push_back(bfloat16(static_cast<std::uint16_t>(word >> 16)));
  }
  return values;
}
