// Formats of circular buffers as constants. Before the kernel's text stands
// TESSERA_CB_FORMATS: index, format, bytes, rows and columns of a tile, of
// those buffers that have one format on all cores of the kernel.

#ifndef TESSERA_METALIUM_FORMATS_H
#define TESSERA_METALIUM_FORMATS_H

#include <cstdint>

#include "hostdevcommon/data_format.h"

#ifndef TESSERA_CB_FORMATS
#define TESSERA_CB_FORMATS {-1, 0, 0, 0, 0} // no buffer has this index
#endif

namespace tessera {

struct cb_format {
  int32_t cb;
  tt::DataFormat format;
  int32_t tile_bytes;
  uint32_t tile_rows, tile_cols;
};

// Not constant, and nowhere defined: the compiler names it where a constant is
// wanted of another buffer.
cb_format no_circular_buffer_of_one_format_on_all_cores_of_this_kernel();

constexpr cb_format constant_format_of(int32_t cb) {
  struct row {
    int32_t cb, format, tile_bytes;
    uint32_t tile_rows, tile_cols;
  };
  constexpr row rows[] = {TESSERA_CB_FORMATS};
  for (const row &at : rows)
    if (at.cb == cb)
      return {cb, static_cast<tt::DataFormat>(at.format), at.tile_bytes,
              at.tile_rows, at.tile_cols};
  return no_circular_buffer_of_one_format_on_all_cores_of_this_kernel();
}

} // namespace tessera

#endif
