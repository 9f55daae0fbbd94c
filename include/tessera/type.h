// Types: interned in the context, compared by pointer, never freed singly.
#ifndef TESSERA_TYPE_H
#define TESSERA_TYPE_H

#include "tessera/base.h"

TSR_BEGIN_DECLS

typedef enum tsr_type_kind {
#define TSR_TYPE(id, ...) TSR_TYPE_##id,
#include "tessera/types.def"
  TSR_TYPE_COUNT
} tsr_type_kind;

// Element formats; rows of types.def.
typedef enum tsr_element {
#define TSR_ELEMENT(id, ...) TSR_ELEMENT_##id,
#include "tessera/types.def"
  TSR_ELEMENT_COUNT
} tsr_element;

// What types.def says of an element format.
typedef struct tsr_element_info {
  const char *name;
  // Bytes of one 32x32 tile in L1 or DRAM; 0: a value type only.
  uint32_t tile_bytes;
  // Explicit mantissa bits; 0 for integers.
  uint32_t mantissa_bits;
  bool is_float;
  // Formats this release loads, stores and computes with.
  bool supported;
} tsr_element_info;

// The row of a format; lasts for ever.
const tsr_element_info *tsr_element_get_info(tsr_element element);
// fails  returns false when `name` is no element format
bool tsr_element_find(const char *name, size_t length, tsr_element *out);

typedef enum tsr_layout { TSR_LAYOUT_TILED, TSR_LAYOUT_ROW_MAJOR } tsr_layout;
typedef enum tsr_memory { TSR_MEMORY_DRAM, TSR_MEMORY_L1 } tsr_memory;
typedef enum tsr_order { TSR_ORDER_ROW, TSR_ORDER_COLUMN } tsr_order;

// A padding value: nothing known, or a number (which may be -inf).
typedef struct tsr_pad {
  bool is_known;
  double value;
} tsr_pad;

// How a buffer is spread over banks or cores. `sharded` false: interleaved by
// page, the other fields zero.
typedef struct tsr_sharding {
  bool sharded;
  uint32_t shard_rows, shard_cols; // elements
  uint32_t grid_rows, grid_cols;   // cores
  tsr_order order;
} tsr_sharding;

// Everything a type can say; fields that the kind does not use are zero.
typedef struct tsr_type_desc {
  tsr_type_kind kind;
  tsr_element element;             // tensor, tile, buffer
  uint32_t rank;                   // tensor, buffer: 1..4
  uint64_t extents[TSR_MAX_RANK];  // tensor, buffer: elements, outermost first
  uint32_t block_rows, block_cols; // tile: 1x1 is a single tile
  tsr_layout layout;               // buffer
  tsr_memory memory;               // buffer
  tsr_sharding sharding;           // buffer
  tsr_pad pad;                     // buffer
} tsr_type_desc;

// Returns the one type that `desc` describes, be it one that tsr_type_check
// refuses: tsr_module_verify then reports what is of it.
//
// in     `desc`: at most TSR_MAX_RANK extents, enumerators that there are
const tsr_type *tsr_type_get(tsr_context *context, const tsr_type_desc *desc);
// What a type is made of.
const tsr_type_desc *tsr_type_get_desc(const tsr_type *type);
tsr_type_kind tsr_type_get_kind(const tsr_type *type);
tsr_element tsr_type_get_element(const tsr_type *type);

// Types without extents, and the tile of so many tiles.
const tsr_type *tsr_type_index(tsr_context *context);
const tsr_type *tsr_type_bool(tsr_context *context);
const tsr_type *tsr_type_addr(tsr_context *context);
const tsr_type *tsr_type_accessor(tsr_context *context);
const tsr_type *tsr_type_tile(tsr_context *context, tsr_element element,
                              uint32_t block_rows, uint32_t block_cols);
// The same type but for its element format.
const tsr_type *tsr_type_with_element(tsr_context *context,
                                      const tsr_type *type,
                                      tsr_element element);

// Tiles in a tile value: block_rows * block_cols.
uint32_t tsr_type_block_tiles(const tsr_type *type);
// Bytes of one page (one tile) of a tensor, buffer or tile element format.
uint32_t tsr_type_page_bytes(const tsr_type *type);
// Extent of a buffer or tensor along `axis` counted in tiles: the last two
// axes in 32s rounded up, the others as they are. A rank 1 type has rank 1
// here too: its one axis is a row of tiles.
uint64_t tsr_type_tile_extent(const tsr_type *type, uint32_t axis);
// Tiles (= pages) of a whole buffer or tensor.
uint64_t tsr_type_tile_count(const tsr_type *type);

// Checks what the parser and hand-made descs must satisfy: rank 1..4, extents
// at least 1, byte size within 63 bits, a supported combination. What is wrong
// is reported at `loc`.
TSR_MUST_USE tsr_result tsr_type_check(const tsr_type_desc *desc, tsr_loc loc,
                                       tsr_diag *diag);

TSR_END_DECLS

#endif
