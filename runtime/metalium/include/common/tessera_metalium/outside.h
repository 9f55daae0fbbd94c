// Calls of tt-metal that the model does not have: using one says so, in place
// of a name that is not declared.

#ifndef TESSERA_METALIUM_OUTSIDE_H
#define TESSERA_METALIUM_OUTSIDE_H

namespace tessera {
template <typename...> constexpr bool is_in_surface = false;
} // namespace tessera

#define TESSERA_OUTSIDE(name)                                                  \
  template <auto... Flags, typename... Args> inline void name(Args...) {       \
    static_assert(tessera::is_in_surface<Args...>,                             \
                  #name " is outside of the model's surface: docs/model.md "   \
                        "lists what is in it");                                \
  }

#endif
