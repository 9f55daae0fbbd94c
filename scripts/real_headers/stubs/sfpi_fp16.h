// Half-precision immediates for the syntax check; see sfpi.h.

#pragma once

#include "sfpi.h"

namespace sfpi {

struct s2vFloat16 : vector_base {
  enum Format { fp16a, fp16b };
  constexpr s2vFloat16() = default;
  template <typename... T> constexpr s2vFloat16(T...) {}
  constexpr unsigned get() const { return 0; }
};
struct s2vFloat16a : s2vFloat16 {
  using s2vFloat16::s2vFloat16;
};
struct s2vFloat16b : s2vFloat16 {
  using s2vFloat16::s2vFloat16;
};

} // namespace sfpi
