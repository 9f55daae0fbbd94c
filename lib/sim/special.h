// Special functions in double precision from nothing but additions, products,
// quotients and square roots in a fixed order: the same bits on every machine.
// Their errors are far below one unit of fp32, so that a result rounded to fp32
// is the correctly rounded one but for rare ties.
//
// Arguments are values of fp32, or what a few operations on them give.
// Private to lib/sim.

#ifndef TESSERA_LIB_SIM_SPECIAL_H
#define TESSERA_LIB_SIM_SPECIAL_H

// e^x; 0 and infinity beyond the range of double. e^x - 1, also near 0.
double special_exp(double x);
double special_expm1(double x);

// Natural logarithm: minus infinity at 0, not a number below; and of 1 + x,
// also near 0.
double special_log(double x);
double special_log1p(double x);

// x to the power of y. Negative x have powers at whole y.
double special_pow(double x, double y);
double special_cbrt(double x);

double special_sin(float x);
double special_cos(float x);
double special_atan(double x);
double special_atan2(double y, double x);
double special_asin(double x);
double special_acos(double x);

double special_sinh(double x);
double special_cosh(double x);
double special_tanh(double x);
double special_asinh(double x);
double special_acosh(double x);
double special_atanh(double x);

double special_erf(double x);
double special_erfc(double x);
double special_erfinv(double x);

// Modified Bessel functions of the first kind, orders 0 and 1.
double special_i0(double x);
double special_i1(double x);

#endif
