// What the vector unit computes: the model's own functions, no libm, so that
// every machine gets the same bits.
//
// Special functions go through double precision, whose error is far below one
// unit of fp32: the result is the correctly rounded one but for rare ties.

#include "internal.h"

#include <string.h>

// -- exp ----------------------------------------------------------------------

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
  return (float)(exp_series(wide - (shifted - shifter) * ln_2) * scale);
}

float tsr_sim_exp(float x) { return exp_of(x); }

// -- Unary: one function of an element and the call's scalar per row ----------

static inline float unary_RELU(float x, float scalar) {
  (void)scalar;
  return x < 0 ? 0 : x;
}

static inline float unary_EXP(float x, float scalar) {
  (void)scalar;
  return exp_of(x);
}

// Square roots are rounded correctly by every processor.
static inline float unary_SQRT(float x, float scalar) {
  (void)scalar;
  return __builtin_sqrtf(x);
}

static inline float unary_RSQRT(float x, float scalar) {
  (void)scalar;
  return (float)(1.0 / __builtin_sqrt((double)x));
}

static inline float unary_RECIP(float x, float scalar) {
  (void)scalar;
  return 1.0f / x;
}

static inline float unary_NEGATIVE(float x, float scalar) {
  (void)scalar;
  return -x;
}

static inline float unary_ABS(float x, float scalar) {
  (void)scalar;
  return __builtin_fabsf(x);
}

static inline float unary_SQUARE(float x, float scalar) {
  (void)scalar;
  return x * x;
}

static inline float unary_FILL(float x, float scalar) {
  (void)x;
  return scalar;
}

static inline float unary_ADD_SCALAR(float x, float scalar) {
  return x + scalar;
}

static inline float unary_SUB_SCALAR(float x, float scalar) {
  return x - scalar;
}

static inline float unary_RSUB_SCALAR(float x, float scalar) {
  return scalar - x;
}

static inline float unary_MUL_SCALAR(float x, float scalar) {
  return x * scalar;
}

static inline float unary_TYPECAST(float x, float scalar) {
  (void)scalar;
  return tsr_sim_round_bf16(x);
}

// -- Binary -------------------------------------------------------------------

static inline float binary_ADD(float a, float b) { return a + b; }
static inline float binary_SUB(float a, float b) { return a - b; }
static inline float binary_RSUB(float a, float b) { return b - a; }
static inline float binary_MUL(float a, float b) { return a * b; }
static inline float binary_DIV(float a, float b) { return a / b; }
static inline float binary_MAX(float a, float b) { return a > b ? a : b; }
static inline float binary_MIN(float a, float b) { return a < b ? a : b; }
static inline float binary_MASK(float a, float b) { return b == 0 ? 0 : a; }

static inline float binary_COPY(float a, float b) {
  (void)b;
  return a;
}

// -- Over tiles ---------------------------------------------------------------
// A loop of its own per row, so that each is vectorised by itself.

#define TSR_SIM_UNARY(id, call)                                                \
  static void unary_tile_##id(float *tile, float scalar) {                     \
    for (size_t i = 0; i < TILE_ELEMS; i++)                                    \
      tile[i] = unary_##id(tile[i], scalar);                                   \
  }
#define TSR_SIM_BINARY(id, call)                                               \
  static void binary_tile_##id(const float *a, const float *b, float *out) {   \
    for (size_t i = 0; i < TILE_ELEMS; i++)                                    \
      out[i] = binary_##id(a[i], b[i]);                                        \
  }
#include "tessera/sim_sfpu.def"

typedef struct sfpu_row {
  const char *call;
  void (*unary)(float *tile, float scalar);
  void (*binary)(const float *a, const float *b, float *out);
} sfpu_row;

static const sfpu_row rows[TSR_SIM_SFPU_COUNT] = {
    [TSR_SIM_SFPU_NONE] = {.call = "nothing"},
#define TSR_SIM_UNARY(id, name)                                                \
  [TSR_SIM_SFPU_##id] = {.call = (name), .unary = unary_tile_##id},
#define TSR_SIM_BINARY(id, name)                                               \
  [TSR_SIM_SFPU_BINARY_##id] = {.call = (name), .binary = binary_tile_##id},
#include "tessera/sim_sfpu.def"
    [TSR_SIM_SFPU_WHERE] = {.call = "where_tile"},
};

const char *sfpu_call(tsr_sim_sfpu op) { return rows[op].call; }

void sfpu_unary(tsr_sim_sfpu op, float *tile, float scalar) {
  rows[op].unary(tile, scalar);
}

void sfpu_binary(tsr_sim_sfpu op, const float *a, const float *b, float *out) {
  rows[op].binary(a, b, out);
}

void sfpu_where(const float *condition, const float *a, const float *b,
                float *out) {
  for (size_t i = 0; i < TILE_ELEMS; i++)
    out[i] = condition[i] != 0 ? a[i] : b[i];
}
