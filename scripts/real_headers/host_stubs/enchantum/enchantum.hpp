// Names of enumerators for the syntax check of host programs; see fmt/base.h.

#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace enchantum {

template <typename E> std::string_view to_string(E);
template <typename E> std::optional<E> cast(std::string_view);
template <typename E> constexpr std::size_t count = 1;
template <typename E> constexpr std::array<E, 1> values{};
namespace scoped {
template <typename E> std::string_view to_string(E);
} // namespace scoped

} // namespace enchantum
