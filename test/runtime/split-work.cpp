// RUN: %metalium %s -o %t %lib && %t | FileCheck %s
// split_work_to_cores gives what tt-metal's gives.

#include <cstdio>
#include <stdexcept>
#include <string>

#include <tt-metalium/work_split.hpp>

using namespace tt::tt_metal;

static std::string text(const CoreRangeSet &set) {
  std::string out;
  for (const CoreRange &range : set.ranges())
    out += "[" + std::to_string(range.start_coord.x) + "," +
           std::to_string(range.start_coord.y) + "-" +
           std::to_string(range.end_coord.x) + "," +
           std::to_string(range.end_coord.y) + "]";
  return out + "(" + std::to_string(set.num_cores()) + ")";
}

static std::string text(CoreCoord grid) {
  return std::to_string(grid.x) + "," + std::to_string(grid.y);
}

template <typename Grid>
static void show(const Grid &grid, uint32_t units, bool row_wise) {
  auto [cores, all, first, second, units_1, units_2] =
      split_work_to_cores(grid, units, row_wise);
  std::printf("%s %u %s: %u %s x%u %s x%u\n", text(grid).c_str(), units,
              row_wise ? "rows" : "columns", cores, text(first).c_str(),
              units_1, text(second).c_str(), units_2);
  if (all.num_cores() != cores ||
      first.num_cores() * units_1 + second.num_cores() * units_2 != units)
    std::printf("wrong sum\n");
}

int main() {
  show(CoreCoord{8, 8}, 64, false);
  show(CoreCoord{8, 8}, 100, false);
  show(CoreCoord{8, 8}, 10, false);
  show(CoreCoord{8, 8}, 10, true);
  show(CoreCoord{8, 7}, 640, true);
  show(CoreCoord{13, 10}, 400, false);
  show(CoreCoord{4, 2}, 11, true);
  show(CoreCoord{8, 8}, 0, false);
  show(CoreCoord{1, 1}, 5, false);
  for (uint32_t units = 1; units < 300; ++units)
    for (bool row_wise : {false, true}) {
      auto [cores, all, first, second, units_1, units_2] =
          split_work_to_cores(CoreCoord{5, 7}, units, row_wise);
      auto list = corerange_to_cores(all, std::nullopt, row_wise);
      auto order = grid_to_cores(cores, 5, 7, row_wise);
      if (list != order || all.ranges().size() > 3 ||
          first.ranges().size() > 3 || second.ranges().size() > 3 ||
          first.num_cores() * units_1 + second.num_cores() * units_2 != units)
        std::printf("wrong for %u\n", units);
    }
  const CoreRangeSet parts(std::vector<CoreRange>{CoreRange({0, 0}, {3, 1}),
                                                  CoreRange({5, 2}, {6, 4})});
  for (uint32_t units : {3u, 10u, 14u, 16u, 18u, 25u})
    for (bool row_wise : {false, true})
      show(parts, units, row_wise);
  std::printf(
      "%s %s\n",
      text(num_cores_to_corerangeset_in_subcoregrids({1, 1}, 9, parts)).c_str(),
      text(parts.merge(CoreRange({0, 2}, {4, 4}))).c_str());
  try {
    num_cores_to_corerangeset_in_subcoregrids({1, 1}, 12, parts);
  } catch (const std::runtime_error &error) {
    std::printf("%s\n", error.what());
  }
  std::printf("%d %d %d\n", find_max_divisor(35, 8), find_max_divisor(24, 10),
              find_max_block_size(21));
  return 0;
}
// CHECK: 8,8 64 columns: 64 [0,0-7,7](64) x1 (0) x0
// CHECK-NEXT: 8,8 100 columns: 64 [0,0-3,7][4,0-4,3](36) x2 [4,4-4,7][5,0-7,7](28) x1
// CHECK-NEXT: 8,8 10 columns: 10 [0,0-0,7][1,0-1,1](10) x1 (0) x0
// CHECK-NEXT: 8,8 10 rows: 10 [0,0-7,0][0,1-1,1](10) x1 (0) x0
// CHECK-NEXT: 8,7 640 rows: 56 [0,0-7,2](24) x12 [0,3-7,6](32) x11
// CHECK-NEXT: 13,10 400 columns: 130 [0,0-0,9](10) x4 [1,0-12,9](120) x3
// CHECK-NEXT: 4,2 11 rows: 8 [0,0-2,0](3) x2 [3,0-3,0][0,1-3,1](5) x1
// CHECK-NEXT: 8,8 0 columns: 0 (0) x0 (0) x0
// CHECK-NEXT: 1,1 5 columns: 1 [0,0-0,0](1) x5 (0) x0
// CHECK-NEXT: [0,0-3,1][5,2-6,4](14) 3 columns: 3 [0,0-0,1][1,0-1,0](3) x1 (0) x0
// CHECK-NEXT: [0,0-3,1][5,2-6,4](14) 3 rows: 3 [0,0-2,0](3) x1 (0) x0
// CHECK-NEXT: [0,0-3,1][5,2-6,4](14) 10 columns: 10 [0,0-3,1][5,2-5,3](10) x1 (0) x0
// CHECK-NEXT: [0,0-3,1][5,2-6,4](14) 10 rows: 10 [0,0-3,1][5,2-6,2](10) x1 (0) x0
// CHECK-NEXT: [0,0-3,1][5,2-6,4](14) 14 columns: 14 [0,0-3,1][5,2-6,4](14) x1 (0) x0
// CHECK-NEXT: [0,0-3,1][5,2-6,4](14) 14 rows: 14 [0,0-3,1][5,2-6,4](14) x1 (0) x0
// CHECK-NEXT: [0,0-3,1][5,2-6,4](14) 16 columns: 14 [0,0-0,1](2) x2 [1,0-3,1][5,2-6,4](12) x1
// CHECK-NEXT: [0,0-3,1][5,2-6,4](14) 16 rows: 14 [0,0-1,0](2) x2 [2,0-3,0][0,1-3,1][5,2-6,4](12) x1
// CHECK-NEXT: [0,0-3,1][5,2-6,4](14) 18 columns: 14 [0,0-1,1](4) x2 [2,0-3,1][5,2-6,4](10) x1
// CHECK-NEXT: [0,0-3,1][5,2-6,4](14) 18 rows: 14 [0,0-3,0](4) x2 [0,1-3,1][5,2-6,4](10) x1
// CHECK-NEXT: [0,0-3,1][5,2-6,4](14) 25 columns: 14 [0,0-3,1][5,2-5,4](11) x2 [6,2-6,4](3) x1
// CHECK-NEXT: [0,0-3,1][5,2-6,4](14) 25 rows: 14 [0,0-3,1][5,2-6,2][5,3-5,3](11) x2 [6,3-6,3][5,4-6,4](3) x1
// CHECK-NEXT: [1,1-1,1][2,0-3,1][5,2-5,4][6,2-6,2](9) [0,0-3,1][0,2-6,4](29)
// CHECK-NEXT: 12 cores from (x=1,y=1) are not those of {[(x=0,y=0) - (x=3,y=1)], [(x=5,y=2) - (x=6,y=4)]}
// CHECK-NEXT: 1 8 7
// CHECK-NOT: wrong
