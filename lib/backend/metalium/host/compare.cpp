
// The device has no smaller numbers than this and 0.
constexpr double least = 0x1p-126;

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
    const double got = n * xx - x * x, want = n * yy - y * y;
    char digits[32] = "n/a";
    if (got * want > 0) {
      std::snprintf(digits, sizeof digits, "%.8f",
                    (n * xy - x * y) / std::sqrt(got * want));
    }
    return digits;
  }
};

// Sums over the elements of a tile, or of all, each in units of its own bound,
// so that they count alike: squares of v, of got - v, and of w - v and a step;
// v times got - v.
struct Spread {
  double count = 0, values = 0, errors = 0, noise = 0, products = 0;

  void add(double got, double v, double w, double unit) {
    const double value = v / unit, error = (got - v) / unit;
    const double off = (w - v) / unit;
    const double step = (0x1p-8 * std::fabs(v) + least) / unit;
    count += 1;
    values += value * value;
    errors += error * error;
    products += value * error;
    noise += off * off + step * step;
  }
  void merge(const Spread &from) {
    count += from.count;
    values += from.values;
    errors += from.errors;
    products += from.products;
    noise += from.noise;
  }
  // How many times those of rounding the errors are, without the part by which
  // all values are too large or too small.
  double times() const {
    if (count < enough_elements || !(values > 0)) {
      return 0;
    }
    const double lean = std::clamp(products / values, -most_lean, most_lean);
    const double rest = errors + lean * (lean * values - 2 * products);
    return rest > 0 ? std::sqrt(rest / noise) : 0;
  }
  // Whether zeros would be seen here.
  bool sees_zeros() const {
    Spread zeros = *this;
    zeros.errors = values;
    zeros.products = -values;
    return zeros.times() > most_times;
  }
};

// "[3,17]"
std::string place(const Shape &shape, uint64_t i) {
  std::string text;
  for (size_t axis = shape.extents.size(); axis-- > 0;) {
    text = std::to_string(i % shape.extents[axis]) + (text.empty() ? "" : ",") +
           text;
    i /= shape.extents[axis];
  }
  return "[" + text + "]";
}

// The part of a result, a tile or all of it, that rounding explains least.
struct Parts {
  bool zeros_pass = true;
  double worst_times = 0;
  std::string worst;

  void judge(const Spread &part, const std::string &name) {
    zeros_pass = zeros_pass && !part.sees_zeros();
    const double times = part.times();
    if (times > worst_times) {
      worst_times = times;
      worst = name;
    }
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
  Parts parts;
  std::map<uint64_t, Spread> tiles; // of a row of tiles, by their first element
  Spread whole;
  const auto judge_tiles = [&] {
    for (const auto &[at, tile] : tiles) {
      parts.judge(tile, "the tile at " + place(shape, at));
      whole.merge(tile);
    }
    tiles.clear();
  };
  for (uint64_t row : rows) {
    const uint64_t in_matrix = row % shape.rows();
    const uint64_t first = (row - in_matrix % 32) * want.cols;
    if (!tiles.empty() && tiles.begin()->first < first) {
      judge_tiles();
    }
    for (uint64_t i = row * want.cols; i < (row + 1) * want.cols; ++i) {
      // Beyond what the device can store counts as infinite.
      if (!std::isfinite(round_to_bf16(static_cast<float>(want.v[i]))) ||
          !std::isfinite(want.e[i])) {
        ++unbounded;
        continue;
      }
      ++compared;
      const double error = std::fabs(static_cast<double>(got[i]) - want.v[i]);
      const double bound = want.e[i] + least;
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
      parts.zeros_pass = parts.zeros_pass && std::fabs(want.v[i]) <= want.e[i];
      if (want.e[i] > 0) { // else it is exact
        tiles[first + (i - row * want.cols) / 32 * 32].add(got[i], want.v[i],
                                                           want.w[i], bound);
      }
    }
  }
  judge_tiles();
  parts.judge(whole, "the whole result");
  // Where the bound is wide, elements that pass one by one say little.
  const bool beyond = failed == 0 && parts.worst_times > most_times;
  // A check that compared nothing has shown nothing.
  const bool passes = failed == 0 && compared > 0 && !beyond;
  std::printf("%s: %s %s, max error %.3g at %s, %.1f %% of its bound, PCC %s, "
              "%s\n",
              name, shape.text().c_str(), format, worst_error,
              place(shape, worst).c_str(), worst_share * 100,
              correlation.text().c_str(), passes ? "PASS" : "FAIL");
  std::printf("%s: compared %llu of %llu elements", name,
              static_cast<unsigned long long>(compared),
              static_cast<unsigned long long>(shape.elements()));
  if (unbounded) {
    std::printf(", %llu have no finite reference or bound",
                static_cast<unsigned long long>(unbounded));
  }
  std::printf(compared ? "\n" : "; nothing is checked\n");
  if (beyond) {
    std::printf("%s: no element is beyond its bound, but %s is off by %.1f "
                "times what rounding does, and %g is the most\n",
                name, parts.worst.c_str(), parts.worst_times, most_times);
  }
  if (parts.zeros_pass && correlation.yy > 0) {
    std::printf("%s: zeros would pass as well: the reference is as small as "
                "its bound\n",
                name);
  }
  if (failed) {
    std::printf("%s: %llu elements are off, first %s: got %.9g, want %.9g "
                "within %.3g\n",
                name, static_cast<unsigned long long>(failed),
                place(shape, first_failed).c_str(),
                static_cast<double>(got[first_failed]), want.v[first_failed],
                want.e[first_failed]);
  }
  return passes;
}
