// Rounding up.

#ifndef TESSERA_TT_METALIUM_TT_ALIGN_HPP
#define TESSERA_TT_METALIUM_TT_ALIGN_HPP

#include <type_traits>

namespace tt {

// The next multiple of `alignment`, of any size; 0 leaves `value` as it is.
template <typename A, typename B>
constexpr auto align(A value, B alignment) -> std::common_type_t<A, B> {
  return alignment == 0 ? value
                        : (value + alignment - 1) / alignment * alignment;
}

} // namespace tt

#endif
