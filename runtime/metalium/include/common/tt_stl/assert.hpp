// Checks of host programs. A failed one throws std::runtime_error with place,
// condition and message, formatted with fmt where that is installed.

#ifndef TESSERA_TT_STL_ASSERT_HPP
#define TESSERA_TT_STL_ASSERT_HPP

// Programs count on these to come along.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <iostream>
#include <stdexcept>
#include <string>

#include <tt_stl/fmt.hpp>

namespace tt::assert {

#ifdef TESSERA_HAS_FMT
template <typename... Args>
std::string text(fmt::format_string<const Args &...> format,
                 const Args &...args) {
  return fmt::format(format, args...);
}
#else
template <typename... Args>
std::string text(const char *format, const Args &...) {
  return format;
}
#endif
inline std::string text() { return ""; }

[[noreturn]] inline void fail(const char *file, int line, const char *kind,
                              const char *condition,
                              const std::string &message) {
  throw std::runtime_error(std::string(kind) + " @ " + file + ":" +
                           std::to_string(line) + ": " + condition +
                           (message.empty() ? "" : "\ninfo:\n") + message);
}

} // namespace tt::assert

#ifndef TT_THROW
#define TT_THROW(...)                                                          \
  ::tt::assert::fail(__FILE__, __LINE__, "TT_THROW", "tt::exception",          \
                     ::tt::assert::text(__VA_ARGS__))
#endif
#ifndef TT_FATAL
#define TT_FATAL(condition, ...)                                               \
  do {                                                                         \
    if (!(condition))                                                          \
      ::tt::assert::fail(__FILE__, __LINE__, "TT_FATAL", #condition,           \
                         ::tt::assert::text(__VA_ARGS__));                     \
  } while (0)
#endif
#ifndef TT_ASSERT
#ifdef DEBUG
#define TT_ASSERT(condition, ...)                                              \
  do {                                                                         \
    if (!(condition))                                                          \
      ::tt::assert::fail(__FILE__, __LINE__, "TT_ASSERT", #condition,          \
                         ::tt::assert::text(__VA_ARGS__));                     \
  } while (0)
#else
#define TT_ASSERT(condition, ...) static_cast<void>(condition)
#endif
#endif

#endif
