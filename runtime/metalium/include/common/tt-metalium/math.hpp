// Integer arithmetic.

#ifndef TESSERA_TT_METALIUM_MATH_HPP
#define TESSERA_TT_METALIUM_MATH_HPP

#include <type_traits>

namespace tt {

template <typename A, typename B>
constexpr auto div_up(A a, B b) -> std::common_type_t<A, B> {
  static_assert(std::is_integral_v<A> && std::is_integral_v<B>);
  return (a + b - 1) / b;
}

template <typename A, typename B>
constexpr auto round_up(A a, B b) -> std::common_type_t<A, B> {
  return b * div_up(a, b);
}

template <typename A, typename B>
constexpr auto round_down(A a, B b) -> std::common_type_t<A, B> {
  return a / b * b;
}

} // namespace tt

#endif
