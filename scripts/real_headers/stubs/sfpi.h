// Vector-unit types for the syntax check against real tt-metal headers.
//
// tt-metal's SFPU sources are written in a C++ dialect whose header comes with
// its own compiler, not with the source tree. Generated kernels never name
// these types; they only include headers whose inline functions do. So this
// stand-in accepts every use and gives it no meaning: one type per vector
// kind, convertible from anything, with every operator. Constants and compiler
// builtins that a tree names are added by the checker (tessera_sfpi_names.h),
// because each release has its own.

#pragma once

#include <cstdint>
#include <limits>
#include <type_traits>

namespace sfpi {

enum class LRegs { LReg0, LReg1, LReg2, LReg3, LReg4, LReg5, LReg6, LReg7 };

struct vector_base {};
struct vFloat;
struct vInt;
struct vUInt;

template <typename T>
constexpr bool is_vector = std::is_base_of_v<vector_base, std::decay_t<T>>;

// The kind a two-operand operator yields: that of its vector operand.
template <typename A, typename B>
using result_of =
    std::conditional_t<is_vector<A>, std::decay_t<A>, std::decay_t<B>>;

#define TESSERA_VECTOR(name)                                                   \
  struct name : vector_base {                                                  \
    constexpr name() = default;                                                \
    template <typename T> constexpr name(const T &) {}                         \
    template <typename T> constexpr name &operator=(const T &) {               \
      return *this;                                                            \
    }                                                                          \
    template <typename... T> constexpr name operator()(T...) const {           \
      return {};                                                               \
    }                                                                          \
    template <typename T> constexpr name operator[](T) const { return {}; }    \
    explicit constexpr operator bool() const { return true; }                  \
    constexpr name operator-() const { return {}; }                            \
    constexpr name operator~() const { return {}; }                            \
    constexpr name operator!() const { return {}; }                            \
    constexpr name operator++(int) const { return {}; }                        \
    constexpr name &operator++() { return *this; }                             \
    constexpr name operator--(int) const { return {}; }                        \
    constexpr name &operator--() { return *this; }                             \
    template <typename T> constexpr const name &operator+=(T) const {          \
      return *this;                                                            \
    }                                                                          \
    template <typename T> constexpr const name &operator-=(T) const {          \
      return *this;                                                            \
    }                                                                          \
    template <typename T> constexpr const name &operator*=(T) const {          \
      return *this;                                                            \
    }                                                                          \
    template <typename T> constexpr const name &operator|=(T) const {          \
      return *this;                                                            \
    }                                                                          \
    template <typename T> constexpr const name &operator&=(T) const {          \
      return *this;                                                            \
    }                                                                          \
    template <typename T> constexpr const name &operator^=(T) const {          \
      return *this;                                                            \
    }                                                                          \
    template <typename T> constexpr const name &operator<<=(T) const {         \
      return *this;                                                            \
    }                                                                          \
    template <typename T> constexpr const name &operator>>=(T) const {         \
      return *this;                                                            \
    }                                                                          \
    constexpr int get() const { return 0; }                                    \
    template <typename... T> constexpr name mode(T...) const { return {}; }    \
  };
TESSERA_VECTOR(vFloat)
TESSERA_VECTOR(vInt)
TESSERA_VECTOR(vUInt)
TESSERA_VECTOR(vMag)
TESSERA_VECTOR(vSMag)
TESSERA_VECTOR(vBool)
// What a name of unknown kind stands for: register files, results of calls.
TESSERA_VECTOR(vAny)
#undef TESSERA_VECTOR

#define TESSERA_BINARY(op)                                                     \
  template <typename A, typename B,                                            \
            std::enable_if_t<is_vector<A> || is_vector<B>, int> = 0>           \
  constexpr result_of<A, B> operator op(const A &, const B &) {                \
    return {};                                                                 \
  }
TESSERA_BINARY(+)
TESSERA_BINARY(-)
TESSERA_BINARY(*)
TESSERA_BINARY(|)
TESSERA_BINARY(&)
TESSERA_BINARY(^)
TESSERA_BINARY(<<)
TESSERA_BINARY(>>)
TESSERA_BINARY(==)
TESSERA_BINARY(!=)
TESSERA_BINARY(<)
TESSERA_BINARY(<=)
TESSERA_BINARY(>)
TESSERA_BINARY(>=)
TESSERA_BINARY(&&)
TESSERA_BINARY(||)
#undef TESSERA_BINARY

// A register file: an element may be of any vector kind, read or written.
struct register_file {
  struct element : vector_base {
    template <typename T> constexpr const element &operator=(const T &) const {
      return *this;
    }
    constexpr const element &operator=(const element &) const { return *this; }
    constexpr operator vFloat() const { return {}; }
    constexpr operator vInt() const { return {}; }
    constexpr operator vUInt() const { return {}; }
    template <typename... T> constexpr element mode(T...) const { return {}; }
    constexpr vFloat operator-() const { return {}; }
    constexpr element() = default;
    template <typename T> constexpr element(const T &) {}
    constexpr element(const element &) = default;
  };
  template <typename T> constexpr element operator[](T) const { return {}; }
  constexpr const register_file &operator++() const { return *this; }
  constexpr const register_file &operator++(int) const { return *this; }
  template <typename T> constexpr const register_file &operator+=(T) const {
    return *this;
  }
};
constexpr register_file dst_reg{};
constexpr register_file l_reg{};

template <typename To, typename From> constexpr To reinterpret(const From &) {
  return {};
}
template <typename To, typename From> constexpr To as(const From &) {
  return {};
}

} // namespace sfpi

// Conditional lanes: every branch is compiled, which is what matters here.
#define v_if(condition)     if (static_cast<bool>(sfpi::vAny(condition)))
#define v_elseif(condition) else if (static_cast<bool>(sfpi::vAny(condition)))
#define v_else              else
#define v_endif
#define v_block
#define v_endblock
#define v_and(condition) static_cast<void>(condition)
#define v_or(condition)  static_cast<void>(condition)
#define sfpi_inline      __attribute__((always_inline)) inline

#include "sfpi_fp16.h"
#include "tessera_sfpi_names.h"
