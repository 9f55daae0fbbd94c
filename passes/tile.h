// tile, shared by its parts: the tensors of a function, and what is known of
// them before any nest is built.
//
//   tile.c          checks, buffers, functions
//   tile_nest.c     the nest of one tensor
//   tile_tensors.c  which tensors matter, which sizes are one
#ifndef TESSERA_PASSES_TILE_H
#define TESSERA_PASSES_TILE_H

#include "tessera/hash.h"
#include "tessera/pass_report.h"

// No result of the function.
#define TSR_TILE_NO_RESULT UINT32_MAX

// One tensor value of the function, and what becomes of it.
typedef struct tsr_tile_tensor {
  tsr_value *value;
  const tsr_type_desc *desc;
  size_t number;         // among all tensors of the function
  tsr_value *buffer;     // where other nests read it
  uint32_t first_result; // the first result it is, or TSR_TILE_NO_RESULT
  bool is_argument;
  bool is_used;     // reaches a result
  bool needs_zeros; // some op reads its padding
  bool has_zeros;   // its padding is zero where it is stored
} tsr_tile_tensor;

// Axes that typing makes equal are one size: a union-find over all axes of all
// tensors. The buffer whose axis stands for the size is a function argument, so
// that no intermediate buffer lives on only to be measured.
typedef struct tsr_tile_size {
  uint32_t parent;
  tsr_value *buffer;
  uint32_t axis;
  tsr_value *size;      // in tiles, once asked for
  tsr_value *blocks[2]; // in blocks of rows, of columns, once asked for
} tsr_tile_size;

typedef struct tsr_tiler {
  tsr_pass_env *env;
  tsr_module *module;
  tsr_context *context;
  tsr_map tensors_by_value;
  tsr_tile_tensor *tensors;
  size_t tensor_count;
  tsr_tile_size *sizes; // TSR_MAX_RANK for each tensor
  tsr_op *return_op;
  tsr_value **outs;      // buffer of each result
  uint32_t *next_result; // the next result that is the same tensor
  tsr_block *block;      // of the new function
  tsr_builder header;    // before the first nest: sizes and allocations
  uint32_t
      block_tiles[2]; // rows and columns of tiles that a nest takes at once
} tsr_tiler;

// Lists the tensors of a function over tensors: which reach a result, which
// results each of them is, whose padding is read.
//
// in     `block`: of the function, checked
void tsr_tile_collect(tsr_tiler *t, tsr_block *block);

tsr_tile_tensor *tsr_tile_get_tensor(const tsr_tiler *t,
                                     const tsr_value *value);

// Finds which axes are one size by typing.
void tsr_tile_join_sizes(tsr_tiler *t);

tsr_tile_size *tsr_tile_find_size(tsr_tiler *t, const tsr_tile_tensor *of,
                                  uint32_t axis);

// Axis of a matmul's `operand` that lies along batch axis `axis` of its result.
//
// fails  false when the operand has no such axis: all of the batch shares it
bool tsr_tile_find_batch_axis(const tsr_tile_tensor *operand,
                              const tsr_tile_tensor *result, uint32_t axis,
                              uint32_t *out_axis);

// A tensor's name, as far as a variable can have it: unnamed tensors are
// numbered.
const char *tsr_tile_get_label(const tsr_tiler *t, const tsr_tile_tensor *of);

// Appends the nest that computes `result`, which has a buffer, and stores it to
// all that it has.
void tsr_tile_build_nest(tsr_tiler *t, const tsr_op *op,
                         tsr_tile_tensor *result);

// Appends the nest that copies an argument to the results that it is.
void tsr_tile_build_copy(tsr_tiler *t, const tsr_tile_tensor *argument);

#endif
