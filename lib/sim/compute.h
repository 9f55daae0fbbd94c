// What the calls of the compute engine share: the rules that all of them keep.
// Private to lib/sim.

#ifndef TESSERA_LIB_SIM_COMPUTE_H
#define TESSERA_LIB_SIM_COMPUTE_H

#include "internal.h"

// -- calls_compute.c ----------------------------------------------------------

// Metalium's name of the op that a set-up is for.
const char *setup_call(tsr_sim_setup setup);

const char *cb_format_name(thread *self, uint32_t cb);

// The engine must be set up for `want`.
void check_setup(thread *self, tsr_sim_config want);

// True when circular buffer `cb` goes to DST as it is.
bool goes_to_dst(thread *self, uint32_t cb);

// Integers of 32 bits come from and go to 32-bit DST only.
void check_wide_integers(thread *self, const cb_state *on);

// A release that may come after another one, whose section is empty.
void release_again(tsr_sim_where where);

// Makes DST zero where math has touched it: the packer clears what it leaves.
void clear_section(compute_engine *engine, uint32_t section);

// The start of the hardware must have come.
void check_started(thread *self);

// A source register must be configured for the format of `cb`, by a kernel that
// has started. `is`: the circular buffer it is configured for.
void check_source_format(thread *self, int32_t is, uint32_t cb,
                         const char *source);

// What the FPU works on must go through the source registers.
void check_fpu_source(thread *self, uint32_t cb);

// Pages must hold a tile each.
void check_tile_pages(thread *self, const cb_state *on);

// Tile `tile` of what is waited for, in L1.
const char *fronted_tile(thread *self, uint32_t cb, uint32_t tile);

// The first `bytes` of what is waited for, and where it lies; the same of what
// is reserved.
void check_fronted_bytes(thread *self, const cb_state *on, uint32_t bytes);
const char *fronted_bytes(const thread *self, const cb_state *on);
char *reserved_bytes(thread *self, const cb_state *on, uint32_t bytes);

// What fits into a source register of this engine.
source_rounding source_width(const thread *self);
void unpack_source(thread *self, uint32_t cb, uint32_t tile, float *out);

// The register bank that is filled next, and the one that math works on for
// `config`.
operand *free_bank(thread *self);
const operand *next_operand(thread *self, tsr_sim_config config);

// Tell the clock of an unpack, which must be known to be right, and of a pack;
// `what` says what the thread's own state does not.
void record_unpack_ab(thread *self, tsr_sim_config config, uint32_t cb_a,
                      uint32_t cb_b);
void record_unpack_a(thread *self, tsr_sim_config config, uint32_t cb);
void record_pack(thread *self, const cb_state *on,
                 tsr_clock_compute_event what);

void check_dst_index(thread *self, uint32_t index);

// Tile `index` of the section that math owns; to be written.
float *math_tile(thread *self, uint32_t index);
float *written_tile(thread *self, uint32_t index);
bool is_written(const thread *self, uint32_t index);

// As math_tile, to be read by the vector unit, for which a tile that nobody
// wrote is undefined: only the FPU and the packer see zeros there.
float *sfpu_tile(thread *self, uint32_t index);

// Says whether tile `index` of math's section holds integers; written_tile says
// it does not.
void mark_integer(thread *self, uint32_t index, bool is_integer);
bool is_integer(const thread *self, uint32_t index);

// Rounds a result to what DST holds.
void settle(const thread *self, float *tile);

// -- calls_pack.c -------------------------------------------------------------

// Tile `index` of the section that pack owns.
const float *packed_tile(thread *self, uint32_t index);

// What the packer makes of DST[dst] before it is converted to the format of
// `cb`.
void prepare_pack(thread *self, const cb_state *on, uint32_t dst, float *out);

void check_pack_format(thread *self, const cb_state *on);

// Where slot `slot` of what is reserved lies.
char *reserved_slot(thread *self, const cb_state *on, uint32_t slot);

// -- reduce.c -----------------------------------------------------------------

// Reduces a tile and its scaler into `to`. `width`: what the source registers
// hold; `starts`: nothing was in `to`.
void tile_reduce(const tsr_sim_config *config, const operand *from,
                 source_rounding width, bool is_32bit, bool starts, float *to);

// Zeros all but what a reduction leaves.
void mask_tile_edges(tsr_sim_reduce_dim kept_dim, float *tile);

// What a scaler tile is worth to a reduction. Those of tt-metal's generators
// hold one value in row 0 of each face; where less than a tile is reduced, that
// value in front and zeros behind it. A tile of data does not.
typedef enum scaler_state {
  SCALER_GOOD,
  SCALER_EMPTY, // a face begins with nothing, or no number, to multiply by
  SCALER_MIXED, // there is a second value
  SCALER_DOWN,  // its value goes down a column, as of a matmul's ones
} scaler_state;

// out    `*out_face`, `*out_col`: where, unless it is good
scaler_state check_scaler(const float *scaler, tsr_sim_reduce_dim dim,
                          size_t *out_face, size_t *out_col);

#endif
