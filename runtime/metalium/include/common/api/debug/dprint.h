// Printing from kernels: DPRINT << x << ENDL(); and, from mid 2026 on,
// DPRINT("x={}\n", x). Lines appear where TT_METAL_DPRINT_CORES names the core.

#ifndef TESSERA_API_DEBUG_DPRINT_H
#define TESSERA_API_DEBUG_DPRINT_H

#include "api/debug/dprint_tile.h"
#include "hostdevcommon/data_format.h"
#include "tessera_metalium/kernel.h"

// What changes how the next values look, and wrappers that say what bits are.
struct ENDL {};
struct HEX {};
struct DEC {};
struct OCT {};
struct FIXED {};
struct DEFAULTFLOAT {};
struct SETPRECISION {
  explicit SETPRECISION(int digits) : value(digits) {}
  int value;
};
struct SETW {
  explicit SETW(int columns, bool = true) : value(columns) {}
  int value;
};
struct BF16 {
  explicit BF16(uint16_t of) : bits(of) {}
  uint16_t bits;
};
struct F32 {
  explicit F32(float of) : value(of) {}
  float value;
};
struct U32 {
  explicit U32(uint32_t of) : value(of) {}
  uint32_t value;
};

namespace tessera {

class printer {
public:
  const printer &operator<<(const char *text) const {
    tsr_sim_print_text(text);
    return *this;
  }
  const printer &operator<<(char letter) const {
    const char text[2] = {letter, 0};
    return *this << static_cast<const char *>(text);
  }
  const printer &operator<<(bool value) const {
    tsr_sim_print_unsigned(value);
    return *this;
  }
  const printer &operator<<(float value) const {
    tsr_sim_print_float(static_cast<double>(value));
    return *this;
  }
  const printer &operator<<(double value) const {
    tsr_sim_print_float(value);
    return *this;
  }
  const printer &operator<<(BF16 value) const {
    return *this << __builtin_bit_cast(float, static_cast<uint32_t>(value.bits)
                                                  << 16);
  }
  const printer &operator<<(F32 value) const { return *this << value.value; }
  const printer &operator<<(U32 value) const { return *this << value.value; }
  const printer &operator<<(ENDL) const {
    tsr_sim_print_end_line();
    return *this;
  }
  const printer &operator<<(HEX) const { return set(TSR_SIM_PRINT_BASE, 16); }
  const printer &operator<<(DEC) const { return set(TSR_SIM_PRINT_BASE, 10); }
  const printer &operator<<(OCT) const { return set(TSR_SIM_PRINT_BASE, 8); }
  const printer &operator<<(FIXED) const { return set(TSR_SIM_PRINT_FIXED, 1); }
  const printer &operator<<(DEFAULTFLOAT) const {
    return set(TSR_SIM_PRINT_FIXED, 0);
  }
  const printer &operator<<(SETPRECISION digits) const {
    return set(TSR_SIM_PRINT_PRECISION, digits.value);
  }
  const printer &operator<<(SETW columns) const {
    return set(TSR_SIM_PRINT_WIDTH, columns.value);
  }
  template <int MaxBytes>
  const printer &operator<<(const TileSlice<MaxBytes> &part) const {
    part.print();
    return *this;
  }
  // Integers of every size, and enumerations.
  template <typename T> const printer &operator<<(T value) const {
    if (static_cast<T>(-1) < static_cast<T>(0))
      tsr_sim_print_signed(static_cast<int64_t>(value));
    else
      tsr_sim_print_unsigned(static_cast<uint64_t>(value));
    return *this;
  }
  template <typename T> const printer &operator<<(T *pointer) const {
    tsr_sim_print_unsigned(reinterpret_cast<uintptr_t>(pointer));
    return *this;
  }

#if TESSERA_METALIUM_MONTH >= 202608
  // {} stands for the next value; {{ and }} for braces.
  template <typename... Values>
  const printer &operator()(const char *format, const Values &...values) const {
    put(format, values...);
    return *this;
  }
#endif

private:
  const printer &set(tsr_sim_print_setting what, int value) const {
    tsr_sim_print_set(what, value);
    return *this;
  }

  // Puts what comes before the next value; returns what comes behind it.
  const char *put_text(const char *format) const {
    for (; *format; ++format) {
      const bool is_brace = *format == '{' || *format == '}';
      if (is_brace && format[1] == *format)
        ++format;
      else if (*format == '{')
        break;
      *this << *format;
    }
    while (*format && *format != '}')
      ++format;
    return *format ? format + 1 : format;
  }
  void put(const char *format) const { put_text(format); }
  template <typename Value, typename... Values>
  void put(const char *format, const Value &value,
           const Values &...values) const {
    const char *rest = put_text(format);
    *this << value;
    put(rest, values...);
  }
};

} // namespace tessera

constexpr tessera::printer DPRINT;
#define DEVICE_PRINT(...) DPRINT(__VA_ARGS__)

// Statements for one of a core's threads.
#ifdef TRISC_UNPACK
#define DPRINT_UNPACK(x) x
#else
#define DPRINT_UNPACK(x)
#endif
#ifdef TRISC_MATH
#define DPRINT_MATH(x) x
#else
#define DPRINT_MATH(x)
#endif
#ifdef TRISC_PACK
#define DPRINT_PACK(x) x
#else
#define DPRINT_PACK(x)
#endif
#ifdef COMPILE_FOR_BRISC
#define DPRINT_DATA0(x) x
#else
#define DPRINT_DATA0(x)
#endif
#ifdef COMPILE_FOR_NCRISC
#define DPRINT_DATA1(x) x
#else
#define DPRINT_DATA1(x)
#endif

#endif
