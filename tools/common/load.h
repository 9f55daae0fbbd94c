// From a file to a verified module with its target: what every tool that reads
// IR does first.
#ifndef TESSERA_TOOLS_LOAD_H
#define TESSERA_TOOLS_LOAD_H

#include "tessera/buffer.h"
#include "tessera/diag.h"
#include "tessera/ir.h"
#include "tessera/target.h"

// Reads a whole file, "-" for standard input, and says on stderr why not.
// Returns an exit code. `path` NULL: the tool was not given an input.
int tsr_load_text(const char *tool, const char *path, tsr_buffer *out);

// What messages call that file: its path, or "<stdin>".
const char *tsr_load_name(const char *path);

// What the command line says over the module. NULL: nothing.
typedef struct tsr_load_options {
  const char *target;  // --target: name or JSON file
  const char *grid;    // --grid: RxC
  uint32_t first_line; // of the text, for messages; 0: 1
} tsr_load_options;

// Parses a text, gives the module its target and grid, and verifies it.
//
// A module without a target is for wormhole_b0, one without a grid uses all
// workers of its target. `options` go before what the module says.
// out    the module, which the caller destroys, and its target. After the call
//        attributes target and grid are always there
// fails  NULL, reported to `diag`; `*out_exit_code` says whether the input or
//        the command line is wrong
tsr_module *tsr_load_module(tsr_context *context, const char *file,
                            const char *text, size_t bytes,
                            const tsr_load_options *options, tsr_diag *diag,
                            tsr_target *out_target, int *out_exit_code);

// Prints all of `diag` to stderr.
void tsr_load_print_diag(const tsr_diag *diag);

#endif
