// Growing programs of kernels, shared by its parts.
//
//   grow_programs.c   buffers, streams, loops and branches, the host
//   grow_kernels.c    what one kernel does in a step
//   grow_arguments.c  tables of arguments
//
// What keeps a program from waiting for ever: it is grown as one sequence of
// steps, each of which fills a circular buffer in one kernel and empties it in
// another. Every kernel has its own part of that sequence, in the same loops
// and branches, whose bounds and conditions are grown once for each kernel from
// the same decisions. Tiles may stay on their way until their block ends.
#ifndef TESSERA_TEST_FUZZ_GROW_PROGRAMS_H
#define TESSERA_TEST_FUZZ_GROW_PROGRAMS_H

#include "grow.h"
#include "grow_index.h"

enum {
  PROGRAM_STREAMS = 12,
  PROGRAM_BUFFERS = 8,
  PROGRAM_LOOPS = 4,
  PROGRAM_SLOTS = 4 // of DST, which all of its modes have
};

typedef enum grown_kernel { READER, COMPUTE, WRITER, KERNELS } grown_kernel;

typedef struct grown_stream {
  tsr_op *cb;
  grown_kernel from, to;
  uint32_t batch;
  tsr_element element;
  bool is_whole;  // unpacked into DST as it is
  bool is_on_way; // filled and not emptied
  uint32_t depth; // of the block where it was filled
} grown_stream;

typedef struct program_grower {
  choices *c;
  tsr_context *context;
  tsr_module *module;
  tsr_op *host, *program, *kernels[KERNELS];
  const tsr_attr *cores;
  uint32_t core_count;
  tsr_value *core; // its number
  tsr_builder top; // before the kernels
  tsr_builder at[KERNELS];
  index_scope indices[KERNELS]; // the same in all, value by value
  grown_stream streams[PROGRAM_STREAMS];
  size_t stream_count, stream_limit;
  tsr_value *inputs[PROGRAM_BUFFERS];
  size_t input_count, output_count;
  tsr_value *loops[PROGRAM_LOOPS][KERNELS];
  uint32_t loop_counts[PROGRAM_LOOPS];
  size_t loop_count;
  uint32_t depth; // of blocks
  bool may_store; // every loop runs as often as its count says, no branch
  bool is_written[PROGRAM_SLOTS];
  tsr_element width; // of DST
  bool has_inits;
  bool has_tables; // of arguments
  bool may_be_l1;  // buffers
} program_grower;

tsr_value *grown_number(const program_grower *g, uint32_t number);

// An op of a kernel, with a circular buffer where there is one.
tsr_op *grow_kernel_op(program_grower *g, grown_kernel kernel, tsr_op_kind kind,
                       const tsr_type *type, size_t count,
                       tsr_value *const *operands);

// The kernel it comes from fills a batch, the one it goes to waits for it.
void grow_filled(program_grower *g, grown_stream *s);
void grow_cb_op(program_grower *g, grown_kernel kernel, tsr_op_kind kind,
                const grown_stream *s);

// A stream that is not on its way; NULL when there are too many.
grown_stream *grow_stream(program_grower *g, grown_kernel from, grown_kernel to,
                          tsr_element element, bool is_whole);

// One op of the FPU or the SFPU in the section of DST that is open.
void grow_fpu_op(program_grower *g);
void grow_sfpu_op(program_grower *g);

// Closes the section: its slots go into a batch of `s`.
void grow_packed(program_grower *g, grown_stream *s);

// The writer takes a batch, and writes it to a buffer of its own if it may.
void grow_written(program_grower *g, grown_stream *s);
tsr_value *grow_output(program_grower *g, tsr_element element, uint32_t tiles);

// start.* at the top of the compute kernel, once all streams are there.
void grow_start(program_grower *g);

// Every kernel takes what is outside it as arguments.
void grow_arguments(program_grower *g);

#endif
