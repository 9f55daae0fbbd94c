// RUN: %metalium %s -o %t %lib && %t | FileCheck %s
// Layouts of tiles on the host: each element of each layout, other shapes of
// tiles and faces, transposed faces, and what cannot be converted.
#include <cstdio>
#include <exception>
#include <functional>
#include <numeric>

#include <tt-metalium/tilize_utils.hpp>

namespace {

using Span = tt::stl::Span<const uint32_t>;
using enum TensorLayoutType;

std::vector<uint32_t> count(std::size_t values) {
  std::vector<uint32_t> data(values);
  std::iota(data.begin(), data.end(), 0);
  return data;
}

void fails(const std::function<void()> &action) {
  try {
    action();
    std::printf("accepted\n");
  } catch (const std::exception &error) {
    std::printf("%s\n", error.what());
  }
}

void print(const char *what, bool is_right) {
  std::printf("%s: %s\n", what, is_right ? "right" : "wrong");
}

} // namespace

int main() {
  const std::vector<uint32_t> rows = count(2 * 64 * 96);
  // Two matrices of 64 x 96.
  const auto swizzled = tilize_swizzled(rows, 64, 96);
  const auto faces = tilize_nfaces(rows, 64, 96);
  bool is_right = true;
  for (uint32_t i = 0; i < rows.size(); ++i) {
    const uint32_t r = i / 96 % 64, c = i % 96, matrix = i / (64 * 96);
    const uint32_t tile = matrix * 6 + r / 32 * 3 + c / 32;
    const uint32_t y = r % 32, x = c % 32;
    is_right &= swizzled[tile * 1024 + y * 32 + x] == i &&
                faces[tile * 1024 + (y / 16 * 2 + x / 16) * 256 + y % 16 * 16 +
                      x % 16] == i;
  }
  // CHECK: places: right
  print("places", is_right);
  // CHECK: back: right
  print("back", untilize_swizzled(swizzled, 64, 96) == rows &&
                    untilize_nfaces(faces, 64, 96) == rows);
  // CHECK: tiles: right
  print("tiles",
        convert_layout_tile_swizzled_to_tile_nfaces(Span(swizzled)) == faces &&
            convert_layout_tile_nfaces_to_tile_swizzled(Span(faces)) ==
                swizzled);
  const std::vector<uint32_t> shape = {2, 2, 32, 96};
  // CHECK: shape: right
  print("shape", convert_layout(Span(rows), Span(shape), LIN_ROW_MAJOR,
                                TILED_NFACES) == faces);

  // One tile of 16 x 32: two faces side by side.
  const std::vector<uint32_t> tiny = count(16 * 32);
  const auto two =
      convert_layout(Span(tiny), PhysicalSize{16, 32}, LIN_ROW_MAJOR,
                     TILED_NFACES, PhysicalSize{16, 32}, PhysicalSize{16, 16});
  // CHECK: two faces: 0 32 16 511
  std::printf("two faces: %u %u %u %u\n", two[0], two[16], two[256], two[511]);

  // Transposed: within faces, their order, and back again.
  const std::vector<uint32_t> tile = count(1024);
  auto turn = [&](bool within, bool order) {
    return convert_layout(Span(tile), PhysicalSize{32, 32}, LIN_ROW_MAJOR,
                          TILED_NFACES, std::nullopt, std::nullopt, within,
                          order);
  };
  // CHECK: within: 0 32 16 512
  std::printf("within: %u %u %u %u\n", turn(true, false)[0],
              turn(true, false)[1], turn(true, false)[256],
              turn(true, false)[512]);
  // CHECK: order: 0 1 512 16
  std::printf("order: %u %u %u %u\n", turn(false, true)[0],
              turn(false, true)[1], turn(false, true)[256],
              turn(false, true)[512]);
  // CHECK: both: 0 32 512 16
  std::printf("both: %u %u %u %u\n", turn(true, true)[0], turn(true, true)[1],
              turn(true, true)[256], turn(true, true)[512]);
  // CHECK: turned back: right
  print("turned back",
        convert_layout(Span(turn(true, true)), PhysicalSize{32, 32},
                       TILED_NFACES, LIN_ROW_MAJOR, std::nullopt, std::nullopt,
                       true, true) == tile);
  // CHECK: 0 values
  std::printf("%zu values\n", tilize_nfaces(count(0), 32, 32).size());

  // CHECK: tilize: rows and columns must be multiples of 32 and 32, and cover the data
  fails([&] { tilize_nfaces(tile, 16, 64); });
  // CHECK: tilize: rows and columns must be multiples of 32 and 32, and cover the data
  fails([&] { tilize_swizzled(tile, 64, 32); });
  // CHECK: tilize: a tile must be a whole number of faces
  fails([&] {
    convert_layout(Span(tile), PhysicalSize{8, 32}, LIN_ROW_MAJOR, TILED_NFACES,
                   PhysicalSize{8, 32});
  });
  // CHECK: tilize: what is transposed must be square
  fails([&] {
    convert_layout(Span(tile), PhysicalSize{8, 32}, LIN_ROW_MAJOR, TILED_NFACES,
                   PhysicalSize{8, 32}, PhysicalSize{8, 16}, true);
  });
  // CHECK: tilize: a shape has two sizes or more
  fails([&] {
    convert_layout(Span(tile), Span(shape).first(1), LIN_ROW_MAJOR,
                   TILED_NFACES);
  });
  return 0;
}
