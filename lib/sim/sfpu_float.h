// The vector unit's functions of floating-point elements, one per row of
// tessera/sim_sfpu.def: scalars come as the call's words. Inline, so that each
// loop over a tile is vectorised by itself. Private to lib/sim.

#ifndef TESSERA_LIB_SIM_SFPU_FLOAT_H
#define TESSERA_LIB_SIM_SFPU_FLOAT_H

#include "sfpu.h"
#include "special.h"

#define UNARY(id)                                                              \
  static inline float unary_##id(TSR_UNUSED float x,                           \
                                 TSR_UNUSED const scalars *s)
#define BINARY(id)                                                             \
  static inline float binary_##id(TSR_UNUSED float a, TSR_UNUSED float b,      \
                                  TSR_UNUSED const scalars *s)
#define TERNARY(id)                                                            \
  static inline float ternary_##id(float a, float b, float c,                  \
                                   TSR_UNUSED const scalars *s)

// Scalar `i` of the call.
static inline float scalar(const scalars *s, int i) {
  return float_of(s->words[i]);
}

// Which NaN arithmetic gives is left open: to the chip (SFPMAD, "IEEE754
// conformance": its sign and most of its mantissa may be anything), and to the
// processor that this runs on. Here it is the FPU's, so that a number is the
// same whichever unit computes it, also where its sign decides (SFPSWAP).
static inline float one_nan(float x) {
  return x == x ? x : float_of(canonical_nan);
}

// SFPSWAP orders by sign and magnitude: -0 below 0, NaN beyond infinity. So the
// larger of two numbers is the same whichever comes first.
static inline int32_t rank_of(float x) {
  int32_t bits = (int32_t)bits_of(x);
  return bits ^ (bits < 0 ? INT32_MAX : 0);
}

static inline float larger_of(float a, float b) {
  return rank_of(a) > rank_of(b) ? a : b;
}

static inline float smaller_of(float a, float b) {
  return rank_of(a) < rank_of(b) ? a : b;
}

static inline float truth(bool holds) { return holds ? 1.0f : 0.0f; }

// -- Powers, roots, logarithms ------------------------------------------------

// e^r for |r| <= ln 2 / 2 from its series; the first term left out is below
// 1e-11.
static inline double exp_series(double r) {
  static const double terms[] = {
      1.0 / 362880, 1.0 / 40320, 1.0 / 5040, 1.0 / 720, 1.0 / 120,
      1.0 / 24,     1.0 / 6,     1.0 / 2,    1.0,       1.0};
  double sum = terms[0];
  for (size_t i = 1; i < sizeof terms / sizeof *terms; i++)
    sum = sum * r + terms[i];
  return sum;
}

// x = k ln 2 + r, so e^x = 2^k e^r. No branch and no conversion to an integer,
// so that a loop over it is vectorised.
static inline float exp_of(float x) {
  static const double log2_e = 1.4426950408889634;
  static const double ln_2 = 0.6931471805599453;
  // Adding it rounds a double to a whole number, which is then in its low bits.
  static const double shifter = 6755399441055744.0;
  static const uint64_t exponent_bias = 1023;
  // Beyond these fp32 has only infinity and zero. A NaN passes through.
  static const double highest = 89, lowest = -104;
  double wide = x;
  wide = wide > highest ? highest : wide;
  wide = wide < lowest ? lowest : wide;
  double shifted = wide * log2_e + shifter;
  uint64_t power = 0;
  memcpy(&power, &shifted, sizeof power);
  power = (power + exponent_bias) << 52;
  double scale = 0;
  memcpy(&scale, &power, sizeof scale);
  return one_nan(
      (float)(exp_series(wide - (shifted - shifter) * ln_2) * scale));
}

// The accurate form, which may scale its argument.
UNARY(EXP) { return exp_of(s->words[1] ? x * scalar(s, 0) : x); }
UNARY(EXP2) { return one_nan((float)special_pow(2, x)); }
UNARY(EXPM1) { return one_nan((float)special_expm1(x)); }
UNARY(LOG) { return one_nan((float)special_log(x)); }
// The scalar is 1 / ln(base).
UNARY(LOG_WITH_BASE) { return one_nan((float)(special_log(x) * scalar(s, 0))); }
UNARY(LOG1P) { return one_nan((float)special_log1p(x)); }
// Square roots are rounded correctly by every processor.
UNARY(SQRT) { return one_nan(__builtin_sqrtf(x)); }
UNARY(RSQRT) { return one_nan((float)(1.0 / __builtin_sqrt((double)x))); }
UNARY(CBRT) { return one_nan((float)special_cbrt(x)); }
UNARY(RECIP) { return one_nan(1.0f / x); }
UNARY(SQUARE) { return one_nan(x * x); }
UNARY(POWER) { return one_nan((float)special_pow(x, scalar(s, 0))); }
UNARY(RPOW) { return one_nan((float)special_pow(scalar(s, 0), x)); }

// As the chip does it: squares, and a product for each bit of the exponent.
UNARY(POWER_ITERATIVE) {
  float result = 1;
  for (uint32_t n = s->words[0]; n; n >>= 1) {
    result = n & 1 ? result * x : result;
    x *= x;
  }
  return result;
}

// -- Activations --------------------------------------------------------------

static inline double sigmoid_of(double x) { return 1 / (1 + special_exp(-x)); }

UNARY(RELU) { return x < 0 ? 0 : x; }
UNARY(RELU_MIN) { return x < scalar(s, 0) ? scalar(s, 0) : x; }
UNARY(RELU_MAX) {
  float top = x > scalar(s, 0) ? scalar(s, 0) : x;
  return top < 0 ? 0 : top;
}
UNARY(LEAKY_RELU) { return x < 0 ? x * scalar(s, 0) : x; }
UNARY(PRELU) { return x < 0 ? x * scalar(s, 0) : x; }
UNARY(ELU) { return x < 0 ? (float)(special_expm1(x) * scalar(s, 0)) : x; }
UNARY(SELU) {
  double inner = x < 0 ? special_expm1(x) * scalar(s, 1) : (double)x;
  return (float)(inner * scalar(s, 0));
}
UNARY(CELU) {
  double share = (double)x * scalar(s, 1);
  return x < 0 ? (float)(special_expm1(share) * scalar(s, 0)) : x;
}
UNARY(XIELU) {
  double wide = x;
  double curve = x > 0 ? scalar(s, 0) * wide * wide
                       : scalar(s, 1) * (special_expm1(wide) - wide);
  return (float)(curve + wide / 2);
}
UNARY(GELU) {
  static const double root_half = 0.7071067811865476;
  return (float)(x * special_erfc(-x * root_half) / 2);
}
UNARY(SIGMOID) { return one_nan((float)sigmoid_of(x)); }
UNARY(SILU) { return one_nan((float)(x * sigmoid_of(x))); }
// beta, its reciprocal, and from where on the result is x.
UNARY(SOFTPLUS) {
  double wide = (double)x * scalar(s, 0);
  double inner = wide > 0 ? wide + special_log1p(special_exp(-wide))
                          : special_log1p(special_exp(wide));
  return wide < scalar(s, 2) ? (float)(inner * scalar(s, 1)) : x;
}
UNARY(SOFTSIGN) {
  return one_nan((float)(x / (1 + __builtin_fabs((double)x))));
}
UNARY(SOFTSHRINK) {
  float bound = scalar(s, 0);
  return x > bound ? x - bound : x < -bound ? x + bound : 0;
}
UNARY(HARDSIGMOID) {
  double line = x / 6.0 + 0.5;
  return (float)(line < 0 ? 0 : line > 1 ? 1 : line);
}
UNARY(HARDTANH) {
  float low = x < scalar(s, 0) ? scalar(s, 0) : x;
  return low > scalar(s, 1) ? scalar(s, 1) : low;
}
UNARY(HARDMISH) {
  double line = (double)x + 2.8;
  line = line < 0 ? 0 : line > 5 ? 5 : line;
  return (float)(x * line / 5);
}
UNARY(THRESHOLD) { return x <= scalar(s, 0) ? scalar(s, 1) : x; }
UNARY(HEAVISIDE) { return x < 0 ? 0 : x > 0 ? 1 : scalar(s, 0); }

// -- Trigonometry and other special functions ---------------------------------

UNARY(SIN) { return one_nan((float)special_sin(x)); }
UNARY(COS) { return one_nan((float)special_cos(x)); }
UNARY(TAN) { return one_nan((float)(special_sin(x) / special_cos(x))); }
UNARY(ASIN) { return one_nan((float)special_asin(x)); }
UNARY(ACOS) { return one_nan((float)special_acos(x)); }
UNARY(ATAN) { return one_nan((float)special_atan(x)); }
UNARY(SINH) { return one_nan((float)special_sinh(x)); }
UNARY(COSH) { return one_nan((float)special_cosh(x)); }
UNARY(TANH) { return one_nan((float)special_tanh(x)); }
UNARY(ASINH) { return one_nan((float)special_asinh(x)); }
UNARY(ACOSH) { return one_nan((float)special_acosh(x)); }
UNARY(ATANH) { return one_nan((float)special_atanh(x)); }
UNARY(ERF) { return one_nan((float)special_erf(x)); }
UNARY(ERFC) { return one_nan((float)special_erfc(x)); }
UNARY(ERFINV) { return one_nan((float)special_erfinv(x)); }
UNARY(I0) { return one_nan((float)special_i0(x)); }
UNARY(I1) { return one_nan((float)special_i1(x)); }

// -- Signs, rounding, limits --------------------------------------------------

UNARY(ABS) { return __builtin_fabsf(x); }
UNARY(NEGATIVE) { return -x; }
UNARY(SIGN) { return x > 0 ? 1 : x < 0 ? -1 : 0; }
UNARY(SIGNBIT) { return truth(bits_of(x) >> 31 != 0); }
UNARY(FLOOR) { return __builtin_floorf(x); }
UNARY(CEIL) { return __builtin_ceilf(x); }
UNARY(TRUNC) { return __builtin_truncf(x); }
UNARY(FRAC) { return one_nan(x - __builtin_truncf(x)); }

// To the nearest, ties to even.
static inline double round_even(double x) {
  static const double shifter = 6755399441055744.0;
  double magnitude = __builtin_fabs(x);
  double rounded = (magnitude + shifter) - shifter;
  return magnitude < shifter ? __builtin_copysign(rounded, x) : x;
}

// The scalar counts decimals, also negative ones.
UNARY(ROUND) {
  double power = 1;
  int32_t decimals = (int32_t)s->words[0];
  int32_t count = decimals < 0 ? -decimals : decimals;
  for (int32_t i = 0; i < count && i < 60; i++)
    power *= 10;
  return (float)(decimals < 0 ? round_even(x / power) * power
                              : round_even(x * power) / power);
}

UNARY(CLAMP) { return unary_HARDTANH(x, s); }
UNARY(UNARY_MAX) { return larger_of(x, scalar(s, 0)); }
UNARY(UNARY_MIN) { return smaller_of(x, scalar(s, 0)); }

// -- With a scalar ------------------------------------------------------------

UNARY(ADD_SCALAR) { return one_nan(x + scalar(s, 0)); }
UNARY(SUB_SCALAR) { return one_nan(x - scalar(s, 0)); }
UNARY(MUL_SCALAR) { return one_nan(x * scalar(s, 0)); }
// The scalar is the divisor's reciprocal, as the caller made it.
UNARY(DIV_SCALAR) { return one_nan(x * scalar(s, 0)); }
UNARY(RSUB_SCALAR) { return one_nan(scalar(s, 0) - x); }

enum { ROUND_QUOTIENT_DOWN = 1, ROUND_QUOTIENT_TO_ZERO = 2 };

UNARY(RDIV) {
  float quotient = scalar(s, 0) / x;
  if (s->words[1] == ROUND_QUOTIENT_DOWN)
    return __builtin_floorf(quotient);
  return s->words[1] == ROUND_QUOTIENT_TO_ZERO ? __builtin_truncf(quotient)
                                               : quotient;
}

// What is left of a division: with the sign of a, or of b.
static inline float fmod_of(float a, float b) { return __builtin_fmodf(a, b); }
static inline float remainder_of(float a, float b) {
  float rest = fmod_of(a, b);
  return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

UNARY(FMOD) { return one_nan(fmod_of(x, scalar(s, 0))); }
UNARY(REMAINDER) { return one_nan(remainder_of(x, scalar(s, 0))); }

// -- Comparisons --------------------------------------------------------------

UNARY(GTZ) { return truth(x > 0); }
UNARY(GEZ) { return truth(x >= 0); }
UNARY(LTZ) { return truth(x < 0); }
UNARY(LEZ) { return truth(x <= 0); }
UNARY(EQZ) { return truth(x == 0); }
UNARY(NEZ) { return truth(x != 0); }
UNARY(GT_SCALAR) { return truth(x > scalar(s, 0)); }
UNARY(GE_SCALAR) { return truth(x >= scalar(s, 0)); }
UNARY(LT_SCALAR) { return truth(x < scalar(s, 0)); }
UNARY(LE_SCALAR) { return truth(x <= scalar(s, 0)); }
UNARY(EQ_SCALAR) { return truth(x == scalar(s, 0)); }
UNARY(NE_SCALAR) { return truth(x != scalar(s, 0)); }
UNARY(ISINF) { return truth(__builtin_fabsf(x) == __builtin_inff()); }
UNARY(ISPOSINF) { return truth(x == __builtin_inff()); }
UNARY(ISNEGINF) { return truth(x == -__builtin_inff()); }
UNARY(ISNAN) { return truth((bits_of(x) & 0x7fffffffu) > 0x7f800000u); }
UNARY(ISFINITE) { return truth((bits_of(x) & 0x7f800000u) != 0x7f800000u); }
UNARY(LOGICAL_NOT) { return truth(x == 0); }

// -- Copies and fills ---------------------------------------------------------

UNARY(TYPECAST) { return tsr_sim_round_bf16(x); }
UNARY(FILL) { return scalar(s, 0); }

// -- Two operands -------------------------------------------------------------

BINARY(BINARY_ADD) { return one_nan(a + b); }
BINARY(BINARY_SUB) { return one_nan(a - b); }
BINARY(BINARY_RSUB) { return one_nan(b - a); }
BINARY(BINARY_MUL) { return one_nan(a * b); }
BINARY(BINARY_DIV) { return one_nan(a / b); }
BINARY(BINARY_POWER) { return one_nan((float)special_pow(a, b)); }
BINARY(BINARY_MAX) { return larger_of(a, b); }
BINARY(BINARY_MIN) { return smaller_of(a, b); }
BINARY(BINARY_FMOD) { return one_nan(fmod_of(a, b)); }
BINARY(BINARY_XLOGY) {
  return one_nan(a == 0 ? 0 : (float)(a * special_log(b)));
}
BINARY(BINARY_ATAN2) { return one_nan((float)special_atan2(a, b)); }
// The second operand is e^-x, which the caller made; it serves where x is
// large.
BINARY(BINARY_LOGSIGMOID) {
  return (float)-special_log1p(a > 4 ? (double)b : special_exp(-(double)a));
}
BINARY(BINARY_EQ) { return truth(a == b); }
BINARY(BINARY_NE) { return truth(a != b); }
BINARY(BINARY_LT) { return truth(a < b); }
BINARY(BINARY_LE) { return truth(a <= b); }
BINARY(BINARY_GT) { return truth(a > b); }
BINARY(BINARY_GE) { return truth(a >= b); }
BINARY(BINARY_MASK_POSINF) { return b == 0 ? __builtin_inff() : a; }

// -- Three operands -----------------------------------------------------------

TERNARY(ADDCMUL) { return one_nan(a + scalar(s, 0) * b * c); }
TERNARY(ADDCDIV) { return one_nan(a + scalar(s, 0) * b / c); }
TERNARY(LERP) { return one_nan(a + c * (b - a)); }

#undef UNARY
#undef BINARY
#undef TERNARY

#endif
