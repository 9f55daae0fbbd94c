// bf16 on the host.

#ifndef TESSERA_TT_METALIUM_BFLOAT16_HPP
#define TESSERA_TT_METALIUM_BFLOAT16_HPP

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <type_traits>
#include <utility>
#include <vector>

class bfloat16 {
public:
  constexpr bfloat16() = default;
  // From a number: nearest, ties to even; every NaN becomes the same one.
  template <typename T>
    requires std::is_arithmetic_v<T>
  constexpr bfloat16(T value) : bits_(nearest(static_cast<float>(value))) {}

  constexpr operator float() const {
    return __builtin_bit_cast(float, static_cast<std::uint32_t>(bits_) << 16);
  }

  static constexpr bfloat16 truncate(float value) {
    bfloat16 made;
    made.bits_ = static_cast<std::uint16_t>(
        __builtin_bit_cast(std::uint32_t, value) >> 16);
    return made;
  }

  constexpr bool operator==(bfloat16 other) const {
    return static_cast<float>(*this) == static_cast<float>(other);
  }
  constexpr std::partial_ordering operator<=>(bfloat16 other) const {
    return static_cast<float>(*this) <=> static_cast<float>(other);
  }

  bfloat16 operator+(bfloat16 other) const { return value() + other.value(); }
  bfloat16 operator-(bfloat16 other) const { return value() - other.value(); }
  bfloat16 operator*(bfloat16 other) const { return value() * other.value(); }
  bfloat16 operator/(bfloat16 other) const { return value() / other.value(); }
  bfloat16 &operator+=(bfloat16 other) { return *this = *this + other; }
  bfloat16 &operator-=(bfloat16 other) { return *this = *this - other; }
  bfloat16 &operator*=(bfloat16 other) { return *this = *this * other; }
  bfloat16 &operator/=(bfloat16 other) { return *this = *this / other; }

private:
  float value() const { return static_cast<float>(*this); }

  static constexpr std::uint16_t nearest(float value) {
    const auto bits = __builtin_bit_cast(std::uint32_t, value);
    if ((bits & 0x7fffffffu) > 0x7f800000u)
      return 0x7fc0;
    return static_cast<std::uint16_t>((bits + 0x7fffu + ((bits >> 16) & 1u)) >>
                                      16);
  }

  std::uint16_t bits_ = 0;
};

static_assert(sizeof(bfloat16) == 2);

// Writes the bits, as a decimal number.
std::ostream &operator<<(std::ostream &out, const bfloat16 &value);

// Bit by bit: a NaN equals itself, and zeros differ by their sign.
bool operator==(const std::vector<bfloat16> &a, const std::vector<bfloat16> &b);

// Uniform from `offset` to `offset` + `max_value`.
std::vector<bfloat16>
create_random_vector_of_bfloat16_native(std::size_t bytes, float max_value,
                                        int seed, float offset = 0.0f);
// The same, two to a word.
std::vector<std::uint32_t> create_random_vector_of_bfloat16(std::size_t bytes,
                                                            int max_value,
                                                            int seed,
                                                            float offset = 0);
// One word at least; a single word holds the value and a zero.
std::vector<std::uint32_t> create_constant_vector_of_bfloat16(std::size_t bytes,
                                                              float value);
// Zeros with `ones` ones from the start of the diagonal on.
std::vector<bfloat16> create_identity_matrix(int rows, int cols, int ones);

// The first of a pair is the low half of the word.
std::uint32_t
pack_two_bfloat16_into_uint32(std::pair<bfloat16, bfloat16> values);
std::pair<bfloat16, bfloat16>
unpack_two_bfloat16_from_uint32(std::uint32_t word);
std::vector<std::uint32_t>
pack_bfloat16_vec_into_uint32_vec(const std::vector<bfloat16> &data);
inline bfloat16 bfloat16_identity_transform(const bfloat16 &value) {
  return value;
}
std::vector<bfloat16> unpack_uint32_vec_into_bfloat16_vec(
    const std::vector<std::uint32_t> &data,
    const std::function<bfloat16(const bfloat16 &)> &transform =
        bfloat16_identity_transform);

// Whether the first `count` digits of both are the same, as they are written
// with six decimals, behind the zeros that `a` begins with.
bool equal_within_n_sig_figs(float a, float b, int count);

bool is_close(float a, float b, float relative = 0.01f,
              float absolute = 0.001f);

#endif
