
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

// How far numbers x are from v: sums of the squares of x - v, and of v times
// x - v.
struct Distance {
  double squares = 0, products = 0;

  void add(double x, double v, double unit) {
    const double off = (x - v) / unit;
    squares += off * off;
    products += v / unit * off;
  }
  void merge(const Distance &from) {
    squares += from.squares;
    products += from.products;
  }
};

// Sums over the elements of a tile, or of all, each in units of its own bound,
// so that they count alike: squares of v and of a step of bf16, and how far
// results, w and the row's columns in reverse order are off.
struct Spread {
  double count = 0, values = 0, steps = 0;
  Distance got, w, mirrored;

  void add(double x, double v, double near, double opposite, double unit) {
    const double value = v / unit;
    const double step = (0x1p-8 * std::fabs(v) + least) / unit;
    count += 1;
    values += value * value;
    got.add(x, v, unit);
    // Nothing right is beyond the bound.
    w.add(v + std::fmax(std::fmin(near - v, unit), -unit), v, unit);
    mirrored.add(opposite, v, unit);
    steps += step * step;
  }
  void merge(const Spread &from) {
    count += from.count;
    values += from.values;
    steps += from.steps;
    got.merge(from.got);
    w.merge(from.w);
    mirrored.merge(from.mirrored);
  }
  // The squares without the part by which all values are too large or too
  // small.
  double without_lean(const Distance &d) const {
    const double lean =
        std::fmin(std::fmax(d.products / values, -most_lean), most_lean);
    return std::fmax(d.squares + lean * (lean * values - 2 * d.products), 0.0);
  }
  // How many times those of rounding the errors are.
  double times(const Distance &errors) const {
    if (count < enough_elements || !(values > 0)) {
      return 0;
    }
    return std::sqrt(without_lean(errors) / (without_lean(w) + steps));
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
  bool zeros_pass = true, mirrored_pass = true;
  double worst_times = 0;
  std::string worst;

  void judge(const Spread &part, const std::string &name) {
    const Distance zeros{part.values, -part.values};
    zeros_pass = zeros_pass && !(part.times(zeros) > most_times);
    mirrored_pass = mirrored_pass && !(part.times(part.mirrored) > most_times);
    const double times = part.times(part.got);
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
  bool are_alike = true; // so far mirrored rows are the rows themselves
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
      if (!std::isfinite(want.v[i]) || !std::isfinite(want.e[i])) {
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
      // The row's column of the same number counted from the end.
      const uint64_t opposite = (2 * row + 1) * want.cols - 1 - i;
      const double mirrored =
          std::isfinite(want.e[opposite]) ? want.v[opposite] : want.v[i];
      parts.mirrored_pass =
          parts.mirrored_pass && std::fabs(mirrored - want.v[i]) <= bound;
      are_alike = are_alike && mirrored == want.v[i];
      if (want.e[i] > 0) { // else it is exact
        tiles[first + (i - row * want.cols) / 32 * 32].add(
            got[i], want.v[i], want.w[i], mirrored, bound);
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
  } else if (parts.mirrored_pass && !are_alike) {
    std::printf("%s: its columns in reverse order would pass as well: rounding "
                "is as large as what tells them apart\n",
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
