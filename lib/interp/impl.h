// What the parts of the interpreter share.

#ifndef TESSERA_LIB_INTERP_IMPL_H
#define TESSERA_LIB_INTERP_IMPL_H

#include "tessera/analysis.h"
#include "tessera/hash.h"
#include "tessera/interp.h"
#include "tessera/sim_math.h"

// -- walk.c: control flow and index arithmetic --------------------------------

// What a value is worth. Tiles live in memory of their own, made when first
// written, so that handing one on is a copy and nothing is ever shared.
typedef struct cell {
  int64_t number;   // index, bool, addr; buffers: a number or an address
  float *tiles;     // tile: its tiles, row by row
  bool from_memory; // tile: not yet through the engine's registers
} cell;

typedef struct walk walk;

// Executes an op that is neither control flow nor index arithmetic.
typedef tsr_result walk_op(walk *w, const tsr_op *op);

struct walk {
  const tsr_map *slots; // value to slot + 1
  cell *cells;
  tsr_arena *arena; // of the tiles
  tsr_diag *diag;
  walk_op *run_op;
  void *user;
};

// Gives every value that `block` defines, however deep, a slot from `*count`.
void number_values(const tsr_block *block, tsr_map *slots, size_t *count);

cell *walk_cell(const walk *w, const tsr_value *value);
int64_t walk_number(const walk *w, const tsr_value *value);
// The tiles of a tile value, with room for them.
float *walk_tiles(const walk *w, const tsr_value *value);
tsr_result walk_block(walk *w, const tsr_block *block);

// -- values.c -----------------------------------------------------------------

// Row-major elements to tiles, `padding` where there are no elements, and back.
void to_tiles(const tsr_type *type, const float *values, float padding,
              float *tiles);
void from_tiles(const tsr_type *type, const float *tiles, float *values);
size_t tiles_elems(const tsr_type *type);
// To bf16 as hosts do: nearest, ties to even; a NaN stays one.
float round_even_bf16(float value);
// What stands outside of the extents of an input.
float input_padding(const tsr_type *type);

// -- progress -----------------------------------------------------------------

typedef struct progress {
  const tsr_run_request *request;
  uint64_t done, total; // tiles stored, and to be stored
} progress;

// Counts the tiles that the function has to store.
progress progress_start(const tsr_run_request *request);
void progress_step(progress *p, uint64_t tiles);

// -- the stages ---------------------------------------------------------------

// tile_ops.c: elementwise ops and the model's math for them.
typedef struct math_row {
  tsr_op_kind tensor, tile;
  bool is_binary;
  tsr_sim_sfpu math;
} math_row;

const math_row *find_math(const tsr_op *op); // or NULL

// An op on tile values. `is_wide`: DST is 32 bits wide.
tsr_result run_tile_op(walk *w, const tsr_op *op, bool is_wide);

// tensors.c, nests.c, host.c
tsr_result run_tensors(const tsr_run_request *request, tsr_run_values *values,
                       tsr_diag *diag);
tsr_result run_nests(const tsr_run_request *request, tsr_run_values *values,
                     tsr_diag *diag);
tsr_result run_host(const tsr_run_request *request, tsr_run_values *values,
                    tsr_diag *diag);

// -- kernels.c ----------------------------------------------------------------

// A program as its kernels see it while it runs.
typedef struct running_kernel {
  const tsr_op *op;
  uint32_t id; // in the model
} running_kernel;

typedef struct running_program {
  const tsr_op *op;
  tsr_diag *diag;
  tsr_arena arena;
  tsr_map slots; // of the program's and its kernels' values
  size_t slot_count;
  // By number of the op, in the order of the text. Places have it, plus 1.
  tsr_map op_numbers; // op to number + 1
  const tsr_op **ops;
  tsr_sim_where *places;
  tsr_map machine_ops; // op to the calls it makes
  running_kernel *kernels;
  size_t kernel_count;
  // By core and tsr_sim_processor; by core, its place in core order.
  const running_kernel **by_core;
  uint32_t *core_order;
  uint32_t grid_cols;
  // What the program's arguments are: addresses.
  const uint64_t *addresses;
  progress *progress;
  bool failed; // a kernel said why in `diag`
} running_program;

// Numbers the program's ops and values.
void prepare_program(running_program *program);
// The op that a place names; NULL: none.
const tsr_op *op_at(const running_program *program, tsr_sim_where where);
// Looks up the calls of a kernel's ops.
tsr_result prepare_kernel(running_program *program, const tsr_op *kernel);

// The program that the threads of the model work for.
void set_running_program(running_program *program);
// One more page of results has left for its buffer.
void count_written_page(void);
tsr_sim_entry *kernel_entry(tsr_sim_processor processor);

#endif
