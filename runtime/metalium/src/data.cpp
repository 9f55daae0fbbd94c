// Data on the host: sizes of tiles, vectors of bf16.

#include <algorithm>
#include <cmath>
#include <cstring>
#include <ostream>
#include <random>
#include <string>

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
  // What std::uniform_real_distribution gives with the library that tt-metal is
  // built with; others may give something else.
  constexpr float below_one = 0x1.fffffep-1f;
  for (bfloat16 &value : data) {
    const float part = static_cast<float>(generator()) * 0x1p-32f;
    value = bfloat16(std::min(part, below_one) * max_value + offset);
  }
  return data;
}

std::vector<std::uint32_t> create_constant_vector_of_bfloat16(std::size_t bytes,
                                                              float value) {
  const std::size_t words =
      std::max<std::size_t>(bytes / sizeof(std::uint32_t), 1);
  // tt-metal takes a single word for a single value.
  const bfloat16 second(words == 1 ? 0.0f : value);
  return std::vector<std::uint32_t>(
      words, pack_two_bfloat16_into_uint32({bfloat16(value), second}));
}

std::vector<std::uint32_t> create_random_vector_of_bfloat16(std::size_t bytes,
                                                            int max_value,
                                                            int seed,
                                                            float offset) {
  return pack_bfloat16_vec_into_uint32_vec(
      create_random_vector_of_bfloat16_native(
          bytes, static_cast<float>(max_value), seed, offset));
}

std::vector<bfloat16> create_identity_matrix(int rows, int cols, int ones) {
  std::vector<bfloat16> data(static_cast<std::size_t>(rows) *
                                 static_cast<std::size_t>(cols),
                             bfloat16(0.0f));
  for (int i = 0; i < ones && i < rows && i < cols; ++i)
    data[static_cast<std::size_t>(i) * static_cast<std::size_t>(cols + 1)] =
        bfloat16(1.0f);
  return data;
}

std::ostream &operator<<(std::ostream &out, const bfloat16 &value) {
  return out << __builtin_bit_cast(std::uint16_t, value);
}

bool operator==(const std::vector<bfloat16> &a,
                const std::vector<bfloat16> &b) {
  return a.size() == b.size() &&
         std::memcmp(a.data(), b.data(), a.size() * sizeof(bfloat16)) == 0;
}

std::uint32_t
pack_two_bfloat16_into_uint32(std::pair<bfloat16, bfloat16> values) {
  const auto low = __builtin_bit_cast(std::uint16_t, values.first);
  const auto high = __builtin_bit_cast(std::uint16_t, values.second);
  return static_cast<std::uint32_t>(high) << 16 | low;
}

std::pair<bfloat16, bfloat16>
unpack_two_bfloat16_from_uint32(std::uint32_t word) {
  return {__builtin_bit_cast(bfloat16, static_cast<std::uint16_t>(word)),
          __builtin_bit_cast(bfloat16, static_cast<std::uint16_t>(word >> 16))};
}

std::vector<std::uint32_t>
pack_bfloat16_vec_into_uint32_vec(const std::vector<bfloat16> &data) {
  if (data.size() % 2 != 0)
    throw tessera::fatal("pack_bfloat16_vec_into_uint32_vec: two values make a "
                         "word, but there are " +
                         std::to_string(data.size()));
  std::vector<std::uint32_t> words(data.size() / 2);
  for (std::size_t i = 0; i < words.size(); ++i)
    words[i] = pack_two_bfloat16_into_uint32({data[2 * i], data[2 * i + 1]});
  return words;
}

std::vector<bfloat16> unpack_uint32_vec_into_bfloat16_vec(
    const std::vector<std::uint32_t> &data,
    const std::function<bfloat16(const bfloat16 &)> &transform) {
  std::vector<bfloat16> values;
  values.reserve(data.size() * 2);
  for (std::uint32_t word : data) {
    const auto [first, second] = unpack_two_bfloat16_from_uint32(word);
    values.push_back(transform(first));
    values.push_back(transform(second));
  }
  return values;
}

bool equal_within_n_sig_figs(float a, float b, int count) {
  const std::string left = std::to_string(a), right = std::to_string(b);
  const std::size_t end = std::min(left.size(), right.size());
  int same = 0;
  for (std::size_t i = std::min(left.find_first_not_of("0."), end); i < end;
       ++i) {
    if (left[i] != right[i])
      return false;
    same += left[i] != '.';
    if (same == count)
      return true;
  }
  return true;
}

bool is_close(float a, float b, float relative, float absolute) {
  const float most = std::max(std::abs(a), std::abs(b));
  return std::abs(a - b) <= std::max(relative * most, absolute);
}
