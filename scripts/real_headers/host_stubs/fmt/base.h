// Text formatting for the syntax check of host programs: accepts every use.
//
// tt-metal's build downloads this library and a few more; a source tree does
// not have them. A generated host program uses none of them itself, only the
// tree's headers do.

#pragma once

#include <cstdio>
#include <iterator>
#include <string>
#include <string_view>
#include <type_traits>

namespace fmt {

template <typename Char> struct basic_parse_context {
  using iterator = const Char *;
  constexpr iterator begin() const { return nullptr; }
  constexpr iterator end() const { return nullptr; }
  constexpr void advance_to(iterator) {}
};
using format_parse_context = basic_parse_context<char>;
template <typename Char>
using basic_format_parse_context = basic_parse_context<Char>;

struct format_context {
  using iterator = std::back_insert_iterator<std::string>;
  iterator out() const;
  void advance_to(iterator);
};

template <typename T, typename Char = char, typename Enable = void>
struct formatter {
  constexpr const Char *parse(basic_parse_context<Char> &) { return nullptr; }
  template <typename Value, typename Context>
  auto format(const Value &, Context &context) const {
    return context.out();
  }
};

template <typename... T> struct any_format_string {
  template <typename S> constexpr any_format_string(const S &) {}
};
template <typename... T>
using format_string = any_format_string<std::type_identity_t<T>...>;
using string_view = std::string_view;

template <typename S, typename... T> std::string format(const S &, T &&...);
template <typename Out, typename S, typename... T>
Out format_to(Out out, const S &, T &&...);
template <typename... T> void print(T &&...);
template <typename... T> void println(T &&...);
template <typename T> const void *ptr(const T &);
template <typename... T> std::string_view join(T &&...);
template <typename T> std::string to_string(const T &);
template <typename... T> std::string vformat(T &&...);
template <typename... T> int make_format_args(T &&...);
struct runtime_string {};
template <typename S> runtime_string runtime(const S &);

template <typename T, typename Char = char>
struct is_formattable : std::true_type {};

} // namespace fmt
