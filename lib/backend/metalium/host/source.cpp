
// What a multiplier sees of values: so many bits behind the leading one.
Reference source(Reference value, int bits) {
  const double lost = bits < 8 ? std::ldexp(1.0, -bits) : 0; // bf16 has 7
  for (size_t i = 0; i < value.v.size(); ++i) {
    value.e[i] += lost * (std::fabs(value.v[i]) + value.e[i]);
    int exponent;
    const double mantissa = std::frexp(value.w[i], &exponent);
    value.w[i] = std::ldexp(std::trunc(std::ldexp(mantissa, bits + 1)),
                            exponent - bits - 1);
  }
  return value;
}
