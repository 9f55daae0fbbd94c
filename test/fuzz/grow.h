// Valid modules, grown at random from decisions.
//
// All of them are small enough to be run: a few tiles each way, a few cores.
#ifndef TESSERA_TEST_FUZZ_GROW_H
#define TESSERA_TEST_FUZZ_GROW_H

#include "choices.h"

#include "tessera/buffer.h"
#include "tessera/ir.h"
#include "tessera/registry.h"

// Stage 1: elementwise ops and matrix products of tensors of rank 1 to 4, with
// edges that are no multiple of a tile, one to three results, calls.
tsr_module *grow_tensors(choices *c, tsr_context *context);

// Lets ops of `func`, which is over tensors, or all of them stand in private
// functions that it calls, and those in others.
void grow_calls(choices *c, tsr_module *module, tsr_op *func);

// Stages 2 and 3: nests written by hand over tiles, with loops that carry
// values, branches, blocks of tiles, index arithmetic, and intermediate
// buffers that a later nest reads.
tsr_module *grow_tiles(choices *c, tsr_context *context);

// Stage 4: one program of two or three kernels, with circular buffers between
// them, loops and branches, before or after its engine is configured and its
// kernels have their tables of arguments.
tsr_module *grow_programs(choices *c, tsr_context *context);

// Appends a pipeline as `--passes` takes it. Mostly some of 'default' in its
// order with other passes in between, sometimes any passes in any order;
// options are drawn from the passes' own rows.
//
// in     `keeps_bounds`: only options whose results the reference's bound
//        covers
void grow_passes(choices *c, const tsr_registry *registry, bool keeps_bounds,
                 tsr_buffer *out);

// Appends `text` with some of its words exchanged, repeated or left out,
// or whole lines of it.
void damage_text(choices *c, const char *text, size_t bytes, tsr_buffer *out);

// Pushes or pops pages once more or once less. Of a sound module the verifier
// must refuse that, or it makes no difference: the op does not run.
//
// fails  false: there are no such ops
bool damage_pages(choices *c, tsr_module *module);

// Takes the tile behind the one that is loaded, stored, read or written.
//
// fails  false: there are no such ops
bool damage_index(choices *c, tsr_module *module);

// An empty module for wormhole_b0.
tsr_module *grow_module(tsr_context *context, uint32_t rows, uint32_t cols);

#endif
