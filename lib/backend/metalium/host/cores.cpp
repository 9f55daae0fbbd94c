// -- Cores and their arguments ------------------------------------------------

// `count` numbers: first, first + step, ... Steps go down as well as up.
struct Run {
  int64_t first, step, count;
};

// One number for each core, in core order.
std::vector<uint32_t> per_core(const std::vector<Run> &runs) {
  std::vector<uint32_t> values;
  for (const Run &run : runs) {
    for (int64_t i = 0; i < run.count; ++i) {
      values.push_back(static_cast<uint32_t>(run.first + run.step * i));
    }
  }
  return values;
}

enum class Order { column, row };

// The cores of a set, down the columns or along the rows.
std::vector<CoreCoord> in_order(const CoreRangeSet &cores, CoreCoord grid,
                                Order order) {
  const size_t outer_count = order == Order::column ? grid.x : grid.y;
  const size_t inner_count = order == Order::column ? grid.y : grid.x;
  std::vector<CoreCoord> list;
  for (size_t outer = 0; outer < outer_count; ++outer) {
    for (size_t inner = 0; inner < inner_count; ++inner) {
      const CoreCoord core = order == Order::column ? CoreCoord{outer, inner}
                                                    : CoreCoord{inner, outer};
      if (cores.contains(core)) {
        list.push_back(core);
      }
    }
  }
  return list;
}
