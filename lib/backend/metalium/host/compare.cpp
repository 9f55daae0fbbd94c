
// Correlation of two series, from their sums.
struct Correlation {
  double n = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0;

  void add(double a, double b) {
    n += 1;
    x += a;
    y += b;
    xx += a * a;
    yy += b * b;
    xy += a * b;
  }
  double got_variance() const { return n * xx - x * x; }
  double want_variance() const { return n * yy - y * y; }
  bool exists() const { return got_variance() * want_variance() > 0; }
  double value() const {
    return (n * xy - x * y) / std::sqrt(got_variance() * want_variance());
  }
  std::string text() const {
    char digits[32] = "n/a";
    if (exists()) {
      std::snprintf(digits, sizeof digits, "%.8f", value());
    }
    return digits;
  }
};

// Whether the reference varies clearly more than rounding does, `noise` being
// what that does, squared: then a run must vary with it.
bool is_clear(const Correlation &all, double noise) {
  return all.n >= 16 && all.want_variance() >= 256 * noise * all.n;
}

// Compares one result with its reference and prints the verdict.
bool compare(const char *name, const Shape &shape, const char *format,
             const std::vector<float> &got, const Reference &want,
             const Rows &rows) {
  Correlation correlation;
  uint64_t compared = 0, unbounded = 0, failed = 0;
  uint64_t worst = 0, first_failed = 0;
  double worst_error = 0, worst_share = 0, noise = 0;
  bool zeros_pass = true;
  for (uint64_t row : rows) {
    for (uint64_t i = row * want.cols; i < (row + 1) * want.cols; ++i) {
      // Beyond what the device can store counts as infinite.
      if (!std::isfinite(round_to_bf16(static_cast<float>(want.v[i]))) ||
          !std::isfinite(want.e[i])) {
        ++unbounded;
        continue;
      }
      ++compared;
      const double error = std::fabs(static_cast<double>(got[i]) - want.v[i]);
      const double bound = want.e[i] + std::ldexp(1.0, -126);
      const bool is_fine = error <= bound;
      if (!is_fine && failed++ == 0) {
        first_failed = i;
      }
      const double share = std::isnan(error) ? INFINITY : error / bound;
      if (share > worst_share) {
        worst_share = share;
      }
      if (!(error <= worst_error)) {
        worst_error = error;
        worst = i;
      }
      correlation.add(got[i], want.v[i]);
      const double off = want.w[i] - want.v[i];
      const double step = std::ldexp(want.v[i], -8);
      noise += off * off + step * step;
      zeros_pass = zeros_pass && std::fabs(want.v[i]) <= want.e[i];
    }
  }
  const auto place = [&](uint64_t i) {
    std::string text;
    for (size_t axis = shape.extents.size(); axis-- > 0;) {
      text = std::to_string(i % shape.extents[axis]) +
             (text.empty() ? "" : ",") + text;
      i /= shape.extents[axis];
    }
    return "[" + text + "]";
  };
  // Where the bound is wide, elements that pass one by one say little.
  const bool clear = is_clear(correlation, noise);
  const bool unrelated = failed == 0 && clear &&
                         correlation.want_variance() > 0 &&
                         !(correlation.exists() && correlation.value() >= 0.5);
  // A check that compared nothing has shown nothing.
  const bool passes = failed == 0 && compared > 0 && !unrelated;
  std::printf("%s: %s %s, max error %.3g at %s, %.1f %% of its bound, PCC %s, "
              "%s\n",
              name, shape.text().c_str(), format, worst_error,
              place(worst).c_str(), worst_share * 100,
              correlation.text().c_str(), passes ? "PASS" : "FAIL");
  std::printf("%s: compared %llu of %llu elements", name,
              static_cast<unsigned long long>(compared),
              static_cast<unsigned long long>(shape.elements()));
  if (unbounded) {
    std::printf(", %llu have no finite reference or bound",
                static_cast<unsigned long long>(unbounded));
  }
  std::printf(compared ? "\n" : "; nothing is checked\n");
  if (unrelated) {
    std::printf("%s: no element is beyond its bound, but together they have "
                "nothing to do with the reference\n",
                name);
  }
  if (zeros_pass && !clear && correlation.yy > 0) {
    std::printf("%s: zeros would pass as well: the reference is as small as "
                "its bound\n",
                name);
  }
  if (failed) {
    std::printf("%s: %llu elements are off, first %s: got %.9g, want %.9g "
                "within %.3g\n",
                name, static_cast<unsigned long long>(failed),
                place(first_failed).c_str(),
                static_cast<double>(got[first_failed]), want.v[first_failed],
                want.e[first_failed]);
  }
  return passes;
}
