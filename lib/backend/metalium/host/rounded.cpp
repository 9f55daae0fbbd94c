
// The same values once stored as bf16 or computed in 16-bit DST.
Reference rounded(Reference value) {
  for (size_t i = 0; i < value.v.size(); ++i) {
    value.e[i] = in_range(Bounded{
        value.v[i], value.e[i] + std::ldexp(std::fabs(value.v[i]), -8)});
  }
  return value;
}
