
// A [.., M,K] x B [.., K,N], or one B [K,N] for all; `m` is M.
Reference matmul(const Reference &a, const Reference &b, uint64_t m,
                 const Rows &rows, bool narrow_accumulator) {
  const uint64_t k_count = a.cols;
  const uint64_t n_count = b.cols;
  const bool is_shared = b.rows == k_count;
  const double roundings =
      narrow_accumulator ? static_cast<double>(k_count) / terms_per_rounding
                         : 0;
  Reference c(a.rows, n_count);
  std::vector<double> magnitude(n_count);
  for (uint64_t row : rows) {
    const uint64_t first = is_shared ? 0 : row / m * k_count;
    double *v = &c.v[row * n_count], *e = &c.e[row * n_count];
    double *w = &c.w[row * n_count];
    std::fill(magnitude.begin(), magnitude.end(), 0.0);
    for (uint64_t k = 0; k < k_count; ++k) {
      const Bounded x{a.v[row * k_count + k], a.e[row * k_count + k]};
      const double *y = &b.v[(first + k) * n_count];
      const double *y_error = &b.e[(first + k) * n_count];
      const double x_near = a.w[row * k_count + k];
      const double *y_near = &b.w[(first + k) * n_count];
      for (uint64_t n = 0; n < n_count; ++n) {
        const Bounded product = multiply(x, Bounded{y[n], y_error[n]});
        v[n] += product.v;
        e[n] += product.e;
        magnitude[n] += std::fabs(product.v);
        w[n] += x_near * y_near[n];
      }
      const bool rounds =
          narrow_accumulator &&
          (k + 1) % static_cast<uint64_t>(terms_per_rounding) == 0;
      for (uint64_t n = 0; rounds && n < n_count; ++n) {
        w[n] = narrow(w[n]);
      }
    }
    for (uint64_t n = 0; n < n_count; ++n) {
      // Products that are too small to be seen are worth no more than all are.
      e[n] += roundings * 0x1p-9 * magnitude[n] +
              std::fmin(static_cast<double>(k_count) * least, magnitude[n]);
      const bool may_overflow = !(magnitude[n] + e[n] < largest);
      e[n] = may_overflow ? INFINITY : in_range(Bounded{v[n], e[n]});
      w[n] = narrow(w[n]);
    }
  }
  return c;
}
