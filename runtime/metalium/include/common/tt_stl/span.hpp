// A view of values that lie together.

#ifndef TESSERA_TT_STL_SPAN_HPP
#define TESSERA_TT_STL_SPAN_HPP

#include <span>

namespace ttsl {
template <typename T> using Span = std::span<T>;
} // namespace ttsl
namespace tt {
namespace stl = ::ttsl;
}

#endif
