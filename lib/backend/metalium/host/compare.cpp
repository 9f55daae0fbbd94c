
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
  std::string text() const {
    const double variance = (n * xx - x * x) * (n * yy - y * y);
    if (!(variance > 0)) {
      return "n/a";
    }
    char digits[32];
    std::snprintf(digits, sizeof digits, "%.8f",
                  (n * xy - x * y) / std::sqrt(variance));
    return digits;
  }
};

// Compares one result with its reference and prints the verdict.
bool compare(const char *name, const Shape &shape, const char *format,
             const std::vector<float> &got, const Reference &want,
             const Rows &rows) {
  Correlation correlation;
  uint64_t compared = 0, unbounded = 0, failed = 0;
  uint64_t worst = 0, first_failed = 0;
  double worst_error = 0, worst_share = 0;
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
  // A check that compared nothing has shown nothing.
  const bool passes = failed == 0 && compared > 0;
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
