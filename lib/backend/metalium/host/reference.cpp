
// All of an argument or result; rows of all its matrices counted through.
// Rows that were not asked for stay zero. `w` is what a device that rounds as
// much as any may give.
struct Reference {
  uint64_t rows, cols;
  std::vector<double> v, e, w;

  Reference(uint64_t row_count, uint64_t col_count)
      : rows(row_count), cols(col_count), v(row_count * col_count),
        e(row_count * col_count), w(row_count * col_count) {}
};

double flush(double value) { return std::fabs(value) < least ? 0 : value; }

// To bf16 as the device rounds: ties away from zero, which in sums of small
// integers is a drift.
double narrow(double value) {
  uint64_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  bits = (bits + (1ull << 44)) >> 45 << 45; // 52 bits of mantissa to 7
  std::memcpy(&value, &bits, sizeof bits);
  return flush(value);
}

using Rows = std::vector<uint64_t>;

Reference from_input(const std::vector<float> &values, const Shape &shape) {
  Reference result(shape.matrices() * shape.rows(), shape.cols());
  for (size_t i = 0; i < values.size(); ++i) {
    result.v[i] = values[i];
    result.e[i] = in_range(Bounded{result.v[i], 0});
    result.w[i] = flush(result.v[i]);
  }
  return result;
}

// `wanted` of `count` rows, drawn from the seed, ascending; all when that is
// as many.
Rows choose_rows(uint64_t count, uint64_t wanted, uint64_t seed) {
  Rows rows;
  uint64_t state = seed + count;
  for (uint64_t row = 0; row < count; ++row) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    // Of the rows left, as many are taken as are still wanted.
    const uint64_t left = count - row;
    if ((state >> 33) % left < wanted - rows.size()) {
      rows.push_back(row);
    }
  }
  return rows;
}
