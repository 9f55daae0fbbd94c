// RUN: %parts && %t/program | FileCheck %t/main.cpp
// RUN: not %t/program 1 2>&1 | FileCheck %t/wrong.cpp --check-prefix=C1
// RUN: not %t/program 2 2>&1 | FileCheck %t/wrong.cpp --check-prefix=C2
// RUN: not %t/program 3 2>&1 | FileCheck %t/wrong.cpp --check-prefix=C3
// RUN: not %t/program 4 2>&1 | FileCheck %t/wrong.cpp --check-prefix=C4
// RUN: not %t/program 5 2>&1 | FileCheck %t/wrong.cpp --check-prefix=C5
// RUN: not %t/program 6 2>&1 | FileCheck %t/wrong.cpp --check-prefix=C6
// RUN: not %t/program 7 2>&1 | FileCheck %t/wrong.cpp --check-prefix=C7
// RUN: not %t/program 8 2>&1 | FileCheck %t/wrong.cpp --check-prefix=C8
// RUN: not %t/program 9 2>&1 | FileCheck %t/wrong.cpp --check-prefix=C9
// RUN: not %t/program 10 2>&1 | FileCheck %t/wrong.cpp --check-prefix=C10
// RUN: env TESSERA_TARGET=blackhole %t/program | FileCheck %t/main.cpp
// The largest and smallest of many values with their indices, against the
// standard library's sort: of 64, for each k, and of the rows of four tiles, as
// tt-metal's topk does; and what one may not ask of them.
//--- main.cpp
#include "harness.hpp"

#include <algorithm>
#include <cstdlib>
#include <set>

using namespace harness;

// Values are rows of `tiles` tiles, one tile after the other.
static float at(const Values &v, std::size_t row, std::size_t col) {
  return v[col / 32 * 1024 + row * 32 + col % 32];
}

static Values make(std::size_t tiles, int kinds) {
  Values values(tiles * 1024);
  uint32_t seed = 7;
  std::vector<float> row(tiles * 32);
  for (std::size_t r = 0; r < 32; ++r) {
    for (std::size_t c = 0; c < row.size(); ++c)
      row[c] = static_cast<float>(static_cast<int>(c) % kinds) - 20;
    for (std::size_t c = row.size() - 1; c > 0; --c) {
      seed = seed * 1664525u + 1013904223u;
      std::swap(row[c], row[(seed >> 8) % (c + 1)]);
    }
    for (std::size_t c = 0; c < row.size(); ++c)
      values[c / 32 * 1024 + r * 32 + c % 32] = row[c];
  }
  return values;
}

static Values indices_of(std::size_t tiles) {
  Values indices(tiles * 1024);
  for (std::size_t i = 0; i < indices.size(); ++i)
    indices[i] = static_cast<float>(i / 1024 * 32 + i % 32);
  return indices;
}

struct Case {
  const char *name;
  const char *kernel;
  std::size_t tiles;
  int kinds; // of values
  std::vector<uint32_t> args;
  uint32_t k;
  bool smallest, is_up;
  bool fp32_acc;
};

// Row r of the input is column r of the output, from the top.
static bool check(const Case &c, const Values &in, const Values &values,
                  const Values &indices) {
  for (std::size_t r = 0; r < 32; ++r) {
    std::vector<float> want;
    for (std::size_t i = 0; i < c.tiles * 32; ++i)
      want.push_back(at(in, r, i));
    std::sort(want.begin(), want.end());
    if (!c.smallest)
      std::reverse(want.begin(), want.end());
    want.resize(c.k);
    if (c.is_up != c.smallest)
      std::reverse(want.begin(), want.end());
    std::set<float> used;
    for (std::size_t i = 0; i < c.k; ++i) {
      // Down the columns of one tile after the other.
      const std::size_t place = i / 32 * 1024 + i % 32 * 32 + r;
      const float index = indices[place];
      const bool is_right =
          values[place] == want[i] && used.insert(index).second &&
          at(in, r, static_cast<std::size_t>(index)) == values[place];
      if (is_right)
        continue;
      std::printf("%s: row %zu, place %zu: %g from %g, expected %g\n", c.name,
                  r, i, values[place], index, want[i]);
      return false;
    }
  }
  std::printf("%s: %u of %zu\n", c.name, c.k, c.tiles * 32);
  return true;
}

static bool passes(const Case &c) {
  Job job = {.compute = std::string(KERNEL_DIR "/") + c.kernel + ".cpp",
             .inputs = {make(c.tiles, c.kinds), indices_of(c.tiles)},
             .formats = {tt::DataFormat::Float16_b, tt::DataFormat::UInt16},
             .out_tiles = c.k == 64 ? 2u : 1u,
             .fp32_acc = c.fp32_acc,
             .scratch = {tt::DataFormat::Float16_b, tt::DataFormat::UInt16},
             .pages = 8,
             .args = c.args};
  job.args.push_back(0);
  const Values values = run(job);
  job.args.back() = 2;
  job.out_format = tt::DataFormat::UInt16;
  return check(c, job.inputs[0], values, run(job));
}

// Where 64 equal values end whose ascending runs are turned round in each
// phase: every other run of 4 and of 8 from the second on, every other of 16
// from the first on; and the registers' runs of 16 when 32 are sorted, of which
// the first 32 values are to ascend, and when all are.
static std::vector<float> turned() {
  std::vector<float> indices(64);
  for (std::size_t i = 0; i < indices.size(); ++i)
    indices[i] = static_cast<float>(i);
  const auto turn = [&](std::size_t first, std::size_t end, std::size_t step,
                        std::size_t length) {
    for (; first < end; first += step)
      std::reverse(indices.begin() + static_cast<std::ptrdiff_t>(first),
                   indices.begin() +
                       static_cast<std::ptrdiff_t>(first + length));
  };
  turn(4, 64, 8, 4);
  turn(8, 64, 16, 8);
  turn(0, 64, 32, 16);
  turn(0, 32, 16, 16);
  turn(0, 64, 16, 16);
  return indices;
}

int main(int count, char **argv) {
  if (count > 1) {
    run({.compute = KERNEL_DIR "/wrong.cpp",
         .inputs = {make(2, 64), indices_of(2)},
         .formats = {tt::DataFormat::Float16_b, tt::DataFormat::UInt16},
         .args = {static_cast<uint32_t>(std::atoi(argv[1]))}});
    return 0;
  }
  bool all = true;
  // CHECK: 64: 64 of 64
  all &= passes({"64", "one", 2, 64, {64, 6, 0, 0}, 64, false, false, false});
  // CHECK: 32: 32 of 64
  all &= passes({"32", "one", 2, 64, {32, 5, 0, 0}, 32, false, false, true});
  // CHECK: 16 up: 16 of 64
  all &= passes({"16 up", "one", 2, 64, {16, 4, 1, 1}, 16, true, true, false});
  // CHECK: 8: 8 of 64
  all &= passes({"8", "one", 2, 9, {8, 3, 0, 0}, 8, false, false, false});
  // CHECK: 4 smallest: 4 of 64
  all &=
      passes({"4 smallest", "one", 2, 64, {4, 2, 0, 1}, 4, true, false, false});
  // CHECK: wide: 32 of 128
  all &= passes({"wide", "wide", 4, 128, {}, 32, false, false, false});
  // CHECK: ties: 32 of 128
  all &= passes({"ties", "wide", 4, 5, {}, 32, false, false, false});
  // Of equal values, stable sorts leave each where it is.
  Job job = {.compute = KERNEL_DIR "/stable.cpp",
             .inputs = {make(2, 1), indices_of(2)},
             .formats = {tt::DataFormat::Float16_b, tt::DataFormat::UInt16},
             .out_format = tt::DataFormat::UInt16,
             .args = {0}};
  // CHECK: stable: all 1024 elements as expected
  all &= same_bits("stable", run(job),
                   [](std::size_t i) { return static_cast<float>(i / 32); });
  // ... also when they are sorted once: two turns could cancel each other.
  job.args = {1};
  // CHECK: stable once: all 1024 elements as expected
  all &= same_bits("stable once", run(job),
                   [](std::size_t i) { return static_cast<float>(i / 32); });
  // Others turn every ascending run of equal values round.
  job.args = {2};
  // CHECK: unstable: all 1024 elements as expected
  all &= same_bits("unstable", run(job), [turned = turned()](std::size_t i) {
    return turned[i / 32];
  });
  return all ? 0 : 1;
}
//--- load.hpp
#include <cstdint>

#include "api/compute/compute_kernel_api.h"
#include "api/compute/tile_move_copy.h"
#include "api/compute/transpose_wh.h"

// Two tiles of values and two of indices, turned, to DST 0 to 3.
inline void load(uint32_t tile) {
  for (uint32_t cb = 0; cb < 2; ++cb) {
    reconfig_data_format_srca(cb);
    transpose_wh_init_short(cb);
    transpose_wh_tile(cb, tile, 2 * cb);
    transpose_wh_tile(cb, tile + 1, 2 * cb + 1);
  }
}
//--- one.cpp
#include "load.hpp"

void kernel_main() {
  const uint32_t k = get_arg_val<uint32_t>(0);
  const uint32_t log_k = get_arg_val<uint32_t>(1);
  const bool up = get_arg_val<uint32_t>(2) != 0;
  const bool smallest = get_arg_val<uint32_t>(3) != 0;
  const uint32_t shown = get_arg_val<uint32_t>(4);
  topk_tile_init();
  transpose_wh_init(0, 16);
  cb_wait_front(0, 2);
  cb_wait_front(1, 2);
  tile_regs_acquire();
  load(0);
  topk_local_sort(0, up, log_k - 1);
  for (uint32_t m = 0; (k << m) < 64; ++m) {
    if (smallest) {
      topk_merge<true>(0, m, k);
    } else {
      topk_merge(0, m, k);
    }
    topk_rebuild(0, up, m, k, log_k, false);
  }
  tile_regs_commit();
  tile_regs_wait();
  for (uint32_t i = 0; i < (k == 64 ? 2 : 1); ++i) {
    cb_reserve_back(16, 1);
    pack_tile(shown + i, 16);
    cb_push_back(16, 1);
  }
  tile_regs_release();
  cb_pop_front(0, 2);
  cb_pop_front(1, 2);
}
//--- stable.cpp
#include "load.hpp"

void kernel_main() {
  topk_tile_init();
  transpose_wh_init(0, 16);
  cb_wait_front(0, 2);
  cb_wait_front(1, 2);
  tile_regs_acquire();
  load(0);
  const uint32_t how = get_arg_val<uint32_t>(0);
  if (how == 0) {
    topk_local_sort<true>(0, 1, 5);
    topk_local_sort<true>(0, 0, 5, 4, 0, 0);
    topk_merge<false, true>(0, 0, 32);
    topk_rebuild<true>(0, true, 0, 32, 5, true);
  } else if (how == 1) {
    topk_local_sort<true>(0, 1, 5);
  } else {
    topk_local_sort(0, 1, 5);
  }
  tile_regs_commit();
  tile_regs_wait();
  cb_reserve_back(16, 1);
  pack_tile(2, 16);
  cb_push_back(16, 1);
  tile_regs_release();
  cb_pop_front(0, 2);
  cb_pop_front(1, 2);
}
//--- wide.cpp
#include "load.hpp"

constexpr uint32_t tiles = 4, values = 24, indices = 25;

// Pairs of tiles, sorted into runs of 32.
inline void sort() {
  cb_reserve_back(values, tiles);
  cb_reserve_back(indices, tiles);
  for (uint32_t tile = 0; tile < tiles; tile += 2) {
    tile_regs_acquire();
    load(tile);
    topk_local_sort(0, 0, 4);
    tile_regs_commit();
    tile_regs_wait();
    pack_reconfig_data_format(values);
    pack_tile(0, values);
    pack_tile(1, values);
    pack_reconfig_data_format(indices);
    pack_tile(2, indices);
    pack_tile(3, indices);
    tile_regs_release();
  }
  cb_push_back(values, tiles);
  cb_push_back(indices, tiles);
}

inline void merge(uint32_t m, uint32_t left, bool up) {
  const uint32_t right = left + (1 << m);
  tile_regs_acquire();
  copy_tile_to_dst_init_short_with_dt(indices, values);
  copy_tile(values, left, 0);
  copy_tile(values, right, 1);
  copy_tile_to_dst_init_short_with_dt(values, indices);
  copy_tile(indices, left, 2);
  copy_tile(indices, right, 3);
  topk_merge(0, m, 32);
  topk_rebuild(0, up, m, 32, 5, true);
  tile_regs_commit();
  tile_regs_wait();
  pack_reconfig_data_format(values);
  pack_tile<true>(0, values, left);
  pack_reconfig_data_format(indices);
  pack_tile<true>(2, indices, left);
  tile_regs_release();
}

void kernel_main() {
  const uint32_t shown = get_arg_val<uint32_t>(0) == 0 ? values : indices;
  topk_tile_init();
  transpose_wh_init(0, values);
  cb_wait_front(0, tiles);
  cb_wait_front(1, tiles);
  sort();
  cb_pop_front(0, tiles);
  cb_pop_front(1, tiles);
  for (uint32_t m = 0; m < 2; ++m) {
    bool up = false;
    cb_wait_front(values, tiles);
    cb_wait_front(indices, tiles);
    cb_reserve_back(values, tiles);
    cb_reserve_back(indices, tiles);
    for (uint32_t left = 0; left < tiles; left += 2u << m) {
      merge(m, left, up);
      up = !up;
    }
    cb_pop_front(values, tiles);
    cb_pop_front(indices, tiles);
    cb_push_back(values, tiles);
    cb_push_back(indices, tiles);
  }
  cb_wait_front(values, tiles);
  cb_wait_front(indices, tiles);
  reconfig_data_format_srca(shown);
  copy_tile_init(shown);
  pack_reconfig_data_format(16);
  tile_regs_acquire();
  copy_tile(shown, 0, 0);
  tile_regs_commit();
  tile_regs_wait();
  cb_reserve_back(16, 1);
  pack_tile(0, 16);
  cb_push_back(16, 1);
  tile_regs_release();
  cb_pop_front(values, tiles);
  cb_pop_front(indices, tiles);
}
//--- wrong.cpp
#include "load.hpp"

void kernel_main() {
  const uint32_t wrong = get_arg_val<uint32_t>(0);
  if (wrong != 1) {
    topk_tile_init();
  }
  transpose_wh_init(0, 16);
  cb_wait_front(0, 2);
  cb_wait_front(1, 2);
  tile_regs_acquire();
  load(0);
  if (wrong == 9) {
    tile_regs_commit();
    tile_regs_wait();
    tile_regs_release();
    tile_regs_acquire();
    transpose_wh_tile(1, 0, 0);
  }
  topk_local_sort(wrong == 2, 0, wrong == 3 ? 6 : 4, wrong == 4 ? 4 : 0);
  if (wrong == 8) {
    topk_local_sort(0, 0, 5, 5, 4, 7);
  }
  topk_merge(0, wrong == 5 ? 10 : 0, wrong == 6 ? 24 : 32);
  topk_rebuild(0, false, 0, 32, wrong == 7 ? 4 : 5, 1);
  if (wrong == 10) {
    tile_regs_commit();
    tile_regs_wait();
    tile_regs_release();
    tile_regs_acquire();
    reconfig_data_format_srca(0);
    transpose_wh_init_short(0);
    transpose_wh_tile(0, 0, 0);
    transpose_wh_tile(0, 1, 1);
    topk_merge(0, 0, 32);
  }
}
// C1: wrong.cpp:[[#]]: topk_local_sort: the vector unit is set up for nothing: topk_tile_init is missing
// C2: wrong.cpp:[[#]]: topk_local_sort: sorts DST tiles 0 to 3: the index is 0, not 1
// C3: wrong.cpp:[[#]]: topk_local_sort: phases 0 to 6, but 64 values have phases 0 to 5
// C4: wrong.cpp:[[#]]: topk_local_sort: starts at phase 4, with what a sort from phase 0 on leaves: none came since topk_tile_init or topk_rebuild
// C5: wrong.cpp:[[#]]: topk_merge: iteration 10, but there are 10
// C6: wrong.cpp:[[#]]: topk_merge: k is 24, but is a power of two from 4 to 64
// C7: wrong.cpp:[[#]]: topk_rebuild: k is 32, but its logarithm is said to be 4
// C8: wrong.cpp:[[#]]: topk_local_sort: starts at step 7, but phase 5 has steps 1 to 6
// C9: wrong.cpp:[[#]]: topk_local_sort: DST tile 0 holds integers, and this works on floating point: typecast_tile is missing
// C10: wrong.cpp:[[#]]: topk_merge: DST tile 2 was not written since tile_regs_acquire: the vector unit reads anything there
