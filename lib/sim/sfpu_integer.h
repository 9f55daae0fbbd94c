// The vector unit's functions of integers, in two's complement, and of bits
// whatever they are: one per row of tessera/sim_sfpu.def. Private to lib/sim.
//
// Ops for several formats say which in their last scalar word: a mask of the
// bits a value has.

#ifndef TESSERA_LIB_SIM_SFPU_INTEGER_H
#define TESSERA_LIB_SIM_SFPU_INTEGER_H

#include "sfpu.h"

#define UNARY(id)                                                              \
  static inline uint32_t unary_##id(TSR_UNUSED uint32_t x,                     \
                                    TSR_UNUSED const scalars *s)
#define BINARY(id)                                                             \
  static inline uint32_t binary_##id(uint32_t a, TSR_UNUSED uint32_t b,        \
                                     TSR_UNUSED const scalars *s)
#define TERNARY(id)                                                            \
  static inline uint32_t ternary_##id(uint32_t a, uint32_t b, uint32_t c,      \
                                      TSR_UNUSED const scalars *s)

static inline int32_t signed_of(uint32_t x) { return (int32_t)x; }

// The bits a value of the call's format has.
static inline uint32_t in_format(uint32_t x, const scalars *s) {
  return x & s->words[SCALAR_WORDS - 1];
}

// -- Signs and limits ---------------------------------------------------------

UNARY(RELU_INT) { return signed_of(x) < 0 ? 0 : x; }
UNARY(RELU_MIN_INT) {
  return signed_of(x) < signed_of(s->words[0]) ? s->words[0] : x;
}
UNARY(RELU_MAX_INT) {
  uint32_t top = signed_of(x) > signed_of(s->words[0]) ? s->words[0] : x;
  return signed_of(top) < 0 ? 0 : top;
}
UNARY(ABS_INT) { return signed_of(x) < 0 ? 0u - x : x; }
UNARY(NEGATIVE_INT) { return 0u - x; }
UNARY(SIGNBIT_INT) { return x >> 31; }
UNARY(CLAMP_INT) {
  uint32_t low = signed_of(x) < signed_of(s->words[0]) ? s->words[0] : x;
  return signed_of(low) > signed_of(s->words[1]) ? s->words[1] : low;
}
UNARY(UNARY_MAX_INT) {
  return signed_of(x) > signed_of(s->words[0]) ? x : s->words[0];
}
UNARY(UNARY_MIN_INT) {
  return signed_of(x) < signed_of(s->words[0]) ? x : s->words[0];
}
UNARY(UNARY_MAX_UINT) { return x > s->words[0] ? x : s->words[0]; }
UNARY(UNARY_MIN_UINT) { return x < s->words[0] ? x : s->words[0]; }

// -- With a scalar ------------------------------------------------------------

UNARY(ADD_SCALAR_INT) { return x + s->words[0]; }
UNARY(SUB_SCALAR_INT) { return x - s->words[0]; }
UNARY(RSUB_SCALAR_INT) { return s->words[0] - x; }

// -- Comparisons --------------------------------------------------------------

UNARY(GTZ_INT) { return signed_of(x) > 0; }
UNARY(GEZ_INT) { return signed_of(x) >= 0; }
UNARY(LTZ_INT) { return signed_of(x) < 0; }
UNARY(LEZ_INT) { return signed_of(x) <= 0; }
UNARY(EQZ_INT) { return x == 0; }
UNARY(NEZ_INT) { return x != 0; }
UNARY(GT_SCALAR_INT) { return signed_of(x) > signed_of(s->words[0]); }
UNARY(GE_SCALAR_INT) { return signed_of(x) >= signed_of(s->words[0]); }
UNARY(LT_SCALAR_INT) { return signed_of(x) < signed_of(s->words[0]); }
UNARY(LE_SCALAR_INT) { return signed_of(x) <= signed_of(s->words[0]); }
UNARY(EQ_SCALAR_INT) { return x == s->words[0]; }
UNARY(NE_SCALAR_INT) { return x != s->words[0]; }
UNARY(LOGICAL_NOT_INT) { return x == 0; }

// -- Bits ---------------------------------------------------------------------
// A shift by more than there are bits leaves nothing.

static inline uint32_t shifted_left(uint32_t x, uint32_t by) {
  return by < 32 ? x << by : 0;
}
static inline uint32_t shifted_right(uint32_t x, uint32_t by) {
  return by < 32 ? x >> by : 0;
}
// With copies of the sign.
static inline uint32_t shifted_down(uint32_t x, uint32_t by) {
  uint32_t shifted = shifted_right(x, by);
  bool is_negative = signed_of(x) < 0 && by > 0 && by < 32;
  return is_negative ? shifted | ~(0xffffffffu >> by) : shifted;
}

UNARY(BITWISE_NOT) { return ~x; }
UNARY(BITWISE_AND) { return x & s->words[0]; }
UNARY(BITWISE_OR) { return x | s->words[0]; }
UNARY(BITWISE_XOR) { return x ^ s->words[0]; }
UNARY(LEFT_SHIFT) { return shifted_left(x, s->words[0]); }
UNARY(RIGHT_SHIFT) { return shifted_down(x, s->words[0]); }

// -- Copies and fills ---------------------------------------------------------

UNARY(IDENTITY) { return x; }
UNARY(FILL_INT) { return s->words[0]; }

// -- Two operands -------------------------------------------------------------

BINARY(BINARY_COPY) { return a; }
// Zero of both signs hides.
BINARY(BINARY_MASK) { return b << 1 == 0 ? 0 : a; }

BINARY(ADD_INT) { return in_format(a + b, s); }
BINARY(SUB_INT) { return in_format(a - b, s); }
BINARY(RSUB_INT) { return in_format(b - a, s); }
BINARY(MUL_INT) { return in_format(a * b, s); }
BINARY(MAX_INT) { return signed_of(a) > signed_of(b) ? a : b; }
BINARY(MIN_INT) { return signed_of(a) < signed_of(b) ? a : b; }
BINARY(MAX_UINT) { return a > b ? a : b; }
BINARY(MIN_UINT) { return a < b ? a : b; }
BINARY(LT_INT) { return signed_of(a) < signed_of(b); }
BINARY(GT_INT) { return signed_of(a) > signed_of(b); }
BINARY(LE_INT) { return signed_of(a) <= signed_of(b); }
BINARY(GE_INT) { return signed_of(a) >= signed_of(b); }
BINARY(AND_INT) { return in_format(a & b, s); }
BINARY(OR_INT) { return in_format(a | b, s); }
BINARY(XOR_INT) { return in_format(a ^ b, s); }
BINARY(LEFT_SHIFT_INT) { return in_format(shifted_left(a, b), s); }
BINARY(LOGICAL_SHIFT_INT) { return in_format(shifted_right(a, b), s); }
// Signed where the format is: its top bit is bit 31 then.
BINARY(RIGHT_SHIFT_INT) { return in_format(shifted_down(a, b), s); }

static inline uint32_t magnitude_of(uint32_t x) {
  return signed_of(x) < 0 ? 0u - x : x;
}

BINARY(GCD) {
  uint32_t left = magnitude_of(a), right = magnitude_of(b);
  while (right) {
    uint32_t rest = left % right;
    left = right;
    right = rest;
  }
  return left;
}
BINARY(LCM) {
  uint32_t divisor = binary_GCD(a, b, s);
  return divisor ? magnitude_of(a) / divisor * magnitude_of(b) : 0;
}

// By zero gives what a reciprocal of infinity saturates to.
static inline uint32_t quotient_of(uint32_t a, uint32_t b) {
  if (b == 0)
    return a == 0 ? 0 : signed_of(a) < 0 ? 0x80000000u : 0x7fffffffu;
  uint32_t magnitude = magnitude_of(a) / magnitude_of(b);
  return (signed_of(a) < 0) != (signed_of(b) < 0) ? 0u - magnitude : magnitude;
}

BINARY(DIV_TRUNC_INT) { return quotient_of(a, b); }
BINARY(DIV_FLOOR_INT) {
  uint32_t quotient = quotient_of(a, b);
  bool is_inexact = b != 0 && quotient * b != a;
  bool is_negative = (signed_of(a) < 0) != (signed_of(b) < 0);
  return is_inexact && is_negative ? quotient - 1 : quotient;
}
// As floating point, for which it is rounded once or, of large operands, each
// of them and the quotient.
BINARY(DIV_INT) { return bits_of((float)signed_of(a) / (float)signed_of(b)); }
BINARY(FMOD_INT) { return b ? a - quotient_of(a, b) * b : a; }
BINARY(REMAINDER_INT) {
  uint32_t rest = binary_FMOD_INT(a, b, s);
  bool differs = (signed_of(rest) < 0) != (signed_of(b) < 0);
  return b && rest && differs ? rest + b : rest;
}

// -- Three operands -----------------------------------------------------------

TERNARY(WHERE) { return a << 1 != 0 ? b : c; }

#undef UNARY
#undef BINARY
#undef TERNARY

#endif
