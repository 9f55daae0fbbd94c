// What one call of a compute thread takes by itself, from the target's numbers.
//
// Unpack, math and pack each get their own share: that the slowest of the three
// sets the pace comes out of the hand-over between them, not from here. An op
// on a block of tiles is one event per tile, so a share of what the block as a
// whole takes.
//
// src    docs/model.md, "Time"

#include "internal.h"

#include "tessera/sim_calls.h"

#include <stdlib.h>
#include <string.h>

// A tile has 32 rows of 32 elements; the vector unit takes one row's worth at a
// time, unless the op says it goes over fewer.
enum { SFPU_ITERATIONS = 32, FIDELITIES = 4 };

static uint64_t larger(uint64_t a, uint64_t b) { return a > b ? a : b; }

// Bytes of a tile in L1, by tsr_sim_format.
static uint64_t tile_bytes(uint32_t format) {
  switch (format) {
#define TSR_SIM_FORMAT(id, number, bytes, text, kind)                          \
  case number:                                                                 \
    return bytes;
#include "tessera/sim_formats.def"
  default:
    abort(); // the model refuses circular buffers of other formats
  }
}

// -- Unpack -------------------------------------------------------------------

// Matmul loads the operand along the longer side of its block for every
// product, and the other one once for each row or column of it.
static uint64_t unpack_matmul_ticks(const tsr_target *target,
                                    const tsr_clock_compute_event *what) {
  uint64_t a = tile_bytes(what->format_a), b = tile_bytes(what->format_b);
  uint64_t rows = larger(what->rows, 1), cols = larger(what->cols, 1);
  if (rows * cols == 1)
    return clock_transfer_ticks(a + b, target->unpack_pair_rate);
  bool keeps_b = cols >= rows;
  uint64_t streamed = keeps_b ? a : b;
  uint64_t kept = keeps_b ? b / cols : a / rows;
  return larger(
      clock_transfer_ticks(streamed, target->unpack_rate),
      clock_transfer_ticks(streamed + kept, target->unpack_matmul_rate));
}

// Of an operand that is repeated over the tile only the faces with its row,
// column or element are read.
static uint64_t repeated_bytes(uint64_t bytes, uint32_t broadcast) {
  switch ((tsr_sim_broadcast)broadcast) {
  case TSR_SIM_BROADCAST_ROW:
  case TSR_SIM_BROADCAST_COL:
    return bytes / 2;
  case TSR_SIM_BROADCAST_SCALAR:
    return bytes / 4;
  case TSR_SIM_BROADCAST_NONE:
    break;
  }
  return bytes;
}

static uint64_t unpack_ticks(const tsr_target *target,
                             const tsr_clock_compute_event *what) {
  if (what->tilize || what->setup == TSR_SIM_SETUP_TILIZE ||
      what->setup == TSR_SIM_SETUP_UNTILIZE)
    return clock_transfer_ticks(tile_bytes(what->format_a),
                                target->unpack_tilize_rate);
  if (what->setup == TSR_SIM_SETUP_MATMUL)
    return unpack_matmul_ticks(target, what);
  uint64_t a = what->has_a ? tile_bytes(what->format_a) : 0;
  uint64_t b = what->has_b
                   ? repeated_bytes(tile_bytes(what->format_b), what->broadcast)
                   : 0;
  return clock_transfer_ticks(a + b, a && b ? target->unpack_pair_rate
                                            : target->unpack_rate);
}

// -- Math ---------------------------------------------------------------------

static uint64_t matmul_ticks(const tsr_target *target, uint32_t phases,
                             const tsr_clock_compute_event *what) {
  uint64_t ticks =
      clock_ticks((uint64_t)phases * target->matmul_phase_millicycles +
                  target->matmul_overhead_millicycles);
  if (what->rows * what->cols <= 1)
    ticks += clock_ticks(target->matmul_single_millicycles);
  return ticks;
}

static uint64_t reduce_ticks(const tsr_target *target, uint32_t phases,
                             const tsr_clock_compute_event *what) {
  switch ((tsr_sim_reduce_dim)what->param) {
  case TSR_SIM_REDUCE_ROW:
    return clock_ticks(target->reduce_row_millicycles[phases - 1]);
  case TSR_SIM_REDUCE_COL:
    return clock_ticks(target->reduce_col_millicycles[phases - 1]);
  case TSR_SIM_REDUCE_SCALAR:
  case TSR_SIM_REDUCE_NOTHING:
    break;
  }
  return clock_ticks(target->reduce_scalar_millicycles[phases - 1]);
}

static uint64_t math_ticks(const tsr_target *target, uint32_t fidelity,
                           const tsr_clock_compute_event *what) {
  uint32_t phases = fidelity < 1            ? 1
                    : fidelity > FIDELITIES ? FIDELITIES
                                            : fidelity;
  uint64_t copy = clock_ticks(target->copy_millicycles);
  uint64_t binary = clock_ticks(target->binary_millicycles);
  // An operand that comes from DST goes to a source register first.
  uint64_t reuse = what->reuse == TSR_SIM_REUSE_NONE ? 0 : copy;
  switch ((tsr_sim_setup)what->setup) {
  case TSR_SIM_SETUP_MATMUL:
    return matmul_ticks(target, phases, what);
  case TSR_SIM_SETUP_MUL:
    return reuse + binary * phases;
  case TSR_SIM_SETUP_ADD:
  case TSR_SIM_SETUP_SUB:
    return reuse + binary;
  case TSR_SIM_SETUP_TRANSPOSE:
    return clock_ticks(target->transpose_millicycles);
  case TSR_SIM_SETUP_REDUCE:
    return reduce_ticks(target, phases, what);
  case TSR_SIM_SETUP_COPY:
  case TSR_SIM_SETUP_BROADCAST:
  case TSR_SIM_SETUP_TILIZE:
  case TSR_SIM_SETUP_UNTILIZE:
  case TSR_SIM_SETUP_NONE:
  case TSR_SIM_SETUP_COUNT:
    break;
  }
  return copy;
}

// -- Vector unit --------------------------------------------------------------

static const char *const sfpu_calls[TSR_SIM_SFPU_COUNT] = {
#define TSR_SIM_UNARY(id, call, kind, init)   [TSR_SIM_SFPU_##id] = call,
#define TSR_SIM_BINARY(id, call, kind, init)  [TSR_SIM_SFPU_##id] = call,
#define TSR_SIM_TERNARY(id, call, kind, init) [TSR_SIM_SFPU_##id] = call,
#define TSR_SIM_WHOLE(id, call, kind, init)   [TSR_SIM_SFPU_##id] = call,
#include "tessera/sim_sfpu.def"
};

static uint64_t sfpu_millicycles(const tsr_target *target, uint32_t op) {
  const char *call = op < TSR_SIM_SFPU_COUNT ? sfpu_calls[op] : NULL;
  for (uint32_t i = 0; call && i < target->sfpu_millicycles_count; i++)
    if (strcmp(target->sfpu_millicycles[i].name, call) == 0)
      return target->sfpu_millicycles[i].value;
  return target->sfpu_other_millicycles;
}

static uint64_t sfpu_ticks(const tsr_target *target,
                           const tsr_clock_compute_event *what) {
  uint64_t whole = clock_ticks(sfpu_millicycles(target, what->sfpu)) *
                   larger(what->depth, 1);
  return what->iterations ? whole * what->iterations / SFPU_ITERATIONS : whole;
}

// -- Pack ---------------------------------------------------------------------

static uint64_t pack_ticks(const tsr_target *target,
                           const tsr_clock_compute_event *what) {
  uint64_t bytes = tile_bytes(what->format_a);
  uint64_t ticks = clock_transfer_ticks(
      bytes,
      what->accumulate ? target->pack_accumulate_rate : target->pack_rate);
  if (!what->untilize)
    return ticks;
  uint64_t row =
      (uint64_t)target->pack_untilize_row_millicycles / larger(what->cols, 1);
  return larger(ticks, clock_ticks(target->pack_untilize_millicycles + row));
}

// -- All ----------------------------------------------------------------------

uint64_t tsr_cost_compute(const tsr_target *target,
                          const tsr_clock_kernel *kernel,
                          const tsr_clock_event *event) {
  const tsr_clock_compute_event *what = &event->compute;
  switch ((tsr_clock_kind)event->kind) {
  case TSR_CLOCK_STARTUP:
    return clock_ticks(target->startup_millicycles);
  case TSR_CLOCK_INIT:
    return clock_ticks(target->init_millicycles);
  case TSR_CLOCK_RECONFIG:
    return clock_ticks(target->reconfig_millicycles);
  case TSR_CLOCK_UNPACK:
    return unpack_ticks(target, what);
  case TSR_CLOCK_MATH:
    return math_ticks(target, kernel->fidelity, what);
  case TSR_CLOCK_SFPU:
    return sfpu_ticks(target, what);
  case TSR_CLOCK_PACK:
    return pack_ticks(target, what);
  case TSR_CLOCK_DST_ACQUIRE:
  case TSR_CLOCK_DST_COMMIT:
    return clock_ticks(target->dst_section_millicycles) / 2;
  case TSR_CLOCK_DST_WAIT:
  case TSR_CLOCK_DST_RELEASE:
    return clock_ticks(target->pack_section_millicycles) / 2;
  default: // what is not the engine's
    return 0;
  }
}
