// bf16 on the host.

#ifndef TESSERA_TT_METALIUM_BFLOAT16_HPP
#define TESSERA_TT_METALIUM_BFLOAT16_HPP

#include <cstddef>
#include <cstdint>
#include <vector>

class bfloat16 {
public:
  bfloat16() = default;
  // Nearest, ties to even; a NaN stays one.
  bfloat16(float value) {
    const std::uint32_t bits = __builtin_bit_cast(std::uint32_t, value);
    if ((bits & 0x7fffffffu) > 0x7f800000u)
      bits_ = static_cast<std::uint16_t>((bits >> 16) | 0x40u);
    else
      bits_ = static_cast<std::uint16_t>(
          (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16);
  }
  explicit bfloat16(std::uint16_t bits) : bits_(bits) {}
  explicit bfloat16(double value) : bfloat16(static_cast<float>(value)) {}
  explicit bfloat16(int value) : bfloat16(static_cast<float>(value)) {}

  explicit operator float() const {
    return __builtin_bit_cast(float, static_cast<std::uint32_t>(bits_) << 16);
  }
  explicit operator double() const {
    return static_cast<double>(static_cast<float>(*this));
  }

  static bfloat16 truncate(float value) {
    return bfloat16(static_cast<std::uint16_t>(
        __builtin_bit_cast(std::uint32_t, value) >> 16));
  }

  friend bool operator==(bfloat16 a, bfloat16 b) {
    return static_cast<float>(a) == static_cast<float>(b);
  }
  friend bool operator!=(bfloat16 a, bfloat16 b) { return !(a == b); }
  friend bool operator<(bfloat16 a, bfloat16 b) {
    return static_cast<float>(a) < static_cast<float>(b);
  }

private:
  std::uint16_t bits_ = 0;
};

static_assert(sizeof(bfloat16) == 2);

std::vector<bfloat16>
create_random_vector_of_bfloat16_native(std::size_t bytes, float max_value,
                                        int seed, float offset = 0.0f);
std::vector<std::uint32_t> create_constant_vector_of_bfloat16(std::size_t bytes,
                                                              float value);
std::vector<std::uint32_t>
pack_bfloat16_vec_into_uint32_vec(const std::vector<bfloat16> &data);
std::vector<bfloat16>
unpack_uint32_vec_into_bfloat16_vec(const std::vector<std::uint32_t> &data);

#endif
