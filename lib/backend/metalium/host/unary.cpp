
template <typename Function>
Reference map(const Reference &a, const Rows &rows, Function function) {
  Reference result(a.rows, a.cols);
  for (uint64_t row : rows) {
    for (uint64_t i = row * a.cols; i < (row + 1) * a.cols; ++i) {
      const Bounded one = function(Bounded{a.v[i], a.e[i]});
      result.v[i] = one.v;
      result.e[i] = in_range(one);
      result.w[i] = narrow(function(Bounded{a.w[i], 0}).v);
    }
  }
  return result;
}
