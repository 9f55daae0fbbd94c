// See special.h. Each function reduces its argument to where a short series
// converges quickly; the bounds in the comments are of what the series leaves
// out.

#include "special.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static const double ln_2 = 0.6931471805599453;
static const double log2_e = 1.4426950408889634;
static const double pi = 3.141592653589793;
static const double half_pi = 1.5707963267948966;
static const double two_over_root_pi = 1.1283791670955126;

#define NOT_A_NUMBER ((double)__builtin_nanf(""))
#define INFINITE     ((double)__builtin_inff())

static double absolute(double x) { return x < 0 ? -x : x; }
static double with_sign_of(double magnitude, double sign) {
  return sign < 0 ? -magnitude : magnitude;
}

// -- Powers of e --------------------------------------------------------------

// 2 to the power of a whole number in the range of double's normal numbers.
static double power_of_two(int64_t power) {
  uint64_t bits = (uint64_t)(power + 1023) << 52;
  double scale = 0;
  memcpy(&scale, &bits, sizeof scale);
  return scale;
}

// e^r - 1 for |r| <= 0.35: the first term left out is below 1e-18.
static double expm1_series(double r) {
  static const double terms[] = {1.0 / 1307674368000,
                                 1.0 / 87178291200,
                                 1.0 / 6227020800,
                                 1.0 / 479001600,
                                 1.0 / 39916800,
                                 1.0 / 3628800,
                                 1.0 / 362880,
                                 1.0 / 40320,
                                 1.0 / 5040,
                                 1.0 / 720,
                                 1.0 / 120,
                                 1.0 / 24,
                                 1.0 / 6,
                                 1.0 / 2,
                                 1.0};
  double sum = terms[0];
  for (size_t i = 1; i < sizeof terms / sizeof *terms; i++)
    sum = sum * r + terms[i];
  return sum * r;
}

// x = k ln 2 + r
double special_exp(double x) {
  static const double highest = 709, lowest = -708;
  // In two parts, so that k times the first is exact.
  static const double ln_2_high = 6.93147180369123816490e-01;
  static const double ln_2_low = 1.90821492927058770002e-10;
  if (x != x)
    return x;
  if (x > highest)
    return INFINITE;
  if (x < lowest)
    return 0;
  double k = (double)(int64_t)(x * log2_e + (x < 0 ? -0.5 : 0.5));
  double r = x - k * ln_2_high - k * ln_2_low;
  return (1 + expm1_series(r)) * power_of_two((int64_t)k);
}

double special_expm1(double x) {
  return absolute(x) < 0.35 ? expm1_series(x) : special_exp(x) - 1;
}

// -- Logarithms ---------------------------------------------------------------

// 2 atanh(s) for |s| <= 0.18: the first term left out is below 1e-17.
static double log_series(double s) {
  double square = s * s, sum = 0;
  for (int n = 21; n >= 1; n -= 2)
    sum = sum * square + 1.0 / n;
  return 2 * s * sum;
}

double special_log(double x) {
  if (x != x || x < 0)
    return NOT_A_NUMBER;
  if (x == 0)
    return -INFINITE;
  if (x == INFINITE)
    return x;
  uint64_t bits = 0;
  memcpy(&bits, &x, sizeof bits);
  int64_t exponent = (int64_t)(bits >> 52) - 1023;
  bits = (bits & 0x000fffffffffffffu) | 0x3ff0000000000000u;
  double m = 0;
  memcpy(&m, &bits, sizeof m);
  // m in [sqrt(1/2), sqrt(2)).
  if (m > 1.4142135623730951) {
    m /= 2;
    exponent++;
  }
  return (double)exponent * ln_2 + log_series((m - 1) / (m + 1));
}

double special_log1p(double x) {
  return absolute(x) < 0.4 ? log_series(x / (2 + x)) : special_log(1 + x);
}

static bool is_whole(double x) {
  static const double all_are_whole = 4503599627370496.0;
  return absolute(x) >= all_are_whole || (double)(int64_t)x == x;
}

static bool is_odd(double x) {
  static const double all_are_even = 9007199254740992.0;
  return absolute(x) < all_are_even && is_whole(x) && ((int64_t)x & 1) != 0;
}

double special_pow(double x, double y) {
  if (y == 0 || x == 1)
    return 1;
  if (x != x || y != y)
    return NOT_A_NUMBER;
  if (x == 0) {
    double zero = y < 0 ? INFINITE : 0;
    return is_odd(y) && 1 / x < 0 ? -zero : zero;
  }
  if (x < 0 && !is_whole(y))
    return NOT_A_NUMBER;
  double magnitude = special_exp(y * special_log(absolute(x)));
  return x < 0 && is_odd(y) ? -magnitude : magnitude;
}

// Newton's method from a value that is right to 5 bits or so.
double special_cbrt(double x) {
  double a = absolute(x);
  if (a == 0 || a != a || a == INFINITE)
    return x;
  uint64_t bits = 0;
  memcpy(&bits, &a, sizeof bits);
  bits = bits / 3 + 0x2a9f76253119d328u;
  double y = 0;
  memcpy(&y, &bits, sizeof y);
  for (int i = 0; i < 5; i++)
    y = (2 * y + a / (y * y)) / 3;
  return with_sign_of(y, x);
}

// -- Angles -------------------------------------------------------------------

// The first 256 bits of 2/pi behind the point.
static const uint32_t two_over_pi[] = {0xa2f9836e, 0x4e441529, 0xfc2757d1,
                                       0xf534ddc0, 0xdb629599, 0x3c439041,
                                       0xfe5163ab, 0xdebbc561};

// 32 bits of 2/pi from bit `first` behind the point on; bits before it are 0.
static uint32_t bits_of_two_over_pi(int first) {
  uint64_t window = 0;
  int word = first >= 0 ? first / 32 : -1;
  int offset = first >= 0 ? first % 32 : 32 + first % 32;
  if (first < 0 && first % 32 == 0) {
    word = first / 32;
    offset = 0;
  }
  for (int i = 0; i < 2; i++) {
    int at = word + i;
    window = window << 32 | (at >= 0 && at < 8 ? two_over_pi[at] : 0);
  }
  return (uint32_t)(window >> (32 - offset));
}

// |x| as a multiple of pi/2: the quadrant, and what is left, in [-1/2, 1/2] of
// pi/2. The product with 2/pi is exact in all bits that count.
static double reduce_angle(float x, unsigned *out_quadrant) {
  uint32_t bits = 0;
  memcpy(&bits, &x, sizeof bits);
  uint64_t mantissa = (bits & 0x7fffff) | 0x800000;
  int exponent = (int)(bits >> 23 & 0xff) - 127 - 23;
  // 96 bits of the product modulo 4, of which 2 are before the point. Bits of
  // 2/pi that only make multiples of 4 are left out.
  int first = exponent - 2;
  uint64_t high = mantissa * bits_of_two_over_pi(first);
  uint64_t middle = mantissa * bits_of_two_over_pi(first + 32);
  uint64_t low = mantissa * bits_of_two_over_pi(first + 64);
  middle += low >> 32;
  high += middle >> 32;
  uint32_t top = (uint32_t)high;
  unsigned quadrant = top >> 30;
  double fraction = (double)(top & 0x3fffffff) * power_of_two(-30) +
                    (double)(uint32_t)middle * power_of_two(-62) +
                    (double)(uint32_t)low * power_of_two(-94);
  if (top & 0x20000000) {
    quadrant++;
    // Rather the distance to the next quadrant than a difference of doubles.
    uint32_t rest = (uint32_t)~top & 0x3fffffff;
    fraction = -((double)rest * power_of_two(-30) +
                 (double)(uint32_t)~middle * power_of_two(-62) +
                 (double)(uint32_t)~low * power_of_two(-94));
  }
  *out_quadrant = quadrant;
  return fraction * half_pi;
}

// For |r| <= pi/4: the first terms left out are below 1e-17.
static double sin_series(double r) {
  double square = r * r, sum = 0;
  for (int n = 17; n >= 3; n -= 2)
    sum = square / (n * (n - 1)) * (1 - sum);
  return r * (1 - sum);
}

static double cos_series(double r) {
  double square = r * r, sum = 0;
  for (int n = 18; n >= 2; n -= 2)
    sum = square / (n * (n - 1)) * (1 - sum);
  return 1 - sum;
}

static bool is_finite(float x) { return x - x == 0; }

// Small angles are their own remainder, in all their bits.
static double small_or_reduced(float x, unsigned *out_quadrant) {
  float a = x < 0 ? -x : x;
  *out_quadrant = 0;
  return a < 0.75f ? (double)a : reduce_angle(a, out_quadrant);
}

double special_sin(float x) {
  if (!is_finite(x))
    return NOT_A_NUMBER;
  unsigned quadrant = 0;
  double r = small_or_reduced(x, &quadrant);
  double value = quadrant & 1 ? cos_series(r) : sin_series(r);
  bool turns = (quadrant & 2) != 0;
  return turns == (x < 0) ? value : -value;
}

double special_cos(float x) {
  if (!is_finite(x))
    return NOT_A_NUMBER;
  unsigned quadrant = 0;
  double r = small_or_reduced(x, &quadrant);
  double value = quadrant & 1 ? sin_series(r) : cos_series(r);
  return ((quadrant + 1) & 2) != 0 ? -value : value;
}

// For |t| <= tan(pi/8): the first term left out is below 1e-17.
static double atan_series(double t) {
  double square = t * t, sum = 0;
  for (int n = 43; n >= 1; n -= 2)
    sum = 1.0 / n - sum * square;
  return t * sum;
}

// For 0 <= t <= 1.
static double atan_of_share(double t) {
  if (t <= 0.41421356237309503)
    return atan_series(t);
  return half_pi / 2 + atan_series((t - 1) / (t + 1));
}

double special_atan(double x) {
  double a = absolute(x);
  if (a != a)
    return x;
  return with_sign_of(a > 1 ? half_pi - atan_of_share(1 / a) : atan_of_share(a),
                      x);
}

double special_atan2(double y, double x) {
  double a = absolute(x), b = absolute(y);
  if (a != a || b != b)
    return NOT_A_NUMBER;
  double angle = 0;
  if (a == INFINITE && b == INFINITE)
    angle = half_pi / 2;
  else if (b > a)
    angle = half_pi - atan_of_share(a / b);
  else if (b > 0)
    angle = atan_of_share(b / a);
  bool is_left = x < 0 || (x == 0 && 1 / x < 0);
  bool is_below = y < 0 || (y == 0 && 1 / y < 0);
  angle = is_left ? pi - angle : angle;
  return is_below ? -angle : angle;
}

double special_asin(double x) {
  if (absolute(x) > 1 || x != x)
    return NOT_A_NUMBER;
  return special_atan2(x, __builtin_sqrt((1 - x) * (1 + x)));
}

double special_acos(double x) {
  if (absolute(x) > 1 || x != x)
    return NOT_A_NUMBER;
  return 2 * special_atan2(__builtin_sqrt(1 - x), __builtin_sqrt(1 + x));
}

// -- Hyperbolic functions -----------------------------------------------------

double special_sinh(double x) {
  double a = absolute(x);
  if (a > 40)
    return with_sign_of(special_exp(a) / 2, x);
  double e = special_expm1(a);
  return with_sign_of((e + e / (e + 1)) / 2, x);
}

double special_cosh(double x) {
  double e = special_exp(absolute(x));
  return (e + 1 / e) / 2;
}

double special_tanh(double x) {
  double a = absolute(x);
  if (a > 20)
    return with_sign_of(1, x);
  double e = special_expm1(2 * a);
  return with_sign_of(e / (e + 2), x);
}

double special_asinh(double x) {
  double a = absolute(x);
  if (a > 1e10)
    return with_sign_of(special_log(a) + ln_2, x);
  return with_sign_of(
      special_log1p(a + a * a / (1 + __builtin_sqrt(1 + a * a))), x);
}

double special_acosh(double x) {
  if (x < 1 || x != x)
    return NOT_A_NUMBER;
  if (x > 1e10)
    return special_log(x) + ln_2;
  double t = x - 1;
  return special_log1p(t + __builtin_sqrt(2 * t + t * t));
}

double special_atanh(double x) {
  if (absolute(x) > 1 || x != x)
    return NOT_A_NUMBER;
  if (absolute(x) == 1)
    return with_sign_of(INFINITE, x);
  return special_log1p(2 * x / (1 - x)) / 2;
}

// -- Error functions ----------------------------------------------------------

// All terms are positive: nothing cancels. Those left out are below 1e-18.
static double erf_series(double x) {
  double step = 2 * x * x, term = x, sum = x;
  for (int n = 3; n < 121 && term > sum * 1e-18; n += 2) {
    term *= step / n;
    sum += term;
  }
  return two_over_root_pi * special_exp(-x * x) * sum;
}

// From 3 on, by a continued fraction.
static double erfc_fraction(double x) {
  double rest = x;
  for (int n = 60; n >= 1; n--)
    rest = x + n / 2.0 / rest;
  return special_exp(-x * x) / rest * two_over_root_pi / 2;
}

double special_erf(double x) {
  double a = absolute(x);
  if (a != a)
    return x;
  double value = a > 6 ? 1 : a < 3 ? erf_series(a) : 1 - erfc_fraction(a);
  return with_sign_of(value, x);
}

double special_erfc(double x) {
  if (x != x)
    return x;
  if (x < 3)
    return 1 - special_erf(x);
  return x > 28 ? 0 : erfc_fraction(x);
}

// Newton's method on whichever of erf and erfc keeps its bits, from a value
// that is right to 2e-3.
double special_erfinv(double x) {
  static const double a = 0.147;
  double share = absolute(x);
  if (share > 1 || x != x)
    return NOT_A_NUMBER;
  if (share == 1)
    return with_sign_of(INFINITE, x);
  double rest = (1 - share) * (1 + share);
  double log_rest = special_log(rest);
  double first = 2 / (pi * a) + log_rest / 2;
  double y =
      __builtin_sqrt(__builtin_sqrt(first * first - log_rest / a) - first);
  for (int i = 0; i < 4; i++) {
    double error =
        share < 0.5 ? special_erf(y) - share : (1 - share) - special_erfc(y);
    y -= error / (two_over_root_pi * special_exp(-y * y));
  }
  return with_sign_of(y, x);
}

// -- Bessel functions ---------------------------------------------------------

// All terms are positive; those left out are below 1e-17 where the result fits
// into fp32.
static double bessel_series(double x, int order) {
  double quarter = x * x / 4;
  double term = order ? x / 2 : 1, sum = term;
  for (int k = 1; k < 200 && term > sum * 1e-18; k++) {
    term *= quarter / (k * (double)(k + order));
    sum += term;
  }
  return sum;
}

double special_i0(double x) {
  double a = absolute(x);
  return a > 700 ? INFINITE : bessel_series(a, 0);
}

double special_i1(double x) {
  double a = absolute(x);
  return with_sign_of(a > 700 ? INFINITE : bessel_series(a, 1), x);
}
